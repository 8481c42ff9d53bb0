"""From a report to the screen, a file, a picture or its SQL: what all commands share that write to stdout."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from movie_reports.cli import messages as talk
from movie_reports.cli.options import Format
from movie_reports.errors import MovieReportsError, NotFoundError, UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from movie_reports.reports.report import Report

TERMINAL = ""
PAGE = (80, 24)
PROMPT = 1


class Form(NamedTuple):
    """The form in which a report is wanted: as a file for programs, a picture, its SQL, or else a table.

    Attributes:
        export: the format of the file, or None to go by the ending of the output.
        output: where the file goes, or None for stdout.
        chart: the file of a picture, TERMINAL for one in letters, or None.
        sql: the statement in place of its rows.
        all_rows: a long table to its end.
    """

    export: Format | None = None
    output: Path | None = None
    chart: str | None = None
    sql: bool = False
    all_rows: bool = False

    @property
    def is_file(self) -> bool:
        """Whether it is a file for programs."""
        return self.export is not None or self.output not in {None, Path("-")}


@contextmanager
def opened(path: Path | None) -> Iterator[DuckDBPyConnection]:
    """Open the database meant for reading, one of an older schema too."""
    from movie_reports.database import connection as db
    from movie_reports.database import upgrade

    located = db.locate(path)
    with closing(upgrade.connect(located)) as connection, db.plain_reading(located):
        yield connection


@contextmanager
def opened_with_films(path: Path | None) -> Iterator[DuckDBPyConnection]:
    """Open the database meant for questions about films.

    Raises:
        MovieReportsError: it has none, since no ingest has succeeded.
    """
    from movie_reports.database import execute as queries

    with opened(path) as connection:
        try:
            yield connection
        except NotFoundError as error:
            if queries.run(connection, "last_ingest"):
                raise
            message = "the database has no films yet, since no ingest has succeeded: see 'movie-reports history'"
            raise MovieReportsError(message) from error


def deliver_if_any(report: Report, form: Form, nothing: str | None = None) -> None:
    """Write the export asked for, which may be empty, or else the table, or that there is nothing."""
    if not form.is_file and not form.sql and report.is_empty(with_total=True):
        talk.note(nothing or ("No rows." if report.name == "sql" else f"No {report.name}."))
    else:
        _write(report, form, may_be_empty=True)


def deliver(report: Report, form: Form) -> None:
    """Write a report in the form asked for.

    Raises:
        NotFoundError: nothing matches.
        UsageError: two forms are asked for that exclude each other.
    """
    if not form.sql and not form.is_file and report.is_empty(with_total=form.chart is None):
        raise _nothing(report)
    _write(report, form, may_be_empty=False)


def _nothing(report: Report) -> NotFoundError:
    from movie_reports.reports import titles

    return NotFoundError(f"no film matches: {titles.title(report)}")


def _write(report: Report, form: Form, *, may_be_empty: bool) -> None:
    if sum([form.chart is not None, form.sql, form.is_file]) > 1:
        message = "--chart, --sql and --export (or --output) exclude each other: choose one of them"
        raise UsageError(message)
    if form.sql:
        from movie_reports.database import statement

        show(statement.pasted(report.statement, report.parameters))
    elif form.chart is not None:
        _draw(report, form.chart)
    elif form.is_file:
        _export(report, form, may_be_empty=may_be_empty)
    else:
        _print(report, all_rows=form.all_rows)


def _print(report: Report, *, all_rows: bool) -> None:
    from movie_reports.render import listing as render
    from movie_reports.render import table as layout

    screen = layout.screen(no_color=talk.settings["no_color"])
    if report.name == "schema":
        show(render.schema(report, screen))
        return
    text, remarks = render.report(report, screen, all_rows=all_rows)
    show(text)
    for remark in remarks:
        talk.note(remark)


def _draw(report: Report, file: str) -> None:
    from movie_reports.render import series

    chart, remarks = series.chart(report)
    if file == TERMINAL:
        from movie_reports.render import chart_terminal as plot
        from movie_reports.render import table as layout

        screen = layout.screen(no_color=talk.settings["no_color"])
        width, height = screen.width or PAGE[0], screen.height or PAGE[1]
        show(plot.on_terminal(chart, width, height - PROMPT, colour=screen.styled, ascii_only=screen.has_few_letters))
    else:
        from movie_reports.render import chart_file as picture

        picture.to_file(chart, Path(file))
        remarks.append(f"Wrote {file}")
    for remark in remarks:
        talk.note(remark)


def _export(report: Report, form: Form, *, may_be_empty: bool) -> None:
    from movie_reports.render import export

    output = None if form.output == Path("-") else form.output
    kind = export.choose(form.export, output)
    if kind == "parquet" and output is None and sys.stdout.isatty():
        message = "Parquet is binary: add --output FILE, or send it into a pipe"
        raise UsageError(message)
    with export.made(report, kind) as (file, rows):
        if not rows and not may_be_empty:
            raise _nothing(report)
        with _until_enough_is_read():
            if output is None:
                export.to_stream(file, sys.stdout.buffer)
            else:
                export.to_file(file, output)
    if output is not None:
        talk.note(f"Wrote {output}")


def show_json(found: Mapping[str, object], indent: int | None = None) -> None:
    """Write one JSON object to stdout."""
    show(json.dumps(found, default=str, ensure_ascii=False, indent=indent) + "\n")


def show(text: str) -> None:
    """Write a text to stdout."""
    with _until_enough_is_read():
        sys.stdout.write(text)


@contextmanager
def _until_enough_is_read() -> Iterator[None]:
    """End quietly when whoever reads the output, such as `head`, has enough of it."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
