"""Reports from film data: budgets, revenues, profits and popularity by company, genre and year.

Example:
    >>> import movie_reports
    >>> movie_reports.ingest("data.zip", "movies.duckdb")  # doctest: +SKIP
    >>> with movie_reports.open("movies.duckdb") as db:  # doctest: +SKIP
    ...     profits = db.company("Pixar", metrics=["profit"])
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from movie_reports.errors import GoneError, MovieReportsError, NotFoundError, RefusedError, UsageError
from movie_reports.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from movie_reports.api import Database

__all__ = [
    "Database",
    "GoneError",
    "MovieReportsError",
    "NotFoundError",
    "RefusedError",
    "UsageError",
    "__version__",
    "ingest",
    "open",
    "publish",
    "restore",
]


def open(  # noqa: A001 (as in gzip.open)
    path: str | os.PathLike[str] | None = None,
    snapshot: int | None = None,
    *,
    engine: str = "duckdb",
    url: str | None = None,
) -> Database:
    """Open a database for reading; it is closed by `close()` or at the end of a `with` block.

    Args:
        path: the file, or a folder or s3:// address with published snapshots; by default the value of
            MOVIE_REPORTS_DATABASE, else movies.duckdb in the current folder.
        snapshot: the number of a snapshot; by default the current one.
        engine: duckdb, or spark: a cluster then answers the reports on the films of a snapshot.
        url: the Spark Connect server, such as sc://host:15002; by default the value of SPARK_REMOTE.

    Raises:
        MovieReportsError: there is no such database, or it is not one of movie-reports.
        NotFoundError: there is no snapshot of this number.
    """
    from movie_reports.api import Database  # noqa: PLC0415 (the engine is loaded where it is used)

    return Database(path, snapshot=snapshot, engine=engine, url=url)


def ingest(
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    path: str | os.PathLike[str] | None = None,
    **rules: Any,  # noqa: ANN401 (the fields of Rules)
) -> dict[str, Any]:
    """Load a source into a database file, replacing its content or merging into it.

    Args:
        source: a zip archive, a folder with CSV files, a CSV file (plain or gzipped), or a URL; or several of these.
        path: the database, as for `open`.
        rules: the fields of `movie_reports.ingestion.run.Rules`, such as merge, force, max_rejects, allow_shrink,
            allow_unread, date_order, encoding, keep_previous.

    Returns:
        the row of the ledger, by column; its outcome is `unchanged` if the same source was loaded already.

    Raises:
        RefusedError: the source has too many rejects, or would lose too many films.
        MovieReportsError: the source cannot be loaded; the data then stay as they were.
    """
    from movie_reports.database.connection import locate  # noqa: PLC0415 (the engine is loaded where it is used)
    from movie_reports.ingestion import run  # noqa: PLC0415 (the engine is loaded where it is used)

    names = [source] if isinstance(source, (str, os.PathLike)) else source
    return run.ingest([os.fspath(name) for name in names], locate(path), run.Rules(**rules)).row


def publish(target: str | os.PathLike[str], path: str | os.PathLike[str] | None = None, keep: int = 3) -> int:
    """Publish a database as the next snapshot, for many readers and for other engines.

    Args:
        target: a folder, or an address such as s3://bucket/path.
        path: the database, as for `open`, but a file.
        keep: how many snapshots are kept; those that were replaced within the last hour are kept anyway.

    Returns:
        the number of the current snapshot, which stays as it was if the same ingest was published already.

    Raises:
        MovieReportsError: it cannot be published; readers then see the snapshot before.
    """
    from movie_reports.database.connection import locate  # noqa: PLC0415 (the engine is loaded where it is used)
    from movie_reports.publishing.snapshots import publish, store  # noqa: PLC0415 (as above)

    return publish.publish(locate(path), store.at(target), keep).number


def restore(path: str | os.PathLike[str] | None = None) -> Path:
    """Put back the database that the last ingest with `keep_previous` replaced; a second call undoes the first.

    Args:
        path: the database, as for `open`.

    Returns:
        where the database is now that was there before.

    Raises:
        MovieReportsError: none was kept.
    """
    from movie_reports.database.connection import locate  # noqa: PLC0415 (as above)
    from movie_reports.database.replacing import replace  # noqa: PLC0415 (the engine is loaded where it is used)

    return replace.restore(locate(path))


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load the class Database when it is first used."""
    if name == "Database":
        from movie_reports.api import Database  # noqa: PLC0415

        return Database
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
