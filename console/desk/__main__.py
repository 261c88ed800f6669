"""`python -m console.desk --port 4280 --prefect http://127.0.0.1:4200`: the desk alone, on this machine."""

from __future__ import annotations

import argparse
import functools
import sys
from datetime import date

import pendulum
import uvicorn

from console.desk.app import make_app
from console.desk.words import ZONE
from procedures.office import Office


@functools.lru_cache(maxsize=1)
def _office(machine_day: date) -> Office:
    """The office; opened anew when the machine's day changes, because the business day may change with it."""
    return Office.open()


def open_office() -> Office:
    """The office of today."""
    return _office(pendulum.now(ZONE).date())


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="desk", description="Bàn làm việc của cán bộ")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--prefect", required=True, help="địa chỉ trang Prefect")
    given = parser.parse_args(arguments)
    server = open_office().settings.server
    secure = {"ssl_certfile": server.certificate, "ssl_keyfile": server.key} if server.certificate else {}
    uvicorn.run(
        make_app(open_office, given.prefect), host=given.host, port=given.port, log_level="warning",
        server_header=False, access_log=False, timeout_graceful_shutdown=2, **secure,  # type: ignore[arg-type]
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
