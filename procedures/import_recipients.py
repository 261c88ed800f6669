"""The sheet nguoi_nhan: who is told about a unit, and in which role."""

from __future__ import annotations

from procedures.intake import SAME_KEY, Intake
from procedures.sheet_rows import Row
from procedures.workbook import RECIPIENTS
from states.wording import Text
from store.recipients import Addressee, insert_addressees, load_addressees, rename_addressees

ROLE = Text("vai trò", "role")


def take_recipients(intake: Intake) -> None:
    """Record recipients; another name for the same unit, role and address puts it right."""
    roles = {word: Text(label, label) for word, label in intake.office.settings.roles.items()}
    known = {one.key: one for one in load_addressees(intake.connection)}
    seen: dict[tuple[int, str, str], Row] = {}
    new: list[Addressee] = []
    renamed: list[Addressee] = []
    for row in intake.rows(RECIPIENTS.name):
        unit_id = intake.find_unit(row, "don_vi")
        role = intake.find_word(row, "vai_tro", ROLE, roles)
        if unit_id is None or role is None or not row.sound:
            continue
        there = known.get((unit_id, role, row.get("dia_chi")))
        name = row.get("ho_ten") or (there.name if there else None)
        one = Addressee(unit_id, role, name, row.get("dia_chi"))
        first = seen.setdefault(one.key, row)
        if first is not row:
            row.wrong("dia_chi", SAME_KEY, row=first.number, what=f"{row.get('don_vi')}, {role}")
        elif there is None:
            new.append(one)
            intake.differ(row, row.get("don_vi"), role, None, one.address)
        elif there != one:
            renamed.append(one)
            intake.differ(row, row.get("don_vi"), "ho_ten", there.name, one.name)
        intake.count(
            RECIPIENTS.name,
            created=int(there is None),
            updated=int(there is not None and there != one),
            unchanged=int(there == one),
        )
    intake.wrote.addressees += new
    intake.wrote.renamed_addressees += [known[one.key] for one in renamed]
    insert_addressees(intake.connection, new)
    rename_addressees(intake.connection, renamed)
