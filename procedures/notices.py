"""The ledger of notices as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from procedures import access
from procedures.due import subtree
from procedures.office import Office
from states import escalation
from states.periods import parse_period
from states.wording import Text
from store.base import Connection
from store.clocks import clock_rows
from store.notices import NoticeRow, list_notice_rows

STATES = {
    "planned": Text("chờ gửi", "to be sent"),
    "reserved": Text("đang gửi", "being sent"),
    "sent": Text("đã gửi", "sent"),
    "passed_over": Text("bỏ qua vì đã có lần nhắc sau", "passed over for a later one"),
    "withdrawn": Text("rút lại", "withdrawn"),
    "nobody": Text("không có người nhận", "nobody to tell"),
}
CASE = Text("Đôn đốc: {step}", "Escalation: {step}")


def list_notices(
    office: Office, unit: str | None = None, *, state: str | None = None, recipient: str | None = None
) -> dict[str, Any]:
    """{items: [{id, subject, code, unit, clock, label, due_on, threshold, recipient, planned_for, state}]}, latest first.

    Who may not see people gets no notices about people.
    """
    access.require(office, "see_figures")
    with office.database.reading() as connection:
        units = office.units(connection)
        wanted = access.within(office, units, None if unit is None else subtree(office, units, unit))
        rows = list_notice_rows(connection, unit_ids=wanted, state=state, recipient=recipient)
        if not access.may(office, "see_people"):
            rows = [row for row in rows if not row.clock_id]
        return {"items": notice_items(office, connection, rows)}


def notice_items(office: Office, connection: Connection, rows: Sequence[NoticeRow]) -> list[dict[str, Any]]:
    """Rows of the ledger in words."""
    units = office.units(connection)
    ids = sorted({row.clock_id for row in rows if row.clock_id})
    clocks = {clock.id: clock for clock in clock_rows(connection, clock_ids=ids)}
    items = []
    for row in rows:
        clock = clocks.get(row.clock_id or 0)
        about = f"{clock.code} · {office.law.label(clock.key).say(office.lang)}" if clock else None
        items.append(
            {
                "id": row.id,
                "subject": row.subject,
                "code": clock.code if clock else None,
                "unit": units.code(row.unit_id),
                "clock": clock.key if clock else None,
                "label": about or case_label(office, row.subject),
                "due_on": row.due_on,
                "threshold": row.threshold,
                "recipient": row.recipient or None,
                "planned_for": row.planned_for,
                "state": row.state,
                "state_label": STATES[row.state].say(office.lang),
            }
        )
    return items


def case_label(office: Office, subject: str) -> str:
    """case:ID:rung, silent:UNIT:QUARTER or duty:KEY:UNIT:PERIOD in words."""
    kind, _, rest = subject.partition(":")
    last = subject.rpartition(":")[2]
    if kind == "case":
        return CASE.say(office.lang, step=escalation.LABELS.get(last, last))
    period = parse_period(last, office.terms).label(office.lang)
    if kind == "silent":
        return SILENT.say(office.lang, period=period)
    duty = office.settings.duties.get(rest.partition(":")[0])
    return f"{duty.label if duty else rest.partition(':')[0]}, {period}"


SILENT = Text("Đơn vị im lặng, {period}", "Silent unit, {period}")
