"""Hand a report out as a file, and open a figure down to the people behind it: each is written into the access log."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procedures import access, access_log
from procedures.closings import issue, show_version
from procedures.printing import check_output, print_report
from procedures.report import report
from states.errors import BadInput
from states.steps import STEP_LABELS
from states.wording import Text, slug
from store.candidates import load_candidates
from store.paper_letters import load_names_by_code

if TYPE_CHECKING:
    from procedures.office import Office

NO_FORM = Text("Báo cáo chỉ tải được dạng {known}.", "A report comes as {known}.")
FORMS = ("xlsx", "docx", "md")
PAGE = 200  # people of one page


def issue_report(
    office: Office, unit: str, period: str, form: str, *, version: int | None = None, **asked: Any
) -> tuple[str, bytes]:
    """(name, content) of the report as a file, the very bytes `ketnap report -o` (or `closings -o`) writes; logged.

    `version`: that of a closed period, as it was issued. BadInput for a form there is not, as `report` for the rest.
    """
    access.require(office, "see_figures")
    if form not in FORMS:
        raise BadInput(NO_FORM, known=", ".join(f".{one}" for one in FORMS))
    if version is not None:
        result = show_version(office, unit, period, version)
        content = issue(office, unit, period, form, version)
    else:
        if asked.get("people"):
            access.require(office, "export_people")
        result = report(office, unit, period, **asked)
        content = _printed(office, result, form)
    base = slug(f"bao cao {unit} {result['period']}").replace("_", "-")
    name = f"{base}{f'-ban-{version}' if version else ''}.{form}"
    _log(office, result, form)
    return name, content


def export_report(office: Office, result: dict[str, Any], path: Path | str) -> None:
    """Write a report that was drawn up to a file, in the form of its ending; logged before the file is there."""
    path = Path(path)
    check_output(path)
    _log(office, result, path.suffix.lower().lstrip("."))
    print_report(office, result, path)


def _log(office: Office, result: dict[str, Any], form: str) -> None:
    closed = result.get("closed") or {}
    detail = {
        "form": form,
        "period": result["period"],
        "version": closed["version"] if closed.get("as_closed") else None,
        "people": "people" in result,
    }
    access_log.record(office, "export", subject="report", unit=result["unit"], detail=detail)


def figure_people(office: Office, unit: str, period: str, indicator: str, *, page: int = 1) -> dict[str, Any]:
    """{unit, name, period, period_label, row, total, page, pages, items: [{code, name, unit, entry, on, step, step_label}]}.

    The people behind the figure of the report's row, by day; somebody who is not the account's to see (they moved away)
    has no code and no name. Forbidden without the permission to see people, as `report` for the rest. Logged.
    """
    access.require(office, "see_people")
    result = report(office, unit, period, people=indicator)
    people: list[dict[str, Any]] = result["people"]
    pages = max(1, -(-len(people) // PAGE))
    page = min(max(page, 1), pages)
    shown = people[(page - 1) * PAGE : page * PAGE]
    codes = sorted({str(one["code"]) for one in shown if one["code"]})
    with office.database.reading() as connection:
        names = load_names_by_code(connection, codes)
        steps = {row.code: row.step for row in load_candidates(connection, codes)}
    detail = {"indicator": indicator, "period": result["period"], "people": len(people)}
    access_log.record(office, "open_figure", subject=indicator, unit=result["unit"], detail=detail)
    return {
        "unit": result["unit"],
        "name": result["name"],
        "period": result["period"],
        "period_label": result["period_label"],
        "row": next(row for row in result["rows"] if row["indicator"] == indicator),
        "total": len(people),
        "page": page,
        "pages": pages,
        "items": [
            one
            | {
                "name": names.get(str(one["code"])),
                "step": steps.get(str(one["code"])),
                "step_label": _step(steps.get(str(one["code"])), office.lang),
            }
            for one in shown
        ],
    }


def _step(step: str | None, lang: str) -> str | None:
    return STEP_LABELS[step].say(lang) if step in STEP_LABELS else step


def _printed(office: Office, result: dict[str, Any], form: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{form}"
        print_report(office, result, path)
        return path.read_bytes()
