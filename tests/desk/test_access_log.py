"""The access log at the desk, erasure and what a person is told of their own data."""

from __future__ import annotations

import io
import json

import openpyxl

from procedures.access_log import list_access, record
from procedures.advance import advance
from procedures.show import show_candidate
from states.errors import Unknown
from tests.desk.conftest import Desk

LOG, ERASE, DATA = "/nhat-ky-truy-cap", "/nguoi/xoa", "/nguoi/du-lieu"


def test_the_log_is_listed_filtered_and_exported(desk: Desk) -> None:
    record(desk.office, "open_person", subject="PL-02")
    record(desk.office, "reveal", subject="PL-03", why='=HYPERLINK("http://x") <script>alert(1)</script>')
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
