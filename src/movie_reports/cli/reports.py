"""The commands that report on companies and genres, and list films and names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from movie_reports.cli import messages
from movie_reports.cli.completion import company_names, genre_names
from movie_reports.cli.options import Form, flags, reporting
from movie_reports.cli.output import deliver, opened_with_films
from movie_reports.errors import NotFoundError, UsageError
from movie_reports.reports.request import FIGURES, Request, options

FILMS = ("genre", "year", "month", "complete")
COMPANIES = ("all_matches", "exact")
SHOWN = ("metrics", "by", "average", "popularity", "top", "bottom", "min_films")
LISTED = ("metrics", "popularity", "top", "bottom")
WORDS = "Words that the name contains; without them, all."
CompanySearch = Annotated[str | None, typer.Argument(metavar="[WORDS]", autocompletion=company_names, help=WORDS)]
GenreSearch = Annotated[str | None, typer.Argument(metavar="[WORDS]", autocompletion=genre_names, help=WORDS)]
ByGenre = Annotated[bool, typer.Option("--genres", help="Count releases by genre instead.", rich_help_panel=FIGURES)]


@reporting(*COMPANIES, *FILMS, *SHOWN, argument="company", chart=True)
def company(request: Request, form: Form, database: Path | None, genres: ByGenre = False) -> None:
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
    others = [name for name in SHOWN if name != "by" and getattr(request, name) != options()[name][2]]
    if genres and others:
        message = f"--genres counts releases: it does not go with {', '.join(flags(name)[0] for name in others)}"
        raise UsageError(message)
    _report("company-genres" if genres else "company", request, form, database)


@reporting(*FILMS, *SHOWN, chart=True)
def genres(request: Request, form: Form, database: Path | None) -> None:
    """Show how genres did by year.

    Popularity, budget, revenue and profit; in each year the most popular genre comes first.

    \b
    movie-reports genres --year 1995
    movie-reports genres --top 1 --min-films 5
    movie-reports genres --by decade --top 3 --metric profit
    movie-reports genres --genre Drama --genre Comedy --metric revenue --by decade
    movie-reports genres --year 1995 --export csv
    """
    _report("genres", request, form, database)


@reporting("company", *COMPANIES, "title", *FILMS, *LISTED)
def films(request: Request, form: Form, database: Path | None) -> None:
    """List the films behind the figures of a report.

    With the filters of the report they add up to its figures. Unknown values are shown as a dash.

    \b
    movie-reports films --company "Pixar" --year 2015
    movie-reports films --genre Comedy --year 1990-1999 --metric profit --top 5
    movie-reports films --title "toy story"
    movie-reports films --month 12 --complete --export csv
    """
    _report("films", request, form, database)


@reporting()
def companies(form: Form, database: Path | None, search: CompanySearch = None) -> None:
    """List production companies, most films first.

    Of each its TMDB ids, films, first and last year, known budgets and revenues.

    \b
    movie-reports companies
    movie-reports companies disney
    """
    _catalogue("companies", search, Request(company=(search or "",)), form, database)


@reporting()
def genre_list(form: Form, database: Path | None, search: GenreSearch = None) -> None:
    """List genres, most films first.

    Of each its TMDB ids, films, first and last year, known budgets and revenues.

    \b
    movie-reports genre-list
    movie-reports genre-list fiction
    """
    _catalogue("genre-list", search, Request(genre=(search or "",)), form, database)


def _catalogue(name: str, search: str | None, meant: Request, form: Form, database: Path | None) -> None:
    from movie_reports.reports import names, report

    with opened_with_films(database) as connection:
        try:
            deliver(report.catalogue(connection, name, search), form)
        except NotFoundError:
            names.resolve(connection, meant)  # its error lists similar names
            raise


def _report(name: str, request: Request, form: Form, database: Path | None) -> None:
    from movie_reports.reports import names, report

    choose = messages.choose if messages.can_ask() else None
    with opened_with_films(database) as connection:
        resolved = names.resolve(connection, request, choose, messages.note)
        deliver(report.figures(connection, name, resolved), form)
