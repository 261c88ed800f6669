"""Guards: each looks at one rule and answers with a verdict (what is missing, the clause, who, from when) or None.

Every guard is asked with a day: the day the event happens. Age, education, certificate and file are judged by the text
in force on the day the chi bộ considers (domain: 294-QĐ/TW 1.1, 06-HD/TW 5.4), a clock by the text it started under.
Ignorance is not a breach: what is not known (no birth date, no education, no first day) is listed as a gap, not refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

from states.calendar import Calendar, add_months, age_months
from states.clocks import DECISION_CLOCKS
from states.events import ALL_DOCUMENTS, BODIES, FIELDS, Event
from states.regulations import IntroducerRow, Law
from states.way import CHO_CO_SO, CT_CHO_CO_SO, PersonFacts, UnitFacts, Way
from states.wording import Text

CHARTER_4 = "Điều lệ Đảng, Điều 4"
CHARTER_5 = "Điều lệ Đảng, Điều 5"
PARTY_CELL = Text("chi bộ", "the cell")
BASE = Text("đảng ủy cơ sở", "the base committee")
SUPERIOR = Text("cấp ủy có thẩm quyền", "the competent committee")
DIRECT_SUPERIOR = Text("cấp ủy cấp trên trực tiếp", "the direct superior committee")
CENTRE_COMMITTEE = Text(
    "ban thường vụ cấp ủy trực thuộc Trung ương", "the standing committee directly under the Centre"
)
APPLICANT = Text("người vào Đảng", "the applicant")
NOBODY = Text("không ai", "nobody")
OFFICER = Text("người ghi sổ", "the recording officer")

EDUCATION = ("mu_chu", "tieu_hoc", "thcs", "thpt", "trung_cap", "cao_dang", "dai_hoc", "thac_si", "tien_si")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why not: the reason, its clause, who can supply it, the earliest day it can come true (None: waiting does not help).

    `hard` verdicts stand even when the event is recorded as irregular: without them nobody knows where it leads.
    """

    code: str
    text: Text
    citation: str
    who: Text
    earliest: date | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    hard: bool = False

    def as_dict(self, lang: str = "vi") -> dict[str, Any]:
        """The verdict as shown and as JSON."""
        return {
            "code": self.code,
            "reason": self.text.say(lang, **self.values),
            "citation": self.citation,
            "earliest": self.earliest,
            "who": self.who.say(lang),
        }


@dataclass(slots=True)
class Scene:
    """Everything a guard may look at. `asking` is true where nobody has said yet what would be recorded (next steps)."""

    way: Way
    event: Event
    on: date
    person: PersonFacts
    units: UnitFacts
    law: Law
    calendar: Calendar
    asking: bool = False

    @property
    def chain(self) -> str:
        """The approval chain of the person's unit on that day: co_so, truc_tiep or uy_quyen."""
        return self.units.chain(self.way.unit_id, self.on)

    def has_base_vote(self) -> bool:
        """True where a base committee votes and a committee above it decides."""
        return self.chain == "co_so"

    def share(self) -> Fraction | None:
        """Votes in favour as an exact share of those summoned; None where no vote is given."""
        data = self.event.data
        if "summoned" not in data or "in_favour" not in data:
            return None
        return Fraction(data["in_favour"], data["summoned"])

    def carried(self) -> bool:
        """True when the vote reached the ratio its body needs on that day (two thirds, more than half)."""
        share = self.share()
        return share is not None and _reaches(share, str(self.law.choice(self._ratio_key(), self.on).value))

    def _ratio_key(self) -> str:
        trigger = self.event.trigger
        if trigger in ("decide", "decide_recognition"):
            return "vote_ratio_delegated_base" if self.chain == "uy_quyen" else "vote_ratio_standing_committee"
        if trigger in ("base_vote", "recognition_base_vote"):
            return "vote_ratio_base"
        return "vote_ratio_base" if self.event.data.get("body", "chi_bo") != "chi_bo" else "vote_ratio_chi_bo"


@lru_cache(maxsize=32)
def _ratio(written: str) -> tuple[Fraction, bool]:
    return Fraction(written.removeprefix("more than ")), written.startswith("more than ")


def _reaches(share: Fraction, written: str) -> bool:
    """ "2/3" is reached at two thirds, "more than 1/2" only above a half."""
    needed, above = _ratio(written)
    return share > needed if above else share >= needed


Guard = Callable[[Scene], "Verdict | None"]


# What must be said -----------------------------------------------------------------------------------------------


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
    return _said(scene, "summoned", OFFICER, hard=True) or _said(scene, "in_favour", OFFICER, hard=True)


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


# Who may begin ---------------------------------------------------------------------------------------------------


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


# Certificate, file, papers ---------------------------------------------------------------------------------------


def certificate_valid(scene: Scene) -> Verdict | None:
    """The awareness certificate on the day considered, by the text in force that day (06-HD/TW 5.4b)."""
    issued = scene.way.certificate_on
    limit = scene.law.limit("certificate_valid_months", scene.on)
    if issued is None or limit.value is None or scene.on <= (last := add_months(issued, limit.value)):
        return None
    return Verdict(
        "certificate_expired",
        Text(
            "Giấy chứng nhận học lớp nhận thức về Đảng cấp ngày {issued} đã hết giá trị từ sau ngày {last}; phải học lại.",
            "The awareness certificate issued on {issued} was valid until {last}; the class must be taken again.",
        ),
        limit.citation,
        APPLICANT,
        None,
        {"issued": issued, "last": last},
    )


def file_valid(scene: Scene) -> Verdict | None:
    """The admission file on the day the chi bộ considers, by the text in force that day (06-HD/TW 5.4a)."""
    made = scene.way.file_on
    limit = scene.law.limit("file_valid_months", scene.on)
    if made is None or limit.value is None or scene.on <= (last := add_months(made, limit.value)):
        return None
    return Verdict(
        "file_stale",
        Text(
            "Hồ sơ làm ngày {made} đã quá hạn từ sau ngày {last}; phải làm lại bốn loại giấy tờ.",
            "The file made on {made} was good until {last}; the four papers must be redone.",
        ),
        limit.citation,
        PARTY_CELL,
        None,
        {"made": made, "last": last},
    )


def _missing_papers(scene: Scene, required: list[str], citation: str) -> Verdict | None:
    given = scene.event.data.get("documents", ())
    if scene.asking or ALL_DOCUMENTS in given:
        return None
    missing = [code for code in required if code not in given]
    if not missing:
        return None
    return Verdict(
        "missing_documents",
        Text("Thiếu tài liệu: {missing} [tai_lieu] (ghi «đủ» khi đã đủ).", "Missing documents: {missing}."),
        citation,
        APPLICANT,
        None,
        {"missing": ", ".join(missing)},
    )


def _pattern(scene: Scene) -> IntroducerRow | None:
    """Who introduces on that day (294-QĐ/TW 3.1): the first row that fits; None where its facts are not known."""
    birth, unit, on = scene.person.birth, scene.way.unit_id, scene.on
    rows = cast("tuple[IntroducerRow, ...]", scene.law.choice("introducer_pattern", on).value)
    for row in rows:
        if row.max_age is not None:
            if birth is None:
                return None
            if age_months(birth, on) > row.max_age * 12:
                continue
        facts = [scene.units.attribute(unit, row.unit_has, on)] if row.unit_has else []
        facts += [scene.person.attribute(row.person_is, on)] if row.person_is else []
        if "0" in facts:
            continue
        return None if None in facts else row
    return None


def documents_complete(scene: Scene) -> Verdict | None:
    """The papers the case requires on the day the file is complete; Đoàn's or the union's resolution by who introduces."""
    choice = scene.law.choice("documents_admission", scene.on)
    row = _pattern(scene)
    return _missing_papers(
        scene, [*cast("tuple[str, ...]", choice.value), *(row.documents if row else ())], choice.citation
    )


def papers_redone(scene: Scene) -> Verdict | None:
    """The papers that are redone when a file went stale (06-HD/TW 5.4a)."""
    choice = scene.law.choice("documents_refresh", scene.on)
    row = _pattern(scene)
    return _missing_papers(
        scene, [*cast("tuple[str, ...]", choice.value), *(row.documents if row else ())], choice.citation
    )


def introducers_fit(scene: Scene) -> Verdict | None:
    """By age and organisations of the unit that day: Đoàn and one member, the union and one member, or two members."""
    if scene.asking:
        return None
    row = _pattern(scene)
    citation = scene.law.choice("introducer_pattern", scene.on).citation
    if row and row.must_be and scene.person.attribute(row.must_be, scene.on) == "0":
        organisation = (
            Text("Đoàn viên", "a Youth Union member")
            if row.must_be == "doan_vien"
            else Text("đoàn viên công đoàn", "a union member")
        )
        return Verdict(
            "not_in_organisation",
            Text(
                "Người trong tuổi thanh niên ở đơn vị này phải là {organisation}.",
                "Of youth age in this unit one must be {organisation}.",
            ),
            citation,
            APPLICANT,
            None,
            {"organisation": organisation},
        )
    given = scene.event.data.get("introducers")
    needed = row.members if row else 1
    if given is None or given >= needed:
        return None
    return Verdict(
        "introducers_missing",
        Text(
            "Cần {needed} đảng viên chính thức giới thiệu, mới có {given} [nguoi_gioi_thieu].",
            "{needed} official members must introduce; {given} named.",
        ),
        citation,
        PARTY_CELL,
        None,
        {"needed": needed, "given": given},
    )


def introducers_together(scene: Scene) -> Verdict | None:
    """Introducer and applicant have been together for 12 months on the day the file is complete (294-QĐ/TW 3.2.1)."""
    since = scene.event.data.get("shared_since")
    limit = scene.law.limit("introducer_shared_months", scene.on)
    if since is None or limit.value is None:
        return None
    earliest = add_months(date.fromisoformat(since), limit.value)
    if scene.on >= earliest:
        return None
    return Verdict(
        "introducers_not_together",
        Text(
            "Người giới thiệu cùng công tác, sinh hoạt từ {since}, chưa đủ {months} tháng.",
            "Together since {since}: less than {months} months.",
        ),
        limit.citation,
        PARTY_CELL,
        earliest,
        {"since": date.fromisoformat(since), "months": limit.value},
    )


# The chi bộ considers ---------------------------------------------------------------------------------------------


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


# Bodies ----------------------------------------------------------------------------------------------------------


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
    return delegated_majority(scene) if scene.share() is not None else None


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
