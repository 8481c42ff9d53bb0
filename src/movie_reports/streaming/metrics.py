"""What a stream did and how far it is, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.streaming.topic import Topic

KINDS = ("movies", "removals", "duplicates", "rejects")
LOOPBACK = "127.0.0.1"


class Position(Collector):
    """How far a topic is fetched, read when it is asked for."""

    def __init__(self, topic: Topic) -> None:
        """Read this topic."""
        self._topic = topic

    def collect(self) -> Iterator[Metric]:
        """Return the metrics."""
        following, ends = dict(self._topic.next), self._topic.ends()
        offset = GaugeMetricFamily("movie_reports_stream_offset", "Offset of the next message.", labels=["partition"])
        lag = GaugeMetricFamily("movie_reports_stream_lag", "Messages not fetched yet.", labels=["partition"])
        for partition, place in following.items():
            offset.add_metric([str(partition)], place)
            lag.add_metric([str(partition)], max(ends[partition] - place, 0))
        yield from (offset, lag)
        away = "1 while no broker can be reached."
        yield GaugeMetricFamily("movie_reports_stream_broker_away", away, int(self._topic.problem is not None))


def serve(topic: Topic, where: str) -> Callable[[Mapping[str, Any]], None]:
    """Serve metrics at [address:]port, and return what counts a batch by its row in the ledger.

    Raises:
        UsageError: that is no port.
        MovieReportsError: the port is in use.
    """
    host, _, port = where.rpartition(":")
    if not port.isdecimal() or int(port) >= 1 << 16:
        message = f"--metrics {where}: write a port, such as 9108, or address:port, such as 0.0.0.0:9108"
        raise UsageError(message)
    registry = CollectorRegistry()
    registry.register(Position(topic))
    messages = Counter("movie_reports_stream_messages", "Messages loaded.", ["kind"], registry=registry)
    batches = Counter("movie_reports_stream_batches", "Batches loaded.", registry=registry)
    seconds = Counter("movie_reports_stream_batch_seconds", "Seconds in which batches were loaded.", registry=registry)
    loaded = "When the last batch was loaded, in seconds since 1970."
    last = Gauge("movie_reports_stream_loaded_timestamp_seconds", loaded, registry=registry)
    try:
        start_http_server(int(port), host or LOOPBACK, registry)
    except OSError as error:
        message = f"--metrics {where}: cannot listen there: {error.strerror}"
        raise MovieReportsError(message) from error

    def add(row: Mapping[str, Any]) -> None:
        for kind in KINDS:
            messages.labels(kind).inc(row[kind])
        batches.inc()
        seconds.inc((row["finished_at"] - row["started_at"]).total_seconds())
        last.set(time.time())

    return add
