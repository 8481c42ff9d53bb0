"""Spark and PostgreSQL answer the statements of the reports with the rows that DuckDB gives."""

import json
import math
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import duckdb
import pytest

import engines
import various
from films import NASTY, USUAL, loading, text
from fuzzing import TIMES
from movie_reports.database import sql
from movie_reports.database.connection import connect
from movie_reports.reports.statements.statement import Statement
from report_statements import of_the_ledger, requests, statements

pytestmark = [
    pytest.mark.component,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]
VIEWS = [
    "SELECT * FROM film_facts ORDER BY id",
    "SELECT * FROM film_names ORDER BY id",
    "SELECT * FROM company_films ORDER BY id, company",
    "SELECT * FROM genre_films ORDER BY id, genre",
    "SELECT * FROM company_years ORDER BY company, year NULLS LAST",
    "SELECT * FROM genre_years ORDER BY genre, year NULLS LAST",
]


@dataclass(frozen=True)
class Store:
    """A database, and another engine that has its tables."""

    ours: duckdb.DuckDBPyConnection
    ask: engines.Ask

    def names(self, table: str) -> list[str]:
        """Return the companies or the genres."""
        return [name for (name,) in self.ours.table(table).project("name").order("name").fetchall()]

    def check(self, statement: Statement) -> None:
        """Compare the rows of a statement."""
        expected = self.ours.execute(statement.text, statement.parameters).fetchall()
        # Sail, which answers as Spark, rounds the place of a quantile between two values to a millionth.
        tolerance = 1e-5 if "percentile_cont" in statement.text else 1e-9
        assert_same(self.ask(statement.text, statement.parameters), expected, tolerance)


def assert_same(found: engines.Rows, expected: engines.Rows, tolerance: float = 1e-9) -> None:
    """Compare rows in their order."""
    pairs = zip_longest(found, expected, fillvalue=())
    assert [(row, other) for row, other in pairs if not alike(row, other, tolerance)][:3] == []


def alike(row: tuple[Any, ...], other: tuple[Any, ...], tolerance: float) -> bool:
    """Whether two rows are equal: a mean may be a decimal, and differ by rounding."""
    return len(row) == len(other) and all(
        a == b or (is_number(a) and is_number(b) and math.isclose(a, b, rel_tol=tolerance, abs_tol=1e-12))
        for a, b in zip(row, other, strict=True)
    )


def is_number(value: object) -> bool:
    """Whether a value is a figure."""
    return isinstance(value, int | float | Decimal)


def awkward() -> Iterator[dict[str, str]]:
    """Make up films of extreme figures and nasty names, some without a title."""
    chance = random.Random(1)  # noqa: S311 (the same films each time)
    yield from various.films()
    for number, name in enumerate(NASTY * 3, 1000):
        yield USUAL | {
            "id": str(number),
            "title": chance.choice([name, name.upper(), "The é", ""]),
            "production_companies": json.dumps([{"name": each, "id": 1} for each in (name, chance.choice(NASTY))]),
            "genres": json.dumps([{"name": each, "id": number} for each in chance.sample(NASTY[:9], 2)]),
            "release_date": chance.choice(["", "1995-12-31", "0050-01-01", "9999-12-31"]),
            "popularity": chance.choice(["", "0.1", "123456.789", "1e-7", "0.30000000000000004"]),
            "budget": chance.choice(["", "1", "7", "900000000000000"]),
            "revenue": chance.choice(["", "2", "3", "900000000000000"]),
            "vote_average": chance.choice(["", "3.3", "7.7"]),
            "vote_count": chance.choice(["", "0", "3", "17"]),
        }


@pytest.fixture(scope="module", params=["sample", "awkward"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Go through films as they are, and films that are as they never should be."""
    if request.param == "sample":
        return request.getfixturevalue("sample_database")  # type: ignore[no-any-return]
    folder = tmp_path_factory.mktemp("awkward")
    loading(folder)(text(*awkward()))
    return folder / "movies.duckdb"


@pytest.fixture(scope="module", params=[engines.spark, engines.postgres], ids=["spark", "postgres"])
def store(request: pytest.FixtureRequest, database: Path) -> Iterator[Store]:
    """Go through the engines."""
    with request.param(database) as ask, closing(connect(database)) as ours:
        yield Store(ours, ask)


@pytest.mark.parametrize("seed", range(8 * TIMES))
def test_every_statement_has_equal_rows(store: Store, seed: int) -> None:
    """With any names, filters, periods, figures, popularities and tops; in tables, exports and totals."""
    tables = ("companies", "genres", "countries", "collections", "keywords", "people")
    for name, request in requests(seed, *map(store.names, tables)):
        for statement in statements(name, request):
            store.check(statement)


def test_the_ledger_has_equal_rows(store: Store) -> None:
    """Rejects and changes, of any kind or of one."""
    for statement in of_the_ledger():
        store.check(statement)


@pytest.mark.parametrize("seed", range(1000, 1000 + 2 * TIMES))
def test_printed_statements_have_equal_rows(store: Store, seed: int) -> None:
    """As they are, with their values in them; Sail alone does not know that two apostrophes are one."""
    plain = [
        [name for name in store.names(table) if "'" not in name]
        for table in ("companies", "genres", "countries", "collections", "keywords", "people")
    ]
    for name, request in requests(seed, *plain):
        for statement in statements(name, request):
            printed = sql.pasted(statement.text, statement.parameters)
            assert_same(store.ask(printed, None), store.ours.execute(printed).fetchall())


@pytest.mark.parametrize("text", VIEWS)
def test_every_view_has_equal_rows(store: Store, text: str) -> None:
    """Those that the reports read, and those that people read."""
    store.check(Statement(text, {}))
