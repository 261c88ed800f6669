"""The parts that need no server: processes and their names, the environment, the catalogue, what a failure may say."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

import config
from flows import artifacts, up
from flows.deployments import CATALOGUE, FIRST, deployments
from flows.job import StepFailed, chunks, discreet
from flows.processes import Child, end_all, find_marked, identity, is_alive
from flows.rollup import quarter_of, wanted
from flows.server import Place, answers, listens, require_free
from procedures.errors import Conflict, Installation, Text
from procedures.office import Office
from tests.flows.conftest import Installation as Folder
from tests.flows.conftest import free_port

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)",
]


def test_a_process_keeps_its_name_until_it_ends() -> None:
    child = subprocess.Popen(SLEEP)
    name = identity(child.pid)
    assert is_alive(name)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not is_alive(name)  # a zombie does no work
    child.wait()
    assert not is_alive(name)


@pytest.mark.parametrize("name", ["", "x", "::", "abc:12:34", "{own}9", "{other}"])
def test_no_other_name_is_alive(name: str) -> None:
    own = identity()
    assert is_alive(own)
    assert not is_alive(name.format(own=own, other=own.replace(":", ":0", 1)[:-1]))


def test_marked_processes_are_found_and_ended_and_no_others() -> None:
    token = secrets.token_hex(8)
    ours = [subprocess.Popen(SLEEP, env=os.environ | {"KETNAP_UP": token}) for _ in range(2)]
    other = subprocess.Popen(SLEEP, env=os.environ | {"KETNAP_UP": token + "0"})
    while len(find_marked(token)) < 2:
        time.sleep(0.02)
    assert end_all(find_marked(token)) == 2
    assert [child.wait(5) for child in ours] == [-signal.SIGTERM] * 2
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_child_that_does_not_listen_is_ended_with_what_it_started(tmp_path: Path) -> None:
    child = Child("x", DEAF, os.environ, tmp_path / "x.log")
    child.start()
    while not (tmp_path / "x.log").read_bytes():
        time.sleep(0.02)
    assert not child.ended
    assert child.stop(0.3) is False
    assert child.ended
    assert child.stop(0.3) is True
    assert (tmp_path / "x.log").stat().st_mode & 0o077 == 0


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Installation, match=rf"{port}.*server\.status_port.*config\.yaml"):
            require_free(port, "status_port", tmp_path / "config.yaml")
    require_free(port, "status_port", "config.yaml")


def test_the_environment_keeps_prefect_at_home(tmp_path: Path) -> None:
    theirs = {"PREFECT_API_URL": "https://cloud.example/api", "PREFECT_API_KEY": "x", "PATH": "/bin"}
    made = Place(tmp_path, 4200).environment(theirs)
    assert made["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
    assert "PREFECT_API_KEY" not in made
    assert made["PATH"] == "/bin"
    assert made["PREFECT_HOME"] == str(tmp_path)
    assert made["PREFECT_SERVER_ANALYTICS_ENABLED"] == made["PREFECT_SERVER_UI_V2_ENABLED"] == "false"
    assert made["DO_NOT_TRACK"] == "1"


def test_prefect_knows_every_setting_we_make(tmp_path: Path) -> None:
    from prefect.settings import get_current_settings

    known = set(get_current_settings().to_environment_variables())
    asked = {name for name in Place(tmp_path, 4200).environment({}) if name.startswith("PREFECT_")}
    assert asked - known == set()


def test_the_desk_is_found_on_whichever_address_it_listens() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.2", 0))
        other.listen()
        port = other.getsockname()[1]
        assert listens(port, "127.0.0.1", "127.0.0.2")
        assert not listens(port, "127.0.0.1")
        assert not listens(port, "no.such.host.invalid")


def test_nobody_answers_where_nobody_is() -> None:
    assert not answers(f"http://127.0.0.1:{free_port()}/health")


@pytest.mark.parametrize("words", [("serve", "--wait", "0.5"), ("run", "reminders")])
def test_without_a_server_the_message_says_what_to_do(words: tuple[str, ...], tmp_path: Path) -> None:
    folder = Folder(tmp_path, free_port(), free_port())
    folder.config.write_text(f"database: var/x.db\nserver: {{port: {folder.port}}}\n", encoding="utf-8")
    done = folder.flows(*words)
    assert done.returncode == 5
    assert f"127.0.0.1:{folder.port}" in done.stderr
    assert "ketnap up" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_config_is_told_before_anything_starts(tmp_path: Path) -> None:
    folder = Folder(tmp_path, 1, 1)
    folder.config.write_text("serverr: {port: 1}\n", encoding="utf-8")
    done = folder.flows("up", "--json")
    assert done.returncode == 5
    assert "serverr" in done.stdout
    assert not (tmp_path / "var").exists()


def test_the_catalogue_is_steady() -> None:
    made = {one.name: one for one in deployments(config.load(config.SHIPPED))}
    assert set(made) == {entry.flow.name for entry in CATALOGUE} == {name for _, name in FIRST}
    slugs = {name: {s.slug: s.schedule for s in one.schedules} for name, one in made.items()}
    assert {name: set(each) for name, each in slugs.items()} == {
        "reminders": {"reminders"},
        "delivery": {"delivery"},
        "rollup": {"rollup-quarter", "rollup-month"},
        "escalation": {"escalation"},
        "housekeeping": {"housekeeping"},
    }
    assert {s.timezone for each in slugs.values() for s in each.values()} == {"Asia/Ho_Chi_Minh"}
    assert slugs["reminders"]["reminders"].cron == "30 7 * * *"
    assert {s.slug: s.parameters for s in made["rollup"].schedules} == {
        "rollup-quarter": {"period": "last_quarter"},
        "rollup-month": {"period": "open"},
    }
    assert all(one.entrypoint == f"flows.{name}.{name}" for name, one in made.items())
    assert all(
        one.description and one._parameter_openapi_schema.properties["today"]["description"] for one in made.values()
    )


def test_a_schedule_set_to_null_does_not_run(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("schedules: {delivery: null}\n", encoding="utf-8")
    made = {one.name: one for one in deployments(config.load(tmp_path / "config.yaml"))}
    assert made["delivery"].schedules == []
    assert len(made["rollup"].schedules) == 2


@pytest.mark.parametrize(
    ("day", "code"), [(date(2020, 1, 1), "2019-Q4"), (date(2020, 3, 31), "2019-Q4"), (date(2020, 4, 1), "2020-Q1")]
)
def test_the_last_quarter(day: date, code: str) -> None:
    assert wanted("last_quarter", day) == code
    assert wanted("open", day) is None
    assert wanted("2020/2025", day) == "2020/2025"
    assert quarter_of(day) == f"{day.year}-Q{(day.month + 2) // 3}"


@pytest.mark.parametrize("failure", [ValueError("Nguyễn Văn A"), Exception({"name": "Nguyễn Văn A"})])
def test_a_failure_tells_no_personal_data(failure: Exception) -> None:
    with pytest.raises(StepFailed) as told, discreet():
        raise failure
    assert "Nguyễn" not in str(told.value)
    assert "test_parts.py" in str(told.value)
    assert told.value.__suppress_context__


def test_only_what_may_pass_is_tried_again() -> None:
    with pytest.raises(StepFailed) as held, discreet():
        raise Conflict(Text("Đang bận.", "Busy."))
    with pytest.raises(StepFailed) as wrong, discreet():
        raise Installation(Text("Cấu hình sai.", "Wrong config."))
    assert (held.value.passing, wrong.value.passing) == (True, False)
    assert str(wrong.value) == "Cấu hình sai."


def test_chunks_are_few_and_whole() -> None:
    codes = [str(number) for number in range(26_000)]
    parts = chunks(codes)
    assert len(parts) == 8
    assert [code for part in parts for code in part] == codes
    assert chunks(codes[:2000]) == [codes[:2000]]
    assert chunks([]) == []


def test_a_run_is_told_in_one_sentence() -> None:
    parts = {"Lập lời nhắc": {"created": 10, "passed_over": 18, "unchanged": 0}, "Gửi": {"sent": 0}}
    assert artifacts.sentence(parts) == "Lập lời nhắc: tạo mới 10, bỏ qua mốc cũ 18."
    assert artifacts.sentence({}) == artifacts.NOTHING
    assert artifacts.key("Q-Long Biên/01") == "q-long-bi-n-01"


def test_what_a_killed_up_left_is_known_by_pid_and_start(tmp_path: Path) -> None:
    left = subprocess.Popen(SLEEP)
    other = subprocess.Popen(SLEEP)
    note = {"token": secrets.token_hex(8), "children": [identity(left.pid), identity(other.pid) + "1"]}
    assert up.end_leftovers(note) == 1
    assert left.wait(5) == -signal.SIGTERM
    assert other.poll() is None
    other.kill()
    other.wait()
    assert up.end_leftovers({}) == 0


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_the_one_time_password_is_told_by_the_first_start_alone(
    as_json: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
    office = Office.open(config.SHIPPED)
    office.database.init()
    place = Place(tmp_path / "prefect", 4200)
    up.announce(office, place, as_json)
    first = capsys.readouterr()
    up.announce(office, place, as_json)
    second = capsys.readouterr()
    office.database.close()
    if as_json:
        password = json.loads(first.out)["first_sign_in"]["password"]
        assert "first_sign_in" not in json.loads(second.out)
    else:
        found = re.search(r"tài khoản quan_tri, mật khẩu (\S+)\n.*\(chỉ hiện một lần", first.out)
        assert found, first.out
        password = found[1]
        assert first.out.count(password) == 1
    assert len(password) == 19
    for told in (first.err, second.out, second.err):
        assert password not in told
        assert "mật khẩu" not in told
    assert all("http://127.0.0.1:4280" in shown.out for shown in (first, second))


def test_what_to_type_next_is_what_works_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "config.yaml").write_text("database: x.db\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shipped, own = Office.open(config.SHIPPED), Office.open(tmp_path / "office" / "config.yaml")
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv" / "bin" / "python"))
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "ketnap").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert up.ketnap(shipped) == ".venv/bin/ketnap"
    assert up.ketnap(own) == "KETNAP_CONFIG=office/config.yaml .venv/bin/ketnap"
    monkeypatch.setenv("PATH", str(tmp_path / ".venv" / "bin"))
    assert up.ketnap(shipped) == "ketnap"


BURST = """
import os, signal, subprocess, sys, time
from flows.up import Stop

SEND = "import os, sys\\nwhile True: os.kill(int(sys.argv[1]), int(sys.argv[2]))"
stop = Stop()
signal.signal(signal.SIGUSR1, lambda *_: stop.ask())
sender = subprocess.Popen([sys.executable, "-c", SEND, str(os.getpid()), str(int(signal.SIGUSR1))])
try:
    until = time.monotonic() + 3
    while time.monotonic() < until:
        stop = Stop()
        assert stop.wait(5)
finally:
    sender.kill()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="no such signals on this system")
def test_signals_in_a_burst_ask_once_and_wait_for_nothing() -> None:
    subprocess.run([sys.executable, "-c", BURST], check=True, timeout=60)
