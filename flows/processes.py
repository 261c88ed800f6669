"""Processes we started, known again later: by pid together with start time, or by the mark in their environment."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

MARK = "KETNAP_UP"  # every child of one `up`, and their children, carry its random token under this name
LOG_BYTES = 5_000_000  # a log that has grown beyond this begins anew at the next start


def started_at(pid: int) -> str | None:
    """When `pid` was started, in the system's own unit; None when it does not live. A pid alone can be used again.

    Linux tells ticks since the boot, which never move; elsewhere it is the time of day.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return None
    except OSError:
        return None
    else:
        return None if fields[0] in "ZX" else fields[19]
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.0f}"
    except psutil.Error:
        return None


def identity(pid: int | None = None) -> str:
    """`boot:pid:start`, the name of one process (this one, unless told otherwise) that no other ever gets."""
    pid = pid or os.getpid()
    return f"{boot()}:{pid}:{started_at(pid)}"


def is_alive(name: str) -> bool:
    """Whether the process that `identity` named still lives; one of another boot (or machine) does not."""
    there, _, rest = name.partition(":")
    pid, _, start = rest.partition(":")
    return there == boot() and pid.isdigit() and started_at(int(pid)) == start


@functools.cache
def boot() -> str:
    """This boot of this machine, in eight characters; empty where the system does not tell."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
    return ""


def find_marked(token: str, mark: str = MARK) -> list[int]:
    """Living processes started with `token` under our mark, never this one."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(mark) == token and started_at(process.pid):
                found.append(process.pid)
    return found


def end_all(pids: Sequence[int], within: float = 3.0) -> int:
    """Ends these processes, asking first; returns how many there were."""
    known = {pid: start for pid in pids if (start := started_at(pid))}
    for end, wait in ((psutil.Process.terminate, within), (psutil.Process.kill, 2.0)):
        for pid, start in known.items():
            if started_at(pid) == start:
                with contextlib.suppress(psutil.Error):
                    end(psutil.Process(pid))
        until = time.monotonic() + wait
        while time.monotonic() < until and any(started_at(pid) == start for pid, start in known.items()):
            time.sleep(0.05)
    return len(known)


def has_ended(pid: int) -> bool:
    """Whether our own child `pid` is gone, without reaping it: until then nobody else can get its number."""
    if not hasattr(os, "waitid"):  # Windows keeps the number while we hold the handle
        return not psutil.pid_exists(pid)
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _family(pid: int) -> list[psutil.Process]:
    """A process and all it has started, where no session holds them together."""
    with contextlib.suppress(psutil.Error):
        return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return []


class Child:
    """One child process in a session of its own, its output appended to a log only the owner can read."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.name, self.command, self.env, self.log = name, list(command), dict(env), log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        fresh = os.O_TRUNC if self.log.exists() and self.log.stat().st_size > LOG_BYTES else os.O_APPEND
        with open(os.open(self.log, os.O_WRONLY | os.O_CREAT | fresh, 0o600), "wb") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=0o077,
            )

    @property
    def ended(self) -> bool:
        """Whether it was started and is gone (its exit code is in `process.returncode` after `stop`)."""
        return self.process is not None and has_ended(self.process.pid)

    def stop(self, within: float) -> bool:
        """Asks it to stop, then ends its whole session; True when it went by itself within `within` seconds."""
        if self.process is None or self.process.returncode is not None:
            return True
        pid, until = self.process.pid, time.monotonic() + within
        family = _family(pid)
        with contextlib.suppress(OSError):
            self.process.terminate()
        while not has_ended(pid) and time.monotonic() < until:
            time.sleep(0.05)
        gone = has_ended(pid)
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):  # not reaped yet, so the group's number is still its own
                os.killpg(pid, signal.SIGKILL)
        else:
            for one in family:
                with contextlib.suppress(psutil.Error):
                    one.kill()
        self.process.wait(5)
        return gone

    def last_words(self, lines: int = 8) -> str:
        """The end of its log."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""
