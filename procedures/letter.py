"""A letter's words: the digest one recipient gets on one working day. Codes, units, limits and days; no names of people."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from fractions import Fraction
from html import escape

from procedures.office import Office
from states import escalation, pace
from states.clocks import days_left
from states.periods import parse_period
from states.reminders import actor, say_left
from states.steps import STEP_LABELS
from states.wording import Text
from store.letters import CaseItem, ClockItem, StandingItem, WaitingLetter
from store.unit_names import UnitName

UNCHECKED = Text("chưa đối chiếu nguyên văn", "not checked against the text")
SENDER = Address("Ketnap", "ketnap", "localhost")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to be told, with where it stands in the letter."""

    unit: str
    urgency: tuple[int, date]
    code: str
    overdue: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What a letter says: its lines by unit, the unit with the most urgent line first."""

    day: date
    lang: str
    units: tuple[tuple[str, tuple[Line, ...]], ...]

    @property
    def lines(self) -> list[Line]:
        """All lines in their order."""
        return [line for _, lines in self.units for line in lines]

    @property
    def subject(self) -> str:
        """Counts and the day, nothing else: it is seen in lists."""
        overdue = sum(line.overdue for line in self.lines)
        text = (
            Text("Nhắc việc ngày {day}: {n} việc, {late} quá hạn", "Reminder of {day}: {n} items, {late} overdue")
            if overdue
            else Text("Nhắc việc ngày {day}: {n} việc", "Reminder of {day}: {n} items")
        )
        return text.say(self.lang, day=self.day, n=len(self.lines), late=overdue)


def digest(
    office: Office, day: date, clocks: Sequence[ClockItem], cases: Sequence[CaseItem], others: Sequence[StandingItem],
    units: dict[int, UnitName],
) -> Digest:  # fmt: skip
    """Put what a letter carries in order: by unit, most urgent first."""
    lines = [_clock_line(office, day, item, units[item.unit_id]) for item in clocks]
    lines += [_case_line(office, item, units[item.unit_id]) for item in cases]
    lines += [standing_line(office, day, item, units[item.unit_id]) for item in others]
    by_unit: dict[str, list[Line]] = {}
    for line in sorted(lines, key=lambda line: (line.urgency, line.code)):
        by_unit.setdefault(line.unit, []).append(line)
    return Digest(day, office.lang, tuple((unit, tuple(found)) for unit, found in by_unit.items()))


def message(letter: WaitingLetter, said: Digest) -> EmailMessage:
    """The digest as a message; the same letter is always the same bytes."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = SENDER
    if is_mail_address(letter.recipient):
        mail["To"] = letter.recipient
    else:
        mail["To"] = Address(letter.recipient.replace("\n", " "), "undisclosed", "localhost")
    mail["Subject"] = said.subject
    mail["Date"] = letter.reserved_at
    mail["Message-ID"] = f"<{letter.message_id}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(plain(said), cte="8bit")
    mail.add_alternative(_html(said), subtype="html", cte="8bit")
    mail.set_boundary("=_" + hashlib.sha256(letter.message_id.encode()).hexdigest()[:24])
    return mail


def plain(said: Digest) -> str:
    """The digest as plain text."""
    rows = [_opening(said), ""]
    for place, (unit, lines) in enumerate(said.units, 1):
        rows += [f"{place}. {unit}", *(f"   - {' · '.join(line.words)}" for line in lines), ""]
    return "\n".join([*rows, _ending(said), ""])


def brief(office: Office, said: Digest) -> tuple[str, str]:
    """Title and text for channels that leave the machine: counts, codes and a link."""
    codes = [line.code for line in said.lines]
    shown = ", ".join(codes[:50]) + (" …" if len(codes) > 50 else "")
    text = Text(
        "{n} việc đến hạn hoặc quá hạn: {codes}. Xem trên máy của cơ quan: {link}",
        "{n} items due or overdue: {codes}. See on the office's machine: {link}",
    )
    link = f"{office.settings.server.desk}/"
    return said.subject, text.say(said.lang, n=len(codes), codes=shown, link=link)


def _clock_line(office: Office, day: date, item: ClockItem, unit: UnitName) -> Line:
    lang = office.lang
    left = days_left(item.due_on, item.limit_unit, day, office.calendar)
    ground = item.citation if item.status == "verified" else f"{item.citation} ({UNCHECKED.say(lang)})"
    words = (
        item.code,
        office.law.label(item.key).say(lang),
        Text("hạn {day}", "due {day}").say(lang, day=item.due_on),
        say_left(left, item.limit_unit).say(lang),
        Text("đang ở bước «{step}»", "at step “{step}”").say(lang, step=STEP_LABELS[item.step]),
        Text("cần làm: {who}", "to act: {who}").say(lang, who=actor(item.key, item.step)),
        Text("căn cứ: {ground}", "ground: {ground}").say(lang, ground=ground),
    )
    return Line(
        f"{unit.name} ({unit.code})", ((item.due_on - day).days, item.due_on), item.code, item.due_on < day, words
    )


def _case_line(office: Office, item: CaseItem, unit: UnitName) -> Line:
    lang = office.lang
    indicator = office.settings.indicators.get(item.indicator)
    words = (
        f"case:{item.case_id}",
        Text("chậm chỉ tiêu «{label}» kỳ {period}", "behind on “{label}” in {period}").say(
            lang, label=indicator.label if indicator else item.indicator, period=item.period
        ),
        *case_figures(office, item),
        escalation.LABELS[item.step].say(lang) if item.step in escalation.LABELS else item.step,
        *case_asks(item, lang),
    )
    return Line(f"{unit.name} ({unit.code})", (0, item.due_on), unit.code, False, words)


def case_figures(office: Office, item: CaseItem) -> list[str]:
    """What the unit has done, what its pace asked for on the day of the rung, who is on the way."""
    lang, figures = office.lang, item.figures
    actual, floor = Fraction(figures.get("actual", item.actual)), Fraction(figures.get("floor", item.floor))
    percent, printing = pace.percent_of(actual, floor), office.settings.percent
    printed = None if percent is None else pace.print_percent(percent, printing.decimals, printing.rounding)
    words = [pace.print_attainment(actual, floor, None, printed)]
    if "expected" in figures:
        expected = Fraction(figures["expected"])
        words.append(
            Text(
                "đến {day} theo tiến độ phải đạt {expected}, còn thiếu {lacking}",
                "by {day} the pace asks for {expected}, {lacking} are lacking",
            ).say(
                lang,
                day=item.due_on,
                expected=pace.print_number(expected),
                lacking=pace.print_number(max(expected - actual, Fraction(0))),
            )
        )
    if "people" in figures:
        words.append(Text("{n} người đang trên đường", "{n} on the way").say(lang, n=figures["people"]))
    return words


def case_asks(item: CaseItem, lang: str) -> list[str]:
    """What must be done: by the status the unit had, and by who is told."""
    status = item.figures.get("status", item.status)
    asks = [text.say(lang) for text in (escalation.REMEDY.get(status), escalation.ASKED.get(item.step)) if text]
    return [Text("cần làm: {what}", "to do: {what}").say(lang, what="; ".join(asks))] if asks else []


def standing_line(office: Office, day: date, item: StandingItem, unit: UnitName) -> Line:
    """A silent unit, or a duty that is owed."""
    lang = office.lang
    place, left = f"{unit.name} ({unit.code})", (item.due_on - day).days
    kind, _, rest = item.subject.partition(":")
    code, _, period = rest.rpartition(":")
    period_label = parse_period(period, office.terms).label(lang)
    if kind == "silent":
        words = (
            Text("đơn vị im lặng ({period})", "silent unit ({period})").say(lang, period=period_label),
            Text(
                "không có bước nào, số liệu nào, cả ở đơn vị trực thuộc, trong {months} tháng qua",
                "no entry and no figure, from below either, for {months} months",
            ).say(lang, months=3 * office.settings.silent_units.quarters),
            Text("cần làm: kiểm tra, yêu cầu đơn vị báo cáo", "to do: look into it and ask the unit to report").say(
                lang
            ),
        )
        return Line(place, (0, item.due_on), unit.code, False, words)
    duty = office.settings.duties.get(code.partition(":")[0])
    in_working_days = duty is not None and isinstance(duty.due, int)
    unit_of_days = "working_days" if in_working_days else "months"
    words = (
        Text("{label}, {period}", "{label}, {period}").say(
            lang, label=duty.label if duty else code.partition(":")[0], period=period_label
        ),
        Text("hạn {day}", "due {day}").say(lang, day=item.due_on),
        say_left(days_left(item.due_on, unit_of_days, day, office.calendar), unit_of_days).say(lang),
    )
    return Line(place, (left, item.due_on), unit.code, left < 0, words)


def _opening(said: Digest) -> str:
    text = Text(
        "Kính gửi đồng chí,\n\nNgày {day} có {n} việc đến hạn hoặc cần theo dõi, việc gấp nhất ghi trước:",
        "Dear comrade,\n\nOn {day} there are {n} items due or to be watched, the most urgent first:",
    )
    return text.say(said.lang, day=said.day, n=len(said.lines))


def _ending(said: Digest) -> str:
    return Text(
        "Xem căn cứ và cách tính từng ngày: ketnap why MÃ.\nThư tự động, không trả lời thư này.",
        "For the ground and how each day is reckoned: ketnap why CODE.\nSent automatically; please do not reply.",
    ).say(said.lang)


def _html(said: Digest) -> str:
    parts = [f"<p>{row}</p>" for row in escape(_opening(said)).split("\n\n")]
    for unit, lines in said.units:
        parts.append(f"<h3>{escape(unit)}</h3>\n<ul>")
        for line in lines:
            first, *rest = (escape(word) for word in line.words)
            parts.append(f"<li><b>{first}</b> · {' · '.join(rest)}</li>")
        parts.append("</ul>")
    parts.append(f"<p>{escape(_ending(said)).replace(chr(10), '<br>')}</p>")
    return f'<!DOCTYPE html>\n<html lang="{said.lang}"><body>\n' + "\n".join(parts) + "\n</body></html>\n"


def is_mail_address(text: str) -> bool:
    """Whether a letter can be addressed to it as it is."""
    name, _, host = text.partition("@")
    return bool(name) and "." in host and text.isascii() and not any(c.isspace() or c in '<>,;:"()[]' for c in text)
