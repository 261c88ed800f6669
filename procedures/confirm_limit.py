"""Confirm a limit or set it otherwise at the desk: what it would move first, then the ruling and its moves in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from procedures.access import require_whole
from procedures.law import value_words
from procedures.office import Office
from procedures.recompute_clocks import Move, moves_under, recompute_through
from states.calendar import parse_day
from states.errors import BadInput, Conflict, Unknown
from states.regulations import Entry, Limit, Status
from states.wording import Text
from store.base import Connection
from store.clocks import count_running
from store.rulings import RulingRow, insert_ruling, latest_ruling, load_rulings, standing

STATUSES: tuple[Status, ...] = ("verified", "reported")
MOST = {"working_days": 1_000, "months": 1_200, "times": 100}
FIXED = {"probation_months"}  # twelve months by the Party's charter; official_on and every replay rest on it
LONGEST = 500
EXAMPLES = 10

NO_LIMIT_OF_THAT_NAME = Text(
    "«{key}» không phải là một thời hạn; quy tắc khác xin sửa trong config.yaml.",
    "“{key}” is no limit; other rules are set in config.yaml.",
)
NOT_A_NUMBER = Text(
    "Thời hạn phải là số nguyên từ 0 đến {most}, hoặc để trống nếu văn bản không đặt hạn.",
    "The limit must be a whole number from 0 to {most}, or empty where the text sets none.",
)
BY_THE_CHARTER = Text(
    "Thời gian dự bị {value} do Điều lệ Đảng quy định (Điều 5): xác nhận được, đổi số thì không.",
    "The probation of {value} is set by the Party's charter (article 5): it can be confirmed, not changed.",
)
NO_LIMIT_BEFORE = Text(
    "Từ {since} đã có hồ sơ ghi theo văn bản {now}; thêm hoặc bỏ hẳn một hạn chỉ làm được từ sau ngày {today}.",
    "From {since} on people were recorded under a text that has {now}; a limit can appear or go only after {today}.",
)
STATUS_UNKNOWN = Text(
    "Xin chọn: đã đối chiếu nguyên văn, hay theo nguồn tin.", "Choose: checked against the text, or as reported."
)
SAY_CITE = Text(
    "Xin ghi căn cứ: số văn bản và điều khoản (tối đa {most} ký tự).",
    "Say the ground: document and clause (at most {most}).",
)
SAY_WHY = Text(
    "Xin ghi lý do: ai đối chiếu, ở văn bản nào (tối đa {most} ký tự).",
    "Say why: who checked it, in which document (at most {most}).",
)
NOTHING_NEW = Text(
    "Thời hạn này từ {since} đã đúng như vậy ({cite}); không có gì để ghi.",
    "From {since} the limit stands so already ({cite}); there is nothing to record.",
)
NO_SUCH_RULING = Text("Không có xác nhận số {number} của thời hạn này.", "There is no ruling {number} of this limit.")
WITHDRAWN_ALREADY = Text(
    "Xác nhận số {number} đã được rút lại trước đó.", "Ruling {number} has been taken back already."
)
RULED_MEANWHILE = Text(
    "Vừa có người xác nhận một thời hạn khác; xin xem lại rồi ghi lại.",
    "Somebody has ruled on a limit meanwhile; please look again, then record it.",
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A limit as somebody wants it to stand from a day on."""

    key: str
    value: int | None
    since: date
    status: Status
    cite: str
    reason: str

    @property
    def entry(self) -> Entry:
        """As the law takes it."""
        return Entry(self.value, self.since, self.cite, self.status)


def read_proposal(
    office: Office, key: str, value: str, since: date | str, status: str, cite: str, reason: str
) -> Proposal:
    """A proposal as typed; BadInput with the field's name in `details` where something is not right."""
    require_whole(office, "confirm_law")
    if key not in office.law.keys():  # noqa: SIM118
        office.law.label(key)  # Unknown names the nearest
        raise BadInput(NO_LIMIT_OF_THAT_NAME, key=key)
    unit = office.law.limit(key, office.today).unit
    try:
        day = parse_day(since)
    except BadInput as error:
        raise BadInput(error.sentence, details={"field": "since"}, **error.values) from None
    number = value.strip()
    if number and (not (number.isascii() and number.isdecimal()) or int(number[:6]) > MOST[unit]):
        raise BadInput(NOT_A_NUMBER, details={"field": "value"}, most=MOST[unit])
    cite, reason = " ".join(cite.split()), " ".join(reason.split())
    if status not in STATUSES:
        raise BadInput(STATUS_UNKNOWN, details={"field": "status"})
    if not cite or len(cite) > LONGEST:
        raise BadInput(SAY_CITE, details={"field": "cite"}, most=LONGEST)
    if not reason or len(reason) > LONGEST:
        raise BadInput(SAY_WHY, details={"field": "reason"}, most=LONGEST)
    proposal = Proposal(key, int(number) if number else None, day, status, cite, reason)
    _refuse_unsound(office, proposal)
    return proposal


def preview_ruling(office: Office, proposal: Proposal) -> dict[str, Any]:
    """What the proposal would change and move; nothing is written."""
    require_whole(office, "confirm_law")
    with office.database.reading() as connection:
        rulings = load_rulings(connection)
        told = _told(
            office, connection, rulings, [*rulings, _as_row(proposal, office.now())], proposal.key, proposal.since
        )
        return told | {"latest": latest_ruling(connection)}


def confirm_limit(office: Office, proposal: Proposal, *, latest: int | None = None) -> dict[str, Any]:
    """Record the ruling and reckon running clocks by it, in one transaction: {id, moved, restated, unchanged}.

    `latest`: the last ruling the preview knew; Conflict when another came meanwhile.
    """
    require_whole(office, "confirm_law")
    row = {
        "key": proposal.key, "value": proposal.value, "since": proposal.since, "status": proposal.status,
        "cite": proposal.cite, "reason": proposal.reason,
    }  # fmt: skip
    return _record(office, row, latest)


def preview_withdrawal(office: Office, key: str, number: int) -> dict[str, Any]:
    """What taking a ruling back would change and move; nothing is written."""
    require_whole(office, "confirm_law")
    with office.database.reading() as connection:
        rulings = load_rulings(connection)
        found = _standing(rulings, key, number)
        rest = [one for one in rulings if one is not found]
        return _told(office, connection, rulings, rest, key, found.since) | {"latest": latest_ruling(connection)}


def withdraw_ruling(office: Office, key: str, number: int, reason: str, *, latest: int | None = None) -> dict[str, Any]:
    """Take a ruling back: what the files say holds again. In one transaction with the clocks it moves."""
    require_whole(office, "confirm_law")
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST:
        raise BadInput(SAY_WHY, details={"field": "reason"}, most=LONGEST)
    with office.database.reading() as connection:
        found = _standing(load_rulings(connection), key, number)
    row = {
        "key": key, "value": found.value, "since": found.since, "status": found.status, "cite": found.cite,
        "reason": reason, "withdraws": number,
    }  # fmt: skip
    return _record(office, row, latest)


def _record(office: Office, row: dict[str, Any], latest: int | None) -> dict[str, Any]:
    with office.database.writing() as connection:
        if latest is not None and latest_ruling(connection) != latest:
            raise Conflict(RULED_MEANWHILE)
        if row.get("withdraws") is not None:
            _standing(load_rulings(connection), row["key"], row["withdraws"])
        number = insert_ruling(connection, row | {"recorded_at": office.now(), "recorded_by": office.user})
        theirs = office.under(standing(load_rulings(connection)))
        done = recompute_through(theirs, connection)
    office.forget_law()
    return {"id": number, "key": row["key"]} | done


def _refuse_unsound(office: Office, proposal: Proposal) -> None:
    now = office.law.limit(proposal.key, proposal.since)
    if proposal.key in FIXED and proposal.value != now.value:
        raise BadInput(BY_THE_CHARTER, details={"field": "value"}, value=value_words(office, proposal.key, now.value))
    if (proposal.value is None) != (now.value is None) and proposal.since <= office.today:
        raise BadInput(
            NO_LIMIT_BEFORE, details={"field": "value"}, since=proposal.since,
            now=value_words(office, proposal.key, now.value), today=office.today,
        )  # fmt: skip
    stands = (now.value, now.since, now.status, now.citation)
    if stands == (proposal.value, proposal.since, proposal.status, proposal.cite):
        raise BadInput(NOTHING_NEW, details={"field": "cite"}, since=proposal.since, cite=proposal.cite)


def _told(
    office: Office, connection: Connection, before: list[RulingRow], after: list[RulingRow], key: str, since: date
) -> dict[str, Any]:
    then = office.under(standing(after))
    moves = moves_under(then, connection)
    moved = [one for one in moves if one.before != one.after]
    spans = [span for span in then.law.spans(key) if span.since > since and span.entry.since > since]
    return {
        "key": key,
        "label": office.law.label(key).say(office.lang),
        "since": since,
        "until": spans[0].since if spans else None,
        "before": _limit(office, office.under(standing(before)).law.limit(key, since)),
        "after": _limit(office, then.law.limit(key, since)),
        "moved": len(moved),
        "earlier": sum(one.after < one.before for one in moved),
        "later": sum(one.after > one.before for one in moved),
        "newly_overdue": sum(one.after < office.today <= one.before for one in moved),
        "restated": len(moves) - len(moved),
        "unchanged": count_running(connection) - len(moves),
        "examples": [one._asdict() for one in sorted(moved, key=_first)[:EXAMPLES]],
    }


def _first(move: Move) -> tuple[date, str]:
    return move.after, move.code


def _limit(office: Office, limit: Limit) -> dict[str, Any]:
    return {
        "words": value_words(office, limit.key, limit.value), "value": limit.value, "unit": limit.unit,
        "status": limit.status, "citation": limit.citation, "since": limit.since,
    }  # fmt: skip


def _as_row(proposal: Proposal, at: datetime) -> RulingRow:
    return RulingRow(
        0, proposal.key, proposal.value, proposal.since, proposal.status, proposal.cite, proposal.reason, at, "",
    )  # fmt: skip


def _standing(rulings: list[RulingRow], key: str, number: int) -> RulingRow:
    found = next((one for one in rulings if one.id == number and one.key == key), None)
    if found is None:
        raise Unknown(NO_SUCH_RULING, number=number)
    if not found.stands:
        raise Conflict(WITHDRAWN_ALREADY, number=number)
    return found
