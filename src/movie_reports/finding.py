"""The commands that tell what can be asked for: names."""

from __future__ import annotations

from typing import Annotated

import typer

from movie_reports.deliver import Form, deliver, opened_with_films
from movie_reports.errors import NotFoundError
from movie_reports.options import AllRows, Database, Debug, Export, NoColor, Output, Quiet, Sql

Search = Annotated[str | None, typer.Argument(help="Words that the name holds; without them, all.")]


def companies(
    search: Search = None,
    sql: Sql = False,
    export: Export = None,
    output: Output = None,
    all_rows: AllRows = False,
    database: Database = None,
    quiet: Quiet = False,
    debug: Debug = False,
    no_color: NoColor = False,
) -> None:
    """List production companies, most films first.

    Of each its TMDB ids, films, first and last year, known budgets and revenues.

    \b
    movie-reports companies
    movie-reports companies disney
    """
    from movie_reports import reports
    from movie_reports import search as names

    with opened_with_films(database) as connection:
        report = reports.companies(connection, search)
        form = Form(export, output, None, sql, all_rows)
        try:
            deliver(report, form)
        except NotFoundError:
            names.companies(connection, [search or ""])  # says which were meant
            raise


def genre_list(
    search: Search = None,
    sql: Sql = False,
    export: Export = None,
    output: Output = None,
    all_rows: AllRows = False,
    database: Database = None,
    quiet: Quiet = False,
    debug: Debug = False,
    no_color: NoColor = False,
) -> None:
    """List genres, most films first.

    Of each its TMDB ids, films, first and last year, known budgets and revenues.

    \b
    movie-reports genre-list
    movie-reports genre-list fiction
    """
    from movie_reports import reports
    from movie_reports import search as names

    with opened_with_films(database) as connection:
        report = reports.genre_list(connection, search)
        try:
            deliver(report, Form(export, output, None, sql, all_rows))
        except NotFoundError:
            names.genre(connection, search or "")  # says which were meant
            raise
