"""Every kind of tampering on a real file, done the way somebody with the database's password would do it."""

import json
import sqlite3

import pytest

from procedures.advance import advance
from procedures.office import Office
from procedures.seal import seal
from procedures.verify import verify
from store import protection


def tamper(office, *statements: str) -> None:
    """Run statements with the protection off for the moment."""
    if office.database.dialect == "sqlite":
        file = sqlite3.connect(office.database.path, isolation_level=None)  # enforces no foreign keys unless asked
        triggers = protection.sqlite_triggers("journal")
        for name in triggers:
            file.execute(f"DROP TRIGGER {name}")
        for statement in (*statements, *triggers.values()):
            file.execute(statement)
        file.close()
        return
    with office.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER ALL")
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))
        connection.exec_driver_sql("ALTER TABLE journal ENABLE TRIGGER ALL")
        for name in protection.names("journal", "postgresql"):
            connection.exec_driver_sql(f"ALTER TABLE journal ENABLE ALWAYS TRIGGER {name}")


def entry(code: str, sequence: int) -> str:
    return f"candidate_id = (SELECT id FROM candidates WHERE code = '{code}') AND sequence = {sequence}"


def broken(office) -> list[tuple]:
    found = verify(office)
    assert found["ok"] == (not found["broken"])
    return [(one["code"], one["entry"]) for one in found["broken"]]


def reasons(office) -> list[str]:
    return [one["reason"] for one in verify(office)["broken"]]


def test_an_honest_office(six):
    whole = verify(six)
    assert whole["ok"]
    assert whole["broken"] == []
    assert whole["entries"] > 50
    seal(six)
    assert verify(six)["ok"]


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        "document_number = '99-QĐ'", "effective_on = '2025-01-01'", "document_date = '2025-01-02'", "data = '{\"x\": 1}'",
        "trigger = 'list'", "source = 'chinh_thuc'", "destination = 'chinh_thuc'", "recorded_by = 'mai'",
        "recorded_at = '2025-01-01 00:00:00'", "unit_id = (SELECT min(id) FROM units)", "text_applied = 'khac'", "voids = 1",
        "corrects = 1", "private_digest = 'x'", "hash = 'x'", "previous_hash = 'x'",
    ],
)  # fmt: skip
def test_an_edited_entry(six_on_sqlite, change, sealed):
    if sealed:
        seal(six_on_sqlite)
    tamper(six_on_sqlite, f"UPDATE journal SET {change} WHERE {entry('PL-02', 4)}")
    assert broken(six_on_sqlite) == [("PL-02", "PL-02:4")]


def test_several_kinds_at_once_are_all_named_once(six):
    seal(six)
    tamper(
        six,
        f"UPDATE journal SET document_number = '99' WHERE {entry('PL-01', 2)}",
        f"DELETE FROM journal WHERE {entry('PL-03', 3)}",
        f"DELETE FROM journal WHERE {entry('PL-06', 16)}",
        "UPDATE candidates SET step = 'chinh_thuc' WHERE code = 'PL-04'",
        "UPDATE candidates SET since = '2001-01-01' WHERE code = 'PL-05'",
    )
    found = broken(six)
    assert sorted(found, key=str) == [
        ("PL-01", "PL-01:2"), ("PL-03", "PL-03:3"), ("PL-04", None), ("PL-05", None), ("PL-06", "PL-06:16"),
    ]  # fmt: skip


def test_two_entries_that_traded_places(six):
    tamper(
        six,
        f"UPDATE journal SET sequence = 999 WHERE {entry('PL-02', 3)}",
        f"UPDATE journal SET sequence = 3 WHERE {entry('PL-02', 4)}",
        f"UPDATE journal SET sequence = 4 WHERE {entry('PL-02', 999)}",
    )
    assert broken(six) == [("PL-02", "PL-02:3"), ("PL-02", "PL-02:4")]


def test_an_entry_moved_to_somebody_else(six):
    tamper(
        six,
        "UPDATE journal SET candidate_id = (SELECT id FROM candidates WHERE code = 'PL-02'), sequence = 99 WHERE "
        + entry("PL-01", 3),
    )
    found = broken(six)
    assert ("PL-01", "PL-01:3") in found
    assert ("PL-02", "PL-02:99") in found


def test_a_chain_cut_off_with_its_head_is_known_to_the_seal(six):
    seal(six)
    last = 16
    tamper(
        six,
        f"DELETE FROM journal WHERE {entry('PL-06', last)}",
        f"UPDATE candidates SET head_sequence = {last - 1}, head_hash = (SELECT hash FROM journal WHERE "
        f"{entry('PL-06', last - 1)}) WHERE code = 'PL-06'",
    )
    assert ("PL-06", "PL-06:16") in broken(six)


def test_cut_off_with_head_and_sealed_head_is_known_to_the_file(six):
    seal(six)
    tamper(
        six,
        f"DELETE FROM journal WHERE {entry('PL-06', 16)}",
        "UPDATE candidates SET head_sequence = 15, head_hash = (SELECT hash FROM journal WHERE "
        f"{entry('PL-06', 15)}) WHERE code = 'PL-06'",
        "UPDATE sealed_heads SET sequence = 15, hash = (SELECT head_hash FROM candidates WHERE code = 'PL-06')"
        " WHERE code = 'PL-06'",
    )
    found = broken(six)
    assert ("PL-06", "PL-06:16") in found
    assert (None, None) in found  # the table of sealed heads no longer matches its seal


def test_a_deleted_candidate(six):
    seal(six)
    tamper(six, "DELETE FROM candidates WHERE code = 'PL-02'")
    assert broken(six) == [("PL-02", None)]


@pytest.mark.parametrize("sealed_head_too", [False, True])
def test_a_candidate_deleted_with_the_whole_chain(six, sealed_head_too):
    seal(six)
    me = "(SELECT candidate_id FROM sealed_heads WHERE code = 'PL-02')"
    wipe = [f"DELETE FROM {table} WHERE candidate_id = {me}" for table in ("journal", "entry_texts", "clocks")]
    more = ["DELETE FROM sealed_heads WHERE code = 'PL-02'"] if sealed_head_too else []
    tamper(six, *wipe, "DELETE FROM candidates WHERE code = 'PL-02'", *more)
    if sealed_head_too:
        (table, none), (code, named) = broken(six)
        assert (table, none, code) == (None, None, "PL-02")
        assert named.startswith("PL-02:")
    else:
        assert broken(six) == [("PL-02", None)]


@pytest.mark.parametrize(
    "change",
    [
        "step = 'chinh_thuc'", "since = '2001-01-01'", "since = NULL", "unit_id = (SELECT min(id) FROM units)",
        "official_on = '2020-01-01'", "head_hash = 'x'", "head_sequence = head_sequence - 1", "facts = '{}'",
        "code = 'PL-99'",
    ],
)  # fmt: skip
def test_an_edited_projection(six, change):
    seal(six)
    tamper(six, f"UPDATE candidates SET {change} WHERE code = 'PL-06'")
    found = broken(six)
    assert {code for code, _ in found} == {"PL-99" if "PL-99" in change else "PL-06"}
    assert len(found) == 1
    assert found[0][1] is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE clocks SET due_on = '2030-01-01' WHERE state = 'running' AND {me} AND key = 'certificate_valid_months'",
        "UPDATE clocks SET state = 'void', stopped_on = '2025-11-11' WHERE {me} AND key = 'certificate_valid_months'",
        "UPDATE clocks SET starts_on = '2025-11-11' WHERE {me} AND key = 'certificate_valid_months'",
        "DELETE FROM clocks WHERE {me}",
    ],
)
def test_an_edited_clock(six, statement):
    me = "candidate_id = (SELECT id FROM candidates WHERE code = 'PL-01')"
    tamper(six, statement.format(me=me))
    assert {code for code, _ in broken(six)} == {"PL-01"}
    assert "certificate_valid_months" in " ".join(reasons(six))


def test_facts_that_would_mislead_the_next_step(six):
    with six.database.reading() as connection:
        facts = connection.exec_driver_sql("SELECT facts FROM candidates WHERE code = 'PL-06'").scalar()
    facts = json.loads(facts) if isinstance(facts, str) else facts
    tamper(six, f"UPDATE candidates SET facts = '{json.dumps(facts | {'failed_votes': {}})}' WHERE code = 'PL-06'")
    assert broken(six) == [("PL-06", None)]


def test_a_structure_changed_afterwards_is_no_tampering(six_on_sqlite):
    six = six_on_sqlite
    votes = {"summoned": "10", "in_favour": "10"}
    step = advance(six, "PL-02", "cell_vote", six.today, document_number="1-NQ", document_date=six.today, data=votes)[
        "step"
    ]
    other = {"cho_co_so": "truc_tiep", "cho_quyet_dinh": "co_so"}[step]
    tamper(six, f"UPDATE unit_versions SET chain = '{other}'")
    six = Office.open(six.settings.path, database_url=f"sqlite:///{six.database.path}", lang="en")
    assert broken(six) == []
    tamper(six, "UPDATE candidates SET step = 'rut' WHERE code = 'PL-02'")
    assert broken(six) == [("PL-02", None)]


def test_an_edited_text_and_an_erased_one(six):
    with six.database.reading() as connection:
        first, second = connection.exec_driver_sql(
            "SELECT c.code, t.sequence FROM entry_texts t JOIN candidates c ON c.id = t.candidate_id ORDER BY 1, 2 LIMIT 2"
        ).all()
    tamper(six, f"DELETE FROM entry_texts WHERE {entry(*first)}")
    assert broken(six) == []  # erasing is allowed
    tamper(six, f'UPDATE entry_texts SET content = \'{{"note": "khác"}}\' WHERE {entry(*second)}')
    assert broken(six) == [(second[0], f"{second[0]}:{second[1]}")]


def test_a_text_of_no_entry(six):
    tamper(six, "INSERT INTO entry_texts SELECT id, 77, 'x', '{}' FROM candidates WHERE code = 'PL-01'")
    assert broken(six) == [("PL-01", "PL-01:77")]


def test_missing_protection(six):
    with six.database.writing() as connection:
        on = "" if six.database.dialect == "sqlite" else " ON journal"
        connection.exec_driver_sql(f"DROP TRIGGER journal_refuses_update{on}")
    assert broken(six) == [(None, None)]
    assert "journal_refuses_update" in reasons(six)[0]


@pytest.mark.parametrize(
    "value",
    [
        "'{broken'", "'[1, 2'", "x'ff00ff'", "CAST(x'fffe41' AS TEXT)", "'\"text\"'", "'{\"x\": 1e999}'", "'{\"a\":1,\"a\":2}'",
        "''", "'" + "[" * 5000 + "'",
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["journal.data", "candidates.facts", "entry_texts.content"])
def test_damaged_json_is_named_and_the_rest_goes_on(six_on_sqlite, column, value):
    six = six_on_sqlite
    table, _, name = column.partition(".")
    with six.database.reading() as connection:
        sequence = connection.exec_driver_sql(
            f"SELECT min(sequence) FROM entry_texts WHERE {entry('PL-02', 0)[:-16]}"
        ).scalar()
    where = "code = 'PL-02'" if table == "candidates" else entry("PL-02", sequence)
    tamper(
        six,
        f"UPDATE {table} SET {name} = {value} WHERE {where}",
        "UPDATE candidates SET step = 'rut' WHERE code = 'PL-05'",
    )
    me = None if table == "candidates" else f"PL-02:{sequence}"
    found = broken(six)
    assert sorted(set(found), key=str) == sorted([("PL-02", me), ("PL-05", None)], key=str)


@pytest.mark.parametrize(
    "change",
    ["recorded_at = 'hôm qua'", "effective_on = '31/02/2025'", "effective_on = 20250101", "sequence = 'hai'", "sequence = 2.5",
     "unit_id = 'x'", "recorded_by = x'00ff'", "trigger = CAST(x'fffe' AS TEXT)", "effective_on = '0000-00-00'"],
)  # fmt: skip
def test_values_of_another_kind_do_not_stop_it(six_on_sqlite, change):
    tamper(six_on_sqlite, f"UPDATE journal SET {change} WHERE {entry('PL-02', 2)}")
    found = broken(six_on_sqlite)
    assert ("PL-02", "PL-02:2") in found
    assert {code for code, _ in found} == {"PL-02"}


@pytest.mark.parametrize("change", ["id = 'x'", "code = x'ff'", "step = NULL", "head_sequence = 'x'", "since = 'x'"])
def test_a_damaged_candidate_does_not_stop_it(six_on_sqlite, change):
    column = change.partition(" ")[0]
    statement = f"UPDATE candidates SET {change} WHERE code = 'PL-02'"
    if change == "step = NULL":
        statement = "UPDATE candidates SET step = '' WHERE code = 'PL-02'"
    tamper(six_on_sqlite, statement, "UPDATE candidates SET step = 'rut' WHERE code = 'PL-05'")
    found = broken(six_on_sqlite)
    assert ("PL-05", None) in found
    assert len({code for code, _ in found} - {"PL-05"}) >= 1, column


# The seal file ----------------------------------------------------------------------------------------------------


def seal_twice(office):
    """Two seals, six and one heads."""
    seal(office)
    advance(office, "PL-01", "withdraw", office.today, note="xin rút")
    seal(office)
    assert verify(office)["ok"]
    return office


@pytest.fixture
def sealed(six_on_sqlite):
    return seal_twice(six_on_sqlite)


@pytest.fixture
def sealed_on_either(six):
    return seal_twice(six)


def file_of(office):
    return office.database.beside("seals.jsonl")


def test_the_file_is_gone(sealed_on_either):
    file_of(sealed_on_either).unlink()
    assert "is missing" in " ".join(reasons(sealed_on_either))
    seal(sealed_on_either)  # goes on anchoring, and what was lost stays known
    advance(sealed_on_either, "PL-02", "withdraw", sealed_on_either.today, note="xin rút")
    seal(sealed_on_either)
    said = reasons(sealed_on_either)
    assert len(said) == 2
    assert "lacks seal 1" in said[0]
    assert "lacks seal 2" in said[1]


@pytest.mark.parametrize("lines", [1, 2, 5])
def test_the_file_was_cut(sealed, lines):
    kept = file_of(sealed).read_text().splitlines(keepends=True)[:-lines]
    file_of(sealed).write_text("".join(kept))
    assert not verify(sealed)["ok"]


def test_half_a_line_is_gone_after_the_seal_was_filed(sealed):
    file_of(sealed).write_bytes(file_of(sealed).read_bytes()[:-30])
    assert len(reasons(sealed)) == 1
    assert "Seal 2" in reasons(sealed)[0]


@pytest.mark.parametrize("line", range(9))
def test_any_line_of_the_file_edited(sealed, line):
    lines = file_of(sealed).read_text().splitlines(keepends=True)
    key = "entries" if "seal" in json.loads(lines[line]) else "sequence"
    value = json.loads(lines[line])[key]
    lines[line] = lines[line].replace(f'"{key}":{value}', f'"{key}":{value + 1}')
    file_of(sealed).write_text("".join(lines))
    said = reasons(sealed)
    assert len(said) == 1
    assert f"Seal {1 if line < 7 else 2}" in said[0]


@pytest.mark.parametrize(
    "junk", ["", "xin chào", "[]", "{}", '{"seal": 1}', "\x00\xff", '{"seal":3,"heads":-1,"digest":"","previous":""}']
)
@pytest.mark.parametrize("line", [0, 3, 7])
def test_junk_in_place_of_a_line(sealed, line, junk):
    lines = file_of(sealed).read_text().splitlines()
    lines[line] = junk
    file_of(sealed).write_text("\n".join(lines) + "\n")
    assert not verify(sealed)["ok"]


def test_a_head_edited_in_the_file_with_a_new_digest(sealed):
    """Somebody who knows the form rewrites the file, not the database: the two then differ."""
    from hashlib import sha256

    lines = file_of(sealed).read_bytes().splitlines(keepends=True)
    lines[8] = lines[8].replace(b'"code":"PL-01"', b'"code":"PL-0X"')
    header = json.loads(lines[7])
    header.pop("digest")
    covered = json.dumps(header, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    header["digest"] = sha256(covered + lines[8]).hexdigest()
    lines[7] = json.dumps(header, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    file_of(sealed).write_bytes(b"".join(lines))
    assert ["differ" in one for one in reasons(sealed)] == [True]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE seals SET digest = 'x' WHERE id = 1", "UPDATE seals SET entries = entries - 1 WHERE id = 2",
        "DELETE FROM seals WHERE id = 1", "DELETE FROM seals", "UPDATE sealed_heads SET hash = 'x' WHERE code = 'PL-03'",
        "DELETE FROM sealed_heads WHERE code = 'PL-03'", "DELETE FROM sealed_heads", "UPDATE seals SET previous_digest = 'x'",
    ],
)  # fmt: skip
def test_an_edited_table_of_seals(sealed_on_either, statement):
    tamper(sealed_on_either, statement)
    assert not verify(sealed_on_either)["ok"]


def test_rewritten_all_through_is_known_to_the_file_alone(sealed_on_either):
    """Chain, head and sealed head rewritten together: the file still has the hash of the entry."""
    from datetime import UTC

    from states.chain import FIELDS, entry_hash
    from store.tables import metadata

    journal = metadata.tables["journal"]
    with sealed_on_either.database.reading() as connection:
        me = connection.exec_driver_sql("SELECT id FROM candidates WHERE code = 'PL-03'").scalar()
        rows = connection.execute(
            journal.select().where(journal.c.candidate_id == me).order_by(journal.c.sequence)
        ).all()
    head, changes = rows[0].previous_hash, []
    for row in rows:
        fields = {name: getattr(row, name) for name in FIELDS} | {"recorded_at": row.recorded_at.astimezone(UTC)}
        if row.sequence == 2:
            fields["document_number"] = "99"
            changes.append(f"UPDATE journal SET document_number = '99' WHERE {entry('PL-03', 2)}")
        previous, head = head, entry_hash(head, fields)
        changes.append(
            f"UPDATE journal SET previous_hash = '{previous}', hash = '{head}' WHERE {entry('PL-03', row.sequence)}"
        )
    changes += [
        f"UPDATE candidates SET head_hash = '{head}' WHERE code = 'PL-03'",
        f"UPDATE sealed_heads SET hash = '{head}' WHERE code = 'PL-03'",
    ]
    tamper(sealed_on_either, *changes)
    assert ("PL-03", f"PL-03:{rows[-1].sequence}") in broken(sealed_on_either)
