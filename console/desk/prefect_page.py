"""Prefect's server as the desk knows it: asked over HTTP on this machine for its runs, and told to start one."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any

from states.errors import Installation
from states.wording import Text

SECONDS = 4.0
UNREACHABLE = Text(
    "Máy chủ Prefect tại {address} không trả lời. Hãy chạy `ketnap up`, hoặc bấm «Làm ngay mọi việc đến hạn».",
    "Prefect's server at {address} does not answer. Run `ketnap up`, or press “Do everything due now”.",
)
NOT_SERVED = Text(
    "Máy chủ Prefect chưa có luồng «{name}». Hãy chạy `ketnap up` hoặc `ketnap flows serve`.",
    "Prefect's server does not know the flow “{name}”. Run `ketnap up` or `ketnap flows serve`.",
)
# Prefect's states in our words; one we do not know says itself.
STATES = {
    "SCHEDULED": ("quiet", Text("đã xếp lịch", "scheduled")),
    "PENDING": ("info", Text("sắp chạy", "about to run")),
    "RUNNING": ("info", Text("đang chạy", "running")),
    "COMPLETED": ("ok", Text("xong", "done")),
    "FAILED": ("late", Text("không xong", "failed")),
    "CRASHED": ("late", Text("bị cắt ngang", "cut off")),
    "CANCELLED": ("quiet", Text("đã hủy", "cancelled")),
    "CANCELLING": ("quiet", Text("đang hủy", "being cancelled")),
    "PAUSED": ("near", Text("tạm dừng", "paused")),
}


class Prefect:
    """The server behind one address of this machine; Installation where it does not answer."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
        self._client = secrets.token_hex(8)
        self._token: str | None = None

    def run_page(self, run_id: str) -> str:
        """The address of a run's own page."""
        return f"{self.address}/runs/flow-run/{run_id}"

    def latest_runs(self, lang: str, limit: int = 15) -> list[dict[str, Any]]:
        """The runs that began last: {id, name, kind, state, started_at, ended_at, page}."""
        asked = {
            "sort": "START_TIME_DESC",
            "limit": limit,
            "flow_runs": {"state": {"type": {"not_any_": ["SCHEDULED"]}}},
        }
        return [self._shown(row, lang) for row in self._ask("/api/flow_runs/filter", asked)]

    def start(self, name: str) -> str:
        """Start the deployment of a flow now; the run's id."""
        try:
            deployment = self._ask(f"/api/deployments/name/{name}/{name}")
        except urllib.error.HTTPError as error:
            if error.code == 404:
                raise Installation(NOT_SERVED, name=name) from None
            raise self._unreachable() from None
        return str(self._ask(f"/api/deployments/{deployment['id']}/create_flow_run", {})["id"])

    def _shown(self, row: dict[str, Any], lang: str) -> dict[str, Any]:
        kind, words = STATES.get(row.get("state_type") or "", ("quiet", None))
        return {
            "id": row["id"],
            "name": row["name"],
            "kind": kind,
            "state": words.say(lang) if words else row.get("state_name"),
            "started_at": _moment(row.get("start_time")),
            "ended_at": _moment(row.get("end_time")),
            "page": self.run_page(row["id"]),
        }

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Content-Type": "application/json"}
        if body is not None and (token := self._csrf()):
            headers |= {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": self._client}
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, content, headers)
        try:
            with self._open(request, timeout=SECONDS) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                raise
            raise self._unreachable() from None
        except (urllib.error.URLError, OSError, ValueError):
            raise self._unreachable() from None

    def _csrf(self) -> str | None:
        if self._token is None:
            try:
                self._token = self._ask(f"/api/csrf-token?client={self._client}")["token"]
            except urllib.error.HTTPError:  # the server was started without it
                self._token = ""
        return self._token

    def _unreachable(self) -> Installation:
        return Installation(UNREACHABLE, address=self.address)


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
