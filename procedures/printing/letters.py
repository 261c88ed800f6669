"""A unit's letter: what is due and what it is behind on, in polite form, for the head of the body above to sign."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from procedures.printing.letterhead import PARTY, letterhead
from procedures.printing.paper import CENTER, Paper
from procedures.printing.sections import day_of
from procedures.printing.words import period_label
from states.pace import print_attainment, print_percent
from states.reminders import say_left
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office
    from procedures.paper_letters import UnitLetter


def print_letter(office: Office, letter: UnitLetter) -> bytes:
    """The letter as a .docx; names of people stand in it, for it stays on paper inside the office."""
    lang, today = office.lang, office.today
    copies = (Text("Như kính gửi", "As addressed").say(lang), Text("Lưu văn thư", "File").say(lang))
    head = replace(letterhead(office, letter.sender, today), copies=copies)
    subject = Text("Về những việc đến hạn và chỉ tiêu cần đẩy nhanh", "On what is due and what is behind").say(lang)
    paper = Paper(f"{subject} · {letter.unit.code}", today, lang)
    paper.head(head, "TB", today)
    paper.title(Text("THÔNG BÁO", "NOTICE").say(lang), [subject])
    for line in _addressed(office, letter):
        paper.line(line, CENTER, after=2)
    paper.line("", size=8)
    opening = Text(
        "{sender} trân trọng thông báo tới các đồng chí những việc sau đây của {unit}, tính đến ngày {day}:",
        "{sender} respectfully draws your attention to the following of {unit}, as of {day}:",
    )
    paper.body(opening.say(lang, sender=head.issuer, unit=letter.unit.name, day=today))
    if letter.items:
        paper.heading(Text("Việc đến hạn hoặc quá hạn", "Due or overdue").say(lang))
        _items(paper, letter, lang)
    if letter.cases:
        paper.heading(Text("Chỉ tiêu chậm tiến độ", "Targets behind their pace").say(lang))
        _cases(paper, office, letter)
    asked = Text(
        "Đề nghị các đồng chí quan tâm chỉ đạo thực hiện đúng hạn và báo lại kết quả. Việc nào đã làm xong, "
        "xin báo ngay để cập nhật sổ theo dõi. Trân trọng cảm ơn các đồng chí.",
        "Please see that these are done in time and report back. Of what is done already, please tell us at once so "
        "that our records can be brought up to date. With thanks.",
    )
    paper.body(asked.say(lang))
    paper.foot(head)
    return paper.content()


def _addressed(office: Office, letter: UnitLetter) -> list[str]:
    """ "Kính gửi: Đồng chí Nguyễn Văn A, Bí thư", a line a person; the unit's secretary where nobody is named."""
    lang, roles = office.lang, office.settings.roles
    to = Text("Kính gửi: ", "To: ").say(lang)
    if not letter.recipients:
        nobody = Text("Đồng chí Bí thư hoặc người phụ trách {unit}", "The secretary or head of {unit}")
        if letterhead(office, letter.unit.code, office.today).form != PARTY:
            nobody = Text("Đồng chí phụ trách {unit}", "The head of {unit}")
        return [to + nobody.say(lang, unit=letter.unit.name)]
    named = Text("Đồng chí {name}, {role} {unit}", "Comrade {name}, {role} of {unit}")
    lines = [
        named.say(lang, name=name, role=roles.get(role, role), unit=letter.unit.name)
        for role, name in letter.recipients
    ]
    return [to + lines[0], *lines[1:]]


def _items(paper: Paper, letter: UnitLetter, lang: str) -> None:
    heads = (
        Text("TT", "No"), Text("Người", "Person"), Text("Việc", "What"), Text("Hạn", "Due"), Text("Còn", "Left"),
        Text("Căn cứ", "Ground"),
    )  # fmt: skip
    rows = []
    for number, item in enumerate(letter.items, 1):
        code = str(item.get("code") or "")
        person = f"{letter.names[code]} ({code})" if code in letter.names else code
        left = item.get("days_left")
        unit = "months" if item.get("days_unit") == "calendar_days" else "working_days"
        said = "" if left is None else say_left(left, unit).say(lang)
        rows.append(
            [str(number), person, str(item["label"]), day_of(item["due_on"], lang), said, str(item.get("ground") or "")]
        )
    paper.table([head.say(lang) for head in heads], [10, 38, 46, 24, 22, 25], rows, centre=[0, 3, 4])


def _cases(paper: Paper, office: Office, letter: UnitLetter) -> None:
    lang, printing = office.lang, office.settings.percent
    heads = (
        Text("TT", "No"), Text("Chỉ tiêu", "Target"), Text("Kỳ", "Period"), Text("Kết quả", "Result"),
        Text("Tình trạng", "Status"), Text("Mã vụ việc", "Case"),
    )  # fmt: skip
    rows = []
    for number, case in enumerate(letter.cases, 1):
        indicator = office.settings.indicators.get(case["indicator"])
        percent = case.get("percent")
        printed = None if percent is None else print_percent(percent, printing.decimals, printing.rounding)
        rows.append(
            [
                str(number),
                indicator.label if indicator else case["indicator"],
                period_label(office, case["period"]),
                print_attainment(case["actual"], case["floor"], None, printed),
                case["status_label"],
                f"case:{case['case']}",
            ]
        )
    paper.table([head.say(lang) for head in heads], [10, 52, 30, 32, 23, 18], rows, centre=[0, 3, 4, 5])
