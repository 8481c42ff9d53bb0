"""The program as one JSON document, for programs that write calls of it: commands, options, columns and exit codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer

from movie_reports.errors import MovieReportsError, NotFoundError, RefusedError, StoppedError, UsageError
from movie_reports.reports.catalog import SCHEMAS, json_schema
from movie_reports.version import __version__

EXIT_CODES: Mapping[int, str] = {
    0: "Done.",
    MovieReportsError.exit_code: "Failed: a file, a database, a disk or the network.",
    UsageError.exit_code: "The call is wrong.",
    NotFoundError.exit_code: "No such name, or an ambiguous one.",
    RefusedError.exit_code: "The source was refused.",
    StoppedError.exit_code: "Interrupted.",
}


def document(group: Any) -> dict[str, Any]:  # noqa: ANN401 (a private type of Typer)
    """Describe the program, whose commands are those of a group."""
    context = typer.Context(group, info_name="movie-reports")
    return {
        "name": "movie-reports",
        "version": __version__,
        "options": _parameters(group, context),
        "commands": [
            {
                "name": name,
                "meaning": command.get_short_help_str(1000),
                "parameters": _parameters(command, typer.Context(command, context, name)),
            }
            for name, command in group.commands.items()
            if not command.hidden
        ],
        "reports": {name: json_schema(spec) for name, spec in SCHEMAS.items()},
        "exit_codes": {str(code): meaning for code, meaning in EXIT_CODES.items()},
    }


def _parameters(command: Any, context: typer.Context) -> list[dict[str, Any]]:  # noqa: ANN401 (as above)
    return [_parameter(each) for each in command.get_params(context) if not getattr(each, "hidden", False)]


def _parameter(each: Any) -> dict[str, Any]:  # noqa: ANN401 (as above)
    values = getattr(each.type, "choices", None)
    found = {
        "kind": each.param_type_name,
        "spellings": [*each.opts, *each.secondary_opts],
        "meaning": each.help,
        "type": "flag" if getattr(each, "is_flag", False) else each.type.name,
        "values": None if values is None else [str(value) for value in values],
        "required": each.required,
        "repeatable": each.multiple or each.nargs == -1 if each.param_type_name == "option" else each.nargs == -1,
        "default": each.default if isinstance(each.default, (str, int, float)) else None,
    }
    return {name: value for name, value in found.items() if value is not None}
