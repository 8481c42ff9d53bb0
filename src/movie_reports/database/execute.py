"""Runs SQL files and statements with parameters, so that Ctrl-C interrupts them."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, overload

from movie_reports.database import sql
from movie_reports.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

AGAIN = 0.1  # seconds between interrupts: one that comes before the query begins has no effect

Parameters = Mapping[str, object]
Result = TypeVar("Result")
_files: dict[tuple[str, str], list[Any]] = {}
"""The statements of query files, which any connection can run: a stream runs them again for each batch."""


class Interruptible(Protocol):
    """What runs statements that another thread can stop."""

    def interrupt(self) -> None:
        """Stop the statement that is running, if any."""


def literal(path: Path | str) -> str:
    """Escape a path for read_csv and read_parquet, which take it for a glob pattern."""
    return re.sub(r"[*?\[]", r"[\g<0>]", str(path))


def run(
    connection: DuckDBPyConnection, name: str, parameters: Parameters | None = None, *, subject: str = "company"
) -> list[dict[str, Any]]:
    """Run a query file as `records` does; `subject` as for `sql.read`."""
    file = name, subject
    if file not in _files:
        _files[file] = connection.extract_statements(sql.read(name, subject))
    return _named(connection, _rows(connection, _files[file], parameters))


def run_for_names(
    connection: DuckDBPyConnection, name: str, subjects: Iterable[str] = sql.NAMES
) -> list[dict[str, Any]]:
    """Run a query file that is written for companies for the names of some subjects, and return the rows of all."""
    found = (run(connection, name, {"has_few": subject in sql.FEW}, subject=subject) for subject in subjects)
    return list(chain.from_iterable(found))


def records(connection: DuckDBPyConnection, text: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
    """Run statements, each with the parameters that it names, and return the rows of the last by column name."""
    return _named(connection, rows(connection, text, parameters))


def rows(connection: DuckDBPyConnection, text: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
    """Run statements as `records` does, and return the rows of the last as they are."""
    _check(text)
    return _rows(connection, connection.extract_statements(text), parameters)


def _named(connection: DuckDBPyConnection, found: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    columns = [column for column, *_ in connection.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in found]


def _rows(
    connection: DuckDBPyConnection, statements: Sequence[Any], parameters: Parameters | None
) -> list[tuple[Any, ...]]:
    known = parameters or {}
    for value in known.values():
        _check(value)

    def work() -> list[tuple[Any, ...]]:
        for statement in statements:
            connection.execute(statement, {key: known[key] for key in statement.named_parameters})
        return connection.fetchall()

    return interruptible(connection, work)


def _check(value: object) -> None:
    """Check that the engine can read a text.

    Raises:
        UsageError: its bytes, as the shell passed them, are not UTF-8.
    """
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            message = f"{value!r} is not text in UTF-8"
            raise UsageError(message) from error


def answer(connection: DuckDBPyConnection, text: str, values: Parameters) -> DuckDBPyRelation:
    """Return the result of a statement of the user: a SELECT runs when its rows are fetched, anything else now.

    Raises:
        UsageError: it is not one valid statement, or it returns no rows.
    """
    import duckdb  # noqa: F401, PLC0415 (gives connections the method sql)

    _check(text)
    statements = connection.extract_statements(text)
    relation = None
    if len(statements) == 1:
        _check_values(statements[0].named_parameters, values)
        bound: dict[str, Any] = {"params": dict(values)} if values else {}
        relation = interruptible(connection, lambda: connection.sql(text, **bound))
    if relation is None:
        message = "there is no statement" if not statements else "give one statement that returns rows"
        raise UsageError(message)
    return relation


def _check_values(names: set[str], values: Parameters) -> None:
    """Check that a statement gets a value for each parameter, and no others."""
    if missing := sorted(names - {*values}):
        message = f"the statement needs a value for ${missing[0]}: add --param {missing[0]}=VALUE"
        raise UsageError(message)
    if unknown := sorted({*values} - names):
        message = f"the statement has no parameter ${unknown[0]}"
        raise UsageError(message)


def table(connection: DuckDBPyConnection, text: str, parameters: Parameters) -> pa.Table:
    """Run one statement with the parameters that it names, and return its rows as an Arrow table."""
    import duckdb  # noqa: F401, PLC0415 (gives connections the method sql)

    statement = connection.extract_statements(text)[0]
    known = {key: parameters[key] for key in statement.named_parameters}
    return interruptible(connection, lambda: connection.sql(statement.query, params=known).to_arrow_table())


def given(connection: DuckDBPyConnection, rows: pa.Table) -> str:
    """Give rows to a connection in place of those that it was given before; return the statement that reads them."""
    import duckdb  # noqa: F401, PLC0415 (without the package the engine reads no Arrow)

    connection.register("given_rows", rows)
    return "SELECT * FROM given_rows"


def copy(connection: DuckDBPyConnection, text: str, parameters: Parameters, path: Path, options: str) -> int:
    """Let the engine overwrite a file with the rows of one statement, with options of COPY; return their number."""
    (found,) = rows(connection, f"COPY (\n{text}\n) TO $path ({options})", {**parameters, "path": str(path)})
    return int(found[0])


class Kept(Sequence[dict[str, Any]]):
    """The rows of one statement by column name, which stay in the engine: only those that are looked at are read."""

    def __init__(self, connection: DuckDBPyConnection, text: str, parameters: Parameters) -> None:
        """Run the statement, and keep its rows in a temporary table of the connection."""
        self._connection = connection
        self._table = f"kept_{next(_numbers)}"
        ((self._count,),) = rows(connection, f"CREATE TEMP TABLE {self._table} AS\n{text}", parameters)

    def __len__(self) -> int:
        return int(self._count)

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, place: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, place: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        places = range(len(self))[place]
        if isinstance(places, int):
            return self[places : places + 1][0]
        return records(self._connection, f"FROM {self._table} {_WINDOW}", _window(places))

    def as_json(self, first: int, most: int) -> list[str]:
        """Return some rows as objects of JSON, each as a line of an export has it."""
        text = f"FROM (FROM {self._table} {_WINDOW}) AS kept SELECT CAST(to_json(kept) AS varchar)"
        return [line for (line,) in rows(self._connection, text, _window(range(first, first + most)))]


_numbers = count()
_WINDOW = "LIMIT $most OFFSET $first"


def _window(places: range) -> Parameters:
    return {"first": places.start, "most": len(places)}


def batches(connection: DuckDBPyConnection, text: str, rows: int) -> pa.RecordBatchReader:
    """Return the rows of one statement in Arrow batches of at most `rows` rows, which are read on demand."""
    import duckdb  # noqa: F401, PLC0415 (gives connections the method sql)

    return connection.sql(text).to_arrow_reader(rows)


def interruptible(connection: Interruptible, work: Callable[[], Result]) -> Result:
    """Run work in another thread, so that Ctrl-C interrupts the query: the engine blocks this one until the query ends.

    What a signal handler raises meanwhile is raised after the query has ended, since the connection waits for it.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    results: list[Result] = []
    errors: list[BaseException] = []
    raised: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 (raised below)
            errors.append(error)
        done.set()

    with _signals_passed_to(lambda *_: raised.append(KeyboardInterrupt())):
        threading.Thread(target=run, daemon=True).start()
        while not done.is_set():
            try:
                while not done.wait(AGAIN):
                    if raised:
                        connection.interrupt()
            except BaseException as stop:  # noqa: BLE001 (raised below)
                raised.append(stop)
    for error in (*raised, *errors):
        raise error
    return results[0]


@contextmanager
def _signals_passed_to(receive: Callable[[int, object], object]) -> Iterator[None]:
    """Call `receive` for each signal that would otherwise raise KeyboardInterrupt anywhere in this thread."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    handled = [number for number in numbers if signal.getsignal(number) is signal.default_int_handler]
    for number in handled:
        signal.signal(number, receive)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, signal.default_int_handler)
