"""How one machine fares, in counts alone: what /status.json answers without an account, and the pages' word on jobs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from procedures.job_board import turn_state
from procedures.office import Office
from procedures.tick import TICK
from states.steps import ON_THE_WAY, STAGES
from states.wording import Text
from store import overview
from store.candidates_by_step import count_by_step
from store.today import count_cases

SOON_DAYS = 7
JOBS = {
    "reminders": Text("Nhắc hạn", "Reminders"),
    "delivery": Text("Gửi thư nhắc", "Delivery"),
    "rollup": Text("Tổng hợp số liệu", "Roll-up"),
    "escalation": Text("Đôn đốc đơn vị chậm", "Escalation"),
    "housekeeping": Text("Niêm phong và sao lưu", "Seal and backup"),
}
# What a tick does of them, so that an office without Prefect does not read that nothing ever ran
IN_A_TICK = ("reminders", "delivery", "rollup", "escalation")
STATES = {
    "done": Text("Đã xong", "Done"),
    "working": Text("Đang chạy", "Running"),
    "failed": Text("Lượt sau cùng không xong", "The last run did not finish"),
    "never": Text("Chưa chạy", "Not yet run"),
}


def status(office: Office) -> dict[str, Any]:
    """Counts over the whole office, nobody's code among them."""
    today = office.today
    with office.database.reading() as connection:
        people = count_by_step(connection)
        overdue, due_this_week = overview.count_due(connection, today, today + timedelta(days=SOON_DAYS))
        cases = count_cases(connection, None, today)
        unsent = overview.unsent_letters(connection)
    stages = {stage: sum(people.get(step, 0) for step in steps) for stage, steps in STAGES.items()}
    jobs, last_good = job_rows(office)
    return {
        "business_day": today,
        "on_the_way": sum(stages[stage] for stage in ON_THE_WAY),
        "stages": stages,
        "overdue": overdue,
        "due_this_week": due_this_week,
        "units_behind": cases.units,
        "cases": cases.cases,
        "unsent_letters": unsent,
        "jobs": [{"job": row["job"], "state": row["state"], "done_at": row["done_at"]} for row in jobs],
        "last_good_tick": last_good,
    }


def job_rows(office: Office) -> tuple[list[dict[str, Any]], datetime | None]:
    """Every job with its state in words, and when any of them was last done well."""
    with office.database.reading() as connection:
        claims = overview.latest_jobs(connection, [*JOBS, TICK])
    ticks = [one for one in claims if one.job == TICK and one.done_at and one.done_at >= one.claimed_at]
    rows = []
    for name in JOBS:
        own = [one for one in claims if one.job == name]
        rows.append(job_row(name, own + ticks if name in IN_A_TICK else own, office.now(), office.lang))
    return rows, max((one.done_at for one in claims if one.done_at), default=None)


def job_row(name: str, claims: list[overview.Job], now: datetime, lang: str) -> dict[str, Any]:
    """A job's state from its claims: the last one taken tells whether it runs, the last one done when it was well."""
    taken = max(claims, key=lambda job: job.claimed_at, default=None)
    done_at = max((job.done_at for job in claims if job.done_at), default=None)
    state = "never" if taken is None else turn_state(taken.claimed_at, taken.done_at, taken.expires_at, now)
    return {
        "job": name,
        "label": JOBS[name].say(lang),
        "state": state,
        "text": STATES[state].say(lang),
        "done_at": done_at,
    }
