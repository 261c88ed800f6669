"""Lịch và quy định: limits in force with their sources, what changed when, the calendar; a limit confirmed or set otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from console.desk.page import SIGNED_IN, Form, Page, asked_of, page, whole_number
from console.desk.words import t, to
from procedures import law
from procedures.access import require_whole
from procedures.confirm_limit import (
    STATUSES,
    Proposal,
    confirm_limit,
    preview_ruling,
    preview_withdrawal,
    read_proposal,
    withdraw_ruling,
)
from procedures.limit import limit
from procedures.office import Office
from states.calendar import FIRST_YEAR, LAST_YEAR, parse_day
from states.errors import BadInput, KetnapError
from states.wording import Text

BAD_YEAR = Text("Năm phải là số từ {first} đến {last}.", "The year must be a number from {first} to {last}.")
FIELDS = ("value", "since", "status", "cite", "reason")


class LawPage(Page):
    """The law by day, and the one place at the desk where it is ruled."""

    path = "/quy-dinh"
    needs = SIGNED_IN
    label = Text("Lịch và quy định", "Calendar and rules")
    icon = "fa-solid fa-scale-balanced"

    @page()
    def in_force(self, request: Request, office: Office) -> Response:
        day = _day(request, "ngay", office.today)
        return self.render(request, "desk/law.html", law=law.law_on(office, day))

    @page("/tra-cuu")
    def look_up(self, request: Request, office: Office) -> Response:
        asked = asked_of(request, "khoa", "tu")
        choices = [(key, office.law.label(key).say(office.lang)) for key in office.law.keys()]  # noqa: SIM118
        told: dict[str, Any] = {"asked": asked, "choices": choices, "found": None}
        if not asked["khoa"] or not asked["tu"]:
            return self.render(request, "desk/law_look_up.html", **told)
        try:
            found = limit(office, asked["khoa"], parse_day(asked["tu"]))
        except KetnapError as error:
            return self.again(request, "desk/law_look_up.html", error, **told)
        words = law.value_words(office, found["key"], found["value"])
        return self.render(request, "desk/law_look_up.html", **(told | {"found": found | {"words": words}}))

    @page("/muc")
    def rule(self, request: Request, office: Office) -> Response:
        return self.render(request, "desk/law_rule.html", rule=law.history(office, self.asked(request, "khoa")))

    @page("/thay-doi")
    def changes(self, request: Request, office: Office) -> Response:
        last = _day(request, "den", office.today)
        usual = max((one.since for one in office.law.profiles if one.since <= last), default=last)
        first = _day(request, "tu", date.fromordinal(usual.toordinal() - 1))
        return self.render(request, "desk/law_changes.html", told=law.changes(office, first, last))

    @page("/lich")
    def calendar(self, request: Request, office: Office) -> Response:
        asked = request.query_params.get("nam", "").strip() or str(office.today.year)
        if not (asked.isascii() and asked.isdecimal()) or not FIRST_YEAR < int(asked[:5]) < LAST_YEAR:
            raise BadInput(BAD_YEAR, first=FIRST_YEAR + 1, last=LAST_YEAR - 1)
        return self.render(request, "desk/law_calendar.html", told=law.calendar_year(office, int(asked)))

    # Ruling ------------------------------------------------------------------------------------------------------

    @page("/xac-nhan", needs="confirm_law")
    def form(self, request: Request, office: Office) -> Response:
        require_whole(office, "confirm_law")
        key = self.asked(request, "khoa")
        now = office.law.limit(key, _day(request, "tu", office.today))
        typed = {
            "value": "" if now.value is None else str(now.value), "since": now.since.isoformat(), "cite": now.citation,
            "status": "", "reason": "",
        }  # fmt: skip
        return self._form(request, office, key, typed)

    @page("/xac-nhan", needs="confirm_law", methods=["POST"])
    def rule_it(self, request: Request, office: Office, form: Form) -> Response:
        key, typed = form.get("khoa"), {name: form.get(name) for name in FIELDS}
        try:
            proposal = read_proposal(
                office, key, typed["value"], typed["since"], typed["status"], typed["cite"], typed["reason"]
            )
            if not form.get("ghi"):
                return self._form(request, office, key, typed, told=preview_ruling(office, proposal))
            done = confirm_limit(office, proposal, latest=whole_number(form.get("thay")))
        except KetnapError as error:
            return self.again(request, "desk/law_confirm.html", error, **self._shown(office, key, typed))
        return self.done(request, _recorded(proposal, done), to(f"{self.path}/muc", khoa=key))

    @page("/rut-lai", needs="confirm_law")
    def withdrawal(self, request: Request, office: Office) -> Response:
        key, number = self.asked(request, "khoa"), whole_number(self.asked(request, "so")) or 0
        told = preview_withdrawal(office, key, number)
        return self.render(request, "desk/law_withdraw.html", told=told, number=number, typed={})

    @page("/rut-lai", needs="confirm_law", methods=["POST"])
    def withdraw(self, request: Request, office: Office, form: Form) -> Response:
        key, number, reason = form.get("khoa"), whole_number(form.get("so")) or 0, form.get("reason")
        try:
            done = withdraw_ruling(office, key, number, reason, latest=whole_number(form.get("thay")))
        except BadInput as error:
            told = preview_withdrawal(office, key, number)
            return self.again(
                request, "desk/law_withdraw.html", error, told=told, number=number, typed={"reason": reason}
            )
        message = t("Đã rút lại xác nhận; {n} hạn dời theo.", "Taken back; {n} due days moved.", n=done["moved"])
        return self.done(request, message, to(f"{self.path}/muc", khoa=key))

    def _form(
        self, request: Request, office: Office, key: str, typed: dict[str, str], told: dict[str, Any] | None = None
    ) -> Response:
        return self.render(request, "desk/law_confirm.html", **self._shown(office, key, typed, told))

    def _shown(
        self, office: Office, key: str, typed: dict[str, str], told: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        known = key in office.law.keys()  # noqa: SIM118
        return {
            "key": key,
            "label": office.law.label(key).say(office.lang) if known else key,
            "unit": office.law.limit(key, office.today).unit if known else "times",
            "typed": typed,
            "told": told,
            "statuses": STATUSES,
        }


def _recorded(proposal: Proposal, done: dict[str, Any]) -> str:
    return t(
        "Đã ghi xác nhận từ ngày {since}: {moved} hạn dời ngày, {restated} hạn ghi lại căn cứ.",
        "Recorded from {since}: {moved} due days moved, {restated} restated.",
        since=proposal.since, moved=done["moved"], restated=done["restated"],
    )  # fmt: skip


def _day(request: Request, name: str, usual: date) -> date:
    asked = request.query_params.get(name, "").strip()
    return parse_day(asked) if asked else usual


PAGES = [LawPage]
