"""Runs that a stopped or killed process left behind: without this they stay Running for ever and keep their slot."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Crashed

from flows.processes import is_alive

AT_WORK = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
PAGE = 200


def find_orphans(client: SyncPrefectClient, flow_names: Collection[str]) -> list[FlowRun]:
    """Our runs at work that no living process owns. Ask before serving: in its first second a run has no owner yet."""
    found: list[FlowRun] = []
    ours = FlowFilter(name=FlowFilterName(any_=list(flow_names)))
    at_work = FlowRunFilter.model_validate({"state": {"type": {"any_": AT_WORK}}})
    while page := client.read_flow_runs(
        flow_filter=ours, flow_run_filter=at_work, sort=FlowRunSort.ID_DESC, limit=PAGE, offset=len(found)
    ):
        found += page
    return [run for run in found if not is_alive(run.infrastructure_pid or "")]


def repair(client: SyncPrefectClient, flow_names: Collection[str]) -> int:
    """Sets them to Crashed, which frees their concurrency slots; returns how many there were."""
    orphans = find_orphans(client, flow_names)
    for run in orphans:
        told: State[Any] = Crashed(message="Tiến trình đã dừng giữa chừng; lượt sau làm tiếp phần còn lại.")
        client.set_flow_run_state(run.id, told)
        if client.read_flow_run(run.id).state_type in AT_WORK:
            client.set_flow_run_state(run.id, told, force=True)
    return len(orphans)
