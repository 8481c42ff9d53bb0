"""The command line: the program and its commands."""

from __future__ import annotations

from typing import Annotated

import typer

from movie_reports import asking, finding, keeping
from movie_reports.version import __version__

app = typer.Typer(
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
COMMANDS = (
    keeping.ingest,
    asking.company,
    asking.genres,
    asking.films,
    finding.companies,
    finding.genre_list,
    finding.schema,
    finding.sql,
    keeping.status,
    keeping.history,
    keeping.changes,
    keeping.rejects,
    keeping.sample,
)
for command in COMMANDS:
    app.command()(command)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"movie-reports {__version__}")
        raise typer.Exit


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
