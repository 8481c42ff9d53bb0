"""The commands that fill the database, and show what each ingest did."""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from movie_reports.cli import messages
from movie_reports.cli.commands.sending import Changes, Config, sending
from movie_reports.cli.options import Database, DateOrder, Form, IfUnchanged, Place, reporting, size
from movie_reports.cli.output import deliver, deliver_text, opened, show_json
from movie_reports.errors import StoppedError, UsageError
from movie_reports.reports.requests.request import Request

if TYPE_CHECKING:
    from movie_reports.ingestion.run import Result, Rules


READING, LIMITS = "Reading", "Limits"


Sources = Annotated[
    list[str],
    typer.Argument(help="Archives, folders, CSV, JSON, Parquet or Excel files, http(s):// or s3:// URLs; - is stdin."),
]
Merge = Annotated[
    bool, typer.Option("--merge", help="Take the source as a delta: add or replace its films, keep the rest.")
]
With = Annotated[
    str | None,
    typer.Option(
        "--with",
        metavar="NAMES",
        help="Also load keywords, people or both; none ends that.  [default: as the last ingest]",
    ),
]
KeepPrevious = Annotated[
    bool,
    typer.Option("--keep-previous", help="Keep the database that is replaced, so that restore can put it back."),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The encoding of the films, such as cp1250.  [default: detected]",
        rich_help_panel=READING,
    ),
]
Separator = Annotated[
    str | None,
    typer.Option(metavar="CHARACTER", help="What separates the fields: , ; | or tab.", rich_help_panel=READING),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FIELD=NAME",
        help='Which column a field is, such as release_date="Release Year".',
        rich_help_panel=READING,
    ),
]
Order = Annotated[
    DateOrder | None,
    typer.Option(
        case_sensitive=False,
        help="How to read dates such as 5/4/1995.  [default: as the others show]",
        rich_help_panel=READING,
    ),
]
MaxRejects = Annotated[
    str,
    typer.Option(
        metavar="N|N%", help="Refuse a source with more unreadable records than this.", rich_help_panel=LIMITS
    ),
]
AllowShrink = Annotated[
    bool,
    typer.Option(
        "--allow-shrink",
        help="Load even a source that loses more than 10% of the films, dates, budgets, genres ...",
        rich_help_panel=LIMITS,
    ),
]
AllowUnread = Annotated[
    bool,
    typer.Option(
        "--allow-unread",
        help="Load even a source with a column that cannot be read in more than 5% of its cells.",
        rich_help_panel=LIMITS,
    ),
]
MaxSize = Annotated[str, typer.Option(metavar="SIZE", help="Refuse files that unpack to more.", rich_help_panel=LIMITS)]
MemoryLimit = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE",
        help="Spill to the disk beyond this much memory.  [default: 80% of the machine's]",
        rich_help_panel=LIMITS,
    ),
]


def ingest(
    sources: Sources,
    merge: Merge = False,
    with_: With = None,
    if_unchanged: Annotated[
        IfUnchanged, typer.Option(help="What to do with a source that is loaded already.")
    ] = IfUnchanged.skip,
    force: Annotated[bool, typer.Option("--force", help="The same as --if-unchanged load.")] = False,
    keep_previous: KeepPrevious = False,
    wait: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="Wait for another ingest to end.")] = 0,
    encoding: Encoding = None,
    separator: Separator = None,
    column: Columns = None,
    date_order: Order = None,
    max_rejects: MaxRejects = "1%",
    allow_shrink: AllowShrink = False,
    allow_unread: AllowUnread = False,
    max_size: MaxSize = "20GB",
    memory_limit: MemoryLimit = None,
    changes: Changes = None,
    config: Config = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the row of the ledger as a JSON object.")] = False,
    database: Database = None,
) -> None:
    """Load film data into the database.

    \b
    movie-reports ingest data.zip
    movie-reports ingest movies_metadata.csv ratings.csv links.csv --database films.duckdb
    movie-reports ingest https://example.org/new-films.csv.gz --merge
    movie-reports ingest data.zip --with keywords,people
    """
    from movie_reports.database.connection import locate
    from movie_reports.ingestion.run import Rules

    path = locate(database)
    rules = Rules(
        merge=merge,
        force=force or if_unchanged is IfUnchanged.load,
        max_rejects=max_rejects,
        allow_shrink=allow_shrink,
        allow_unread=allow_unread,
        date_order=date_order,
        encoding=encoding,
        separator=separator,
        with_=with_ or (),
        columns=column_names(column or []),
        max_size=size("--max-size", max_size),
        keep_previous=keep_previous,
        wait=wait,
        memory_limit=None if memory_limit is None else size("--memory-limit", memory_limit),
    )
    send = sending(changes, config, path)
    send()
    result = _load(sources, path, rules)
    if as_json:
        show_json(result.row)
    else:
        _summarize(result, path)
    send()


def restore(
    wait: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="Wait for an ingest to end.")] = 0,
    database: Database = None,
) -> None:
    """Put back the database that the last ingest --keep-previous replaced.

    The two change places, so that a second restore undoes the first.

    \b
    movie-reports restore
    """
    from movie_reports.database.connection import locate
    from movie_reports.database.replacing import replace

    path = locate(database)
    previous = replace.restore(path, wait)
    messages.note(f"Restored {path}; what was there is now {previous}" if previous.exists() else f"Restored {path}")


@reporting("history", sql=False)
def history(form: Form, database: Place) -> None:
    """Show what became of every ingest.

    Those that failed or were refused are listed too; the newest comes first.

    \b
    movie-reports history
    movie-reports history --export json
    """
    from movie_reports.reports import report

    with opened(database) as connection:
        deliver(report.asked(connection, "history", Request()), form)


@reporting("rejects", sql=False)
def rejects(
    request: Request,
    form: Form,
    database: Place,
    records: Annotated[
        bool, typer.Option("--records", help="Write the records as they are in their file, under its header.")
    ] = False,
) -> None:
    """Show records that could not be loaded.

    Of each its file, line, reason and text. With --records they can be fixed, and loaded with ingest --merge.

    \b
    movie-reports rejects
    movie-reports rejects --reason id --records --output to-fix.csv
    """
    from movie_reports.reports import report

    if records and (form.export or form.safe_cells or form.all_rows):
        message = "--records writes them as they are: leave out --export, --safe-cells and --all"
        raise UsageError(message)
    with opened(database) as connection:
        if records:
            deliver_text(report.reject_records(connection, request), form.output, "No rejects.")
        else:
            deliver(report.asked(connection, "rejects", request), form)


def sample(
    file: Annotated[Path, typer.Argument(help="The zip archive to write.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is something else.")] = False,
) -> None:
    """Write an archive of films to try the tool with.

    \b
    movie-reports sample films.zip
    """
    from movie_reports.ingestion.sample import write

    write(file, force=force)
    messages.note(f"Wrote {file}: load it with 'movie-reports ingest {file}'")


def _load(sources: Sequence[str], path: Path, rules: Rules) -> Result:
    """Load the sources.

    Raises:
        StoppedError: it was interrupted by the user or by a timeout.
    """
    from movie_reports.ingestion import run

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # sent by timeouts of cron and systemd
    before = _identity(path)
    try:
        with messages.progress() as progress:
            return run.ingest(sources, path, rules, progress)
    except KeyboardInterrupt as error:
        as_before = "was not made" if before is None else "is as it was"
        outcome = as_before if _identity(path) == before else "has the new data already"
        message = f"interrupted: {path} {outcome}"
        raise StoppedError(message) from error


def _summarize(result: Result, path: Path) -> None:
    """Print the summary of an ingest."""
    from movie_reports.reports import status

    if result.row["outcome"] == "unchanged":
        _explain_unchanged(result.row, path)
        return
    messages.note(f"Loaded into {path}")
    for name, text in status.after_ingest(result.row, result.ignored, result.unread):
        messages.note(f"  {name + ':':<10}{text}")


def _explain_unchanged(row: Mapping[str, Any], path: Path) -> None:
    """Say which ingest loaded the same source, and what came after it."""
    from movie_reports.database import execute
    from movie_reports.database.connection import connect

    with closing(connect(path)) as connection:
        last = execute.run(connection, "ledger/last_ingest")[0]["id"]
    since, again = f"since ingest {row['id']}", "--force loads it again"
    if last > row["id"]:
        since += f", and what was merged after it until ingest {last}"
        again += ", without what was merged"
    messages.note(f"{path} has this source already, {since}: nothing to do ({again})")


def _identity(path: Path) -> int | None:
    """Return what distinguishes a file from one that replaces it."""
    return path.stat().st_ino if path.exists() else None


def column_names(texts: Sequence[str]) -> dict[str, str]:
    """Read the columns that the user gave, by field.

    Raises:
        UsageError: a text is no field and column.
    """
    columns = {}
    for text in texts:
        field, equals, name = (part.strip() for part in text.partition("="))
        if not (equals and name):
            message = f'--column {text}: write a field and the name of its column, such as release_date="Release Year"'
            raise UsageError(message)
        columns[field] = name
    return columns
