"""The closing of a unit's period: prepared by the unit, accepted above, reopened for a reason. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from transitions import Machine

from states.chain import canonical, day_form, instant_form
from states.errors import BadInput
from states.periods import TERM, Period, parse_period, periods_of_years
from states.wording import Text

# ---------------------------------------------------------------------- 1. steps

OPEN, PREPARED, ACCEPTED, REOPENED = "open", "prepared", "accepted", "reopened"
STEPS = (OPEN, PREPARED, ACCEPTED, REOPENED)

# ---------------------------------------------------------------------- 2. labels

LABELS: Mapping[str, Text] = {
    OPEN: Text("Chưa chốt", "Open"),
    PREPARED: Text("Đã lập, chờ duyệt", "Prepared"),
    ACCEPTED: Text("Đã chốt", "Closed"),
    REOPENED: Text("Đã mở lại", "Reopened"),
}
NOT_PREPARED = Text(
    "Chưa ai lập báo cáo kỳ {period} của {unit} nên chưa duyệt được. Xin lập trước: "
    "ketnap close --unit {unit} --period {period} --prepare",
    "Nobody has prepared {period} of {unit}, so there is nothing to accept. First: "
    "ketnap close --unit {unit} --period {period} --prepare",
)
CLOSED_ALREADY = Text(
    "Kỳ {period} của {unit} đã chốt (bản {version}). Muốn chốt bản mới, xin mở lại trước: "
    "ketnap close --unit {unit} --period {period} --reopen --reason «lý do»",
    "{period} of {unit} is closed already (version {version}). To close it anew, first reopen it: "
    "ketnap close --unit {unit} --period {period} --reopen --reason “…”",
)
NOT_CLOSED = Text(
    "Kỳ {period} của {unit} chưa chốt nên không có gì để mở lại.",
    "{period} of {unit} is not closed, so there is nothing to reopen.",
)
NO_REASON = Text("Mở lại kỳ đã chốt phải có lý do (--reason).", "Reopening a closed period needs a reason (--reason).")


@dataclass(slots=True)
class Standing:
    """Where a unit's period stands; `state` is what the machine moves."""

    state: str = OPEN
    version: int = 0  # the version last prepared
    reason: str | None = field(default=None, kw_only=True)

    # ------------------------------------------------------------------ 3. guards

    def has_reason(self) -> bool:
        """Whether the reopening says why."""
        return bool(self.reason)


# ---------------------------------------------------------------------- 4. the table

TABLE = (
    # trigger    from                          to         when
    ("prepare",  [OPEN, PREPARED, REOPENED],   PREPARED,  None),  # again before it is accepted: the newest counts
    ("accept",   [PREPARED],                   ACCEPTED,  None),
    ("reopen",   [ACCEPTED],                   REOPENED,  "has_reason"),
)  # fmt: skip

MACHINE = Machine(
    model=None,
    states=list(STEPS),
    initial=OPEN,
    transitions=[
        {"trigger": trigger, "source": source, "dest": destination, "conditions": guard}
        for trigger, source, destination, guard in TABLE
    ],
    auto_transitions=False,
)
SOURCES = {trigger: sources for trigger, sources, *_ in TABLE}

# ---------------------------------------------------------------------- 5. taking a step


def move(standing: Standing, trigger: str, *, unit: str, period: str) -> None:
    """Take a step; BadInput says why it cannot be taken. The first preparation after a reopening is a new version."""
    values: dict[str, Any] = {"unit": unit, "period": period, "version": standing.version}
    if standing.state not in SOURCES[trigger]:
        if trigger == "reopen":
            raise BadInput(NOT_CLOSED, **values)
        raise BadInput(CLOSED_ALREADY if standing.state == ACCEPTED else NOT_PREPARED, **values)
    before = standing.state
    if not MACHINE.events[trigger].trigger(standing):
        raise BadInput(NO_REASON)
    if trigger == "prepare" and before != PREPARED:
        standing.version += 1


@dataclass(frozen=True, slots=True)
class Earlier:
    """An open period before the one that is to be closed; `surely`: it stands in the way whether it has figures or not."""

    period: Period
    surely: bool


def earlier_periods(
    period: Period, closed: Collection[str], reopened: Collection[str], terms: Mapping[str, tuple[date, date]]
) -> list[Earlier]:
    """The open periods of the same kind before `period`, oldest first.

    Surely in the way: those since the last one closed, and those reopened. Those of the same year only if they have
    a figure; what lies further back was before this office began to close.
    """
    before = [one for one in _same_kind(period, {*closed, *reopened}, terms) if one.last < period.first]
    last = max((one.last for one in before if one.code in closed), default=date.max)
    found = [Earlier(one, one.first > last or one.code in reopened) for one in before if one.code not in closed]
    return [one for one in found if one.surely or one.period.first.year == period.first.year]


def _same_kind(period: Period, known: Iterable[str], terms: Mapping[str, tuple[date, date]]) -> list[Period]:
    """The periods of the kind from the first year of the `known` ones (or this one's) to this one's year."""
    if period.kind == TERM:
        return sorted((parse_period(code, terms) for code in terms), key=lambda one: one.first)
    of_kind = [
        one for one in (parse_period(code, terms) for code in known if "/" not in code) if one.kind == period.kind
    ]
    first = min(one.first.year for one in [*of_kind, period])
    return periods_of_years(period.kind, first, period.first.year)


# ---------------------------------------------------------------------- what is said of it


def closed_line(closed: Mapping[str, Any], lang: str = "vi") -> str:
    """ "Đã chốt ngày 01/07/2020, bản 1, người ký: …" of {closed_on (a day or ISO), version, signer}."""
    day, signer = closed["closed_on"], closed.get("signer")
    values = {"day": day if isinstance(day, date) else date.fromisoformat(str(day)), "version": closed["version"]}
    return (SIGNED if signer else UNSIGNED).say(lang, signer=signer, **values)


SIGNED = Text(
    "Đã chốt ngày {day}, bản {version}, người ký: {signer}.", "Closed on {day}, version {version}, signed by {signer}."
)
UNSIGNED = Text("Đã chốt ngày {day}, bản {version}.", "Closed on {day}, version {version}.")

# ---------------------------------------------------------------------- the chain of acts

FORM = 1


def genesis(unit_id: int, period: str) -> str:
    """What the first act on a unit's period names as its previous hash."""
    return sha256(f"ketnap:closing:{FORM}:{unit_id}:{period}".encode()).hexdigest()


def act_hash(previous_hash: str, act: Mapping[str, Any]) -> str:
    """The hash of an act (by column name, native values) that follows `previous_hash`; its content is covered."""
    form = (
        FORM,
        previous_hash,
        act["unit_id"],
        act["period"],
        act["sequence"],
        act["version"],
        act["event"],
        day_form(act["on"]),
        instant_form(act["recorded_at"]),
        act["recorded_by"],
        act["signer"],
        act["reason"],
        act["content"],
    )
    return sha256(canonical(form).encode()).hexdigest()
