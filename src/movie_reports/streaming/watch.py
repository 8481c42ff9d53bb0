"""Whom to tell what happens while a source is followed, who says when to stop, and how to wait for a broker."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from threading import Event
from typing import Any, TypeVar

from movie_reports.errors import MovieReportsError
from movie_reports.ingestion.job import Progress

LONGEST = 30  # seconds between attempts to reach a broker
Answer = TypeVar("Answer")


class AwayError(MovieReportsError):
    """The brokers do not answer; later they may."""


@dataclass(frozen=True)
class Watch:
    """Whom to tell what happens, and who says when to stop.

    Attributes:
        stop: is set when the batch that is being fetched or loaded is to be the last.
        said: is called with a sentence for people.
        loaded: is called with the row in the ledger of each batch, and the lag after it.
        progress: is called with what is going on.
    """

    stop: Event
    said: Callable[[str], object] = lambda _: None
    loaded: Callable[[Mapping[str, Any], int], object] = lambda *_: None
    progress: Progress = lambda *_: None


def patiently(ask: Callable[[], Answer], watch: Watch) -> Answer | None:
    """Ask a broker until it answers, ever less often; return None if told to stop meanwhile."""
    for attempt in count():
        try:
            return ask()
        except AwayError as error:
            delay = random.uniform(0.5, 1) * min(2**attempt, LONGEST)  # noqa: S311 (so that many do not ask at once)
            watch.said(f"{error}; trying again in {delay:.0f} s")
            if watch.stop.wait(delay):
                break
    return None
