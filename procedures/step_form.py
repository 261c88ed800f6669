"""A form that asks exactly what a trigger records: pure data for whoever draws it, and the reading of what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from procedures import access
from procedures.office import Office
from states import guards as g
from states.calendar import parse_day
from states.clocks import DECISION_CLOCKS
from states.errors import BadInput
from states.events import ALL_DOCUMENTS, BODIES, CAUSES, FIELDS, LONGEST, OUTCOMES, TOO_LONG, read_data, tidy
from states.membership import PROCESS, Row
from states.wording import Text, said
from store.units import Units

DAY, NUMBER, DATE, NOTE, IRREGULAR = "on", "document_number", "document_date", "note", "irregular"
MOST_UNITS = 400  # more units than that are no pick list: their code is typed

NO_SUCH_TRIGGER = Text("Không có việc «{trigger}».", "There is no trigger “{trigger}”.")
FILL_IN = Text("Xin điền {field}.", "Please fill in: {field}.")
SEE_FIELDS = Text("Xin xem lại các ô được đánh dấu.", "Please look at the marked fields.")

# What a guard asks a form for; where its verdict is hard the step cannot be recorded without it.
ASKED: Mapping[Callable[..., Any], tuple[tuple[str, ...], bool]] = {
    g.votes_counted: (("summoned", "in_favour"), True),
    g.outcome_said: (("outcome",), True),
    g.body_named: (("body",), True),
    g.cause_named: (("cause",), True),
    g.unit_named: (("to_unit",), True),
    g.helper_named: (("helper",), False),
    g.document_named: ((NUMBER,), False),
    g.reason_given: ((NOTE,), False),
    g.documents_complete: (("documents",), False),
    g.papers_redone: (("documents",), False),
}

CERTIFICATE = (Text("Số giấy chứng nhận", "Certificate number"), Text("Ngày cấp", "Date of issue"))
DECISION = (Text("Số quyết định", "Decision number"), Text("Ngày ký quyết định", "Date signed"))
RESOLUTION = (Text("Số nghị quyết, biên bản", "Resolution or minutes number"), Text("Ngày văn bản", "Document date"))
PERMISSION = (Text("Số văn bản cho lập hồ sơ", "Number of the permission"), Text("Ngày văn bản", "Document date"))
ANY = (Text("Số văn bản", "Document number"), Text("Ngày văn bản", "Document date"))
DOCUMENTS: Mapping[str, tuple[Text, Text]] = {
    "certify_class": CERTIFICATE, "retake_class": CERTIFICATE, "certify_new_member": CERTIFICATE,
    "open_file": PERMISSION, "decide": DECISION, "receive_decision": DECISION, "decide_recognition": DECISION,
    "remove": DECISION, "expel": DECISION, "restore": DECISION, "cancel_admission": DECISION,
}  # fmt: skip
DAYS: Mapping[str, Text] = {
    "hold_ceremony": Text("Ngày làm lễ", "Day of the ceremony"),
    "receive_decision": Text("Ngày nhận quyết định", "Day of receipt"),
    "complete_file": Text("Ngày hoàn thành hồ sơ", "Day the file was complete"),
    "die": Text("Ngày mất", "Day of death"),
}
MEETING = Text("Ngày họp", "Day of the meeting")
HAPPENED = Text("Ngày", "Day")
HELP: Mapping[str, Text] = {
    DATE: Text("Để trống nếu cùng ngày với việc này.", "Leave empty if it is the same day."),
    "consent": Text(
        "Số, ngày văn bản; chỉ điền khi quy định đòi hỏi (quá tuổi, chưa đủ học vấn, tổ chức lễ muộn).",
        "Number and date; only where a rule asks for it (age, education, late ceremony).",
    ),
    "introducers": Text("Mỗi người cách nhau bằng dấu chấm phẩy.", "Separated by semicolons."),
    "shared_since": Text(
        "Ngày bắt đầu cùng công tác, sinh hoạt với người được giới thiệu.", "Since when they have worked together."
    ),
    "days": Text(
        "Số ngày làm việc gia hạn; để trống = mức cao nhất được phép.", "Working days; empty = the most allowed."
    ),
}
VOTES_WHEN = Text(
    "Chỉ điền khi cấp ủy biểu quyết để quyết định (bắt buộc khi được ủy quyền).",
    "Only where the deciding committee voted (needed where power is delegated).",
)
REASON = Text("Lý do", "Reason")
REMARK = Text("Ghi chú", "Note")
AGAINST_RULE = Text("Lý do ghi ngoài quy định", "Why it is recorded against a rule")
AGAINST_HELP = Text(
    "Chỉ điền khi việc đã thực sự diễn ra như vậy; các điểm trái quy định được lưu và liệt kê.",
    "Only when it really happened so; what was against the rule is kept and listed.",
)
EVERYTHING = Text("Đủ tất cả theo quy định", "All the case requires")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a pick list or one checkbox; `depth` sets a unit in under the one above."""

    value: str
    label: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class FormField:
    """One thing the form asks. `kind`: day, line, names, count, choice, codes, unit, clock, note.

    `required`: without it nobody knows where the step leads. `wanted`: a rule asks for it, yet it may have gone otherwise.
    A field of codes is posted as one name per code (`part`), everything else under its name.
    """

    name: str
    label: str
    kind: str
    required: bool = False
    wanted: bool = False
    choices: tuple[Choice, ...] = ()
    help: str = ""
    value: str = ""
    error: str = ""

    def part(self, code: str) -> str:
        """The posted name of one code's checkbox."""
        return f"{self.name}.{code}"

    @property
    def chosen(self) -> list[str]:
        """The codes that are ticked."""
        return self.value.split(",") if self.value else []

    @property
    def longest(self) -> int:
        """Most characters that are taken."""
        return LONGEST


@dataclass(frozen=True, slots=True)
class StepForm:
    """The form of one trigger."""

    trigger: str
    label: str
    who: str
    fields: tuple[FormField, ...]

    def field(self, name: str) -> FormField | None:
        """The field of that name."""
        return next((one for one in self.fields if one.name == name), None)

    def typed(self, posted: Mapping[str, str]) -> dict[str, str]:
        """What was typed, by field; ticked codes as one text."""
        found = {}
        for field in self.fields:
            if field.kind == "codes":
                found[field.name] = ",".join(one.value for one in field.choices if posted.get(field.part(one.value)))
            else:
                found[field.name] = posted.get(field.name, "").strip()
        return found

    def filled(self, values: Mapping[str, str], errors: Mapping[str, str] | None = None) -> StepForm:
        """The same form with values in it and what is wrong with them."""
        errors = errors or {}
        fields = (
            replace(one, value=values.get(one.name, one.value), error=errors.get(one.name, "")) for one in self.fields
        )
        return replace(self, fields=tuple(fields))

    def read(self, typed: Mapping[str, str], lang: str = "vi") -> dict[str, Any]:
        """What `advance` takes (on, document_number, document_date, data, note, irregular) out of what was typed.

        BadInput carries `fields` in its details: what is wrong, by field.
        """
        told: dict[str, Any] = {"data": {}}
        wrong: dict[str, str] = {}
        for field in self.fields:
            value = typed.get(field.name, "").strip()
            try:
                if not value and field.required:
                    raise BadInput(FILL_IN, field=field.label.lower())
                if len(value) > LONGEST:
                    raise BadInput(TOO_LONG, length=len(value), longest=LONGEST)
                if field.name in (DAY, DATE):
                    told[field.name] = parse_day(value) if value else None
                elif field.name in (NUMBER, NOTE, IRREGULAR):
                    told[field.name] = tidy(value)
                elif value:
                    if field.kind == "codes" and ALL_DOCUMENTS in value.split(","):
                        value = ALL_DOCUMENTS
                    read_data(self.trigger, PROCESS[self.trigger].records, {field.name: value})
                    told["data"][field.name] = value
            except BadInput as error:
                wrong[field.name] = error.say(lang)
        if not wrong and "in_favour" in told["data"]:
            try:
                read_data(self.trigger, PROCESS[self.trigger].records, told["data"])
            except BadInput as error:
                wrong["in_favour"] = error.say(lang)
        if wrong:
            raise BadInput(SEE_FIELDS, details={"fields": wrong})
        return told


def step_form(
    office: Office, trigger: str, *, units: Units | None = None, irregular: bool = False, unit: str | None = None
) -> StepForm:
    """The form of a trigger with today's day in it; BadInput for one that does not exist or that the engine writes.

    `units`: the tree (read where a unit is asked and it is not given). `irregular`: offer the reason why something was
    done against a rule. `unit`: the person's own, which is no choice for a transfer.
    """
    row = PROCESS.get(trigger)
    if row is None or row.automatic:
        raise BadInput(NO_SUCH_TRIGGER, trigger=trigger)
    lang = office.lang
    required, wanted = _asked(row)
    number, dated = _document(row)
    meeting = "summoned" in required
    day = DAYS.get(trigger) or (MEETING if meeting else HAPPENED)
    fields = [FormField(DAY, day.say(lang), "day", required=True, value=str(said(office.today, lang)))]
    for name in row.records:
        fields.append(_recorded(office, row, name, name in required, name in wanted, units, unit))
    fields += [
        FormField(NUMBER, number.say(lang), "line", wanted=NUMBER in wanted),
        FormField(DATE, dated.say(lang), "day", help=HELP[DATE].say(lang)),
        FormField(NOTE, (REASON if NOTE in wanted else REMARK).say(lang), "note", wanted=NOTE in wanted),
    ]
    if irregular:
        fields.append(FormField(IRREGULAR, AGAINST_RULE.say(lang), "note", help=AGAINST_HELP.say(lang)))
    return StepForm(trigger, row.label.say(lang), row.who.say(lang), tuple(fields))


def every_trigger(lang: str) -> tuple[Choice, ...]:
    """Everything an officer can record, in the order of the process."""
    return tuple(Choice(row.trigger, row.label.say(lang)) for row in PROCESS.values() if not row.automatic)


def _asked(row: Row) -> tuple[set[str], set[str]]:
    """What the trigger cannot do without, and what a rule asks it for."""
    required: set[str] = set()
    wanted: set[str] = set()
    for guard in row.asks:
        names, hard = ASKED.get(guard, ((), False))
        (required if hard else wanted).update(names)
    return required, wanted


def _document(row: Row) -> tuple[Text, Text]:
    if row.trigger in DOCUMENTS:
        return DOCUMENTS[row.trigger]
    return RESOLUTION if "summoned" in row.records else ANY


def _recorded(
    office: Office, row: Row, name: str, required: bool, wanted: bool, units: Units | None, unit: str | None
) -> FormField:
    field, lang = FIELDS[name], office.lang
    label = field.label.say(lang)
    label = label[:1].upper() + label[1:]
    kind = {"words": "line", "outcome": "choice", "cause": "choice", "body": "choice"}.get(field.kind, field.kind)
    told = HELP.get(name)
    if name in ("summoned", "in_favour") and not required:
        told = VOTES_WHEN
    choices: Iterable[Choice] = ()
    if field.kind in ("outcome", "cause", "body"):
        words = {"outcome": OUTCOMES, "cause": CAUSES, "body": BODIES}[field.kind]
        choices = (Choice(code, text.say(lang)) for code, text in words.items())
    elif field.kind == "codes":
        every = Choice(ALL_DOCUMENTS, EVERYTHING.say(lang))
        law = office.law
        choices = (every, *(Choice(c, f"{c} · {law.document_label(c).say(lang)}") for c in law.document_codes()))
    elif field.kind == "clock":
        choices = (Choice(key, office.law.label(key).say(lang)) for key in DECISION_CLOCKS)
    elif field.kind == "unit":
        choices = unit_choices(office, units, office.today, unit)
    found = tuple(choices)
    if kind == "unit" and not found:
        kind = "line"
    return FormField(name, label, kind, required, wanted, found, told.say(lang) if told else "")


def unit_choices(office: Office, units: Units | None, on: date, without: str | None = None) -> tuple[Choice, ...]:
    """The units the actor may choose on a day, each under the one above; none where there are too many for a list."""
    if units is None:
        with office.database.reading() as connection:
            units = office.units(connection)
    seen = access.visible_units(office, units)
    if len(units if seen is None else seen) > MOST_UNITS:
        return ()
    found: list[Choice] = []

    def below(unit_id: int, depth: int) -> None:
        code = units.code(unit_id)
        if code != without:
            found.append(Choice(code, f"{units.name(unit_id, on)} ({code})", depth))
        for child in units.children(unit_id, on):
            below(child, depth + 1)

    own = office.actor.unit
    if own is None:
        for root in units.roots(on):
            below(root, 0)
    elif own in units.by_code and units.exists(units.by_code[own], on):
        below(units.by_code[own], 0)
    return tuple(found)
