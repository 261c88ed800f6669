"""Claim a job for its business day, so that two runs never work on it at once; settle it when the work ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from procedures.office import Office
from store import claims


def claim(office: Office, job: str, scope: str = "", *, owner: str, lives: Callable[[str], bool]) -> bool:
    """Whether `owner` (a process) holds the job now. A finished job may be done again: it does what is due since.

    A holder that no longer `lives` loses it at once; one that cannot be asked keeps it until its claim expires.
    """
    with office.database.writing() as connection:
        held, now = (job, office.today, scope), office.now()
        if claims.claim(connection, *held, owner=owner, now=now, again=True):
            return True
        standing = claims.find_claim(connection, *held)
        if standing is None or lives(standing["owner"]):
            return False
        claims.release(connection, *held, owner=standing["owner"], now=now)
        return claims.claim(connection, *held, owner=owner, now=now, again=True)


def settle(office: Office, job: str, scope: str = "", *, owner: str, result: Mapping[str, Any] | None) -> None:
    """The work has ended: done with `result` (numbers only), or given back unfinished when it is None."""
    with office.database.writing() as connection:
        held, now = (job, office.today, scope), office.now()
        if result is None:
            claims.release(connection, *held, owner=owner, now=now)
        else:
            claims.finish(connection, *held, owner=owner, now=now, result=dict(result))
