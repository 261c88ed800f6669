"""The first page: what it lists, for whom, with which button; how it stands empty and quiet."""

from __future__ import annotations

import re
from datetime import date

import pytest

from procedures.due import due
from procedures.office import Office
from states.roles import ROLES
from tests.desk.conftest import desk_of
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
