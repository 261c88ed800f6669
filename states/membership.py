"""The candidate's process: quần chúng → cảm tình Đảng → dự bị → chính thức, with every side way.

Steps, labels, guards (states.guards), the table, and the function that takes a step. Read the table aloud: trigger, from
where to where, what it asks, which clocks it starts and stops, what it records, who acts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from transitions import Machine

from states import guards as g
from states.aftermath import (
    ADMISSION,
    CEREMONY,
    CERTIFICATE,
    DECLARATION,
    FILE,
    PROBATION,
    RECOGNITION,
    REVIEW,
    allowed_failures,
    follow,
)
from states.errors import BadInput
from states.events import FIELDS, OUTCOMES, Event, read_data, tidy
from states.guards import Guard, Scene, Verdict
from states.steps import (
    CANCELLED,
    DEAD,
    EXPELLED,
    GOING,
    MOVED_AWAY,
    OUT_OF_LIST,
    REMOVED,
    STAGES,
    STEP_LABELS,
    STEPS,
    WITHDRAWN,
)
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
    XET_CHINH_THUC,
)
from states.wording import Text, fold

# 1. Steps and 2. labels: states.steps ------------------------------------------------------------------------------

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
    return scene.carried() or _failures(scene) + 1 >= allowed_failures(scene)


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


def label_of(trigger: str) -> Text:
    """What people call a trigger of the journal: one of the table's, or the opening."""
    return PROCESS[trigger].label if trigger in PROCESS else OPEN_LABEL


_BY_WORD = {fold(word): row.trigger for row in TABLE for word in (row.trigger, row.label.vi, row.label.en)}


class Standing:
    """What the machine moves: the step one stands at, with the names of the table's conditions that hold."""

    __slots__ = ("holds", "state")

    def __init__(self, step: str, holds: frozenset[str]) -> None:
        self.state = step
        self.holds = holds


def _build() -> Machine:
    """One shared machine; its conditions are attributes of Standing, one per condition named in the table."""
    machine = Machine(model=None, states=list(STEPS), initial=None, auto_transitions=False, send_event=False)
    for row in TABLE:
        for branch in row.branches:
            if branch.when is not None and not hasattr(Standing, branch.when.__name__):
                name = branch.when.__name__
                setattr(Standing, name, lambda standing, name=name: name in standing.holds)
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
    return [verdict for guard in PROCESS[scene.event.trigger].asks if (verdict := guard(scene)) is not None]


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
    step = scene.way.step
    branches = PROCESS[scene.event.trigger].branches
    holds = frozenset(b.when.__name__ for b in branches if b.when is not None and step in b.sources and b.when(scene))
    return _destination(scene.event.trigger, step, holds)


@cache
def _destination(trigger: str, step: str, holds: frozenset[str]) -> str | None:
    """What the machine answers; the same question, asked of thousands at one meeting, is answered once."""
    standing = Standing(step, holds)
    return standing.state if possible(trigger, step) and MACHINE.events[trigger].trigger(standing) else None


def take(scene: Scene, destination: str | None = None) -> str:
    """Move: changes scene.way by the table (step, facts, clocks) and gives the step arrived at. Guards are asked before."""
    destination = destination or leads_to(scene)
    if destination is None:
        raise Impossible(scene.event.trigger)
    follow(scene, PROCESS[scene.event.trigger].starts, PROCESS[scene.event.trigger].stops, scene.way.step, destination)
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
    follow(scene, PROCESS[scene.event.trigger].starts, PROCESS[scene.event.trigger].stops, None, destination)
    scene.way.unit_id = unit


__all__ = ["FIELDS", "OUTCOMES", "Event", "read_event"]
