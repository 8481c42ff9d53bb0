"""Parquet, JSON and Excel files become CSV files, each value as text, so that all is read in one way."""

from __future__ import annotations

import codecs
import re
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_reports.errors import MovieReportsError
from movie_reports.ingestion.sources.packed import HEAD, Kind
from movie_reports.ingestion.sources.paths import too_large

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LONGEST = 1 << 26  # bytes of an object
MOST_COLUMNS = 5000
WATCH = 0.05  # seconds between looks at the size of what is written


def columns(kind: Kind, path: Path, name: str) -> list[str]:
    """Return the names of the columns of a Parquet or JSON file.

    Raises:
        MovieReportsError: it is damaged.
    """
    parameters = {"path": str(path), "format": _json_format(kind, path), "longest": LONGEST}
    if kind is Kind.PARQUET:
        return [row["column_name"] for row in _run("ingest/parquet_columns", parameters, name)]
    lists = [row["names"] for row in _run("ingest/json_columns", parameters, name)]
    return list(dict.fromkeys(column for names in lists for column in names))


def to_csv(  # noqa: PLR0913 (each is a part of the task)
    kind: Kind, path: Path, target: Path, *, names: list[str], name: str, most: int
) -> None:
    """Write a Parquet or JSON file as CSV.

    Args:
        kind: which of them it is.
        path: the file.
        target: the CSV file.
        names: its columns.
        name: the file as the user knows it.
        most: no more bytes than these are written.

    Raises:
        MovieReportsError: it is damaged, or too large.
    """
    if len(names) > MOST_COLUMNS:
        message = (
            f"{name} has {len(names):,} columns, more than {MOST_COLUMNS:,}: write those of the films to a CSV file"
        )
        raise MovieReportsError(message)
    parameters = {
        "path": str(path),
        "target": str(target),
        "format": _json_format(kind, path),
        "columns": dict.fromkeys(names, "VARCHAR"),
        "longest": LONGEST,
    }
    step = "ingest/parquet_to_csv" if kind is Kind.PARQUET else "ingest/json_to_csv"
    _run(step, parameters, name, target, most)


def _run(
    step: str, parameters: Mapping[str, object], name: str, target: Path | None = None, most: int = 0
) -> list[dict[str, Any]]:
    """Run a query file over a file of a source, and stop it where what it writes is too large."""
    import duckdb  # noqa: PLC0415 (loaded where it is used)

    from movie_reports.database import connection, execute  # noqa: PLC0415
    from movie_reports.database.errors import FULL, MEMORY  # noqa: PLC0415

    with duckdb.connect(config=connection.NO_EXTENSIONS | {"temp_directory": ""}) as engine:
        engine.execute("SET enable_progress_bar = false")
        try:
            if target is None:
                return execute.run(engine, step, parameters)
            with _watched(engine, target, most):
                rows = execute.run(engine, step, parameters)
        except duckdb.InterruptException as error:
            raise too_large(name, most) from error
        except duckdb.Error as error:
            if any(phrase in str(error) for phrase in (*FULL, *MEMORY)):
                raise
            text = re.sub(rf"""["']?{re.escape(str(parameters["path"]))}["']?""", name, str(error).splitlines()[0])
            reason = re.sub(r"^[\w ]+ Error: ", "", text)
            message = f"{name} cannot be read: {reason[:200]}"
            raise MovieReportsError(message) from error
    if _size(target) > most:
        raise too_large(name, most)
    return rows


@contextmanager
def _watched(engine: DuckDBPyConnection, target: Path, most: int) -> Iterator[None]:
    """Interrupt what writes a file when that has too many bytes."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(WATCH):
            if _size(target) > most:
                engine.interrupt()

    with ThreadPoolExecutor(1) as thread:
        watching = thread.submit(watch)
        try:
            yield
        finally:
            done.set()
        watching.result()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _json_format(kind: Kind, path: Path) -> str:
    if kind is not Kind.JSON:
        return ""
    with path.open("rb") as file:
        start = file.read(HEAD).removeprefix(codecs.BOM_UTF8).lstrip()
    return "array" if start.startswith(b"[") else "unstructured"
