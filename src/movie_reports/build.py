"""A source becomes a database, or the database stays as it was."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb
import filelock

from movie_reports import queries, sources
from movie_reports.database import SCHEMA_VERSION, connect, plain_errors
from movie_reports.errors import MovieReportsError
from movie_reports.load import Progress, load


def build(source: Path, database: Path, progress: Progress = lambda *_: None) -> None:
    """Load a source into a database file, in place of what it held.

    The new database is built beside the old one and takes its name only when it is complete.

    Raises:
        MovieReportsError: the source cannot be loaded, or the database not be written. It is then as before.
    """
    if database.exists():
        connect(database).close()  # whatever else the file may be, it is not ours to replace
    started_at = datetime.now(UTC).replace(tzinfo=None)
    with sources.opened(source) as found, _workplace(database) as folder, plain_errors(database):
        facts = {
            "ingest": 1,
            "started_at": started_at,
            "source": found.name,
            "sha256": sources.fingerprint(source, found),
            "tool_version": version("movie-reports"),
            "engine_version": duckdb.__version__,
            "schema_version": SCHEMA_VERSION,
        }
        with _new_database(folder) as connection:
            load(connection, found, folder, facts, progress)
        _publish(folder / "build.duckdb", database)


@contextmanager
def _workplace(database: Path) -> Iterator[Path]:
    """Give a hidden folder beside the database to one ingest at a time, and leave nothing of it."""
    folder = database.parent / f".{database.name}.ingest"
    try:
        with tempfile.TemporaryFile(dir=database.parent):
            lock = filelock.FileLock(database.parent / f".{database.name}.lock", timeout=0)
    except OSError as error:
        message = f"cannot write in the folder {database.parent.absolute()}: {error.strerror}"
        raise MovieReportsError(message) from error
    try:
        lock.acquire()
    except filelock.Timeout as error:
        message = f"another ingest is writing {database}: try again when it is done"
        raise MovieReportsError(message) from error
    with lock:
        shutil.rmtree(folder, ignore_errors=True)  # of an ingest that was killed
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _new_database(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty database with the tables of schema.sql, in the format that DuckDB 1.5 can read too."""
    connection = duckdb.connect()
    try:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET temp_directory = $folder", {"folder": str(folder / "spill")})
        quoted = str(folder / "build.duckdb").replace("'", "''")
        # A log of changes is of no use to a file that is thrown away if anything fails.
        connection.execute("SET checkpoint_threshold = '1TB'")
        connection.execute(f"ATTACH '{quoted}' AS build (STORAGE_VERSION 'v1.5.0', RECOVERY_MODE no_wal_writes)")
        connection.execute("USE build")
        connection.execute(queries.read("schema"))
        yield connection
        connection.execute("CHECKPOINT build")
        connection.execute("USE memory")
        connection.execute("DETACH build")
    finally:
        connection.close()


def _publish(build: Path, database: Path) -> None:
    """Put the finished database in the place of the old one, in one step and for good."""
    database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
    build.replace(database)
    if os.name == "posix":
        folder = os.open(database.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
