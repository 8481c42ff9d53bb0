"""The command line: the program and its commands."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from movie_reports import asking, helping, keeping, shells
from movie_reports.errors import UsageError
from movie_reports.version import __version__

shells.use()
app = typer.Typer(
    cls=helping.Group,
    context_settings={"help_option_names": ["-h", "--help"], "terminal_width": helping.width()},
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
COMMANDS = (
    keeping.ingest,
    asking.company,
    asking.genres,
    asking.companies,
    keeping.status,
    keeping.history,
    keeping.changes,
    keeping.rejects,
    keeping.sample,
)
for command in COMMANDS:
    app.command(cls=helping.Command)(command)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"movie-reports {__version__}")
        raise typer.Exit


@app.callback()
def main(
    ctx: typer.Context,
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
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(UsageError.exit_code)


def run() -> None:
    """Run the command that the arguments name.

    Raises:
        UsageError: they name none, or not in the way it wants.
    """
    try:
        code = app(prog_name="movie-reports", standalone_mode=False)
    except typer.TyperException as error:
        raise UsageError(helping.mistake(error)) from error
    sys.exit(code)
