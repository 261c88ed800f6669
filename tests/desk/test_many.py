"""Nhiều người through the real application: class results, a meeting's votes, one decision; picked, pasted, judged, written."""

import io
import re
from datetime import date
from html import unescape
from json import loads

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from procedures.access_log import list_access
from procedures.advance import advance
from procedures.import_workbook import import_workbook
from procedures.many import MOST, jobs, many_form
from procedures.paste import read_pasted
from procedures.show import show_candidate
from procedures.verify import verify
from states.membership import PROCESS
from tests.desk.reading import rows_of
from tests.full_disk import counts, full
from tests.procedures.books import save

HEAD = ["ma", "ho_ten", "ngay_sinh", "hoc_van", "don_vi", "buoc_hien_tai", "tu_ngay"]
CLASS = {"viec": "certify_class", "on": "20/11/2025", "issuer": "Trung tâm chính trị", "document_date": "20/11/2025"}


def bring(office, tmp_path, *people, birth="1995"):
    """People at steps: (code, name, step, unit)."""
    rows = [[code, name, birth, "12/12", unit, step, date(2025, 6, 1)] for code, name, step, unit in people]
    import_workbook(office, save(tmp_path / "nguoi.xlsx", {"ung_vien": [HEAD, *rows]}))


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


def cells_of(html):
    """The fields of the laid-out grid as the browser would send them back."""
    found = re.findall(r'<input type="text"[^>]* name="(o:[^"]*)" value="([^"]*)"', html)
    return {unescape(name): unescape(value) for name, value in found}


def test_one_meeting_votes_on_many_and_every_count_stands_in_the_journal(desk, tmp_path):
    desk.sit("can_bo")
    stand = [(f"B-{n}", f"Người Bầu {n}", "cho_chi_bo", "CB-01") for n in range(1, 9)]
    bring(desk.office, tmp_path, *stand, ("B-9", "Người Sớm", "cam_tinh", "CB-01"))
    bring(desk.office, tmp_path, ("B-10", "Người Trẻ", "cho_chi_bo", "CB-01"), birth="2009")
    # As copied from a sheet of the meeting: headings in another order, counts shown with two places.
    sheet = ["Số tán thành\tSTT\tHọ và tên\tSố triệu tập\tMã"]
    sheet += [f"{n},00\t{n}\tNgười Bầu {n}\t{'10,00' if n > 4 else ''}\tB-{n}" for n in range(1, 9)]
    sheet += ["8\t9\tNgười Sớm\t\tB-9", "7,0\t10\tNgười Trẻ\t\tB-10"]
    laid = desk.post("/nhieu-nguoi/lap", {"viec": "cell_vote", "bang": "\r\n".join(sheet)})
    assert laid.status_code == 200, laid.text
    form = {"viec": "cell_vote", "on": "20/11/2025", "summoned": "9", "document_number": "15-NQ/CB"}
    form |= cells_of(laid.text) | {"ma": re.findall(r'name="ma" value="([^"]*)"', laid.text)}
    assert len(form["ma"]) == 10
    form["o:in_favour:B-8"] = "11"  # of ten
    before = entries(desk.office)
    written = desk.post("/nhieu-nguoi/ghi", form)
    assert written.status_code == 200
    assert "Đã ghi cho 7 người" in written.text
    assert entries(desk.office) == before + 7
    verdicts = {
        code: " ".join(row)
        for row in rows_of(written.text)
        for code in ("B-8", "B-9", "B-10")
        if code in row[1].split()
    }
    assert "lớn hơn số triệu tập" in verdicts["B-8"]
    assert "chỉ làm được từ: Chờ chi bộ" in verdicts["B-9"]
    assert "18 tuổi" in verdicts["B-10"]
    assert "Căn cứ" in verdicts["B-10"]
    with desk.office.database.reading() as connection:
        kept = connection.execute(text(
            "SELECT c.code, j.data, j.document_number, j.effective_on FROM journal j JOIN candidates c"
            " ON c.id = j.candidate_id WHERE j.trigger = 'cell_vote' AND c.code LIKE 'B-%' ORDER BY c.code"
        )).all()  # fmt: skip
    told = {code: (loads(data) if isinstance(data, str) else data) for code, data, _, _ in kept}
    assert {code: (data["summoned"], data["in_favour"]) for code, data in told.items()} == {
        f"B-{n}": (10 if n > 4 else 9, n) for n in range(1, 8)
    }
    assert {(number, str(on)) for _, _, number, on in kept} == {("15-NQ/CB", "2025-11-20")}
    assert show_candidate(desk.office, "B-8")["step"] == "cho_chi_bo"
    again = desk.post("/nhieu-nguoi/ghi", form)
    assert entries(desk.office) == before + 7
    assert again.text.count("đã ghi từ trước") >= 7
    assert verify(desk.office)["ok"]


def test_no_room_for_the_database_at_a_step_of_one_and_of_many(at, tmp_path):
    people = [(f"K-{n:03d}", f"Người Thứ {n}", "cam_tinh", "CB-01") for n in range(200)]
    bring(at.office, tmp_path, *people)
    database = at.office.database
    form = CLASS | {"ma": [code for code, *_ in people]}
    form |= {f"o:document_number:{code}": f"{code}/GCN" for code, *_ in people}
    alone = {"viec": "delist", "on": "20/11/2025", "note": "xin thôi " * 50, "lam": "ghi"}
    alone |= {"phien": str(show_candidate(at.office, "K-000")["version"])}
    with full(database):
        before = counts(database)
        answer = at.post("/nhieu-nguoi/ghi", form)
        assert answer.status_code == 503
        assert "Hết chỗ trên đĩa" in answer.text
        assert 'value="K-199/GCN"' in answer.text  # what was typed stays
        assert counts(database) == before
        written = []
        for code, *_ in people:  # until the last free corner is used up
            before = counts(database) | {"access_log": None}
            answer = at.post("/nguoi/ho-so/buoc", alone | {"ma": code})
            if answer.status_code != 303:
                break
            written.append(code)
        assert answer.status_code == 503, answer.text
        assert "Hết chỗ trên đĩa" in answer.text
        assert counts(database) | {"access_log": None} == before  # the page shown again is a look of its own
        with database.reading() as connection:
            step, entries_of = connection.exec_driver_sql(
                "SELECT c.step, count(j.id) FROM candidates c JOIN journal j ON j.candidate_id = c.id WHERE c.code = ?",
                (code,),
            ).one()
        assert (step, entries_of) == ("cam_tinh", 1)
        assert at.get("/nhieu-nguoi").status_code == 200
    assert at.post("/nguoi/ho-so/buoc", alone | {"ma": code}).status_code == 303
    assert f"Đã ghi cho {199 - len(written)} người" in at.post("/nhieu-nguoi/ghi", form).text
    assert verify(at.office)["ok"]


def test_class_results_keep_the_days_some_have_of_their_own(at, tmp_path):
    bring(at.office, tmp_path, *[(f"K-{n}", f"Người {n}", "cam_tinh", "CB-01") for n in (1, 2)])
    laid = at.post("/nhieu-nguoi/lap", {"viec": "certify_class", "bang": "Mã\tSố GCN\nK-1\t1/A\nK-2\t2/A"})
    assert "o:on:" not in laid.text
    assert "o:document_date:" not in laid.text
    sheet = "Ngày\tMã\tSố GCN\tNgày cấp\n05/11/2025\tK-1\t1/A\t06/11/2025\n\tK-2\t2/A\t"
    laid = at.post("/nhieu-nguoi/lap", {"viec": "certify_class", "bang": sheet})
    form = CLASS | cells_of(laid.text) | {"ma": ["K-1", "K-2"]}
    assert form["o:on:K-1"] == "05/11/2025"
    assert "Không có ngày" in at.post("/nhieu-nguoi/xet", form | {"o:on:K-1": "31/11/2025"}).text
    assert "Đã ghi cho 2 người" in at.post("/nhieu-nguoi/ghi", form).text
    kept = {code: show_candidate(at.office, code)["timeline"][-1] for code in ("K-1", "K-2")}
    assert [str(kept[code]["on"]) for code in kept] == ["2025-11-05", "2025-11-20"]
    assert [str(kept[code]["document_date"]) for code in kept] == ["2025-11-06", "2025-11-20"]


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
    logged = list_access(at.office, action="export")["items"][0]
    assert (logged["subject"], logged["detail"]) == ("unwritten", {"rows": 1, "trigger": "certify_class"})


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


@pytest.mark.parametrize("pasted", [False, True])
def test_five_hundred_at_once_are_written(at, tmp_path, pasted):
    people = [(f"K-{n:03d}", f"Người Thứ {n}", "cam_tinh", "CB-01") for n in range(500)]
    bring(at.office, tmp_path, *people)
    chosen = {"ma": [code for code, *_ in people]}
    if pasted:
        chosen = {"bang": "\n".join(f"{code}\t{n}/GCN" for n, (code, *_) in enumerate(people))}
    laid = at.post("/nhieu-nguoi/lap", {"viec": "certify_class"} | chosen)
    assert laid.text.count('name="ma" value="K-') == 500
    form = CLASS | {"ma": [code for code, *_ in people]}
    form |= cells_of(laid.text) if pasted else {f"o:document_number:{code}": f"{code}/GCN" for code, *_ in people}
    before = entries(at.office)
    assert "Đã ghi cho 500 người" in at.post("/nhieu-nguoi/ghi", form).text
    assert entries(at.office) == before + 500


@pytest.mark.parametrize("path", ["/lap", "/xet", "/ghi", "/tai"])
def test_too_many_at_once_are_told_to_come_in_parts(at, path):
    before = entries(at.office)
    codes = [f"X-{n}" for n in range(5_000)]
    answer = at.post(f"/nhieu-nguoi{path}", {"viec": "cell_vote", "on": "20/11/2025", "ma": codes})
    assert answer.status_code == 400
    assert f"nhiều nhất {MOST} người; đang chọn 5000" in answer.text
    assert "chia thành nhiều lần" in answer.text
    more = at.post(f"/nhieu-nguoi{path}", {"viec": "cell_vote", "ma": codes * 5})
    assert more.status_code == 413
    assert "làm thành nhiều lần" in more.text
    assert entries(at.office) == before


def test_too_much_pasted_is_told_and_not_cut(at):
    lines = at.post("/nhieu-nguoi/lap", {"viec": "certify_class", "bang": "\n".join(["K-1\t1"] * (MOST + 2))})
    assert lines.status_code == 400
    assert "quá dài" in lines.text
    for letters, status in ((400_000, 400), (600_000, 413)):  # a letter with accents is sent as nine signs
        answer = at.post("/nhieu-nguoi/lap", {"viec": "certify_class", "bang": "ễ" * letters})
        assert answer.status_code == status
        assert "Xin" in answer.text


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
    for votes in ("8,5", "1.000", "tám"):
        assert "số nguyên" in pasted(office, f"Mã\tSố tán thành\nK-1\t{votes}", "cell_vote").problems[0].message
    assert "Không hiểu tiêu đề" in pasted(office, "Mã\tGì đây\nK-1\tx").problems[0].message
    assert "Không cột nào" in pasted(office, "a\tb\nc\td").problems[0].message
