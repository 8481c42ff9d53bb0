"""The options of the commands: those of a question, made from `Request`, and those of its output."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import GenericAlias
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import typer
from typer.core import TyperOption

from movie_reports.cli import messages
from movie_reports.cli.completion import names_of
from movie_reports.errors import UsageError
from movie_reports.reports.catalog import REPORTS, Shape, Spec
from movie_reports.reports.requests.choices import Engine, Format
from movie_reports.reports.requests.request import Request, options, word
from movie_reports.reports.subjects import SUBJECTS

COMPLETION = {subject.name.value: names_of(subject) for subject in SUBJECTS}
OUTPUT, DATABASE, ENGINE = "Output", "Database", "Engine"


class IfUnchanged(StrEnum):
    """What to do with a source that is loaded already."""

    skip = "skip"
    load = "load"


class DateOrder(StrEnum):
    """The orders of day, month and year in a date."""

    dmy = "dmy"
    mdy = "mdy"
    ymd = "ymd"


Database = Annotated[
    Path | None,
    typer.Option(
        "--database",
        "-d",
        metavar="PATH",
        envvar="MOVIE_REPORTS_DATABASE",
        show_envvar=True,
        readable=False,
        help="The database: a file, or snapshots in a folder or S3.  [default: movies.duckdb in the current folder]",
        rich_help_panel=DATABASE,
    ),
]
SnapshotNumber = Annotated[
    int | None,
    typer.Option(
        "--snapshot",
        min=1,
        metavar="N",
        help="Read this snapshot.  [default: the current one]",
        rich_help_panel=DATABASE,
    ),
]
Export = Annotated[
    Format | None,
    typer.Option(
        "--export",
        "-e",
        case_sensitive=False,
        help="Print in this format instead of a table.",
        rich_help_panel=OUTPUT,
    ),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Write to this file; its suffix gives the format.",
        rich_help_panel=OUTPUT,
    ),
]
Folder = Annotated[
    Path,
    typer.Option(
        "--folder",
        metavar="DIR",
        envvar="MOVIE_REPORTS_QUERIES",
        show_envvar=True,
        help="The folder of the queries.",
        rich_help_panel=OUTPUT,
    ),
]


class Place(NamedTuple):
    """Where the database is, and what answers from it: each field is an option, the last three of reports on films."""

    database: Database = None
    snapshot: SnapshotNumber = None
    engine: Annotated[
        Engine,
        typer.Option(
            envvar="MOVIE_REPORTS_ENGINE",
            show_envvar=True,
            case_sensitive=False,
            help="What answers: DuckDB on this machine, or a Spark cluster from a snapshot.",
            rich_help_panel=ENGINE,
        ),
    ] = Engine.duckdb
    url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="SPARK_REMOTE",
            show_envvar=True,
            help="The Spark Connect server, such as sc://host:15002.",
            rich_help_panel=ENGINE,
        ),
    ] = None
    timeout: Annotated[
        int | None,
        typer.Option(min=1, max=86_400, metavar="SECONDS", help="Stop if it takes longer.", rich_help_panel=ENGINE),
    ] = None


class Form(NamedTuple):
    """The form in which a report is requested: each field is an option; `chart` is empty for one in the terminal."""

    chart: Annotated[
        str | None,
        typer.Option(metavar="[FILE]", help="Draw here, or into FILE.svg, .png or .html.", rich_help_panel=OUTPUT),
    ] = None
    sql: Annotated[bool, typer.Option("--sql", help="Print the SQL instead of the result.", rich_help_panel=OUTPUT)] = (
        False
    )
    export: Export = None
    output: Output = None
    all_rows: Annotated[bool, typer.Option("--all", help="Show all rows of a long table.", rich_help_panel=OUTPUT)] = (
        False
    )
    safe_cells: Annotated[
        bool,
        typer.Option(
            "--safe-cells",
            help="In CSV, put an apostrophe before each text that a spreadsheet would run.",
            rich_help_panel=OUTPUT,
        ),
    ] = False

    @property
    def is_file(self) -> bool:
        """Whether it is an export."""
        return self.export is not None or self.output not in {None, "-"}


def reporting(
    name: str = "", *, argument: str | None = None, chart: bool = False, sql: bool = True
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of a report.

    Its function is called with the form of the output, the database, and what else it declares; and with the request,
    where it has options about that.

    Args:
        name: the report in the catalogue, which says what options it takes.
        argument: the one of them that is the argument of the command.
        chart: whether the report can be drawn.
        sql: whether its SQL can be shown.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(command, include_extras=True)
        own = [
            parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY)
            for parameter in inspect.signature(command).parameters.values()
            if parameter.name not in {"request", "form", "database"}
        ]
        fields = REPORTS[name].options if name else ()
        asked = [_argument(argument, REPORTS[name])] if argument else []
        asked += [_option(field) for field in fields if field != argument]
        is_of_films = bool(name) and REPORTS[name].shape is not Shape.rows
        forms = _fields(Form, chart=chart, sql=sql)
        places = _fields(Place, engine=is_of_films, url=is_of_films, timeout=is_of_films)

        def run(**values: Any) -> None:  # noqa: ANN401 (each of its own type)
            if asked:
                values["request"] = Request(**{each.name: values.pop(each.name) for each in asked})
            place = Place(**{each.name: values.pop(each.name) for each in places})
            command(form=Form(**{each.name: values.pop(each.name) for each in forms}), database=place, **values)

        parameters = [*asked, *own, *forms, *places]
        run.__name__, run.__doc__ = command.__name__, command.__doc__
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        vars(run)["__signature__"] = inspect.Signature(parameters)
        return run

    return decorate


def common() -> list[TyperOption]:
    """Return the options that every command has; they are not passed to its function."""
    return [
        _setting("quiet", "--quiet", "-q", text="Print nothing but errors to stderr."),
        _setting("debug", "--debug", text="Show the traceback of an error."),
        _setting("no_color", "--no-color", text="Use no colour."),
    ]


def database_before() -> TyperOption:
    """Return the option --database that may come before a command and is passed on to it."""

    def keep(ctx: typer.Context, _: object, value: str | None) -> None:
        ctx.obj = value

    return TyperOption(
        param_decls=["--database", "-d"],
        metavar="PATH",
        callback=keep,
        expose_value=False,
        help="The database, for any command.",
        rich_help_panel="Options",
    )


def _setting(name: str, *ways: str, text: str) -> TyperOption:
    """Return an option that is stored in the settings of `messages`."""

    def keep(_: object, __: object, value: bool) -> None:
        messages.settings[name] = messages.settings[name] or value

    return TyperOption(
        param_decls=[*ways],
        is_flag=True,
        default=False,
        callback=keep,
        expose_value=False,
        help=text,
        rich_help_panel=OUTPUT,
    )


def _keyword(name: str, annotation: Any, default: object) -> inspect.Parameter:  # noqa: ANN401 (a type)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _fields(options: type[NamedTuple], **offered: bool) -> list[inspect.Parameter]:
    """Return the fields of a tuple of options, but for those that are not offered."""
    types = get_type_hints(options, include_extras=True)
    fields = options._field_defaults.items()
    return [_keyword(name, types[name], default) for name, default in fields if offered.get(name, True)]


def _argument(name: str, spec: Spec) -> inspect.Parameter:
    """Return a field of `Request` as the argument of a command: names, or the words that they contain."""
    type_, option, default = options()[name]
    meaning = f"A {name}, or words of its name; several are compared. Without any, all."
    made = typer.Argument(
        metavar=f"[{option.metavar}]{'' if name == 'search' else '...'}",
        autocompletion=COMPLETION[spec.subject.name] if spec.subject else None,
        help=option.meaning if name == "search" else meaning,
    )
    return _keyword(name, Annotated[_typed(type_), made], None if default == () else default)


def _option(name: str) -> inspect.Parameter:
    """Return the option of a field of `Request`."""
    type_, option, default = options()[name]
    made = typer.Option(
        *flags(name),
        metavar=option.metavar,
        help=option.meaning,
        rich_help_panel=option.group,
        case_sensitive=False,
        autocompletion=COMPLETION.get(name),
    )
    return _keyword(name, Annotated[_typed(type_), made], None if default == () else default)


def flags(name: str) -> tuple[str, ...]:
    """Return how the option of a field of `Request` is written on the command line."""
    return options()[name][1].flags or (f"--{word(name)}",)


def _typed(type_: Any) -> Any:  # noqa: ANN401 (types)
    """Return the type of a value on the command line: a list for several, a string for text or number."""
    inner = get_args(type_)
    if Ellipsis in inner:
        return GenericAlias(list, inner[0]) | None
    return str | None if str in inner else type_


def size(option: str, text: str) -> int:
    """Read a size such as 500MB or 20GB as a number of bytes.

    Raises:
        UsageError: it is not a size.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?) *([KMGT]?)B?", text.strip().upper())
    if not found:
        message = f"{option} {text} is not a size: write 500MB or 20GB"
        raise UsageError(message)
    return int(float(found[1]) * 1000 ** " KMGT".index(found[2] or " "))
