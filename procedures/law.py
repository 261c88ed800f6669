"""The law as people read it: what is in force on a day, how it came to be so, what changed, and the calendar."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

from procedures.access import require
from procedures.cells import EDUCATION_LABELS
from procedures.office import Office
from states.calendar import SINCE_EVER
from states.regulations import IntroducerRow, Span, Value
from states.wording import Text
from store.rulings import RulingRow, load_rulings

UNITS = {
    "working_days": Text("{n} ngày làm việc", "{n} working days"),
    "months": Text("{n} tháng", "{n} months"),
    "times": Text("{n} lần", "{n} times"),
}
YEARS = Text(" ({n} năm)", " ({n} years)")
NO_LIMIT = Text("không đặt hạn", "sets no limit")
NEVER_MORE = Text("hơn {share}", "more than {share}")
WORDS = {
    "receipt": Text("từ ngày nhận quyết định", "from the receipt of the decision"),
    "issue": Text("từ ngày ký quyết định", "from the day the decision is signed"),
}
SHIPPED, OWN, DESK = "shipped", "config", "desk"
ORIGINS = {
    SHIPPED: Text("bộ quy định kèm chương trình", "shipped with the program"),
    OWN: Text("tệp config.yaml", "config.yaml"),
    DESK: Text("xác nhận tại bàn làm việc", "confirmed at the desk"),
}


def law_on(office: Office, day: date) -> dict[str, Any]:
    """Everything in force on a day: {day, profile, limits, choices, unsure}. `unsure`: how many texts were not checked."""
    require(office, "see_figures")
    origin = _Origins(office)
    limits = [
        _shown(office, key, span, origin) | {"value": limit.value, "unit": limit.unit, "runs": limit.runs}
        for key in office.law.keys()  # noqa: SIM118
        for span, limit in [(_at(office.law.spans(key), day), office.law.limit(key, day))]
    ]
    choices = [_shown(office, key, _at(office.law.spans(key), day), origin) for key in office.law.choice_keys()]
    profile = office.law.profile(day)
    return {
        "day": day,
        "profile": {"code": profile.code, "title": profile.title.say(office.lang), "texts": profile.texts},
        "limits": limits,
        "choices": choices,
        "unsure": sum(one["status"] != "verified" for one in (*limits, *choices)),
    }


def history(office: Office, key: str) -> dict[str, Any]:
    """A rule over time, oldest first, with what was ruled at the desk: {key, label, spans, rulings}; Unknown."""
    require(office, "see_figures")
    origin = _Origins(office)
    spans = office.law.spans(key)
    shown = [_shown(office, key, span, origin) for span in spans]
    for before, after in pairwise(shown):
        before["until"] = after["from"]
        after["changed"] = before["words"] != after["words"]
    is_limit = key in office.law.keys()  # noqa: SIM118
    return {
        "key": key,
        "label": office.law.label(key).say(office.lang),
        "can_rule": is_limit and office.actor.may("confirm_law"),
        "unit": office.law.limit(key, office.today).unit if is_limit else None,
        "spans": shown,
        "rulings": [_ruled(office, key, one) for one in origin.rulings if one.key == key],
    }


def changes(office: Office, first: date, last: date) -> dict[str, Any]:
    """What the law of `last` says otherwise than that of `first`: {from, to, items: [{key, label, before, after, what}]}."""
    require(office, "see_figures")
    first, last = min(first, last), max(first, last)
    origin = _Origins(office)
    items = []
    for key in (*office.law.keys(), *office.law.choice_keys()):
        spans = office.law.spans(key)
        before, after = (_shown(office, key, _at(spans, day), origin) for day in (first, last))
        what = [name for name in ("words", "status", "citation") if before[name] != after[name]]
        if what:
            items.append({"key": key, "label": before["label"], "before": before, "after": after, "what": what})
    items.sort(key=lambda one: "words" not in one["what"])
    profiles = [
        {"code": one.code, "since": one.since, "title": one.title.say(office.lang), "texts": one.texts}
        for one in office.law.profiles
        if first < one.since <= last
    ]
    return {"from": first, "to": last, "profiles": profiles, "items": items}


def calendar_year(office: Office, year: int) -> dict[str, Any]:
    """Days off, swapped days and working days by month of a year: {year, days, months, version}."""
    require(office, "see_figures")
    days = [one._asdict() for one in office.calendar.special_days(year)]
    months = office.calendar.working_days_by_month(year)
    return {"year": year, "days": days, "months": months, "total": sum(months), "version": office.calendar.version}


def value_words(office: Office, key: str, value: int | Value | None) -> str:
    """A rule's value as people say it: "45 ngày làm việc", "2/3", a list of documents."""
    law, lang = office.law, office.lang
    if value is None:
        return NO_LIMIT.say(lang)
    if isinstance(value, int):
        unit = law.limit(key, office.today).unit
        words = UNITS[unit].say(lang, n=value)
        return words + YEARS.say(lang, n=value // 12) if unit == "months" and value > 12 and value % 12 == 0 else words
    if isinstance(value, str):
        if value.startswith("more than "):
            return NEVER_MORE.say(lang, share=value.removeprefix("more than "))
        label = WORDS.get(value) or EDUCATION_LABELS.get(value)
        return label.say(lang) if label else value
    return "; ".join(_row(one, lang) if isinstance(one, IntroducerRow) else one for one in value)


def _row(row: IntroducerRow, lang: str) -> str:
    return row.label.say(lang)


def _at(spans: tuple[Span, ...], day: date) -> Span:
    return [span for span in spans if span.since <= day][-1]


class _Origins:
    """Where each entry of the law was written."""

    def __init__(self, office: Office) -> None:
        self._office = office
        with office.database.reading() as connection:
            self.rulings = load_rulings(connection)
        self._ruled = {(one.key, one.since) for one in self.rulings if one.stands}

    def of(self, key: str, since: date) -> str:
        if (key, since) in self._ruled:
            return DESK
        return OWN if any(one.since == since for one in self._office.settings.own_entries(key)) else SHIPPED


def _shown(office: Office, key: str, span: Span, origin: _Origins) -> dict[str, Any]:
    where = origin.of(key, span.entry.since)
    return {
        "key": key,
        "label": office.law.label(key).say(office.lang),
        "words": value_words(office, key, span.entry.value),
        "status": span.status,
        "citation": span.entry.cite,
        "since": span.entry.since,
        "from": None if span.since == SINCE_EVER else span.since,
        "until": None,
        "changed": False,
        "profile": span.profile,
        "origin": where,
        "origin_label": ORIGINS[where].say(office.lang),
    }


def _ruled(office: Office, key: str, row: RulingRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "words": value_words(office, key, row.value),
        "since": row.since,
        "status": row.status,
        "citation": row.cite,
        "reason": row.reason,
        "recorded_at": row.recorded_at,
        "recorded_by": row.recorded_by,
        "stands": row.stands,
        "withdrawn_at": row.withdrawn_at,
        "withdrawn_by": row.withdrawn_by,
        "withdrawn_reason": row.withdrawn_reason,
    }
