"""The command that shows the settings, and where each comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from movie_reports.cli import config as configuration
from movie_reports.cli import messages
from movie_reports.cli.options import Database, Folder
from movie_reports.cli.output import screen, show, show_json, without_color


def config(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
    database: Database = None,
    queries: Folder = Path("queries"),
) -> None:
    """Show the settings, and where each comes from.

    That is an option, a variable of the environment, the configuration file, or the default.

    \b
    movie-reports config
    """
    from movie_reports.database.connection import DEFAULT
    from movie_reports.publishing import source
    from movie_reports.render import listing

    file = configuration.path()
    variable = without_color()
    values: dict[str, Any] = {
        "database": source.shown(database or Path(DEFAULT)),
        "color": not (messages.settings["no_color"] or variable),
        "queries": str(queries),
    }
    sources = {name: _source(ctx, name) for name in ("database", "queries")}
    color = _source(ctx, "no_color")
    sources["color"] = variable if variable and color != "--no-color" else color
    if as_json:
        settings = {name: {"value": value, "source": sources[name]} for name, value in values.items()}
        show_json({"file": str(file), "exists": file.exists(), "settings": settings})
        return
    written = values | {"color": "yes" if values["color"] else "no"}
    rows = [(name, value, sources[name]) for name, value in written.items()]
    show(listing.facts("Settings", [*rows, ("file", str(file), "" if file.exists() else "not there")], screen()))


def _source(ctx: typer.Context, name: str) -> str:
    """Return where the value of an option comes from; one of all commands may stand before the command."""
    option: Any = next(each for each in ctx.command.params if each.name == name)
    found = {str(each.get_parameter_source(name)).rpartition(".")[2] for each in (ctx, ctx.parent) if each is not None}
    if "COMMANDLINE" in found:
        return str(option.opts[0])
    if "ENVIRONMENT" in found:
        return str(option.envvar)
    return str(configuration.path()) if "DEFAULT_MAP" in found else "default"
