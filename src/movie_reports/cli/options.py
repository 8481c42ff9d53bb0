"""The options that commands share, and the values they take."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperOption

from movie_reports.cli import messages as talk
from movie_reports.cli.completion import company_names, genre_names


class Metric(StrEnum):
    """The figures of a report."""

    releases = "releases"
    budget = "budget"
    revenue = "revenue"
    profit = "profit"
    popularity = "popularity"


class Period(StrEnum):
    """What a row of a report stands for."""

    year = "year"
    quarter = "quarter"
    month = "month"
    decade = "decade"
    all = "all"


class PopularityKind(StrEnum):
    """What popularity may mean."""

    popularity = "popularity"
    votes = "votes"
    vote_average = "vote-average"
    weighted = "weighted"
    ratings = "ratings"
    ratings_mean = "ratings-mean"


class ReportName(StrEnum):
    """The reports that have a contract with programs."""

    company = "company"
    company_genres = "company-genres"
    genres = "genres"
    films = "films"
    companies = "companies"
    genre_list = "genre-list"
    history = "history"
    rejects = "rejects"
    changes = "changes"
    schema = "schema"


class IfUnchanged(StrEnum):
    """What to do with a source whose data are there already."""

    skip = "skip"
    load = "load"


class Reason(StrEnum):
    """Why a record could not be loaded."""

    id = "id"
    fields = "fields"
    nul = "nul"
    quotes = "quotes"
    encoding = "encoding"
    size = "size"


class Change(StrEnum):
    """What can happen to a film."""

    added = "added"
    changed = "changed"
    removed = "removed"


class Format(StrEnum):
    """The formats of an export."""

    csv = "csv"
    json = "json"
    ndjson = "ndjson"
    parquet = "parquet"


def common() -> list[TyperOption]:
    """Return the options that every command has; its function need not know of them."""
    return [
        _setting("quiet", "--quiet", "-q", text="Say nothing but errors."),
        _setting("debug", "--debug", text="Show the traceback of an error."),
        _setting("no_color", "--no-color", text="Use no colour."),
    ]


def _setting(name: str, *ways: str, text: str) -> TyperOption:
    """Return an option that is kept for the modules that own the screens."""

    def keep(_: object, __: object, value: bool) -> None:
        talk.settings[name] = talk.settings[name] or value

    return TyperOption(param_decls=[*ways], is_flag=True, default=False, callback=keep, expose_value=False, help=text)


Database = Annotated[
    Path | None,
    typer.Option(
        "--database",
        "-d",
        metavar="FILE",
        envvar="MOVIE_REPORTS_DATABASE",
        show_envvar=True,
        readable=False,
        help="The database file.  [default: movies.duckdb in the current folder]",
    ),
]
CompanyNames = Annotated[
    list[str] | None,
    typer.Argument(
        autocompletion=company_names, help="A company, or words of its name; several are compared. Without any, all."
    ),
]
CompanyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--company", metavar="NAME", autocompletion=company_names, help="Only films of this company (may be repeated)."
    ),
]
AllMatches = Annotated[
    bool, typer.Option("--all-matches", help="Take all companies together that hold the words, each film once.")
]
Releases = Annotated[bool, typer.Option("--genres", help="Releases by genre.")]
By = Annotated[Period, typer.Option("--by", help="Period of each row.")]
Year = Annotated[
    str | None, typer.Option(metavar="YEARS", help="Only 1995, 1990-1999, 1990- or -1999; 'none': without a date.")
]
Month = Annotated[str | None, typer.Option(metavar="MONTHS", help="Only these months of every year: 12, 6-8 or 11-2.")]
Genre = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        autocompletion=genre_names,
        help="Only films of this genre (may be repeated); 'none': without one.",
    ),
]
Metrics = Annotated[list[Metric] | None, typer.Option("--metric", "-m", help="Only this figure (may be repeated).")]
Average = Annotated[bool, typer.Option("--average", help="Means over known figures instead of sums.")]
Complete = Annotated[bool, typer.Option("--complete", help="Only films whose budget and revenue are both known.")]
Popularity = Annotated[PopularityKind, typer.Option(help="What popularity means; a row has the mean over its films.")]
Top = Annotated[
    int | None,
    typer.Option(metavar="N", help="Only the N highest rows (genres: of each period) by the first figure."),
]
Bottom = Annotated[int | None, typer.Option(metavar="N", help="The same with the lowest rows.")]
MinFilms = Annotated[int, typer.Option(metavar="N", help="Leave out rows of fewer films.")]
Chart = Annotated[str | None, typer.Option(metavar="[FILE]", help="Draw here, or into FILE.svg, .png or .html.")]
Sql = Annotated[bool, typer.Option("--sql", help="Print the SQL instead of the result.")]
Export = Annotated[Format | None, typer.Option("--export", "-e", help="Print in this format instead of a table.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to this file; its ending tells the format."),
]
AllRows = Annotated[bool, typer.Option("--all", help="Show all rows of a long table.")]
