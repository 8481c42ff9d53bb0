"""Opens the next version of a database in its working folder: a new file, or a copy of the old one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from movie_reports.database import execute, sql
from movie_reports.database.connection import NO_EXTENSIONS, use
from movie_reports.database.engine import duckdb
from movie_reports.database.replacing.replace import BUILD, WorkingFolder, inode
from movie_reports.database.schema import make, tables, version_of


@contextmanager
def new_database(working: WorkingFolder, memory_limit: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a new database with empty tables and the ledger of the old one, which is attached as `old`.

    The file has a format that DuckDB 1.5 can read too. Without an old database, `old` has empty tables. The database
    `staging` is for tables that several connections share.
    """
    build, old = working.path / BUILD, working.old
    build.unlink(missing_ok=True)  # left by a load that failed
    # Each column of a row group ends in a block that is only partly filled, so smaller blocks waste less.
    with _attached(working, memory_limit, "STORAGE_VERSION 'v1.5.0', BLOCK_SIZE 65536") as connection:
        connection.execute("USE build")
        make(connection)
        if old is None:
            connection.execute("ATTACH ':memory:' AS old")
            connection.execute("COPY FROM DATABASE build TO old (SCHEMA)")
        else:
            attach_old(connection, working)
        execute.run(connection, "names/fold")
        if old is not None:
            version = version_of(connection, "old")
            if version != sql.SCHEMA_VERSION:
                _fill_up(connection, working.database)
            execute.run(connection, f"schema/migrations/{'keep_ledger_of_1' if version == 1 else 'keep_ledger'}")
            execute.run(connection, "schema/migrations/keep_streams")
            execute.run(connection, "schema/migrations/keep_events")
        yield connection


def _fill_up(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Let `old` have all tables of this version: those of an older file, and for others empty ones."""
    connection.execute("DETACH old")
    connection.execute(f"ATTACH {sql.quoted(file)} AS older (READ_ONLY, TYPE duckdb)")
    connection.execute("ATTACH ':memory:' AS old")
    there = {
        name
        for (name,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'older'"
        ).fetchall()
    }
    for table in tables():
        if table in there:
            connection.execute(f"CREATE VIEW old.{table} AS FROM older.main.{table}")
        else:
            connection.execute(f"CREATE TABLE old.{table} AS FROM build.{table} LIMIT 0")


@contextmanager
def copied_database(working: WorkingFolder, memory_limit: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a copy of the old database to be changed, which is cheaper than a new one where little changes."""
    _clone(working.database, working.path / BUILD)
    with _attached(working, memory_limit) as connection:
        connection.execute("ATTACH ':memory:' AS old")
        use(connection, "build")
        execute.run(connection, "names/fold")
        yield connection


@contextmanager
def next_database(
    working: WorkingFolder, memory_limit: int | None = None, *, copied: bool
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database with all that the old one has, to be changed: its copy, or one whose tables are written in order.

    Besides `staging` there is an empty database `old`. Without an old database it is empty.
    """
    if copied:
        with copied_database(working, memory_limit) as connection:
            yield connection
        return
    with new_database(working, memory_limit) as connection:
        if working.old is not None:
            keep_films(connection)
        connection.execute("DETACH old")
        connection.execute("ATTACH ':memory:' AS old")
        use(connection, "build")
        yield connection


def attach_old(connection: duckdb.DuckDBPyConnection, working: WorkingFolder) -> None:
    """Attach the database that is to be replaced as `old`."""
    connection.execute("DETACH DATABASE IF EXISTS old")
    connection.execute(f"ATTACH {sql.quoted(working.database)} AS old (READ_ONLY, TYPE duckdb)")


@contextmanager
def _attached(
    working: WorkingFolder, memory_limit: int | None, options: str = "TYPE duckdb"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Attach the file that is built, new or copied, and write all of it in the end."""
    build = working.path / BUILD
    connection = duckdb.connect(config=NO_EXTENSIONS)
    try:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET temp_directory = {sql.quoted(working.path / 'spill')}")
        if memory_limit is not None:
            connection.execute(f"SET memory_limit = '{memory_limit} bytes'")
        # A write-ahead log is of no use for a file that is thrown away if anything fails.
        connection.execute("SET checkpoint_threshold = '1TB'")
        # Row groups of this size are compressed as they are inserted, while other steps go on, not in the checkpoint.
        # With another size than before, the checkpoint of a copied file would write all its tables again.
        options += ", RECOVERY_MODE no_wal_writes, ROW_GROUP_SIZE 16384"
        connection.execute(f"ATTACH {sql.quoted(build)} AS build ({options})")
        working.built = inode(build)
        connection.execute("ATTACH ':memory:' AS staging")
        yield connection
        connection.execute("CHECKPOINT build")
        connection.execute("USE memory")
        connection.execute("DETACH build")
    finally:
        connection.close()


def _clone(file: Path, target: Path) -> None:
    """Copy a file; a file system that can share the blocks of files, such as XFS or Btrfs, copies none."""
    target.unlink(missing_ok=True)
    try:
        with file.open("rb") as source, target.open("wb") as copy:
            while os.copy_file_range(source.fileno(), copy.fileno(), 1 << 30):
                pass
    except (AttributeError, OSError):  # not on this system, or between these file systems
        shutil.copyfile(file, target)


def keep_films(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy the films of the old database, and the changes made by its last ingest."""
    execute.run(connection, "schema/migrations/keep_films")
    execute.run_for_names(connection, "schema/migrations/keep_names")
    execute.run(connection, "ingest/add_popularity_scale")
    execute.run(connection, "schema/migrations/keep_changes")
