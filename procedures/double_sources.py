"""Two sources for one figure: a number counted from people and a number reported. Refused by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from states.errors import BadInput
from states.figures import Number
from states.indicators import Indicator
from states.wording import Text
from store.unit_names import load_unit_names

if TYPE_CHECKING:
    from store.base import Connection


class DoubleSource(NamedTuple):
    """One unit, indicator and period with a number counted from people and a number reported."""

    unit_id: int
    indicator: str
    period: str
    counted: Number
    reported: Number


def refuse_double_sources(
    connection: Connection, found: Sequence[DoubleSource], indicators: dict[str, Indicator], on: date
) -> None:
    """BadInput that names both sources of the first and lists all in its details."""
    codes = {unit: name.code for unit, name in load_unit_names(connection, [d.unit_id for d in found], on).items()}
    first = found[0]
    raise BadInput(
        Text(
            "Đơn vị {unit}, «{label}», kỳ {period}: đếm từ hồ sơ được {counted}, số báo cáo là {reported}. "
            "Mỗi đơn vị chỉ dùng một nguồn cho một kỳ: xin bỏ số báo cáo hoặc hồ sơ. ({count} trường hợp)",
            "Unit {unit}, {indicator}, {period}: counted from the journal {counted}, reported as a number {reported}. "
            "A unit has one source for a period: drop the reported number or the people. ({count} such cases)",
        ),
        details={
            "double_sources": [
                {
                    "unit": codes.get(d.unit_id),
                    "indicator": d.indicator,
                    "period": d.period,
                    "counted": d.counted,
                    "reported": d.reported,
                }
                for d in found
            ]
        },
        unit=codes.get(first.unit_id),
        indicator=first.indicator,
        label=indicators[first.indicator].label,
        period=first.period,
        counted=first.counted,
        reported=first.reported,
        count=len(found),
    )
