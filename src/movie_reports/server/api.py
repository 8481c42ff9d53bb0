"""The REST API: every report of the catalogue, generated from its definition, and what is said of the data."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from movie_reports.reports.catalog import REPORTS, Shape, Spec
from movie_reports.reports.requests.choices import known
from movie_reports.server import openapi
from movie_reports.server.answers import formats, question
from movie_reports.server.answers.formats import Body
from movie_reports.server.answers.service import Service, seen
from movie_reports.version import __version__

ROOT = "/api/v1"
JSON = "application/json"

Endpoint = Callable[[HttpRequest], Awaitable[Response]]


def routes(service: Service) -> list[Route]:
    """Return the routes of the API."""
    found = [Route(f"{ROOT}/{name}", _report(service, spec), name=name) for name, spec in REPORTS.items()]
    found.append(Route(f"{ROOT}/status", _status(service), name="status"))
    found.append(Route(f"{ROOT}/suggest", _suggest(service), name="suggest"))
    found.append(Route(f"{ROOT}/version", _version(service), name="version"))
    found.append(Route(f"{ROOT}/openapi.json", _description()))
    return found


def _report(service: Service, spec: Spec) -> Endpoint:
    async def report(http: HttpRequest) -> Response:
        request, form = formats.split(spec, question.pairs(http), http.headers.get("accept", ""))
        query = formats.joined(question.query(spec, request), form.query)
        of_run = spec.shape is Shape.rows
        key = f"{spec.name}?{query}"
        return await service.answer(
            http, key, lambda version: formats.body(version, spec, request, form), of_run=of_run
        )

    return report


def _status(service: Service) -> Endpoint:
    async def status(http: HttpRequest) -> Response:
        question.values({}, question.pairs(http))
        return await service.answer(http, "status", lambda version: _json(version.status), of_run=True)

    return status


def _suggest(service: Service) -> Endpoint:
    async def suggest(http: HttpRequest) -> Response:
        found = question.values(openapi.SUGGESTION, question.pairs(http))
        kind = known("kind", found.get("kind", "company"), openapi.KINDS)
        words = found.get("words", "")
        return await service.answer(
            http,
            f"suggest {kind} {words}",
            lambda version: _json({"names": version.database.suggestions(kind, words)}),
        )

    return suggest


def _version(service: Service) -> Endpoint:
    async def version(http: HttpRequest) -> Response:
        question.values({}, question.pairs(http))
        async with service.data.newest(seen(http)) as found:
            about: dict[str, Any] = {
                "version": found.key,
                "loaded": found.loaded,
                "run": found.run,
                "tool": __version__,
            }
            about |= {"snapshot": found.snapshot} if found.snapshot else {}
        return Response(msgspec.json.encode(about), headers={"Cache-Control": "no-store"}, media_type=JSON)

    return version


def _description() -> Endpoint:
    content = msgspec.json.encode(openapi.document())

    async def description(_: HttpRequest) -> Response:
        return Response(content, headers={"Cache-Control": "no-cache"}, media_type=JSON)

    return description


def _json(found: Any) -> Body:  # noqa: ANN401 (anything that JSON can be made of)
    return Body(msgspec.json.encode(found), JSON)
