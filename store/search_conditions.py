"""What may be asked of people, as plain values: procedures put them together, store.search says them in SQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Named:
    """Every one of these folded words stands in the folded name."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Coded:
    """The code holds this, without regard to case."""

    text: str


@dataclass(frozen=True)
class InUnits:
    """In one of these units."""

    ids: Collection[int]


@dataclass(frozen=True)
class AtSteps:
    """At one of these steps today."""

    steps: Collection[str]


@dataclass(frozen=True)
class DueWithin:
    """Something falls due from `first` to `last`; of probations that are over on these days the review does."""

    first: date | None
    last: date | None
    over_days: Collection[date]


@dataclass(frozen=True)
class Since:
    """Entered their step from `first` to `last`."""

    first: date | None
    last: date | None


@dataclass(frozen=True)
class Valued:
    """An attribute has one of these values on the day; `unknown`: or none."""

    key: str
    values: Collection[str | int]
    unknown: bool = False


@dataclass(frozen=True)
class Ranged:
    """An attribute that is a number lies in one of these ranges, both ends within; `unknown`: or is not known."""

    key: str
    ranges: Collection[tuple[int, int | None]]
    unknown: bool = False


@dataclass(frozen=True)
class Every:
    """All of these."""

    of: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Some:
    """At least one of these."""

    of: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Not:
    """Not this one."""

    of: Any
