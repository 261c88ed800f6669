"""The cases of units that are behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.indicators import indicators_of
from states import escalation, pace
from states.errors import Unknown
from states.wording import Text
from store.escalation import list_case_rows, load_case_rows
from store.unit_names import UnitName, load_unit_names

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

NO_CASE = Text("Không có vụ việc «{what}». Xem: ketnap case list --all", "There is no case {what}.")


def list_cases(office: Office, unit: str | None = None, *, closed: bool = False) -> dict[str, Any]:
    """{items: [{case, unit, indicator, indicator_label, period, step, since, next_on, status, actual, floor, commitment, silence}]}.

    By default the open ones. `commitment` and `silence` are what holds the case now: {text, until} or null. `next_on` =
    the working day the next rung is due; of a case closed by hand, the day from which a new one may be opened.
    """
    access.require(office, "see_figures")
    with office.database.reading() as connection:
        wanted = None
        if unit:
            unit_id = access.get_unit_id(office, connection, unit)
            wanted = office.units(connection).subtree(unit_id, office.today, with_ended=True)
        rows = _visible(office, connection, list_case_rows(connection, closed=closed, unit_ids=wanted))
        names = load_unit_names(connection, sorted({row["unit_id"] for row in rows}), office.today)
    return {"items": [_item(office, row, names[row["unit_id"]]) for row in rows]}


def show_case(office: Office, number: int) -> dict[str, Any]:
    """One case, open or closed, as `case list` shows it; Unknown where there is none."""
    access.require(office, "see_figures")
    with office.database.reading() as connection:
        rows = _visible(office, connection, list_case_rows(connection, closed=True, unit_ids=None, case_id=number))
        if not rows:
            raise Unknown(NO_CASE, what=number)
        names = load_unit_names(connection, [rows[0]["unit_id"]], office.today)
    return _item(office, rows[0], names[rows[0]["unit_id"]])


def list_some_cases(office: Office, connection: Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """These cases of the actor's units, in this order."""
    access.require(office, "see_figures")
    rows = _visible(office, connection, load_case_rows(connection, ids))
    names = load_unit_names(connection, sorted({row["unit_id"] for row in rows}), office.today)
    return [_item(office, row, names[row["unit_id"]]) for row in rows]


def _visible(office: Office, connection: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cases of the actor's units; who may not see people has none about figures that count some people only."""
    seen = access.visible(office, connection)
    if seen is not None:
        rows = [row for row in rows if row["unit_id"] in seen]
    if not access.may(office, "see_people"):
        apart = {name for name, one in indicators_of(office).items() if one.tells_people_apart}
        rows = [row for row in rows if row["indicator"] not in apart]
    return rows


def _item(office: Office, row: Mapping[str, Any], unit: UnitName) -> dict[str, Any]:
    lang, result = office.lang, row["result"]
    indicator = office.settings.indicators.get(row["indicator"])
    return {
        "case": row["id"],
        "code": f"case:{row['id']}",
        "unit": unit.code,
        "name": unit.name,
        "indicator": row["indicator"],
        "indicator_label": indicator.label if indicator else row["indicator"],
        "period": row["period"],
        "step": row["step"],
        "label": escalation.LABELS[row["step"]].say(lang),
        "since": row["since"],
        "next_on": row["next_on"],
        "opened_on": row["opened_on"],
        "closed_on": row["closed_on"],
        "result": result,
        "result_label": escalation.RESULTS[result].say(lang) if result in escalation.RESULTS else result,
        "status": row["status"],
        "status_label": pace.STATUSES[row["status"]].say(lang),
        "actual": pace.as_number(row["actual"]),
        "floor": pace.as_number(row["floor"]),
        "percent": pace.as_number(pace.percent_of(row["actual"], row["floor"])),
        "ladder": row["ladder"]["version"],
        "commitment": _held(row["committed"], row["committed_until"]),
        "acknowledged_on": row["acknowledged_on"],
        "acknowledged_by": row["acknowledged_by"],
        "silence": _held(row["silence_reason"], row["silenced_until"]),
        "version": row["version"],
    }


def _held(text: str | None, until: Any) -> dict[str, Any] | None:
    return {"text": text, "until": until} if text else None
