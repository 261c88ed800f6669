"""Reminders on paper: a letter to every unit nobody of which can be reached by a channel, to be printed and signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procedures import access, access_log
from procedures.due import due
from procedures.letter import is_mail_address
from procedures.list_cases import list_cases
from procedures.sheet_writer import NO_FOLDER, written
from states.errors import BadInput
from states.escalation import THEO_DOI
from states.reminders import HELPER
from states.wording import Text, slug
from store.letters import delivering
from store.notices_ledger import inherited
from store.paper_letters import load_names_by_code, record_handed_over
from store.recipients import load_addressees
from store.unit_above import find_unit_above
from store.unit_names import UnitName, get_unit_id, load_unit_names

if TYPE_CHECKING:
    from procedures.office import Office

NOT_A_FOLDER = Text("{path} là tệp, không phải thư mục.", "{path} is a file, not a folder.")


@dataclass(frozen=True)
class UnitLetter:
    """What one unit is told, on whose paper, and to whom."""

    unit: UnitName
    sender: str  # the unit above; a root writes to itself
    recipients: tuple[tuple[str, str], ...]  # (role, name) of the unit's own officers
    items: Sequence[Mapping[str, Any]]
    cases: Sequence[Mapping[str, Any]]
    names: Mapping[str, str]


def write_letters(
    office: Office,
    folder: Path | str,
    *,
    unit: str | None = None,
    until: date | None = None,
    everyone: bool = False,
    record: bool = False,
) -> dict[str, Any]:
    """Write a .docx a unit into `folder`: {letters: [{unit, name, file, items, cases}], reached, recorded}.

    Told are what is due by `until` (default: what a reminder may have been made of by now) and the open cases, of units
    whose recipients have no address a mail can go to; with `everyone` of all units. `record` marks the notices planned
    for those recipients as sent by paper, so that no channel sends them again; printing alone leaves the ledger as it
    is. That letters were written stands in the access log before the first of them lies there.
    """
    from procedures.printing.letters import print_letter  # loads python-docx

    access.require(office, "export_people")
    folder = Path(folder)
    _check_folder(folder)
    letters, reached, told = _gather(office, unit, until or _horizon(office), everyone=everyone)
    files = _file_names([letter.unit.code for letter in letters])
    contents = [print_letter(office, letter) for letter in letters]
    folder.mkdir(exist_ok=True)
    if letters:
        told_of = {"letters": len(letters), "rows": sum(len(one.items) + len(one.cases) for one in letters)}
        access_log.record(office, "export", subject="letters", unit=unit, detail=told_of)
    for letter, content in zip(letters, contents, strict=True):
        with written(folder / files[letter.unit.code], ".docx") as place:
            place.write_bytes(content)
    recorded = _record(office, told) if record and letters else 0
    return {
        "folder": str(folder),
        "letters": [
            {
                "unit": letter.unit.code,
                "name": letter.unit.name,
                "file": files[letter.unit.code],
                "items": len(letter.items),
                "cases": len(letter.cases),
            }
            for letter in letters
        ],
        "reached": reached,
        "recorded": recorded,
    }


def _gather(
    office: Office, unit: str | None, until: date, *, everyone: bool
) -> tuple[list[UnitLetter], int, list[tuple[int, str]]]:
    """The letters, how many units are reached otherwise, and the (unit, address) that no mail goes to."""
    items = _by_unit(due(office, unit=unit, until=until)["items"])
    cases = _by_unit([one for one in list_cases(office, unit)["items"] if one["step"] != THEO_DOI])
    offices = [role for role in office.settings.reminders.roles if role != HELPER]
    letters, told, reached = [], [], 0
    with office.database.reading() as connection:
        ids = {code: get_unit_id(connection, code) for code in sorted(items.keys() | cases.keys())}
        addresses: dict[int, list[str]] = {}
        for unit_id, address in inherited(connection, list(ids.values()), offices, office.today):
            addresses.setdefault(unit_id, []).append(address)
        own: dict[int, list[tuple[str, str]]] = {}
        for one in load_addressees(connection):
            if one.role in offices and one.name:
                own.setdefault(one.unit_id, []).append((one.role, one.name))
        above = {unit_id: find_unit_above(connection, unit_id, office.today) for unit_id in ids.values()}
        wanted = sorted({*ids.values(), *(one for one in above.values() if one is not None)})
        names = load_unit_names(connection, wanted, office.today)
        people = load_names_by_code(
            connection, sorted({str(one["code"]) for those in items.values() for one in those if one.get("code")})
        )
        for code, unit_id in ids.items():
            unreached = [address for address in addresses.get(unit_id, ()) if not is_mail_address(address)]
            if len(unreached) < len(addresses.get(unit_id, ())) and not everyone:
                reached += 1
                continue
            told += [(unit_id, address) for address in unreached]
            parent = above[unit_id]
            sender = names[parent].code if parent is not None else code
            recipients = tuple(sorted(set(own.get(unit_id, ())), key=lambda one: (offices.index(one[0]), one[1])))
            letters.append(
                UnitLetter(names[unit_id], sender, recipients, items.get(code, ()), cases.get(code, ()), people)
            )
    return letters, reached, told


def _by_unit(items: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in items:
        found.setdefault(str(one["unit"]), []).append(one)
    return found


def _horizon(office: Office) -> date:
    """The last due day the first reminder of which may have been made by now."""
    rhythms = (office.settings.reminders.for_clock(key) for key in ("", *office.settings.reminders.clocks))
    return office.today + timedelta(days=max((day for rhythm in rhythms for day in rhythm.before), default=0))


def _record(office: Office, told: Sequence[tuple[int, str]]) -> int:
    day = office.calendar.working_day_on_or_before(office.today)
    with delivering(office.database), office.database.writing() as connection:
        return record_handed_over(connection, told, office.today, day, office.database.database_id, office.now())


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise BadInput(NOT_A_FOLDER, path=folder)
    if not folder.exists() and not folder.absolute().parent.is_dir():
        raise BadInput(NO_FOLDER, path=folder, folder=folder.absolute().parent)


def _file_names(codes: Sequence[str]) -> dict[str, str]:
    """unit -> a file's name that every system takes; two codes that fold alike are told apart by number."""
    found: dict[str, str] = {}
    for code in codes:
        base = slug(code).replace("_", "-") or "don-vi"
        name, number = f"{base}.docx", 2
        while name in found.values():
            name, number = f"{base}-{number}.docx", number + 1
        found[code] = name
    return found
