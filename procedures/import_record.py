"""What one import writes, remembered while it writes so that the whole of it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procedures.plans import Plan
from store.imports import PersonMark, RowMark, add_import, last_ids
from store.recipients import Addressee, recipient_ids
from store.units import succession_ids

if TYPE_CHECKING:
    from datetime import datetime

    from procedures.office import Office
    from store.base import Connection


@dataclass
class Written:
    """Everything an import adds or changes; rows that carry its instant are found by it when all is written."""

    after: Mapping[str, int] = field(default_factory=dict)
    units: set[int] = field(default_factory=set)
    successions: list[tuple[int, int]] = field(default_factory=list)
    addressees: list[Addressee] = field(default_factory=list)
    renamed_addressees: list[Addressee] = field(default_factory=list)  # as they were before
    people: dict[int, PersonMark] = field(default_factory=dict)  # by candidate

    @classmethod
    def begin(cls, connection: Connection) -> Written:
        """Before anything is written."""
        return cls(last_ids(connection))

    def changed(self, candidate_id: int, name: str | None, birth: str | None, *, renamed: bool) -> None:
        """Something about somebody known is put right; name and birth date as they were, where these are."""
        before = (name, birth) if renamed else (None, None)
        self.people[candidate_id] = PersonMark(candidate_id, None, None, False, renamed, *before)

    def recorded(self, plans: Iterable[Plan]) -> None:
        """The gate has written these plans."""
        for plan in plans:
            if plan.drafts:
                one = plan.loaded
                first, last = plan.drafts[0].sequence, plan.drafts[-1].sequence
                before = self.people.get(one.id)
                rest = before[4:] if before is not None else (False, None, None)
                self.people[one.id] = PersonMark(one.id, first, last, one.opening is not None, *rest)

    def remember(
        self, connection: Connection, office: Office, path: Path, name: str, counts: dict[str, Any], at: datetime
    ) -> int:
        """Write it down; the import's number."""
        rows: dict[str, list[RowMark]] = {
            "unit": [RowMark(unit_id) for unit_id in sorted(self.units)],
            "succession": [RowMark(one) for one in succession_ids(connection, self.successions)],
            "recipient": [RowMark(one) for one in recipient_ids(connection, self.addressees)],
        }
        renamed = zip(recipient_ids(connection, self.renamed_addressees), self.renamed_addressees, strict=True)
        rows["recipient"] += [RowMark(row_id, one.name, True) for row_id, one in renamed]
        with path.open("rb") as file:
            sha256 = file_digest(file, "sha256").hexdigest()
        row = {
            "file_name": name,
            "sha256": sha256,
            "business_day": office.today,
            "recorded_at": at,
            "recorded_by": office.user,
            "counts": counts,
        }
        return add_import(connection, row, list(self.people.values()), rows, self.after)
