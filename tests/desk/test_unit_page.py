"""What a unit's page shows, read as its reader does: figures against bare SQL, counts against the lists they lead to,
cases, recipients and who is reached, the structure from day to day."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

from sqlalchemy import text

from procedures.case_acts import close_case
from procedures.change_unit import change_unit, end_unit
from procedures.list_cases import list_cases
from procedures.recipients import remove_recipient
from procedures.units import add_unit, show_unit
from states.steps import STEP_LABELS
from tests.desk.reading import main_words, row_of, rows_of, table_of
from tests.example_offices import BRANCH, OTHER, TOP

BELOW = """WITH RECURSIVE below(id) AS (
  SELECT id FROM units WHERE code = :code
  UNION SELECT v.unit_id FROM unit_versions v JOIN below b ON v.parent_id = b.id)
"""
# What is counted: its name, its trigger, the day that counts.
COUNTED = {
    "introduced": ("nominate", "effective_on"),
    "sent": ("send_to_class", "effective_on"),
    "class": ("certify_class", "document_date"),
    "admitted": ("hold_ceremony", "effective_on"),
}
REPORTED = ("unions_founded", "members_recruited", "dialogues")


def sql(desk, query: str, **values: object) -> list[tuple]:
    with desk.office.database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def count(desk, query: str, **values: object) -> int:
    return int(sql(desk, query, **values)[0][0] or 0)


def busiest(desk) -> str:
    """The unit with the most admitted in the year."""
    query = """SELECT u.code FROM journal j JOIN units u ON u.id = j.unit_id
      WHERE j.trigger = 'hold_ceremony' AND j.effective_on >= '2020-01-01' GROUP BY u.code ORDER BY count(*) DESC, u.code"""
    return str(sql(desk, query)[0][0])


def test_own_and_subtree_figures_are_those_of_bare_sql(district):
    assert count(district, "SELECT count(*) FROM journal WHERE corrects IS NOT NULL OR voids IS NOT NULL") == 0
    assert count(district, "SELECT count(*) FROM unit_versions WHERE from_on > '0001-01-01'") == 0
    labels = {name: one.label for name, one in district.office.settings.indicators.items()}
    seen = set()
    for code in (TOP, BRANCH, busiest(district)):
        page = district.get("/don-vi", ma=code, ky="2020").text
        shown = table_of(page, "Các chỉ số của đơn vị")
        expected = {}
        for name, (trigger, day) in COUNTED.items():
            rows = f"""SELECT count(*) FROM journal WHERE trigger = '{trigger}'
              AND {day} BETWEEN '2020-01-01' AND '2020-06-30' AND unit_id IN"""
            expected[name] = rows
        for name in REPORTED:
            expected[name] = f"""SELECT sum(value) FROM reported_figures WHERE indicator = '{name}'
              AND period LIKE '2020%' AND credited_unit_id IN"""
        for name, query in expected.items():
            own = count(district, f"{query} (SELECT id FROM units WHERE code = :code)", code=code)
            below = count(district, f"{BELOW} {query} (SELECT id FROM below)", code=code)
            assert row_of(shown, labels[name])[1:3] == [f"{own:,}".replace(",", "."), f"{below:,}".replace(",", ".")]
            seen |= {(name, "own") if own else None, (name, "below") if below > own else None}
    assert seen >= {(name, "below") for name in (*COUNTED, *REPORTED)}
    assert seen >= {(name, "own") for name in COUNTED}


def test_people_by_step_are_those_of_bare_sql_and_lead_to_lists_of_as_many(district):
    ended = busiest(district)
    end_unit(district.office, ended, "31/05/2020")  # its people still count, and are still found
    for code in (TOP, str(show_unit(district.office, ended)["parent"])):
        shown = table_of(district.get("/don-vi", ma=code).text, "Số người ở từng bước")
        by_step = """SELECT step, count(*) FROM candidates WHERE unit_id IN (SELECT id FROM below) GROUP BY step"""
        below = dict(sql(district, BELOW + by_step, code=code))
        assert below
        for step, number in below.items():
            row = row_of(shown, STEP_LABELS[step].vi)
            own = count(
                district,
                "SELECT count(*) FROM candidates c JOIN units u ON u.id = c.unit_id WHERE u.code = :code AND c.step = :step",
                code=code,
                step=step,
            )
            assert row[1:] == [str(own), str(number)]
        assert rows_of(shown)[-1][2] == str(sum(below.values()))
        links = re.findall(r'<td class="kn-number"><a href="([^"]+)">(\d+)</a>', shown)
        assert sorted(int(number) for _, number in links) == sorted(below.values())
        for address, number in links:
            listed = main_words(district.get(unescape(address)).text)
            assert f" trong {number} Mỗi trang" in listed, address


def test_counts_of_cases_lead_to_lists_of_as_many(district):
    page = district.get("/don-vi", ky="2020").text
    links = re.findall(r'href="(/leo-thang\?don_vi=[^"]+)"[^>]*>(\d+)</a>', page)
    assert len(links) > 3
    for address, number in links:
        shown = district.get(unescape(address)).text
        assert f"Đang mở {number} " in main_words(shown)
        code = address.partition("don_vi=")[2]
        query = BELOW + "SELECT count(*) FROM cases WHERE closed_on IS NULL AND unit_id IN (SELECT id FROM below)"
        assert count(district, query, code=code) == int(number)


def test_the_people_behind_a_figure_are_as_many(district):
    page = district.get("/ky-bao-cao", don_vi=TOP, ky="2020-H1").text
    links = re.findall(r'<a href="(/ky-bao-cao/nguoi\?[^"]+)"[^>]*>(\d+)', table_of(page, "Kết quả các chỉ số"))
    assert len(links) > 3
    for address, number in links:
        shown = district.get(unescape(address)).text
        pages = [
            shown,
            *(
                district.get(unescape(more)).text
                for more in set(re.findall(r'href="(/ky-bao-cao/nguoi\?[^"]*trang=\d+)"', shown))
            ),
        ]
        assert sum(len(re.findall(r'href="/nguoi/ho-so\?ma=', one)) for one in pages) == int(number), address


def test_the_units_cases_stand_on_its_page(district):
    office = district.office
    mine = [one for one in list_cases(office, BRANCH)["items"] if one["unit"] == BRANCH]
    assert mine
    page = district.get("/don-vi", ma=BRANCH, ky="2020").text
    for one in mine:
        assert f'href="/leo-thang/vu-viec?so={one["case"]}">{one["indicator_label"]}, {one["period"]}</a>' in page
        assert f"{one['label']} {one['actual']}/{one['floor']}" in main_words(page)
    close_case(office, str(mine[0]["case"]), reason="đã xong")
    page = district.get("/don-vi", ma=BRANCH, ky="2020").text
    assert f'vu-viec?so={mine[0]["case"]}"' not in page
    assert "1 vụ việc đã đóng" in main_words(page)
    over = re.search(r'href="(/leo-thang\?don_vi=[^"]*nhom=dong)"', page)
    assert over is not None
    assert f'vu-viec?so={mine[0]["case"]}"' in district.get(unescape(over[1])).text


def test_recipients_and_who_is_reached_stand_on_the_page(district):
    told = {"ma": BRANCH, "phan": "nguoi-nhan"}
    stored = sql(
        district,
        "SELECT r.name, r.address FROM recipients r JOIN units u ON u.id = r.unit_id WHERE u.code = :code",
        code=BRANCH,
    )
    page = district.get("/don-vi", **told).text
    shown = rows_of(table_of(page, "Người nhận của đơn vị"))[1:]
    assert sorted((row[1], row[2]) for row in shown) == sorted(stored)
    ladder = rows_of(table_of(page, "Thang đôn đốc của đơn vị"))[1:]
    assert [row[0] for row in ladder] == ["1. Đã nhắc đơn vị", "2. Đã báo cấp ủy cấp trên", "3. Đã báo ban thường vụ"]
    assert [row[3] for row in ladder] == ["1 người nhận", "2 người nhận", "1 người nhận"]
    assert "của đơn vị" in ladder[0][2]
    assert all("Liên đoàn Lao động quận Long Biên" in row[2] for row in ladder[1:])
    role, address = sql(
        district,
        "SELECT r.role, r.address FROM recipients r JOIN units u ON u.id = r.unit_id"
        " WHERE u.code = :code AND r.role = 'bi_thu'",
        code=BRANCH,
    )[0]
    remove_recipient(district.office, BRANCH, role, address)
    page = district.get("/don-vi", **told).text
    assert address not in page
    first = rows_of(table_of(page, "Thang đôn đốc của đơn vị"))[1]
    assert first[3].startswith("Không tới ai")
    assert len(first[3]) > len("Không tới ai "), "it says why"


def test_the_structure_from_day_to_day_stands_on_the_page(district):
    office = district.office
    add_unit(
        office, "MOI", name="Chi bộ Ban Mai", kind="chi_bo", parent=BRANCH, chain="uy_quyen", from_on=date(2020, 1, 5)
    )
    change_unit(office, "MOI", "01/03/2020", name="Chi bộ Nắng Mai", parent=OTHER, attributes={"so_dang_vien": "9"})
    add_unit(office, "SAU", name="Chi bộ Kế Tiếp", kind="chi_bo", parent=BRANCH)
    end_unit(office, "MOI", "31/05/2020", successor="SAU")
    page = district.get("/don-vi", ma="MOI", phan="to-chuc").text
    shown = rows_of(table_of(page, "Các lần thay đổi của đơn vị"))[1:]
    assert [row[0] for row in shown] == ["01/06/2020 hiện nay", "01/03/2020", "05/01/2020"]
    assert shown[0][1] == "Không còn hoạt động từ ngày này"
    assert (shown[1][1], shown[2][1]) == ("Chi bộ Nắng Mai", "Chi bộ Ban Mai")
    assert (shown[1][3], shown[2][3]) == (OTHER, BRANCH)
    assert "9" in shown[1][5]
    words = main_words(page)
    assert "Được kế thừa bởi SAU , 01/06/2020" in words
    assert "Kế thừa từ MOI , 01/06/2020" in main_words(district.get("/don-vi", ma="SAU", phan="to-chuc").text)
    assert "SAU" in main_words(district.get("/don-vi", ma=BRANCH, phan="to-chuc").text)
