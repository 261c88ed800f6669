"""Allocation: the parts of one decision sum to their whole."""

from datetime import date
from decimal import Decimal

import pytest

from states.allocation import Allocation, allocations, decision_of
from states.errors import BadInput
from states.figures import Tree
from states.targets import Target

DAY = date(2020, 3, 25)


def target(unit, floor, **more):
    fields = {"decision_number": "161/QĐ", "decision_date": DAY} | more
    return Target(unit, "admitted", "2020", None if floor is None else Decimal(floor), **fields)


def allocation(whole, *parts, complete=False):
    return Allocation(target(1, whole), tuple(target(2 + n, part) for n, part in enumerate(parts)), complete)


@pytest.mark.parametrize(
    ("one", "asked"),
    [
        (allocation(24, 10, 14), False),
        (allocation(24, 10, 14, complete=True), True),
        (allocation(24, 10), False),
        (allocation(24), False),
        (allocation("7.5", "2.5", 5), True),
    ],
)
def test_parts_that_sum_or_stay_below_are_taken(one, asked):
    one.check("LB", whole=asked)


@pytest.mark.parametrize(
    ("one", "asked", "words"),
    [
        (allocation(24, 10, 15), False, "toàn bộ 24 mà các phần cộng lại 25, thừa 1."),
        (allocation(24, 10, 13, complete=True), False, "toàn bộ 24 mà các phần cộng lại 23, thiếu 1."),
        (allocation(24, 10), True, "toàn bộ 24 mà các phần cộng lại 10, thiếu 14."),
        (allocation(1200, 1, complete=True), False, "toàn bộ 1.200 mà các phần cộng lại 1, thiếu 1.199."),
    ],
)
def test_parts_that_do_not_sum_are_refused_with_whole_sum_and_difference(one, asked, words):
    with pytest.raises(BadInput) as refused:
        one.check("LB", whole=asked)
    assert words in refused.value.say()
    assert refused.value.details["difference"] == one.left


TREE = Tree({1: None, 2: 1, 3: 1, 4: 2, 5: 1}, {1, 2, 3, 4})  # 5 is no more


def test_whole_and_parts_stand_right_under_each_other():
    found = {one.whole.unit_id: one for one in allocations([target(n, 24 - n) for n in (1, 2, 3, 4)], TREE)}
    assert {unit: (len(one.parts), one.complete) for unit, one in found.items()} == {1: (2, True), 2: (1, True)}
    (partial,) = allocations([target(1, 24), target(2, 10)], TREE)
    assert (partial.left, partial.complete) == (14, False)


def test_a_part_is_the_credited_bodys():
    (one,) = allocations([target(1, 24), target(9, 10, credited_unit_id=3)], TREE)
    assert [part.unit_id for part in one.parts] == [9]


def test_a_range_counts_by_its_floor_and_a_ceiling_alone_not_at_all():
    (one,) = allocations([target(1, 24), target(2, 10, ceiling=Decimal(15)), target(3, None, ceiling=Decimal(3))], TREE)
    assert (one.left, one.complete) == (14, False)


@pytest.mark.parametrize(
    "more",
    [
        {"decision_number": None},
        {"decision_date": date(1, 1, 1)},
        {"rule": "A"},
        {"floor": None, "ratio": Decimal("0.5")},
    ],
)
def test_only_numbers_of_a_fully_named_decision_are_one_allocation(more):
    assert decision_of(target(1, 24)) == ("admitted", "2020", "161/QĐ", DAY)
    assert decision_of(target(1, 24)._replace(**more)) is None
