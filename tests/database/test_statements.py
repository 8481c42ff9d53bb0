"""The SQL that a report prints gives the rows of its export, wherever it is run."""

import io
import json
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from films import NASTY, STEERING
from movie_reports.database.connection import connect
from movie_reports.reports import report as reports
from movie_reports.reports.report import Report
from movie_reports.reports.requests.request import Request
from program import printed, streams
from selection import few

Connection = duckdb.DuckDBPyConnection


@pytest.fixture(scope="module")
def ours(nasty_database: Path) -> Iterator[Connection]:
    """Open the films of nasty names as the program does."""
    with closing(connect(nasty_database)) as connection:
        yield connection


@pytest.fixture(scope="module")
def plain(nasty_database: Path) -> Iterator[Connection]:
    """Open the same file in plain DuckDB."""
    with duckdb.connect(str(nasty_database), read_only=True) as connection:
        yield connection


def answer(connection: Connection, text: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run a text that is one harmless statement, and return its columns and rows."""
    assert not STEERING.search(text)
    assert text.endswith(";\n")
    assert len(duckdb.extract_statements(text)) == 1
    found = connection.execute(text)
    columns = [name for name, *_ in found.description or ()]
    return columns, found.fetchall()


def assert_same(report: Report, plain: Connection) -> None:
    """Check that the printed text of a report gives its rows."""
    assert answer(plain, report.pasted) == (list(report.names), report.rows)


@pytest.mark.parametrize("name", few(["", "\0", "x" * 10_000, *NASTY], first=10), ids=lambda name: ascii(name[:40]))
def test_no_name_changes_what_the_text_means(ours: Connection, plain: Connection, name: str) -> None:
    """As the name of a company, as a label, among several, as a genre, or as words of a search."""
    for names, label in (((name,), None), ((NASTY[1], name), None), ((name,), name)):
        for report in ("company", "company-genres", "films"):
            assert_same(reports.figures(ours, report, Request(company=names, label=label)), plain)
    assert_same(reports.catalogue(ours, "companies", name), plain)
    assert_same(reports.catalogue(ours, "genre-list", name), plain)
    assert_same(reports.figures(ours, "genres", Request(genre=(name, "Drama"))), plain)
    if name.strip():  # an empty title is refused
        assert_same(reports.figures(ours, "films", Request(title=name)), plain)
    assert plain.execute("SELECT count(*) FROM movies").fetchall() == [(2 * len(NASTY),)]


@pytest.mark.parametrize("seed", few(range(20), first=6))
def test_any_report_is_what_its_text_gives(real_database: Path, seed: int) -> None:
    """With any filters, periods, figures, means, popularities, tops and minimums."""
    chance = random.Random(seed)  # noqa: S311 (the same combinations each time)
    metrics = chance.sample(["releases", "budget", "revenue", "profit", "popularity"], chance.randrange(3))
    names: tuple[tuple[str, ...], str | None] = chance.choice(
        [((), None), (("Miramax",), None), (("Miramax", "Canal+"), None), (("Miramax",), "m")]
    )
    films: dict[str, Any] = {
        "year": chance.choice([None, 1995, "1990-1999", "1994-", "-1960", "none"]),
        "month": chance.choice([None, 12, "6-8", "11-2"]),
        "genre": chance.choice([(), "Drama", ["Comedy", "War"]]),
        "complete": chance.random() < 0.3,
        "popularity": chance.choice(["popularity", "votes", "vote-average", "weighted", "ratings", "ratings-mean"]),
        "top": chance.choice([None, 1, 5]),
        "metrics": metrics,
    }
    rows: dict[str, Any] = {
        "by": chance.choice(["year", "quarter", "month", "decade", "all"]),
        "average": chance.random() < 0.3,
        "min_films": chance.choice([1, 2, 5]),
    }
    company, label = names
    with (
        closing(connect(real_database)) as connection,
        duckdb.connect(str(real_database), read_only=True) as plain,
    ):
        asked = Request(company=company, label=label, **films, **rows)
        assert_same(reports.figures(connection, "company", asked), plain)
        assert_same(reports.figures(connection, "company-genres", replace(asked, metrics=())), plain)
        assert_same(reports.figures(connection, "genres", Request(**films, **rows)), plain)
        films["metrics"] = [metric for metric in metrics if metric != "releases"]
        assert_same(reports.figures(connection, "films", Request(company=company, label=label, **films)), plain)


PRINTED = [
    ("company", "$year $companies $label $", 'It\'s "quoted"', "--metric", "profit", "--by", "quarter"),
    ("company", "Films", "--all-matches", "--average", "--top", "3", "--month", "11-2"),
    ("company", "\x1b[31mRed\x1b[0m", "--genres", "--genre", "Drama"),
    ("genres", "--by", "decade", "--popularity", "weighted", "--min-films", "2"),
    ("films", "--company", "'; DROP TABLE movies; --", "--year", "2001-", "--complete"),
    ("companies", "'"),
    ("companies",),
    ("genre-list", "dra"),
]


@pytest.mark.parametrize("arguments", PRINTED, ids=lambda arguments: ascii(" ".join(arguments)))
def test_the_program_prints_the_text_of_its_export(
    nasty_database: Path, plain: Connection, arguments: tuple[str, ...]
) -> None:
    """Its columns and rows are those of the export, and stdout contains nothing else."""
    code, text, _ = streams(*arguments, "--sql", "--database", nasty_database)
    assert code == 0
    columns, rows = answer(plain, text)
    _, exported, _ = streams(*arguments, "--export", "ndjson", "--database", nasty_database)
    stream = io.StringIO()
    stream.writelines(f"{json.dumps(dict(zip(columns, row, strict=True)), default=str)}\n" for row in rows)
    expected = [json.loads(line) for line in stream.getvalue().split("\n")[:-1]]
    assert [json.loads(line) for line in exported.split("\n")[:-1]] == expected
    assert expected


def test_the_text_of_nothing_is_printed_too(nasty_database: Path, plain: Connection) -> None:
    """A report without rows has a statement all the same, and its columns."""
    columns, rows = answer(plain, printed("genres", "--year", "1900", "--sql", "--database", nasty_database))
    assert (columns[:2], rows) == (["year", "genre"], [])


@pytest.mark.parametrize("other", [("--export", "csv"), ("--output", "x.csv")], ids=" ".join)
def test_the_text_does_not_go_with_a_file(nasty_database: Path, other: tuple[str, str]) -> None:
    """Only one form of a report can be asked for."""
    code, output, errors = streams("genres", "--sql", *other, "--database", nasty_database)
    assert (code, output) == (2, "")
    assert "--sql" in errors
