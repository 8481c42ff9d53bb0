"""How long a statement of the user's own may take, and how much memory."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from movie_reports.database.errors import is_interrupt
from movie_reports.database.execute import AGAIN


@contextmanager
def within(connection: duckdb.DuckDBPyConnection, seconds: float, memory: int) -> Iterator[None]:
    """Interrupt the queries of a block that take too long, or too much memory, also for rows in this process.

    Args:
        connection: where they run.
        seconds: how long they may take together.
        memory: by how many bytes this process may grow, where the system tells.

    Raises:
        TimeoutError: they took too long.
        MemoryError: it grew too much.
    """
    end, most, done = time.monotonic() + seconds, _peak() + memory, threading.Event()
    reasons: list[BaseException] = []

    def watch() -> None:
        while not done.wait(AGAIN):
            if time.monotonic() > end:
                reasons.append(TimeoutError())
            if _peak() > most:
                reasons.append(MemoryError())
            if reasons:
                connection.interrupt()

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        if reasons and is_interrupt(error):
            raise reasons[0] from error
        raise
    finally:
        done.set()


def _peak() -> int:
    """Return the most memory that this process has had so far, in bytes; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 (not on all systems)

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
