"""Nhiều người through the real application: class results, a meeting's votes, one decision; picked, pasted, judged, written."""

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from procedures.advance import advance
from procedures.import_workbook import import_workbook
from procedures.many import jobs, many_form
from procedures.paste import read_pasted
from procedures.show import show_candidate
from procedures.verify import verify
from states.membership import PROCESS

HEAD = ["ma", "ho_ten", "ngay_sinh", "hoc_van", "don_vi", "buoc_hien_tai", "tu_ngay"]
CLASS = {"viec": "certify_class", "on": "20/11/2025", "issuer": "Trung tâm chính trị", "document_date": "20/11/2025"}


def bring(office, tmp_path, *people):
    """People at steps: (code, name, step, unit)."""
    from openpyxl import Workbook

    made = Workbook()
    page = made.active
    page.title = "ung_vien"
    page.append(HEAD)
    for code, name, step, unit in people:
        page.append([code, name, "1995", "12/12", unit, step, date(2025, 6, 1)])
    made.save(tmp_path / "nguoi.xlsx")
    import_workbook(office, tmp_path / "nguoi.xlsx")


def forty(office, tmp_path):
    people = [(f"K-{n:02d}", f"Học Viên {chr(64 + n // 10)}{n % 10}", "cam_tinh", "CB-01") for n in range(1, 41)]
    bring(office, tmp_path, *people)
    return people


@pytest.fixture
def at(desk_on_sqlite):
    desk_on_sqlite.sit("can_bo")
    return desk_on_sqlite


def entries(office):
    with office.database.reading() as connection:
        return connection.execute(text("SELECT count(*) FROM journal")).scalar()


def test_the_three_jobs_come_from_the_process(at):
    found = {job.name: [trigger for trigger, _ in job.triggers] for job in jobs("vi")}
    assert found["class"] == ["certify_class", "retake_class", "certify_new_member"]
    assert found["votes"] == ["cell_vote", "base_vote", "recognition_cell_vote", "recognition_base_vote"]
    assert {"decide", "decide_recognition", "send_to_class", "list", "nominate"} <= set(found["decision"])
    page = at.get("/nhieu-nguoi").text
    for triggers in found.values():
        for trigger in triggers:
            assert f"viec={trigger}" in page
            assert at.get("/nhieu-nguoi/chon", viec=trigger).status_code == 200
    for trigger in PROCESS:
        if not any(trigger in triggers for triggers in found.values()):
            assert at.get("/nhieu-nguoi/chon", viec=trigger).status_code == 400


def test_class_results_of_forty_people_are_pasted(desk, tmp_path):
    desk.sit("can_bo")
    people = forty(desk.office, tmp_path)
    advance(desk.office, "K-07", "delist", date(2025, 11, 1), note="xin thôi")
    lines = ["Số GCN\tHọ và tên\tSTT"]
    lines += [f"{n}/GCN-2025\t{name}\t{n}" for n, (_, name, _, _) in enumerate(people, 1)]
    laid = desk.post("/nhieu-nguoi/lap", {"viec": "certify_class", "bang": "\r\n".join(lines)})
    assert laid.status_code == 200
    assert laid.text.count('name="ma" value="K-') == 40
    assert 'value="12/GCN-2025"' in laid.text
    form = CLASS | {"ma": [code for code, *_ in people]}
    form |= {f"o:document_number:{code}": f"{n}/GCN-2025" for n, (code, *_) in enumerate(people, 1)}
    before = entries(desk.office)
    judged = desk.post("/nhieu-nguoi/xet", form)
    assert judged.status_code == 200
    assert entries(desk.office) == before
    assert "Ghi những người hợp lệ (39)" in judged.text
    written = desk.post("/nhieu-nguoi/ghi", form)
    assert written.status_code == 200
    assert "Đã ghi cho 39 người" in written.text
    assert entries(desk.office) == before + 39
    assert 'name="ma" value="K-07"' in written.text
    assert 'name="ma" value="K-08"' not in written.text
    shown = show_candidate(desk.office, "K-40")
    assert shown["step"] == "da_hoc"
    assert shown["timeline"][-1]["document"] == "40/GCN-2025"
    again = desk.post("/nhieu-nguoi/ghi", form)
    assert entries(desk.office) == before + 39
    assert again.text.count("đã ghi từ trước") >= 39
    assert verify(desk.office)["ok"]


def test_a_second_send_says_that_all_is_written(at, tmp_path):
    bring(at.office, tmp_path, ("K-1", "Người Một", "cam_tinh", "CB-01"))
    form = CLASS | {"ma": ["K-1"], "o:document_number:K-1": "1/GCN"}
    assert "Đã ghi cho 1 người" in at.post("/nhieu-nguoi/ghi", form).text
    again = at.post("/nhieu-nguoi/ghi", form)
    assert again.status_code == 200
    assert "đã được ghi từ trước" in again.text


def test_the_votes_of_one_meeting_keep_their_cells(at, tmp_path):
    bring(
        at.office,
        tmp_path,
        ("V-1", "Người Một", "xet_chinh_thuc", "CB-01"),
        ("V-2", "Người Hai", "xet_chinh_thuc", "CB-01"),
    )
    form = {"viec": "recognition_cell_vote", "on": "20/11/2025", "summoned": "9", "document_number": "5-NQ"}
    form |= {"ma": ["V-1", "V-2"], "o:in_favour:V-1": "8", "o:in_favour:V-2": "10"}
    judged = at.post("/nhieu-nguoi/xet", form)
    assert judged.status_code == 200
    assert "lớn hơn số triệu tập" in judged.text
    assert 'name="o:in_favour:V-2" value="10"' in judged.text
    typed = at.post("/nhieu-nguoi/xet", form | {"o:in_favour:V-2": "tám"})
    assert "không phải là số nguyên" in typed.text
    assert at.post("/nhieu-nguoi/xet", form | {"on": "31/02/2025"}).status_code == 400
    own = at.post("/nhieu-nguoi/xet", form | {"o:in_favour:V-2": "10", "o:summoned:V-2": "11"})
    assert "lớn hơn số triệu tập" not in own.text


def test_one_decision_lists_many_with_each_their_helper(at, tmp_path):
    bring(at.office, tmp_path, ("L-1", "Người Một", "quan_chung", "CB-01"), ("L-2", "Người Hai", "quan_chung", "CB-01"))
    form = {"viec": "list", "on": "20/11/2025", "document_number": "7-NQ", "ma": ["L-1", "L-2"]}
    form |= {"helper": "Đảng viên Chung", "o:helper:L-2": "Đảng viên Riêng"}
    assert "Đã ghi cho 2 người" in at.post("/nhieu-nguoi/ghi", form).text
    for code, helper in (("L-1", "Đảng viên Chung"), ("L-2", "Đảng viên Riêng")):
        last = show_candidate(at.office, code)["timeline"][-1]
        assert (last["document"], last["texts"]["helper"]) == ("7-NQ", helper)


def test_those_not_written_can_be_taken_along_without_formulas(at, tmp_path):
    bring(at.office, tmp_path, ("K-1", "@SUM(1+1)", "quan_chung", "CB-01"))
    form = CLASS | {"ma": ["K-1"], "o:document_number:K-1": "=1+1"}
    answer = at.post("/nhieu-nguoi/tai", form)
    assert answer.status_code == 200
    page = load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for row in page.iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


def test_who_stands_ready_is_chosen_and_others_can_be_handed_over(at, tmp_path):
    bring(at.office, tmp_path, ("K-1", "Người Một", "cam_tinh", "CB-01"), ("K-2", "Người Hai", "da_hoc", "CB-02"))
    ready = at.get("/nhieu-nguoi/chon", viec="certify_class").text
    assert re.search(r'value="K-1" checked', ready)
    assert "K-2" not in ready
    handed = at.client.get("/nhieu-nguoi/chon?viec=certify_class&ma=K-2").text
    assert re.search(r'value="K-2" checked', handed)
    assert not re.search(r'value="K-1" checked', handed)
    assert "không ở bước này" in handed
    assert "K-1" not in at.get("/nhieu-nguoi/chon", viec="certify_class", don_vi="CB-02").text
    assert at.post("/nhieu-nguoi/lap", {"viec": "certify_class"}).status_code == 400


def test_nobody_outside_the_subtree_is_met(at, tmp_path):
    bring(at.office, tmp_path, ("K-1", "Người Một", "cam_tinh", "CB-01"), ("K-2", "Người Hai", "cam_tinh", "CB-02"))
    at.sit("can_bo", "CB-02")
    assert "K-1" not in at.get("/nhieu-nguoi/chon", viec="certify_class").text
    laid = at.post("/nhieu-nguoi/lap", {"viec": "certify_class", "bang": "Người Một\nNgười Hai"})
    assert laid.status_code == 400
    assert "Không có ai tên «Người Một»" in laid.text
    assert "K-1" not in laid.text
    form = CLASS | {"ma": ["K-1", "K-2"], "o:document_number:K-1": "1", "o:document_number:K-2": "2"}
    before = entries(at.office)
    assert "Đã ghi cho 1 người" in at.post("/nhieu-nguoi/ghi", form).text
    assert entries(at.office) == before + 1
    at.sit("bi_thu", "CB-02")
    assert at.get("/nhieu-nguoi").status_code == 403
    assert at.post("/nhieu-nguoi/ghi", form).status_code == 403


def test_too_many_at_once_are_told_to_come_in_parts(at):
    form = many_form(at.office, "cell_vote")
    answer = at.post("/nhieu-nguoi/lap", {"viec": "cell_vote", "ma": [f"X-{n}" for n in range(form.most + 1)]})
    assert answer.status_code == 400
    assert "chia thành nhiều lần" in answer.text


def test_script_in_names_and_cells_stays_words(at, tmp_path):
    bad = "<script>alert(1)</script>"
    bring(at.office, tmp_path, ("K-1", bad, "cam_tinh", "CB-01"))
    form = CLASS | {"ma": ["K-1", bad], "o:document_number:K-1": f'"{bad}', "issuer": bad}
    for path in ("/nhieu-nguoi/xet", "/nhieu-nguoi/ghi"):
        assert bad not in at.post(path, form).text
    assert bad not in at.get("/nhieu-nguoi/chon", viec="retake_class").text
    assert bad not in at.post("/nhieu-nguoi/lap", {"viec": "certify_class", "bang": bad}).text


# Pasting ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(six_on_sqlite, tmp_path):
    office = six_on_sqlite
    office.lang = "vi"
    bring(
        office,
        tmp_path,
        ("K-1", "Nguyễn Văn Kỷ", "cam_tinh", "CB-01"),
        ("K-2", "Nguyễn Văn Kỳ", "cam_tinh", "CB-01"),
        ("K-3", "Trần Đức", "cam_tinh", "CB-01"),
        ("K-4", "Lê An", "cam_tinh", "CB-01"),
        ("K-5", "Lê An", "cam_tinh", "CB-02"),
    )
    return office


def pasted(office, words, trigger="certify_class"):
    return read_pasted(office, many_form(office, trigger), words)


def test_columns_in_any_order_with_and_without_headings(office):
    expected = {"K-1": {"document_number": "1/A"}, "K-3": {"document_number": "3/A"}}
    for words in (
        "Mã\tSố giấy chứng nhận\nK-1\t1/A\nK-3\t3/A",
        "so_van_ban\tHO TEN\n1/A\tNguyễn Văn Kỷ\n3/A\ttran duc",
        "K-1\t1/A\nK-3\t3/A",
        "1/A\tK-1\n3/A\tK-3\n",
        "1\tTrần Đức\t3/A\n2\tNguyễn Văn Kỷ\t1/A",
        "Mã học viên;Họ đệm và tên;Số\nK-1;Nguyễn Văn Kỷ;1/A\nK-3;Trần Đức;3/A",
    ):
        found = pasted(office, words)
        assert found.problems == [], words
        assert found.people == expected, words


def test_votes_and_outcomes_find_their_columns(office):
    found = pasted(office, "K-1\t9\t8\nK-3\t9\t7", "recognition_cell_vote")
    assert found.people == {"K-1": {"summoned": "9", "in_favour": "8"}, "K-3": {"summoned": "9", "in_favour": "7"}}
    found = pasted(office, "Kết quả\tMã\nđồng ý\tK-1\nKhông đồng ý\tK-3", "decide")
    assert found.people == {"K-1": {"outcome": "dong_y"}, "K-3": {"outcome": "khong_dong_y"}}


def test_every_problem_by_line_and_column(office):
    found = pasted(
        office, "Mã\tHọ tên\tTriệu tập\nK-1\tTrần Đức\t9\nK-9\t\t9\n\tLê An\t9\nK-3\t\tchín\nK-3\t\t9", "cell_vote"
    )
    told = {(one.line, one.column): one.message for one in found.problems}
    assert "là của Nguyễn Văn Kỷ" in told[2, "B"]
    assert "Không có người mã «K-9»" in told[3, "A"]
    assert "K-4, K-5" in told[4, "B"]
    assert "số nguyên" in told[5, "C"]
    assert "dòng 5" in told[6, "A"]
    assert "Không hiểu tiêu đề" in pasted(office, "Mã\tGì đây\nK-1\tx").problems[0].message
    assert "Không cột nào" in pasted(office, "a\tb\nc\td").problems[0].message
