"""The bridge from the closed figures to those of today: every entry recorded since that moves one, with its effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.behind import look_behind
from procedures.closings import frozen_behind, frozen_report, get_closed
from procedures.desk import Desk
from procedures.figures import Figures
from procedures.follow_erased import follow_erased
from procedures.moved_since import DERIVED, LABELS, Cause, Finder
from states.figures import Number
from states.indicators import Indicator
from states.pace import as_number, print_number, print_percent
from states.periods import parse_period
from store.targets import load_targets
from store.unit_names import load_unit_names

if TYPE_CHECKING:
    from procedures.office import Office


def bridge(office: Office, unit: str, period: str) -> dict[str, Any]:
    """From the last closed version to today: {unit, period, version, rows: [{indicator, closed, now, entries}], reconciles}.

    In every row closed + the entries' effects = now, or the rest stands in `remainder` and `reconciles` is false.
    Unknown for the unit, BadInput for what was never closed.
    """
    access.require(office, "see_people")
    asked = parse_period(period, office.terms)
    with office.database.reading() as connection:
        unit_id = access.get_unit_id(office, connection, unit)
        closed = get_closed(connection, unit, asked.code)
        frozen = frozen_report(connection, closed, office.lang)
        then = frozen_behind(connection, closed)
        day = max(office.today, frozen["as_of"])
        figures = Figures(office, connection, day)
        now = look_behind(connection, figures, asked, unit_id)
        live = Desk(office, figures, load_targets(connection), day).rows(unit_id, asked)
        name = load_unit_names(connection, [unit_id], min(asked.last, day))[unit_id].name
        about_people = {name for name, one in figures.indicators.items() if one.tells_people_apart}
        tree = figures.of(asked).tree
        finder = Finder(connection, closed, frozen["as_of"], min(day, asked.last), now, tree, about_people)
        effects = finder.effects(follow_erased(connection, then), now) if then is not None else {}
    rows = _rows(office, frozen, live, effects, figures.indicators)
    return {
        "unit": unit,
        "name": name,
        "period": asked.code,
        "period_label": asked.label(office.lang),
        "as_of": day,
        "known_at": closed.prepared.recorded_at,
        **{key: told for key, told in closed.told().items() if key != "as_closed"},
        "rows": rows,
        "reconciles": all(row["reconciles"] for row in rows),
    }


def _rows(
    office: Office,
    frozen: Mapping[str, Any],
    live: Sequence[Mapping[str, Any]],
    effects: Mapping[str, Mapping[Cause, Number]],
    indicators: Mapping[str, Indicator],
) -> list[dict[str, Any]]:
    closed_rows = {row["indicator"]: row for row in frozen["rows"]}
    live_rows = {row["indicator"]: row for row in live}
    moved = {name: _exact(live_rows.get(name)) - _exact(closed_rows.get(name)) for name in {**closed_rows, **live_rows}}
    rows = []
    for name in {**closed_rows, **live_rows}:
        before, after = closed_rows.get(name), live_rows.get(name)
        named = dict(effects.get(name, {}))
        indicator = indicators.get(name)
        if indicator is not None and indicator.is_ratio and moved[name]:
            parts = (str(indicator.numerator), str(indicator.denominator))
            if any(moved.get(part) for part in parts):
                named = {Cause(DERIVED, None, None): moved[name]}  # type: ignore[dict-item]
        rest = moved[name] - sum((Fraction(effect) for effect in named.values()), Fraction(0))
        shown = after or before or {}
        rows.append(
            {
                "indicator": name,
                "label": shown.get("label"),
                "closed": before["actual"] if before else None,
                "now": after["actual"] if after else None,
                "difference": as_number(moved[name]),
                "difference_text": _signed(office, moved[name], bool(indicator and indicator.is_ratio)),
                "closed_text": before["text"] if before else None,
                "now_text": after["text"] if after else None,
                "entries": [_told(office, cause, effect) for cause, effect in sorted(named.items(), key=_order)],
                "remainder": as_number(rest),
                "reconciles": not rest,
            }
        )
    return rows


def _exact(row: Mapping[str, Any] | None) -> Fraction:
    """A row's figure; a ratio from its two parts, since its own has been rounded to ten decimals."""
    if row is None:
        return Fraction(0)
    if row.get("denominator"):
        return Fraction(row["numerator"]) * 100 / Fraction(row["denominator"])
    return Fraction(row["actual"] or 0)


def _told(office: Office, cause: Cause, effect: Number | Fraction) -> dict[str, Any]:
    return {
        "entry": cause.entry,
        "of": cause.of,
        "what": cause.what,
        "label": LABELS[cause.what].say(office.lang),
        "trigger": cause.trigger,
        "on": cause.on,
        "recorded_at": cause.recorded_at,
        "effect": as_number(effect),
        "effect_text": _signed(office, effect, cause.what == DERIVED),
    }


def _signed(office: Office, moved: Number | Fraction, percent: bool) -> str:
    """A change as people read it, with its sign."""
    printing = office.settings.percent
    size = abs(Fraction(moved))
    said = print_percent(size, printing.decimals, printing.rounding) if percent else print_number(as_number(size) or 0)
    tells = any(digit in said for digit in "123456789")  # what is cut off to nothing has no sign
    return f"{'+' if tells and moved > 0 else '-' if tells and moved < 0 else ''}{said}"


def _order(pair: tuple[Cause, Any]) -> tuple[Any, ...]:
    cause = pair[0]
    return cause.recorded_at is None, str(cause.recorded_at), cause.what, str(cause.entry)
