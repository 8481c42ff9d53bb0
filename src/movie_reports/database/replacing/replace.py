"""Keeps a working folder beside a database, and replaces the database by a file in it in one step."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from movie_reports.database.connection import OldSchemaError, connect, full_name
from movie_reports.database.engine import duckdb
from movie_reports.database.errors import NO_ROOM
from movie_reports.database.replacing.lock import Lock, locked
from movie_reports.errors import MovieReportsError
from movie_reports.files import flush

BUILD = "build.duckdb"
READY = "ready.duckdb"  # the name of a complete build, which tells other processes that it is about to be published
LOCK = "lock"
PREVIOUS = "previous"
NUMBERS = re.compile(r"-(\d+)-[0-9a-f]{8}$")  # at the end of the name of a folder: process id, and random

Identity = tuple[int, ...]


@dataclass
class WorkingFolder:
    """A hidden folder beside a database, in which one process builds the new one.

    Attributes:
        path: the folder; no other process uses it, or removes it while this one runs.
        database: the file to be replaced, with links resolved.
        base: identity and state of that file at the start; None if there was none.
        lock: allows one process at a time to replace it, unless the lock file is removed.
        built: identity of the new file.
    """

    path: Path
    database: Path
    base: Identity | None
    lock: Lock
    built: Identity | None = None

    @property
    def old(self) -> Path | None:
        """The file to be replaced, if there is one."""
        return None if self.base is None else self.database


@contextmanager
def reserved(database: Path, wait: float = 0) -> Iterator[WorkingFolder]:
    """Lock a database for replacement and make a working folder beside it, which is removed in the end.

    Raises:
        UsageError: the engine cannot open such a path.
        MovieReportsError: another process still has the lock after `wait` seconds, or the folder cannot be written.
    """
    database = Path(os.path.realpath(database))  # unlike resolve, it leaves links in a circle to be reported below
    full_name(database)
    mark = database.with_name(f".{database.name}.lock")
    with ExitStack() as stack:
        try:
            lock = stack.enter_context(locked(mark, wait))
            if lock is None:
                raise MovieReportsError(_busy(database))
            base = state(database)
            _clear(database)
            folder = _folder(database, stack)
        except OSError as error:
            raise _unwritable(database, error) from error
        yield WorkingFolder(folder, database, base, lock)


def _busy(database: Path) -> str:
    pids = [found[1] for folder in _folders(database) if (found := NUMBERS.search(folder.name)) and _is_alive(folder)]
    who = f"another ingest (process {pids[0]})" if pids else "another ingest"
    return f"{who} is writing {database}: try again later, or add --wait SECONDS"


def _unwritable(database: Path, error: OSError) -> MovieReportsError:
    return MovieReportsError(f"cannot write in the folder {database.parent}: {error.strerror or error}")


def _folders(database: Path) -> list[Path]:
    """Return the working folders of running and dead ingests; older versions made one without a number."""
    name = f".{database.name}.ingest"
    return [path for path in database.parent.iterdir() if NUMBERS.sub("", path.name) == name]


def _is_alive(folder: Path) -> bool:
    with suppress(OSError), locked(folder / LOCK) as lock:
        return lock is None
    return False


def _clear(database: Path) -> None:
    """Remove the working folders of ingests that were killed."""
    for folder in _folders(database):
        with suppress(OSError), locked(folder / LOCK) as lock:
            if lock is not None:
                shutil.rmtree(folder, ignore_errors=True)


def _remove(folder: Path) -> None:
    """Remove a folder, even if Ctrl-C comes meanwhile."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except KeyboardInterrupt:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _folder(database: Path, stack: ExitStack) -> Path:
    """Make a working folder that is locked while this process uses it, and then removed."""
    while True:
        folder = database.with_name(f".{database.name}.ingest-{os.getpid()}-{secrets.token_hex(4)}")
        stack.callback(_remove, folder)
        folder.mkdir()
        with suppress(FileNotFoundError):  # another process may just have removed it as the folder of a dead one
            if stack.enter_context(locked(folder / LOCK)):
                return folder


@contextmanager
def plain_files(working: WorkingFolder) -> Iterator[None]:
    """Turn file errors into one sentence; `plain_errors` does this for those of the engine and of a full disk."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if not working.path.exists():
            message = f"{working.path} was removed while it was needed: run the ingest again"
            raise MovieReportsError(message) from error
        if not isinstance(error, OSError) or error.errno in NO_ROOM:
            raise
        if error.filename is None:  # an error of an open file
            message = f"cannot read the source, or write in the folder {working.database.parent}: {error.strerror}"
        elif working.path in Path(str(error.filename)).parents:
            raise _unwritable(working.database, error) from error
        else:
            message = f"cannot open {error.filename}: {error.strerror}"
        raise MovieReportsError(message) from error


def publish(working: WorkingFolder, *, keep_previous: bool = False) -> None:
    """Replace the old database with the new one, in one step that survives a crash.

    A link is followed, and the mode of the old file is kept; `keep_previous` keeps that file too, for `restore`.

    Raises:
        MovieReportsError: another process may have replaced the old one, which is then left as it is.
    """
    ready, database = working.path / READY, working.database
    with plain_files(working):
        (working.path / BUILD).replace(ready)  # first, so that of two processes which come here, one sees the other
        _check_others(working)
        check(working)
        if inode(ready) != working.built:
            raise _overtaken(working, f"a file in {working.path.name} was replaced")
        if working.old:
            shutil.copymode(database, ready)
            if keep_previous:
                _copy(database, working.path / PREVIOUS).replace(_previous(database))
        _put(ready, database)


def restore(path: Path, wait: float = 0) -> Path:
    """Exchange a database, which may be lost, with the one that it replaced; a second call undoes the first.

    Returns:
        where the database is now that was there before.

    Raises:
        MovieReportsError: none was kept, it is not a database of movie-reports, or an ingest goes on after `wait`
            seconds.
    """
    with reserved(path, wait) as working:
        database, previous = working.database, _previous(working.database)
        if not previous.exists():
            message = f"there is no {previous} to restore: 'movie-reports ingest --keep-previous' keeps one"
            raise MovieReportsError(message)
        with suppress(OldSchemaError):
            connect(previous).close()
        with plain_files(working):
            kept = _copy(database, previous.with_name(f"{previous.name}.new")) if working.old else None
            _put(previous, database)
            if kept:
                kept.replace(previous)
                flush(database.parent)
        return previous if path.is_symlink() else path.with_name(previous.name)


def _put(file: Path, database: Path) -> None:
    """Let a file take the place of a database, whose log of changes, left by a crash, would not fit it."""
    database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
    file.replace(database)
    flush(database.parent)


def _previous(database: Path) -> Path:
    return database.with_name(f"{database.name}.{PREVIOUS}")


def _copy(file: Path, target: Path) -> Path:
    """Give a file a second name, or where the disk has no such links, copy it."""
    target.unlink(missing_ok=True)
    try:
        os.link(file, target)
    except OSError:
        shutil.copy2(file, target)
    return target


def check(working: WorkingFolder) -> None:
    """Check that no other process can have replaced the database since this one began.

    Raises:
        MovieReportsError: one has, or may have.
    """
    if working.lock.is_lost():
        raise _overtaken(working, f"its lock file {working.lock.path.name} was removed")
    if state(working.database) != working.base:
        raise _overtaken(working, "another program has changed it")


def _check_others(working: WorkingFolder) -> None:
    """Check that no other process, which has a lock of its own since our lock file was removed, is about to publish.

    Raises:
        MovieReportsError: one is.
    """
    others = [folder for folder in _folders(working.database) if folder != working.path and (folder / READY).exists()]
    if any(map(_is_alive, others)):
        raise _overtaken(working, "another ingest is replacing it")


def _overtaken(working: WorkingFolder, reason: str) -> MovieReportsError:
    return MovieReportsError(f"{working.database} was not replaced, because {reason} meanwhile: try again")


def inode(path: Path) -> Identity:
    """Return what tells a file from one that takes its place."""
    found = path.stat()
    return found.st_dev, found.st_ino


def state(path: Path) -> Identity | None:
    """Return what identifies a file in its present state; None if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
