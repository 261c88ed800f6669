"""Units listed, shown and added."""

from datetime import date

import pytest

from procedures.import_workbook import import_workbook
from procedures.units import add_unit, list_units, show_unit
from states.errors import BadInput, Unknown
from tests.procedures.books import lawful, office_on, save


@pytest.fixture
def office(sqlite_database, tmp_path):
    office = office_on(sqlite_database)
    import_workbook(office, save(tmp_path / "so.xlsx", {"don_vi": lawful()["don_vi"]}))
    return office


def test_units_are_listed_by_code(office):
    items = list_units(office)["items"]
    assert [(one["code"], one["kind"], one["parent"]) for one in items] == [
        ("00", "huyen_uy", None),
        ("001", "chi_bo", "01"),
        ("01", "dang_uy_co_so", "00"),
    ]


def test_a_unit_is_shown_with_what_is_below_and_its_chain(office):
    shown = show_unit(office, "01")
    assert (shown["name"], shown["chain"], shown["children"]) == ("Đảng ủy Mẫu", "co_so", ["001"])


def test_a_unit_is_added_under_another(office):
    made = add_unit(office, "002", name=" Chi  bộ Hai", kind="Chi bộ", parent="01", from_on=date(2020, 1, 1))
    assert (made["code"], made["kind"], made["parent"], made["chain"]) == ("002", "chi_bo", "01", "co_so")
    assert show_unit(office, "002")["versions"][0]["from"] == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("error", "words", "values"),
    [
        (BadInput, "Đã có đơn vị", {"code": "001", "name": "A", "kind": "chi_bo"}),
        (BadInput, "loại đơn vị", {"code": "9", "name": "A", "kind": "hội"}),
        (BadInput, "mã và tên", {"code": "9", "name": " ", "kind": "chi_bo"}),
        (Unknown, "gần giống: 01", {"code": "9", "name": "A", "kind": "chi_bo", "parent": "011"}),
        (BadInput, "ủy quyền", {"code": "9", "name": "A", "kind": "chi_bo", "chain": "nhanh"}),
    ],
)
def test_what_cannot_be_added_is_said(office, error, words, values):
    with pytest.raises(error) as caught:
        add_unit(office, **values)
    assert words in caught.value.say("vi")
    assert len(list_units(office)["items"]) == 3


def test_an_unknown_unit_is_said_with_a_similar_one(office):
    with pytest.raises(Unknown) as caught:
        show_unit(office, "0001")
    assert "001" in caught.value.say("vi")
