"""The commands that tell what can be asked for, and take questions in SQL."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from movie_reports.cli.completion import company_names, genre_names
from movie_reports.cli.options import AllRows, Database, Export, Output, ReportName, Sql
from movie_reports.cli.output import Form, deliver, deliver_if_any, opened, opened_with_films, show_json
from movie_reports.errors import NotFoundError, UsageError

WORDS = "Words that the name holds; without them, all."
CompanySearch = Annotated[str | None, typer.Argument(metavar="[WORDS]", autocompletion=company_names, help=WORDS)]
GenreSearch = Annotated[str | None, typer.Argument(metavar="[WORDS]", autocompletion=genre_names, help=WORDS)]


def companies(
    search: CompanySearch = None,
    sql: Sql = False,
    export: Export = None,
    output: Output = None,
    all_rows: AllRows = False,
    database: Database = None,
) -> None:
    """List production companies, most films first.

    Of each its TMDB ids, films, first and last year, known budgets and revenues.

    \b
    movie-reports companies
    movie-reports companies disney
    """
    from movie_reports.reports import names
    from movie_reports.reports import report as reports

    with opened_with_films(database) as connection:
        report = reports.companies(connection, search)
        form = Form(export, output, None, sql, all_rows)
        try:
            deliver(report, form)
        except NotFoundError:
            names.companies(connection, [search or ""])  # says which were meant
            raise


def genre_list(
    search: GenreSearch = None,
    sql: Sql = False,
    export: Export = None,
    output: Output = None,
    all_rows: AllRows = False,
    database: Database = None,
) -> None:
    """List genres, most films first.

    Of each its TMDB ids, films, first and last year, known budgets and revenues.

    \b
    movie-reports genre-list
    movie-reports genre-list fiction
    """
    from movie_reports.reports import names
    from movie_reports.reports import report as reports

    with opened_with_films(database) as connection:
        report = reports.genre_list(connection, search)
        try:
            deliver(report, Form(export, output, None, sql, all_rows))
        except NotFoundError:
            names.genre(connection, search or "")  # says which were meant
            raise


def schema(
    report: Annotated[
        ReportName | None, typer.Option(help="Print the JSON Schema of what this report's JSON export holds.")
    ] = None,
    export: Export = None,
    output: Output = None,
    database: Database = None,
) -> None:
    """Show the tables and columns of the database, or the JSON Schema of a report.

    \b
    movie-reports schema
    movie-reports schema --report company
    """
    from movie_reports.reports import catalog as contract
    from movie_reports.reports import report as reports

    if report is not None:
        show_json(contract.json_schema(report.replace("-", "_")), indent=2)
        return
    with opened(database) as connection:
        deliver(reports.schema(connection), Form(export, output))


def sql(
    query: Annotated[str, typer.Argument(help="One statement; or - for stdin, or a file whose name ends in .sql.")],
    export: Export = None,
    output: Output = None,
    all_rows: AllRows = False,
    database: Database = None,
) -> None:
    """Answer a question in SQL.

    The connection is read-only, and reaches no other file and no network. `movie-reports schema` shows the tables.

    \b
    movie-reports sql "SELECT title, runtime FROM movies ORDER BY runtime DESC LIMIT 5"
    movie-reports sql "SUMMARIZE movies" --export csv
    echo "SELECT count(*) AS films FROM movies" | movie-reports sql -
    """
    from movie_reports.database import connection as db
    from movie_reports.reports import report as reports

    text = _statement(query)
    with opened(database) as connection:
        db.confine(connection)
        with db.plain_statements():
            deliver_if_any(reports.answer(connection, text), Form(export, output, all_rows=all_rows))


def _statement(query: str) -> str:
    """Return a statement from where it stands.

    Raises:
        UsageError: it is not in UTF-8.
    """
    try:
        return sys.stdin.read() if query == "-" else Path(query).read_text("utf-8") if query.endswith(".sql") else query
    except UnicodeDecodeError as error:
        message = f"{'stdin' if query == '-' else query} is not text in UTF-8: byte {error.start + 1} cannot be read"
        raise UsageError(message) from error
