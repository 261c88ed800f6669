"""The status page of one machine: counts and codes only, readable from this machine alone, calling nobody.

`python -m console.status --port 4280 --prefect http://127.0.0.1:4200`
"""

from __future__ import annotations

import argparse
import functools
import secrets
import sys
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pendulum
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.middleware.trustedhost import TrustedHostMiddleware

from console.labels import step_label
from procedures.office import Office
from procedures.tick import TICK
from states.errors import KetnapError
from states.escalation import LABELS as CASE_LABELS
from states.steps import ENDS, STAGE_LABELS, STAGES
from states.wording import Text, said
from store import overview

ZONE = "Asia/Ho_Chi_Minh"
SOON_DAYS, MOST_ROWS = 7, 12
JOBS = {
    "reminders": Text("Nhắc hạn", "Reminders"),
    "delivery": Text("Gửi thư nhắc", "Delivery"),
    "rollup": Text("Tổng hợp số liệu", "Roll-up"),
    "escalation": Text("Đôn đốc đơn vị chậm", "Escalation"),
    "housekeeping": Text("Niêm phong và sao lưu", "Seal and backup"),
}
DONE, WORKING = Text("Đã xong", "Done"), Text("Đang chạy", "Running")
FAILED, NEVER = Text("Lượt sau cùng không xong", "The last run did not finish"), Text("Chưa chạy", "Not yet run")


@functools.lru_cache(maxsize=1)
def open_office(machine_day: date) -> Office:
    """The office; opened anew when the machine's day changes, because the business day may change with it."""
    return Office.open()


def status(office: Office) -> dict[str, Any]:
    """What the page shows, as plain data."""
    today, lang, now = office.today, office.lang, office.now()
    with office.database.reading() as connection:
        people = overview.people_by_step(connection)
        due = overview.due_by_key(connection, today, today + timedelta(days=SOON_DAYS))
        urgent = overview.most_urgent(connection, today + timedelta(days=SOON_DAYS), MOST_ROWS)
        cases, units_behind, oldest = overview.open_cases(connection, MOST_ROWS)
        jobs = overview.latest_jobs(connection, [*JOBS, TICK])
        unsent = overview.unsent_letters(connection)
    return {
        "business_day": today,
        "on_the_way": sum(n for step, n in people.items() if step not in ENDS and step != "chinh_thuc"),
        "stages": [stage_rows(stage, people, lang) for stage in STAGES],
        "overdue": sum(row.overdue for row in due),
        "due_this_week": sum(row.soon for row in due),
        "due": [
            {"label": office.law.label(row.key).say(lang), "overdue": row.overdue, "soon": row.soon} for row in due
        ],
        "urgent": [urgent_row(row, office) for row in urgent],
        "units_behind": units_behind,
        "cases": cases,
        "oldest_cases": [case_row(row, office) for row in oldest],
        "unsent_letters": unsent,
        "jobs": [job_row(name, [job for job in jobs if job.job == name], now, lang) for name in JOBS],
        "last_good_tick": max((job.done_at for job in jobs if job.done_at), default=None),
    }


def stage_rows(stage: str, people: dict[str, int], lang: str) -> dict[str, Any]:
    steps = [{"step": s, "label": step_label(s, lang), "people": people.get(s, 0)} for s in STAGES[stage]]
    return {"label": STAGE_LABELS[stage].say(lang), "people": sum(row["people"] for row in steps), "steps": steps}


def urgent_row(row: overview.DueClock, office: Office) -> dict[str, Any]:
    label = office.law.label(row.key).say(office.lang)
    days = (row.due_on - office.today).days
    return {"code": row.code, "unit": row.unit, "label": label, "due_on": row.due_on, "days_left": days}


def case_row(row: overview.OpenCase, office: Office) -> dict[str, Any]:
    indicator = office.settings.indicators.get(row.indicator)
    return {
        "unit": row.unit,
        "indicator": indicator.label if indicator else row.indicator,
        "period": row.period,
        "step": CASE_LABELS[row.step].say(office.lang),
        "since": row.since,
        "actual": row.actual,
        "floor": row.floor,
    }


def job_row(name: str, claims: list[overview.Job], now: datetime, lang: str) -> dict[str, Any]:
    """A job's state from its claims: the last one taken tells whether it runs, the last one done when it was well."""
    taken = max(claims, key=lambda job: job.claimed_at, default=None)
    done_at = max((job.done_at for job in claims if job.done_at), default=None)
    if taken is None:
        state, text = "never", NEVER
    elif taken.done_at and taken.done_at >= taken.claimed_at:
        state, text = "done", DONE
    elif taken.expires_at > now:
        state, text = "working", WORKING
    else:
        state, text = "failed", FAILED
    return {"job": name, "label": JOBS[name].say(lang), "state": state, "text": text.say(lang), "done_at": done_at}


def moment(value: datetime | None) -> str:
    """An instant as people here read it."""
    return pendulum.instance(value).in_timezone(ZONE).format("HH:mm DD/MM/YYYY") if value else "–"


def number(value: Any) -> str:
    """A whole number with dots, anything else as it is."""
    return "–" if value is None else f"{int(value):,}".replace(",", ".") if value == int(value) else str(value)


def make_app(prefect: str) -> FastAPI:
    """The app; `prefect` is the address of Prefect's page, for links."""
    app = FastAPI(title="ketnap", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    pages.filters |= {"moment": moment, "number": number, "day": said}

    @app.middleware("http")
    async def keep_inside(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """No script, nothing from elsewhere, no frame, no copy in a cache."""
        request.state.nonce = secrets.token_urlsafe(16)
        answer = await call_next(request)
        answer.headers.update(
            {
                "Content-Security-Policy": "default-src 'none'; img-src data:; "
                f"style-src 'nonce-{request.state.nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "DENY",
                "Referrer-Policy": "no-referrer",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
                "Cache-Control": "no-store",
            }
        )
        return answer

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/status.json")
    def as_data() -> Any:
        try:
            return status(open_office(pendulum.now(ZONE).date()))
        except KetnapError as error:
            return JSONResponse({"error": {"kind": error.kind, "message": error.say("vi")}}, 503)

    @app.get("/")
    def page(request: Request) -> HTMLResponse:
        shown: dict[str, Any] = {"nonce": request.state.nonce, "prefect": prefect, "problem": None, "status": None}
        try:
            office = open_office(pendulum.now(ZONE).date())
            shown["status"] = status(office)
            shown |= {"machine_day": pendulum.now(ZONE).date(), "now": office.now()}
        except KetnapError as error:
            shown["problem"] = error.say("vi")
        code = 503 if shown["problem"] else 200
        return HTMLResponse(pages.get_template("status.html").render(shown), code)

    return app


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="status", description="Trang tình hình")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--prefect", required=True, help="địa chỉ trang Prefect")
    given = parser.parse_args(arguments)
    uvicorn.run(make_app(given.prefect), host="127.0.0.1", port=given.port, log_level="warning", server_header=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
