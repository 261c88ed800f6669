"""The desk's door: who sits behind a cookie, the pages to sign in and to choose a password, and the way out."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.middleware import Middleware
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates
from starlette_admin.auth.base import AdminUser, AuthMiddleware, BaseAuthProvider
from starlette_admin.flash import flash, get_flashed_messages

from console.desk.page import STATUS
from console.desk.security import address_of
from console.desk.words import lang, t
from procedures.office import Office
from procedures.sign_in import HeldUp, Seat, change_password, find_seat, sign_in, sign_out
from states.errors import BadInput, KetnapError
from states.wording import Text

LOGIN, LOGOUT, PASSWORD = "/dang-nhap", "/dang-xuat", "/doi-mat-khau"
COOKIE = "ketnap_session"
OPEN_ADDRESSES = "/static/"
TWICE = Text("Hai lần gõ mật khẩu mới không giống nhau.", "The new password was not typed the same twice.")
_SAFE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


class Provider(BaseAuthProvider):
    """Accounts of the office; a session's token in a cookie that no script reads."""

    def __init__(self) -> None:
        super().__init__(login_path=LOGIN, logout_path=LOGOUT)
        self.templates: Jinja2Templates | None = None

    async def authenticate(self, request: Request) -> AdminUser | None:
        """Who asks; request.state gets `seat`, `actor` and the actor's `office`."""
        token = request.cookies.get(cookie_name(request))
        if not token:
            return None

        def work() -> tuple[Office, Seat | None]:
            office: Office = request.state.open_office()
            return office, find_seat(office, token)

        office, seat = await run_in_threadpool(work)
        if seat is None:
            return None
        request.state.seat, request.state.actor = seat, seat.actor
        request.state.office = office.for_actor(seat.actor, lang())
        return AdminUser(username=seat.name or seat.username)

    def get_middleware(self) -> Middleware:
        return Middleware(Door, provider=self)

    def get_routes(self, templates: Jinja2Templates) -> list[Route]:
        self.templates = templates
        return [
            Route(LOGIN, self.login, methods=["GET", "POST"], name="login"),
            Route(LOGOUT, self.logout, methods=["POST"], name="logout"),
            Route(PASSWORD, self.password, methods=["GET", "POST"], name="password"),
        ]

    async def login(self, request: Request) -> Response:
        """Sign in; a session that is there already leads on."""
        where = safe_next(request.query_params.get("next"))
        if request.method != "POST":
            return RedirectResponse(where, 303) if _seat(request) else self.show(request, "sign_in")
        form = await request.form()
        username, password = _typed(form, "username"), _typed(form, "password")

        def work() -> str:
            old, address = request.cookies.get(cookie_name(request)), address_of(request)
            return sign_in(request.state.open_office(), username, password, address=address, old_token=old)

        try:
            token = await run_in_threadpool(work)
        except KetnapError as error:
            return self.show(request, "sign_in", error, username=username[:64])
        return with_session(RedirectResponse(where, 303), request, token)

    async def logout(self, request: Request) -> Response:
        """End the session; what the browser keeps of it goes too."""
        token = request.cookies.get(cookie_name(request), "")
        await run_in_threadpool(lambda: sign_out(request.state.open_office(), token))
        response = RedirectResponse(LOGIN, 303)
        response.delete_cookie(cookie_name(request), path="/", secure=is_secure(request), httponly=True, samesite="lax")
        return response

    async def password(self, request: Request) -> Response:
        """Choose a new password; whoever was given theirs gets no further without it."""
        seat = _seat(request)
        assert seat is not None  # the door lets nobody else in
        if request.method != "POST":
            return self.show(request, "password")
        form = await request.form()
        current, new, again = (_typed(form, name) for name in ("current", "new", "again"))

        def work() -> str:
            if new != again:
                raise BadInput(TWICE)
            return change_password(request.state.office, seat, current, new, address=address_of(request))

        try:
            token = await run_in_threadpool(work)
        except KetnapError as error:
            return self.show(request, "password", error)
        said = t(
            "Đã đổi mật khẩu. Các nơi khác đang đăng nhập đều phải đăng nhập lại.",
            "The password was changed; other sessions have ended.",
        )
        flash(request, said, "success")
        return with_session(RedirectResponse(safe_next(request.query_params.get("next")), 303), request, token)

    def show(self, request: Request, name: str, error: KetnapError | None = None, **context: Any) -> Response:
        """One of the door's pages, with what went wrong."""
        assert self.templates is not None
        settings = request.state.open_office().settings
        shown = {
            "flashed_messages": get_flashed_messages(request),
            "seat": _seat(request),
            "error": error.say(lang()) if error else None,
            "least": settings.desk.password_length,
            "here": f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
        }
        status = 429 if isinstance(error, HeldUp) else STATUS.get(error.kind, 400) if error else 200
        headers = {"Retry-After": str(error.seconds)} if isinstance(error, HeldUp) else None
        return self.templates.TemplateResponse(request, f"desk/door_{name}.html", shown | context, status, headers)


class Door(AuthMiddleware):
    """Nobody without a session gets past it, and nobody whose password was given to them gets further than choosing one."""

    provider: Provider

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        path = request.scope["path"]
        request.state.is_anonymous = True
        if path.startswith(OPEN_ADDRESSES):
            return await call_next(request)
        try:
            user = await self.provider.authenticate(request)
        except KetnapError as error:  # no database, a newer one, …: nobody can be known
            return PlainTextResponse(f"{error.say('vi')}\n{error.say('en')}\n", STATUS.get(error.kind, 503))
        if user is None:
            return await self._stranger(request, call_next)
        request.state.admin_user, request.state.is_anonymous = user, False
        if request.state.seat.must_change and path not in (PASSWORD, LOGOUT, LOGIN):
            return RedirectResponse(_asking(PASSWORD, request), 303)
        return await call_next(request)

    async def _stranger(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        if request.scope["path"] == LOGIN:
            return await call_next(request)
        if request.method in ("GET", "HEAD"):
            return RedirectResponse(_asking(LOGIN, request), 303)
        if request.scope["path"] == LOGOUT:
            return RedirectResponse(LOGIN, 303)
        shown = await run_in_threadpool(self.provider.show, request, "again")
        shown.status_code = 401  # what was typed is still in the browser, and can be sent again after signing in
        return shown


def safe_next(wanted: str | None) -> str:
    """Where to go on: a path of this desk, never another place; the first page for anything else."""
    if not wanted or len(wanted) > 2000 or not _SAFE.fullmatch(wanted):
        return "/"
    return "/" if wanted.partition("?")[0] in (LOGIN, LOGOUT, PASSWORD) else wanted


def is_secure(request: Request) -> bool:
    """Whether the browser reached us over https."""
    return request.url.scheme == "https"


def cookie_name(request: Request) -> str:
    """Under https a name by which the browser itself refuses a cookie of another host or path."""
    return f"__Host-{COOKIE}" if is_secure(request) else COOKIE


def with_session(response: Response, request: Request, token: str) -> Response:
    """The answer with the session's cookie; it goes when the browser closes, the session at its own time."""
    response.set_cookie(
        cookie_name(request), token, path="/", secure=is_secure(request), httponly=True, samesite="lax"
    )  # fmt: skip
    return response


def _asking(page: str, request: Request) -> str:
    """The page, and where to go on from it."""
    query = request.url.query
    where = safe_next(request.scope["path"] + (f"?{query}" if query else ""))
    return page if where == "/" else f"{page}?{urlencode({'next': where})}"


def _seat(request: Request) -> Seat | None:
    return getattr(request.state, "seat", None)


def _typed(form: FormData, name: str) -> str:
    """A field as typed; a password's blanks are part of it."""
    value = form.get(name)
    return value if isinstance(value, str) else ""
