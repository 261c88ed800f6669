"""What is said of a unit's dated versions: what changed from one to the next, its attributes in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from procedures.cells import CHAINS
from procedures.workbook import UNIT_ATTRIBUTES, UNITS
from states.pace import print_number
from states.wording import Text
from store.units import Units, Version

if TYPE_CHECKING:
    from procedures.office import Office

WHAT = {
    "name": Text("Tên", "Name"), "kind": Text("Loại", "Kind"), "parent": Text("Cấp trên", "Above"),
    "chain": Text("Chuỗi duyệt", "Approval chain"), "ended": Text("Kết thúc", "End"),
}  # fmt: skip
WAITING = (
    "cho_chi_bo",
    "cho_co_so",
    "cho_quyet_dinh",
    "ct_cho_co_so",
    "ct_cho_quyet_dinh",
)  # steps a chain leads on from
MOST = 40  # lines of what moves


def changes(office: Office, units: Units, base: Version, new: Version) -> Iterator[dict[str, Any]]:
    """{what, label, before, after} of everything that differs, in words."""
    lang = office.lang

    def line(what: str, label: str, before: Any, after: Any) -> dict[str, Any]:
        return {"what": what, "label": label, "before": before, "after": after}

    if new.ended:
        last = new.from_on - timedelta(days=1)
        yield line("ended", WHAT["ended"].say(lang), None, str(LAST.say(lang, day=last)))
        return
    kinds = office.settings.unit_kinds
    above = [units.code(one) if one is not None else ROOT.say(lang) for one in (base.parent_id, new.parent_id)]
    chains = [CHAINS[one].say(lang) if one in CHAINS else AS_ABOVE.say(lang) for one in (base.chain, new.chain)]
    for what, before, after in (
        ("name", base.name, new.name),
        ("kind", kinds.get(base.kind, base.kind), kinds.get(new.kind, new.kind)),
        ("parent", *above),
        ("chain", *chains),
    ):
        if before != after:
            yield line(what, WHAT[what].say(lang), before, after)
    for key in UNIT_ATTRIBUTES:
        was, now = base.attributes.get(key), new.attributes.get(key)
        if was != now:
            yield line(key, attribute_label(key, lang), say_attribute(key, was, lang), say_attribute(key, now, lang))


LAST = Text("ngày cuối cùng {day}", "last day {day}")
ROOT = Text("không có (cấp cao nhất)", "none (the top)")
AS_ABOVE = Text("như cấp trên", "as above")
YES, NO, UNSAID = Text("có", "yes"), Text("không", "no"), Text("chưa rõ", "not known")


def attribute_label(key: str, lang: str) -> str:
    """A unit's attribute in words."""
    return UNITS.column(key).label.say(lang)


def say_attribute(key: str, value: str | None, lang: str) -> str:
    """Its value in words."""
    if value is None or value == "":
        return UNSAID.say(lang)
    if UNITS.column(key).kind == "yes_no":
        return (YES if value == "1" else NO).say(lang)
    return print_number(int(value)) if value.isascii() and value.isdigit() else value
