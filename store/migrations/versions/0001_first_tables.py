"""First tables: units, people, candidates, the journal with its protection, clocks, targets, figures, notices, seals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from store import protection

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "database_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("database_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_database_identity")),
        comment="The random id of this database; one row.",
    )
    op.create_table(
        "entry_texts",
        sa.Column("candidate_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "salt", sa.String(), nullable=False, comment="random; without it the digest in the journal says nothing"
        ),
        sa.Column("content", JSON, nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", "sequence", name=op.f("pk_entry_texts")),
        comment="What an entry says that may be erased: names in helper, introducers, issuer, consent; notes and reasons.",
    )
    op.create_table(
        "job_claims",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False, comment="random, per process"),
        sa.Column("claimed_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False, comment="then another may take it over"),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("result", JSON, nullable=True),
        sa.PrimaryKeyConstraint("job", "day", "scope", name=op.f("pk_job_claims")),
        comment="`job` on `day` (and `scope`, such as a period) is being done, or was done with `result`.",
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "part",
            sa.Integer(),
            nullable=False,
            comment="2, 3 … for what came up after the day's first digest had gone",
        ),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.String(),
            nullable=False,
            comment="reserved -> sent | failed -> sent | withdrawn (nothing left to say)",
        ),
        sa.Column("channels", JSON, nullable=False, comment="gone through these"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reserved_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("failure", sa.String(), nullable=True, comment="kind of the last failure, no personal data"),
        sa.CheckConstraint("state IN ('reserved', 'sent', 'failed', 'withdrawn')", name=op.f("ck_letters_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letters_message_id")),
        sa.UniqueConstraint("recipient", "day", "part", name=op.f("uq_letters_recipient_day_part")),
        comment="One digest to one recipient on one working day; its message id makes a repeated sending recognisable.",
    )
    op.create_index(
        "ix_letters_unsent",
        "letters",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state IN ('reserved', 'failed')"),
        postgresql_where=sa.text("state IN ('reserved', 'failed')"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False, comment="random, 62 bits"),
        sa.Column("name", sa.String(), nullable=True, comment="NFC; null once erased"),
        sa.Column("name_key", sa.String(), nullable=True, comment="the name folded, for search without accents"),
        sa.Column("birth", sa.String(), nullable=True, comment="1990-03-20, 1990-03 or 1990: as much as is known"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        comment="Who somebody is; erasable.",
    )
    op.create_index(op.f("ix_people_name_key"), "people", ["name_key"], unique=False)
    op.create_table(
        "seals",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False, comment="1, 2, 3 …"),
        sa.Column("sealed_at", INSTANT, nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False, comment="heads that moved since the seal before"),
        sa.Column("candidates", sa.Integer(), nullable=False, comment="all chains sealed so far"),
        sa.Column("entries", sa.BigInteger(), nullable=False, comment="all entries in them"),
        sa.Column("previous_digest", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, comment="over this seal's lines in the seal file"),
        sa.Column(
            "filed_to",
            sa.BigInteger(),
            nullable=True,
            comment="bytes of the seal file with this seal in it; null = not yet written",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        comment="One sealing: how many heads, and the digest over them, chained to the seal before.",
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False, comment="the code people use; leading zeros kept"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
        comment="A unit as such; what it is called and where it stands is dated.",
    )
    op.create_table(
        "candidates",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False, comment="random, 62 bits"),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False, comment="today's unit"),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True, comment="the day the step was entered; null = undated opening"),
        sa.Column("official_on", sa.Date(), nullable=True, comment="ceremony + 12 months, once recognised"),
        sa.Column("facts", JSON, nullable=False, comment="states.membership.Way, for judging the next step"),
        sa.Column("head_sequence", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows by one at every write"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_candidates_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_candidates_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("code", name=op.f("uq_candidates_code")),
        sa.UniqueConstraint("person_id", name=op.f("uq_candidates_person_id")),
        comment="Where a person stands, with the head of their chain. Written only by the gate, with compare-and-set on version.",
    )
    op.create_index(op.f("ix_candidates_step"), "candidates", ["step"], unique=False)
    op.create_index("ix_candidates_unit_id_step", "candidates", ["unit_id", "step"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False, comment="theo_doi -> nhac -> cap_tren -> thuong_vu -> da_dong"),
        sa.Column("since", sa.Date(), nullable=False, comment="the day this rung was reached"),
        sa.Column("next_on", sa.Date(), nullable=True, comment="working day the next rung is due"),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(), nullable=True, comment="caught_up, period_ended, target_withdrawn"),
        sa.Column("status", sa.String(), nullable=False, comment="cham, nguy_co, chua_co_nguon: as last judged"),
        sa.Column("actual", sa.Numeric(18, 4), nullable=False),
        sa.Column("floor", sa.Numeric(18, 4), nullable=False),
        sa.Column("ladder", JSON, nullable=False, comment="the ladder as it was when the case opened"),
        sa.Column("committed", sa.String(), nullable=True, comment="what the unit promised, with committed_until"),
        sa.Column("committed_until", sa.Date(), nullable=True),
        sa.Column("silenced_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_cases_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        comment="A unit behind on an indicator in a period; at most one is open.",
    )
    op.create_index("ix_cases_step", "cases", ["step"], unique=False)
    op.create_index(
        "uq_cases_open",
        "cases",
        ["unit_id", "indicator", "period"],
        unique=True,
        sqlite_where=sa.text("step <> 'da_dong'"),
        postgresql_where=sa.text("step <> 'da_dong'"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False, comment="clock:ID or case:ID:rung"),
        sa.Column("clock_id", sa.Integer(), nullable=True, comment="the ID of clock:ID; null for a case"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False, comment="days before the due day; negative after it"),
        sa.Column("recipient", sa.String(), nullable=False, comment="address; empty = nobody to tell"),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("planned_for", sa.Date(), nullable=False, comment="the working day it goes out on"),
        sa.Column(
            "state",
            sa.String(),
            nullable=False,
            comment="planned -> reserved -> sent; planned -> passed_over | withdrawn -> planned; nobody",
        ),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'reserved', 'sent', 'passed_over', 'withdrawn', 'nobody')",
            name=op.f("ck_notices_state"),
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_notices_letter_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_notices_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "subject", "due_on", "threshold", "recipient", name=op.f("uq_notices_subject_due_on_threshold_recipient")
        ),
        comment="One thing one person is told once. The unique key *is* the promise not to double it.",
    )
    op.create_index(op.f("ix_notices_letter_id"), "notices", ["letter_id"], unique=False)
    op.create_index(
        "ix_notices_waiting",
        "notices",
        ["recipient", "planned_for", "state"],
        unique=False,
        sqlite_where=sa.text("state IN ('planned', 'reserved')"),
        postgresql_where=sa.text("state IN ('planned', 'reserved')"),
    )
    op.create_table(
        "person_attributes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, comment="the workbook's column: gioi_tinh, dan_toc, ton_giao, …"),
        sa.Column("value", sa.String(), nullable=True, comment="1/0 for yes/no; null = not known"),
        sa.Column("from_on", sa.Date(), nullable=False, comment="first day it holds; 0001-01-01 = since ever"),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_attributes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_attributes")),
        sa.UniqueConstraint(
            "person_id",
            "key",
            "from_on",
            "recorded_at",
            name=op.f("uq_person_attributes_person_id_key_from_on_recorded_at"),
        ),
        comment="One dated attribute (gioi_tinh, dan_toc, doan_vien, hoc_van …); a later recording of the same day replaces it.",
    )
    op.create_table(
        "recipients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False, comment="bi_thu, cap_uy_phu_trach, can_bo_to_chuc, …"),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_recipients_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients")),
        sa.UniqueConstraint("unit_id", "role", "address", name=op.f("uq_recipients_unit_id_role_address")),
        comment="An officer who is told about a unit in a role.",
    )
    op.create_table(
        "reported_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("value", sa.Numeric(18, 4), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column(
            "credited_unit_id", sa.Integer(), nullable=False, comment="the unit itself unless another is credited"
        ),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["credited_unit_id"], ["units.id"], name=op.f("fk_reported_figures_credited_unit_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_reported_figures_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_figures")),
        sa.UniqueConstraint(
            "unit_id",
            "indicator",
            "period",
            "credited_unit_id",
            "recorded_at",
            name=op.f("uq_reported_figures_unit_id_indicator_period_credited_unit_id_recorded_at"),
        ),
        comment="A number a unit reported for a period; a later recording of the same key replaces the earlier.",
    )
    op.create_index("ix_reported_figures_period_indicator", "reported_figures", ["period", "indicator"], unique=False)
    op.create_table(
        "roll_ups",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("own", sa.Numeric(18, 4), nullable=False),
        sa.Column("subtree", sa.Numeric(18, 4), nullable=False),
        sa.Column(
            "as_of",
            sa.Date(),
            nullable=False,
            comment="business day on which this figure was computed and found to be a new one",
        ),
        sa.Column("computed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_roll_ups_unit_id")),
        sa.PrimaryKeyConstraint("period", "indicator", "unit_id", name=op.f("pk_roll_ups")),
        comment="A unit's own figure and its subtree's for one indicator and period, as last computed; no row = nothing.",
    )
    op.create_table(
        "sealed_heads",
        sa.Column("candidate_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(), nullable=False, comment="to name a candidate whose row is gone"),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("seal_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seal_id"], ["seals.id"], name=op.f("fk_sealed_heads_seal_id")),
        sa.PrimaryKeyConstraint("candidate_id", name=op.f("pk_sealed_heads")),
        comment="The head of one candidate's chain as last sealed.",
    )
    op.create_table(
        "targets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False, comment="2020, 2020-H1, 2020-Q2, 2020-06, 2020-9M, 2015/2020"),
        sa.Column("floor", sa.Numeric(18, 4), nullable=True),
        sa.Column("ceiling", sa.Numeric(18, 4), nullable=True),
        sa.Column("ratio", sa.Numeric(12, 6), nullable=True, comment="of the base, 0.5 = 50%"),
        sa.Column("base", sa.String(), nullable=True, comment="indicator the ratio is of, or so_dang_vien"),
        sa.Column("decision_number", sa.String(), nullable=True),
        sa.Column("decision_date", sa.Date(), nullable=False, comment="0001-01-01 = no decision named"),
        sa.Column("credited_unit_id", sa.Integer(), nullable=True),
        sa.Column("responsible", sa.String(), nullable=True, comment="officer or department in charge"),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["credited_unit_id"], ["units.id"], name=op.f("fk_targets_credited_unit_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_targets_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
        sa.UniqueConstraint(
            "unit_id",
            "indicator",
            "period",
            "decision_date",
            name=op.f("uq_targets_unit_id_indicator_period_decision_date"),
        ),
        comment="A target by one decision: a floor (and a ceiling), or a ratio of another indicator.",
    )
    op.create_table(
        "unit_successions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("succeeded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["predecessor_id"], ["units.id"], name=op.f("fk_unit_successions_predecessor_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["units.id"], name=op.f("fk_unit_successions_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_successions")),
        sa.UniqueConstraint(
            "predecessor_id", "successor_id", name=op.f("uq_unit_successions_predecessor_id_successor_id")
        ),
        comment="`successor` took over from `predecessor` on a day (sáp nhập, hợp nhất, chia tách).",
    )
    op.create_index(op.f("ix_unit_successions_successor_id"), "unit_successions", ["successor_id"], unique=False)
    op.create_table(
        "unit_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False, comment="first day it holds; 0001-01-01 = since ever"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="a word of config.yaml's unit kinds"),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("chain", sa.String(), nullable=True, comment="co_so, truc_tiep, uy_quyen; null = as the parent"),
        sa.Column("attributes", JSON, nullable=False, comment="co_to_chuc_dang, co_doan, …"),
        sa.Column(
            "ended", sa.Boolean(), nullable=False, comment="true: from this day on the unit is no more (den_ngay + 1)"
        ),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_unit_versions_parent_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_versions_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_versions")),
        sa.UniqueConstraint(
            "unit_id", "from_on", "recorded_at", name=op.f("uq_unit_versions_unit_id_from_on_recorded_at")
        ),
        comment="All a unit is from a day on, until its next version; a later recording of the same day replaces the earlier.",
    )
    op.create_index("ix_unit_versions_parent_id", "unit_versions", ["parent_id"], unique=False)
    op.create_table(
        "case_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
        comment="What happened to a case: opened, rose, nobody_to_tell, closed …",
    )
    op.create_index(op.f("ix_case_events_case_id"), "case_events", ["case_id"], unique=False)
    op.create_table(
        "clocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, comment="the limit's key in regulations.yaml"),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False, comment="last day in time"),
        sa.Column("limit_value", sa.Integer(), nullable=False),
        sa.Column("limit_unit", sa.String(), nullable=False, comment="working_days or months"),
        sa.Column("extension", sa.Integer(), nullable=False, comment="working days added by `extend`"),
        sa.Column("profile", sa.String(), nullable=False, comment="text it started under"),
        sa.Column("status", sa.String(), nullable=False, comment="verified, reported, carried_over"),
        sa.Column("citation", sa.String(), nullable=False),
        sa.Column(
            "calendar",
            sa.String(),
            nullable=False,
            comment="version of the holiday table the due day was reckoned with",
        ),
        sa.Column("state", sa.String(), nullable=False, comment="running -> met | late | void"),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('running', 'met', 'late', 'void')", name=op.f("ck_clocks_state")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_clocks_candidate_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
        sa.UniqueConstraint("candidate_id", "key", "run", name=op.f("uq_clocks_candidate_id_key_run")),
        comment="One limit running for one person. `run` counts the clocks of one key in a person's life: 1, 2 …",
    )
    op.create_index(
        "ix_clocks_running",
        "clocks",
        ["due_on", "key", "candidate_id", "limit_unit", "starts_on"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False, comment="1, 2, 3 … per candidate"),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column(
            "source",
            sa.String(),
            nullable=True,
            comment="step before; null for open_at and for history before an opening",
        ),
        sa.Column("destination", sa.String(), nullable=True, comment="step after"),
        sa.Column("effective_on", sa.Date(), nullable=True, comment="the day it happened; null = undated opening"),
        sa.Column("recorded_at", INSTANT, nullable=False, comment="machine's instant"),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False, comment="the person's unit on that day"),
        sa.Column("document_number", sa.String(), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("data", JSON, nullable=False, comment="votes, outcome, codes, verdicts; no names, no notes"),
        sa.Column(
            "text_applied", sa.String(), nullable=False, comment="the regulation's profile in force that day: qd294 …"
        ),
        sa.Column("corrects", sa.Integer(), nullable=True, comment="sequence of the entry this one replaces"),
        sa.Column("voids", sa.Integer(), nullable=True, comment="sequence of the entry this one makes void"),
        sa.Column(
            "private_digest", sa.String(), nullable=True, comment="salted digest of the erasable rest (entry_texts)"
        ),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_journal_candidate_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_journal_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("candidate_id", "sequence", name=op.f("uq_journal_candidate_id_sequence")),
        comment="One thing that happened to one candidate, chained to the one before.",
    )
    op.create_index(
        "ix_journal_superseding",
        "journal",
        ["candidate_id"],
        unique=False,
        sqlite_where=sa.text("corrects IS NOT NULL OR voids IS NOT NULL"),
        postgresql_where=sa.text("corrects IS NOT NULL OR voids IS NOT NULL"),
    )
    op.create_index(
        "ix_journal_trigger_document_date",
        "journal",
        ["trigger", "document_date", "effective_on", "unit_id", "destination"],
        unique=False,
    )
    op.create_index(
        "ix_journal_trigger_effective_on",
        "journal",
        ["trigger", "effective_on", "unit_id", "destination"],
        unique=False,
    )
    op.create_table(
        "clock_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("from_due_on", sa.Date(), nullable=False),
        sa.Column("to_due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False, comment="calendar or limit"),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clocks.id"], name=op.f("fk_clock_moves_clock_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_moves")),
        comment="A due day that moved because the holiday table or a confirmed limit changed.",
    )
    op.create_index(op.f("ix_clock_moves_clock_id"), "clock_moves", ["clock_id"], unique=False)
    protection.protect(op.get_bind())


def downgrade() -> None:
    raise NotImplementedError("no way back: restore a backup")
