"""The commands about the database itself: its status and its schema."""

from __future__ import annotations

from typing import Annotated

import typer

from movie_reports.cli import messages
from movie_reports.cli.options import Database, Export, Form, Output, Place, SnapshotNumber
from movie_reports.cli.output import deliver, opened, screen, show, show_json
from movie_reports.reports.catalog import SCHEMAS
from movie_reports.reports.requests.request import Request

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
    from movie_reports.reports.requests.choices import known

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
