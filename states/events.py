"""What people say happened: an event with its day, document and data, read strictly from words and columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from states.calendar import parse_day
from states.errors import BadInput
from states.wording import Text, fold

OUTCOMES = {"dong_y": Text("đồng ý", "agreed"), "khong_dong_y": Text("không đồng ý", "not agreed")}
CAUSES = {
    "sai_tieu_chuan": Text("sai tiêu chuẩn", "criteria not met"),
    "sai_thu_tuc": Text("sai thủ tục", "procedure not kept"),
}
BODIES = {
    "chi_bo": Text("chi bộ", "cell"),
    "dang_uy_bo_phan": Text("đảng ủy bộ phận", "section committee"),
    "dang_uy_co_so": Text("đảng ủy cơ sở", "base committee"),
}
BODY_WORDS = {"chibocoso": "chi_bo", "coso": "dang_uy_co_so", "danguy": "dang_uy_co_so", "bophan": "dang_uy_bo_phan"}


@dataclass(frozen=True, slots=True)
class DataField:
    """One thing a trigger records: its workbook column, its label, and whether its words are personal (erasable)."""

    name: str
    column: str
    label: Text
    kind: str  # words (personal) | names (personal) | count | outcome | cause | body | codes | day | unit | clock


FIELDS: dict[str, DataField] = {
    f.name: f
    for f in (
        DataField("nominator", "noi_gioi_thieu", Text("nơi giới thiệu", "nominated by"), "words"),
        DataField("helper", "nguoi_giup_do", Text("đảng viên giúp đỡ", "helper"), "words"),
        DataField("issuer", "noi_cap", Text("nơi cấp", "issued by"), "words"),
        DataField("documents", "tai_lieu", Text("tài liệu", "documents"), "codes"),
        DataField("introducers", "nguoi_gioi_thieu", Text("người giới thiệu", "introducers"), "names"),
        DataField("shared_since", "cung_sinh_hoat_tu", Text("cùng sinh hoạt từ", "together since"), "day"),
        DataField("summoned", "trieu_tap", Text("số triệu tập", "summoned"), "count"),
        DataField("in_favour", "tan_thanh", Text("số tán thành", "in favour"), "count"),
        DataField("body", "co_quan", Text("cơ quan", "body"), "body"),
        DataField("consent", "van_ban_dong_y", Text("văn bản đồng ý của cấp trên", "superior's consent"), "words"),
        DataField("outcome", "ket_qua", Text("kết quả", "outcome"), "outcome"),
        DataField("to_unit", "don_vi_moi", Text("đơn vị mới", "new unit"), "unit"),
        DataField("cause", "nguyen_nhan", Text("nguyên nhân", "cause"), "cause"),
        DataField("clock", "thoi_han", Text("thời hạn", "time limit"), "clock"),
        DataField("days", "so_ngay", Text("số ngày", "days"), "count"),
    )
}
BY_COLUMN = {f.column: f for f in FIELDS.values()}
_BY_FOLD = {fold(word): f for f in FIELDS.values() for word in (f.name, f.column)}

ALL_DOCUMENTS = "du"
MORE_THAN_SUMMONED = Text(
    "Số tán thành ({in_favour}) lớn hơn số triệu tập ({summoned}).",
    "In favour ({in_favour}) exceeds summoned ({summoned}).",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one person. `data` judges and is kept in the journal; `private` can be erased."""

    trigger: str
    on: date | None
    document_number: str | None = None
    document_date: date | None = None
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    private: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    note: str | None = None
    irregular: str | None = None

    @property
    def document_on(self) -> date | None:
        """The document's date, or the day itself where none was given."""
        return self.document_date or self.on

    def texts(self) -> dict[str, str]:
        """Everything of it that is kept where it can be erased."""
        texts = dict(self.private)
        if self.note:
            texts["note"] = self.note
        if self.irregular:
            texts["irregular"] = self.irregular
        return texts

    def kept(self) -> dict[str, Any]:
        """What the journal keeps of its data: nothing that names anybody."""
        kept = dict(self.data)
        if self.note:
            kept["note"] = True
        return kept


def tidy(text: str | None) -> str | None:
    """Words as kept: composed (NFC), without blanks at the ends; None when nothing is left."""
    return (unicodedata.normalize("NFC", str(text)).strip() or None) if text is not None else None


LONGEST = 500  # characters of one signature, reason or commitment
TOO_LONG = Text(
    "Dài {length} ký tự, nhiều nhất {longest}; xin viết gọn lại.",
    "{length} characters, at most {longest}; please put it in fewer words.",
)


def one_line(text: str | None) -> str | None:
    """Words for one line of a signed text: as `tidy`, without line breaks and characters that do not print.

    BadInput above LONGEST characters.
    """
    if text is None:
        return None
    line = tidy(" ".join("".join(c if c.isprintable() else " " for c in text).split()))
    if line is not None and len(line) > LONGEST:
        raise BadInput(TOO_LONG, length=len(line), longest=LONGEST)
    return line


def split_names(text: str) -> list[str]:
    """Names as people list them, separated by ; , + «và» or a new line."""
    for mark in (";", "\n", "+", "|", " và "):
        text = text.replace(mark, ",")
    return [name for part in text.split(",") if (name := part.strip())]


def _choice(field_: DataField, word: str, choices: Mapping[str, Text], more: Mapping[str, str] | None = None) -> str:
    wanted = fold(word)
    for code, label in choices.items():
        if wanted in (fold(code), fold(label.vi), fold(label.en)):
            return code
    if more and wanted in more:
        return more[wanted]
    raise BadInput(
        Text("«{word}» không phải là {field}; chọn một trong: {choices}.", "“{word}” is no {field}; one of: {choices}."),
        word=word, field=field_.label, choices=", ".join(choices),
    )  # fmt: skip


def _count(field_: DataField, word: Any) -> int:
    text = str(word).strip()
    if text.endswith(".0"):
        text = text[:-2]
    if not (text.isascii() and text.isdigit()) or len(text) > 6:
        raise BadInput(
            Text("{field}: «{word}» không phải là số nguyên không âm.", "{field}: “{word}” is no whole number of 0 or more."),
            field=field_.label, word=word,
        )  # fmt: skip
    return int(text)


_CODE = re.compile(r"([0-9]{1,2}[A-Z]?)(?:-?KN[DĐ])?")


def _codes(field_: DataField, word: str) -> list[str]:
    """Codes of forms and nothing else: they are kept in the journal, where no name may stand."""
    if fold(word) in ("du", "dayu", "daydu", "all"):
        return [ALL_DOCUMENTS]
    codes = []
    for part in split_names(unicodedata.normalize("NFC", word)):
        found = _CODE.fullmatch(part.upper().replace(" ", ""))
        if found is None:
            raise BadInput(
                Text("{field}: «{word}» không phải là mã tài liệu; ghi mã như 1-KNĐ, 4A-KNĐ, hoặc «đủ».", "{field}: “{word}” is no code of a document; write codes such as 1-KNĐ, 4A-KNĐ, or “đủ” for all."),
                field=field_.label, word=part,
            )  # fmt: skip
        codes.append(f"{found[1]}-KNĐ")
    return codes


def _key(field_: DataField, word: str) -> str:
    if re.fullmatch(r"[a-z][a-z_]*", key := word.strip()) is None:
        raise BadInput(
            Text("{field}: «{word}» không phải là khóa của một thời hạn; xem: ketnap limit --help.", "{field}: “{word}” is no key of a limit; see: ketnap limit --help."),
            field=field_.label, word=word,
        )  # fmt: skip
    return key


def get_field(trigger: str, allowed: tuple[str, ...], key: str) -> DataField:
    """The field a key or a column's heading names; BadInput where the trigger does not record it."""
    found = _BY_FOLD.get(fold(key))
    if found is None or found.name not in allowed:
        raise BadInput(
            Text("«{trigger}» không ghi «{key}»; chỉ ghi: {allowed}.", "“{trigger}” does not record “{key}”; it records: {allowed}."),
            trigger=trigger, key=key, allowed=", ".join(f"{a} [{FIELDS[a].column}]" for a in allowed) or "–",
        )  # fmt: skip
    return found


def read_data(trigger: str, allowed: tuple[str, ...], raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Read what a trigger records into what is judged and what may be erased; BadInput names the wrong key or value."""
    data: dict[str, Any] = {}
    private: dict[str, str] = {}
    for key, value in raw.items():
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        found = get_field(trigger, allowed, key)
        name = found.name
        if found.kind in ("words", "names"):
            private[name] = tidy(value) or ""
            data[name] = len(split_names(private[name])) if found.kind == "names" else True
        elif found.kind == "count":
            data[name] = _count(found, value)
        elif found.kind == "day":
            data[name] = parse_day(value).isoformat()
        elif found.kind == "outcome":
            data[name] = _choice(found, str(value), OUTCOMES)
        elif found.kind == "cause":
            data[name] = _choice(found, str(value), CAUSES)
        elif found.kind == "body":
            data[name] = _choice(found, str(value), BODIES, BODY_WORDS)
        elif found.kind == "codes":
            data[name] = _codes(found, str(value))
        elif found.kind == "clock":
            data[name] = _key(found, str(value))
        else:
            data[name] = tidy(value)
    if data.get("in_favour", 0) > data.get("summoned", 10**9):
        raise BadInput(
            MORE_THAN_SUMMONED,
            in_favour=data["in_favour"], summoned=data["summoned"],
        )  # fmt: skip
    if data.get("summoned") == 0:
        raise BadInput(Text("Số triệu tập phải lớn hơn 0.", "Summoned must be above 0."))
    return data, private
