"""The commands: parse, call, show."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from movie_reports import __version__, talk
from movie_reports.errors import NotFoundError, StoppedError, UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from movie_reports.reports import Report
    from movie_reports.search import Choice

app = typer.Typer(
    help="Answers from a monthly dump of film data: budgets, revenues, profits and popularity.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Metric(StrEnum):
    """The figures of a report."""

    releases = "releases"
    budget = "budget"
    revenue = "revenue"
    profit = "profit"
    popularity = "popularity"


class Format(StrEnum):
    """The formats of an export."""

    csv = "csv"
    json = "json"
    ndjson = "ndjson"
    parquet = "parquet"


def _setting(name: str) -> Callable[[bool], bool]:
    """Return a callback that keeps a flag for the modules that own the screens."""

    def keep(value: bool) -> bool:
        talk.settings[name] = talk.settings[name] or value
        return value

    return keep


def _version(value: bool) -> None:
    if value:
        typer.echo(f"movie-reports {__version__}")
        raise typer.Exit


Database = Annotated[
    Path | None,
    typer.Option(
        "--database",
        "-d",
        envvar="MOVIE_REPORTS_DATABASE",
        show_envvar=True,
        help="The database file.  [default: movies.duckdb in the current folder]",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", callback=_setting("quiet"), help="Say nothing but errors.")]
Debug = Annotated[bool, typer.Option("--debug", callback=_setting("debug"), help="Show the traceback of an error.")]
NoColor = Annotated[bool, typer.Option("--no-color", callback=_setting("no_color"), help="Use no colour.")]
Year = Annotated[str | None, typer.Option(metavar="YEARS", help="Only 1995, 1990-1999, 1990- or -1999.")]
Genre = Annotated[str | None, typer.Option(help="Only films of this genre.")]
Metrics = Annotated[list[Metric] | None, typer.Option("--metric", "-m", help="Only this figure; repeat for more.")]
Average = Annotated[bool, typer.Option("--average", help="Means over known figures in place of sums.")]
Complete = Annotated[bool, typer.Option("--complete", help="Only films whose budget and revenue are both known.")]
Export = Annotated[Format | None, typer.Option("--export", "-e", help="Write a file for programs in place of a table.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where the export goes, if not to stdout.")]
AllRows = Annotated[bool, typer.Option("--all", help="Show a long table to its end.")]


@app.callback()
def main(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Answer questions about films from a local database.

    \b
    movie-reports ingest data.zip
    movie-reports company "Pixar" --metric profit
    movie-reports genres --year 1995 --export csv
    """


@app.command()
def ingest(
    source: Annotated[Path, typer.Argument(help="A zip, a folder with CSV files, or one CSV file, also gzipped.")],
    database: Database = None,
    quiet: Quiet = False,
    debug: Debug = False,
    no_color: NoColor = False,
) -> None:
    """Load film data into the database, in place of what it held.

    \b
    movie-reports ingest data.zip
    movie-reports ingest movies_metadata.csv --database films.duckdb
    """
    from movie_reports import database as db
    from movie_reports import status as state
    from movie_reports.build import build

    path = db.locate(database)
    try:
        with talk.progress() as progress:
            build(source, path, progress)
    except KeyboardInterrupt as error:
        message = f"interrupted: {path} is as it was"
        raise StoppedError(message) from error
    with closing(db.connect(path)) as connection:
        talk.note(f"Loaded into {path}")
        for name, text in state.books(connection):
            talk.note(f"  {name + ':':<10}{text}")


@app.command()
def company(
    name: Annotated[str | None, typer.Argument(help="The company, or words of its name; without it, all.")] = None,
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
    """Show releases, budget, revenue, profit and popularity of production companies by year.

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

    with _opened(database) as connection:
        choice = None if name is None else search.company(connection, name, all_matches=all_matches)
        limits = reports.Limits(year, genre, complete)
        if genres:
            report = reports.company_genres(connection, choice, limits)
        else:
            report = reports.company(connection, choice, limits, reports.Figures(metric or (), average, top))
        _mention(name, choice)
        _deliver(report, _company_title(choice), export, output, all_rows=all_rows)


@app.command()
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
    """Show popularity, budget, revenue and profit of genres by year, the most popular first.

    \b
    movie-reports genres --year 1995
    movie-reports genres --year 1990-1999 --top 3 --metric profit
    movie-reports genres --year 1995 --export csv
    """
    from movie_reports import reports

    with _opened(database) as connection:
        limits = reports.Limits(year, genre, complete)
        report = reports.genres(connection, limits, reports.Figures(metric or (), average, top))
        _deliver(report, "Genres by year", export, output, all_rows=all_rows)


@app.command()
def status(database: Database = None, debug: Debug = False, no_color: NoColor = False) -> None:
    """Show what the database holds, where it came from, and how sure its figures are.

    \b
    movie-reports status
    """
    from movie_reports import database as db
    from movie_reports import render
    from movie_reports import status as state

    path = db.locate(database)
    with closing(db.connect(path)) as connection:
        facts = state.everything(connection, path)
        with talk.until_enough_is_read():
            render.facts("Status", facts, render.console(no_color=talk.settings["no_color"]))


@app.command()
def sample(
    file: Annotated[Path, typer.Argument(help="The zip archive to write.")],
    debug: Debug = False,
) -> None:
    """Write a small archive of well-known films, to try the tool with.

    \b
    movie-reports sample films.zip
    """
    from movie_reports import sample as films

    films.write(file)
    talk.note(f"Wrote {file}: load it with 'movie-reports ingest {file}'")


@contextmanager
def _opened(path: Path | None) -> Iterator[DuckDBPyConnection]:
    from movie_reports import database as db

    found = db.locate(path)
    with closing(db.connect(found)) as connection, db.plain_errors(found):
        yield connection


def _mention(search: str | None, choice: Choice | None) -> None:
    """Say which other companies the words could have meant."""
    if choice and choice.others:
        talk.note(f'"{search}" is taken as {choice.names[0]}; also: {", ".join(choice.others)}')


def _company_title(choice: Choice | None) -> str:
    if choice is None:
        return "Companies by year"
    if choice.label:
        noun = "company" if len(choice.names) == 1 else "companies"
        return f'{len(choice.names)} {noun} with "{choice.label}" in the name, by year'
    return f"{choice.names[0]} by year"


def _deliver(report: Report, title: str, export: Format | None, output: Path | None, *, all_rows: bool) -> None:
    """Write the export asked for, or else the table."""
    from movie_reports import export as files

    kind = files.choose(export, output)
    if report.is_empty():
        message = "no film matches: try other years, another genre, or no --complete"
        raise NotFoundError(message)
    with talk.until_enough_is_read():
        _write(report, title, kind, output, all_rows=all_rows)


def _write(report: Report, title: str, kind: str | None, output: Path | None, *, all_rows: bool) -> None:
    from movie_reports import export as files

    if kind is None:
        from movie_reports import render

        render.report(report, title, render.console(no_color=talk.settings["no_color"]), all_rows=all_rows)
    elif output is not None:
        files.to_file(report, kind, output)
        talk.note(f"Wrote {output}")
    elif kind == "parquet" and sys.stdout.isatty():
        message = "Parquet is binary: add --output FILE, or send it into a pipe"
        raise UsageError(message)
    else:
        files.to_stream(report, kind, sys.stdout.buffer)
