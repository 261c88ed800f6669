"""The six people's office with something of every kind in each unit that a page or a form may be about: accounts, targets,
cases, notices, imports, uploads; and a desk over it where nobody is told to ask less often."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from config.target_rules import TargetRuleSettings
from procedures import accounts, passwords, sign_in
from procedures.escalate import escalate
from procedures.import_workbook import import_workbook
from procedures.list_cases import list_cases
from procedures.notice_board import notice_board
from procedures.office import Office
from procedures.remind import remind
from procedures.show import show_candidate
from procedures.targets import set_target
from procedures.undo_import import show_imports
from procedures.units import add_unit
from procedures.waiting_file import keep_file
from states.roles import ROLES, Actor
from tests.conftest import cheap_hasher
from tests.desk.conftest import Desk, desk_of
from tests.example_offices import SIX
from tests.procedures.books import save

# DU-HTX stands above CB-01 and CB-02, XA-PL above all and above CB-03.
OWN, OTHER, ABOVE, BESIDE, TOP = "CB-01", "CB-02", "DU-HTX", "CB-03", "XA-PL"
NOWHERE = "KHONG-CO"
PEOPLE = {OWN: "PL-01", OTHER: "PL-03", BESIDE: "PL-04", ABOVE: "", TOP: ""}
CHILDREN = {OWN: "TO-01", OTHER: "TO-02"}
INDICATOR, PERIOD = "admitted", "2025"
FLOORS = {TOP: 120, ABOVE: 80, OWN: 40, OTHER: 40, BESIDE: 40}
RULE = {
    "label": "Giới thiệu", "kinds": ["chi_bo", "chi_bo_co_so"], "indicator": "introduced", "floor": 3,
    "decision_number": "15/KH", "decision_date": date(2025, 1, 5),
}  # fmt: skip
HEADINGS = ["ma", "ho_ten", "ngay_sinh", "hoc_van", "don_vi"]


@dataclass(frozen=True)
class Place:
    """A unit, and what there is in it. "" where there is nothing of the kind."""

    unit: str
    person: str
    entry: str  # the person's last one
    many: str  # what may be done for the person together with others
    newcomer: str  # nothing runs for them yet
    child: str
    account: str
    disabled: str
    case: str
    notice: str
    imported: str
    clear: str = ""  # an upload whose headings are known; of the unit's administrator
    unclear: str = ""

    def __bool__(self) -> bool:
        return self.unit != NOWHERE


def administrator(unit: str | None) -> Actor:
    """The administrator of a unit, or of the whole office."""
    return Actor("quan_tri" + (f".{unit.lower()}" if unit else ""), "quan_tri", unit)


def newcomer(unit: str, code: str) -> list[str]:
    """Somebody who is not known yet, as a row below HEADINGS."""
    return [code, f"Người mới {code}", "1995", "12/12", unit]


def pasted(*rows: list[str]) -> str:
    """A table as Excel gives it."""
    return "\n".join("\t".join(row) for row in rows)


def furnish(office: Office, folder: Path) -> None:
    """What stays in the database."""
    accounts.first_admin(office)
    for unit, role in itertools.product((OWN, OTHER, ABOVE), ROLES):
        accounts.add_account(office, f"{role}.{unit.lower()}", role=role, unit=unit)
    for unit in PEOPLE:
        one_time = accounts.add_account(office, f"can.{unit.lower()}", role="can_bo", unit=unit)["password"]
        sign_in.sign_in(office, f"can.{unit.lower()}", one_time, address="10.0.0.7")
        accounts.add_account(office, f"khoa.{unit.lower()}", role="can_bo", unit=unit)
        accounts.disable_account(office, f"khoa.{unit.lower()}")
    for unit, child in CHILDREN.items():
        add_unit(office, child, name=f"Tổ của {unit}", kind="to_cong_doan", parent=unit)
    for unit, floor in FLOORS.items():
        set_target(
            office, unit, INDICATOR, PERIOD, floor=str(floor), decision_number="1-QĐ", decision_date=date(2025, 1, 5)
        )
    for unit in CHILDREN:
        file = save(folder / f"{unit}.xlsx", {"ung_vien": [HEADINGS, newcomer(unit, f"N-{unit}")]})
        import_workbook(office.for_actor(administrator(unit)), file)
    escalate(office)
    remind(office)


def places(office: Office) -> dict[str, Place]:
    """What stands where, by unit; beside the units there are, one that there is not."""
    cases = {one["unit"]: str(one["case"]) for one in list_cases(office)["items"]}
    notices = {one["unit"]: str(one["id"]) for one in notice_board(office)["items"]}
    imports = {one["recorded_by"]: str(one["import"]) for one in show_imports(office)["items"]}
    found = {}
    for unit, person in PEOPLE.items():
        entry = show_candidate(office, person)["timeline"][-1]["entry"] if person else ""
        actor, tokens = administrator(unit), ["", ""]
        if unit in CHILDREN:
            theirs = office.for_actor(actor)
            for n, headings in enumerate((HEADINGS, ["ma", "Họ tên ứng viên nọ", *HEADINGS[2:]])):
                table = pasted(headings, newcomer(unit, f"M-{unit}"))
                tokens[n] = keep_file(theirs, "them.tsv", io.BytesIO(table.encode()), sheet="ung_vien").token
        found[unit] = Place(
            unit, person, entry, "delist" if unit in CHILDREN else "", f"N-{unit}" if unit in CHILDREN else "", CHILDREN.get(unit, ""), f"can.{unit.lower()}", f"khoa.{unit.lower()}", cases[unit],
            notices.get(unit, ""), imports.get(actor.user, ""), *tokens,
        )  # fmt: skip
    none = "999999"
    found[NOWHERE] = Place(
        NOWHERE,
        NOWHERE,
        f"{NOWHERE}:1",
        "delist",
        "N-00",
        "TO-00",
        "khong.co",
        "khong.co",
        none,
        none,
        none,
        "0" * 32,
        "0" * 32,
    )
    return found


@pytest.fixture(scope="session")
def _furnished_file(_six_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished")
    with pytest.MonkeyPatch.context() as patch, SIX.copied(_six_file, folder) as office:
        patch.setattr(passwords, "HASHER", cheap_hasher())
        passwords.decoy.cache_clear()
        furnish(office, folder)
        with office.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    passwords.decoy.cache_clear()
    return folder / _six_file.name


@pytest.fixture(name="furnished")
def _furnished(
    _furnished_file: Path, tmp_path: Path, cheap_hashes: None, untiring: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """The desk over it, on SQLite; what goes wrong in it is an answer 500, as in the office. `desk.places`: what is where."""
    monkeypatch.chdir(tmp_path)
    with SIX.copied(_furnished_file, tmp_path) as office:
        rule = TargetRuleSettings.model_validate(RULE)
        office.settings = office.settings.model_copy(update={"target_rules": {"gioi_thieu": rule}})
        desk = desk_of(office)
        desk.client = visitor(desk.app)
        desk.places = places(office)  # type: ignore[attr-defined]
        yield desk


def visitor(app: Any) -> TestClient:
    """Somebody in front of the app."""
    return TestClient(app, base_url="http://127.0.0.1", follow_redirects=False, raise_server_exceptions=False)
