"""The law as data: states/regulations.yaml checked, an installation's entries beside it, handed to states as a Law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from config.checking import Strict, check, nearest
from config.reading import Keys, Written, read_yaml
from states import regulations
from states.regulations import Entry, IntroducerRow, Law, Profile, Rule
from states.wording import Text

REGULATIONS = Path(regulations.__file__).with_name("regulations.yaml")


class _Label(Strict):
    vi: str
    en: str

    @property
    def text(self) -> Text:
        return Text(self.vi, self.en)


Status = Literal["verified", "reported", "carried_over"]
Word = Annotated[str, Field(min_length=1)]


class _Entry(Strict):
    since: date
    status: Status
    cite: Word


class LimitEntry(_Entry):
    """A dated length; null = that text sets no such limit."""

    value: Annotated[int, Field(ge=0)] | None


class WordEntry(_Entry):
    """A dated word out of the rule's options."""

    value: Word


class RatioEntry(_Entry):
    """A dated ratio of votes: "2/3" (at least) or "more than 1/2"."""

    value: Annotated[str, Field(pattern=r"^(more than )?[1-9]\d*/[1-9]\d*$")]


class CodesEntry(_Entry):
    """A dated list of document codes."""

    value: list[Word]


class Introducer(Strict):
    """One row of who introduces (states.regulations.IntroducerRow)."""

    code: Word
    label: _Label
    max_age: int | None
    unit_has: str | None
    person_is: str | None
    must_be: str | None
    members: Annotated[int, Field(ge=0)]
    documents: list[Word]


class IntroducersEntry(_Entry):
    """The dated rows of who introduces."""

    value: Annotated[list[Introducer], Field(min_length=1)]


class _Limit(Strict):
    label: _Label
    unit: regulations.Unit
    runs: bool
    entries: Annotated[list[LimitEntry], Field(min_length=1)]


class _Words(Strict):
    kind: Literal["word"]
    label: _Label
    options: list[Word]
    entries: Annotated[list[WordEntry], Field(min_length=1)]


class _Ratios(Strict):
    kind: Literal["ratio"]
    label: _Label
    entries: Annotated[list[RatioEntry], Field(min_length=1)]


class _Codes(Strict):
    kind: Literal["documents"]
    label: _Label
    entries: Annotated[list[CodesEntry], Field(min_length=1)]


class _Introducers(Strict):
    kind: Literal["introducers"]
    label: _Label
    entries: Annotated[list[IntroducersEntry], Field(min_length=1)]


class _Profile(Strict):
    since: date
    title: _Label
    texts: Word


class _Regulations(Strict):
    profiles: Annotated[dict[str, _Profile], Field(min_length=1)]
    limits: dict[str, _Limit]
    choices: dict[str, Annotated[_Words | _Ratios | _Codes | _Introducers, Field(discriminator="kind")]]
    documents: dict[str, _Label]


@cache
def _shipped() -> tuple[_Regulations, Written]:
    written = read_yaml(REGULATIONS)
    return _read(written), written


def _read(written: Written) -> _Regulations:
    read: _Regulations = check(_Regulations, written)
    for part, rules in (("limits", read.limits), ("choices", read.choices)):
        for key, rule in rules.items():
            _check_entries(rule, read, written, (part, key, "entries"))
    return read


def _check_entries(rule: Any, read: _Regulations, written: Written, path: Keys, entries: Any = None) -> None:
    """What the shape alone does not say: one entry a day, words out of the options, codes of known documents."""
    seen: set[date] = set()
    for place, entry in enumerate(rule.entries if entries is None else entries):
        if entry.since in seen:
            raise written.wrong(
                (*path, place, "since"),
                Text("ngày {day} đã có một mục trước; bỏ một trong hai.", "{day} has an entry already; remove one."),
                day=entry.since,
            )
        seen.add(entry.since)
        if isinstance(rule, _Words):
            _known((entry.value,), rule.options, written, (*path, place, "value"))
        elif isinstance(rule, _Codes):
            _known(entry.value, read.documents, written, (*path, place, "value"))
        elif isinstance(rule, _Introducers):
            for number, row in enumerate(entry.value):
                _known(row.documents, read.documents, written, (*path, place, "value", number, "documents"))


def _known(words: Sequence[str], known: Any, written: Written, path: Keys) -> None:
    for word in words:
        if word not in known:
            text = Text("không có «{word}»; {near}.", "{word!r} is not known; {near}.")
            raise written.wrong(path, text, word=word, near=nearest(word, known))


def limit_keys() -> list[str]:
    """The keys of all limits."""
    return list(_shipped()[0].limits)


def read_overrides(written: Written) -> dict[str, list[Entry]]:
    """What an installation confirms or overrides under `regulations` in its config.yaml."""
    raw = written.data.get("regulations") or {}
    if not raw:
        return {}
    read, _ = _shipped()
    rules: Mapping[str, Any] = {**read.limits, **read.choices}
    overrides = {}
    for key in raw:
        if key not in rules:
            raise written.wrong(
                ("regulations", key),
                Text("quy định không có khóa «{key}»; {near}.", "the regulations have no key {key!r}; {near}."),
                key=key,
                near=nearest(key, rules),
            )
        path = ("regulations", key)
        entries = check(type(rules[key]).model_fields["entries"].annotation, written, path)
        _check_entries(rules[key], read, written, path, entries)
        overrides[key] = [_entry(entry) for entry in entries]
    return overrides


def build_law(overrides: Mapping[str, Sequence[Entry]]) -> Law:
    """The shipped law with an installation's entries beside it or in their place."""
    read, _ = _shipped()
    return Law(
        [Profile(code, p.since, p.title.text, p.texts) for code, p in read.profiles.items()],
        [Rule(key, r.label.text, tuple(map(_entry, r.entries)), r.unit, r.runs) for key, r in read.limits.items()],
        [Rule(key, r.label.text, tuple(map(_entry, r.entries))) for key, r in read.choices.items()],
        {code: label.text for code, label in read.documents.items()},
        overrides,
    )


def _entry(entry: Any) -> Entry:
    value = entry.value
    if isinstance(value, list):
        value = tuple(_row(item) if isinstance(item, Introducer) else item for item in value)
    return Entry(value, entry.since, entry.cite, entry.status)


def _row(row: Introducer) -> IntroducerRow:
    return IntroducerRow(
        row.code,
        row.label.text,
        row.max_age,
        row.unit_has,
        row.person_is,
        row.must_be,
        row.members,
        tuple(row.documents),
    )
