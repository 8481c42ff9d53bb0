"""Sends the changes of each ingest to a topic, for the commands that load films."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from movie_reports.cli import messages
from movie_reports.errors import MovieReportsError
from movie_reports.text import count

if TYPE_CHECKING:
    from movie_reports.ingestion.job import Progress

Changes = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Send an event for each film that changes to kafka://host:port/topic."),
]
Config = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Settings of librdkafka, such as those for TLS and SASL, one a line."),
]


def sending(changes: str | None, config: Path | None, path: Path) -> Callable[..., None]:
    """Return a function that sends the events of a database that a topic lacks, also those of earlier runs.

    It connects when it is called first, and again after the brokers did not answer. It shows its own progress, unless
    it is given a display.

    Args:
        changes: the address of the topic; without one nothing is sent.
        config: the file with settings for it.
        path: the database.

    Raises:
        MovieReportsError: the extra is not installed, or a setting or the address is wrong; later, the topic cannot be
            written.
    """
    if changes is None:
        return lambda *_: None
    try:
        from movie_reports.streaming import topic
        from movie_reports.streaming.events import Sender
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("movie_reports"):
            raise
        message = "sending changes to a topic needs the extra stream: pip install 'movie-reports[stream]'"
        raise MovieReportsError(message) from error
    where, settings = topic.address(changes), topic.configuration(config)
    connected: list[Sender] = []

    def send(shown: Progress | None = None) -> None:
        sender = connected.pop() if connected else Sender(where, settings)
        with messages.progress() if shown is None else nullcontext(shown) as progress:
            number = sender.send(path, progress)
        connected.append(sender)
        if number:
            messages.note(f"Sent {count(number, 'change')} to {where}")

    return send
