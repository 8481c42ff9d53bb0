"""Whom to tell what happens while a source is followed, and who says when to stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event
from typing import Any

from movie_reports.ingestion.job import Progress


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
