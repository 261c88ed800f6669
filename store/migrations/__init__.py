"""The tables' history. Alembic is imported only when there is something to change: it costs a command half a second."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = Path(__file__).parent / "versions"
REVISIONS = tuple(sorted(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py")))
HEAD = REVISIONS[-1]
LOCK = 0x6B65746E  # PostgreSQL's advisory lock while tables are changed


def revision(connection: Connection) -> str | None:
    """The revision the tables stand at, or None where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def config(connection: Connection) -> Config:
    """Alembic's configuration for `connection`; there is no alembic.ini."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Connection) -> None:
    """Bring the tables to HEAD inside the connection's transaction."""
    from alembic import command

    command.upgrade(config(connection), HEAD)
