"""From a database to the screen or a file: what all commands that show something share."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from movie_reports import talk
from movie_reports.errors import MovieReportsError, NotFoundError, UsageError
from movie_reports.options import Format

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from movie_reports.reports import Report


@contextmanager
def opened(path: Path | None) -> Iterator[DuckDBPyConnection]:
    """Open the database meant for reading, one of an older schema too."""
    from movie_reports import database as db
    from movie_reports import upgrade

    with closing(upgrade.connect(db.locate(path))) as connection:
        yield connection


@contextmanager
def opened_with_films(path: Path | None) -> Iterator[DuckDBPyConnection]:
    """Open the database meant for questions about films.

    Raises:
        MovieReportsError: it has none, since no ingest has succeeded.
    """
    from movie_reports import queries

    with opened(path) as connection:
        try:
            yield connection
        except NotFoundError as error:
            if queries.run(connection, "last_ingest"):
                raise
            message = "the database has no films yet, since no ingest has succeeded: see 'movie-reports history'"
            raise MovieReportsError(message) from error


def deliver_if_any(report: Report, title: str, export: Format | None, output: Path | None, *, all_rows: bool) -> None:
    """Write the export asked for, which may be empty, or else the table, or that there is nothing."""
    if export is None and output is None and report.is_empty():
        talk.note(f"No {title.lower()}.")
    else:
        _checked(report, title, export, output, all_rows=all_rows)


def deliver(report: Report, title: str, export: Format | None, output: Path | None, *, all_rows: bool) -> None:
    """Write the export asked for, or else the table.

    Raises:
        NotFoundError: nothing matches.
    """
    if report.is_empty():
        message = "no film matches these limits: see what there is without them"
        raise NotFoundError(message)
    _checked(report, title, export, output, all_rows=all_rows)


def _checked(report: Report, title: str, export: Format | None, output: Path | None, *, all_rows: bool) -> None:
    from movie_reports import export as files

    output = None if output == Path("-") else output
    kind = files.choose(export, output)
    with talk.until_enough_is_read():
        _write(report, title, kind, output, all_rows=all_rows)


def _write(report: Report, title: str, kind: str | None, output: Path | None, *, all_rows: bool) -> None:
    from movie_reports import export as files

    if kind is None:
        from movie_reports import render

        screen = render.console(no_color=talk.settings["no_color"])
        text, remarks = render.report(report, title, screen, all_rows=all_rows)
        sys.stdout.write(text)
        sys.stdout.flush()
        for remark in remarks:
            talk.note(remark)
    elif output is not None:
        files.to_file(report, kind, output)
        talk.note(f"Wrote {output}")
    elif kind == "parquet" and sys.stdout.isatty():
        message = "Parquet is binary: add --output FILE, or send it into a pipe"
        raise UsageError(message)
    else:
        files.to_stream(report, kind, sys.stdout.buffer)


def print_json(found: Mapping[str, object]) -> None:
    """Print one JSON object."""
    with talk.until_enough_is_read():
        sys.stdout.write(json.dumps(found, default=str, ensure_ascii=False) + "\n")
