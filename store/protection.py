"""Triggers by which the database itself refuses to change or drop a journal entry, a closed report, an access or a ruling."""

from __future__ import annotations

from sqlalchemy import Connection

JOURNAL = "journal"
CLOSINGS = ("closings", "closing_files")
ACCESS_LOG = "access_log"
RULINGS = "rulings"
_KEYS = {
    JOURNAL: ("candidate_id", "sequence"),
    "closings": ("unit_id", "period", "sequence"),
    "closing_files": ("closing_id", "kind"),
    ACCESS_LOG: ("id",),
    RULINGS: ("id",),
}
_MOMENTS = ("update", "delete", "truncate")  # what PostgreSQL is told to refuse; SQLite has no TRUNCATE


def sqlite_triggers(table: str) -> dict[str, str]:
    """Name -> statement of the triggers on one table."""
    key = " AND ".join(f"{name} = NEW.{name}" for name in _KEYS[table])
    triggers = {
        f"{table}_refuses_{moment}": f"CREATE TRIGGER {table}_refuses_{moment} BEFORE {moment.upper()} ON {table}\n"
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for moment in ("update", "delete")
    }
    # INSERT OR REPLACE deletes without asking the triggers above.
    triggers[f"{table}_refuses_replace"] = (
        f"CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table}\n"
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key})\n"
        f"  OR EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)\n"
        f"BEGIN SELECT RAISE(ABORT, '{table} has this entry already'); END"
    )
    return triggers


def names(table: str, dialect: str) -> list[str]:
    """The triggers that must stand on a table."""
    if dialect == "sqlite":
        return list(sqlite_triggers(table))
    return [f"{table}_refuses_{moment}" for moment in _MOMENTS]


def _body(table: str) -> str:
    return f"\nBEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END "


def protect(connection: Connection, table: str = JOURNAL) -> None:
    """Put a table's triggers on (its migration does)."""
    if connection.dialect.name == "sqlite":
        for statement in sqlite_triggers(table).values():
            connection.exec_driver_sql(statement)
        return
    connection.exec_driver_sql(
        f"CREATE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS $${_body(table)}$$"
    )
    for moment in _MOMENTS:
        each = "STATEMENT" if moment == "truncate" else "ROW"
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_refuses_{moment} BEFORE {moment.upper()} ON {table}\n"
            f"FOR EACH {each} EXECUTE FUNCTION {table}_refuses()"
        )
        # ALWAYS: also where a session plays replica.
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_refuses_{moment}")


def missing(connection: Connection) -> list[str]:
    """Names of the triggers that are gone, switched off or do something else."""
    return [name for table in _KEYS for name in _missing(connection, table)]


def _missing(connection: Connection, table: str) -> list[str]:
    if connection.dialect.name == "sqlite":
        found = dict(
            connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").tuples().all()
        )
        return [name for name, statement in sqlite_triggers(table).items() if found.get(name) != statement]
    rows = connection.exec_driver_sql(
        "SELECT t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, p.prosrc"
        " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        f" WHERE t.tgrelid = to_regclass('{table}') AND NOT t.tgisinternal"
    )
    names = {f"{table}_refuses_{moment}": moment for moment in _MOMENTS}
    standing = {
        str(name)
        for name, definition, enabled, source in rows
        if str(name) in names
        and enabled == "A"
        and source == _body(table)
        and f" BEFORE {names[str(name)].upper()} ON" in definition
    }
    return [name for name in names if name not in standing]
