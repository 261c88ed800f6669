"""Commend: the bodies above their targets, and on the other side those behind and those without any source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.desk import Desk
from procedures.figures import Figures
from states import pace
from states.calendar import parse_day
from states.periods import enclosing, parse_period
from store.targets import load_targets
from store.unit_names import load_unit_names

if TYPE_CHECKING:
    from config.settings import CommendationSettings
    from procedures.office import Office

SHOWN = (
    "indicator", "label", "actual", "floor", "ceiling", "target_period", "percent", "percent_text", "status",
    "status_label", "text", "expected", "done", "done_text", "explanation", "responsible",
)  # fmt: skip


def commend(office: Office, unit: str, period: str, *, as_of: date | str | None = None) -> dict[str, Any]:
    """{unit, period, as_of, commend, behind, no_source}: rows of the living units below that have a target.

    Each is the report's own row of that unit with `unit` and `name`. `commend`: those config.yaml's commendation takes,
    of the most percent of the floor first; never one that passed a ceiling without a floor. `behind`: slow or at risk,
    the least percent first. `no_source`: nothing done and nobody on the way. Where nobody below has a target for the
    period, the unit itself is judged.
    """
    access.require(office, "see_figures")
    day = parse_day(as_of) if as_of else office.today
    asked = parse_period(period, office.terms)
    with office.database.reading() as connection:
        unit_id = access.get_unit_id(office, connection, unit)
        desk = Desk(office, Figures(office, connection, day), load_targets(connection), day)
        tree = desk.figures.tree(min(asked.last, day))
        may_see_people = access.may(office, "see_people")
        codes = {asked.code, *(one.code for one in enclosing(asked, office.terms))}
        holders = {holder for holder, _indicator, code in desk.in_force if code in codes}
        below = [one for one in tree.subtree(unit_id) if one in holders and one != unit_id and tree.exists(one)]
        names = load_unit_names(connection, below or [unit_id], min(asked.last, day))
        rows = [
            {"unit": name.code, "name": name.name} | {key: row.get(key) for key in SHOWN}
            for name in sorted(names.values(), key=lambda name: name.code)
            for row in desk.rows(name.id, asked, with_target=True)
            if row["status"] and (may_see_people or not desk.figures.indicators[row["indicator"]].tells_people_apart)
        ]
    settings = office.settings.commendation
    above = [row for row in rows if _is_above(row, settings)]
    behind = [row for row in rows if row["status"] in (pace.CHAM, pace.NGUY_CO)]
    return {
        "unit": unit,
        "period": asked.code,
        "period_label": asked.label(office.lang),
        "as_of": day,
        "commend": sorted(above, key=_attainment, reverse=True),  # a stable sort: by code and indicator among equals
        "behind": sorted(behind, key=_attainment),
        "no_source": [row for row in rows if row["status"] == pace.CHUA_CO_NGUON],
    }


def _is_above(row: Mapping[str, Any], settings: CommendationSettings) -> bool:
    return row["status"] in settings.statuses and bool(row["floor"]) and _attainment(row) >= settings.min_percent


def _attainment(row: Mapping[str, Any]) -> Fraction:
    """Percent of the floor that is done of the target's period so far, of a ratio indicator too."""
    return pace.percent_of(row["done"] or 0, row["floor"]) or Fraction(0)
