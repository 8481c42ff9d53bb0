"""Merges a small delta into a copy of the database, which costs what the delta has, not what the database has.

The delta is loaded into tables of its own by the same steps as a dump. Only what differs goes into the copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute
from movie_reports.database.connection import use
from movie_reports.ingestion import films
from movie_reports.ingestion.job import Progress
from movie_reports.ingestion.sources.source import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SMALL = 0.5  # bytes of its files, for each byte of the database
FEW = 1 / 40  # of the films of which a field is known


def is_small(source: Source, database: Path) -> bool:
    """Whether a delta is merged faster into a copy of a database than into a new one; ratings are for most films."""
    sizes = [member.size for member in (*source.films, *source.members.values())]  # 0 where it is not known
    return "ratings" not in source.members and all(sizes) and sum(sizes) < SMALL * database.stat().st_size


def begin(connection: DuckDBPyConnection) -> None:
    """Make the tables into which the films of a delta are read, in the database `staging`."""
    execute.run(connection, "ingest/delta/begin")
    use(connection, "staging")


def merge(connection: DuckDBPyConnection, subjects: Sequence[str], progress: Progress) -> dict[str, Any]:
    """Merge the delta that was read into the copied database, and remove the films in the table `removed`.

    Returns:
        the same figures as `films.fill`.
    """
    progress("comparing with the old data", 0, 0)
    execute.run(connection, "ingest/delta/find_old")
    used = execute.run_for_names(connection, "ingest/delta/has_names", subjects)
    subjects = [subject for subject, found in zip(subjects, used, strict=True) if found["has_names"]]
    for step in ("begin_names", "find_old_names"):
        execute.run_for_names(connection, f"ingest/delta/{step}", subjects)
    films.keep_names(connection, subjects)
    films.add_names(connection, subjects)
    films.compare(connection, subjects)
    figures = execute.run(connection, "ingest/count_changes")[0]
    before = execute.run(connection, "ingest/delta/count_films")[0]
    figures["films_unchanged"] += before.pop("films_kept")
    before["films_merged"] += figures["films_added"] + figures["films_changed"] + figures["films_removed"]
    use(connection, "build")
    execute.run(connection, "ingest/delta/change_films")
    execute.run_for_names(connection, "ingest/delta/change_names", subjects)
    films_now = {"films": before["films_before"] + figures["films_added"] - figures["films_removed"]}
    execute.run(connection, "ingest/delta/check_films", films_now)
    execute.run(connection, "ingest/add_popularity_scale")
    return {**dict.fromkeys(("ratings", "ratings_matched", "ratings_unread")), **before, **figures}


def is_harmless(connection: DuckDBPyConnection, films: int) -> bool:
    """Whether a delta has so few films that the checks of losses cannot fail for any field."""
    least = execute.run(connection, "ingest/delta/count_least")[0]["least_known"]
    return least is not None and films <= FEW * least
