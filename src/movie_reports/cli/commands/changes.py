"""The command that shows what ingests changed, and goes on doing so."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from movie_reports.cli.options import Form, Place, reporting
from movie_reports.cli.output import deliver, opened, show
from movie_reports.errors import GoneError, UsageError
from movie_reports.reports.requests.choices import Format
from movie_reports.reports.requests.request import Request
from movie_reports.text import harmless_json

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

AGAIN, AGAIN_REMOTE = 0.5, 10.0  # seconds between looks for another version of the file, or of snapshots in S3
AT_ONCE = 1_000  # events that are in memory together


@reporting("changes", sql=False)
def changes(
    request: Request,
    form: Form,
    database: Place,
    follow: Annotated[
        bool,
        typer.Option("--follow", help="Print events as NDJSON, and go on with those of further ingests."),
    ] = False,
) -> None:
    """Show what the last ingest changed, or several.

    Films added and removed, and the fields of others that changed, from what to what. With --since or --follow every
    film is one event, with its values before and after as JSON.

    \b
    movie-reports changes
    movie-reports changes --change removed --export csv
    movie-reports changes --since 1 --export ndjson
    movie-reports changes --follow
    """
    from movie_reports.reports import report

    if follow:
        _follow(request, form, database)
        return
    with opened(database) as connection:
        found = report.asked(connection, "changes", request)
        history = report.asked(connection, "history", Request())
        loads = [row for row in history.records if row["outcome"] == "loaded"]
        first = "The first ingest has nothing to compare with: all its films are new." if len(loads) == 1 else None
        deliver(found, form, first)


def _follow(request: Request, form: Form, place: Place) -> None:
    """Write the events of each ingest when there is one, until the reader closes the pipe.

    Raises:
        UsageError: another form is asked for.
        GoneError: the changes are no longer kept, or a restore took back an ingest that was followed.
    """
    from movie_reports.publishing import source

    if form.export not in {None, Format.ndjson} or form.output not in {None, "-"} or place.snapshot or form.safe_cells:
        message = "--follow prints NDJSON: leave out --export, --output, --safe-cells and --snapshot"
        raise UsageError(message)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    path = source.named(place.database)
    state, seen, last = source.watch(path), None, None
    pause = AGAIN_REMOTE if source.is_remote(path) else AGAIN
    while True:
        now = state()
        if now != seen or last is None:  # a file is opened anew, since an ingest replaces it
            with opened(place) as connection:
                last = _write(connection, request, last)
            seen = now
        _wait(pause)


def _write(connection: DuckDBPyConnection, request: Request, last: dict[str, Any] | None) -> dict[str, Any]:
    """Write the events since the last ingest that was seen, and return the ledger row of the one that is last now."""
    from movie_reports.database import execute
    from movie_reports.reports import report

    newest = execute.run(connection, "ledger/last_run")[0]
    if last is None:
        since = newest["id"] if request.since is None else request.since
    else:
        since = last["id"]
        ended = execute.run(connection, "ledger/ended_at", {"ingest": since})
        if ended and ended[0]["finished_at"] != last["finished_at"]:
            message = f"ingest {since} is no longer the one that was followed, as after a restore: take all films, and "
            message += f"then the changes since ingest {newest['id']}"
            raise GoneError(message, newest["id"])
    events = report.asked(connection, "changes", replace(request, since=since)).kept()
    for first in range(0, len(events), AT_ONCE):
        lines = events.as_json(first, AT_ONCE)
        show("".join(f"{harmless_json(line) if sys.stdout.isatty() else line}\n" for line in lines))
    return newest


def _wait(seconds: float) -> None:
    """Wait, but no longer than the reader of the output is there.

    Raises:
        SystemExit: it closed the pipe.
    """
    if not hasattr(select, "poll"):
        time.sleep(seconds)
        return
    reader = select.poll()
    reader.register(sys.stdout.fileno(), 0)  # no event but that the other end is closed
    if reader.poll(seconds * 1000):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
