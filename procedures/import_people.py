"""The sheet ung_vien: who people are, where their way opens, and what changed about them from which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from procedures.cells import UNKNOWN
from procedures.intake import SAME_KEY, Intake
from procedures.sheet_rows import Row
from procedures.workbook import PEOPLE, PERSON_ATTRIBUTES, YES_NO
from states.calendar import SINCE_EVER
from states.events import Event
from states.steps import ENDS, STEP_LABELS
from states.way import PersonFacts
from states.wording import Text
from store.candidates import CandidateRow, load_blank
from store.people import load_attributes
from store.people_writing import (
    Attribute,
    KnownPerson,
    insert_attributes,
    insert_people,
    load_known_people,
    new_id,
    update_people,
)
from store.person_values import BIRTH

STEP = Text("bước", "step")
AN_END = Text(
    "«{step}» là bước kết thúc, không mở sổ ở đó. Xin mở ở bước trước rồi ghi sự kiện kết thúc ở sheet su_kien.",
    "{step!r} is an end; a way does not open there. Open at the step before and record the ending in su_kien.",
)
NOT_BORN = Text("Ngày sinh ở sau ngày làm việc.", "The birth date lies after the business day.")
NOT_A_MOVE = Text(
    "{code} mở sổ ở «{opened}», nay ở «{now}»; đổi cột buoc_hien_tai không làm chuyển bước. "
    "Xin ghi sự kiện ở sheet su_kien, hoặc sửa mốc mở sổ: ketnap correct {code}:1",
    "{code} was opened at {opened!r} and stands at {now!r}; the column buoc_hien_tai moves nobody. Record events in "
    "su_kien, or correct the opening: ketnap correct {code}:1",
)
EARLIER_OPENING = Text(
    "{code} đã mở sổ ngày {opened}; tu_ngay {day} sớm hơn. Xin sửa mốc mở sổ: ketnap correct {code}:1",
    "{code} was opened on {opened}; tu_ngay {day} is earlier. Correct the opening: ketnap correct {code}:1",
)
UNDATED = Text("không rõ ngày", "an unknown day")
NOT_A_TRANSFER = Text(
    "{code} đang ở đơn vị {now}; đổi cột don_vi không chuyển người. Xin ghi sự kiện transfer ở sheet su_kien.",
    "{code} belongs to {now}; the column don_vi moves nobody. Record a transfer in su_kien.",
)
TWO_NAMES = Text(
    "Mã «{code}» đã có ở dòng {row} cho một người khác tên. Mỗi người một mã; xin sửa mã.",
    "The code {code!r} stands in row {row} for somebody of another name. One code a person.",
)
TAKEN = Text(
    "Mã «{code}» đã dùng cho một người ngoài phạm vi của bạn. Xin đặt mã khác.",
    "The code {code!r} belongs to somebody outside your units. Choose another.",
)


@dataclass(slots=True)
class Newcomer:
    """Somebody not known before: who they are and where their way opens."""

    person_id: int
    facts: PersonFacts
    unit_id: int
    opening: Event


@dataclass(slots=True)
class Roll:
    """The people of a file: newcomers by code, those known, and codes of those whose rows are wrong."""

    newcomers: dict[str, Newcomer] = field(default_factory=dict)
    known: Mapping[str, KnownPerson] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)
    blank: Mapping[str, CandidateRow] = field(default_factory=dict)  # newcomers whose code was used by an undone import


def take_people(intake: Intake, more_codes: set[str]) -> Roll:
    """Record people and what changed about them; `more_codes`: people the other sheets name."""
    by_code: dict[str, list[Row]] = {}
    for row in intake.rows(PEOPLE.name):
        if (code := row.get("ma")) is not None:
            by_code.setdefault(code, []).append(row)
    roll = Roll(known=load_known_people(intake.connection, {*by_code, *more_codes}))
    roll.blank = load_blank(intake.connection, [code for code in by_code if code not in roll.known])
    held = load_attributes(intake.connection, [roll.known[code].person_id for code in by_code if code in roll.known])
    people: list[tuple[int, str, str | None]] = []
    renamed: list[tuple[int, str, str | None]] = []
    attributes: list[Attribute] = []
    for code, rows in by_code.items():
        rows = _check(intake, rows)
        unit_id = intake.find_unit(rows[0], "don_vi")
        known = roll.known.get(code)
        if known is not None and not intake.may_see(known.unit_id):
            rows[0].wrong("ma", TAKEN, code=code)
        elif known is None:
            step = _opening_step(intake, rows[0])
            blank = roll.blank.get(code)
            newcomer = _newcomer(rows, unit_id or 0, step, blank.person_id if blank else new_id())
            roll.newcomers[code] = newcomer
            who = (rows[0].get("ho_ten") or "", newcomer.facts.birth)
            (renamed if blank else people).append((newcomer.person_id, *who))
            intake.differ(rows[0], code, "", None, who[0])
            attributes += [Attribute(newcomer.person_id, *one) for one in newcomer.facts.attributes]
            intake.count(PEOPLE.name, created=len(rows))
        else:
            _compare(intake, code, rows[0], known, unit_id)
            who = (rows[0].get("ho_ten") or known.name or "", rows[0].get("ngay_sinh") or known.birth)
            is_renamed = who != (known.name, known.birth)
            if is_renamed:
                renamed.append((known.person_id, *who))
                for column, before, after in zip(("ho_ten", "ngay_sinh"), (known.name, known.birth), who, strict=True):
                    if before != after:
                        intake.differ(rows[0], code, column, before, after)
            any_news = False
            if who[1] != known.birth:  # as known until now: ages in figures can be told again
                attributes.append(Attribute(known.person_id, BIRTH, SINCE_EVER, known.birth or ""))
            for place, row in enumerate(rows):
                news = _changes(intake, row, known, held.get(known.person_id, ()), alone=len(rows) == 1)
                attributes += news
                any_news = any_news or bool(news)
                changed = bool(news) or (place == 0 and is_renamed)
                intake.count(PEOPLE.name, updated=int(changed), unchanged=int(not changed))
            if is_renamed or any_news:
                intake.wrote.changed(known.candidate_id, known.name, known.birth, renamed=is_renamed)
        if not all(row.sound for row in by_code[code]):
            roll.wrong.add(code)
    insert_people(intake.connection, people)
    update_people(intake.connection, renamed)
    insert_attributes(intake.connection, attributes, intake.recorded_at)
    return roll


def _check(intake: Intake, rows: list[Row]) -> list[Row]:
    """One row a person; further rows only tell from which day something about them changed. Gives those that do."""
    first = rows[0]
    days = {first.get("tu_ngay")}
    for row in rows:
        intake.refuse_future(row, "tu_ngay")
        if (row.get("ngay_sinh") or "") > intake.office.today.isoformat():
            row.wrong("ngay_sinh", NOT_BORN)
        if row is first:
            continue
        if row.get("ho_ten") != first.get("ho_ten"):
            row.wrong("ma", TWO_NAMES, code=row.get("ma"), row=first.number)
        elif row.get("tu_ngay") in days or row.get("tu_ngay") is None or row.get("buoc_hien_tai"):
            row.wrong("ma", SAME_KEY, row=first.number, what=row.get("ma"))
        days.add(row.get("tu_ngay"))
    return [row for row in rows if row is first or "ma" not in row.bad]


def _opening_step(intake: Intake, row: Row) -> str:
    step = intake.find_word(row, "buoc_hien_tai", STEP, STEP_LABELS) or "quan_chung"
    if step in ENDS:
        row.wrong("buoc_hien_tai", AN_END, step=STEP_LABELS[step])
    return step


def _newcomer(rows: list[Row], unit_id: int, step: str, person_id: int) -> Newcomer:
    attributes = [(key, SINCE_EVER, value) for key, value in _said(rows[0]).items()]
    current = _said(rows[0])
    for row in sorted(rows[1:], key=lambda r: r.get("tu_ngay") or SINCE_EVER):
        changed = {key: value for key, value in _said(row).items() if current.get(key) != value}
        attributes += [(key, row.get("tu_ngay") or SINCE_EVER, value) for key, value in changed.items()]
        current |= changed
    opening = Event("open_at", rows[0].get("tu_ngay"), data={"step": step})
    return Newcomer(person_id, PersonFacts(rows[0].get("ngay_sinh"), tuple(attributes)), unit_id, opening)


def _said(row: Row) -> dict[str, str]:
    """What a row says: an empty yes/no cell is a no, any other empty cell says nothing."""
    said: dict[str, str] = {}
    for key in PERSON_ATTRIBUTES:
        value = row.get(key)
        if value is None and key in YES_NO and row.says(key):
            value = "0"
        if value not in (None, UNKNOWN):
            said[key] = value
    return said


def _compare(intake: Intake, code: str, row: Row, known: KnownPerson, unit_id: int | None) -> None:
    """A row of somebody known is no move: its step, day and unit are those of the opening or of now."""
    if unit_id is not None and unit_id not in (known.unit_id, known.opened_unit_id):
        row.wrong("don_vi", NOT_A_TRANSFER, code=code, now=intake.units.code(known.unit_id))
    written = row.get("buoc_hien_tai")
    step = intake.find_word(row, "buoc_hien_tai", STEP, STEP_LABELS)
    if step is not None and step not in (known.opened_step, known.step):
        opened, now = STEP_LABELS[known.opened_step], STEP_LABELS[known.step]
        row.wrong("buoc_hien_tai", NOT_A_MOVE, code=code, opened=opened, now=now)
    day = row.get("tu_ngay")
    if day is None or (written and step == known.step and day == known.since):
        return
    if known.opened_on is None and not written:
        return
    if known.opened_on is None or day < known.opened_on:
        row.wrong("tu_ngay", EARLIER_OPENING, code=code, opened=known.opened_on or UNDATED, day=day)


def _changes(
    intake: Intake,
    row: Row,
    known: KnownPerson,
    held: tuple[tuple[str, date, str | None], ...],
    *,
    alone: bool,
) -> list[Attribute]:
    """What the row says that is not known yet, from the row's day or the business day on."""
    versions: dict[str, dict[date, str | None]] = {}
    for key, from_on, value in held:
        versions.setdefault(key, {})[from_on] = value
    day = row.get("tu_ngay")
    is_first = day is None or day == known.opened_on
    latest = max((from_on for _, from_on, _ in held), default=SINCE_EVER)
    news: list[Attribute] = []
    for key, value in _said(row).items():
        dated = versions.get(key, {})
        if alone:
            now = dated[max(dated)] if dated else None
            start = max(intake.office.today, latest)
            if day is not None and day > max(latest, known.opened_on or SINCE_EVER):
                start = day
        else:
            start = SINCE_EVER if is_first or day is None else day
            begun = [one for one in dated if one <= start]
            now = dated[max(begun)] if begun else None
        if now != value:
            news.append(Attribute(known.person_id, key, start, value))
            intake.differ(row, row.get("ma"), key, now, value)
    return news
