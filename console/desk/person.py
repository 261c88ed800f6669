"""One person: where they stand, what runs, what comes next and why not yet; taking a step, correcting an entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from console.desk.page import Form, Page, page, whole_number
from console.desk.words import lang, t
from procedures.advance import advance
from procedures.correct import NO_CHANGE, correct
from procedures.correction_form import CorrectionForm, correction_form
from procedures.office import Office
from procedures.person_reminders import person_reminders
from procedures.show import show_candidate
from procedures.step_form import StepForm, every_trigger, step_form
from states.calendar import parse_day
from states.errors import BadInput, Conflict, KetnapError
from states.membership import PROCESS
from states.wording import Text

HERE = "/nguoi/ho-so"
LOOK, WRITE, BACK = "xem", "ghi", "sua"  # what a form's buttons ask for
OPEN, STEP, CORRECT = "desk/person.html", "desk/person_step.html", "desk/person_correct.html"
NO_VERSION = Text(
    "Biểu mẫu thiếu phiên bản hồ sơ; xin mở lại trang người này.",
    "The form lacks the version; open the person's page again.",
)


class PersonPage(Page):
    """The heart of the desk."""

    path = HERE
    needs = "see_people"

    @page("")
    def show(self, request: Request, office: Office) -> Response:
        code = self.asked(request, "ma")
        wanted, error = request.query_params.get("ngay", "").strip(), None
        try:
            shown = show_candidate(office, code, as_of=parse_day(wanted) if wanted else None)
        except BadInput as refused:
            shown, error = show_candidate(office, code), refused.say(lang())
        return self._page(request, office, shown, asked_day=wanted, day_error=error)

    @page("/xem-rieng", needs="reveal", methods=["POST"])
    def reveal(self, request: Request, office: Office, form: Form) -> Response:
        code, wanted = form.get("ma"), form.get("ngay")
        as_of = parse_day(wanted) if wanted else None
        try:
            shown = show_candidate(office, code, as_of=as_of, reveal=form.get("ly_do"))
        except BadInput as refused:
            shown = show_candidate(office, code, as_of=as_of)
            return self._page(request, office, shown, asked_day=wanted, reveal_error=refused.say(lang()), status=400)
        return self._page(request, office, shown, asked_day=wanted)

    def _page(self, request: Request, office: Office, shown: Mapping[str, Any], **context: Any) -> Response:
        told = {"asked_day": "", "day_error": None, "reveal_error": None, **context}
        reminders = person_reminders(office, shown["code"]) if shown["as_of"] is None else []
        looked = {"as_of": shown["as_of"].isoformat()} if shown["as_of"] else None
        return self.render(
            request, OPEN, person=shown, reminders=reminders, every=every_trigger(lang()), looked=looked,
            chain=CHAINS.get(shown["chain"]), derived=DERIVED, **told,
        )  # fmt: skip

    # A step ----------------------------------------------------------------------------------------------------------

    @page("/buoc", needs="advance")
    def step(self, request: Request, office: Office) -> Response:
        shown = show_candidate(office, self.asked(request, "ma"))
        form, row = _step_form(office, shown, self.asked(request, "viec"))
        return self.render(
            request, STEP, person=shown, form=form, row=row, version=shown["version"], error=None,
            verdicts=row["verdicts"] if row else [], required=_documents(shown), looked={"step": form.trigger},
        )  # fmt: skip

    @page("/buoc", needs="advance", methods=["POST"])
    def take(self, request: Request, office: Office, posted: Form) -> Response:
        code, trigger, does = posted.get("ma"), posted.get("viec"), posted.get("lam", LOOK)
        form = step_form(office, trigger, irregular=True)
        typed = form.typed(posted.texts())
        offered = bool(posted.get("ngoai_le"))
        if does == BACK:
            return self._step_again(request, office, code, trigger, typed, None, offered=offered)
        try:
            told = form.read(typed, lang())
            version = _version(posted)
            on = told.pop("on")
            if does == WRITE:
                done = advance(office, code, trigger, on, expect_version=version, **told)
                return self.done(request, _done(form, done), _person(code))
            seen = advance(office, code, trigger, on, expect_version=version, preview=True, **told)
        except KetnapError as error:
            return self._step_again(request, office, code, trigger, typed, error, offered=offered)
        if not seen["allowed"]:
            offered = offered or seen["overridable"]
            return self._step_again(request, office, code, trigger, typed, None, offered=offered, refused=seen)
        shown = show_candidate(office, code)
        return self.render(
            request, "desk/person_preview.html", person=shown, form=form.filled(typed), seen=seen,
            hidden=[("ma", code), ("viec", trigger), ("phien", version), *([("ngoai_le", 1)] if offered else []),
                    *_hidden(form, typed)],
        )  # fmt: skip

    def _step_again(
        self, request: Request, office: Office, code: str, trigger: str, typed: Mapping[str, str],
        error: KetnapError | None, *, offered: bool, refused: Mapping[str, Any] | None = None,
    ) -> Response:  # fmt: skip
        """The form with what was typed, what is wrong with it, and the version that stands now."""
        shown = show_candidate(office, code)
        form, row = _step_form(office, shown, trigger, irregular=offered)
        context = {
            "person": shown, "form": form.filled(typed, error.details.get("fields") if error else None), "row": row,
            "version": shown["version"], "required": _documents(shown), "offered": offered,
        }  # fmt: skip
        if error is not None:
            return self.again(request, STEP, error, conflict=isinstance(error, Conflict), **context)
        told = {"error": t("Chưa ghi được việc này.", "This cannot be recorded yet.")} if refused else {"error": None}
        status = 422 if refused else 200
        return self.render(
            request,
            STEP,
            status=status,
            verdicts=refused["verdicts"] if refused else [],
            refused=refused,
            **told,
            **context,
        )

    # A correction ----------------------------------------------------------------------------------------------------

    @page("/dinh-chinh", needs="correct")
    def correction(self, request: Request, office: Office) -> Response:
        asked = correction_form(office, self.asked(request, "muc"))
        return self._correction(request, office, asked, asked.form, "")

    @page("/dinh-chinh", needs="correct", methods=["POST"])
    def correct(self, request: Request, office: Office, posted: Form) -> Response:
        asked = correction_form(office, posted.get("muc"))
        does, void, reason = posted.get("lam", LOOK), bool(posted.get("huy")), posted.get("ly_do_sua")
        typed = {field.name: field.value for field in asked.form.fields} | asked.form.typed(posted.texts())
        filled = asked.form if void else asked.form.filled(typed)
        if does == BACK:
            return self._correction(request, office, asked, filled, reason, void=void)
        try:
            changes = None if void else asked.changes(typed, lang())
            if changes is not None and not changes:
                raise BadInput(NO_CHANGE)
            version = _version(posted)
            told: dict[str, Any] = {"changes": changes, "void": void, "reason": reason, "expect_version": version}
            if does == WRITE:
                done = correct(office, asked.entry, **told)
                return self.done(
                    request, t("Đã ghi đính chính {entry}.", "Recorded the correction {entry}.", entry=done["entry"]),
                    _person(asked.code),
                )  # fmt: skip
            seen = correct(office, asked.entry, preview=True, **told)
        except KetnapError as error:
            filled = filled.filled({}, error.details.get("fields"))
            return self._correction(request, office, asked, filled, reason, void=void, error=error)
        before = {field.name: field.value for field in asked.form.fields}
        changed = [
            (field.label, before[field.name], typed[field.name]) for field in asked.form.fields
            if changes and field.name in changes
        ]  # fmt: skip
        return self.render(
            request, "desk/person_correct_preview.html", person=show_candidate(office, asked.code), asked=asked, seen=seen,
            changed=changed, void=void, reason=reason,
            hidden=[("muc", asked.entry), ("phien", version), ("ly_do_sua", reason), *([("huy", 1)] if void else []),
                    *_hidden(asked.form, typed)],
        )  # fmt: skip

    def _correction(
        self, request: Request, office: Office, asked: CorrectionForm, form: StepForm, reason: str, *,
        void: bool = False, error: KetnapError | None = None,
    ) -> Response:  # fmt: skip
        context = {
            "person": show_candidate(office, asked.code), "asked": asked, "form": form, "reason": reason,
            "version": asked.version, "void": void, "required": [],
            "looked": {"entry": int(asked.entry.rpartition(":")[2])},
        }  # fmt: skip
        if error is not None:
            return self.again(request, CORRECT, error, conflict=isinstance(error, Conflict), **context)
        return self.render(request, CORRECT, error=None, verdicts=[], **context)


DERIVED = tuple(
    row.trigger for row in PROCESS.values() if row.automatic
)  # the engine writes these, nobody corrects them
CHAINS = {
    "co_so": Text("đảng ủy cơ sở xét, cấp trên quyết định", "base committee votes, the one above decides"),
    "truc_tiep": Text("cấp trên trực tiếp quyết định", "the committee above decides"),
    "uy_quyen": Text("đảng ủy cơ sở được ủy quyền quyết định", "the base committee decides by delegation"),
}


def _person(code: str) -> str:
    return f"{HERE}?{urlencode({'ma': code})}"


def _step_form(
    office: Office, shown: Mapping[str, Any], trigger: str, *, irregular: bool = False
) -> tuple[StepForm, Mapping[str, Any] | None]:
    """The form for this person, and the row of what may come next, None where the trigger leaves from another step."""
    row = next((one for one in shown["next"] if one["trigger"] == trigger), None)
    offer = irregular or bool(row and row["overridable"])
    form = step_form(office, trigger, irregular=offer, unit=shown["unit"])
    running = [clock["key"] for clock in shown["clocks"] if clock["state"] == "running"]
    if (clock := form.field("clock")) is not None:
        form = form.filled({"clock": next((one.value for one in clock.choices if one.value in running), "")})
    return form, row


def _documents(shown: Mapping[str, Any]) -> list[str]:
    """The codes of documents the case requires."""
    documents = shown["papers"]["documents"]
    return [one["code"] for one in documents["items"] if one["required"]] if documents else []


def _hidden(form: StepForm, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was typed, as the form would post it again."""
    found = []
    for field in form.fields:
        if field.kind == "codes":
            chosen = typed.get(field.name, "").split(",")
            found += [(field.part(one.value), "1") for one in field.choices if one.value in chosen]
        else:
            found.append((field.name, typed.get(field.name, "")))
    return found


def _version(posted: Form) -> int:
    if (number := whole_number(posted.get("phien"))) is None:
        raise BadInput(NO_VERSION)
    return number


def _done(form: StepForm, done: Mapping[str, Any]) -> str:
    from console.labels import step_label

    return t(
        "Đã ghi «{label}» ({entry}). Nay ở bước: {step}.", "Recorded “{label}” ({entry}). Now at: {step}.",
        label=form.label, entry=done["entry"], step=step_label(done["step"], lang()),
    )  # fmt: skip


PAGES = (PersonPage,)
