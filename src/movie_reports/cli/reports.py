"""The commands that report on companies and genres, and list the films behind the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from movie_reports.cli import messages as talk
from movie_reports.cli.options import (
    AllMatches,
    AllRows,
    Average,
    Bottom,
    By,
    Chart,
    CompanyNames,
    CompanyOption,
    Complete,
    Database,
    Export,
    Genre,
    Metrics,
    MinFilms,
    Month,
    Output,
    Period,
    Popularity,
    PopularityKind,
    Releases,
    Sql,
    Top,
    Year,
)
from movie_reports.cli.output import Form, deliver, opened_with_films
from movie_reports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from movie_reports.reports.names import Choice


def company(
    names: CompanyNames = None,
    genres: Releases = False,
    metric: Metrics = None,
    by: By = Period.year,
    year: Year = None,
    month: Month = None,
    genre: Genre = None,
    complete: Complete = False,
    average: Average = False,
    popularity: Popularity = PopularityKind.popularity,
    top: Top = None,
    bottom: Bottom = None,
    min_films: MinFilms = 1,
    all_matches: AllMatches = False,
    chart: Chart = None,
    sql: Sql = False,
    export: Export = None,
    output: Output = None,
    all_rows: AllRows = False,
    database: Database = None,
) -> None:
    """Show what production companies earned by year, or side by side.

    Releases, budget, revenue, profit and popularity.

    \b
    movie-reports company "Pixar" --metric profit
    movie-reports company "Pixar" "DreamWorks Animation" --metric profit
    movie-reports company "Warner Bros." --year 1990-1999 --average
    movie-reports company "Pixar" --genres
    movie-reports company --by all --metric profit --top 10
    movie-reports company --by all --metric profit --bottom 10
    movie-reports company "Universal" --month 6-8 --metric revenue
    """
    if genres:
        _check_releases(metric, average, (top, bottom) != (None, None), min_films != 1, popularity != "popularity")
    from movie_reports.reports import report as reports
    from movie_reports.reports import request as limits

    with opened_with_films(database) as connection:
        choice = _chosen(connection, names or (), all_matches=all_matches)
        films = limits.Limits(year, month, genre, complete)
        if genres:
            report = reports.company_genres(connection, choice, films, by)
        else:
            figures = limits.Figures(metric or (), by, popularity, average, top=top, bottom=bottom, min_films=min_films)
            report = reports.company(connection, choice, films, figures)
        deliver(report, Form(export, output, chart, sql, all_rows))


def genres(
    metric: Metrics = None,
    by: By = Period.year,
    year: Year = None,
    month: Month = None,
    genre: Genre = None,
    complete: Complete = False,
    average: Average = False,
    popularity: Popularity = PopularityKind.popularity,
    top: Top = None,
    bottom: Bottom = None,
    min_films: MinFilms = 1,
    chart: Chart = None,
    sql: Sql = False,
    export: Export = None,
    output: Output = None,
    all_rows: AllRows = False,
    database: Database = None,
) -> None:
    """Show how genres did by year.

    Popularity, budget, revenue and profit; in each year the most popular genre first.

    \b
    movie-reports genres --year 1995
    movie-reports genres --top 1 --min-films 5
    movie-reports genres --by decade --top 3 --metric profit
    movie-reports genres --genre Drama --genre Comedy --metric revenue --by decade
    movie-reports genres --year 1995 --export csv
    """
    from movie_reports.reports import report as reports
    from movie_reports.reports import request as limits

    with opened_with_films(database) as connection:
        films = limits.Limits(year, month, genre, complete)
        figures = limits.Figures(metric or (), by, popularity, average, top=top, bottom=bottom, min_films=min_films)
        deliver(reports.genres(connection, films, figures), Form(export, output, chart, sql, all_rows))


def films(
    company: CompanyOption = None,
    metric: Metrics = None,
    year: Year = None,
    month: Month = None,
    genre: Genre = None,
    complete: Complete = False,
    popularity: Popularity = PopularityKind.popularity,
    top: Top = None,
    bottom: Bottom = None,
    all_matches: AllMatches = False,
    sql: Sql = False,
    export: Export = None,
    output: Output = None,
    all_rows: AllRows = False,
    database: Database = None,
) -> None:
    """List the films behind the figures of a report.

    With the limits of the report they add up to its figures. What is not known of a film is shown as a dash.

    \b
    movie-reports films --company "Pixar" --year 2015
    movie-reports films --genre Comedy --year 1990-1999 --metric profit --top 5
    movie-reports films --month 12 --complete --export csv
    """
    from movie_reports.reports import report as reports
    from movie_reports.reports import request as limits

    with opened_with_films(database) as connection:
        choice = _chosen(connection, company or (), all_matches=all_matches)
        figures = limits.Figures(metric or (), popularity=popularity, top=top, bottom=bottom)
        report = reports.films(connection, choice, limits.Limits(year, month, genre, complete), figures)
        deliver(report, Form(export, output, None, sql, all_rows))


def _check_releases(*others: object) -> None:
    """Let pass what is asked about releases by genre, if it has no option about other figures.

    Raises:
        UsageError: it has.
    """
    if any(others):
        message = "--genres counts releases: it does not go with options about other figures"
        raise UsageError(message)


def _chosen(connection: DuckDBPyConnection, names: Sequence[str], *, all_matches: bool) -> Choice | None:
    """Find out which companies are meant, and say which others could have been."""
    from movie_reports.reports import names as search

    choose = talk.choose if talk.can_ask() else None
    choice = search.companies(connection, names, all_matches=all_matches, choose=choose)
    for remark in choice.remarks if choice else ():
        talk.note(remark)
    return choice
