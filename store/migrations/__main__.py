"""`python -m store.migrations "What changes"` drafts the next revision from the models; read it before committing it."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from store import migrations
from store.database import Database

with tempfile.TemporaryDirectory() as folder:
    database = Database(f"sqlite:///{Path(folder, 'empty.db')}")
    database.init()
    with database.reading() as connection:
        config = migrations.config(connection)
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        command.revision(config, sys.argv[1], autogenerate=True, rev_id=f"{int(migrations.HEAD) + 1:04d}")
    database.close()
