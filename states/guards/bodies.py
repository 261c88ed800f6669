"""Bodies and their decisions: chains, ceremony, recognition, removal, extension."""

from __future__ import annotations

from states.clocks import DECISION_CLOCKS
from states.events import BODIES
from states.guards.said import votes_counted
from states.guards.verdict import (
    APPLICANT,
    BASE,
    CHARTER_4,
    CHARTER_5,
    DIRECT_SUPERIOR,
    NOBODY,
    SUPERIOR,
    Scene,
    Verdict,
)
from states.way import CHO_CO_SO, CT_CHO_CO_SO
from states.wording import Text


def base_votes_here(scene: Scene) -> Verdict | None:
    """The chain of that day has a base committee that votes and does not decide."""
    if scene.has_base_vote():
        return None
    return Verdict(
        "no_base_vote",
        Text(
            "Theo chuỗi duyệt của đơn vị ngày {day}, không có bước đảng ủy cơ sở biểu quyết; ghi quyết định.",
            "On {day} the unit's chain has no vote of a base committee; record the decision.",
        ),
        CHARTER_4,
        SUPERIOR,
        None,
        {"day": scene.on},
        hard=True,
    )


def base_has_voted(scene: Scene) -> Verdict | None:
    """From a base committee's desk a decision is possible only where that day's chain has no base vote."""
    if scene.way.step not in (CHO_CO_SO, CT_CHO_CO_SO) or not scene.has_base_vote():
        return None
    return Verdict(
        "base_vote_first",
        Text("Đảng ủy cơ sở phải biểu quyết trước.", "The base committee must vote first."),
        CHARTER_4,
        BASE,
        hard=True,
    )


def delegated_majority(scene: Scene) -> Verdict | None:
    """Where power is delegated the base committee decides: yes needs two thirds of all its members (06-HD/TW 3.7)."""
    if scene.asking or scene.chain != "uy_quyen" or scene.event.data.get("outcome") != "dong_y":
        return None
    if (missing := votes_counted(scene)) is not None:
        return missing
    if scene.carried():
        return None
    data = scene.event.data
    needed = scene.law.choice("vote_ratio_delegated_base", scene.on)
    return Verdict(
        "delegated_majority",
        Text(
            "Ủy quyền: phải có ít nhất {needed} tổng số cấp ủy viên tán thành ({in_favour}/{summoned}).",
            "Delegated power: {needed} of all members must agree ({in_favour}/{summoned}).",
        ),
        needed.citation,
        BASE,
        None,
        {"needed": needed.value, "in_favour": data["in_favour"], "summoned": data["summoned"]},
    )


def delegated_recognition(scene: Scene) -> Verdict | None:
    """The same for recognition, where the votes are given."""
    return delegated_majority(scene) if scene.votes() is not None else None


def decision_received(scene: Scene) -> Verdict | None:
    """The ceremony follows the receipt of the decision (294-QĐ/TW 4.1)."""
    if scene.way.received_on is not None:
        return None
    limit = scene.law.limit("ceremony_wd", scene.on)
    return Verdict(
        "decision_not_received",
        Text(
            "Chi bộ chưa nhận quyết định kết nạp; ghi ngày nhận trước.",
            "The cell has not received the decision; record its receipt first.",
        ),
        limit.citation,
        SUPERIOR,
    )


def ceremony_in_time(scene: Scene) -> Verdict | None:
    """After the ceremony's last day the direct superior's consent is needed (294-QĐ/TW 4.1)."""
    run = scene.way.clocks.running("ceremony_wd")
    if run is None or scene.on <= run.due_on or "consent" in scene.event.data:
        return None
    return Verdict(
        "ceremony_late",
        Text(
            "Quá hạn tổ chức lễ (ngày {due}); phải có văn bản đồng ý [van_ban_dong_y].",
            "The ceremony was due on {due}; written consent is needed (consent).",
        ),
        run.citation,
        DIRECT_SUPERIOR,
        None,
        {"due": run.due_on},
    )


def new_member_class(scene: Scene) -> Verdict | None:
    """Recognition asks for the certificate of the class for new members (06-HD/TW; form list of recognition)."""
    if scene.way.new_member_certificate:
        return None
    return Verdict(
        "new_member_certificate",
        Text("Chưa có giấy chứng nhận lớp bồi dưỡng đảng viên mới.", "No certificate of the class for new members."),
        CHARTER_5,
        APPLICANT,
    )


def removal_proposed(scene: Scene) -> Verdict | None:
    """Each body of the chain proposed at two thirds, or three failures sent it up (294-QĐ/TW 4.2.3, 8)."""
    bodies = ["chi_bo", "dang_uy_co_so"] if scene.has_base_vote() else ["chi_bo"]
    limit = scene.law.limit("failed_votes_before_superior", scene.on)
    lacking = [BODIES[b] for b in bodies if scene.way.proposals.get(b, 0) < (limit.value or 3)]
    if not lacking:
        return None
    first = lacking[0]
    return Verdict(
        "removal_not_proposed",
        Text(
            "Chưa có đề nghị xóa tên đạt 2/3 (hoặc ba lần không đạt) của: {bodies}.",
            "No proposal at two thirds (nor three failures) by: {bodies}.",
        ),
        limit.citation,
        first,
        None,
        {
            "bodies": first
            if len(lacking) == 1
            else Text(", ".join(b.vi for b in lacking), ", ".join(b.en for b in lacking))
        },
    )


def cause_fits(scene: Scene) -> Verdict | None:
    """A faulty procedure is redone only while the ceremony has not been held."""
    if scene.event.data.get("cause") != "sai_thu_tuc" or scene.way.step == "cho_le":
        return None
    return Verdict(
        "cause_after_ceremony",
        Text(
            "Sau lễ kết nạp không thể quay lại làm lại thủ tục; chỉ hủy khi sai tiêu chuẩn.",
            "After the ceremony the procedure cannot be redone; only wrong criteria cancel.",
        ),
        "294-QĐ/TW, khoản 4",
        SUPERIOR,
        hard=True,
    )


def clock_extendable(scene: Scene) -> Verdict | None:
    """One running decision clock, once, by no more working days than its text allows (294-QĐ/TW 4.3.1)."""
    running = [key for key in DECISION_CLOCKS if scene.way.clocks.running(key)]
    wanted = str(scene.event.data.get("clock") or (running[0] if running else ""))
    run = scene.way.clocks.running(wanted) if wanted in DECISION_CLOCKS else None
    if run is None:
        return Verdict(
            "no_running_clock",
            Text("Không có thời hạn quyết định nào đang chạy để gia hạn.", "No decision clock is running."),
            "",
            SUPERIOR,
            hard=True,
        )
    limit = scene.law.limit(wanted.replace("_wd", "_extension_wd"), run.starts_on)
    if run.extension:
        return Verdict(
            "extended_once",
            Text("Thời hạn này đã được gia hạn một lần.", "This limit has been extended once already."),
            limit.citation,
            NOBODY,
        )
    days = int(scene.event.data.get("days", limit.value or 0))
    if limit.value is not None and 0 < days <= limit.value:
        return None
    return Verdict(
        "extension_too_long",
        Text(
            "Chỉ được gia hạn từ 1 đến {allowed} ngày làm việc (đề nghị {days}).",
            "1 to {allowed} working days may be added (asked: {days}).",
        ),
        limit.citation,
        SUPERIOR,
        None,
        {"allowed": limit.value or 0, "days": days},
    )
