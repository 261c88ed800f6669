"""The access log at the desk, erasure and what a person is told of their own data."""

from __future__ import annotations

import io
import json
from datetime import date

import openpyxl
import pytest

from procedures.access_log import list_access, record
from procedures.advance import advance
from procedures.close_period import close_period
from procedures.people import list_people
from procedures.show import show_candidate
from states.errors import Unknown
from tests.desk.conftest import Desk
from tests.desk.furnished import OWN, _furnished, _furnished_file  # noqa: F401
from tests.desk.test_access_matrix import asking, pages

LISTS = {"/", "/nhieu-nguoi/chon"}  # pages of many people: no one person's, no figure's
LOG, ERASE, DATA = "/nhat-ky-truy-cap", "/nguoi/xoa", "/nguoi/du-lieu"


def test_the_log_is_listed_filtered_and_exported(desk: Desk) -> None:
    record(desk.office, "open_person", subject="PL-02")
    detail = {"fields": ["dan_toc", "note"]}
    record(
        desk.office, "reveal", subject="PL-03", detail=detail, why='=HYPERLINK("http://x") <script>alert(1)</script>'
    )
    page = desk.get(LOG)
    assert page.status_code == 200
    assert "Mở hồ sơ" in page.text
    assert "&lt;script&gt;" in page.text
    assert "<script>alert(1)</script>" not in page.text
    only = desk.get(LOG, cua="PL-02").text
    assert "PL-02" in only
    assert "PL-03" not in only
    assert desk.get(LOG, tu="31/02/2025").status_code == 400
    assert desk.get(LOG, viec="khong-co").status_code == 400
    assert desk.get(LOG, trang="99999").status_code == 200

    done = desk.post(f"{LOG}/xuat", {"cua": "PL-03"})
    assert done.status_code == 200
    assert "attachment" in done.headers["content-disposition"]
    (sheet,) = openpyxl.load_workbook(io.BytesIO(done.content)).worksheets
    cell = next(cell for row in sheet.iter_rows() for cell in row if "HYPERLINK" in str(cell.value))
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert "thông tin: Dân tộc, Ghi chú" in {cell.value for row in sheet.iter_rows() for cell in row}
    line = list_access(desk.office)["items"][0]
    assert (line["action"], line["subject"], line["detail"]) == ("export", "access_log", {"rows": 1})


def test_only_the_administrator_and_only_their_part(desk: Desk) -> None:
    record(desk.office, "open_person", subject="PL-02")
    for role in ("can_bo", "bi_thu", "theo_doi"):
        desk.sit(role)
        for path in (LOG, f"{ERASE}?ma=PL-02", f"{DATA}?ma=PL-02", ERASE):
            assert desk.get(path).status_code == 403, (role, path)
        for path in (f"{LOG}/xuat", ERASE, DATA):
            assert desk.post(path, {"ma": "PL-02", "xac_nhan": "PL-02", "ly_do": "x"}).status_code == 403, (role, path)
    desk.sit("quan_tri", "CB-02")
    assert "PL-02" not in desk.get(LOG).text
    assert desk.get(ERASE, ma="PL-02").status_code == 404
    assert desk.get(DATA, ma="PL-02").status_code == 404
    assert desk.post(DATA, {"ma": "PL-02", "ly_do": "x"}).status_code == 404


def test_erasing_shows_what_goes_and_asks_for_the_code(desk: Desk) -> None:
    page = desk.get(ERASE, ma="PL-02")
    assert page.status_code == 422
    assert "chưa kết thúc" in page.text
    advance(desk.office, "PL-02", "withdraw", desk.office.today, note="xin rút")
    name = show_candidate(desk.office, "PL-02")["name"]
    page = desk.get(ERASE, ma="PL-02")
    assert page.status_code == 200
    assert "họ tên" in page.text
    assert "bản sao lưu" in page.text.lower()

    wrong = desk.post(ERASE, {"ma": "PL-02", "ly_do": "theo đơn số 5", "xac_nhan": "PL-03"})
    assert wrong.status_code == 400
    assert "theo đơn số 5" in wrong.text
    assert desk.post(ERASE, {"ma": "PL-02", "ly_do": " ", "xac_nhan": "PL-02"}).status_code == 400
    assert show_candidate(desk.office, "PL-02")["name"] == name

    done = desk.post(ERASE, {"ma": "PL-02", "ly_do": "theo đơn số 5", "xac_nhan": "PL-02"})
    assert done.status_code == 200
    assert "XOA-" in done.text
    assert name not in done.text
    try:
        show_candidate(desk.office, "PL-02")
    except Unknown:
        pass
    else:
        raise AssertionError("still there")
    pseudonym = list_access(desk.office, action="erase")["items"][0]["code"]
    assert desk.get("/nguoi/ho-so", ma=pseudonym).status_code == 200
    assert desk.get(ERASE).status_code == 200


def test_a_person_is_told_everything_and_that_is_logged(desk: Desk) -> None:
    record(desk.office, "reveal", subject="PL-02", why="đối chiếu")
    assert f"{DATA}?ma=PL-02" in desk.get("/nguoi/ho-so", ma="PL-02").text
    assert DATA not in desk.sit("can_bo").get("/nguoi/ho-so", ma="PL-02").text
    assert desk.sit("quan_tri").get(DATA, ma="PL-02").status_code == 200
    done = desk.post(DATA, {"ma": "PL-02", "ly_do": "đơn ngày 01/12/2025", "dang": "json"})
    held = json.loads(done.content)
    assert held["person"]["name"] == "Phạm Văn Khải"
    assert {"Kinh", "Không"} <= {one["value"] for one in held["attributes"]}
    assert any(one["why"] == "đối chiếu" for one in held["access"])
    assert len(held["entries"]) == len(show_candidate(desk.office, "PL-02")["timeline"])
    assert any(one["words"] for one in held["entries"])
    book = openpyxl.load_workbook(io.BytesIO(desk.post(DATA, {"ma": "PL-02", "ly_do": "đơn"}).content))
    assert len(book.worksheets) == 6
    lines = list_access(desk.office, action="person_data")["items"]
    assert [line["why"] for line in lines] == ["đơn", "đơn ngày 01/12/2025"]
    assert desk.post(DATA, {"ma": "PL-02", "ly_do": "x", "dang": "exe"}).status_code == 400


def names(desk: Desk) -> dict[str, str]:
    return {one["code"]: one["name"] for one in list_people(desk.office)["items"]}


def test_every_page_that_shows_a_person_or_those_behind_a_figure_is_logged(furnished: Desk) -> None:
    """Every GET there is, asked for a person and for a unit: whose name stands there, of them a line was written."""
    known, shown_by = names(furnished), set()
    close_period(furnished.office, OWN, "2025-Q3", prepare=True)
    close_period(furnished.office, OWN, "2025-Q3", accept=True)
    for asked in pages(furnished.app):
        for code in ("PL-01", OWN) if asked.method == "GET" else ():
            before = list_access(furnished.office)["total"]
            query = asking(furnished, asked.path, code) | ({"ky": "2025-Q3"} if asked.path in CLOSED else {})
            if asked.path == FIGURE:
                query |= {"chi_so": "introduced"}
            answer = furnished.client.get(asked.path, params=query)
            lines = list_access(furnished.office)["items"][: list_access(furnished.office)["total"] - before]
            named = {one for one, name in known.items() if name in answer.text}
            if asked.path in LISTS:
                shown_by |= {asked.path} if named else set()
            elif named or (asked.path in {FIGURE, *CLOSED} and answer.status_code == 200):
                shown_by.add(asked.path)
                assert lines, f"{asked} {code} shows {named}"
                assert all(line["account"] == "lan" for line in lines)
                if asked.path not in {FIGURE, *CLOSED}:
                    assert {line["code"] for line in lines} == named, asked
    assert shown_by >= LISTS | CLOSED | {
        "/nguoi/ho-so", "/nguoi/ho-so/buoc", "/nguoi/ho-so/dinh-chinh", ERASE, DATA, FIGURE,
    }  # fmt: skip


CLOSED, FIGURE = {"/ky-bao-cao/ban", "/ky-bao-cao/cau-noi"}, "/ky-bao-cao/nguoi"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/nguoi/ho-so/buoc", {"viec": "withdraw", "lam": "xem"}),
        ("/nguoi/ho-so/buoc", {"viec": "withdraw", "lam": "sua"}),
        ("/nguoi/ho-so/dinh-chinh", {"muc": "PL-01:2", "lam": "sua"}),
        ("/nguoi/ho-so/dinh-chinh", {"muc": "PL-01:2", "lam": "xem"}),
        ("/nguoi/ho-so/xem-rieng", {"ly_do": " "}),
        (ERASE, {"xac_nhan": "PL-02"}),
        (DATA, {"dang": "exe"}),
    ],
)
def test_a_form_sent_for_the_answer_that_shows_the_person_is_a_look_too(
    desk_on_sqlite: Desk, path: str, form: dict[str, str]
) -> None:
    answer = desk_on_sqlite.sit("quan_tri", user="minh").post(path, {"ma": "PL-01"} | form)
    assert names(desk_on_sqlite)["PL-01"] in answer.text
    (line,) = list_access(desk_on_sqlite.office)["items"]
    assert (line["account"], line["action"], line["code"]) == ("minh", "open_person", "PL-01")


def test_a_look_says_at_what_of_theirs(desk_on_sqlite: Desk) -> None:
    desk_on_sqlite.get("/nguoi/ho-so", ma="PL-01", ngay="10/11/2025")
    desk_on_sqlite.get("/nguoi/ho-so/buoc", ma="PL-01", viec="withdraw")
    desk_on_sqlite.get("/nguoi/ho-so/dinh-chinh", muc="PL-01:2")
    desk_on_sqlite.get(ERASE, ma="PL-01")
    details = [line["detail"] for line in list_access(desk_on_sqlite.office, action="open_person")["items"]]
    assert details == [None, {"entry": 2}, {"step": "withdraw"}, {"as_of": "2025-11-10"}]


def test_ethnicity_is_shown_for_a_reason_and_that_is_logged(desk: Desk) -> None:
    with desk.office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE person_attributes SET value = 'Ê Đê' WHERE key = 'dan_toc'")
    desk.sit("can_bo", user="minh")
    page = desk.get("/nguoi/ho-so", ma="PL-02").text
    assert "Dân tộc" in page
    assert "Ê Đê" not in page
    assert "Ê Đê" not in desk.post("/nguoi/ho-so/xem-rieng", {"ma": "PL-02", "ly_do": ""}).text
    assert list_access(desk.office, action="reveal")["items"] == []
    assert "Ê Đê" in desk.post("/nguoi/ho-so/xem-rieng", {"ma": "PL-02", "ly_do": "lập danh sách ưu tiên"}).text
    (line,) = list_access(desk.office, action="reveal")["items"]
    assert (line["account"], line["code"], line["why"]) == ("minh", "PL-02", "lập danh sách ưu tiên")
    assert "dan_toc" in line["detail"]["fields"]
    assert "Ê Đê" not in desk.get("/nguoi/ho-so", ma="PL-02").text  # shown once, for that reason


def test_whose_data_is_past_its_retention_is_listed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    office = desk.office
    assert "chưa đặt thời hạn lưu" in desk.get(ERASE).text
    advance(office, "PL-02", "withdraw", office.today, note="xin rút")
    retention = office.settings.retention.model_copy(update={"erase_after_months": 12})
    office.settings = office.settings.model_copy(update={"retention": retention})
    assert "PL-02" not in desk.get(ERASE).text
    office.today = date(2026, 12, 1)
    page = desk.get(ERASE).text
    assert "chưa đặt thời hạn lưu" not in page
    assert f"{ERASE}?ma=PL-02" in page
    assert "01/12/2025" in page
    assert "PL-01" not in page
    assert "người nữa" not in page
    assert "PL-02" not in desk.sit("quan_tri", "CB-02").get(ERASE).text
    monkeypatch.setattr("console.desk.access_log.SHOWN", 0)
    assert "… và 1 người nữa." in desk.sit("quan_tri").get(ERASE).text


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r=", " ="])
def test_what_somebody_wrote_is_no_formula_in_the_persons_file(desk_on_sqlite: Desk, sign: str) -> None:
    said = f'{sign}HYPERLINK("http://x","y")'
    with desk_on_sqlite.office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE people SET name = ?", (said,))
        connection.exec_driver_sql("UPDATE person_attributes SET value = ? WHERE key = 'nghe_nghiep'", (said,))
    advance(desk_on_sqlite.office, "PL-02", "withdraw", desk_on_sqlite.office.today, note=said, document_number=said)
    record(desk_on_sqlite.office, "reveal", subject="PL-02", why=said)
    done = desk_on_sqlite.post(DATA, {"ma": "PL-02", "ly_do": said})
    cells = [
        cell
        for sheet in openpyxl.load_workbook(io.BytesIO(done.content)).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if "HYPERLINK" in str(cell.value)
    ]
    assert len(cells) >= 5  # the name, an attribute, an entry's document and words, the reasons of two looks
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value)[:1] in "=+-@\t\r")
