"""The load and the reports with sqlite-utils: its insert, with ast.literal_eval for the lists, and SQL.

    python benchmarks/sqlite_utils_tables.py ingest FILE.zip NEW.sqlite
    python benchmarks/sqlite_utils_tables.py report company|company_genres|genres FILE.sqlite

Of a record that an unquoted line break splits, the first half becomes a film without a date and without companies.
The insert is one transaction, since sqlite-utils otherwise waits for the disk after every 41 records.
"""

from __future__ import annotations

import ast
import csv
import io
import sys
import zipfile
from collections.abc import Iterator

from sqlite_utils import Database

TABLES = """
CREATE TABLE movies (id INTEGER PRIMARY KEY, imdb_id TEXT, title TEXT, original_title TEXT, original_language TEXT,
    overview TEXT, tagline TEXT, status TEXT, adult TEXT, release_date TEXT, runtime REAL, budget INTEGER,
    revenue INTEGER, popularity REAL, vote_average REAL, vote_count INTEGER, genres TEXT, companies TEXT);
CREATE TABLE movie_genres (movie_id INTEGER, genre TEXT, PRIMARY KEY (movie_id, genre)) WITHOUT ROWID;
CREATE TABLE movie_companies (movie_id INTEGER, company TEXT, PRIMARY KEY (movie_id, company)) WITHOUT ROWID;

INSERT INTO movies
SELECT id, imdb_id, title, original_title, original_language, overview, tagline, status, adult, date(release_date),
    runtime, nullif(CAST(budget AS INTEGER), 0), nullif(CAST(revenue AS INTEGER), 0), CAST(popularity AS REAL),
    vote_average, vote_count, genres, production_companies
FROM (
    SELECT *, row_number() OVER (PARTITION BY CAST(id AS INTEGER) ORDER BY CAST(vote_count AS INTEGER) DESC) AS place
    FROM raw
    WHERE id NOT GLOB '*[^0-9]*'
)
WHERE place = 1;

INSERT OR IGNORE INTO movie_genres SELECT movies.id, names.value FROM movies, json_each(genres) AS names;
INSERT OR IGNORE INTO movie_companies SELECT movies.id, names.value FROM movies, json_each(companies) AS names;
DROP TABLE raw;
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
        SELECT company, {YEAR} AS year, {FIGURES}
        FROM movies
        JOIN movie_companies ON movie_companies.movie_id = movies.id
        GROUP BY company, year
        ORDER BY company, year NULLS LAST
    """,
    "company_genres": f"""
        WITH members AS (
            SELECT id, company, {YEAR} AS year, count(*) OVER (PARTITION BY company, {YEAR}) AS films
            FROM movies
            JOIN movie_companies ON movie_companies.movie_id = movies.id
        )
        SELECT company, year, genre, count(*) AS releases, films
        FROM members
        LEFT JOIN movie_genres ON movie_genres.movie_id = members.id
        GROUP BY company, year, genre, films
        ORDER BY company, year NULLS LAST, genre NULLS LAST
    """,
    "genres": f"""
        SELECT year, genre, popularity, budget, revenue, profit, releases, complete
        FROM (
            SELECT {YEAR} AS year, genre, {FIGURES}
            FROM movies
            JOIN movie_genres ON movie_genres.movie_id = movies.id
            GROUP BY year, genre
        )
        ORDER BY year NULLS LAST, popularity DESC NULLS LAST, genre
    """,
}


def ingest(archive: str, database: str) -> None:
    """Load the films of an archive into a new database."""
    store = Database(database)
    with zipfile.ZipFile(archive) as files, files.open("movies_metadata.csv") as stream, store.atomic():
        store.table("raw").insert_all(_records(io.TextIOWrapper(stream, encoding="utf-8", newline="")))
    store.executescript(TABLES)
    store.close()


def _records(stream: io.TextIOWrapper) -> Iterator[dict[str, object]]:
    """Give each record with the names of its genres and companies as lists, which sqlite-utils keeps as JSON."""
    for record in csv.DictReader(stream):
        yield record | {
            "genres": _names(record["genres"]),
            "production_companies": _names(record["production_companies"]),
        }


def _names(text: str | None) -> list[str]:
    try:
        return [item["name"] for item in ast.literal_eval(text or "[]")]
    except (SyntaxError, ValueError, TypeError):
        return []


def report(name: str, database: str) -> None:
    """Print a report as CSV."""
    rows = Database(database).execute(REPORTS[name])
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([column[0] for column in rows.description])
    writer.writerows(rows)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"ingest": ingest, "report": report}[command](*arguments)
