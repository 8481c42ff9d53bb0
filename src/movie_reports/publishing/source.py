"""What the reports read: a database file, or a snapshot."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from movie_reports.database import upgrade
from movie_reports.database.connection import CURRENT, DEFAULT, VARIABLE, locate
from movie_reports.errors import MovieReportsError, UsageError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from movie_reports.database.spark import Cluster
    from movie_reports.publishing.snapshots.snapshot import Snapshot

Source: TypeAlias = "Path | Snapshot"


def find(path: str | os.PathLike[str] | None = None, snapshot: int | None = None) -> Source:
    """Return what a path or an address means: the file, or in a folder of snapshots the current one.

    Args:
        path: as for `database.connection.locate`, or a folder of snapshots, or an address such as s3://bucket/path.
        snapshot: the number of an older snapshot.

    Raises:
        UsageError: a file has no snapshots; or as `locate`.
        MovieReportsError: as `snapshots.snapshot.find` and `locate`.
    """
    found = named(path)
    if is_store(found):
        from movie_reports.publishing.snapshots import snapshot as snapshots  # noqa: PLC0415 (a file needs none of it)
        from movie_reports.publishing.snapshots import store  # noqa: PLC0415 (as above)

        return snapshots.find(store.at(found), snapshot)
    if snapshot is not None:
        message = f"{found} is a file, which has no snapshots: leave out --snapshot, or name a folder of snapshots"
        raise UsageError(message)
    return found


def named(path: str | os.PathLike[str] | None = None) -> Path:
    """Return the path of a file, as `locate` does, or that of snapshots, without opening any.

    Raises:
        UsageError: as `locate`.
        MovieReportsError: as `locate`.
    """
    found = Path(path or os.environ.get(VARIABLE) or DEFAULT)
    return found if is_store(found) else locate(found)


def shown(path: Path) -> str:
    """Return a path as messages have it: pathlib drops one of the two slashes of an address."""
    return re.sub(r"(?i)^s3:/+", "s3://", str(path))


def is_store(path: str | os.PathLike[str]) -> bool:
    """Whether this is the address or the folder of a store of snapshots."""
    return is_remote(path) or os.path.exists(os.path.join(path, CURRENT))  # noqa: PTH110, PTH118 (any text)


def is_remote(path: str | os.PathLike[str]) -> bool:
    """Whether this is an address in S3."""
    return os.fspath(path)[:4].lower() == "s3:/"


def watch(path: Path) -> Callable[[], Hashable]:
    """Return a function that says in which state the data are: another one whenever others are there, None if none are.

    For an address in S3 it asks the network.
    """
    if not is_remote(path):
        return lambda: _state(path / CURRENT) or _state(path)
    from movie_reports.publishing.snapshots import store  # noqa: PLC0415 (a file needs none of it)

    place = store.at(path)

    def state() -> Hashable:
        try:
            return place.tag()
        except MovieReportsError:
            return None

    return state


def _state(path: Path) -> Hashable:
    """Return what distinguishes a file from one that replaces it; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def connect(
    source: Source, *, temporary: bool = False, memory: int | None = None, described: bool = False, sealed: bool = False
) -> DuckDBPyConnection:
    """Open it for reading; the arguments are those of `Snapshot.connect`."""
    if isinstance(source, Path):
        return upgrade.connect(source, temporary=temporary, memory=memory)
    return source.connect(temporary=temporary, memory=memory, described=described, sealed=sealed)


def cluster(source: Source, url: str | None) -> Cluster:
    """Return a Spark cluster that reads a snapshot; `url` as for `Cluster`.

    Raises:
        UsageError: the source is a file, or the URL is not one of Spark Connect.
    """
    if isinstance(source, Path):
        message = f"Spark reads snapshots, and {source} is a file: publish it, and name the place with --database"
        raise UsageError(message)
    from movie_reports.database.spark import Cluster  # noqa: PLC0415 (seldom needed)

    return Cluster(url, source.addresses())


def about(source: Source) -> dict[str, Any]:
    """Return what its status says of it: its name and size, and for a snapshot its number and when it was published."""
    if isinstance(source, Path):
        return {"database": str(source), "bytes": source.stat().st_size}
    return source.about()
