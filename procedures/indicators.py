"""Which indicators this installation counts."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from states.breakdowns import Breakdown, Cell, read_condition
from states.indicators import Indicator

if TYPE_CHECKING:
    from procedures.office import Office


def indicators_of(office: Office) -> dict[str, Indicator]:
    """The indicators of config.yaml, in its order; each "of which" right behind the indicator it is a part of."""
    kinds = office.settings.unit_kinds
    declared = {
        name: Indicator(
            name=name,
            label=one.label,
            source=one.source,
            trigger=one.trigger,
            basis=one.basis,
            destination=one.destination,
            numerator=one.numerator,
            denominator=one.denominator,
            part_of=one.part_of,
            unit_of_measure=one.unit_of_measure,
            where=tuple(read_condition(key, given, kinds) for key, given in one.where.items()),
            steps=tuple(one.steps),
            attribute=one.attribute,
        )
        for name, one in office.settings.indicators.items()
    }
    parts: dict[str | None, list[str]] = {}
    for name, one in declared.items():
        parts.setdefault(one.part_of, []).append(name)
    ordered: dict[str, Indicator] = {}

    def put(names: list[str]) -> None:
        for name in names:
            if name not in ordered:
                ordered[name] = declared[name]
                put(parts.get(name, []))

    put([*parts.get(None, []), *declared])
    return ordered


def some_of(indicators: dict[str, Indicator], only: Collection[str] | None) -> dict[str, Indicator]:
    """These indicators (None = all) with the two a ratio is made of, in their order."""
    if only is None:
        return indicators
    parts = {
        part
        for name in only
        if name in indicators
        for part in (indicators[name].numerator, indicators[name].denominator)
    }
    return {name: one for name, one in indicators.items() if name in only or name in parts}


def breakdowns_of(office: Office) -> dict[str, Breakdown]:
    """The breakdowns of config.yaml, in its order."""
    kinds = office.settings.unit_kinds
    return {
        name: Breakdown(
            name,
            one.label,
            one.of,
            tuple(
                Cell(value, cell.label, None if cell.values is None else read_condition(one.of, cell.values, kinds))
                for value, cell in one.cells.items()
            ),
        )
        for name, one in office.settings.breakdowns.by.items()
    }


def list_indicators(office: Office) -> dict[str, Any]:
    """{items: [{indicator, label, source, trigger, basis, …}]}: every indicator and where its figure comes from."""
    return {
        "items": [
            {
                "indicator": one.name,
                "label": one.label,
                "source": one.source,
                "trigger": one.trigger,
                "basis": one.basis if one.trigger else None,
                "destination": one.destination,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "part_of": one.part_of,
                "unit_of_measure": one.unit_of_measure,
                "where": office.settings.indicators[one.name].where,
                "steps": one.steps,
                "attribute": one.attribute,
            }
            for one in indicators_of(office).values()
        ]
    }
