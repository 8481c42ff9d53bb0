"""The addresses of the pages."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from movie_reports.errors import NotFoundError, UsageError
from movie_reports.reports.catalog import REPORTS, Shape, Spec
from movie_reports.reports.subjects import SEARCHED, SUBJECTS
from movie_reports.server.answers import question
from movie_reports.server.answers.data import Version
from movie_reports.server.answers.formats import Body
from movie_reports.server.answers.question import Pairs
from movie_reports.server.answers.service import Service
from movie_reports.server.pages import render
from movie_reports.server.pages.form import typed
from movie_reports.server.problems import RETRY_AFTER
from movie_reports.text import harmless

Endpoint = Callable[[HttpRequest], Awaitable[Response]]

HTML = "text/html; charset=utf-8"
PAGE = "page"
NAMES = tuple(subject.name for subject in SUBJECTS)
MOST_CANDIDATES = 50
ADVICE = (": name one of them", ": look with", "; did you mean")
"""Where the advice of a message begins, which a page gives as links."""


def routes(service: Service) -> list[BaseRoute]:
    """Return the routes of the pages."""
    return [
        Route("/", _fixed(service, render.start, "start")),
        Route("/api", _api),
        Route("/status", _fixed(service, render.status_page, "status")),
        *(Route(f"/{spec.name}", _report(service, spec)) for spec in REPORTS.values()),
        Mount("/static", GZipMiddleware(StaticFiles(directory=render.HERE / "static"))),
    ]


def _fixed(service: Service, make: Callable[[Version], bytes], name: str) -> Endpoint:
    async def show(http_request: HttpRequest) -> Response:
        question.values({}, question.pairs(http_request))
        return await service.answer(
            http_request, f"page {name}", lambda version: Body(make(version), HTML), of_run=True
        )

    return show


async def _api(_: HttpRequest) -> Response:
    return HTMLResponse(render.api())


def _report(service: Service, spec: Spec) -> Endpoint:
    async def show(http_request: HttpRequest) -> Response:
        pairs = question.pairs(http_request)
        if len(filled := question.filled(pairs)) < len(pairs):  # the fields of a form that were left empty
            return RedirectResponse(f"{spec.name}?{urlencode(filled)}" if filled else spec.name, HTTPStatus.SEE_OTHER)
        asked = question.parse(spec, tuple(pair for pair in pairs if pair[0] != PAGE))
        number = _number([value for name, value in pairs if name == PAGE])

        def make(version: Version) -> Body:
            remarks: list[str] = []
            with version.database.report(spec.name, asked, remarks.append) as found:
                return Body(render.report(version, found, asked, number, remarks), HTML)

        key = f"page {number} {spec.name}?{question.query(spec, asked)}"
        return await service.answer(http_request, key, make, of_run=spec.shape is Shape.rows)

    return show


def _number(values: Sequence[str]) -> int:
    """Return the number of a page.

    Raises:
        UsageError: it is none.
    """
    if not values:
        return 1
    if len(values) > 1 or not re.fullmatch("[1-9][0-9]{0,8}", values[0]):
        message = f"{PAGE} {values[-1]}: give one whole number from 1"
        raise UsageError(message)
    return int(values[0])


def error_page(http_request: HttpRequest, error: Exception, status: HTTPStatus, message: str) -> Response:
    """Return the page of an error; names that may have been meant are links to the same report on them."""
    name = http_request.url.path.rpartition("/")[2]
    pairs = question.pairs(http_request)
    candidates: list[tuple[str, str | None]] = []
    if isinstance(error, NotFoundError):
        place = _meant(pairs, error.message)
        found = zip(error.candidates[:MOST_CANDIDATES], error.names, strict=False)
        candidates = [(harmless(text), _instead(name, pairs, place, each)) for text, each in found]
        for advice in ADVICE:
            message = message.partition(advice)[0]
    root = "../" * (http_request.scope["path"].count("/") - 1)
    ways, headers = _ways(name, pairs, len(candidates)), {"Cache-Control": "no-store"}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        ways.insert(0, ("Try again", _address(name, pairs) or "./"))
        headers |= RETRY_AFTER
    spec = None if root else REPORTS.get(name)
    sent = typed(spec, question.filled(pairs)) if spec else None
    content = render.error(name, status, message, candidates, ways, root=root, form=sent)
    return HTMLResponse(content, status, headers)


def _ways(name: str, pairs: Pairs, candidates: int) -> list[tuple[str, str]]:
    """Return what can be done after an error, with the addresses."""
    ways = []
    if ("exact", "true") in pairs:
        others = tuple(each for each in pairs if each[0] != "exact")
        ways.append(("Search for names that contain these words", _address(name, others)))
    elif candidates > 1 and sum(each[0] == "company" for each in pairs) == 1:
        ways.append(("Take all companies with these words together", _address(name, (*pairs, ("all-matches", "true")))))
    return [*ways, ("Start over", name)] if name in REPORTS else [*ways, ("Go to the start page", "./")]


def _meant(pairs: Pairs, message: str) -> int | None:
    """Return the position of the name that a message is about."""
    places = (place for place, (name, value) in enumerate(pairs) if name in NAMES and f'"{value}"' in message)
    return next(places, None)


def _instead(name: str, pairs: Pairs, place: int | None, value: str) -> str | None:
    """Return the address of a report on another name; one that is searched is taken exactly as it is written."""
    if place is None:
        return None
    parameter = pairs[place][0]
    others = tuple(each for each in pairs if each[0] not in {"exact", PAGE})
    changed = tuple((parameter, value) if each is pairs[place] else each for each in others)
    searched = [each[0] for each in pairs if each[0] in {subject.name for subject in SEARCHED}]
    return _address(name, (*changed, ("exact", "true")) if searched == [parameter] else changed)


def _address(name: str, pairs: Pairs) -> str:
    return f"{name}?{urlencode(pairs)}" if pairs else name
