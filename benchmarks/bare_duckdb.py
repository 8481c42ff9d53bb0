r"""The load and the reports as they are written by hand, without movie-reports: bare DuckDB.

    python benchmarks/bare_duckdb.py ingest FILE.zip NEW.duckdb
    python benchmarks/bare_duckdb.py report company|company_genres|genres FILE.duckdb

The raw text is kept in a table of its own before it is cast, since DuckDB 2.0.0 may drop rows otherwise
(duckdb#23818). The cast reads the Python literals, all but the escape \xa0, which is replaced before. Records that an
unquoted line break splits are lost, and what was read is not counted.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile

import duckdb

LOAD = r"""
CREATE TEMP TABLE raw AS
SELECT id, title, original_title, original_language, imdb_id, overview, tagline, status, adult, release_date, runtime,
    budget, revenue, popularity, vote_average, vote_count, genres, production_companies
FROM read_csv($path, header = true, delim = ',', quote = '"', escape = '"', all_varchar = true, strict_mode = false,
    ignore_errors = true);

CREATE TEMP TABLE films AS
SELECT TRY_CAST(id AS BIGINT) AS id, imdb_id, title, original_title, original_language, overview, tagline, status,
    TRY_CAST(adult AS BOOLEAN) AS adult, TRY_CAST(release_date AS DATE) AS release_date,
    TRY_CAST(runtime AS DOUBLE) AS runtime, nullif(TRY_CAST(budget AS BIGINT), 0) AS budget,
    nullif(TRY_CAST(revenue AS BIGINT), 0) AS revenue, TRY_CAST(popularity AS DOUBLE) AS popularity,
    TRY_CAST(vote_average AS DOUBLE) AS vote_average, TRY_CAST(vote_count AS BIGINT) AS vote_count,
    TRY_CAST(genres AS STRUCT(id BIGINT, name VARCHAR)[]) AS genres,
    TRY_CAST(replace(production_companies, '\xa0', chr(160)) AS STRUCT(id BIGINT, name VARCHAR)[]) AS companies
FROM raw
WHERE TRY_CAST(id AS BIGINT) IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY TRY_CAST(id AS BIGINT) ORDER BY TRY_CAST(vote_count AS BIGINT) DESC) = 1;

CREATE TABLE movies (id BIGINT PRIMARY KEY, imdb_id VARCHAR, title VARCHAR, original_title VARCHAR,
    original_language VARCHAR, overview VARCHAR, tagline VARCHAR, status VARCHAR, adult BOOLEAN, release_date DATE,
    runtime DOUBLE, budget BIGINT, revenue BIGINT, popularity DOUBLE, vote_average DOUBLE, vote_count BIGINT);
CREATE TABLE genres (id INTEGER PRIMARY KEY, name VARCHAR);
CREATE TABLE companies (id INTEGER PRIMARY KEY, name VARCHAR);
CREATE TABLE movie_genres (movie_id BIGINT, genre_id INTEGER, PRIMARY KEY (movie_id, genre_id));
CREATE TABLE movie_companies (movie_id BIGINT, company_id INTEGER, PRIMARY KEY (movie_id, company_id));

INSERT INTO movies SELECT * EXCLUDE (genres, companies) FROM films;

CREATE TEMP TABLE film_genres AS SELECT DISTINCT id, unnest(genres).name AS name FROM films;
INSERT INTO genres SELECT row_number() OVER (ORDER BY name), name FROM (SELECT DISTINCT name FROM film_genres);
INSERT INTO movie_genres SELECT film_genres.id, genres.id FROM film_genres JOIN genres USING (name);

CREATE TEMP TABLE film_companies AS SELECT DISTINCT id, unnest(companies).name AS name FROM films;
INSERT INTO companies SELECT row_number() OVER (ORDER BY name), name FROM (SELECT DISTINCT name FROM film_companies);
INSERT INTO movie_companies SELECT film_companies.id, companies.id FROM film_companies JOIN companies USING (name);
"""

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
        SELECT companies.name AS company, year(release_date) AS year, {FIGURES}
        FROM movies
        JOIN movie_companies ON movie_companies.movie_id = movies.id
        JOIN companies ON companies.id = movie_companies.company_id
        GROUP BY ALL
        ORDER BY company, year
    """,
    "company_genres": """
        WITH members AS (
            SELECT movies.id, companies.name AS company, year(release_date) AS year,
                count(*) OVER (PARTITION BY companies.name, year(release_date)) AS films
            FROM movies
            JOIN movie_companies ON movie_companies.movie_id = movies.id
            JOIN companies ON companies.id = movie_companies.company_id
        )
        SELECT company, year, genres.name AS genre, count(*) AS releases, films
        FROM members
        LEFT JOIN movie_genres ON movie_genres.movie_id = members.id
        LEFT JOIN genres ON genres.id = movie_genres.genre_id
        GROUP BY ALL
        ORDER BY company, year, genre
    """,
    "genres": f"""
        SELECT year, genre, popularity, budget, revenue, profit, releases, complete
        FROM (
            SELECT year(release_date) AS year, genres.name AS genre, {FIGURES}
            FROM movies
            JOIN movie_genres ON movie_genres.movie_id = movies.id
            JOIN genres ON genres.id = movie_genres.genre_id
            GROUP BY ALL
        )
        ORDER BY year, popularity DESC, genre
    """,
}


def ingest(archive: str, database: str) -> None:
    """Load the films of an archive into a new database."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(database) as connection:
        path = zipfile.ZipFile(archive).extract("movies_metadata.csv", folder)
        for statement in connection.extract_statements(LOAD):
            connection.execute(statement, {"path": path} if statement.named_parameters else None)


def report(name: str, database: str) -> None:
    """Print a report as CSV."""
    with duckdb.connect(database, read_only=True) as connection:
        connection.sql(REPORTS[name]).write_csv("/dev/stdout")


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"ingest": ingest, "report": report}[command](*arguments)
