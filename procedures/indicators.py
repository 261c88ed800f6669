"""Which indicators this installation counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from states.indicators import Indicator

if TYPE_CHECKING:
    from procedures.office import Office


def indicators_of(office: Office) -> dict[str, Indicator]:
    """The indicators of config.yaml, in its order."""
    return {
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
        )
        for name, one in office.settings.indicators.items()
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
            }
            for one in indicators_of(office).values()
        ]
    }
