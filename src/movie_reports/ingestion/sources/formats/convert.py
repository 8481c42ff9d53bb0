"""Parquet, JSON and Excel files become CSV files, each value as text, so that all is read in one way."""

from __future__ import annotations

import codecs
import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_reports.errors import MovieReportsError
from movie_reports.ingestion.sources.formats.packed import HEAD, Kind
from movie_reports.ingestion.sources.paths import too_large

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LONGEST = 1 << 26  # bytes of an object
MOST_COLUMNS = 5000
_BAD_JSON = re.compile(r"^Malformed JSON .* in record/value (\d+): (.*?)\.? *$")  # which counts from 2
WATCH = 0.05  # seconds between looks at the size of what is written


def columns(kind: Kind, path: Path, name: str, within: str | None = None) -> list[str]:
    """Return the names of the columns of a Parquet or JSON file, or of a list in the object that a JSON file is.

    Raises:
        MovieReportsError: it is damaged.
    """
    parameters = {"path": str(path), "format": _json_format(kind, path), "longest": LONGEST, "list": within}
    if kind is Kind.PARQUET:
        return [row["column_name"] for row in _run("ingest/parquet_columns", parameters, name)]
    _check_end(path, name, str(parameters["format"]))
    step = "ingest/json_columns" if within is None else "ingest/json_list_columns"
    lists = [row["names"] for row in _run(step, parameters, name)]
    return list(dict.fromkeys(column for names in lists for column in names))


def members(kind: Kind, path: Path, name: str) -> dict[str, str]:
    """Return the type of each member of the object that a JSON file is; `OBJECTS` are a list of them.

    There are none if the file is a list, or has several objects.
    """
    if kind is not Kind.JSON:
        return {}
    parameters = {"path": str(path), "format": _json_format(kind, path), "longest": LONGEST}
    if parameters["format"] == "array":
        return {}
    found = _run("ingest/json_members", parameters, name)
    return {row["name"]: "OBJECTS" if row["item"] == "OBJECT" else row["type"] for row in found}


def _check_end(path: Path, name: str, form: str) -> None:
    """Check that a JSON file is complete, since the engine takes a list that is cut off after a comma for complete."""
    with path.open("rb") as file:
        file.seek(-min(HEAD, path.stat().st_size), os.SEEK_END)
        end = file.read().rstrip()
    if not end.endswith(b"]" if form == "array" else b"}"):
        message = f"{name} is cut off, as its JSON has no end: download it again"
        raise MovieReportsError(message)


def to_csv(  # noqa: PLR0913 (each is a part of the task)
    kind: Kind, path: Path, target: Path, *, names: list[str], name: str, most: int, within: str | None = None
) -> None:
    """Write a Parquet or JSON file as CSV.

    Args:
        kind: which of them it is.
        path: the file.
        target: the CSV file.
        names: its columns.
        name: the file as the user knows it.
        most: no more bytes than these are written.
        within: the list in the object that a JSON file is, whose objects are written.

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
        "list": within,
        "structure": json.dumps([dict.fromkeys(names, "VARCHAR")]),
    }
    step = {Kind.PARQUET: "ingest/parquet_to_csv"}.get(kind, "ingest/json_to_csv")
    _run("ingest/json_list_to_csv" if within is not None else step, parameters, name, target, most)


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
            if damage := _BAD_JSON.search(reason):
                reason = f"damaged JSON in object {int(damage[1]) - 1:,}: {damage[2]}"
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
