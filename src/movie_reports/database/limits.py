"""Limits statements: how long they may take; those of the user also in what they may access, and in their memory."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from movie_reports.database.engine import duckdb
from movie_reports.database.errors import DAMAGE, is_interrupt
from movie_reports.database.execute import AGAIN, Interruptible
from movie_reports.errors import MovieReportsError, TooSlowError, UsageError
from movie_reports.text import count


@contextmanager
def deadline(connection: Interruptible, seconds: float) -> Iterator[None]:
    """Stop what a connection or a cluster does after a time.

    Raises:
        TooSlowError: it takes longer.
    """
    slow, end = f"this takes longer than {seconds:.10g} seconds: ask for less", time.monotonic() + seconds
    try:
        with _watched(connection, lambda: slow if time.monotonic() > end else "") as reasons:
            yield
    except (duckdb.Error, RuntimeError) as error:
        if not (reasons and is_interrupt(error)):
            raise
        raise TooSlowError(slow) from error


@contextmanager
def limited(connection: duckdb.DuckDBPyConnection, seconds: int, memory: int) -> Iterator[None]:
    """Restrict a connection permanently, so that any statement may run in it.

    Args:
        connection: where the statement runs.
        seconds: how long it may take.
        memory: by how many bytes this process may grow, on systems that tell its size.

    Raises:
        UsageError: the statement is wrong or not allowed.
        MovieReportsError: it takes too long, or too much memory.
    """
    connection.execute(f"SET memory_limit = '{memory} bytes'")
    # no access to any file, not even its own, which a statement could overwrite in some versions of the engine
    connection.execute("SET disabled_filesystems = 'LocalFileSystem'")
    connection.execute("SET lock_configuration = true")
    slow = f"the statement takes longer than {count(seconds, 'second')}: ask for less, or raise --timeout"
    large = f"the statement needs more memory than {memory / 10**6:.10g}MB: ask for less, or raise --memory-limit"
    end, most = time.monotonic() + seconds, _peak() + memory

    def judged() -> str:
        if time.monotonic() > end:
            return slow
        return large if _peak() > most else ""

    try:
        with _watched(connection, judged) as reasons:
            yield
    except (MemoryError, duckdb.OutOfMemoryException) as error:
        raise MovieReportsError(large) from error
    except (duckdb.Error, RuntimeError) as error:
        if reasons and is_interrupt(error):
            raise MovieReportsError(reasons[0]) from error
        if not isinstance(error, duckdb.Error) or DAMAGE[0] in str(error):
            raise
        raise UsageError(_plain(error)) from error


@contextmanager
def _watched(connection: Interruptible, judge: Callable[[], str]) -> Iterator[list[str]]:
    """Interrupt what a connection does as soon as there is a reason, which is then in the list."""
    reasons: list[str] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(AGAIN):
            if reason := judge():
                reasons.append(reason)
            if reasons:
                connection.interrupt()

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield reasons
    finally:
        done.set()


def _plain(error: duckdb.Error) -> str:
    """Return what the engine says of a statement, with what to do next."""
    if isinstance(error, duckdb.PermissionException):
        return "a statement reaches the tables of the database only: no other file, no network and no extension"
    hint = "\n  'movie-reports schema' shows the tables." if isinstance(error, duckdb.CatalogException) else ""
    return f"{error}{hint}"


def _peak() -> int:
    """Return the most memory that this process has had so far, in bytes; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 (not on all systems)

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
