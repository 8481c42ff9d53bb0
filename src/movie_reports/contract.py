"""The columns that every report promises to programs: their names, order, types and meanings."""

from __future__ import annotations

METRICS = ("releases", "budget", "revenue", "profit", "popularity")
MONEY = ("budget", "revenue", "profit")
PERIODS = ("year", "quarter", "month", "decade")
KEYS = ("id", "title", "release_date", "companies", "company", *PERIODS, "genre", "genres")
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
    "companies": ("company", "tmdb_ids", "films", "first_year", "last_year", "budget", "revenue", "profit", "complete"),
    "genre_list": ("genre", "tmdb_ids", "films", "first_year", "last_year", "budget", "revenue", "profit", "complete"),
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
        "tool_version",
        "engine_version",
    ),
    "rejects": ("ingest", "file", "line", "reason", "message", "raw"),
    "changes": ("id", "title", "change", "field", "old", "new"),
}
POPULARITY = {
    "popularity": "TMDB popularity",
    "votes": "number of TMDB votes",
    "vote-average": "mean of the TMDB votes",
    "weighted": "weighted rating",
    "ratings": "number of MovieLens ratings",
    "ratings-mean": "mean of the MovieLens ratings",
}
"""What popularity may mean, and in words; a report shows the mean over the films of a row."""
