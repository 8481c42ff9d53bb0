"""What the steps of an ingest share: source, folder and progress; and how two things go on at once."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from movie_reports.database import execute, sql
from movie_reports.ingestion.sources.files import Member
from movie_reports.ingestion.sources.paths import too_large
from movie_reports.ingestion.sources.source import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Item = TypeVar("Item")
Progress = Callable[[str, int, int], None]
"""Called with the name of a step, the bytes done and the total; both are 0 if the step cannot say."""


@dataclass(frozen=True)
class Job:
    """What is loaded, and how.

    Attributes:
        source: what is loaded.
        folder: the working folder, for unpacked files.
        most: the most bytes to unpack of one file, as a guard against archives made to fill the disk.
        progress: called with each step.
        is_limited: whether memory is limited.
        chosen: what is loaded because it was asked for, such as keywords.
        chosen_before: what of it was loaded before, so that it can be compared.
    """

    source: Source
    folder: Path
    most: int
    progress: Progress
    is_limited: bool = False
    chosen: tuple[str, ...] = ()
    chosen_before: tuple[str, ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects of which names are loaded."""
        return sql.subjects(self.chosen)

    def advance(self, step: str, member: Member) -> Callable[[int], None]:
        """Return a function to call with the number of bytes unpacked so far.

        Raises:
            MovieReportsError: from that function, when there are too many.
        """

        def update(done: int) -> None:
            if done > self.most:
                raise too_large(member.name, self.most)
            self.progress(step, done, member.size)

        return update


class SecondThread:
    """A second thread with a connection of its own, which runs one step at a time while the first goes on."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        """Begin with nothing to do."""
        self._connection = connection.cursor()
        ((path,),) = execute.rows(connection, "SELECT current_setting('search_path')")
        self._connection.execute(f"SET search_path = {sql.quoted(path)}")
        self._thread = ThreadPoolExecutor(1)
        self._step: Future[object] | None = None

    def start(self, step: str) -> None:
        """Start a step; the one before must have ended."""
        self._step = self._thread.submit(execute.run, self._connection, step)

    def wait(self) -> None:
        """Wait until the last step has ended, and raise what it raised."""
        if self._step:
            self._step.result()

    def close(self) -> None:
        """Interrupt a step that still runs."""
        while self._step and not self._step.done():
            self._connection.interrupt()  # again and again, since it has no effect before the query begins
            wait([self._step], execute.AGAIN)
        self._thread.shutdown()
        self._connection.close()


@contextmanager
def ahead(items: Generator[Item]) -> Iterator[Iterator[Item]]:
    """Prepare items, none of which may be empty, in a thread: the first at once, and then always the next one."""
    with closing(items), ThreadPoolExecutor(1) as thread:
        # Ctrl-C while a thread starts leaves it without anyone who waits for it, so it starts with nothing to do.
        thread.submit(int).result()
        following = thread.submit(next, items, None)

        def prepared() -> Iterator[Item]:
            nonlocal following
            while item := following.result():
                following = thread.submit(next, items, None)
                yield item

        yield prepared()
