"""What the sample archive promises is in the database made of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from movie_reports.ingestion import sample
from sample_archive import CUT_OFF, FILMS, rows, text


@pytest.fixture(scope="module")
def archive(sample_database: Path) -> Path:
    """Return what was ingested."""
    return sample_database.with_name("films.zip")


@pytest.fixture(scope="module")
def con(sample_database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database made of it."""
    with duckdb.connect(str(sample_database), read_only=True) as connection:
        yield connection


def film(con: duckdb.DuckDBPyConnection, title: str, columns: str) -> tuple[Any, ...]:
    """Return columns of the one film with a title."""
    (found,) = con.execute(f"SELECT {columns} FROM movies WHERE title = $title", {"title": title}).fetchall()  # noqa: S608
    return tuple(found)


def linked(con: duckdb.DuckDBPyConnection, kind: str, title: str) -> list[tuple[Any, ...]]:
    """Return names and TMDB ids of the genres or companies of the film with a title."""
    key = {"genres": "genre_id", "companies": "company_id"}[kind]
    query = f"SELECT {kind}.name, {kind}.tmdb_ids FROM movies JOIN movie_{kind} ON movie_id = movies.id "  # noqa: S608
    query += f"JOIN {kind} ON {kind}.id = {key} WHERE title = $title ORDER BY {kind}.name"
    return con.execute(query, {"title": title}).fetchall()


def test_the_books_balance(con: duckdb.DuckDBPyConnection) -> None:
    """Every record of the archive is a film, a duplicate or a reject."""
    query = "SELECT records, movies, duplicates, rejects, repaired FROM ingests"
    assert con.execute(query).fetchall() == [(214, 210, 2, 2, 2)]
    assert len(FILMS) + len(sample.QUIRKS) == 214


def test_rejects_are_below_one_percent(con: duckdb.DuckDBPyConnection) -> None:
    """An ingest refuses a source with more rejects than one record in a hundred; the sample is well read."""
    ((records, rejects),) = con.execute("SELECT records, rejects FROM ingests").fetchall()
    assert 0 < rejects < records / 100


def test_the_ratings_are_booked(con: duckdb.DuckDBPyConnection, archive: Path) -> None:
    """Only the ratings of films that a link leads to count."""
    ratings = [movie for _, movie, _, _ in rows(archive, "ratings_small.csv")[1:]]
    lost = sum(movie in {str(sample.UNKNOWN_MOVIE), str(sample.UNLINKED_MOVIE)} for movie in ratings)
    assert lost > 0
    query = "SELECT ratings, ratings_matched, ratings_unread FROM ingests"
    assert con.execute(query).fetchall() == [(len(ratings), len(ratings) - lost, 0)]


def test_keywords_are_ignored(con: duckdb.DuckDBPyConnection) -> None:
    """The other files play their roles."""
    assert dict(con.execute("SELECT name, role FROM ingest_files").fetchall()) == {
        "keywords.csv": "ignored",
        "links_small.csv": "links",
        "movies_metadata.csv": "movies",
        "ratings_small.csv": "ratings",
    }


def test_unreadable_fields_are_counted(con: duckdb.DuckDBPyConnection) -> None:
    """A date, a budget and a list of genres are NULL and noted."""
    assert con.execute("SELECT field, films, example FROM unread_fields ORDER BY field").fetchall() == [
        ("budget", 1, "/abc.jpg"),
        ("genres", 1, "[{'id': 18, 'name': 'Dra"),
        ("release_date", 1, "1995-13-45"),
    ]


def test_rejects_are_kept_with_their_line(con: duckdb.DuckDBPyConnection, archive: Path) -> None:
    """The line is the physical one, where LF, CRLF and a lone CR each end a line."""
    lines = re.split(r"\r\n|\r|\n", text(archive, "movies_metadata.csv"))
    rejects = con.execute("SELECT line, reason, raw FROM rejects ORDER BY line").fetchall()
    assert [reason for _, reason, _ in rejects] == ["id", "fields"]
    assert [raw for _, _, raw in rejects] == [lines[line - 1] for line, _, _ in rejects]
    fragments = ("1997-08-20", "Three fields only")
    assert all(fragment in raw for fragment, (_, _, raw) in zip(fragments, rejects, strict=True))


@pytest.mark.parametrize(
    ("title", "overview"),
    [
        ("Split by a carriage return", "A lone carriage return\nsplits this record in two."),
        ("Split by a line feed", "A lone line feed\nsplits this record in two."),
        ("A quoted line feed", "The first line,\nand the second."),
        ("A quoted carriage return", "The first line,\rand the second."),
        ("Doubled quotation marks", 'It says "doubled" and, at its end, "quotes"'),
    ],
)
def test_overviews_are_whole(con: duckdb.DuckDBPyConnection, title: str, overview: str) -> None:
    """Records are joined where a break split them, and left as they are where it did not."""
    assert film(con, title, "overview, release_date::VARCHAR, vote_count") == (overview, "2020-01-31", 1)
    assert linked(con, "companies", title) == [("Quirk Films", [900000001])]


def test_of_two_records_with_one_id_one_stays(con: duckdb.DuckDBPyConnection) -> None:
    """More votes win; on a tie, the later record."""
    query = "SELECT title FROM movies WHERE title LIKE 'Twice%' ORDER BY id"
    assert con.execute(query).fetchall() == [("Twice, with more votes",), ("Twice, with equal votes, last",)]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("None in lists", [("Company Without Id", [])]),
        ("Escapes in names", [('Quirk\xa0Films \u2013 It\'s "Escaped"', [900000003])]),
        (
            "Quotes, brackets and scripts in names",
            [
                ("Brackets [and], commas", [900000006]),
                ("Curiosités Ünïcode 奇妙映画", [900000007]),
                ("Quirk's Films", [900000004]),
                ('The "Quirk" Films', [900000005]),
            ],
        ),
        ("A genre and a company repeated", [("Quirk Films", [900000001])]),
        ("Two ids, first", [("Two Ids Pictures", [900000008, 900000009])]),
        ("Two ids, second", [("Two Ids Pictures", [900000008, 900000009])]),
    ],
)
def test_company_names_come_through(
    con: duckdb.DuckDBPyConnection, title: str, names: list[tuple[str, list[int]]]
) -> None:
    """Names are exact, and each stands once."""
    assert linked(con, "companies", title) == names


def test_genres_come_through(con: duckdb.DuckDBPyConnection) -> None:
    """JSON is read, what was cut off is not, and what is repeated stands once."""
    titles = ("Genres in JSON", CUT_OFF, "A genre and a company repeated")
    assert [[name for name, _ in linked(con, "genres", title)] for title in titles] == [["Drama"], [], ["Drama"]]


def test_unknown_figures_are_null(con: duckdb.DuckDBPyConnection) -> None:
    """So are figures that cannot be read; the rest of the record stays."""
    assert film(con, "Budget and revenue unknown", "budget, revenue, runtime") == (None, None, 60.0)
    assert film(con, "A poster for a budget", "budget, revenue") == (None, 2000)
    assert film(con, "The 45th day of month 13", "release_date, budget") == (None, 1000)
    assert film(con, "Only a rumour", "release_date, status") == (None, "Rumored")
    assert film(con, "[REC] in [bold]brackets[/bold]", "adult, original_title") == (
        True,
        "[REC] in [bold]brackets[/bold]",
    )


def test_what_a_comment_calls_unique_is_unique(con: duckdb.DuckDBPyConnection) -> None:
    """No index says so."""
    found = "SELECT table_name, column_name FROM duckdb_columns() WHERE contains(comment, 'unique')"
    keys = con.execute(found).fetchall()
    assert ("movies", "id") in keys
    for table, column in keys:
        query = f"SELECT count(*), count(DISTINCT {column}) FROM {table}"  # noqa: S608 (our own)
        values, different = con.execute(query).fetchall()[0]
        assert values == different
        assert (values == 0) == (table in {"keywords", "people"})  # which were not asked for
