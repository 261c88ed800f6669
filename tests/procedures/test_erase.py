"""Erasure: nothing that tells who somebody was is left, and every figure of every day stays the same to the digit."""

import json
import sqlite3
from datetime import date, timedelta

import pytest

from procedures.access_log import list_access, record
from procedures.advance import advance
from procedures.backup import backup
from procedures.bridge import bridge
from procedures.close_period import close_period
from procedures.correct import correct
from procedures.deliver import deliver
from procedures.erase import erase, list_due
from procedures.export import export
from procedures.remind import remind
from procedures.report import report
from procedures.seal import seal
from procedures.series import series
from procedures.show import list_candidates, show_candidate
from procedures.units import list_units
from procedures.verify import verify
from states.errors import BadInput, Refused, Unknown
from states.roles import Actor, Forbidden
from store import people
from store.candidates import find_candidate
from store.people_writing import update_people


def withdrawn(office, code="PL-02"):
    """Somebody whose way has ended, with words of all kinds behind them."""
    advance(office, code, "withdraw", office.today, note="Ông Trần Văn Kín xin rút vì lý do gia đình")
    return code


def told(office, code, known):
    """What can be asked of figures, on several days and as known then, with the person's code as X."""
    unit = show_candidate(office, code)["unit"]
    standing = sorted(json.dumps(row, default=str).replace(code, "X") for row in list_candidates(office)["items"])
    found = []
    for place in (unit, list_units(office)["items"][-1]["code"]):
        found.append(series(office, place, "2025", office.today))
        for period, day in (("2024", None), ("2025", None), ("2025", date(2025, 3, 1)), ("2024-Q4", None)):
            for instant in (None, known):
                options = {"breakdown": "all", "movement": True, "as_of": day, "as_known": instant}
                found.append(report(office, place, period, **options))
        for name in ("admitted", "class", "introduced"):
            behind = report(office, place, "2025", people=name)["people"]
            found.append(sorted(json.dumps(row, default=str).replace(code, "X") for row in behind))
    return standing, json.dumps(found, default=str, ensure_ascii=False, sort_keys=True).replace(code, "X")


def birth_of(office, code):
    with office.database.reading() as connection:
        return find_candidate(connection, code).birth


@pytest.mark.parametrize("code", ["PL-01", "PL-02", "PL-03", "PL-05", "PL-06"])
def test_every_figure_stays_the_same(six, code):
    withdrawn(six, code)
    shown, known = show_candidate(six, code), six.now()
    before = told(six, code, known)
    done = erase(six, code, "đã chuyển hồ sơ lưu trữ")
    assert told(six, done["pseudonym"], known) == before
    assert verify(six)["ok"], verify(six)["broken"]
    now = show_candidate(six, done["pseudonym"])
    assert (now["name"], now["birth"]) == (None, None)
    assert len(now["timeline"]) == len(shown["timeline"])
    with pytest.raises(Unknown):
        show_candidate(six, code)


def test_a_birth_date_that_was_put_right_is_told_as_known_then(six):
    code = withdrawn(six, "PL-06")
    with six.database.reading() as connection:
        row = find_candidate(connection, code)
        name = people.find_name(connection, row.person_id)
    at = six.now()
    with six.database.writing() as connection:
        from store.people_writing import Attribute, insert_attributes
        from store.person_values import BIRTH

        insert_attributes(connection, [Attribute(row.person_id, BIRTH, date(1, 1, 1), row.birth)], at)
        update_people(connection, [(row.person_id, name, "1960-01-01")])

    def ages(unit, known):
        return report(six, unit, "2024", breakdown="age", as_known=known)["breakdowns"]

    unit = show_candidate(six, code)["unit"]
    before = [ages(unit, known) for known in (at - timedelta(seconds=1), at + timedelta(seconds=1), None)]
    assert before[0] != before[2]
    erase(six, code, "theo quy định")
    assert [ages(unit, known) for known in (at - timedelta(seconds=1), at + timedelta(seconds=1), None)] == before


def test_a_closed_report_and_its_bridge_stay(six):
    code = withdrawn(six, "PL-06")
    unit = show_candidate(six, code)["unit"]
    period = "2024"
    close_period(six, unit, period, signer="Bí thư chi bộ Lê Thị Ký")
    before, bridged = report(six, unit, period), bridge(six, unit, period)
    seal(six)
    done = erase(six, code, "theo quy định")
    assert report(six, unit, period) == before
    assert json.dumps(bridge(six, unit, period), default=str).replace(done["pseudonym"], code) == json.dumps(
        bridged, default=str
    )
    assert verify(six)["ok"], verify(six)["broken"]
    assert "closings" in {one["where"] for one in done["elsewhere"]}


def test_a_bridge_names_what_was_corrected_after_the_closing_though_the_person_is_erased(six):
    code = "PL-06"
    shown = show_candidate(six, code)
    entry = next(row for row in shown["timeline"] if row["trigger"] == "certify_class")
    unit, period = shown["unit"], str(entry["on"].year)
    if date(entry["on"].year, 12, 31) > six.today:
        pytest.skip("the period runs")
    close_period(six, unit, period)
    correct(six, entry["entry"], changes={"on": str(entry["on"] + timedelta(1))}, reason="ghi nhầm")
    bridged = bridge(six, unit, period)
    withdrawn(six, code)
    done = erase(six, code, "theo quy định")
    now = bridge(six, unit, period)
    assert json.dumps(now["rows"], default=str).replace(done["pseudonym"], code) == json.dumps(
        bridged["rows"], default=str
    )
    assert now["reconciles"]


def test_seals_stand_and_go_on(six):
    seal(six)
    code = withdrawn(six)
    done = erase(six, code, "theo quy định")
    assert verify(six)["ok"], verify(six)["broken"]
    advance(six, "PL-03", "withdraw", six.today, note="xin rút")
    seal(six)
    assert verify(six)["ok"], verify(six)["broken"]
    assert "seals" in {one["where"] for one in done["elsewhere"]}
    again = withdrawn(six, "PL-01")
    erase(six, again, "theo quy định")
    assert verify(six)["ok"], verify(six)["broken"]


def test_a_chain_that_is_not_what_was_sealed_is_not_sealed_over(six_on_sqlite):
    office = six_on_sqlite
    code = withdrawn(office)
    seal(office)
    with office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE sealed_heads SET hash = 'x' WHERE code = ?", (code,))
    from states.errors import Conflict

    with pytest.raises(Conflict):
        erase(office, code, "theo quy định")
    assert show_candidate(office, code)["name"]


def test_nothing_is_left_in_the_file(six_on_sqlite):
    office = six_on_sqlite
    code = withdrawn(office)
    name, birth = show_candidate(office, code)["name"], birth_of(office, code)
    record(office, "reveal", subject=code, why="xem cho ông Trần Văn Kín")
    done = erase(office, code, "theo quy định")
    assert done["cleared"] is True
    path = office.database.path
    assert not path.with_name(path.name + "-wal").exists() or path.with_name(path.name + "-wal").stat().st_size == 0
    content = path.read_bytes()
    for word in (name, "Trần Văn Kín", birth):
        assert word.encode() not in content, word
    with sqlite3.connect(path) as plain:
        assert code not in "\n".join(line for line in plain.iterdump() if "sealed" not in line)


def test_letters_in_the_outbox_lose_the_code(six):
    six.today = date(2025, 12, 1)
    remind(six)
    deliver(six)
    folder = six.database.beside("outbox")
    mentioning = [file for file in folder.glob("*.eml") if b"PL-02" in file.read_bytes()]
    assert mentioning
    withdrawn(six)
    assert erase(six, "PL-02", "theo quy định", preview=True)["erased"]["letters"] == len(mentioning)
    done = erase(six, "PL-02", "theo quy định")
    assert done["erased"]["letters"] == len(mentioning)
    assert not any(b"PL-02" in file.read_bytes() for file in folder.glob("*.eml"))
    assert any(done["pseudonym"].encode() in file.read_bytes() for file in folder.glob("*.eml"))
    assert deliver(six)["sent"] == 0


def test_only_after_the_end_or_on_request(six):
    with pytest.raises(Refused) as caught:
        erase(six, "PL-02", "không cần nữa")
    assert {one.code for one in caught.value.verdicts} == {"not_ended", "still_runs"}
    with pytest.raises(Refused) as caught:
        erase(six, "PL-02", "theo đơn", requested="01-ĐN ngày 01/12/2025")
    assert {one.code for one in caught.value.verdicts} == {"still_runs"}
    withdrawn(six)
    with pytest.raises(BadInput):
        erase(six, "PL-02", "  ")
    preview = erase(six, "PL-02", "theo đơn", preview=True)
    assert preview["pseudonym"] is None
    assert preview["erased"]["name"] == 1
    assert show_candidate(six, "PL-02")["name"]
    pseudonym = erase(six, "PL-02", "theo đơn")["pseudonym"]
    with pytest.raises(Refused):
        erase(six, pseudonym, "lần nữa")
    with pytest.raises(Unknown):
        erase(six, "PL-99", "không có")
    line = list_access(six, action="erase")["items"][0]
    assert (line["code"], line["why"]) == (pseudonym, "theo đơn")


def test_who_may(six):
    withdrawn(six)
    for role in ("can_bo", "bi_thu", "theo_doi"):
        with pytest.raises(Forbidden):
            erase(six.for_actor(Actor("x", role)), "PL-02", "theo đơn")
    with pytest.raises(Unknown):
        erase(six.for_actor(Actor("x", "quan_tri", "CB-02")), "PL-02", "theo đơn")
    assert erase(six.for_actor(Actor("x", "quan_tri", "CB-01")), "PL-02", "theo đơn")["pseudonym"]


def test_backups_are_named_until_they_are_pruned_and_a_restored_person_is_asked_for_again(six, tmp_path):
    withdrawn(six)
    made = backup(six)["path"]
    done = erase(six, "PL-02", "theo đơn")
    kept = next(one for one in done["elsewhere"] if one["where"] == "backups")["items"]
    assert [one["file"] for one in kept] == [made.rpartition("/")[2]]
    assert kept[0]["until"] > six.now().date()
    assert list_due(six)["restored"] == []


def test_who_is_due(six):
    withdrawn(six)
    assert list_due(six) == {"months": None, "items": [], "restored": []}
    six.settings = six.settings.model_copy(
        update={"retention": six.settings.retention.model_copy(update={"erase_after_months": 6})}
    )
    assert list_due(six)["items"] == []
    six.today = date(2026, 6, 1)
    assert [one["code"] for one in list_due(six)["items"]] == ["PL-02"]
    erase(six, "PL-02", "hết hạn lưu")
    assert list_due(six)["items"] == []


def test_an_erased_person_can_be_exported_and_is_not_renamed(six, tmp_path):
    withdrawn(six)
    done = erase(six, "PL-02", "theo đơn")
    assert export(six, tmp_path / "all.xlsx")["rows"]["ung_vien"] >= 6
    with six.database.writing() as connection:
        row = find_candidate(connection, done["pseudonym"])
        update_people(connection, [(row.person_id, "(đã xóa)", "1990")])
    assert show_candidate(six, done["pseudonym"])["name"] is None


def test_the_same_name_elsewhere_is_named(six):
    name = show_candidate(six, "PL-02")["name"]
    advance(six, "PL-01", "assign_helper", six.today, data={"helper": name})
    withdrawn(six)
    done = erase(six, "PL-02", "theo đơn")
    entries = next(one for one in done["elsewhere"] if one["where"] == "entries")["items"]
    assert [one["entry"].partition(":")[0] for one in entries] == ["PL-01"]


def test_who_comes_back_with_a_backup_is_asked_for_again(six_on_sqlite, tmp_path):
    office = six_on_sqlite
    withdrawn(office)
    with office.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = office.database.path.read_bytes()
    erase(office, "PL-02", "theo đơn")
    assert list_due(office)["restored"] == []
    office.database.close()
    office.database.path.write_bytes(kept)
    assert list_due(office)["restored"] == ["PL-02"]
    erase(office, "PL-02", "xóa lại sau khi khôi phục")
    assert list_due(office)["restored"] == []
