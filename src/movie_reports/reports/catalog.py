"""The columns that every report promises to programs: their names, order, types and meanings."""

from __future__ import annotations

from typing import Any

METRICS = ("releases", "budget", "revenue", "profit", "popularity")
MONEY = ("budget", "revenue", "profit")
PERIODS = ("year", "quarter", "month", "decade")
KEYS = ("id", "title", "release_date", "companies", "company", *PERIODS, "genre", "genres")
FIGURES = ("company", "genres", "films")
POPULARITY = {
    "popularity": "TMDB popularity",
    "votes": "number of TMDB votes",
    "vote-average": "mean of the TMDB votes",
    "weighted": "weighted rating",
    "ratings": "number of MovieLens ratings",
    "ratings-mean": "mean of the MovieLens ratings",
}
"""What popularity may mean, and in words; a report shows the mean over the films of a row."""
REASONS = ("id", "fields", "nul", "quotes", "encoding", "size")
CHANGES = ("added", "changed", "removed")

_COUNTS = (
    "records",
    "movies",
    "duplicates",
    "rejects",
    "repaired",
    "films_added",
    "films_changed",
    "films_removed",
    "films_unchanged",
    "ratings",
    "ratings_matched",
    "ratings_unread",
)
_CATALOGUE = ("tmdb_ids", "films", "first_year", "last_year", "budget", "revenue", "profit", "complete")
COLUMNS = {
    "company": ("company", "year", "releases", "budget", "revenue", "profit", "popularity", "complete"),
    "company_genres": ("company", "year", "genre", "releases", "films"),
    "genres": ("year", "genre", "popularity", "budget", "revenue", "profit", "releases", "complete"),
    "films": (
        "id",
        "title",
        "release_date",
        "companies",
        "genres",
        "budget",
        "revenue",
        "profit",
        "popularity",
        "complete",
    ),
    "companies": ("company", *_CATALOGUE),
    "genre_list": ("genre", *_CATALOGUE),
    "history": (
        "id",
        "started_at",
        "finished_at",
        "outcome",
        "reason",
        "mode",
        "source",
        "source_sha256",
        "files",
        *_COUNTS,
        "tool_version",
        "engine_version",
    ),
    "rejects": ("ingest", "file", "line", "reason", "message", "raw"),
    "changes": ("id", "title", "change", "field", "old", "new"),
    "schema": ("in_table", "name", "type", "key", "comment"),
}

_FIELDS = {
    "company": ("string", "Name of the production company, or the words that several have in common."),
    "year": ("integer?", "Year of release; null for films without a date."),
    "quarter": ("string?", "Quarter of release, such as 1995-Q4; null for films without a date."),
    "month": ("string?", "Month of release, such as 1995-12; null for films without a date."),
    "decade": ("integer?", "First year of the decade of release; null for films without a date."),
    "genre": ("string?", "Name of the genre; null for films without one."),
    "releases": ("integer", "Number of films."),
    "films": ("integer", "Number of distinct films."),
    "budget": ("number?", "Sum (or mean) of known budgets in US dollars; null if none is known."),
    "revenue": ("number?", "Sum (or mean) of known revenues in US dollars; null if none is known."),
    "profit": ("number?", "Known revenue less known budget in US dollars, or its mean over complete films."),
    "popularity": ("number?", "Mean over the films of TMDB popularity, or of what --popularity names."),
    "complete": ("integer", "Number of films whose budget and revenue are both known."),
    "tmdb_ids": ("string", "TMDB ids that come with the name, between blanks."),
    "first_year": ("integer?", "Year of the first release."),
    "last_year": ("integer?", "Year of the last release."),
    "id": ("integer", "TMDB id of the film, or number of the ingest."),
    "title": ("string?", "Title of the film."),
    "release_date": ("string?", "Day of the first release, such as 1995-10-30."),
    "companies": ("string?", "Names of the production companies, between '; '."),
    "genres": ("string?", "Names of the genres, between '; '."),
    **dict.fromkeys(("started_at", "finished_at"), ("string", "Time in UTC.")),
    **dict.fromkeys(("outcome", "mode", "source", "tool_version", "engine_version"), ("string", "As in the ledger.")),
    **dict.fromkeys(("source_sha256", "files"), ("string?", "As in the ledger.")),
    **dict.fromkeys(_COUNTS, ("integer?", "As in the ledger.")),
    "ingest": ("integer", "Number of the ingest."),
    "file": ("string", "Name of the file in the source."),
    "line": ("integer", "Physical line on which the record begins."),
    "reason": ("string?", "Why."),
    "message": ("string", "What is wrong, in words."),
    "raw": ("string", "The record as it stands in the file."),
    "change": ("string", "added, changed or removed."),
    "field": ("string?", "The field that changed."),
    "old": ("string?", "Its value before, as text."),
    "new": ("string?", "Its value now, as text."),
    "in_table": ("string", "Name of the table."),
    "name": ("string", "Name of the column."),
    "type": ("string", "Its type in DuckDB."),
    "key": ("string?", "primary key, unique or not null."),
    "comment": ("string", "What it means."),
}


def json_schema(report: str) -> dict[str, Any]:
    """Return the JSON Schema of what a report's JSON export holds, with any of its options.

    The period is named after --by, and --metric leaves out other figures, so neither is required.
    """
    columns = list(COLUMNS[report])
    optional = set(METRICS) if report in FIGURES else set()
    if "year" in columns:
        columns[columns.index("year") : columns.index("year") + 1] = PERIODS
        optional |= set(PERIODS)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"movie-reports {report.replace('_', '-')}",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {column: _field(column) for column in columns},
            "required": [column for column in columns if column not in optional],
            "additionalProperties": False,
        },
    }


def _field(column: str) -> dict[str, Any]:
    kind, meaning = _FIELDS[column]
    name = kind.removesuffix("?")
    return {"type": [name, "null"] if kind.endswith("?") else name, "description": meaning}
