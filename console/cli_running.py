"""up, flows: start `python -m flows …` as the process that runs; the command line itself never loads Prefect."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, NoReturn

from console.command import argument, command, option
from console.options import SomePeriod
from console.run import Run
from states.errors import Unknown
from states.wording import Text

FLOWS = ("reminders", "delivery", "rollup", "escalation", "housekeeping")


@command(
    "up",
    vi="Chạy tất cả trên máy này: bàn làm việc trên web, lịch nhắc việc, tổng hợp, đôn đốc. Dừng bằng Ctrl-C.",
    en="Run everything on this machine: the web console, reminders, roll-ups, escalation. Ctrl-C stops it.",
)
def up(
    run: Run,
    example: Annotated[
        str | None,
        option(
            "--example",
            vi="Một ví dụ trong examples/; lần đầu tự tạo và nhập dữ liệu.",
            en="One of examples/; the first start creates and imports it.",
            metavar="TÊN",
        ),
    ] = None,
    office: Annotated[
        str | None,
        option(
            "--office",
            vi="Thư mục của một văn phòng; lần đầu tạo cấu hình trống.",
            en="An office's folder; the first start writes an empty config.",
            metavar="THƯ_MỤC",
        ),
    ] = None,
) -> int:
    if example:
        run.config = str(example_config(example))
    elif office:
        run.config = str(office_config(Path(office)))
    prepare(run, Path(run.config).parent if example and run.config else None)
    start(run, ["up"])


@command(
    "console",
    vi="Chỉ mở bàn làm việc trên web; lần đầu tạo tài khoản quản trị. Dừng bằng Ctrl-C.",
    en="The web console alone; the first time it creates the administrator. Ctrl-C stops it.",
)
def console(
    run: Run,
    port: Annotated[
        int | None,
        option("--port", vi="Cổng; mặc định là server.status_port.", en="Port; server.status_port by default."),
    ] = None,
) -> int:
    from procedures.accounts import first_admin

    prepare(run, None)
    server = run.office.settings.server
    first = first_admin(run.office)
    if first:
        said = Text(
            "Đăng nhập lần đầu: tài khoản {username}, mật khẩu {password} "
            "(chỉ hiện một lần, dùng được trong {days} ngày; vào rồi sẽ đặt mật khẩu mới).",
            "First sign-in: account {username}, password {password} "
            "(shown once, holds for {days} days; you will choose a new one).",
        )
        days = run.office.settings.desk.one_time_password_days
        sys.stderr.write(run.say(said, username=first[0], password=first[1], days=days) + "\n")
    address = server.desk if port is None else server.desk.rpartition(":")[0] + f":{port}"
    sys.stderr.write(run.say(Text("Bàn làm việc: {address}", "The desk: {address}"), address=address) + "\n")
    words = ["--port", str(port or server.status_port), "--prefect", f"http://127.0.0.1:{server.port}"]
    become([sys.executable, "-m", "console.desk", *words], run)


@command(
    "flows serve",
    vi="Chỉ phục vụ các luồng định kỳ, với máy chủ Prefect đã có.",
    en="Serve the flows only, with a Prefect server that is there.",
)
def flows_serve(run: Run) -> int:
    start(run, ["serve"])


@command("flows run", vi="Chạy ngay một luồng.", en="Run one flow now.")
def flows_run(
    run: Run, name: Annotated[str, argument("TÊN", vi="Tên luồng.", en="The flow's name.")], period: SomePeriod = None
) -> int:
    if name not in FLOWS:
        text = Text("Không có luồng “{name}”. Có: {known}", "There is no flow “{name}”. There are: {known}")
        raise Unknown(text, name=name, known=", ".join(FLOWS))
    start(run, ["run", name, *(["--period", period] if period else [])])


def example_config(name: str) -> Path:
    """The config of one of the shipped examples."""
    folder = Path(__file__).resolve().parent.parent / "examples"
    config = folder / name / "config.yaml"
    if not config.is_file():
        known = ", ".join(sorted(one.parent.name for one in folder.glob("*/config.yaml")))
        raise Unknown(
            Text("Không có ví dụ “{name}”. Có: {known}", "There is no example “{name}”. There are: {known}"),
            name=name,
            known=known,
        )
    return config


def office_config(folder: Path) -> Path:
    """The config of an office of one's own, written when there is none yet."""
    config = folder / "config.yaml"
    if not config.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        config.write_text(
            "# Cấu hình của văn phòng này; mọi mục có thể đặt: docs/settings.md\n"
            "database: ketnap.db  # tính từ thư mục này\n",
            encoding="utf-8",
        )
    return config


def prepare(run: Run, folder: Path | None) -> None:
    """Create or upgrade the database; an empty one of an example gets every workbook of its folder, in order of name.

    Where the example has target rules, they are written as targets.
    """
    from procedures.import_workbook import import_workbook
    from procedures.initialise import init
    from procedures.target_rules import preview_target_rules
    from procedures.units import list_units

    init(run.office)
    if folder is None or list_units(run.office)["items"]:
        return
    for workbook in sorted(folder.glob("*.xlsx")):
        sys.stderr.write(run.say(Text("Nhập {file} …", "Importing {file} …"), file=workbook.name) + "\n")
        import_workbook(run.office, workbook)
    if run.office.settings.target_rules:
        preview_target_rules(run.office, apply=True)


def start(run: Run, words: list[str]) -> NoReturn:
    """Become `python -m flows …`."""
    told = [sys.executable, "-m", "flows", *words]
    for name in ("config", "today", "lang"):
        if getattr(run, name):
            told += [f"--{name}", getattr(run, name)]
    if run.json:
        told.append("--json")
    become(told, run)


def become(told: list[str], run: Run) -> NoReturn:
    """Become another program of ours, so that every signal reaches it directly; it finds the options in its environment."""
    given = {f"KETNAP_{name.upper()}": getattr(run, name) for name in ("config", "today", "lang")}
    environment = os.environ | {name: value for name, value in given.items() if value}
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":  # there `execv` starts another process and gives the terminal back
        raise SystemExit(subprocess.call(told, env=environment))
    os.execve(told[0], told, environment)
