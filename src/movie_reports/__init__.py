"""Reports from film data: budgets, revenues, profits and popularity by company, genre and year.

Example:
    >>> import movie_reports
    >>> movie_reports.ingest("data.zip", "movies.duckdb")  # doctest: +SKIP
    >>> with movie_reports.open("movies.duckdb") as db:  # doctest: +SKIP
    ...     profits = db.company("Pixar", metrics=["profit"])
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from movie_reports.errors import MovieReportsError, NotFoundError, UsageError

if TYPE_CHECKING:
    from movie_reports.api import Database

__version__ = "0.1.0"
__all__ = ["Database", "MovieReportsError", "NotFoundError", "UsageError", "ingest", "open"]


def open(path: str | os.PathLike[str] | None = None) -> Database:  # noqa: A001 (as in gzip.open)
    """Open a database for reading; it is closed by `close()` or at the end of a `with` block.

    Args:
        path: the file; without one MOVIE_REPORTS_DATABASE, else movies.duckdb in the current folder.

    Raises:
        MovieReportsError: there is no such database, or it is none of movie-reports.
    """
    from movie_reports.api import Database  # noqa: PLC0415 (the engine is loaded where it is used)

    return Database(path)


def ingest(source: str | os.PathLike[str], path: str | os.PathLike[str] | None = None) -> None:
    """Load a zip, a folder or a CSV file into a database file, in place of what it held.

    Args:
        source: the zip archive, the folder with the CSV files, or one CSV file, plain or gzipped.
        path: the database, as for `open`.

    Raises:
        MovieReportsError: the source cannot be loaded; the database is then as it was.
    """
    from pathlib import Path  # noqa: PLC0415

    from movie_reports import build, database  # noqa: PLC0415 (the engine is loaded where it is used)

    build.build(Path(source), database.locate(path))


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load the class Database when it is first asked for."""
    if name == "Database":
        from movie_reports.api import Database  # noqa: PLC0415

        return Database
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
