"""Thông báo: who was told what, when and why; letters, those that did not go out, and sending now."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from console.desk.page import Form, Page, asked_of, page, page_number
from console.desk.words import t, to
from console.job_words import counts
from procedures.deliver import deliver
from procedures.notice_board import LETTER_STATES, letter_board, notice_board
from procedures.notices import STATES
from procedures.office import Office
from procedures.why import why
from states.calendar import parse_day
from states.errors import KetnapError
from states.wording import Text


class NoticesPage(Page):
    """The ledger of reminders and the letters they went in."""

    path = "/thong-bao"
    needs = "see_figures"
    label = Text("Thông báo", "Notices")
    icon = "fa-solid fa-envelope"

    @page()
    def ledger(self, request: Request, office: Office) -> Response:
        asked = asked_of(request, "don-vi", "trang-thai", "nguoi-nhan", "tu", "den")
        told: dict[str, Any] = {"asked": asked, "words": STATES, "board": None}
        try:
            board = notice_board(
                office, unit=asked["don-vi"] or None, state=asked["trang-thai"] or None,
                recipient=asked["nguoi-nhan"] or None, first=_day(asked["tu"]), last=_day(asked["den"]),
                number=page_number(request),
            )  # fmt: skip
        except KetnapError as error:
            return self.again(request, "desk/notices.html", error, **told)

        def link(number: int) -> str:
            return to(self.path, **asked, trang=number)

        return self.render(request, "desk/notices.html", **(told | {"board": board, "link": link}))

    @page("/vi-sao")
    def reason(self, request: Request, office: Office) -> Response:
        told = why(office, f"notice:{self.asked(request, 'so')}")
        return self.render(request, "desk/notice.html", told=told, lines=told["explanation"])

    @page("/thu", needs="run_jobs")
    def letters(self, request: Request, office: Office) -> Response:
        return self.render(request, "desk/letters.html", **self._letters(request, office))

    @page("/gui", needs="run_jobs", methods=["POST"])
    def send(self, request: Request, office: Office, form: Form) -> Response:
        try:
            result = deliver(office)
        except KetnapError as error:
            return self.again(request, "desk/letters.html", error, **self._letters(request, office))
        return self.done(
            request, t("Đã gửi thư: ", "Letters: ") + counts(office.lang, result) + ".", f"{self.path}/thu"
        )

    def _letters(self, request: Request, office: Office) -> dict[str, Any]:
        asked = asked_of(request, "trang-thai")
        board = letter_board(office, asked["trang-thai"] or None, page_number(request))

        def link(number: int) -> str:
            return to(f"{self.path}/thu", **asked, trang=number)

        return {"board": board, "asked": asked, "words": LETTER_STATES, "link": link}


def _day(value: str) -> date | None:
    return parse_day(value) if value else None


PAGES = [NoticesPage]
