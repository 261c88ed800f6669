"""The case of a unit that falls behind: watched, urged, brought to those above, closed.

It climbs by itself, a rung at a time, while the unit stays behind; a commitment or a silence holds it where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from transitions import Machine

from states.calendar import Calendar
from states.guards.verdict import OFFICER, Verdict
from states.ladder import ABOVE as ABOVE
from states.ladder import CAP_TREN, NHAC, RUNGS, THUONG_VU
from states.ladder import UNIT as UNIT
from states.ladder import Ladder as Ladder
from states.ladder import Rung as Rung
from states.pace import CHAM, CHUA_CO_NGUON, NGUY_CO
from states.wording import Text

# ---------------------------------------------------------------------- 1. steps

THEO_DOI, DA_DONG = "theo_doi", "da_dong"
STEPS = (THEO_DOI, *RUNGS, DA_DONG)

# What the judging of the day found about the unit
BEHIND, WAITING, CAUGHT_UP, PERIOD_ENDED, TARGET_WITHDRAWN, UNIT_ENDED = (
    "behind",  # beyond the tolerance
    "waiting",  # below its pace, within the tolerance: the case stays where it is
    "caught_up",
    "period_ended",
    "target_withdrawn",
    "unit_ended",
)
BY_HAND = "by_hand"  # the result of a case an officer closed

# ---------------------------------------------------------------------- 2. labels

LABELS: Mapping[str, Text] = {
    THEO_DOI: Text("Đang theo dõi", "Watched"),
    NHAC: Text("Đã nhắc đơn vị", "Unit urged"),
    CAP_TREN: Text("Đã báo cấp ủy cấp trên", "Committee above told"),
    THUONG_VU: Text("Đã báo ban thường vụ", "Standing committee told"),
    DA_DONG: Text("Đã đóng", "Closed"),
}
RESULTS: Mapping[str, Text] = {
    CAUGHT_UP: Text("Đã bắt kịp tiến độ", "Caught up"),
    PERIOD_ENDED: Text("Hết kỳ", "The period ended"),
    TARGET_WITHDRAWN: Text("Chỉ tiêu không còn", "The target is gone"),
    UNIT_ENDED: Text("Đơn vị không còn", "The unit is no more"),
    BY_HAND: Text("Đóng theo quyết định của người phụ trách", "Closed by an officer"),
}
SETTLED = frozenset(RESULTS) - {BY_HAND}

# ---------------------------------------------------------------------- 3. the case and its guards


@dataclass(slots=True)
class Standing:
    """Where a case stands while it is being moved; `state` is what the machine moves."""

    state: str
    since: date
    ladder: Ladder
    finding: str
    today: date
    calendar: Calendar
    committed_until: date | None = None  # last day on which a commitment, a silence holds the case
    silenced_until: date | None = None

    @property
    def next_on(self) -> date | None:
        """The working day the next rung is due, after what holds the case; None when there is none (or it is closed)."""
        rung = None if self.state == DA_DONG else self.ladder.after(self.state)
        if rung is None:
            return None
        calendar = self.calendar
        days = [calendar.add_working_days(self.since, rung.after_working_days)]
        days += [calendar.next_working_day(held) for held in (self.committed_until, self.silenced_until) if held]
        return calendar.working_day_on_or_after(max(days))

    def rung_is_nhac(self) -> bool:
        """The unit is behind, its next rung is this one and its working days are over (judged on the business day)."""
        return self._due(NHAC)

    def rung_is_cap_tren(self) -> bool:
        """As for `nhac`."""
        return self._due(CAP_TREN)

    def rung_is_thuong_vu(self) -> bool:
        """As for `nhac`."""
        return self._due(THUONG_VU)

    def is_settled(self) -> bool:
        """Caught up, or the period is over, or there is no target or no unit any more."""
        return self.finding in SETTLED

    def commitment_is_over(self) -> bool:
        """Its last day has passed and the unit has not caught up; noticed on the first working day after it."""
        return self._is_over(self.committed_until)

    def silence_is_over(self) -> bool:
        """Its last day has passed; noticed on the first working day after it."""
        return self._is_over(self.silenced_until)

    def by_hand(self) -> bool:
        """An officer's act; whether it may be done is asked before (refusals)."""
        return True

    def _is_over(self, last: date | None) -> bool:
        return last is not None and last < self.today and self.calendar.is_working_day(self.today)

    def _due(self, step: str) -> bool:
        if self.finding != BEHIND or not self.calendar.is_working_day(self.today):
            return False
        rung, next_on = self.ladder.after(self.state), self.next_on
        return rung is not None and rung.step == step and next_on is not None and next_on <= self.today


# ---------------------------------------------------------------------- 4. the table

OPEN = [THEO_DOI, NHAC, CAP_TREN, THUONG_VU]
STAYS = None
TABLE = (
    # trigger                       from                          to         when
    ("close",                       OPEN,                         DA_DONG,   "is_settled"),
    ("lapse",                       OPEN,                         STAYS,     "commitment_is_over"),
    ("end_silence",                 OPEN,                         STAYS,     "silence_is_over"),
    ("urge",                        [THEO_DOI],                   NHAC,      "rung_is_nhac"),
    ("tell_above",                  [THEO_DOI, NHAC],             CAP_TREN,  "rung_is_cap_tren"),
    ("tell_standing_committee",     [THEO_DOI, NHAC, CAP_TREN],   THUONG_VU, "rung_is_thuong_vu"),
)  # fmt: skip
ACTS = (
    ("acknowledge",                 OPEN,                         STAYS,     "by_hand"),
    ("silence",                     OPEN,                         STAYS,     "by_hand"),
    ("close_by_hand",               OPEN,                         DA_DONG,   "by_hand"),
)  # fmt: skip

MACHINE = Machine(
    model=None,
    states=list(STEPS),
    initial=THEO_DOI,
    transitions=[
        {"trigger": trigger, "source": source, "dest": destination, "conditions": guard}
        for trigger, source, destination, guard in TABLE + ACTS
    ],
    auto_transitions=False,
)

# ---------------------------------------------------------------------- 5. taking a step


@dataclass(frozen=True, slots=True)
class Move:
    """One thing a case went through: the trigger, where it stands now, and the day a hold that ended had lasted to."""

    trigger: str
    step: str
    until: date | None = None

    @property
    def climbs(self) -> bool:
        """Whether a rung was reached."""
        return self.trigger in ("urge", "tell_above", "tell_standing_committee")


def move(case: Standing) -> list[Move]:
    """Take every step that is due today, in order; the case is changed, [] when nothing is.

    Each rung counts its working days from the day the rung before was really reached, so a gap in the runs never
    sends a unit up two rungs at once (unless the ladder gives a rung no days at all). Nothing but the closing happens
    on a day off.
    """
    moves: list[Move] = []
    while step := _step(case):
        moves.append(step)
    return moves


def _step(case: Standing) -> Move | None:
    for trigger, sources, destination, _guard in TABLE:
        if case.state in sources and MACHINE.events[trigger].trigger(case):
            until = None
            if trigger == "lapse":
                until, case.committed_until = case.committed_until, None
            elif trigger == "end_silence":
                until, case.silenced_until = case.silenced_until, None
            if destination is not STAYS:
                case.since = case.today
            return Move(trigger, case.state, until)
    return None


def act(case: Standing, trigger: str, until: date | None = None) -> Move:
    """Take an officer's step, after `refusals` has found nothing against it; the case is changed."""
    MACHINE.events[trigger].trigger(case)
    if trigger == "acknowledge":
        case.committed_until = until
    elif trigger == "silence":
        case.silenced_until = until
    else:
        case.since = case.today
    return Move(trigger, case.state, until)


# ---------------------------------------------------------------------- 6. what stands against an officer's step


def refusals(
    state: str, opened_on: date, today: date, until: date | None, last: date, since: date | None = None
) -> list[Verdict]:
    """Why a case cannot be acknowledged, silenced or closed today.

    `until`: the day given, `last`: of the period, `since`: the day it came to its rung.
    """
    if state == DA_DONG:
        return [Verdict("case_closed", CLOSED, "", OFFICER)]
    if today < opened_on:
        return [Verdict("case_not_open_yet", NOT_OPEN_YET, "", OFFICER, opened_on, {"day": opened_on})]
    if since is not None and today < since:
        return [Verdict("case_moved_since", MOVED_SINCE, "", OFFICER, since, {"day": since, "today": today})]
    if until is None:
        return []
    if until < today:
        return [Verdict("day_past", PAST, "", OFFICER, None, {"day": until, "today": today})]
    if until > last:
        return [Verdict("after_period", AFTER_PERIOD, "", OFFICER, None, {"day": until, "last": last})]
    return []


CLOSED = Text("Vụ việc đã đóng, không ghi thêm được.", "The case is closed; nothing can be added.")
NOT_OPEN_YET = Text(
    "Vụ việc mở ngày {day}, sau ngày làm việc đang xét.", "The case was opened on {day}, after the business day."
)
MOVED_SINCE = Text(
    "Vụ việc đã lên bậc ngày {day}, sau ngày làm việc {today}; không ghi lùi ngày được.",
    "The case climbed on {day}, after the business day {today}; nothing can be dated back.",
)
PAST = Text("Ngày {day} đã qua (hôm nay {today}).", "The day {day} is past (today is {today}).")
AFTER_PERIOD = Text(
    "Ngày {day} ở sau khi hết kỳ chỉ tiêu ({last}); xin chọn ngày sớm hơn.",
    "The day {day} lies after the end of the target's period ({last}); choose an earlier one.",
)

# ---------------------------------------------------------------------- 7. what is asked of those who are told

ASKED: Mapping[str, Text] = {
    NHAC: Text(
        "đề nghị đơn vị nêu nguyên nhân, cam kết ngày đạt tiến độ",
        "the unit is asked for the cause and for the day it will be back on pace",
    ),
    CAP_TREN: Text(
        "đề nghị cấp ủy cấp trên làm việc với đơn vị và ghi cam kết",
        "the committee above is asked to meet the unit and to record a commitment",
    ),
    THUONG_VU: Text(
        "đề nghị ban thường vụ cho ý kiến chỉ đạo, kiểm điểm trách nhiệm",
        "the standing committee is asked for its direction and to review who is responsible",
    ),
}
REMEDY: Mapping[str, Text] = {
    CHAM: Text("đẩy nhanh những việc đang làm", "hasten what is under way"),
    NGUY_CO: Text(
        "bổ sung nguồn, vì số người đang trên đường không đủ cho chỉ tiêu",
        "find more people: those on the way do not suffice",
    ),
    CHUA_CO_NGUON: Text(
        "rà soát, tạo nguồn ngay vì chưa có ai trên đường", "find people at once: nobody is on the way"
    ),
}
