"""Where the next database is made, beside the old one, and how it takes the old one's name."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import filelock

from movie_reports.database import execute as queries
from movie_reports.database.connection import version_of
from movie_reports.errors import MovieReportsError

BUILD = "build.duckdb"


@contextmanager
def reserved(database: Path, wait: float = 0) -> Iterator[Path]:
    """Give a hidden folder beside a database to one process at a time, and leave nothing in it.

    Args:
        database: the file that will be replaced.
        wait: seconds to wait for another process that has the folder.

    Raises:
        MovieReportsError: the other process goes on, or nothing can be written there.
    """
    database = database.resolve()
    folder = database.parent / f".{database.name}.ingest"
    mark = database.parent / f".{database.name}.lock"
    try:
        with tempfile.TemporaryFile(dir=database.parent):
            lock = filelock.FileLock(mark, timeout=wait, mode=0o666)
    except OSError as error:
        message = f"cannot write in the folder {database.parent.absolute()}: {error.strerror}"
        raise MovieReportsError(message) from error
    try:
        lock.acquire()
    except filelock.Timeout as error:
        try:
            holder = (folder / "pid").read_text(encoding="ascii")
        except FileNotFoundError:  # it has the lock and nothing else yet, or no longer
            holder = "unknown"
        message = f"another ingest (process {holder}) is writing {database}: try again later, or add --wait SECONDS"
        raise MovieReportsError(message) from error
    with lock:
        shutil.rmtree(folder, ignore_errors=True)  # of an ingest that was killed
        try:
            folder.mkdir()
            (folder / "pid").write_text(str(os.getpid()), encoding="ascii")
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_database(
    folder: Path, old: Path | None, memory_limit: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database with the tables of schema.sql and the ledger of the old one, which is attached as `old`.

    The file has the format that DuckDB 1.5 can read too. Without an old database, `old` has empty tables.
    """
    (folder / BUILD).unlink(missing_ok=True)  # of a load that failed
    connection = duckdb.connect()
    try:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET temp_directory = $folder", {"folder": str(folder / "spill")})
        if memory_limit is not None:
            connection.execute("SET memory_limit = $limit", {"limit": f"{memory_limit} bytes"})
        # A log of changes is of no use to a file that is thrown away if anything fails.
        connection.execute("SET checkpoint_threshold = '1TB'")
        options = "STORAGE_VERSION 'v1.5.0', RECOVERY_MODE no_wal_writes"
        connection.execute(f"ATTACH '{_quoted(folder / BUILD)}' AS build ({options})")
        connection.execute("ATTACH ':memory:' AS old" if old is None else f"ATTACH '{_quoted(old)}' AS old (READ_ONLY)")
        for database in ("old", "build") if old is None else ("build",):
            connection.execute(f"USE {database}")
            queries.run(connection, "schema")
        if old is not None:
            version = version_of(connection, "old")
            queries.run(
                connection, "carry/ledger" if version == queries.SCHEMA_VERSION else f"carry/ledger_from_{version}"
            )
        yield connection
        connection.execute("CHECKPOINT build")
        connection.execute("USE memory")
        connection.execute("DETACH build")
    finally:
        connection.close()


def keep_films(connection: duckdb.DuckDBPyConnection) -> None:
    """Take over the films of the old database as they are, and what its last ingest has changed."""
    queries.run(connection, "carry/films")
    if version_of(connection, "old") == queries.SCHEMA_VERSION:
        queries.run(connection, "carry/changes")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def publish(folder: Path, database: Path) -> None:
    """Put the finished database in the place of the old one, in one step and for good.

    A link is followed, and the mode of the old file kept.
    """
    database = database.resolve()
    if database.exists():
        shutil.copymode(database, folder / BUILD)
    database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
    (folder / BUILD).replace(database)
    if os.name == "posix":
        parent = os.open(database.parent, os.O_RDONLY)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)
