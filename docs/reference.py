"""Write the reference of all commands and the man page, both from the help itself.

`make docs` writes reference.md and movie-reports.1 beside this file, and a test holds that they are up to date.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import typer

from movie_reports import __version__
from movie_reports.cli.app import app

ROOT = Path(__file__).parents[1]
REFERENCE, MAN = ROOT / "docs" / "reference.md", ROOT / "docs" / "movie-reports.1"
CODE = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)
LONG = re.compile(r"--[\w-]+")
ENVIRONMENT = {
    "NO_COLOR": "Use no colour, as with --no-color.",
    "MOVIE_REPORTS_CONFIG": "The configuration file.",
    "XDG_CONFIG_HOME": "The folder of movie-reports/config.toml, where it is not ~/.config.",
    "TERM": "With the value dumb, show no progress, and nothing bold, dim or coloured.",
    "COLUMNS": "The width of help and messages, where it is not that of the terminal.",
}
FILES = {
    "~/.config/movie-reports/config.toml": "Defaults of the user's own for database, queries and color.",
    "movies.duckdb": "The database, where nothing else names one.",
    ".movies.duckdb.lock": "Beside each database: keeps a second ingest out while one runs. It may stay.",
}
SPECIAL = str.maketrans({"|": r"|\:", "\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"})


@dataclass(frozen=True)
class Page:
    """What the help says of the program or of one command."""

    command: Any
    context: typer.Context

    @property
    def name(self) -> str:
        """The command as it is typed."""
        return self.context.command_path

    @property
    def usage(self) -> str:
        """How it is called."""
        return " ".join([self.name, *self.command.collect_usage_pieces(self.context)])

    @cached_property
    def paragraphs(self) -> list[str]:
        """What it does: the purpose, then details."""
        return [" ".join(part.split()) for part in self._parts if not part.startswith("\b")]

    @cached_property
    def examples(self) -> list[str]:
        """How it may be called."""
        return [line for part in self._parts if part.startswith("\b") for line in part.split("\n")[1:]]

    @property
    def _parts(self) -> list[str]:
        return str(self.command.help).split("\n\n")

    def parameters(self, kind: str) -> list[tuple[str, str]]:
        """Return the arguments or options: how each is written, and what it does."""
        found = [each for each in self.command.get_params(self.context) if each.param_type_name == kind]
        return [record for each in found if (record := each.get_help_record(self.context))]


def pages() -> list[Page]:
    """Return the page of the program, then those of its commands."""
    group: Any = typer.main.get_command(app)
    root = typer.Context(group, info_name="movie-reports", **group.context_settings)
    commands = [(name, command) for name, command in group.commands.items() if not command.hidden]
    return [Page(group, root), *(Page(command, typer.Context(command, root, name)) for name, command in commands)]


def markdown() -> str:
    """Return the reference."""
    program, *commands = pages()
    blocks = ["# Reference", "Written by `make docs` from what `--help` says."]
    blocks.append(
        "\n".join(f"- [`{page.name}`](#{page.name.replace(' ', '-')}): {page.paragraphs[0]}" for page in commands)
    )
    for page in (*commands, program):
        blocks += [f"## {page.name}", *page.paragraphs, _code(page.examples), _code([page.usage])]
        blocks += [_list(records) for kind in ("argument", "option") if (records := page.parameters(kind))]
    return "\n\n".join(blocks) + "\n"


def _code(lines: list[str]) -> str:
    return "\n".join(["```sh", *lines, "```"])


def _list(records: list[tuple[str, str]]) -> str:
    return "\n".join(f"- `{' '.join(name.split())}`: {' '.join(text.split())}" for name, text in records)


def man() -> str:
    """Return the man page; options of most commands are told once."""
    program, *commands = pages()
    count = Counter(option for page in commands for option in page.parameters("option"))
    common = [option for option, number in count.items() if number > len(commands) / 2]
    lines = [
        f'.TH MOVIE\\-REPORTS 1 "" "movie\\-reports {__version__}" "User Commands"',
        ".ad l",
        ".nh",
        *_section("NAME", f"movie-reports - {_lower(program.paragraphs[0])}"),
        *_section("SYNOPSIS", program.usage),
        *_section("DESCRIPTION", *program.paragraphs),
        *_section("COMMANDS"),
        *(line for page in commands for line in _command(page, common)),
        *_section("COMMON OPTIONS"),
        *_entries(common),
        *_section("OPTIONS WITHOUT A COMMAND"),
        *_entries(program.parameters("option")),
        *_section("EXIT STATUS"),
        *_entries(CODE.findall(_chapter("Exit codes").replace("`", ""))),
        *_section("ENVIRONMENT"),
        *_entries([*_variables(commands), *ENVIRONMENT.items()]),
        *_section("FILES"),
        *_entries(list(FILES.items())),
        *_section("EXAMPLES"),
        *_examples(program.examples),
    ]
    return "\n".join(lines) + "\n"


def _section(title: str, *paragraphs: str) -> list[str]:
    return [f".SH {title}", *(line for text in paragraphs for line in (".PP", _escaped(text)))]


def _command(page: Page, common: list[tuple[str, str]]) -> list[str]:
    own = [option for option in page.parameters("option") if option not in common]
    shared = [LONG.findall(option[0])[0] for option in page.parameters("option") if option in common]
    return [
        f".SS {_escaped(page.usage)}",
        *(line for text in page.paragraphs for line in (".PP", _escaped(text))),
        *_examples(page.examples),
        *_entries([*page.parameters("argument"), *own]),
        ".PP",
        _escaped(f"Common options: {', '.join(shared)}."),
    ]


def _entries(records: list[tuple[str, str]]) -> list[str]:
    return [line for name, text in records for line in (".TP", rf"\fB{_escaped(name)}\fR", _escaped(text))]


def _examples(lines: list[str]) -> list[str]:
    return [".PP", ".in +4n", ".nf", *map(_escaped, lines), ".fi", ".in"]


def _variables(commands: list[Page]) -> list[tuple[str, str]]:
    """Return the variables that stand for options."""
    options = {option.envvar: option for page in commands for option in page.command.params if option.envvar}
    return [(name, f"Stands for {max(option.opts, key=len)}.") for name, option in sorted(options.items())]


def _chapter(title: str) -> str:
    """Return a chapter of the page on operations."""
    return (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split(f"## {title}\n")[1].split("\n## ")[0]


def _lower(text: str) -> str:
    return f"{text[0].lower()}{text[1:].rstrip('.')}"


def _escaped(text: str) -> str:
    """Write text for roff, on one line that is no request; it may be copied from the page as it is."""
    return " ".join(text.translate(SPECIAL).split())


def main() -> None:
    """Write both."""
    REFERENCE.write_text(markdown(), encoding="utf-8")
    MAN.write_text(man(), encoding="utf-8")


if __name__ == "__main__":
    main()
