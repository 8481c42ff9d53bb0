"""What the steps of a load have in common: where they work, and how far each is."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from movie_reports.errors import MovieReportsError
from movie_reports.ingestion.sources.files import Member
from movie_reports.ingestion.sources.source import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Item = TypeVar("Item")
Progress = Callable[[str, int, int], None]
"""Called with a step, the bytes done and the bytes in all; both are 0 where a step cannot tell."""


@dataclass(frozen=True)
class Task:
    """What a load works with.

    Attributes:
        connection: a database of `workplace.new_database`.
        source: what is loaded.
        folder: a place for unpacked files, with room for those of films and links.
        most: no more bytes than these are unpacked of one file, against archives made to fill the disk.
        progress: told of each step.
        is_limited: whether there is a limit on memory.
    """

    connection: DuckDBPyConnection
    source: Source
    folder: Path
    most: int
    progress: Progress
    is_limited: bool = False

    def advance(self, step: str, member: Member) -> Callable[[int], None]:
        """Return what is to be called with the number of bytes unpacked so far.

        Raises:
            MovieReportsError: from the call, when there are too many.
        """

        def told(done: int) -> None:
            if done > self.most:
                message = (
                    f"{member.name} unpacks to more than {self.most:,} bytes: "
                    "if that is right, raise the limit with --max-size"
                )
                raise MovieReportsError(message)
            self.progress(step, done, member.size)

        return told


def ahead(items: Iterator[Item]) -> Generator[Item]:
    """Give the same items, none of which is empty, while a thread is at the next one."""
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while item := coming.result():
            coming = thread.submit(next, items, None)
            yield item
