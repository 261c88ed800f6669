"""The catalogue of deployments: each flow with its schedules, their stable slugs and what an officer reads about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prefect import Flow
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType

from config import Settings
from flows.delivery import delivery
from flows.escalation import escalation
from flows.housekeeping import housekeeping
from flows.reminders import reminders
from flows.rollup import rollup

ZONE = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True)
class Entry:
    """One deployment, named as its flow; `schedules`: name in config.yaml (the slug) -> parameters of its runs."""

    flow: Flow[Any, Any]
    schedules: dict[str, dict[str, Any]]
    tags: tuple[str, ...]


CATALOGUE = (
    Entry(reminders, {"reminders": {}}, ("nhắc hạn",)),
    Entry(delivery, {"delivery": {}}, ("gửi thư",)),
    Entry(rollup, {"rollup_quarter": {"period": "last_quarter"}, "rollup_month": {"period": "open"}}, ("tổng hợp",)),
    Entry(escalation, {"escalation": {}}, ("đôn đốc",)),
    Entry(housekeeping, {"housekeeping": {}}, ("niêm phong", "sao lưu")),
)
# Seconds after the start: reminders and cases come before the letters that carry them.
FIRST = ((0, "reminders"), (0, "escalation"), (12, "rollup"), (12, "delivery"), (24, "housekeeping"))


def get_flow(name: str) -> Flow[Any, Any]:
    return next(entry.flow for entry in CATALOGUE if entry.flow.name == name)


def deployments(settings: Settings) -> list[RunnerDeployment]:
    """What is served, with the schedules of this installation; one that it sets to null does not run."""
    return [
        RunnerDeployment.from_flow(
            entry.flow,
            name=entry.flow.name,
            schedules=schedules(entry, settings),
            tags=["ketnap", *entry.tags],
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for entry in CATALOGUE
    ]


def schedules(entry: Entry, settings: Settings) -> list[Schedule]:
    return [
        Cron(settings.schedules[name].cron, timezone=ZONE, slug=name.replace("_", "-"), parameters=parameters)
        for name, parameters in entry.schedules.items()
        if settings.schedules.get(name)
    ]
