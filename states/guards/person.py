"""Who may begin and who may be considered: readmission, age, education."""

from __future__ import annotations

from states.calendar import add_months, age_months
from states.guards.verdict import (
    APPLICANT,
    CENTRE_COMMITTEE,
    NOBODY,
    SUPERIOR,
    Scene,
    Verdict,
)
from states.wording import Text

EDUCATION = ("mu_chu", "tieu_hoc", "thcs", "thpt", "trung_cap", "cao_dang", "dai_hoc", "thac_si", "tien_si")


def readmission_wait(scene: Scene) -> Verdict | None:
    """Counted from the day of leaving to the day of the new introduction: 36 months (294-QĐ/TW 3.5)."""
    way = scene.way
    if way.left_on is None:
        return None
    limit = scene.law.limit("readmission_wait_months", scene.on)
    if limit.value is None or scene.on >= (earliest := add_months(way.left_on, limit.value)):
        return None
    return Verdict(
        "readmission_wait",
        Text(
            "Người ra khỏi Đảng ngày {left} phải chờ đủ {months} tháng.",
            "Left the Party on {left}: {months} months must pass.",
        ),
        limit.citation,
        APPLICANT,
        earliest,
        {"left": way.left_on, "months": limit.value},
    )


def readmitted_once(scene: Scene) -> Verdict | None:
    """Readmission happens once only (294-QĐ/TW 3.5)."""
    if scene.way.times_left < 2:
        return None
    limit = scene.law.limit("readmission_wait_months", scene.on)
    return Verdict(
        "readmitted_once",
        Text("Chỉ được kết nạp lại một lần.", "Readmission is possible once only."),
        limit.citation,
        NOBODY,
    )


def age_reached(scene: Scene) -> Verdict | None:
    """At least 18 on the day the chi bộ considers, in calendar months, the day ignored (294-QĐ/TW 1.1)."""
    limit = scene.law.limit("min_age_months", scene.on)
    birth = scene.person.birth
    if birth is None or limit.value is None or (age := age_months(birth, scene.on)) >= limit.value:
        return None
    earliest = add_months(scene.on.replace(day=1), limit.value - age)
    return Verdict(
        "too_young",
        Text("Chưa đủ {years} tuổi (tính theo tháng).", "Not yet {years} years old (by month)."),
        limit.citation,
        APPLICANT,
        earliest,
        {"years": limit.value // 12},
    )


def age_not_passed(scene: Scene) -> Verdict | None:
    """Over 60 on the day the chi bộ considers: prior written consent of the standing committee under the Centre."""
    limit = scene.law.limit("max_age_months", scene.on)
    birth = scene.person.birth
    if (
        birth is None
        or limit.value is None
        or age_months(birth, scene.on) <= limit.value
        or "consent" in scene.event.data
    ):
        return None
    return Verdict(
        "too_old",
        Text(
            "Trên {years} tuổi: phải có văn bản đồng ý trước [van_ban_dong_y].",
            "Over {years}: prior written consent is needed (consent).",
        ),
        limit.citation,
        CENTRE_COMMITTEE,
        None,
        {"years": limit.value // 12},
    )


def educated(scene: Scene) -> Verdict | None:
    """Lower-secondary diploma on the day the chi bộ considers; exceptions with consent (06-HD/TW 1.2)."""
    choice = scene.law.choice("min_education", scene.on)
    known = scene.person.attribute("hoc_van", scene.on)
    if (
        known not in EDUCATION
        or EDUCATION.index(known) >= EDUCATION.index(str(choice.value))
        or "consent" in scene.event.data
    ):
        return None
    return Verdict(
        "education",
        Text(
            "Chưa có bằng tốt nghiệp trung học cơ sở; ngoại lệ phải có văn bản đồng ý [van_ban_dong_y].",
            "No lower-secondary diploma; an exception needs written consent (consent).",
        ),
        choice.citation,
        SUPERIOR,
    )
