"""Listens for requests, until a signal stops it."""

from __future__ import annotations

import http.client
import logging
import os
import signal
import socket
import sys
import threading
import time
from asyncio import TimerHandle, Transport
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from movie_reports.errors import MovieReportsError
from movie_reports.server.app import create
from movie_reports.server.settings import Settings

GRACE = 20  # seconds for requests in flight after a signal, less than Kubernetes gives
PROBE = "/api/v1/genres?by=all"


def serve(
    path: str | os.PathLike[str], host: str, port: int, settings: Settings, announce: Callable[[str], None]
) -> None:
    """Serve a database until SIGTERM or Ctrl-C, after which the requests in flight are answered.

    Args:
        path: the file.
        host: the address to listen on.
        port: its port; 0 means any that is free.
        settings: what the service may use.
        announce: is called with the URL when the service listens.

    Raises:
        MovieReportsError: it cannot listen there.
    """
    with _listening(host, port) as listener:
        announce(_url(listener))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)  # uvicorn sends itself again what it stopped for
        _server(path, settings).run([listener])


def check(path: str | os.PathLike[str], settings: Settings) -> None:
    """Start the service on a free port, and request one report.

    Raises:
        MovieReportsError: it is not answered.
    """
    with _listening("127.0.0.1", 0) as listener:
        server = _server(path, settings)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            _request(*listener.getsockname())
        finally:
            server.should_exit = True
            thread.join()


def log_to_stderr(*, requests: bool) -> None:
    """Write the log to stderr: a line of JSON for each event, and for each request if they are wanted."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("movie_reports.access").setLevel(logging.INFO if requests else logging.WARNING)


class _Lines(logging.Formatter):
    """Writes events as JSON; requests are JSON already."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of an event."""
        if record.name == "movie_reports.access":
            return record.getMessage()
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        found = {"time": moment, "level": record.levelname.lower(), "message": record.getMessage()}
        if record.exc_info:
            found["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(found).decode()


class Protocol(HttpToolsProtocol):
    """Closes connections whose request does not arrive, which uvicorn would keep for ever."""

    seconds: float
    _deadline: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Expect a request."""
        super().connection_made(transport)
        self._expect()

    def on_message_begin(self) -> None:
        """Expect the rest of it."""
        super().on_message_begin()
        self._expect()

    def on_message_complete(self) -> None:
        """Expect nothing more."""
        super().on_message_complete()
        self._expect_nothing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing more."""
        super().connection_lost(exc)
        self._expect_nothing()

    def _expect(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.seconds, self.transport.close)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _server(path: str | os.PathLike[str], settings: Settings) -> uvicorn.Server:
    config = uvicorn.Config(
        create(path, settings),
        http=type("Protocol", (Protocol,), {"seconds": settings.stalled}),
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=settings.connections,
        timeout_graceful_shutdown=GRACE,
    )
    return uvicorn.Server(config)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        message = f"cannot listen on {host}, port {port}: {reason}: choose another with --host or --port"
        raise MovieReportsError(message) from error
    with listener:
        # connections inherit it; asyncio would not set it on those of such a socket, and each answer took 40 ms more
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listener


def _url(listener: socket.socket) -> str:
    host, port, *_ = listener.getsockname()
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _request(host: str, port: int) -> None:
    connection = http.client.HTTPConnection(host, port, timeout=60)
    try:
        connection.request("GET", PROBE, headers={"Host": "localhost"})
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as error:
        message = f"the service does not answer: {error}"
        raise MovieReportsError(message) from error
    finally:
        connection.close()
    if answer.status != http.HTTPStatus.OK:
        message = f"the service answers {answer.status}: {msgspec.json.decode(content)['detail']}"
        raise MovieReportsError(message)
