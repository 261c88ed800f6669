"""From where figures are looked at: the day that had come, the instant that was known, the structure they go up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from procedures.office import ZONE
from states.calendar import parse_day
from states.errors import BadInput
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office

THEN, NOW = "then", "now"
_HERE = ZoneInfo(ZONE)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")

NOT_KNOWN_AT = Text(
    "«{written}» không phải là ngày hay thời điểm. Viết 2020-06-30 (hết ngày ấy) hoặc 2020-06-30T17:00:00+07:00.",
    "{written!r} is no day and no instant. Write 2020-06-30 (the end of it) or 2020-06-30T17:00:00+07:00.",
)
NO_STRUCTURE = Text(
    "Cơ cấu là then (như khi ấy) hoặc now (như bây giờ), không có «{written}».",
    "The structure is then or now, not {written!r}.",
)


@dataclass(frozen=True, slots=True)
class Horizon:
    """What a report may know. `known_at` None: all that is recorded. `structure`: then, or now (of the business day)."""

    as_of: date
    known_at: datetime | None = None
    structure: str = THEN


def read_horizon(
    office: Office, as_of: date | str | None, as_known: date | datetime | str | None, structure: str
) -> Horizon:
    """A horizon as people ask for it; BadInput for what cannot be read.

    As known on a day gone by, an office that works by the machine's calendar stood on that day: it is the day that had
    come unless `as_of` says another. A business day that was set is the same then and now.
    """
    if structure not in (THEN, NOW):
        raise BadInput(NO_STRUCTURE, written=structure)
    known_at = None if as_known is None or as_known == "" else read_instant(as_known)
    if as_of:
        return Horizon(parse_day(as_of), known_at, structure)
    day = office.today
    if known_at is not None and office.today == office.now().astimezone(_HERE).date():
        day = min(day, known_at.astimezone(_HERE).date())
    return Horizon(day, known_at, structure)


def read_instant(written: date | datetime | str) -> datetime:
    """The last moment of a day in Vietnam, or the instant itself (without a zone: Vietnam's)."""
    if isinstance(written, str) and _INSTANT.fullmatch(written.strip()):
        try:
            written = datetime.fromisoformat(written.strip())
        except ValueError:
            raise BadInput(NOT_KNOWN_AT, written=written) from None
    if isinstance(written, datetime):
        return written if written.tzinfo else written.replace(tzinfo=_HERE)
    try:
        day = parse_day(written)
    except BadInput as error:
        if error.values.keys() == {"written"}:
            raise BadInput(NOT_KNOWN_AT, written=written) from None
        raise
    return datetime.combine(day, time.min, _HERE) + timedelta(days=1, microseconds=-1)
