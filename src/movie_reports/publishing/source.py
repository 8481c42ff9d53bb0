"""What the reports read: a database file, or a snapshot."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from movie_reports.database import upgrade
from movie_reports.database.connection import CURRENT, DEFAULT, VARIABLE, locate
from movie_reports.errors import UsageError

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
    named = path or os.environ.get(VARIABLE) or DEFAULT
    if is_store(named):
        from movie_reports.publishing.snapshots import snapshot as snapshots  # noqa: PLC0415 (a file needs none of it)
        from movie_reports.publishing.snapshots import store  # noqa: PLC0415 (as above)

        return snapshots.find(store.at(named), snapshot)
    located = locate(named)
    if snapshot is not None:
        message = f"{located} is a file, which has no snapshots: leave out --snapshot, or name a folder of snapshots"
        raise UsageError(message)
    return located


def is_store(named: str | os.PathLike[str]) -> bool:
    """Whether this is the address or the folder of a store of snapshots."""
    text = os.fspath(named)
    return text[:4].lower() == "s3:/" or os.path.exists(os.path.join(text, CURRENT))  # noqa: PTH110, PTH118 (any text)


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
