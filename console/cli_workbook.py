"""template, import, export: workbooks in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

from console.command import argument, command, option
from console.options import Output
from console.output import Screen, column
from console.run import Run
from states.errors import BadInput
from states.wording import Text


@command(
    "template",
    vi="Tạo tệp Excel mẫu: đủ tiêu đề, danh sách chọn, mỗi trang một dòng ví dụ.",
    en="Write an empty workbook: headings, drop-downs, one example row a sheet.",
)
def template(run: Run, output: Output) -> None:
    from procedures.template import template

    template(Path(output))
    run.answer({"file": output}, lambda screen: screen.line(Text("Đã ghi {file}", "Wrote {file}"), file=output))


@command(
    "import",
    vi="Nhập tệp Excel: được hết hoặc không ghi gì; nhập lại tệp cũ không đổi gì. --list, --undo: các lần nhập.",
    en="Import a workbook: all or nothing; the same file again changes nothing. --list, --undo: imports so far.",
)
def import_(
    run: Run,
    file: Annotated[str | None, argument("TỆP", vi="Tệp .xlsx.", en="The .xlsx file.")] = None,
    dry_run: Annotated[
        bool, option("--dry-run", vi="Chỉ kiểm tra, không ghi.", en="Check only, write nothing.")
    ] = False,
    list_: Annotated[bool, option("--list", vi="Các lần đã nhập.", en="The imports so far.")] = False,
    undo: Annotated[
        int | None,
        option(
            "--undo",
            vi="Hoàn tác trọn một lần nhập, theo số (cần --reason).",
            en="Take back everything one import wrote (needs --reason).",
            metavar="SỐ",
        ),
    ] = None,
    reason: Annotated[
        str | None, option("--reason", vi="Lý do hoàn tác.", en="Why it is undone.", metavar="LÝ_DO")
    ] = None,
    preview: Annotated[
        bool,
        option("--preview", vi="Với --undo: chỉ cho biết sẽ bỏ những gì.", en="With --undo: only tell what would go."),
    ] = False,
) -> int:
    if (file is not None) + list_ + (undo is not None) != 1:
        raise BadInput(
            Text("Cần đúng một trong: TỆP, --list, --undo SỐ.", "Give exactly one of: FILE, --list, --undo NUMBER.")
        )
    if list_:
        return list_imports(run)
    if undo is not None:
        return undo_import(run, undo, reason, preview=preview)
    from procedures.import_workbook import import_workbook

    try:
        with Progress(run) as progress:
            result = import_workbook(run.office, Path(str(file)), dry_run=dry_run, progress=progress)
    except BadInput as problem:
        if "errors" in problem.details:
            problem.details = {"created": {}, "updated": {}, "unchanged": 0, **problem.details}
        raise
    run.answer(result, lambda screen: show_import(screen, result, dry_run=dry_run))
    return 0


def list_imports(run: Run) -> int:
    """The imports so far, the latest first."""
    from procedures.undo_import import show_imports

    result = show_imports(run.office)

    def show(screen: Screen) -> None:
        screen.table(
            (
                column("Số", "Number", right=True),
                column("Tệp", "File"),
                column("Nhập lúc", "Recorded"),
                column("Người nhập", "By"),
                column("Mới", "New", right=True),
                column("Trạng thái", "State"),
            ),
            [
                (
                    item["import"],
                    item["file"],
                    item["recorded_at"],
                    item["recorded_by"],
                    sum(item["counts"]["created"].values()),
                    IMPORT_STATES[item["state"]].say(screen.lang),
                )
                for item in result["items"]
            ],
            empty=Text("Chưa nhập tệp nào.", "Nothing was imported yet."),
        )

    run.answer(result, show)
    return 0


def undo_import(run: Run, number: int, reason: str | None, *, preview: bool) -> int:
    """Take an import back; 2 where a preview finds what is in the way."""
    from procedures.undo_import import undo_import

    result = undo_import(run.office, number, reason or "", preview=preview)

    def show(screen: Screen) -> None:
        said = WOULD_GO if preview else GONE
        screen.line(said, **{key: result[key] for key in ("entries", "people", "changed", "units", "targets", "figures")},
                    number=number, file=result["file"])  # fmt: skip
        for verdict in result["blocked"]:
            screen.line(Text("  – {reason}", "  – {reason}"), reason=verdict["reason"])

    run.answer(result, show)
    return 2 if result["blocked"] else 0


IMPORT_STATES = {"applied": Text("đang có hiệu lực", "applied"), "undone": Text("đã hoàn tác", "undone")}
_WHAT = Text(
    "{entries} mục sổ, {people} người mới, {changed} người được sửa, {units} đơn vị mới, {targets} chỉ tiêu, "
    "{figures} số liệu",
    "{entries} entries, {people} new people, {changed} people changed, {units} new units, {targets} targets, "
    "{figures} figures",
)
WOULD_GO = Text(
    "Hoàn tác lần nhập số {number} ({file}) sẽ bỏ: " + _WHAT.vi + ".",
    "Undoing import {number} ({file}) takes back: " + _WHAT.en + ".",
)
GONE = Text(
    "Đã hoàn tác lần nhập số {number} ({file}): bỏ " + _WHAT.vi + ".",
    "Import {number} ({file}) is undone: " + _WHAT.en + " taken back.",
)


@command(
    "export",
    vi="Xuất toàn bộ ra tệp Excel, nhập lại được.",
    en="Export everything into a workbook that can be imported again.",
)
def export(run: Run, output: Output) -> None:
    from procedures.export import export

    result = export(run.office, Path(output))
    run.answer(result, lambda screen: screen.line(Text("Đã ghi {file}", "Wrote {file}"), file=output))


def show_import(screen: Screen, result: dict[str, Any], *, dry_run: bool) -> None:
    """How many rows of each sheet are new, changed, as before."""
    sheets = list(dict.fromkeys([*result["created"], *result["updated"]]))
    screen.table(
        (column("Trang", "Sheet"), column("Mới", "New", right=True), column("Cập nhật", "Updated", right=True)),
        [(sheet, result["created"].get(sheet, 0), result["updated"].get(sheet, 0)) for sheet in sheets],
        empty=Text("Không có gì mới.", "Nothing new."),
    )
    screen.line(Text("Giữ nguyên: {count} dòng.", "Unchanged: {count} rows."), count=result["unchanged"])
    if result.get("import") is not None:
        screen.line(Text("Lần nhập số {number}.", "Import {number}."), number=result["import"])
    if dry_run:
        screen.line(Text("Chạy thử: chưa ghi gì.", "Dry run: nothing was written."))


class Progress:
    """How far a long import is: a bar on a terminal, a line now and then elsewhere; always on stderr."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.bar: Any = None
        self.task: Any = None
        self.told = -1

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, done: int, total: int, what: str = "") -> None:
        if sys.stderr.isatty():
            if self.bar is None:
                from rich.console import Console
                from rich.progress import Progress as Bar

                self.bar = Bar(console=Console(file=sys.stderr), transient=True)
                self.bar.start()
                self.task = self.bar.add_task(self.run.say(Text("Đang nhập", "Importing")), total=total)
            self.bar.update(self.task, completed=done, total=total)
        elif total >= 2000 and done * 10 // total > self.told:
            self.told = done * 10 // total
            sys.stderr.write(
                self.run.say(Text("Đang nhập: {done}/{total}", "Importing: {done}/{total}"), done=done, total=total)
                + "\n"
            )
