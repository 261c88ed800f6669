"""The cases of units that are behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from procedures.figures import Figures
from states import escalation, pace
from store.escalation import list_case_rows
from store.unit_names import get_unit_id, load_unit_names

if TYPE_CHECKING:
    from procedures.office import Office


def list_cases(office: Office, unit: str | None = None, *, closed: bool = False) -> dict[str, Any]:
    """{items: [{case, unit, indicator, period, step, since, next_on, status, actual, floor}]}; by default open ones."""
    with office.database.reading() as connection:
        wanted = None
        if unit:
            wanted = Figures(office, connection, office.today).tree(office.today).subtree(get_unit_id(connection, unit))
        rows = list_case_rows(connection, closed=closed, unit_ids=wanted)
        names = load_unit_names(connection, sorted({row["unit_id"] for row in rows}), office.today)
    items = [
        {
            "case": row["id"],
            "unit": names[row["unit_id"]].code,
            "name": names[row["unit_id"]].name,
            "indicator": row["indicator"],
            "period": row["period"],
            "step": row["step"],
            "label": escalation.LABELS[row["step"]].say(office.lang),
            "since": row["since"],
            "next_on": row["next_on"],
            "opened_on": row["opened_on"],
            "closed_on": row["closed_on"],
            "result": row["result"],
            "status": row["status"],
            "status_label": pace.STATUSES[row["status"]].say(office.lang),
            "actual": pace.as_number(row["actual"]),
            "floor": pace.as_number(row["floor"]),
            "percent": pace.as_number(pace.percent_of(row["actual"], row["floor"])),
            "ladder": row["ladder"]["version"],
        }
        for row in rows
    ]
    return {"items": items}
