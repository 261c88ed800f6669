"""Hôm nay: what must be done, by legal due day, with the button that does it; and how the office stands beside it."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from starlette.requests import Request
from starlette.responses import Response

from console.desk.page import Page, asked_of, page, page_number
from console.desk.people_link import people_where
from console.desk.status import job_rows
from console.desk.words import to
from procedures.office import Office
from procedures.today import BANDS, DAYS, MINE, today
from procedures.today_cards import list_gaps, today_cards
from states.aftermath import CERTIFICATE
from states.steps import ON_THE_WAY
from states.wording import Text


class TodayPage(Page):
    """The first page."""

    path = "/"
    needs = "see_figures"
    label = Text("Hôm nay", "Today")
    icon = "fa-solid fa-calendar-day"

    @page("")
    def show(self, request: Request, office: Office) -> Response:
        asked = asked_of(request, "don_vi", "viec", "han", "khi")
        found = today(
            office, unit=asked["don_vi"] or None, mine=asked["viec"] == MINE, clock=asked["han"] or None,
            days=asked["khi"] or None, page=page_number(request),
        )  # fmt: skip
        kept = {name: value for name, value in asked.items() if value}
        jobs, last_good = job_rows(office)
        return self.render(
            request, "desk/today.html", today=found, cards=today_cards(office, None if any(kept.values()) else found), asked=asked, bands=BANDS,
            groups=[(near, list(some)) for near, some in groupby(found["items"], key=itemgetter("band"))],
            jobs=jobs, last_good=last_good, page_link=lambda number: to("/", **kept, trang=number), mine=MINE,
            days=[(word, words) for word, (words, _, _) in DAYS.items()],
            days_links={word: to("/", **(kept | {"khi": word})) for word in DAYS},
            certificate_links={word: to("/", han=CERTIFICATE, khi=word) for word in DAYS},
            people_link=lambda step: people_where(("step", "in", step)),
            way_link=people_where(("stage", "in", ON_THE_WAY)),
        )  # fmt: skip


class GapsPage(Page):
    """What is not known of people and ought to be."""

    path = "/thieu-du-lieu"
    needs = "see_people"
    title_text = Text("Dữ liệu còn thiếu", "Data gaps")

    def title(self, request: Request) -> str:
        return self.title_text.say()

    @page("")
    def show(self, request: Request, office: Office) -> Response:
        asked = asked_of(request, "don_vi", "thieu")
        found = list_gaps(office, unit=asked["don_vi"] or None, what=asked["thieu"] or None, page=page_number(request))
        kept = {name: value for name, value in asked.items() if value}
        return self.render(
            request, "desk/gaps.html", gaps=found, asked=asked, link=lambda **other: to(self.path, **(kept | other)),
            page_link=lambda number: to(self.path, **kept, trang=number),
        )  # fmt: skip


PAGES = (TodayPage, GapsPage)
