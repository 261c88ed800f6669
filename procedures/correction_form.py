"""The form that corrects one entry: what it says now, and what was changed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from procedures import access
from procedures.advance import NO_SUCH_PERSON
from procedures.correct import entry_id, stands_for
from procedures.gate import Gate
from procedures.office import Office
from procedures.step_form import (
    DATE,
    DAY,
    HAPPENED,
    IRREGULAR,
    NOTE,
    NUMBER,
    SEE_FIELDS,
    Choice,
    FormField,
    StepForm,
    step_form,
)
from states.calendar import parse_day
from states.errors import BadInput, Unknown
from states.events import ALL_DOCUMENTS, FIELDS, LONGEST, TOO_LONG, Event
from states.membership import OPEN_LABEL, label_of
from states.steps import GOING, STEP_LABELS
from states.wording import Text, said

STEP = "step"
NO_DAY = Text("Xin điền ngày.", "Please fill in the day.")
OPENED_AT = Text("Bước lúc mở sổ", "Step at the opening")
KEPT = Text("Để trống: ghi chú đang có được giữ nguyên.", "Empty: the note that stands is kept.")


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """An entry that stands with its form, filled with what it says. `version`: of the person as it was read."""

    code: str
    entry: str
    label: str
    on: date | None
    version: int
    form: StepForm
    can_void: bool

    def changes(self, typed: Mapping[str, str], lang: str = "vi") -> dict[str, Any]:
        """What was changed, as `correct` takes it: an empty value takes a thing away. BadInput carries `fields`."""
        found: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for field in self.form.fields:
            value = typed.get(field.name, "").strip()
            if value == field.value.strip() or (field.name == NOTE and not value):
                continue
            try:
                if field.kind == "codes" and ALL_DOCUMENTS in value.split(","):
                    value = ALL_DOCUMENTS
                    if value in field.chosen:
                        continue
                if field.name == DAY and not value:
                    raise BadInput(NO_DAY)
                if len(value) > LONGEST:
                    raise BadInput(TOO_LONG, length=len(value), longest=LONGEST)
                if field.name in (DAY, DATE) and value:
                    if field.value and parse_day(value) == parse_day(field.value):
                        continue
                    value = parse_day(value).isoformat()
                found[field.name] = value
            except BadInput as error:
                wrong[field.name] = error.say(lang)
        if wrong:
            raise BadInput(SEE_FIELDS, details={"fields": wrong})
        return found


def correction_form(office: Office, entry: str) -> CorrectionForm:
    """The form of an entry, or of what it was corrected to; Unknown, BadInput as `correct` has them."""
    access.require(office, "correct")
    code, sequence = entry_id(entry)
    gate = Gate(office)
    with office.database.reading() as connection:
        loaded = gate.load(connection, [code]).get(code)
        if loaded is None:
            raise Unknown(NO_SUCH_PERSON, code=code)
        units = gate.units(connection)
    live = stands_for(loaded, entry, sequence)
    old = loaded.event(live.entry)
    lang = office.lang
    if old.trigger == "open_at":
        steps = tuple(Choice(step, STEP_LABELS[step].say(lang)) for step in GOING)
        day = FormField(DAY, HAPPENED.say(lang), "day", required=True, value=_day(old.on, lang))
        at = FormField(STEP, OPENED_AT.say(lang), "choice", True, choices=steps, value=str(old.data.get("step", "")))
        form = StepForm(old.trigger, OPEN_LABEL.say(lang), "", (day, at))
    else:
        form = step_form(office, old.trigger, units=units, irregular=old.irregular is not None)
        form = form.filled(_values(old, units.code, lang))
        if old.note or old.data.get("note"):
            kept = tuple(replace(one, help=KEPT.say(lang)) if one.name == NOTE else one for one in form.fields)
            form = replace(form, fields=kept)
    standing = loaded.entry_id(live.entry.sequence)
    label = label_of(old.trigger)
    return CorrectionForm(code, standing, label.say(lang), old.on, loaded.version, form, old.trigger != "open_at")


def _values(old: Event, code_of: Any, lang: str) -> dict[str, str]:
    """What the entry says, as somebody would have typed it; a note is not shown, it may be sensitive."""
    values = {
        DAY: _day(old.on, lang), NUMBER: old.document_number or "", DATE: _day(old.document_date, lang),
        IRREGULAR: old.irregular or "",
    }  # fmt: skip
    for name, value in old.data.items():
        if isinstance(value, list):
            values[name] = ",".join(value)
        elif name == "to_unit":
            values[name] = code_of(value) if isinstance(value, int) else str(value)
        elif name == "shared_since":
            values[name] = _day(date.fromisoformat(value), lang)
        elif name in FIELDS and FIELDS[name].kind not in ("words", "names"):
            values[name] = str(value)
    return values | dict(old.private)


def _day(day: date | None, lang: str) -> str:
    return str(said(day, lang)) if day is not None else ""
