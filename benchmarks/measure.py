"""Timing pairs: ours and the floor, alternating, medians; and how a line of the result reads."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Result:
    """One comparison. `bound` is what must be reached: at most for a ratio, at least where `at_least`."""

    name: str
    ours: float
    floor: float
    bound: float
    unit: str = "s"
    at_least: bool = False
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours over the floor; the floor over ours where we must be faster."""
        return self.floor / self.ours if self.at_least else self.ours / self.floor

    @property
    def reached(self) -> bool:
        """Whether the bound holds in this run."""
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound

    def line(self) -> str:
        """One line of the table."""
        sign = "≥" if self.at_least else "≤"
        verdict = "reached" if self.reached else "NOT REACHED"
        return (
            f"{self.name:<58} {self.ours:>10.4f} {self.floor:>10.4f} {self.unit:<3} {self.ratio:>6.2f}× "
            f"{sign} {self.bound:<4g} {verdict}{'  ' + self.note if self.note else ''}"
        )


def seconds(work: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> float:
    """Wall-clock seconds of one run (or those of another `clock`), the collector out of the way."""
    gc.collect()
    gc.disable()
    try:
        start = clock()
        work()
        return clock() - start
    finally:
        gc.enable()


def pair(ours: Callable[[], Any], floor: Callable[[], Any], rounds: int = 5) -> tuple[float, float]:
    """Medians of both, run in turns so that the machine's mood hits both."""
    a, b = [], []
    for _ in range(rounds):
        b.append(seconds(floor))
        a.append(seconds(ours))
    return statistics.median(a), statistics.median(b)
