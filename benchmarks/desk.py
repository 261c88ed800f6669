"""The officers' desk over 100,000 people: CPU of a request through the whole application, and twenty officers at once."""

from __future__ import annotations

import json
import random
import sqlite3
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.testclient import TestClient

from benchmarks.country_people import TODAY, fill
from benchmarks.measure import Result, seconds
from console.desk.app import make_app
from console.desk.sign_in import COOKIE
from procedures.accounts import add_account
from procedures.office import Office
from procedures.remind import remind
from procedures.sign_in import change_password, find_seat, sign_in
from store.database import CACHE_KIB

PAGE_S, LIST_S = 0.150, 0.300
REPORT_S = 0.600  # a district's figures and its year, month by month: no list, counted anew every time
ROUNDS, OFFICERS, ACTS = 5, 20, 15
DISTRICT = "U00002"
NOT_KNOWN = ("women", "youth_union", "workers", "non_state", "age")
PREFECT = "http://127.0.0.1:4200"
FIRST_DUE = (
    "SELECT c.due_on, c.key, k.code, k.step, c.citation, p.name FROM clocks c JOIN candidates k ON k.id = c.candidate_id"
    " JOIN people p ON p.id = k.person_id WHERE c.state = 'running' ORDER BY c.due_on LIMIT 50"
)
BY_NAME = (
    "SELECT k.code, p.name, k.step, k.since, k.unit_id FROM people p JOIN candidates k ON k.person_id = p.id"
    " {where} ORDER BY p.name_key LIMIT 50"
)


def all_of_it(folder: Path) -> Iterator[Result]:
    """Pages one by one, then everybody at once; the made rows are the same for all."""
    path = folder / "desk.db"
    here = fill(path)
    remind(here)
    _leave_out(path)
    yield from over(here, path)


def _leave_out(path: Path) -> None:
    """Of a few of a hundred something is not known."""
    with sqlite3.connect(path) as base:
        some = "SELECT person_id FROM candidates WHERE id % 100 "
        base.execute(f"UPDATE people SET birth = NULL WHERE id IN ({some} = 1)")
        base.execute(f"DELETE FROM person_attributes WHERE key = 'hoc_van' AND person_id IN ({some} = 2)")
        base.execute(
            "UPDATE candidates SET facts = json_set(facts, '$.gaps', json_array('helper')) WHERE id % 100 IN (3, 4)"
        )
    base.close()


def over(here: Office, path: Path) -> Iterator[Result]:
    """The same over an office that is there."""
    tokens = {
        name: _sign_in(here, name, unit, role)
        for name, unit, role in [("tinh", None, "can_bo"), ("huyen", DISTRICT, "can_bo"), ("quan", None, "quan_tri")]
    }
    app = make_app(lambda: here, PREFECT)
    bare = sqlite3.connect(path)
    bare.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    codes = [
        row[0] for row in bare.execute("SELECT code FROM candidates WHERE head_sequence > 9 ORDER BY code LIMIT 40")
    ]
    with TestClient(app, base_url="http://127.0.0.1") as client:
        for name, who, paths, bound, floor in _pages(codes):
            yield _measure(client, tokens[who], name, paths, bound, lambda floor=floor: _run(bare, floor))  # type: ignore[misc]
    bare.close()
    yield _at_once(here, app, path)


def _pages(codes: list[str]) -> list[tuple[str, str, list[str], float, list[tuple[str, tuple[Any, ...]]]]]:
    """(what, who asks, addresses, seconds allowed, the bare statements for the same rows)."""
    due = [(FIRST_DUE, ()), ("SELECT key, count(*) FROM clocks WHERE state = 'running' GROUP BY key", ()),
           ("SELECT step, count(*) FROM candidates GROUP BY step", ())]  # fmt: skip
    person = [
        ("SELECT * FROM candidates WHERE code = ?", (codes[0],)),
        ("SELECT * FROM journal WHERE candidate_id = (SELECT id FROM candidates WHERE code = ?)", (codes[0],)),
        ("SELECT * FROM clocks WHERE candidate_id = (SELECT id FROM candidates WHERE code = ?)", (codes[0],)),
    ]
    people = "/nguoi/list"
    total = ("SELECT count(*) FROM candidates", ())
    by_name = (BY_NAME.format(where=""), ())
    named = "WHERE p.name_key LIKE '%nguyen%' AND p.name_key LIKE '%lan%'"
    late = "WHERE k.id IN (SELECT candidate_id FROM clocks WHERE state = 'running' AND due_on < '2025-12-01') AND k.step = 'cho_le'"
    return [
        ("start page, the whole office", "tinh", ["/"], PAGE_S, due),
        ("start page, a district of 20,000 people", "huyen", ["/"], PAGE_S, due),
        ("a person's page", "tinh", [f"/nguoi/ho-so?ma={code}" for code in codes], PAGE_S, person),
        ("people, by name", "tinh", [people], LIST_S, [total, by_name]),
        ("people, searched «nguyễn lan»", "tinh", [people + "?q=nguy%E1%BB%85n+lan"], LIST_S,
         [(BY_NAME.format(where=named), ())]),
        ("people, overdue before the ceremony", "tinh", [people + "?filter=step__in=cho_le AND overdue__is_true"], LIST_S,
         [(BY_NAME.format(where=late), ())]),
        ("people, a breakdown's cell", "tinh", [people + "?filter=cell_women__in=nu"], LIST_S,
         [(BY_NAME.format(where="WHERE EXISTS (SELECT 1 FROM person_attributes a WHERE a.person_id = p.id AND a.key = 'gioi_tinh'"
                                " AND a.value = 'Nữ')"), ())]),
        ("people, a breakdown not known", "tinh",
         [f"{people}?filter=cell_{name}__in=chua_ro" for name in NOT_KNOWN], LIST_S,
         [(BY_NAME.format(where="WHERE NOT EXISTS (SELECT 1 FROM person_attributes a WHERE a.person_id = p.id"
                                " AND a.key = 'gioi_tinh')"), ())]),
        ("people, by due day, a district", "huyen", [people + "?sort=due_on__asc"], LIST_S, [total, by_name]),
        ("data gaps", "tinh", ["/thieu-du-lieu"], LIST_S,
         [("SELECT code, unit_id FROM candidates WHERE json_array_length(facts, '$.gaps') > 0 ORDER BY code", ())]),
        ("work for many", "tinh", ["/nhieu-nguoi"], LIST_S, [("SELECT step, count(*) FROM candidates GROUP BY step", ())]),
        ("work for many, those ready", "tinh", ["/nhieu-nguoi/chon?viec=certify_class"], LIST_S,
         [(BY_NAME.format(where="WHERE k.step = 'cam_tinh'"), ())]),
        ("cases", "tinh", ["/leo-thang"], LIST_S, [("SELECT * FROM cases WHERE step <> 'da_dong' LIMIT 50", ())]),
        ("notices", "tinh", ["/thong-bao"], LIST_S, [("SELECT * FROM notices ORDER BY id DESC LIMIT 50", ())]),
        ("targets", "tinh", ["/chi-tieu"], LIST_S, [("SELECT * FROM targets LIMIT 50", ())]),
        ("access log", "quan", ["/nhat-ky-truy-cap"], LIST_S,
         [("SELECT * FROM access_log ORDER BY id DESC LIMIT 50", ())]),
        ("accounts", "quan", ["/nguoi-dung"], LIST_S, [("SELECT * FROM accounts ORDER BY name LIMIT 50", ())]),
        ("units", "tinh", ["/don-vi"], LIST_S, [("SELECT * FROM unit_versions LIMIT 50", ())]),
        ("one unit, a district", "tinh", [f"/don-vi?ma={DISTRICT}"], REPORT_S,
         [("SELECT * FROM unit_versions WHERE parent_id = 2", ())]),
    ]  # fmt: skip


def _run(bare: sqlite3.Connection, statements: list[tuple[str, tuple[Any, ...]]]) -> None:
    for statement, given in statements:
        bare.execute(statement, given).fetchall()


def _measure(
    client: TestClient, token: str, name: str, paths: list[str], bound: float, floor: Callable[[], None]
) -> Result:
    """CPU seconds of this process around a whole request: the client's own part is in it."""

    def ask(path: str) -> None:
        answer = client.get(path, cookies={COOKIE: token}, follow_redirects=False)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"

    client.cookies.clear()
    ask(paths[0])  # templates, trees and plans are made once
    taken = [
        seconds(lambda path=path: ask(path), time.process_time) for path in (paths * ROUNDS)[: max(ROUNDS, len(paths))]
    ]  # type: ignore[misc]
    least = statistics.median(seconds(floor, time.process_time) for _ in range(ROUNDS))
    ours = statistics.median(taken)
    note = f"bare SQL {least * 1e3:.1f} ms: {ours / max(least, 1e-4):.0f}×; slowest {max(taken) * 1e3:.0f} ms"
    return Result(f"{name}, CPU", ours * 1e3, bound * 1e3, 1, "ms", note=note)


def _sign_in(here: Office, name: str, unit: str | None, role: str = "can_bo") -> str:
    """The token of an officer who has chosen a password of their own."""
    given = add_account(here, name, role=role, unit=unit)
    token = sign_in(here, name, given["password"], address="127.0.0.1")
    seat = find_seat(here, token)
    assert seat is not None
    return change_password(here, seat, given["password"], "Ban lam viec cua can bo 2025", address="127.0.0.1")


def _at_once(here: Office, app: Any, path: Path) -> Result:
    """Twenty officers open pages and take steps, of people of their own and all of the same few."""
    bare = sqlite3.connect(path)
    ready = [
        row[0] for row in bare.execute("SELECT code FROM candidates WHERE step = 'cam_tinh' ORDER BY code LIMIT 400")
    ]
    before = bare.execute("SELECT count(*) FROM journal").fetchone()[0]
    tokens = [_sign_in(here, f"canbo{n:02d}", None) for n in range(OFFICERS)]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    answers: Counter[str] = Counter()
    waits: list[float] = []

    def officer(number: int) -> None:
        chance = random.Random(number)
        own = ready[20 + number * ACTS : 20 + (number + 1) * ACTS]
        with httpx.Client(base_url=url, cookies={COOKIE: tokens[number]}, timeout=60) as client:
            for turn in range(ACTS):
                code = own[turn] if turn % 2 else ready[turn % 3]  # every other step is of somebody all reach for
                for page in ("/", f"/nguoi/ho-so?ma={code}", "/nguoi/list?q=" + chance.choice(("lan", "P0012", "hoa"))):
                    _note(client, "GET", page, None, answers, waits)
                form = client.get("/nguoi/ho-so/buoc", params={"ma": code, "viec": "assign_helper"})
                version = form.text.partition('name="phien" value="')[2].partition('"')[0]
                step = {"csrftoken": client.cookies.get("starlette_admin_csrftoken", ""), "ma": code, "phien": version,
                        "viec": "assign_helper", "lam": "ghi", "on": f"{TODAY:%d/%m/%Y}", "helper": f"Đảng viên {number}",
                        "document_number": f"{number}-{turn}/QĐ"}  # fmt: skip
                _note(client, "POST", "/nguoi/ho-so/buoc", step, answers, waits)

    officers = [threading.Thread(target=officer, args=(number,)) for number in range(OFFICERS)]
    began = time.perf_counter()
    for one in officers:
        one.start()
    for one in officers:
        one.join()
    took = time.perf_counter() - began
    server.should_exit = True
    thread.join(10)
    written = bare.execute("SELECT count(*) FROM journal").fetchone()[0] - before
    bare.close()
    failed = sum(number for answer, number in answers.items() if answer not in ("200", "303", "409", "422"))
    steps = answers["303"]
    if written != steps:
        failed += abs(written - steps)
    note = f"{json.dumps(dict(sorted(answers.items())))}; {written} steps; {len(waits) / took:.0f} requests/s, slowest {max(waits):.1f} s"
    return Result(f"{OFFICERS} officers at once: answers that failed", float(failed + 1), 1.0, 1, "", note=note)


def _note(
    client: httpx.Client, method: str, path: str, form: dict[str, str] | None, answers: Counter[str], waits: list[float]
) -> None:
    began = time.perf_counter()
    try:
        answers[str(client.request(method, path, data=form).status_code)] += 1
    except httpx.HTTPError as failure:
        answers[type(failure).__name__] += 1
    waits.append(time.perf_counter() - began)
