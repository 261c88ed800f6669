"""Leo thang: the cases of units that are behind, one with its story, and what an officer does about it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from console.desk.pace_chart import rounded
from console.desk.page import Form, Page, asked_of, page, page_number, whole_number
from console.desk.words import t, to
from procedures.case_acts import acknowledge_case, case_number, close_case, silence_case
from procedures.case_board import OPEN, case_board, case_page
from procedures.office import Office
from states.calendar import parse_day
from states.errors import BadInput, KetnapError
from states.wording import Text

NO_DAY = Text("Xin ghi ngày hẹn.", "Please give the day.")


class CasesPage(Page):
    """Cases of the account's units."""

    path = "/leo-thang"
    needs = "see_figures"
    label = Text("Leo thang", "Escalation")
    icon = "fa-solid fa-stairs"

    @page()
    def all(self, request: Request, office: Office) -> Response:
        asked = asked_of(request, "nhom", "don_vi", "buoc", "chi_so")
        board = case_board(
            office, state=asked["nhom"] or OPEN, unit=asked["don_vi"] or None, step=asked["buoc"] or None,
            indicator=asked["chi_so"] or None, page=page_number(request),
        )  # fmt: skip
        kept = {name: value for name, value in asked.items() if value}
        return self.render(
            request, "desk/cases.html", board=board, asked=asked,
            page_link=lambda number: to(self.path, **kept, trang=number),
            state_link=lambda state: to(self.path, nhom=state if state != OPEN else None, don_vi=asked["don_vi"]),
        )  # fmt: skip

    @page("/vu-viec")
    def one(self, request: Request, office: Office) -> Response:
        return self._show(request, office, self.asked(request, "so"))

    @page("/cam-ket", needs="act_on_case", methods=["POST"])
    def acknowledge(self, request: Request, office: Office, form: Form) -> Response:
        said = t("Đã ghi cam kết của đơn vị.", "The unit's commitment was recorded.")
        return self._act(request, office, form, "acknowledge", said)

    @page("/tam-dung", needs="act_on_case", methods=["POST"])
    def silence(self, request: Request, office: Office, form: Form) -> Response:
        return self._act(request, office, form, "silence", t("Đã tạm dừng đôn đốc.", "The case was silenced."))

    @page("/dong", needs="act_on_case", methods=["POST"])
    def close(self, request: Request, office: Office, form: Form) -> Response:
        return self._act(request, office, form, "close_by_hand", t("Đã đóng vụ việc.", "The case was closed."))

    def _act(self, request: Request, office: Office, form: Form, act: str, said: str) -> Response:
        """The act with the day and words given, held against the version the officer saw."""
        number, typed = self.asked(request, "so"), form.texts()
        version = whole_number(typed.get("version", ""))
        try:
            if act == "close_by_hand":
                close_case(office, number, typed.get("text", ""), version)
            else:
                if not typed.get("until"):
                    raise BadInput(NO_DAY)
                does = acknowledge_case if act == "acknowledge" else silence_case
                does(office, number, typed.get("text", ""), parse_day(typed["until"]), version)
        except KetnapError as error:
            if error.kind in ("unknown", "forbidden"):
                raise
            return self._show(request, office, number, error, act, typed)
        return self.done(request, said, to("/leo-thang/vu-viec", so=case_number(number)))

    def _show(
        self, request: Request, office: Office, number: str, error: KetnapError | None = None, act: str = "",
        typed: dict[str, str] | None = None,
    ) -> Response:  # fmt: skip
        case = case_page(office, case_number(number))
        shown: dict[str, Any] = {
            "case": case, "opened_act": act, "typed": typed or {}, "rounded": rounded, "act_forms": act_forms(),
        }  # fmt: skip
        if error is not None:
            return self.again(request, "desk/case.html", error, **shown)
        return self.render(request, "desk/case.html", **shown)


def act_forms() -> dict[str, dict[str, str]]:
    """Where each act of a case is sent, and the words of what it asks."""
    reason = t("Lý do", "Reason")
    return {
        "acknowledge": {
            "address": "/leo-thang/cam-ket",
            "until": t("Đơn vị hẹn xong ngày", "Promised by"),
            "text": t("Nội dung cam kết", "What is promised"),
            "help": t(
                "Đến hết ngày hẹn, vụ việc không lên bậc. Cam kết mới thay cam kết cũ.",
                "Through that day the case does not climb. A new commitment replaces the one before.",
            ),
        },
        "silence": {
            "address": "/leo-thang/tam-dung",
            "until": t("Tạm dừng đến hết ngày", "Silence through"),
            "text": reason,
            "help": t("Không báo ai, không lên bậc; tự hết.", "Nobody is told, it does not climb; ends by itself."),
        },
        "close_by_hand": {
            "address": "/leo-thang/dong",
            "text": reason,
            "help": t(
                "Vụ việc tự đóng khi đơn vị kịp tiến độ; chỉ đóng tay khi có lý do.",
                "A case closes by itself when the unit catches up; close it by hand for a reason only.",
            ),
        },
    }


PAGES = [CasesPage]
