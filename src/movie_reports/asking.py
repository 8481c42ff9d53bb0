"""The commands that answer questions about films."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from movie_reports import talk
from movie_reports.completion import company_names
from movie_reports.deliver import deliver, opened_with_films
from movie_reports.errors import UsageError
from movie_reports.options import (
    AllRows,
    Average,
    Complete,
    Database,
    Debug,
    Export,
    Genre,
    Metrics,
    NoColor,
    Output,
    Quiet,
    Year,
)

FEW = 5

if TYPE_CHECKING:
    from movie_reports.search import Choice


def company(
    name: Annotated[
        str | None,
        typer.Argument(autocompletion=company_names, help="The company, or words of its name; without it, all."),
    ] = None,
    genres: Annotated[bool, typer.Option("--genres", help="Releases by genre.")] = False,
    all_matches: Annotated[
        bool, typer.Option("--all-matches", help="Take all companies together that hold the words, each film once.")
    ] = False,
    metric: Metrics = None,
    year: Year = None,
    genre: Genre = None,
    average: Average = False,
    complete: Complete = False,
    top: Annotated[int | None, typer.Option(min=1, help="Only the highest rows, by the first figure.")] = None,
    export: Export = None,
    output: Output = None,
    all_rows: AllRows = False,
    database: Database = None,
    quiet: Quiet = False,
    debug: Debug = False,
    no_color: NoColor = False,
) -> None:
    """Show what production companies earned by year.

    Releases, budget, revenue, profit and popularity.

    \b
    movie-reports company "Pixar" --metric profit
    movie-reports company "Warner Bros." --year 1990-1999 --average
    movie-reports company "Pixar" --genres
    movie-reports company --top 10 --metric revenue
    """
    if all_matches and name is None:
        message = "--all-matches goes with a name"
        raise UsageError(message)
    if genres and (metric or average or top):
        message = "--genres counts releases: it does not go with --metric, --average or --top"
        raise UsageError(message)
    from movie_reports import reports, search

    with opened_with_films(database) as connection:
        choice = None if name is None else search.company(connection, name, all_matches=all_matches)
        limits = reports.Limits(year, genre, complete)
        if genres:
            report = reports.company_genres(connection, choice, limits)
        else:
            report = reports.company(connection, choice, limits, reports.Figures(metric or (), average, top))
        _mention(name, choice)
        deliver(report, _company_title(choice), export, output, all_rows=all_rows)


def genres(
    metric: Metrics = None,
    year: Year = None,
    genre: Genre = None,
    average: Average = False,
    complete: Complete = False,
    top: Annotated[int | None, typer.Option(min=1, help="Only the highest of each year, by the first figure.")] = None,
    export: Export = None,
    output: Output = None,
    all_rows: AllRows = False,
    database: Database = None,
    quiet: Quiet = False,
    debug: Debug = False,
    no_color: NoColor = False,
) -> None:
    """Show how genres did by year.

    Popularity, budget, revenue and profit; in each year the most popular genre first.

    \b
    movie-reports genres --year 1995
    movie-reports genres --year 1990-1999 --top 3 --metric profit
    movie-reports genres --year 1995 --export csv
    """
    from movie_reports import reports

    with opened_with_films(database) as connection:
        limits = reports.Limits(year, genre, complete)
        report = reports.genres(connection, limits, reports.Figures(metric or (), average, top))
        deliver(report, "Genres by year", export, output, all_rows=all_rows)


def companies(
    search: Annotated[
        str | None, typer.Argument(autocompletion=company_names, help="Words that the name holds; without them, all.")
    ] = None,
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
        if search is not None and report.is_empty():
            names.company(connection, search)  # says which were meant
        deliver(report, "Companies", export, output, all_rows=all_rows)


def _mention(search: str | None, choice: Choice | None) -> None:
    """Say which other companies the words could have meant."""
    if choice is None or not choice.others:
        return
    some = "; ".join(choice.others[:FEW])
    rest = f"; and {len(choice.others) - FEW:,} more" if len(choice.others) > FEW else ""
    if choice.label:
        talk.note(f"Taken together: {some}{rest}")
    elif search == choice.names[0]:
        talk.note(f"There are also: {some}{rest}")
    else:
        talk.note(f'"{search}" is taken as {choice.names[0]}; there are also: {some}{rest}')


def _company_title(choice: Choice | None) -> str:
    if choice is None:
        return "Companies by year"
    if choice.label:
        noun = "company" if len(choice.names) == 1 else "companies"
        return f'{len(choice.names)} {noun} with "{choice.label}" in the name, by year'
    return f"{choice.names[0]} by year"
