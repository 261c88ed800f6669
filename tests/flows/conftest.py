"""One installation of the shipped example, and one `up` of it on free ports that every test of this folder shares."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.processes import end_all, find_marked
from flows.server import Place

ROOT = Path(__file__).parents[2]
HOME = Path(tempfile.mkdtemp(prefix="ketnap-flows-"))
# Before anything imports prefect in this process: no server of its own, nothing in the user's home.
os.environ |= {k: v for k, v in Place(HOME, 1).environment({}).items() if k.startswith(("PREFECT_", "DO_NOT"))}

LINES = """
business_day: 2025-12-01
database: var/ketnap.db
schedules: {{delivery: {{cron: "* * * * *"}}}}
server: {{port: {port}, status_port: {status_port}}}
"""


def pytest_sessionfinish() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(found: Callable[[], Any], seconds: float = 90, every: float = 0.3) -> Any:
    """What `found` gives once it is something; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, "waited too long"
        time.sleep(every)
    return value


@dataclass
class Installation:
    """A folder with a config.yaml and a database of its own."""

    folder: Path
    port: int
    status_port: int

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def database(self) -> Path:
        return self.folder / "var" / "ketnap.db"

    @property
    def place(self) -> Place:
        return Place(self.folder / "var" / "ketnap.prefect", self.port)

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "KETNAP_"))}
        return kept | {"KETNAP_CONFIG": str(self.config)}

    def flows(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`python -m flows …`, waited for."""
        command = [sys.executable, "-m", "flows", *words]
        return subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False
        )

    def up(self) -> Up:
        return Up(self)


class Up:
    """A running `up`."""

    def __init__(self, installation: Installation) -> None:
        self.installation, self.said_to = installation, installation.folder / "up.err"
        started = time.monotonic()
        with self.said_to.open("ab") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flows", "up", "--json"],
                env=installation.environment,
                cwd=installation.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=err,
                text=True,
            )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.said_to.read_text()
        self.ready: dict[str, str] = json.loads(line)
        self.seconds = time.monotonic() - started
        self.token: str = json.loads((installation.place.home / "up.json").read_text())["token"]

    def children(self) -> list[int]:
        return find_marked(self.token)

    def kill(self) -> None:
        """kill -9 of it and of everything it started."""
        self.process.kill()
        self.process.wait()
        while pids := self.children():
            for pid in pids:
                try:
                    os.kill(pid, 9)
                except ProcessLookupError:
                    continue
            time.sleep(0.05)

    def terminate(self) -> tuple[int, float]:
        """SIGTERM: its exit code and how many seconds it took."""
        started = time.monotonic()
        self.process.terminate()
        return self.process.wait(30), time.monotonic() - started


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """The six people of the shipped example, in a database of their own."""
    folder = Path(tempfile.mkdtemp(prefix="ketnap-up-"))
    made = Installation(folder, free_port(), free_port())
    made.config.write_text(LINES.format(port=made.port, status_port=made.status_port), encoding="utf-8")
    fill = (
        "import sys\nfrom procedures.office import Office\nfrom procedures.import_workbook import import_workbook\n"
        "office = Office.open()\noffice.database.init()\nimport_workbook(office, sys.argv[1])\n"
    )
    workbook = ROOT / "examples" / "chi_bo_2025" / "chi_bo_2025.xlsx"
    subprocess.run([sys.executable, "-c", fill, str(workbook)], env=made.environment, cwd=folder, check=True)
    yield made
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def machine(installation: Installation) -> Iterator[list[Up]]:
    """The one `up` of the session; a test that replaces it puts the new one last."""
    ups = [installation.up()]
    yield ups
    print(ups[-1].said_to.read_text())
    for one in ups:
        if one.process.poll() is None:
            one.terminate()
        end_all(one.children())


@pytest.fixture
def running(machine: list[Up]) -> Up:
    return machine[-1]


@pytest.fixture
def client(installation: Installation, running: Up) -> Iterator[Any]:
    """Prefect's own client on our server."""
    from prefect.client.orchestration import SyncPrefectClient

    with SyncPrefectClient(installation.place.api) as made:
        yield made
