"""Nhật ký truy cập: who looked at whose data; and what a person may ask: erasure, and all that is held on them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from console.desk.page import Form, Page, asked_of, download, page, page_number
from console.desk.words import t, to
from procedures.access_log import ACTIONS, list_access
from procedures.erase import erase, list_due
from procedures.issue_access_log import issue_access_log
from procedures.office import Office
from procedures.person_data import person_data, write_person_data
from procedures.show import show_candidate
from states.calendar import parse_day
from states.errors import BadInput, KetnapError, Refused
from states.wording import Text

KINDS = ("xlsx", "json")
SHOWN = 200  # people due of one page; the longest ago come first, and leave it once erased
CONFIRM = Text("Để xác nhận, xin gõ lại đúng mã {code}.", "To confirm, type the code {code} once more.")
NO_KIND = Text("Xin chọn dạng tệp .xlsx hoặc .json.", "Choose .xlsx or .json.")


class AccessLogPage(Page):
    """Every opening of a person's page, every export, every sign-in."""

    path = "/nhat-ky-truy-cap"
    needs = "see_access_log"
    label = Text("Nhật ký truy cập", "Access log")
    icon = "fa-solid fa-user-shield"

    @page()
    def all(self, request: Request, office: Office) -> Response:
        asked = _asked(request)
        told: dict[str, Any] = {"asked": asked, "actions": ACTIONS, "log": None}
        try:
            log = list_access(office, **_filters(asked), page=page_number(request))
        except KetnapError as error:
            return self.again(request, "desk/access_log.html", error, **told)

        def link(number: int) -> str:
            return to(self.path, **asked, trang=number)

        pager = {"number": log["page"], "pages": log["pages"], "total": log["total"]}
        return self.render(request, "desk/access_log.html", **(told | {"log": log, "pager": pager, "link": link}))

    @page("/xuat", methods=["POST"])
    def export(self, request: Request, office: Office, form: Form) -> Response:
        asked = {name: form.get(name) for name in NAMES}
        try:
            name, content = issue_access_log(office, **_filters(asked))
        except KetnapError as error:
            return self.again(request, "desk/access_log.html", error, asked=asked, actions=ACTIONS, log=None)
        return download(name, content)


class ErasurePage(Page):
    """Whose data is due to go, and taking one person's out for good."""

    path = "/nguoi/xoa"
    needs = "erase"

    @page()
    def ask(self, request: Request, office: Office) -> Response:
        code = request.query_params.get("ma", "").strip()
        if not code:
            return self.render(request, "desk/erasures.html", due=list_due(office), most=SHOWN)
        return self._ask(request, office, code)

    @page(methods=["POST"])
    def erase(self, request: Request, office: Office, form: Form) -> Response:
        code, typed = form.get("ma"), form.texts()
        try:
            if form.get("xac_nhan") != code:
                raise BadInput(CONFIRM, code=code)
            done = erase(office, code, form.get("ly_do"), requested=form.get("don") or None)
        except (BadInput, Refused) as error:
            return self._ask(request, office, code, typed=typed, error=error)
        return self.render(request, "desk/erased.html", done=done)

    def _ask(
        self, request: Request, office: Office, code: str, *, typed: dict[str, str] | None = None,
        error: KetnapError | None = None,
    ) -> Response:  # fmt: skip
        """The form with what would go and what stays; where rules stand against it, with those."""
        shown, preview = show_candidate(office, code), None
        try:
            requested = (typed or {}).get("don") or None
            preview = erase(office, code, t("xem trước", "preview"), requested=requested, preview=True)
        except Refused as refused:
            error = error or refused
        context: dict[str, Any] = {"person": shown, "preview": preview, "typed": typed or {}}
        if error is None:
            return self.render(request, "desk/erase.html", **context)
        return self.again(request, "desk/erase.html", error, **context)


class PersonDataPage(Page):
    """All that is held on one person, as a file for that person."""

    path = "/nguoi/du-lieu"
    needs = "erase"

    @page()
    def ask(self, request: Request, office: Office) -> Response:
        shown = show_candidate(office, self.asked(request, "ma"))
        return self.render(request, "desk/person_data.html", person=shown, typed={})

    @page(methods=["POST"])
    def issue(self, request: Request, office: Office, form: Form) -> Response:
        code, kind = form.get("ma"), form.get("dang", "xlsx")
        try:
            if kind not in KINDS:
                raise BadInput(NO_KIND)
            data = person_data(office, code, why=form.get("ly_do") or None)
        except BadInput as error:
            shown = show_candidate(office, code)
            return self.again(request, "desk/person_data.html", error, person=shown, typed=form.texts())
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"du-lieu.{kind}"
            write_person_data(office, data, path)
            return download(f"du-lieu-{code}.{kind}", path.read_bytes())


NAMES = ("tai-khoan", "cua", "viec", "don-vi", "tu", "den")


def _asked(request: Request) -> dict[str, str]:
    return asked_of(request, *NAMES)


def _filters(asked: dict[str, str]) -> dict[str, Any]:
    return {
        "account": asked["tai-khoan"] or None,
        "subject": asked["cua"] or None,
        "action": asked["viec"] or None,
        "unit": asked["don-vi"] or None,
        "since": parse_day(asked["tu"]) if asked["tu"] else None,
        "until": parse_day(asked["den"]) if asked["den"] else None,
    }


PAGES = (AccessLogPage, ErasurePage, PersonDataPage)
