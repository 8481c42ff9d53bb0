"""The command line: the program and its commands."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

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
PICTURE = re.compile(r"[^-].*\.(svg|png|html?|pdf|jpe?g|gif|webp)", re.IGNORECASE)


class Command(TyperCommand):
    """A command whose option --chart may stand without a file, which Typer has no word for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 (of a private type of Typer)
        """Read the arguments; --chart without a file gets an empty one."""
        given = []
        for arg, following in zip_longest(args, args[1:], fillvalue=""):
            given.append(arg)
            if arg == "--chart" and not PICTURE.fullmatch(following):
                given.append("")
        return super().parse_args(ctx, given)


for command in COMMANDS:
    app.command(cls=Command)(command)


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
