"""Tick: everything that is due as of now, in its order, without Prefect. Safe to run at any time and again."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from procedures import access
from procedures.claim import claim, settle
from procedures.deliver import deliver
from procedures.escalate import escalate
from procedures.mature import mature
from procedures.office import Office
from procedures.recompute_clocks import recompute_clocks
from procedures.remind import remind
from procedures.roll_up import roll_up
from procedures.seal import seal
from procedures.silent_units import tell_silent_units
from procedures.target_rules import apply_target_rules
from states.errors import Installation, KetnapError

TICK = "tick"
# Escalation comes before the letters: what it plans goes out in the same tick, and the next one finds nothing.
JOBS: Mapping[str, Callable[[Office], dict[str, Any]]] = {
    "mature": mature,
    "recompute_clocks": recompute_clocks,
    "remind": remind,
    "target_rules": lambda office: dict(apply_target_rules(office)),
    "escalate": lambda office: dict(escalate(office)),
    "silent_units": lambda office: dict(tell_silent_units(office)),
    "deliver": deliver,
    "roll_up": roll_up,
    "seal": lambda office: dict(seal(office)),
}


def tick(office: Office) -> dict[str, Any]:
    """{name of the job: its counts}. A second run finds nothing: everything but `unchanged` is 0.

    The claim it leaves says when all was last well; it bars nobody: two ticks at once find each other's work done.
    A job that is refused does not keep the others from their work; its error is raised when they are done.
    """
    access.require_whole(office, "run_jobs")
    owner = secrets.token_hex(8)
    claim(office, TICK, owner=owner, lives=lambda _: False)
    done: dict[str, Any] = {}
    refused: list[KetnapError] = []
    for name, job in JOBS.items():
        try:
            done[name] = job(office)
        except Installation:
            raise
        except KetnapError as error:
            error.details.setdefault("job", name)
            refused.append(error)
    counts = {f"{job}: {name}": n for job, counted in done.items() for name, n in counted.items() if isinstance(n, int)}
    settle(office, TICK, owner=owner, result=None if refused else counts)
    if refused:
        refused[0].details["done"] = done
        raise refused[0]
    return done
