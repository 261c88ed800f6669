"""Chỉ tiêu: what units are held to and on which ground, set, revised, split among those below, by rule; commendation."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from console.desk.page import Form, Page, asked_of, page, page_number
from console.desk.units import chosen_period
from console.desk.words import t, to
from procedures.allocation import allocate_target
from procedures.commendation import commend
from procedures.indicators import indicators_of
from procedures.office import Office
from procedures.target_board import allocation_sheet, target_board
from procedures.target_rules import preview_target_rules
from procedures.targets import set_target
from procedures.unit_tree import indicators_to_show, periods_to_choose, top_codes
from states.calendar import parse_day
from states.errors import BadInput, KetnapError
from states.periods import YEAR, period_of
from states.targets import MEMBERS
from states.wording import Text

PART = "phan."  # + a unit's code: the name of its field when a target is split
SAME = "same"
SHOWN = 300  # lines of a preview
CHANGES = {
    "new": Text("giao mới", "new"), "changed": Text("đổi", "changed"), "gone": Text("thôi giao", "gone"),
    SAME: Text("giữ nguyên", "unchanged"),
}  # fmt: skip
KINDS = {"new": "ok", "changed": "near", "gone": "late", SAME: "quiet"}
NO_UNIT = Text("Xin chọn đơn vị.", "Please choose a unit.")
EMPTY = Text("Xin ghi số tối thiểu, số tối đa hoặc tỷ lệ.", "Please give a floor, a ceiling or a ratio.")


class TargetsPage(Page):
    """Targets of the account's units."""

    path = "/chi-tieu"
    needs = "see_figures"
    label = Text("Chỉ tiêu", "Targets")
    icon = "fa-solid fa-bullseye"

    @page()
    def all(self, request: Request, office: Office) -> Response:
        asked = asked_of(request, "don_vi", "ky", "chi_so", "ca_cu")
        board = target_board(
            office, unit=asked["don_vi"] or None, period=asked["ky"] or None, indicator=asked["chi_so"] or None,
            revised=bool(asked["ca_cu"]), page=page_number(request),
        )  # fmt: skip
        kept = {name: value for name, value in asked.items() if value}
        return self.render(
            request, "desk/targets.html", board=board, asked=asked, part="da-giao",
            page_link=lambda number: to(self.path, **kept, trang=number), **self._choices(office, asked["ky"]),
        )  # fmt: skip

    # ------------------------------------------------------------------ set or revise

    @page("/giao", needs="set_target")
    def form(self, request: Request, office: Office) -> Response:
        asked = request.query_params
        typed = {
            "unit": asked.get("don_vi", "").strip(), "indicator": asked.get("chi_so", "").strip(),
            "period": asked.get("ky", "").strip() or period_of(YEAR, office.today).code,
        }  # fmt: skip
        return self.render(request, "desk/target_set.html", typed=typed, **self._choices(office, typed["period"]))

    @page("/giao", needs="set_target", methods=["POST"])
    def set(self, request: Request, office: Office, form: Form) -> Response:
        typed = form.texts()
        try:
            if not any(typed.get(name) for name in ("floor", "ceiling", "ratio")):
                raise BadInput(EMPTY)
            told = set_target(
                office, typed.get("unit", ""), typed.get("indicator", ""), typed.get("period", ""),
                floor=typed.get("floor"), ceiling=typed.get("ceiling"), ratio=typed.get("ratio"),
                base=typed.get("base") or None, decision_number=typed.get("decision_number"),
                decision_date=parse_day(typed["decision_date"]) if typed.get("decision_date") else None,
                credited_unit=typed.get("credited_unit") or None, responsible=typed.get("responsible") or None,
            )  # fmt: skip
        except KetnapError as error:
            shown = self._choices(office, typed.get("period", ""))
            return self.again(request, "desk/target_set.html", error, typed=typed, **shown)
        said = t("Đã giao chỉ tiêu.", "The target was set.")
        if not told["created"]:
            said = t("Chỉ tiêu ấy đã có, không có gì đổi.", "That very target stands already; nothing changed.")
        return self.done(request, said, to(self.path, don_vi=typed["unit"], ky=told["target"]["period"]))

    # ------------------------------------------------------------------ split among those below

    @page("/phan-bo", needs="set_target")
    def split(self, request: Request, office: Office) -> Response:
        sheet = self._sheet(request, office)
        typed = {PART + one["unit"]: "" if one["floor"] is None else one["floor"] for one in sheet["parts"]}
        return self.render(request, "desk/target_split.html", sheet=sheet, typed=typed, prefix=PART)

    @page("/phan-bo", needs="set_target", methods=["POST"])
    def allocate(self, request: Request, office: Office, form: Form) -> Response:
        sheet, typed = self._sheet(request, office), form.texts()
        parts = {name.removeprefix(PART): value for name, value in typed.items() if name.startswith(PART) and value}
        try:
            told = allocate_target(
                office, sheet["unit"], sheet["indicator"], sheet["period"], parts,
                decision_number=typed.get("decision_number"),
                decision_date=parse_day(typed["decision_date"]) if typed.get("decision_date") else None,
            )  # fmt: skip
        except KetnapError as error:
            return self.again(request, "desk/target_split.html", error, sheet=sheet, typed=typed, prefix=PART)
        said = t("Đã phân bổ {n} cho {m} đơn vị.", "Split {n} among {m} units.", n=told["whole"], m=len(told["parts"]))
        return self.done(request, said, to(self.path, don_vi=sheet["unit"], ky=sheet["period"]))

    def _sheet(self, request: Request, office: Office) -> dict[str, Any]:
        return allocation_sheet(office, *(self.asked(request, name) for name in ("don_vi", "chi_so", "ky")))

    # ------------------------------------------------------------------ by rule

    @page("/quy-tac", needs="set_target")
    def rules(self, request: Request, office: Office) -> Response:
        period = request.query_params.get("ky", "").strip()
        plan = preview_target_rules(office, period or None)
        changes = [one for one in plan["items"] if one["change"] != SAME]
        labels = {name: one.label for name, one in indicators_of(office).items()}
        return self.render(
            request, "desk/target_rules.html", plan=plan, changes=changes[:SHOWN], more=max(len(changes) - SHOWN, 0),
            words={name: text.say(office.lang) for name, text in CHANGES.items()}, kinds=KINDS, labels=labels,
            part="quy-tac", period=period, has_rules=bool(office.settings.target_rules),
            **self._choices(office, period),
        )  # fmt: skip

    @page("/quy-tac", needs="set_target", methods=["POST"])
    def apply(self, request: Request, office: Office, form: Form) -> Response:
        plan = preview_target_rules(office, form.get("ky") or None, apply=True)
        counts = {name: plan["counts"][name] for name in ("new", "changed", "gone")}
        said = t(
            "Đã ghi chỉ tiêu theo quy tắc: {new} giao mới, {changed} đổi, {gone} thôi giao.",
            "Targets by rule were written: {new} new, {changed} changed, {gone} gone.", **counts,
        )  # fmt: skip
        return self.done(request, said, to(f"{self.path}/quy-tac", ky=form.get("ky")))

    # ------------------------------------------------------------------ commendation

    @page("/khen-thuong")
    def commendation(self, request: Request, office: Office) -> Response:
        unit, period = request.query_params.get("don_vi", "").strip(), chosen_period(request, office)
        tops = top_codes(office)
        if not unit and not tops:
            raise BadInput(NO_UNIT)
        found = commend(office, unit or tops[0], period)
        lists = [
            ("ok", t("Vượt chỉ tiêu, đề nghị khen thưởng", "Above target, for commendation"), found["commend"]),
            ("late", t("Chậm tiến độ", "Behind"), found["behind"]),
            ("near", t("Chưa có nguồn", "Without any source"), found["no_source"]),
        ]
        return self.render(
            request, "desk/commendation.html", found=found, lists=lists, part="khen-thuong", most=SHOWN,
            **self._choices(office, period),
        )  # fmt: skip

    def _choices(self, office: Office, period: str) -> dict[str, Any]:
        periods = periods_to_choose(office)
        if period and period not in dict(periods):
            periods = [(period, period), *periods]
        known = indicators_of(office)
        bases = [(MEMBERS, t("số đảng viên đầu kỳ", "Party members at the start"))]
        bases += [(name, one.label) for name, one in known.items() if not one.is_ratio]
        return {
            "periods": periods,
            "indicators": [(one.name, one.label) for one in indicators_to_show(office)],
            "bases": bases,
            "tops": top_codes(office)[:200],
        }


PAGES = [TargetsPage]
