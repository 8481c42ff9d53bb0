"""Help that fits the terminal, and what is said to whoever mistypes."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer

NARROWEST, WIDEST = 30, 80


class Command(TyperCommand):
    """A command whose options are told in the room that there is."""

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 (Typer hides the types of both)
        """Write the arguments and options."""
        _write_options(self.get_params(ctx), ctx, formatter)


class Group(TyperGroup):
    """The same for the program and its commands."""

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 (as above)
        """Write the options and commands."""
        _write_options(self.get_params(ctx), ctx, formatter)
        with formatter.section("Commands"):
            shown = [(name, each) for name, each in self.commands.items() if not each.hidden]
            formatter.write_dl([(name, each.get_short_help_str(WIDEST)) for name, each in shown])


def width() -> int:
    """Return how wide help may be; Typer alone would take 50 columns where there are fewer."""
    return max(NARROWEST, min(shutil.get_terminal_size().columns, WIDEST)) - 2


def _write_options(parameters: Sequence[Any], ctx: Any, formatter: Any) -> None:  # noqa: ANN401 (as above)
    """Write what parameters do, beside their names where these are short, else below."""
    for heading, kind in (("Arguments", "argument"), ("Options", "option")):
        records = [each.get_help_record(ctx) for each in parameters if each.param_type_name == kind]
        if any(records):
            with formatter.section(heading):
                formatter.write_dl([record for record in records if record], col_max=formatter.width // 3)


def mistake(error: typer.TyperException) -> str:
    """Say what is wrong with a call, what may have been meant, and where help is."""
    text = error.format_message()
    if nearest := getattr(error, "possibilities", None):
        text = f"{error.message}. Did you mean {nearest[0]}?"
    text = f"{text[0].lower()}{text[1:]}"
    ctx = getattr(error, "ctx", None)
    if ctx is None:
        return text
    if "extra argument" in text and any(each.param_type_name == "argument" for each in ctx.command.params):
        text += ": put a name of several words in quotes"
    return f"{text}\n  See '{ctx.command_path} --help'."
