"""Writes reports to the screen, a file or a chart, or prints their SQL: the only module that writes to stdout."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from movie_reports.cli import messages
from movie_reports.cli.options import Form, Place
from movie_reports.errors import MovieReportsError, NotFoundError, UsageError
from movie_reports.reports.requests.choices import Engine
from movie_reports.text import count, harmless, harmless_json

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from movie_reports.database.spark import Cluster
    from movie_reports.publishing.source import Source
    from movie_reports.render.table import Screen
    from movie_reports.reports.report import Report

TERMINAL = ""
PAGE = (80, 24)
PROMPT = 1
NO_FILMS = "the database has no films yet, since no ingest has succeeded: see 'movie-reports history'"
ONLY_CSV = "--safe-cells is for CSV only: add --export csv"


@contextmanager
def opened(database: Place, **how: bool) -> Iterator[DuckDBPyConnection]:
    """Open the database for reading, after upgrading one of an older schema; `how` is for `source.connect`."""
    from movie_reports.publishing import source

    with _opened(source.find(database.database, database.snapshot), **how) as connection:
        yield connection


@contextmanager
def _opened(found: Source, **how: bool) -> Iterator[DuckDBPyConnection]:
    from movie_reports.database.errors import plain_reading
    from movie_reports.publishing import source

    with closing(source.connect(found, **{"temporary": True, **how})) as connection, plain_reading(found):
        yield connection


@contextmanager
def opened_with_films(database: Place) -> Iterator[tuple[DuckDBPyConnection, Cluster | None]]:
    """Open the database for a report on films, and the cluster that is to answer, if one is asked for.

    Raises:
        MovieReportsError: it has no films, since no ingest has succeeded.
    """
    from movie_reports.database import execute
    from movie_reports.database.limits import deadline
    from movie_reports.publishing import source

    found, is_spark = source.find(database.database, database.snapshot), database.engine is Engine.spark
    with (
        _opened(found) as connection,
        closing(source.cluster(found, database.url)) if is_spark else nullcontext() as cluster,
        nullcontext() if database.timeout is None else deadline(cluster or connection, database.timeout),
    ):
        try:
            yield connection, cluster
        except NotFoundError as error:
            if execute.run(connection, "ledger/last_ingest"):
                raise
            raise MovieReportsError(NO_FILMS) from error


def deliver(report: Report, form: Form, nothing: str | None = None) -> None:
    """Write a report in the form requested; `nothing` is what to say in place of a table that may have no rows.

    Raises:
        NotFoundError: no film matches.
        UsageError: two forms are asked for that exclude each other.
    """
    if sum([form.chart is not None, form.sql, form.is_file]) > 1:
        message = "--chart, --sql and --export (or --output) exclude each other: choose one of them"
        raise UsageError(message)
    if form.safe_cells and not form.is_file:
        raise UsageError(ONLY_CSV)
    if form.sql:
        show(report.pasted)
    elif form.chart is not None:
        _draw(report, form.chart)
    elif form.is_file:
        _export(report, form)
    elif report.records:
        _print(report, all_rows=form.all_rows)
    elif report.may_be_empty:
        messages.note(nothing or f"No {report.spec.title.lower() or 'rows'}.")
    else:
        from movie_reports.reports.title import nothing_matches

        raise nothing_matches(report)


def deliver_text(text: str, output: str | None, nothing: str) -> None:
    """Write a text to stdout or a file as it is, or say that there is nothing."""
    from movie_reports.files import replacing

    if not text:
        messages.note(nothing)
    elif output is None or output == "-":
        show("\n".join(map(harmless, text.split("\n"))) if sys.stdout.isatty() else text)
    else:
        with replacing(Path(output)) as file:
            file.write(text.encode())
        messages.note(f"Wrote {output}")


def screen() -> Screen:
    """Return the screen for stdout: what tables and charts are drawn for."""
    from movie_reports.render.table import Screen

    encoding = (sys.stdout.encoding or "ascii").lower()
    if not sys.stdout.isatty():
        return Screen(encoding=encoding)
    size = os.get_terminal_size(sys.stdout.fileno())
    plain = messages.settings["no_color"] or without_color()
    return Screen(size.columns or None, size.lines or None, styled=not plain, encoding=encoding)


def without_color() -> str | None:
    """Return the variable of the environment that turns colour off, if one does."""
    if os.environ.get("NO_COLOR"):
        return "NO_COLOR"
    return "TERM" if os.environ.get("TERM") in {"dumb", "unknown"} else None


def _print(report: Report, *, all_rows: bool) -> None:
    from movie_reports.render import listing

    lines, remarks = listing.draw(report, screen(), all_rows=all_rows)
    with _until_pipe_is_closed():
        sys.stdout.writelines(f"{line}\n" for line in lines)
    for remark in remarks:
        messages.note(remark)


def _draw(report: Report, file: str) -> None:
    from movie_reports.render.charts.chart import chart

    drawn, remarks = chart(report)
    if file == TERMINAL:
        from movie_reports.render.charts.terminal import on_terminal

        to = screen()
        width, height = to.width or PAGE[0], to.height or PAGE[1]
        show(on_terminal(drawn, width, height - PROMPT, colour=to.styled, ascii_only=to.is_legacy))
    else:
        from movie_reports.render.charts.file import to_file

        to_file(drawn, Path(file))
        remarks.append(f"Wrote {file}")
    for remark in remarks:
        messages.note(remark)


def _export(report: Report, form: Form) -> None:
    from movie_reports.render import export
    from movie_reports.reports.title import nothing_matches

    output = None if form.output is None or form.output == "-" else Path(form.output)
    kind = export.choose(form.export, output)
    if kind in export.BINARY and output is None and sys.stdout.isatty():
        message = f"{export.BINARY[kind]} is binary: add --output FILE, or pipe it into another program"
        raise UsageError(message)
    if form.safe_cells and kind != "csv":
        raise UsageError(ONLY_CSV)
    if form.output is not None and "://" in form.output:
        _export_from_cluster(report, kind, form.output)
        return
    with export.made(report, kind, safe_cells=form.safe_cells) as (file, rows):
        if not rows and not report.may_be_empty:
            raise nothing_matches(report)
        with _until_pipe_is_closed():
            if output is None and sys.stdout.isatty():
                export.to_terminal(file, sys.stdout.buffer)
            elif output is None:
                export.to_stream(file, sys.stdout.buffer)
            else:
                export.to_file(file, output)
    if output is not None:
        messages.note(f"Wrote {output}")


def _export_from_cluster(report: Report, kind: str, url: str) -> None:
    """Let the cluster write an export itself, so that its rows need not come here."""
    from movie_reports.reports.title import nothing_matches

    if report.cluster is None or kind != "parquet":
        message = "only a Spark cluster writes to a URL, and only Parquet: "
        message += "add --engine spark --export parquet, or name a file"
        raise UsageError(message)
    rows = report.cluster.write(report.statement.text, report.statement.parameters, url)
    if not rows and not report.may_be_empty:
        raise nothing_matches(report)
    messages.note(f"Wrote {url} ({count(rows, 'row')})")


def show_json(found: Mapping[str, object], indent: int | None = None) -> None:
    """Write one JSON object to stdout."""
    text = json.dumps(found, default=str, ensure_ascii=False, indent=indent)
    show(f"{harmless_json(text) if sys.stdout.isatty() else text}\n")


def show(text: str) -> None:
    """Write a text to stdout."""
    with _until_pipe_is_closed():
        sys.stdout.write(text)


@contextmanager
def _until_pipe_is_closed() -> Iterator[None]:
    """End quietly when the reader of the output, such as `head`, closes the pipe."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
