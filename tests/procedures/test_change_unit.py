"""A unit changed from a day on: what may be said, what stands against it, what moves, and that a preview writes nothing."""

from __future__ import annotations

from datetime import date

import pytest

from procedures.change_unit import change_unit, end_unit, unit_head
from procedures.office import Office
from procedures.units import add_unit, show_unit
from states.errors import BadInput, Conflict, Refused, Unknown
from states.roles import Actor, Forbidden

TODAY = date(2026, 3, 2)
DAY = date(2026, 3, 1)


@pytest.fixture
def office(database):
    office = Office.open(today=TODAY, database_url="sqlite:///unused.db", user="test")
    office.database = database
    for code, parent, kind in (
        ("DU", None, "dang_uy_xa"), ("A", "DU", "dang_uy_co_so"), ("B", "DU", "dang_uy_co_so"), ("CB", "A", "chi_bo"),
    ):  # fmt: skip
        add_unit(office, code, name=f"Đơn vị {code}", kind=kind, parent=parent)
    return office


def test_a_dated_change_keeps_what_is_not_named(office):
    told = change_unit(office, "CB", DAY, name="Chi bộ mới", attributes={"so_dang_vien": "12"})
    assert [(one["label"], one["before"], one["after"]) for one in told["changes"]] == [
        ("Tên", "Đơn vị CB", "Chi bộ mới"),
        ("Số đảng viên", "chưa rõ", "12"),
    ]
    shown = show_unit(office, "CB")
    assert (shown["name"], shown["parent"], shown["attributes"]["so_dang_vien"]) == ("Chi bộ mới", "A", "12")
    assert [one["from"] for one in shown["versions"]] == [None, DAY]
    assert show_unit_on(office, "CB", date(2026, 2, 28)) == "Đơn vị CB"


def show_unit_on(office, code, day):
    with office.database.reading() as connection:
        units = office.units(connection)
    return units.name(units.by_code[code], day)


def test_a_preview_writes_nothing_and_names_the_chains_it_moves(office):
    told = change_unit(office, "A", DAY, chain="uy_quyen", preview=True)
    assert told["preview"]
    assert [one["said"] for one in told["moves"] if one["what"] == "chain"] == [
        "Chuỗi duyệt của A: cơ sở → ủy quyền; đang chờ: không ai.",
        "Chuỗi duyệt của CB: cơ sở → ủy quyền; đang chờ: không ai.",
    ]
    assert show_unit(office, "A")["chain"] == "co_so"
    assert len(show_unit(office, "A")["versions"]) == 1
    change_unit(office, "B", DAY, name="Khác")  # takes the number the preview had
    assert (show_unit(office, "A")["chain"], show_unit(office, "B")["name"]) == ("co_so", "Khác")


def test_the_tree_that_figures_go_up_is_kept_until_it_changes(office):
    def tree(day=TODAY):
        with office.database.reading() as connection:
            return office.tree(connection, day), office.units(connection).by_code

    first, ids = tree()
    assert first.parents[ids["CB"]] == ids["A"]
    assert tree()[0] is first
    change_unit(office, "CB", DAY, parent="B", preview=True)  # written and taken back: a version's number comes again
    assert tree()[0].parents[ids["CB"]] == ids["A"]
    change_unit(office, "CB", DAY, parent="B")
    assert tree()[0].parents[ids["CB"]] == ids["B"]
    assert tree(date(2026, 2, 28))[0].parents[ids["CB"]] == ids["A"]
    for n in range(1, 10):
        tree(date(2025, n, 1))
    assert sum(map(len, office._days.values())) <= 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parent": "CB"}, "dưới chính mình: A → CB → A"),
        ({"parent": "A"}, "dưới chính mình: A → A"),
        ({"name": "  "}, "không được để trống"),
        ({"kind": "chi_bo_la"}, "Không có loại đơn vị"),
        ({"chain": "la"}, "không có trong danh mục"),
        ({"attributes": {"so_dang_vien": "mười"}}, "«mười»"),
        ({"attributes": {"co_doan": "có lẽ"}}, "có lẽ"),
        ({}, "Không có gì khác"),
        ({"name": "Đơn vị A"}, "Không có gì khác"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(office, change, words):
    with pytest.raises(BadInput) as refused:
        change_unit(office, "A", DAY, **change)
    assert words in refused.value.say("vi")
    assert len(show_unit(office, "A")["versions"]) == 1


def test_a_circle_that_closes_only_later_is_refused(office):
    change_unit(office, "B", date(2026, 6, 1), parent="CB")
    with pytest.raises(BadInput, match="stand above itself"):
        change_unit(office, "A", DAY, parent="B")


def test_days_are_needed_and_read(office):
    for written, words in ((None, "ngày bắt đầu"), ("", "ngày bắt đầu"), ("31/02/2026", "31/02/2026")):
        with pytest.raises(BadInput) as refused:
            change_unit(office, "A", written, name="X")
        assert words in refused.value.say("vi")
    assert change_unit(office, "A", "01/03/2026", name="X")["from"] == DAY


def test_two_who_change_one_unit_meet_a_conflict(office):
    seen = unit_head(office, "CB")
    change_unit(office, "CB", DAY, name="Một", version=seen)
    with pytest.raises(Conflict):
        change_unit(office, "CB", DAY, name="Hai", version=seen)
    assert show_unit(office, "CB")["name"] == "Một"


def test_a_unit_that_ends_warns_of_what_is_left_and_is_changed_no_more(office):
    told = end_unit(office, "A", "28/02/2026", successor="B", preview=True)
    assert told["changes"][0]["after"] == "ngày cuối cùng 28/02/2026"
    assert told["warnings"] == ["Còn 1 đơn vị trực thuộc; xin chuyển hoặc kết thúc các đơn vị ấy."]
    end_unit(office, "A", "28/02/2026", successor="B")
    shown = show_unit(office, "A")
    assert (shown["active"], shown["successors"]) == (False, [{"code": "B", "on": DAY}])
    with pytest.raises(BadInput, match="ended"):
        change_unit(office, "A", DAY, name="X")


def test_a_later_change_that_stands_is_told(office):
    change_unit(office, "CB", date(2026, 6, 1), name="Sau")
    told = change_unit(office, "CB", DAY, name="Trước")
    assert told["warnings"] == [
        "Đã có thay đổi ghi từ ngày 01/06/2026: những gì thay đổi ấy nói vẫn giữ nguyên từ ngày đó."
    ]


def test_an_account_changes_only_what_stands_below_its_own(office):
    mine = office.for_actor(Actor("cb", "can_bo", "A"))
    assert change_unit(mine, "CB", DAY, name="Được")["changes"]
    assert change_unit(mine, "A", DAY, name="Tên mới")["changes"]
    with pytest.raises(Unknown):
        change_unit(mine, "B", DAY, name="X")
    with pytest.raises(Unknown):
        change_unit(mine, "CB", DAY, parent="B")
    with pytest.raises(BadInput, match="scope"):
        change_unit(mine, "CB", DAY, parent="")
    with pytest.raises(Refused):
        change_unit(mine, "A", DAY, parent="")
    with pytest.raises(Refused):
        end_unit(mine, "A", DAY)
    for role in ("bi_thu", "theo_doi"):
        with pytest.raises(Forbidden):
            change_unit(office.for_actor(Actor("x", role, "A")), "CB", DAY, name="X")
