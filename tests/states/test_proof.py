"""What a chain that was tampered with gives away, kind by kind."""

from datetime import UTC, date, datetime, timedelta

import pytest

from states import proof
from states.chain import entry_hash, genesis
from states.proof import Anchor, check_chain

ME = 77


def way(length: int = 5) -> list[dict]:
    """An honest chain."""
    entries, head = [], genesis(ME)
    for number in range(1, length + 1):
        entry = {
            "candidate_id": ME, "sequence": number, "trigger": "list", "source": None, "destination": "cam_tinh",
            "effective_on": date(2025, 1, 1) + timedelta(days=number), "recorded_at": datetime(2025, 1, 1, tzinfo=UTC),
            "recorded_by": "lan", "unit_id": 1, "document_number": None, "document_date": None, "data": {"n": number},
            "text_applied": "qd294", "corrects": None, "voids": None, "private_digest": None, "previous_hash": head,
        }  # fmt: skip
        head = entry["hash"] = entry_hash(head, entry)
        entries.append(entry)
    return entries


def end(entries: list[dict]) -> Anchor:
    return Anchor(entries[-1]["sequence"], entries[-1]["hash"])


def rehash(entries: list[dict]) -> list[dict]:
    """What somebody who knows the form would do after changing something."""
    head = genesis(ME)
    for entry in entries:
        entry["previous_hash"] = head
        head = entry["hash"] = entry_hash(head, entry)
    return entries


def named(entries: list[dict], head: Anchor, sealed: Anchor | None = None) -> list[tuple]:
    return [(finding.sequence, finding.text) for finding in check_chain(ME, entries, head, sealed)]


def test_an_honest_chain():
    honest = way()
    assert named(honest, end(honest)) == []
    assert named(honest, end(honest), end(honest)) == []
    assert named(honest, end(honest), Anchor(3, honest[2]["hash"])) == []


@pytest.mark.parametrize("number", [1, 3, 5])
def test_an_edited_entry_is_named_alone(number):
    entries = way()
    entries[number - 1]["document_number"] = "99"
    assert named(entries, end(entries)) == [(number, proof.EDITED)]


@pytest.mark.parametrize("number", [1, 3, 5])
def test_an_entry_edited_with_its_hash(number):
    entries = way()
    honest = end(entries)
    entry = entries[number - 1]
    entry["data"] = {"n": 0}
    entry["hash"] = entry_hash(entry["previous_hash"], entry)
    assert named(entries, honest) == [(number, proof.REWRITTEN)]


def test_all_rewritten_after_an_edit_shows_at_the_head_and_at_the_seal():
    entries, honest = way(), end(way())
    entries[1]["data"] = {"n": 0}
    rehash(entries)
    assert named(entries, honest) == [(5, proof.REWRITTEN)]
    assert named(entries, end(entries)) == []  # whoever changes head and chain alike is found by the seal alone
    assert named(entries, end(entries), Anchor(3, way()[2]["hash"])) == [(3, proof.REWRITTEN)]


def test_missing_in_the_middle_at_the_start_and_at_the_end():
    entries = way()
    assert named([*entries[:1], *entries[3:]], end(entries)) == [(2, proof.MISSING), (3, proof.MISSING)]
    assert named(entries[1:], end(entries)) == [(1, proof.MISSING)]
    assert named(entries[:3], end(entries)) == [(4, proof.MISSING), (5, proof.MISSING)]
    assert named([], end(entries[:2])) == [(1, proof.MISSING), (2, proof.MISSING)]


def test_cut_off_together_with_the_head_shows_at_the_seal():
    entries = way()
    assert named(entries[:3], end(entries[:3])) == []
    assert named(entries[:3], end(entries[:3]), end(entries)) == [(4, proof.MISSING), (5, proof.MISSING)]


def test_thousands_missing_are_counted():
    (*each, rest) = check_chain(ME, [], Anchor(10_000, "x"), None)
    assert [finding.sequence for finding in each] == list(range(1, 101))
    assert (rest.sequence, rest.values) == (None, {"count": 9900, "last": 10_000})


def test_two_entries_that_traded_places():
    entries = way()
    entries[1]["sequence"], entries[2]["sequence"] = 3, 2
    entries[1:3] = entries[2:0:-1]
    assert [number for number, _ in named(entries, end(entries))] == [2, 3]


def test_one_number_twice():
    entries = way()
    assert named([*entries[:3], entries[2], *entries[3:]], end(entries)) == [(3, proof.DOUBLED)]


def test_an_entry_written_past_the_program():
    entries = way()
    assert named(entries, end(entries[:4])) == [(5, proof.BEYOND_HEAD)]


def test_an_edited_head_of_a_sealed_chain_blames_no_entry():
    entries = way()
    assert named(entries, end(entries[:4]), end(entries)) == [(None, proof.HEAD)]
    assert named(entries, Anchor(5, "0" * 64), end(entries)) == [(None, proof.HEAD)]
    assert named(entries, Anchor("năm", "x"), end(entries)) == [(None, proof.HEAD)]


@pytest.mark.parametrize(
    "damage",
    [
        {"data": {"x": 1.5}},
        {"data": b"\xff"},
        {"effective_on": "hôm qua"},
        {"recorded_at": None},
        {"recorded_by": "\udcff"},
    ],
)
def test_damaged_values_are_named_and_the_rest_goes_on(damage):
    entries = way()
    entries[1] |= damage
    entries[3]["data"] = {}
    assert named(entries, end(entries)) == [(2, proof.UNREADABLE), (4, proof.EDITED)]


def test_only_the_place_of_an_entry_can_be_read():
    entries = way()
    entries[2] = {key: entries[2][key] for key in ("sequence", "previous_hash", "hash")}
    assert named(entries, end(entries)) == [(3, proof.UNREADABLE)]


def test_a_number_that_is_none():
    entries = way()
    entries[4]["sequence"] = "sáu"
    assert named(entries, end(way())) == [(5, proof.MISSING), (None, proof.UNREADABLE)]


@pytest.mark.parametrize("target", [{"corrects": 3}, {"voids": 4}, {"corrects": 0}, {"voids": "hai"}])
def test_a_correction_of_itself_or_of_the_future(target):
    entries = way()
    entries[2] |= target
    rehash(entries)
    assert named(entries, end(entries)) == [(3, proof.FORWARD)]


def test_a_correction_of_an_earlier_one_is_the_usual():
    entries = way()
    entries[2]["corrects"] = 2
    entries[4]["voids"] = 4
    rehash(entries)
    assert named(entries, end(entries)) == []
