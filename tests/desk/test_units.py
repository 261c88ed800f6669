"""Units at the desk: their figures are the report's, their structure is changed with a preview, each account sees its own."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from console.desk.pace_chart import draw, scale
from procedures.pace_series import ends, pace_series
from procedures.recipients import add_recipient, list_recipients, remove_recipient
from procedures.report import report
from procedures.unit_people import unit_people
from procedures.unit_reach import unit_reach
from procedures.unit_tree import unit_tree
from procedures.units import add_unit, show_unit
from states.errors import BadInput, Conflict, Unknown
from states.roles import Actor, Forbidden
from tests.desk.reading import row_of, value_of
from tests.example_offices import BRANCH, OTHER, TOP

SCRIPT = "<script>alert(1)</script> \" ' & ứng"


def test_the_trees_figures_are_those_of_the_report(district):
    office = district.office
    page = district.get("/don-vi", ky="2020", chi_so="unions_founded").text
    said = report(office, TOP, "2020")
    for unit, rows in [(TOP, said["rows"]), *((one["unit"], one["rows"]) for one in said["children"])]:
        row = next(one for one in rows if one["indicator"] == "unions_founded")
        shown = row_of(page, unit)
        assert shown[1:3] == [str(row["own"]), str(row["actual"])]
        if row["floor"]:
            assert shown[3] == str(row["floor"])
            assert row["percent_text"] in shown[4]
            assert shown[5] == row["status_label"]


def test_a_units_page_shows_the_report_and_the_chart_with_its_table(district_on_sqlite):
    office = district_on_sqlite.office
    page = district_on_sqlite.get("/don-vi", ma=TOP, ky="2020-H1", chi_so="unions_founded").text
    said = report(office, TOP, "2020-H1")
    for row in said["rows"]:
        shown = row_of(page, row["label"])
        if row["status_label"]:
            assert row["status_label"] in shown[4]
    assert "7/24 (29,17%)" in page
    assert page.count('<svg class="kn-chart') == 2
    assert re.search(r'role="img" aria-labelledby="chart-wide-title chart-wide-desc"', page)
    series = pace_series(office, TOP, "unions_founded", "2020-H1")
    assert [point["actual"] for point in series["points"]] == [1, 2, 2, 2, 3, 7]
    for point in series["points"]:
        assert [f"{point['on']:%d/%m/%Y}", str(point["actual"])] == row_of(page, f"{point['on']:%d/%m/%Y}")[:2]


def test_the_last_point_is_the_reports_own_figure(district_on_sqlite):
    for name in ("unions_founded", "admitted", "conversion", "members_recruited"):
        series = pace_series(district_on_sqlite.office, TOP, name, "2020")
        row = next(one for one in report(district_on_sqlite.office, TOP, "2020")["rows"] if one["indicator"] == name)
        assert series["row"] == row
        assert series["points"][-1]["actual"] == (row["done"] if row["done"] is not None else row["actual"])


def test_an_account_sees_its_own_subtree_alone(district_on_sqlite):
    district_on_sqlite.sit("can_bo", BRANCH)
    page = district_on_sqlite.get("/don-vi", ky="2020").text
    assert BRANCH in page
    assert OTHER not in page
    assert f">{TOP}<" not in page
    for path in ("/don-vi", "/don-vi/sua", "/don-vi/ket-thuc", "/don-vi/im-lang"):
        assert district_on_sqlite.get(path, ma=OTHER).status_code == 404, path
        assert district_on_sqlite.get(path, ma=TOP).status_code == 404, path
    assert district_on_sqlite.get("/don-vi", goc=OTHER).status_code == 404
    assert district_on_sqlite.get("/don-vi", tim="Ngọc Lâm").text.count(OTHER) == 0
    page = district_on_sqlite.get("/don-vi", ma=BRANCH, phan="nguoi-nhan").text
    assert "của cấp trên" in page
    assert TOP not in page


def test_search_finds_without_accents_and_says_when_nothing_fits(district_on_sqlite):
    assert OTHER in district_on_sqlite.get("/don-vi", tim="ngoc lam").text
    assert "Không có đơn vị nào khớp" in district_on_sqlite.get("/don-vi", tim="khongco").text


@pytest.mark.parametrize("part", [None, "to-chuc", "nguoi-nhan"])
def test_a_script_in_a_name_stays_words(district_on_sqlite, part):
    add_unit(district_on_sqlite.office, "X&1", name=SCRIPT, kind="chi_bo", parent=TOP)
    add_recipient(district_on_sqlite.office, "X&1", "bi_thu", "a@example.org", SCRIPT)
    for path, asked in (
        ("/don-vi", {"ma": "X&1", "phan": part or ""}), ("/don-vi", {}), ("/don-vi/sua", {"ma": "X&1"}),
        ("/don-vi", {"tim": "<script>alert(2)</script>"}), ("/don-vi", {"ky": "2020", "goc": "<script>alert(2)"}),
        ("/don-vi", {"ky": "<script>alert(2)</script>"}), ("/don-vi", {"chi_so": "<script>alert(2)</script>"}),
    ):  # fmt: skip
        page = district_on_sqlite.get(path, **asked).text
        assert "<script>alert" not in page, (path, asked)


def test_bad_questions_are_answered_with_a_sentence(district_on_sqlite):
    for asked, status, words in (
        ({"ky": "2020-13"}, 400, "không phải là kỳ"),
        ({"chi_so": "khong_co"}, 404, "Không có chỉ số"),
        ({"trang": "x"}, 400, "không phải là số trang"),
        ({"ma": "KHONG"}, 404, "Không có đơn vị mã KHONG"),
        ({"goc": "KHONG"}, 404, "Không có đơn vị mã KHONG"),
    ):
        answer = district_on_sqlite.get("/don-vi", **asked)
        assert (answer.status_code, words in answer.text) == (status, True), asked


def test_a_unit_is_added_below_and_what_was_typed_stays(district_on_sqlite):
    bad = {"code": "MOI-1", "name": "Chi bộ mới", "kind": "chi_bo", "parent": "KHONG", "from_on": "01/02/2020"}
    answer = district_on_sqlite.post("/don-vi/them", bad)
    assert answer.status_code == 404
    assert 'value="Chi bộ mới"' in answer.text
    assert 'value="01/02/2020"' in answer.text
    done = district_on_sqlite.post("/don-vi/them", bad | {"parent": BRANCH})
    assert (done.status_code, done.headers["location"]) == (303, "/don-vi?ma=MOI-1&phan=to-chuc")
    assert show_unit(district_on_sqlite.office, "MOI-1")["parent"] == BRANCH
    assert district_on_sqlite.post("/don-vi/them", bad | {"parent": BRANCH}).status_code == 400
    assert district_on_sqlite.post("/don-vi/them", bad | {"code": "MOI-2", "from_on": "31/02/2020"}).status_code == 400


def test_a_change_is_seen_before_it_is_recorded(district):
    page = district.get("/don-vi/sua", ma=BRANCH).text
    version = value_of(page, "version")
    change = {
        "version": version,
        "from_on": "01/06/2020",
        "name": "Địa bàn mới",
        "kind": "co_quan",
        "parent": TOP,
        "chain": "",
    }
    preview = district.post(f"/don-vi/sua?ma={BRANCH}", change | {"do": "xem"})
    assert preview.status_code == 200
    assert row_of(preview.text, "Tên")[2] == "Địa bàn mới"
    assert show_unit(district.office, BRANCH)["name"] != "Địa bàn mới"
    done = district.post(f"/don-vi/sua?ma={BRANCH}", change | {"do": "ghi"})
    assert done.status_code == 303
    assert show_unit(district.office, BRANCH)["name"] == "Địa bàn mới"
    again = district.post(f"/don-vi/sua?ma={BRANCH}", change | {"do": "ghi", "name": "Khác"})
    assert again.status_code == 409
    assert "người khác thay đổi" in again.text
    assert 'value="Khác"' in again.text


def test_moving_a_unit_shows_the_figures_that_move(district):
    page = district.get("/don-vi/sua", ma="CD-024").text
    version = value_of(page, "version")
    unit = show_unit(district.office, "CD-024")
    change = {
        "version": version, "from_on": "01/01/2020", "name": unit["name"], "kind": unit["kind"], "parent": OTHER,
        "chain": "", "do": "xem",
    }  # fmt: skip
    said = unescape(district.post("/don-vi/sua?ma=CD-024", change).text)
    figures = re.findall(r"<li>([^<]*→[^<]*)</li>", said)
    assert any(f"{BRANCH} và trực thuộc" in line for line in figures)
    assert any(f"{OTHER} và trực thuộc" in line for line in figures)
    assert not any(f"{TOP} và trực thuộc" in line for line in figures)
    before = {r["indicator"]: r["actual"] for r in report(district.office, BRANCH, "2020")["rows"]}
    district.post("/don-vi/sua?ma=CD-024", change | {"do": "ghi"})
    after = {r["indicator"]: r for r in report(district.office, BRANCH, "2020")["rows"]}
    moved = [name for name in before if before[name] != after[name]["actual"]]
    assert moved
    for name in moved:
        row = after[name]
        if "numerator" not in row:
            assert any(
                line.startswith(f"{row['label']}, Năm 2020, {BRANCH}")
                and line.endswith(f"{before[name]} → {row['actual']}")
                for line in figures
            ), name


def test_an_end_with_a_successor(district_on_sqlite):
    page = district_on_sqlite.get("/don-vi/ket-thuc", ma="CD-025").text
    version = value_of(page, "version")
    typed = {"version": version, "last_on": "30/06/2020", "successor": "CD-024", "do": "xem"}
    assert "đơn vị trực thuộc; xin chuyển" in district_on_sqlite.post("/don-vi/ket-thuc?ma=CD-025", typed).text
    assert district_on_sqlite.post("/don-vi/ket-thuc?ma=CD-025", typed | {"do": "ghi"}).status_code == 303
    assert show_unit(district_on_sqlite.office, "CD-025")["successors"] == [{"code": "CD-024", "on": date(2020, 7, 1)}]


def test_recipients_are_added_renamed_and_taken_away(district):
    office = district.office
    path = f"/don-vi/nguoi-nhan?ma={BRANCH}"
    assert district.post(path, {"role": "bi_thu", "name": "Lê An", "address": "an@example.org"}).status_code == 303
    again = district.post(path, {"role": "bi_thu", "name": "Lê An", "address": "an@example.org"})
    assert (again.status_code, "đã có ở vai trò" in again.text) == (400, True)
    assert district.post(path, {"role": "bi_thu", "name": "Lê Văn An", "address": "an@example.org"}).status_code == 303
    mine = [one for one in list_recipients(office, BRANCH)["items"] if one["address"] == "an@example.org"]
    assert [one["name"] for one in mine] == ["Lê Văn An"]
    for typed in (
        {"role": "la", "address": "x"},
        {"role": "bi_thu", "address": " "},
        {"role": "bi_thu", "address": "x" * 400},
    ):
        assert district.post(path, typed).status_code == 400
    gone = {"role": "bi_thu", "address": "an@example.org"}
    assert district.post(f"/don-vi/nguoi-nhan/bo?ma={BRANCH}", gone).status_code == 303
    assert district.post(f"/don-vi/nguoi-nhan/bo?ma={BRANCH}", gone).status_code == 409


def test_a_rung_nobody_reaches_is_seen(district_on_sqlite):
    office = district_on_sqlite.office
    assert unit_reach(office, BRANCH)["ok"]
    for one in list_recipients(office, BRANCH)["items"]:
        remove_recipient(office, BRANCH, one["role"], one["address"])
    first = unit_reach(office, BRANCH)["items"][0]
    assert (first["step"], first["reached"], first["is_own"]) == ("nhac", 0, True)
    assert "Không tới ai" in district_on_sqlite.get("/don-vi", ma=BRANCH, phan="nguoi-nhan").text


@pytest.mark.parametrize("role", ["bi_thu", "theo_doi"])
def test_who_may_not_edit_has_neither_buttons_nor_acts(district_on_sqlite, role):
    district_on_sqlite.sit(role, BRANCH)
    for part in ("", "to-chuc", "nguoi-nhan"):
        page = district_on_sqlite.get("/don-vi", ma=BRANCH, phan=part).text
        assert 'method="post" action="/don-vi' not in page
        assert "/don-vi/sua" not in page
    for path in (
        "/don-vi/them",
        f"/don-vi/sua?ma={BRANCH}",
        f"/don-vi/ket-thuc?ma={BRANCH}",
        f"/don-vi/nguoi-nhan?ma={BRANCH}",
    ):
        assert district_on_sqlite.post(path, {"code": "Z", "name": "Z", "kind": "chi_bo"}).status_code == 403


def test_an_observer_sees_no_names_and_no_small_groups(district_on_sqlite):
    office = district_on_sqlite.office.for_actor(Actor("td", "theo_doi", BRANCH))
    assert {one["name"] for one in list_recipients(office, BRANCH)["items"]} == {None}
    district_on_sqlite.sit("theo_doi", BRANCH)
    page = district_on_sqlite.get("/don-vi", ma=BRANCH, phan="nguoi-nhan").text
    assert "@example.org" not in page
    with pytest.raises(Forbidden):
        add_recipient(office, BRANCH, "bi_thu", "x@example.org")


def test_recipients_of_another_unit_are_unknown(district_on_sqlite):
    mine = district_on_sqlite.office.for_actor(Actor("cb", "can_bo", BRANCH))
    for act in (
        lambda: list_recipients(mine, OTHER), lambda: add_recipient(mine, OTHER, "bi_thu", "x@example.org"),
        lambda: remove_recipient(mine, OTHER, "bi_thu", "x@example.org"), lambda: unit_reach(mine, OTHER),
        lambda: unit_people(mine, OTHER), lambda: pace_series(mine, OTHER, None, "2020"),
        lambda: unit_tree(mine, None, "2020", top=OTHER),
    ):  # fmt: skip
        with pytest.raises(Unknown):
            act()
    with pytest.raises(Conflict):
        remove_recipient(mine, BRANCH, "bi_thu", "khong@example.org")
    with pytest.raises(BadInput):
        add_recipient(mine, BRANCH, "khong_co", "x@example.org")


def test_people_by_step_sum_to_the_subtree(district):
    told = unit_people(district.office, TOP)
    below = [unit_people(district.office, one["unit"]) for one in report(district.office, TOP, "2020")["children"]]
    assert told["all"] == told["own"] + sum(one["all"] for one in below)


def test_a_long_tree_is_opened_level_by_level(district_on_sqlite):
    tree = unit_tree(district_on_sqlite.office, "unions_founded", "2020")
    assert (tree["whole"], [one["depth"] for one in tree["items"]]) == (False, [0] + [1] * 7)
    small = unit_tree(district_on_sqlite.office, "unions_founded", "2020", top="LB-CS")
    assert small["whole"]
    assert [one["code"] for one in small["path"]] == [TOP, "LB-CS"]


def test_month_ends_of_a_year_and_quarter_ends_of_a_term():
    assert [day.month for day in ends(date(2020, 1, 1), date(2020, 12, 31))] == list(range(1, 13))
    term = ends(date(2015, 7, 1), date(2020, 6, 30))
    assert (len(term), term[0], term[-1]) == (20, date(2015, 9, 30), date(2020, 6, 30))


@pytest.mark.parametrize(
    ("highest", "top", "step"),
    [(0, 1, 1), (1, 1, 1), (7, 8, 2), (24, 25, 5), (60, 60, 10), (1200, 1200, 200), (0.4, 1, 1)],
)
def test_an_axis_has_round_lines(highest, top, step):
    assert scale(highest) == (top, step)


def test_a_target_of_nothing_and_a_period_to_come_draw_no_nonsense(district_on_sqlite):
    for period in ("2021", "2015/2020", "2020-06"):
        for name in ("unions_founded", "conversion"):
            for chart in draw(pace_series(district_on_sqlite.office, BRANCH, name, period)):
                assert "nan" not in f"{chart.actual}{chart.pace}{chart.floor}"
