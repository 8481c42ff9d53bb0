"""A connection with a deadline stops what takes longer."""

import duckdb
import pytest

from movie_reports.database.limits import deadline
from movie_reports.errors import TooSlowError

ENDLESS = "SELECT count(*) FROM range(10_000_000) AS a, range(10_000_000) AS b WHERE a.range + b.range = -1"


def test_a_statement_is_stopped_at_its_deadline() -> None:
    """With a sentence for the user; the connection then works as before."""
    with duckdb.connect() as connection:
        with pytest.raises(TooSlowError, match=r"longer than 0\.05 seconds"), deadline(connection, 0.05):
            connection.execute(ENDLESS).fetchall()
        assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_other_errors_pass_a_deadline() -> None:
    """They are explained elsewhere."""
    with duckdb.connect() as connection, pytest.raises(duckdb.CatalogException), deadline(connection, 60):
        connection.execute("FROM nowhere")
