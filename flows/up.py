"""Everything on one machine: Prefect's server, the flows, the desk; started, watched and stopped together."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from config.settings import ServerSettings
from flows.processes import MARK, Child, end_all, find_marked, identity, is_alive
from flows.server import DESK_URL, HOST, Place, listens, require_free
from procedures.accounts import first_admin
from procedures.errors import Installation, Text
from procedures.office import Office

Tell = Callable[..., None]
STOPPING_SIGNALS = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, n)]
START_SECONDS = 180  # a first start on a slow disk compiles and migrates
RESTARTS, RESTART_WINDOW = 3, 600.0
RUNNING = Text(
    "ketnap đang chạy rồi cho cơ sở dữ liệu này. Bàn làm việc: {status}. "
    "Hãy dùng trang ấy, hoặc dừng lượt đang chạy trước.",
    "ketnap already runs for this database. The desk: {status}. Use that page, or stop the running one first.",
)
BROKEN = Text(
    "{part} không chạy được. Những dòng cuối của {log}:\n{words}",
    "{part} does not run. The last lines of {log}:\n{words}",
)
STARTING = Text(
    "Đang khởi động (lần đầu lâu hơn, khoảng nửa phút) …", "Starting (the first time takes longer, half a minute) …"
)
AGAIN = Text("{part} đã dừng; đang khởi động lại.", "{part} stopped; starting it again.")
STOPPING = Text("Đang dừng …", "Stopping …")
STOPPED = Text("Đã dừng.", "Stopped.")
PARTS = {
    "server": Text("Máy chủ Prefect", "Prefect's server"),
    "desk": Text("Bàn làm việc", "The desk"),
    "serve": Text("Các luồng việc", "The flows"),
}
READY = Text(
    """ketnap đang chạy. Ngày làm việc: {day}.

  Bàn làm việc        {status}
  Các lượt chạy       {prefect}/runs
  Lịch các luồng việc {prefect}/deployments
{sign_in}
Các lượt đầu tiên đang chạy. Việc nên làm tiếp, ở một cửa sổ lệnh khác:
  {ketnap} due                 những việc phải làm và hạn của chúng
  {ketnap} import TỆP.xlsx     nhập số liệu (ketnap template -o mau.xlsx để có mẫu)
  {ketnap} report --help       in báo cáo

Dừng: Ctrl-C.""",
    """ketnap runs. Business day: {day}.

  The desk      {status}
  Runs          {prefect}/runs
  Schedules     {prefect}/deployments
{sign_in}
The first runs have begun. What to do next, in another terminal:
  {ketnap} due                 what must be done, and by when
  {ketnap} import FILE.xlsx    read your figures (ketnap template -o mau.xlsx gives the form)
  {ketnap} report --help       print a report

Stop: Ctrl-C.""",
)
FIRST = Text(
    """
  Đăng nhập lần đầu:  tài khoản {username}, mật khẩu {password}
                      (chỉ hiện một lần, dùng được trong {days} ngày; vào rồi sẽ đặt mật khẩu mới)
""",
    """
  First sign-in: account {username}, password {password}
                 (shown once, holds for {days} days; you will choose a new one)
""",
)


def ketnap(office: Office) -> str:
    """What another terminal must type to mean this program and this installation."""
    program = Path(sys.executable).with_name("ketnap")
    told = "ketnap" if shutil.which("ketnap") or not program.exists() else str(near(program))
    path = office.settings.path.absolute()
    if path in (Path("config.yaml").absolute(), Path(__file__).parent.parent / "config.yaml"):
        return told
    return f"KETNAP_CONFIG={near(path)} {told}"


def near(path: Path) -> Path:
    """The path from here, where it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def up(office: Office, *, as_json: bool = False) -> None:
    """Starts everything, says where it is, and stays until Ctrl-C or SIGTERM; Installation when a part cannot run."""
    stop = Stop()
    for number in STOPPING_SIGNALS:  # SIGINT is ignored when a script started us with &
        signal.signal(number, stop.ask)
    office.database.init()
    settings = office.settings.server
    place = Place(office.database.beside("prefect"), settings.port)
    place.make()
    with sole_owner(place) as token:
        require_free(settings.port, "port", office.settings.path)
        require_free(settings.status_port, "status_port", office.settings.path)
        machine = Machine(place, settings, token, tell(office.lang))
        try:
            machine.start(stop)
            if not stop.asked:
                announce(office, place, as_json)
                machine.watch(stop)
        finally:
            machine.tell(STOPPING)
            machine.stop()
            machine.tell(STOPPED)


def tell(lang: str) -> Tell:
    """Progress for people, on stderr."""
    return lambda text, **values: print(text.say(lang, **values), file=sys.stderr, flush=True)


def announce(office: Office, place: Place, as_json: bool) -> None:
    """Where everything is; the first time with the administrator's one-time password, which is shown here only."""
    first, desk = first_admin(office), office.settings.server.desk
    if as_json:
        shown: dict[str, Any] = {"prefect": place.address, "status": desk, "business_day": office.today.isoformat()}
        if first:
            shown["first_sign_in"] = {"username": first[0], "password": first[1]}
        print(json.dumps(shown), flush=True)
        return
    days = office.settings.desk.one_time_password_days
    sign_in = FIRST.say(office.lang, username=first[0], password=first[1], days=days) if first else ""
    words = {"day": office.today, "status": desk, "prefect": place.address, "ketnap": ketnap(office)}
    print(READY.say(office.lang, sign_in=sign_in, **words), flush=True)


@contextlib.contextmanager
def sole_owner(place: Place) -> Iterator[str]:
    """Holds this home for one `up`, after ending what a killed one left behind; gives this one's token."""
    note = place.home / "up.json"
    try:
        lock = FileLock(place.home / "up.lock", mode=0o600).acquire(timeout=0)
    except Timeout:
        raise Installation(RUNNING, status=read(note).get("status", "")) from None
    with lock:
        end_leftovers(read(note))
        token = secrets.token_hex(16)
        write(note, {"token": token, "up": identity()})
        yield token
        note.unlink(missing_ok=True)


def end_leftovers(note: dict[str, Any]) -> int:
    """Ends the children of a killed `up`: those that carry its token, or whose pid and start time it wrote down."""
    pids = set(find_marked(note["token"])) if note.get("token") else set()
    pids |= {int(name.split(":")[1]) for name in note.get("children", []) if is_alive(name)}
    return end_all(sorted(pids))


def read(note: Path) -> dict[str, Any]:
    try:
        found = json.loads(note.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(note: Path, content: dict[str, Any]) -> None:
    with open(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)


class Stop:
    """Asked by a signal. A plain mark: a handler may run in the middle of a lock's own work, or of another handler (make
    hands on the signal its whole group has had), and would wait there for itself."""

    def __init__(self) -> None:
        self.asked = False

    def ask(self, *_: object) -> None:
        self.asked = True

    def wait(self, seconds: float) -> bool:
        """Sleep so long, or until asked; whether it was."""
        until = time.monotonic() + seconds
        while not self.asked and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))
        return self.asked


class Machine:
    """The three children and how they are kept alive."""

    def __init__(self, place: Place, settings: ServerSettings, token: str, tell: Tell) -> None:
        self.place, self.settings, self.token, self.tell = place, settings, token, tell
        env = place.environment() | {MARK: token, DESK_URL: settings.desk}
        python, log = sys.executable, place.home / "log"
        self.serving = place.home / "serving"
        self.server = Child("server", place.command(), env, log / "server.log")
        page = [python, "-m", "console.desk", "--port", str(settings.status_port), "--prefect", place.address]
        self.desk = Child("desk", page, env, log / "desk.log")
        self.serve = Child(
            "serve", [python, "-m", "flows", "serve", "--first", "--wait", str(START_SECONDS)], env, log / "serve.log"
        )
        self.restarts: list[float] = []

    def start(self, stop: Stop) -> None:
        """All three at once; the flows import while the server boots."""
        self.tell(STARTING)
        for child in (self.server, self.serve, self.desk):
            child.start()
        self.write_down()
        self.wait(stop)

    def write_down(self) -> None:
        """Who our children are, for the next `up` should this one be killed."""
        pids = [child.process.pid for child in (self.server, self.serve, self.desk) if child.process]
        note = {
            "token": self.token,
            "up": identity(),
            "children": [identity(pid) for pid in pids],
            "status": self.settings.desk,
        }
        write(self.place.home / "up.json", note)

    def wait(self, stop: Stop) -> None:
        """Until each is healthy; Installation with its last words when one is not."""
        until = time.monotonic() + START_SECONDS
        waiting: dict[str, tuple[Child, Callable[[], bool]]] = {
            "server": (self.server, self.place.is_healthy),
            "desk": (self.desk, lambda: listens(self.settings.status_port, HOST, self.settings.listen)),
            "serve": (self.serve, self.serves),
        }
        while waiting and not stop.wait(0.1):
            for name, (child, healthy) in list(waiting.items()):
                if child.ended or time.monotonic() > until:
                    raise broken(child)
                if healthy():
                    del waiting[name]

    def serves(self) -> bool:
        """Whether the flows say that they are registered and waiting for their time."""
        with contextlib.suppress(OSError):
            return self.serve.process is not None and self.serving.read_text() == identity(self.serve.process.pid)
        return False

    def watch(self, stop: Stop) -> None:
        """Starts again what dies by itself; Installation when that does not help."""
        while not stop.wait(0.5):
            for child in (self.server, self.serve, self.desk):
                if not child.ended:
                    continue
                now = time.monotonic()
                self.restarts = [at for at in self.restarts if now - at < RESTART_WINDOW] + [now]
                if len(self.restarts) > RESTARTS:
                    raise broken(child)
                self.tell(AGAIN, part=PARTS[child.name])
                self.restart(child)
                self.wait(stop)
                break

    def restart(self, child: Child) -> None:
        child.stop(1)
        if child is self.server:  # its flows lost what they were told; they find their way again from the start
            self.serve.stop(4)
        child.start()
        if child is self.server:
            self.serve.start()
        self.write_down()

    def stop(self) -> None:
        """The flows first, while the server still listens to them; within ten seconds in all."""
        self.serve.stop(4.5)
        self.serving.unlink(missing_ok=True)
        self.desk.stop(1)
        self.server.stop(3)
        end_all(find_marked(self.token), 0.5)


def broken(child: Child) -> Installation:
    return Installation(BROKEN, part=PARTS[child.name], log=child.log, words=child.last_words())
