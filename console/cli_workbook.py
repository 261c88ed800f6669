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
    vi="Nhập tệp Excel: được hết hoặc không ghi gì; nhập lại tệp cũ không đổi gì.",
    en="Import a workbook: all or nothing; the same file again changes nothing.",
)
def import_(
    run: Run,
    file: Annotated[str, argument("TỆP", vi="Tệp .xlsx.", en="The .xlsx file.")],
    dry_run: Annotated[
        bool, option("--dry-run", vi="Chỉ kiểm tra, không ghi.", en="Check only, write nothing.")
    ] = False,
) -> int:
    from procedures.import_workbook import import_workbook

    try:
        with Progress(run) as progress:
            result = import_workbook(run.office, Path(file), dry_run=dry_run, progress=progress)
    except BadInput as problem:
        if "errors" in problem.details:
            problem.details = {"created": {}, "updated": {}, "unchanged": 0, **problem.details}
        raise
    run.answer(result, lambda screen: show_import(screen, result, dry_run=dry_run))
    return 0


@command(
    "export",
    vi="Xuất toàn bộ ra tệp Excel, nhập lại được.",
    en="Export everything into a workbook that can be imported again.",
)
def export(run: Run, output: Output) -> None:
    from procedures.export import export

    result = export(run.office, Path(output)) or {"file": output}
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
