"""A limit confirmed or set otherwise at the desk: what it moves is shown first, then moved in one go, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from procedures.confirm_limit import (
    FIXED,
    confirm_limit,
    preview_ruling,
    preview_withdrawal,
    read_proposal,
    withdraw_ruling,
)
from procedures.due import due
from procedures.law import history, law_on
from procedures.limit import limit
from procedures.office import Office
from procedures.recompute_clocks import recompute_clocks
from procedures.verify import verify
from states.errors import BadInput, Conflict, Unknown
from states.roles import Actor, Forbidden

KEY = "admission_decision_wd"
WHY = {"cite": "294-QĐ/TW, 4.3.1", "reason": "đọc bản đóng dấu của Văn phòng"}


@pytest.fixture(autouse=True)
def _in_vietnamese(request: pytest.FixtureRequest) -> None:
    for name in ("six", "six_on_sqlite"):
        if name in request.fixturenames:
            request.getfixturevalue(name).lang = "vi"


def _proposal(office: Office, value: str = "30", since: str = "2025-07-01", status: str = "verified", key: str = KEY):
    return read_proposal(office, key, value, since, status, **WHY)


def _due(office: Office, code: str = "PL-03") -> date:
    return next(item["due_on"] for item in due(office)["items"] if item["code"] == code)


def _fresh(office: Office) -> Office:
    """The office as the next command or request opens it."""
    return replace(office)


def test_a_preview_names_what_moves_and_writes_nothing(six: Office) -> None:
    before = _due(six)
    told = preview_ruling(six, _proposal(six))
    assert (told["before"]["words"], told["after"]["words"]) == ("45 ngày làm việc", "30 ngày làm việc")
    assert told["moved"] == told["earlier"] == 1
    assert told["examples"][0]["code"] == "PL-03"
    assert told["examples"][0]["before"] == before
    assert told["examples"][0]["after"] < before
    assert told["until"] == date(2026, 4, 8)
    assert _due(_fresh(six)) == before
    assert history(six, KEY)["rulings"] == []


def test_a_ruling_moves_what_the_preview_said(six: Office) -> None:
    proposal = _proposal(six)
    told = preview_ruling(six, proposal)
    done = confirm_limit(six, proposal, latest=told["latest"])
    assert done == {
        "id": 1, "key": KEY, "moved": told["moved"], "restated": told["restated"], "unchanged": told["unchanged"]
    }  # fmt: skip
    for office in (six, _fresh(six)):
        assert _due(office) == told["examples"][0]["after"]
        assert limit(office, KEY, date(2025, 10, 1))["value"] == 30
    again = recompute_clocks(_fresh(six))
    assert (again["moved"], again["restated"]) == (0, 0)
    assert verify(_fresh(six))["broken"] == []


def test_confirming_alone_moves_no_day(six: Office) -> None:
    done = confirm_limit(six, _proposal(six, "45", "2026-04-08"))
    assert done["moved"] == 0
    found = limit(_fresh(six), KEY, date(2026, 5, 4))
    assert (found["status"], found["citation"]) == ("verified", WHY["cite"])
    row = next(one for one in law_on(six, date(2026, 5, 4))["limits"] if one["key"] == KEY)
    assert (row["origin"], row["status"]) == ("desk", "verified")


def test_the_latest_recorded_of_a_day_holds_and_can_be_taken_back(six: Office) -> None:
    before = _due(six)
    first = confirm_limit(six, _proposal(six, "30"))["id"]
    second = confirm_limit(six, _proposal(six, "20"))["id"]
    assert limit(_fresh(six), KEY, date(2025, 10, 1))["value"] == 20
    told = preview_withdrawal(six, KEY, second)
    assert (told["before"]["value"], told["after"]["value"], told["later"]) == (20, 30, 1)
    withdraw_ruling(six, KEY, second, "nhầm văn bản")
    assert limit(_fresh(six), KEY, date(2025, 10, 1))["value"] == 30
    withdraw_ruling(six, KEY, first, "nhầm văn bản")
    assert _due(_fresh(six)) == before
    told = history(six, KEY)["rulings"]
    assert [one["stands"] for one in told] == [False, False]
    assert told[0]["withdrawn_reason"] == "nhầm văn bản"
    assert verify(_fresh(six))["broken"] == []
    with pytest.raises(Conflict):
        withdraw_ruling(six, KEY, first, "lần nữa")
    with pytest.raises(Unknown):
        withdraw_ruling(six, "ceremony_wd", second, "khóa khác")


def test_somebody_else_was_quicker(six: Office) -> None:
    latest = preview_ruling(six, _proposal(six))["latest"]
    confirm_limit(_fresh(six), _proposal(six, "40"))
    with pytest.raises(Conflict):
        confirm_limit(_fresh(six), _proposal(six), latest=latest)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("value", {"value": "ba mươi"}),
        ("value", {"value": "-1"}),
        ("value", {"value": "99999999999"}),
        ("value", {"value": "1001"}),
        ("value", {"value": "12", "key": "probation_months"} | {"value": "18"}),
        ("value", {"value": ""}),
        ("since", {"since": "31/02/2025"}),
        ("status", {"status": "carried_over"}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(six_on_sqlite: Office, field: str, given: dict[str, str]) -> None:
    with pytest.raises(BadInput) as refused:
        _proposal(six_on_sqlite, **given)
    assert refused.value.details["field"] == field


def test_words_must_be_there(six_on_sqlite: Office) -> None:
    for field, words in (("cite", {"cite": "", "reason": "x"}), ("reason", {"cite": "x", "reason": "  "})):
        with pytest.raises(BadInput) as refused:
            read_proposal(six_on_sqlite, KEY, "30", "2025-07-01", "verified", **words)
        assert refused.value.details["field"] == field


def test_nothing_new_is_said_so(six_on_sqlite: Office) -> None:
    with pytest.raises(BadInput):
        read_proposal(six_on_sqlite, KEY, "45", "2025-07-01", "verified", "294-QĐ/TW, 4.3.1", "đối chiếu")


def test_a_rule_that_is_no_length_is_not_ruled_here(six_on_sqlite: Office) -> None:
    with pytest.raises(BadInput):
        _proposal(six_on_sqlite, key="vote_ratio_base")
    with pytest.raises(Unknown):
        _proposal(six_on_sqlite, key="khong_co")


@pytest.mark.parametrize(
    "actor", [Actor("b", "can_bo"), Actor("c", "bi_thu"), Actor("d", "theo_doi"), Actor("e", "quan_tri", "CB-01")]
)
def test_only_who_rules_for_the_whole_office(six_on_sqlite: Office, actor: Actor) -> None:
    proposal = _proposal(six_on_sqlite)
    theirs = six_on_sqlite.for_actor(actor)
    for act in (lambda: preview_ruling(theirs, proposal), lambda: confirm_limit(theirs, proposal)):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(Forbidden):
        withdraw_ruling(theirs, KEY, 1, "x")
    assert law_on(theirs, theirs.today)["limits"]


def test_a_ruling_is_append_only(six: Office) -> None:
    confirm_limit(six, _proposal(six))
    for statement in ("UPDATE rulings SET value = 1", "DELETE FROM rulings"):
        with pytest.raises(Exception, match="append-only"), six.database.writing() as connection:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("by", [-5, 7])
def test_every_book_still_replays_whatever_is_ruled(six_on_sqlite: Office, by: int) -> None:
    office = six_on_sqlite
    for key in office.law.keys():  # noqa: SIM118
        value = office.law.limit(key, date(2016, 7, 25)).value
        if key in FIXED or value is None:
            continue
        for since in ("2016-07-25", "2025-07-01"):
            if office.law.limit(key, date.fromisoformat(since)).value is not None:
                confirm_limit(office, _proposal(office, str(max(0, value + by)), since, key=key))
    assert verify(_fresh(office))["broken"] == []


def test_no_database_no_rulings(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("KETNAP_CONFIG", raising=False)
    office = Office.open(database_url=f"sqlite:///{tmp_path}/chua-co.db")
    assert limit(office, KEY, date(2025, 10, 1))["value"] == 45
    assert not (tmp_path / "chua-co.db").exists()
