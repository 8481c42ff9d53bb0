"""What an ingest must know of the database that it will replace."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from movie_reports.database import execute
from movie_reports.database.connection import OldSchemaError, connect
from movie_reports.database.replacing import replace


@dataclass(frozen=True)
class Before:
    """A database as it was when an ingest looked into it.

    Attributes:
        state: what identified the file; None if there was none.
        last: the row of the ingest that may make this one unnecessary.
        may_copy: whether a copy of the file can be changed, instead of writing all tables again.
        chosen: what was loaded because it was asked for, such as keywords.
    """

    state: replace.Identity | None = None
    last: Mapping[str, Any] | None = None
    may_copy: bool = False
    chosen: tuple[str, ...] = ()


def look(database: Path, facts: Mapping[str, Any]) -> Before:
    """Look into a database, which may not exist.

    Args:
        database: the file.
        facts: mode and versions of the ingest that begins.

    Raises:
        MovieReportsError: it is not a database of ours, and must not be replaced.
    """
    if not database.exists():
        return Before()
    state = replace.state(database)
    try:
        connection = connect(database)
    except OldSchemaError:
        return Before(state)
    with closing(connection):
        last = execute.run(connection, "ledger/last_alike", facts)
        loaded = execute.run(connection, "ledger/last_ingest")
        may_copy = execute.run(connection, "ledger/may_copy", facts)[0]["may_copy"]
    has_log = database.with_name(f"{database.name}.wal").exists()
    chosen = tuple((loaded[0]["loaded_with"] or "").split(",")) if loaded else ()
    return Before(state, last[0] if last else None, may_copy and not has_log, tuple(filter(None, chosen)))
