"""What every flow shares: its office, the claim on its job, tasks that tell no personal data, a failure's trace."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.logging.loggers import flow_run_logger
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from flows import artifacts
from flows.processes import boot, identity, is_alive
from procedures.claim import claim, settle
from procedures.errors import Conflict, KetnapError
from procedures.office import Office

ROOT = Path(__file__).parent.parent
P = ParamSpec("P")
R = TypeVar("R")


class StepFailed(Exception):
    """What went wrong in one step, in words that carry codes and places but nothing about a person."""

    def __init__(self, message: str, passing: bool) -> None:
        self.passing = passing  # may be gone at the next try: the database was busy, the disk slow
        super().__init__(message)


@functools.cache
def open_office(today: date | None) -> Office:
    """The office of this process, found through KETNAP_CONFIG and KETNAP_DATABASE_URL, on `today` or its own day."""
    return Office.open(today=today)


@contextmanager
def discreet() -> Iterator[None]:
    """Any failure becomes StepFailed: a library's message may quote a person's row, and Prefect would keep it."""
    try:
        yield
    except StepFailed:
        raise
    except KetnapError as error:
        raise StepFailed(error.say("vi"), passing=isinstance(error, Conflict)) from None
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        place = next((one for one in reversed(frames) if Path(one.filename).is_relative_to(ROOT)), frames[-1])
        where = f"{Path(place.filename).name}:{place.lineno}"
        raise StepFailed(f"Lỗi {type(error).__name__} tại {where}", passing=True) from None


def may_pass(_task: Any, _run: Any, state: State[Any]) -> bool:
    """Whether another try can help."""
    return bool(getattr(state.result(raise_on_failure=False), "passing", False))


def step(title: str, **options: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A task of a flow: tried again when the failure may pass, never answered from a cache, discreet."""

    def dress(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with discreet():
                return function(*args, **kwargs)

        settings: dict[str, Any] = {
            "retries": 2,
            "retry_delay_seconds": [2, 10],
            "retry_condition_fn": may_pass,
            "cache_policy": NO_CACHE,
            "persist_result": False,
        }
        made: Callable[P, R] = task(name=title, task_run_name=title, **(settings | options))(run)
        return made

    return dress


def job(name: str, run_name: str | Callable[[], str], **options: Any) -> Callable[[Callable[P, R]], Any]:
    """A flow of ours: Vietnamese run name, nothing persisted by Prefect, its failure told."""
    settings: dict[str, Any] = {
        "flow_run_name": run_name,
        "on_failure": [tell_failure],
        "on_crashed": [tell_failure],
        "persist_result": False,
        "log_prints": False,
        "timeout_seconds": 3600,
    }
    return lambda function: flow(name=name, **(settings | options))(function)


def lives(owner: str) -> bool:
    """Whether a claim's owner may still be at work: one of another machine is, until its claim expires."""
    return is_alive(owner) or (not owner.startswith(f"{boot()}:") and open_office(None).database.dialect != "sqlite")


@contextmanager
def shift(name: str, today: date | None, scope: str = "") -> Iterator[Shift]:
    """This run's hold on the job for its business day; another run that holds it leaves this one nothing to do."""
    with discreet():
        office = open_office(today)
        me = identity()
        with get_client(sync_client=True) as client:  # lets the next start see whether this run's process still lives
            client.update_flow_run(flow_run.id, infrastructure_pid=me)
        held = claim(office, name, scope, owner=me, lives=lives)
        work = Shift(name, office, mine=held)
        done = False
        try:
            yield work
            done = True
        finally:
            if held:
                settle(office, name, scope, owner=me, result=work.counts if done and not work.failed else None)


class Shift:
    """One run at work: its office, what each part did, how far it is."""

    def __init__(self, name: str, office: Office, *, mine: bool) -> None:
        self.name, self.office, self.mine, self.failed = name, office, mine, False
        self.parts: dict[str, dict[str, Any]] = {}
        self.progress = artifacts.Progress(f"{name}-tien-do") if mine else None

    @property
    def counts(self) -> dict[str, Any]:
        """Every number of every part, `part: name` -> number."""
        return {f"{part}: {name}": number for part, done in self.parts.items() for name, number in done.items()}

    def note(self, part: str, counts: Mapping[str, Any], percent: float) -> None:
        """Adds the plain numbers of `counts` to the part's and moves the progress bar."""
        done = self.parts.setdefault(part, {})
        for name, value in counts.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                done[name] = done.get(name, 0) + value
        if self.progress:
            self.progress.reach(percent)

    def show(self, title: str) -> None:
        """What the parts did, as a card, and the way back to the desk."""
        artifacts.counts(f"{self.name}-ket-qua", title, self.parts)
        artifacts.desk_link(f"{self.name}-ban-lam-viec")

    def end(self) -> State[Any]:
        """The run's last state, with one sentence on what it did."""
        if self.progress:
            self.progress.reach(100)
        return Completed(message=artifacts.sentence(self.parts))

    def fail(self, message: str) -> State[Any]:
        """The work is done, and what it found is not well."""
        self.failed = True
        return Failed(message=message)

    def leave(self) -> State[Any]:
        """Another run is at it: nothing to do here."""
        return Completed(message="Một lượt khác đang làm việc này; lượt này không làm gì thêm.", name="Skipped")


def tell_failure(flow: Any, run: Any, state: State[Any]) -> None:
    """A failed run leaves a card on its page and a line in the log; nothing leaves the machine."""
    message = str(state.message or state.name)
    flow_run_logger(run, flow).error("Lượt %s không xong: %s", run.name, message)
    artifacts.failure(flow.name, run.name, message)


def day_name(title: str) -> Callable[[], str]:
    """The run's name: `title` and its business day."""

    def named() -> str:
        with discreet():
            return f"{title} {open_office(flow_run.parameters.get('today')).today:%d/%m/%Y}"

    return named


def chunks(codes: Sequence[str], most: int = 8, least: int = 2000) -> list[list[str]]:
    """The codes in at most `most` parts of at least `least`: tens of tasks a run, never one a person or a unit."""
    size = max(least, -(-len(codes) // most))
    return [list(codes[start : start + size]) for start in range(0, len(codes), size)]
