"""Đơn vị: the tree with its figures, one unit on every side, and what an officer changes about it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from console.desk import pace_chart
from console.desk.page import Form, Page, page, page_number, whole_number
from console.desk.people_link import people_where
from console.desk.words import t, to
from procedures.case_board import CLOSED, OPEN, case_board
from procedures.cells import CHAINS
from procedures.change_unit import KEEP, change_unit, end_unit, unit_head
from procedures.office import Office
from procedures.pace_series import pace_series
from procedures.recipients import add_recipient, list_recipients, remove_recipient
from procedures.report import report
from procedures.silent_units import list_silent_units
from procedures.unit_people import unit_people
from procedures.unit_reach import unit_reach
from procedures.unit_tree import indicators_to_show, periods_to_choose, unit_tree
from procedures.unit_words import attribute_label, say_attribute
from procedures.units import add_unit, show_unit
from procedures.workbook import UNIT_ATTRIBUTES, UNITS
from states.calendar import parse_day
from states.errors import BadInput, KetnapError
from states.periods import YEAR, period_of
from states.wording import Text

ANY_CHAIN = Text("Như cấp trên", "As the unit above")
CODE = "ma"
CASES_SHOWN = 8


def chosen_period(request: Request, office: Office) -> str:
    """The period asked for, else the year of the business day."""
    return request.query_params.get("ky", "").strip() or period_of(YEAR, office.today).code


class UnitsPage(Page):
    """Units within the account's own."""

    path = "/don-vi"
    needs = "see_figures"
    label = Text("Đơn vị", "Units")
    icon = "fa-solid fa-sitemap"

    @page()
    def all(self, request: Request, office: Office) -> Response:
        if request.query_params.get(CODE, "").strip():
            return self._one(request, office)
        asked = request.query_params
        top, words = asked.get("goc", "").strip() or None, asked.get("tim", "").strip()
        tree = unit_tree(
            office,
            asked.get("chi_so"),
            chosen_period(request, office),
            top=top,
            search=words,
            page=page_number(request),
        )
        shown = {"ky": tree["period"], "chi_so": tree["indicator"], "goc": top}
        return self.render(
            request, "desk/units.html", tree=tree, words=words, **self._choices(office, tree["period"]),
            page_link=lambda number: to(self.path, **shown, trang=number),
        )  # fmt: skip

    def _one(self, request: Request, office: Office) -> Response:
        part = request.query_params.get("phan", "so-lieu")
        show = {"to-chuc": self._structure, "nguoi-nhan": self._told}.get(part, self._figures)
        return show(request, office, self.asked(request, CODE))

    def _figures(self, request: Request, office: Office, code: str) -> Response:
        unit, period = show_unit(office, code), chosen_period(request, office)
        code = unit["code"]
        said = report(office, code, period, structure="then")
        known = {row["indicator"] for row in said["rows"] if row["floor"] is not None}
        asked = request.query_params.get("chi_so") or next((one for one in self._names(office) if one in known), None)
        series = pace_series(office, code, asked, period)
        board = case_board(office, unit=code)
        counts = {one["state"]: one["count"] for one in board["states"]}
        return self.render(
            request, "desk/unit.html", part="so-lieu", unit=unit, report=said, series=series,
            charts=pace_chart.draw(series), people=unit_people(office, code),
            cases=board["items"][:CASES_SHOWN], open_cases=counts[OPEN], closed_cases=counts[CLOSED],
            may_be_silent=bool(office.settings.silent_units.kinds), rounded=pace_chart.rounded,
            people_link=lambda step: people_where(("step", "in", step), ("unit", "below", code)), **self._around(office, unit), **self._choices(office, period),
        )  # fmt: skip

    def _structure(self, request: Request, office: Office, code: str, **more: Any) -> Response:
        unit = show_unit(office, code)
        return self.render(
            request, "desk/unit_structure.html", status=more.pop("status", 200), part="to-chuc", unit=unit,
            **self._around(office, unit), **more,
        )  # fmt: skip

    def _told(self, request: Request, office: Office, code: str, **more: Any) -> Response:
        unit = show_unit(office, code)
        shown = {"typed": {}} | more
        return self.render(
            request, "desk/unit_told.html", status=shown.pop("status", 200), part="nguoi-nhan", unit=unit,
            reach=unit_reach(office, unit["code"]), recipients=list_recipients(office, unit["code"]),
            role_options=list(office.settings.roles.items()), **self._around(office, unit), **shown,
        )  # fmt: skip

    @page("/im-lang")
    def silent(self, request: Request, office: Office) -> Response:
        found = list_silent_units(office, unit=request.query_params.get(CODE, "").strip() or None)
        return self.render(request, "desk/units_silent.html", kinds=office.settings.unit_kinds, **found)

    # ------------------------------------------------------------------ a new unit

    @page("/them", needs="edit_units")
    def new(self, request: Request, office: Office) -> Response:
        typed = {"parent": request.query_params.get("cap_tren", "").strip()}
        return self.render(request, "desk/unit_new.html", typed=typed, **self._kinds(office))

    @page("/them", needs="edit_units", methods=["POST"])
    def add(self, request: Request, office: Office, form: Form) -> Response:
        typed = form.texts()
        try:
            added = add_unit(
                office, typed.get("code", ""), name=typed.get("name", ""), kind=typed.get("kind", ""),
                parent=typed.get("parent") or None, chain=typed.get("chain") or None,
                from_on=parse_day(typed["from_on"]) if typed.get("from_on") else None,
            )  # fmt: skip
        except KetnapError as error:
            return self.again(request, "desk/unit_new.html", error, typed=typed, **self._kinds(office))
        said = t("Đã thêm đơn vị {code}.", "The unit {code} was added.", code=added["code"])
        return self.done(request, said, to(self.path, ma=added["code"], phan="to-chuc"))

    # ------------------------------------------------------------------ a change from a day on

    @page("/sua", needs="edit_units")
    def change(self, request: Request, office: Office) -> Response:
        unit = show_unit(office, self.asked(request, CODE))
        typed: dict[str, Any] = {
            "from_on": office.today.isoformat(), "name": unit["name"], "kind": unit["kind"],
            "parent": unit["parent"] or "", "chain": self._own_chain(unit), "version": unit_head(office, unit["code"]),
            **{key: unit["attributes"].get(key) or "" for key in UNIT_ATTRIBUTES},
        }  # fmt: skip
        return self._form(request, office, unit, typed)

    @page("/sua", needs="edit_units", methods=["POST"])
    def save(self, request: Request, office: Office, form: Form) -> Response:
        unit, typed = show_unit(office, self.asked(request, CODE)), form.texts()
        preview = typed.get("do") != "ghi"
        try:
            told = change_unit(
                office, unit["code"], typed.get("from_on"), name=typed.get("name"), kind=typed.get("kind"),
                parent=KEEP if typed.get("parent", "") == (unit["parent"] or "") else typed.get("parent"),
                chain=KEEP if typed.get("chain", "") == self._own_chain(unit) else typed.get("chain"),
                attributes={key: typed[key] for key in UNIT_ATTRIBUTES if key in typed},
                version=whole_number(typed.get("version", "")), preview=preview,
            )  # fmt: skip
        except KetnapError as error:
            return self.again(request, "desk/unit_change.html", error, **self._form_of(office, unit, typed))
        if preview:
            return self._form(request, office, unit, typed, told=told)
        said = t("Đã ghi thay đổi của {code}.", "The change of {code} was recorded.", code=unit["code"])
        return self.done(request, said, to(self.path, ma=unit["code"], phan="to-chuc"))

    @page("/ket-thuc", needs="edit_units")
    def ending(self, request: Request, office: Office) -> Response:
        unit = show_unit(office, self.asked(request, CODE))
        typed = {"last_on": office.today.isoformat(), "version": unit_head(office, unit["code"])}
        return self.render(request, "desk/unit_end.html", unit=unit, typed=typed, **self._around(office, unit))

    @page("/ket-thuc", needs="edit_units", methods=["POST"])
    def end(self, request: Request, office: Office, form: Form) -> Response:
        unit, typed = show_unit(office, self.asked(request, CODE)), form.texts()
        preview = typed.get("do") != "ghi"
        shown = {"unit": unit, "typed": typed, **self._around(office, unit)}
        try:
            told = end_unit(
                office, unit["code"], typed.get("last_on"), successor=typed.get("successor") or None,
                version=whole_number(typed.get("version", "")), preview=preview,
            )  # fmt: skip
        except KetnapError as error:
            return self.again(request, "desk/unit_end.html", error, **shown)
        if preview:
            return self.render(request, "desk/unit_end.html", told=told, **shown)
        said = t("Đã ghi kết thúc đơn vị {code}.", "The end of {code} was recorded.", code=unit["code"])
        return self.done(request, said, to(self.path, ma=unit["code"], phan="to-chuc"))

    # ------------------------------------------------------------------ who is told

    @page("/nguoi-nhan", needs="edit_units", methods=["POST"])
    def tell(self, request: Request, office: Office, form: Form) -> Response:
        code, typed = self.asked(request, CODE), form.texts()
        try:
            add_recipient(office, code, typed.get("role", ""), typed.get("address", ""), typed.get("name", ""))
        except BadInput as error:
            return self._told(request, office, code, typed=typed, error=error.say(office.lang), status=400)
        return self.done(request, t("Đã ghi người nhận.", "The recipient was recorded."), self._told_at(code))

    @page("/nguoi-nhan/bo", needs="edit_units", methods=["POST"])
    def tell_no_more(self, request: Request, office: Office, form: Form) -> Response:
        code = self.asked(request, CODE)
        remove_recipient(office, code, form.get("role"), form.get("address"))
        return self.done(request, t("Đã bỏ người nhận.", "The recipient was taken away."), self._told_at(code))

    # ------------------------------------------------------------------ what forms offer

    def _told_at(self, code: str) -> str:
        return to(self.path, ma=code, phan="nguoi-nhan")

    def _names(self, office: Office) -> list[str]:
        return [one.name for one in indicators_to_show(office)]

    def _choices(self, office: Office, period: str) -> dict[str, Any]:
        periods = periods_to_choose(office)
        if period not in dict(periods):
            periods = [(period, period), *periods]
        return {"periods": periods, "indicators": [(one.name, one.label) for one in indicators_to_show(office)]}

    def _kinds(self, office: Office) -> dict[str, Any]:
        chains = [(code, text.say(office.lang)) for code, text in CHAINS.items()]
        return {"kind_options": list(office.settings.unit_kinds.items()), "chains": chains, "any_chain": ANY_CHAIN}

    def _around(self, office: Office, unit: dict[str, Any]) -> dict[str, Any]:
        """The unit's words: kind, the unit above, its chain, its attributes."""
        above = None
        if unit["parent"]:
            above = show_unit(office, unit["parent"])
        lang = office.lang
        return {
            "kinds": office.settings.unit_kinds,
            "above": above,
            "chain": CHAINS[unit["chain"]].say(lang) if unit["chain"] in CHAINS else unit["chain"],
            "chain_words": {code: text.say(lang) for code, text in CHAINS.items()},
            "attributes": [
                (attribute_label(key, lang), say_attribute(key, unit["attributes"].get(key), lang))
                for key in UNIT_ATTRIBUTES
            ],
            "say_attribute": lambda key, value: say_attribute(key, value, lang),
            "attribute_labels": {key: attribute_label(key, lang) for key in UNIT_ATTRIBUTES},
        }

    def _own_chain(self, unit: dict[str, Any]) -> str:
        """The chain the version in force says by itself; "" = as the unit above."""
        return next((str(one["chain"] or "") for one in reversed(unit["versions"]) if one["is_now"]), "")

    def _form_of(self, office: Office, unit: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
        fields = []
        for key in UNIT_ATTRIBUTES:
            column = UNITS.column(key)
            options = [("1", t("Có", "Yes")), ("0", t("Không", "No"))] if column.kind == "yes_no" else None
            fields.append(
                {"name": key, "label": column.label.say(office.lang), "options": options, "kind": column.kind}
            )
        return {"unit": unit, "typed": typed, "fields": fields, **self._around(office, unit), **self._kinds(office)}

    def _form(
        self, request: Request, office: Office, unit: dict[str, Any], typed: dict[str, Any], **more: Any
    ) -> Response:
        return self.render(request, "desk/unit_change.html", **self._form_of(office, unit, typed), **more)


PAGES = [UnitsPage]
