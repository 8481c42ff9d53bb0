"""The command that loads changes as they come."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Annotated, Any

import typer

from movie_reports.cli import messages
from movie_reports.cli.commands.ingest import LIMITS, READING, AllowUnread, Columns, Merge, column_names
from movie_reports.cli.commands.sending import Changes, Config, sending
from movie_reports.cli.options import Database, DateOrder
from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.text import count

FILE = re.compile("(https?|s3)://", re.IGNORECASE)
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


class DecimalMark(StrEnum):
    """What begins a fraction."""

    point = "point"
    comma = "comma"


class ListSeparator(StrEnum):
    """What separates names in one text."""

    comma = ","
    semicolon = ";"
    bar = "|"


class MoneyUnit(StrEnum):
    """What plain numbers of money are in."""

    dollars = "dollars"
    thousands = "thousands"
    millions = "millions"


def follow(
    address: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="A topic, kafka://host:port/topic, or a file, https://host/films.csv."),
    ],
    batch: Annotated[int, typer.Option(min=1, metavar="N", help="Load at most this many messages at once.")] = 10_000,
    every: Annotated[
        str,
        typer.Option(
            metavar="TIME", help="Load a message after this time at the latest, or ask for a file so often, such as 5m."
        ),
    ] = "60s",
    once: Annotated[bool, typer.Option("--once", help="Stop where the topic ends now.")] = False,
    merge: Merge = False,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="OFFSETS",
            help="Begin at beginning, end, or 0:120,1:98 (partition:offset).  [default: where the database is]",
        ),
    ] = None,
    config: Config = None,
    changes: Changes = None,
    metrics: Annotated[
        str | None,
        typer.Option(metavar="[ADDRESS:]PORT", help="Serve metrics for Prometheus there."),
    ] = None,
    date_order: Annotated[
        DateOrder | None,
        typer.Option(case_sensitive=False, help="How to read dates such as 5/4/1995.", rich_help_panel=READING),
    ] = None,
    decimal_mark: Annotated[
        DecimalMark | None,
        typer.Option(help="How to read numbers such as 30.000.", rich_help_panel=READING),
    ] = None,
    list_separator: Annotated[
        ListSeparator | None,
        typer.Option(help="What separates names in one text.", rich_help_panel=READING),
    ] = None,
    money_unit: Annotated[
        MoneyUnit | None,
        typer.Option(help="What plain numbers of money are in.  [default: dollars]", rich_help_panel=READING),
    ] = None,
    column: Columns = None,
    max_rejects: Annotated[
        str,
        typer.Option(
            metavar="N|N%",
            help="Stop at a batch with more unreadable messages; a share is one of --batch.",
            rich_help_panel=LIMITS,
        ),
    ] = "1%",
    allow_unread: AllowUnread = False,
    database: Database = None,
) -> None:
    """Load the changes in a Kafka topic, or a file whenever it has changed.

    A message is a film as JSON; its key is the TMDB id, and an empty message removes the film. The offsets are in the
    database, so that each message counts once, whatever happens. How messages are read is fixed with the first batch.

    A file at http://, https:// or s3:// is asked for every 60 seconds, and loaded as ingest does if it has changed.

    \b
    movie-reports follow kafka://broker.example.org:9092/films
    movie-reports follow kafka://a:9093,b:9093/films --config client.properties --every 5s
    movie-reports follow kafka://localhost:9092/films --from 0:120,1:98 --once
    movie-reports follow https://example.org/films.csv --every 5m
    """
    from movie_reports.database.connection import locate

    path, seconds = locate(database), _seconds(every)
    if FILE.match(address):
        if once or start or metrics or decimal_mark or list_separator or money_unit:
            message = "--once, --from, --metrics, --decimal-mark, --list-separator and --money-unit are for topics"
            raise UsageError(message)
        rules = {"merge": merge, "max_rejects": max_rejects, "allow_unread": allow_unread, "date_order": date_order}
        _pull(address, path, seconds, rules | {"columns": column_names(column or [])}, changes, config)
        return
    if merge:
        message = "--merge is for files: the messages of a topic are always merged"
        raise UsageError(message)
    try:
        from movie_reports.streaming import follow as loop
        from movie_reports.streaming import metrics as figures
        from movie_reports.streaming import state
        from movie_reports.streaming import topic as topics
        from movie_reports.streaming.batch import Limits
        from movie_reports.streaming.watch import Watch, patiently
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("movie_reports"):
            raise
        message = "following a topic needs the extra stream: pip install 'movie-reports[stream]'"
        raise MovieReportsError(message) from error
    settings = state.Settings(date_order, decimal_mark, list_separator, money_unit, column_names(column or []))
    options = loop.Options(seconds, once, start, settings, Limits(max_rejects, batch, allow_unread))
    send = sending(changes, config, path)
    topic = topics.Topic(topics.address(address), topics.configuration(config), messages.note)
    try:
        count_batch = figures.serve(topic, metrics) if metrics else None
        with messages.progress() as progress, _stopping() as stop:

            def pass_on() -> None:
                send(progress) if once else patiently(lambda: send(progress), watch)

            def tell(row: Mapping[str, Any], lag: int) -> None:
                messages.note(_batch(row, lag))
                pass_on()
                if count_batch:
                    count_batch(row)

            watch = Watch(stop, messages.note, tell, progress)
            pass_on()
            loop.follow(topic, path, options, watch)
    finally:
        topic.close()
    messages.note("Stopped")


def _pull(
    address: str, path: Path, seconds: float, rules: Mapping[str, Any], changes: str | None, config: Path | None
) -> None:
    """Load a file whenever it has changed."""
    from movie_reports.ingestion.run import Rules
    from movie_reports.streaming.pull import pull
    from movie_reports.streaming.watch import Watch, patiently
    from movie_reports.urls import shown

    send = sending(changes, config, path)
    with messages.progress() as progress, _stopping() as stop:

        def tell(row: Mapping[str, Any], _: int) -> None:
            messages.note(f"Ingest {row['id']}: {count(row['movies'], 'film')}; {_changes(row)}")
            patiently(lambda: send(progress), watch)

        watch = Watch(stop, messages.note, tell, progress)
        patiently(lambda: send(progress), watch)
        messages.note(f"Following {shown(address)} (Ctrl-C stops)")
        pull(address, path, Rules(**rules, wait=seconds), seconds, watch)
    messages.note("Stopped")


@contextmanager
def _stopping() -> Iterator[Event]:
    """Give what SIGTERM and Ctrl-C set; a second one interrupts at once."""
    stop = Event()

    def handle(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _batch(row: Mapping[str, Any], lag: int) -> str:
    """Say what a batch did, in one line."""
    parts = [
        count(row["movies"], "film"),
        *(count(row[what], what[:-1]) for what in ("removals", "duplicates", "rejects") if row[what]),
    ]
    taken = f"{count(row['records'], 'message')} = {' + '.join(parts)}"
    return f"Ingest {row['id']}: {taken}; {_changes(row)}; {lag:,} to go"


def _changes(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{row[f'films_{change}']:,} {change}" for change in ("added", "changed", "removed"))


def _seconds(text: str) -> float:
    """Read a time such as `500ms`, `60s` or `5m`.

    Raises:
        UsageError: it is none.
    """
    found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h)", text.strip())
    if not found:
        message = f"--every {text} is not a time: write 500ms, 60s or 5m"
        raise UsageError(message)
    return float(found[1]) * UNITS[found[2]]
