"""Answers a request from the newest data: from memory if it can, else by one of a few threads."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from movie_reports.errors import UsageError
from movie_reports.server.answers.cache import Results
from movie_reports.server.answers.data import Data, Version
from movie_reports.server.answers.formats import SNAPSHOT, VERSION, Body, Content
from movie_reports.server.metrics import Metrics
from movie_reports.server.settings import Settings
from movie_reports.version import __version__

NUMBER = re.compile("[0-9]{1,12}")
SMALL = 1000
"""Bytes that are not worth compressing."""
COOKIE, A_DAY = "movie-reports-snapshot", 86_400
"""By which browsers say what `SNAPSHOT` says."""
PAGES = "text/html"
TEXT = ("text/", "application/json", "application/x-ndjson", "image/svg")


@dataclass(frozen=True)
class Result:
    """A response without what depends on the request."""

    body: Body
    compressed: bytes | None

    @property
    def weight(self) -> int | None:
        """Its bytes in memory; large ones are not kept there."""
        if isinstance(self.body.content, Content):
            return None
        return len(self.body.content) + len(self.compressed or b"") + SMALL


class Service:
    """The data, and what was computed from it."""

    def __init__(self, path: Path, settings: Settings) -> None:
        """Open nothing yet."""
        self.settings = settings
        self.data = Data(path, settings)
        self.metrics = Metrics()
        self.results: Results[Result] = Results(settings.cached, settings.workers + settings.waiting)
        self._threads = ThreadPoolExecutor(settings.workers, "query")

    async def answer(
        self, request: Request, key: str, make: Callable[[Version], Body], *, of_run: bool = False
    ) -> Response:
        """Answer a request with what a function makes of the newest version of the data, in a thread of its own.

        Args:
            request: a client that has the answer already is told so.
            key: names all that the answer depends on besides the data.
            make: makes the answer.
            of_run: whether it depends on the last run of ingest, which may have been refused, too.
        """
        least = seen(request)
        async with self.data.newest(least) as version:
            state = version.run if of_run else version.require_films()
            moment = version.ended if of_run else version.loaded
            tag = _tag(state, key)
            if version.snapshot:
                tag = f"{version.snapshot}-{tag}"
            headers = {
                "ETag": f'W/"{tag}"',
                "Cache-Control": "no-cache",
                "Vary": "Accept, Accept-Encoding",
                VERSION: state,
            }
            if version.snapshot:
                headers[SNAPSHOT] = str(version.snapshot)
            if moment is not None:
                headers["Last-Modified"] = format_datetime(moment, usegmt=True)
            if tag in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=headers)
            result = await self.results.get(tag, lambda: self._made(version, make))
            if version.snapshot > least and result.body.media_type.startswith(PAGES):
                headers["Set-Cookie"] = f"{COOKIE}={version.snapshot}; Path=/; Max-Age={A_DAY}; HttpOnly; SameSite=Lax"
        return _response(result, headers, request.headers.get("accept-encoding", ""))

    def close(self) -> None:
        """Close the data when what is being computed has ended."""
        self._threads.shutdown(cancel_futures=True)
        self.data.close()

    async def _made(self, version: Version, make: Callable[[Version], Body]) -> Result:
        def work() -> Result:
            with self.metrics.query_seconds.time():
                body = make(version)
            return Result(body, _compressed(body))

        version.queries += 1
        with self.data.held(version):  # the client may go meanwhile
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def seen(request: Request) -> int:
    """Return the number of the newest snapshot that a client has seen, as far as it says so.

    Raises:
        UsageError: its header is no number.
    """
    given, kept = request.headers.get(SNAPSHOT), request.cookies.get(COOKIE, "")
    if given is not None and not NUMBER.fullmatch(given):
        message = f"{SNAPSHOT} {given}: send the number of a snapshot, as an answer has it"
        raise UsageError(message)
    return int(given if given is not None else kept if NUMBER.fullmatch(kept) else 0)


def _tag(*parts: str) -> str:
    return sha256("\0".join((__version__, *parts)).encode(errors="surrogatepass")).hexdigest()[:32]


def _compressed(body: Body) -> bytes | None:
    if isinstance(body.content, Content) or len(body.content) < SMALL or not body.media_type.startswith(TEXT):
        return None
    return gzip.compress(body.content, 5, mtime=0)


def _response(result: Result, headers: Mapping[str, str], encodings: str) -> Response:
    content = result.body.content
    found = {**headers, **result.body.headers, "Content-Type": result.body.media_type}
    if isinstance(content, Content):
        found["Content-Length"] = str(content.size)
        return StreamingResponse(_chunks(content), headers=found)
    if result.compressed is not None and "gzip" in encodings:
        return Response(result.compressed, headers={**found, "Content-Encoding": "gzip"})
    return Response(content, headers=found)


async def _chunks(content: Content) -> AsyncIterator[bytes]:
    offset = 0
    while chunk := await asyncio.to_thread(content.read, offset):
        yield chunk
        offset += len(chunk)
