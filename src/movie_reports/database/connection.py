"""Finds the database file and opens it for reading, with no access to other files or to the network."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path

from movie_reports.database import execute, sql
from movie_reports.database.engine import duckdb
from movie_reports.database.errors import plain_reading, plain_temporary
from movie_reports.database.schema import version_of
from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.files import is_database

DEFAULT = "movies.duckdb"
VARIABLE = "MOVIE_REPORTS_DATABASE"
NAME = "movies"  # the name of the database in SQL, whatever its file is called
NO_EXTENSIONS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}
"""Settings of every connection of this program: the engine downloads and loads no extension by itself."""

CURRENT = "CURRENT"
"""The file in a folder of snapshots that says which of them is current."""
SMALL = 50_000_000  # bytes of a database small enough that every report fits into the memory of any machine
_MOST_SPILLED = "10GB"
_ADDRESS = (
    r"(?is)[a-z][a-z0-9+.-]+:/.*|:\w*:.*|(duckdb|ducklake|iceberg|md|motherduck|mysql|postgres(ql)?|s3|sqlite):.*"
)


class OldSchemaError(MovieReportsError):
    """The database has an older schema and must be upgraded."""


def locate(path: str | os.PathLike[str] | None = None) -> Path:
    """Return the path of the database: the one given, else MOVIE_REPORTS_DATABASE, else movies.duckdb in this folder.

    Raises:
        UsageError: it is a URL, or a path that the engine cannot read.
        MovieReportsError: it is not a file.
    """
    located = Path(path or os.environ.get(VARIABLE) or DEFAULT)
    if not _exists(located) and re.fullmatch(_ADDRESS, str(located)):
        message = f"a database is a file on this machine, and {located} is an address: name a file"
        raise UsageError(message)
    full_name(located)
    return located


def connect(
    path: Path, *, temporary: bool = False, memory: int | None = None, drafts: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a database for reading; it is not locked against an ingest.

    Args:
        path: the file.
        temporary: whether the engine may write into a folder of its own, for exports and for queries that need more
            memory than there is. The folder is made when needed, and removed when the connection is garbage-collected.
        memory: how many bytes the engine may use; by default 80% of the machine's.
        drafts: that folder, if it should not be one of the system's temporary ones.

    Raises:
        OldSchemaError: an older movie-reports wrote it.
        MovieReportsError: there is none, it is not one of movie-reports, or a newer movie-reports wrote it.
    """
    if not _exists(path):
        message = f"there is no database {path}: make one with 'movie-reports ingest data.zip'"
        raise MovieReportsError(message)
    _require_database(path)
    with plain_reading(path):
        attach = f"ATTACH {sql.quoted(full_name(path))} AS {NAME} (READ_ONLY, TYPE duckdb)"
        folder = drafts or (new_folder_name() if temporary else None)
        connection = confined(lambda new: new.execute(attach), folder, path.stat().st_size, memory)
        version = version_of(connection, NAME)
        if version == sql.SCHEMA_VERSION and not connection.execute(sql.read("ledger/is_ledger")).fetchall()[0][0]:
            version = None
    if version == sql.SCHEMA_VERSION:
        return connection
    connection.close()
    if version is None:
        message = f"{path} is a DuckDB database, but not one of movie-reports, or it was altered: "
        message += "name another with --database, or restore a copy"
        raise MovieReportsError(message)
    message = f"{path} has schema version {version}, and this movie-reports knows {sql.SCHEMA_VERSION}"
    if version < sql.SCHEMA_VERSION:
        raise OldSchemaError(message)
    message += ": upgrade movie-reports"
    raise MovieReportsError(message)


def cursor(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return another connection to the same database, for another thread."""
    return _prepared(connection.cursor())


def temporary_folder(connection: duckdb.DuckDBPyConnection) -> Path | None:
    """Return the folder in which the engine may write, created if necessary; None if it may not write."""
    ((folder,),) = execute.rows(connection, "SELECT current_setting('allowed_directories')[1]")
    if folder is None:
        return None
    Path(folder).mkdir(mode=0o700, exist_ok=True)
    return Path(folder)


def confined(
    fill: Callable[[duckdb.DuckDBPyConnection], object], folder: Path | None, size: int, memory: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Open an instance of the engine, which shares no settings with other connections of this process.

    Args:
        fill: attaches the data under `NAME`; afterwards the engine reaches no file but those that it has allowed.
        folder: where the engine may write, if anywhere.
        size: the bytes of the data; for large ones it may spill to that folder.
        memory: as in `connect`.
    """
    spills = folder is not None and size > SMALL
    settings = NO_EXTENSIONS | {
        "python_enable_replacements": False,
        "temp_directory": str(folder) if spills else "",
        "max_temp_directory_size": _MOST_SPILLED,
    }
    connection = duckdb.connect(config=settings)
    if folder is not None:
        weakref.finalize(connection, shutil.rmtree, folder, ignore_errors=True)
        connection.execute(f"SET allowed_directories = [{sql.quoted(folder)}]")
    if folder is not None and spills:
        with plain_temporary():
            folder.mkdir(mode=0o700)  # the engine would make it readable for everyone
    if memory is not None:
        connection.execute(f"SET memory_limit = '{memory} bytes'")
    fill(connection)
    connection.execute("SET enable_external_access = false")
    return _prepared(connection)


def new_folder_name() -> Path | None:
    """Return an unguessable path for a temporary folder; None if no temporary file can be written."""
    try:
        return Path(tempfile.gettempdir(), f"movie-reports-{os.urandom(16).hex()}")
    except FileNotFoundError:
        return None


def use(connection: duckdb.DuckDBPyConnection, database: str) -> None:
    """Let names stand for the tables of a database, but first for the engine's own functions.

    A file may define macros with the same names.
    """
    connection.execute(f"SET search_path = 'system.main,{database}.main'")


def _prepared(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    use(connection, NAME)
    connection.execute("SET enable_progress_bar = false")
    return connection


def _exists(path: Path) -> bool:
    """Say whether there is a file.

    Raises:
        MovieReportsError: it is something else, such as a pipe that the engine would wait for, or inaccessible.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"cannot open {path}: {reason}"
        raise MovieReportsError(message) from error
    if stat.S_ISDIR(mode):
        message = f"{path} is a folder: name the database file in it"
        if (path / CURRENT).exists():
            message = f"{path} is a folder of snapshots, for reading only: name a file, and publish that there"
        raise MovieReportsError(message)
    if not stat.S_ISREG(mode):
        message = f"{path} is a pipe, a socket or a device: name a file"
        raise MovieReportsError(message)
    return True


def _require_database(path: Path) -> None:
    """Check that a file is a DuckDB database, since for others the engine might look for an extension on the network.

    Raises:
        MovieReportsError: it is not.
    """
    _exists(Path(f"{full_name(path)}.wal"))  # the engine reads it too
    try:
        if is_database(path):
            return
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise MovieReportsError(message) from error
    message = f"{path} is not a DuckDB database: name another with --database"
    raise MovieReportsError(message)


def full_name(path: Path) -> str:
    """Return the absolute path, so that the engine does not take part of it for a URL.

    Raises:
        UsageError: the engine cannot read it.
    """
    name = str(path.resolve())
    if "?" in name or (os.sep == "/" and "\\" in name):  # the engine would read them as a query and a slash
        message = f"DuckDB cannot keep a database in a path with ? or \\, such as {name}: choose another name"
        raise UsageError(message)
    try:
        name.encode()
    except UnicodeEncodeError as error:
        message = f"{name!r} is not text in UTF-8: choose another name"
        raise UsageError(message) from error
    return name
