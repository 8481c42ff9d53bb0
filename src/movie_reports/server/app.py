"""The application: routes, errors and guards put together."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response

from movie_reports.errors import MovieReportsError
from movie_reports.publishing.source import named
from movie_reports.server import api, operations, problems
from movie_reports.server.answers.data import NoDataError
from movie_reports.server.answers.formats import ROWS, SNAPSHOT, VERSION
from movie_reports.server.answers.service import Service
from movie_reports.server.guard import FOR_MACHINES, Guard
from movie_reports.server.operations import Observer
from movie_reports.server.pages import routes as pages
from movie_reports.server.settings import Settings


def create(path: str | os.PathLike[str] | None = None, settings: Settings = Settings()) -> Starlette:  # noqa: B008 (it is frozen)
    """Return the ASGI application that serves a database; also a factory for any ASGI server.

    Args:
        path: the file or the snapshots, as for `movie_reports.open`; it is opened by the first request.
        settings: what the application may use.
    """
    service = Service(named(path), settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        with suppress(NoDataError):  # the log says why
            async with service.data.newest():
                pass  # so that the first request need not wait for it
        yield
        service.close()

    async def failed(http: Request, error: Exception) -> Response:
        if http.url.path.startswith(f"{api.ROOT}/") or http.url.path in FOR_MACHINES:
            return problems.of(error, service.data.path)
        return pages.error_page(http, error, problems.status_of(error), problems.detail_of(error, service.data.path))

    middleware = [Middleware(Observer, service=service), Middleware(Guard, settings=settings, failed=failed)]
    if settings.origins:
        middleware.insert(1, _readable_elsewhere(settings.origins))  # the guard refuses the OPTIONS that browsers send
    return Starlette(
        routes=[*api.routes(service), *operations.routes(service), *pages.routes(service)],
        lifespan=lifespan,
        exception_handlers={MovieReportsError: failed, HTTPException: failed},
        middleware=middleware,
    )


def _readable_elsewhere(origins: tuple[str, ...]) -> Middleware:
    """Let browsers give answers, and the headers that matter, to the pages of other sites."""
    return Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=("GET", "HEAD"),
        allow_headers=("If-None-Match", SNAPSHOT),
        expose_headers=("Content-Disposition", "ETag", ROWS, SNAPSHOT, VERSION),
    )
