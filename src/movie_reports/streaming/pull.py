"""Follows a file at an address: asks from time to time whether it has changed, and loads it if it has."""

from __future__ import annotations

import random
import time
from pathlib import Path

from movie_reports.errors import MovieReportsError, RefusedError, UsageError
from movie_reports.ingestion import run
from movie_reports.ingestion.run import Rules
from movie_reports.ingestion.sources.download import Version
from movie_reports.streaming.watch import Watch
from movie_reports.urls import shown

LONGEST = 3600  # seconds between attempts after failures


def pull(address: str, database: Path, rules: Rules, every: float, watch: Watch) -> None:
    """Load a file whenever there is another version of it, until told to stop.

    A version that is refused is not loaded again; after other failures the next attempt comes later each time.

    Args:
        address: where the file is.
        database: the file that is replaced.
        rules: what may be done.
        every: seconds from one question to the next.
        watch: whom to tell.

    Raises:
        UsageError: a rule is wrong.
    """
    seen: dict[str, Version] = {}
    failures = 0
    while not watch.stop.is_set():
        next_time = time.monotonic() + every
        try:
            row = run.ingest([address], database, rules, watch.progress, seen).row
            failures = 0
            if row["outcome"] == "loaded":
                watch.loaded(row, 0)
        except UsageError:
            raise
        except MovieReportsError as error:
            failures = 0 if isinstance(error, RefusedError) else failures + 1
            watch.said(str(error))
        if failures:
            delay = max(every, min(every * 2**failures, LONGEST)) * random.uniform(0.5, 1)  # noqa: S311 (so that many do not ask at once)
            watch.said(f"Trying again in {delay:.0f} s")
            watch.stop.wait(delay)
        else:
            watch.progress(f"waiting for another version of {shown(address)}", 0, 0)
            watch.stop.wait(max(0.0, next_time - time.monotonic()))
