"""The candidate's process: quần chúng → cảm tình Đảng → dự bị → chính thức, with every side way.

Steps, labels, guards (states.guards), the table, and the function that takes a step. Read the table aloud: trigger, from
where to where, what it asks, which clocks it starts and stops, what it records, who acts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from transitions import Machine

from states import guards as g
from states.calendar import add_months
from states.errors import BadInput
from states.events import FIELDS, OUTCOMES, Event, read_data, tidy
from states.guards import Guard, Scene, Verdict
from states.way import (
    CAM_TINH,
    CHINH_THUC,
    CHO_CHI_BO,
    CHO_CO_SO,
    CHO_LE,
    CHO_QUYET_DINH,
    CT_CHO_CO_SO,
    CT_CHO_QUYET_DINH,
    DA_HOC,
    DU_BI,
    DUOC_GIOI_THIEU,
    LAP_HO_SO,
    MEMBER_STEPS,
    PROBATION_STEPS,
    QUAN_CHUNG,
    RUNS_AT,
    XET_CHINH_THUC,
    Way,
)  # fmt: skip
from states.wording import Text, fold

# 1. Steps --------------------------------------------------------------------------------------------------------

OUT_OF_LIST, WITHDRAWN, CANCELLED = "dua_khoi_danh_sach", "rut", "huy_ket_nap"
REMOVED, EXPELLED, MOVED_AWAY, DEAD = "xoa_ten", "khai_tru", "chuyen_di", "tu_tran"

STAGES: Mapping[str, tuple[str, ...]] = {
    "quan_chung": (QUAN_CHUNG, DUOC_GIOI_THIEU),
    "cam_tinh": (CAM_TINH, DA_HOC, LAP_HO_SO, CHO_CHI_BO, CHO_CO_SO, CHO_QUYET_DINH, CHO_LE),
    "du_bi": PROBATION_STEPS,
    "chinh_thuc": (CHINH_THUC,),
    "ket_thuc": (OUT_OF_LIST, WITHDRAWN, CANCELLED, REMOVED, EXPELLED, MOVED_AWAY, DEAD),
}
STAGE_OF = {step: stage for stage, steps in STAGES.items() for step in steps}
ENDS = STAGES["ket_thuc"]
STEPS = tuple(STAGE_OF)
GOING = tuple(step for step in STEPS if step not in ENDS)

# 2. Labels -------------------------------------------------------------------------------------------------------

STAGE_LABELS = {
    "quan_chung": Text("Quần chúng", "Not yet in view"),
    "cam_tinh": Text("Cảm tình Đảng", "Sympathiser"),
    "du_bi": Text("Đảng viên dự bị", "Probationary member"),
    "chinh_thuc": Text("Đảng viên chính thức", "Official member"),
    "ket_thuc": Text("Kết thúc", "Ended"),
}
STEP_LABELS = {
    QUAN_CHUNG: Text("Quần chúng", "Not yet introduced"),
    DUOC_GIOI_THIEU: Text("Được giới thiệu", "Introduced"),
    CAM_TINH: Text("Cảm tình Đảng", "Listed as sympathiser"),
    DA_HOC: Text("Đã học lớp nhận thức về Đảng", "Awareness class done"),
    LAP_HO_SO: Text("Đang lập hồ sơ", "Preparing the file"),
    CHO_CHI_BO: Text("Chờ chi bộ xét kết nạp", "Waiting for the cell's vote"),
    CHO_CO_SO: Text("Chờ đảng ủy cơ sở xét kết nạp", "Waiting for the base committee's vote"),
    CHO_QUYET_DINH: Text("Chờ quyết định kết nạp", "Waiting for the decision"),
    CHO_LE: Text("Chờ lễ kết nạp", "Waiting for the ceremony"),
    DU_BI: Text("Đảng viên dự bị", "Probationary member"),
    XET_CHINH_THUC: Text("Đến hạn xét chính thức", "Due for recognition"),
    CT_CHO_CO_SO: Text("Chờ đảng ủy cơ sở xét chính thức", "Recognition waits for the base committee"),
    CT_CHO_QUYET_DINH: Text("Chờ quyết định chính thức", "Waiting for the recognition decision"),
    CHINH_THUC: Text("Đảng viên chính thức", "Official member"),
    OUT_OF_LIST: Text("Đưa khỏi danh sách", "Taken off the list"),
    WITHDRAWN: Text("Rút", "Withdrawn"),
    CANCELLED: Text("Hủy quyết định kết nạp", "Admission cancelled"),
    REMOVED: Text("Xóa tên", "Removed"),
    EXPELLED: Text("Khai trừ", "Expelled"),
    MOVED_AWAY: Text("Chuyển đi", "Moved away"),
    DEAD: Text("Từ trần", "Died"),
}

# 3. Where a row of the table leads (conditions of the machine, asked of the scene) ---------------------------------


def base_next(scene: Scene) -> bool:
    """The chain of the unit on that day has a base committee's vote next."""
    return scene.has_base_vote()


def decision_next(scene: Scene) -> bool:
    """No base vote in that day's chain: the decision is next."""
    return not scene.has_base_vote()


def agreed(scene: Scene) -> bool:
    """The decision is yes."""
    return scene.event.data.get("outcome") == "dong_y"


def not_agreed(scene: Scene) -> bool:
    """The decision is no."""
    return scene.event.data.get("outcome") == "khong_dong_y"


def goes_up(scene: Scene) -> bool:
    """A recognition vote goes up at its ratio, or when it is the third failure (294-QĐ/TW 4.2.3)."""
    return scene.carried() or _failures(scene) + 1 >= _allowed_failures(scene)


def goes_up_to_base(scene: Scene) -> bool:
    """Goes up, and the base committee votes next."""
    return goes_up(scene) and scene.has_base_vote()


def goes_up_to_decision(scene: Scene) -> bool:
    """Goes up, and the decision is next."""
    return goes_up(scene) and not scene.has_base_vote()


def stays_below(scene: Scene) -> bool:
    """Under its ratio a recognition vote is repeated."""
    return not goes_up(scene)


def wrong_criteria(scene: Scene) -> bool:
    """The decision is cancelled because the person did not meet the criteria."""
    return scene.event.data.get("cause") == "sai_tieu_chuan"


def wrong_procedure(scene: Scene) -> bool:
    """The decision is cancelled because a step was faulty: that step is redone."""
    return scene.event.data.get("cause") == "sai_thu_tuc"


def left_at(step: str) -> Callable[[Scene], bool]:
    """The person left from `step` (for those who are restored)."""

    def condition(scene: Scene) -> bool:
        return scene.way.step_left == step

    condition.__name__ = f"left_at_{step}"
    return condition


def _new_unit_votes(scene: Scene) -> bool:
    return isinstance(unit := scene.event.data.get("to_unit"), int) and scene.units.chain(unit, scene.on) == "co_so"


def gains_base_vote(scene: Scene) -> bool:
    """The new unit's chain on that day has a base committee's vote, the old one's had none."""
    return _new_unit_votes(scene) and not scene.has_base_vote()


def loses_base_vote(scene: Scene) -> bool:
    """The new unit's chain on that day has no base committee's vote."""
    return not _new_unit_votes(scene)


def _failures(scene: Scene) -> int:
    return scene.way.failed_votes.get(scene.event.trigger, 0)


def _allowed_failures(scene: Scene) -> int:
    return scene.law.limit("failed_votes_before_superior", scene.on).value or 3


# 4. The table ----------------------------------------------------------------------------------------------------

STAY = "="  # destination: the step one stands at


@dataclass(frozen=True, slots=True)
class Branch:
    """One way out of a trigger: from these steps to that step, when the condition holds."""

    sources: tuple[str, ...]
    destination: str
    when: Callable[[Scene], bool] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One trigger of the process."""

    trigger: str
    label: Text
    who: Text
    branches: tuple[Branch, ...]
    asks: tuple[Guard, ...] = ()
    records: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    automatic: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """Every step the trigger can happen at, in the order of the process."""
        found = {step for branch in self.branches for step in branch.sources}
        return tuple(step for step in STEPS if step in found)

    @property
    def destinations(self) -> tuple[str, ...]:
        """Every step it can lead to; STAY where it leaves the person at their step."""
        return tuple(dict.fromkeys(branch.destination for branch in self.branches))


def to(destination: str, *sources: str, when: Callable[[Scene], bool] | None = None) -> Branch:
    """From these steps to `destination`."""
    return Branch(sources, destination, when)


UNION = Text("công đoàn cơ sở, Đoàn thanh niên", "union, Youth Union")
CELL = Text("chi bộ", "cell")
CENTRE = Text("trung tâm chính trị", "political centre")
BASE = Text("đảng ủy cơ sở", "base committee")
PERMITTING = Text("cấp ủy cơ sở hoặc cấp trên của chi bộ", "base committee, or the committee above the cell")
DECIDING = Text("cấp ủy có thẩm quyền", "competent committee")
MEMBER = Text("đảng viên", "member")
APPLICANT = Text("người vào Đảng, chi bộ", "applicant, cell")
ENGINE = Text("hệ thống", "the engine")

BEFORE_DECISION = (DUOC_GIOI_THIEU, CAM_TINH, DA_HOC, LAP_HO_SO, CHO_CHI_BO, CHO_CO_SO, CHO_QUYET_DINH)
VOTE = ("summoned", "in_favour")
CERTIFICATE, FILE, ADMISSION, CEREMONY = (
    "certificate_valid_months",
    "file_valid_months",
    "admission_decision_wd",
    "ceremony_wd",
)
PROBATION, DECLARATION, REVIEW, RECOGNITION = (
    "probation_months",
    "declaration_wd",
    "recognition_review_wd",
    "recognition_decision_wd",
)

# fmt: off
TABLE: tuple[Row, ...] = (
    Row("nominate", Text("Giới thiệu quần chúng ưu tú", "Introduce"), UNION,
        (to(DUOC_GIOI_THIEU, QUAN_CHUNG, OUT_OF_LIST, WITHDRAWN, CANCELLED, MOVED_AWAY, REMOVED, EXPELLED),),
        asks=(g.readmission_wait, g.readmitted_once), records=("nominator",)),
    Row("list", Text("Đưa vào danh sách cảm tình Đảng", "List as sympathiser"), CELL,
        (to(CAM_TINH, QUAN_CHUNG, DUOC_GIOI_THIEU, OUT_OF_LIST),),
        asks=(g.helper_named,), records=("helper",)),
    Row("assign_helper", Text("Phân công đảng viên giúp đỡ", "Assign a helper"), CELL,
        (to(STAY, *STAGES["cam_tinh"], *PROBATION_STEPS),),
        asks=(g.helper_named,), records=("helper",)),
    Row("send_to_class", Text("Cử đi học lớp nhận thức về Đảng", "Send to the awareness class"), CELL,
        (to(STAY, CAM_TINH),)),
    Row("certify_class", Text("Cấp giấy chứng nhận lớp nhận thức về Đảng", "Certify the awareness class"), CENTRE,
        (to(DA_HOC, CAM_TINH),),
        records=("issuer",), starts=(CERTIFICATE,)),
    Row("retake_class", Text("Học lại lớp nhận thức về Đảng", "Take the awareness class again"), CENTRE,
        (to(STAY, DA_HOC, LAP_HO_SO, CHO_CHI_BO),),
        records=("issuer",), starts=(CERTIFICATE,)),
    Row("open_file", Text("Cho lập hồ sơ", "Permit the file"), PERMITTING,
        (to(LAP_HO_SO, DA_HOC),),
        asks=(g.certificate_valid,)),
    Row("complete_file", Text("Hoàn thành hồ sơ", "Complete the file"), APPLICANT,
        (to(CHO_CHI_BO, LAP_HO_SO),),
        asks=(g.documents_complete, g.introducers_fit, g.introducers_together),
        records=("documents", "introducers", "shared_since"), starts=(FILE,)),
    Row("refresh_file", Text("Làm lại bốn giấy tờ của hồ sơ", "Redo the four papers"), APPLICANT,
        (to(STAY, CHO_CHI_BO),),
        asks=(g.papers_redone, g.introducers_fit, g.introducers_together),
        records=("documents", "introducers", "shared_since"), starts=(FILE,)),
    Row("cell_vote", Text("Chi bộ biểu quyết kết nạp", "Cell votes on admission"), CELL,
        (to(CHO_CO_SO, CHO_CHI_BO, when=base_next), to(CHO_QUYET_DINH, CHO_CHI_BO, when=decision_next)),
        asks=(g.age_reached, g.age_not_passed, g.educated, g.certificate_valid, g.file_valid, g.votes_counted),
        records=(*VOTE, "consent"), starts=(ADMISSION,), stops=(CERTIFICATE, FILE)),
    Row("base_vote", Text("Đảng ủy cơ sở biểu quyết kết nạp", "Base committee votes on admission"), BASE,
        (to(CHO_QUYET_DINH, CHO_CO_SO),),
        asks=(g.base_votes_here, g.votes_counted), records=VOTE),
    Row("decide", Text("Quyết định kết nạp", "Decide on admission"), DECIDING,
        (to(CHO_LE, CHO_QUYET_DINH, CHO_CO_SO, when=agreed), to(DA_HOC, CHO_QUYET_DINH, CHO_CO_SO, when=not_agreed)),
        asks=(g.base_has_voted, g.outcome_said, g.delegated_majority),
        records=("outcome", *VOTE, "consent"), stops=(ADMISSION,)),
    Row("receive_decision", Text("Chi bộ nhận quyết định kết nạp", "Receive the decision"), CELL,
        (to(STAY, CHO_LE),),
        starts=(CEREMONY,)),
    Row("hold_ceremony", Text("Tổ chức lễ kết nạp", "Hold the ceremony"), CELL,
        (to(DU_BI, CHO_LE),),
        asks=(g.decision_received, g.ceremony_in_time),
        records=("consent",), starts=(PROBATION, DECLARATION), stops=(CEREMONY,)),
    Row("declare_history", Text("Khai lý lịch đảng viên", "Declare the member's history"), MEMBER,
        (to(STAY, *PROBATION_STEPS),),
        stops=(DECLARATION,)),
    Row("certify_new_member", Text("Cấp giấy chứng nhận lớp đảng viên mới", "Certify the new members' class"), CENTRE,
        (to(STAY, *PROBATION_STEPS),),
        records=("issuer",)),
    Row("mature", Text("Hết 12 tháng dự bị", "Probation over"), ENGINE,
        (to(XET_CHINH_THUC, DU_BI),),
        starts=(REVIEW,), stops=(PROBATION,), automatic=True),
    Row("recognition_cell_vote", Text("Chi bộ biểu quyết công nhận chính thức", "Cell votes on recognition"), CELL,
        (to(CT_CHO_CO_SO, XET_CHINH_THUC, when=goes_up_to_base),
         to(CT_CHO_QUYET_DINH, XET_CHINH_THUC, when=goes_up_to_decision),
         to(STAY, XET_CHINH_THUC, when=stays_below)),
        asks=(g.new_member_class, g.votes_counted), records=VOTE, starts=(RECOGNITION,), stops=(REVIEW,)),
    Row("recognition_base_vote", Text("Đảng ủy cơ sở biểu quyết công nhận chính thức", "Base committee votes on recognition"), BASE,
        (to(CT_CHO_QUYET_DINH, CT_CHO_CO_SO, when=goes_up), to(STAY, CT_CHO_CO_SO, when=stays_below)),
        asks=(g.base_votes_here, g.votes_counted), records=VOTE),
    Row("decide_recognition", Text("Quyết định công nhận chính thức", "Decide on recognition"), DECIDING,
        (to(CHINH_THUC, CT_CHO_QUYET_DINH, CT_CHO_CO_SO, when=agreed),
         to(XET_CHINH_THUC, CT_CHO_QUYET_DINH, CT_CHO_CO_SO, when=not_agreed)),
        asks=(g.base_has_voted, g.outcome_said, g.delegated_recognition), records=("outcome", *VOTE), stops=(RECOGNITION,)),
    Row("return_file", Text("Trả hồ sơ để bổ sung", "Return the file"), DECIDING,
        (to(LAP_HO_SO, CHO_CHI_BO, CHO_CO_SO, CHO_QUYET_DINH), to(XET_CHINH_THUC, CT_CHO_CO_SO, CT_CHO_QUYET_DINH)),
        asks=(g.reason_given,)),
    Row("propose_removal", Text("Đề nghị xóa tên", "Propose removal"), CELL,
        (to(STAY, *MEMBER_STEPS),),
        asks=(g.body_named, g.votes_counted), records=("body", *VOTE)),
    Row("remove", Text("Xóa tên", "Remove"), DECIDING,
        (to(REMOVED, *MEMBER_STEPS),),
        asks=(g.removal_proposed,)),
    Row("expel", Text("Khai trừ", "Expel"), DECIDING,
        (to(EXPELLED, CHINH_THUC),),
        asks=(g.document_named,)),
    Row("restore", Text("Khôi phục sau khiếu nại", "Restore after a complaint"), DECIDING,
        tuple(to(step, REMOVED, EXPELLED, when=left_at(step)) for step in MEMBER_STEPS),
        asks=(g.document_named,)),
    Row("cancel_admission", Text("Hủy quyết định kết nạp", "Cancel the admission"), DECIDING,
        (to(CANCELLED, CHO_LE, *MEMBER_STEPS, when=wrong_criteria), to(CHO_QUYET_DINH, CHO_LE, when=wrong_procedure)),
        asks=(g.document_named, g.cause_named, g.cause_fits), records=("cause",)),
    Row("delist", Text("Đưa khỏi danh sách", "Take off the list"), CELL,
        (to(OUT_OF_LIST, *BEFORE_DECISION),),
        asks=(g.reason_given,)),
    Row("withdraw", Text("Rút", "Withdraw"), APPLICANT,
        (to(WITHDRAWN, *(step for step in GOING if step != QUAN_CHUNG)),),
        asks=(g.reason_given,)),
    Row("transfer", Text("Chuyển đơn vị", "Transfer"), CELL,
        (to(CHO_QUYET_DINH, CHO_CO_SO, when=loses_base_vote), to(CHO_CO_SO, CHO_QUYET_DINH, when=gains_base_vote),
         to(CT_CHO_QUYET_DINH, CT_CHO_CO_SO, when=loses_base_vote), to(CT_CHO_CO_SO, CT_CHO_QUYET_DINH, when=gains_base_vote),
         to(STAY, *GOING)),
        asks=(g.unit_named, g.unit_exists), records=("to_unit", "helper")),
    Row("transfer_out", Text("Chuyển đi nơi khác", "Move away"), CELL, (to(MOVED_AWAY, *GOING),)),
    Row("die", Text("Từ trần", "Die"), CELL, (to(DEAD, *GOING),)),
    Row("extend", Text("Gia hạn thời hạn quyết định", "Extend the decision's limit"), DECIDING,
        (to(STAY, CHO_CO_SO, CHO_QUYET_DINH, CT_CHO_CO_SO, CT_CHO_QUYET_DINH),),
        asks=(g.clock_extendable, g.reason_given, g.document_named), records=("clock", "days")),
)
# fmt: on

PROCESS: Mapping[str, Row] = {row.trigger: row for row in TABLE}
# Order among rows of one day: the table's, but a limit is extended before the decision it waits for.
RANK: dict[str, float] = {trigger: number for number, trigger in enumerate(PROCESS)} | {
    "extend": list(PROCESS).index("decide") - 0.5
}
RECOGNITION_VOTES = ("recognition_cell_vote", "recognition_base_vote")
OPEN_LABEL = Text("Mở sổ", "Open")
_BY_WORD = {fold(word): row.trigger for row in TABLE for word in (row.trigger, row.label.vi, row.label.en)}


class Standing:
    """What the machine moves: the step one stands at, with the scene its conditions are asked of."""

    __slots__ = ("scene", "state")

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.state = scene.way.step


def _build() -> Machine:
    """One shared machine; its conditions are attributes of Standing, one per condition named in the table."""
    machine = Machine(model=None, states=list(STEPS), initial=None, auto_transitions=False, send_event=False)
    for row in TABLE:
        for branch in row.branches:
            if branch.when is not None and not hasattr(Standing, branch.when.__name__):
                condition = branch.when
                setattr(Standing, condition.__name__, lambda standing, ask=condition: ask(standing.scene))
            machine.add_transition(
                row.trigger,
                list(branch.sources),
                branch.destination,
                conditions=branch.when.__name__ if branch.when else None,
            )
    return machine


MACHINE = _build()

# 5. Taking a step ------------------------------------------------------------------------------------------------


class Impossible(Exception):
    """This trigger does not leave from the step one stands at."""


def read_event(
    trigger: str, on: date | None, raw: Mapping[str, Any] | None = None, *, document_number: str | None = None,
    document_date: date | None = None, note: str | None = None, irregular: str | None = None,
) -> Event:  # fmt: skip
    """Read an event from words; the trigger by name or label. BadInput says which word is wrong and what is allowed."""
    name = _BY_WORD.get(fold(trigger))
    if name is None or PROCESS[name].automatic:
        raise BadInput(
            Text("Không có bước «{trigger}»; chọn một trong: {known}.", "Unknown trigger “{trigger}”; one of: {known}."),
            trigger=trigger, known=", ".join(row.trigger for row in TABLE if not row.automatic),
        )  # fmt: skip
    data, private = read_data(name, PROCESS[name].records, raw or {})
    return Event(name, on, tidy(document_number), document_date, data, private, tidy(note), tidy(irregular))


def verdicts(scene: Scene) -> list[Verdict]:
    """All reasons why the event may not happen now; empty when it may."""
    found = (guard(scene) for guard in PROCESS[scene.event.trigger].asks)
    return [verdict for verdict in found if verdict is not None]


def possible(trigger: str, step: str) -> bool:
    """True when the trigger leaves from this step at all."""
    return bool(MACHINE.events[trigger].transitions.get(step))


def impossible_verdict(trigger: str, step: str) -> Verdict:
    """The order cannot be: the trigger does not leave from that step."""
    row = PROCESS[trigger]
    return Verdict(
        "wrong_step",
        Text("Đang ở bước «{step}»; «{label}» chỉ làm được từ: {sources}.", "At step “{step}”; “{label}” is possible only from: {sources}."),
        "", row.who, None,
        {"step": STEP_LABELS[step], "label": row.label,
         "sources": Text(", ".join(STEP_LABELS[s].vi for s in row.sources), ", ".join(STEP_LABELS[s].en for s in row.sources))},
        hard=True,
    )  # fmt: skip


def leads_to(scene: Scene) -> str | None:
    """The step the table leads to from where one stands; None where it leads nowhere. Nothing is changed."""
    standing, trigger = Standing(scene), scene.event.trigger
    if not possible(trigger, scene.way.step) or not MACHINE.events[trigger].trigger(standing):
        return None
    return str(standing.state)


def take(scene: Scene, destination: str | None = None) -> str:
    """Move: changes scene.way by the table (step, facts, clocks) and gives the step arrived at. Guards are asked before."""
    destination = destination or leads_to(scene)
    if destination is None:
        raise Impossible(scene.event.trigger)
    _follow(scene, scene.way.step, destination)
    return destination


def would_have_led_to(scene: Scene) -> str | None:
    """The step something before the opening led to, where the event alone says so."""
    row = PROCESS[scene.event.trigger]
    if row.trigger in ("restore", "transfer"):
        return None
    leads = (b.destination for b in row.branches if b.destination != STAY and (b.when is None or b.when(scene)))
    return next(leads, None)


def recall(scene: Scene, destination: str | None) -> None:
    """Take in something that happened before the opening: it supplies days and clocks and moves nobody."""
    unit = scene.way.unit_id
    _follow(scene, None, destination)
    scene.way.unit_id = unit


def open_way(scene: Scene) -> None:
    """The opening balance: the person stands at this step; clocks that cannot run there any more are void."""
    way, step = scene.way, str(scene.event.data.get("step", QUAN_CHUNG))
    way.step = way.opened_step = step
    way.since = way.opened_on = way.last_on = scene.event.on
    way.step_left = None
    if step in (XET_CHINH_THUC, CT_CHO_CO_SO, CT_CHO_QUYET_DINH, CHINH_THUC) and way.ceremony_on:
        _matured(scene, add_months(way.ceremony_on, 12), review=step == XET_CHINH_THUC and not way.failed_votes)
    expected = RUNS_AT.get(step, ())
    for key in list(way.running_keys()):
        if key not in expected:
            way.clocks.void(key, scene.event.on)
    for key in expected:
        if key != DECLARATION and way.clocks.get(key) and not (key == FILE and step == LAP_HO_SO):
            way.clocks.resume(key)
    if step == CHINH_THUC and way.ceremony_on:
        way.official_on = official_day(way.ceremony_on)


def official_day(ceremony: date) -> date:
    """Exactly twelve months after the ceremony, even when the bodies were late (Điều lệ Đảng, Điều 5)."""
    return add_months(ceremony, 12)


def mature_day(way: Way) -> date | None:
    """The day probation ends for somebody at `du_bi`; None where the ceremony's day is not known or it does not apply."""
    run = way.clocks.running(PROBATION)
    return run.due_on if way.step == DU_BI and run is not None else None


def _matured(scene: Scene, on: date, review: bool) -> None:
    scene.way.clocks.stop(PROBATION, on)
    if review and scene.way.clocks.get(REVIEW) is None:
        scene.way.clocks.start(scene.law.limit(REVIEW, on), on, scene.calendar)


def _follow(scene: Scene, source: str | None, destination: str | None) -> None:
    """What a step leaves behind: facts and clocks. `source` None: history before an opening."""
    way, event, on = scene.way, scene.event, scene.on
    row = PROCESS[event.trigger]
    for key in row.stops:
        way.clocks.stop(key, on)
    first_day = event.document_on if row.starts == (CERTIFICATE,) else on
    for key in row.starts:
        if key == RECOGNITION and destination == source:
            continue
        if key == CEREMONY:
            first_day = _ceremony_start(scene)
            if first_day is None:
                continue
        assert first_day is not None
        way.clocks.start(scene.law.limit(key, first_day), first_day, scene.calendar)
    if (remember := _REMEMBER.get(event.trigger)) is not None:
        remember(scene, source, destination)
    if source is None:
        _recall_leaving(scene, destination)
        return
    way.last_on = max(on, way.last_on or on)  # the end of probation may lie before a restoration or an opening
    if destination is not None and destination != source:
        way.step, way.since = destination, on
        if event.trigger == "decide_recognition" and destination == CHINH_THUC:
            way.since = event.document_on
        if destination in ENDS:
            _leave(scene, source, destination)


def _leave(scene: Scene, source: str, end: str) -> None:
    way = scene.way
    way.step_left = source
    if source in MEMBER_STEPS and end in (REMOVED, EXPELLED, WITHDRAWN, CANCELLED):
        way.left_on, way.times_left = scene.on, way.times_left + 1
    for key in list(way.running_keys()):
        way.clocks.void(key, scene.on)


def _recall_leaving(scene: Scene, end: str | None) -> None:
    """Who left the Party before the opening waits like anybody who left it (294-QĐ/TW 3.5)."""
    way = scene.way
    if end in (REMOVED, EXPELLED) or (end in (WITHDRAWN, CANCELLED) and way.ceremony_on is not None):
        way.left_on, way.times_left = scene.on, way.times_left + 1


def _ceremony_start(scene: Scene) -> date | None:
    """The ceremony's clock starts at the first receipt, or at issue where the text in force on the day of signing says so."""
    signed = scene.way.decision_on
    if scene.way.received_on is not None and scene.way.clocks.running(CEREMONY):
        return None
    if signed is not None and scene.law.choice("ceremony_starts_at", signed).value == "issue":
        return None if scene.way.clocks.running(CEREMONY) else signed
    return scene.on


def _decided(scene: Scene, source: str | None, destination: str | None) -> None:
    way = scene.way
    if destination == CHO_LE:
        way.decision_on, way.received_on = scene.event.document_on, None
        assert way.decision_on is not None
        if scene.law.choice("ceremony_starts_at", way.decision_on).value == "issue":
            way.clocks.start(scene.law.limit(CEREMONY, way.decision_on), way.decision_on, scene.calendar)
    elif destination == DA_HOC:
        way.clocks.resume(CERTIFICATE)


def _returned(scene: Scene, source: str | None, destination: str | None) -> None:
    for key in (ADMISSION, RECOGNITION):
        scene.way.clocks.void(key, scene.on)
    if source in (CHO_CO_SO, CHO_QUYET_DINH):
        scene.way.clocks.resume(CERTIFICATE)


def _voted_on_recognition(scene: Scene, source: str | None, destination: str | None) -> None:
    failed = scene.way.failed_votes
    if (destination == source and source is not None) or (source is None and not scene.carried()):
        failed[scene.event.trigger] = failed.get(scene.event.trigger, 0) + 1
    else:
        failed.pop(scene.event.trigger, None)


def _proposed_removal(scene: Scene, source: str | None, destination: str | None) -> None:
    body = str(scene.event.data.get("body"))
    allowed = _allowed_failures(scene)
    scene.way.proposals[body] = allowed if scene.carried() else min(scene.way.proposals.get(body, 0) + 1, allowed)


def _nominated(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.ceremony_on = scene.way.official_on = None  # of an earlier membership


def _restored(scene: Scene, source: str | None, destination: str | None) -> None:
    way = scene.way
    for key in RUNS_AT.get(str(destination), ()):
        if (run := way.clocks.get(key)) is not None and run.state == "void" and run.stopped_on == way.left_on:
            way.clocks.resume(key)
    way.times_left, way.left_on, way.step_left = max(0, way.times_left - 1), None, None
    way.proposals.clear()


def _transferred(scene: Scene, source: str | None, destination: str | None) -> None:
    unit = scene.event.data.get("to_unit")
    if isinstance(unit, int):
        scene.way.unit_id = unit
    scene.way.helper = "helper" in scene.event.data


def _filed(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.file_on = scene.on
    scene.way.paper_gaps = [name for name in ("introducers", "shared_since") if name not in scene.event.data]


def _cancelled(scene: Scene, source: str | None, destination: str | None) -> None:
    if destination == CHO_QUYET_DINH:
        scene.way.clocks.void(CEREMONY, scene.on)
        scene.way.received_on = scene.way.decision_on = None


def _ceremony_held(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.ceremony_on, scene.way.new_member_certificate, scene.way.official_on = scene.on, False, None
    scene.way.failed_votes.clear()
    scene.way.proposals.clear()


def _recognised(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.failed_votes.clear()
    if destination == CHINH_THUC and scene.way.ceremony_on is not None:
        scene.way.official_on = official_day(scene.way.ceremony_on)


def _extended(scene: Scene, source: str | None, destination: str | None) -> None:
    key = scene.event.data.get("clock") or next(
        (k for k in (ADMISSION, RECOGNITION) if scene.way.clocks.running(k)), None
    )
    run = scene.way.clocks.running(str(key))
    if run is not None:
        allowed = scene.law.limit(run.key.replace("_wd", "_extension_wd"), run.starts_on).value or 0
        scene.way.clocks.extend(run.key, int(scene.event.data.get("days", allowed)), scene.calendar)


def _certified(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.certificate_on = scene.event.document_on


def _helped(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.helper = "helper" in scene.event.data


def _received(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.received_on = scene.way.received_on or scene.on


def _new_member(scene: Scene, source: str | None, destination: str | None) -> None:
    scene.way.new_member_certificate = True


_REMEMBER: Mapping[str, Callable[[Scene, str | None, str | None], None]] = {
    "nominate": _nominated, "list": _helped, "assign_helper": _helped, "transfer": _transferred,
    "certify_class": _certified, "retake_class": _certified, "complete_file": _filed, "refresh_file": _filed,
    "decide": _decided, "receive_decision": _received, "hold_ceremony": _ceremony_held, "certify_new_member": _new_member,
    "recognition_cell_vote": _voted_on_recognition, "recognition_base_vote": _voted_on_recognition,
    "decide_recognition": _recognised, "return_file": _returned, "propose_removal": _proposed_removal,
    "restore": _restored, "cancel_admission": _cancelled, "extend": _extended,
}  # fmt: skip

__all__ = ["FIELDS", "OUTCOMES", "Event", "read_event"]
