"""Guards: each looks at one rule and answers with a verdict (what is missing, the clause, who, from when) or None.

Every guard is asked with a day: the day the event happens. Age, education, certificate and file are judged by the text
in force on the day the chi bộ considers (domain: 294-QĐ/TW 1.1, 06-HD/TW 5.4), a clock by the text it started under.
Ignorance is not a breach: what is not known (no birth date, no education, no first day) is listed as a gap, not refused.
"""

from __future__ import annotations

from states.guards.bodies import (
    base_has_voted,
    base_votes_here,
    cause_fits,
    ceremony_in_time,
    clock_extendable,
    decision_received,
    delegated_majority,
    delegated_recognition,
    new_member_class,
    removal_proposed,
)
from states.guards.papers import (
    certificate_valid,
    documents_complete,
    file_valid,
    introducers_fit,
    introducers_together,
    papers_redone,
)
from states.guards.person import age_not_passed, age_reached, educated, readmission_wait, readmitted_once
from states.guards.said import (
    body_named,
    cause_named,
    document_named,
    helper_named,
    outcome_said,
    reason_given,
    unit_exists,
    unit_named,
    votes_counted,
)
from states.guards.verdict import (
    APPLICANT,
    BASE,
    DIRECT_SUPERIOR,
    NOBODY,
    OFFICER,
    PARTY_CELL,
    SUPERIOR,
    Guard,
    Scene,
    Verdict,
)

__all__ = [
    "APPLICANT",
    "BASE",
    "DIRECT_SUPERIOR",
    "NOBODY",
    "OFFICER",
    "PARTY_CELL",
    "SUPERIOR",
    "Guard",
    "Scene",
    "Verdict",
    "age_not_passed",
    "age_reached",
    "base_has_voted",
    "base_votes_here",
    "body_named",
    "cause_fits",
    "cause_named",
    "ceremony_in_time",
    "certificate_valid",
    "clock_extendable",
    "decision_received",
    "delegated_majority",
    "delegated_recognition",
    "document_named",
    "documents_complete",
    "educated",
    "file_valid",
    "helper_named",
    "introducers_fit",
    "introducers_together",
    "new_member_class",
    "outcome_said",
    "papers_redone",
    "readmission_wait",
    "readmitted_once",
    "reason_given",
    "removal_proposed",
    "unit_exists",
    "unit_named",
    "votes_counted",
]
