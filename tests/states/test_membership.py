"""The process as declared: every step reachable, no dead end but the ends, no way round a guard, every pair tried."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from states import guards, membership
from states.events import FIELDS, Event
from states.membership import MACHINE, PROCESS, STAY, TABLE, Impossible, impossible_verdict, possible, take, verdicts
from states.replay import Item, judge, next_steps
from states.steps import ENDS, GOING, STAGES, STEP_LABELS, STEPS
from states.way import Way
from states.wording import fold
from tests.states.sentences import ground

DAY = date(2025, 9, 10)
# The table of the contract, written again: trigger -> steps it leaves from.
DU_BI = {"du_bi", "xet_chinh_thuc", "ct_cho_co_so", "ct_cho_quyet_dinh"}
CAM_TINH = {"cam_tinh", "da_hoc", "lap_ho_so", "cho_chi_bo", "cho_co_so", "cho_quyet_dinh", "cho_le"}
ALL_GOING = {"quan_chung", "duoc_gioi_thieu", "chinh_thuc"} | CAM_TINH | DU_BI
CONTRACT = {
    "nominate": {"quan_chung", "dua_khoi_danh_sach", "rut", "huy_ket_nap", "chuyen_di", "xoa_ten", "khai_tru"},
    "list": {"quan_chung", "duoc_gioi_thieu", "dua_khoi_danh_sach"},
    "assign_helper": CAM_TINH | DU_BI,
    "send_to_class": {"cam_tinh"},
    "certify_class": {"cam_tinh"},
    "retake_class": {"da_hoc", "lap_ho_so", "cho_chi_bo"},
    "open_file": {"da_hoc"},
    "complete_file": {"lap_ho_so"},
    "refresh_file": {"cho_chi_bo"},
    "cell_vote": {"cho_chi_bo"},
    "base_vote": {"cho_co_so"},
    "decide": {"cho_quyet_dinh", "cho_co_so"},
    "receive_decision": {"cho_le"},
    "hold_ceremony": {"cho_le"},
    "declare_history": DU_BI,
    "certify_new_member": DU_BI,
    "mature": {"du_bi"},
    "recognition_cell_vote": {"xet_chinh_thuc"},
    "recognition_base_vote": {"ct_cho_co_so"},
    "decide_recognition": {"ct_cho_quyet_dinh", "ct_cho_co_so"},
    "return_file": {"cho_chi_bo", "cho_co_so", "cho_quyet_dinh", "ct_cho_co_so", "ct_cho_quyet_dinh"},
    "propose_removal": DU_BI | {"chinh_thuc"},
    "remove": DU_BI | {"chinh_thuc"},
    "expel": {"chinh_thuc"},
    "restore": {"xoa_ten", "khai_tru"},
    "cancel_admission": {"cho_le", "chinh_thuc"} | DU_BI,
    "delist": {"duoc_gioi_thieu"} | CAM_TINH - {"cho_le"},
    "withdraw": ALL_GOING - {"quan_chung"},
    "transfer": ALL_GOING,
    "transfer_out": ALL_GOING,
    "die": ALL_GOING,
    "extend": {"cho_co_so", "cho_quyet_dinh", "ct_cho_co_so", "ct_cho_quyet_dinh"},
}


def test_the_table_is_the_contract() -> None:
    assert {row.trigger: set(row.sources) for row in TABLE} == CONTRACT


def test_every_step_has_a_stage_and_a_label() -> None:
    assert set(STEP_LABELS) == set(STEPS) == {step for steps in STAGES.values() for step in steps}


def test_every_step_can_be_reached() -> None:
    reached = {"quan_chung"}
    while True:
        more = {
            step
            for row in TABLE
            for branch in row.branches
            for source in branch.sources
            if source in reached
            for step in [source if branch.destination == STAY else branch.destination]
        } - reached
        if not more:
            break
        reached |= more
    assert reached == set(STEPS)


def test_only_the_ends_end() -> None:
    moves = {s for row in TABLE for b in row.branches if b.destination != STAY for s in b.sources if s != b.destination}
    assert set(GOING) <= moves
    assert "tu_tran" not in moves
    assert set(ENDS) - {"tu_tran"} <= moves, "a person can come back from every end but death"


def test_no_transition_goes_round_the_table() -> None:
    assert set(MACHINE.events) == set(PROCESS), "no automatic to_x"
    assert not [name for name in dir(membership.Standing) if name.startswith("to_")]
    for trigger, event in MACHINE.events.items():
        for source, ways in event.transitions.items():
            if ways:
                assert source in PROCESS[trigger].sources


def test_every_guard_and_field_is_known() -> None:
    for row in TABLE:
        for guard in row.asks:
            assert getattr(guards, guard.__name__) is guard
            assert guard.__doc__, f"{guard.__name__} says which day counts and why"
        assert set(row.records) <= set(FIELDS)
        for branch in row.branches:
            assert set(branch.sources) <= set(STEPS)
            assert branch.destination == STAY or branch.destination in STEPS


def test_clocks_named_in_the_table_are_limits() -> None:
    keys = set(ground().law.keys())
    assert {key for row in TABLE for key in (*row.starts, *row.stops)} <= keys


def test_no_two_words_fold_to_one() -> None:
    """A name and its own English label may fold to one word; words of two triggers may not."""
    owners: dict[str, set[str]] = {}
    for row in TABLE:
        for word in (row.trigger, row.label.vi, row.label.en):
            owners.setdefault(fold(word), set()).add(row.trigger)
    assert not {word: triggers for word, triggers in owners.items() if len(triggers) > 1}
    steps = [fold(label.vi) for label in STEP_LABELS.values()]
    assert len(steps) - len(set(steps)) == 0


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("trigger", list(PROCESS))
def test_every_trigger_at_every_step(trigger: str, step: str) -> None:
    """A trigger leaves only from its own steps; elsewhere nothing changes and the verdict names where it does leave."""
    way = Way(1, step=step, opened_step=step)
    before = way.as_facts()
    taken = judge(way, Item(Event(trigger, DAY)), ground())
    if step not in CONTRACT[trigger]:
        assert taken.stopped
        assert [v.code for v in taken.verdicts] == ["wrong_step"]
        assert way.as_facts() == before
        assert not possible(trigger, step)
    elif taken.stopped:
        assert way.as_facts() == before, "what is refused leaves nothing behind"
        assert all(v.hard for v in taken.verdicts if v.hard)
    else:
        assert way.step in {step, *PROCESS[trigger].destinations}


@pytest.mark.parametrize("step", STEPS)
def test_next_steps_are_those_of_the_table(step: str) -> None:
    shown = {trigger for trigger, _ in next_steps(Way(1, step=step, opened_step=step), ground(), DAY)}
    assert shown == {t for t, sources in CONTRACT.items() if step in sources and t != "mature"}


def test_a_trigger_that_cannot_be_is_an_error_of_the_machine() -> None:
    scene = ground().scene(Way(1, step="quan_chung"), Event("hold_ceremony", DAY))
    with pytest.raises(Impossible):
        take(scene)
    assert "Chờ lễ kết nạp" in impossible_verdict("hold_ceremony", "quan_chung").as_dict()["reason"]


def test_verdicts_are_all_given_at_once() -> None:
    way = Way(1, step="cho_chi_bo", certificate_on=date(2019, 1, 1), file_on=date(2024, 1, 1))
    scene = ground({"birth": "2010-01-01", "hoc_van": "tieu_hoc"}).scene(way, Event("cell_vote", DAY))
    assert [v.code for v in verdicts(scene)] == [
        "too_young",
        "education",
        "certificate_expired",
        "file_stale",
        "missing_votes",
    ]
    for verdict in verdicts(scene):
        told = verdict.as_dict()
        assert told["reason"]
        assert told["who"]
        assert told["code"] == "missing_votes" or told["citation"]
        assert not re.search(r"[{}]", told["reason"] + verdict.as_dict("en")["reason"])


def test_facts_come_back_as_they_were_kept() -> None:
    way = Way(1, step="du_bi", since=DAY, ceremony_on=DAY, failed_votes={"recognition_cell_vote": 2}, helper=True)
    way.clocks.start(ground().law.limit("probation_months", DAY), DAY, ground().calendar)
    again = Way.from_facts(way.as_facts())
    assert again.as_facts() == way.as_facts()
    assert again.clocks.get("probation_months") == way.clocks.get("probation_months")


def test_no_step_is_named_in_a_template() -> None:
    root = Path(__file__).parents[2]
    for template in (root / "console").rglob("*.html"):
        words = set(re.findall(r"[a-z_]{5,}", template.read_text(encoding="utf-8")))
        assert not words & (set(STEPS) - {"chinh_thuc"}), template
