"""Sealing: only what moved, table and file always agreeing, also when killed in between."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from procedures.advance import advance
from procedures.seal import seal
from procedures.verify import verify
from states.errors import Installation
from store import seal_file


def lines(office) -> list[dict]:
    return [json.loads(line) for line in office.database.beside("seals.jsonl").read_text().splitlines()]


def move(office, code="PL-01"):
    """One more entry for somebody."""
    return advance(office, code, "withdraw", office.today, note="xin rút")


def test_the_first_seal_takes_all_and_the_second_nothing(six):
    assert seal(six) == {"sealed": 6, "unchanged": 0}
    assert seal(six) == {"sealed": 0, "unchanged": 6}
    head, *heads = lines(six)
    assert (head["seal"], head["heads"], head["candidates"], head["previous"]) == (1, 6, 6, "")
    assert head["entries"] == sum(one["sequence"] for one in heads)
    assert [one["candidate"] for one in heads] == sorted(one["candidate"] for one in heads)
    assert {one["code"] for one in heads} == {f"PL-0{n}" for n in range(1, 7)}
    assert stat.S_IMODE(six.database.beside("seals.jsonl").stat().st_mode) == 0o600
    assert verify(six)["ok"]


def test_the_next_seal_takes_what_moved_and_goes_on_from_the_one_before(six):
    seal(six)
    before = six.database.beside("seals.jsonl").read_bytes()
    move(six)
    assert seal(six) == {"sealed": 1, "unchanged": 5}
    assert six.database.beside("seals.jsonl").read_bytes().startswith(before)
    first, second, moved = (lines(six)[n] for n in (0, 7, 8))
    assert (second["seal"], second["previous"], second["heads"], second["candidates"]) == (2, first["digest"], 1, 6)
    assert moved["code"] == "PL-01"
    assert verify(six)["ok"]


def test_nobody_to_seal(database, six_on_sqlite):
    six_on_sqlite.database = database
    assert seal(six_on_sqlite) == {"sealed": 0, "unchanged": 0}
    assert not database.beside("seals.jsonl").exists()
    assert verify(six_on_sqlite) == {"ok": True, "entries": 0, "broken": []}


@pytest.mark.parametrize("nobody_looks", [True, False])
@pytest.mark.parametrize("kept", [0, 1, 150, 400, None])
def test_killed_between_the_commit_and_the_file(six, kept, nobody_looks):
    """The file then ends before, within or after the new seal's lines; whoever looks next completes it."""
    seal(six)
    file = six.database.beside("seals.jsonl")
    before = file.read_bytes()
    for code in ("PL-01", "PL-02", "PL-03"):
        move(six, code)
    with pytest.MonkeyPatch.context() as killing, pytest.raises(ZeroDivisionError):  # noqa: PT012
        killing.setattr("store.seals.mark_filed", lambda *_: 1 / 0)
        seal(six)
    whole = file.read_bytes()
    assert len(whole) > len(before) + 400
    file.write_bytes(whole[: None if kept is None else len(before) + kept])
    if nobody_looks:
        assert seal(six) == {"sealed": 0, "unchanged": 6}
    assert verify(six)["ok"]
    assert file.read_bytes() == whole


def test_killed_before_the_very_first_line(six):
    with pytest.MonkeyPatch.context() as killing, pytest.raises(ZeroDivisionError):  # noqa: PT012
        killing.setattr(seal_file, "_add", lambda *_: 1 / 0)
        seal(six)
    assert not six.database.beside("seals.jsonl").exists()
    assert seal(six) == {"sealed": 0, "unchanged": 6}
    assert len(lines(six)) == 7
    assert verify(six)["ok"]


def test_a_strange_tail_stays_and_the_next_seal_goes_behind_it(six):
    seal(six)
    file = six.database.beside("seals.jsonl")
    with file.open("a") as out:
        out.write("ai đó viết thêm")
    move(six)
    seal(six)
    assert "ai đó viết thêm\n" in file.read_text()
    reasons = [one["reason"] for one in verify(six)["broken"]]
    assert len(reasons) == 1
    assert reasons[0].startswith("Line 8 of ")


def test_a_head_that_went_back_is_not_sealed_over(six_on_sqlite):
    six = six_on_sqlite
    seal(six)
    with six.database.writing() as connection:
        connection.exec_driver_sql("UPDATE candidates SET head_sequence = head_sequence - 1 WHERE code = 'PL-01'")
    assert seal(six) == {"sealed": 0, "unchanged": 6}
    assert not verify(six)["ok"]


def test_a_file_that_cannot_be_written(six_on_sqlite):
    six_on_sqlite.database.beside("seals.jsonl").mkdir()
    with pytest.raises(Installation, match="seal file"):
        seal(six_on_sqlite)


def test_many_at_once_make_one_seal(six):
    with ThreadPoolExecutor(6) as pool:
        counts = list(pool.map(lambda _: seal(six), range(6)))
    assert sorted(one["sealed"] for one in counts) == [0, 0, 0, 0, 0, 6]
    assert len(lines(six)) == 7
    assert verify(six)["ok"]
