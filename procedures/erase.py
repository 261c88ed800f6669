"""Erase a person's data for good: name, birth, words and attributes go; what figures count stays, under a pseudonym.

The journal keeps its internal ids, days, votes and document numbers, so chains verify and every report stays the same
to the digit (docs/adr/0015-erasure.md).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.access_log import record
from procedures.erased_elsewhere import elsewhere, remember, remembered
from procedures.indicators import breakdowns_of, indicators_of
from procedures.outbox import take_out
from states.breakdowns import AGE, ATTRIBUTES, PERSON, Condition
from states.calendar import add_months
from states.coarse import age_bands, coarse
from states.errors import BadInput, Conflict, Refused, Unknown
from states.events import one_line
from states.guards import OFFICER, Verdict
from states.steps import ENDS, STEP_LABELS
from states.wording import Text
from store import erasure, seal_file, seals
from store.access_log import erase_reasons
from store.person_values import BIRTH

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

NO_SUCH_PERSON = Text("Không có người mang mã «{code}».", "There is nobody with the code “{code}”.")
NO_REASON = Text("Xin ghi lý do xóa.", "Please give the reason for the erasure.")
ERASED_ALREADY = Text("Dữ liệu cá nhân của {code} đã xóa ngày {day}.", "The data of {code} was erased on {day}.")
NOT_ENDED = Text(
    "{code} đang ở bước «{step}», chưa kết thúc. Chỉ xóa trước khi kết thúc khi có đơn yêu cầu: xin ghi số và ngày đơn.",
    "{code} stands at “{step}”, the way has not ended. Before that only on request: give the request's number and date.",
)
STILL_RUNS = Text(
    "{code} còn {count} thời hạn đang chạy. Xin ghi sự kiện kết thúc (rút, chuyển đi, đưa khỏi danh sách …) rồi mới xóa.",
    "{count} limits still run for {code}. Record how the way ended (withdrawn, moved …) first.",
)
MOVED = Text("Có người vừa ghi cho {code}; xin xem lại rồi làm tiếp.", "{code} was moved meanwhile; please look again.")
SEAL_DENIES = Text(
    "Nhật ký của {code} khác với bản niêm phong; xin kiểm tra (ketnap verify) trước khi xóa.",
    "The journal of {code} is not what was sealed; look into that (ketnap verify) before erasing.",
)
PSEUDONYM = "XOA-"
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that look alike


def erase(
    office: Office, code: str, reason: str, *, requested: str | None = None, preview: bool = False
) -> dict[str, Any]:
    """{code, pseudonym, preview, erased: {what: n}, kept, elsewhere: [{where, text, items, until}]}; there is no way back.

    Only once the way has ended, or on a `requested` erasure (number and day of the request) when no limit runs.
    `elsewhere`: what this cannot reach or leaves on purpose, with where it stands and until when. `preview` tells
    without erasing. Refused with the reasons, Unknown for the person, Conflict when somebody moved them meanwhile.
    """
    access.require(office, "erase")
    if not (reason := one_line(reason) or ""):
        raise BadInput(NO_REASON)
    requested = one_line(requested)
    with office.database.reading() as connection:
        held = _find(office, connection, code)
        if against := _against(connection, held, requested, office.lang):
            raise Refused(against, against[0].text, **against[0].values)
        counts = _counts(connection, held)
        values, bands = _stays(office, connection, held)
        left = elsewhere(office, connection, held)
    counts["attributes"] -= len(values)
    result = {
        "code": code,
        "pseudonym": None,
        "preview": preview,
        "erased": counts,
        "kept": {"attributes": len(values) + len(bands)},
        "elsewhere": left,
    }
    if preview:
        return result | {"erased": counts | {"letters": take_out(office, code, held.name, None)}}
    why = f"{reason} ({requested})" if requested else reason
    pseudonym = _erase(office, held, values, bands, why)
    counts["letters"] = take_out(office, code, held.name, pseudonym)
    remember(office, held.candidate_id)
    result["cleared"] = erasure.clear_remains(office.database)
    return result | {"pseudonym": pseudonym}


def list_due(office: Office) -> dict[str, Any]:
    """{months, items: [{code, unit, step, step_label, since, due_on}], restored: [code]}: whose erasure is proposed.

    `months` of config.yaml's retention after the end of their way; None: nobody is. `restored`: people who were erased
    and are there again because a backup was restored: erase them again.
    """
    access.require(office, "erase")
    months = office.settings.retention.erase_after_months
    with office.database.reading() as connection:
        units = office.units(connection)
        until = date.min if months is None else add_months(office.today, -months)
        found = erasure.list_ended(connection, sorted(ENDS), until) if months is not None else []
        restored = erasure.find_restored(connection, remembered(office)) if office.actor.unit is None else []
    items = [
        {
            "code": one.code,
            "unit": units.code(one.unit_id),
            "step": one.step,
            "step_label": STEP_LABELS[one.step].say(office.lang),
            "since": one.since,
            "due_on": add_months(one.since, months or 0) if one.since else None,
        }
        for one in found
        if access.may_see_unit(office, units, one.unit_id)
    ]
    return {"months": months, "items": items, "restored": restored}


def _find(office: Office, connection: Connection, code: str) -> erasure.Held:
    held = erasure.find_held(connection, code)
    seen = access.visible(office, connection)
    if held is None or (seen is not None and held.unit_id not in seen):
        raise Unknown(NO_SUCH_PERSON, code=code)
    return held


def _against(connection: Connection, held: erasure.Held, requested: str | None, lang: str) -> list[Verdict]:
    def verdict(code: str, text: Text, **values: object) -> Verdict:
        return Verdict(code, text, "", OFFICER, None, {"code": held.code, **values}, hard=True)

    if held.erased_at is not None:
        return [verdict("erased_already", ERASED_ALREADY, day=held.erased_at.date())]
    against = []
    if held.step not in ENDS and requested is None:
        against.append(verdict("not_ended", NOT_ENDED, step=STEP_LABELS[held.step]))
    if running := erasure.count_running(connection, held.candidate_id):
        against.append(verdict("still_runs", STILL_RUNS, count=running))
    return against


def _counts(connection: Connection, held: erasure.Held) -> dict[str, int]:
    return {
        "name": int(held.name is not None),
        "birth": int(held.birth is not None),
        "attributes": len(erasure.load_held_attributes(connection, held.person_id)),
        "texts": erasure.count_texts(connection, held.candidate_id),
        "reasons": erasure.count_reasons(connection, held.candidate_id),
    }


Values = list[tuple[int, str | None]]
Bands = list[tuple[str, date, str | None, Any]]


def _stays(office: Office, connection: Connection, held: erasure.Held) -> tuple[Values, Bands]:
    """The attributes that figures ask about, each by its coarsest value, and the bands of age there were."""
    conditions = list(_conditions(office))
    asked = {one.key for one in conditions}
    rows = erasure.load_held_attributes(connection, held.person_id)
    values: Values = [(row.id, coarse(row.key, row.value, conditions)) for row in rows if row.key in asked - {AGE}]
    days = erasure.load_days(connection, held.candidate_id)
    if AGE not in asked or days.first is None:
        return values, []
    ages = [one for one in conditions if one.key == AGE]
    until = held.since if held.step in ENDS and held.since is not None else office.today
    last = max(until, days.last or until)
    believed = [(row.value or None, row.recorded_at) for row in rows if row.key == BIRTH]
    births = [birth for birth, _ in believed] + [held.birth]
    known_from = [days.recorded_at, *(at for _, at in believed)]
    bands = [age_bands(birth, ages, days.first, last) if birth else [] for birth in births]
    edges = sorted({on for one in bands for on, _ in one})
    found: Bands = []
    for one, at in zip(bands, known_from, strict=True):
        for on in edges:  # each belief says all: whatever an earlier one said of a later day is said anew
            begun = [age for since, age in one if since <= on]
            found.append((AGE, on, begun[-1] if begun else None, at))
    return values, found


def _conditions(office: Office) -> Iterator[Condition]:
    """Everything figures ask of people."""
    for indicator in indicators_of(office).values():
        yield from (one for one in indicator.where if ATTRIBUTES[one.key].of == PERSON)
    for breakdown in breakdowns_of(office).values():
        if ATTRIBUTES[breakdown.key].of == PERSON:
            yield from (cell.condition for cell in breakdown.cells if cell.condition is not None)


def _erase(office: Office, held: erasure.Held, values: Values, bands: Bands, reason: str) -> str:
    """All of it in one transaction, with a seal over the chain under its new code; the pseudonym."""
    file = office.database.beside("seals.jsonl")
    with office.database.writing() as connection:
        if erasure.find_held(connection, held.code) != held:
            raise Conflict(MOVED, code=held.code)
        seal_file.complete(connection, file)
        erasure.begin_secure(connection)
        if not erasure.forget_sealed_head(connection, held.candidate_id):
            raise Conflict(SEAL_DENIES, code=held.code)
        pseudonym = _pseudonym(connection)
        erasure.erase_person(connection, held, pseudonym, office.now(), values, bands)
        erase_reasons(connection, [held.candidate_id])
        if seals.load_seals(connection):
            seals.add_seal(connection, office.now())
        record(office, "erase", subject=pseudonym, why=reason, connection=connection)
    with office.database.writing() as connection:
        seal_file.complete(connection, file)
    return pseudonym


def _pseudonym(connection: Connection) -> str:
    while True:
        code = PSEUDONYM + "".join(secrets.choice(LETTERS) for _ in range(8))
        if not erasure.is_taken(connection, code):
            return code
