"""What a step leaves behind: the facts of the way and the clocks that start, stop, resume or become void."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from states.calendar import add_months
from states.guards import Scene
from states.steps import (
    CANCELLED,
    ENDS,
    EXPELLED,
    REMOVED,
    WITHDRAWN,
)
from states.way import (
    CHINH_THUC,
    CHO_CO_SO,
    CHO_LE,
    CHO_QUYET_DINH,
    CT_CHO_CO_SO,
    CT_CHO_QUYET_DINH,
    DA_HOC,
    DU_BI,
    LAP_HO_SO,
    MEMBER_STEPS,
    QUAN_CHUNG,
    RUNS_AT,
    XET_CHINH_THUC,
    Way,
)

CERTIFICATE, FILE, ADMISSION, CEREMONY = (
    "certificate_valid_months",
    "file_valid_months",
    "admission_decision_wd",
    "ceremony_wd",
)
PROBATION, DECLARATION, REVIEW, RECOGNITION = (
    "probation_months",
    "declaration_wd",
    "recognition_review_wd",
    "recognition_decision_wd",
)


def allowed_failures(scene: Scene) -> int:
    """How many votes may fail before the superior decides (294-QĐ/TW 4.2.3)."""
    return scene.law.limit("failed_votes_before_superior", scene.on).value or 3


def open_way(scene: Scene) -> None:
    """The opening balance: the person stands at this step; clocks that cannot run there any more are void."""
    way, step = scene.way, str(scene.event.data.get("step", QUAN_CHUNG))
    way.step = way.opened_step = step
    way.since = way.opened_on = way.last_on = scene.event.on
    way.step_left = None
    if step in (XET_CHINH_THUC, CT_CHO_CO_SO, CT_CHO_QUYET_DINH, CHINH_THUC) and way.ceremony_on:
        _matured(scene, add_months(way.ceremony_on, 12), review=step == XET_CHINH_THUC and not way.failed_votes)
    expected = RUNS_AT.get(step, ())
    for key in list(way.running_keys()):
        if key not in expected:
            way.clocks.void(key, scene.event.on)
    for key in expected:
        if key != DECLARATION and way.clocks.get(key) and not (key == FILE and step == LAP_HO_SO):
            way.clocks.resume(key)
    if step == CHINH_THUC and way.ceremony_on:
        way.official_on = official_day(way.ceremony_on)


def official_day(ceremony: date) -> date:
    """Exactly twelve months after the ceremony, even when the bodies were late (Điều lệ Đảng, Điều 5)."""
    return add_months(ceremony, 12)


def mature_day(way: Way) -> date | None:
    """The day probation ends for somebody at `du_bi`; None where the ceremony's day is not known or it does not apply."""
    run = way.clocks.running(PROBATION)
    return run.due_on if way.step == DU_BI and run is not None else None


def _matured(scene: Scene, on: date, review: bool) -> None:
    scene.way.clocks.stop(PROBATION, on)
    if review and scene.way.clocks.get(REVIEW) is None:
        scene.way.clocks.start(scene.law.limit(REVIEW, on), on, scene.calendar)


def follow(
    scene: Scene, starts: tuple[str, ...], stops: tuple[str, ...], source: str | None, destination: str | None
) -> None:
    """What a step leaves behind: facts and clocks. `source` None: history before an opening."""
    way, event, on = scene.way, scene.event, scene.on
    for key in stops:
        way.clocks.stop(key, on)
    first_day = event.document_on if starts == (CERTIFICATE,) else on
    for key in starts:
        if key == RECOGNITION and destination == source:
            continue
        if key == CEREMONY:
            first_day = _ceremony_start(scene)
            if first_day is None:
                continue
        assert first_day is not None
        way.clocks.start(scene.law.limit(key, first_day), first_day, scene.calendar)
    if (remember := _REMEMBER.get(event.trigger)) is not None:
        remember(scene, source, destination)
    if source is None:
        _recall_leaving(scene, destination)
        return
    way.last_on = max(on, way.last_on or on)  # the end of probation may lie before a restoration or an opening
    if destination is not None and destination != source:
        way.step, way.since = destination, on
        if event.trigger == "decide_recognition" and destination == CHINH_THUC:
            way.since = event.document_on
        if destination in ENDS:
            _leave(scene, source, destination)


def _leave(scene: Scene, source: str, end: str) -> None:
    way = scene.way
    way.step_left = source
    if source in MEMBER_STEPS and end in (REMOVED, EXPELLED, WITHDRAWN, CANCELLED):
        way.left_on, way.times_left = scene.on, way.times_left + 1
    for key in list(way.running_keys()):
        way.clocks.void(key, scene.on)


def _recall_leaving(scene: Scene, end: str | None) -> None:
    """Who left the Party before the opening waits like anybody who left it (294-QĐ/TW 3.5)."""
    way = scene.way
    if end in (REMOVED, EXPELLED) or (end in (WITHDRAWN, CANCELLED) and way.ceremony_on is not None):
        way.left_on, way.times_left = scene.on, way.times_left + 1


def _ceremony_start(scene: Scene) -> date | None:
    """The ceremony's clock starts at the first receipt, or at issue where the text in force on the day of signing says so."""
    signed = scene.way.decision_on
    if scene.way.received_on is not None and scene.way.clocks.running(CEREMONY):
        return None
    if signed is not None and scene.law.choice("ceremony_starts_at", signed).value == "issue":
        return None if scene.way.clocks.running(CEREMONY) else signed
    return scene.on


def _decided(scene: Scene, source: str | None, destination: str | None) -> None:
    way = scene.way
    if destination == CHO_LE:
        way.decision_on, way.received_on = scene.event.document_on, None
        assert way.decision_on is not None
        if scene.law.choice("ceremony_starts_at", way.decision_on).value == "issue":
            way.clocks.start(scene.law.limit(CEREMONY, way.decision_on), way.decision_on, scene.calendar)
    elif destination == DA_HOC:
        way.clocks.resume(CERTIFICATE)


def _returned(scene: Scene, source: str | None, destination: str | None) -> None:
    for key in (ADMISSION, RECOGNITION):
        scene.way.clocks.void(key, scene.on)
    if source in (CHO_CO_SO, CHO_QUYET_DINH):
        scene.way.clocks.resume(CERTIFICATE)


def _voted_on_recognition(scene: Scene, source: str | None, destination: str | None) -> None:
    failed = scene.way.failed_votes
    if (destination == source and source is not None) or (source is None and not scene.carried()):
        failed[scene.event.trigger] = failed.get(scene.event.trigger, 0) + 1
    else:
        failed.pop(scene.event.trigger, None)


def _proposed_removal(scene: Scene, source: str | None, destination: str | None) -> None:
    body = str(scene.event.data.get("body"))
    allowed = allowed_failures(scene)
    scene.way.proposals[body] = allowed if scene.carried() else min(scene.way.proposals.get(body, 0) + 1, allowed)


def _nominated(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.ceremony_on = scene.way.official_on = None  # of an earlier membership


def _restored(scene: Scene, source: str | None, destination: str | None) -> None:
    way = scene.way
    for key in RUNS_AT.get(str(destination), ()):
        if (run := way.clocks.get(key)) is not None and run.state == "void" and run.stopped_on == way.left_on:
            way.clocks.resume(key)
    way.times_left, way.left_on, way.step_left = max(0, way.times_left - 1), None, None
    way.proposals.clear()


def _transferred(scene: Scene, source: str | None, destination: str | None) -> None:
    unit = scene.event.data.get("to_unit")
    if isinstance(unit, int):
        scene.way.unit_id = unit
    scene.way.helper = "helper" in scene.event.data


def _filed(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.file_on = scene.on
    scene.way.paper_gaps = [name for name in ("introducers", "shared_since") if name not in scene.event.data]


def _cancelled(scene: Scene, source: str | None, destination: str | None) -> None:
    if destination == CHO_QUYET_DINH:
        scene.way.clocks.void(CEREMONY, scene.on)
        scene.way.received_on = scene.way.decision_on = None


def _ceremony_held(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.ceremony_on, scene.way.new_member_certificate, scene.way.official_on = scene.on, False, None
    scene.way.failed_votes.clear()
    scene.way.proposals.clear()


def _recognised(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.failed_votes.clear()
    if destination == CHINH_THUC and scene.way.ceremony_on is not None:
        scene.way.official_on = official_day(scene.way.ceremony_on)


def _extended(scene: Scene, source: str | None, destination: str | None) -> None:
    key = scene.event.data.get("clock") or next(
        (k for k in (ADMISSION, RECOGNITION) if scene.way.clocks.running(k)), None
    )
    run = scene.way.clocks.running(str(key))
    if run is not None:
        allowed = scene.law.limit(run.key.replace("_wd", "_extension_wd"), run.starts_on).value or 0
        scene.way.clocks.extend(run.key, int(scene.event.data.get("days", allowed)), scene.calendar)


def _certified(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.certificate_on = scene.event.document_on


def _helped(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.helper = "helper" in scene.event.data


def _received(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.received_on = scene.way.received_on or scene.on


def _new_member(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.new_member_certificate = True


_REMEMBER: Mapping[str, Callable[[Scene, str | None, str | None], None]] = {
    "nominate": _nominated, "list": _helped, "assign_helper": _helped, "transfer": _transferred,
    "certify_class": _certified, "retake_class": _certified, "complete_file": _filed, "refresh_file": _filed,
    "decide": _decided, "receive_decision": _received, "hold_ceremony": _ceremony_held, "certify_new_member": _new_member,
    "recognition_cell_vote": _voted_on_recognition, "recognition_base_vote": _voted_on_recognition,
    "decide_recognition": _recognised, "return_file": _returned, "propose_removal": _proposed_removal,
    "restore": _restored, "cancel_admission": _cancelled, "extend": _extended,
}  # fmt: skip
