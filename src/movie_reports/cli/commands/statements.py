"""The commands that answer questions in SQL: statements as they are typed, and those saved in a folder."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from movie_reports.cli.options import Folder, Form, Place, reporting, size
from movie_reports.cli.output import deliver, opened, show
from movie_reports.errors import NotFoundError, UsageError
from movie_reports.text import harmless

Values = Annotated[
    list[str] | None,
    typer.Option(
        "--param",
        "-p",
        metavar="NAME=VALUE",
        help="The value of $NAME in the statement: a number, or else text (may be repeated).",
    ),
]
Seconds = Annotated[
    int, typer.Option("--timeout", min=1, max=86_400, metavar="SECONDS", help="Stop a statement that takes longer.")
]
Memory = Annotated[str, typer.Option("--memory-limit", metavar="SIZE", help="Stop a statement that needs more memory.")]
NUMBER = re.compile(r"-?\d{1,18}(\.\d+)?", re.ASCII)


@reporting(sql=False)
def sql(
    form: Form,
    database: Place,
    query: Annotated[str, typer.Argument(help="One statement; or - for stdin, or a file whose name ends in .sql.")],
    param: Values = None,
    timeout: Seconds = 60,
    memory_limit: Memory = "1GB",
) -> None:
    """Answer a question in SQL.

    The statement only reads the database, and has no access to other files or the network. `movie-reports schema` shows
    the tables.

    \b
    movie-reports sql "SELECT title, runtime FROM movies ORDER BY runtime DESC LIMIT 5"
    movie-reports sql 'SELECT title FROM film_facts WHERE year = $year' -p year=1995
    movie-reports sql "SUMMARIZE movies" --export csv
    echo "SELECT count(*) AS films FROM movies" | movie-reports sql -
    """
    _answer(_statement(query), param, form, database, timeout, memory_limit)


@reporting(sql=False)
def query(
    form: Form,
    database: Place,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="The query; without it, all are listed.")] = None,
    queries: Folder = Path("queries"),
    param: Values = None,
    timeout: Seconds = 60,
    memory_limit: Memory = "1GB",
) -> None:
    """Answer a question that is saved in a folder.

    A query is a file such as queries/NAME.sql; the list shows the first line of its comment. It is run as by sql.

    \b
    movie-reports query --folder .
    """
    found = {path.stem: path for path in sorted(queries.glob("*.sql"))}
    if name is None:
        width = max(map(len, found), default=0)
        lines = (f"{harmless(each):{width}}  {harmless(_comment(path))}".rstrip() for each, path in found.items())
        show("".join(f"{line}\n" for line in lines))
    elif name in found:
        _answer(_statement(str(found[name])), param, form, database, timeout, memory_limit)
    else:
        message = f"there is no query {name} in {queries}"
        raise NotFoundError(f"{message}; there are" if found else f"{message}: save it as NAME.sql", list(found))


def _answer(
    text: str, param: Sequence[str] | None, form: Form, database: Place, timeout: int, memory_limit: str
) -> None:
    from movie_reports.database.limits import limited
    from movie_reports.reports import report

    values, memory = _values(param or ()), size("--memory-limit", memory_limit)
    with opened(database, temporary=False, sealed=True) as connection, limited(connection, timeout, memory):
        deliver(report.answer(connection, text, values), form)


def _values(given: Sequence[str]) -> Mapping[str, object]:
    """Read values such as year=1995.

    Raises:
        UsageError: one has no name.
    """
    found: dict[str, object] = {}
    for each in given:
        name, equals, text = each.partition("=")
        if not equals or not name.isidentifier():
            message = f"--param {each}: write NAME=VALUE, such as year=1995"
            raise UsageError(message)
        number = NUMBER.fullmatch(text)
        found[name] = (float(text) if number[1] else int(text)) if number else text
    return found


def _comment(path: Path) -> str:
    """Return the first line of a query, if it is a comment."""
    line, *_ = _statement(str(path)).splitlines() or [""]
    return line.removeprefix("--").strip() if line.startswith("--") else ""


def _statement(query: str) -> str:
    """Return a statement from stdin, a file or the argument.

    Raises:
        UsageError: it is not in UTF-8.
    """
    try:
        return sys.stdin.read() if query == "-" else Path(query).read_text("utf-8") if query.endswith(".sql") else query
    except UnicodeDecodeError as error:
        message = f"{'stdin' if query == '-' else query} is not text in UTF-8: byte {error.start + 1} cannot be read"
        raise UsageError(message) from error
