"""`ketnap limit`: the law's answer for a key and a first day."""

from datetime import date
from types import SimpleNamespace

import pytest

import config
from procedures.limit import limit
from states.errors import Unknown

SETTINGS = config.load(config.SHIPPED)
OFFICE = SimpleNamespace(law=SETTINGS.law(), calendar=SETTINGS.make_calendar(), lang="vi")


def test_the_shape():
    found = limit(OFFICE, "admission_decision_wd", date(2025, 12, 1))
    assert (
        found.items()
        >= {
            "key": "admission_decision_wd",
            "from": date(2025, 12, 1),
            "due_on": date(2026, 2, 3),
            "value": 45,
            "unit": "working_days",
            "profile": "qd294",
            "status": "verified",
            "citation": "294-QĐ/TW, 4.3.1",
        }.items()
    )


@pytest.mark.parametrize(
    ("key", "start", "due_on", "value", "profile", "status"),
    [
        ("probation_months", "2024-02-29", "2025-02-28", 12, "qd24", "verified"),
        ("certificate_valid_months", "2025-08-31", "2030-08-31", 60, "qd294", "verified"),
        ("ceremony_wd", "2015-01-05", None, 30, "qd29", "carried_over"),
        ("ceremony_wd", "2026-08-03", None, 30, "qd208", "reported"),
        ("declaration_wd", "2025-06-30", None, None, "qd232", "verified"),
        ("min_age_months", "2025-07-01", None, 216, "qd294", "verified"),
    ],
)
def test_limits_on_their_days(key, start, due_on, value, profile, status):
    found = limit(OFFICE, key, date.fromisoformat(start))
    assert (found["value"], found["profile"], found["status"]) == (value, profile, status)
    if due_on or key != "ceremony_wd":
        assert found["due_on"] == (date.fromisoformat(due_on) if due_on else None)


def test_an_unknown_key():
    with pytest.raises(Unknown):
        limit(OFFICE, "ceremony", date(2025, 1, 1))
