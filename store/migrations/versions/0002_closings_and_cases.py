"""Closed periods with their files; acknowledged and silenced cases; targets that come from a rule."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from store import protection

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "closings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="1, 2 … of this unit's period"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="1 for the first report closed, 2 after a reopening …"
        ),
        sa.Column("event", sa.String(), nullable=False, comment="prepared -> accepted -> reopened"),
        sa.Column("happened_on", sa.Date(), nullable=False, comment="business day"),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("signer", sa.String(), nullable=True, comment="who signs, by name or office, as the closing says it"),
        sa.Column("reason", sa.String(), nullable=True, comment="why it was reopened"),
        sa.Column(
            "content", JSON, nullable=True, comment="prepared: the report, its printed texts, how it was computed"
        ),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_closings_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closings")),
        sa.UniqueConstraint("unit_id", "period", "sequence", name=op.f("uq_closings_unit_id_period_sequence")),
        comment="One act on a unit's period: prepared (with the report as it is frozen), accepted, reopened.",
    )
    op.create_table(
        "closing_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closing_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="xlsx, docx"),
        sa.Column("content", sa.String(), nullable=False, comment="base64"),
        sa.Column("digest", sa.String(), nullable=False, comment="SHA-256 of the bytes"),
        sa.ForeignKeyConstraint(["closing_id"], ["closings.id"], name=op.f("fk_closing_files_closing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_files")),
        sa.UniqueConstraint("closing_id", "kind", name=op.f("uq_closing_files_closing_id_kind")),
        comment="A file issued at a closing (xlsx, docx), kept byte for byte and issued again.",
    )
    op.add_column(
        "seals",
        sa.Column(
            "closings_to", sa.Integer(), nullable=True, comment="the last act of closing sealed so far; null = none"
        ),
    )
    op.add_column("cases", sa.Column("acknowledged_on", sa.Date(), nullable=True, comment="day of the commitment"))
    op.add_column("cases", sa.Column("acknowledged_by", sa.String(), nullable=True))
    op.add_column("cases", sa.Column("silence_reason", sa.String(), nullable=True, comment="with silenced_until"))
    by_hand = sa.text("result = 'by_hand'")
    op.create_index("ix_cases_by_hand", "cases", ["next_on"], sqlite_where=by_hand, postgresql_where=by_hand)
    rule, decided = sa.text("rule IS NOT NULL"), sa.text("rule IS NULL")
    with op.batch_alter_table("targets") as targets:
        targets.drop_constraint("uq_targets_unit_id_indicator_period_decision_date", type_="unique")
        targets.add_column(
            sa.Column(
                "rule", sa.String(), nullable=True, comment="config.yaml's target rule it comes from; null = decided"
            )
        )
        targets.add_column(
            sa.Column(
                "from_on",
                sa.Date(),
                nullable=True,
                comment="by rule: the first day it holds; a later recording of the same day replaces the earlier",
            )
        )
    for name, day, where in (
        ("uq_targets_decided", ["decision_date"], decided),
        ("uq_targets_by_rule", ["from_on", "recorded_at"], rule),
    ):
        columns = ["unit_id", "indicator", "period", *day]
        op.create_index(name, "targets", columns, unique=True, sqlite_where=where, postgresql_where=where)
    for table in protection.CLOSINGS:
        protection.protect(op.get_bind(), table)


def downgrade() -> None:
    raise NotImplementedError("no way back: restore a backup")
