"""Statements have parameters, and those that are saved in a folder are run by name."""

from pathlib import Path

import pytest

import movie_reports
from films import NASTY
from program import assert_fails, exported, printed, run

OF_A_YEAR = "-- Films of a year.\nSELECT title FROM film_facts WHERE year = $year AND title >= $from ORDER BY title"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Save two queries."""
    (tmp_path / "of_year.sql").write_text(OF_A_YEAR)
    (tmp_path / "count.sql").write_text("SELECT count(*) AS films FROM movies")
    return tmp_path


def test_queries_are_listed_with_their_comments(folder: Path) -> None:
    """In the order of their names, without a database; a folder may be empty, or none."""
    expected = "count\nof_year  Films of a year.\n"
    assert printed("query", "--folder", folder) == expected
    assert printed("query", MOVIE_REPORTS_QUERIES=str(folder)) == expected
    assert printed("query", "--folder", folder / "none") == ""


def test_a_query_is_answered_by_name(folder: Path, sample_database: Path) -> None:
    """With values for its parameters: numbers and texts."""
    rows = exported("query", "of_year", "-p", "year=1995", "-p", "from=T", "--folder", folder, "-d", sample_database)
    with movie_reports.open(sample_database) as db:
        titles = [title for title in db.films(year=1995, sort="title")["title"].to_pylist() if title >= "T"]
        assert db.sql(OF_A_YEAR, {"year": 1995, "from": "T"})["title"].to_pylist() == titles
    assert [row["title"] for row in rows] == titles
    assert printed("query", "count", "-e", "csv", "--folder", folder, "-d", sample_database) == "films\n210\n"


@pytest.mark.parametrize("value", [*NASTY, "", "=", "a=b", "1e5", "-7", "1.50", "'x'"])
def test_any_text_may_be_a_value(sample_database: Path, value: str) -> None:
    """It is bound, never part of the statement; numbers are numbers."""
    (row,) = exported("sql", "SELECT $x AS x, typeof($x) AS kind", "--param", f"x={value}", "-d", sample_database)
    kinds = {"-7": ("-7", "INTEGER"), "1.50": ("1.5", "DOUBLE")}
    assert (row["x"], row["kind"]) == kinds.get(value, (value, "VARCHAR"))


WRONG = [
    (("sql", "SELECT $a", "-p", "b=1", "-p", "a=1"), 2, "has no parameter $b"),
    (("sql", "SELECT $a"), 2, "needs a value for $a: add --param a=VALUE"),
    (("sql", "SELECT $a", "-p", "a"), 2, "write NAME=VALUE"),
    (("sql", "SELECT $a", "-p", "=1"), 2, "write NAME=VALUE"),
    (("query", "../count", "--folder", "."), 3, "there is no query ../count"),
    (("query", "other", "--folder", "."), 3, "save it as NAME.sql"),
]


@pytest.mark.parametrize(("command", "code", "words"), WRONG, ids=str)
def test_what_is_missing_is_said(sample_database: Path, command: tuple[str, ...], code: int, words: str) -> None:
    """A value, a name, or a query; no path leads out of the folder."""
    assert_fails(run(*command, "--database", sample_database), code, words)
