"""Opening a database whatever its schema: an older one is brought up to date first."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from movie_reports.database import connection as database
from movie_reports.database.connection import OldSchemaError
from movie_reports.database.errors import UPGRADE, plain_errors

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


WAIT = 60  # seconds, for another reader that does the same


def connect(path: Path, *, temporary: bool = False) -> DuckDBPyConnection:
    """Open a database for reading as `database.connect`, and bring one of an older schema up to date before.

    Raises:
        MovieReportsError: as there, or an older database cannot be written.
    """
    try:
        return database.connect(path, temporary=temporary)
    except OldSchemaError:
        from movie_reports.database import replace as workplace  # noqa: PLC0415 (seldom needed, and slow to load)

        with workplace.reserved(path, WAIT) as place, plain_errors(path, UPGRADE):
            with contextlib.suppress(OldSchemaError):
                return database.connect(path, temporary=temporary)  # another one has done it meanwhile
            with workplace.new_database(place) as connection:
                workplace.keep_films(connection)
            workplace.publish(place)
        return database.connect(path, temporary=temporary)
