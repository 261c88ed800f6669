"""The one gate: every step of every person goes through here, and only here are journal, candidates and clocks written.

Gather (load), decide (plan: the way is walked in states), write: in one transaction the projection by compare-and-set,
the journal entries, the erasable texts and the clocks.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

from procedures import access
from procedures.office import ZONE, Office
from procedures.plans import FUTURE, SAME_WITH_OTHER_DATA, TWICE, Draft, Loaded, Plan, Problem
from states.chain import entry_hash, genesis, private_digest
from states.clocks import RUNNING, ClockRun, Clocks
from states.errors import BadInput, Conflict
from states.events import Event
from states.guards import OFFICER, Verdict
from states.membership import label_of
from states.replay import Ground, Item, Taken, begin, go_on
from states.way import PersonFacts, Way
from states.wording import Text
from store import candidates, clocks, journal, people
from store.base import Connection
from store.units import Units

MOVED_MEANWHILE = Text(
    "{code} vừa được {who} ghi «{label}» (ngày {day}) lúc {time}; xin xem lại rồi làm tiếp.",
    "{code} was moved meanwhile: {who} recorded “{label}” (on {day}) at {time}; please look again.",
)

MOVED_SINCE = Text(
    "{code} đã thay đổi sau khi bạn mở. Mục ghi gần nhất: {who} ghi «{label}» (ngày {day}) lúc {time}. Xin xem lại rồi làm tiếp.",
    "{code} changed after you opened it. Recorded last: {who} recorded “{label}” (on {day}) at {time}. Please look again.",
)
NOT_OPEN_YET = Text(
    "Sổ của {code} mở ngày {day}; xin chọn ngày ấy hoặc ngày sau.",
    "{code} was opened on {day}; choose that day or a later one.",
)


class Gate:
    """Reads people with their ways, judges what is to happen to them, writes what is lawful."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._units: Units | None = None
        self._seen: frozenset[int] | None = None  # the units the actor may see; None = all
        self._looked_at: tuple[Event, Event, list[Verdict]] | None = None

    # Gather ------------------------------------------------------------------------------------------------------

    def units(self, connection: Connection) -> Units:
        """The tree of units, read again only when a unit was recorded since this office last read it."""
        units = self.office.units(connection)
        if units is not self._units:
            self._units, self._seen = units, access.visible_units(self.office, units)
            self._looked_at = None
        return units

    def load(self, connection: Connection, codes: Sequence[str], *, entries: bool = True) -> dict[str, Loaded]:
        """People by code; unknown codes are missing. Without `entries` only events after the last one can be planned."""
        if len(codes) == 1:
            row = candidates.find_candidate(connection, codes[0])
            rows = [row] if row is not None else []
        else:
            rows = candidates.load_candidates(connection, codes)
        return {one.code: one for one in self._loaded(connection, rows, entries)}

    def _loaded(self, connection: Connection, rows: Sequence[candidates.CandidateRow], entries: bool) -> list[Loaded]:
        """The people of these rows; those outside the actor's subtree are as if there were none."""
        self.units(connection)
        if self._seen is not None:
            rows = [row for row in rows if row.unit_id in self._seen]
        attributes = people.load_attributes(connection, [row.person_id for row in rows])
        found = [
            Loaded(
                row.id, row.code, row.person_id, PersonFacts(row.birth, attributes.get(row.person_id, ())), row.unit_id,
                Way.from_facts(row.facts), row.head_sequence, row.head_hash, row.version,
            )
            for row in rows
        ]  # fmt: skip
        if entries:
            self.read_entries(connection, found)
        return found

    def take(self, connection: Connection, rows: Sequence[candidates.CandidateRow]) -> list[Loaded]:
        """People whose rows the caller has read, with their whole ways."""
        return self._loaded(connection, rows, entries=True)

    def read_entries(self, connection: Connection, found: Sequence[Loaded]) -> None:
        """Read the whole ways of people already loaded."""
        ids = [one.id for one in found]
        ways, texts = journal.load_entries(connection, ids), journal.load_texts(connection, ids)
        by_id = {one.id: one for one in found}
        for (candidate_id, sequence), content in texts.items():
            by_id[candidate_id].texts[sequence] = content
        for one in found:
            one.live = journal.live(ways[one.id])
            opened = next((live.root for live in one.live if live.entry.trigger == "open_at"), 1)
            one.entries = [entry for entry in ways[one.id] if entry.sequence >= opened]  # before: an import, undone

    def fresh(
        self, code: str, person: PersonFacts, unit_id: int, opening: Event, *, person_id: int | None = None,
        blank: candidates.CandidateRow | None = None,
    ) -> Loaded:  # fmt: skip
        """Somebody new, with their opening; `person_id` is the row in people (made by the caller), else a new id.

        `blank`: the chain of somebody of that code of whom nothing stands any more; it is gone on with.
        """
        if blank is not None:
            return Loaded(
                blank.id, code, blank.person_id, person, unit_id, Way(unit_id), blank.head_sequence, blank.head_hash,
                blank.version, entries=[], opening=opening,
            )  # fmt: skip
        identity = person_id if person_id is not None else secrets.randbits(62)
        return Loaded(
            secrets.randbits(62), code, identity, person, unit_id, Way(unit_id), 0, "", 0, entries=[], opening=opening
        )

    # Decide ------------------------------------------------------------------------------------------------------

    def ground(self, loaded: Loaded) -> Ground:
        """What the law is asked about this person with."""
        assert self._units is not None, "load first"
        return Ground(loaded.person, self._units, self.office.law, self.office.calendar)

    def plan(self, loaded: Loaded, events: Iterable[tuple[Any, Event]], *, from_file: bool = False) -> Plan:
        """Judge events for one person. `from_file`: an event that was recorded and corrected since is not news."""
        problems: list[Problem] = []
        new: list[Item] = []
        unchanged = 0
        undone = _undone(loaded.entries or ()) if from_file else frozenset[int]()
        for tag, event in events:
            event, against = self._look_at(event)
            if not against:
                known = self._known(loaded, new, event, from_file, undone)
                if known is True:
                    unchanged += 1
                    continue
                against = [known] if known is not None else []
            if against:
                problems.append(Problem(tag, against))
            else:
                new.append(Item(event, tag=tag))
        if problems:
            return Plan(loaded, loaded.way, problems=problems, unchanged=unchanged)
        plan = self._append(loaded, new) if self._can_append(loaded, new) else self._replay(loaded, new)
        self._take_newest_text(plan.way)
        plan.unchanged = unchanged
        return self._within(plan, new[-1].tag if new else None)

    def _within(self, plan: Plan, tag: Any) -> Plan:
        """The plan with a problem for every entry of a unit outside the actor's subtree: that is another's to record."""
        assert self._units is not None, "load first"
        if self._seen is None:
            return plan
        for draft in plan.drafts:
            units = {draft.unit_id, draft.data.get("to_unit", draft.unit_id)}
            if draft.trigger == "mature" and draft.tag is None:  # follows by itself
                continue
            if outside := units - self._seen:
                said = ", ".join(self._units.code(one) for one in sorted(outside))
                against = Verdict("outside", access.OUTSIDE, "", OFFICER, None, {"unit": said}, hard=True)
                plan.problems.append(Problem(draft.tag if draft.tag is not None else tag, [against]))
        return plan

    def _look_at(self, event: Event) -> tuple[Event, list[Verdict]]:
        """The event with the id of its new unit, and what stands against it whoever it is about: one meeting's is looked
        at once.
        """
        if self._looked_at is None or self._looked_at[0] is not event:
            whole = self._with_unit(event)
            self._looked_at = event, whole, self._out_of_bounds(whole)
        return self._looked_at[1:]

    def _with_unit(self, event: Event) -> Event:
        """The new unit of a transfer by its internal id; a code unknown to the actor is left for the verdict."""
        assert self._units is not None, "load first"
        code = event.data.get("to_unit")
        unit_id = self._units.by_code.get(code) if isinstance(code, str) else None
        if unit_id is None or (self._seen is not None and unit_id not in self._seen):
            return event
        return replace(event, data={**event.data, "to_unit": unit_id})

    def _out_of_bounds(self, event: Event) -> list[Verdict]:
        today = self.office.today
        against = [
            Verdict("future_day", FUTURE, "", OFFICER, day, {"day": day, "today": today}, hard=True)
            for day in dict.fromkeys((event.on, event.document_date))
            if day is not None and day > today
        ]
        if isinstance(code := event.data.get("to_unit"), str):
            against.append(Verdict("no_such_unit", access.NO_SUCH_UNIT, "", OFFICER, None, {"code": code}, hard=True))
        return against

    def _known(
        self, loaded: Loaded, new: list[Item], event: Event, from_file: bool, undone: frozenset[int]
    ) -> Verdict | Literal[True] | None:
        """True: stands already with the same data. A verdict: stands with other data. None: it is news."""
        key = (event.trigger, event.on, event.document_number)
        for item in new:
            if (item.event.trigger, item.event.on, item.event.document_number) == key:
                same = _same(item.event, event) and item.event.texts() == event.texts()
                return True if same else Verdict("twice", TWICE, "", OFFICER, None, {"day": event.on}, hard=True)
        if event.on is None or loaded.entries is None:
            return None
        standing = {one.entry.sequence for one in loaded.live}
        other: Verdict | None = None
        for entry in loaded.entries:
            if (entry.trigger, entry.effective_on, entry.document_number) != key or entry.voids is not None:
                continue
            stands = entry.sequence in standing
            again = from_file and entry.sequence not in undone  # corrected since; what was undone is news again
            if (stands or again) and _same(loaded.event(entry), event, loaded.texts.get(entry.sequence)):
                return True
            if stands:
                other = _other(loaded.entry_id(entry.sequence))
        return other

    def _can_append(self, loaded: Loaded, new: Sequence[Item]) -> bool:
        if loaded.opening is not None:
            return False
        opened, after = loaded.way.opened_on, loaded.way.latest_on
        days = [item.event.on for item in new if item.event.on is not None]
        return after is None or all(day >= after and day != opened for day in days)

    def _append(self, loaded: Loaded, new: Sequence[Item]) -> Plan:
        way = loaded.way
        taken = go_on(way, new, self.ground(loaded), self.office.today)
        plan = Plan(loaded, way, problems=[_problem(loaded, one) for one in taken if one.open_verdicts])
        plan.drafts = [_draft(one) for one in taken]
        return plan

    def _replay(
        self, loaded: Loaded, new: Sequence[Item], *, without: Collection[int] = (), instead: Item | None = None
    ) -> Plan:
        """Walk the whole way again with what is new; `without` leaves out recorded roots, `instead` takes the place of one."""
        assert loaded.entries is not None, "the whole way is needed: load with entries"
        stored = {one.root: one.entry for one in loaded.live}
        recorded = _recorded(loaded)
        changed = [item for item in recorded if item.sequence not in without] + ([instead] if instead else [])
        matures = {one.entry.effective_on: one.entry for one in loaded.live if one.entry.trigger == "mature"}
        horizon = max([self.office.today, *(one.entry.effective_on for one in loaded.live if one.entry.effective_on)])
        ground = self.ground(loaded)
        before = {
            (t.item.sequence, v.code) for t in self._walk(loaded, recorded, ground, horizon)[1] for v in t.verdicts
        }
        if instead is not None and instead.led is not None:
            instead.answer = next(item.answer for item in recorded if item.sequence == instead.sequence)
        way, taken = self._walk(loaded, [*changed, *new], ground, horizon)
        _keep_stopped(loaded.way.clocks, way.clocks)
        plan = Plan(loaded, way, replayed=not loaded.fresh)
        latest: Any = instead.tag if instead else new[0].tag if new else None
        for one in taken:
            item = one.item
            if item.event.trigger == "mature":
                if one.item.event.on in matures:
                    kept = matures.pop(item.event.on)
                    if kept.unit_id != one.unit_id:
                        plan.drafts.append(_draft(one, corrects=kept.sequence))
                else:
                    plan.drafts.append(_draft(one))
                continue
            # What stood against a recorded one before does not count, unless now nobody knows where it leads.
            fallen = [
                v for v in one.open_verdicts if not item.led or one.stopped or (item.sequence, v.code) not in before
            ]
            if item.sequence == 0 or item is instead:
                latest = item.tag
                if fallen:
                    plan.problems.append(Problem(latest, fallen))
                plan.drafts.append(_draft(one, corrects=stored[item.sequence].sequence if item is instead else None))
                continue
            entry = stored[item.sequence]
            if fallen:
                plan.problems.append(
                    Problem(latest, fallen, loaded.entry_id(entry.sequence), entry.trigger, entry.effective_on)
                )
            elif (one.source, one.destination, one.unit_id) != (entry.source, entry.destination, entry.unit_id):
                plan.drafts.append(_draft(one, corrects=entry.sequence, texts=loaded.texts.get(entry.sequence)))
        plan.drafts[:0] = [_void(entry) for entry in matures.values()]
        return plan

    def _walk(self, loaded: Loaded, items: Sequence[Item], ground: Ground, horizon: date) -> tuple[Way, list[Taken]]:
        opening = next((item for item in items if item.event.trigger == "open_at"), None)
        first = next((one.entry for one in loaded.live if one.entry.trigger == "open_at"), None)
        unit_id = first.unit_id if first is not None else loaded.unit_id
        if opening is None:
            opening = Item(loaded.opening or Event("open_at", None))
        rest = [item for item in items if item is not opening]
        day = opening.event.on
        history = [item for item in rest if day is not None and item.event.on is not None and item.event.on <= day]
        way, taken = begin(opening, history, unit_id, ground)
        if not first and opening.sequence == 0:
            opening.tag = "opening"
        taken += go_on(way, [item for item in rest if item not in history], ground, horizon)
        return way, taken

    def correct(self, loaded: Loaded, root: int, event: Event | None) -> Plan:
        """Plan to put `event` in the place of the entry with this root, or to make that entry void (None)."""
        stands = next(one for one in loaded.live if one.root == root)
        if event is not None:
            event, against = self._look_at(event)
            if against:
                return Plan(loaded, loaded.way, problems=[Problem("correction", against)])
            instead = Item(event, root, "correction")
            old = loaded.event(stands.entry)
            if _judged(event) == _judged(old):
                instead.led = _led(stands.entry)  # another document or other words: nothing to judge anew
            plan = self._replay(loaded, [], without=(root,), instead=instead)
        else:
            plan = self._replay(loaded, [], without=(root,))
            plan.drafts.insert(0, _void(stands.entry))
            plan.drafts[0].tag = "correction"
        self._take_newest_text(plan.way)
        return self._within(plan, "correction")

    def take_back(self, loaded: Loaded, first: int, last: int, number: int, *, opened: bool) -> Plan:
        """Plan to void what import `number` wrote, entries first..last; whom it `opened` ends with nothing standing."""
        if opened:
            voids = [_void(one.entry, number) for one in loaded.live]
            return Plan(loaded, Way(voids[-1].unit_id), voids, replayed=True)
        theirs = [one for one in loaded.live if first <= one.root <= last and one.entry.trigger != "mature"]
        plan = self._replay(loaded, [], without={one.root for one in theirs})
        plan.drafts[:0] = [_void(one.entry, number) for one in theirs]
        self._take_newest_text(plan.way)
        return plan

    def _take_newest_text(self, way: Way) -> None:
        """With `clock_keeps_text: false` a running clock stands under the text in force on the business day."""
        if self.office.settings.clock_keeps_text:
            return
        for key in list(way.running_keys()):
            run = way.clocks.latest[key]
            limit = self.office.clock_limit(key, run.starts_on)
            if run.profile != limit.profile:
                way.clocks.rereckon(key, limit, self.office.calendar)

    def as_of_today(self, loaded: Loaded) -> tuple[Way, list[Taken]]:
        """The way as if `mature` were written up to the business day, with what is not written yet. Changes the way."""
        return loaded.way, go_on(loaded.way, [], self.ground(loaded), self.office.today)

    def walked(self, loaded: Loaded, until: date) -> tuple[Way, list[Taken]]:
        """The way walked anew with what happened up to a day, as the book has it now; `loaded` stays as it is.

        BadInput where the book was opened later. A clock that has stopped since keeps the due day it was judged by.
        """
        items = [item for item in _recorded(loaded) if item.event.on is None or item.event.on <= until]
        if not any(item.event.trigger == "open_at" for item in items):
            raise BadInput(NOT_OPEN_YET, code=loaded.code, day=loaded.way.opened_on)
        way, taken = self._walk(loaded, items, self.ground(loaded), until)
        for key, run in list(way.clocks.latest.items()):
            kept = loaded.way.clocks.latest.get(key)
            if kept is not None and kept.state != RUNNING and _beginning(kept) == _beginning(run):
                way.clocks.latest[key] = run._replace(due_on=kept.due_on, calendar=kept.calendar)
        return way, taken

    # Write -------------------------------------------------------------------------------------------------------

    def write(self, connection: Connection, plans: Iterable[Plan]) -> int:
        """Write plans without problems; how many entries. Conflict when somebody moved one of the people meanwhile."""
        # In one order always: neighbours lie together, and two who write the same people wait for each other, not in a ring.
        batch = sorted((p for p in plans if p.drafts and not p.problems), key=lambda plan: plan.loaded.id)
        now, user = self.office.now(), self.office.user
        entries: list[dict[str, Any]] = []
        texts: list[dict[str, Any]] = []
        moved: list[dict[str, Any]] = []
        new: list[dict[str, Any]] = []
        runs: list[tuple[int, ClockRun]] = []
        stops: list[tuple[int, ClockRun]] = []
        for plan in batch:
            one = plan.loaded
            sequence, head = one.head_sequence, one.head_hash or genesis(one.id)
            for draft in plan.drafts:
                sequence += 1
                draft.sequence = sequence
                salt = secrets.token_hex(16) if draft.texts else None
                entry = {
                    "candidate_id": one.id, "sequence": sequence, "trigger": draft.trigger, "source": draft.source,
                    "destination": draft.destination, "effective_on": draft.on, "recorded_at": now,
                    "recorded_by": user, "unit_id": draft.unit_id, "document_number": draft.document_number,
                    "document_date": draft.document_date, "data": draft.data, "text_applied": draft.profile,
                    "corrects": draft.corrects, "voids": draft.voids,
                    "private_digest": private_digest(salt, draft.texts) if salt else None, "previous_hash": head,
                }  # fmt: skip
                entry["hash"] = head = entry_hash(head, entry)
                entries.append(entry)
                if salt:
                    texts.append({"candidate_id": one.id, "sequence": sequence, "salt": salt, "content": draft.texts})
            if one.fresh:
                known = {"id": one.id, "code": one.code, "person_id": one.person_id, "version": 1}
                new.append(projection(plan.way) | {"head_sequence": sequence, "head_hash": head} | known)
            else:
                moved.append(_moved(one, plan.way, sequence, head))
            way_clocks = plan.way.clocks
            ended, others = ([], way_clocks.changed.values()) if plan.replayed else way_clocks.told_apart()
            stops += [(one.id, run) for run in ended]
            runs += [(one.id, run) for run in others]
        if not entries:
            return 0
        candidates.insert_candidates(connection, new)
        if candidates.move_candidates(connection, moved) != len(moved):
            raise self._conflict(connection, batch, {row["id"]: row["head_hash"] for row in moved})
        journal.append(connection, entries, texts)
        self._drop_runs(connection, [plan for plan in batch if plan.replayed])
        clocks.stop_clocks(connection, stops)
        clocks.put_clocks(connection, runs)
        return len(entries)

    def _drop_runs(self, connection: Connection, replayed: Sequence[Plan]) -> None:
        """Runs a replay did not bring forth again have lost their beginning: void."""
        ways = {plan.loaded.id: plan.way.clocks.changed for plan in replayed}
        stored = clocks.load_runs(connection, list(ways)) if ways else []
        clocks.void_runs(
            connection,
            [(c, key, run) for c, key, run, state in stored if (key, run) not in ways[c] and state != "void"],
        )

    def _conflict(self, connection: Connection, batch: Sequence[Plan], heads: Mapping[int, str]) -> Conflict:
        """Who moved the first of those that did not come to the head we meant for them, and what they recorded."""
        found = {row.id: row.head_hash for row in candidates.load_candidates_by_id(connection, list(heads))}
        for plan in batch:
            one = plan.loaded
            if one.id in found and found[one.id] not in (heads[one.id], one.head_hash):
                return self.moved_by(connection, one)
        return Conflict(
            Text("Có người vừa ghi cùng lúc; xin làm lại.", "Somebody recorded at the same time; please try again.")
        )

    def moved_by(self, connection: Connection, loaded: Loaded, sequence: int | None = None) -> Conflict:
        """The conflict that says what happened: who recorded what, when."""
        entries = journal.load_entries(connection, [loaded.id])[loaded.id]
        last = next((entry for entry in entries if entry.sequence == sequence), entries[-1])
        return _moved_conflict(MOVED_MEANWHILE, loaded, last, f"{last.recorded_at:%H:%M:%S} UTC")

    def moved_since(self, connection: Connection, loaded: Loaded) -> Conflict:
        """The conflict for somebody who looked at an earlier version: what was recorded last, by whom, when."""
        last = journal.load_entries(connection, [loaded.id])[loaded.id][-1]
        return _moved_conflict(
            MOVED_SINCE, loaded, last, f"{last.recorded_at.astimezone(ZoneInfo(ZONE)):%H:%M %d/%m/%Y}"
        )

    def mature(self, connection: Connection, ids: Sequence[int]) -> int:
        """Write `mature` for these people where the business day has reached it; how many."""
        found = self._loaded(connection, candidates.load_candidates_by_id(connection, ids), entries=False)
        return self.write(connection, [self._append(one, []) for one in found])

    def recompute(self, connection: Connection, ids: Sequence[int]) -> int:
        """Reckon the running clocks of these people again by today's table of holidays and limits; how many people."""
        found = self._loaded(connection, candidates.load_candidates_by_id(connection, ids), entries=False)
        rows, runs = [], []
        for one in found:
            for run in list(one.way.clocks.latest.values()):
                if run.state == RUNNING:
                    limit = self.office.clock_limit(run.key, run.starts_on)
                    one.way.clocks.rereckon(run.key, limit, self.office.calendar)
            rows.append(_moved(one, one.way, one.head_sequence, one.head_hash))
            runs += [(one.id, run) for run in one.way.clocks.changed.values()]
        if candidates.move_candidates(connection, rows) != len(rows):
            raise Conflict(
                Text("Có người vừa ghi cùng lúc; xin làm lại.", "Somebody recorded at the same time; please try again.")
            )
        clocks.put_clocks(connection, runs)
        return len(rows)

    def replay_rows(self, connection: Connection, codes: Sequence[str]) -> dict[str, dict[str, Any]]:
        """What the projection of these people has to be, from the journal alone; `clocks` by (key, run)."""
        expected: dict[str, dict[str, Any]] = {}
        rows = candidates.load_candidates(connection, codes, blank=True)
        for one in self._loaded(connection, rows, entries=True):
            if one.entries and not one.live:
                expected[one.code] = projection(Way(one.entries[-1].unit_id)) | {"clocks": {}}
                continue
            recorded = _recorded(one)
            horizon = max((x.entry.effective_on for x in one.live if x.entry.effective_on), default=date.min)
            way, _ = self._walk(one, recorded, self.ground(one), horizon)
            expected[one.code] = projection(way) | {"clocks": dict(way.clocks.changed)}
        return expected


def _moved_conflict(text: Text, loaded: Loaded, last: journal.EntryRow, time: str) -> Conflict:
    return Conflict(
        text, details={"code": loaded.code, "entry": loaded.entry_id(last.sequence)}, code=loaded.code,
        who=last.recorded_by, label=label_of(last.trigger), day=last.effective_on, time=time,
    )  # fmt: skip


def _recorded(loaded: Loaded) -> list[Item]:
    """What stands in the journal as a replay takes it; `mature` is derived anew."""
    return [
        Item(loaded.event(one.entry), one.root, led=_led(one.entry))
        for one in loaded.live
        if one.entry.trigger != "mature"
    ]


def _judged(event: Event) -> tuple[date | None, dict[str, Any], bool]:
    """What of an event the law looks at; a reason that goes missing is a new verdict anyway."""
    return event.on, {key: value for key, value in event.data.items() if key != "note"}, bool(event.irregular)


def _led(entry: journal.EntryRow) -> tuple[str | None, str | None, int]:
    return entry.source, entry.destination, entry.unit_id


def projection(way: Way) -> dict[str, Any]:
    """The columns of the candidate's row that follow from the way."""
    return {
        "unit_id": way.unit_id, "step": way.step, "since": way.since, "official_on": way.official_on, "facts": way.as_facts(),
    }  # fmt: skip


def _moved(loaded: Loaded, way: Way, sequence: int, head: str) -> dict[str, Any]:
    """What to write of somebody who is known by id and version; their unit only where it changes."""
    row = projection(way) | {
        "head_sequence": sequence, "head_hash": head, "id": loaded.id, "version": loaded.version,
    }  # fmt: skip
    if way.unit_id == loaded.unit_id:
        del row["unit_id"]
    return row


def _draft(taken: Taken, *, corrects: int | None = None, texts: dict[str, str] | None = None) -> Draft:
    event = taken.item.event
    data = event.kept()
    if event.irregular:
        data["irregular"] = sorted({verdict.code for verdict in taken.verdicts})
    data |= taken.marks
    return Draft(
        event.trigger, taken.source, taken.destination, event.on, taken.unit_id, event.document_number,
        event.document_date, data, texts if texts is not None else event.texts(), taken.profile, corrects,
        tag=taken.item.tag,
    )  # fmt: skip


def _void(entry: journal.EntryRow, undone: int | None = None) -> Draft:
    """What makes an entry void; `undone`: the import that was taken back."""
    return Draft(
        entry.trigger, entry.source, entry.destination, entry.effective_on, entry.unit_id, entry.document_number,
        entry.document_date, {} if undone is None else {"undone": undone}, {}, entry.text_applied, voids=entry.sequence,
    )  # fmt: skip


def _undone(entries: Sequence[journal.EntryRow]) -> frozenset[int]:
    """Entries that went with the import that wrote them, and those they had corrected."""
    corrected = {entry.sequence: entry.corrects for entry in entries if entry.corrects is not None}
    found: set[int] = set()
    for entry in entries:
        at = entry.voids if "undone" in entry.data else None
        while at is not None:
            found.add(at)
            at = corrected.get(at)
    return frozenset(found)


def _problem(loaded: Loaded, taken: Taken) -> Problem:
    return Problem(taken.item.tag, taken.open_verdicts)


def _other(entry: str) -> Verdict:
    return Verdict("same_event_other_data", SAME_WITH_OTHER_DATA, "", OFFICER, None, {"entry": entry}, hard=True)


def _same(known: Event, event: Event, texts: dict[str, str] | None = None) -> bool:
    """The same document date and data, and the same words where words are kept and have not been erased."""
    if known.document_date != event.document_date or known.kept() != event.kept():
        return False
    return texts is None or {key: text for key, text in texts.items() if key != "reason"} == event.texts()


def _beginning(run: ClockRun) -> tuple[int, date, int, str]:
    return run.run, run.starts_on, run.extension, run.profile


def _keep_stopped(before: Clocks, after: Clocks) -> None:
    """A clock that had stopped keeps the due day it was judged by, whatever the holiday table says since."""
    for key, run in list(after.latest.items()):
        old = before.latest.get(key)
        if (
            old is not None and old.run == run.run and old.starts_on == run.starts_on and old.state != RUNNING
            and run.state in ("met", "late") and old.state in ("met", "late") and old.stopped_on == run.stopped_on
        ):  # fmt: skip
            after.latest[key] = after.changed[run.key, run.run] = old
