"""What a database contains, where it came from, and how far its figures can be trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute, sql
from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.text import count, size

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Pairs = list[tuple[str, str]]

TABLES = (
    *("movies", "genres", "companies", "countries", "collections", "keywords", "people"),
    *("movie_genres", "movie_companies", "movie_countries", "movie_collections", "movie_keywords", "movie_people"),
    "movie_ratings",
)
CLOCKS_DIFFER = timedelta(minutes=5)
UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def facts(connection: DuckDBPyConnection, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the status of a database: what is said `about` it, its last ingest and last run, and what is known."""
    loaded = execute.run(connection, "ledger/last_ingest")
    ingest = {"ingest": loaded[0]["id"] if loaded else None}
    return {
        **about,
        "schema_version": sql.SCHEMA_VERSION,
        "last_ingest": loaded[0] if loaded else None,
        "last_run": execute.run(connection, "ledger/last_run")[0],
        "ignored_files": [file["name"] for file in execute.run(connection, "ledger/ignored_files", ingest)],
        "unread_fields": execute.run(connection, "ledger/unread_fields", ingest),
        "streams": execute.run(connection, "ledger/streams"),
        **execute.run(connection, "ledger/status")[0],
    }


def in_words(found: Mapping[str, Any]) -> Pairs:
    """Return the whole status as lines for people."""
    last, run, films = found["last_ingest"], found["last_run"], found["movies"]
    lines = [("Database", f"{found['database']} ({size(found['bytes'])})")]
    if "snapshot" in found:
        lines.append(("Snapshot", f"{found['snapshot']}, published {found['published_at']:%Y-%m-%d %H:%M:%S} UTC"))
    if last:
        lines += [
            ("Loaded", f"{last['finished_at']:%Y-%m-%d %H:%M:%S} UTC"),
            ("Loaded by", f"movie-reports {last['tool_version']} on DuckDB {last['engine_version']}"),
            *record_counts(last),
            *_reading(found["ignored_files"], found["unread_fields"], films),
        ]
    lines += [("Follows", _place(row)) for row in found["streams"]]
    if run["outcome"] != "loaded":
        lines.append(("Last run", f"{run['finished_at']:%Y-%m-%d %H:%M:%S} UTC {run['outcome']}: {run['reason']}"))
    lines += [(f"Rows in {table}", f"{found[table]:,}") for table in TABLES]
    return [
        *lines,
        ("Known budgets", _share(found["known_budgets"], films)),
        ("Known revenues", _share(found["known_revenues"], films)),
        ("Both known", _share(found["complete"], films)),
        ("Under $1,000", f"{count(found['small_budgets'], 'budget')} and {count(found['small_revenues'], 'revenue')}"),
        ("Without a date", count(found["without_date"], "film")),
        ("Without a genre", count(found["without_genre"], "film")),
        ("Without a company", count(found["without_company"], "film")),
        ("Without a country", count(found["without_country"], "film")),
        ("Not yet released", count(found["not_released"], "film")),
    ]


def after_ingest(row: Mapping[str, Any], ignored: Sequence[str], unread: Sequence[Mapping[str, Any]]) -> Pairs:
    """Return the result of an ingest as lines for people.

    Args:
        row: its row in the ledger.
        ignored: the names of files that no report needs.
        unread: the rows of fields that could not be read.
    """
    films = sum(row[f"films_{name}"] for name in ("added", "changed", "unchanged"))
    return [*record_counts(row), *_reading(ignored, unread, films)]


def record_counts(row: Mapping[str, Any]) -> Pairs:
    """Return the counts of an ingest as lines for people: records read = films + duplicates + rejects."""
    parts = [count(row["movies"], "film"), count(row["duplicates"], "duplicate"), count(row["rejects"], "reject")]
    if row["removals"] is not None:
        parts.append(count(row["removals"], "removal"))
    lines = [
        ("Source", f"{row['source']} (SHA-256 {row['source_sha256'][:12]})"),
        ("Records", f"{row['records']:,} read = {' + '.join(parts)}"),
    ]
    if row["repaired"]:
        lines.append(("Repaired", f"{count(row['repaired'], 'record')} joined again after a line break had split them"))
    names = ("added", "changed", "removed", "unchanged")
    lines.append(("Films", ", ".join(f"{row[f'films_{name}']:,} {name}" for name in names)))
    if row["ratings"] is not None:
        others = row["ratings"] - row["ratings_matched"]
        text = f"{row['ratings']:,} read = {row['ratings_matched']:,} of films here + {others:,} of others"
        lines.append(("Ratings", f"{text}; {count(row['ratings_unread'], 'line')} unread"))
    if row["decisions"]:
        lines += [("Read", decision) for decision in row["decisions"].split("; ")]
    if row["reason"]:
        lines.append(("Warning", row["reason"]))
    return lines


def _reading(ignored: Sequence[str], unread: Sequence[Mapping[str, Any]], films: int) -> Pairs:
    """Return which files were ignored, and which fields could not be read."""
    lines = [("Ignored", ", ".join(ignored))] if ignored else []
    for row in unread:
        is_line = row["field"] == "links"
        number = count(row["films"], "line" if is_line else "film")
        share = "" if is_line else f" ({row['films'] / films:.1%} of all)"
        lines.append(("Unread", f"{row['field']} of {number}{share}, such as {row['example']!r}"))
    return lines


def age_limit(limit: str) -> timedelta:
    """Read an age such as `35d`, `48h` or `5w`.

    Raises:
        UsageError: it is not an age.
    """
    parsed = re.fullmatch(r"(\d+)([hdw])", limit.strip())
    if not parsed:
        message = f"--max-age {limit} is not an age: write 48h, 35d or 5w"
        raise UsageError(message)
    try:
        return timedelta(**{UNITS[parsed[2]]: int(parsed[1])})
    except OverflowError:
        return timedelta.max


def check_age(found: Mapping[str, Any], limit: str) -> None:
    """Check the age of the data against a limit.

    Raises:
        UsageError: as `age_limit`.
        MovieReportsError: the data are older, or there are none, or they come from the future.
    """
    if found["last_ingest"] is None:
        message = f"{found['database']} has no data: no ingest has succeeded"
        raise MovieReportsError(message)
    filled = found["last_ingest"]["finished_at"]
    age = datetime.now(UTC).replace(tzinfo=None) - filled
    if age < -CLOCKS_DIFFER:
        message = f"the data in {found['database']} are from the future ({filled:%Y-%m-%d %H:%M} UTC): check the clock"
        raise MovieReportsError(message)
    if age > age_limit(limit):
        old = f"{age.days} days" if age.days > 1 else f"{age.total_seconds() / 3600:.0f} hours"
        message = f"the data in {found['database']} are {old} old, more than {limit}: ingest newer ones"
        raise MovieReportsError(message)


def _place(row: Mapping[str, Any]) -> str:
    """Say how far a partition of a topic is loaded."""
    lag = f"{count(row['lag'], 'message')} behind after ingest {row['ingest_id']}"
    return f"{row['topic']}/{row['partition']} until offset {row['next_offset']:,}, {lag}"


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} films ({part / whole:.1%})" if whole else "no films"
