"""The load and one report as they are often written: pandas, ast.literal_eval and sqlite3.

    python benchmarks/pandas_sqlite.py load FILE.zip FILE.sqlite
    python benchmarks/pandas_sqlite.py genres FILE.sqlite 1995

Of a record that an unquoted line break splits, the first half becomes a film without a date and without companies.
"""

from __future__ import annotations

import ast
import sqlite3
import sys
import zipfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd  # type: ignore[import-untyped]  # its stubs are no tool of this project

NUMBERS = ("id", "runtime", "budget", "revenue", "popularity", "vote_average", "vote_count")
COLUMNS = (
    "id",
    "imdb_id",
    "title",
    "original_title",
    "original_language",
    "overview",
    "tagline",
    "status",
    "adult",
    "release_date",
    "runtime",
    "budget",
    "revenue",
    "popularity",
    "vote_average",
    "vote_count",
)

SCHEMA = """
CREATE TABLE movies (id INTEGER PRIMARY KEY, imdb_id TEXT, title TEXT, original_title TEXT, original_language TEXT,
    overview TEXT, tagline TEXT, status TEXT, adult TEXT, release_date TEXT, runtime REAL, budget INTEGER,
    revenue INTEGER, popularity REAL, vote_average REAL, vote_count INTEGER);
CREATE TABLE genres (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE companies (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE movie_genres (movie_id INTEGER, genre_id INTEGER, PRIMARY KEY (movie_id, genre_id));
CREATE TABLE movie_companies (movie_id INTEGER, company_id INTEGER, PRIMARY KEY (movie_id, company_id));
"""

GENRES = """
SELECT genres.name, count(*), sum(movies.budget), sum(movies.revenue), avg(movies.popularity) AS popularity
FROM movies
JOIN movie_genres ON movie_genres.movie_id = movies.id
JOIN genres ON genres.id = movie_genres.genre_id
WHERE movies.release_date >= ? AND movies.release_date < ?
GROUP BY genres.name
ORDER BY popularity DESC
"""


def load(archive: str, database: str) -> None:
    """Load the films of an archive into a new database."""
    with zipfile.ZipFile(archive) as files, files.open("movies_metadata.csv") as stream:
        films = pd.read_csv(stream, dtype=str)
    for column in NUMBERS:
        films[column] = pd.to_numeric(films[column], errors="coerce")
    films = films.dropna(subset=["id"]).sort_values("vote_count", ascending=False, kind="stable").drop_duplicates("id")
    films["release_date"] = pd.to_datetime(films["release_date"], errors="coerce").dt.strftime("%Y-%m-%d")
    films[["budget", "revenue"]] = films[["budget", "revenue"]].replace(0, None)
    rows = films[list(COLUMNS)].astype(object)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executescript(SCHEMA)
        places = ", ".join("?" * len(COLUMNS))
        connection.executemany(
            f"INSERT INTO movies VALUES ({places})",  # noqa: S608 (question marks only)
            rows.where(rows.notna(), None).itertuples(index=False, name=None),
        )
        for table, link, column in (
            ("genres", "movie_genres", "genres"),
            ("companies", "movie_companies", "production_companies"),
        ):
            _link(connection, table, link, zip(films["id"], films[column], strict=True))


def _link(connection: sqlite3.Connection, table: str, link: str, cells: Iterable[tuple[int, Any]]) -> None:
    """Fill a table of names and the table that links films to them; a cell that is no text is empty."""
    numbers: dict[str, int] = {}
    pairs = {
        (int(film), numbers.setdefault(item["name"], len(numbers) + 1))
        for film, text in cells
        if isinstance(text, str)
        for item in ast.literal_eval(text)
    }
    connection.executemany(f"INSERT INTO {table} (name, id) VALUES (?, ?)", numbers.items())  # noqa: S608 (a constant)
    connection.executemany(f"INSERT INTO {link} VALUES (?, ?)", pairs)  # noqa: S608 (a constant)


def genres(database: str, year: int) -> None:
    """Print genre, releases, budget, revenue and popularity of one year."""
    with closing(sqlite3.connect(database)) as connection:
        for row in connection.execute(GENRES, (f"{year}", f"{year + 1}")):
            print(*row, sep="\t")


if __name__ == "__main__":
    if sys.argv[1] == "load":
        Path(sys.argv[3]).unlink(missing_ok=True)
        load(sys.argv[2], sys.argv[3])
    else:
        genres(sys.argv[2], int(sys.argv[3]))
