"""What a database holds, where it came from, and how far its figures can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_reports import queries

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLES = ("movies", "genres", "companies", "movie_genres", "movie_companies", "movie_ratings")


def books(connection: DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return the books of the last ingest, in words: records read = films + duplicates + rejects."""
    last = _last_ingest(connection)
    films, duplicates = _count(last["movies"], "film"), _count(last["duplicates"], "duplicate")
    lines = [
        ("Source", f"{last['source']} (SHA-256 {last['source_sha256'][:12]})"),
        ("Records", f"{last['records']:,} read = {films} + {duplicates} + {_count(last['rejects'], 'reject')}"),
        ("Repaired", f"{_count(last['repaired'], 'record')} joined again after a line break had split them"),
    ]
    if last["ratings"] is not None:
        unknown = last["ratings"] - last["ratings_matched"]
        text = f"{last['ratings']:,} read = {last['ratings_matched']:,} of loaded films + {unknown:,} of others"
        lines.append(("Ratings", f"{text}; {_count(last['ratings_unread'], 'line')} unread"))
    if ignored := queries.run(connection, "ignored_files"):
        lines.append(("Ignored", ", ".join(file["name"] for file in ignored)))
    lines.extend(
        ("Unread", f"{unread['field']} of {_count(unread['films'], 'film')}, such as {unread['example']!r}")
        for unread in queries.run(connection, "unread_fields")
    )
    return lines


def everything(connection: DuckDBPyConnection, path: Path) -> list[tuple[str, str]]:
    """Return the whole status of a database, in words."""
    last = _last_ingest(connection)
    counts = queries.run(connection, "status")[0]
    films = counts["movies"]
    return [
        ("Database", f"{path} ({path.stat().st_size / 1e6:,.1f} MB, schema version {last['schema_version']})"),
        ("Filled", f"{last['finished_at']:%Y-%m-%d %H:%M:%S} UTC"),
        ("Filled by", f"movie-reports {last['tool_version']} on DuckDB {last['engine_version']}"),
        *books(connection),
        *((f"Rows in {table}", f"{counts[table]:,}") for table in TABLES),
        ("Known budgets", _share(counts["known_budgets"], films)),
        ("Known revenues", _share(counts["known_revenues"], films)),
        ("Both known", _share(counts["complete"], films)),
        ("Without a date", f"{counts['without_date']:,}"),
    ]


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} films ({part / whole:.1%})" if whole else "no films"


def _last_ingest(connection: DuckDBPyConnection) -> dict[str, Any]:
    return queries.run(connection, "last_ingest")[0]
