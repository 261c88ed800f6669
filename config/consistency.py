"""What the settings must agree on among themselves: words that name other settings, days in order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from config.checking import nearest
from config.law import limit_keys
from config.reading import Keys, Written
from config.settings import DutySettings, IndicatorSettings, Settings
from states.duties import read_day_of_year
from states.errors import BadInput
from states.membership import PROCESS
from states.steps import STEPS
from states.wording import Text

PLACES = re.compile(r"\{.*?\}|[{}]")
NEEDS = {"counted": ("trigger",), "ratio": ("numerator", "denominator"), "reported": (), "measured": ()}


def check_consistency(settings: Settings, written: Written) -> None:
    """Raise errors.Installation at the first line that contradicts another."""
    for day in settings.calendar.days_off.keys() & settings.calendar.worked.keys():
        text = Text("ngày {day} vừa nghỉ vừa làm; bỏ một trong hai.", "{day} is both off and worked; remove one.")
        raise written.wrong(("calendar", "worked", day), text, day=day)
    for code, term in settings.declared_terms.items():
        if not re.fullmatch(r"\d{4}/\d{4}", code):
            text = Text(
                "tên nhiệm kỳ viết như 2020/2025, không phải «{code}».", "write a term as 2020/2025, not {code!r}."
            )
            raise written.wrong(("terms", code), text, code=code)
        if term.last <= term.first:
            text = Text("nhiệm kỳ {code}: ngày cuối phải sau ngày đầu.", "term {code}: its last day comes first.")
            raise written.wrong(("terms", code, "last"), text, code=code)
    for name, indicator in settings.indicators.items():
        _check_indicator(name, indicator, settings, written)
    _among(settings.pace.phased, settings.indicators, written, ("pace", "phased"))
    _among(settings.printing.forms, settings.unit_kinds, written, ("printing", "forms"))
    _among(settings.reminders.roles, settings.roles, written, ("reminders", "roles"))
    if settings.reminders.clocks:
        _among(settings.reminders.clocks, limit_keys(), written, ("reminders", "clocks"))
    order = ("nhac", "cap_tren", "thuong_vu")
    before = -1
    for place, rung in enumerate(settings.escalation.ladder.rungs):
        path = ("escalation", "ladder", "rungs", place)
        _among(rung.tell, settings.roles, written, (*path, "tell"))
        if order.index(rung.step) <= before:
            text = Text(
                "các nấc phải theo thứ tự {order}, mỗi nấc một lần.",
                "rungs come in the order {order}, each once.",
            )
            raise written.wrong((*path, "step"), text, order=", ".join(order))
        before = order.index(rung.step)
    _among(settings.escalation.behind.indicators, settings.indicators, written, ("escalation", "behind", "indicators"))
    _among(settings.silent_units.kinds, settings.unit_kinds, written, ("silent_units", "kinds"))
    _among(settings.silent_units.tell, settings.roles, written, ("silent_units", "tell"))
    for key, duty in settings.duties.items():
        _check_duty(key, duty, settings, written)


def _check_duty(key: str, duty: DutySettings, settings: Settings, written: Written) -> None:
    path = ("duties", key)
    _among(duty.kinds, settings.unit_kinds, written, (*path, "kinds"))
    _among(duty.roles, settings.roles, written, (*path, "roles"))
    reported = [name for name, one in settings.indicators.items() if one.source in ("reported", "measured")]
    _among((duty.done_by,), reported, written, (*path, "done_by"))
    if ":" in key:
        text = Text("tên việc định kỳ «{key}» không được có dấu hai chấm.", "a duty's name {key!r} takes no colon.")
        raise written.wrong(path, text, key=key)
    if isinstance(duty.due, int):
        return
    try:
        read_day_of_year(duty.due)
    except BadInput as wrong:
        raise written.wrong((*path, "due"), wrong.sentence, **wrong.values) from None
    if duty.every != "year":
        text = Text(
            "việc không phải hằng năm thì «due» là số ngày làm việc sau khi hết kỳ, không phải ngày «{due}».",
            "only a yearly duty is due on a day such as {due!r}; others on a working day after their period.",
        )
        raise written.wrong((*path, "due"), text, due=duty.due)


def _check_indicator(name: str, indicator: IndicatorSettings, settings: Settings, written: Written) -> None:
    path = ("indicators", name)
    for key in ("trigger", "numerator", "denominator"):
        given, needed = getattr(indicator, key) is not None, key in NEEDS[indicator.source]
        if needed and not given:
            text = Text(
                "chỉ số «{name}» nguồn {source} cần «{key}»; thêm dòng «{key}: …».",
                "the indicator {name!r} ({source}) needs {key!r}; add a line {key}: …",
            )
            raise written.wrong(path, text, name=name, source=indicator.source, key=key)
        if given and not needed:
            text = Text(
                "chỉ số «{name}» nguồn {source} không dùng «{key}»; bỏ dòng ấy.",
                "the indicator {name!r} ({source}) takes no {key!r}; remove that line.",
            )
            raise written.wrong((*path, key), text, name=name, source=indicator.source, key=key)
    if indicator.in_words is not None and PLACES.findall(indicator.in_words) != ["{figure}"]:
        text = Text(
            "«in_words» là câu có đúng một chỗ {{figure}} để điền số, ví dụ: Thành lập mới {{figure}} công đoàn cơ sở.",
            "in_words is a sentence with {{figure}} once where the number goes.",
        )
        raise written.wrong((*path, "in_words"), text)
    if indicator.trigger is not None:
        _among((indicator.trigger,), PROCESS, written, (*path, "trigger"))
    if indicator.destination is not None:
        _among((indicator.destination,), STEPS, written, (*path, "destination"))
    others = [other for other, o in settings.indicators.items() if other != name and o.source != "ratio"]
    for key in ("numerator", "denominator", "part_of"):
        if (other := getattr(indicator, key)) is not None:
            _among((other,), others, written, (*path, key))


def _among(words: Iterable[str], known: Collection[str], written: Written, path: Keys) -> None:
    for word in words:
        if word not in known:
            text = Text("không có «{word}»; {near}.", "{word!r} is not known; {near}.")
            raise written.wrong((*path, word), text, word=word, near=nearest(word, known))
