"""Kỳ báo cáo: a unit's report of a period on every side, as a file, down to the people, closed and what moved since."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from console.desk.page import Form, Page, asked_of, download, page, page_number, whole_number
from console.desk.units import chosen_period
from console.desk.words import t, to, without_command
from procedures.access_log import record
from procedures.bridge import bridge
from procedures.close_period import close_period
from procedures.closings import closing_acts, closing_state, list_closings, show_version
from procedures.indicators import breakdowns_of, indicators_of
from procedures.issue_report import figure_people, issue_report
from procedures.office import Office
from procedures.printing.sections import all_beside, breakdown_title, movement_lines, telling
from procedures.printing.words import below, standing
from procedures.report import report
from procedures.unit_tree import periods_to_choose, top_codes
from states.closing import closed_line
from states.errors import BadInput
from states.wording import Text

BESIDE = {
    "cung_ky": Text("cùng kỳ năm trước", "the same period a year before"),
    "nhiem_ky": Text("nhiệm kỳ đến nay", "the term so far"),
}
NO_UNIT = Text("Xin chọn đơn vị.", "Please choose a unit.")
NO_ACT = Text("Không có việc «{act}» với kỳ báo cáo.", "There is no act {act!r} with a period.")
NO_VERSION = Text("Bản chốt «{version}» không phải là số.", "The version {version!r} is no number.")


class PeriodsPage(Page):
    """Reports of the account's units."""

    path = "/ky-bao-cao"
    needs = "see_figures"
    label = Text("Kỳ báo cáo", "Reports")
    icon = "fa-solid fa-file-lines"

    @page()
    def show(self, request: Request, office: Office) -> Response:
        asked = self._asked(request, office)
        if not asked["don_vi"]:
            return self.render(request, "desk/report_none.html", **self._choices(office, asked))
        try:
            result = report(office, asked["don_vi"], asked["ky"], **options(asked))
        except BadInput as error:
            return self.again(request, "desk/report_none.html", error, **self._choices(office, asked))
        return self._page(request, office, asked, result)

    def _page(
        self, request: Request, office: Office, asked: dict[str, Any], result: dict[str, Any], **more: Any
    ) -> Response:
        unit, period, lang = result["unit"], result["period"], office.lang
        kept = {name: value for name, value in asked.items() if value and name not in ("don_vi", "ky")}
        return self.render(
            request, "desk/report.html", status=more.pop("status", 200), result=result, rows=telling(result),
            others=len(result["rows"]) - len(telling(result)), beside=all_beside(result),
            notable=standing(office, result), notable_below=below(office, result), columns=columns(result),
            breakdowns=by_indicator(result, lang),
            movement=movement_lines(result["movement"], lang) if result.get("movement") else [],
            counted=counted(office), closed_words=closed_line(result["closed"], lang) if result.get("closed") else "",
            state=closing_state(office, [unit], period)[unit], acts=closing_acts(office, unit, period),
            history=list_closings(office, unit, period)["items"],
            file_link=lambda form, version=None: to(
                f"{self.path}/tai", don_vi=unit, ky=period, dang=form, ban=version, **({} if version else kept)
            ),
            **self._choices(office, asked), **{"typed": {}, "act": "", **more},
        )  # fmt: skip

    @page("/tai")
    def download(self, request: Request, office: Office) -> Response:
        asked = self._asked(request, office)
        unit, period = self.asked(request, "don_vi"), self.asked(request, "ky")
        form, version = self.asked(request, "dang"), self._version(request)
        more = {} if version else options(asked)
        name, content = issue_report(office, unit, period, form, version=version, **more)
        return download(name, content)

    @page("/nguoi", needs="see_people")
    def people(self, request: Request, office: Office) -> Response:
        unit, period, indicator = (self.asked(request, name) for name in ("don_vi", "ky", "chi_so"))
        found = figure_people(office, unit, period, indicator, page=page_number(request))
        return self.render(
            request, "desk/report_people.html", **{"found": found},
            page_link=lambda number: to(f"{self.path}/nguoi", don_vi=unit, ky=period, chi_so=indicator, trang=number),
        )  # fmt: skip

    @page("/ban", needs="see_people")
    def version(self, request: Request, office: Office) -> Response:
        unit, period = self.asked(request, "don_vi"), self.asked(request, "ky")
        result = show_version(office, unit, period, self._version(request))
        self._opened(office, "closing", result)
        return self._page(request, office, {"don_vi": unit, "ky": period}, result, shown_version=True)

    @page("/cau-noi", needs="see_people")
    def moved(self, request: Request, office: Office) -> Response:
        result = bridge(office, self.asked(request, "don_vi"), self.asked(request, "ky"))
        self._opened(office, "bridge", result)
        return self.render(
            request, "desk/report_bridge.html", result=result, closed_words=closed_line(result, office.lang),
            rows=[row for row in result["rows"] if row["difference"] or row["entries"] or not row["reconciles"]],
        )  # fmt: skip

    def _opened(self, office: Office, what: str, result: dict[str, Any]) -> None:
        """Say in the access log that what stands behind closed figures was looked at."""
        detail = {"period": result["period"], "version": result.get("closed", result)["version"]}
        record(office, "open_figure", subject=what, unit=result["unit"], detail=detail)

    @page("/chot", needs="close_period", methods=["POST"])
    def close(self, request: Request, office: Office, form: Form) -> Response:
        unit, period, typed = self.asked(request, "don_vi"), self.asked(request, "ky"), form.texts()
        act = typed.get("act", "")
        steps: dict[str, dict[str, Any]] = {
            "prepare": {"prepare": True}, "accept": {"accept": True, "signer": typed.get("signer") or None},
            "reopen": {"reopen": True, "reason": typed.get("reason") or None},
        }  # fmt: skip
        if act not in steps:
            raise BadInput(NO_ACT, act=act)
        try:
            told = close_period(office, unit, period, **steps[act])
        except BadInput as error:
            said = without_command(error.say(office.lang))
            asked = self._asked(request, office)
            return self._page(
                request, office, asked, report(office, unit, period), status=400, error=said, act=act, typed=typed,
                earlier=error.values.get("earlier"),
            )  # fmt: skip
        said = {
            "prepare": t("Đã lập báo cáo để duyệt.", "The report was prepared."),
            "accept": t("Đã chốt, bản {n}.", "Closed, version {n}.", n=told["version"]),
            "reopen": t("Đã mở lại; bản đã chốt vẫn xem được.", "Reopened; what was closed can still be read."),
        }[act]
        return self.done(request, said, to(self.path, don_vi=unit, ky=period))

    # ------------------------------------------------------------------ what is asked and offered

    def _asked(self, request: Request, office: Office) -> dict[str, str]:
        asked = asked_of(request, "don_vi", "so_voi", "tinh_den", "biet_den", "co_cau", "phan_to", "bien_dong")
        tops = [] if asked["don_vi"] else top_codes(office)
        if len(tops) == 1 or (tops and office.actor.unit):
            asked["don_vi"] = tops[0]
        return asked | {"ky": chosen_period(request, office)}

    def _choices(self, office: Office, asked: dict[str, Any]) -> dict[str, Any]:
        periods = periods_to_choose(office)
        if asked["ky"] not in dict(periods):
            periods = [(asked["ky"], asked["ky"]), *periods]
        beside = [(code, text.say(office.lang)) for code, text in BESIDE.items()]
        return {
            "asked": {"so_voi": "", "tinh_den": "", "biet_den": "", "co_cau": "", "phan_to": "", "bien_dong": ""}
            | asked,
            "periods": periods,
            "beside_options": [*beside, *(one for one in periods_to_choose(office) if one[0] != asked["ky"])],
            "breakdown_options": [("all", t("tất cả", "all"))]
            + [(name, one.label) for name, one in breakdowns_of(office).items()],
            "tops": top_codes(office)[:200],
        }

    def _version(self, request: Request) -> int | None:
        written = request.query_params.get("ban", "").strip()
        if not written:
            return None
        if (number := whole_number(written)) is None:
            raise BadInput(NO_VERSION, version=written)
        return number


def options(asked: dict[str, Any]) -> dict[str, Any]:
    """What the address asks of `report`; what it does not name is left to it."""
    found: dict[str, Any] = {}
    for name, option in (
        ("so_voi", "beside"), ("tinh_den", "as_of"), ("biet_den", "as_known"), ("phan_to", "breakdown"),
    ):  # fmt: skip
        if asked.get(name):
            found[option] = asked[name]
    if asked.get("co_cau") and asked["co_cau"] != "then":
        found["structure"] = asked["co_cau"]
    if asked.get("bien_dong"):
        found["movement"] = True
    return found


def by_indicator(result: dict[str, Any], lang: str) -> list[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """(indicator, [(title, breakdown)]) of every figure that is more than nothing."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for one in result.get("breakdowns") or ():
        if one["total"]:
            found.setdefault(str(one["label"]), []).append((breakdown_title(one, lang), one))
    return list(found.items())


def columns(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The indicators that tell something of some unit right below, for the table of those units."""
    told = {
        row["indicator"]
        for child in result["children"]
        for row in child["rows"]
        if row.get("actual") or row.get("floor") is not None or row.get("suppressed")
    }
    return [row for row in result["rows"] if row["indicator"] in told]


def counted(office: Office) -> set[str]:
    """The indicators a list of people stands behind, for who may see people."""
    if not office.actor.may("see_people"):
        return set()
    return {name for name, one in indicators_of(office).items() if one.counts_people}


PAGES = [PeriodsPage]
