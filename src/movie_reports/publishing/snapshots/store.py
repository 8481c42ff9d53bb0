"""Where snapshots are kept: a folder, or a bucket of S3. CURRENT is the number of the current one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from movie_reports.database.connection import CURRENT
from movie_reports.errors import MovieReportsError
from movie_reports.publishing.snapshots.folder import Folder
from movie_reports.publishing.snapshots.manifest import ADVICE, Manifest, ManifestError, decode, path_of

if TYPE_CHECKING:
    from movie_reports.publishing.snapshots.bucket import Bucket

Store: TypeAlias = "Folder | Bucket"
"""A place for snapshots; both kinds have the same methods. Paths are relative to it, with slashes."""
ADDRESS = re.compile(r"(?i)s3:/{1,2}(.*)", re.DOTALL)  # pathlib drops one of two slashes
NUMBER = re.compile(rb"\d{1,12}")


def at(place: str | os.PathLike[str]) -> Store:
    """Return the store in a folder or at an address such as s3://bucket/path.

    Raises:
        MovieReportsError: the extra for S3 is not installed.
        UsageError: the path is one that the engine cannot read.
    """
    if found := ADDRESS.fullmatch(os.fspath(place)):
        from movie_reports.publishing.snapshots.bucket import Bucket  # noqa: PLC0415 (an extra)

        return Bucket(found[1].strip("/"))
    return Folder(Path(place))


def current(store: Store) -> Manifest | None:
    """Return the manifest of the current snapshot; None before the first is published.

    Raises:
        MovieReportsError: it is missing or damaged, or a newer movie-reports published it.
    """
    content = store.read(CURRENT)
    if content is None:
        return None
    if not NUMBER.fullmatch(content.strip()):
        message = f"the file CURRENT in {store} is damaged: {ADVICE}"
        raise MovieReportsError(message)
    return manifest(store, int(content))


def manifest(store: Store, number: int) -> Manifest:
    """Return the manifest of a snapshot.

    Raises:
        ManifestError: it is missing or damaged, or a newer movie-reports published it.
    """
    name = f"snapshot {number} of {store}"
    content = store.read(path_of(number))
    if content is None:
        message = f"the manifest of {name} is missing: {ADVICE}"
        raise ManifestError(message)
    return decode(content, name)


def published(store: Store) -> Iterator[Manifest]:
    """Give the snapshots that are kept, the current one first; what a killed publish left is not among them."""
    found = current(store)
    while found is not None:
        yield found
        try:
            found = None if found.previous is None else manifest(store, found.previous)
        except ManifestError:  # it was removed, or is damaged
            return
