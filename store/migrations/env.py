"""Alembic's entry: runs revisions on the connection it is handed, inside that connection's transaction."""

from alembic import context

from store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_server_default=True,
    transactional_ddl=True,  # SQLite can, once the driver's own transaction handling is off
)
context.run_migrations()
