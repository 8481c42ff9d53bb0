"""The database file: opening it for readers, and its errors in plain words."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from movie_reports.database import execute as queries
from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.files import is_database

DEFAULT = "movies.duckdb"
VARIABLE = "MOVIE_REPORTS_DATABASE"
DAMAGE = "Corrupt database file"
EXPLAINED = (
    (
        ("No space left", "ould not write", "File too large", "temp_directory_size"),
        "the disk of {path} is full: free some space and try again",
    ),
    (
        ("Out of Memory", "failed to pin block"),  # the second comes out of a commit
        "{path} needs more memory: raise --memory-limit, or leave it out (80% of the machine's are then used)",
    ),
    ((DAMAGE,), "{path} is damaged: restore a copy of it, or remove it and load its source again"),
    (
        ("newer version of DuckDB", "storage version", "Storage version"),
        "{path} was written by a newer DuckDB: upgrade with 'pip install -U duckdb'",
    ),
    (
        ("Could not set lock",),
        "{path} is in use by another program that writes to it: close it and try again",
    ),
)
"""What words of the engine mean, and what to do."""


def locate(path: str | os.PathLike[str] | None = None) -> Path:
    """Return the database meant: the path given, else MOVIE_REPORTS_DATABASE, else movies.duckdb here."""
    return Path(path or os.environ.get(VARIABLE) or DEFAULT)


class OldSchemaError(MovieReportsError):
    """The database has an older schema and must be brought up to date."""


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a database for reading; it is not locked against an ingest.

    Raises:
        OldSchemaError: an older movie-reports wrote it.
        MovieReportsError: there is none, it is not one of movie-reports, or a newer movie-reports wrote it.
    """
    if not path.exists():
        message = f"there is no database {path}: make one with 'movie-reports ingest data.zip'"
        raise MovieReportsError(message)
    if path.is_dir():
        message = f"{path} is a folder: name the database file in it"
        raise MovieReportsError(message)
    with plain_reading(path):
        if not is_database(path):  # for others the engine might look for a reader on the network
            message = f"{path} is not a DuckDB database: name another with --database"
            raise MovieReportsError(message)
        connection = duckdb.connect(str(path), read_only=True)
        connection.execute("SET enable_progress_bar = false")
        version = version_of(connection)
    if version == queries.SCHEMA_VERSION:
        return connection
    connection.close()
    if version is None:
        message = f"{path} is a DuckDB database, but not one of movie-reports: name another with --database"
        raise MovieReportsError(message)
    message = f"{path} has schema version {version}, and this movie-reports knows {queries.SCHEMA_VERSION}"
    if version < queries.SCHEMA_VERSION:
        raise OldSchemaError(message)
    message += ": upgrade movie-reports"
    raise MovieReportsError(message)


def confine(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep a connection from all other files, the network, and variables of this program."""
    for setting in (
        "enable_external_access = false",
        "python_enable_replacements = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")


def version_of(connection: duckdb.DuckDBPyConnection, database: str | None = None) -> int | None:
    """Return the version of the schema of a database, attached under a name; None if it is none of movie-reports.

    The catalogue, which takes longer than both tables, is asked only where these do not tell of the usual version.
    """
    prefix = f"{database}." if database else ""
    try:
        connection.table(f"{prefix}ingests")  # many a database has a table of versions
        ((version,),) = connection.table(f"{prefix}schema_version").max("version").fetchall()
    except duckdb.BinderException:
        return None
    except duckdb.CatalogException:
        version = 1  # which had no such table
    if not isinstance(version, int):
        return None
    if version == queries.SCHEMA_VERSION:
        return version
    return version if queries.run(connection, "is_ours", {"database": database})[0]["is_ours"] else None


@contextmanager
def plain_statements() -> Iterator[None]:
    """Turn the engine's errors about a statement of the user's own into its own words, without their first.

    Raises:
        UsageError: the statement is wrong, or does what it may not.
    """
    try:
        yield
    except duckdb.Error as error:
        text = str(error)
        if DAMAGE in text:
            raise
        if isinstance(error, duckdb.CatalogException):
            text += "\n  'movie-reports schema' shows the tables."
        raise UsageError(text) from error


@contextmanager
def plain_reading(path: Path) -> Iterator[None]:
    """Turn the engine's errors about a database file into one sentence about that file."""
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        if isinstance(error, duckdb.InterruptException) or str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        if not isinstance(error, duckdb.Error):
            raise
        raise MovieReportsError(_explain(path, str(error))) from error


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Do the same, and with errors of a full disk too; whoever only reads may have filled another with an export."""
    try:
        with plain_reading(path):
            yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EFBIG}:
            raise MovieReportsError(_explain(path, "No space left on device")) from error
        raise


def _explain(path: Path, text: str) -> str:
    for signs, sentence in EXPLAINED:
        if any(sign in text for sign in signs):
            return sentence.format(path=path)
    return f"{path}: {text.splitlines()[0] if text else 'unknown error'}"
