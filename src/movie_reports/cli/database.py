"""The commands about the database itself: its status, its schema, and questions in SQL."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from movie_reports.cli import messages
from movie_reports.cli.options import Database, Export, Form, Output, Place, SnapshotNumber, reporting, size
from movie_reports.cli.output import deliver, opened, screen, show, show_json
from movie_reports.errors import UsageError
from movie_reports.reports.catalog import SCHEMAS
from movie_reports.reports.request import Request

ReportName = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        autocompletion=lambda: list(SCHEMAS),
        help=f"Print the JSON Schema of this report's JSON export: {', '.join(SCHEMAS)}.",
    ),
]


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
    max_age: Annotated[
        str | None, typer.Option(metavar="AGE", help="Exit with code 1 if the data are older, such as 48h, 35d or 5w.")
    ] = None,
    database: Database = None,
    snapshot: SnapshotNumber = None,
) -> None:
    """Show what the database contains, and since when.

    \b
    movie-reports status
    movie-reports status --max-age 35d --quiet
    """
    from movie_reports.api import Database as Opened
    from movie_reports.reports import status

    if max_age is not None:
        status.age_limit(max_age)  # so that a wrong one is reported first
    with Opened(database, snapshot=snapshot) as found:
        facts = found.status()
    if as_json:
        show_json(facts)
    elif not messages.settings["quiet"]:
        from movie_reports.render import listing

        show(listing.facts("Status", status.in_words(facts), screen()))
    if max_age is not None:
        status.check_age(facts, max_age)


def schema(
    report: ReportName = None,
    export: Export = None,
    output: Output = None,
    database: Database = None,
    snapshot: SnapshotNumber = None,
) -> None:
    """Show tables, views and columns, or the JSON Schema of a report.

    \b
    movie-reports schema
    movie-reports schema --report company
    """
    from movie_reports.render import listing
    from movie_reports.reports import report as reports
    from movie_reports.reports.catalog import json_schema
    from movie_reports.reports.choices import known

    if report is not None:
        spec = SCHEMAS[known("report", report, tuple(SCHEMAS))]
        show_json(json_schema(spec), indent=2)
        return
    form = Form(export=export, output=output)
    with opened(Place(database, snapshot), described=True) as connection:
        found = reports.asked(connection, "schema", Request())
        if form.is_file:
            deliver(found, form)
        else:
            show(listing.schema(found, screen()))


@reporting(sql=False)
def sql(
    form: Form,
    database: Place,
    query: Annotated[str, typer.Argument(help="One statement; or - for stdin, or a file whose name ends in .sql.")],
    timeout: Annotated[
        int, typer.Option(min=1, max=86_400, metavar="SECONDS", help="Stop a statement that takes longer.")
    ] = 60,
    memory_limit: Annotated[str, typer.Option(metavar="SIZE", help="Stop a statement that needs more memory.")] = "1GB",
) -> None:
    """Answer a question in SQL.

    The statement only reads the database, and has no access to other files or the network. `movie-reports schema` shows
    the tables.

    \b
    movie-reports sql "SELECT title, runtime FROM movies ORDER BY runtime DESC LIMIT 5"
    movie-reports sql "SUMMARIZE movies" --export csv
    echo "SELECT count(*) AS films FROM movies" | movie-reports sql -
    """
    from movie_reports.database.limits import limited
    from movie_reports.reports import report

    text, memory = _statement(query), size("--memory-limit", memory_limit)
    with opened(database, temporary=False, sealed=True) as connection, limited(connection, timeout, memory):
        deliver(report.answer(connection, text), form)


def _statement(query: str) -> str:
    """Return a statement from stdin, a file or the argument.

    Raises:
        UsageError: it is not in UTF-8.
    """
    try:
        return sys.stdin.read() if query == "-" else Path(query).read_text("utf-8") if query.endswith(".sql") else query
    except UnicodeDecodeError as error:
        message = f"{'stdin' if query == '-' else query} is not text in UTF-8: byte {error.start + 1} cannot be read"
        raise UsageError(message) from error
