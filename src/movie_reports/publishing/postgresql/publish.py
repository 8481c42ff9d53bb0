"""Publishes a database as a schema of PostgreSQL, which takes the place of the one before in one step."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from movie_reports.database import execute, schema, sql
from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.publishing.postgresql.session import (
    DependedOnError,
    Session,
    TimeoutExpiredError,
    connected,
    quoted,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMES = ("postgresql://", "postgres://")
SCHEMA = "movie_reports"
LOADING = "_new"  # ends the name of the schema while it is loaded
LONGEST = 63  # bytes of a name, of which PostgreSQL cuts off what is more
ROWS = 100_000  # of a batch
OTHERS = 5  # seconds to wait for another publish, also for the server to notice that it was killed
READERS = 60  # seconds to wait for transactions that read the old tables
QUEUE = "100ms"  # for each of these tables; the server looks for deadlocks, and ends a reader, after a second
PAUSE = 0.1  # seconds in which readers that queue behind this wait can go on
LEDGER = {"ingests", "schema_version"}
OURS = frozenset().union(*schema.DEFINITIONS.values())
"""The names of the tables and views of all versions."""


def publish(
    database: DuckDBPyConnection,
    url: str,
    name: str = SCHEMA,
    readers: Sequence[str] = (),
    notify: Callable[[str], object] = lambda _: None,
) -> bool:
    """Copy all tables into a new schema, with their keys, comments and views, and let it replace the one of that name.

    Nothing is locked while it is loaded. The old schema is replaced between the transactions that read it, and
    privileges on it are granted again.

    Args:
        database: open for reading.
        url: such as postgresql://user@host/database.
        name: of the schema.
        readers: roles that may read it.
        notify: is told each step.

    Returns:
        whether anything was published; False if the schema has the data of this ingest already.

    Raises:
        UsageError: no schema can have this name.
        MovieReportsError: the schema is not one of movie-reports, something else depends on it, another publish is
            running, or the server cannot be reached or does not allow it; the old schema then stays as it was.
    """
    if name.endswith(LOADING) or len(f"{name}{LOADING}".encode()) > LONGEST:
        message = f"--schema {name}: choose a shorter name, which does not end with {LOADING}"
        raise UsageError(message)
    with connected(url) as session:
        execute.interruptible(session, lambda: _lock(session, name))
        try:
            return execute.interruptible(session, lambda: _publish(session, database, name, readers, notify))
        except BaseException:
            with suppress(MovieReportsError, KeyboardInterrupt):  # the next publish cleans up if this fails
                session.run("ROLLBACK")
                _remove(session, f"{name}{LOADING}")
            raise


def _publish(
    session: Session,
    database: DuckDBPyConnection,
    name: str,
    readers: Sequence[str],
    notify: Callable[[str], object],
) -> bool:
    new = f"{name}{LOADING}"
    if _is_there(session, name) and _state(session, name) == execute.rows(database, sql.read("publish/state")):
        session.run(_granting(name, readers))
        return False
    _remove(session, new)
    _load(session, database, new, readers, notify)
    notify("Waiting for readers")
    _replace(session, name, new)
    return True


def _lock(session: Session, name: str) -> None:
    """Let one session at a time publish a schema; the server unlocks it when the session ends.

    Raises:
        MovieReportsError: another one does.
    """
    try:
        session.run(f"SET lock_timeout = '{OTHERS}s'")
        session.rows("SELECT pg_advisory_lock(hashtextextended($1, 0))", f"movie-reports {name}")
        session.run("SET lock_timeout = 0")
    except TimeoutExpiredError as error:
        message = f"another publish of schema {name} of {session.place} is running: try again later"
        raise MovieReportsError(message) from error


def _is_there(session: Session, name: str) -> bool:
    """Whether there is a schema of this name.

    Raises:
        MovieReportsError: there is one that this program did not write.
    """
    if not session.rows("SELECT nspname FROM pg_namespace WHERE nspname = $1", name):
        return False
    if _relations(session, name).keys() >= LEDGER:
        return True
    message = f"movie-reports did not write the schema {name} of {session.place}: choose another with --schema"
    raise MovieReportsError(message)


def _relations(session: Session, name: str) -> dict[str, str]:
    """Return the tables (r), views (v) and other relations of a schema."""
    return dict(session.rows(sql.read("publish/postgresql/relations"), name))


def _state(session: Session, name: str) -> list[tuple[object, ...]]:
    session.run(f"SET search_path = {quoted(name)}")
    return session.rows(sql.read("publish/state"))


def _load(
    session: Session,
    database: DuckDBPyConnection,
    new: str,
    readers: Sequence[str],
    notify: Callable[[str], object],
) -> None:
    """Make a schema with all tables and views, in one transaction."""
    session.run(f"BEGIN; CREATE SCHEMA {quoted(new)}; SET LOCAL search_path = {quoted(new)}")
    session.run(sql.read("publish/postgresql/types"))
    for text in schema.statements():
        session.run(_translated(text))
    session.run(_granting(new, readers))
    for table, statement in execute.rows(database, sql.read("publish/postgresql/reads")):
        if table in OURS and table != "schema_version":  # whose row is part of the schema
            notify(f"Copying {table}")
            session.append(new, table, execute.batches(database, statement, ROWS))
    notify("Checking keys")
    session.run(sql.read("publish/postgresql/keys"))
    for subject in sql.NAMES:
        session.run(sql.read("publish/postgresql/name_keys", subject))
    tables = ", ".join(name for name, kind in _relations(session, new).items() if kind == "r")
    session.run(f"ANALYZE {tables}; COMMIT")


def _translated(text: str) -> str:
    """Return the definition of tables or views in the words of PostgreSQL; texts sort by bytes, as in the file."""
    text = re.sub(r" VARCHAR(\[\])?", r' VARCHAR\1 COLLATE "C"', text.replace(" USING COMPRESSION zstd", ""))
    return re.sub(r"\b(double)\b(?! precision)", r"\1 precision", text, flags=re.IGNORECASE)


def _granting(name: str, readers: Sequence[str]) -> str:
    """Return the statements that let roles read a schema."""
    roles = ", ".join(map(quoted, readers))
    usage = f"GRANT USAGE ON SCHEMA {quoted(name)} TO {roles}; "
    return usage + f"GRANT SELECT ON ALL TABLES IN SCHEMA {quoted(name)} TO {roles}" if roles else ""


def _replace(session: Session, name: str, new: str) -> None:
    """Drop the old schema, if any, and give its name to the new one in one transaction.

    Raises:
        MovieReportsError: transactions read the old one for too long, or something else depends on it.
    """
    _wait_for_readers(session, name)
    session.run("; ".join(row[0] for row in session.rows(sql.read("publish/postgresql/grants"), name, new)))
    try:
        _drop(session, name)
    except DependedOnError as error:
        message = f"schema {name} of {session.place} was not replaced, because something else depends on it ({error}): "
        message += "drop that first, or choose another --schema"
        raise MovieReportsError(message) from error
    session.run(f"ALTER SCHEMA {quoted(new)} RENAME TO {quoted(name)}; COMMIT")


def _wait_for_readers(session: Session, name: str) -> None:
    """Begin a transaction in which nobody else can read a schema, so that no transaction sees two versions.

    Raises:
        MovieReportsError: some transaction has been reading it all the time.
    """
    end = time.monotonic() + READERS
    while not _locked(session, name):
        if time.monotonic() > end:
            message = f"schema {name} of {session.place} was not replaced, because a transaction has been reading it"
            message += f" for {READERS} seconds: end that, and publish again"
            raise MovieReportsError(message)
        time.sleep(PAUSE)


def _locked(session: Session, name: str) -> bool:
    """Begin such a transaction, unless somebody is reading the schema for longer than a moment."""
    tables = ", ".join(quoted(name, each) for each in _ours(session, name, "rv"))
    session.run(f"BEGIN; SET LOCAL search_path = ''; SET LOCAL lock_timeout = '{QUEUE}'")
    try:
        session.run(f"LOCK TABLE {tables}" if tables else "")
    except TimeoutExpiredError:
        session.run("ROLLBACK")
        return False
    session.run("SET LOCAL lock_timeout = 0")
    return True


def _remove(session: Session, name: str) -> None:
    """Drop a schema that a publish has left, if there is one."""
    if _is_there(session, name):
        session.run("BEGIN")
        _drop(session, name)
        session.run("COMMIT")


def _drop(session: Session, name: str) -> None:
    """Drop a schema, if there is one.

    Raises:
        DependedOnError: what this program did not make is in it, or depends on it.
    """
    for kind, word in (("v", "VIEW"), ("r", "TABLE")):
        relations = ", ".join(quoted(name, each) for each in _ours(session, name, kind))
        session.run(f"DROP {word} {relations}" if relations else "")
    session.run(f"DROP DOMAIN IF EXISTS {quoted(name, 'double')}")
    session.run(f"DROP SCHEMA IF EXISTS {quoted(name)}")


def _ours(session: Session, name: str, kinds: str) -> list[str]:
    return [each for each, kind in _relations(session, name).items() if kind in kinds and each in OURS]
