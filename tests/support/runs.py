"""Runs of ingest in a temporary folder, and what the database records of them."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

import movie_reports
from films import TABLES, querying, text
from ingesting import wait_for
from program import PROGRAM, Result, run, started

Rows = list[dict[str, Any]]
What = str | bytes | Path | Sequence[Path | str]

LOCK = ".movies.duckdb.lock"


def film(number: int, **values: str) -> dict[str, str]:
    """Return a film with a title of its own."""
    return {"id": str(number), "title": f"Film {number}", **values}


def films(*numbers: int, **values: str) -> str:
    """Write films of these ids as CSV."""
    return text(*(film(number, **values) for number in numbers))


def with_rejects(good: int, bad: int) -> str:
    """Write `good` films, followed by records without a usable id."""
    header, *records = films(*range(1, good + bad + 1)).splitlines()
    broken = (f"x{record}" for record in records[good:])
    return "\n".join([header, *records[:good], *broken, ""])


def literals(**ids: int) -> str:
    """Write genres or companies, named with their ids, as the public archive has them."""
    return str([{"id": number, "name": name} for name, number in ids.items()])


@dataclass(frozen=True)
class Place:
    """A folder in which movies.duckdb is filled."""

    folder: Path

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "movies.duckdb"

    def copy(self, folder: Path) -> "Place":
        """Have the same files in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Place(folder)

    def file(self, content: str | bytes, name: str = "films.csv") -> Path:
        """Write a file, and the folder for it."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def ingest(self, what: What, **rules: object) -> dict[str, Any]:
        """Ingest a source, or a file with the content given, and return the row of the ledger."""
        source = self.file(what) if isinstance(what, (str, bytes)) else what
        return movie_reports.ingest(source, self.database, **rules)

    def stops(self, what: What, message: str, **rules: object) -> str:
        """Assert that an ingest ends with an error in one line, and return it."""
        with pytest.raises(movie_reports.MovieReportsError, match=message) as caught:
            self.ingest(what, **rules)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    def ledger(self) -> Rows:
        """Return the ledger, the oldest ingest first."""
        with movie_reports.open(self.database), duckdb.connect(str(self.database), read_only=True) as connection:
            found = connection.execute("FROM ingests ORDER BY id")
            columns = [name for name, *_ in found.description or ()]
            return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]

    def rejects(self, **limits: object) -> Rows:
        """Return rejects."""
        with movie_reports.open(self.database) as database:
            return database.rejects(**limits).to_pylist()  # type: ignore[arg-type, no-any-return]

    def changes(self, change: str | None = None) -> Rows:
        """Return what the last ingest changed."""
        with movie_reports.open(self.database) as database:
            return database.changes(change).to_pylist()  # type: ignore[no-any-return]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database."""
        return querying(self.database)(sql)

    def data(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return all that reports are made of; a table that an older database lacks is as an empty one."""
        there = {name for (name,) in self.query("SELECT table_name FROM duckdb_tables()")}
        columns = "COLUMNS(lambda name: name NOT IN ('name_folded', 'release_year'))"  # which older databases lack
        return {
            table: self.query(f"SELECT {columns} FROM {table} ORDER BY ALL") if table in there else []  # noqa: S608 (our own)
            for table in TABLES
        }

    def run(self, *arguments: str | Path) -> Result:
        """Run the program on this database."""
        return run(*arguments, "--database", self.database)

    def left(self) -> set[str]:
        """Return the names in the folder, but for the mark of the lock."""
        return {file.name for file in self.folder.iterdir()} - {LOCK}


def cells(row: dict[str, Any]) -> dict[str, str]:
    """Return a row as the CSV of an export has it, but for times."""
    return {name: "" if value is None else str(value) for name, value in row.items() if not name.endswith("_at")}


def at_step(step: str, act: Callable[[], object]) -> Callable[..., None]:
    """Return a display of progress that does something once, when a step begins."""
    done: list[str] = []

    def show(name: str, *_: object) -> None:
        if name == step and not done:
            done.append(name)
            act()

    return show


@contextmanager
def waiting(place: Place, *arguments: str) -> Iterator[subprocess.Popen[Any]]:
    """Start an ingest that waits for its standard input, and has the lock meanwhile."""
    command = [*PROGRAM, "ingest", "-", "--database", str(place.database), *arguments]
    with started(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_for("lock", place.database, process)
        yield process
