"""The officers' desk: accounts and their sessions, the access log, imports that can be taken back, confirmed limits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from store import protection

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """One block a noun."""
    _accounts()
    _access_log()
    _imports()
    _rulings()


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(), nullable=False, comment="folded: small letters a-z, digits, . _ -"),
        sa.Column("name", sa.String(), nullable=True, comment="as people call them"),
        sa.Column("role", sa.String(), nullable=False, comment="quan_tri, can_bo, bi_thu, theo_doi"),
        sa.Column("unit", sa.String(), nullable=True, comment="theirs with all below it; null = the whole office"),
        sa.Column("password_hash", sa.String(), nullable=False, comment="argon2id with its parameters and salt"),
        sa.Column(
            "must_change",
            sa.Boolean(),
            nullable=False,
            comment="true: the password was given to them; nothing opens until they choose one",
        ),
        sa.Column("password_at", INSTANT, nullable=False, comment="when the password was given or chosen"),
        sa.Column("disabled_at", INSTANT, nullable=True, comment="null = may sign in"),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False, comment="last act on the account"),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["units.code"], name=op.f("fk_accounts_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
        comment="Somebody who may sign in at the desk; never deleted, so that what they did keeps its name.",
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "token_hash",
            sa.String(),
            nullable=False,
            comment="SHA-256 of the random 256-bit token in the browser's cookie",
        ),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False, comment="to the minute"),
        sa.Column("expires_at", INSTANT, nullable=False, comment="at the latest, however busy"),
        sa.Column("ended_at", INSTANT, nullable=True, comment="signed out or ended by an administrator"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
        comment="One signing-in: begun -> seen … -> ended, or run out.",
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_table(
        "sign_in_attempts",
        sa.Column(
            "key",
            sa.String(),
            nullable=False,
            comment="SHA-256 of a typed name (known or not) or an address; never itself",
        ),
        sa.Column(
            "failures", sa.Integer(), nullable=False, comment="since first_at; counted before the password is looked at"
        ),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("blocked_until", INSTANT, nullable=True, comment="no password is looked at before"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_attempts")),
        comment="How often in a row signing in failed under one name or from one address.",
    )


def _access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("happened_at", INSTANT, nullable=False, comment="machine's instant it happened"),
        sa.Column(
            "account", sa.String(), nullable=False, comment="who: the account's name, or the login at the command line"
        ),
        sa.Column("role", sa.String(), nullable=True, comment="the account's role then; null = at the command line"),
        sa.Column("action", sa.String(), nullable=False, comment="open_person, reveal, export, sign_in …"),
        sa.Column(
            "candidate_id",
            sa.BigInteger(),
            nullable=True,
            comment="whose data, by internal id: the code goes when they are erased",
        ),
        sa.Column(
            "subject", sa.String(), nullable=True, comment="what else it was about: another account, a file's kind"
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True, comment="the person's unit then, or the one asked"),
        sa.Column(
            "reasoned",
            sa.Boolean(),
            nullable=False,
            comment="a reason was given; it stands in access_reasons until erased",
        ),
        sa.Column("detail", JSON, nullable=True, comment="counts and keys of filters; no names"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_access_log_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
        comment="One look or one act of an account that the journal does not tell; no names stand here.",
    )
    op.create_index("ix_access_log_happened_at", "access_log", ["happened_at"])
    op.create_index("ix_access_log_candidate_id", "access_log", ["candidate_id"])
    op.create_table(
        "access_reasons",
        sa.Column("access_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["access_id"], ["access_log.id"], name=op.f("fk_access_reasons_access_id")),
        sa.PrimaryKeyConstraint("access_id", name=op.f("pk_access_reasons")),
        comment="Why somebody looked, in their own words: may name people, so it can be erased.",
    )
    protection.protect(op.get_bind(), protection.ACCESS_LOG)
    op.add_column(
        "people",
        sa.Column(
            "erased_at", INSTANT, nullable=True, comment="then name, birth and words went; what counts stayed, coarse"
        ),
    )


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False, comment="of the file as it was handed in"),
        sa.Column("business_day", sa.Date(), nullable=False, comment="the day the office worked on"),
        sa.Column(
            "recorded_at",
            INSTANT,
            nullable=False,
            comment="also that of the attributes, units, targets, figures",
        ),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("counts", JSON, nullable=False, comment="{created, updated, unchanged}"),
        sa.Column("state", sa.String(), nullable=False, comment="applied -> undone"),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True, comment="why it was taken back"),
        sa.CheckConstraint("state IN ('applied', 'undone')", name=op.f("ck_imports_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        comment="One workbook that was imported: applied -> undone.",
    )
    op.create_table(
        "import_people",
        sa.Column("import_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="candidates.id"),
        sa.Column("first_sequence", sa.Integer(), nullable=True, comment="null = no entries"),
        sa.Column("last_sequence", sa.Integer(), nullable=True),
        sa.Column("opened", sa.Boolean(), nullable=False, comment="true: this import opened their book"),
        sa.Column(
            "renamed",
            sa.Boolean(),
            nullable=False,
            comment="true: it put name or birth date right; what stood before is kept here",
        ),
        sa.Column("name_before", sa.String(), nullable=True, comment="erased with the person"),
        sa.Column("birth_before", sa.String(), nullable=True, comment="erased with the person"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_people_import_id")),
        sa.PrimaryKeyConstraint("import_id", "candidate_id", name=op.f("pk_import_people")),
        comment="What one import wrote about one person: entries first..last, attributes of the import's instant, "
        "name and birth.",
    )
    op.create_index("ix_import_people_candidate_id", "import_people", ["candidate_id"])
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "noun",
            sa.String(),
            nullable=False,
            comment="unit, version, succession, target, figure, recipient",
        ),
        sa.Column("row_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name_before", sa.String(), nullable=True, comment="a recipient who was only renamed"),
        sa.Column("renamed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id")),
        sa.PrimaryKeyConstraint("import_id", "noun", "row_id", name=op.f("pk_import_rows")),
        comment="One row an import wrote that is no entry and no attribute.",
    )
    op.create_table(
        "heading_maps",
        sa.Column(
            "headings", sa.String(), nullable=False, comment="SHA-256 of the sheet's name and its headings, folded"
        ),
        sa.Column("sheet", sa.String(), nullable=False, comment="ours; empty = not to be read"),
        sa.Column("columns", JSON, nullable=False, comment="folded heading -> our column, or empty"),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("headings", name=op.f("pk_heading_maps")),
        comment="One sheet of somebody's own making, known again by its set of headings.",
    )

    running = sa.text("state = 'running'")
    op.create_index(
        "ix_clocks_running_of",
        "clocks",
        ["candidate_id", "due_on", "key"],
        sqlite_where=running,
        postgresql_where=running,
    )
    op.drop_index("ix_candidates_unit_id_step", table_name="candidates")
    op.create_index("ix_candidates_unit_id_step", "candidates", ["unit_id", "step", "id", "code", "person_id"])
    op.create_index(
        "ix_candidates_gaps",
        "candidates",
        ["unit_id", "step"],
        sqlite_where=sa.text("instr(facts, '\"gaps\":[]') = 0"),
        postgresql_where=sa.text("jsonb_array_length(facts -> 'gaps') > 0"),
    )
    op.drop_index("ix_people_name_key", table_name="people")
    op.create_index("ix_people_name_key", "people", ["name_key", "id"])
    op.create_index("ix_notices_state", "notices", ["state"])
    op.create_index("ix_notices_planned_for", "notices", ["planned_for", "id"])
    op.create_index(
        "ix_person_attributes_key", "person_attributes", ["key", "person_id", "from_on", "recorded_at", "value"]
    )


def _rulings() -> None:
    op.create_table(
        "rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, comment="the limit's key in regulations.yaml"),
        sa.Column(
            "value", sa.Integer(), nullable=True, comment="in the limit's unit; null = that text sets no such limit"
        ),
        sa.Column("since", sa.Date(), nullable=False, comment="first day it holds"),
        sa.Column("status", sa.String(), nullable=False, comment="verified, reported, carried_over"),
        sa.Column("cite", sa.String(), nullable=False),
        sa.Column(
            "reason",
            sa.String(),
            nullable=False,
            comment="why, or who found it in which document; no names of people on the way",
        ),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column(
            "withdraws", sa.Integer(), nullable=True, comment="the row this one takes back; its own value says nothing"
        ),
        sa.ForeignKeyConstraint(["withdraws"], ["rulings.id"], name=op.f("fk_rulings_withdraws")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
        comment="A limit confirmed or set by this office from a day on, or the taking back of such a row.",
    )
    protection.protect(op.get_bind(), protection.RULINGS)


def downgrade() -> None:
    raise NotImplementedError("no way back: restore a backup")
