"""Series: what the charts of a report show, eight quarters of its counted figures and how many stand at each step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.figures import Figures
from procedures.horizon import THEN
from states.calendar import parse_day
from states.indicators import COUNTED
from states.pace import as_number
from states.periods import QUARTER, ROMAN, Period, parse_period, periods_of_years
from states.steps import GOING, STEP_LABELS
from states.way import CHINH_THUC, QUAN_CHUNG
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office

QUARTERS = 8
FUNNEL = tuple(step for step in GOING if step not in (QUAN_CHUNG, CHINH_THUC))


def add_series(office: Office, result: Mapping[str, Any]) -> dict[str, Any]:
    """A report with its `series`; one that has them is left as it is, and small counts are not shown by another way."""
    if result.get("series") is not None or result.get("hides_small"):
        return dict(result)
    known = result.get("as_known")
    found = series(
        office,
        str(result["unit"]),
        str(result["period"]),
        parse_day(result["as_of"]),
        known_at=datetime.fromisoformat(known) if isinstance(known, str) else known,
        structure=str(result.get("structure") or THEN),
    )
    return {**result, "series": found}


def series(
    office: Office, unit: str, period: str, as_of: date, *, known_at: datetime | None = None, structure: str = THEN
) -> dict[str, Any]:
    """{quarters: {codes, labels, lines: [{indicator, label, values}]}, funnel: [{step, label, count}]} of a subtree.

    The quarters end with the one of the period's last day (or of `as_of`, if earlier); lines that are nothing in all
    of them are left out, and so are steps nobody stands at when nobody stands at any.
    """
    access.require(office, "see_figures")
    may_see_people = access.may(office, "see_people")
    day = min(parse_period(period, office.terms).last, as_of)
    quarters = last_quarters(day)
    with office.database.reading() as connection:
        unit_id = access.get_unit_id(office, connection, unit, known_at)
        figures = Figures(office, connection, as_of, known_at=known_at, structure=structure)
        lines = []
        for indicator in figures.indicators.values():
            if indicator.source != COUNTED or (indicator.tells_people_apart and not may_see_people):
                continue
            values = [figures.of(one).subtree.get(indicator.name, {}).get(unit_id, 0) for one in quarters]
            if any(values):
                line = {"indicator": indicator.name, "label": indicator.label, "values": [as_number(v) for v in values]}
                lines.append(line)
        standing = figures.standing.by_step(FUNNEL, day)
        inside = figures.tree(day).subtree(unit_id)
    counts = {step: sum(standing.get(one, {}).get(step, 0) for one in inside) for step in FUNNEL}
    funnel = [{"step": step, "label": STEP_LABELS[step].say(office.lang), "count": counts[step]} for step in FUNNEL]
    return {
        "quarters": {
            "codes": [one.code for one in quarters],
            "labels": [quarter_label(one).say(office.lang) for one in quarters],
            "lines": lines,
        },
        "funnel": funnel if any(counts.values()) else [],
    }


def quarter_label(quarter: Period) -> Text:
    """ "Quý II/2020", short enough to stand under a chart."""
    number, year = int(quarter.code[-1]), quarter.code[:4]
    return Text(f"Quý {ROMAN[number]}/{year}", f"Q{number} {year}")


def last_quarters(day: date, count: int = QUARTERS) -> list[Period]:
    """The quarter of a day and those before it, oldest first."""
    begun = [one for one in periods_of_years(QUARTER, day.year - (count + 3) // 4, day.year) if one.first <= day]
    return begun[-count:]
