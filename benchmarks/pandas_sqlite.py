"""The load and the reports as they are often written: pandas, ast.literal_eval and sqlite3.

    python benchmarks/pandas_sqlite.py ingest FILE.zip NEW.sqlite
    python benchmarks/pandas_sqlite.py report company|company_genres|genres FILE.sqlite

Of a record that an unquoted line break splits, the first half becomes a film without a date and without companies.
"""

from __future__ import annotations

import ast
import sqlite3
import sys
import zipfile
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import pandas as pd

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

YEAR = "CAST(substr(release_date, 1, 4) AS INTEGER)"
FIGURES = """
    count(*) AS releases,
    sum(budget) AS budget,
    sum(revenue) AS revenue,
    CASE WHEN count(budget + revenue) > 0 THEN sum(revenue) - sum(budget) END AS profit,
    avg(popularity) AS popularity,
    count(budget + revenue) AS complete
"""
REPORTS = {
    "company": f"""
        SELECT companies.name AS company, {YEAR} AS year, {FIGURES}
        FROM movies
        JOIN movie_companies ON movie_companies.movie_id = movies.id
        JOIN companies ON companies.id = movie_companies.company_id
        GROUP BY company, year
        ORDER BY company, year NULLS LAST
    """,
    "company_genres": f"""
        WITH members AS (
            SELECT movies.id, companies.name AS company, {YEAR} AS year,
                count(*) OVER (PARTITION BY companies.name, {YEAR}) AS films
            FROM movies
            JOIN movie_companies ON movie_companies.movie_id = movies.id
            JOIN companies ON companies.id = movie_companies.company_id
        )
        SELECT company, year, genres.name AS genre, count(*) AS releases, films
        FROM members
        LEFT JOIN movie_genres ON movie_genres.movie_id = members.id
        LEFT JOIN genres ON genres.id = movie_genres.genre_id
        GROUP BY company, year, genre, films
        ORDER BY company, year NULLS LAST, genre NULLS LAST
    """,
    "genres": f"""
        SELECT year, genre, popularity, budget, revenue, profit, releases, complete
        FROM (
            SELECT {YEAR} AS year, genres.name AS genre, {FIGURES}
            FROM movies
            JOIN movie_genres ON movie_genres.movie_id = movies.id
            JOIN genres ON genres.id = movie_genres.genre_id
            GROUP BY year, genre
        )
        ORDER BY year NULLS LAST, popularity DESC NULLS LAST, genre
    """,
}


def ingest(archive: str, database: str) -> None:
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
            f"INSERT INTO movies VALUES ({places})",
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
    connection.executemany(f"INSERT INTO {table} (name, id) VALUES (?, ?)", numbers.items())
    connection.executemany(f"INSERT INTO {link} VALUES (?, ?)", pairs)


def report(name: str, database: str) -> None:
    """Print a report as CSV."""
    with closing(sqlite3.connect(database)) as connection:
        rows = pd.read_sql_query(REPORTS[name], connection, dtype_backend="numpy_nullable")
    rows.to_csv(sys.stdout, index=False)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"ingest": ingest, "report": report}[command](*arguments)
