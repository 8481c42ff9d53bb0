"""The command that publishes the database for other programs."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from movie_reports.cli import messages
from movie_reports.cli.options import Database
from movie_reports.cli.output import NO_FILMS, opened
from movie_reports.errors import MovieReportsError, UsageError


def publish(
    target: Annotated[str, typer.Argument(metavar="URL", help="Where to: postgresql://user@host/database.")],
    schema: Annotated[str, typer.Option(metavar="NAME", help="The schema in PostgreSQL.")] = "movie_reports",
    reader: Annotated[
        list[str] | None, typer.Option(metavar="ROLE", help="Let this role read the schema (may be repeated).")
    ] = None,
    database: Database = None,
) -> None:
    """Publish the data for other programs.

    Readers see the old data or the new, never half of them. What is published already is not published again.

    \b
    movie-reports publish postgresql://films@db.example.org/films
    movie-reports publish postgresql://films@db.example.org/films --reader analysts
    """
    from movie_reports.publishing.postgresql import publish
    from movie_reports.urls import shown

    if not target.startswith(publish.SCHEMES):
        message = f"cannot publish to {shown(target)}: write postgresql://user@host/database"
        raise UsageError(message)
    _to_postgresql(target, schema, reader or (), database)


def _to_postgresql(url: str, schema: str, readers: Sequence[str], database: Path | None) -> None:
    from movie_reports.database import execute
    from movie_reports.database.connection import locate
    from movie_reports.publishing.postgresql import publish
    from movie_reports.urls import shown

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # sent by timeouts of cron and systemd
    path = locate(database)
    with opened(path) as connection, messages.progress() as progress:
        last = execute.run(connection, "ledger/last_ingest")
        if not last:
            raise MovieReportsError(NO_FILMS)
        is_new = publish.publish(connection, url, schema, readers, lambda step: progress(step, 0, 0))
    ingest, place = f"ingest {last[0]['id']} of {path}", f"schema {schema} of {shown(url)}"
    if is_new:
        messages.note(f"Published {ingest} as {place}")
    else:
        messages.note(f"S{place[1:]} has {ingest} already: nothing to do")
