"""Checks that the files of the current snapshot are as they were published."""

from __future__ import annotations

import hashlib

from movie_reports.errors import MovieReportsError
from movie_reports.publishing.snapshots.manifest import File
from movie_reports.publishing.snapshots.snapshot import Snapshot, find
from movie_reports.publishing.snapshots.store import Store


def verify(store: Store) -> Snapshot:
    """Check the size, the SHA-256 and the number of rows of each file, and return the snapshot.

    Raises:
        MovieReportsError: one differs or is missing, or there is no snapshot.
    """
    snapshot, found = find(store), store.listing()
    for file in snapshot.manifest.files:
        if file.path not in found:
            raise _wrong(store, file, "is missing: publish again")
        if found[file.path].bytes != file.bytes:
            raise _wrong(store, file, f"has {found[file.path].bytes:,} bytes, not {file.bytes:,}: publish again")
        if difference := _difference(store, file):
            raise _wrong(store, file, f"{difference}: remove it, and publish again")
    return snapshot


def _difference(store: Store, file: File) -> str | None:
    """Say what is wrong with the content of a file."""
    from pyarrow import parquet  # noqa: PLC0415 (slow to load)

    with store.open(file.path) as content:
        if hashlib.file_digest(content, "sha256").hexdigest() != file.sha256:
            return "is not what was published (its SHA-256 differs)"
        content.seek(0)
        rows = parquet.read_metadata(content).num_rows
    return None if rows == file.rows else f"has {rows:,} rows, not {file.rows:,}"


def _wrong(store: Store, file: File, problem: str) -> MovieReportsError:
    return MovieReportsError(f"{file.path} in {store} {problem}")
