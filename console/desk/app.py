"""The web console as one application: starlette-admin's layout, our pages, and the guard around them."""

from __future__ import annotations

import importlib
import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_admin.auth.base import BaseAuthProvider
from starlette_admin.base import BaseAdmin
from starlette_admin.i18n import I18nConfig, TimezoneConfig
from starlette_admin.views import BaseView

from console.desk import words
from console.desk.security import Forms, Guard
from console.desk.strict_templates import StrictTemplates
from procedures.office import Office
from states.errors import KetnapError

HERE = Path(__file__).parent
UPLOADS = ("/nhap",)
THREADS = 8
LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")
# The rooms of the desk in the order of the menu; each module names its views in PAGES.
MODULES = (
    "today", "people", "person", "many", "upload", "units", "targets", "periods", "cases", "notices", "law", "runs",
    "access_log", "accounts", "sign_in",
)  # fmt: skip

OpenOffice = Callable[[], Office]


class WithOffice:
    """Gives every request the means to open the office of the day."""

    def __init__(self, app: ASGIApp, open_office: OpenOffice, prefect: str) -> None:
        self.app, self.open_office, self.prefect = app, open_office, prefect

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.setdefault("state", {})
        state["open_office"], state["prefect"] = self.open_office, self.prefect
        await self.app(scope, receive, send)


class Desk(BaseAdmin):
    """starlette-admin with our templates before its own, its own made strict, and forged forms refused in our words."""

    def _init_csrf(self) -> None:
        assert self.secret_key is not None
        self.middlewares.append(Middleware(Forms, secret_key=self.secret_key))


def make_app(
    open_office: OpenOffice, prefect: str, *, provider: BaseAuthProvider | None = None, views: list[BaseView] | None = None
) -> FastAPI:  # fmt: skip
    """The app. `open_office` gives the office of the business day; `prefect` is the address of Prefect's page."""
    from console.desk import translations

    translations.register()
    office = open_office()
    settings = office.settings
    views = load_views() if views is None else views
    index = next((view for view in views if getattr(view, "path", None) == "/"), None)
    admin = Desk(
        title="ketnap",
        base_url="/",
        templates_dir=str(HERE / "templates"),
        additional_loaders=[StrictTemplates()],
        static_dir=str(HERE / "static"),
        index_view=index,  # type: ignore[arg-type]
        auth_provider=provider or own_provider(),
        secret_key=desk_key(office),
        i18n_config=I18nConfig(default_locale=office.lang, language_header_name=None, language_switcher=["vi", "en"]),
        timezone_config=TimezoneConfig(
            default_timezone=words.ZONE, timezone_cookie_name=None, use_user_locale_timezone=False
        ),
        middlewares=[Middleware(WithOffice, open_office=open_office, prefect=prefect)],
    )
    admin.templates.env.globals.update(words.GLOBALS)
    admin.templates.env.filters.update(words.FILTERS)
    for view in views:
        if view is not index:
            admin.add_view(view)
    app = FastAPI(title="ketnap", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_few_at_once)
    desk = settings.desk
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL_NAMES, *settings.server.hosts])
    app.add_middleware(  # the last added is the outermost: no answer leaves without its headers
        Guard, upload_mb=desk.upload_mb, uploads=UPLOADS, requests_a_minute=desk.requests_a_minute
    )  # fmt: skip

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/status.json")
    def as_data() -> Any:
        """How the machine fares, in counts alone: for whoever watches it."""
        from console.desk.status import status

        try:
            return status(open_office())
        except KetnapError as error:
            return JSONResponse({"error": {"kind": error.kind, "message": error.say("vi")}}, 503)

    admin.mount_to(app)
    app.state.admin = admin
    return app


@asynccontextmanager
async def _few_at_once(_app: FastAPI) -> AsyncIterator[None]:
    """More work at once than that only waits for itself: one process, one database."""
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield


def load_views() -> list[BaseView]:
    """Every view of the desk, in the order of the menu."""
    views: list[BaseView] = []
    for name in MODULES:
        made = importlib.import_module(f"console.desk.{name}")
        views += [view() if isinstance(view, type) else view for view in getattr(made, "PAGES", ())]
    return views


def own_provider() -> BaseAuthProvider:
    """Who is asking, by the accounts of the office."""
    from console.desk.sign_in import Provider

    return Provider()


def desk_key(office: Office) -> str:
    """The key that signs cookies, kept beside the database where only its owner reads it."""
    path = office.database.beside("desk-key")
    try:
        return path.read_text().strip()
    except OSError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_hex(32)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
    except FileExistsError:  # another desk of this database was quicker
        return path.read_text().strip()
    return key
