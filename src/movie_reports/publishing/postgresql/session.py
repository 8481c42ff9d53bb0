"""A session with a PostgreSQL server, whose errors are one sentence without any password."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from movie_reports.database import execute
from movie_reports.errors import MovieReportsError
from movie_reports.urls import has_secrets, shown

if TYPE_CHECKING:
    import pyarrow as pa
    from adbc_driver_manager.dbapi import Connection, Error

LIMITS: Mapping[str, object] = {
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 30,  # seconds, after which a silent server is asked whether it is still there,
    "keepalives_interval": 10,  # again and again
    "tcp_user_timeout": 60_000,  # milliseconds
    "fallback_application_name": "movie-reports",
}
"""Parameters of the connection, unless the URL has others."""
SETTINGS = "SET client_min_messages = warning; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"
"""Limits of a role are for questions; its notices would go to stderr."""
CONNECTING: Mapping[tuple[str, ...], str] = {
    ("password authentication failed", "no password supplied"): (
        "the user or the password is wrong: give them in the URL, in PGUSER and PGPASSWORD, or in ~/.pgpass"
    ),
    ("Connection refused", "No such file or directory"): "no server answers there: check host and port",
    ("could not translate host name",): (
        "there is no such host; in a password write @ as %40, / as %2F, : as %3A, ? as %3F and # as %23"
    ),
    ("timeout expired", "timed out"): "the server does not answer in time: check host, port and firewall",
    ("pg_hba.conf",): "the server does not admit this user from here: see its pg_hba.conf",
    ("too many clients", "remaining connection slots"): "the server has too many connections: try again later",
}
"""The sentence to show if the reason why there is no connection contains one of these phrases."""
INTERRUPTED, NOT_AVAILABLE, DEPENDED_ON, NOT_ALLOWED = "57014", "55P03", "2BP01", "42501"
_LOST = re.compile("08|57P")  # the beginning of the SQLSTATEs of an end of the connection, if the server tells one
_BEFORE_REASON = re.compile(r".*?(?:FATAL:|IOError:|failed:|(?:Failed to|Error) [^:]+:) *")


class TimeoutExpiredError(MovieReportsError):
    """A lock was not free in time."""


class DependedOnError(MovieReportsError):
    """What was to be dropped is needed by something else; the message names both."""


@dataclass(frozen=True)
class Session:
    """A connection in which each statement is a transaction of its own, unless one was begun.

    Attributes:
        connection: of ADBC.
        place: the server and its database as they may be shown.
    """

    connection: Connection
    place: str

    def run(self, statements: str) -> None:
        """Run statements that return no rows, if there are any."""
        if not statements:
            return
        with self._plain(), closing(self.connection.cursor()) as cursor:
            cursor.executescript(statements)

    def rows(self, statement: str, *parameters: str) -> list[tuple[Any, ...]]:
        """Run one statement with parameters $1, $2, ... and return its rows."""
        with self._plain(), closing(self.connection.cursor()) as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall()

    def append(self, schema: str, table: str, rows: pa.RecordBatchReader) -> None:
        """Append rows to a table, whose columns are found by name, through COPY."""
        with self._plain(), closing(self.connection.cursor()) as cursor:
            cursor.adbc_ingest(table, rows, mode="append", db_schema_name=schema)

    def interrupt(self) -> None:
        """Let the server stop the statement that runs in another thread."""
        self.connection.adbc_cancel()

    @contextmanager
    def _plain(self) -> Iterator[None]:
        from adbc_driver_manager.dbapi import Error  # noqa: PLC0415 (an extra)

        try:
            yield
        except Error as error:
            raise _plain(self.place, error) from error


@contextmanager
def connected(url: str) -> Iterator[Session]:
    """Connect to a server; what is not committed at the end of the block is undone.

    Args:
        url: such as postgresql://user@host/database, with the parameters of libpq, whose environment variables and
            files also count.

    Raises:
        MovieReportsError: there is no connection, or the extra is not installed.
    """
    try:
        from adbc_driver_postgresql import dbapi  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError as error:
        message = "PostgreSQL needs the extra postgres: pip install 'movie-reports[postgres]'"
        raise MovieReportsError(message) from error

    limits = {name: value for name, value in LIMITS.items() if f"{name}=" not in url}
    address = f"{url}{'&' if '?' in url else '?'}{urlencode(limits)}"
    results: list[Connection | Error] = []

    def connect() -> None:
        try:
            results.append(dbapi.connect(address, autocommit=True))
        except dbapi.Error as error:
            results.append(error)

    attempt = threading.Thread(target=connect, daemon=True)  # since libpq does not notice Ctrl-C meanwhile
    attempt.start()
    while attempt.is_alive():
        attempt.join(execute.AGAIN)  # without an end it would miss a Ctrl-C that came just before
    (connection,) = results
    if isinstance(connection, Exception):
        text = str(connection)
        cause = None if has_secrets(text, url) else connection  # --debug would show it
        raise MovieReportsError(_unconnected(url, text)) from cause
    with closing(connection):
        session = Session(connection, shown(url))
        session.run(SETTINGS)
        yield session


def quoted(*names: str) -> str:
    """Return a name, with that of its schema before it, as an identifier."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def _unconnected(url: str, text: str) -> str:
    """Say why there is no connection. Of a wrong URL, what libpq takes for a host may be part of the password."""
    for phrases, sentence in CONNECTING.items():
        if any(phrase in text for phrase in phrases):
            return f"cannot connect to {shown(url)}: {sentence}"
    lines: Sequence[str] = [line for line in text.splitlines() if line and not line.startswith("\t")]
    reason = _BEFORE_REASON.sub("", lines[-1])
    return f"cannot connect to {shown(url)}: {'check the URL' if has_secrets(reason, url) else reason}"


def _plain(place: str, error: Error) -> BaseException:
    """Turn an error of the server into one sentence."""
    state, parts = error.sqlstate, {_text(key): _text(value) for key, value in error.details or ()}
    reason, detail = (parts.get(f"PG_DIAG_MESSAGE_{name}", "") for name in ("PRIMARY", "DETAIL"))
    if state == INTERRUPTED:
        return KeyboardInterrupt()
    if state == NOT_AVAILABLE:
        return TimeoutExpiredError(place)
    if state == DEPENDED_ON:
        return DependedOnError(detail.splitlines()[0])
    reason = reason or _BEFORE_REASON.sub("", str(error).splitlines()[0])
    if _LOST.match(state or "") or (state is None and "connection" in reason):
        return MovieReportsError(f"the connection to {place} was lost ({reason}): try again")
    if state == NOT_ALLOWED:
        detail = "the user needs the privilege CREATE on the database, and must own what is replaced"
    return MovieReportsError(f"{place}: {reason}{detail and f' ({detail})'}")


def _text(value: str | bytes) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else value
