"""Reports at the desk: the report's own figures, the files the command line writes, people behind figures, closing, the bridge."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape

import docx
import openpyxl
import pytest

from procedures.access_log import list_access
from procedures.advance import advance
from procedures.close_period import close_period
from procedures.closings import closing_acts, issue
from procedures.printing import print_report
from procedures.report import report
from procedures.show import list_candidates
from procedures.units import add_unit
from states.roles import Actor
from tests.desk.reading import row_of, rows_of
from tests.example_offices import BRANCH, OTHER, TOP

ASKED = {"don_vi": TOP, "ky": "2020-H1"}


def written(office, tmp_path, form, **options):
    """The file `ketnap report -o` writes."""
    path = tmp_path / f"report.{form}"
    unit, period = options.pop("unit", TOP), options.pop("period", "2020-H1")
    print_report(office, report(office, unit, period, **options), path)
    return path.read_bytes()


def test_the_pages_figures_are_the_reports(district):
    page = district.get("/ky-bao-cao", **ASKED).text
    said = report(district.office, TOP, "2020-H1")
    for row in said["rows"]:
        if row["actual"] or row["floor"] is not None:
            shown = row_of(page, row["label"])
            assert shown[1] == row["text"]
            if row["status_label"]:
                assert shown[-1].endswith(row["status_label"])
    for child in said["children"]:
        shown = row_of(page, child["name"])
        texts = " ".join(shown)
        for row in child["rows"]:
            if row["floor"] is not None:
                assert row["text"] in texts


@pytest.mark.parametrize("form", ["xlsx", "docx", "md"])
def test_a_download_is_the_command_lines_file_and_is_logged(district_on_sqlite, tmp_path, form):
    desk = district_on_sqlite
    answer = desk.get("/ky-bao-cao/tai", **ASKED, dang=form)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="bao-cao-ldld-lb-2020-h1.{form}"'
    assert answer.content == written(desk.office, tmp_path, form)
    if form == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames
    if form == "docx":
        assert (
            "Liên đoàn Lao động quận Long Biên".upper()
            in "\n".join(p.text for p in docx.Document(io.BytesIO(answer.content)).paragraphs).upper()
            + str(
                [c.text for t in docx.Document(io.BytesIO(answer.content)).tables for r in t.rows for c in r.cells]
            ).upper()
        )
    last = list_access(desk.office)["items"][0]
    assert (last["action"], last["detail"]["form"], last["detail"]["period"]) == ("export", form, "2020-H1")


def test_options_reach_the_file(district_on_sqlite, tmp_path):
    desk = district_on_sqlite
    asked = ASKED | {
        "so_voi": "cung_ky",
        "tinh_den": "31/03/2020",
        "phan_to": "all",
        "bien_dong": "1",
        "co_cau": "now",
        "dang": "md",
    }
    options = {"beside": "cung_ky", "as_of": "31/03/2020", "breakdown": "all", "movement": True, "structure": "now"}
    assert desk.get("/ky-bao-cao/tai", **asked).content == written(desk.office, tmp_path, "md", **options)
    page = desk.get("/ky-bao-cao", **asked).text
    assert "tính đến 31/03/2020" in page
    assert "Biến động đảng viên" in page
    assert "6 tháng đầu năm 2019" in page


def test_a_figure_opens_down_to_the_people_and_that_is_logged(district):
    office = district.office
    page = district.get("/ky-bao-cao/nguoi", **(ASKED | {"chi_so": "admitted"})).text
    said = report(office, TOP, "2020-H1", people="admitted")["people"]
    assert len(re.findall(r'href="/nguoi/ho-so\?ma=', page)) == len(said)
    for one in said:
        assert f'/nguoi/ho-so?ma={one["code"]}"' in page
    last = list_access(office)["items"][0]
    assert (last["action"], last["subject"], last["detail"]["people"]) == ("open_figure", "admitted", len(said))


def test_people_behind_are_for_who_may_see_people_and_of_ones_own(district_on_sqlite):
    desk = district_on_sqlite
    asked = {"don_vi": BRANCH, "ky": "2020", "chi_so": "admitted"}
    desk.sit("theo_doi", BRANCH)
    assert desk.get("/ky-bao-cao/nguoi", **asked).status_code == 403
    assert "/ky-bao-cao/nguoi" not in desk.get("/ky-bao-cao", don_vi=BRANCH, ky="2020").text
    desk.sit("bi_thu", BRANCH)
    assert desk.get("/ky-bao-cao/nguoi", **asked).status_code == 200
    for path in ("", "/nguoi", "/tai", "/ban", "/cau-noi"):
        for unit in (OTHER, TOP):
            answer = desk.get(f"/ky-bao-cao{path}", **(asked | {"don_vi": unit, "dang": "xlsx"}))
            assert answer.status_code == 404 if path != "/cau-noi" else answer.status_code in (400, 404), (path, unit)


def test_an_observers_report_hides_small_counts(district_on_sqlite, tmp_path):
    desk = district_on_sqlite
    desk.sit("theo_doi", BRANCH)
    mine = desk.office.for_actor(Actor("lan", "theo_doi", BRANCH))
    answer = desk.get("/ky-bao-cao/tai", don_vi=BRANCH, ky="2020", dang="md", phan_to="all")
    assert answer.content == written(mine, tmp_path, "md", unit=BRANCH, period="2020", breakdown="all")
    assert "số nhỏ được che" in desk.get("/ky-bao-cao", don_vi=BRANCH, ky="2020").text
    for act in ("prepare", "accept", "reopen"):
        assert desk.post(f"/ky-bao-cao/chot?don_vi={BRANCH}&ky=2020-Q1", {"act": act}).status_code == 403


def test_a_period_is_prepared_accepted_and_issued_again_word_for_word(district, tmp_path):
    office = district.office
    path = f"/ky-bao-cao/chot?don_vi={BRANCH}&ky=2019"
    early = district.post(f"/ky-bao-cao/chot?don_vi={BRANCH}&ky=2020", {"act": "prepare"})
    assert (early.status_code, "ketnap " in unescape(early.text).split("<main")[1]) == (400, False)
    assert district.post(path, {"act": "accept", "signer": "Lê An"}).status_code == 400
    assert district.post(path, {"act": "prepare"}).status_code == 303
    assert district.post(path, {"act": "accept", "signer": "Lê An <b>"}).status_code == 303
    page = district.get("/ky-bao-cao", don_vi=BRANCH, ky="2019").text
    assert "Lê An &lt;b&gt;" in page
    said = report(office, BRANCH, "2019")
    assert said["closed"]["hash"][:16] in page
    for form in ("xlsx", "docx", "md"):
        again = district.get("/ky-bao-cao/tai", don_vi=BRANCH, ky="2019", dang=form, ban=1)
        assert again.content == issue(office, BRANCH, "2019", form, 1)
        assert district.get("/ky-bao-cao/tai", don_vi=BRANCH, ky="2019", dang=form).content == again.content
    assert district.post(path, {"act": "prepare"}).status_code == 400
    lacking = district.post(path, {"act": "reopen", "reason": ""})
    assert (lacking.status_code, "phải có lý do" in lacking.text) == (400, True)
    assert district.post(path, {"act": "reopen", "reason": "Sót một người"}).status_code == 303
    page = district.get("/ky-bao-cao", don_vi=BRANCH, ky="2019").text
    assert "Sót một người" in page
    assert "Đã mở lại" in page
    assert district.get("/ky-bao-cao/ban", don_vi=BRANCH, ky="2019", ban=1).status_code == 200
    assert district.get("/ky-bao-cao/ban", don_vi=BRANCH, ky="2019", ban=2).status_code == 404


def test_an_earlier_open_period_is_named_with_the_way_there(district_on_sqlite):
    desk = district_on_sqlite
    close_period(desk.office, TOP, "2019-Q1")
    path = f"/ky-bao-cao/chot?don_vi={TOP}&ky=2020-Q1"
    assert desk.post(path, {"act": "prepare"}).status_code == 303
    answer = desk.post(path, {"act": "accept", "signer": "Lê An"})
    assert answer.status_code == 400
    assert "/ky-bao-cao?don_vi=LDLD-LB&amp;ky=2019-Q2" in answer.text
    assert "ketnap close" not in answer.text
    assert 'value="Lê An"' in answer.text


def test_the_buttons_of_closing_come_from_the_machine(district_on_sqlite):
    office = district_on_sqlite.office

    def allowed(period):
        return [one["act"] for one in closing_acts(office, BRANCH, period) if one["allowed"]]

    assert allowed("2020") == []
    assert allowed("2019") == ["prepare"]
    close_period(office, BRANCH, "2019", prepare=True)
    assert allowed("2019") == ["prepare", "accept"]
    close_period(office, BRANCH, "2019", accept=True)
    assert allowed("2019") == ["reopen"]
    page = district_on_sqlite.get("/ky-bao-cao", don_vi=BRANCH, ky="2019").text
    assert re.findall(r'name="act" value="(\w+)"', page) == ["reopen"]


def test_the_bridge_tells_what_moved_since(district_on_sqlite):
    desk = district_on_sqlite
    office = desk.office
    for period in ("2019-H1", "2019-H2", "2020-H1"):
        close_period(office, TOP, period)
    page = desk.get("/ky-bao-cao/cau-noi", don_vi=TOP, ky="2020-H1").text
    assert "đúng bằng số đã chốt" in page
    code = next(one["code"] for one in list_candidates(office)["items"] if one["step"] == "cam_tinh")
    advance(office, code, "send_to_class", date(2020, 6, 25))
    rows = rows_of(desk.get("/ky-bao-cao/cau-noi", don_vi=TOP, ky="2020-H1").text)
    moved = next(row for row in rows if row[0].startswith("Cử đi học"))
    assert moved[2] == "+1"
    assert any(row[0].startswith(f"{code}:") and "ghi sau khi chốt" in row[0] and row[2] == "+1" for row in rows)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ky-bao-cao?don_vi=LDLD-LB&ky=2020-13", 400), ("/ky-bao-cao?don_vi=KHONG&ky=2020", 404),
        ("/ky-bao-cao?don_vi=LDLD-LB&tinh_den=31/02/2020", 400), ("/ky-bao-cao?don_vi=LDLD-LB&biet_den=x", 400),
        ("/ky-bao-cao?don_vi=LDLD-LB&so_voi=la", 400), ("/ky-bao-cao?don_vi=LDLD-LB&co_cau=la", 400),
        ("/ky-bao-cao?don_vi=LDLD-LB&phan_to=la", 404), ("/ky-bao-cao/tai?don_vi=LDLD-LB&ky=2020&dang=exe", 400),
        ("/ky-bao-cao/tai?don_vi=LDLD-LB&ky=2020", 400), ("/ky-bao-cao/tai?don_vi=LDLD-LB&ky=2019&dang=xlsx&ban=9", 400),
        ("/ky-bao-cao/tai?don_vi=LDLD-LB&ky=2020&dang=xlsx&ban=x", 400),
        ("/ky-bao-cao/nguoi?don_vi=LDLD-LB&ky=2020&chi_so=la", 404),
        ("/ky-bao-cao/nguoi?don_vi=LDLD-LB&ky=2020&chi_so=unions_founded", 400),
        ("/ky-bao-cao/cau-noi?don_vi=LDLD-LB&ky=2020", 400),
        ("/ky-bao-cao?don_vi=%3Cscript%3Ealert(1)%3C/script%3E&ky=%3Cscript%3Ealert(1)%3C/script%3E", 400),
    ],
)  # fmt: skip
def test_bad_questions(district_on_sqlite, path, status):
    answer = district_on_sqlite.get(path)
    assert answer.status_code == status
    assert "<script>alert" not in answer.text


def test_a_script_in_a_name_stays_words_on_the_report_and_in_the_files(district_on_sqlite):
    desk = district_on_sqlite
    add_unit(desk.office, "=X", name="=cmd|'/c calc'!A1 <script>alert(1)</script>", kind="chi_bo", parent=BRANCH)
    page = desk.get("/ky-bao-cao", don_vi=BRANCH, ky="2020").text
    assert "<script>alert" not in page
    book = openpyxl.load_workbook(
        io.BytesIO(desk.get("/ky-bao-cao/tai", don_vi=BRANCH, ky="2020", dang="xlsx").content)
    )
    formulas = [c.value for sheet in book for row in sheet for c in row if c.data_type == "f" and "cmd" in str(c.value)]
    assert formulas == []


def test_a_closed_period_without_figures_says_so(district_on_sqlite):
    page = district_on_sqlite.get("/ky-bao-cao", don_vi="LB-VP", ky="2018").text
    assert "Chưa có số liệu nào trong kỳ" in page
    assert rows_of(page) == []
