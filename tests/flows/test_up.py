"""One `up` from its start to its end: what it shows, what it keeps to itself, how it gets over a hard kill, how it stops."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Pending, Running

from console.desk.prefect_page import Prefect
from flows import orphans
from flows.deployments import CATALOGUE
from flows.processes import identity
from procedures.errors import KetnapError
from tests.flows.conftest import Installation, Up, until

pytestmark = pytest.mark.prefect
NAMES = [entry.flow.name for entry in CATALOGUE]
KINDS = {
    "reminders": {"progress", "table", "markdown"},
    "delivery": {"progress", "table", "markdown"},
    "rollup": {"progress", "table", "markdown"},
    "escalation": {"progress", "table", "markdown"},
    "housekeeping": {"progress", "table", "markdown"},
}


def runs_of(client: SyncPrefectClient, name: str) -> list[FlowRun]:
    return client.read_flow_runs(flow_filter=FlowFilter(name=FlowFilterName(any_=[name])))


def completed(
    client: SyncPrefectClient, name: str, tag: str | None = None, after: datetime | None = None
) -> FlowRun | None:
    """A run of that flow that ended well, of that tag, started after that instant."""
    for run in runs_of(client, name):
        right = tag in run.tags if tag else True
        later = after is None or (run.start_time and run.start_time > after)
        if run.state_type == StateType.COMPLETED and right and later:
            return run
    return None


def run_now(client: SyncPrefectClient, name: str, **parameters: Any) -> FlowRun:
    deployment = client.read_deployment_by_name(f"{name}/{name}")
    return client.create_flow_run_from_deployment(deployment.id, parameters=parameters)


@pytest.mark.parametrize("name", NAMES)
def test_the_first_run_of_each_flow_leaves_cards(name: str, client: SyncPrefectClient) -> None:
    run = until(lambda: completed(client, name, tag="khởi động"), 120)
    mine = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
    cards = client.read_artifacts(artifact_filter=mine)
    assert KINDS[name] <= {card.type for card in cards}
    assert all(card.description for card in cards)
    assert "2025" in run.name or "Phúc Lâm" in run.name
    assert 3 <= len(client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run.id])))) <= 10


@pytest.mark.parametrize("name", NAMES)
def test_each_deployment_has_runs_scheduled_by_its_cron(name: str, client: SyncPrefectClient) -> None:
    until(lambda: [run for run in runs_of(client, name) if run.auto_scheduled], 90)


def test_a_run_scheduled_by_cron_really_runs(client: SyncPrefectClient) -> None:
    until(lambda: completed(client, "delivery", tag="auto-scheduled"), 150)


@pytest.mark.parametrize("name", NAMES)
def test_from_a_run_the_way_leads_back_to_the_desk(name: str, running: Up, client: SyncPrefectClient) -> None:
    run = until(lambda: completed(client, name, tag="khởi động"), 120)
    mine = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
    links = [card.data for card in client.read_artifacts(artifact_filter=mine) if card.key == f"{name}-ban-lam-viec"]
    assert links == [f"[Bàn làm việc]({running.ready['status']})"]
    with urllib.request.urlopen(running.ready["status"], timeout=10) as reply:
        assert reply.status == 200


def test_the_desk_asks_prefect_for_its_runs_and_starts_one(running: Up, client: SyncPrefectClient) -> None:
    until(lambda: completed(client, "reminders", tag="khởi động"), 120)
    prefect = Prefect(running.ready["prefect"])
    run_id = prefect.start("housekeeping")
    ended = until(lambda: (found := client.read_flow_run(run_id)).state.is_final() and found)
    assert ended.state_type == StateType.COMPLETED
    latest = {run["id"]: run for run in prefect.latest_runs("vi")}
    shown = latest[run_id]
    assert (shown["name"], shown["kind"], shown["state"]) == (ended.name, "ok", "xong")
    assert shown["started_at"] <= shown["ended_at"] <= datetime.now(UTC)
    began = [run["started_at"] for run in latest.values() if run["started_at"]]
    assert began == sorted(began, reverse=True)
    assert shown["page"] == prefect.run_page(run_id)
    page = httpx.get(shown["page"], headers={"Accept": "text/html"}, timeout=10)  # as a browser asks
    assert (page.status_code, page.headers["Content-Type"].partition(";")[0]) == (200, "text/html")
    with pytest.raises(KetnapError, match="ketnap flows serve"):
        prefect.start("nothing")


def test_a_second_run_finds_nothing(client: SyncPrefectClient) -> None:
    run = run_now(client, "reminders")
    ended = until(lambda: (found := client.read_flow_run(run.id)).state.is_final() and found)
    assert ended.state_type == StateType.COMPLETED
    assert "tạo mới" not in ended.state.message


def test_an_officer_may_ask_for_any_period(client: SyncPrefectClient) -> None:
    run = run_now(client, "rollup", period="2025-Q3")
    ended = until(lambda: (found := client.read_flow_run(run.id)).state.is_final() and found)
    assert (ended.state_type, ended.name) == (StateType.COMPLETED, "Tổng hợp 2025-Q3 · Đảng ủy xã Phúc Lâm")
    mine = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
    cards = {card.key: card for card in client.read_artifacts(artifact_filter=mine)}
    assert cards["bao-cao-xa-pl"].data.startswith("# Đảng ủy xã Phúc Lâm · Quý III năm 2025\n")
    assert {"Chỉ số", "Kết quả", "Tình trạng", "Diễn giải"} <= set(json.loads(cards["rollup-xa-pl"].data)[0])


def test_a_period_that_does_not_exist_fails_with_a_card(client: SyncPrefectClient) -> None:
    run = run_now(client, "rollup", period="2025-Q7")
    ended = until(lambda: (found := client.read_flow_run(run.id)).state.is_final() and found)
    assert ended.state_type == StateType.FAILED
    assert "2025-Q7" in ended.state.message
    mine = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
    # The hook that leaves the card runs once the run has its last state.
    assert until(lambda: any(card.key == "rollup-khong-xong" for card in client.read_artifacts(artifact_filter=mine)))


def test_escalation_rests_on_a_day_off(client: SyncPrefectClient) -> None:
    run = run_now(client, "escalation", today="2025-12-06")
    ended = until(lambda: (found := client.read_flow_run(run.id)).state.is_final() and found)
    assert (ended.state_type, ended.state.name) == (StateType.COMPLETED, "Skipped")


def test_one_flow_runs_from_the_command_line(installation: Installation, running: Up) -> None:
    done = installation.flows("run", "housekeeping", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["state"] == "Completed"


def test_the_flows_of_a_home_are_served_once(installation: Installation, running: Up) -> None:
    done = installation.flows("serve", "--json")
    assert done.returncode == 5
    assert json.loads(done.stdout)["error"]["kind"] == "installation"


def test_a_second_up_for_the_same_database_is_refused(installation: Installation, running: Up) -> None:
    done = installation.flows("up")
    assert done.returncode == 5
    assert "đang chạy rồi" in done.stderr
    assert running.ready["status"] in done.stderr


@pytest.mark.parametrize(("key", "part"), [("port", "prefect"), ("status_port", "status")])
def test_a_taken_port_is_named_with_its_setting(
    key: str, part: str, installation: Installation, running: Up, tmp_path: Path
) -> None:
    taken = running.ready[part].rpartition(":")[2]
    other = Installation(tmp_path, 1, 1)
    free = {"port": 4, "status_port": 5, key: int(taken)}
    if key == "status_port":
        del free["port"]
        free["port"] = int(running.ready["prefect"].rpartition(":")[2]) + 1
    other.config.write_text(f"database: var/ketnap.db\nserver: {json.dumps(free)}\n", encoding="utf-8")
    done = other.flows("up")
    assert done.returncode == 5
    assert taken in done.stderr
    assert f"server.{key}" in done.stderr


def test_its_home_is_for_its_owner_alone(installation: Installation, running: Up) -> None:
    home = installation.place.home
    for path in [home, *home.rglob("*")]:
        if path.is_dir() and path.parent in (home, home.parent):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    assert stat.S_IMODE((home / "prefect.db").stat().st_mode) & 0o077 == 0


def test_nothing_about_a_person_reaches_prefect(installation: Installation, running: Up) -> None:
    with sqlite3.connect(f"file:{installation.database}?mode=ro", uri=True) as ours:
        names = [name for (name,) in ours.execute("SELECT name FROM people")]
        names += [name for (name,) in ours.execute("SELECT name FROM recipients WHERE name IS NOT NULL")]
    assert len(names) > 6
    forms = [form for name in names for form in (name.encode(), json.dumps(name)[1:-1].encode())]
    home = installation.place.home
    files = [path for path in [*home.glob("prefect.db*"), *(home / "log").iterdir()] if path.is_file()]
    assert len(files) >= 4
    for path in files:
        content = path.read_bytes()
        assert [form.decode() for form in forms if form in content] == [], path


@pytest.mark.parametrize("path", ["/", "/health"])
def test_the_desk_keeps_to_itself(path: str, running: Up) -> None:
    with urllib.request.urlopen(running.ready["status"] + path, timeout=10) as reply:
        policy, text = reply.headers["Content-Security-Policy"], reply.read().decode()
    assert policy.startswith("default-src 'none'")
    assert "http" not in text.replace(running.ready["status"], "").replace(running.ready["prefect"], "")
    foreign = urllib.request.Request(running.ready["status"] + path, headers={"Host": "ketnap.example"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(foreign, timeout=10)


def test_the_first_start_makes_an_administrator(installation: Installation, machine: list[Up]) -> None:
    first = machine[0].ready["first_sign_in"]
    assert first["username"] == "quan_tri"
    assert len(first["password"]) >= 16
    with sqlite3.connect(installation.database) as database:
        assert database.execute("SELECT username, role, must_change FROM accounts").fetchall() == [
            ("quan_tri", "quan_tri", 1)
        ]
        assert first["password"] not in str(database.execute("SELECT * FROM accounts").fetchall())


def test_after_the_first_sign_in_a_password_is_chosen_and_page_one_is_todays_list(
    machine: list[Up], running: Up
) -> None:
    first = machine[0].ready["first_sign_in"]
    with httpx.Client(base_url=running.ready["status"], follow_redirects=True, timeout=20) as browser:
        asked = browser.get("/")
        assert asked.url.path == "/dang-nhap"
        asked = send(browser, asked, username=first["username"], password=first["password"])
        assert asked.url.path == "/doi-mat-khau"
        assert browser.get("/nguoi/list").url.path == "/doi-mat-khau"  # nothing else opens before
        today = send(browser, asked, new="bốn mùa hoa gạo", again="bốn mùa hoa gạo")
        assert (today.status_code, today.url.path) == (200, "/")
        assert re.findall(r"<h1[^>]*>\s*(.*?)\s*</h1>", today.text, re.DOTALL)[0].startswith("Hôm nay")
        assert {"PL-02", "PL-03", "PL-04"} <= set(re.findall(r"PL-0\d", today.text))
        browser.cookies.clear()
        again = send(browser, browser.get("/"), username=first["username"], password=first["password"])
        assert (again.status_code, again.url.path) == (400, "/dang-nhap")  # it was for one time


def send(browser: httpx.Client, page: httpx.Response, **typed: str) -> httpx.Response:
    """The page's form as a person sends it."""
    token = re.search(r'name="csrftoken" value="([^"]+)"', page.text)
    assert token, page.text[:2000]
    return browser.post(page.url, data={"csrftoken": token[1]} | typed)


def test_the_status_counts(running: Up) -> None:
    with urllib.request.urlopen(running.ready["status"] + "/status.json", timeout=10) as reply:
        shown = json.load(reply)
    assert shown["business_day"] == "2025-12-01"
    assert (shown["on_the_way"], shown["due_this_week"], shown["units_behind"]) == (6, 4, 1)
    assert {job["job"]: job["state"] for job in shown["jobs"]}["reminders"] == "done"
    assert shown["last_good_tick"]


def test_prefects_server_asks_for_a_token_and_answers_to_its_own_name_alone(running: Up) -> None:
    body = json.dumps({"name": "x"}).encode()
    request = urllib.request.Request(
        running.ready["prefect"] + "/api/flows/", body, {"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=10)
    for path in ("/", "/api/health", "/v2/runs"):
        foreign = urllib.request.Request(running.ready["prefect"] + path, headers={"Host": "ketnap.example"})
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(foreign, timeout=10)


@pytest.mark.parametrize("origin", ["https://ketnap.example", "http://127.0.0.1:1", "null"])
def test_pages_of_other_origins_get_no_leave_from_prefect(origin: str, running: Up) -> None:
    api = running.ready["prefect"] + "/api/flow_runs/filter"
    asking = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    preflight = httpx.options(api, headers=asking | {"Access-Control-Request-Headers": "content-type"}, timeout=10)
    read = httpx.get(running.ready["prefect"] + "/api/health", headers={"Origin": origin}, timeout=10)
    for reply in (preflight, read):
        assert reply.headers.get("Access-Control-Allow-Origin") not in ("*", origin)
    assert preflight.status_code == 400
    own = httpx.options(api, headers=asking | {"Origin": running.ready["prefect"]}, timeout=10)
    assert (own.status_code, own.headers["Access-Control-Allow-Origin"]) == (200, running.ready["prefect"])


def test_everything_listens_on_this_machine_alone(running: Up) -> None:
    until(lambda: len(running.children()) >= 3)
    heard = set()
    for pid in [running.process.pid, *running.children()]:
        with contextlib.suppress(psutil.NoSuchProcess):  # a run that ended meanwhile
            open_ports = psutil.Process(pid).net_connections("inet")
            heard |= {(one.laddr.ip, one.laddr.port) for one in open_ports if one.status == psutil.CONN_LISTEN}
    wanted = {int(running.ready[part].rpartition(":")[2]) for part in ("prefect", "status")}
    assert {ip for ip, _ in heard} == {"127.0.0.1"}
    assert wanted <= {port for _, port in heard}


def test_orphans_are_put_right_and_give_their_slot_back(client: SyncPrefectClient) -> None:
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    dead = identity(gone.pid)
    gone.wait()
    deployment_id = client.create_deployment(client.create_flow_from_name("stand-in"), "stand-in", concurrency_limit=1)
    one, two = (client.create_flow_run_from_deployment(deployment_id) for _ in range(2))
    for state in (Pending(), Running()):
        client.set_flow_run_state(one.id, state)
    client.set_flow_run_state(two.id, Pending())
    assert client.read_flow_run(two.id).state_type == StateType.SCHEDULED  # the slot is taken

    client.update_flow_run(one.id, infrastructure_pid=identity())
    assert orphans.repair(client, ["stand-in"]) == 0  # a living process owns it
    client.update_flow_run(one.id, infrastructure_pid=dead)
    assert orphans.repair(client, ["stand-in"]) == 1
    assert client.read_flow_run(one.id).state_type == StateType.CRASHED
    client.set_flow_run_state(two.id, Pending())
    assert client.read_flow_run(two.id).state_type == StateType.PENDING


@pytest.mark.browser
def test_the_browser_calls_nobody_else(running: Up, client: SyncPrefectClient, chromium: Any) -> None:
    run = until(lambda: completed(client, "reminders"), 120)
    prefect, called = running.ready["prefect"], set()
    page = chromium.new_page()
    page.on("request", lambda request: called.add(request.url))
    page.goto(running.ready["status"])
    page.get_by_role("heading", name="Đăng nhập").wait_for()
    page.goto(f"{prefect}/runs")
    page.get_by_text(run.name).first.wait_for()
    page.goto(f"{prefect}/runs/flow-run/{run.id}")
    page.get_by_text("Artifacts", exact=True).first.click()
    page.get_by_text("reminders-ket-qua").first.wait_for()
    page.goto(f"{prefect}/v2/runs")  # the new page is a click away: what it tries must be stopped
    page.wait_for_timeout(3000)
    answered = [url for url in called if url.startswith("http") and "//127.0.0.1:" not in url]
    page.close()
    assert len(called) > 20
    assert answered == []


def test_after_a_hard_kill_the_next_start_puts_everything_right(
    installation: Installation, machine: list[Up], client: SyncPrefectClient
) -> None:
    with sqlite3.connect(installation.database, isolation_level=None) as held:
        held.execute("BEGIN IMMEDIATE")  # the run waits for the database, so it is killed at work
        run = run_now(client, "reminders")
        until(lambda: client.read_flow_run(run.id).state_type == StateType.RUNNING)
        until(lambda: client.read_flow_run(run.id).infrastructure_pid)
        machine[-1].kill()
        held.execute("ROLLBACK")
    killed_at = datetime.now(UTC)
    machine.append(installation.up())
    assert "first_sign_in" not in machine[-1].ready  # the one-time password was told by the first start alone
    with SyncPrefectClient(installation.place.api) as again:
        assert again.read_flow_run(run.id).state_type == StateType.CRASHED
        at_work = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
        assert again.read_flow_runs(flow_run_filter=at_work)[0].state.message.startswith("Tiến trình đã dừng")
        for name in NAMES:  # every deployment can run
            until(lambda name=name: completed(again, name, after=killed_at), 300)


def test_a_child_that_dies_is_started_again(running: Up) -> None:
    page = next(pid for pid in running.children() if b"console.desk" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(page, 9)
    until(lambda: "Bàn làm việc đã dừng" in running.said_to.read_text())
    until(lambda: answers(running.ready["status"] + "/health"))


def answers(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(url, timeout=2).status == 200)
    except OSError:
        return False


def test_sigterm_stops_everything_within_ten_seconds(installation: Installation, running: Up) -> None:
    with (
        SyncPrefectClient(installation.place.api) as client,
        sqlite3.connect(installation.database, isolation_level=None) as held,
    ):
        held.execute("BEGIN IMMEDIATE")
        run = run_now(client, "reminders")
        until(lambda: client.read_flow_run(run.id).state_type == StateType.RUNNING)
        code, seconds = running.terminate()
        held.execute("ROLLBACK")
    assert (code, running.children()) == (0, [])
    assert seconds < 10
    assert not answers(running.ready["status"] + "/health")
    assert not answers(running.ready["prefect"] + "/api/health")
