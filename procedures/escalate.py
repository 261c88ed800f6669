"""Escalate: open, raise and close the cases of units that are behind their targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.judging import Judgement, Key, judge_all
from procedures.yardstick import Judged
from states import escalation
from states.escalation import Ladder, Move, Rung, Standing
from states.ladder import subject_of
from store.case_notices import load_reach, plan_case_notices, withdraw_case_notices
from store.escalation import (
    OpenCase,
    insert_cases,
    load_cases,
    lock_cases,
    log_case_events,
    release_closed_by_hand,
    take_ids,
    update_cases,
)

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

CHUNK = 5_000  # cases moved in one transaction
COUNTS = ("opened", "rose", "closed", "nobody_to_tell", "notices", "unchanged")
EVENTS = {"lapse": "commitment_lapsed", "end_silence": "silence_ended"}


def escalate(office: Office) -> dict[str, int]:
    """Judge every unit that has a target whose period contains the business day, and move its case.

    A case opens when the unit is behind its pace by more than the tolerance, today and on the same day of each of the
    `weeks` weeks before, and the period has run for `min_days`. It climbs while the unit is behind, waits while it is
    within the tolerance or a commitment or silence holds it, and closes when the unit is back on its pace, when the
    period is over or target or unit are gone. One closed by hand is not opened anew before the unit has recovered or
    `reopen_after_days` have gone. Each move is committed with its log and notices; a case that somebody else moves
    meanwhile is left to the next run. Counts {opened, rose, closed, nobody_to_tell, notices, unchanged}; in a second
    run on the same day everything but `unchanged` is 0.
    """
    access.require_whole(office, "run_jobs")
    with office.database.reading() as connection:
        judgement = judge_all(office, connection)
        cases = load_cases(connection, sorted(judgement.cases))
        ladders = {repr(case.ladder): Ladder.from_json(case.ladder) for case in cases.values()}
        mine = ladder_of(office)
        roles = {role for ladder in (mine, *ladders.values()) for rung in ladder.rungs for role in rung.tell}
        reach = load_reach(connection, roles) if cases or judgement.openings else {}
    counts = dict.fromkeys(COUNTS, 0) | {"unchanged": judgement.unchanged}
    for start in range(0, len(judgement.openings), CHUNK):
        with office.database.writing() as connection:
            script = Script(office, reach, judgement.above, counts)
            _open(office, connection, judgement.openings[start : start + CHUNK], mine, script)
            script.write(connection)
    touched = list(cases.values())
    for start in range(0, len(touched), CHUNK):
        with office.database.writing() as connection:
            script = Script(office, reach, judgement.above, counts)
            _move(office, connection, touched[start : start + CHUNK], judgement, ladders, script)
            script.write(connection)
    if judgement.recovered:
        with office.database.writing() as connection:
            script = Script(office, reach, judgement.above, counts)
            for case_id in release_closed_by_hand(connection, judgement.recovered, office.today):
                script.log(case_id, "recovered", {})
            script.write(connection)
    return counts


def ladder_of(office: Office) -> Ladder:
    """The ladder config.yaml has now."""
    settings = office.settings.escalation.ladder
    rungs = (Rung(r.step, r.after_working_days, tuple(r.tell), r.of) for r in settings.rungs)
    return Ladder(str(settings.version), tuple(rungs))


def told_unit(rung: Rung, unit_id: int, above: Mapping[int, int | None]) -> int:
    """The unit whose officers a rung tells. A root has nobody above: its own officers are told."""
    over = above.get(unit_id) if rung.of == escalation.ABOVE else None
    return unit_id if over is None else over


@dataclass
class Script:
    """What one transaction writes beside the cases themselves: their log and their notices, both in plain rows."""

    office: Office
    reach: Mapping[tuple[int, str], Sequence[str]]
    above: Mapping[int, int | None]
    counts: dict[str, int]
    events: list[tuple[int, str, date, dict[str, Any], datetime, str]] = field(default_factory=list)
    notices: list[tuple[str, date, str, int, date, datetime]] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.today, self.now, self.user = self.office.today, self.office.now(), self.office.user
        self.goes_out = self.office.calendar.working_day_on_or_after(self.today)

    def log(self, case_id: int, event: str, data: dict[str, Any]) -> None:
        """Something happened to a case today."""
        self.events.append((case_id, event, self.today, data, self.now, self.user))

    def climb(self, case_id: int, unit_id: int, rung: Rung, figures: dict[str, Any]) -> None:
        """A rung was reached: tell those it names, or write down that there is nobody."""
        self.counts["rose"] += 1
        told = told_unit(rung, unit_id, self.above)
        self.log(case_id, "rose", {"step": rung.step, "told_unit": told, "roles": rung.tell, **figures})
        addresses = {address for role in rung.tell for address in self.reach.get((told, role), ())}
        if not addresses:
            self.counts["nobody_to_tell"] += 1
            self.log(case_id, "nobody_to_tell", {"step": rung.step, "unit_id": told, "roles": rung.tell})
        subject = subject_of(case_id, rung.step)
        for address in sorted(addresses) if len(addresses) > 1 else addresses:
            self.notices.append((subject, self.today, address, unit_id, self.goes_out, self.now))

    def close(self, case_id: int, ladder: Ladder, data: dict[str, Any]) -> None:
        """A case is closed: what was planned about it and has not gone out is taken back."""
        self.counts["closed"] += 1
        self.log(case_id, "closed", data)
        self.settled += ladder.subjects(case_id)

    def write(self, connection: Connection) -> None:
        """Everything, in the caller's transaction."""
        log_case_events(connection, self.events)
        plan_case_notices(connection, self.notices)
        withdraw_case_notices(connection, self.settled)
        self.counts["notices"] += len(self.notices)


OPENING = (
    "id", "unit_id", "indicator", "period", "step", "since", "next_on", "opened_on", "status", "actual", "floor",
    "ladder", "version",
)  # fmt: skip


def _open(
    office: Office, connection: Connection, openings: Sequence[tuple[Key, Judged]], ladder: Ladder, script: Script
) -> None:
    """Open cases; all of a day stand alike, so where they come to is asked once."""
    today = office.today
    standing = Standing(escalation.THEO_DOI, today, ladder, escalation.BEHIND, today, office.calendar)
    moves = [move for move in escalation.move(standing) if move.climbs]
    rungs = [ladder.get(move.step) for move in moves]
    step, since, next_on, plain = standing.state, standing.since, standing.next_on, ladder.to_json()
    ids = take_ids(connection, len(openings))
    rows = [
        (case_id, *key, step, since, next_on, today, judged.status, judged.actual, judged.floor, plain, 1)
        for case_id, (key, judged) in zip(ids, openings, strict=True)
    ]
    made = insert_cases(connection, OPENING, rows)
    version = ladder.version
    for case_id, (key, judged) in zip(ids, openings, strict=True):
        if case_id not in made:
            continue  # another run has opened it meanwhile
        figures = judged.to_json()
        script.log(case_id, "opened", {"ladder": version, "weeks": judged.weeks, **figures})
        for rung in rungs:
            script.climb(case_id, key[0], rung, figures)
    script.counts["opened"] += len(made)


CHANGES = (
    "step", "since", "next_on", "status", "actual", "floor", "closed_on", "result", "committed", "committed_until",
    "silence_reason", "silenced_until",
)  # fmt: skip


def _move(
    office: Office, connection: Connection, cases: Sequence[OpenCase], judgement: Judgement,
    ladders: Mapping[str, Ladder], script: Script,
) -> None:  # fmt: skip
    """Move open cases, write their new figures, close them."""
    versions = lock_cases(connection, [case.id for case in cases])
    rows: list[tuple[Any, ...]] = []
    for case in cases:
        judged, ladder = judgement.cases[case.id], ladders[repr(case.ladder)]
        standing = standing_of(office, case, ladder, judged.finding)
        moves = escalation.move(standing)
        row = _changed(office, case, standing, judged)
        if not moves:
            script.counts["unchanged"] += 1
        if row is None or versions.get(case.id) != case.version:
            continue  # nothing new, or somebody has moved it meanwhile: the next run looks again
        rows.append((*row, case.id, case.version))
        for move in moves:
            _tell(case, ladder, move, judged, script)
    update_cases(connection, CHANGES, rows)


def standing_of(office: Office, case: OpenCase, ladder: Ladder, finding: str) -> Standing:
    """The case as the machine moves it."""
    return Standing(
        case.step, case.since, ladder, finding, office.today, office.calendar, case.committed_until, case.silenced_until
    )


def _tell(case: OpenCase, ladder: Ladder, move: Move, judged: Judged, script: Script) -> None:
    figures = judged.to_json()
    if move.step == escalation.DA_DONG:
        script.close(case.id, ladder, {"result": judged.finding, **figures})
    elif move.climbs:
        script.climb(case.id, case.unit_id, ladder.get(move.step), figures)
    else:
        words = {"text": case.committed} if move.trigger == "lapse" else {"text": case.silence_reason}
        script.log(case.id, EVENTS[move.trigger], {"until": str(move.until), **words, **figures})


def _changed(office: Office, case: OpenCase, standing: Standing, judged: Judged) -> tuple[Any, ...] | None:
    """The case's new values in the order of CHANGES; None when they are the old ones."""
    closed = standing.state == escalation.DA_DONG
    committed = case.committed if standing.committed_until else None
    silent = case.silence_reason if standing.silenced_until and not closed else None
    held = (committed, standing.committed_until, silent, None if closed else standing.silenced_until)
    new = (
        standing.state, standing.since, standing.next_on, judged.status, judged.actual, judged.floor,
        office.today if closed else None, judged.finding if closed else None, *held,
    )  # fmt: skip
    old = (case.step, case.since, case.next_on, case.status, case.actual, case.floor, None, None)
    return (
        None if new == (*old, case.committed, case.committed_until, case.silence_reason, case.silenced_until) else new
    )
