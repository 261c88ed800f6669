"""Nhiều người: class results, the votes of a meeting, one decision: pick or paste people, see each verdict, write the lawful."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from console.desk.page import Form, Page, download, page
from console.desk.words import lang
from console.labels import step_label
from procedures.issue_unwritten import issue_unwritten
from procedures.many import Judged, ManyForm, act_for_many, check_count, get_row, jobs, many_form
from procedures.office import Office
from procedures.paste import Pasted, read_pasted
from procedures.people import count_by_step, find_listed, list_people
from procedures.people_conditions import Group, Rule
from procedures.step_form import unit_choices
from states.errors import BadInput, KetnapError
from states.wording import Text

HERE = "/nhieu-nguoi"
SHOWN = 450  # so many people are offered to choose from; others by unit, by name, or pasted
FEW = 40  # so many people who stand ready are chosen from the start
PICK, GRID = "desk/many_pick.html", "desk/many_grid.html"
NOBODY = Text("Xin chọn người ở danh sách, hoặc dán từ Excel.", "Choose people from the list, or paste them.")


class ManyPage(Page):
    """From a meeting's list to the book, under one document."""

    path = HERE
    label = Text("Nhiều người", "Many people")
    icon = "fa-solid fa-users"
    needs = "act_for_many"

    @page("")
    def show(self, request: Request, office: Office) -> Response:
        """The three kinds of work, with how many people stand ready for each; codes handed over stay in the links."""
        codes, standing = request.query_params.getlist("ma"), count_by_step(office)
        found = [
            {"job": job, "triggers": [
                {"trigger": trigger, "label": label, "ready": sum(standing.get(step, 0) for step in get_row(trigger).sources)}
                for trigger, label in job.triggers
            ]}
            for job in jobs(lang())
        ]  # fmt: skip
        return self.render(request, "desk/many.html", jobs=found, codes=codes)

    @page("/chon")
    def pick(self, request: Request, office: Office) -> Response:
        asked = request.query_params
        form = many_form(office, self.asked(request, "viec"))
        return self._pick(
            request, office, form, unit=asked.get("don_vi", ""), search=asked.get("tim", ""), codes=asked.getlist("ma")
        )

    @page("/lap", methods=["POST"])
    def lay_out(self, request: Request, office: Office, posted: Form) -> Response:
        """The people chosen or pasted, with an empty cell for all that is asked of each."""
        form = many_form(office, posted.get("viec"))
        chosen: dict[str, dict[str, str]] = {code: {} for code in posted.all("ma")}
        text = posted.get("bang")
        try:
            pasted = read_pasted(office, form, text) if text else Pasted()
            if not pasted.problems:
                chosen |= pasted.people
                if not chosen:
                    raise BadInput(NOBODY)
                check_count(chosen)
                return self._grid(request, office, form, _common(form, posted), chosen)
        except BadInput as error:
            return self._pick(request, office, form, codes=list(chosen), text=text, error=error)
        return self._pick(request, office, form, codes=posted.all("ma"), text=text, pasted=pasted)

    @page("/xet", methods=["POST"])
    def judge(self, request: Request, office: Office, posted: Form) -> Response:
        """What would become of each: nothing is written."""
        return self._act(request, office, posted, dry_run=True)

    @page("/ghi", methods=["POST"])
    def write(self, request: Request, office: Office, posted: Form) -> Response:
        """The lawful are written in one transaction; the others stay on the page with every reason."""
        return self._act(request, office, posted, dry_run=False)

    @page("/tai", needs="export_people", methods=["POST"])
    def take_along(self, request: Request, office: Office, posted: Form) -> Response:
        """Who cannot be written, and why, as a workbook."""
        form, common, people = _posted(office, posted)
        return download(*issue_unwritten(office, form.whole.trigger, common, people))

    # ------------------------------------------------------------------------------------------------------------------

    def _act(self, request: Request, office: Office, posted: Form, *, dry_run: bool) -> Response:
        form, common, people = _posted(office, posted)
        try:
            judged = act_for_many(office, form.whole.trigger, common, people, dry_run=dry_run)
        except KetnapError as error:
            return self._grid(request, office, form, common, people, error=error)
        if judged.committed:  # what is written is done with: the others stay to be put right
            left = {code: own for code, own in people.items() if code not in judged.committed}
            return self._grid(request, office, form, common, left, judged=judged)
        return self._grid(request, office, form, common, people, judged=judged)

    def _pick(
        self, request: Request, office: Office, form: ManyForm, *, unit: str = "", search: str = "",
        codes: Sequence[str] = (), text: str = "", pasted: Pasted | None = None, error: KetnapError | None = None,
    ) -> Response:  # fmt: skip
        ready = _ready(office, form.whole.trigger, unit, search)
        shown = ready["items"]
        there = {one["code"] for one in shown}
        handed = [one for one in find_listed(office, codes) if one["code"] not in there] if codes else []
        chosen = set(codes) or ({one["code"] for one in shown} if ready["total"] <= FEW and not text else set())
        context = {
            "form": form, "items": [*handed, *shown], "total": ready["total"], "shown": len(shown), "chosen": chosen,
            "unit": unit, "search": search, "text": text,
            "choices": unit_choices(office, None, office.today), "handed": {one["code"] for one in handed},
            "problems": pasted.problems if pasted else [],
            "unit_options": lambda found: [(one.value, "\u00a0\u00a0\u00a0" * one.depth + one.label) for one in found],
            "steps": [step_label(s, lang()) for s in _steps(form)],
        }  # fmt: skip
        if error is not None:
            return self.again(request, PICK, error, **context)
        return self.render(request, PICK, status=400 if context["problems"] else 200, error=None, **context)

    def _grid(
        self, request: Request, office: Office, form: ManyForm, common: Mapping[str, str],
        people: Mapping[str, Mapping[str, str]], *, judged: Judged | None = None, error: KetnapError | None = None,
    ) -> Response:  # fmt: skip
        names = {one["code"]: one for one in find_listed(office, [*people, *(judged.committed if judged else ())])}
        fields = error.details.get("fields", {}) if error else {}
        unknown = {"name": None, "unit_name": "", "unit": "", "step_label": ""}
        if judged is not None:  # who needs a look comes first
            done = {**judged.lawful, **dict.fromkeys(judged.already)}
            people = dict(sorted(people.items(), key=lambda one: one[0] in done))
        context = {
            "form": form, "common": form.common.filled(common, fields), "people": people, "judged": judged,
            "own_fields": form.shown(people.values()),
            "names": {code: names.get(code, unknown) for code in (*people, *(judged.committed if judged else ()))},
            "to_step": lambda step: step_label(step, lang()),
        }  # fmt: skip
        if error is not None:
            return self.again(request, GRID, error, **context)
        return self.render(request, GRID, error=None, **context)


def _steps(form: ManyForm) -> Sequence[str]:
    return get_row(form.whole.trigger).sources


def _ready(office: Office, trigger: str, unit: str, search: str) -> dict[str, Any]:
    """Who stands at a step the trigger can leave from."""
    at = Group([Rule("step", list(get_row(trigger).sources))])
    return list_people(office, unit=unit or None, search=search, filters=at, size=SHOWN)


def _common(form: ManyForm, posted: Form) -> dict[str, str]:
    """What is said once; before anything was said, what the form proposes."""
    typed = form.common.typed(posted.texts())
    return typed if any(typed.values()) else {one.name: one.value for one in form.common.fields}


def _posted(office: Office, posted: Form) -> tuple[ManyForm, dict[str, str], dict[str, dict[str, str]]]:
    """The form with what was typed in it: in common, and of each whose box is ticked."""
    form = many_form(office, posted.get("viec"))
    people = {
        code: {one.name: posted.get(f"o:{one.name}:{code}") for one in form.own}
        for code in dict.fromkeys(posted.all("ma"))
    }
    return form, form.common.typed(posted.texts()), people


PAGES = (ManyPage,)
