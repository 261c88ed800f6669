"""What today lists and counts, held against `due` and bare SQL, at every size of page and on many days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from procedures.due import due
from procedures.office import Office
from procedures.people import list_people
from procedures.people_conditions import Group, Rule, cells_of
from procedures.show import list_candidates
from procedures.today import KEYS, people_by_step, today
from procedures.today_cards import list_gaps, today_cards
from states.errors import BadInput, Unknown
from states.roles import Actor, Forbidden
from store import due_list
from store.people_writing import Attribute, insert_attributes

DAYS = [date(2025, 12, 1), date(2025, 12, 9), date(2025, 12, 10), date(2026, 2, 2), date(2027, 1, 4)]


def on(office: Office, day: date) -> Office:
    office.today = day
    return office


def listed(office: Office, **asked) -> list[tuple]:
    """Every page of the list."""
    first = today(office, size=1, **asked)
    rows = []
    for page in range(1, first["pages"] + 1):
        found = today(office, page=page, size=1, **asked)
        rows += found["items"]
    assert len(rows) == first["total"]
    return [(row["due_on"], row["clock"], row["code"], row["step"]) for row in rows]


def told(office: Office, unit: str | None = None) -> list[tuple]:
    """The same as `due` says it."""
    items = due(office, unit)["items"]
    return sorted((row["due_on"], row["clock"], row["code"], row["step"]) for row in items)


class TestList:
    @pytest.mark.parametrize("day", DAYS)
    @pytest.mark.parametrize("few", [0, 4_000])
    def test_it_is_what_due_says(self, six, day, few, monkeypatch):
        monkeypatch.setattr(due_list, "FEW", few)  # whichever side the question begins at
        office = on(six, day)
        assert listed(office) == told(office)
        for unit in ("CB-01", "CB-02", "XA-PL"):
            assert listed(office, unit=unit) == told(office, unit)

    @pytest.mark.parametrize("day", DAYS)
    def test_counts_add_up(self, six, day):
        office = on(six, day)
        found, items = today(office), due(office)["items"]
        assert found["counts"]["overdue"] == sum(row["due_on"] < day for row in items)
        assert found["counts"]["soon"] == sum(day <= row["due_on"] <= day + timedelta(days=30) for row in items)
        assert found["total"] == len(items)
        for key in KEYS:
            of = [row for row in items if row["clock"] == key]
            alone = today(office, clock=key)
            assert alone["total"] == len(of)
            assert alone["counts"]["overdue"] == sum(row["due_on"] < day for row in of)
            assert sorted(row["code"] for row in alone["items"]) == sorted(row["code"] for row in of)

    @pytest.mark.parametrize("day", DAYS)
    def test_nothing_until_the_first_day(self, six, day):
        office = on(six, day)
        found, days = today(office), [row["due_on"] for row in due(office)["items"]]
        quiet = all(one > day + timedelta(days=7) for one in days)
        assert found["quiet"] is quiet
        assert found["nothing_until"] == (min(days, default=None) if quiet else None)

    def test_scope(self, six):
        mine = six.for_actor(Actor("bi", "bi_thu", "CB-02"))
        assert {row["code"] for row in today(mine)["items"]} == {"PL-03", "PL-05"}
        assert today(mine)["total"] == 2
        with pytest.raises(Unknown):
            today(mine, unit="CB-01")
        watching = today(six.for_actor(Actor("x", "theo_doi")))["items"]
        assert {(row["code"], row["name"]) for row in watching} == {(None, None)}

    def test_what_my_own_body_does(self, six):
        cell = six.for_actor(Actor("bi", "bi_thu", "CB-02"))
        assert [row["code"] for row in today(cell, mine=True)["items"]] == ["PL-05"]
        above = six.for_actor(Actor("can", "can_bo", "XA-PL"))
        assert "PL-03" in [row["code"] for row in today(above, mine=True)["items"]]
        assert "PL-04" not in [row["code"] for row in today(above, mine=True)["items"]]

    def test_an_unknown_limit(self, six):
        with pytest.raises(BadInput):
            today(six, clock="x")

    def test_an_empty_office(self, database, tmp_path):
        office = Office.open(today=date(2025, 12, 1), database_url="sqlite:///unused.db", user="lan")
        office.database = database
        found = today(office)
        assert (found["items"], found["total"], found["nothing_until"], found["quiet"]) == ([], 0, None, True)
        assert today_cards(office)["on_the_way"] == 0


class TestCards:
    @pytest.mark.parametrize("day", DAYS)
    def test_people_per_step_as_listed(self, six, day):
        office = on(six, day)
        counted = {one["step"]: one["people"] for stage in today_cards(office)["stages"] for one in stage["steps"]}
        for step, people in counted.items():
            assert people == len(list_candidates(office, step=step)["items"])

    def test_gaps_as_due_counts_them(self, six):
        with six.database.writing() as connection:
            connection.exec_driver_sql("UPDATE people SET birth = NULL")
        gaps = [gap for gap in due(six)["gaps"] if gap["gap"] != "nobody_to_tell"]
        assert today_cards(six)["gaps"]["total"] == len(gaps) > 0

    def test_gaps_of_ones_own_units(self, six):
        with six.database.writing() as connection:
            connection.exec_driver_sql("UPDATE people SET birth = NULL")
        inside = {row["code"] for row in list_people(six, unit="CB-02")["items"]}
        every = list_gaps(six, size=99)["items"]
        theirs = six.for_actor(Actor("x", "can_bo", "CB-02"))
        for found in (list_gaps(six, unit="CB-02", size=99), list_gaps(theirs, size=99)):
            assert found["items"] == [row for row in every if row["code"] in inside] != []
            assert found["total"] == len(found["items"]) == sum(one["number"] for one in found["kinds"])

    def test_certificates(self, six):
        found = today_cards(on(six, date(2025, 12, 1)))["certificates"]
        items = [row for row in due(six)["items"] if row["clock"] == "certificate_valid_months"]
        assert found["expired"] == sum(row["days_left"] < 0 for row in items)
        assert found["expiring"] == sum(0 <= row["days_left"] <= found["days"] for row in items)


def who_meet(office: Office, *rules: Rule, **asked) -> list[dict]:
    """Everybody who meets all of these."""
    return list_people(office, filters=Group(rules), **asked)["items"]


class TestPeople:
    @pytest.mark.parametrize("day", DAYS)
    def test_steps_as_they_stand_today(self, six, day):
        office = on(six, day)
        everybody = list_candidates(office)["items"]
        for step in {row["step"] for row in everybody} | {"du_bi", "xet_chinh_thuc"}:
            at = list_people(office, filters=Group([Rule("step", step)]))
            assert [row["code"] for row in at["items"]] == [
                row["code"] for row in list_people(office)["items"] if row["step"] == step
            ]
            assert at["total"] == sum(row["step"] == step for row in everybody)

    @pytest.mark.parametrize("day", DAYS)
    def test_due_as_due_says(self, six, day):
        office = on(six, day)
        items = due(office)["items"]
        for days in (0, 2, 30, 365):
            wanted = {row["code"] for row in items if row["due_on"] <= day + timedelta(days=days)}
            assert {row["code"] for row in who_meet(office, Rule("due", None, day + timedelta(days=days)))} == wanted
        late = {row["code"] for row in items if row["due_on"] < day}
        assert {row["code"] for row in who_meet(office, Rule("overdue", True))} == late
        first = {row["code"]: row for row in sorted(items, key=lambda row: row["due_on"], reverse=True)}
        for row in list_people(office)["items"]:
            assert row["due_on"] == (first[row["code"]]["due_on"] if row["code"] in first else None)

    def test_whichever_way_it_is_asked(self, six, monkeypatch):
        from store import search

        wanted = [list_people(six, sort=sort, search="n")["items"] for sort in search.SORTS]
        monkeypatch.setattr(search, "FEW", -1)
        monkeypatch.setattr(search, "FEW_UNITS", 0)
        monkeypatch.setattr(search, "WALKED", 0)
        assert [list_people(six, sort=sort, search="n")["items"] for sort in search.SORTS] == wanted
        young = who_meet(six, Rule("breakdown:age", "18-30"), search="n")
        monkeypatch.undo()
        assert who_meet(six, Rule("breakdown:age", "18-30"), search="n") == young != []
        one_by_one = [list_people(six, page=page, size=1)["items"][0]["code"] for page in range(1, 7)]
        assert one_by_one == [row["code"] for row in list_people(six)["items"]]

    @pytest.mark.parametrize("day", [date(2025, 12, 1), date(2030, 7, 1)])
    def test_everybody_is_in_the_cell_they_are_told_by(self, six, day):
        office = on(six, day)
        with six.database.writing() as connection:
            connection.exec_driver_sql("UPDATE people SET birth = '1990' WHERE name_key = 'danghuuphuoc'")
            connection.exec_driver_sql("UPDATE people SET birth = '1990-07' WHERE name_key = 'nguyenthithuhien'")
            connection.exec_driver_sql("UPDATE people SET birth = NULL WHERE name_key = 'taminhduc'")
        for name, cells in cells_of(office).items():
            told = {row["code"]: row["cells"][name] for row in list_people(office, told=[name])["items"]}
            assert len(told) == 6
            for cell, label in cells.items():
                if cell:
                    meet = {row["code"] for row in who_meet(office, Rule(f"breakdown:{name}", cell))}
                    assert meet == {code for code, said in told.items() if said == label}, (name, cell)

    def test_what_was_known_and_is_no_longer(self, six):
        """The last value counts: who was known once and is not now stands among the unknown, and the other way round."""
        with six.database.writing() as connection:
            people = dict(connection.exec_driver_sql("SELECT code, person_id FROM candidates").all())
            told = [("PL-01", "2025-01-01", "?"), ("PL-02", "2025-01-01", None), ("PL-03", "2025-01-01", ""),
                    ("PL-04", "2025-01-01", "?"), ("PL-04", "2025-02-01", "Nữ"), ("PL-05", "2026-01-01", "?")]  # fmt: skip
            insert_attributes(
                connection,
                [Attribute(people[code], "gioi_tinh", date.fromisoformat(on), value) for code, on, value in told],
                six.now(),
            )
        known = {row["code"]: row["cells"]["women"] for row in list_people(six, told=["women"])["items"]}
        for cell, label in cells_of(six)["women"].items():
            if cell:
                meet = {row["code"] for row in who_meet(six, Rule("breakdown:women", cell))}
                assert meet == {code for code, said in known.items() if said == label}, cell
        assert {row["code"] for row in who_meet(six, Rule("breakdown:women", "chua_ro"))} == {
            "PL-01",
            "PL-02",
            "PL-03",
        }
        assert "PL-04" in {row["code"] for row in who_meet(six, Rule("breakdown:women", "nu"))}

    def test_who_may(self, six):
        with pytest.raises(Forbidden):
            list_people(six.for_actor(Actor("x", "theo_doi")))
        with pytest.raises(Unknown):
            list_people(six.for_actor(Actor("x", "bi_thu", "CB-02")), unit="CB-01")
        with pytest.raises(BadInput):
            list_people(six, sort="x")
        with pytest.raises(BadInput):
            who_meet(six, Rule("step", "x"))
        with pytest.raises(Unknown):
            who_meet(six, Rule("breakdown:religion", "co"))


class TestDays:
    @pytest.mark.parametrize("day", DAYS)
    @pytest.mark.parametrize(("word", "first", "last"), [("qua_han", None, -1), ("30_ngay", 0, 30), ("60_ngay", 0, 60)])
    def test_what_falls_on_some_days(self, six, day, word, first, last):
        office = on(six, day)
        begins = date.min if first is None else day + timedelta(days=first)
        within = [row for row in told(office) if begins <= row[0] <= day + timedelta(days=last)]
        assert listed(office, days=word) == within
        for key in {row[1] for row in within}:
            assert listed(office, days=word, clock=key) == [row for row in within if row[1] == key]
        assert today(office, days=word)["counts"] == today(office)["counts"]

    def test_no_such_days(self, six):
        with pytest.raises(BadInput):
            today(six, days="x")

    def test_people_by_step_whoever_asks(self, six):
        office = on(six, date(2026, 2, 2))
        with office.database.reading() as connection:
            assert people_by_step(office, connection, None) == today(office)["people"]
        assert today_cards(office) == today_cards(office, today(office))
