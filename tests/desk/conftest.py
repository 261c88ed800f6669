"""The desk as its users have it: the real application on a real database, in process or served, and a real browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette_admin.auth.base import AdminUser, BaseAuthProvider

from console.desk.app import make_app
from console.desk.words import lang
from procedures.office import Office
from states.roles import Actor

PREFECT = "http://127.0.0.1:4200"


class Somebody(BaseAuthProvider):
    """Whoever the test says is asking; test_sign_in.py tries the real provider."""

    def __init__(self, actor: Actor) -> None:
        super().__init__(login_path="/dang-nhap", logout_path="/dang-xuat")
        self.actor = actor

    async def authenticate(self, request: Request) -> AdminUser:
        request.state.actor = self.actor
        request.state.office = request.state.open_office().for_actor(self.actor, lang())
        return AdminUser(username=self.actor.user)

    def get_routes(self, templates: Any) -> list[Route]:
        return [
            Route("/dang-nhap", lambda request: PlainTextResponse("dang nhap"), name="login"),
            Route("/dang-xuat", lambda request: PlainTextResponse("dang xuat"), methods=["POST"], name="logout"),
        ]


@dataclass
class Desk:
    """The application with somebody at it, and the office behind it."""

    office: Office
    client: TestClient
    provider: Somebody
    app: Any
    token: str = field(default="", repr=False)

    def sit(self, role: str, unit: str | None = None, user: str = "lan") -> Desk:
        """Another one takes the seat."""
        self.provider.actor = Actor(user, role, unit)
        return self

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path, params=query or None)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        """A form sent as the page would send it, its token included."""
        if not self.client.cookies.get("starlette_admin_csrftoken"):
            self.client.get("/")
        token = self.client.cookies.get("starlette_admin_csrftoken")
        return self.client.post(path, data={"csrftoken": token} | (data or {}), follow_redirects=False, **more)


def desk_of(office: Office, actor: Actor | None = None) -> Desk:
    """The desk of an office in Vietnamese, with an administrator at it unless told otherwise."""
    office.lang = "vi"
    provider = Somebody(actor or Actor("lan", "quan_tri"))
    app = make_app(lambda: office, PREFECT, provider=provider)
    client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=True)
    return Desk(office, client, provider, app)


@pytest.fixture(autouse=True)
def _loud(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody expected fails the test with its own traceback."""
    monkeypatch.setenv("KETNAP_LOG", "debug")


@pytest.fixture
def desk(six: Office) -> Desk:
    """The desk over the six people of examples/chi_bo_2025."""
    return desk_of(six)


@pytest.fixture
def desk_on_sqlite(six_on_sqlite: Office) -> Desk:
    """The same on SQLite alone, for what does not touch the database's kind."""
    return desk_of(six_on_sqlite)


@pytest.fixture
def district_on_sqlite(long_bien_on_sqlite: Office) -> Desk:
    """The desk over the district of Long Biên with its cases opened, on SQLite."""
    return desk_of(long_bien_on_sqlite)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def district(request: pytest.FixtureRequest) -> Desk:
    """The district's desk; the test runs once on each kind of database."""
    return desk_of(request.getfixturevalue(f"long_bien_on_{request.param}"))


@pytest.fixture
def untiring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks may ask more often than an officer."""
    monkeypatch.setattr("console.desk.security.Guard._too_often", lambda *_: False)


class Served:
    """An application behind a real server on a free port of this machine."""

    def __init__(self, app: Any) -> None:
        settings = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False)
        self.server = uvicorn.Server(settings)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        until = time.monotonic() + 30
        while not self.server.started:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.02)
        self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """Serve an app; gives its address."""
    served: list[Served] = []

    def start(app: Any) -> str:
        served.append(Served(app))
        return served[-1].url

    yield start
    for one in served:
        one.stop()


@pytest.fixture
def window(chromium: Any) -> Iterator[Callable[..., Any]]:
    """A new window of the browser: window(width=1280, height=720) -> page; what goes wrong in it fails the test."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def open_window(width: int = 1280, height: int = 720, **more: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="vi-VN", **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.wrong = wrong
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def today() -> date:
    """The business day of the six people's example."""
    return date(2025, 12, 1)
