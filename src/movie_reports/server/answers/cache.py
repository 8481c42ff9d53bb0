"""Results in memory: equal requests are computed once, and the results least used lately make room for others."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from movie_reports.errors import MovieReportsError


class BusyError(MovieReportsError):
    """So many requests are waiting that another one would wait too long."""


class Sized(Protocol):
    """A result that may be kept."""

    @property
    def weight(self) -> int | None:
        """Its size in bytes; None if it must not be kept."""


Result = TypeVar("Result", bound=Sized)


class Results(Generic[Result]):
    """The results of requests, by a key that names all that they depend on."""

    def __init__(self, most_bytes: int, most_running: int) -> None:
        """Keep at most so many bytes, and compute at most so many results at a time."""
        self.counts = Counter[str]()
        """How often a result was found (hit), computed (miss), or awaited with another request (shared)."""
        self.bytes = 0
        self._most_bytes, self._most_running = most_bytes, most_running
        self._kept: OrderedDict[str, Result] = OrderedDict()
        self._running: dict[str, asyncio.Task[Result]] = {}

    async def get(self, key: str, make: Callable[[], Awaitable[Result]]) -> Result:
        """Return the result of a request, computed if necessary; that goes on when the client has gone.

        Raises:
            BusyError: too many are being computed or wait for that.
        """
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            self.counts["hit"] += 1
            return kept
        if (task := self._running.get(key)) is not None:
            self.counts["shared"] += 1
        elif len(self._running) >= self._most_running:
            message = "too many requests are waiting: try again in a second"
            raise BusyError(message)
        else:
            self.counts["miss"] += 1
            task = self._running[key] = asyncio.ensure_future(self._made(key, make))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())  # no client may be left to see it
        return await asyncio.shield(task)

    async def _made(self, key: str, make: Callable[[], Awaitable[Result]]) -> Result:
        try:
            made = await make()
        finally:
            del self._running[key]
        if made.weight is not None:
            self._keep(key, made, made.weight)
        return made

    def _keep(self, key: str, made: Result, weight: int) -> None:
        self._kept[key] = made
        self.bytes += weight
        while self.bytes > self._most_bytes:
            _, dropped = self._kept.popitem(last=False)
            self.bytes -= dropped.weight or 0
