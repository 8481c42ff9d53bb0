"""Opens a database of any known schema; an older one is upgraded first.

It is apart from `connection`, which `replace` imports.
"""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from movie_reports.database import connection
from movie_reports.database.connection import OldSchemaError
from movie_reports.database.errors import UPGRADE, plain_errors

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


WAIT = 60  # seconds, for another reader that is upgrading it


def connect(
    path: Path, *, temporary: bool = False, memory: int | None = None, drafts: Path | None = None
) -> DuckDBPyConnection:
    """Open a database for reading as `connection.connect` does, after upgrading one of an older schema.

    Raises:
        MovieReportsError: as there, or an older database cannot be upgraded.
    """
    opened = partial(connection.connect, path, temporary=temporary, memory=memory, drafts=drafts)
    try:
        return opened()
    except OldSchemaError:
        from movie_reports.database.replacing import build, replace  # noqa: PLC0415 (seldom needed, and slow to load)

        with replace.reserved(path, WAIT) as working, plain_errors(path, UPGRADE):
            with contextlib.suppress(OldSchemaError):
                # another process has upgraded it meanwhile
                return opened()
            with build.new_database(working) as new:
                build.keep_films(new)
            replace.publish(working)
        return opened()
