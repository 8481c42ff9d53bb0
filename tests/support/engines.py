"""Other engines that run the statements of reports over the tables of a database: Sail, as Spark, and PostgreSQL."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

import clusters
from movie_reports.database import schema, sql
from movie_reports.database.spark import view
from postgresql import postgresql
from program import run

Rows = list[tuple[Any, ...]]
Ask = Callable[[str, Mapping[str, Any] | None], Rows]
"""Runs the statement of a report with its parameters, or a text as it is."""


@contextmanager
def spark(database: Path) -> Iterator[Ask]:
    """Start Sail, a server of Spark Connect, which reads the tables from Parquet files."""
    with tempfile.TemporaryDirectory() as folder, clusters.sail() as server:
        session = _session(server.url)
        _define(session, database, Path(folder))

        def ask(text: str, parameters: Mapping[str, Any] | None) -> Rows:
            text = text if parameters is None else sql.for_spark(text)
            return [tuple(row) for row in session.sql(text.rstrip(";\n"), args=dict(parameters or {})).collect()]

        try:
            yield ask
        finally:
            session.stop()


def _session(url: str) -> Any:  # noqa: ANN401 (of Spark)
    with pytest.MonkeyPatch.context() as patch:  # in a worker of pytest, pyspark would take itself for under test
        patch.setattr("__main__.__file__", __file__, raising=False)
        from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415 (takes seconds to load)

    return SparkSession.builder.remote(url).create()


def _define(session: Any, database: Path, folder: Path) -> None:  # noqa: ANN401 (of Spark)
    """Give a session the tables, and the views as they are but for one."""
    with duckdb.connect(str(database), read_only=True) as connection:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            connection.table(table).write_parquet(f"{folder}/{table}.parquet")
            session.read.parquet(f"{folder}/{table}.parquet").createOrReplaceTempView(table)
    for name in schema.VIEWS:
        session.sql(view(name).replace("CREATE VIEW", "CREATE TEMPORARY VIEW"))


@contextmanager
def postgres(database: Path) -> Iterator[Ask]:
    """Start PostgreSQL, and publish the database there."""
    with postgresql() as server:
        assert run("publish", server.url(), "--database", database).returncode == 0
        address = f"{server.url()}?options=-csearch_path%3Dmovie_reports"
        with psycopg.connect(address, autocommit=True) as connection:

            def ask(text: str, parameters: Mapping[str, Any] | None) -> Rows:
                text = text if parameters is None else sql.for_postgres(text)
                return connection.execute(text.encode(), parameters).fetchall()

            yield ask
