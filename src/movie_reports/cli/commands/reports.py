"""The commands that report on companies, genres and other subjects, and list films and names."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from movie_reports.cli import messages
from movie_reports.cli.options import Form, Place, flags, reporting
from movie_reports.cli.output import deliver, opened_with_films
from movie_reports.errors import NotFoundError, UsageError
from movie_reports.reports.catalog import REPORTS
from movie_reports.reports.requests.option import FIGURES
from movie_reports.reports.requests.request import Request, options
from movie_reports.reports.subjects import COLLECTION, COMPANY, COUNTRY, GENRE, KEYWORD, PERSON, Subject

ByGenre = Annotated[bool, typer.Option("--genres", help="Count releases by genre instead.", rich_help_panel=FIGURES)]


@reporting("company", argument="company", chart=True)
def company(request: Request, form: Form, database: Place, genres: ByGenre = False) -> None:
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
    figures = {*REPORTS["company"].options} - {*REPORTS["company-genres"].options}
    others = [name for name in options() if name in figures and getattr(request, name) != options()[name][2]]
    if genres and others:
        message = f"--genres counts releases: it does not go with {', '.join(flags(name)[0] for name in others)}"
        raise UsageError(message)
    _report("company-genres" if genres else "company", request, form, database)


@reporting("country", argument="country", chart=True)
def country(request: Request, form: Form, database: Place) -> None:
    """Show what the films of production countries earned by year, or side by side.

    Releases, budget, revenue, profit and popularity. A co-production counts in full for each country.

    \b
    movie-reports country France
    movie-reports country FR IT --metric revenue --by decade
    movie-reports country --by all --metric releases --top 10
    movie-reports country Japan --genre Animation --by all
    """
    _report("country", request, form, database)


@reporting("collection", argument="collection", chart=True)
def collection(request: Request, form: Form, database: Place) -> None:
    """Show what franchises and other collections earned by year, or side by side.

    Releases, budget, revenue, profit and popularity.

    \b
    movie-reports collection "toy story"
    movie-reports collection "star wars" "toy story" --metric revenue --by decade
    movie-reports collection --by all --metric roi --min-films 3 --top 10
    """
    _report("collection", request, form, database)


@reporting("genres", chart=True)
def genres(request: Request, form: Form, database: Place) -> None:
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


@reporting("keyword", argument="keyword", chart=True)
def keyword(request: Request, form: Form, database: Place) -> None:
    """Show how films with a keyword did by year, or side by side.

    Releases, budget, revenue, profit and popularity. Keywords are loaded with ingest --with keywords.

    \b
    movie-reports keyword "time travel" --by decade
    movie-reports keyword robot alien --metric revenue --by all
    movie-reports keyword --by all --min-films 10 --metric roi --top 10
    """
    _report("keyword", request, form, database)


@reporting("person", argument="person", chart=True)
def person(request: Request, form: Form, database: Place) -> None:
    """Show what directors, writers and actors did by year, or side by side.

    Releases, budget, revenue, profit and popularity. People are loaded with ingest --with people.

    \b
    movie-reports person "Tom Hanks" --by decade
    movie-reports person "Tom Hanks" --role director
    movie-reports person --role director --by all --metric profit --top 10
    """
    _report("person", request, form, database)


@reporting("films")
def films(request: Request, form: Form, database: Place) -> None:
    """List the films behind the figures of a report.

    With the filters of the report they add up to its figures. Unknown values are shown as a dash.

    \b
    movie-reports films --company "Pixar" --year 2015
    movie-reports films --genre Comedy --year 1990-1999 --metric profit --top 5
    movie-reports films --title "toy story"
    movie-reports films --month 12 --complete --export csv
    """
    _report("films", request, form, database)


@reporting("companies", argument="search")
def companies(request: Request, form: Form, database: Place) -> None:
    """List production companies, most films first.

    Of each its TMDB ids, films, first and last year, known budgets and revenues.

    \b
    movie-reports companies
    movie-reports companies disney
    """
    _catalogue(COMPANY, request, form, database)


@reporting("genre-list", argument="search")
def genre_list(request: Request, form: Form, database: Place) -> None:
    """List genres, most films first.

    Of each its TMDB ids, films, first and last year, known budgets and revenues.

    \b
    movie-reports genre-list
    movie-reports genre-list fiction
    """
    _catalogue(GENRE, request, form, database)


@reporting("countries", argument="search")
def countries(request: Request, form: Form, database: Place) -> None:
    """List production countries, most films first.

    Of each its ISO codes, films, first and last year, known budgets and revenues.

    \b
    movie-reports countries
    movie-reports countries korea
    """
    _catalogue(COUNTRY, request, form, database)


@reporting("collections", argument="search")
def collections(request: Request, form: Form, database: Place) -> None:
    """List collections, such as franchises, most films first.

    Of each its TMDB ids, films, first and last year, known budgets and revenues.

    \b
    movie-reports collections
    movie-reports collections wars
    """
    _catalogue(COLLECTION, request, form, database)


@reporting("keywords", argument="search")
def keywords(request: Request, form: Form, database: Place) -> None:
    """List keywords, most films first.

    Of each its TMDB ids, films, first and last year, known budgets and revenues.

    \b
    movie-reports keywords
    movie-reports keywords based
    """
    _catalogue(KEYWORD, request, form, database)


@reporting("people", argument="search")
def people(request: Request, form: Form, database: Place) -> None:
    """List directors, writers and actors, most films first.

    Of each its TMDB ids, films, first and last year, known budgets and revenues.

    \b
    movie-reports people
    movie-reports people hanks
    """
    _catalogue(PERSON, request, form, database)


def _catalogue(subject: Subject, request: Request, form: Form, database: Place) -> None:
    from movie_reports.reports import names, report

    with opened_with_films(database) as (connection, cluster):
        try:
            deliver(replace(report.asked(connection, subject.catalogue, request), cluster=cluster), form)
        except NotFoundError:
            meant: dict[str, Any] = {subject.name: request.search or ()}
            names.resolve(connection, Request(**meant))  # its error lists similar names
            raise


def _report(name: str, request: Request, form: Form, database: Place) -> None:
    from movie_reports.reports import report

    choose = messages.choose if messages.can_ask() else None
    with opened_with_films(database) as (connection, cluster):
        found = report.asked(connection, name, request, choose, messages.note)
        deliver(replace(found, cluster=cluster), form)
