"""The first page: what it lists, for whom, with which button; how it stands empty and quiet."""

from __future__ import annotations

import re
from datetime import date

import pytest

from procedures.due import due
from procedures.office import Office
from states.calendar import parse_day
from states.membership import possible
from states.reminders import actor, awaited
from states.roles import ROLES
from states.steps import STEP_LABELS
from tests.desk.conftest import desk_of
from tests.desk.reading import table_of, words
from tests.desk.test_people import rename


def rows(text: str) -> list[str]:
    """The people the list names, in order."""
    listed = text.partition('class="table kn-table kn-due"')[2].partition("</table>")[0]
    return re.findall(r'href="/nguoi/ho-so\?ma=([^"]+)"', listed)


class TestList:
    def test_everything_due_in_order(self, desk):
        shown = desk.get("/").text
        assert rows(shown) == ["PL-03", "PL-04", "PL-02", "PL-01", "PL-05", "PL-02"]
        assert "03/12/2025" in shown
        assert "còn 2 ngày làm việc" in shown
        assert "294-QĐ/TW, 4.3.1" in shown

    def test_each_button_leads_to_its_form(self, desk_on_sqlite):
        shown = desk_on_sqlite.get("/").text
        links = re.findall(r'href="(/nguoi/ho-so/buoc\?[^"]+)"', shown)
        assert links
        for link in links:
            assert desk_on_sqlite.client.get(link.replace("&amp;", "&")).status_code == 200

    def test_by_unit_and_limit(self, desk):
        assert rows(desk.get("/", don_vi="CB-02").text) == ["PL-03", "PL-05"]
        assert rows(desk.get("/", han="ceremony_wd").text) == ["PL-04"]
        assert desk.get("/", don_vi="KHONG").status_code == 404
        assert desk.get("/", han="khong_co").status_code == 400
        assert desk.get("/", trang="x").status_code == 400

    def test_nothing_of_that_kind(self, desk_on_sqlite):
        assert "Không có việc nào như vậy" in desk_on_sqlite.get("/", han="file_valid_months", don_vi="CB-02").text

    def test_names_with_script_stay_words(self, desk_on_sqlite):
        rename(desk_on_sqlite, "PL-03", "<script>alert(1)</script>")
        shown = desk_on_sqlite.get("/").text
        assert "<script>alert(1)" not in shown
        assert "&lt;script&gt;alert(1)" in shown


class TestWho:
    def test_a_secretary_sees_their_own_alone(self, desk):
        shown = desk.sit("bi_thu", "CB-02").get("/").text
        assert rows(shown) == ["PL-03", "PL-05"]
        assert "PL-04" not in shown
        assert desk.get("/", don_vi="CB-01").status_code == 404

    def test_an_observer_sees_no_person(self, desk_on_sqlite):
        shown = desk_on_sqlite.sit("theo_doi").get("/").text
        assert "PL-0" not in shown
        assert "Lương Thị Hoài An" not in shown
        assert "03/12/2025" in shown

    def test_an_account_whose_unit_is_gone_sees_nothing(self, desk_on_sqlite):
        shown = desk_on_sqlite.sit("can_bo", "KHONG-CO").get("/").text
        assert rows(shown) == []
        assert "Không có thời hạn nào đang chạy" in shown

    @pytest.mark.parametrize("role", ROLES)
    @pytest.mark.parametrize("lang", ["vi", "en"])
    def test_every_role_has_its_page(self, desk_on_sqlite, role, lang):
        desk_on_sqlite.client.cookies.set("language", lang)
        assert desk_on_sqlite.sit(role, "CB-01").get("/").status_code == 200
        assert desk_on_sqlite.get("/thieu-du-lieu").status_code == (403 if role == "theo_doi" else 200)


class TestQuiet:
    def test_nothing_due_until(self, six_on_sqlite):
        six_on_sqlite.today = date(2025, 11, 3)
        shown = desk_of(six_on_sqlite).get("/").text
        first = min(item["due_on"] for item in due(six_on_sqlite)["items"])
        assert f"Chưa có việc nào đến hạn trước ngày {first:%d/%m/%Y}" in shown

    def test_an_empty_office(self, sqlite_database, tmp_path):
        office = Office.open(
            today=date(2025, 12, 1), database_url=f"sqlite:///{tmp_path}/ketnap.db", lang="vi", user="lan"
        )
        shown = desk_of(office).get("/").text
        assert "Không có thời hạn nào đang chạy" in shown
        assert "Chưa có ai trong sổ" in shown
        assert 'href="/nhap"' in shown
        office.database.close()

    def test_what_is_overdue_comes_first(self, six_on_sqlite):
        six_on_sqlite.today = date(2025, 12, 4)
        shown = desk_of(six_on_sqlite).get("/").text
        assert rows(shown)[:2] == ["PL-03", "PL-04"]
        assert "quá hạn 1 ngày làm việc" in shown


def test_gaps_by_kind(desk):
    with desk.office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE people SET birth = NULL")
    shown = desk.get("/thieu-du-lieu").text
    assert shown.count('href="/nguoi/ho-so?ma=PL-') >= 6
    assert desk.get("/thieu-du-lieu", thieu="birth", trang=1).status_code == 200
    assert "PL-01" not in desk.sit("bi_thu", "CB-02").get("/thieu-du-lieu").text


class TestRows:
    """What a row says, against what stands in the database and in the table of the process."""

    def test_step_ground_who_acts_and_button(self, desk):
        desk.office.today = date(2025, 12, 4)
        with desk.office.database.reading() as connection:
            stored = connection.exec_driver_sql(
                "SELECT k.code, p.name, k.step, c.key, c.due_on, c.citation, u.code FROM clocks c"
                " JOIN candidates k ON k.id = c.candidate_id JOIN people p ON p.id = k.person_id"
                " JOIN units u ON u.id = k.unit_id WHERE c.state = 'running' ORDER BY c.due_on, c.key, k.code"
            ).all()
        shown = [row for row in due_rows(desk.get("/").text) if "<td" in row]
        assert len(shown) == len(stored) > 5
        for row, (code, name, step, key, due_on, citation, unit) in zip(shown, stored, strict=True):
            said, waits = words(row), awaited(key, step)
            assert f"{date.fromisoformat(str(due_on)):%d/%m/%Y}" in said
            assert name in said
            assert STEP_LABELS[step].vi in said
            assert f"/nguoi/ho-so?ma={code}" in row
            assert f"/don-vi?ma={unit}" in row
            assert desk.office.law.label(key).vi in said
            assert f"Ai làm: {actor(key, step).vi} " in said
            assert f"Căn cứ: {citation}" in said
            button = re.findall(r'<a class="btn[^>]*href="([^"]+)"[^>]*>([^<]+)<', row)
            if waits is not None and possible(waits.trigger, step):
                assert button == [(f"/nguoi/ho-so/buoc?ma={code}&amp;viec={waits.trigger}", waits.label.vi)]
            else:
                assert button == []

    def test_overdue_first_then_by_legal_due_day(self, district):
        shown, last = due_rows(district.get("/").text), None
        bands = [words(row) for row in shown if "<td" not in row]
        assert bands == ["Quá hạn", "Hôm nay", "Trong 7 ngày tới", "Trong 30 ngày tới", "Sau đó"]
        for row in shown:
            if "<td" in row:
                day = parse_day(re.findall(r"\d\d/\d\d/\d{4}", row)[0])
                assert last is None or last <= day
                assert (day < district.office.today) == ("quá hạn" in row)
                last = day
        assert last is not None

    def test_who_may_not_act_has_no_button(self, desk_on_sqlite):
        assert "/nguoi/ho-so/buoc" not in desk_on_sqlite.sit("theo_doi").get("/").text

    @pytest.mark.parametrize(
        ("unit", "mine"), [("CB-02", ["PL-05"]), ("XA-PL", ["PL-03"]), ("CB-01", ["PL-02", "PL-01", "PL-02"])]
    )
    def test_what_my_own_body_does(self, desk, unit, mine):
        desk.sit("can_bo", unit)
        page = desk.get("/", viec="cap_toi").text
        assert rows(page) == mine
        assert value_selected(page, "viec") == "cap_toi"
        whole = desk.get("/").text
        assert set(rows(page)) <= set(rows(whole))
        assert 'name="viec"' in whole

    def test_nobody_above_all_is_asked_whose(self, desk_on_sqlite):
        page = desk_on_sqlite.get("/", viec="cap_toi").text
        assert 'name="viec"' not in page
        assert rows(page) == rows(desk_on_sqlite.get("/").text)

    @pytest.mark.parametrize(
        ("days", "listed"),
        [
            ("qua_han", ["PL-03", "PL-04"]),
            ("30_ngay", ["PL-02", "PL-01", "PL-05"]),
            ("60_ngay", ["PL-02", "PL-01", "PL-05"]),
        ],
    )
    def test_by_days(self, desk, days, listed):
        desk.office.today = date(2025, 12, 4)
        page = desk.get("/", khi=days).text
        assert rows(page) == listed
        assert value_selected(page, "khi") == days
        assert desk.get("/", khi="hom_qua").status_code == 400
        inside = [one for one in listed if one in ("PL-03", "PL-05")]
        assert rows(desk.get("/", khi=days, don_vi="CB-02").text) == inside


def due_rows(page: str) -> list[str]:
    return re.findall(r"<tr.*?</tr>", table_of(page, "Việc phải làm").partition("</thead>")[2], re.DOTALL)


def value_selected(page: str, name: str) -> str:
    select = page.partition(f'name="{name}"')[2].partition("</select>")[0]
    return re.findall(r'value="([^"]*)" selected', select)[0]
