"""`python -m flows up | serve | run NAME`: the programs behind `ketnap up` and `ketnap flows`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from flows.server import Place, wait_for
from procedures.errors import KetnapError, Text
from procedures.office import Office

NAMES = ("reminders", "delivery", "rollup", "escalation", "housekeeping")
SERVING = Text(
    "Đang phục vụ các luồng việc qua {address}. Dừng: Ctrl-C.", "Serving the flows at {address}. Stop: Ctrl-C."
)


def main(arguments: list[str] | None = None) -> int:
    """The exit code; expected failures are said in one sentence."""
    given = parser().parse_args(arguments)
    lang = given.lang or "vi"
    try:
        return run(given)
    except KetnapError as error:
        if given.json:
            print(json.dumps({"error": {"kind": error.kind, "message": error.say(lang)}}, ensure_ascii=False))
        print(error.say(lang), file=sys.stderr)
        return error.exit_code


def parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--config", type=Path, help="tệp config.yaml")
    shared.add_argument("--today", help="ngày làm việc (dd/mm/yyyy hoặc yyyy-mm-dd)")
    shared.add_argument("--lang", choices=("vi", "en"))
    shared.add_argument("--json", action="store_true", help="in một tài liệu JSON ra stdout")
    made = argparse.ArgumentParser(prog="flows", description="Phần lịch chạy của ketnap")
    commands = made.add_subparsers(dest="command", required=True)
    commands.add_parser("up", parents=[shared], help="chạy tất cả trên máy này")
    serving = commands.add_parser("serve", parents=[shared], help="chỉ phục vụ các luồng việc")
    serving.add_argument("--wait", type=float, default=5.0, help="đợi máy chủ Prefect bao nhiêu giây")
    serving.add_argument("--first", action="store_true", help="chạy ngay mỗi luồng một lượt")
    once = commands.add_parser("run", parents=[shared], help="chạy một luồng ngay tại đây")
    once.add_argument("name", choices=NAMES)
    once.add_argument("--period", help="kỳ (chỉ cho rollup), ví dụ 2020-Q2")
    return made


def run(given: argparse.Namespace) -> int:
    if given.config:  # children and flow runs find the same installation
        os.environ["KETNAP_CONFIG"] = str(given.config.absolute())
    if given.today:
        os.environ["KETNAP_TODAY"] = given.today
    if given.lang:
        os.environ["KETNAP_LANG"] = given.lang
    office = Office.open()
    if given.command == "up":
        from flows.up import up

        up(office, as_json=given.json)
        return 0
    place = Place(office.database.beside("prefect"), office.settings.server.port)
    place.make()
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        del os.environ[name]
    os.environ.update(place.environment())  # before the first import of prefect, which reads it
    if given.command == "serve":
        return serve(given, office, place)
    return run_one(given, place)


def serve(given: argparse.Namespace, office: Office, place: Place) -> int:
    from flows.serving import serve as serve_all

    print(SERVING.say(office.lang, address=place.address), file=sys.stderr)
    serve_all(office.settings, place, first=given.first, wait=given.wait)
    return 0


def run_one(given: argparse.Namespace, place: Place) -> int:
    """One run of a flow in this process, recorded by the server; 0 when it ended well."""
    wait_for(place, 3.0)
    from flows.deployments import get_flow

    parameters = {"period": given.period} if given.period else {}
    state: Any = get_flow(given.name)(**parameters, return_state=True)
    shown = {"flow": given.name, "state": state.name, "message": state.message}
    print(json.dumps(shown, ensure_ascii=False) if given.json else f"{given.name}: {state.message or state.name}")
    return 0 if state.is_completed() else 1


if __name__ == "__main__":
    sys.exit(main())
