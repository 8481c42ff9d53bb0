"""The command that serves the reports to browsers and programs."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from movie_reports.cli import messages
from movie_reports.cli.options import Database, Place
from movie_reports.cli.output import opened
from movie_reports.errors import MovieReportsError, UsageError


def serve(
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Listen on this address of the machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="PORT", help="Listen on this port; 0: any.")] = 8000,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Answer requests for this host, too (may be repeated)."),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="Let pages of another site read the answers, such as https://example.org (may be repeated).",
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Only start, request one report, and stop.")] = False,
    database: Database = None,
) -> None:
    """Serve the reports to browsers and programs.

    Only this machine can reach it, until --host and --allow-host say otherwise. It always answers from the newest data.

    \b
    movie-reports serve
    movie-reports serve --host 0.0.0.0 --allow-host films.example.org
    movie-reports serve --check
    """
    from movie_reports.publishing import source

    origins = tuple(_origin(text.lower()) for text in allow_origin or ())
    try:
        from movie_reports.server import run
        from movie_reports.server.settings import LOOPBACK, Settings
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("movie_reports"):
            raise
        message = "serving needs the extra serve: pip install 'movie-reports[serve]'"
        raise MovieReportsError(message) from error
    path = source.named(database)
    with opened(Place(path)):
        pass  # a wrong file is reported at once
    name = source.shown(path)
    settings = Settings(hosts=(*LOOPBACK, host, *(allow_host or ())), origins=origins)
    run.log_to_stderr(requests=not messages.settings["quiet"])
    if check:
        run.check(path, settings)
        messages.note(f"Served {name}, and one report was requested: all is well")
    else:
        run.serve(path, host, port, settings, lambda url: messages.note(f"Serving {name} on {url} (Ctrl-C stops it)"))


def _origin(text: str) -> str:
    """Return an origin as browsers write it.

    Raises:
        UsageError: it is none.
    """
    if not re.fullmatch(r"\*|https?://[^/\s]+", text):
        message = f"--allow-origin {text} is not an origin: write its scheme and host, such as https://example.org"
        raise UsageError(message)
    return text
