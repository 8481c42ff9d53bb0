"""Running SQL: files and statements, with parameters, and so that Ctrl-C is heard."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from movie_reports.database import sql
from movie_reports.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

AGAIN = 0.1  # seconds until it is seen whether to interrupt: a call before the query begins is lost

Parameters = Mapping[str, object]
Result = TypeVar("Result")


def literal(path: Path) -> str:
    """Write a path for read_csv, which takes it for a pattern, as one that matches nothing else."""
    return re.sub(r"[*?\[]", r"[\g<0>]", str(path))


def run(connection: DuckDBPyConnection, name: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
    """Run a query file, statement by statement, each with those of the parameters that it names.

    Returns:
        the rows of the last statement, by column name.
    """
    return records(connection, sql.read(name), parameters)


def records(connection: DuckDBPyConnection, text: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
    """Run statements one after another, each with those of the parameters that it names.

    Returns:
        the rows of the last statement, by column name.
    """
    found = rows(connection, text, parameters)
    columns = [column for column, *_ in connection.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in found]


def rows(connection: DuckDBPyConnection, text: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
    """Run statements as `records` does, and return the rows of the last as they are."""
    known = parameters or {}
    for value in (text, *known.values()):
        _check(value)

    def work() -> list[tuple[Any, ...]]:
        for statement in connection.extract_statements(text):
            connection.execute(statement, {key: known[key] for key in statement.named_parameters})
        return connection.fetchall()

    return heeding(connection, work)


def _check(value: object) -> None:
    """Let a text pass that the engine can read.

    Raises:
        UsageError: its bytes, as the shell gave them, are not UTF-8.
    """
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            message = f"{value!r} is not text in UTF-8"
            raise UsageError(message) from error


def answer(connection: DuckDBPyConnection, text: str) -> DuckDBPyRelation:
    """Return what a statement of the user's own gives: a SELECT runs when its rows are fetched, all else now.

    Raises:
        UsageError: it is not one statement that can be read, or it gives no rows.
    """
    _check(text)
    statements = connection.extract_statements(text)
    relation = heeding(connection, lambda: connection.sql(text)) if len(statements) == 1 else None
    if relation is None:
        message = "there is no statement" if not statements else "give one statement that returns rows"
        raise UsageError(message)
    return relation


def table(connection: DuckDBPyConnection, text: str, parameters: Parameters) -> pa.Table:
    """Run one statement with those of the parameters that it names, and return its rows as an Arrow table."""
    statement = connection.extract_statements(text)[0]
    known = {key: parameters[key] for key in statement.named_parameters}
    return heeding(connection, lambda: connection.sql(statement.query, params=known).to_arrow_table())


def copy(connection: DuckDBPyConnection, text: str, parameters: Parameters, path: Path, options: str) -> int:
    """Let the engine write the rows of one statement into a file.

    Args:
        connection: where the statement runs.
        text: the statement.
        parameters: those that it names are taken from these.
        path: the file, which is made anew.
        options: the format, as COPY takes it.

    Returns:
        the number of rows.
    """
    (found,) = rows(connection, f"COPY (\n{text}\n) TO $path ({options})", {**parameters, "path": str(path)})
    return int(found[0])


def heeding(connection: DuckDBPyConnection, work: Callable[[], Result]) -> Result:
    """Do work in a thread of its own: in this one the engine would not hear of Ctrl-C before a query ends.

    What a signal handler raises meanwhile is raised when the query has ended, since the connection waits for it.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    results: list[Result] = []
    errors: list[BaseException] = []
    stops: list[int] = []
    raised: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 (it is raised where the work was asked for)
            errors.append(error)
        done.set()

    with _told_of_signals(stops.append):
        threading.Thread(target=run, daemon=True).start()
        while not done.is_set():
            try:
                while not done.wait(AGAIN):
                    if stops or raised:
                        connection.interrupt()
            except BaseException as stop:  # noqa: BLE001 (raised below)
                raised.append(stop)
    if stops:
        raise KeyboardInterrupt
    for error in (*raised, *errors):
        raise error
    return results[0]


@contextmanager
def _told_of_signals(tell: Callable[[int], object]) -> Iterator[None]:
    """Call `tell` for each signal that would else raise KeyboardInterrupt wherever this thread may be."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    heard = [number for number in numbers if signal.getsignal(number) is signal.default_int_handler]
    for number in heard:
        signal.signal(number, lambda number, _: tell(number))
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, signal.default_int_handler)
