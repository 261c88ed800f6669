"""What goes around every request: headers, the content policy, how much may be sent, how often may be asked."""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import FormData, Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_admin.security.csrf import CSRFMiddleware

from console.crash import write_crash
from states.wording import Text

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
}
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
TOO_MUCH = Text(
    "Nội dung gửi lên quá lớn (nhiều nhất {limit} MB). Xin chia nhỏ tệp rồi gửi lại.",
    "Too much was sent (at most {limit} MB). Please split the file and send it again.",
)
TOO_OFTEN = Text(
    "Quá nhiều yêu cầu trong một phút. Xin đợi một lát rồi thử lại.",
    "Too many requests within a minute. Please wait a little.",
)
BROKE = Text(
    "Chương trình gặp lỗi ngoài dự kiến; chưa ghi gì dở dang. Xin quay lại và thử lần nữa; "
    "nếu vẫn lỗi, báo người quản trị. Chi tiết kỹ thuật: {file}",
    "Something unexpected went wrong; nothing was left half-written. Please go back and try again; "
    "should it persist, tell the administrator. Technical details: {file}",
)
FORGED = Text(
    "Trang này mở đã lâu hoặc không phải do bàn làm việc gửi; chưa ghi gì. Xin quay lại, tải lại trang rồi gửi lần nữa.",
    "This page is too old or was not sent by the desk; nothing was written. Please go back, reload and send it again.",
)
TOO_LONG_A_FORM = Text(
    "Biểu mẫu gửi lên quá dài (nhiều nhất {fields} ô, mỗi ô {limit} MB); chưa ghi gì. "
    "Xin quay lại và làm thành nhiều lần.",
    "The form is too long (at most {fields} fields of {limit} MB each); nothing was written. "
    "Please go back and do it in parts.",
)
FULL = Text(
    "Ổ đĩa của máy chủ đã đầy; chưa ghi gì. Xin báo người quản trị dọn bớt rồi làm lại.",
    "The server's disk is full; nothing was written. Please ask the administrator to make room and try again.",
)
NO_FILE = "–"
MEGABYTE = 1024 * 1024
PLAIN_FORM_MB = 4  # a list of some thousand people pasted from Excel
MOST_FIELDS = 20_000  # as many people with what is said of each
SECONDS = 60.0
MOST_VISITORS = 10_000
BROWSERS = (
    10  # so many may stand behind one address and ask as often as they please; what they send does not count them
)


class Visits:
    """How often each visitor asked within the last minute; whoever was away longest is forgotten first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def full(self, visitor: str, now: float) -> bool:
        """Whether this one has asked as often as anybody may."""
        seen = self._seen.get(visitor)
        while seen and now - seen[0] >= SECONDS:
            seen.popleft()
        return len(seen or ()) >= self.most

    def add(self, visitor: str, now: float) -> None:
        self._seen.setdefault(visitor, deque()).append(now)
        self._seen.move_to_end(visitor)
        while len(self._seen) > MOST_VISITORS:
            self._seen.popitem(last=False)


class Guard:
    """The outermost layer: counts requests by visitor and by address, stops bodies that are too long, puts the headers
    on every answer."""

    def __init__(self, app: ASGIApp, *, upload_mb: int, uploads: Sequence[str], requests_a_minute: int) -> None:
        self.app = app
        self.upload_mb, self.uploads = upload_mb, tuple(uploads)
        self._visits, self._addresses = Visits(requests_a_minute), Visits(requests_a_minute * BROWSERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        static = scope["path"].startswith("/static/")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    if name not in headers or name != "Cache-Control":
                        headers[name] = value
                if static:
                    headers["Cache-Control"] = "private, max-age=3600"
                headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
            await send(message)

        if not static and self._too_often(scope):
            await _refuse(TOO_OFTEN, 429)(scope, receive, with_headers)
            return
        limit_mb = self.upload_mb if scope["path"].startswith(self.uploads) else min(PLAIN_FORM_MB, self.upload_mb)
        limit = limit_mb * MEGABYTE
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            await _refuse(TOO_MUCH, 413, limit=limit_mb)(scope, receive, with_headers)
            return
        come, place = 0, NO_FILE
        stopped = answered = broke = full = False

        async def counted() -> Message:
            nonlocal come, stopped
            message = await receive()
            come += len(message.get("body", b""))
            if come > limit:  # sent in pieces, without saying how much
                stopped = True
                return {"type": "http.disconnect"}
            return message

        async def unless_stopped(message: Message) -> None:
            nonlocal answered, broke
            broke = broke or message.get("status") == 500  # the framework's bare words; ours follow
            if not (stopped or broke):
                answered = True
                await with_headers(message)

        try:
            await self.app(scope, counted, unless_stopped)
        except Exception as problem:
            if not stopped:
                if answered or os.environ.get("KETNAP_LOG") == "debug":
                    raise
                full = isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT)
                broke = True
                place = NO_FILE if full else str(write_crash(problem))
        if stopped and not answered:
            await _refuse(TOO_MUCH, 413, limit=limit_mb)(scope, receive, with_headers)
        elif full:
            await _refuse(FULL, 507)(scope, receive, with_headers)
        elif broke:
            await _refuse(BROKE, 500, file=place)(scope, receive, with_headers)

    def _too_often(self, scope: Scope) -> bool:
        """A browser is told from others at its address by its cookies; who changes them each time meets the address's
        own bound."""
        address, now = address_of(HTTPConnection(scope)), time.monotonic()
        visitor = address + Headers(scope=scope).get("cookie", "")[-64:]
        if self._visits.full(visitor, now) or self._addresses.full(address, now):
            return True
        self._visits.add(visitor, now)
        self._addresses.add(address, now)
        return False


async def read_form(request: Request) -> FormData:
    """What was posted, as many fields as the widest of our forms has; HTTPException beyond."""
    return await request.form(max_fields=MOST_FIELDS, max_part_size=PLAIN_FORM_MB * MEGABYTE)


class Forms(CSRFMiddleware):
    """starlette-admin's watch over forged forms, refusing in words people can act on."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        if request.method not in self.safe_methods:
            await request.body()  # kept, so that whoever comes next can read it anew
            try:
                await read_form(request)
            except HTTPException:
                return _refuse(TOO_LONG_A_FORM, 413, fields=MOST_FIELDS, limit=PLAIN_FORM_MB)
        answer = await super().dispatch(request, call_next)
        if answer.status_code == 403 and bytes(getattr(answer, "body", b"")).startswith(b"CSRF"):
            return _refuse(FORGED, 403)
        return answer


def address_of(asked: HTTPConnection) -> str:
    """Where a request came from; of IPv6 the network, because one machine may take any address in it."""
    host = asked.client.host if asked.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64)) + (
            "" if address.ipv4_mapped else "/64"
        )
    return host


def _refuse(text: Text, status: int, **values: object) -> PlainTextResponse:
    return PlainTextResponse(f"{text.say('vi', **values)}\n{text.say('en', **values)}\n", status)
