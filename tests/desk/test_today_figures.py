"""Every figure of the first page: right by bare SQL, and where it leads a list of just so many rows."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from html import unescape

import pytest

from procedures.tick import tick
from tests.desk.conftest import Desk
from tests.desk.reading import table_of, words

PER_STEP = """
    SELECT CASE WHEN k.step = 'du_bi' AND EXISTS (SELECT 1 FROM clocks c WHERE c.candidate_id = k.id
                     AND c.state = 'running' AND c.key = 'probation_months' AND c.due_on <= '{day}')
                THEN 'xet_chinh_thuc' ELSE k.step END AS at, count(*)
    FROM candidates k WHERE k.step <> '' GROUP BY at"""
RUNNING = "SELECT count(*) FROM clocks WHERE state = 'running' AND due_on {days}"
CERTIFICATES = RUNNING + " AND key = 'certificate_valid_months'"
TABLES = {
    "/": "Việc phải làm", "/leo-thang": "Vụ việc", "/thieu-du-lieu": "Dữ liệu còn thiếu",
    "/thong-bao/thu": "Thư nhắc việc",
}  # fmt: skip
DAYS = [date(2025, 12, 1), date(2025, 12, 4), date(2026, 2, 2), date(2027, 1, 4)]


@pytest.fixture(params=["six", "long_bien"])
def office_desk(request: pytest.FixtureRequest) -> Desk:
    """The desk of a small office, and of a district with cases."""
    desk = request.getfixturevalue({"six": "desk_on_sqlite", "long_bien": "district_on_sqlite"}[request.param])
    assert isinstance(desk, Desk)
    return desk


def asked(desk: Desk, statement: str, **given: str) -> list[tuple]:
    with desk.office.database.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement.format(day=desk.office.today, **given))]


def number(said: str) -> int:
    return int(said.replace(".", ""))


def figure(page: str, said: str) -> tuple[int, str]:
    """The number over these words, and where it leads."""
    for shown, below in re.findall(r'kn-figure-number">(.*?)</div>\s*<div class="kn-figure-words">(.*?)</div>', page):
        if below == said:
            return number(words(shown)), unescape(re.findall(r'href="([^"]+)"', shown)[0])
    raise AssertionError(said)


def per_step(page: str) -> list[tuple[str, int]]:
    """(where a step's people are listed, how many) of the card."""
    found = re.findall(
        r'<a href="([^"]+)">[^<]+</a></th>\s*<td class="kn-number">([\d.]+)<', table_of(page, "Số người ở mỗi bước")
    )
    return [(unescape(link), number(people)) for link, people in found]


def to_look_at(page: str) -> dict[str, int]:
    """Where a line of the card leads -> the number it says."""
    card = page.partition('class="kn-look"')[2].partition("</ul>")[0]
    return {unescape(link): number(said) for link, said in re.findall(r'<li><a href="([^"]+)">([\d.]+) ', card)}


def rows_behind(desk: Desk, link: str) -> list[str]:
    """The rows of the list behind a link, all its pages."""
    path, rows = link.partition("?")[0], []
    for page in range(1, 99):
        turn = f"page_size=200&page={page}" if path == "/nguoi/list" else f"trang={page}" if page > 1 else ""
        shown = desk.client.get(link + (("&" if "?" in link else "?") + turn if turn else ""))
        assert shown.status_code == 200, link
        before = len(rows)
        if path == "/nguoi/list":
            rows += shown.text.split('<tr data-sa-pk="')[1:]
        elif TABLES[path] in "".join(re.findall(r"<caption.*?</caption>", shown.text)):
            found = re.findall(r"<tr.*?</tr>", table_of(shown.text, TABLES[path]), re.DOTALL)
            rows += [row for row in found if "<td" in row]
        if len(rows) == before or (path != "/nguoi/list" and not re.search(rf"trang={page + 1}\b", shown.text)):
            return rows
    raise AssertionError(f"no end of {link}")


class TestBySql:
    @pytest.mark.parametrize("day", DAYS)
    def test_people_per_step(self, desk, day):
        desk.office.today = day
        shown = {re.findall(r"step__in%3D(\w+)", link)[0]: people for link, people in per_step(desk.get("/").text)}
        assert shown == dict(asked(desk, PER_STEP))

    def test_people_on_the_way(self, office_desk):
        at = dict(asked(office_desk, PER_STEP))
        gone = ("chinh_thuc", "dua_khoi_danh_sach", "rut", "huy_ket_nap", "xoa_ten", "khai_tru", "chuyen_di", "tu_tran")
        shown, _ = figure(office_desk.get("/").text, "người đang trên đường")
        assert shown == sum(people for step, people in at.items() if step not in gone) > 0

    def test_units_behind(self, district):
        ((units, cases),) = asked(
            district, "SELECT count(DISTINCT unit_id), count(*) FROM cases WHERE step <> 'da_dong'"
        )
        page = district.get("/").text
        assert figure(page, "đơn vị đang chậm") == (units, "/leo-thang")
        assert f"{cases} vụ việc đang mở ở {units} đơn vị" in page
        assert units > 1

    @pytest.mark.parametrize("day", DAYS[:2])
    def test_overdue_and_soon(self, desk, day):
        desk.office.today = day
        page = desk.get("/").text
        ((late,),) = asked(desk, RUNNING, days=f"< '{day}'")
        ((soon,),) = asked(desk, RUNNING, days=f"BETWEEN '{day}' AND '{day + timedelta(days=30)}'")
        assert figure(page, "việc quá hạn")[0] == late == (2 if day > date(2025, 12, 3) else 0)
        assert figure(page, "đến hạn trong 30 ngày")[0] == soon > 0

    def test_certificates(self, desk):
        desk.office.today = day = date(2026, 9, 1)
        shown = to_look_at(desk.get("/").text)
        for said, days in (("qua_han", f"< '{day}'"), ("60_ngay", f"BETWEEN '{day}' AND '{day + timedelta(days=60)}'")):
            ((wanted,),) = asked(desk, CERTIFICATES, days=days)
            assert shown.get(f"/?han=certificate_valid_months&khi={said}", 0) == wanted
        assert [link for link in shown if "certificate" in link]

    def test_the_last_good_tick(self, desk):
        assert "Máy chưa chạy lượt việc nào" in desk.get("/").text
        tick(desk.office)
        ((done_at,),) = asked(desk, "SELECT max(done_at) FROM job_claims WHERE job = 'tick'")
        page = desk.get("/").text
        assert "Máy chưa chạy lượt việc nào" not in page
        at = datetime.fromisoformat(str(done_at))
        here = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(timezone(timedelta(hours=7)))
        assert re.findall(r"Lượt tốt gần nhất: <strong>(.*?)</strong>", page) == [f"{here:%H:%M %d/%m/%Y}"]


class TestClickedThrough:
    @pytest.mark.parametrize("day", [None, *DAYS[1:]])
    def test_every_number_is_that_of_its_list(self, office_desk, day):
        desk = office_desk
        if day is not None:
            desk.office.today = day
        with desk.office.database.writing() as connection:
            connection.exec_driver_sql("UPDATE people SET birth = NULL WHERE id IN (SELECT person_id FROM candidates"
                                       " WHERE code IN ('PL-03', 'PL-01', 'LB-0215', 'LB-0212'))")  # fmt: skip
        page = desk.get("/").text
        tried = [
            figure(page, "việc quá hạn"),
            figure(page, "đến hạn trong 30 ngày"),
            figure(page, "người đang trên đường"),
        ]
        links = {link: shown for shown, link in tried} | dict(per_step(page)) | to_look_at(page)
        assert len(links) > 5
        for link, shown in links.items():
            assert len(rows_behind(desk, link)) == shown, link

    def test_units_behind_are_those_of_the_cases(self, district_on_sqlite):
        shown, link = figure(district_on_sqlite.get("/").text, "đơn vị đang chậm")
        units = {re.findall(r"/don-vi\?ma=([^\"&]+)", row)[0] for row in rows_behind(district_on_sqlite, link)}
        assert len(units) == shown

    def test_letters_that_did_not_go(self, desk_on_sqlite):
        tick(desk_on_sqlite.office)
        with desk_on_sqlite.office.database.writing() as connection:
            connection.exec_driver_sql("UPDATE letters SET state = 'failed' WHERE id = (SELECT min(id) FROM letters)")
            connection.exec_driver_sql("UPDATE letters SET state = 'reserved' WHERE id > (SELECT min(id) FROM letters)")
        links = {link: shown for link, shown in to_look_at(desk_on_sqlite.get("/").text).items() if "thu?" in link}
        assert set(links) == {"/thong-bao/thu?trang-thai=failed", "/thong-bao/thu?trang-thai=reserved"}
        for link, shown in links.items():
            assert len(rows_behind(desk_on_sqlite, link)) == shown > 0

    def test_a_part_of_the_office_alone(self, desk_on_sqlite):
        desk_on_sqlite.office.today = date(2025, 12, 4)
        page = desk_on_sqlite.sit("can_bo", "CB-02").get("/").text
        shown, link = figure(page, "người đang trên đường")
        assert shown == len(rows_behind(desk_on_sqlite, link)) == 2
        shown, link = figure(page, "việc quá hạn")
        assert shown == len(rows_behind(desk_on_sqlite, link)) == 1
