"""The export imports into an empty database as the same people, events and targets."""

import json
import os
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy.exc import DBAPIError

import config
from procedures.access_log import list_access
from procedures.correct import correct
from procedures.export import export
from procedures.import_workbook import import_workbook
from procedures.office import Office
from states.errors import BadInput
from states.roles import Actor
from store.database import Database
from tests.procedures.books import lawful, office_on, save

ROOT = Path(__file__).parents[2]
SAME = {
    "projection": """SELECT c.code, c.step, c.since, c.official_on, u.code FROM candidates c
        JOIN units u ON u.id = c.unit_id""",
    "clocks": """SELECT c.code, k.key, k.run, k.starts_on, k.due_on, k.state, k.stopped_on FROM clocks k
        JOIN candidates c ON c.id = k.candidate_id WHERE k.state <> 'void'""",
    "targets": """SELECT u.code, t.indicator, t.period, t.floor, t.ceiling, t.ratio, t.base, t.decision_number,
        t.decision_date, t.responsible, x.code FROM targets t JOIN units u ON u.id = t.unit_id
        LEFT JOIN units x ON x.id = t.credited_unit_id""",
    "figures": """SELECT u.code, f.indicator, f.period, f.value, f.reported_on FROM reported_figures f
        JOIN units u ON u.id = f.unit_id""",
    "people": """SELECT c.code, p.name, p.birth, a.key, a.value, a.from_on FROM people p
        JOIN candidates c ON c.person_id = p.id LEFT JOIN person_attributes a ON a.person_id = p.id""",
    "units": """SELECT u.code, v.name, v.kind, v.chain, v.from_on, v.ended, v.attributes, p.code FROM unit_versions v
        JOIN units u ON u.id = v.unit_id LEFT JOIN units p ON p.id = v.parent_id""",
    "successions": """SELECT a.code, b.code, s.succeeded_on FROM unit_successions s
        JOIN units a ON a.id = s.predecessor_id JOIN units b ON b.id = s.successor_id""",
    "recipients": "SELECT u.code, r.role, r.name, r.address FROM recipients r JOIN units u ON u.id = r.unit_id",
}
EVENTS = """SELECT c.code, j.trigger, j.source, j.destination, j.effective_on, j.document_number, j.document_date, u.code,
    j.data FROM journal j JOIN candidates c ON c.id = j.candidate_id JOIN units u ON u.id = j.unit_id
    WHERE j.voids IS NULL AND NOT EXISTS (SELECT 1 FROM journal o WHERE o.candidate_id = j.candidate_id
    AND (o.corrects = j.sequence OR o.voids = j.sequence))"""


def everything(office):
    with office.database.reading() as connection:
        asked = {name: connection.exec_driver_sql(query).all() for name, query in (SAME | {"events": EVENTS}).items()}
        codes = dict(connection.exec_driver_sql("SELECT id, code FROM units").all())
    asked["events"] = [(*row[:-1], by_code(json.loads(row[-1]), codes)) for row in asked["events"]]
    return {name: sorted(map(str, rows)) for name, rows in asked.items()}


def by_code(data, codes):
    """The data of an entry, the unit somebody moves to by its code."""
    return data | {"to_unit": codes[data["to_unit"]]} if "to_unit" in data else data


@pytest.fixture
def another(tmp_path):
    """Another, empty database for an office like this one."""
    made = []

    def make(office):
        database = Database(f"sqlite:///{tmp_path}/khac.db")
        database.init()
        made.append(database)
        return Office(office.settings, database, office.today, "thu", "vi", office.law, office.calendar)

    yield make
    for database in made:
        database.close()


def assert_comes_back(office, other, tmp_path):
    export(office, tmp_path / "ra.xlsx")
    import_workbook(other, tmp_path / "ra.xlsx")
    ours, theirs = everything(office), everything(other)
    for name in ours:
        assert ours[name] == theirs[name], name
    again = import_workbook(office, tmp_path / "ra.xlsx")
    assert set(again["created"].values()) == set(again["updated"].values()) == {0}


@pytest.mark.parametrize("example", ["chi_bo_2025", "long_bien_2020"])
def test_an_example_comes_back_as_it_was(sqlite_database, another, tmp_path, example):
    folder = ROOT / "examples" / example
    settings = config.load(folder / "config.yaml")
    office = Office(
        settings, sqlite_database, settings.business_day, "thu", "vi", settings.law(), settings.make_calendar()
    )
    import_workbook(office, folder / f"{example}.xlsx")
    assert_comes_back(office, another(office), tmp_path)


def test_what_changed_with_time_and_was_corrected_comes_back(sqlite_database, another, tmp_path):
    office = office_on(sqlite_database)
    sheets = lawful()
    sheets["don_vi"][0] += ["tu_ngay", "den_ngay", "co_doan", "thay_the"]
    sheets["don_vi"][1] += [None, None, "?", None]
    sheets["don_vi"].append(
        ["001", "Chi bộ Hai", "chi_bo", "00", "truc_tiep", date(2020, 2, 1), date(2020, 6, 29), "x"]
    )
    sheets["don_vi"].append(["002", "+Chi bộ", "chi_bo", "00", None, date(2020, 6, 30), None, 0, "001"])
    sheets["chi_tieu"][0] += ["toi_da", "ty_le", "cua", "don_vi_ghi_nhan"]
    sheets["chi_tieu"].append(["01", "sent", "2015/2020", None, None, None, None, "12,5%", "introduced", "002"])
    import_workbook(office, save(tmp_path / "vao.xlsx", sheets))
    sheets["ung_vien"][1][4] = "cao đẳng"
    import_workbook(office, save(tmp_path / "vao.xlsx", sheets))
    correct(office, "007:4", void=True, reason="ghi nhầm")
    assert_comes_back(office, another(office), tmp_path)


def test_days_are_days_numbers_are_numbers_and_headings_stay_in_sight(sqlite_database, tmp_path):
    office = office_on(sqlite_database)
    import_workbook(office, save(tmp_path / "vao.xlsx", lawful()))
    assert export(office, tmp_path / "ra.xlsx")["rows"]["su_kien"] == 4
    book = load_workbook(tmp_path / "ra.xlsx")
    assert book.sheetnames == ["don_vi", "ung_vien", "su_kien", "chi_tieu", "so_lieu", "nguoi_nhan"]
    assert {page.freeze_panes for page in book} == {"A2"}
    headings = [cell.value for cell in book["chi_tieu"][1]]
    row = dict(zip(headings, (cell.value for cell in book["chi_tieu"][2]), strict=True))
    assert (row["toi_thieu"], row["ngay_van_ban"]) == (5, datetime(2020, 3, 25))  # noqa: DTZ001
    assert book["ung_vien"]["A2"].value == "007"
    assert (tmp_path / "ra.xlsx").stat().st_mode & 0o077 == 0


def test_a_place_that_cannot_be_written_is_named(sqlite_database, tmp_path):
    office = office_on(sqlite_database)
    (tmp_path / "la-thu-muc.xlsx").mkdir()
    for path in (tmp_path / "khong" / "co.xlsx", tmp_path / "ra.csv", tmp_path / "la-thu-muc.xlsx"):
        with pytest.raises(BadInput, match=path.name):
            export(office, path)
    assert [one for one in os.listdir(tmp_path) if one.endswith(".xlsx")] == ["la-thu-muc.xlsx"]


def test_who_took_how_much_along_is_written_before_the_file_is_there(database, tmp_path):
    office = office_on(database)
    import_workbook(office, save(tmp_path / "vao.xlsx", lawful()))
    told = export(office, tmp_path / "ra.xlsx")
    export(office.for_actor(Actor("lan", "can_bo", "001")), tmp_path / "chi-bo.xlsx")
    own, whole = list_access(office, action="export")["items"]
    assert (whole["account"], whole["subject"], whole["unit"]) == ("thu", "workbook", None)
    assert whole["detail"] == {"rows": sum(told["rows"].values()), "people": 2}
    assert (own["account"], own["subject"], own["unit"], own["detail"]["people"]) == ("lan", "workbook", "001", 2)
    assert own["detail"]["rows"] < whole["detail"]["rows"]
    with pytest.raises(BadInput):
        export(office, tmp_path / "khong" / "co.xlsx")
    assert list_access(office, action="export")["total"] == 2


def test_nothing_leaves_that_cannot_be_logged(sqlite_database, tmp_path):
    office = office_on(sqlite_database)
    import_workbook(office, save(tmp_path / "vao.xlsx", lawful()))
    (tmp_path / "ra").mkdir()
    with sqlite_database.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_log BEFORE INSERT ON access_log BEGIN SELECT RAISE(ABORT, 'no log'); END"
        )
    with pytest.raises(DBAPIError, match="no log"):
        export(office, tmp_path / "ra" / "ra.xlsx")
    assert os.listdir(tmp_path / "ra") == []
