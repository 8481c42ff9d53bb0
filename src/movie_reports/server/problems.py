"""Errors as answers: problem details for programs (RFC 9457), with the names that may have been meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from movie_reports.errors import GoneError, MovieReportsError, NotFoundError, TooSlowError, UsageError
from movie_reports.publishing.source import shown
from movie_reports.server.answers.cache import BusyError
from movie_reports.server.answers.data import NoDataError
from movie_reports.server.answers.formats import NotAcceptableError
from movie_reports.text import harmless

STATUS: Mapping[type[MovieReportsError], HTTPStatus] = {
    NotAcceptableError: HTTPStatus.NOT_ACCEPTABLE,
    GoneError: HTTPStatus.GONE,
    NotFoundError: HTTPStatus.NOT_FOUND,
    UsageError: HTTPStatus.BAD_REQUEST,
    TooSlowError: HTTPStatus.GATEWAY_TIMEOUT,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    NoDataError: HTTPStatus.SERVICE_UNAVAILABLE,
    MovieReportsError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The status of each kind of error; the first that fits counts."""
RETRY_AFTER = {"Retry-After": "1"}
MEDIA = "application/problem+json"

Page = Callable[[Request, Exception, HTTPStatus], Response]
"""Makes a page for people of an error."""


def status_of(error: Exception) -> HTTPStatus:
    """Return the status of an error."""
    if isinstance(error, HTTPException):
        return HTTPStatus(error.status_code)
    return next(
        (status for kind, status in STATUS.items() if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR
    )


def detail_of(error: Exception, path: Path) -> str:
    """Return the sentence about an error."""
    if isinstance(error, HTTPException):
        return f"{status_of(error).description or error.detail}"
    text = error.message if isinstance(error, NotFoundError) else str(error)
    if not isinstance(error, MovieReportsError):
        text = "this should not have happened: the log of the server says more"
    return harmless(without_folder(text, path))


def without_folder(text: str, path: Path) -> str:
    """Leave out the folder of the database: it is nobody's business outside."""
    return text.replace(shown(path), path.name)


def problem(status: HTTPStatus, detail: str, **more: Any) -> Response:  # noqa: ANN401 (members of JSON)
    """Return an answer that says what is wrong."""
    content = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail, **more}
    headers = RETRY_AFTER if status is HTTPStatus.SERVICE_UNAVAILABLE else None
    return Response(msgspec.json.encode(content), status, {**(headers or {}), "Cache-Control": "no-store"}, MEDIA)


def of(error: Exception, path: Path) -> Response:
    """Return the problem of an error."""
    more: dict[str, Any] = {}
    if isinstance(error, GoneError):
        more["oldest"] = error.oldest
    if isinstance(error, NotFoundError) and error.candidates:
        pairs = zip(error.names, error.candidates, strict=True)
        more["candidates"] = [{"name": name, "description": line} for name, line in pairs]
    return problem(status_of(error), detail_of(error, path), **more)
