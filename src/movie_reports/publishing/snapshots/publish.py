"""Publishes a database as the next snapshot of a store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute, sql, upgrade
from movie_reports.database.connection import temporary_folder
from movie_reports.database.engine import duckdb
from movie_reports.database.errors import FULL, READING, plain_reading
from movie_reports.errors import MovieReportsError
from movie_reports.publishing.snapshots import delta, retention
from movie_reports.publishing.snapshots.manifest import Kept, Manifest, path_of
from movie_reports.publishing.snapshots.store import Store, current
from movie_reports.publishing.snapshots.tables import Writer
from movie_reports.version import __version__

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEEP = 3  # snapshots, by default
EXPECTED = re.compile(rf"{retention.OURS.pattern}|\.lock|tables/\w+/_delta_log/.*")
SENTENCES = {**READING, FULL: "the disk for the snapshot is full: free some space and try again"}


@dataclass(frozen=True)
class Published:
    """What a publish did.

    Attributes:
        manifest: the snapshot that is current now; after a dry run the one before, if there is one.
        number: its number; after a dry run that of the one that would be published.
        ingest: the number of the ingest that is in it.
        is_new: whether it was published now, or would be.
        unchanged: how many tables are the same as in the snapshot before.
        removed: how many files were removed that no snapshot needs any more.
    """

    manifest: Manifest | None
    number: int
    ingest: int
    is_new: bool
    unchanged: int = 0
    removed: int = 0


def publish(database: Path, store: Store, keep: int = KEEP, *, dry_run: bool = False) -> Published:
    """Publish the films of a database, unless the current snapshot has them already.

    Readers see the snapshot before until the new one is complete. What a publish that was killed has left is used or
    removed by a later one.

    Args:
        database: the file.
        store: where the snapshot goes.
        keep: how many snapshots are kept; those that were replaced within the last hour are kept anyway.
        dry_run: only find out what would be done.

    Raises:
        MovieReportsError: the database has no films, the store cannot be written, or another process publishes there.
    """
    delta.require()
    with ExitStack() as stack:
        if not dry_run:
            stack.enter_context(store.alone())
        tag, old, found = store.tag(), current(store), store.listing()
        _check(store, old, found)
        drafts = None if dry_run else store.drafts
        connection = stack.enter_context(closing(upgrade.connect(database, temporary=True, drafts=drafts)))
        stack.enter_context(plain_reading(database, SENTENCES))
        origin = _origin(connection, database)
        if old and _is_same(old, origin, found):
            return Published(old, old.snapshot, old.ingest["id"], is_new=False)
        number = 1 + max([old.snapshot if old else 0, *_numbers(found)])
        if dry_run:
            return Published(old, number, origin["ingest"]["id"], is_new=True)
        new = _write(connection, store, old, found, {"snapshot": number, **origin})
        store.create(path_of(number), new.encode())
        store.replace_current(f"{number}\n".encode(), tag)
        removed = retention.outdated(store, found, keep)
        retention.remove(store, removed)
    same = sum(old.tables.get(name) == table for name, table in new.tables.items()) if old else 0
    return Published(new, number, new.ingest["id"], is_new=True, unchanged=same, removed=len(removed))


def _check(store: Store, old: Manifest | None, found: Mapping[str, Kept]) -> None:
    """Check that a place is a store, or may become one.

    Raises:
        MovieReportsError: it has other files, but no snapshots.
    """
    others = [path for path in found if not EXPECTED.fullmatch(path)]
    if old is None and others:
        message = f"{store} has other files, such as {others[0]}, and no snapshots: name an empty or a new folder"
        raise MovieReportsError(message)


def _origin(connection: DuckDBPyConnection, database: Path) -> dict[str, Any]:
    """Return what a manifest says of where its data come from.

    Raises:
        MovieReportsError: there are none.
    """
    loaded, run = execute.run(connection, "ledger/last_ingest"), execute.run(connection, "ledger/last_run")[0]
    if not loaded:
        message = f"{database} has no films yet, since no ingest has succeeded: there is nothing to publish"
        raise MovieReportsError(message)
    names = ("id", "source", "source_sha256", "finished_at")
    return {
        "schema_version": sql.SCHEMA_VERSION,
        "ingest": {name: _plain(loaded[0][name]) for name in names},
        "run": {name: _plain(run[name]) for name in ("id", "outcome", "finished_at")},
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _is_same(old: Manifest, origin: Mapping[str, Any], found: Mapping[str, Kept]) -> bool:
    """Whether a snapshot is of the same ingest, and none of its files has been lost."""
    is_whole = all(file.path in found and found[file.path].bytes == file.bytes for file in old.files)
    return is_whole and all(getattr(old, name) == value for name, value in origin.items())


def _numbers(found: Mapping[str, Kept]) -> list[int]:
    """Return the numbers of all manifests, also of those that never became current."""
    names = [PurePosixPath(path) for path in found if path.startswith("snapshots/")]
    return [int(name.stem) for name in names if name.stem.isdecimal()]


def _write(
    connection: DuckDBPyConnection,
    store: Store,
    old: Manifest | None,
    found: Mapping[str, Kept],
    facts: Mapping[str, Any],
) -> Manifest:
    """Write what a snapshot consists of, except for its manifest."""
    files = old.files if old else ()
    reusable = {file.path for file in files if file.path in found and found[file.path].bytes == file.bytes}
    drafts = temporary_folder(connection)
    assert drafts is not None  # noqa: S101 (it was asked for)
    tables = Writer(connection, drafts, store, reusable, facts["ingest"]["id"]).write_all()
    return Manifest(
        previous=old.snapshot if old else None,
        published_at=datetime.now(UTC).isoformat(timespec="seconds"),
        tool=__version__,
        engine=duckdb.__version__,
        tables=tables,
        **facts,
    )
