"""Import a workbook: everything is read and judged first, every mistake listed; then all of it is written, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procedures.access import require, visible
from procedures.access_log import record
from procedures.differences import Differences
from procedures.headings import Headings
from procedures.import_events import gather, read_events, take_events
from procedures.import_figures import double_sources, refuse_double_sources, take_figures, take_targets
from procedures.import_people import take_people
from procedures.import_recipients import take_recipients
from procedures.import_record import Written
from procedures.import_units import take_units
from procedures.intake import Intake
from procedures.sheet_rows import Issues, read_workbook
from procedures.workbook import EVENTS
from states.errors import BadInput
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office

Progress = Callable[[int, int], None]

NOTHING_WRITTEN = Text(
    "Tệp {path} có {count} chỗ cần sửa; chưa ghi gì vào sổ.",
    "The file {path} has {count} mistakes; nothing was written.",
)


class _DryRun(Exception):
    """Everything was judged; take it back."""


def import_workbook(
    office: Office, path: Path | str, *, dry_run: bool = False, progress: Progress | None = None,
    mapping: Headings | None = None, differences: Differences | None = None, name: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """{import, created: {sheet: n}, updated: {sheet: n}, unchanged: n, errors: []}; BadInput carries `errors` in its details.

    `import` is the number under which all of it can be taken back (undo_import). `progress(done, total)` is called with
    rows. A dry run judges everything, writes nothing and fills `differences`. `mapping`: what the file's own sheets and
    headings mean. `name`: what the file is called, where it lies under another name. An account imports within its units.
    """
    require(office, "import")
    path = Path(path)
    issues = Issues()
    try:
        tables = read_workbook(path, issues, mapping=mapping)
    except BadInput as failure:  # not even a workbook
        failure.values["path"] = name or path
        failure.details |= _nothing(
            [{"sheet": None, "row": None, "column": None, "cell": None, "message": failure.say(office.lang)}]
        )
        raise
    total = sum(len(table.rows) for table in tables.values())
    report = progress or (lambda done, total: None)
    report(0, total)
    intake: Intake | None = None
    number: int | None = None
    try:
        with office.database.writing() as connection:
            seen = visible(office, connection)
            wrote = Written.begin(connection)
            intake = Intake(
                office, connection, tables, issues, office.now(), wrote=wrote, seen=seen, differences=differences
            )
            _take(intake, lambda done: report(done, total))
            if issues:
                errors = issues.listed(office.lang)
                raise BadInput(NOTHING_WRITTEN, details=_nothing(errors), path=name or path.name, count=len(errors))
            if dry_run:
                raise _DryRun
            number = wrote.remember(connection, office, path, name or path.name, _counts(intake), intake.recorded_at)
            if not office.at_command_line:
                record(office, "import", subject=str(number), detail=_counts(intake), connection=connection)
    except _DryRun:
        pass
    report(total, total)
    assert intake is not None
    return {"import": number, **_counts(intake), "errors": []} | ({"dry_run": True} if dry_run else {})


def _counts(intake: Intake) -> dict[str, Any]:
    return {
        "created": {name: intake.created.get(name, 0) for name in intake.tables},
        "updated": {name: intake.updated.get(name, 0) for name in intake.tables},
        "unchanged": intake.unchanged,
    }


def _nothing(errors: list[dict[str, Any]]) -> dict[str, Any]:
    return {"created": {}, "updated": {}, "unchanged": 0, "errors": errors}


def _take(intake: Intake, report: Callable[[int], None]) -> None:
    rows = intake.rows(EVENTS.name)
    done = sum(len(table.rows) for table in intake.tables.values()) - len(rows)

    def went_on(more: int) -> None:
        nonlocal done
        done += more
        report(done)

    before = double_sources(intake)
    take_units(intake)
    read = list(read_events(rows))
    roll = take_people(intake, {code for code, _, _ in read})
    take_targets(intake)
    places = take_figures(intake)
    take_recipients(intake)
    take_events(intake, roll, gather(intake, roll, read), went_on)
    if not intake.issues:
        refuse_double_sources(intake, before, places)
