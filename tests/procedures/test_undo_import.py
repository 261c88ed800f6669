"""Undoing a whole import: everything goes, or everything that was built upon it is named; the same file comes in again."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from procedures.advance import advance
from procedures.close_period import close_period
from procedures.correct import correct
from procedures.due import due
from procedures.export import export
from procedures.import_workbook import import_workbook
from procedures.report import report
from procedures.seal import seal
from procedures.show import list_candidates, show_candidate
from procedures.undo_import import show_imports, undo_import
from procedures.units import list_units
from procedures.verify import verify
from states.errors import BadInput, Conflict, Refused, Unknown
from states.roles import Actor, Forbidden
from tests.procedures.books import lawful, office_on, save

REASON = "nhầm tệp"


@pytest.fixture
def office(sqlite_database):
    return office_on(sqlite_database)


def take(office, tmp_path, sheets, **more):
    return import_workbook(office, save(tmp_path / "so.xlsx", sheets), **more)


def rows(office, query):
    with office.database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def seen(office, *codes):
    """What an officer sees of an office; moments of recording and numbers of entries left out."""
    people = {code: show_candidate(office, code) for code in codes}
    for shown in people.values():
        for key in ("version", "superseded", "voided"):
            shown.pop(key)
        for line in shown["timeline"]:
            line.pop("recorded_at")
    numbered = str([people, due(office), list_candidates(office), list_units(office), report(office, "00", "2020-H1")])
    return re.sub(r"(\d{3}):\d+", r"\1:n", numbered)


def empty(office):
    return rows(
        office,
        "SELECT (SELECT count(*) FROM unit_versions), (SELECT count(*) FROM unit_successions),"
        " (SELECT count(*) FROM targets), (SELECT count(*) FROM reported_figures), (SELECT count(*) FROM recipients),"
        " (SELECT count(*) FROM person_attributes), (SELECT count(*) FROM entry_texts),"
        " (SELECT count(*) FROM people WHERE name IS NOT NULL OR birth IS NOT NULL),"
        " (SELECT count(*) FROM clocks WHERE state <> 'void')",
    )


def test_nothing_of_it_is_left_and_the_same_file_comes_in_again(database, tmp_path):
    office = office_on(database)
    first = take(office, tmp_path, lawful())
    before = seen(office, "007", "008")
    seal(office)
    undone = undo_import(office, first["import"], REASON)
    assert (undone["people"], undone["entries"], undone["units"], undone["targets"]) == (2, 6, 3, 1)
    assert empty(office) == [(0,) * 9]
    assert list_candidates(office)["items"] == []
    assert list_units(office)["items"] == []
    with pytest.raises(Unknown):
        show_candidate(office, "007")
    with pytest.raises(Unknown):
        report(office, "00", "2020-H1")
    assert due(office)["items"] == due(office)["gaps"] == []
    assert verify(office)["broken"] == []
    seal(office)
    again = take(office, tmp_path, lawful())
    assert again["created"] == first["created"]
    assert again["import"] == first["import"] + 1
    assert seen(office, "007", "008") == before
    assert verify(office)["broken"] == []
    export(office, tmp_path / "ra.xlsx")
    undo_import(office, again["import"], REASON)
    assert verify(office)["broken"] == []


def test_what_stood_before_stands_again(database, tmp_path):
    office = office_on(database)
    take(office, tmp_path, lawful())
    before = seen(office, "007", "008")
    more = lawful()
    more["don_vi"][3][1] = "Chi bộ Một (mới)"
    more["ung_vien"][1][1:5] = ["Trần Thị Mẫu Mới", date(1990, 3, 21), None, "đại học"]
    more["ung_vien"].append(["009", "Người Ba", "1992", None, None, "001", None, None])
    more["su_kien"].append(["007", "certify_class", date(2020, 2, 1), "7/GCN", None, None, "Trung tâm"])
    more["so_lieu"][1][3] = 15
    more["nguoi_nhan"][1][2] = "Người Khác"
    more["chi_tieu"].append(["01", "admitted", 2020, 2, "9/QĐ", date(2020, 4, 1)])
    second = take(office, tmp_path, more)
    after = seen(office, "007", "008", "009")
    assert after != before
    told = undo_import(office, second["import"], REASON)
    assert (told["people"], told["changed"], told["figures"], told["recipients"]) == (1, 1, 1, 1)
    assert seen(office, "007", "008") == before
    assert rows(office, "SELECT name FROM recipients") == [("Người Mẫu",)]
    assert rows(office, "SELECT name, birth FROM people WHERE name LIKE 'Trần%'") == [("Trần Thị Mẫu", "1990-03-20")]
    assert verify(office)["broken"] == []
    take(office, tmp_path, more)
    assert seen(office, "007", "008", "009") == after
    assert verify(office)["broken"] == []


def test_backdated_entries_go_and_leave_the_way_lawful(office, tmp_path):
    take(office, tmp_path, lawful())
    before = seen(office, "007")
    more = {"su_kien": [lawful()["su_kien"][0], ["007", "assign_helper", date(2019, 2, 20), None, None, "B", None]]}
    second = take(office, tmp_path, more)
    undo_import(office, second["import"], REASON)
    assert seen(office, "007") == before
    assert take(office, tmp_path, more)["created"] == {"su_kien": 1}


def test_what_was_built_upon_it_is_named_and_nothing_is_written(office, tmp_path):
    first = take(office, tmp_path, lawful())
    advance(office, "007", "certify_class", date(2020, 5, 5))
    more = {"so_lieu": [lawful()["so_lieu"][0], ["01", "members_recruited", "2020-Q1", 13, date(2020, 4, 4)]]}
    more["ung_vien"] = [lawful()["ung_vien"][0], ["020", "Người Mẫu", "1990", None, None, "001", None, None]]
    second = take(office, tmp_path, more)
    preview = undo_import(office, first["import"], "", preview=True)
    found = {one["code"] for one in preview["blocked"]}
    assert found == {"entry_after", "figure_revised", "unit_has_person", "unit_has_figure"}
    with pytest.raises(Refused) as caught:
        undo_import(office, first["import"], REASON)
    said = " ".join(verdict.as_dict("vi")["reason"] for verdict in caught.value.verdicts)
    assert "007:5" in said
    assert "020" in said
    assert show_candidate(office, "007")["step"] == "da_hoc"
    undo_import(office, second["import"], REASON)
    correct(office, "007:5", void=True, reason="nhầm")
    undo_import(office, first["import"], REASON)
    assert empty(office) == [(0,) * 9]
    assert verify(office)["broken"] == []


def test_a_later_import_of_the_same_person_goes_first(office, tmp_path):
    take(office, tmp_path, {"don_vi": lawful()["don_vi"]})
    first = take(office, tmp_path, {"ung_vien": lawful()["ung_vien"]})
    second = take(office, tmp_path, {"su_kien": lawful()["su_kien"]})
    with pytest.raises(Refused) as caught:
        undo_import(office, first["import"], REASON)
    assert {verdict.code for verdict in caught.value.verdicts} == {"later_import"}
    undo_import(office, second["import"], REASON)
    assert show_candidate(office, "007")["step"] == "quan_chung"
    undo_import(office, first["import"], REASON)
    assert list_candidates(office)["items"] == []


def test_a_closed_period_that_counts_it_is_in_the_way(office, tmp_path):
    first = take(office, tmp_path, lawful())
    close_period(office, "01", "2020-H1", signer="Bí thư")
    blocked = undo_import(office, first["import"], "", preview=True)["blocked"]
    assert [one["code"] for one in blocked] == ["closed"]
    assert "2020-H1" in blocked[0]["reason"]


def test_the_engine_s_own_entry_goes_with_the_ceremony(office, tmp_path):
    sheets = lawful()
    sheets["ung_vien"][2][6:] = ["cho_le", date(2018, 1, 1)]
    sheets["su_kien"] = [sheets["su_kien"][0], ["008", "receive_decision", date(2018, 1, 2)]]
    sheets["su_kien"].append(["008", "hold_ceremony", date(2018, 1, 12)])
    first = take(office, tmp_path, sheets)
    assert show_candidate(office, "008")["step"] == "xet_chinh_thuc"
    undo_import(office, first["import"], REASON)
    assert verify(office)["broken"] == []
    assert take(office, tmp_path, sheets)["created"] == first["created"]
    assert show_candidate(office, "008")["step"] == "xet_chinh_thuc"


def test_a_code_may_come_again_for_somebody_else(office, tmp_path):
    first = take(office, tmp_path, lawful())
    undo_import(office, first["import"], REASON)
    other = lawful()
    other["ung_vien"][1:] = [["007", "Một Người Khác", "1980", None, None, "001", None, None]]
    other["su_kien"][1:] = []
    take(office, tmp_path, other)
    shown = show_candidate(office, "007")
    assert shown["step"] == "quan_chung"
    assert "Đảng viên A" not in str(shown)
    assert verify(office)["broken"] == []


def test_as_known_in_between_does_not_break(database, tmp_path, monkeypatch):
    office = office_on(database)
    first = None
    for day, act in ((20, "take"), (22, "undo"), (24, "take")):
        monkeypatch.setattr(office, "now", lambda day=day: datetime(2020, 6, day, 3, tzinfo=UTC))
        if act == "take":
            first = take(office, tmp_path, lawful())
        else:
            undo_import(office, first["import"], REASON)
    in_between = report(office, "00", "2019", as_known=date(2020, 6, 25))
    assert report(office, "00", "2019")["rows"] == in_between["rows"]
    undo_import(office, first["import"], REASON)
    take(office, tmp_path, {"don_vi": lawful()["don_vi"]})
    for day in (21, 23, 25):
        with suppress(Unknown):
            report(office, "00", "2019", as_known=date(2020, 6, day))


def test_twice_without_reason_and_unknown(office, tmp_path):
    first = take(office, tmp_path, lawful())
    with pytest.raises(BadInput):
        undo_import(office, first["import"], " ")
    with pytest.raises(Unknown):
        undo_import(office, 99, REASON)
    undo_import(office, first["import"], REASON)
    with pytest.raises(Conflict):
        undo_import(office, first["import"], REASON)
    (item,) = show_imports(office)["items"]
    assert (item["state"], item["reason"], item["file"]) == ("undone", REASON, "so.xlsx")
    assert len(item["sha256"]) == 64


def test_a_dry_run_is_no_import(office, tmp_path):
    assert take(office, tmp_path, lawful(), dry_run=True)["import"] is None
    assert show_imports(office)["items"] == []


def test_an_account_imports_and_undoes_within_its_units(office, tmp_path):
    first = take(office, tmp_path, lawful())
    other = {"don_vi": [lawful()["don_vi"][0], ["02", "Đảng ủy Hai", "Đảng ủy cơ sở", "00", None]]}
    take(office, tmp_path, other)
    theirs = office.for_actor(Actor("hoa", "can_bo", "02"))
    assert show_imports(theirs)["items"][0]["import"] == 2
    assert [item["import"] for item in show_imports(theirs)["items"]] == [2]
    with pytest.raises(Unknown):
        undo_import(theirs, first["import"], REASON)
    with pytest.raises(Forbidden):
        undo_import(office.for_actor(Actor("hoa", "theo_doi", "02")), 2, REASON)
    with pytest.raises(Forbidden):
        take(office.for_actor(Actor("hoa", "bi_thu", "02")), tmp_path, other)
    with pytest.raises(BadInput) as caught:
        take(theirs, tmp_path, lawful())
    said = str(caught.value.details["errors"])
    assert "ngoài phạm vi" in said
    assert "Trần Thị" not in said
    inside = {"ung_vien": [lawful()["ung_vien"][0], ["050", "Người Mẫu", "1990", None, None, "02", None, None]]}
    number = take(theirs, tmp_path, inside)["import"]
    undo_import(theirs, number, REASON)
