"""The flows at work: orphans put right, deployments registered, runs taken as their time comes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from filelock import FileLock, Timeout
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.states import Scheduled

from config import Settings
from flows import orphans
from flows.deployments import CATALOGUE, FIRST, deployments
from flows.processes import MARK, end_all, find_marked, identity
from flows.server import Place, wait_for
from procedures.errors import Installation, Text

ALREADY = Text(
    "Các luồng việc của cơ sở dữ liệu này đang được một tiến trình khác phục vụ.",
    "Another process already serves the flows of this database.",
)
FIRST_TAG = "khởi động"
RUN_MARK = "KETNAP_SERVE"
STOP_SECONDS = 2.5  # for runs at work to end as cancelled
AT_ONCE = 2  # runs at the same time: each is a process of its own


def serve(settings: Settings, place: Place, *, first: bool = False, wait: float = 5.0) -> None:
    """Serves every deployment until SIGTERM or Ctrl-C; `first` runs each once now. Installation without a server."""
    with sole_server(place):
        wait_for(place, wait)
        runner = Served(name="ketnap", pause_on_shutdown=False, limit=AT_ONCE)
        with get_client(sync_client=True) as client:
            orphans.repair(client, [entry.flow.name for entry in CATALOGUE])
            served = deployments(settings)
            asyncio.run(runner.work(served, lambda: begin(client, place, first)))


def begin(client: SyncPrefectClient, place: Place, first: bool) -> None:
    """The flows are registered: asks for the first runs, and says so to whoever waits for us."""
    if first:
        run_first(client)
    (place.home / "serving").write_text(identity())


class Served(Runner):
    """Prefect's runner with one way to stop that waits for nothing: runs at work are cancelled, then ended."""

    async def work(self, served: Sequence[RunnerDeployment], begin: Callable[[], None]) -> None:
        """Registers, begins, takes runs until SIGTERM or SIGINT (ignored in a process that a script started with &)."""
        await asyncio.gather(*(self.aadd_deployment(deployment) for deployment in served))
        await asyncio.to_thread(begin)
        self.stop_asked = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        mark = os.environ[RUN_MARK] = secrets.token_hex(16)  # runs inherit it, so that none outlives us
        signal.signal(signal.SIGINT, self.handle_sigterm)
        serving = asyncio.create_task(self.start())
        asked = asyncio.create_task(self.stop_asked.wait())
        await asyncio.wait({serving, asked}, return_when=asyncio.FIRST_COMPLETED)
        if not serving.done():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.astop(), STOP_SECONDS)
        end_all(find_marked(mark, RUN_MARK), 0.5)
        asked.cancel()
        serving.cancel()
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(serving, 1)

    def handle_sigterm(self, *_: Any, **__: Any) -> None:
        """Replaces Prefect's, which starts to cancel the runs and exits before it has done so."""
        self.loop.call_soon_threadsafe(self.stop_asked.set)


def run_first(client: SyncPrefectClient) -> None:
    """One run of each deployment now, in an order in which each finds what the one before it made."""
    left = {"tags": {"all_": [FIRST_TAG]}, "state": {"type": {"any_": [StateType.SCHEDULED]}}}
    for run in client.read_flow_runs(flow_run_filter=FlowRunFilter.model_validate(left)):
        client.delete_flow_run(run.id)  # a start that was stopped before they ran; these here do the same
    now = datetime.now(UTC)
    once = os.environ.get(MARK) or now.isoformat()
    for seconds, name in FIRST:
        deployment = client.read_deployment_by_name(f"{name}/{name}")
        client.create_flow_run_from_deployment(
            deployment.id,
            state=Scheduled(scheduled_time=now + timedelta(seconds=seconds)),
            idempotency_key=f"first {name} {once}",
            tags=[FIRST_TAG],
        )


@contextlib.contextmanager
def sole_server(place: Place) -> Iterator[None]:
    """One process at a time serves a home: only then is a run without a living process surely an orphan."""
    try:
        lock = FileLock(place.home / "serve.lock", mode=0o600).acquire(timeout=0)
    except Timeout:
        raise Installation(ALREADY) from None
    with lock:
        yield
