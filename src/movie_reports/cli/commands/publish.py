"""The command that publishes the database: as snapshots, or as a schema of PostgreSQL."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from movie_reports.cli import messages
from movie_reports.cli.options import Database, Place
from movie_reports.cli.output import NO_FILMS, opened
from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.text import count, size

if TYPE_CHECKING:
    from movie_reports.publishing.snapshots.publish import Published
    from movie_reports.publishing.snapshots.store import Store

SNAPSHOTS, POSTGRESQL = "Snapshots", "PostgreSQL"


def publish(
    target: Annotated[
        str,
        typer.Argument(metavar="TARGET", help="A folder, s3://bucket/path, or postgresql://user@host/database."),
    ],
    keep: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Keep the last N snapshots.  [default: 3]", rich_help_panel=SNAPSHOTS),
    ] = None,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", help="Publish nothing: check the files of the current snapshot.", rich_help_panel=SNAPSHOTS
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be published.", rich_help_panel=SNAPSHOTS)
    ] = False,
    schema: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The schema.  [default: movie_reports]", rich_help_panel=POSTGRESQL),
    ] = None,
    reader: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROLE", help="Let this role read the schema (may be repeated).", rich_help_panel=POSTGRESQL
        ),
    ] = None,
    database: Database = None,
) -> None:
    """Publish the database, for many readers and other engines.

    Readers see the old data or the new, never half of them. What is published already is not published again.

    \b
    movie-reports publish store
    movie-reports publish store --verify
    movie-reports publish s3://bucket/films --keep 12
    movie-reports publish postgresql://films@db.example.org/films --reader analysts
    """
    from movie_reports.publishing.postgresql.publish import SCHEMA, SCHEMES
    from movie_reports.publishing.snapshots.publish import KEEP

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # sent by timeouts of cron and systemd
    if target.startswith(SCHEMES):
        if keep is not None or verify or dry_run:
            message = "--keep, --verify and --dry-run are for snapshots, not for PostgreSQL: leave them out"
            raise UsageError(message)
        _to_postgresql(target, schema or SCHEMA, reader or (), database)
        return
    if schema is not None or reader:
        message = "--schema and --reader are for PostgreSQL, not for snapshots: leave them out"
        raise UsageError(message)
    if verify and dry_run:
        message = "--verify and --dry-run exclude each other: choose one of them"
        raise UsageError(message)
    place = _store(target)
    if verify:
        _verify(place)
    else:
        _as_snapshot(place, keep or KEEP, database, dry_run=dry_run)


def _store(target: str) -> Store:
    """Return the store of snapshots in a folder or at an address.

    Raises:
        UsageError: it is a URL of another kind.
    """
    from movie_reports.publishing.snapshots import store
    from movie_reports.urls import is_url, shown

    if is_url(target) and not store.ADDRESS.fullmatch(target):
        place = "a folder, s3://bucket/path or postgresql://user@host/database"
        message = f"cannot publish to {shown(target)}: name {place}"
        raise UsageError(message)
    return store.at(target)


def _verify(place: Store) -> None:
    from movie_reports.publishing.snapshots.verify import verify

    found = verify(place).manifest
    files = count(len(list(found.files)), "file")
    messages.note(f"Snapshot {found.snapshot} of {place} is as it was published: {files}, {size(found.size)}")


def _as_snapshot(place: Store, keep: int, database: Path | None, *, dry_run: bool) -> None:
    from movie_reports.database.connection import locate
    from movie_reports.publishing.snapshots import publish

    path = locate(database)
    _tell(publish.publish(path, place, keep, dry_run=dry_run), path, place, dry_run=dry_run)


def _tell(done: Published, path: Path, place: Store, *, dry_run: bool) -> None:
    """Say what a publish did, or would do."""
    if not done.is_new:
        text = f"{place} has ingest {done.ingest} of {path} already, as snapshot {done.number}: nothing to do"
    elif dry_run or done.manifest is None:
        text = f"Would publish ingest {done.ingest} of {path} as snapshot {done.number} of {place}"
    else:
        tables = count(len(done.manifest.tables), "table")
        text = f"Published ingest {done.ingest} of {path} as snapshot {done.number} of {place}: {tables}"
        text += f", {done.unchanged} of them unchanged" if done.unchanged else ""
        text += f"; {size(done.manifest.size)}"
    messages.note(text)
    if done.removed:
        messages.note(f"Removed {count(done.removed, 'file')} that no snapshot needs any more")


def _to_postgresql(url: str, schema: str, readers: Sequence[str], database: Path | None) -> None:
    from movie_reports.database import execute
    from movie_reports.database.connection import locate
    from movie_reports.publishing.postgresql import publish
    from movie_reports.urls import shown

    path = locate(database)
    with opened(Place(path)) as connection, messages.progress() as progress:
        last = execute.run(connection, "ledger/last_ingest")
        if not last:
            raise MovieReportsError(NO_FILMS)
        is_new = publish.publish(connection, url, schema, readers, lambda step: progress(step, 0, 0))
    ingest, place = f"ingest {last[0]['id']} of {path}", f"schema {schema} of {shown(url)}"
    if is_new:
        messages.note(f"Published {ingest} as {place}")
    else:
        messages.note(f"S{place[1:]} has {ingest} already: nothing to do")
