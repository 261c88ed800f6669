"""`python -m flows.server_app`: Prefect's server as a program of this machine, its page forbidden to call anywhere else.

The environment (flows.server.Place) says where it lives. Prefect's own command is not used because it can neither check
the Host header nor keep a browser that switches to the new page from calling an analytics host.
"""

from __future__ import annotations

import os

import uvicorn
from prefect.server.api.server import create_app
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; "
    "connect-src 'self' ws://127.0.0.1:{port} ws://localhost:{port}; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


class KeepInside:
    """Every answer tells the browser to fetch from nowhere else."""

    def __init__(self, app: ASGIApp, port: str) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": POLICY.format(port=port),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)


def main() -> None:
    host, port = os.environ["PREFECT_SERVER_API_HOST"], os.environ["PREFECT_SERVER_API_PORT"]
    inside = KeepInside(create_app(final=True), port)
    app = TrustedHostMiddleware(inside, allowed_hosts=["127.0.0.1", "localhost"])  # a foreign name led to our address
    uvicorn.run(app, host=host, port=int(port), log_level="warning", server_header=False, timeout_graceful_shutdown=2)


if __name__ == "__main__":
    main()
