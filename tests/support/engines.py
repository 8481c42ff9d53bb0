"""Other engines that run the statements of reports over the tables of a database: Sail, as Spark, and PostgreSQL."""

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from movie_reports.database import schema, sql
from postgresql import postgresql
from program import run, started, wait_until

Rows = list[tuple[Any, ...]]
Ask = Callable[[str, Mapping[str, Any] | None], Rows]
"""Runs the statement of a report with its parameters, or a text as it is."""


@contextmanager
def spark(database: Path) -> Iterator[Ask]:
    """Start Sail, a server of Spark Connect, which reads the tables from Parquet files."""
    program = shutil.which("sail", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        (pytest.fail if "CI" in os.environ else pytest.skip)("Sail is not installed: pip install pysail")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        tempfile.TemporaryDirectory() as folder,
        Path(folder, "log").open("w") as log,
        started([str(program), "spark", "server", "--port", str(port)], stdout=log, stderr=log) as process,
    ):
        wait_until(lambda: _listens(port), process)
        session = _session(port)
        _define(session, database, Path(folder))

        def ask(text: str, parameters: Mapping[str, Any] | None) -> Rows:
            text = text if parameters is None else sql.for_spark(text)
            return [tuple(row) for row in session.sql(text.rstrip(";\n"), args=dict(parameters or {})).collect()]

        try:
            yield ask
        finally:
            session.stop()
            process.kill()


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _session(port: int) -> Any:  # noqa: ANN401 (of Spark)
    with pytest.MonkeyPatch.context() as patch:  # in a worker of pytest, pyspark would take itself for under test
        patch.setattr("__main__.__file__", __file__, raising=False)
        from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415 (takes seconds to load)

    return SparkSession.builder.remote(f"sc://localhost:{port}").create()


def _define(session: Any, database: Path, folder: Path) -> None:  # noqa: ANN401 (of Spark)
    """Give a session the tables, and the views as they are but for one."""
    with duckdb.connect(str(database), read_only=True) as connection:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            connection.table(table).write_parquet(f"{folder}/{table}.parquet")
            session.read.parquet(f"{folder}/{table}.parquet").createOrReplaceTempView(table)
    for file in schema.TABLES_AND_VIEWS[1:]:
        text = sql.read("schema/spark/film_names" if file == "views/film_names" else f"schema/{file}")
        session.sql(text.partition(";\n")[0].replace("CREATE VIEW", "CREATE TEMPORARY VIEW"))


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
