"""One meeting, one class, one decision for many: what is asked once, what is asked of each, and what becomes of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from procedures.access import require
from procedures.advance import AdvanceRow, advance_many
from procedures.office import Office
from procedures.step_form import DATE, DAY, NUMBER, FormField, StepForm, step_form
from states.errors import BadInput, KetnapError
from states.events import FIELDS
from states.membership import PROCESS, Row
from states.wording import Text

MOST = 2_000  # people of one form: some thousands of cells, written in one transaction
ALREADY = "already"
# Told of one person at a time: each rests on a case of its own.
ALONE = ("extend", "propose_removal", "remove", "expel", "restore", "cancel_admission", "withdraw", "die")

NOT_FOR_MANY = Text(
    "«{label}» ghi cho từng người ở trang hồ sơ của người ấy.", "“{label}” is recorded on each person's own page."
)
TOO_MANY = Text(
    "Một lần ghi nhiều nhất {most} người; đang chọn {count}. Xin chia thành nhiều lần.",
    "At most {most} people at a time; {count} are chosen. Please do it in parts.",
)
NOBODY = Text("Chưa chọn người nào.", "Nobody is chosen.")


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of work for many: its triggers with their words."""

    name: str
    label: str
    help: str
    triggers: tuple[tuple[str, str], ...]


CLASS = (
    Text("Kết quả lớp học", "Class results"),
    Text(
        "Mỗi người một giấy chứng nhận; cùng nơi cấp, cùng ngày trừ ai có ngày riêng trong bảng dán.",
        "A certificate each; one issuer, one day but for those whose own stands in what is pasted.",
    ),
)
VOTES = (
    Text("Biểu quyết của một cuộc họp", "Votes of one meeting"),
    Text("Một cuộc họp, một nghị quyết; số phiếu của từng người.", "One meeting, one resolution; each one's votes."),
)
DECISION = (
    Text("Một quyết định cho nhiều người", "One decision for many"),
    Text("Một văn bản, nhiều người: cử đi học, kết nạp, công nhận, đưa vào danh sách …", "One document, many people."),
)


def jobs(lang: str) -> tuple[Job, ...]:
    """The three kinds of work, with the triggers of the process that can be told of many at once."""
    kinds: dict[str, list[tuple[str, str]]] = {"class": [], "votes": [], "decision": []}
    for row in PROCESS.values():
        if not row.automatic and row.trigger not in ALONE:
            kinds[_kind(row)].append((row.trigger, row.label.say(lang)))
    words = {"class": CLASS, "votes": VOTES, "decision": DECISION}
    return tuple(
        Job(name, words[name][0].say(lang), words[name][1].say(lang), tuple(triggers))
        for name, triggers in kinds.items()
    )


def _kind(row: Row) -> str:
    if _certifies(row):
        return "class"
    return "votes" if "summoned" in row.records and "outcome" not in row.records else "decision"


def _certifies(row: Row) -> bool:
    return "issuer" in row.records


def get_row(trigger: str) -> Row:
    """The trigger's row of the process; BadInput where it cannot be told of many."""
    row = PROCESS.get(trigger)
    if row is None or row.automatic or row.trigger in ALONE:
        raise BadInput(NOT_FOR_MANY, label=row.label if row else trigger)
    return row


@dataclass(frozen=True, slots=True)
class ManyForm:
    """What is asked once (`common`), and of each person (`own`, whose empty cells take what is said in common)."""

    whole: StepForm
    common: StepForm
    own: tuple[FormField, ...]

    def shown(self, people: Iterable[Mapping[str, str]]) -> tuple[FormField, ...]:
        """The own fields that need a cell each: a day only where somebody's own is told."""
        told = {name for own in people for name, value in own.items() if value}
        return tuple(one for one in self.own if one.name not in (DAY, DATE) or one.name in told)


def many_form(office: Office, trigger: str) -> ManyForm:
    """The form of a trigger for many people."""
    require(office, "act_for_many")
    row = get_row(trigger)
    whole = step_form(office, trigger)
    own_names = {name for name in row.records if _is_own(FIELDS[name].kind, name)}
    only_own = {"in_favour"} & own_names
    if _certifies(row):
        own_names |= {DAY, NUMBER, DATE}
        only_own |= {NUMBER}
    own = tuple(one for one in whole.fields if one.name in own_names)
    common = tuple(
        replace(one, required=one.required and one.name not in own_names)
        for one in whole.fields
        if one.name not in only_own
    )
    return ManyForm(whole, replace(whole, fields=common), own)


def check_count(people: Collection[str]) -> None:
    """BadInput where these are more people than are written at once."""
    if len(people) > MOST:
        raise BadInput(TOO_MANY, most=MOST, count=len(people))


def _is_own(kind: str, name: str) -> bool:
    return kind in ("count", "outcome", "names") or name in ("helper", "nominator", "consent", "shared_since")


@dataclass
class Judged:
    """What becomes of each: `lawful` codes with the step they come to, `already` written before, `refused` with verdicts.

    `wrong`: code -> field -> what cannot be read. `committed` is empty in a dry run.
    """

    lawful: dict[str, str] = field(default_factory=dict)
    already: list[str] = field(default_factory=list)
    refused: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    wrong: dict[str, dict[str, str]] = field(default_factory=dict)
    committed: list[str] = field(default_factory=list)


def act_for_many(
    office: Office, trigger: str, common: Mapping[str, str], people: Mapping[str, Mapping[str, str]], *,
    dry_run: bool = False,
) -> Judged:  # fmt: skip
    """Judge one event for each of these people (code -> own cells) and write the lawful ones in one transaction.

    BadInput where what is said in common cannot be read (`fields` in its details), nobody is chosen or too many are.
    Doing the same twice writes nothing twice: who stands written is told in `already`.
    """
    form = many_form(office, trigger)
    if not people:
        raise BadInput(NOBODY)
    check_count(people)
    form.common.read(common, office.lang)
    judged = Judged()
    rows: list[AdvanceRow] = []
    own_names = {one.name for one in form.own}
    for code, own in people.items():
        typed = {**common, **{name: value for name, value in own.items() if name in own_names and value.strip()}}
        try:
            told = form.whole.read(typed, office.lang)
            row = AdvanceRow(code, trigger, told.pop("on"), **told)
            row.event()
        except KetnapError as error:
            judged.wrong[code] = error.details.get("fields") or {"": error.say(office.lang)}
            continue
        rows.append(row)
    result = advance_many(office, rows, dry_run=dry_run)
    judged.lawful = result["steps"]
    judged.committed = [] if dry_run else result["committed"]
    for one in result["refused"]:
        if [verdict["code"] for verdict in one["verdicts"]] == [ALREADY]:
            judged.already.append(one["code"])
        else:
            judged.refused[one["code"]] = one["verdicts"]
    return judged
