"""Close a period: what a unit reported is prepared, accepted above and frozen; nothing recorded later moves it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procedures import access, printing
from procedures.behind import look_behind
from procedures.closings import BEHIND, Closed, frozen_report, standing, versions
from procedures.figures import Figures
from procedures.frozen import freeze
from procedures.report import report
from states import closing
from states.closing import ACCEPTED, PREPARED, REOPENED
from states.errors import BadInput
from states.events import one_line
from states.periods import Period, parse_period
from states.wording import Text
from store import closings as acts
from store.closings import Act

if TYPE_CHECKING:
    from procedures.office import Office
    from store.base import Connection

LANGUAGES = ("vi", "en")
FORM = 1  # of what an act freezes
FILES = {"xlsx": printing.write_book, "docx": printing.write_document}
NOT_OVER = Text(
    "Kỳ {period} đến hết ngày {last} mới kết thúc; ngày làm việc là {today} nên chưa chốt được.",
    "{period} ends on {last}; the business day is {today}, so it cannot be closed yet.",
)
EARLIER_OPEN = Text(
    "Kỳ {earlier} của {unit} chưa chốt. Xin chốt kỳ trước rồi mới chốt kỳ {period}: "
    "ketnap close --unit {unit} --period {earlier}",
    "{earlier} of {unit} is still open. Close it before {period}: ketnap close --unit {unit} --period {earlier}",
)
GOES_BACK = Text(
    "Kỳ {period} của {unit} đã được ghi ngày {last}, sau ngày làm việc {today}; không chốt, mở lại lùi ngày được.",
    "{period} of {unit} was acted on on {last}, after the business day {today}; acts cannot be dated back.",
)
ONE_OF = Text(
    "Chỉ dùng một trong ba: --prepare, --accept, --reopen.", "Use only one of --prepare, --accept and --reopen."
)
REASON_ALONE = Text("--reason chỉ dùng với --reopen.", "--reason goes with --reopen only.")
SIGNER_ALONE = Text("--signer chỉ dùng khi chốt hoặc duyệt.", "--signer goes with closing or accepting only.")


def close_period(
    office: Office,
    unit: str,
    period: str,
    *,
    prepare: bool = False,
    accept: bool = False,
    reopen: bool = False,
    reason: str | None = None,
    signer: str | None = None,
) -> dict[str, Any]:
    """Prepare and accept in one go, or only the step asked for: {unit, period, version, state, signer, closed_on, hash}.

    All or nothing. BadInput while the period runs, while an earlier one is open, before the day of the act before, for
    a step that its state does not allow and for a reopening without a reason; Unknown for the unit.
    """
    access.require(office, "close_period")
    if prepare + accept + reopen > 1:
        raise BadInput(ONE_OF)
    reason, signer = one_line(reason), one_line(signer)
    if reason and not reopen:
        raise BadInput(REASON_ALONE)
    if signer and (prepare or reopen):
        raise BadInput(SIGNER_ALONE)
    asked = parse_period(period, office.terms)
    steps = ["reopen"] if reopen else ["prepare"] * (not accept) + ["accept"] * (not prepare)
    with office.database.writing() as connection:
        acts.hold_still(connection)
        desk = _Desk(office, connection, unit, asked)
        desk.refuse_going_back()
        if not reopen:
            desk.refuse_before_its_end()
        for step in steps:
            closing.move(desk.now(reason), step, unit=unit, period=asked.code)
            if step == "prepare":
                desk.prepare()
            elif step == "accept":
                desk.accept(signer)
            else:
                desk.act(REOPENED, desk.now().version, reason=reason)
        return desk.told()


class _Desk:
    """One unit's period inside the transaction that closes it."""

    def __init__(self, office: Office, connection: Connection, unit: str, period: Period) -> None:
        self.office, self.connection, self.unit, self.period = office, connection, unit, period
        self.unit_id = access.get_unit_id(office, connection, unit)
        self.known = acts.load_acts(connection, unit_id=self.unit_id, period=period.code)
        self.at = office.now()

    def now(self, reason: str | None = None) -> closing.Standing:
        """Where the period stands."""
        found = standing(self.known)
        found.reason = reason
        return found

    def refuse_before_its_end(self) -> None:
        if self.office.today < self.period.last:
            raise BadInput(
                NOT_OVER, period=self.period.code, last=self.period.last, today=self.office.today, unit=self.unit
            )

    def refuse_going_back(self) -> None:
        """BadInput before the day of the act before: a signature is never older than what it signs."""
        if self.known and self.office.today < self.known[-1].on:
            raise BadInput(
                GOES_BACK, period=self.period.code, unit=self.unit, last=self.known[-1].on, today=self.office.today
            )

    def refuse_earlier_open(self, figures: Figures) -> None:
        """BadInput that names the oldest period of this kind that has to be closed first."""
        of_unit: dict[str, list[Act]] = {}
        for act in acts.load_acts(self.connection, unit_id=self.unit_id):
            of_unit.setdefault(act.period, []).append(act)
        closed = {code for code, known in of_unit.items() if standing(known).state == ACCEPTED}
        reopened = {code for code, known in of_unit.items() if versions(known)} - closed
        for earlier in closing.earlier_periods(self.period, closed, reopened, self.office.terms):
            if earlier.surely or self._has_figures(figures, earlier.period):
                raise BadInput(EARLIER_OPEN, earlier=earlier.period.code, period=self.period.code, unit=self.unit)

    def _has_figures(self, figures: Figures, period: Period) -> bool:
        """Whether anything was done or reported in it; a stock measured on its last day is always there."""
        return any(
            of_units.get(self.unit_id)
            for name, of_units in figures.of(period).subtree.items()
            if not figures.indicators[name].is_measured
        )

    def prepare(self) -> None:
        """Freeze the report as it is now, in both languages, with what stands behind its figures."""
        office, before = self.office, self.now()
        figures = Figures(office, self.connection, office.today)
        packed = look_behind(self.connection, figures, self.period, self.unit_id).pack()
        content = {
            "form": FORM,
            "report": {
                lang: freeze(report(replace(office, lang=lang), self.unit, self.period.code), lang)
                for lang in LANGUAGES
            },
            "as_of": office.today.isoformat(),
            "known_at": self.at.isoformat(),
            "structure_on": min(self.period.last, office.today).isoformat(),
            "period": [self.period.first.isoformat(), self.period.last.isoformat()],
            "printed_with": {
                "percent": office.settings.percent.model_dump(mode="json"),
                "indicators": {
                    name: one.model_dump(mode="json", exclude_none=True)
                    for name, one in office.settings.indicators.items()
                },
            },
            "files": {BEHIND: acts.digest(packed)},
        }
        version = before.version + (before.state != PREPARED)
        self.act(PREPARED, version, content=content, files={BEHIND: packed})

    def accept(self, signer: str | None) -> None:
        """Sign what was prepared and issue it: texts in both languages, files in the office's."""
        self.refuse_earlier_open(Figures(self.office, self.connection, self.office.today))
        prepared = self.known[-1]
        told = Closed(prepared, prepared._replace(on=self.office.today, signer=signer))
        content: dict[str, Any] = {"form": FORM, "txt": {}, "md": {}}
        for lang in LANGUAGES:
            office, result = replace(self.office, lang=lang), frozen_report(self.connection, told, lang)
            content["txt"][lang] = printing.print_text(office, result)
            content["md"][lang] = printing.print_markdown(office, result)
        files = _draw(self.office, frozen_report(self.connection, told, self.office.lang))
        content["files"] = {kind: acts.digest(drawn) for kind, drawn in files.items()}
        self.act(ACCEPTED, prepared.version, content=content, files=files, signer=signer)

    def act(
        self,
        event: str,
        version: int,
        *,
        content: dict[str, Any] | None = None,
        files: dict[str, bytes] | None = None,
        signer: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Append one act to the chain of this unit's period."""
        last = self.known[-1] if self.known else None
        previous = last.hash if last else closing.genesis(self.unit_id, self.period.code)
        act: dict[str, Any] = {
            "unit_id": self.unit_id,
            "period": self.period.code,
            "sequence": last.sequence + 1 if last else 1,
            "version": version,
            "event": event,
            "on": self.office.today,
            "recorded_at": self.at,
            "recorded_by": self.office.user,
            "signer": signer,
            "reason": reason,
            "content": content,
            "previous_hash": previous,
        }
        act["hash"] = closing.act_hash(previous, act)
        acts.insert_act(self.connection, act, files or {})
        self.known = acts.load_acts(self.connection, unit_id=self.unit_id, period=self.period.code)

    def told(self) -> dict[str, Any]:
        """What is answered of the last act."""
        last = self.known[-1]
        prepared = next(act for act in reversed(self.known) if act.event == PREPARED)
        return {
            "unit": self.unit,
            "period": self.period.code,
            "version": last.version,
            "state": last.event,
            "signer": last.signer,
            "closed_on": last.on if last.event == ACCEPTED else None,
            "hash": prepared.hash,
            "reason": last.reason,
        }


def _draw(office: Office, result: dict[str, Any]) -> dict[str, bytes]:
    """The workbook and the document of a report, as bytes."""
    drawn: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, write in FILES.items():
            path = Path(folder) / f"report.{kind}"
            write(office, result, path)
            drawn[kind] = path.read_bytes()
    return drawn
