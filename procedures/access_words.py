"""What a line of the access log says besides its action, in words: what was given out, how many, from where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from config.settings import Settings
from procedures.person_attributes import LABELS as FIELDS
from procedures.person_attributes import NO, YES
from states.membership import PROCESS
from states.roles import ROLES
from states.wording import Text

# What an export gave out, what closed figures were opened by; any other subject is a code, an account or a number and says itself.
SUBJECTS = {
    "workbook": Text("toàn bộ sổ", "the whole workbook"),
    "people": Text("danh sách người", "the list of people"),
    "report": Text("báo cáo", "a report"),
    "letters": Text("thư in", "printed letters"),
    "access_log": Text("nhật ký truy cập", "the access log"),
    "unwritten": Text("các dòng chưa ghi được", "the lines that could not be recorded"),
    "bridge": Text("cầu nối số đã chốt", "the bridge of closed figures"),
    "closing": Text("bản đã chốt", "a closed version"),
}
DETAILS = {
    "rows": Text("số dòng", "rows"),
    "people": Text("người", "people"),
    "letters": Text("số thư", "letters"),
    "units": Text("số đơn vị", "units"),
    "entries": Text("số mục sổ", "entries"),
    "created": Text("mới", "new"),
    "updated": Text("sửa", "changed"),
    "unchanged": Text("giữ nguyên", "unchanged"),
    "attributes": Text("số thông tin", "attributes"),
    "clocks": Text("số thời hạn", "limits"),
    "notices": Text("số nhắc việc", "notices"),
    "access": Text("số lần xem", "looks"),
    "fields": Text("thông tin", "fields"),
    "form": Text("dạng tệp", "form"),
    "period": Text("kỳ", "period"),
    "version": Text("bản", "version"),
    "indicator": Text("chỉ số", "indicator"),
    "address": Text("địa chỉ máy", "address"),
    "failures": Text("số lần sai", "failures"),
    "role": Text("vai trò", "role"),
    "unit": Text("đơn vị", "unit"),
    "sessions_ended": Text("phiên đã kết thúc", "sessions ended"),
    "account": Text("tài khoản", "account"),
    "action": Text("việc", "action"),
    "since": Text("từ ngày", "since"),
    "until": Text("đến ngày", "until"),
    "as_of": Text("xem như ngày", "as it was on"),
    "entry": Text("mục sổ", "entry"),
    "step": Text("việc", "step"),
    "trigger": Text("việc", "step"),
}
NOTE = Text("Ghi chú", "Notes")
WHOLE_OFFICE = Text("toàn cơ quan", "the whole office")


def subject_words(subject: str | None, lang: str) -> str | None:
    """What it was about: a code or account as it is, a kind of export in words."""
    return SUBJECTS[subject].say(lang) if subject in SUBJECTS else subject


def detail_words(detail: Mapping[str, Any] | None, settings: Settings, lang: str) -> list[str]:
    """ "số dòng: 12", "địa chỉ máy: 127.0.0.1"; what is not known or empty is left out, an unknown key says itself."""
    told = []
    for key, value in sorted((detail or {}).items(), key=_place):  # databases keep keys in orders of their own
        said = _value(key, value, settings, lang)
        if said:
            told.append(f"{DETAILS[key].say(lang) if key in DETAILS else key}: {said}")
    return told


def _place(item: tuple[str, Any]) -> tuple[int, str]:
    return (list(DETAILS).index(item[0]) if item[0] in DETAILS else len(DETAILS), item[0])


def _value(key: str, value: Any, settings: Settings, lang: str) -> str:
    if isinstance(value, Mapping):  # counts by sheet
        return ", ".join(f"{part} {n}" for part, n in value.items() if n)
    if isinstance(value, list):
        return ", ".join(_word(key, one, settings, lang) for one in value)
    if isinstance(value, bool):
        return (YES if value else NO).say(lang)
    if value is None:
        return WHOLE_OFFICE.say(lang) if key == "unit" else ""
    return _word(key, value, settings, lang)


def _word(key: str, value: Any, settings: Settings, lang: str) -> str:
    if key == "role" and value in ROLES:
        return ROLES[value].say(lang)
    if key == "indicator" and value in settings.indicators:
        return settings.indicators[value].label
    if key in ("step", "trigger") and value in PROCESS:
        return PROCESS[value].label.say(lang)
    if key in ("since", "until", "as_of"):
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    if key == "fields":
        return NOTE.say(lang) if value == "note" else FIELDS[value].say(lang) if value in FIELDS else str(value)
    return str(value)
