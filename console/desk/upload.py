"""Nhập Excel: a file is taken in, its headings told apart, judged without writing, imported, and taken back as a whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.desk.page import Form, Page, download, page, whole_number
from console.desk.words import day, lang, number, t
from console.labels import trigger_label
from procedures import workbook
from procedures.differences import Difference, Differences
from procedures.file_survey import SheetSeen, headings_of, look_at_rows, say_headings, survey, take_in
from procedures.import_workbook import import_workbook
from procedures.office import Office
from procedures.sheet_reader import column_letter
from procedures.template import template
from procedures.undo_import import show_import, show_imports, undo_import
from procedures.waiting_file import KINDS, WaitingFile, drop_file, get_file, list_files, refused_by_disk
from procedures.workbook import SHEETS, find_sheet
from states.errors import BadInput, KetnapError, Unknown
from states.membership import PROCESS
from states.wording import Text

HERE = "/nhap"
MOST_ERRORS, MOST_PLACES, MOST_DIFFERENCES, MOST_IMPORTS = 300, 60, 400, 20
NOTHING = Text(
    "Xin chọn một tệp hoặc dán một bảng.",
    "Choose a file or paste a table.",
)
WHICH_SHEET = Text("Xin chọn bảng này là sheet nào.", "Say which sheet this table is.")
NO_NUMBER = Text("Địa chỉ trang thiếu số của lần nhập.", "The page's address lacks the import's number.")
_BIRTH = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
TEXT_KINDS = tuple(kind for kind in KINDS if not kind.startswith(".xls"))


class UploadPage(Page):
    """One way from a file to the book and back."""

    path = HERE
    label = Text("Nhập Excel", "Import")
    icon = "fa-solid fa-file-import"
    needs = "import"

    @page("")
    def show(self, request: Request, office: Office) -> Response:
        return self.render(request, "desk/upload.html", error=None, typed={}, **_start(office))

    @page("", methods=["POST"])
    def take(self, request: Request, office: Office, form: Form) -> Response:
        typed = {name: form.get(name) for name in ("bang", "sheet")}
        try:
            kept = _keep(office, form, typed)
        except KetnapError as error:
            return self.again(request, "desk/upload.html", error, typed=typed, **_start(office))
        return RedirectResponse(_at("/xem", tep=kept.token), 303)

    @page("/mau")
    def template(self, request: Request, office: Office) -> Response:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "mau.xlsx"
            template(file, office.settings)
            return download("mau-nhap.xlsx", file.read_bytes())

    @page("/xem")
    def look(self, request: Request, office: Office) -> Response:
        return self._look(request, office, get_file(office, self.asked(request, "tep")))

    @page("/ghep", methods=["POST"])
    def say(self, request: Request, office: Office, form: Form) -> Response:
        file = get_file(office, form.get("tep"))
        sheets, columns = {}, {}
        for name, value in form.texts().items():
            kind, _, rest = name.partition(":")
            if kind == "sheet":
                sheets[rest] = value
            elif kind == "cot":
                letter, _, sheet = rest.partition(":")
                columns[sheet, letter] = value
        try:
            say_headings(office, file, sheets, columns)
        except BadInput as error:
            return self._look(request, office, file, error)
        return RedirectResponse(_at("/xem", tep=file.token), 303)

    @page("/ghi", methods=["POST"])
    def write(self, request: Request, office: Office, form: Form) -> Response:
        file = get_file(office, form.get("tep"))
        try:
            seen = survey(office, file)
            done = import_workbook(office, file.path, mapping=headings_of(seen), name=file.name)
        except BadInput as error:
            return self._look(request, office, file, error)
        drop_file(office, file.token)
        return self.done(
            request, t("Đã nhập tệp «{name}».", "The file “{name}” is imported.", name=file.name),
            _at("/xong", so=done["import"]),
        )  # fmt: skip

    @page("/bo", methods=["POST"])
    def discard(self, request: Request, office: Office, form: Form) -> Response:
        drop_file(office, form.get("tep"))
        return self.done(request, t("Đã bỏ tệp tải lên.", "The upload was discarded."), HERE)

    @page("/xong")
    def result(self, request: Request, office: Office) -> Response:
        return self.render(
            request,
            "desk/upload_done.html",
            one=show_import(office, self._number(request)),
            sheet_label=_sheet_label,
        )

    @page("/hoan-tac")
    def before_undo(self, request: Request, office: Office) -> Response:
        number = self._number(request)
        told = _before_undo(office, number)
        return self.render(
            request, "desk/upload_undo.html", one=show_import(office, number), told=told, reason="", error=None
        )

    @page("/hoan-tac", methods=["POST"])
    def undo(self, request: Request, office: Office, form: Form) -> Response:
        number, reason = _whole(form.get("so")), form.get("ly_do")
        try:
            undo_import(office, number, reason)
        except Unknown:
            raise
        except KetnapError as error:
            one = show_import(office, number)
            told = _before_undo(office, number) if one["state"] == "applied" else None
            return self.again(request, "desk/upload_undo.html", error, one=one, told=told, reason=reason)
        return self.done(
            request, t("Đã hoàn tác lần nhập số {number}.", "Import {number} is undone.", number=number),
            _at("/xong", so=number),
        )  # fmt: skip

    def _number(self, request: Request) -> int:
        return _whole(self.asked(request, "so"))

    def _look(self, request: Request, office: Office, file: WaitingFile, error: KetnapError | None = None) -> Response:
        """The page of a waiting file: its headings, then what is wrong with it or what it would change."""
        context: dict[str, Any] = {
            "file": file, "sheets": [], "asks": False, "errors": [], "more_errors": 0, "places": {}, "groups": [],
            "left_out": 0, "told": None, **_words(),
        }  # fmt: skip
        try:
            seen = survey(office, file)
            context |= {"sheets": seen, "asks": not all(one.clear for one in seen)}
            if not context["asks"]:
                context |= _judge(office, file, seen)
        except BadInput as failure:
            error = error or failure
        if error is not None:
            return self.again(request, "desk/upload_look.html", error, **context)
        return self.render(request, "desk/upload_look.html", error=None, **context)


def _keep(office: Office, form: Form, typed: Mapping[str, str]) -> WaitingFile:
    """What was chosen or pasted, waiting."""
    file, sheet = form.file("tep"), find_sheet(typed["sheet"])
    if file is not None:
        name = file.filename or ""
        if name.lower().endswith(TEXT_KINDS) and sheet is None:
            raise BadInput(WHICH_SHEET)
        text = sheet.name if sheet is not None and name.lower().endswith(TEXT_KINDS) else None
        try:
            return take_in(office, name, file.file, sheet=text)
        except OSError as failure:  # what came in could not be read back
            raise refused_by_disk(failure) from None
    if not typed["bang"].strip():
        raise BadInput(NOTHING)
    if sheet is None:
        raise BadInput(WHICH_SHEET)
    name = t("bảng dán vào", "pasted table") + ".tsv"
    return take_in(office, name, BytesIO(typed["bang"].encode()), sheet=sheet.name)


def _judge(office: Office, file: WaitingFile, seen: Sequence[SheetSeen]) -> dict[str, Any]:
    """The file judged as if it were imported: every mistake with its row, or everything that would change."""
    headings, differences = headings_of(seen), Differences()
    try:
        told = import_workbook(
            office, file.path, dry_run=True, mapping=headings, differences=differences, name=file.name
        )
    except BadInput as failure:
        errors = failure.details.get("errors")
        if not errors or errors[0]["sheet"] is None:
            raise
        rows: dict[str, set[int]] = {}
        for one in errors[:MOST_PLACES]:
            if one["row"] is not None:
                rows.setdefault(one["sheet"], set()).add(one["row"])
        return {
            "errors": errors[:MOST_ERRORS], "more_errors": max(0, len(errors) - MOST_ERRORS), "total": len(errors),
            "places": _places(look_at_rows(file, headings, rows), rows, errors),
        }  # fmt: skip
    shown = differences.found[:MOST_DIFFERENCES]
    return {
        "told": told, "groups": _groups(shown),
        "left_out": len(differences.found) - len(shown) + differences.left_out,
    }  # fmt: skip


def _places(
    looked: Mapping[str, tuple[list[str], Mapping[int, list[str]]]], rows: Mapping[str, set[int]],
    errors: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """Sheet -> headings with their letters, and rows (number, cells, whether a mistake is in it, letters of wrong cells)."""
    wrong: dict[tuple[str, int], set[str]] = {}
    for one in errors:
        if one["row"] is not None and one["cell"]:
            wrong.setdefault((one["sheet"], one["row"]), set()).add(one["cell"].rstrip("0123456789"))
    found = {}
    for sheet, (headings, kept) in looked.items():
        letters = [column_letter(place) for place in range(1, len(headings) + 1)]
        lines = [
            {"number": n, "cells": list(zip(letters, cells, strict=True)), "meant": n in rows[sheet],
             "wrong": wrong.get((sheet, n), set())}
            for n, cells in sorted(kept.items())
        ]  # fmt: skip
        found[sheet] = {"headings": list(zip(letters, headings, strict=True)), "rows": lines}
    return found


def _groups(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """Differences by sheet and by whom they are about; somebody new has one line."""
    groups: dict[str, dict[tuple[str, bool], list[Difference]]] = {}
    for one in found:
        is_new = not one.what and one.before is None
        groups.setdefault(one.sheet, {}).setdefault((one.code, is_new), []).append(one)
    return [
        {
            "sheet": sheet,
            "label": _sheet_label(sheet),
            "items": [
                {"code": code, "new": is_new, "rows": [_shown(one) for one in theirs]}
                for (code, is_new), theirs in by_code.items()
            ],
        }
        for sheet, by_code in groups.items()
    ]


def _shown(one: Difference) -> dict[str, Any]:
    sheet = find_sheet(one.sheet)
    what = one.what
    if one.sheet == workbook.EVENTS.name:
        what = trigger_label(what, lang()) if what in PROCESS else what
    elif sheet is not None and any(column.name == what for column in sheet.columns):
        what = _short(sheet.column(what).label.say(lang()))
    return {"row": one.row, "what": what, "before": _value(one.before), "after": _value(one.after)}


def _before_undo(office: Office, number: int) -> dict[str, Any]:
    """What an undoing comes to; hindrances without who supplies what: it is always whoever reads this."""
    told = undo_import(office, number, "", preview=True)
    return told | {"hindrances": [{"reason": one["reason"]} for one in told["blocked"]]}


def _short(words: str) -> str:
    """A column's label without what it says about how to write it."""
    return re.split(r"[:;,]", words)[0]


def _value(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, str) and (born := _BIRTH.fullmatch(value)):
        return "/".join(part for part in reversed(born.groups()) if part)
    if isinstance(value, date):
        return day(value)
    return str(value) if isinstance(value, str) else number(value)


def _start(office: Office) -> dict[str, Any]:
    items = show_imports(office)["items"]
    return {
        "waiting": list_files(office), "imports": items[:MOST_IMPORTS], "limit": office.settings.desk.upload_mb,
        "accept": ",".join(KINDS), "our_sheets": _our_sheets(),
    }  # fmt: skip


def _our_sheets() -> list[tuple[str, str]]:
    return [(one.name, one.label.say(lang())) for one in SHEETS]


def _words() -> dict[str, Any]:
    """Our sheets and columns in words, for pick lists."""
    return {
        "our_sheets": _our_sheets(),
        "our_columns": {
            one.name: [(column.name, column.label.say(lang()), column.required) for column in one.columns]
            for one in SHEETS
        },
        "sheet_label": _sheet_label,
    }


def _sheet_label(name: str) -> str:
    sheet = find_sheet(name)
    return sheet.label.say(lang()) if sheet else name


def _whole(written: str) -> int:
    if (number := whole_number(written)) is None:
        raise BadInput(NO_NUMBER)
    return number


def _at(path: str, **query: object) -> str:
    return f"{HERE}{path}?{urlencode(query)}"


PAGES = (UploadPage,)
