"""Targets: what is refused, which revision is in force, whose period is used."""

from datetime import date
from decimal import Decimal

import pytest

from states.errors import BadInput, Unknown
from states.indicators import Indicator
from states.targets import Target, check_circle, check_holder, check_target, find_target, in_force, is_new

INDICATORS = {
    "introduced": Indicator("introduced", "Giới thiệu", "counted", trigger="nominate"),
    "admitted": Indicator("admitted", "Kết nạp", "counted", trigger="hold_ceremony"),
    "conversion": Indicator("conversion", "Tỷ lệ", "ratio", numerator="admitted", denominator="introduced"),
}


def target(indicator="admitted", floor=None, ceiling=None, ratio=None, base=None, on=date(2020, 3, 25), period="2020"):
    numbers = [None if value is None else Decimal(value) for value in (floor, ceiling, ratio)]
    return Target(1, indicator, period, *numbers, base, decision_date=on)


@pytest.mark.parametrize(
    "good",
    [
        {"floor": 7, "ceiling": 7},
        {"floor": 7, "ceiling": 10},
        {"ceiling": 10},
        {"floor": 0},
        {"ratio": "0.5", "base": "introduced"},
        {"ratio": "0.03", "base": "so_dang_vien"},
        {"indicator": "conversion", "floor": 50},
    ],
)
def test_what_can_be_meant_is_taken(good):
    check_target(target(**good), INDICATORS)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"floor": 11, "ceiling": 10},
        {"floor": -1},
        {"floor": "NaN"},
        {"floor": "1e20"},
        {"ratio": "0.5"},
        {"base": "introduced", "floor": 1},
        {"ratio": "0.5", "base": "admitted"},
        {"ratio": "0.5", "base": "conversion"},
        {"indicator": "conversion", "ratio": "0.5", "base": "introduced"},
        {"ratio": "0.5", "base": "introduced", "floor": 2},
    ],
)
def test_what_cannot_be_meant_is_refused(wrong):
    with pytest.raises(BadInput):
        check_target(target(**wrong), INDICATORS)


@pytest.mark.parametrize("wrong", [{"indicator": "nowhere", "floor": 1}, {"ratio": "0.5", "base": "nowhere"}])
def test_an_unknown_indicator_is_unknown(wrong):
    with pytest.raises(Unknown):
        check_target(target(**wrong), INDICATORS)


def test_a_later_decision_is_in_force_from_its_day():
    first, revision = target(floor=24), target(floor=30, on=date(2020, 9, 1))
    found = [in_force([revision, first], day) for day in (date(2020, 3, 24), date(2020, 8, 31), date(2020, 9, 1))]
    assert [list(one.values()) for one in found] == [[], [first], [revision]]


def test_the_shortest_period_around_is_used():
    year, half = target(floor=24), target(floor=10, period="2020-H1")
    standing = in_force([year, half], date(2020, 6, 30))
    assert find_target(standing, 1, "admitted", ["2020-Q2", "2020-H1", "2020-9M", "2020"]) == half
    assert find_target(standing, 1, "admitted", ["2020-Q3", "2020-9M", "2020"]) == year
    assert find_target(standing, 2, "admitted", ["2020"]) is None


def test_the_same_decision_twice_changes_nothing_or_is_refused():
    known = {(t.key, t.decision_date): t for t in [target(floor=24)]}
    assert is_new(target(floor="24.0"), known) is False
    assert is_new(target(floor=25, on=date(2020, 9, 1)), known) is True
    with pytest.raises(BadInput):
        is_new(target(floor=25), known)


def by_rule(floor, on, rule="A"):
    return Target(1, "admitted", "2020", floor and Decimal(floor), rule=rule, from_on=on)


def test_a_decided_target_goes_before_one_by_rule_whatever_its_day():
    decided, ruled, later = target(floor=24), by_rule(2, date(2020, 1, 1)), by_rule(3, date(2020, 6, 1))
    for day, stands in ((date(2020, 3, 24), ruled), (date(2020, 3, 25), decided), (date(2020, 6, 1), decided)):
        assert list(in_force([decided, ruled, later], day).values()) == [stands]
        assert list(in_force([later, ruled, decided], day).values()) == [stands]
    assert list(in_force([ruled, later], date(2020, 6, 1)).values()) == [later]


def test_a_withdrawn_target_is_gone_from_its_day():
    both = [by_rule(2, date(2020, 1, 1)), by_rule(None, date(2020, 6, 15))]
    assert both[1].is_withdrawn
    assert len(in_force(both, date(2020, 6, 14))) == 1
    assert in_force(both, date(2020, 6, 15)) == {}


def test_a_credited_target_is_held_by_the_credited_body_alone():
    credited = target(floor=4)._replace(credited_unit_id=9)
    assert in_force([credited], date(2020, 4, 1)) == {(9, "admitted", "2020"): credited}
    taken_back = target(floor=4, on=date(2020, 9, 1))
    assert in_force([credited, taken_back], date(2020, 9, 1)) == {(1, "admitted", "2020"): taken_back}
    ruled = by_rule(2, date(2020, 1, 1))._replace(unit_id=9)
    assert in_force([ruled, credited], date(2020, 4, 1)) == {(9, "admitted", "2020"): credited}


def test_a_body_has_one_target_for_an_indicator_and_period():
    credited = target(floor=4)._replace(credited_unit_id=9)
    own = target(floor=4)._replace(unit_id=9)
    check_holder(own, [own], "9")
    with pytest.raises(BadInput) as refused:
        check_holder(own, [credited], "CCT")
    assert refused.value.say().startswith("CCT đã có chỉ tiêu admitted kỳ 2020 (được ghi nhận)")


def test_ratios_of_each_other_are_refused():
    def ratio(of, base):
        return target(of, ratio="0.5", base=base)

    standing = {t.key: t for t in (ratio("a", "b"), ratio("b", "c"))}
    check_circle(ratio("c", "d"), standing)
    check_circle(ratio("c", "so_dang_vien"), standing)
    check_circle(ratio("c", "a")._replace(period="2021"), standing)
    with pytest.raises(BadInput) as refused:
        check_circle(ratio("c", "a"), standing)
    assert refused.value.say() == "Kỳ 2020: các chỉ tiêu lấy tỷ lệ của nhau thành vòng: c → a → b → c."
