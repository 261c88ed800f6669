"""Triggers by which the database itself refuses to change or drop a journal entry."""

from __future__ import annotations

from sqlalchemy import Connection

SQLITE = {
    "journal_refuses_update": """CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END""",
    "journal_refuses_delete": """CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END""",
    # INSERT OR REPLACE deletes without asking the trigger above.
    "journal_refuses_replace": """CREATE TRIGGER journal_refuses_replace BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE candidate_id = NEW.candidate_id AND sequence = NEW.sequence)
  OR EXISTS (SELECT 1 FROM journal WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'journal has this entry already'); END""",
}
POSTGRESQL_FUNCTION = """CREATE FUNCTION journal_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'journal is append-only' USING ERRCODE = 'restrict_violation'; END $$"""
POSTGRESQL = {
    "journal_refuses_update": """CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
FOR EACH ROW EXECUTE FUNCTION journal_refuses()""",
    "journal_refuses_delete": """CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
FOR EACH ROW EXECUTE FUNCTION journal_refuses()""",
    "journal_refuses_truncate": """CREATE TRIGGER journal_refuses_truncate BEFORE TRUNCATE ON journal
FOR EACH STATEMENT EXECUTE FUNCTION journal_refuses()""",
}


def protect(connection: Connection) -> None:
    """Put the triggers on (the first migration does)."""
    if connection.dialect.name == "sqlite":
        for statement in SQLITE.values():
            connection.exec_driver_sql(statement)
        return
    connection.exec_driver_sql(POSTGRESQL_FUNCTION)
    for name, statement in POSTGRESQL.items():
        connection.exec_driver_sql(statement)
        # ALWAYS: also where a session plays replica.
        connection.exec_driver_sql(f"ALTER TABLE journal ENABLE ALWAYS TRIGGER {name}")


def missing(connection: Connection) -> list[str]:
    """Names of the triggers that are gone, switched off or do something else."""
    if connection.dialect.name == "sqlite":
        found = dict(
            connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").tuples().all()
        )
        return [name for name, statement in SQLITE.items() if found.get(name) != statement]
    rows = connection.exec_driver_sql(
        "SELECT t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, p.prosrc"
        " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE t.tgrelid = to_regclass('journal') AND NOT t.tgisinternal"
    )
    body = POSTGRESQL_FUNCTION.split("$$")[1]
    standing = {
        str(name)
        for name, definition, enabled, source in rows
        if name in POSTGRESQL and enabled == "A" and source == body and f" {_moment(str(name))} " in definition
    }
    return [name for name in POSTGRESQL if name not in standing]


def _moment(name: str) -> str:
    return f"BEFORE {name.rpartition('_')[2].upper()} ON"
