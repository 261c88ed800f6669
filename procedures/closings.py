"""Closed periods as they were closed: the report word for word, its files, and the acts that led to it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from procedures import access
from procedures.behind import Behind, unpack
from procedures.frozen import thaw
from states.closing import ACCEPTED, LABELS, PREPARED, SOURCES, Standing
from states.errors import BadInput, Installation, Unknown
from states.periods import parse_period
from states.wording import Text
from store.closings import Act, find_file, load_acts, load_content
from store.unit_names import get_unit_id, load_unit_names

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

BEHIND = "behind"  # the file that keeps what stood behind the figures
NO_VERSION = Text(
    "Kỳ {period} của {unit} không có bản chốt số {version}.", "There is no version {version} of {period} of {unit}."
)
NEVER_CLOSED = Text(
    "Kỳ {period} của {unit} chưa chốt lần nào. Để chốt: ketnap close --unit {unit} --period {period}",
    "{period} of {unit} has never been closed. To close it: ketnap close --unit {unit} --period {period}",
)
LOST = Text(
    "Bản chốt kỳ {period} của {unit} không còn tệp .{kind}. Xin chạy: ketnap verify",
    "The closing of {period} of {unit} has no .{kind} any more. Please run: ketnap verify",
)
ALTERED = Text(
    "Nội dung bản chốt kỳ {period} không còn đọc được: cơ sở dữ liệu đã bị sửa. Xin chạy: ketnap verify",
    "The frozen content of {period} cannot be read any more: the database was altered. Please run: ketnap verify",
)
UNREADABLE = (ArithmeticError, AttributeError, EOFError, LookupError, TypeError, ValueError, zlib.error)


class Closed(NamedTuple):
    """One version of a closed period: the act that prepared it and the one that accepted it."""

    prepared: Act
    accepted: Act

    def told(self) -> dict[str, Any]:
        """What a report says of it; the hash is that of the frozen content. `as_closed`: word for word what was closed."""
        act = self.accepted
        return {
            "version": act.version,
            "signer": act.signer,
            "closed_on": act.on,
            "hash": self.prepared.hash,
            "as_closed": True,
        }


def standing(acts: Iterable[Act]) -> Standing:
    """Where a unit's period stands after these acts of it."""
    last = max(acts, key=lambda act: act.sequence, default=None)
    return Standing() if last is None else Standing(last.event, last.version)


def versions(acts: Iterable[Act]) -> dict[int, Closed]:
    """Every accepted version among the acts of one unit's period, oldest first."""
    prepared: Act | None = None
    found: dict[int, Closed] = {}
    for act in sorted(acts, key=lambda act: act.sequence):
        if act.event == PREPARED:
            prepared = act
        elif act.event == ACCEPTED and prepared is not None:
            found[act.version] = Closed(prepared, act)
    return found


def in_force(acts: Iterable[Act]) -> Closed | None:
    """The version that stands; None while the period is open, prepared or reopened."""
    known = list(acts)
    now = standing(known)
    return versions(known).get(now.version) if now.state == ACCEPTED else None


def find_frozen(connection: Connection, unit_id: int, period: str, lang: str = "vi") -> dict[str, Any] | None:
    """The report as it was closed, with `closed: {version, signer, closed_on, hash}`; None where it is not closed."""
    closed = in_force(load_acts(connection, unit_id=unit_id, period=period))
    return None if closed is None else frozen_report(connection, closed, lang)


def frozen_report(connection: Connection, closed: Closed, lang: str = "vi") -> dict[str, Any]:
    """The report of this version."""
    try:
        result: dict[str, Any] = thaw(load_content(connection, closed.prepared.id)["report"][lang])
        return result | {"closed": closed.told()}
    except UNREADABLE:
        raise Installation(ALTERED, period=closed.prepared.period) from None


def frozen_behind(connection: Connection, closed: Closed) -> Behind | None:
    """What stood behind the figures of this version; None when somebody took it away (verify names that)."""
    packed = find_file(connection, closed.prepared.id, BEHIND)
    try:
        return None if packed is None else unpack(packed)
    except UNREADABLE:
        raise Installation(ALTERED, period=closed.prepared.period) from None


def list_closings(office: Office, unit: str | None = None, period: str | None = None) -> dict[str, Any]:
    """{items: [{unit, name, period, sequence, version, event, label, on, recorded_at, recorded_by, signer, reason, hash}]}."""
    access.require(office, "see_figures")
    code = parse_period(period, office.terms).code if period else None
    with office.database.reading() as connection:
        unit_id = None if unit is None else access.get_unit_id(office, connection, unit)
        acts = load_acts(connection, unit_id=unit_id, period=code)
        if (seen := access.visible(office, connection)) is not None:
            acts = [act for act in acts if act.unit_id in seen]
        names = load_unit_names(connection, sorted({act.unit_id for act in acts}), office.today)
    items = [
        {
            "unit": names[act.unit_id].code,
            "name": names[act.unit_id].name,
            "period": act.period,
            "sequence": act.sequence,
            "version": act.version,
            "event": act.event,
            "label": LABELS[act.event].say(office.lang),
            "on": act.on,
            "recorded_at": act.recorded_at,
            "recorded_by": act.recorded_by,
            "signer": act.signer,
            "reason": act.reason,
            "hash": act.hash,
        }
        for act in acts
    ]
    return {"items": items}


def show_version(office: Office, unit: str, period: str, version: int | None = None) -> dict[str, Any]:
    """The report of one version, the last one unless told: still printable after a reopening. Unknown if there is none.

    For who may see people: small figures are in it.
    """
    access.require(office, "see_people")
    code = parse_period(period, office.terms).code
    with office.database.reading() as connection:
        access.get_unit_id(office, connection, unit)
        closed = get_closed(connection, unit, code, version)
        return frozen_report(connection, closed, office.lang)


def issue(office: Office, unit: str, period: str, kind: str, version: int | None = None) -> bytes:
    """The text (txt), Markdown (md) or file (xlsx, docx) as it was issued at the closing, byte for byte.

    For who may see people: small figures are in it. Unknown if there is no such version, Installation when the database has lost it.
    """
    access.require(office, "see_people")
    code = parse_period(period, office.terms).code
    with office.database.reading() as connection:
        access.get_unit_id(office, connection, unit)
        closed = get_closed(connection, unit, code, version)
        content = load_content(connection, closed.accepted.id)
        if kind in ("txt", "md"):
            said = (content.get(kind) or {}).get(office.lang)
            found = None if said is None else str(said).encode()
        else:
            found = find_file(connection, closed.accepted.id, kind)
    if found is None:
        raise Installation(LOST, unit=unit, period=code, kind=kind)
    return found


def get_closed(connection: Connection, unit: str, period: str, version: int | None = None) -> Closed:
    """A version of a closed period, the last one accepted unless told; Unknown if there is none, BadInput if nothing was closed."""
    known = versions(load_acts(connection, unit_id=get_unit_id(connection, unit), period=period))
    if not known:
        raise BadInput(NEVER_CLOSED, unit=unit, period=period)
    wanted = max(known) if version is None else version
    if wanted not in known:
        raise Unknown(NO_VERSION, unit=unit, period=period, version=version)
    return known[wanted]


def closed_periods(connection: Connection) -> list[tuple[int, str, int]]:
    """(unit, period, version) of every period that is closed now."""
    by_key: dict[tuple[int, str], list[Act]] = {}
    for act in load_acts(connection):
        by_key.setdefault((act.unit_id, act.period), []).append(act)
    return [(*key, acts[-1].version) for key, acts in by_key.items() if acts[-1].event == ACCEPTED]


def closing_state(office: Office, units: Iterable[str], period: str) -> dict[str, dict[str, Any]]:
    """Unit -> {state, label, version, closed_on} of a period: open, prepared, accepted or reopened; ready when it is over."""
    asked = parse_period(period, office.terms)
    found: dict[str, dict[str, Any]] = {}
    with office.database.reading() as connection:
        for unit in units:
            acts = load_acts(connection, unit_id=get_unit_id(connection, unit), period=asked.code)
            now, closed = standing(acts), in_force(acts)
            found[unit] = {
                "state": now.state,
                "label": LABELS[now.state].say(office.lang),
                "version": now.version,
                "closed_on": closed.accepted.on if closed else None,
                "ready": now.state != ACCEPTED and asked.last <= office.today,
            }
    return found


def closing_acts(office: Office, unit: str, period: str) -> list[dict[str, Any]]:
    """[{act, label, allowed, why}] in the order of the process: what may be done with a unit's period now, and why not."""
    asked = parse_period(period, office.terms)
    with office.database.reading() as connection:
        unit_id = access.get_unit_id(office, connection, unit)
        now = standing(load_acts(connection, unit_id=unit_id, period=asked.code))
    found = []
    for act, text in ACTS.items():
        why = None
        if not access.may(office, "close_period"):
            why = NOT_YOURS.say(office.lang)
        elif now.state not in SOURCES[act]:
            why = NOT_NOW.say(office.lang, state=LABELS[now.state])
        elif act != "reopen" and office.today < asked.last:
            why = NOT_OVER.say(office.lang, last=asked.last)
        found.append({"act": act, "label": text.say(office.lang), "allowed": why is None, "why": why})
    return found


ACTS = {
    "prepare": Text("Lập báo cáo chốt", "Prepare the closing"),
    "accept": Text("Duyệt và chốt", "Accept and close"),
    "reopen": Text("Mở lại kỳ đã chốt", "Reopen the period"),
}
NOT_YOURS = Text("Tài khoản của bạn không chốt kỳ.", "Your account does not close periods.")
NOT_NOW = Text("Kỳ đang ở trạng thái «{state}».", "The period stands at “{state}”.")
NOT_OVER = Text("Kỳ chưa kết thúc: hết ngày {last}.", "The period is not over before {last}.")
