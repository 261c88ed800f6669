"""What is recorded of a person besides the way, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from procedures.cells import EDUCATION_LABELS, SEXES
from procedures.office import Office
from states.breakdowns import ATTRIBUTES, PERSON, YES_NO
from states.way import PersonFacts
from states.wording import Text

LABELS = {
    "gioi_tinh": Text("Giới tính", "Sex"),
    "dan_toc": Text("Dân tộc", "Ethnicity"),
    "ton_giao": Text("Tôn giáo", "Religion"),
    "nghe_nghiep": Text("Nghề nghiệp", "Occupation"),
    "doan_vien": Text("Đoàn viên thanh niên", "Youth Union member"),
    "cong_doan_vien": Text("Đoàn viên công đoàn", "Trade union member"),
    "truc_tiep_san_xuat": Text("Trực tiếp sản xuất", "In direct production"),
    "hoc_van": Text("Học vấn", "Education"),
}
SENSITIVE = ("dan_toc", "ton_giao")  # special data: shown for a reason, and that is logged
YES, NO = Text("có", "yes"), Text("không", "no")


def attributes(office: Office, person: PersonFacts, day: date, *, masked: bool = False) -> list[dict[str, Any]]:
    """{key, label, value, text, since, masked} of every attribute of people, as it was on a day; value None = not known.

    `masked`: what is sensitive is left out, whether it is known or not.
    """
    rows = []
    for key, kind in ATTRIBUTES.items():
        if kind.of != PERSON or key not in LABELS:
            continue
        if masked and key in SENSITIVE:
            hidden: dict[str, Any] = {
                "key": key,
                "label": LABELS[key].say(office.lang),
                "value": None,
                "text": None,
                "since": None,
            }
            rows.append(hidden | {"masked": True})
            continue
        value = person.attribute(key, day)
        since = max((on for name, on, _ in person.attributes if name == key and on <= day), default=None)
        rows.append({
            "key": key, "label": LABELS[key].say(office.lang), "value": value,
            "text": value_in_words(key, value, office.lang), "since": None if since == date.min else since,
            "masked": False,
        })  # fmt: skip
    return rows


def value_in_words(key: str, value: str | None, lang: str) -> str | None:
    """An attribute's value as people read it; None = not known."""
    if value is None or value == "":
        return None
    if ATTRIBUTES[key].kind == YES_NO:
        return (YES if value == "1" else NO).say(lang)
    known = {"gioi_tinh": SEXES, "hoc_van": EDUCATION_LABELS}.get(key, {})
    return known[value].say(lang) if value in known else value
