"""The command that publishes the database for other programs."""

from __future__ import annotations

import signal
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
    from movie_reports.database import execute
    from movie_reports.publishing import postgresql
    from movie_reports.urls import shown

    if not target.startswith(postgresql.SCHEMES):
        message = f"cannot publish to {shown(target)}: write postgresql://user@host/database"
        raise UsageError(message)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # sent by timeouts of cron and systemd
    place = f"{shown(target)}, schema {schema}"
    with opened(database) as connection, messages.progress() as progress:
        last = execute.run(connection, "ledger/last_ingest")
        if not last:
            raise MovieReportsError(NO_FILMS)
        is_new = postgresql.publish(connection, target, schema, reader or (), lambda step: progress(step, 0, 0))
    ingest = f"ingest {last[0]['id']}"
    messages.note(f"Published {ingest} to {place}" if is_new else f"{place}, has {ingest} already: nothing to do")
