"""`python -m console.desk --port 4280 --prefect http://127.0.0.1:4200`: the desk alone, on this machine."""

from __future__ import annotations

import argparse
import functools
import sys
from datetime import date

import pendulum
import uvicorn

from console.desk.app import LOCAL_NAMES, make_app
from console.desk.words import ZONE
from procedures.accounts import has_own_passwords
from procedures.office import Office
from states.wording import Text

NOT_YET = Text(
    "Chưa ai đặt mật khẩu của mình, nên bàn làm việc chỉ mở cho máy này (server.listen: {listen} có hiệu lực từ lần mở sau).",
    "Nobody has chosen a password yet, so the desk is open to this machine alone (server.listen: {listen} holds from the next start).",
)


@functools.lru_cache(maxsize=1)
def _office(machine_day: date) -> Office:
    """The office; opened anew when the machine's day changes, because the business day may change with it."""
    return Office.open()


def open_office() -> Office:
    """The office of today."""
    return _office(pendulum.now(ZONE).date())


def host(office: Office) -> str:
    """Where to listen: this machine alone until somebody has chosen a password of their own."""
    wanted = office.settings.server.listen
    if wanted in LOCAL_NAMES or has_own_passwords(office):
        return wanted
    print(NOT_YET.say(office.lang, listen=wanted), file=sys.stderr, flush=True)
    return "127.0.0.1"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="desk", description="Bàn làm việc của cán bộ")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--prefect", required=True, help="địa chỉ trang Prefect")
    given = parser.parse_args(arguments)
    office = open_office()
    server = office.settings.server
    secure = {"ssl_certfile": server.certificate, "ssl_keyfile": server.key} if server.certificate else {}
    uvicorn.run(
        make_app(open_office, given.prefect), host=host(office), port=given.port, log_level="warning",
        server_header=False, access_log=False, timeout_graceful_shutdown=2, **secure,  # type: ignore[arg-type]
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
