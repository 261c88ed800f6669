"""Lượt chạy: the jobs that run by themselves, what they did, their runs on Prefect's page, and one run now."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from console.desk.page import Form, Page, page
from console.desk.prefect_page import Prefect
from console.desk.status import JOBS, job_rows
from console.desk.words import lang, t
from console.job_words import JOBS as PARTS
from console.job_words import WORDS, counts
from console.job_words import done as not_nothing
from procedures.access import require_whole
from procedures.job_board import job_board
from procedures.office import Office
from procedures.tick import TICK, tick
from states.errors import BadInput, Installation, KetnapError
from states.wording import Text

NO_SUCH_JOB = Text("Không có việc định kỳ «{name}».", "There is no job “{name}”.")
EVERYTHING = Text("Làm mọi việc đến hạn", "Everything due")


class RunsPage(Page):
    """The jobs and their runs."""

    path = "/luot-chay"
    needs = "run_jobs"
    label = Text("Lượt chạy", "Runs")
    icon = "fa-solid fa-clock-rotate-left"

    def is_accessible(self, request: Request) -> bool:
        return super().is_accessible(request) and request.state.actor.unit is None  # jobs are the whole office's

    @page()
    def show(self, request: Request, office: Office) -> Response:
        return self.render(request, "desk/runs.html", **self._shown(request, office))

    @page("/chay", methods=["POST"])
    def start(self, request: Request, office: Office, form: Form) -> Response:
        name = form.get("viec")
        try:
            if name not in JOBS:
                raise BadInput(NO_SUCH_JOB, name=name)
            require_whole(office, "run_jobs")
            run_id = Prefect(request.state.prefect).start(name)
        except KetnapError as error:
            return self.again(request, "desk/runs.html", error, **self._shown(request, office))
        said = t("Đã gọi «{job}» chạy ngay.", "“{job}” was told to run.", job=JOBS[name])
        return self.done(request, said, f"{self.path}?luot={run_id}")

    @page("/moi-viec", methods=["POST"])
    def everything(self, request: Request, office: Office, form: Form) -> Response:
        try:
            result = tick(office)
        except KetnapError as error:
            return self.again(request, "desk/runs.html", error, **self._shown(request, office))
        told = _told(result) or t("không có gì mới", "nothing new")
        return self.done(request, t("Đã làm xong: ", "Done: ") + told + ".", self.path)

    def _shown(self, request: Request, office: Office) -> dict[str, Any]:
        jobs, last_good = job_rows(office)
        server = Prefect(request.state.prefect)
        silent = None
        try:
            runs = server.latest_runs(lang())
        except Installation as error:
            runs, silent = [], error.say(lang())
        return {
            "jobs": jobs,
            "last_good": last_good,
            "turns": [turn | _in_words(turn) for turn in job_board(office)],
            "runs": runs,
            "silent": silent,
            "server": server.address,
            "started": server.run_page(run) if (run := _run_id(request)) else None,
            "desk": office.settings.server.desk,
        }


def _run_id(request: Request) -> str | None:
    asked = request.query_params.get("luot", "")
    return asked if asked and all(c in "0123456789abcdef-" for c in asked) and len(asked) == 36 else None


def _told(done: dict[str, dict[str, Any]]) -> str:
    """What each part did, in the order of a tick's work; what did nothing new is left out. A flow's parts have names."""
    order = {part: place for place, part in enumerate(PARTS)}
    new = [part for part in done if any(what != "unchanged" for what, _ in not_nothing(done[part]))]
    return "; ".join(
        f"{PARTS[part].say(lang()) if part in PARTS else part}: {counts(lang(), done[part])}"
        for part in sorted(new, key=lambda part: order.get(part, len(order)))
    )


def _in_words(turn: dict[str, Any]) -> dict[str, Any]:
    label = EVERYTHING if turn["job"] == TICK else JOBS.get(turn["job"])
    done: dict[str, dict[str, Any]] = {}
    named = sorted(turn["result"].items(), key=lambda one: _place(one[0]))  # the database keeps no order
    for name, value in named:  # "deliver: sent" of a tick, "Gửi thư: sent" of a flow
        part, _, what = name.rpartition(": ")
        done.setdefault(part, {})[what] = value
    return {"label": label.say(lang()) if label else turn["job"], "done": _told(done)}


def _place(name: str) -> int:
    what = name.rpartition(": ")[2]
    return [*WORDS].index(what) if what in WORDS else len(WORDS)


PAGES = [RunsPage]
