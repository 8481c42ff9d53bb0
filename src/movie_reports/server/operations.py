"""For those who run the service: whether it is alive and has data, its metrics, and its access log."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
from prometheus_client import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from movie_reports.server.answers.data import NoDataError, Version
from movie_reports.server.answers.service import Service
from movie_reports.server.problems import without_folder
from movie_reports.version import __version__

UNKNOWN = "other"
METRICS = "text/plain; version=0.0.4; charset=utf-8"
_UNKEPT = {"Cache-Control": "no-store"}
access = logging.getLogger("movie_reports.access")


def routes(service: Service) -> list[Route]:
    """Return the routes of probes and metrics."""
    service.metrics.registry.register(State(service))

    async def is_alive(_: Request) -> Response:
        with suppress(NoDataError):
            await _newest(service)
        return _json({"alive": True, "problem": _problem(service), "tool": __version__})

    async def is_ready(_: Request) -> Response:
        version = await _newest(service)
        version.require_films()
        loaded = version.loaded or datetime.now(UTC)
        age = (datetime.now(UTC) - loaded).total_seconds()
        return _json({"version": version.key, "loaded": loaded, "age_seconds": age, "problem": _problem(service)})

    async def metrics(_: Request) -> Response:
        with suppress(NoDataError):
            await _newest(service)
        return Response(generate_latest(service.metrics.registry), headers=_UNKEPT, media_type=METRICS)

    return [Route("/healthz", is_alive), Route("/readyz", is_ready), Route("/metrics", metrics)]


class State:
    """The metrics that are read from the service when they are asked for."""

    def __init__(self, service: Service) -> None:
        """Read this service."""
        self._service = service

    def collect(self) -> Iterator[Metric]:
        """Return the metrics."""
        data, results = self._service.data, self._service.results
        lookups = CounterMetricFamily("movie_reports_results", "Results by how they were found.", labels=["how"])
        for how in ("hit", "miss", "shared"):
            lookups.add_metric([how], results.counts[how])
        yield lookups
        yield GaugeMetricFamily("movie_reports_results_bytes", "Bytes of the results in memory.", results.bytes)
        replaced = "Times that the database was opened again since it had been replaced."
        yield CounterMetricFamily("movie_reports_replacements", replaced, data.replacements)
        unreadable = "1 if the file cannot be read and older data are served."
        yield GaugeMetricFamily("movie_reports_data_unreadable", unreadable, int(data.problem is not None))
        if data.version is not None:
            yield from _of_data(data.version)


def _of_data(version: Version) -> Iterator[Metric]:
    info = GaugeMetricFamily("movie_reports_data_info", "The version of the data, as a label.", labels=["version"])
    info.add_metric([version.key or ""], 1)
    yield info
    if version.loaded is not None:
        loaded = "When the films were loaded, in seconds since 1970."
        yield GaugeMetricFamily("movie_reports_data_loaded_timestamp_seconds", loaded, version.loaded.timestamp())
    run = "When the last ingest ended, and how; in seconds since 1970."
    ended = GaugeMetricFamily("movie_reports_ingest_ended_timestamp_seconds", run, labels=["outcome"])
    ended.add_metric([version.status["last_run"]["outcome"]], version.ended.timestamp())
    yield ended
    if version.snapshot:
        yield GaugeMetricFamily("movie_reports_snapshot", "Number of the snapshot.", version.snapshot)
    yield GaugeMetricFamily("movie_reports_films", "Films in the database.", version.status["movies"])


class Observer:
    """Counts, times and logs every request, also those that are refused."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        """Observe the requests of an application."""
        self._app, self._metrics = app, service.metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, size, start = 0, 0, time.perf_counter()

        async def observed(message: Message) -> None:
            nonlocal status, size
            status = message.get("status", status)
            await send(message)
            size += len(message.get("body", b""))

        try:
            await self._app(scope, receive, observed)
        finally:
            seconds = time.perf_counter() - start
            route = getattr(scope.get("route"), "path", UNKNOWN)
            self._metrics.requests.labels(route, status).inc()
            self._metrics.seconds.labels(route).observe(seconds)
            if access.isEnabledFor(logging.INFO):
                access.info("%s", _line(scope, status, size, seconds))


def _line(scope: Scope, status: int, size: int, seconds: float) -> str:
    """Describe a request as JSON; its address is as the client sent it, so that it steers no terminal."""
    address = scope.get("raw_path", b"") + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    found = {
        "time": datetime.now(UTC),
        "client": (scope.get("client") or [None])[0],
        "method": scope["method"],
        "address": address.decode("ascii", "backslashreplace"),
        "status": status,
        "bytes": size,
        "ms": round(seconds * 1000, 2),
    }
    return msgspec.json.encode(found).decode()


async def _newest(service: Service) -> Version:
    async with service.data.newest() as version:
        return version


def _problem(service: Service) -> str | None:
    data = service.data
    return None if data.problem is None else without_folder(data.problem, data.path)


def _json(found: object) -> Response:
    return Response(msgspec.json.encode(found), headers=_UNKEPT, media_type="application/json")
