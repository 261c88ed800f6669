"""What `why` found, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from procedures.case_story import of_case
from states.reminders import say_left
from states.wording import Text

STATES_OF_CLOCKS = {
    "running": Text("đang chạy", "running"),
    "met": Text("xong trong hạn ngày {day}", "met on {day}"),
    "late": Text("xong quá hạn ngày {day}", "done late on {day}"),
    "void": Text("không còn hiệu lực", "void"),
}
MOVE = Text("Hạn đã dời: {old} → {new} ({reason}).", "The due day moved: {old} → {new} ({reason}).")
REASONS = {
    "calendar": Text("lịch nghỉ thay đổi", "the calendar changed"),
    "limit": Text("thời hạn thay đổi", "the limit changed"),
}
NOBODY = Text("chưa có người nhận", "nobody")


def of_clock(clock: Mapping[str, Any], lang: str) -> list[str]:
    """A clock: the due day, the sum, the ground, the thresholds, who is told."""
    head = STATES_OF_CLOCKS[clock["state"]]
    standing = head.say(lang, day=clock["stopped_on"]) if clock["stopped_on"] else head.say(lang)
    if clock["days_left"] is not None:
        standing = say_left(clock["days_left"], _unit(clock)).say(lang)
    lines = [
        Text("{label}: hạn {due}, {standing}", "{label}: due {due}, {standing}").say(
            lang, label=clock["label"], due=clock["due_on"], standing=standing
        ),
        f"  {clock['sum']}",
    ]
    if clock["days_off"]:
        lines.append(Text("  Ngày nghỉ: {days}.", "  Days off: {days}.").say(lang, days=", ".join(clock["days_off"])))
    lines.append(Text("  Căn cứ: {ground}.", "  Ground: {ground}.").say(lang, ground=clock["ground"]))
    for move in clock["moves"]:
        lines.append("  " + MOVE.say(lang, old=move["from"], new=move["to"], reason=REASONS[move["reason"]]))
    if clock["state"] == "running":
        lines.append(Text("  Cần làm: {who}.", "  To act: {who}.").say(lang, who=clock["actor"]))
        lines += [f"  {line}" for line in _thresholds(clock, lang)]
        lines.append(Text("  Báo cho: {who}.", "  Told: {who}.").say(lang, who=_people(clock["recipients"], lang)))
    return lines


def of_person(shown: Mapping[str, Any], lang: str) -> list[str]:
    """A person: where they stand, each clock, what is missing, what can be done."""
    since = Text(" từ {day}", " since {day}").say(lang, day=shown["since"]) if shown["since"] else ""
    lines = [f"{shown['code']} · {shown['unit']} · {shown['step_label']}{since}"]
    for clock in shown["clocks"]:
        lines += ["", *of_clock(clock, lang)]
    if shown["gaps"]:
        lines += ["", Text("Còn thiếu: {gaps}.", "Missing: {gaps}.").say(lang, gaps="; ".join(shown["gaps"]))]
    against = [f"{one['label']}: {one['reasons']}" for one in shown["next"] if not one["allowed"]]
    if against:
        lines += ["", Text("Chưa làm được:", "Not yet possible:").say(lang), *(f"  {line}" for line in against)]
    return lines


def of_notice(told: Mapping[str, Any], lang: str) -> list[str]:
    """A notice: whom, when, in which letter, and the clock it is about."""
    text = Text("Nhắc việc {id} gửi {who} ngày {day}: {state}.", "Notice {id} to {who}, goes out on {day}: {state}.")
    who = told["recipient"] or NOBODY.say(lang)
    lines = [text.say(lang, id=told["id"], who=who, day=told["planned_for"], state=told["state_label"])]
    if told["letter"]:
        lines.append(Text("Trong thư {id}.", "In letter {id}.").say(lang, id=told["letter"]["message_id"]))
        if told["letter"]["failure"]:
            lines.append(Text("Gửi lỗi: {what}.", "Failed: {what}.").say(lang, what=told["letter"]["failure"]))
    if told.get("moved"):
        lines.append(told["moved"])
    if told.get("about"):
        return [*lines, "", f"{told['about']['code']} · {told['unit']}", *of_clock(told["about"], lang)]
    if told.get("case"):
        return [*lines, told["label"], "", *of_case(told["case"], lang)]
    return [*lines, told["label"]]


def _thresholds(clock: Mapping[str, Any], lang: str) -> list[str]:
    vi, en = ("ngày", "days") if _unit(clock) == "months" else ("ngày làm việc", "working days")
    for_now = Text("Nhắc ngày {day} ({when}){why}{state}", "Reminder on {day} ({when}){why}{state}")
    lines = []
    for one in clock["thresholds"]:
        left = one["threshold"]
        when = (
            Text("đúng hạn", "the day itself")
            if left == 0
            else Text(f"trước {left} {vi}", f"{left} {en} before")
            if left > 0
            else Text(f"quá {-left} {vi}", f"{-left} {en} after")
        )
        moved = Text(", vì {day} là {name}", ", for {day} is {name}")
        why = moved.say(lang, day=one["falls_on"], name=one["day_off"]) if one["day_off"] else ""
        state = f": {one['state']}" if one["state"] else ""
        lines.append(for_now.say(lang, day=one["planned_for"], when=when, why=why, state=state))
    return lines


def _people(recipients: Iterable[Mapping[str, Any]], lang: str) -> str:
    return ", ".join(f"{one['address']} ({one['role']}, {one['unit']})" for one in recipients) or NOBODY.say(lang)


def _unit(clock: Mapping[str, Any]) -> str:
    return "months" if clock["days_unit"] == "calendar_days" else "working_days"
