"""Allocating a target: by command, by setting one after the other, by workbook; the parts sum to the whole."""

from datetime import date

import pytest

from procedures.allocation import allocate_target, read_parts
from procedures.import_workbook import import_workbook
from procedures.targets import list_targets, set_target
from states.errors import BadInput, Unknown
from tests.procedures.books import lawful, office_on, save
from tests.procedures.district import District

DAY = date(2020, 6, 30)
DECISION = {"decision_number": "161/QĐ", "decision_date": date(2020, 3, 25)}


@pytest.fixture
def office(database):
    made = District(database)
    made.unit("LB")
    for code in ("A", "B", "C"):
        made.unit(code, "LB")
    made.unit("A1", "A")
    made.unit("CU", "LB", on=date(2019, 1, 1), ended=True)
    made.target("LB", "admitted", "2020", 24, **DECISION)
    return made.office(DAY)


def standing(office):
    return {item["unit"]: item["floor"] for item in list_targets(office)["items"] if item["in_force"]}


def allocate(office, *words, indicator="admitted", unit="LB", **more):
    return allocate_target(office, unit, indicator, "2020", read_parts(words), **more)


def test_a_whole_is_allocated_by_its_own_decision_or_by_another(office):
    done = allocate(office, "A=10", "B=14")
    assert (done["whole"], done["created"], done["unchanged"]) == (24, 2, 0)
    assert [(part["unit"], part["floor"], part["decision_number"]) for part in done["parts"]] == [
        ("A", 10, "161/QĐ"),
        ("B", 14, "161/QĐ"),
    ]
    assert allocate(office, "A=10", "B=14")["unchanged"] == 2
    again = {"decision_number": "200/QĐ", "decision_date": "2020-06-01"}
    assert allocate(office, "A=8", "B=8", "C=8", **again)["created"] == 3
    assert standing(office) == {"LB": 24, "A": 8, "B": 8, "C": 8}
    assert allocate(office, "A1=8", unit="A")["created"] == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["A=10", "B=13"], "Chỉ tiêu admitted kỳ 2020 của LB: toàn bộ 24 mà các phần cộng lại 23, thiếu 1."),
        (["A=10", "B=15"], "Chỉ tiêu admitted kỳ 2020 của LB: toàn bộ 24 mà các phần cộng lại 25, thừa 1."),
        (["A1=24"], "A1 không trực thuộc LB."),
        (["CU=24"], "CU không trực thuộc LB."),
        (["LB=24"], "LB không trực thuộc LB."),
        (["A=10", "A=14"], "A được ghi hai lần."),
        (["A"], "«A» cần viết MÃ=SỐ, ví dụ CB-01=3."),
        (["A="], "«A=» cần viết MÃ=SỐ, ví dụ CB-01=3."),
        (["=24"], "«=24» cần viết MÃ=SỐ, ví dụ CB-01=3."),
        (["A=24 người"], "«24 người» không phải là số."),
        (["A=-1", "B=25"], "Chỉ tiêu -1 phải là số từ 0 trở lên."),
        (["A=NaN", "B=25"], "«NaN» không phải là số."),
        ([], "Cần ít nhất một phần: --to MÃ=SỐ."),
    ],
)
def test_what_does_not_sum_is_refused_and_nothing_written(office, words, message):
    with pytest.raises(BadInput) as refused:
        allocate(office, *words)
    assert refused.value.say().startswith(message)
    assert standing(office) == {"LB": 24}


def test_there_must_be_a_whole_in_numbers(office):
    with pytest.raises(BadInput, match="has no floor"):
        allocate(office, "A=24", indicator="introduced")
    with pytest.raises(Unknown, match="There is no indicator nowhere"):
        allocate(office, "A=24", indicator="nowhere")
    with pytest.raises(Unknown):
        allocate(office, "X=24")
    with pytest.raises(BadInput, match="lies after the business day"):
        allocate(office, "A=24", decision_date="2020-07-01")


def test_whoever_keeps_a_part_must_be_named(office):
    allocate(office, "A=10", "B=14")
    again = {"decision_number": "200/QĐ", "decision_date": "2020-06-01"}
    with pytest.raises(BadInput) as refused:
        allocate(office, "A=24", **again)
    assert refused.value.say() == "B đang có chỉ tiêu 14. Xin ghi cả B (ghi B=0 nếu không giao nữa)."
    assert allocate(office, "A=24", "B=0", **again)["created"] == 2


# ---------------------------------------------------------------------- one after the other


def give(office, unit, floor, **more):
    return set_target(office, unit, "admitted", "2020", floor=floor, **DECISION | more)


def unallocated(office):
    return {item["unit"]: item["unallocated"] for item in list_targets(office)["items"]}


def test_parts_of_one_decision_may_stay_below_until_the_last_one_has_its_own(office):
    assert unallocated(office) == {"LB": None}
    give(office, "A", 10)
    assert unallocated(office) == {"LB": 14, "A": None}
    give(office, "B", 10)
    assert unallocated(office)["LB"] == 4
    for wrong, message in ((5, "cộng lại 25, thừa 1."), (3, "cộng lại 23, thiếu 1.")):
        with pytest.raises(BadInput) as refused:
            give(office, "C", wrong)
        assert refused.value.say().endswith(message)
    give(office, "C", 4)
    assert unallocated(office)["LB"] == 0


def test_the_whole_may_come_after_its_parts(office):
    parts = {"indicator": "introduced", "period": "2020"} | DECISION
    for unit in ("A", "B", "C"):
        set_target(office, unit, floor=5, **parts)
    with pytest.raises(BadInput, match="whole is 14, its parts sum to 15, 1 too much"):
        set_target(office, "LB", floor=14, **parts)
    set_target(office, "LB", floor=15, **parts)


@pytest.mark.parametrize(
    "other",
    [{"decision_number": "162/QĐ"}, {"decision_date": date(2020, 3, 26)}, {"decision_number": None}],
)
def test_another_decision_is_no_part(office, other):
    assert give(office, "A", 30, **other)["created"] == 1


# ---------------------------------------------------------------------- by workbook

HEADINGS = ["don_vi", "chi_so", "ky", "toi_thieu", "so_van_ban", "ngay_van_ban"]


def book(tmp_path, *rows):
    sheets = lawful()
    sheets["don_vi"].append(["02", "Đảng ủy Hai", "dang_uy_co_so", "00", None])
    day = date(2020, 3, 25)
    sheets["chi_tieu"] = [HEADINGS, *([unit, "admitted", 2020, floor, "161/QĐ", day] for unit, floor in rows)]
    return save(tmp_path / "giao.xlsx", sheets)


def test_a_workbook_with_parts_that_sum_or_stay_below_is_taken(database, tmp_path):
    office = office_on(database, DAY)
    assert import_workbook(office, book(tmp_path, ("00", 5), ("01", 2)))["created"]["chi_tieu"] == 2
    assert import_workbook(office, book(tmp_path, ("02", 3), ("01", 2), ("00", 5)))["created"]["chi_tieu"] == 1
    assert unallocated(office) == {"00": 0, "01": None, "02": None}


@pytest.mark.parametrize(
    ("rows", "row", "message"),
    [
        ([("01", 2), ("00", 5), ("02", 4)], 3, "toàn bộ 5 mà các phần cộng lại 6, thừa 1."),
        ([("01", 2), ("02", 2), ("00", 5)], 4, "toàn bộ 5 mà các phần cộng lại 4, thiếu 1."),
        ([("00", 5), ("01", 6)], 2, "toàn bộ 5 mà các phần cộng lại 6, thừa 1."),
    ],
)
def test_a_workbook_whose_parts_do_not_sum_is_refused_whole(database, tmp_path, rows, row, message):
    office = office_on(database, DAY)
    with pytest.raises(BadInput) as refused:
        import_workbook(office, book(tmp_path, *rows))
    (error,) = refused.value.details["errors"]
    assert (error["sheet"], error["row"], error["column"]) == ("chi_tieu", row, "toi_thieu")
    assert error["message"].endswith(message)
    assert list_targets(office)["items"] == []


def test_a_part_that_comes_in_a_later_file_is_told_at_its_own_row(database, tmp_path):
    office = office_on(database, DAY)
    import_workbook(office, book(tmp_path, ("00", 5)))
    with pytest.raises(BadInput) as refused:
        import_workbook(office, book(tmp_path, ("01", 6)))
    (error,) = refused.value.details["errors"]
    assert (error["row"], error["cell"]) == (2, "D2")
