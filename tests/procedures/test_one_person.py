"""One person as they stood on any day, what a step would do, and the forms that ask for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from procedures.advance import advance
from procedures.show import show_candidate
from procedures.step_form import DATE, DAY, NOTE, NUMBER, step_form
from states.calendar import parse_day
from states.errors import BadInput, Conflict
from states.events import FIELDS
from states.membership import PROCESS
from states.roles import Actor, Forbidden
from store.database import Database
from tests.procedures.village import VOTE, Village, member
from tests.procedures.walk import Walker, said

D = date
NOT_COMPARED = ("version", "as_of", "superseded", "voided")
WRITTEN = ("pending", "recorded_at", "recorded_by")  # `mature` may have been written since


@pytest.fixture
def village(database: Database) -> Village:
    return Village(database)


def plain(shown: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in shown.items() if key not in NOT_COMPARED}
    kept["timeline"] = [{k: v for k, v in row.items() if k not in WRITTEN} for row in kept["timeline"]]
    return kept


# As it was -----------------------------------------------------------------------------------------------------------


def as_it_was(village: Village, seed: int, steps: int = 25) -> None:
    """What is shown of a day later is what was shown on it."""
    village.open("A1", day=D(2024, 1, 2), birth="1990-05", hoc_van="dai_hoc", today=D(2024, 1, 2))
    walker = Walker(village, "A1", seed, D(2024, 1, 3))
    seen: dict[date, dict[str, Any]] = {}
    for _ in range(steps):
        if walker.go() is None:
            break
        seen[walker.today] = plain(walker.shown())
        before = walker.today
        walker.later()
        if walker.today - before > timedelta(1):
            quiet = before + timedelta(1)
            seen[quiet] = plain(village.show("A1", quiet))
    walker.today += timedelta(days=400)
    for day, shown in seen.items():
        assert plain(walker.shown(as_of=day)) == shown, (seed, day)
    village.check()


@pytest.mark.parametrize("seed", range(8))
def test_as_of_is_what_was_shown_that_day(sqlite_database: Database, seed: int) -> None:
    as_it_was(Village(sqlite_database), seed)


@pytest.mark.postgres
def test_as_of_on_postgresql(postgresql_database: Database) -> None:
    as_it_was(Village(postgresql_database), 50, 12)


def test_as_of_today_is_today(village: Village) -> None:
    village.open("A1", day=D(2023, 1, 2), rows=member(D(2025, 2, 3)))
    assert plain(show_candidate(village.office(), "A1", as_of=village.today)) == plain(village.show("A1"))


def test_as_of_follows_corrections(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    village.step("A1", "certify_class", D(2025, 3, 10))
    village.correct("A1:2", on="2025-05-10")
    assert show_candidate(village.office(), "A1", as_of=D(2025, 4, 1))["step"] == "cam_tinh"
    assert show_candidate(village.office(), "A1", as_of=D(2025, 5, 10))["step"] == "da_hoc"


def test_days_that_cannot_be_asked_for(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    for day in (D(2024, 12, 31), village.today + timedelta(1)):
        with pytest.raises(BadInput):
            show_candidate(village.office(), "A1", as_of=day)


# What is shown -------------------------------------------------------------------------------------------------------


def test_clocks_show_their_sum(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1))
    village.step("A1", "cell_vote", D(2025, 8, 20), **VOTE)
    clock = village.clock("A1", "admission_decision_wd")
    assert clock["sum"].startswith("20/08/2025 + ")
    assert "1–2/9 (Quốc khánh)" in clock["sum"]
    assert clock["sum"].endswith(f"= {clock['due_on']:%d/%m/%Y}")
    assert {off["name"] for off in clock["days_off"]} == {"Quốc khánh"}


def test_a_timeline_says_what_was_recorded_and_corrected(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1))
    village.step("A1", "cell_vote", D(2025, 9, 1), summoned=9, in_favour=5)
    village.correct("A1:2", in_favour="6")
    row = village.show("A1")["timeline"][-1]
    assert row["said"] == [{"name": "summoned", "label": "tán thành", "value": "6/9 (đạt tỷ lệ)"}]
    (old,) = row["corrections"]
    assert old["said"][0]["value"] == "5/9 (không đạt tỷ lệ)"
    assert (old["corrected"]["by"], old["corrected"]["reason"]) == ("test", "Ghi nhầm")
    assert row["text_label"] == "Quy định 294-QĐ/TW"
    village.correct("A1:3", void=True)
    shown = village.show("A1")
    assert [row["label"] for row in shown["timeline"]] == ["Mở sổ"]
    assert [(row["label"], row["void"]["reason"]) for row in shown["voided"]] == [
        ("Chi bộ biểu quyết kết nạp", "Ghi nhầm")
    ]


def test_what_was_overridden_is_told_in_full(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1), birth="2010-05-01")
    village.step("A1", "cell_vote", D(2025, 9, 1), irregular="Thực tế đã họp", **VOTE)
    row = village.show("A1")["timeline"][-1]
    assert row["irregular"] == {"verdicts": ["too_young"], "reason": "Thực tế đã họp"}
    assert [one["citation"] for one in row["overridden"]] == ["294-QĐ/TW, 1.1"]


def test_papers(village: Village) -> None:
    def states(day: date | None = None) -> dict[str, str]:
        shown = village.show("A1", day)["papers"]
        return {row["key"]: row["state"] for row in shown["items"]}

    village.open("A1", day=D(2024, 1, 1), birth="1990-05")
    papers = village.show("A1")["papers"]
    assert states() == {"certificate_valid_months": "later", "file_valid_months": "later"}
    assert papers["helper"] is None
    assert {one["state"] for one in papers["documents"]["items"]} == {"later"}
    village.step("A1", "list", D(2024, 2, 1), helper="Trần Văn Giúp")
    village.step("A1", "certify_class", D(2024, 3, 10), issuer="TTCT", document_number="7-GCN")
    village.step("A1", "open_file", D(2024, 4, 10))
    assert {one["state"] for one in village.show("A1")["papers"]["documents"]["items"]} == {"missing"}
    told = {"documents": "đủ", "introducers": "Lê Một; Phạm Hai", "shared_since": "2020-01-01"}
    village.step("A1", "complete_file", D(2024, 5, 10), **told)
    papers = village.show("A1", D(2025, 5, 10))["papers"]
    assert papers["helper"] == {"name": "Trần Văn Giúp", "since": D(2024, 2, 1), "entry": "A1:2"}
    assert (papers["introducers"]["names"], papers["introducers"]["since"]) == ("Lê Một; Phạm Hai", D(2020, 1, 1))
    certificate, file = papers["items"]
    assert (certificate["document"], certificate["issuer"], certificate["until"]) == ("7-GCN", "TTCT", D(2029, 3, 10))
    assert (file["state"], file["until"], file["days_left"]) == ("there", D(2025, 5, 10), 0)
    assert states(D(2025, 5, 11))["file_valid_months"] == "expired"
    assert all(one["state"] == "there" for one in papers["documents"]["items"])


def test_one_thing_is_suggested(village: Village) -> None:
    village.open("A1", day=D(2024, 1, 1))
    for trigger, on, *data in member(D(2025, 2, 3)):
        wanted = [row["trigger"] for row in village.show("A1", on)["next"] if row["suggested"]]
        assert wanted == ([trigger] if trigger != "hold_ceremony" else []), "the ceremony is late"
        village.step("A1", trigger, on, **(data[0] if data else {}))


# Preview -------------------------------------------------------------------------------------------------------------


def preview(village: Village, code: str, trigger: str, on: date, **more: Any) -> dict[str, Any]:
    told = {key: more.pop(key) for key in ("irregular", "expect_version", "note", "document_number") if key in more}
    return advance(village.office(), code, trigger, on, data=more, preview=True, **told)


def test_a_preview_says_what_happens_and_writes_nothing(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1), rows=[("certify_class", D(2024, 3, 1))])
    before = village.dump()
    seen = preview(village, "A1", "cell_vote", D(2025, 12, 15), **VOTE)
    assert village.dump() == before
    assert (seen["allowed"], seen["from"], seen["step"], seen["carried"]) == (True, "cho_chi_bo", "cho_co_so", True)
    assert [(row["key"], row["what"]) for row in seen["clocks"]] == [
        ("certificate_valid_months", "met"), ("admission_decision_wd", "started"),
    ]  # fmt: skip
    started = seen["clocks"][1]
    assert started["sum"].endswith(f"= {started['due_on']:%d/%m/%Y}")
    (notices,) = seen["notices"]
    assert notices["key"] == "admission_decision_wd"
    assert all(day >= village.today for day in notices["days"])
    done = village.step("A1", "cell_vote", D(2025, 12, 15), **VOTE)
    assert done["step"] == seen["step"]
    assert village.clock("A1", "admission_decision_wd")["due_on"] == started["due_on"]


def test_a_preview_of_what_is_refused(village: Village) -> None:
    village.open("A1", step="cho_chi_bo", day=D(2025, 1, 1), birth="2010-05-01")
    seen = preview(village, "A1", "cell_vote", D(2025, 9, 1), **VOTE)
    assert (seen["allowed"], seen["overridable"]) == (False, True)
    assert [one["code"] for one in seen["verdicts"]] == ["too_young"]
    seen = preview(village, "A1", "cell_vote", D(2025, 9, 1), irregular="Đã họp", **VOTE)
    assert (seen["allowed"], [one["code"] for one in seen["overridden"]]) == (True, ["too_young"])
    seen = preview(village, "A1", "cell_vote", D(2025, 9, 1), irregular="Đã họp")
    assert (seen["allowed"], seen["overridable"]) == (False, False)


def test_a_preview_of_a_day_gone_by(village: Village) -> None:
    village.open("A1", step="quan_chung", day=D(2025, 1, 1))
    village.step("A1", "list", D(2025, 3, 1), helper="A")
    before = village.dump()
    seen = preview(village, "A1", "nominate", D(2025, 2, 1))
    assert village.dump() == before
    assert (seen["step"], seen["moves"]) == ("cam_tinh", False)
    assert [(row["trigger"], row["what"]) for row in seen["entries"]] == [("list", "corrected")]
    assert [(row["indicator"], row["change"]) for row in seen["figures"]] == [("introduced", 1)]


def test_every_step_of_a_walk_does_what_its_preview_said(sqlite_database: Database) -> None:
    village = Village(sqlite_database)
    village.open("A1", day=D(2024, 1, 2), birth="1990-05", today=D(2024, 1, 2))
    walker = Walker(village, "A1", 7, D(2024, 1, 3))
    for _ in range(30):
        shown = walker.shown()
        found = walker.choices(shown, leave=False)
        trigger = min(found, key=lambda one: (walker.taken[one], one))
        walker.taken[trigger] += 1
        told: dict[str, Any] = {"data": walker.data(trigger), "note": "Lý do", "document_number": "1-QĐ"}
        office = village.office(walker.today)
        seen = advance(office, "A1", trigger, walker.today, preview=True, **told)
        if seen["allowed"]:
            done = advance(office, "A1", trigger, walker.today, **told)
            after = walker.shown()
            assert (seen["step"], seen["since"]) == (done["step"], done["since"]) == (after["step"], after["since"])
            clocks = {clock["key"]: (clock["state"], clock["due_on"]) for clock in after["clocks"]}
            for row in seen["clocks"]:
                assert clocks[row["key"]] == (row["state"], row["due_on"]), trigger
        walker.later()


def test_who_moved_it_meanwhile_is_named(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    seen = village.show("A1")["version"]
    advance(
        village.office(user="minh"), "A1", "assign_helper", D(2025, 2, 1), data={"helper": "A"}, expect_version=seen
    )
    for more in ({}, {"preview": True}):
        with pytest.raises(Conflict) as conflict:
            advance(village.office(), "A1", "certify_class", D(2025, 3, 1), expect_version=seen, **more)
        assert "minh ghi «Phân công đảng viên giúp đỡ» (ngày 01/02/2025)" in conflict.value.say("vi")


# Forms ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trigger", [row.trigger for row in PROCESS.values() if not row.automatic])
def test_a_form_asks_exactly_what_its_trigger_records(sqlite_database: Database, trigger: str) -> None:
    office = Village(sqlite_database).office()
    form = step_form(office, trigger)
    names = [field.name for field in form.fields]
    assert names == [DAY, *PROCESS[trigger].records, NUMBER, DATE, NOTE]
    assert step_form(office, trigger, irregular=True).fields[-1].name == "irregular"
    assert all(field.label and field.kind for field in form.fields)
    for field in form.fields:
        if field.name in FIELDS and FIELDS[field.name].kind in ("outcome", "cause", "body", "codes", "unit"):
            assert field.choices, field.name
    values = {DAY: "31/12/2025", NUMBER: "5-QĐ", DATE: "2025-12-30", NOTE: "Lý do", **said(trigger)}
    told = form.read(values)
    assert (told["on"], told["document_date"]) == (D(2025, 12, 31), D(2025, 12, 30))
    assert told["data"] == said(trigger)
    assert form.typed({DAY: " 31/12/2025 "})[DAY] == "31/12/2025"


def test_a_form_knows_what_it_cannot_do_without(sqlite_database: Database) -> None:
    office = Village(sqlite_database).office()
    form = step_form(office, "cell_vote")
    assert [field.name for field in form.fields if field.required] == [DAY, "summoned", "in_favour"]
    assert parse_day(form.fields[0].value) == office.today
    with pytest.raises(BadInput) as wrong:
        form.read({DAY: "31/02/2025", "summoned": "chín", "in_favour": "", "consent": "x" * 501})
    assert set(wrong.value.details["fields"]) == {DAY, "summoned", "in_favour", "consent"}
    with pytest.raises(BadInput) as wrong:
        form.read({DAY: "01/02/2025", "summoned": "5", "in_favour": "6"})
    assert set(wrong.value.details["fields"]) == {"in_favour"}
    form = step_form(office, "complete_file")
    documents = form.field("documents")
    assert documents is not None
    assert form.typed({documents.part("1-KNĐ"): "on", documents.part("5-KNĐ"): "on"})["documents"] == "1-KNĐ,5-KNĐ"
    for wrong_trigger in ("dance", "mature", "open_at"):
        with pytest.raises(BadInput):
            step_form(office, wrong_trigger)


def test_units_to_choose_lie_within_ones_own(village: Village) -> None:
    def choices(office: Any) -> list[str]:
        field = step_form(office, "transfer", unit="CB1").field("to_unit")
        assert field is not None
        return [choice.value for choice in field.choices]

    assert choices(village.office()) == ["ĐU", "CB2", "CB3", "CB4"]
    assert choices(village.office().for_actor(Actor("lan", "bi_thu", "CB2"))) == ["CB2"]


def test_who_may_look_and_act(village: Village) -> None:
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1))
    observer = village.office().for_actor(Actor("x", "theo_doi", None))
    with pytest.raises(Forbidden):
        show_candidate(observer, "A1")
    with pytest.raises(Forbidden):
        advance(observer, "A1", "certify_class", D(2025, 2, 1), preview=True)
