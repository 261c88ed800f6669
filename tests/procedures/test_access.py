"""Who may do what, where: every public procedure × role × own, below, other and parent unit, on both databases.

A procedure that is not in the table below, and is not named as one that others ask for, fails the last test.
"""

import importlib
import inspect
import io
import json
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

import procedures
from procedures import (
    access,
    access_log,
    accounts,
    allocation,
    bridge,
    case_acts,
    case_board,
    change_unit,
    close_period,
    closings,
    commendation,
    confirm_limit,
    correct,
    correction_form,
    due,
    erase,
    export,
    import_workbook,
    issue_access_log,
    issue_report,
    issue_unwritten,
    ladder,
    law,
    limit,
    list_cases,
    notice_board,
    notices,
    pace_series,
    paper_letters,
    paste,
    people,
    person_data,
    person_reminders,
    recipients,
    report,
    roll_up,
    series,
    show,
    silent_units,
    step_form,
    target_board,
    target_rules,
    targets,
    today,
    today_cards,
    undo_import,
    unit_people,
    unit_reach,
    unit_tree,
    units,
    verify,
    why,
)
from procedures.advance import AdvanceRow, advance, advance_many
from procedures.many import act_for_many, many_form
from states.errors import BadInput, KetnapError, Refused, Unknown
from states.roles import PERMISSIONS, ROLES, Actor, Forbidden
from tests.procedures.books import save

HOME = "DU-HTX"  # the account's unit; CB-01 and CB-02 stand below, CB-03 beside, XA-PL above
STRANGERS = re.compile(r"(?<![\w-])(CB-03|XA-PL|PL-04)(?![\w-])|Tạ Minh Đức|Trường Tiểu học|Ngô Thị Lý|Hoàng Minh Trí")
PEOPLE = re.compile(r"PL-0\d|Phạm Văn Khải|Lương Thị Hoài An|Tạ Minh Đức|Bùi Thanh Trà")  # whom an observer never sees
DAY = date(2025, 12, 1)


@dataclass(frozen=True)
class Place:
    """Where somebody asks: a unit and a person of it."""

    unit: str
    person: str
    within: bool


PLACES = {
    "own": Place(HOME, "PL-03", True),
    "below": Place("CB-01", "PL-02", True),
    "other": Place("CB-03", "PL-04", False),
    "parent": Place("XA-PL", "PL-04", False),
}


@dataclass(frozen=True)
class Row:
    """How a procedure is asked, the permission it asks, and what becomes of a place outside."""

    permission: str | None
    call: Callable[..., Any]
    scope: str = "unit"  # unit: a place outside is Unknown · list: it names nobody outside · whole: only for all · none
    outside: tuple[type[KetnapError], ...] = (Unknown,)
    may_name: str = ""  # strangers an answer may name all the same
    roles: frozenset[str] | None = field(default=None)


def case_of(office, unit: str) -> str:
    """A case of a unit, by number."""
    with office.database.writing() as connection:
        unit_id = connection.exec_driver_sql(f"SELECT id FROM units WHERE code = '{unit}'").scalar_one()
        found = connection.exec_driver_sql(f"SELECT id FROM cases WHERE unit_id = {unit_id}").scalar()
        if found is None:
            connection.exec_driver_sql(
                "INSERT INTO cases (unit_id, indicator, period, step, since, opened_on, status, actual, floor, ladder,"
                f" version) VALUES ({unit_id}, 'admitted', '2025', 'nhac', '2025-11-03', '2025-11-03', 'cham', 0, 2,"
                ' \'{"version": "1", "rungs": [{"step": "nhac", "after_working_days": 0, "tell": ["bi_thu"],'
                ' "of": "unit"}]}\', 1)'
            )
            found = connection.exec_driver_sql(f"SELECT id FROM cases WHERE unit_id = {unit_id}").scalar_one()
    return str(found)


def imported(office, place: Place, tmp_path):
    """A workbook about a place, judged and not written."""
    figures = [["don_vi", "chi_so", "ky", "gia_tri"], [place.unit, "members_recruited", "2025", 1]]
    path = save(tmp_path / f"{place.unit}.xlsx", {"so_lieu": figures})
    try:
        return import_workbook.import_workbook(office, path, dry_run=True)
    except BadInput as failure:
        said = json.dumps(failure.details["errors"], ensure_ascii=False)
        if f"{place.unit}" in said:  # the unit is not known to who asks
            raise Unknown() from None
        return None


def exported(office, tmp_path):
    """Every cell of an export."""
    export.export(office, tmp_path / "all.xlsx")
    cells = cells_of(tmp_path / "all.xlsx")
    (tmp_path / "all.xlsx").unlink()
    return cells


def cells_of(file):
    """Every cell of a workbook that has something in it."""
    made = openpyxl.load_workbook(file, read_only=True)
    return [str(value) for sheet in made for row in sheet.iter_rows(values_only=True) for value in row if value]


def many(office, place: Place):
    """One row of a meeting; somebody outside is refused as unknown."""
    done = advance_many(office, [AdvanceRow(place.person, "extend", DAY)])
    if any(verdict["code"] == "unknown" for one in done["refused"] for verdict in one["verdicts"]):
        raise Unknown()
    return done["committed"]


# fmt: off
TABLE: dict[str, Row] = {
    # reading
    "due.due":                        Row("see_people", lambda o, p: due.due(o, unit=p.unit)),
    "due.due (all)":                  Row("see_people", lambda o, p: due.due(o), "list"),
    "show.show_candidate":            Row("see_people", lambda o, p: show.show_candidate(o, p.person)),
    "show.list_candidates":           Row("see_people", lambda o, p: show.list_candidates(o, p.unit)),
    "show.list_candidates (all)":     Row("see_people", lambda o, p: show.list_candidates(o), "list"),
    "people.list_people":             Row("see_people", lambda o, p: people.list_people(o), "list"),
    "people.find_listed":             Row("see_people", lambda o, p: people.find_listed(o, ["PL-02", "PL-04"]), "list"),
    "people.count_by_step":           Row("see_figures", lambda o, p: people.count_by_step(o), "list"),
    "today_cards.today_cards":        Row("see_figures", lambda o, p: today_cards.today_cards(o), "list"),
    "today_cards.list_gaps":          Row("see_people", lambda o, p: today_cards.list_gaps(o), "list"),
    "unit_tree.top_codes":            Row("see_figures", lambda o, p: unit_tree.top_codes(o), "list"),
    "closings.closing_acts":          Row("see_figures", lambda o, p: closings.closing_acts(o, p.unit, "2024")),
    "many.many_form":                 Row("act_for_many", lambda o, p: many_form(o, "certify_class"), "none"),
    "paste.read_pasted":              Row("act_for_many", lambda o, p: repr(paste.read_pasted(
                                          o, many_form(o, "certify_class"), "Tạ Minh Đức\t01/12/2025\nPL-03\t01/12/2025")), "list",
                                          may_name="Tạ Minh Đức"),
    "issue_report.issue_report":      Row("see_figures", lambda o, p: repr(issue_report.issue_report(o, p.unit, "2025", "md"))),
    "issue_report.figure_people":     Row("see_people", lambda o, p: issue_report.figure_people(o, p.unit, "2025", "class")),
    "notice_board.letter_board":      Row("run_jobs", lambda o, p: notice_board.letter_board(o), "whole"),
    "many.act_for_many":              Row("act_for_many", lambda o, p: repr(act_for_many(
                                          o, "certify_class", {"on": "01/12/2025"}, {"PL-04": {}, "PL-02": {}}, dry_run=True)),
                                          "list", may_name="PL-04"),
    "issue_unwritten.issue_unwritten": Row("act_for_many", lambda o, p: cells_of(io.BytesIO(issue_unwritten.issue_unwritten(
                                          o, "certify_class", {"on": "01/12/2025"}, {"PL-04": {}, "PL-02": {}})[1])),
                                          "list", may_name="PL-04"),
    "today.today":                    Row("see_figures", lambda o, p: today.today(o), "list"),
    "why.why":                        Row("see_people", lambda o, p: why.why(o, p.person), outside=(Unknown,)),
    "why.why (case)":                 Row("see_figures", lambda o, p: why.why(o, f"case:{case_of(o, p.unit)}"),
                                          may_name="XA-PL"),
    "report.report":                  Row("see_figures", lambda o, p: report.report(o, p.unit, "2025", breakdown="all",
                                                                                    movement=True)),
    "report.report (people)":         Row("see_people", lambda o, p: report.report(o, p.unit, "2025", people="class"),
                                          outside=(Unknown, BadInput)),
    "series.series":                  Row("see_figures", lambda o, p: series.series(o, p.unit, "2025", DAY)),
    "pace_series.pace_series":        Row("see_figures", lambda o, p: pace_series.pace_series(o, p.unit, None, "2025")),
    "commendation.commend":           Row("see_figures", lambda o, p: commendation.commend(o, p.unit, "2025")),
    "bridge.bridge":                  Row("see_people", lambda o, p: bridge.bridge(o, p.unit, "2024")),
    "closings.list_closings":         Row("see_figures", lambda o, p: closings.list_closings(o, unit=p.unit)),
    "closings.list_closings (all)":   Row("see_figures", lambda o, p: closings.list_closings(o), "list"),
    "closings.show_version":          Row("see_people", lambda o, p: closings.show_version(o, p.unit, "2024")),
    "closings.issue":                 Row("see_people", lambda o, p: closings.issue(o, p.unit, "2024", "xlsx")),
    "list_cases.list_cases":          Row("see_figures", lambda o, p: list_cases.list_cases(o, p.unit)),
    "list_cases.list_cases (all)":    Row("see_figures", lambda o, p: list_cases.list_cases(o, closed=True), "list"),
    "list_cases.show_case":           Row("see_figures", lambda o, p: list_cases.show_case(o, int(case_of(o, p.unit)))),
    "case_board.case_board":          Row("see_figures", lambda o, p: case_board.case_board(o), "list"),
    "case_board.case_page":           Row("see_figures", lambda o, p: case_board.case_page(o, int(case_of(o, p.unit))),
                                          may_name="XA-PL"),
    "notices.list_notices":           Row("see_figures", lambda o, p: notices.list_notices(o, unit=p.unit)),
    "notices.list_notices (all)":     Row("see_figures", lambda o, p: notices.list_notices(o), "list"),
    "notice_board.notice_board":      Row("see_figures", lambda o, p: notice_board.notice_board(o), "list"),
    "targets.list_targets":           Row("see_figures", lambda o, p: targets.list_targets(o, unit=p.unit)),
    "targets.list_targets (all)":     Row("see_figures", lambda o, p: targets.list_targets(o), "list"),
    "target_rules.preview_target_rules": Row("see_figures", lambda o, p: target_rules.preview_target_rules(o), "list"),
    "units.list_units":               Row("see_figures", lambda o, p: units.list_units(o), "list"),
    "units.show_unit":                Row("see_figures", lambda o, p: units.show_unit(o, p.unit)),
    "unit_tree.unit_tree":            Row("see_figures", lambda o, p: unit_tree.unit_tree(o, None, "2025", top=p.unit)),
    "unit_people.unit_people":        Row("see_figures", lambda o, p: unit_people.unit_people(o, p.unit)),
    "unit_reach.unit_reach":          Row("see_figures", lambda o, p: unit_reach.unit_reach(o, p.unit),
                                          may_name="XA-PL|Hoàng Minh Trí"),
    "recipients.list_recipients":     Row("see_figures", lambda o, p: recipients.list_recipients(o, p.unit)),
    "silent_units.list_silent_units": Row("see_figures", lambda o, p: silent_units.list_silent_units(o, unit=p.unit)),
    "ladder.check_ladder":            Row("see_figures", lambda o, p: ladder.check_ladder(o), "list"),
    "person_reminders.person_reminders": Row("see_people", lambda o, p: person_reminders.person_reminders(o, p.person)),
    "correction_form.correction_form": Row("correct", lambda o, p: correction_form.correction_form(o, f"{p.person}:2")),
    "step_form.step_form":            Row(None, lambda o, p: repr(step_form.step_form(o, "transfer")), "list"),
    "export.export":                  Row("export_people", lambda o, p, t: exported(o, t), "list"),
    "paper_letters.write_letters":    Row("export_people", lambda o, p, t: paper_letters.write_letters(
                                          o, t / "letters", unit=p.unit, everyone=True)),
    "person_data.person_data":        Row("erase", lambda o, p: person_data.person_data(o, p.person)),
    "issue_access_log.issue_access_log": Row("see_access_log", lambda o, p: repr(issue_access_log.issue_access_log(o, unit=p.unit))),
    "target_board.target_board":      Row("see_figures", lambda o, p: target_board.target_board(o, unit=p.unit)),
    "target_board.allocation_sheet":  Row("set_target", lambda o, p: target_board.allocation_sheet(o, p.unit, "admitted", "2025")),
    "access_log.list_access":         Row("see_access_log", lambda o, p: access_log.list_access(o, unit=p.unit)),
    "access_log.list_access (all)":   Row("see_access_log", lambda o, p: access_log.list_access(o), "list"),
    "access_log.latest_access":       Row("see_access_log", lambda o, p: access_log.latest_access(o, 9, unit=p.unit)),
    "access_log.latest_access (all)": Row("see_access_log", lambda o, p: access_log.latest_access(o, 9), "list"),
    "erase.list_due":                 Row("erase", lambda o, p: erase.list_due(o), "list"),
    # writing
    "advance.advance":                Row("advance", lambda o, p: advance(o, p.person, "extend", DAY)),
    "advance.advance (to a unit)":    Row("advance", lambda o, p: advance(
                                          o, "PL-02", "transfer", DAY, data={"to_unit": p.unit}, preview=True)),
    "advance.advance_many":           Row("act_for_many", lambda o, p: many(o, p)),
    "correct.correct":                Row("correct", lambda o, p: correct.correct(
                                          o, f"{p.person}:2", changes={"document_number": "9"}, reason="r", preview=True)),
    "targets.set_target":             Row("set_target", lambda o, p: targets.set_target(o, p.unit, "admitted", "2026", floor=1)),
    "targets.set_target (credited)":  Row("set_target", lambda o, p: targets.set_target(
                                          o, "CB-01", "recognised", "2026", floor=1, credited_unit=p.unit)),
    "allocation.allocate_target":     Row("set_target", lambda o, p: allocation.allocate_target(
                                          o, p.unit, "admitted", "2025", {"CB-01": 1})),
    "close_period.close_period":      Row("close_period", lambda o, p: close_period.close_period(o, p.unit, "2023")),
    "case_acts.acknowledge_case":     Row("act_on_case", lambda o, p: case_acts.acknowledge_case(
                                          o, case_of(o, p.unit), "làm", DAY + timedelta(9))),
    "case_acts.silence_case":         Row("act_on_case", lambda o, p: case_acts.silence_case(
                                          o, case_of(o, p.unit), "vì", DAY + timedelta(9))),
    "case_acts.close_case":           Row("act_on_case", lambda o, p: case_acts.close_case(o, case_of(o, p.unit), "vì")),
    "units.add_unit":                 Row("edit_units", lambda o, p: units.add_unit(
                                          o, f"M-{p.unit}", name="Mới", kind="chi_bo", parent=p.unit), may_name="M-XA-PL"),
    "change_unit.change_unit":        Row("edit_units", lambda o, p: change_unit.change_unit(
                                          o, p.unit, DAY, name="Tên khác", preview=True)),
    "change_unit.end_unit":           Row("edit_units", lambda o, p: change_unit.end_unit(o, p.unit, DAY, preview=True)),
    "change_unit.unit_head":          Row("see_figures", lambda o, p: change_unit.unit_head(o, p.unit)),
    "recipients.add_recipient":       Row("edit_units", lambda o, p: recipients.add_recipient(o, p.unit, "bi_thu", "a@b.vn", "A")),
    "recipients.remove_recipient":    Row("edit_units", lambda o, p: recipients.remove_recipient(o, p.unit, "bi_thu", "a@b.vn")),
    "import_workbook.import_workbook": Row("import", lambda o, p, t: imported(o, p, t)),
    "undo_import.show_imports":       Row("import", lambda o, p: undo_import.show_imports(o), "none"),
    "undo_import.show_import":        Row("import", lambda o, p: undo_import.show_import(o, 999), "none"),
    "undo_import.undo_import":        Row("import", lambda o, p: undo_import.undo_import(o, 999, "r"), "none"),
    "erase.erase":                    Row("erase", lambda o, p: erase.erase(o, p.person, "r", preview=True)),
    # accounts: an administrator of a part sees and gives accounts of that part
    "accounts.list_accounts":         Row("manage_accounts", lambda o, p: accounts.list_accounts(o), "none"),
    "accounts.show_account":          Row("manage_accounts", lambda o, p: accounts.show_account(o, "ai"), "none"),
    "accounts.add_account":           Row("manage_accounts", lambda o, p: accounts.add_account(
                                          o, f"u{p.unit.lower()}", role="theo_doi", unit=p.unit), outside=(Unknown, BadInput, Forbidden)),
    "accounts.change_account":        Row("manage_accounts", lambda o, p: accounts.change_account(o, "ai", name="B"), "none"),
    "accounts.disable_account":       Row("manage_accounts", lambda o, p: accounts.disable_account(o, "ai"), "none"),
    "accounts.enable_account":        Row("manage_accounts", lambda o, p: accounts.enable_account(o, "ai"), "none"),
    "accounts.end_sessions":          Row("manage_accounts", lambda o, p: accounts.end_sessions(o, "ai"), "none"),
    "accounts.reset_password":        Row("manage_accounts", lambda o, p: accounts.reset_password(o, "ai"), "none"),
    # the law is everybody's to read and the whole office's to confirm
    "limit.limit":                    Row(None, lambda o, p: limit.limit(o, "ceremony_wd", DAY), "none"),
    "law.law_on":                     Row(None, lambda o, p: law.law_on(o, DAY), "none"),
    "law.changes":                    Row(None, lambda o, p: law.changes(o, DAY, DAY), "none"),
    "law.history":                    Row(None, lambda o, p: law.history(o, "ceremony_wd"), "none"),
    "law.calendar_year":              Row(None, lambda o, p: law.calendar_year(o, 2025), "none"),
    "confirm_limit.preview_withdrawal": Row("confirm_law", lambda o, p: confirm_limit.preview_withdrawal(o, "ceremony_wd", 9), "whole"),
    "confirm_limit.withdraw_ruling":  Row("confirm_law", lambda o, p: confirm_limit.withdraw_ruling(o, "ceremony_wd", 9, "r"), "whole"),
    # jobs
    "verify.verify":                  Row("run_jobs", lambda o, p: verify.verify(o), "whole"),
    "roll_up.roll_up":                Row("run_jobs", lambda o, p: roll_up.roll_up(o), "whole"),
}
JOBS = ("backup.backup", "restore.restore", "seal.seal", "prune_backups.prune_backups", "mature.mature", "tick.tick",
        "recompute_clocks.recompute_clocks", "initialise.init", "deliver.deliver", "escalate.escalate", "remind.remind",
        "silent_units.tell_silent_units", "target_rules.apply_target_rules")
# fmt: on


def leaks(answer: Any, may_name: str) -> list[str]:
    """Strangers named in an answer."""
    said = json.dumps(answer, default=str, ensure_ascii=False)
    if may_name:
        said = re.sub(may_name, "", said)
    return [found[0] for found in STRANGERS.finditer(said)]


def outcome(row: Row, office, place: Place, tmp_path) -> tuple[str, Any]:
    wants = inspect.signature(row.call).parameters
    try:
        answer = row.call(office, place, tmp_path) if len(wants) == 3 else row.call(office, place)
    except Forbidden as refusal:
        return "forbidden", refusal
    except (BadInput, Refused, Unknown, KetnapError) as refusal:
        return ("outside" if isinstance(refusal, row.outside) else "other"), refusal
    return "done", answer


@pytest.mark.parametrize("name", TABLE)
def test_every_procedure_asks_role_and_place(six, name, tmp_path):
    row = TABLE[name]
    six.today = DAY
    for role in ROLES:
        allowed = row.permission is None or role in PERMISSIONS[row.permission]
        for where, place in PLACES.items():
            cell = f"{name} · {role} · {where}"
            scoped = six.for_actor(Actor("x", role, HOME))
            if row.call.__code__.co_names[:1] == ("case_of",):
                case_of(six, place.unit)
            happened, answer = outcome(row, scoped, place, tmp_path)
            if row.scope == "whole" or not allowed:
                assert happened != "done", cell
                assert isinstance(answer, (Forbidden, *row.outside)), (cell, answer)
                assert isinstance(answer, Forbidden) or not place.within or "people" in name or "why" in name, (
                    cell,
                    answer,
                )
                continue
            if row.scope == "unit" and not place.within:
                assert happened == "outside", (cell, answer)
                continue
            assert happened != "forbidden", (cell, answer)
            if row.scope == "unit":
                assert not isinstance(answer, Unknown) or "recipient" in name or "why" in name, (cell, answer)
            if happened == "done":
                assert leaks(answer, row.may_name) == [], cell
                if role == "theo_doi":
                    assert PEOPLE.findall(json.dumps(answer, default=str, ensure_ascii=False)) == [], cell


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.scope == "unit"])
def test_an_account_for_the_whole_office_is_not_held_up(six, name, tmp_path):
    row = TABLE[name]
    six.today = DAY
    for place in PLACES.values():
        happened, answer = outcome(row, six.for_actor(Actor("x", "quan_tri")), place, tmp_path)
        assert happened != "forbidden", (name, place, answer)


@pytest.mark.parametrize("name", JOBS)
def test_jobs_are_for_who_has_the_whole_office(six, name):
    module, _, function = name.partition(".")
    call = getattr(importlib.import_module(f"procedures.{module}"), function)
    extra = ("nothing.zip",) if name == "restore.restore" else ()
    for role in ROLES:
        with pytest.raises(Forbidden):
            call(six.for_actor(Actor("x", role, HOME)), *extra)
        if role != "quan_tri":
            with pytest.raises(Forbidden):
                call(six.for_actor(Actor("x", role)), *extra)


def test_an_account_whose_unit_is_gone_sees_nothing(six):
    nobody = six.for_actor(Actor("x", "can_bo", "NO-SUCH"))
    assert show.list_candidates(nobody)["items"] == []
    assert units.list_units(nobody)["items"] == []
    with pytest.raises(Unknown):
        report.report(nobody, "CB-01", "2025")


def test_the_command_line_asks_the_database_nothing_more(six, monkeypatch):
    monkeypatch.setattr(
        access, "visible_units", lambda office, units: pytest.fail("asked") if office.actor.unit else None
    )
    monkeypatch.setattr(access, "load_candidates", lambda *args: pytest.fail("asked"))
    report.report(six, "CB-01", "2025", people="class", movement=True)
    closings.list_closings(six)
    list_cases.list_cases(six)


def test_a_figure_keeps_who_has_left_the_subtree_without_naming_them(six):
    six.today = DAY
    advance(six, "PL-02", "transfer", DAY, data={"to_unit": "CB-03"})
    below = six.for_actor(Actor("x", "can_bo", "CB-01"))
    row = next(one for one in report.report(below, "CB-01", "2024", people="class")["people"] if one["code"] is None)
    assert row["entry"] is None
    whole = report.report(six, "CB-01", "2024", people="class")["people"]
    assert "PL-02" in {one["code"] for one in whole}
    assert len(whole) == len(report.report(below, "CB-01", "2024", people="class")["people"])


def test_what_belongs_to_another_unit_is_not_corrected_or_backdated(six):
    six.today = DAY
    advance(six, "PL-02", "transfer", DAY, data={"to_unit": "CB-02"})
    theirs = six.for_actor(Actor("x", "can_bo", "CB-02"))
    entry = next(one["entry"] for one in show.show_candidate(six, "PL-02")["timeline"] if one["trigger"] == "list")
    with pytest.raises(Refused) as caught:
        correct.correct(theirs, entry, changes={"document_number": "9"}, reason="r")
    assert [one.code for one in caught.value.verdicts] == ["outside"]
    correct.correct(six, entry, changes={"document_number": "9"}, reason="r")


def test_small_counts_are_hidden_from_who_may_not_see_people(six):
    six.today = DAY
    shown = report.report(six.for_actor(Actor("x", "theo_doi")), "XA-PL", "2025", breakdown="all", movement=True)
    assert shown["hides_small"] is True
    assert any(cell["suppressed"] for one in shown["breakdowns"] for cell in one["cells"])
    with pytest.raises(BadInput):
        report.report(six.for_actor(Actor("x", "theo_doi")), "XA-PL", "2025", people="class")


# What others ask for, having asked themselves, or what concerns nobody.
ASKED_FOR = {
    "access": "the questions themselves",
    "access_log.record": "writes down what the asking procedure did",
    "accounts.first_admin": "the first start, before there is any account",
    "accounts.has_own_passwords": "says how passwords are kept",
    "sign_in": "before anybody is signed in; judged by test_sign_in",
    "claim": "between jobs",
    "count_notices": "counts for the status line",
    "job_board.job_board": "when jobs ran, and counts",
    "law.value_words": "words",
    "waiting_file": "the account's own uploaded file",
    "file_survey": "the account's own uploaded file",
    "erased_elsewhere": "asked by erase",
    "outbox.take_out": "asked by erase",
    "closings.closing_state": "asked by status pages with units already seen",
    "series.add_series": "asks series",
    "printing": "prints what was answered",
    "letter": "words of letters that jobs send",
    "channels.open_channels": "the ways out",
    "confirm_limit.read_proposal": "reads what was typed",
    "confirm_limit.preview_ruling": "judged by test_confirm_limit",
    "confirm_limit.confirm_limit": "judged by test_confirm_limit",
    "breakdown": "asked by report",
    "people_conditions": "asked by people.list_people; config.yaml for the rest",
    "person_data.write_person_data": "writes what person_data answered",
    "horizon.read_horizon": "reads days",
    "indicators": "what config.yaml declares",
    "duties.duties_of": "what config.yaml declares",
    "target_rules.rules_of": "what config.yaml declares",
    "targets.read_decision_date": "reads a day",
    "escalate.ladder_of": "what config.yaml declares",
    "escalate.standing_of": "asked by case_acts",
    "remind.rhythm_of": "what config.yaml declares",
    "notices.case_label": "words",
    "show.gap_label": "words",
    "person_attributes": "asked by show_candidate",
    "person_next": "asked by show_candidate",
    "person_timeline": "asked by show_candidate",
    "step_form.unit_choices": "asked by step_form",
    "step_moves.clock_changes": "asked by advance",
    "step_moves.coming_notices": "asked by advance and correct",
    "issue_report.export_report": "given a report that was asked for",
    "due.as_of_today": "asked by due",
    "due.due_item": "asked by due",
    "unit_tree.choose_indicator": "what config.yaml declares",
    "unit_tree.indicators_to_show": "what config.yaml declares",
    "unit_tree.periods_to_choose": "what config.yaml declares",
}
HANDED = ("connection", "units", "figures")  # who is handed these was asked by somebody who asked


def public_procedures() -> set[str]:
    found = set()
    for one in pkgutil.walk_packages(procedures.__path__, "procedures."):
        module = importlib.import_module(one.name)
        short = one.name.removeprefix("procedures.")
        for name, function in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != one.name:
                continue
            parameters = inspect.signature(function).parameters
            handed = any(name in parameters and parameters[name].default is inspect.Parameter.empty for name in HANDED)
            if next(iter(parameters), None) == "office" and not handed:
                found.add(f"{short}.{name}")
    return found


def test_every_public_procedure_stands_in_the_table():
    known = {name.partition(" ")[0] for name in TABLE} | set(JOBS)
    missing = {
        name
        for name in public_procedures() - known
        if name not in ASKED_FOR and name.partition(".")[0] not in ASKED_FOR
    }
    assert missing == set(), "say in TABLE who may ask for these, or in ASKED_FOR who asks before"
    assert known <= public_procedures()


@pytest.mark.parametrize(
    ("sheet", "rows", "column"),
    [
        ("don_vi", [["ma", "ten", "loai", "cap_tren"], ["M1", "Mới", "chi_bo", "XA-PL"]], "cap_tren"),
        ("don_vi", [["ma", "ten", "loai", "cap_tren"], ["M1", "Mới", "chi_bo", None]], "cap_tren"),
        ("don_vi", [["ma", "ten", "loai"], ["CB-03", "Tên khác", "chi_bo"]], "ma"),
        ("ung_vien", [["ma", "ho_ten", "don_vi"], ["N1", "Người Mới", "CB-03"]], "don_vi"),
        ("ung_vien", [["ma", "ho_ten", "don_vi"], ["PL-04", "Người Khác", "CB-01"]], "ma"),
        ("su_kien", [["ung_vien", "su_kien", "ngay"], ["PL-04", "extend", date(2025, 11, 3)]], "ung_vien"),
        ("su_kien", [["ung_vien", "su_kien", "ngay", "don_vi_moi"], ["PL-02", "transfer", DAY, "CB-03"]], "su_kien"),
        ("chi_tieu", [["don_vi", "chi_so", "ky", "toi_thieu"], ["CB-03", "admitted", "2026", 1]], "don_vi"),
        (
            "chi_tieu",
            [["don_vi", "chi_so", "ky", "toi_thieu", "don_vi_ghi_nhan"], ["CB-01", "admitted", "2026", 1, "CB-03"]],
            "don_vi_ghi_nhan",
        ),
        ("so_lieu", [["don_vi", "chi_so", "ky", "gia_tri"], ["XA-PL", "members_recruited", "2025", 1]], "don_vi"),
        (
            "so_lieu",
            [["don_vi", "chi_so", "ky", "gia_tri", "don_vi_ghi_nhan"], ["CB-01", "members_recruited", "2025", 1, "CB-03"]],
            "don_vi_ghi_nhan",
        ),
        ("nguoi_nhan", [["don_vi", "vai_tro", "dia_chi"], ["CB-03", "bi_thu", "a@b.vn"]], "don_vi"),
    ],
)  # fmt: skip
def test_a_row_about_another_part_is_a_mistake_at_its_cell_and_nothing_is_written(six, tmp_path, sheet, rows, column):
    six.today = DAY
    theirs = six.for_actor(Actor("x", "can_bo", HOME))
    path = save(tmp_path / "b.xlsx", {sheet: rows})
    with pytest.raises(BadInput) as caught:
        import_workbook.import_workbook(theirs, path)
    (error,) = caught.value.details["errors"]
    assert (error["sheet"], error["row"], error["column"]) == (sheet, 2, column)


def test_a_tree_that_was_tried_and_taken_back_is_forgotten(six, tmp_path):
    def units_file(code):
        return save(
            tmp_path / f"{code}.xlsx",
            {"don_vi": [["ma", "ten", "loai", "cap_tren"], [code, "Mới", "chi_bo", HOME]],
             "ung_vien": [["ma", "ho_ten", "don_vi"], [f"P-{code}", "Người Mới", code]]},
        )  # fmt: skip

    import_workbook.import_workbook(six, units_file("M1"), dry_run=True)
    import_workbook.import_workbook(six, units_file("M2"))
    assert {"M1", "M2"} & {one["code"] for one in units.list_units(six)["items"]} == {"M2"}
    assert show.show_candidate(six, "P-M2")["unit"] == "M2"
