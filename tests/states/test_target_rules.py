"""Target rules: which unit falls under which, from which day, and what is recorded when it changes."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.breakdowns import exclude, read_condition
from states.periods import parse_period
from states.target_rules import TargetRule, changes, meet, periods_of, steps_of
from states.targets import Target, in_force

YEAR = parse_period("2021", {})
NEW_YEAR, LAST = date(2021, 1, 1), date(2021, 12, 31)


class Facts(NamedTuple):
    from_on: date
    kind: str = "doanh_nghiep"
    attributes: dict = {}  # noqa: RUF012
    ended: bool = False


def rule(name="A", party="1", indicator="introduced", floor=2, first=NEW_YEAR, last=LAST, period="year"):
    where = (read_condition("co_to_chuc_dang", party),) if party is not None else ()
    target = Target(0, indicator, "", Decimal(floor))
    return TargetRule(name, name, frozenset({"doanh_nghiep"}), where, period, target, first, last)


A, B = rule(), rule("B", "0", floor=1)


def unit(*turns):
    """A unit whose Party organisation came and went: (day, "1" or "0")."""
    return [Facts(day, attributes={"co_to_chuc_dang": value}) for day, value in turns]


def steps(versions, *rules, period=YEAR):
    found = steps_of(7, versions, [(one, [period]) for one in rules])
    return {key[1]: [(day, target and target.rule) for day, target in way] for key, way in found.items()}


def test_a_unit_that_gains_a_party_organisation_changes_rule_from_that_day():
    both = unit((date(2019, 1, 1), "0"), (date(2021, 6, 15), "1"))
    assert steps(both, A, B) == {"introduced": [(NEW_YEAR, "B"), (date(2021, 6, 15), "A")]}
    sent = rule("B", "0", "sent", 1)
    assert steps(both, A, sent) == {
        "introduced": [(date(2021, 6, 15), "A")],
        "sent": [(NEW_YEAR, "B"), (date(2021, 6, 15), None)],
    }


@pytest.mark.parametrize(
    ("versions", "way"),
    [
        ([Facts(date(2019, 1, 1), attributes={})], {}),  # never recorded: no rule is known to apply
        ([Facts(date(2019, 1, 1), "chi_bo", {"co_to_chuc_dang": "1"})], {}),
        (unit((date(2021, 3, 1), "1")), {"introduced": [(date(2021, 3, 1), "A")]}),  # founded in March
        (
            [*unit((date(2019, 1, 1), "1")), Facts(date(2021, 9, 1), ended=True)],
            {"introduced": [(NEW_YEAR, "A"), (date(2021, 9, 1), None)]},
        ),
        (unit((date(2019, 1, 1), "1"), (date(2021, 5, 1), "1")), {"introduced": [(NEW_YEAR, "A")]}),  # a new name
        (unit((date(2022, 1, 1), "1")), {}),
        (
            unit((date(2019, 1, 1), "1"), (date(2021, 4, 1), "0"), (date(2021, 8, 1), "1")),
            {"introduced": [(NEW_YEAR, "A"), (date(2021, 4, 1), None), (date(2021, 8, 1), "A")]},
        ),
    ],
)
def test_the_target_lasts_as_long_as_the_unit_is_so(versions, way):
    assert steps(versions, A) == way


def test_a_rule_holds_from_its_first_day_to_its_last():
    short = rule(first=date(2021, 3, 10), last=date(2021, 6, 30))
    always = unit((date(1, 1, 1), "1"))
    assert steps(always, short) == {"introduced": [(date(2021, 3, 10), "A"), (date(2021, 7, 1), None)]}
    after = rule("A2", floor=3, first=date(2021, 7, 1))
    assert steps(always, short, after) == {"introduced": [(date(2021, 3, 10), "A"), (date(2021, 7, 1), "A2")]}
    assert steps(always, rule(first=date(2021, 3, 10), last=date(2022, 12, 31))) == {
        "introduced": [(date(2021, 3, 10), "A")]
    }


@pytest.mark.parametrize(
    ("period", "today", "codes"),
    [
        ("year", date(2022, 5, 1), ["2021", "2022"]),
        ("year", date(2025, 5, 1), ["2021", "2022", "2023"]),
        ("year", date(2021, 3, 9), []),  # not decided yet
        ("half", date(2021, 7, 1), ["2021-H1", "2021-H2"]),
        ("quarter", date(2021, 6, 30), ["2021-Q1", "2021-Q2"]),
        ("month", date(2021, 4, 30), ["2021-03", "2021-04"]),
        ("2021/2023", date(2021, 4, 30), ["2021/2023"]),
        ("2022", date(2021, 4, 30), []),
    ],
)
def test_the_periods_begun_by_today_have_targets(period, today, codes):
    one = rule(first=date(2021, 3, 10), last=date(2023, 12, 31), period=period)
    terms = {"2021/2023": (date(2021, 1, 1), date(2023, 12, 31))}
    assert [p.code for p in periods_of(one, today, terms)] == codes


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("1", "0", True),
        ("1", ["0", "1"], False),
        ({"not": "1"}, {"not": "0"}, True),
        ({"not": "1"}, "0", False),
    ],
)
def test_yes_and_no_exclude_each_other(one, other, apart):
    a, b = (read_condition("co_doan", given) for given in (one, other))
    assert exclude(a, b) is exclude(b, a) is apart


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("10-24", "25+", True),
        ("10-25", "25+", False),
        ("25+", {"not": "20+"}, True),
        ("15+", {"not": "20+"}, False),
        ("30", "30", False),
    ],
)
def test_ranges_exclude_each_other(one, other, apart):
    a, b = (read_condition("so_lao_dong", given) for given in (one, other))
    assert exclude(a, b) is exclude(b, a) is apart


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Nhà nước", "ngoài nhà nước", True),
        ("Nhà nước", "NHÀ NƯỚC", False),
        ("Khu *", "khu công nghiệp", False),
        ("khu*", "khu công*", False),
        ("a", {"not": ["a", "b"]}, True),
        ("a", {"not": ["b"]}, False),
        ("khu công*", {"not": "khu*"}, True),
    ],
)
def test_words_exclude_each_other(one, other, apart):
    a, b = (read_condition("khu_vuc", given) for given in (one, other))
    assert exclude(a, b) is exclude(b, a) is apart


def test_rules_meet_where_a_unit_can_fall_under_both():
    assert not meet(A, B)
    assert meet(A, rule("C", None))
    assert not meet(rule(last=date(2021, 6, 30)), rule("C", first=date(2021, 7, 1)))


KEY = (7, "introduced", "2021")


def recorded(day, name=None, floor=2):
    numbers = {} if name is None else {"floor": Decimal(floor)}
    return Target(*KEY, **numbers, rule=name or "A", from_on=day)


def shown(found):
    return [(one.change, one.target.since, None if one.target.is_withdrawn else one.target.rule) for one in found]


JUNE = date(2021, 6, 15)
WANTED = [(NEW_YEAR, recorded(NEW_YEAR, "A")), (JUNE, recorded(JUNE, "B", 1))]


@pytest.mark.parametrize(
    ("wanted", "standing", "found"),
    [
        (WANTED, [], [("new", NEW_YEAR, "A"), ("changed", JUNE, "B")]),
        (WANTED, [recorded(NEW_YEAR, "A")], [("changed", JUNE, "B")]),
        (WANTED, [recorded(NEW_YEAR, "A"), recorded(JUNE, "B", 1)], []),
        (WANTED, [recorded(NEW_YEAR, "A", 9), recorded(JUNE, "B", 1)], [("changed", NEW_YEAR, "A")]),
        # learnt later that it was B from the start: what stood in June still says the same
        ([(NEW_YEAR, recorded(NEW_YEAR, "B", 1))], [recorded(NEW_YEAR, "A"), recorded(JUNE, "B", 1)],
         [("changed", NEW_YEAR, "B")]),
        # learnt later that the change came in May: from June on nothing else is said
        ([WANTED[0], (date(2021, 5, 1), recorded(JUNE, "B", 1))], [recorded(NEW_YEAR, "A"), recorded(JUNE, "B", 1)],
         [("changed", date(2021, 5, 1), "B")]),
        # learnt that the change never came
        (WANTED[:1], [recorded(NEW_YEAR, "A"), recorded(JUNE, "B", 1)], [("changed", JUNE, "A")]),
        ([WANTED[0], (JUNE, None)], [recorded(NEW_YEAR, "A")], [("gone", JUNE, None)]),
        ([WANTED[0], (JUNE, None)], [], [("new", NEW_YEAR, "A"), ("gone", JUNE, None)]),
        ([], [recorded(NEW_YEAR, "A"), recorded(JUNE)], [("gone", NEW_YEAR, None)]),
        ([], [recorded(NEW_YEAR)], []),
        (WANTED[:1], [recorded(NEW_YEAR)], [("new", NEW_YEAR, "A")]),
    ],
)  # fmt: skip
def test_only_what_stands_otherwise_is_recorded(wanted, standing, found):
    assert shown(changes(KEY, wanted, standing)) == found


def test_what_is_gone_is_named_by_the_rule_it_came_from():
    days = [recorded(NEW_YEAR, "A"), recorded(JUNE, "B", 1)]
    gone = changes(KEY, [WANTED[0], (JUNE, None)], days)
    assert [(one.change, one.target.rule, one.before.rule) for one in gone] == [("gone", "B", "B")]


DAYS = st.dates(NEW_YEAR, date(2021, 1, 20))
WAYS = st.dictionaries(DAYS, st.sampled_from(["A", "B", None]), max_size=5)


def as_steps(way):
    """A way without days on which nothing changes."""
    before, kept = None, []
    for day, name in sorted(way.items()):
        if name != before:
            kept.append((day, name and recorded(day, name)))
        before = name
    return kept


@given(st.lists(WAYS, min_size=1, max_size=4), DAYS)
def test_whatever_was_recorded_before_what_is_wanted_stands_afterwards(ways, day):
    standing = {}
    for way in ways:
        wanted = as_steps(way)
        for change in changes(KEY, wanted, standing.values()):
            standing[change.target.since] = change.target
        assert changes(KEY, wanted, standing.values()) == []
    known = [name for since, name in sorted(ways[-1].items()) if since <= day]
    stands = in_force(standing.values(), day).get(KEY)
    assert (stands and stands.rule) == (known[-1] if known else None)
