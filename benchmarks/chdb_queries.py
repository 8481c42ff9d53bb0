r"""The load and the reports with chdb, which is ClickHouse inside a Python process: one table with arrays of names.

    python benchmarks/chdb_queries.py ingest FILE.zip NEW_FOLDER
    python benchmarks/chdb_queries.py report company|company_genres|genres FOLDER

Names are taken out of the Python literals with a regular expression; of the escapes only those that occur are undone.
ClickHouse takes a lone carriage return for text, so a record that one splits is whole.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile

from chdb.session import Session

TABLE = """
CREATE TABLE movies (id Int64, imdb_id String, title String, original_title String,
    original_language LowCardinality(String), overview String, tagline String, status LowCardinality(String),
    adult Bool, release_date Nullable(Date32), runtime Nullable(Float64), budget Nullable(Int64),
    revenue Nullable(Int64), popularity Nullable(Float64), vote_average Nullable(Float64), vote_count Nullable(Int64),
    genres Array(LowCardinality(String)), companies Array(String))
ENGINE = MergeTree ORDER BY id
"""
# What follows 'name': in a literal, with its quotation marks, then without them and without escapes.
NAMES = r"""
arrayDistinct(arrayMap(
    quoted -> replaceAll(replaceAll(substring(quoted, 2, length(quoted) - 2), '\\\'', '\''), '\\xa0', '\xc2\xa0'),
    extractAll(assumeNotNull({column}), '\'name\': (\'(?:[^\'\\\\]|\\\\.)*\'|"(?:[^"\\\\]|\\\\.)*")')
))
"""
LOAD = f"""
INSERT INTO movies
SELECT toInt64(id), imdb_id, title, original_title, original_language, overview, tagline, status, adult = 'True',
    toDate32OrNull(release_date), toFloat64OrNull(runtime), nullIf(toInt64OrNull(budget), 0),
    nullIf(toInt64OrNull(revenue), 0), toFloat64OrNull(popularity), toFloat64OrNull(vote_average),
    toInt64OrNull(vote_count), {NAMES.format(column="genres")}, {NAMES.format(column="production_companies")}
FROM file({{path: String}}, CSVWithNames)
WHERE toInt64OrNull(id) IS NOT NULL
ORDER BY toInt64OrNull(vote_count) DESC
LIMIT 1 BY id
SETTINGS input_format_csv_use_best_effort_in_schema_inference = 0
"""
YEAR = "toYear(release_date)"
FIGURES = """
    count() AS releases,
    sum(movies.budget) AS budget,
    sum(movies.revenue) AS revenue,
    if(complete > 0, revenue - budget, NULL) AS profit,
    avg(movies.popularity) AS popularity,
    count(movies.budget + movies.revenue) AS complete
"""
REPORTS = {
    "company": f"""
        SELECT arrayJoin(companies) AS company, {YEAR} AS year, {FIGURES}
        FROM movies
        GROUP BY company, year
        ORDER BY company, year NULLS LAST
    """,
    "company_genres": f"""
        WITH members AS (
            SELECT arrayJoin(companies) AS company, {YEAR} AS year, genres FROM movies
        )
        SELECT company, year, if(genre = '', NULL, genre) AS genre, count() AS releases, any(films) AS films
        FROM (SELECT *, count() OVER (PARTITION BY company, year) AS films FROM members)
        LEFT ARRAY JOIN genres AS genre
        GROUP BY company, year, genre
        ORDER BY company, year NULLS LAST, genre NULLS LAST
    """,
    "genres": f"""
        SELECT year, genre, popularity, budget, revenue, profit, releases, complete
        FROM (SELECT {YEAR} AS year, arrayJoin(genres) AS genre, {FIGURES} FROM movies GROUP BY year, genre)
        ORDER BY year NULLS LAST, popularity DESC NULLS LAST, genre
    """,
}
EMPTY = "SETTINGS format_csv_null_representation = ''"


def ingest(archive: str, folder: str) -> None:
    """Load the films of an archive into a new folder."""
    with tempfile.TemporaryDirectory() as unpacked, Session(folder) as session:
        path = zipfile.ZipFile(archive).extract("movies_metadata.csv", unpacked)
        session.query(TABLE)
        session.query(LOAD, params={"path": path})


def report(name: str, folder: str) -> None:
    """Print a report as CSV."""
    with Session(folder) as session:
        sys.stdout.write(str(session.query(REPORTS[name] + EMPTY, "CSVWithNames")))


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"ingest": ingest, "report": report}[command](*arguments)
