"""The whole story of a case: how it stood on the day it was opened, every rung and who was told, what holds it, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from procedures import access
from procedures.escalate import told_unit
from procedures.notices import STATES
from procedures.office import Office
from states import escalation, pace
from states.escalation import Ladder
from states.periods import parse_period
from states.wording import Text, said
from store.base import Connection
from store.escalation import load_case_events, load_cases
from store.notices import NoticeRow, list_notice_rows
from store.units import Units


def tell_case(office: Office, connection: Connection, case: Mapping[str, Any]) -> dict[str, Any]:
    """A case of `case list` with `opened` (the figures of that day), `rungs`, `events`, `notices` and `next`."""
    units = office.units(connection)
    found = load_cases(connection, [case["case"]])[case["case"]]
    ladder = Ladder.from_json(found.ladder)
    notices = list_notice_rows(connection, subjects=ladder.subjects(found.id))
    events = load_case_events(connection, found.id)
    return {
        "what": "case",
        **case,
        "period_label": parse_period(found.period, office.terms).label(office.lang),
        "opened": _opened(events),
        "rungs": [_rung(office, units, found.unit_id, rung) for rung in ladder.rungs],
        "next": _next(office, units, found.unit_id, ladder, case),
        "events": [_event(office, units, event, notices) for event in events],
        "notices": [
            {
                "id": row.id,
                "rung": row.subject.rpartition(":")[2],
                "recipient": row.recipient or None,
                "planned_for": row.planned_for,
                "state": row.state,
                "state_label": STATES[row.state].say(office.lang),
            }
            for row in notices
        ],
    }


def _opened(events: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The figures of the first day: what was done, what the pace asked for, below which figure a unit is behind."""
    first = next((event for event in events if event["event"] == "opened"), None)
    if first is None:
        return None
    data = first["data"]
    told = {"on": first["happened_on"], "status": data.get("status"), "people": data.get("people")}
    told |= {key: pace.as_number(Fraction(data[key])) for key in ("actual", "floor", "expected") if key in data}
    told |= {key: data[key] for key in ("tolerance_percent", "weeks") if key in data}
    if "expected" in data:
        keeps = Fraction(100 - data["tolerance_percent"], 100)
        told["behind_below"] = pace.as_number(Fraction(data["expected"]) * keeps)
    return told


def _rung(office: Office, units: Units, unit_id: int, rung: escalation.Rung) -> dict[str, Any]:
    told = told_unit(rung, unit_id, {unit_id: units.parent(unit_id, office.today)})
    return {
        "step": rung.step,
        "label": escalation.LABELS[rung.step].say(office.lang),
        "after_working_days": rung.after_working_days,
        "told_unit": access.code_within(office, units, told),
        "roles": [office.settings.roles.get(role, role) for role in rung.tell],
    }


def _next(office: Office, units: Units, unit_id: int, ladder: Ladder, case: Mapping[str, Any]) -> dict[str, Any] | None:
    """The rung that comes next and the working day it is due; None on the last and of a closed case."""
    rung = None if case["step"] == escalation.DA_DONG else ladder.after(case["step"])
    return {"on": case["next_on"], **_rung(office, units, unit_id, rung)} if rung else None


def _event(office: Office, units: Units, event: Mapping[str, Any], notices: Sequence[NoticeRow]) -> dict[str, Any]:
    """What happened, with the codes and labels people know."""
    data = dict(event["data"])
    for key in ("told_unit", "unit_id"):
        if isinstance(data.get(key), int):
            data["told_unit"] = access.code_within(office, units, data.pop(key))
    if "roles" in data:
        data["roles"] = [office.settings.roles.get(role, role) for role in data["roles"]]
    told = [row.recipient for row in notices if row.subject.endswith(f":{data.get('step')}") and row.recipient]
    return {
        "on": event["happened_on"],
        "event": event["event"],
        "data": data | ({"told": sorted(set(told))} if event["event"] == "rose" else {}),
        "recorded_at": event["recorded_at"],
        "recorded_by": event["recorded_by"],
    }


# ---------------------------------------------------------------------- in sentences


def of_case(case: Mapping[str, Any], lang: str) -> list[str]:
    """The story in sentences."""
    lines = [
        Text(
            "Vụ việc {case} (case:{case}): {name} ({unit}) chậm «{label}», {period}.",
            "Case {case} (case:{case}): {name} ({unit}) is behind on “{label}”, {period}.",
        ).say(
            lang, case=case["case"], name=case["name"], unit=case["unit"], label=case["indicator_label"],
            period=case["period_label"],
        )
    ]  # fmt: skip
    if case["opened"]:
        lines.append(_first_day(case["opened"], lang))
    lines += [f"  {said(event['on'], lang)} {say_event(event, lang)}" for event in case["events"]]
    return [*lines, *_now(case, lang)]


def _first_day(opened: Mapping[str, Any], lang: str) -> str:
    words = [
        Text("Ngày mở {day}: đã làm {actual}/{floor}", "Opened on {day}: done {actual}/{floor}").say(
            lang, day=opened["on"], actual=_figure(opened["actual"]), floor=_figure(opened["floor"])
        )
    ]
    if "expected" in opened:
        words.append(
            Text(
                "theo tiến độ phải đạt {expected}; cho phép thấp hơn {tolerance}%, dưới {below} là chậm",
                "the pace asked for {expected}; {tolerance}% less is tolerated, below {below} is behind",
            ).say(
                lang, expected=_figure(opened["expected"]), tolerance=opened["tolerance_percent"],
                below=_figure(opened["behind_below"]),
            )
        )  # fmt: skip
    if opened.get("people") is not None:
        words.append(Text("{n} người đang trên đường", "{n} on the way").say(lang, n=opened["people"]))
    if opened.get("weeks"):
        words.append(Text("chậm liền {n} tuần trước đó", "behind for {n} weeks before").say(lang, n=opened["weeks"]))
    return "; ".join([*words, pace.STATUSES[opened["status"]].say(lang).lower()]) + "."


def say_event(event: Mapping[str, Any], lang: str) -> str:
    """One thing that happened, in a sentence."""
    data = event["data"]
    kind = EVENTS.get(event["event"])
    if kind is None:
        return str(event["event"])
    values = {
        "ladder": data.get("ladder"),
        "step": escalation.LABELS.get(data.get("step", ""), ""),
        "unit": data.get("told_unit") or UNIT_ABOVE,
        "roles": ", ".join(data.get("roles", ())),
        "told": ", ".join(data.get("told", ())) or NOBODY.say(lang),
        "figures": f"{_figure(data.get('actual'))}/{_figure(data.get('floor'))}",
        "text": data.get("text"),
        "until": date.fromisoformat(data["until"]) if data.get("until") else None,
        "by": event["recorded_by"],
        "result": escalation.RESULTS.get(data.get("result", ""), ""),
    }
    words = kind.say(lang, **values)
    if event["event"] == "closed" and data.get("text"):
        words = words.removesuffix(".") + Text(", lý do: {text} ({by} ghi).", ", for: {text} (by {by}).").say(
            lang, **values
        )
    return words


def _now(case: Mapping[str, Any], lang: str) -> list[str]:
    """Where it stands, what holds it, what comes next."""
    if case["result"]:
        lines = []
        if case["result"] == escalation.BY_HAND:
            again = Text(
                "Vụ việc mới chỉ mở khi đơn vị đã kịp tiến độ rồi lại chậm, hoặc từ {day} nếu vẫn chậm.",
                "A new case is opened only when the unit has recovered and falls behind anew, or from {day} on.",
            )
            lines.append(again.say(lang, day=case["next_on"]))
        return lines
    lines = [
        Text("Hiện ở bậc «{step}» từ {since}, {actual}/{floor}: {status}.", "Now “{step}” since {since}, {actual}/{floor}: {status}.").say(
            lang, step=case["label"], since=case["since"], actual=_figure(case["actual"]), floor=_figure(case["floor"]),
            status=case["status_label"].lower(),
        )
    ]  # fmt: skip
    for key, text in (
        ("commitment", Text("Đơn vị cam kết đến hết {until}: {text}.", "The unit promised, through {until}: {text}.")),
        ("silence", Text("Tạm dừng đến hết {until}: {text}.", "Silenced through {until}: {text}.")),
    ):
        if case[key]:
            lines.append(text.say(lang, **case[key]))
    if step := case["next"]:
        lines.append(
            Text(
                "Tiếp theo: ngày {on}, nếu vẫn chậm, lên bậc «{label}» ({days} ngày làm việc sau bậc trước), báo {roles} của {unit}.",
                "Next: on {on}, if still behind, “{label}” ({days} working days after the rung before), telling {roles} of {unit}.",
            ).say(
                lang, on=step["on"], label=step["label"], days=step["after_working_days"], roles=", ".join(step["roles"]),
                unit=step["told_unit"] or UNIT_ABOVE,
            )
        )  # fmt: skip
    else:
        lines.append(Text("Đã ở bậc cuối của thang.", "It stands on the last rung.").say(lang))
    return lines


def _figure(value: Any) -> str:
    return "–" if value is None else pace.print_number(Fraction(str(value)))


NOBODY = Text("chưa có người nhận", "nobody")
UNIT_ABOVE = Text("cấp trên", "the unit above")  # where it is not the account's to see
EVENTS: Mapping[str, Text] = {
    "opened": Text("mở, theo thang {ladder}.", "opened, under ladder {ladder}."),
    "rose": Text(
        "{step}: {figures}, báo {roles} của {unit} ({told}).", "{step}: {figures}, told {roles} of {unit} ({told})."
    ),
    "nobody_to_tell": Text("không có ai để báo: {roles} của {unit}.", "nobody to tell: {roles} of {unit}."),
    "acknowledged": Text("cam kết đến {until}: {text} ({by} ghi).", "promised by {until}: {text} (recorded by {by})."),
    "commitment_lapsed": Text(
        "cam kết đến {until} không giữ được: {figures}.", "the promise of {until} lapsed: {figures}."
    ),
    "silenced": Text("tạm dừng đến {until}: {text} ({by} ghi).", "silenced to {until}: {text} (recorded by {by})."),
    "silence_ended": Text("hết tạm dừng ({until}).", "the silence ended ({until})."),
    "recovered": Text("đơn vị đã kịp tiến độ sau khi đóng.", "the unit recovered after the closing."),
    "closed": Text("đóng: {result}, {figures}.", "closed: {result}, {figures}."),
}
