"""What a cell says, by the kind of its column. A cell that cannot be read raises BadInput with the fix."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from procedures.sheet_reader import Cell
from states.calendar import parse_day
from states.errors import BadInput
from states.wording import Text, fold

MAX_FIGURE = Decimal(10) ** 13
CHAINS = {
    "co_so": Text("cơ sở", "base committee votes"),
    "truc_tiep": Text("trực tiếp", "directly above"),
    "uy_quyen": Text("ủy quyền", "delegated"),
}
SEXES = {"nam": Text("Nam", "male"), "nu": Text("Nữ", "female")}
EDUCATION_LABELS = {
    "mu_chu": Text("mù chữ", "illiterate"),
    "tieu_hoc": Text("tiểu học", "primary"),
    "thcs": Text("THCS", "lower secondary"),
    "thpt": Text("THPT", "upper secondary"),
    "trung_cap": Text("trung cấp", "vocational"),
    "cao_dang": Text("cao đẳng", "college"),
    "dai_hoc": Text("đại học", "university"),
    "thac_si": Text("thạc sĩ", "master"),
    "tien_si": Text("tiến sĩ", "doctor"),
}
MORE_EDUCATION = {
    "cap1": "tieu_hoc",
    "cap2": "thcs",
    "cap3": "thpt",
    "trunghoccoso": "thcs",
    "trunghocphothong": "thpt",
    "cunhan": "dai_hoc",
    "kysu": "dai_hoc",
}
# A school of so many years -> the least class done of each level.
SCHOOLS = {12: ((12, "thpt"), (9, "thcs"), (5, "tieu_hoc")), 10: ((10, "thpt"), (7, "thcs"), (4, "tieu_hoc"))}
UNKNOWN = "?"  # a yes/no nobody knows: an empty cell would be a no
YES = frozenset(("1", "x", "co", "yes", "y", "true"))
NO = frozenset(("0", "khong", "no", "n", "false", "k"))

_DIGITS = re.compile(r"[+-]?\d+(?:[.,]\d{1,2})?")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_CLASS = re.compile(r"(\d{1,2})/(10|12)")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))

NOT_TEXT = Text(
    "Ô này là {what}, không phải chữ. Xin đặt định dạng cột là «Text» rồi gõ lại.",
    "This cell is {what}, not text. Format the column as Text and type it again.",
)
A_DAY = Text("ngày tháng", "a date")
A_FRACTION = Text("số lẻ", "a fraction")
A_TRUTH = Text("TRUE/FALSE", "TRUE/FALSE")
OWN_FORMAT = Text(
    "Ô mã là số {value} với định dạng riêng «{format}» nên không biết mã viết thế nào. "
    "Xin đặt định dạng cột là «Text» rồi gõ lại mã.",
    "The code is the number {value} shown through the format {format!r}, so how it is written is not known. Format the "
    "column as Text and type the code again.",
)
CONTROL = Text(
    "Có ký tự điều khiển không in được trong ô. Xin gõ lại.", "There is an unprintable character in the cell."
)
NOT_DAY = Text(
    "Ô ngày là số {value}. Xin đặt định dạng ô là ngày, hoặc gõ ngày/tháng/năm, ví dụ 31/12/2020.",
    "The day is the number {value}. Format the cell as a date or type it like 31/12/2020.",
)
NOT_BIRTH = Text(  # a birth date is personal: the message does not repeat it
    "Ngày sinh không đọc được hoặc không có trong lịch. Viết dd/mm/yyyy, mm/yyyy hoặc yyyy.",
    "The birth date cannot be read or does not exist. Write dd/mm/yyyy, mm/yyyy or yyyy.",
)
NOT_YES_NO = Text(
    "«{value}» không phải là có/không. Viết 1 hoặc 0, x hoặc để trống, có hoặc không.",
    "{value!r} is neither yes nor no. Write 1 or 0, x or nothing, có or không.",
)
NOT_NUMBER = Text(
    "«{value}» không phải là số. Xin đặt định dạng ô là số và gõ chữ số, không kèm đơn vị, ví dụ 1200 hoặc 7,5.",
    "{value!r} is no number. Format the cell as a number and type digits only, such as 1200 or 7.5.",
)
NEGATIVE = Text("{value} không được âm hoặc quá lớn.", "{value} must be 0 or more, and not that large.")
NOT_WHOLE = Text("{value} phải là số nguyên từ 0 trở lên.", "{value} must be a whole number from 0 up.")
NOT_RATIO = Text(
    "Tỷ lệ {value} không rõ. Viết có dấu phần trăm, ví dụ 50%, hoặc 0,5.",
    "The ratio {value} is not clear. Write it with a percent sign, such as 50%, or 0.5.",
)
NOT_CHOICE = Text(
    "«{value}» không có trong danh mục. Chọn một trong: {known}.", "{value!r} is not in the list: {known}."
)
SPREADSHEET_ERROR = Text("Ô báo lỗi {value}. Xin sửa ô này trong bảng tính.", "The cell shows the error {value}.")


def read_cell(kind: str, cell: Cell) -> Any:
    """The value of a cell that has something in it."""
    if cell.kind == "error":
        raise BadInput(SPREADSHEET_ERROR, value=cell.value)
    return KINDS[kind](cell)


def clean(written: str) -> str:
    """Words as kept: composed (NFC), one kind of blank, nothing invisible."""
    if written.isascii() and written.isprintable():
        return written.strip()
    text = unicodedata.normalize("NFC", written).translate(_INVISIBLE).replace("\xa0", " ").replace("\r\n", "\n")
    if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text):
        raise BadInput(CONTROL)
    return text.strip()


def words(cell: Cell) -> str:
    """Text as written, lines kept; a date typed among words is written out."""
    if cell.kind == "text":
        return clean(cell.value)
    if cell.kind == "day":
        day = cell.value
        return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
    return _number_as_text(cell) if cell.kind == "number" else ("1" if cell.value else "0")


def text(cell: Cell) -> str:
    """One line of text."""
    if cell.kind == "text":
        return " ".join(clean(cell.value).split())
    if cell.kind == "number":
        return _number_as_text(cell)
    raise BadInput(NOT_TEXT, what=A_DAY if cell.kind == "day" else A_TRUTH)


def code(cell: Cell) -> str:
    """A code; a number shows its leading zeros through its format (000)."""
    if cell.kind != "number":
        return text(cell)
    value, shown = cell.value, cell.format
    if isinstance(value, float) and not value.is_integer():
        raise BadInput(NOT_TEXT, what=A_FRACTION)
    if shown.strip("0") == "" and shown:
        return str(int(value)).zfill(len(shown))
    if shown.casefold() in ("general", "@", "#", "#,##0", "0.00", "#,##0.00", ""):
        return str(int(value))
    raise BadInput(OWN_FORMAT, value=value, format=shown)


def codes(cell: Cell) -> list[str]:
    """Several codes, separated by comma, semicolon or a new line."""
    if cell.kind != "text":
        return [code(cell)]
    return list(
        dict.fromkeys(one for part in re.split(r"[,;\n]", clean(cell.value)) if (one := " ".join(part.split())))
    )


def day(cell: Cell) -> date:
    """A day: a date cell, dd/mm/yyyy or ISO."""
    if cell.kind == "text":
        return parse_day(clean(cell.value))
    if cell.kind == "day":
        return parse_day(cell.value.date().isoformat() if isinstance(cell.value, datetime) else cell.value.isoformat())
    raise BadInput(NOT_DAY, value=cell.value)


def birth(cell: Cell) -> str:
    """A birth date as much as is known: 1990-03-20, 1990-03 or 1990. A date cell shown as mm/yyyy is a month."""
    if cell.kind == "day":
        whole = day(cell).isoformat()
        return whole if "d" in _LITERAL.sub("", cell.format).casefold() else whole[:7]
    written = "".join(text(cell).split())
    try:
        if re.fullmatch(r"\d{4}", written):
            return parse_day(f"{written}-12-31").isoformat()[:4]
        if found := _MONTH.fullmatch(written):
            return parse_day(f"01/{found[1]}/{found[2]}").isoformat()[:7]
        if found := _YEAR_MONTH.fullmatch(written):
            return parse_day(f"01/{found[2]}/{found[1]}").isoformat()[:7]
        return parse_day(written).isoformat()
    except BadInput:
        raise BadInput(NOT_BIRTH) from None


def period(cell: Cell) -> str:
    """A period's code as written; a date is its month. Whether it exists is for states.periods to say."""
    if cell.kind == "day":
        return day(cell).isoformat()[:7]
    written = text(cell)
    if found := _MONTH.fullmatch(written):
        return f"{found[2]}-{found[1]:0>2}"
    return written


def yes_no(cell: Cell) -> str:
    """ "1", "0" or, where somebody says that nobody knows, "?"."""
    if cell.kind == "bool":
        return "1" if cell.value else "0"
    written = words(cell)
    folded = fold(written)
    if folded in YES or written in ("✓", "✔", "☑"):
        return "1"
    if folded in NO:
        return "0"
    if written == UNKNOWN or folded in ("khongro", "chuaro"):
        return UNKNOWN
    raise BadInput(NOT_YES_NO, value=written)


def number(cell: Cell) -> Decimal:
    """A number from 0 up, to four places."""
    return _figure(_decimal(cell), 4)


def count(cell: Cell) -> str:
    """A whole number, kept as text among a unit's attributes."""
    value = _decimal(cell)
    if value != value.to_integral_value() or not 0 <= value < MAX_FIGURE:
        raise BadInput(NOT_WHOLE, value=value)
    return str(int(value))


def ratio(cell: Cell) -> Decimal:
    """A ratio, 0.5 = 50%; a bare number above 1 is refused, nobody knows whether 50 means 50%."""
    if cell.kind == "text" and clean(cell.value).endswith("%"):
        return _figure(_decimal(Cell("text", clean(cell.value)[:-1].rstrip())) / 100, 6)
    value = _figure(_decimal(cell), 6)
    if value > 1 and "%" not in cell.format:
        raise BadInput(NOT_RATIO, value=value)
    return value


def education(cell: Cell) -> str:
    """A level: 9/12 is THCS, 12/12 THPT (7/10 and 10/10 in the old ten-year school), or a word."""
    if cell.kind == "day":  # a spreadsheet takes 9/12 for a day of this year
        one, other = sorted((cell.value.day, cell.value.month))
        written = f"{one}/{other}"
    else:
        written = "".join(text(cell).split()) if cell.kind == "text" and "/" in cell.value else text(cell)
    if found := _CLASS.fullmatch(written):
        done, whole = int(found[1]), int(found[2])
        if done <= whole:
            return next((level for least, level in SCHOOLS[whole] if done >= least), "mu_chu")
    return choice(written, EDUCATION_LABELS, MORE_EDUCATION)


def choice(written: str, known: dict[str, Text], more: dict[str, str] | None = None) -> str:
    """The word of `known` that is meant, by itself or by its label; BadInput lists them."""
    wanted = fold(written)
    for word, label in known.items():
        if wanted in (fold(word), fold(label.vi), fold(label.en)):
            return word
    if more and wanted in more:
        return more[wanted]
    raise BadInput(NOT_CHOICE, value=written, known=", ".join(label.vi for label in known.values()))


def _number_as_text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    if cell.format and cell.format.strip("0") == "":
        return str(int(value)).zfill(len(cell.format))
    return str(int(value))


def _decimal(cell: Cell) -> Decimal:
    if cell.kind == "number":
        return Decimal(repr(cell.value))
    written = "".join(clean(cell.value).split()) if cell.kind == "text" else words(cell)
    if cell.kind != "text" or not _DIGITS.fullmatch(written):
        raise BadInput(NOT_NUMBER, value=written)
    return Decimal(written.replace(",", "."))


def _figure(value: Decimal, places: int) -> Decimal:
    if not (value.is_finite() and 0 <= value < MAX_FIGURE):
        raise BadInput(NEGATIVE, value=value)
    whole = value.to_integral_value()
    return whole if whole == value else value.quantize(Decimal(1).scaleb(-places)).normalize()


KINDS: dict[str, Callable[[Cell], Any]] = {
    "code": code,
    "codes": codes,
    "text": text,
    "words": words,
    "day": day,
    "birth": birth,
    "period": period,
    "yes_no": yes_no,
    "number": number,
    "count": count,
    "ratio": ratio,
    "education": education,
    "sex": lambda cell: choice(text(cell), SEXES),
    "chain": lambda cell: choice(text(cell), CHAINS),
    "kind": text,
    "step": text,
}
