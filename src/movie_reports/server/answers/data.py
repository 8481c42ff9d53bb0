"""The newest data: one open database per version of the file, until the last request on it has ended.

An ingest replaces the file. The engine would go on reading the old one, even under a new connection to the same path,
so each version is attached to an instance of its own. All of this runs in the thread of the event loop, except for the
opening.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Hashable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from movie_reports.api import Database
from movie_reports.errors import MovieReportsError
from movie_reports.publishing import source
from movie_reports.server.settings import Settings

AGAIN = 5  # seconds after which a file that could not be opened is tried again, even if it is the same
POLL = 10  # seconds after which a bucket is asked again which snapshot is current
QUERIES = 1_000  # after which the file is opened again, since the engine keeps some kilobytes of each
TRIES = 5  # while ingests replace the file faster than it can be opened

log = logging.getLogger(__name__)


class NoDataError(MovieReportsError):
    """There is no data to answer from, yet."""


class BehindError(NoDataError):
    """The client has seen a newer snapshot than the one that is here."""


@dataclass
class Version:
    """One version of the file.

    Attributes:
        database: the open file.
        state: that of the file, or of the folder of snapshots, when it was opened.
        status: what is in it, as of `Database.status`.
        users: how many requests use it.
        is_current: whether new requests use it.
        queries: how many it has answered.
    """

    database: Database
    state: Hashable
    status: Mapping[str, Any]
    users: int = 0
    is_current: bool = True
    queries: int = 0

    @property
    def snapshot(self) -> int:
        """The number of the snapshot; 0 for a file."""
        number: int = self.status.get("snapshot", 0)
        return number

    @cached_property
    def key(self) -> str | None:
        """Names the films in it, so that the same films have the same key; None before the first are loaded."""
        return _key(self.status["last_ingest"]) if self.status["last_ingest"] else None

    @cached_property
    def run(self) -> str:
        """Names the last run of ingest, which may have been refused."""
        return _key(self.status["last_run"])

    @property
    def loaded(self) -> datetime | None:
        """When the films were loaded."""
        last = self.status["last_ingest"]
        return last["finished_at"].replace(tzinfo=UTC) if last else None

    @property
    def ended(self) -> datetime:
        """When the last run ended."""
        ended: datetime = self.status["last_run"]["finished_at"]
        return ended.replace(tzinfo=UTC)

    def require_films(self) -> str:
        """Return the key.

        Raises:
            NoDataError: it has no films.
        """
        if self.key is None:
            message = "the database has no films yet, since no ingest has succeeded"
            raise NoDataError(message)
        return self.key

    def close_if_unused(self) -> None:
        """Close the file if no request will need it again."""
        if not self.users and not self.is_current:
            self.database.close()


class Data:
    """The file, or the current snapshot, in the newest version that can be read."""

    def __init__(self, path: Path, settings: Settings) -> None:
        """Open nothing yet."""
        self.path = path
        self.problem: str | None = None
        """Why the file as it is now cannot be read."""
        self.replacements = 0
        self._settings = settings
        self.version: Version | None = None
        """The newest version that could be read."""
        self._state = source.watch(path)
        self._is_remote = source.is_remote(path)
        self._poll_at = 0.0
        self._poll: asyncio.Task[None] | None = None
        self._failed: Hashable = None
        self._failed_at = -float(AGAIN)
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def newest(self, least: int = 0) -> AsyncIterator[Version]:
        """Give the newest version for the time of a block.

        Args:
            least: the number of a snapshot that the client has seen, be it from another machine.

        Raises:
            NoDataError: there was none that could be read since the start.
            BehindError: the newest one that can be read is older than `least`.
        """
        if not self._is_remote or self.version is None or self.version.snapshot < least:
            await self._follow()
        elif time.monotonic() > self._poll_at and (self._poll is None or self._poll.done()):
            # nobody waits for a bucket as long as there is something to show
            self._poll_at = time.monotonic() + POLL
            self._poll = asyncio.create_task(self._follow())
        if self.version is None:
            raise NoDataError(self.problem or "the database cannot be read")
        if 0 < self.version.snapshot < least:
            message = f"you have seen snapshot {least} of the data, and this machine still has "
            message += f"{self.version.snapshot}: try again in a moment"
            raise BehindError(message)
        with self.held(self.version) as version:
            yield version

    @contextmanager
    def held(self, version: Version) -> Iterator[Version]:
        """Keep a version open for the time of a block."""
        version.users += 1
        try:
            yield version
        finally:
            version.users -= 1
            version.close_if_unused()

    def close(self) -> None:
        """Close the file when the last request has ended."""
        self._retire()

    async def _follow(self) -> None:
        """Open the newest version, unless it is open already."""
        if await self._is_outdated():
            async with self._opening:
                if await self._is_outdated():
                    await self._replace()

    async def _is_outdated(self) -> bool:
        """Whether the file is another one than that which is open, and worth a try; or was asked often enough."""
        state = await self._now()
        if self.version is not None and state == self.version.state:
            self.problem = None  # it was put back
            return self.version.queries >= QUERIES
        return state != self._failed or time.monotonic() - self._failed_at > AGAIN

    async def _now(self) -> Hashable:
        """Return the state that the file or the snapshots are in."""
        return await asyncio.to_thread(self._state) if self._is_remote else self._state()

    async def _replace(self) -> None:
        """Open the file as it is now, and retire the version before; if it cannot be opened, keep that and say why."""
        state = await self._now()
        if self.version is not None:
            self.version.queries = 0
        try:
            opened = await asyncio.to_thread(_opened, self.path, self._state, self._settings)
        except (MovieReportsError, OSError) as error:
            if str(error) != self.problem:
                log.warning("%s", error)
            self.problem = str(error)
            self._failed, self._failed_at = state, time.monotonic()
            return
        self.replacements += self.version is not None and self.version.state != opened.state
        self._retire()
        self.version, self.problem = opened, None

    def _retire(self) -> None:
        if self.version is not None:
            self.version.is_current = False
            self.version.close_if_unused()
            self.version = None


def _opened(path: Path, state: Callable[[], Hashable], settings: Settings) -> Version:
    """Open a file that an ingest may replace meanwhile, or a snapshot that may be followed by the next.

    Raises:
        MovieReportsError: it cannot be read.
    """
    for _ in range(TRIES):
        before = state()
        database = Database(path, seconds=settings.seconds, memory=settings.memory)
        try:
            status = database.status()
        except (MovieReportsError, OSError):  # the file may have gone meanwhile
            database.close()
            raise
        if before == state():
            return Version(database, before, {**status, "database": path.name})
        database.close()
    message = f"{path} is replaced again and again: try later"
    raise MovieReportsError(message)


def _key(row: Mapping[str, Any]) -> str:
    """Return a name for a row of the ledger: its number, and a digest, since another database has the same numbers."""
    return f"{row['id']}-{sha256(repr(sorted(row.items())).encode()).hexdigest()[:12]}"
