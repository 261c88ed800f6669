"""Conditions on attributes, cells that sum to their total, and small cells that cannot be had by subtraction."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.cells import EDUCATION_LABELS, SEXES
from procedures.workbook import PERSON_ATTRIBUTES, UNIT_ATTRIBUTES, YES_NO
from states import breakdowns
from states.breakdowns import AGE, ATTRIBUTES, KIND, Breakdown, Cell, hidden, read_condition
from states.errors import BadInput


def test_the_attributes_are_the_columns_of_the_workbook():
    of_people = {key for key, one in ATTRIBUTES.items() if one.of == breakdowns.PERSON}
    of_units = {key for key, one in ATTRIBUTES.items() if one.of == breakdowns.UNIT}
    assert of_people == {*PERSON_ATTRIBUTES, AGE}
    assert of_units == {*UNIT_ATTRIBUTES, KIND}
    assert {key for key, one in ATTRIBUTES.items() if one.kind == breakdowns.YES_NO} == YES_NO
    assert set(ATTRIBUTES["gioi_tinh"].codes) == set(SEXES)
    assert list(breakdowns.EDUCATION) == list(EDUCATION_LABELS)


@pytest.mark.parametrize(
    ("key", "given", "value", "met"),
    [
        ("gioi_tinh", "nu", "nu", True),
        ("gioi_tinh", "nu", "nam", False),
        ("gioi_tinh", "Nữ", "nu", True),
        ("dan_toc", "Kinh", "kinh", True),
        ("dan_toc", ["Kinh", "Việt"], "Việt", True),
        ("dan_toc", {"not": "Kinh"}, "Tày", True),
        ("dan_toc", {"not": "Kinh"}, "Kinh", False),
        ("dan_toc", {"not": "Kinh"}, None, False),  # not known is not another people
        ("nghe_nghiep", "công nhân*", "Công nhân may", True),
        ("nghe_nghiep", "công nhân", "Công nhân may", False),
        ("doan_vien", True, "1", True),
        ("doan_vien", False, "0", True),
        ("doan_vien", "1", "1", True),
        ("doan_vien", False, None, False),
        ("tuoi", "18-30", 30, True),
        ("tuoi", "18-30", 31, False),
        ("tuoi", "61+", 61, True),
        ("tuoi", "61+", 60, False),
        ("tuoi", ["18-30", "41-45"], 42, True),
        ("tuoi", 18, 18, True),
        ("tuoi", "0-17", 0, True),
        ("so_lao_dong", "26+", "26", True),
        ("so_lao_dong", "26+", "", False),
    ],
)
def test_a_condition(key, given, value, met):
    assert read_condition(key, given).meets(value) is met


@pytest.mark.parametrize(("key", "given"), [("tuoi", True), ("doan_vien", 2), ("dan_toc", "?!"), ("khu_vuc", "")])
def test_what_is_no_condition(key, given):
    with pytest.raises(BadInput):
        read_condition(key, given)


AGES = Breakdown(
    "age", "Độ tuổi", "tuoi", tuple(Cell(b, b, read_condition("tuoi", b)) for b in ("18-30", "31-35", "61+"))
)
PEOPLES = Breakdown(
    "minority", "Dân tộc", "dan_toc", (Cell("thieu_so", "Thiểu số"), Cell("kinh", "Kinh", read_condition("dan_toc", "Kinh")))
)  # fmt: skip


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 100)), st.integers(0, 9))), st.integers(0, 9))
def test_cells_sum_to_the_total(counts, reported):
    total = sum(count for _, count in counts) + reported
    cells = AGES.tally(counts, total)
    assert sum(count for _, _, count in cells) == total
    assert cells[-1][0] == breakdowns.UNKNOWN
    assert cells[-1][2] == reported + sum(count for value, count in counts if value is None)


def test_the_rest_takes_what_is_known_and_in_no_other_cell():
    counts = [("Kinh", 5), ("Tày", 2), ("Mông", 1), (None, 3)]
    assert [(value, count) for value, _, count in PEOPLES.tally(counts, 12)] == [
        ("thieu_so", 3),
        ("kinh", 5),
        ("chua_ro", 4),
    ]
    assert [value for value, _, _ in AGES.tally([(40, 1)], 1)] == ["18-30", "31-35", "61+", "khac", "chua_ro"]


@pytest.mark.parametrize(
    ("counts", "places"),
    [
        ([10, 20, 0], ()),
        ([10, 4, 20], (0, 1)),  # the least of the rest goes with it
        ([10, 4, 10], (0, 1, 2)),  # which of two equals was hidden would give it away
        ([3, 3, 0], (0, 1, 2)),  # nothing but small ones
        ([1, 0, 0], (0, 1, 2)),  # the total itself is small
        ([4, 4, 30, 40], (0, 1, 2)),
        ([0, 0, 0], ()),
    ],
)
def test_which_cells_are_hidden(counts, places):
    assert hidden(counts, 5) == frozenset(places)


@pytest.mark.parametrize(("cells", "most"), [(2, 11), (3, 9), (4, 6)])
def test_nobody_can_work_a_hidden_cell_out(cells, most):
    """Whoever knows the total, the cells shown and the rule itself finds at least two values for every hidden cell."""
    told = {}
    for counts in itertools.product(range(most + 1), repeat=cells):
        if sum(counts) <= most:
            places = hidden(counts, 3)
            shown = tuple(None if place in places else count for place, count in enumerate(counts))
            told.setdefault((sum(counts), shown), []).append(counts)
    for (_, shown), tables in told.items():
        for place, count in enumerate(shown):
            assert count is not None or len({table[place] for table in tables}) > 1
