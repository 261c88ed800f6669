"""Who writes: the corners of a document, by the kind of the unit, as Hướng dẫn 36-HD/VPTW and the unions' own guide say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from states.wording import Text, fold
from store.unit_above import find_unit_above
from store.unit_names import get_unit_id, load_unit_names

if TYPE_CHECKING:
    from procedures.office import Office

PARTY, UNION, YOUTH, STATE = "dang", "cong_doan", "doan", "nha_nuoc"
FORMS = {
    "ldld": UNION,
    "cong_doan_co_so": UNION,
    "nghiep_doan": UNION,
    "to_cong_doan": UNION,
    "doan_thanh_nien": YOUTH,
    "co_quan": STATE,
    "doanh_nghiep": STATE,
    "khac": STATE,
}
SYMBOLS = {
    "tinh_uy": "TU",
    "huyen_uy": "HU",
    "dang_uy_xa": "ĐU",
    "dang_uy_co_so": "ĐU",
    "dang_uy_bo_phan": "ĐUBP",
    "chi_bo": "CB",
    "chi_bo_co_so": "CB",
    "ldld": "LĐLĐ",
    "cong_doan_co_so": "CĐCS",
    "nghiep_doan": "NĐ",
    "to_cong_doan": "TCĐ",
    "doan_thanh_nien": "ĐTN",
    "ban_chi_dao": "BCĐ",
}
SYMBOLS_BY_NAME = (("quanuy", "QU"), ("thanhuy", "TU"), ("thiuy", "ThU"))
SECRETARY, CHAIR = Text("BÍ THƯ", "SECRETARY"), Text("CHỦ TỊCH", "CHAIR")
STANDING = Text("T/M BAN THƯỜNG VỤ", "FOR THE STANDING COMMITTEE")
COMMITTEE = Text("T/M ĐẢNG ỦY", "FOR THE PARTY COMMITTEE")
CELL = Text("T/M CHI BỘ", "FOR THE PARTY CELL")
UNION_STANDING = Text("TM. BAN THƯỜNG VỤ", "FOR THE STANDING COMMITTEE")
EXECUTIVE = Text("TM. BAN CHẤP HÀNH", "FOR THE EXECUTIVE COMMITTEE")
NOBODY = Text("", "")
SIGNS = {  # on whose behalf, in which office
    "tinh_uy": (STANDING, SECRETARY),
    "huyen_uy": (STANDING, SECRETARY),
    "dang_uy_xa": (STANDING, SECRETARY),
    "dang_uy_co_so": (COMMITTEE, SECRETARY),
    "dang_uy_bo_phan": (COMMITTEE, SECRETARY),
    "chi_bo": (CELL, SECRETARY),
    "chi_bo_co_so": (CELL, SECRETARY),
    "ban_chi_dao": (Text("T/M BAN CHỈ ĐẠO", "FOR THE STEERING COMMITTEE"), Text("TRƯỞNG BAN", "HEAD")),
    "ldld": (UNION_STANDING, CHAIR),
    "cong_doan_co_so": (EXECUTIVE, CHAIR),
    "nghiep_doan": (EXECUTIVE, CHAIR),
    "to_cong_doan": (NOBODY, Text("TỔ TRƯỞNG", "GROUP LEADER")),
    "doan_thanh_nien": (EXECUTIVE, SECRETARY),
}
HEAD_OF_OFFICE = Text("THỦ TRƯỞNG CƠ QUAN", "HEAD OF THE OFFICE")
STATE_MOTTO = (
    Text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM"),
    Text("Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness"),
)
MOTTO = {
    PARTY: (Text("ĐẢNG CỘNG SẢN VIỆT NAM", "COMMUNIST PARTY OF VIET NAM"),),
    YOUTH: (Text("ĐOÀN TNCS HỒ CHÍ MINH", "HO CHI MINH COMMUNIST YOUTH UNION"),),
    UNION: STATE_MOTTO,
    STATE: STATE_MOTTO,
}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands around a document's words."""

    form: str
    above: str  # empty: nothing above
    issuer: str
    symbol: str
    place: str  # empty: to be written by hand
    on_behalf: str
    signer_title: str
    copies: tuple[str, ...]
    motto: tuple[str, ...]

    def number(self, kind: str) -> str:
        """ "Số        -BC/ĐU" for the Party, "Số:        /BC-LĐLĐ" elsewhere; the number is written by hand."""
        if self.form in (PARTY, YOUTH):
            return f"Số         -{kind}/{self.symbol}"
        return f"Số:         /{kind}-{self.symbol}"

    def dated(self, day: date, lang: str = "vi") -> str:
        """ "Long Biên, ngày 30 tháng 6 năm 2020"; days under ten and the first two months with their zero."""
        place = self.place or "…………"
        month = f"{day.month:02d}" if day.month < 3 else str(day.month)
        vi = f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}"
        return Text(vi, f"{place}, {day.isoformat()}").say(lang)


def letterhead(office: Office, unit: str, on: date) -> Letterhead:
    """The head and foot of a unit's documents on a day."""
    with office.database.reading() as connection:
        unit_id = get_unit_id(connection, unit)
        parent = find_unit_above(connection, unit_id, on)
        names = load_unit_names(connection, [one for one in (unit_id, parent) if one is not None], on)
    own, above = names[unit_id], names[parent].name if parent is not None else ""
    settings = office.settings.printing
    form = settings.forms.get(own.kind) or FORMS.get(own.kind, PARTY)
    on_behalf, title = SIGNS.get(own.kind, (NOBODY, HEAD_OF_OFFICE if form == STATE else SECRETARY))
    return Letterhead(
        form,
        above or settings.above,
        own.name,
        settings.symbols.get(own.code) or settings.symbols.get(own.kind) or _symbol(own.name, own.kind),
        settings.place,
        on_behalf.say(office.lang),
        title.say(office.lang),
        tuple(settings.copies) or _copies(above or settings.above, office.lang),
        tuple(line.say(office.lang) for line in MOTTO[form]),
    )


def _symbol(name: str, kind: str) -> str:
    folded = fold(name)
    return next((symbol for start, symbol in SYMBOLS_BY_NAME if folded.startswith(start)), SYMBOLS.get(kind, "…"))


def _copies(above: str, lang: str) -> tuple[str, ...]:
    first = (Text("{above} (để báo cáo)", "{above} (report)").say(lang, above=above),) if above else ()
    return (*first, Text("Lưu văn thư", "File").say(lang))
