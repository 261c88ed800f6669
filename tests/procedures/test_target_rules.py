"""Targets by rule in an office: preview, apply, what a change of a unit does to them, and that a second run does nothing."""

from datetime import date
from decimal import Decimal

import pytest

from config.target_rules import TargetRuleSettings
from procedures.report import report
from procedures.roll_up import roll_up
from procedures.target_rules import apply_target_rules, preview_target_rules
from procedures.targets import list_targets, set_target
from states.errors import BadInput
from states.targets import in_force
from store.targets import load_targets
from tests.procedures.district import District, rows_of

PLAN = {"decision_number": "15/KH", "decision_date": date(2021, 3, 1), "until": date(2023, 12, 31)}


def rule(indicator, party, **more):
    where = {} if party is None else {"co_to_chuc_dang": party}
    fields = {"label": f"Quy tắc {indicator}", "kinds": ["chi_bo"], "where": where, "indicator": indicator}
    return TargetRuleSettings.model_validate(fields | PLAN | more)


TIEN_LANG = {
    "co_dang": rule("introduced", True, floor=2),
    "co_dang_ket_nap": rule("admitted", True, ratio="50%", base="introduced"),
    "chua_co_dang": rule("introduced", False, floor=1),
    "chua_co_dang_lop": rule("class", False, ratio="20%", base="introduced"),
}
JUNE = date(2021, 6, 15)


@pytest.fixture
def plan(database):
    made = District(database)
    made.unit("TL", co_to_chuc_dang="1")
    made.unit("D1", "TL", co_to_chuc_dang="1")
    made.unit("D2", "TL", co_to_chuc_dang="0")
    made.unit("D3", "TL")
    return made


def at(plan, day, rules=TIEN_LANG):
    return plan.office(day, target_rules=rules)


def shown(result):
    return [
        (item["unit"], item["rule"], item["period"], item["change"], item["from"])
        for item in result["items"]
        if item["change"] != "same" and item["unit"] != "TL"
    ]


def floors(office, day, unit):
    found = {}
    for row in report(office, unit, "2021", as_of=day)["rows"]:
        if row["floor"] is not None:
            found[row["indicator"]] = row["floor"]
    return found


def test_a_preview_writes_nothing_and_applying_writes_what_it_showed(plan):
    office = at(plan, date(2021, 5, 1))
    start = date(2021, 3, 1)
    wanted = [
        ("D1", "co_dang_ket_nap", "2021", "new", start),
        ("D1", "co_dang", "2021", "new", start),
        ("D2", "chua_co_dang_lop", "2021", "new", start),
        ("D2", "chua_co_dang", "2021", "new", start),
    ]
    preview = preview_target_rules(office)
    assert shown(preview) == wanted
    assert preview["gaps"] == [{"unit": "D3", "attribute": "co_to_chuc_dang"}]
    assert (preview["applied"], list_targets(office)["items"]) == (False, [])
    applied = preview_target_rules(office, apply=True)
    assert (applied["items"], applied["applied"]) == (preview["items"], True)
    assert preview_target_rules(office, apply=True)["counts"] == {"new": 0, "changed": 0, "gone": 0, "same": 6}
    item = list_targets(office, unit="D1", indicator="introduced")["items"][0]
    assert (item["floor"], item["rule"], item["from"], item["decision_number"]) == (2, "co_dang", start, "15/KH")
    assert (item["decision_date"], item["in_force"]) == (start, True)


def test_a_unit_that_gains_a_party_organisation_is_under_the_other_rule_from_that_day(plan):
    preview_target_rules(at(plan, date(2021, 5, 1)), apply=True)
    plan.unit("D2", "TL", on=JUNE, co_to_chuc_dang="1")
    office = at(plan, date(2021, 7, 1))
    assert shown(preview_target_rules(office)) == [
        ("D2", "co_dang_ket_nap", "2021", "new", JUNE),
        ("D2", "chua_co_dang_lop", "2021", "gone", JUNE),
        ("D2", "co_dang", "2021", "changed", JUNE),
    ]
    assert apply_target_rules(office) == {"new": 1, "changed": 1, "gone": 1, "unchanged": 6}
    assert apply_target_rules(office) == {"new": 0, "changed": 0, "gone": 0, "unchanged": 8}
    for _ in range(4):
        plan.counted("nominate", date(2021, 4, 1), "D2")
    assert floors(office, date(2021, 6, 14), "D2") == {"introduced": 1, "class": Decimal("0.8")}
    assert floors(office, JUNE, "D2") == {"introduced": 2, "admitted": 2}
    row = rows_of(report(office, "D2", "2021", as_of=JUNE))["admitted"]
    assert row["explanation"].startswith(
        "Chỉ tiêu 2 là 50% của 4 («Quần chúng ưu tú được giới thiệu cho Đảng»). Đã làm 0/2;"
    )
    withdrawn = [item for item in list_targets(office, unit="D2")["items"] if item["withdrawn"]]
    assert [(item["indicator"], item["from"], item["in_force"]) for item in withdrawn] == [("class", JUNE, False)]


def test_what_is_learnt_late_counts_from_its_own_day(plan):
    preview_target_rules(at(plan, date(2021, 5, 1)), apply=True)
    plan.unit("D2", "TL", on=date(2021, 1, 10), co_to_chuc_dang="1")  # recorded now: before the plan was decided
    office = at(plan, date(2021, 7, 1))
    assert apply_target_rules(office)["changed"] == 1
    assert floors(office, date(2021, 3, 1), "D2")["introduced"] == 2
    assert apply_target_rules(office)["unchanged"] == 6
    with office.database.reading() as connection:  # as known before, it still had the other
        first = min(load_recordings(connection))
        then = in_force(load_targets(connection, known_at=first), date(2021, 7, 1))
    assert then[plan.units["D2"], "introduced", "2021"].rule == "chua_co_dang"


def load_recordings(connection):
    from sqlalchemy import select

    from store.targets import Target

    return connection.execute(select(Target.__table__.c.recorded_at)).scalars().all()


def test_a_unit_that_ends_has_no_target_from_that_day(plan):
    preview_target_rules(at(plan, date(2021, 5, 1)), apply=True)
    plan.unit("D1", "TL", on=JUNE, ended=True, co_to_chuc_dang="1")
    office = at(plan, date(2021, 7, 1))
    assert apply_target_rules(office)["gone"] == 2
    assert floors(office, date(2021, 6, 14), "D1")["introduced"] == 2
    assert floors(office, JUNE, "D1") == {}


def test_a_new_year_brings_new_targets_and_the_end_of_the_plan_none(plan):
    preview_target_rules(at(plan, date(2021, 5, 1)), apply=True)
    assert apply_target_rules(at(plan, date(2021, 12, 31)))["new"] == 0
    assert apply_target_rules(at(plan, date(2022, 1, 1)))["new"] == 6
    assert apply_target_rules(at(plan, date(2024, 5, 1)))["new"] == 6  # 2023 was never looked at
    assert apply_target_rules(at(plan, date(2025, 5, 1)))["new"] == 0


def test_an_office_that_looks_back_leaves_what_is_yet_to_come(plan):
    preview_target_rules(at(plan, date(2022, 5, 1)), apply=True)
    for day in (date(2021, 12, 31), date(2021, 2, 1), date(2022, 5, 1)):
        assert apply_target_rules(at(plan, day)) == {"new": 0, "changed": 0, "gone": 0, "unchanged": 12}


def test_only_one_period_is_looked_at_when_it_is_asked_for(plan):
    office = at(plan, date(2022, 5, 1))
    assert {item["period"] for item in preview_target_rules(office, "2021", apply=True)["items"]} == {"2021"}
    assert {item["period"] for item in preview_target_rules(office, "2022")["items"]} == {"2022"}
    assert preview_target_rules(office, "2021-Q1")["items"] == []
    with pytest.raises(BadInput):
        preview_target_rules(office, "2021-13")


def test_nothing_is_materialised_before_rules_were_applied_once(plan):
    office = at(plan, date(2021, 5, 1))
    nothing = {"new": 0, "changed": 0, "gone": 0, "unchanged": 0}
    assert apply_target_rules(office) == nothing
    roll_up(office)
    assert list_targets(office)["items"] == []
    preview_target_rules(office, apply=True)
    plan.unit("D3", "TL", on=date(2021, 4, 1), co_to_chuc_dang="0")
    roll_up(office)
    assert floors(office, date(2021, 5, 1), "D3")["introduced"] == 1


def test_a_decided_target_stands_before_the_rules(plan):
    office = at(plan, date(2021, 5, 1))
    preview_target_rules(office, apply=True)
    set_target(office, "D1", "introduced", "2021", floor=5, decision_date="2021-03-01")  # the plan's very day
    assert floors(office, date(2021, 5, 1), "D1")["introduced"] == 5
    assert preview_target_rules(office, apply=True)["counts"]["new"] == 0
    with pytest.raises(BadInput, match="introduced → admitted → introduced"):  # a circle with a rule's ratio
        set_target(office, "D1", "introduced", "2021", ratio="50%", base="admitted", decision_date="2021-04-01")


def test_an_edited_rule_replaces_its_numbers_and_a_removed_one_is_gone(plan):
    preview_target_rules(at(plan, date(2021, 5, 1)), apply=True)
    edited = TIEN_LANG | {"co_dang": rule("introduced", True, floor=3)}
    assert apply_target_rules(at(plan, date(2021, 5, 1), edited))["changed"] == 2
    office = at(plan, date(2021, 5, 1), {})
    assert apply_target_rules(office)["gone"] == 6
    assert preview_target_rules(office)["items"] == []
    assert floors(office, date(2021, 5, 1), "D1") == {}
    assert apply_target_rules(at(plan, date(2021, 5, 1)))["new"] == 6


def test_a_rule_takes_numbers_words_and_kinds(plan):
    plan.unit("D4", "TL", so_lao_dong="30", khu_vuc="Ngoài nhà nước")
    plan.unit("D5", "TL", so_lao_dong="24", khu_vuc="Ngoài nhà nước")
    plan.unit("D6", "TL", so_lao_dong="300", khu_vuc="Nhà nước")
    where = {"so_lao_dong": "25+", "khu_vuc": "ngoài nhà nước"}
    office = at(plan, date(2021, 5, 1), {"lon": rule("introduced", None, where=where, floor=1, ceiling=3)})
    assert [(item["unit"], item["floor"], item["ceiling"]) for item in preview_target_rules(office)["items"]] == [
        ("D4", 1, 3)
    ]
    assert (
        preview_target_rules(at(plan, date(2021, 5, 1), {"cb": rule("sent", None, kinds=["khac"], floor=1)}))["items"]
        == []
    )
