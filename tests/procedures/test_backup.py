"""Backup and restore: everything, onto either kind of database, whole or not at all."""

import json
import os
import shutil
import stat
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procedures.advance import advance
from procedures.backup import backup
from procedures.prune_backups import prune_backups
from procedures.restore import restore
from procedures.seal import seal
from procedures.verify import verify
from states.errors import BadInput, Installation, KetnapError, Refused
from store import backup as tables
from store.database import Database


def content(database: Database) -> dict[str, list[dict]]:
    with database.reading() as connection:
        return {name: [json.loads(line) for line in tables.dump(connection, name)] for name in tables.names()}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def target(request, six, tmp_path) -> Database:
    """An empty place to restore to."""
    if request.param == "sqlite":
        return Database(f"sqlite:///{tmp_path}/again/x.db")
    return Database(request.getfixturevalue("empty_postgresql"))


def test_there_and_back_on_either_kind(six, target):
    seal(six)
    advance(six, "PL-01", "withdraw", six.today, note="xin rút")
    seal(six)
    made = backup(six)
    before, lines = content(six.database), six.database.beside("seals.jsonl").read_bytes()
    assert made["rows"] == sum(map(len, before.values())) > 150
    source, six.database = six.database, target
    assert restore(six, made["path"]) == {"path": made["path"], "rows": made["rows"], "tables": made["tables"]}
    assert content(target) == before
    assert target.database_id != source.database_id
    assert target.beside("seals.jsonl").read_bytes() == lines
    assert stat.S_IMODE(target.beside("seals.jsonl").stat().st_mode) == 0o600
    assert verify(six)["ok"]
    # Work goes on: ids are counted on, chains and seals continue.
    advance(six, "PL-02", "withdraw", six.today, note="xin rút")
    assert seal(six) == {"sealed": 1, "unchanged": 5}
    assert verify(six)["ok"]
    target.close()


def test_where_it_goes_and_who_may_read_it(six):
    made = Path(backup(six)["path"])
    assert made.parent == six.database.beside("backups")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert backup(six)["path"] != str(made)
    assert [file.suffix for file in made.parent.iterdir()] == [".zip", ".zip"]
    with zipfile.ZipFile(made) as archive:
        assert b"business_day" in archive.read("config.yaml")
        manifest = json.loads(archive.read("manifest.json"))
        assert manifest["rows"]["candidates"] == 6
        assert set(manifest["sha256"]) == set(archive.namelist()) - {"manifest.json"}


def test_to_a_place_of_ones_own(six, tmp_path):
    assert backup(six, tmp_path / "mine.zip")["path"] == str(tmp_path / "mine.zip")
    assert Path(backup(six, tmp_path)["path"]).parent == tmp_path
    with pytest.raises(BadInput, match="exists"):
        backup(six, tmp_path / "mine.zip")
    (tmp_path / "file").write_text("")
    with pytest.raises(Installation, match="cannot be written"):
        backup(six, tmp_path / "file" / "x.zip")


def test_a_backup_that_fails_leaves_nothing(six_on_sqlite, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Installation, match="cannot be written"):
        backup(six_on_sqlite, tmp_path / "x.zip")
    assert not list(tmp_path.glob("*.zip"))
    assert not list(tmp_path.glob(".*"))


def test_damaged_data_is_said(six_on_sqlite, tmp_path):
    with six_on_sqlite.database.writing() as connection:
        connection.exec_driver_sql("UPDATE candidates SET facts = '{'")
    with pytest.raises(Installation, match="ketnap verify"):
        backup(six_on_sqlite, tmp_path / "x.zip")
    assert not list(tmp_path.glob("*.zip"))


def test_only_into_an_empty_database(six):
    made = backup(six)
    before = content(six.database)
    with pytest.raises(Refused, match="holds data") as caught:
        restore(six, made["path"])
    assert "đã có dữ liệu" in caught.value.say("vi")
    assert content(six.database) == before


def test_a_just_initialised_database_is_empty(six, database):
    made = backup(six)
    six.database = database
    assert restore(six, made["path"])["rows"] == made["rows"]


def spoil(source: Path, target: Path, member: str, change) -> Path:
    """The same backup with one part changed (None drops it)."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == member:
                part = change(part)
            if part is not None:
                new.writestr(name, part)
    return target


def manifest(**values):
    return lambda part: json.dumps(json.loads(part) | values).encode()


@pytest.mark.parametrize(
    ("member", "change"),
    [
        ("tables/journal.jsonl", lambda part: part.replace(b'"sequence":2', b'"sequence":200', 1)),
        ("tables/journal.jsonl", lambda part: part[:-400]),
        ("tables/journal.jsonl", lambda part: part + part.splitlines(keepends=True)[-1].replace(b'"id":', b'"id":9')),
        ("tables/journal.jsonl", lambda part: None),
        ("tables/clocks.jsonl", lambda part: b"{}\n" + part),
        ("tables/clocks.jsonl", lambda part: b"junk\n" + part),
        ("tables/clocks.jsonl", lambda part: b"[1]\n"),
        ("tables/people.jsonl", lambda part: part.replace(b"PL", b"XX").replace("ă".encode(), b"a")),
        ("seals.jsonl", lambda part: part[:-1]),
        ("seals.jsonl", lambda part: None),
        ("config.yaml", lambda part: part + b"\n"),
        ("manifest.json", lambda part: None),
        ("manifest.json", lambda part: b"{"),
        ("manifest.json", lambda part: b"[]"),
        ("manifest.json", manifest(rows={})),
        ("manifest.json", manifest(sha256={})),
        ("manifest.json", manifest(format=2)),
        ("manifest.json", manifest(revision="9999")),
    ],
)
def test_a_spoilt_backup_writes_nothing(six_on_sqlite, tmp_path, member, change):
    six = six_on_sqlite
    seal(six)
    made = spoil(Path(backup(six)["path"]), tmp_path / "spoilt.zip", member, change)
    six.database = Database(f"sqlite:///{tmp_path}/y.db")
    with pytest.raises(KetnapError) as caught:
        restore(six, made)
    assert isinstance(caught.value, Installation if "9999" in str(caught.value) else BadInput)
    assert not list(tmp_path.glob("y.*"))
    assert not list(tmp_path.glob(".y*"))


@pytest.mark.parametrize("make", ["nothing", "folder", "text", "half", "zip"])
def test_what_is_no_backup(six_on_sqlite, tmp_path, make):
    file = tmp_path / "x.zip"
    if make == "folder":
        file.mkdir()
    elif make == "text":
        file.write_text("xin chào")
    elif make == "half":
        whole = Path(backup(six_on_sqlite)["path"]).read_bytes()
        file.write_bytes(whole[: len(whole) // 2])
    elif make == "zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.txt", "a")
    six_on_sqlite.database = Database(f"sqlite:///{tmp_path}/y.db")
    with pytest.raises(BadInput):
        restore(six_on_sqlite, file)
    assert not (tmp_path / "y.db").exists()


def test_a_bit_that_fell_over_in_the_file(six_on_sqlite, tmp_path):
    """Wherever it falls: told, or harmless (a date of a part, say)."""
    six, told = six_on_sqlite, 0
    before = content(six.database)
    whole = Path(backup(six)["path"]).read_bytes()
    for number, place in enumerate(range(100, len(whole), len(whole) // 12)):
        spoilt = bytearray(whole)
        spoilt[place] ^= 0x41
        (tmp_path / "x.zip").write_bytes(spoilt)
        six.database = Database(f"sqlite:///{tmp_path}/{number}.db")
        try:
            restore(six, tmp_path / "x.zip")
        except BadInput:
            told += 1
        else:
            assert content(six.database) == before
        six.database.close()
    assert told > 6


def test_in_place_of_a_lost_database(six_on_sqlite):
    """The old seal file is set aside, not overwritten: it may know more than the backup."""
    six = six_on_sqlite
    seal(six)
    made = backup(six)
    advance(six, "PL-01", "withdraw", six.today, note="xin rút")
    seal(six)
    longer = six.database.beside("seals.jsonl").read_bytes()
    six.database.close()
    for file in six.database.path.parent.glob("six.db*"):
        file.unlink()
    restore(six, made["path"])
    assert verify(six)["ok"]
    (aside,) = six.database.path.parent.glob("six.seals.jsonl.*.old")
    assert aside.read_bytes() == longer


def test_a_restore_whose_commit_fails_leaves_no_seal_file(six_on_sqlite, tmp_path, monkeypatch):
    six = six_on_sqlite
    seal(six)
    made = backup(six)
    six.database = Database(f"sqlite:///{tmp_path}/y.db")
    six.database.init()
    monkeypatch.setattr("sqlalchemy.engine.Connection.commit", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore(six, made["path"])
    monkeypatch.undo()
    assert not (tmp_path / "y.seals.jsonl").exists()
    assert not any(content(six.database).values())


def test_a_seal_not_yet_in_the_file_is_completed_first(six_on_sqlite, tmp_path):
    six = six_on_sqlite
    with pytest.MonkeyPatch.context() as killing, pytest.raises(ZeroDivisionError):  # noqa: PT012
        killing.setattr("store.seal_file._add", lambda *_: 1 / 0)
        seal(six)
    made = backup(six)
    six.database = Database(f"sqlite:///{tmp_path}/y.db")
    restore(six, made["path"])
    assert verify(six)["ok"]
    assert len((tmp_path / "y.seals.jsonl").read_text().splitlines()) == 7


def test_what_was_tampered_with_before_is_still_found_after(six_on_sqlite, tmp_path):
    six = six_on_sqlite
    seal(six)
    with six.database.writing() as connection:
        connection.exec_driver_sql("UPDATE candidates SET step = 'rut' WHERE code = 'PL-05'")
    made = backup(six)
    six.database = Database(f"sqlite:///{tmp_path}/y.db")
    restore(six, made["path"])
    assert [one["code"] for one in verify(six)["broken"]] == ["PL-05"]
    shutil.rmtree(Path(made["path"]).parent)


def test_old_backups_go_but_one_a_month_stays(six, monkeypatch):
    office, now = six, datetime(2025, 12, 1, 2, tzinfo=UTC)
    folder = office.database.beside("backups")
    folder.mkdir(parents=True)
    monkeypatch.setattr(type(office), "now", lambda self: now)
    days = [now - timedelta(days=n) for n in (400, 70, 65, 40, 29, 1)]
    for day in days:
        (folder / f"ketnap-{day:%Y%m%dT%H%M%S}.000000Z.zip").touch()
    (folder / "truoc-khi-nang-cap.zip").touch()
    assert prune_backups(office) == {"kept": 5, "deleted": 1}
    assert prune_backups(office) == {"kept": 5, "deleted": 0}
    left = sorted(path.name[7:15] for path in folder.glob("ketnap-*"))
    assert left == [f"{day:%Y%m%d}" for day in days if day != days[2]]
    assert (folder / "truoc-khi-nang-cap.zip").exists()
