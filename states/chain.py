"""The hash chain of one candidate's entries: each hash covers its entry and the hash before it. Pure.

Canonical form of an entry: a JSON array of the form's number, the previous hash and the fields in the order of FIELDS;
keys sorted, no spaces, no escapes beyond JSON's own; days ISO, instants UTC ISO with microseconds; no floats.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from json import encoder
from typing import Any, NoReturn

# A further column goes into a form with the next number; entries of form 1 stay hashed as they were.
FORM = 1
FIELDS = (
    "candidate_id",
    "sequence",
    "trigger",
    "source",
    "destination",
    "effective_on",
    "recorded_at",
    "recorded_by",
    "unit_id",
    "document_number",
    "document_date",
    "data",
    "text_applied",
    "corrects",
    "voids",
    "private_digest",
)


def genesis(candidate_id: int) -> str:
    """What a candidate's first entry names as its previous hash."""
    return sha256(f"ketnap:{FORM}:{candidate_id}".encode()).hexdigest()


def entry_hash(previous_hash: str, fields: Mapping[str, Any]) -> str:
    """The hash of an entry (`fields` by column name, native values) that follows `previous_hash`.

    TypeError for a value with no single spelling in both databases: a float, a Decimal, a date inside `data`.
    """
    f = fields
    effective_on, document_date, data = f["effective_on"], f["document_date"], f["data"]
    if data:
        refuse_floats(data)
    # Written out: this runs for every entry of every import, advance and verify.
    form = (
        FORM,
        previous_hash,
        f["candidate_id"],
        f["sequence"],
        f["trigger"],
        f["source"],
        f["destination"],
        effective_on and day_form(effective_on),
        instant_form(f["recorded_at"]),
        f["recorded_by"],
        f["unit_id"],
        f["document_number"],
        document_date and day_form(document_date),
        data,
        f["text_applied"],
        f["corrects"],
        f["voids"],
        f["private_digest"],
    )
    return sha256(canonical(form).encode()).hexdigest()


def private_digest(salt: str, content: Mapping[str, Any]) -> str:
    """The salted digest an entry keeps of what may be erased (entry_texts); without the row's salt it says nothing."""
    return sha256(f"{salt}\n{canonical(content)}".encode()).hexdigest()


def day_form(day: date) -> str:
    """A day as ISO. A datetime is refused: it would be stored as a day and hashed as an instant."""
    if type(day) is datetime:
        raise TypeError("a day, not an instant")
    return day.isoformat()[:10]


@lru_cache(maxsize=64)  # what is written in one go has one instant
def instant_form(moment: datetime) -> str:
    """An aware instant as UTC ISO with microseconds always written."""
    if moment.tzinfo is not UTC:
        if moment.tzinfo is None:
            raise ValueError("an instant needs its zone")
        moment = moment.astimezone(UTC)
    return moment.isoformat() if moment.microsecond else moment.isoformat(timespec="microseconds")


def refuse_floats(value: Any) -> None:
    """TypeError for a float anywhere in `value`."""
    parts: Iterable[Any]
    if isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, list | tuple):
        parts = value
    elif isinstance(value, float):
        raise TypeError("a float has no canonical form")
    else:
        return
    for part in parts:
        if type(part) is not str and type(part) is not int:
            refuse_floats(part)


def _no_form(value: object) -> NoReturn:
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _canonical() -> Callable[[Any], str]:
    """JSON's own C encoder made once: JSONEncoder.encode makes a new one at every call, a third of its time."""
    make = getattr(encoder, "c_make_encoder", None)
    if make is None:
        plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_no_form)
        return plain.encode
    encode = make(None, _no_form, encoder.encode_basestring, None, ":", ",", True, False, False)
    return lambda value: "".join(encode(value, 0))


canonical = _canonical()
