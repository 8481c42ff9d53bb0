"""Where the next database is made, beside the old one, and how it takes the old one's name."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from movie_reports.database import execute
from movie_reports.database import lock as locks
from movie_reports.database.connection import NO_EXTENSIONS
from movie_reports.database.lock import Lock
from movie_reports.database.schema import make, version_of
from movie_reports.errors import MovieReportsError, UsageError

BUILD = "build.duckdb"
READY = "ready.duckdb"  # the build, from when it is complete: a sign to others that it is about to be published
LOCK = "lock"
NUMBERS = re.compile(r"-(\d+)-[0-9a-f]{8}$")  # at the end of the name of a folder: process id, and random
FULL = {errno.ENOSPC, errno.EFBIG}

_Identity = tuple[int, ...]


@dataclass
class Workplace:
    """A hidden folder beside a database, in which one process makes the next one.

    Attributes:
        folder: the folder; no other process works in it, or removes it while this one lives.
        database: the file to be replaced, behind any links.
        base: which file it was at the start, and in what state; None if there was none.
        lock: allows one process at a time to replace it, unless somebody removes the file of the lock.
        built: which file has been made.
    """

    folder: Path
    database: Path
    base: _Identity | None
    lock: Lock
    built: _Identity | None = None

    @property
    def old(self) -> Path | None:
        """The file to be replaced, if there is one."""
        return None if self.base is None else self.database


@contextmanager
def reserved(database: Path, wait: float = 0) -> Iterator[Workplace]:
    """Give a hidden folder beside a database to this process, and remove it in the end.

    Args:
        database: the file that will be replaced.
        wait: seconds to wait for another process that is about to replace it.

    Raises:
        UsageError: the engine cannot open such a path.
        MovieReportsError: the other process goes on, or nothing can be written there.
    """
    database = Path(os.path.realpath(database))  # which, unlike resolve, lets links in a circle be told below
    _check_name(database)
    mark = database.with_name(f".{database.name}.lock")
    with ExitStack() as stack:
        try:
            lock = stack.enter_context(locks.held(mark, wait))
            if lock is None:
                raise MovieReportsError(_busy(database))
            base = _state(database)
            _clear(database)
            folder = _folder(database, stack)
        except OSError as error:
            raise _unwritable(database, error) from error
        yield Workplace(folder, database, base, lock)


def _check_name(database: Path) -> None:
    path = database.as_posix()
    try:
        path.encode()
    except UnicodeEncodeError as error:
        message = f"{path.encode(errors='backslashreplace').decode()} cannot be a database: its path is not UTF-8"
        raise UsageError(message) from error
    if "\\" in path or "?" in database.parent.as_posix():
        message = f"{database} cannot be a database: DuckDB opens none with a backslash in its path, or ? in its folder"
        raise UsageError(message)


def _busy(database: Path) -> str:
    pids = [found[1] for folder in _folders(database) if (found := NUMBERS.search(folder.name)) and _is_alive(folder)]
    who = f"another ingest (process {pids[0]})" if pids else "another ingest"
    return f"{who} is writing {database}: try again later, or add --wait SECONDS"


def _unwritable(database: Path, error: OSError) -> MovieReportsError:
    return MovieReportsError(f"cannot write in the folder {database.parent}: {error.strerror or error}")


def _folders(database: Path) -> list[Path]:
    """Return the folders of all ingests of a database, dead or alive; older versions had one without a number."""
    name = f".{database.name}.ingest"
    return [path for path in database.parent.iterdir() if NUMBERS.sub("", path.name) == name]


def _is_alive(folder: Path) -> bool:
    with suppress(OSError), locks.held(folder / LOCK) as lock:
        return lock is None
    return False


def _clear(database: Path) -> None:
    """Remove the folders of ingests that were killed."""
    for folder in _folders(database):
        with suppress(OSError), locks.held(folder / LOCK) as lock:
            if lock is not None:
                shutil.rmtree(folder, ignore_errors=True)


def _folder(database: Path, stack: ExitStack) -> Path:
    """Make a folder that is locked as long as this process works in it, and then removed."""
    while True:
        folder = database.with_name(f".{database.name}.ingest-{os.getpid()}-{secrets.token_hex(4)}")
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.mkdir()
        with suppress(FileNotFoundError):  # another process may take it for the folder of a dead one, just now
            if stack.enter_context(locks.held(folder / LOCK)):
                return folder


@contextmanager
def plain_files(place: Workplace) -> Iterator[None]:
    """Turn errors of files into one sentence; those of the engine and of a full disk are left to others."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if not place.folder.exists():
            message = f"{place.folder} was removed while it was needed: run the ingest again"
            raise MovieReportsError(message) from error
        if not isinstance(error, OSError) or error.errno in FULL:
            raise
        if error.filename is None:  # of a file that is open
            message = f"cannot read the source, or write in the folder {place.database.parent}: {error.strerror}"
        elif place.folder in Path(str(error.filename)).parents:
            raise _unwritable(place.database, error) from error
        else:
            message = f"cannot open {error.filename}: {error.strerror}"
        raise MovieReportsError(message) from error


@contextmanager
def new_database(place: Workplace, memory_limit: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database with the tables of schema.sql and the ledger of the old one, which is attached as `old`.

    The file has the format that DuckDB 1.5 can read too. Without an old database, `old` has empty tables.
    """
    build, old = place.folder / BUILD, place.old
    build.unlink(missing_ok=True)  # of a load that failed
    connection = duckdb.connect(config=NO_EXTENSIONS)
    try:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET temp_directory = $folder", {"folder": str(place.folder / "spill")})
        if memory_limit is not None:
            connection.execute("SET memory_limit = $limit", {"limit": f"{memory_limit} bytes"})
        # A log of changes is of no use to a file that is thrown away if anything fails.
        connection.execute("SET checkpoint_threshold = '1TB'")
        options = "STORAGE_VERSION 'v1.5.0', RECOVERY_MODE no_wal_writes"
        connection.execute(f"ATTACH '{_quoted(build)}' AS build ({options})")
        place.built = _inode(build)
        connection.execute(
            "ATTACH ':memory:' AS old" if old is None else f"ATTACH '{_quoted(old)}' AS old (READ_ONLY, TYPE duckdb)"
        )
        for database in ("old", "build") if old is None else ("build",):
            connection.execute(f"USE {database}")
            make(connection)
        execute.run(connection, "names/fold")
        if old is not None:
            version = version_of(connection, "old")
            execute.run(connection, f"schema/migrations/{'keep_ledger_of_1' if version == 1 else 'keep_ledger'}")
        yield connection
        connection.execute("CHECKPOINT build")
        connection.execute("USE memory")
        connection.execute("DETACH build")
    finally:
        connection.close()


def keep_films(connection: duckdb.DuckDBPyConnection) -> None:
    """Take over the films of the old database as they are, and what its last ingest has changed."""
    execute.run(connection, "schema/migrations/keep_films")
    execute.run(connection, "ingest/add_popularity_scale")
    if version_of(connection, "old") != 1:
        execute.run(connection, "schema/migrations/keep_changes")


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")


def publish(place: Workplace) -> None:
    """Put the finished database in the place of the old one, in one step and for good.

    A link is followed, and the mode of the old file kept.

    Raises:
        MovieReportsError: another process may have replaced the old one, which is then left as it is.
    """
    ready, database = place.folder / READY, place.database
    with plain_files(place):
        (place.folder / BUILD).replace(ready)  # first: of two processes that both come here, one sees the other
        _check_others(place)
        check(place)
        if _inode(ready) != place.built:
            raise _overtaken(place, f"a file in {place.folder.name} was replaced")
        if place.old:
            shutil.copymode(database, ready)
        database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
        ready.replace(database)
        _flush(database.parent)


def check(place: Workplace) -> None:
    """Hold that nobody else can have replaced the database since this process began.

    Raises:
        MovieReportsError: somebody has, or could.
    """
    if place.lock.is_lost():
        raise _overtaken(place, f"its lock file {place.lock.path.name} was removed")
    if _state(place.database) != place.base:
        raise _overtaken(place, "another program has changed it")


def _check_others(place: Workplace) -> None:
    """Hold that no process is about to publish that began under a lock of its own, when the file of ours was removed.

    Raises:
        MovieReportsError: one is.
    """
    others = [folder for folder in _folders(place.database) if folder != place.folder and (folder / READY).exists()]
    if any(map(_is_alive, others)):
        raise _overtaken(place, "another ingest is replacing it")


def _overtaken(place: Workplace, reason: str) -> MovieReportsError:
    return MovieReportsError(f"{place.database} was not replaced, because {reason} meanwhile: try again")


def _inode(path: Path) -> _Identity:
    found = path.stat()
    return found.st_dev, found.st_ino


def _state(path: Path) -> _Identity | None:
    """Tell a file from any other, and from itself once it is changed; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _flush(folder: Path) -> None:
    """Have the names in a folder written to the disk."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
