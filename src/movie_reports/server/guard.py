"""Refuses requests that no client of this service sends, and gives every answer the headers that keep browsers safe."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from movie_reports.server.problems import problem
from movie_reports.server.settings import Settings

LONGEST = 8192
"""Bytes of a path with its query."""
FOR_MACHINES = ("/healthz", "/readyz", "/metrics")
"""What probes and Prometheus ask by the address of a machine; none of it is worth stealing."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

log = logging.getLogger(__name__)


class Guard:
    """The first to see a request, and the last to see its answer."""

    def __init__(
        self, app: ASGIApp, settings: Settings, failed: Callable[[Request, Exception], Awaitable[Response]]
    ) -> None:
        """Guard an application; `failed` makes the answer when it fails."""
        self._app, self._settings, self._failed = app, settings, failed
        self._hosts = {host.lower() for host in settings.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message).update(HEADERS)
            async with asyncio.timeout(self._settings.stalled):  # a client may never take its answer
                await send(message)

        try:
            await (self._refusal(scope) or self._app)(scope, receive, guarded)
        except TimeoutError:
            log.warning("a client did not take its answer for %s seconds", self._settings.stalled)
        except Exception as error:
            log.exception("%s failed", scope["path"])
            if not started:
                await (await self._failed(Request(scope), error))(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        """Return what to say to a request that is refused."""
        if scope["method"] not in {"GET", "HEAD"}:
            found = problem(HTTPStatus.METHOD_NOT_ALLOWED, "only GET and HEAD are allowed: this service is read-only")
            found.headers["Allow"] = "GET, HEAD"
            return found
        if len(scope["path"]) + len(scope["query_string"]) > LONGEST:
            return problem(HTTPStatus.REQUEST_URI_TOO_LONG, f"the address has more than {LONGEST:,} characters")
        host = Headers(scope=scope).get("host", "").lower()
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        if name not in self._hosts and scope["path"] not in FOR_MACHINES:
            text = "this server is not known by the name in the header Host: start it with --allow-host and that name"
            return problem(HTTPStatus.MISDIRECTED_REQUEST, text)
        return None
