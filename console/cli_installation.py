"""init, backup, restore, seal, verify: the database itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from console.cli_jobs import show_counts
from console.command import argument, command, option
from console.output import Screen, column
from console.run import Run
from states.errors import Refused
from states.wording import Text


@command(
    "init", vi="Tạo cơ sở dữ liệu, hoặc nâng cấp cái đang có.", en="Create the database, or upgrade the one there is."
)
def init(run: Run) -> None:
    from procedures.initialise import init

    result = init(run.office)
    said = (
        Text("Đã tạo cơ sở dữ liệu (phiên bản {revision}).", "Created the database (revision {revision}).")
        if result["created"]
        else Text("Cơ sở dữ liệu đã ở phiên bản {revision}.", "The database is at revision {revision}.")
    )
    run.answer(result, lambda screen: screen.line(said, revision=result["revision"]))


@command("backup", vi="Sao lưu ra một tệp.", en="Back up into a file.")
def backup(
    run: Run,
    output: Annotated[
        str | None,
        option(
            "--output",
            "-o",
            vi="Tệp sao lưu (mặc định: cạnh cơ sở dữ liệu).",
            en="The file (default: beside the database).",
            metavar="TỆP",
        ),
    ] = None,
) -> None:
    from procedures.backup import backup

    result = backup(run.office, Path(output) if output else None)
    run.answer(
        result,
        lambda screen: screen.line(
            Text("Đã sao lưu: {file}", "Backed up: {file}"), file=result.get("file") or result.get("path")
        ),
    )


@command("restore", vi="Khôi phục từ tệp sao lưu.", en="Restore from a backup.")
def restore(run: Run, file: Annotated[str, argument("TỆP", vi="Tệp sao lưu.", en="The backup file.")]) -> None:
    from procedures.restore import restore

    result = restore(run.office, Path(file))
    run.answer(result, lambda screen: screen.line(Text("Đã khôi phục từ {file}", "Restored from {file}"), file=file))


@command(
    "seal",
    vi="Niêm phong: ghi dấu đầu mọi chuỗi ra ngoài cơ sở dữ liệu.",
    en="Seal: anchor the heads of all chains outside the database.",
)
def seal(run: Run) -> None:
    from procedures.seal import seal

    result = seal(run.office)
    run.answer(result, lambda screen: show_counts(screen, result))


@command(
    "verify",
    vi="Kiểm tra sổ: có mục nào bị sửa, thiếu, đảo hay cắt không.",
    en="Check the journal: anything edited, missing, reordered, truncated.",
)
def verify(run: Run) -> int:
    from procedures.verify import verify

    result = verify(run.office)
    if not result["ok"]:
        said = Text("Sổ có {count} chỗ hỏng.", "The journal is broken in {count} places.")
        result = {**result, "error": {"kind": "broken", "message": run.say(said, count=len(result["broken"]))}}
    run.answer(result, lambda screen: show_verify(screen, result))
    return 0 if result["ok"] else Refused.exit_code


def show_verify(screen: Screen, result: dict[str, Any]) -> None:
    """Whole, or every broken place."""
    if result["ok"]:
        screen.line(
            Text("Sổ nguyên vẹn: {entries} mục.", "The journal is whole: {entries} entries."), entries=result["entries"]
        )
        return
    screen.heading(result["error"]["message"])
    screen.table(
        (column("Người", "Person"), column("Mục", "Entry"), column("Hỏng thế nào", "What is wrong", wrap=True)),
        [(one["code"], one["entry"], one["reason"]) for one in result["broken"]],
    )
