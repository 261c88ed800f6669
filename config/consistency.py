"""What the settings must agree on among themselves: words that name other settings, days in order."""

from __future__ import annotations

import re

from config.checking import among as _among
from config.figures import check_figures
from config.law import limit_keys
from config.reading import Written
from config.settings import DutySettings, Settings
from config.target_rules import check_target_rules
from states.duties import read_day_of_year
from states.errors import BadInput
from states.wording import Text


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
    check_figures(settings, written)
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
    check_target_rules(settings, written)
    _among(settings.escalation.behind.indicators, settings.indicators, written, ("escalation", "behind", "indicators"))
    _among(settings.silent_units.kinds, settings.unit_kinds, written, ("silent_units", "kinds"))
    _among(settings.silent_units.tell, settings.roles, written, ("silent_units", "tell"))
    for key, duty in settings.duties.items():
        _check_duty(key, duty, settings, written)
    _check_desk(settings, written)


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


def _check_desk(settings: Settings, written: Written) -> None:
    desk = settings.desk
    if desk.lock_minutes_most < desk.lock_minutes:
        text = Text(
            "lần khóa dài nhất ({most} phút) không được ngắn hơn lần đầu ({first} phút).",
            "the longest lock ({most} minutes) may not be shorter than the first ({first} minutes).",
        )
        at = ("desk", "lock_minutes_most")
        raise written.wrong(at, text, most=desk.lock_minutes_most, first=desk.lock_minutes)
    if desk.idle_minutes > desk.session_hours * 60:
        text = Text(
            "phiên đăng nhập dài nhất {hours} giờ thì không thể để không {minutes} phút.",
            "a session of at most {hours} hours cannot be idle for {minutes} minutes.",
        )
        raise written.wrong(("desk", "idle_minutes"), text, hours=desk.session_hours, minutes=desk.idle_minutes)
