"""Prefect's server: its home, the environment that keeps it on this machine, and whether it answers."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from procedures.errors import Installation, Text

HOST = "127.0.0.1"
DESK_URL = "KETNAP_DESK_URL"  # tells the flows where the desk is
TAKEN = Text(
    "Cổng {port} đang có chương trình khác dùng. Hãy dừng chương trình ấy, hoặc đổi server.{key} trong {config}.",
    "Port {port} is taken by another program. Stop that program, or change server.{key} in {config}.",
)
UNREACHABLE = Text(
    "Không gọi được máy chủ Prefect tại {address}. Hãy chạy `ketnap up`, hoặc xem lại server.port trong config.yaml.",
    "Prefect's server does not answer at {address}. Run `ketnap up`, or check server.port in config.yaml.",
)


@dataclass(frozen=True)
class Place:
    """Where Prefect lives on this machine: its home folder and its port."""

    home: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def api(self) -> str:
        return f"{self.address}/api"

    def make(self) -> None:
        """The folders, readable by their owner alone."""
        for folder in (self.home, self.home / "page", self.home / "log"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)

    def environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """`base` without anybody's Prefect settings, with ours: everything stays on this machine."""
        kept = {name: value for name, value in base.items() if not name.startswith("PREFECT_")}
        return kept | {
            "PREFECT_HOME": str(self.home),
            "PREFECT_API_URL": self.api,
            "PREFECT_PROFILES_PATH": str(self.home / "profiles.toml"),
            "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
            "PREFECT_SERVER_API_HOST": HOST,
            "PREFECT_SERVER_API_PORT": str(self.port),
            "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
            "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": f"{self.address},http://localhost:{self.port}",
            # nothing leaves the machine; V2 of the page makes the browser call an analytics host
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
            "PREFECT_SERVER_UI_V2_ENABLED": "false",
            "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(self.home / "page"),
            # quick to start a run, slow to grow
            "PREFECT_RUNNER_POLL_FREQUENCY": "2",
            "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "3d",
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",  # runs after ninety days
            "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
            "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
            "PREFECT_CLI_PROMPT": "false",
            "PREFECT_CLI_COLORS": "false",
            "NO_COLOR": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def command(self) -> list[str]:
        return [sys.executable, "-m", "flows.server_app"]

    def is_healthy(self) -> bool:
        return answers(f"{self.api}/health")


def answers(address: str, within: float = 2.0) -> bool:
    """Whether a GET on one of our own addresses is answered well."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=within) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def listens(port: int, *hosts: str) -> bool:
    """Whether one of our own listens on a port of one of these addresses (the desk may speak TLS under another name)."""
    for host in hosts:
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=2):
            return True
    return False


def wait_for(place: Place, seconds: float) -> None:
    """Until the server answers; Installation when it does not within `seconds`."""
    until = time.monotonic() + seconds
    while not place.is_healthy():
        if time.monotonic() > until:
            raise Installation(UNREACHABLE, address=place.address)
        time.sleep(0.2)


def require_free(port: int, key: str, config: object) -> None:
    """Installation, naming the port and the setting to change, when another program listens there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise Installation(TAKEN, port=port, key=key, config=config) from None
