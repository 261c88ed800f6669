"""How far a unit is: expected pace, status, and the exact percent with the way it is printed. No floats anywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from states.errors import BadInput
from states.wording import Text

Number = int | Decimal | Fraction

HALF_UP, CUT_OFF = "half_up", "cut_off"

VUOT, DAT, DUNG_TIEN_DO = "vuot", "dat", "dung_tien_do"
CHUA_CO_NGUON, NGUY_CO, CHAM = "chua_co_nguon", "nguy_co", "cham"

STATUSES: Mapping[str, Text] = {
    VUOT: Text("Vượt chỉ tiêu", "Above target"),
    DAT: Text("Đạt chỉ tiêu", "Target reached"),
    DUNG_TIEN_DO: Text("Đúng tiến độ", "On pace"),
    CHUA_CO_NGUON: Text("Chưa có nguồn", "No source yet"),
    NGUY_CO: Text("Nguy cơ không đạt", "At risk"),
    CHAM: Text("Chậm tiến độ", "Behind pace"),
}
BEHIND = frozenset({CHUA_CO_NGUON, NGUY_CO, CHAM})


# ---------------------------------------------------------------------- pace and status


def share_due(first: date, last: date, day: date, phases: Mapping[int, int] | None = None) -> Fraction:
    """What share of a target is due by the end of `day`: days elapsed including it ÷ days of the period, 0 to 1.

    `phases` bends the line: percent of the period's days gone -> percent of the target due, straight between the points
    ({50: 30, 75: 60}: a slow start); 0 and 100 are there by themselves.
    """
    days = (last - first).days + 1
    gone = Fraction(min(max((day - first).days + 1, 0), days), days)
    if not phases:
        return gone
    points = sorted({0: 0, 100: 100, **phases}.items())
    for (x0, y0), (x1, y1) in pairwise(points):
        if gone * 100 <= x1:
            return (y0 + (gone * 100 - x0) * Fraction(y1 - y0, x1 - x0)) / 100
    return Fraction(1)


def judge(
    actual: Number,
    floor: Number | None,
    ceiling: Number | None,
    expected: Number,
    on_the_way: Callable[[], int | None],
) -> str:
    """The status of a figure against its target; `expected` = what the pace asks for by the day.

    `on_the_way` is only asked when it decides (it costs a count of people); None = nobody knows (reported numbers), and
    then a unit behind is `cham`. A target with a ceiling alone is reached until it is passed.
    """
    top = ceiling if ceiling is not None else floor
    if top is not None and actual > top:
        return VUOT
    if floor is None or actual >= floor:
        return DAT
    if actual >= expected:
        return DUNG_TIEN_DO
    people = on_the_way()
    if people is None:
        return CHAM
    if actual == 0 and people == 0:
        return CHUA_CO_NGUON
    return NGUY_CO if actual + people < floor else CHAM


def explain(
    status: str,
    actual: Number,
    floor: Number | None,
    ceiling: Number | None,
    expected: Number,
    day: date,
    on_the_way: Callable[[], int | None],
    *,
    ratio: tuple[Number, str] | None = None,
    percent: bool = False,
    since: date | None = None,
    lang: str = "vi",
) -> str:
    """A sentence that gives a status by its own numbers; the arguments are those it was judged by on that day.

    `ratio`: the target is that share of the figure of what the words name. `percent`: the figures are percentages. `since`:
    the first day of what was done, where it lies before the period asked for.
    """

    def say(value: Number, thousands: str = ".", decimals: int = 2) -> str:
        exact = value.as_integer_ratio()
        text = _print(exact, 0 if exact[1] == 1 else decimals, HALF_UP, thousands) + ("%" if percent else "")
        return text.translate(_ENGLISH) if lang == "en" else text

    def say_due() -> str:
        """The pace with the decimals that show it above what was done, where it is above by less than a hundredth."""
        enough = (n for n in range(2, 10) if not actual < expected or Fraction(actual) < round(Fraction(expected), n))
        return say(expected, decimals=next(enough, 10))

    sentence = _SENTENCES[status]
    words: dict[str, object] = {"status": _SPOKEN[status]}
    top = ceiling if ceiling is not None else floor
    if floor is None:
        sentence = _OVER_CEILING if status == VUOT else _UNDER_CEILING if top is not None else _NO_ENDS
        words["actual"] = say(actual)
    else:
        ends = dict.fromkeys(say(end, "") for end in (floor, ceiling) if end is not None)
        words["done"] = f"{say(actual, '')}/{'–'.join(ends)}"  # a pair goes without thousands dots (print_attainment)
    if top is not None and status in (VUOT, DAT):
        words |= {"top": say(top), "more": say(Fraction(actual) - Fraction(top))}
    if status not in (VUOT, DAT):
        words |= {"expected": say_due(), "day": day}
    if status in BEHIND and (people := on_the_way()) is not None:
        sentence = _SLOW_BUT_ENOUGH if status == CHAM else sentence
        words |= {"people": people, "together": say(Fraction(actual) + people), "floor": say(floor or 0)}
    said = sentence.say(lang, **words)
    if since is not None:
        said = _SINCE.say(lang, day=since) + said
    if ratio is None or floor is None:
        return said
    part, of = ratio
    base = say(Fraction(floor) / Fraction(part)) if part else ""
    return _OF.say(lang, floor=say(floor), share=_share(part, lang), base=base, of=of) + " " + said


def explain_unknown(ratio: Number, of: str, *, nothing: bool = False, lang: str = "vi") -> str:
    """Why a target that is a share of something cannot be told: what it is a share of is `nothing` yet, or not known."""
    return (_OF_NOTHING if nothing else _NOT_KNOWN).say(lang, share=_share(ratio, lang), of=of)


def _share(ratio: Number, lang: str) -> str:
    text = print_percent(Fraction(ratio) * 100)
    return text.translate(_ENGLISH) if lang == "en" else text


_ENGLISH = str.maketrans(",.", ".,")
_OF = Text("Chỉ tiêu {floor} là {share} của {base} («{of}»).", "The target {floor} is {share} of {base} (“{of}”).")
_NOT_KNOWN = Text(
    "Chỉ tiêu là {share} của «{of}», số ấy chưa có nên chưa tính được.",
    "The target is {share} of “{of}”, which is not known, so it cannot be told.",
)
_SINCE = Text("Tính từ {day}: ", "Since {day}: ")
_OF_NOTHING = Text(
    "Chỉ tiêu là {share} của «{of}», số ấy đến nay là 0 nên chưa có gì để lấy tỷ lệ.",
    "The target is {share} of “{of}”, which is 0 so far, so there is nothing to take a share of yet.",
)
_DONE = Text("Đã làm {done}", "Done {done}")
_DUE = Text("; đến {day} theo tiến độ phải đạt {expected}", "; by {day} the pace asks for {expected}")
_SPOKEN: Mapping[str, Text] = {
    name: Text(text.vi[0].lower() + text.vi[1:], text.en[0].lower() + text.en[1:]) for name, text in STATUSES.items()
}


def _sentence(vi: str, en: str, *, due: bool = True) -> Text:
    """How every explanation begins and ends, and what stands between."""
    more = _DUE if due else Text("", "")
    return Text(_DONE.vi + more.vi + vi + ": {status}.", _DONE.en + more.en + en + ": {status}.")


_SENTENCES: Mapping[str, Text] = {
    VUOT: _sentence(", hơn {top} là {more}", ", {more} more than {top}", due=False),
    DAT: _sentence("", "", due=False),
    DUNG_TIEN_DO: _sentence("", ""),
    CHAM: _sentence("", ""),
    NGUY_CO: _sentence(
        "; còn {people} người trên đường, cộng lại {together} < {floor}",
        "; {people} on the way, together {together} < {floor}",
    ),
    CHUA_CO_NGUON: _sentence("; không có ai trên đường", "; nobody on the way"),
}
_SLOW_BUT_ENOUGH = _sentence(
    "; còn {people} người trên đường, cộng lại {together} ≥ {floor}",
    "; {people} on the way, together {together} ≥ {floor}",
)
_UNDER_CEILING = Text("Đã làm {actual}, không quá {top}: {status}.", "Done {actual}, not over {top}: {status}.")
_NO_ENDS = Text("Đã làm {actual}: {status}.", "Done {actual}: {status}.")
_OVER_CEILING = Text(
    "Đã làm {actual}, quá mức tối đa {top} là {more}: {status}.",
    "Done {actual}, {more} over the ceiling {top}: {status}.",
)


def is_behind(status: str, actual: Number, expected: Number, tolerance_percent: Number) -> bool:
    """Whether a unit is behind its pace by more than `tolerance_percent` of that pace, so that a case is made of it."""
    return status in BEHIND and Fraction(actual) * 100 < Fraction(expected) * (100 - Fraction(tolerance_percent))


# ---------------------------------------------------------------------- percent and print


def percent_of(actual: Number, whole: Number | None) -> Fraction | None:
    """actual ÷ whole in percent, exact; None without anything to divide by."""
    if not whole:
        return None
    (done, of_done), (all_of_it, of_all) = actual.as_integer_ratio(), whole.as_integer_ratio()
    return Fraction(done * of_all * 100, of_done * all_of_it)


def as_number(value: Number | None) -> int | Decimal | None:
    """A figure for machines: int when whole, else a Decimal (of a fraction without end, ten decimals)."""
    if value is None:
        return None
    ratio = value.as_integer_ratio()
    if ratio[1] == 1:
        return ratio[0]
    return Decimal(_scaled(ratio, 10, HALF_UP)).scaleb(-10).normalize()


def print_percent(percent: Number, decimals: int = 2, rounding: str = HALF_UP) -> str:
    """29,17% · 30,50% · 488,8% · 1.250%: bare when exactly whole, else all `decimals`, decimal comma, thousands dot."""
    exact = percent.as_integer_ratio()
    return _print(exact, 0 if exact[1] == 1 else decimals, rounding, ".") + "%"


def print_number(value: Number, thousands: str = ".") -> str:
    """3.957 · 12,5: a figure as it is, without rounding but for the fifth decimal on."""
    exact = value.as_integer_ratio()
    text = _print(exact, 0 if exact[1] == 1 else 4, HALF_UP, thousands)
    return text.rstrip("0").rstrip(",") if "," in text else text


def print_attainment(actual: Number, floor: Number | None, ceiling: Number | None, percent_text: str | None) -> str:
    """7/24 (29,17%) · 12/10–15 (120%) · 3/≤5; without a target the number alone.

    Numbers of a pair are printed without thousands dots, as district reports write them (366/1200); a number alone has
    them (3.957).
    """
    if floor is None and ceiling is None:
        return print_number(actual)
    if floor is None:
        target = "≤" + print_number(ceiling or 0, "")
    elif ceiling is None or ceiling == floor:
        target = print_number(floor, "")
    else:
        target = f"{print_number(floor, '')}–{print_number(ceiling, '')}"
    pair = f"{print_number(actual, '')}/{target}"
    return f"{pair} ({percent_text})" if percent_text else pair


Ratio = tuple[int, int]  # numerator, denominator above 0


def _print(value: Ratio, decimals: int, rounding: str, thousands: str) -> str:
    scaled = _scaled(value, decimals, rounding)
    sign = "-" if value[0] < 0 else ""
    digits = str(abs(scaled)).rjust(decimals + 1, "0")
    whole, part = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    if len(whole) > 3:
        whole = f"{int(whole):,}".replace(",", thousands)
    return f"{sign}{whole},{part}" if part else sign + whole


def _scaled(value: Ratio, decimals: int, rounding: str) -> int:
    """value × 10^decimals as an integer; rounding is towards zero (cut_off) or half away from zero (half_up)."""
    if decimals < 0:
        raise BadInput(Text("Số chữ số thập phân phải từ 0 trở lên.", "Decimals must be 0 or more."))
    scale: int = 10**decimals
    numerator, denominator = abs(value[0]) * scale, value[1]
    if rounding == HALF_UP:
        numerator, denominator = 2 * numerator + denominator, 2 * denominator
    elif rounding != CUT_OFF:
        raise BadInput(
            Text(
                "Cách làm tròn «{rounding}» không có. Dùng half_up hoặc cut_off.",
                "There is no rounding {rounding!r}. Use half_up or cut_off.",
            ),
            rounding=rounding,
        )
    whole = numerator // denominator
    return -whole if value[0] < 0 else whole
