"""Sums up the tree, and shorter periods added up to longer ones."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.figures import PeriodPicker, Tree, cover
from states.periods import parse_period


def period(code):
    return parse_period(code, {})


@pytest.mark.parametrize(
    ("asked", "known", "chosen"),
    [
        ("2020", ["2020", "2020-Q1"], {"2020"}),
        ("2020", ["2020-H1", "2020-Q1", "2020-Q2"], {"2020-H1"}),
        ("2020", ["2020-Q1", "2020-01", "2020-02", "2020-04"], {"2020-Q1", "2020-04"}),
        ("2020", ["2020-H1", "2020-H2", "2020-9M"], {"2020-H1", "2020-H2"}),
        ("2020", ["2020-9M", "2020-Q4", "2020-H1"], {"2020-9M", "2020-Q4"}),
        ("2020-9M", ["2020-H1", "2020-Q3", "2020-Q4"], {"2020-H1", "2020-Q3"}),
        ("2020-Q2", ["2020", "2020-H1", "2020-Q1"], set()),
        ("2020-Q2", ["2020-04", "2020-06", "2020-07"], {"2020-04", "2020-06"}),
        ("2020-06", [], set()),
    ],
)
def test_which_figures_stand_for_a_period(asked, known, chosen):
    assert set(cover(period(asked), [period(code) for code in known])) == chosen


codes = (
    [f"2020-{m:02d}" for m in range(1, 13)] + [f"2020-Q{q}" for q in range(1, 5)] + ["2020-H1", "2020-H2", "2020-9M"]
)


@given(st.sets(st.sampled_from(codes)))
def test_the_chosen_figures_never_overlap_and_cover_what_can_be(known):
    chosen = [period(code) for code in cover(period("2020"), [period(code) for code in known])]
    days = [day for p in chosen for day in range(p.first.toordinal(), p.last.toordinal() + 1)]
    assert len(days) == len(set(days))
    for p in map(period, known):  # nothing disjoint from the choice was left out
        assert set(range(p.first.toordinal(), p.last.toordinal() + 1)) & set(days)


def test_the_picker_adds_up_or_takes_the_latest_of_a_stock():
    known = [period(code) for code in ("2020-Q1", "2020-Q2", "2020-05")]
    picker = PeriodPicker(period("2020-H1"), known)
    values = {"2020-Q1": 3, "2020-05": Decimal("1.5")}
    assert picker.pick(values) == Decimal("4.5")
    assert picker.pick(values, stock=True) == Decimal("1.5")
    assert picker.pick({"2019": 3}) is None


@st.composite
def forests(draw):
    size = draw(st.integers(1, 25))
    parents = {0: None}
    for unit in range(1, size):
        parents[unit] = draw(st.one_of(st.none(), st.integers(0, unit - 1)))
    order = draw(st.permutations(sorted(parents)))
    own = draw(st.dictionaries(st.sampled_from(sorted(parents)), st.integers(0, 9)))
    return {unit: parents[unit] for unit in order}, own


@given(forests())
def test_own_figures_sum_to_the_subtree(drawn):
    parents, own = drawn
    tree = Tree(parents)
    total = tree.sum_up(own)
    for unit in parents:
        assert total.get(unit, 0) == sum(own.get(below, 0) for below in tree.subtree(unit))
    roots = [unit for unit, parent in parents.items() if parent is None]
    assert sum(total.get(root, 0) for root in roots) == sum(own.values())


def test_a_circle_neither_hangs_nor_counts_upwards():
    tree = Tree({1: 2, 2: 1, 3: None, 4: 3})
    assert tree.sum_up({1: 5, 4: 2}) == {1: 5, 4: 2, 3: 2}


def test_a_stock_said_by_a_unit_stands_for_all_below_it():
    tree = Tree({1: None, 2: 1, 3: 1, 4: 3}, {1, 2, 3, 4})
    assert tree.sum_where_unsaid({2: 10, 3: 20, 4: 7}) == {1: 30, 2: 10, 3: 20, 4: 7}
    assert tree.sum_where_unsaid({1: 99, 2: 10}) == {1: 99, 2: 10}


def test_a_unit_that_said_nothing_is_left_out_of_the_sums_whatever_is_below_it():
    tree = Tree({1: None, 2: 1})
    total = tree.sum_where_unsaid({1: 0, 2: 4})
    assert total == {1: 0, 2: 4}
    assert tree.own_of(total) == {1: -4, 2: 4}
    assert tree.sum_up(tree.own_of(total)) == {2: 4}


@given(forests(), st.data())
def test_what_units_have_beside_those_below_sums_up_to_what_they_said(drawn, data):
    parents, said = drawn
    tree = Tree(parents, data.draw(st.sets(st.sampled_from(sorted(parents)))))
    total = tree.sum_where_unsaid(said)
    assert tree.sum_up(tree.own_of(total)) == {unit: value for unit, value in total.items() if value}


def test_what_a_unit_that_is_no_more_said_counts_for_nothing_but_those_below_it_do():
    tree = Tree({1: None, 2: 1, 3: 2}, {1, 3})
    assert tree.sum_where_unsaid({2: 10, 3: 4}) == {1: 4, 2: 4, 3: 4}


def test_a_unit_that_is_no_more_stands_under_its_successor():
    tree = Tree({1: None, 2: 1, 3: 1, 4: 3, 5: 2}, {1, 3, 4})
    assert tree.succeeded({2: 4}).sum_up({2: 7, 5: 1}) == {1: 8, 2: 8, 3: 8, 4: 8, 5: 1}
    assert tree.succeeded({3: 4}).parents == tree.parents  # alive
    assert Tree({1: None, 2: 1, 5: 2}, {1, 5}).succeeded({2: 5}).parents == {1: None, 2: 1, 5: 2}  # its own child
    assert tree.succeeded({2: 99}).parents == tree.parents
