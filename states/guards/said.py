"""What a step must say: helper, votes, outcome, unit, cause, document, reason."""

from __future__ import annotations

from states.events import FIELDS
from states.guards.verdict import (
    CHARTER_4,
    OFFICER,
    PARTY_CELL,
    SUPERIOR,
    Scene,
    Verdict,
)
from states.wording import Text

VOTES_MISSING = Text(
    "Thiếu số triệu tập [trieu_tap] và số tán thành [tan_thanh].",
    "Missing: members summoned (summoned) and votes in favour (in_favour).",
)


def _said(scene: Scene, name: str, who: Text, *, hard: bool, citation: str = "") -> Verdict | None:
    if scene.asking or name in scene.event.data:
        return None
    return Verdict(
        f"missing_{name}",
        Text("Thiếu {field} [{column}].", "Missing: {field} ({name})."),
        citation,
        who,
        values={"field": FIELDS[name].label, "column": FIELDS[name].column, "name": name},
        hard=hard,
    )


def helper_named(scene: Scene) -> Verdict | None:
    """An official member is assigned to help from the day somebody is listed (06-HD/TW)."""
    return _said(scene, "helper", PARTY_CELL, hard=False, citation="06-HD/TW, khoản 3.9; " + CHARTER_4)


def votes_counted(scene: Scene) -> Verdict | None:
    """A vote needs the members summoned and the votes in favour, or nobody knows what it decided."""
    missing = [_said(scene, name, OFFICER, hard=True) for name in ("summoned", "in_favour")]
    if None in missing:
        return next((verdict for verdict in missing if verdict is not None), None)
    return Verdict("missing_votes", VOTES_MISSING, "", OFFICER, hard=True)


def outcome_said(scene: Scene) -> Verdict | None:
    """A decision is yes or no."""
    return _said(scene, "outcome", SUPERIOR, hard=True)


def body_named(scene: Scene) -> Verdict | None:
    """A proposal of removal names the body that voted."""
    return _said(scene, "body", OFFICER, hard=True)


def cause_named(scene: Scene) -> Verdict | None:
    """A cancelled decision names its cause: it decides whether the person leaves or one step is redone."""
    return _said(scene, "cause", SUPERIOR, hard=True)


def unit_named(scene: Scene) -> Verdict | None:
    """A transfer names the new unit."""
    return _said(scene, "to_unit", OFFICER, hard=True)


def unit_exists(scene: Scene) -> Verdict | None:
    """The new unit exists on the day of the transfer."""
    unit = scene.event.data.get("to_unit")
    if scene.asking or not isinstance(unit, int) or scene.units.exists(unit, scene.on):
        return None
    return Verdict(
        "unit_not_there",
        Text("Đơn vị mới chưa có hoặc đã kết thúc vào ngày {day}.", "The new unit does not exist on {day}."),
        "",
        OFFICER,
        values={"day": scene.on},
        hard=True,
    )


def document_named(scene: Scene) -> Verdict | None:
    """The decision this rests on has a number."""
    if scene.asking or scene.event.document_number:
        return None
    return Verdict(
        "missing_document",
        Text("Thiếu số văn bản (quyết định) [so_van_ban].", "Missing: number of the decision (--doc)."),
        "",
        SUPERIOR,
    )


def reason_given(scene: Scene) -> Verdict | None:
    """Leaving the list, withdrawing, returning a file and extending a limit need a reason."""
    if scene.asking or scene.event.note or scene.event.data.get("note"):
        return None
    return Verdict("missing_reason", Text("Thiếu lý do [ghi_chu].", "Missing: the reason (--note)."), "", OFFICER)
