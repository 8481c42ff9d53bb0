"""The command line: the program and its commands."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Annotated, Any

import typer

from movie_reports.cli import finding, options, shells
from movie_reports.cli import help as helping
from movie_reports.cli import ingest as keeping
from movie_reports.cli import reports as asking
from movie_reports.cli.output import show
from movie_reports.errors import StoppedError, UsageError
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
FILE = re.compile(r"[^-].*\.\w{2,5}", re.DOTALL)


class Command(helping.Command):
    """A command with the options of all, whose --chart may stand without a file: Typer has no word for either."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (as Typer gives them)
        """Add the options."""
        super().__init__(*args, **kwargs)
        self.params += options.common()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 (of a private type of Typer)
        """Read the arguments; --chart without a file gets an empty one."""
        given = []
        for arg, following in zip_longest(args, args[1:], fillvalue=""):
            given.append(arg)
            if arg == "--chart" and not FILE.fullmatch(following):
                given.append("")
        return super().parse_args(ctx, given)


for command in COMMANDS:
    app.command(cls=Command)(command)


def _version(value: bool) -> None:
    if value:
        show(f"movie-reports {__version__}\n")
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


def run() -> int:
    """Run the command that the arguments name, and return the exit code.

    Raises:
        UsageError: they name none, or not in the way it wants.
    """
    try:
        code: int | None = app(prog_name="movie-reports", standalone_mode=False)
    except typer.TyperException as error:
        raise UsageError(helping.mistake(error)) from error
    if code == StoppedError.exit_code:
        raise KeyboardInterrupt  # Typer makes a code of it, and says nothing
    return code or 0
