"""The command line: its commands, their help, and the messages for usage errors."""

from __future__ import annotations

import re
import shutil
from collections import UserDict
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from itertools import chain, zip_longest
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from movie_reports.cli import completion, options
from movie_reports.cli.commands import changes, config, database, follow, ingest, publish, reports, serve, statements
from movie_reports.cli.config import Defaults
from movie_reports.cli.output import show, show_json
from movie_reports.errors import StoppedError, UsageError
from movie_reports.text import harmless
from movie_reports.version import __version__

NARROWEST, WIDEST = 30, 80
COMMANDS: Mapping[str, Sequence[Callable[..., None]]] = {
    "Ask": (
        *(reports.company, reports.country, reports.collection, reports.genres, reports.person, reports.keyword),
        *(reports.films, statements.sql, statements.query),
    ),
    "Serve": (serve.serve, publish.publish),
    "Find": (
        *(reports.companies, reports.countries, reports.collections, reports.genre_list, reports.people),
        *(reports.keywords, database.schema),
    ),
    "Data": (
        ingest.ingest,
        follow.follow,
        ingest.restore,
        database.status,
        ingest.history,
        changes.changes,
        ingest.rejects,
        ingest.sample,
        config.config,
    ),
}
FILE = re.compile(r"[^-].*\.\w{2,5}", re.DOTALL)


class Command(TyperCommand):
    """A command with the common options, whose --chart may come without a file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (as in Typer)
        """Add the options."""
        super().__init__(*args, **kwargs)
        self.params += options.common()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 (a private type of Typer)
        """Read the arguments: --database may come before the command, and --chart without a file gets an empty one."""
        is_before = ctx.obj is not None and any(each.name == "database" for each in self.params)
        given = ["--database", ctx.obj] if is_before else []
        for arg, following in zip_longest(args, args[1:], fillvalue=""):
            given.append(arg)
            if arg == "--chart" and "--" not in given and not FILE.fullmatch(following):
                given.append("")
        if not ctx.resilient_parsing:  # completion does without a file that is wrong
            ctx.default_map = Defaults()
        return super().parse_args(ctx, given)

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 (Typer hides the types of both)
        """Write the arguments and options, with the defaults of the program itself."""
        ctx.default_map = None
        _write_options(self.get_params(ctx), ctx, formatter)


class Commands(UserDict[str, Any]):
    """The commands by name; each is made from its function when it is asked for, since all of them take 7 ms."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 (a private type of Typer)
        made = typer.Typer(add_completion=False, rich_markup_mode=None)
        made.command(cls=Command)(self.data[name])
        return get_command(made)


class Group(TyperGroup):
    """The program, with the options that may also come before a command."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (as in Typer)
        """Add the commands and the options."""
        super().__init__(*args, **kwargs)
        self.commands = Commands({_name(command): command for command in chain(*COMMANDS.values())})
        self.params += [options.database_before(), *options.common()]

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 (as above)
        """Write the options and commands."""
        _write_options(self.get_params(ctx), ctx, formatter)
        for heading, commands in COMMANDS.items():
            with formatter.section(heading):
                shown = [self.commands[_name(command)] for command in commands]
                formatter.write_dl([(each.name, each.get_short_help_str(WIDEST)) for each in shown])


def width() -> int:
    """Return the width of help; Typer itself would take 50 columns on narrower terminals."""
    return max(NARROWEST, min(shutil.get_terminal_size().columns, WIDEST)) - 2


def _name(command: Callable[..., None]) -> str:
    return command.__name__.replace("_", "-")


completion.use()
app = typer.Typer(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "terminal_width": width()},
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(value: bool) -> None:
    if value:
        show(f"movie-reports {__version__}\n")
        raise typer.Exit


def _spec(ctx: typer.Context, value: bool) -> None:
    if value:
        from movie_reports.cli.commands import spec

        show_json(spec.document(ctx.command))
        raise typer.Exit


@app.callback()
def main(
    ctx: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    _spec: Annotated[
        bool,
        typer.Option(
            "--spec", callback=_spec, is_eager=True, help="Print commands, options, columns and exit codes as JSON."
        ),
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
        UsageError: they name none, or the command does not accept them.
    """
    try:
        code: int | None = app(prog_name="movie-reports", standalone_mode=False)
    except typer.TyperException as error:
        raise UsageError(mistake(error)) from error
    except SystemExit as end:  # so completion ends, and a closed pipe
        code = int(end.code or 0)
    if code == StoppedError.exit_code:
        raise KeyboardInterrupt  # Typer silently turns it into an exit code
    return code or 0


def mistake(error: typer.TyperException) -> str:
    """Say what is wrong with a call, what may have been meant, and where help is."""
    text = error.format_message()
    if getattr(error, "possibilities", None):
        text = f"{error.message}.{_did_you_mean(error)}"
    text = harmless(f"{text[0].lower()}{text[1:]}")
    ctx = getattr(error, "ctx", None)
    if ctx is None:
        return text
    if "extra argument" in text:
        text += _instead_of_an_argument(ctx)
    return f"{text}\n  See '{ctx.command_path} --help'."


def _did_you_mean(error: Any) -> str:  # noqa: ANN401 (a private type of Typer)
    """Suggest an option or a command, if one is spelled much the same."""
    typed = getattr(error, "option_name", None) or getattr(error, "command_name", None) or error.message.split()[-1]
    nearest = get_close_matches(str(typed).strip("'.\""), error.possibilities, 1, 0.7)
    return f" Did you mean {nearest[0]}?" if nearest else ""


def _instead_of_an_argument(ctx: Any) -> str:  # noqa: ANN401 (as above)
    """Say how to write an extra argument."""
    if any(each.param_type_name == "argument" for each in ctx.command.params):
        return ": put a name of several words in quotes"
    *first, last = [each.opts[0] for each in ctx.command.params if each.metavar == "NAME"] or [""]
    named = " or ".join(filter(None, (", ".join(first), last)))
    return f": names come with {named}" if named else ""


def _write_options(parameters: Sequence[Any], ctx: Any, formatter: Any) -> None:  # noqa: ANN401 (as above)
    """Write the help of parameters by group, beside their names if these are short, else below."""
    groups: dict[str, list[Any]] = {"Arguments": []}
    for each in parameters:
        usual = "Arguments" if each.param_type_name == "argument" else "Options"
        if record := each.get_help_record(ctx):
            groups.setdefault(getattr(each, "rich_help_panel", None) or usual, []).append(record)
    for heading, records in groups.items():
        if records:
            with formatter.section(heading):
                formatter.write_dl(records, col_max=formatter.width // 3)
