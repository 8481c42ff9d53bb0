"""What is counted and timed, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of a service."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "movie_reports_requests", "Requests by route and status.", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "movie_reports_request_seconds",
            "Seconds until the last byte of an answer was passed on.",
            ["route"],
            registry=self.registry,
            buckets=BUCKETS,
        )
        self.query_seconds = Histogram(
            "movie_reports_query_seconds",
            "Seconds that a thread took to make a result that was not in memory.",
            registry=self.registry,
            buckets=BUCKETS,
        )
