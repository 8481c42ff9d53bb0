"""The row of an ingest in the ledger: what is known of it at its start, and how it ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute
from movie_reports.database.engine import duckdb
from movie_reports.version import __version__

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def begun(source: str, *, merge: bool) -> dict[str, Any]:
    """Return the part of the row that is known at the start."""
    return {
        "started_at": _now(),
        "source": source,
        "source_sha256": None,
        "mode": "merge" if merge else "replace",
        "tool_version": __version__,
        "engine_version": duckdb.__version__,
    }


def add(connection: DuckDBPyConnection, facts: Mapping[str, Any], outcome: str, reason: str | None) -> dict[str, Any]:
    """Append the row of an ingest that ends now, and return it."""
    end = {"outcome": outcome, "reason": reason, "finished_at": _now()}
    execute.run(connection, "ledger/add_ingest", defaultdict(lambda: None, {**facts, **end}))
    return execute.run(connection, "ledger/last_run")[0]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
