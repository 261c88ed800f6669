"""Options and arguments that several commands share, each worded once."""

from __future__ import annotations

from typing import Annotated

from console.command import argument, option

Code = Annotated[str, argument("MÃ", vi="Mã của người.", en="The candidate's code.")]
UnitCode = Annotated[str, argument("MÃ", vi="Mã đơn vị.", en="The unit's code.")]
Unit = Annotated[
    str | None,
    option("--unit", vi="Mã đơn vị (tính cả đơn vị trực thuộc).", en="Unit code (with all below it).", metavar="MÃ"),
]
Period = Annotated[
    str,
    option(
        "--period",
        vi="Kỳ: 2020-06, 2020-Q2, 2020-H1, 2020-9M, 2020, 2020/2025.",
        en="Period: 2020-06, 2020-Q2, 2020-H1, 2020-9M, 2020, 2020/2025.",
        metavar="KỲ",
    ),
]
SomePeriod = Annotated[
    str | None,
    option(
        "--period",
        vi="Kỳ: 2020-06, 2020-Q2, 2020-H1, 2020-9M, 2020, 2020/2025.",
        en="Period: 2020-06, 2020-Q2, 2020-H1, 2020-9M, 2020, 2020/2025.",
        metavar="KỲ",
    ),
]
Output = Annotated[str, option("--output", "-o", vi="Tệp sẽ ghi.", en="The file to write.", metavar="TỆP")]
DocumentNumber = Annotated[str | None, option("--doc", vi="Số văn bản.", en="Document number.", metavar="SỐ")]
DocumentDate = Annotated[str | None, option("--doc-date", vi="Ngày văn bản.", en="Document date.", metavar="NGÀY")]
Note = Annotated[str | None, option("--note", vi="Ghi chú hoặc lý do.", en="Note or reason.", metavar="GHI_CHÚ")]
SomeUnit = Annotated[str, option("--unit", vi="Mã đơn vị.", en="Unit code.", metavar="MÃ")]
Indicator = Annotated[str, option("--indicator", vi="Chỉ số.", en="The indicator.", metavar="CHỈ_SỐ")]
