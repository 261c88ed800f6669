"""Export everything into the six sheets; imported into an empty database it gives the same people, events and targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procedures import access
from procedures.access_log import record
from procedures.cells import UNKNOWN
from procedures.gate import Gate
from procedures.sheet_writer import write_sheets, written
from procedures.workbook import (
    EVENTS,
    FIGURES,
    PEOPLE,
    PERSON_ATTRIBUTES,
    RECIPIENTS,
    SHEETS,
    TARGETS,
    UNIT_ATTRIBUTES,
    UNITS,
    YES_NO,
    Column,
    Sheet,
)
from states.calendar import SINCE_EVER
from states.events import ALL_DOCUMENTS, FIELDS, Event
from states.targets import NO_DECISION
from store.base import Connection
from store.figures_recorded import load_recorded_figures
from store.people import load_attributes
from store.people_writing import KnownPerson, load_known_people
from store.recipients import load_addressees
from store.targets import load_targets
from store.units import Units, load_successions

if TYPE_CHECKING:
    from procedures.office import Office

Rows = Iterable[Mapping[str, Any]]

ERASED = "(đã xóa)"  # personal words that were erased: a row still needs some
CHUNK = 500


def export(office: Office, path: Path | str) -> dict[str, Any]:
    """Write the workbook: {file, rows: {sheet: n}}; logged. Entries made void or replaced, and `mature`, are left out.

    Of whose account is for a unit: that unit with what stands below it, and the people who stand there now.
    """
    access.require(office, "export_people")
    path = Path(path)
    with written(path) as place:  # under its own name once the log tells of it
        counts = _write(office, place)
        record(
            office, "export", subject="workbook", detail={"rows": sum(counts.values()), "people": counts[PEOPLE.name]}
        )
    return {"file": str(path), "rows": counts}


def _write(office: Office, place: Path) -> dict[str, int]:
    with office.database.reading() as connection:
        units = office.units(connection)
        seen = _Seen(access.visible_units(office, units), units)
        people = {code: one for code, one in load_known_people(connection).items() if one.unit_id in seen}
        made: dict[str, Rows] = {
            UNITS.name: list(_units(connection, units, seen)),
            PEOPLE.name: list(_people(connection, units, people)),
            TARGETS.name: list(_targets(connection, units, seen)),
            FIGURES.name: list(_figures(connection, units, seen)),
            RECIPIENTS.name: list(_recipients(connection, units, seen)),
        }
        counts: dict[str, int] = {}
        made[EVENTS.name] = _events(Gate(office), connection, units, list(people))
        write_sheets(place, ((sheet, _columns(sheet, made), _counted(sheet, made, counts)) for sheet in SHEETS))
    return counts


class _Seen:
    """The units that are the actor's to see; all of them where their account is for the whole office."""

    def __init__(self, ids: frozenset[int] | None, units: Units) -> None:
        self.ids, self.units = ids, units

    def __contains__(self, unit_id: int) -> bool:
        return self.ids is None or unit_id in self.ids

    def code(self, unit_id: int | None) -> str | None:
        """The code of a unit that is; None for another, such as the one above their own."""
        return self.units.code(unit_id) if unit_id is not None and unit_id in self else None


def _columns(sheet: Sheet, made: Mapping[str, Rows]) -> list[Column]:
    """All columns but the yes/no ones of which nothing is known: an absent column says just that."""
    if sheet not in (UNITS, PEOPLE):
        return list(sheet.columns)
    known = {name for row in made[sheet.name] for name, value in row.items() if value not in (None, UNKNOWN)}
    return [column for column in sheet.columns if column.kind != "yes_no" or column.name in known]


def _counted(sheet: Sheet, made: Mapping[str, Rows], counts: dict[str, int]) -> Iterator[Mapping[str, Any]]:
    counts[sheet.name] = 0
    for row in made[sheet.name]:
        counts[sheet.name] += 1
        yield row


def _units(connection: Connection, units: Units, seen: _Seen) -> Iterator[dict[str, Any]]:
    """A row for every dated version; a unit that ended has its last day in the row before."""
    replaced: dict[int, list[tuple[str, date | None]]] = {}
    for old, new, on in load_successions(connection):
        if old in seen:
            replaced.setdefault(new, []).append((units.code(old), on))
    for unit_id in units.ids():
        if unit_id not in seen:
            continue
        versions = units.versions(unit_id)
        days = [None if v.from_on == SINCE_EVER else v.from_on for v in versions]
        for place, version in enumerate(versions):
            if version.ended:
                continue
            after = versions[place + 1] if place + 1 < len(versions) else None
            first = place == 0
            codes = [c for c, on in replaced.get(unit_id, ()) if on == days[place] or (first and on not in days)]
            yield {
                "ma": units.code(unit_id),
                "ten": version.name,
                "loai": version.kind,
                "cap_tren": seen.code(version.parent_id),
                "chuoi_duyet": version.chain,
                **_known(UNIT_ATTRIBUTES, version.attributes),
                "thay_the": ", ".join(codes) or None,
                "tu_ngay": days[place],
                "den_ngay": after.from_on - timedelta(days=1) if after is not None and after.ended else None,
            }


def _known(keys: Iterable[str], values: Mapping[str, str | None]) -> dict[str, str | None]:
    return {key: values.get(key) or (UNKNOWN if key in YES_NO else None) for key in keys}


def _people(connection: Connection, units: Units, people: Mapping[str, KnownPerson]) -> Iterator[dict[str, Any]]:
    """A row where the way opens, and one more for every later day from which something about the person changed."""
    held = load_attributes(connection, [one.person_id for one in people.values()])
    for code, one in people.items():
        by_day: dict[date, dict[str, str | None]] = {}
        for key, from_on, value in held.get(one.person_id, ()):
            if key not in PERSON_ATTRIBUTES:  # an earlier birth date, the age kept of who was erased
                continue
            # Up to the opening nothing is judged: what changed before is told with the opening.
            day = SINCE_EVER if one.opened_on is not None and from_on <= one.opened_on else from_on
            by_day.setdefault(day, {})[key] = value
        values = by_day.pop(SINCE_EVER, {})
        who = {"ma": code, "ho_ten": one.name or ERASED, "don_vi": units.code(one.opened_unit_id)}
        yield {
            **who,
            "ngay_sinh": _birth(one.birth),
            **_known(PERSON_ATTRIBUTES, values),
            "buoc_hien_tai": one.opened_step,
            "tu_ngay": one.opened_on,
        }
        for day in sorted(by_day):
            values = values | by_day[day]
            yield {
                **who,
                "ngay_sinh": _birth(one.birth),
                **_known(PERSON_ATTRIBUTES, values),
                "tu_ngay": day,
            }


def _birth(birth: str | None) -> date | str | None:
    return date.fromisoformat(birth) if birth and len(birth) == 10 else birth


def _events(gate: Gate, connection: Connection, units: Units, codes: list[str]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(codes), CHUNK):
        loaded = gate.load(connection, codes[start : start + CHUNK])
        for code in codes[start : start + CHUNK]:
            one = loaded[code]
            standing = [live.entry for live in one.live if live.entry.trigger not in ("open_at", "mature")]
            for entry in sorted(standing, key=lambda e: (e.effective_on or SINCE_EVER, e.sequence)):
                yield _event(code, one.event(entry), units)


def _event(code: str, event: Event, units: Units) -> dict[str, Any]:
    row: dict[str, Any] = {
        "ung_vien": code,
        "su_kien": event.trigger,
        "ngay": event.on,
        "so_van_ban": event.document_number,
        "ngay_van_ban": event.document_date,
        "ghi_chu": event.note or (ERASED if event.data.get("note") else None),
        "ly_do_ngoai_le": event.irregular,
    }
    for name, field in FIELDS.items():
        value = event.data.get(name)
        if value is None:
            continue
        if field.kind in ("words", "names"):
            value = event.private.get(name, ERASED)
        elif field.kind == "codes":
            value = ", ".join("đủ" if one == ALL_DOCUMENTS else one for one in value)
        elif field.kind == "unit" and isinstance(value, int):
            value = units.code(value)
        elif field.kind == "day":
            value = date.fromisoformat(value)
        row[field.column] = value
    return row


def _targets(connection: Connection, units: Units, seen: _Seen) -> Iterator[dict[str, Any]]:
    for one in load_targets(connection):
        if one.rule is not None or one.unit_id not in seen:
            continue  # it follows from config.yaml and the units: ketnap target rules --apply
        yield {
            "don_vi": units.code(one.unit_id),
            "chi_so": one.indicator,
            "ky": one.period,
            "toi_thieu": one.floor,
            "toi_da": one.ceiling,
            "ty_le": one.ratio,
            "cua": one.base,
            "so_van_ban": one.decision_number,
            "ngay_van_ban": None if one.decision_date == NO_DECISION else one.decision_date,
            "don_vi_ghi_nhan": seen.code(one.credited_unit_id),
            "phu_trach": one.responsible,
        }


def _figures(connection: Connection, units: Units, seen: _Seen) -> Iterator[dict[str, Any]]:
    for one in load_recorded_figures(connection):
        if one.unit_id not in seen:
            continue
        credited = seen.code(one.credited_unit_id) if one.credited_unit_id != one.unit_id else None
        yield {
            "don_vi": units.code(one.unit_id),
            "chi_so": one.indicator,
            "ky": one.period,
            "gia_tri": one.value,
            "ngay_bao_cao": one.reported_on,
            "don_vi_ghi_nhan": credited,
        }


def _recipients(connection: Connection, units: Units, seen: _Seen) -> Iterator[dict[str, Any]]:
    for one in load_addressees(connection):
        if one.unit_id not in seen:
            continue
        yield {"don_vi": units.code(one.unit_id), "vai_tro": one.role, "ho_ten": one.name, "dia_chi": one.address}
