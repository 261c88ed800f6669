"""The part of verify that rebuilds people's rows and clocks from their journal and compares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from procedures.gate import Gate
from procedures.office import Office
from states.clocks import ClockRun
from states.wording import Text
from store import chains
from store.base import Connection

PROJECTION = Text(
    "Hồ sơ đã bị sửa: {column} là {found}, theo nhật ký phải là {expected}.",
    "The candidate's row was edited: {column} is {found}, by the journal it has to be {expected}.",
)
FACTS = Text(
    "Hồ sơ đã bị sửa: dữ kiện «{column}» không khớp nhật ký.",
    "The candidate's facts were edited: “{column}” does not match the journal.",
)
CLOCK = Text(
    "Thời hạn {key} (lần {run}) đã bị sửa: {column} là {found}, theo nhật ký phải là {expected}.",
    "The clock {key} (run {run}) was edited: {column} is {found}, by the journal it has to be {expected}.",
)
CLOCK_MISSING = Text("Thời hạn {key} (lần {run}) bị mất.", "The clock {key} (run {run}) is missing.")
CLOCK_STRANGE = Text(
    "Thời hạn {key} (lần {run}) không có trong nhật ký.", "The journal knows no clock {key} (run {run})."
)
NOT_REPLAYED = Text(
    "Không dựng lại được hồ sơ từ nhật ký: dữ liệu hồ sơ hỏng hoặc thiếu.",
    "The candidate cannot be rebuilt from the journal: its data is damaged or missing.",
)
CHUNK = 500
# What a due day was reckoned from. It may have changed with config.yaml since the clock was reckoned; then only its days
# of beginning and end can be judged.
BASIS = ("limit_value", "limit_unit", "extension", "profile", "status", "citation", "calendar")


class ProjectionCheck:
    """Takes people whose chains hold and replays them by the hundred; `add(code, sequence, text, **values)` takes finds."""

    def __init__(
        self, office: Office, connection: Connection, add: Callable[..., None], already_named: set[str]
    ) -> None:
        self.connection, self._add, self._already_named = connection, add, already_named
        self._gate = Gate(office)
        self._waiting: dict[Any, Any] = {}  # code -> id

    def take(self, code: Any, candidate_id: Any) -> None:
        """Check this person's row, now or with the next ones."""
        self._waiting[code] = candidate_id
        if len(self._waiting) == CHUNK:
            self.run()

    def run(self) -> None:
        """Check those that wait."""
        waiting, self._waiting = self._waiting, {}
        self._check(waiting)

    def _check(self, sound: dict[Any, Any]) -> None:
        if not sound:
            return
        try:
            expected = self._gate.replay_rows(self.connection, list(sound))
            stored = chains.read_projections(self.connection, sound.values())
        except Exception:  # whatever somebody wrote into a row must not hide the others: it is named below
            if len(sound) > 1:
                for code, candidate_id in sound.items():
                    self._check({code: candidate_id})
                return
            expected, stored = {}, {}
        for code in sound:
            if isinstance(code, str) and code in expected and code in stored:
                for text, values in _differences(expected[code], stored[code]):
                    self._add(code, None, text, **values)
            elif code not in self._already_named:  # a damaged text that is named already is reason enough
                self._add(code, None, NOT_REPLAYED)


Difference = tuple[Text, dict[str, Any]]


def _differences(expected: dict[str, Any], stored: chains.RawProjection) -> Iterator[Difference]:
    for column, found in stored.columns.items():
        if found != _plain(expected[column]):
            yield PROJECTION, {"column": column, "found": found, "expected": _plain(expected[column])}
    facts = stored.facts if isinstance(stored.facts, dict) else {}
    for key in sorted({*facts, *expected["facts"]} - {"clocks", "gaps", *stored.columns}):
        if facts.get(key) != expected["facts"].get(key):
            yield FACTS, {"column": key}
    runs: dict[tuple[str, int], ClockRun] = expected["clocks"]
    for key, row in stored.clocks.items():
        if key in runs:
            yield from _clock_differences(runs[key], row)
        elif row["state"] != "void":  # void: lost its beginning by a correction
            yield CLOCK_STRANGE, {"key": key[0], "run": key[1]}
    for key in runs.keys() - stored.clocks.keys():
        yield CLOCK_MISSING, {"key": key[0], "run": key[1]}
    for kept in _rows(facts.get("clocks")):
        standing = stored.clocks.get((kept[0], kept[1]))
        if standing is not None and kept != list(standing.values()):
            yield FACTS, {"column": f"clocks.{kept[0]}"}


def _clock_differences(run: ClockRun, row: dict[str, Any]) -> Iterator[Difference]:
    state = run.state
    columns = {"starts_on": _plain(run.starts_on), "stopped_on": _plain(run.stopped_on)}
    if all(row[column] == getattr(run, column) for column in BASIS):
        columns["due_on"] = _plain(run.due_on)
    elif state in ("met", "late"):
        state = "late" if str(row["stopped_on"]) > str(row["due_on"]) else "met"
    for column, expected in (columns | {"state": state}).items():
        if row[column] != expected:
            values = {"key": run.key, "run": run.run, "column": column, "found": row[column], "expected": expected}
            yield CLOCK, values


def _rows(value: Any) -> list[list[Any]]:
    if not isinstance(value, list):
        return []
    return [row for row in value if isinstance(row, list) and len(row) > 1 and isinstance(row[1], int)]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
