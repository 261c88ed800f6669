"""Deliver: reserve the letters, carry them, confirm. Whatever a crash leaves, the next run finishes without doubling."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from procedures import access
from procedures.channels import Channel, Failed, open_channels
from procedures.letter import Digest, digest
from procedures.office import Office
from store import letters
from store.case_notices import take_back_reserved
from store.letters import CaseItem, ClockItem, Outcome, StandingItem, WaitingLetter
from store.notices_ledger import withdraw_untrue
from store.unit_names import load_unit_names

BATCH = 200  # letters between two confirmations
Item = TypeVar("Item", ClockItem, CaseItem, StandingItem)


def deliver(office: Office) -> dict[str, Any]:
    """Send every planned notice in its recipient's digest of the working day: {sent, failed, unchanged} letters.

    A failed letter is tried again at the next run through the channels it has not gone through. On a day off the
    digest is that of the working day before.
    """
    access.require_whole(office, "run_jobs")
    channels = open_channels(office)
    day = office.calendar.working_day_on_or_before(office.today)
    counts = {"sent": 0, "failed": 0, "withdrawn": 0, "unchanged": 0}
    with letters.delivering(office.database):
        with office.database.reading() as connection:
            counts["unchanged"] = letters.count_sent(connection, day)
        if not channels:
            return counts
        _find_carried(office, channels)
        _reserve(office, day)
        with office.database.reading() as connection:
            waiting = letters.waiting_letters(connection)
        # What goes out of the machine is confirmed one by one: it cannot be seen afterwards whether it went.
        size = BATCH if all(one.leaves_trace for one in channels) else 1
        for start in range(0, len(waiting), size):
            some = waiting[start : start + size]
            said = _contents(office, some)
            outcomes = [_carry(letter, said[letter.id], channels) for letter in some if letter.id in said]
            empty = [letter.id for letter in some if letter.id not in said]
            _confirm(office, outcomes, empty)
            failed = sum(1 for one in outcomes if one.failure)
            counts["failed"] += failed
            counts["sent"] += len(outcomes) - failed
            counts["withdrawn"] += len(empty)
    return counts


def _find_carried(office: Office, channels: Sequence[Channel]) -> None:
    """Write down what a run that crashed had sent already."""
    with office.database.reading() as connection:
        waiting = letters.waiting_letters(connection)
    for channel in channels:
        found = [one.id for one in waiting if channel.name not in one.channels and channel.has_carried(one)]
        if found:
            with office.database.writing() as connection:
                letters.note_channel(connection, found, channel.name)


def _reserve(office: Office, day: date) -> None:
    database_id = office.database.database_id

    def name(recipient: str, part: int) -> str:
        key = hashlib.sha256(f"{database_id} {recipient}".encode()).hexdigest()[:16]
        return f"{day:%Y%m%d}.{part}.{key}@{database_id}.ketnap"

    with office.database.writing() as connection:
        withdraw_untrue(connection)
        take_back_reserved(connection, office.today, office.calendar.next_working_day)
        letters.reserve(connection, office.today, day, name, office.now())


def _contents(office: Office, some: Sequence[WaitingLetter]) -> dict[int, Digest]:
    """What each letter says; one in which nothing is left to say is missing."""
    ids = [letter.id for letter in some]
    with office.database.reading() as connection:
        clocks, cases = letters.clock_items(connection, ids), letters.case_items(connection, ids)
        others = letters.standing_items(connection, ids)
        ids = [*(one.unit_id for one in clocks), *(one.unit_id for one in cases), *(one.unit_id for one in others)]
        units = load_unit_names(connection, sorted(set(ids)), office.today)
    of_clocks, of_cases, of_others = _by_letter(clocks), _by_letter(cases), _by_letter(others)
    told = {*of_clocks, *of_cases, *of_others}
    return {
        letter.id: digest(office, letter.day, of_clocks[letter.id], of_cases[letter.id], of_others[letter.id], units)
        for letter in some
        if letter.id in told
    }


def _by_letter(items: Sequence[Item]) -> defaultdict[int, list[Item]]:
    found: defaultdict[int, list[Item]] = defaultdict(list)
    for item in items:
        found[item.letter_id].append(item)
    return found


def _carry(letter: WaitingLetter, said: Digest, channels: Sequence[Channel]) -> Outcome:
    gone, failures = list(letter.channels), []
    for channel in channels:
        if channel.name in gone:
            continue
        try:
            channel.send(letter, said)
        except Failed as failure:
            failures.append(f"{channel.name}: {failure}")
        else:
            gone.append(channel.name)
    return Outcome(letter.id, gone, "; ".join(failures) or None)


def _confirm(office: Office, outcomes: Sequence[Outcome], empty: Sequence[int]) -> None:
    with office.database.writing() as connection:
        letters.confirm(connection, outcomes, office.now())
        letters.withdraw_letters(connection, empty)
