"""Ingests in processes of their own, and what they leave behind."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from films import TABLES, querying
from program import PROGRAM, Result, apart, ended, started, wait_until

GENERATE = Path(__file__).parents[2] / "benchmarks" / "generate.py"


def generated(path: Path, films: int) -> Path:
    """Write an archive of invented films with ratings."""
    arguments = [sys.executable, str(GENERATE), str(path), "--films", str(films), "--ratings", "1000"]
    result = ended(arguments)
    assert result.returncode == 0, result.stderr
    return path


def arguments_of(source: Path | str, database: Path, *options: str) -> list[str]:
    """Return the command that loads a source, however many films that costs."""
    return ["ingest", str(source), "--database", str(database), "--allow-shrink", *options]


def load(source: Path, database: Path, *options: str) -> None:
    """Load a source in a process of its own, which leaves nothing behind."""
    result = apart(*arguments_of(source, database, "--force", "--quiet", *options))
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert litter(database) == set()


def ingesting(source: Path | str, database: Path, *options: str) -> AbstractContextManager[subprocess.Popen[Any]]:
    """Start an ingest."""
    pipe = subprocess.PIPE
    command = [*PROGRAM, *arguments_of(source, database, *options)]
    return started(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@contextmanager
def ingesting_until(source: Path, database: Path, sign: str) -> Iterator[subprocess.Popen[Any]]:
    """Start an ingest and wait until it has made a file."""
    with ingesting(source, database) as process:
        wait_for(sign, database, process)
        yield process


@contextmanager
def ingesting_to(
    sign: tuple[str, int] | None, source: Path, database: Path, *options: str
) -> Iterator[subprocess.Popen[Any]]:
    """Start an ingest and wait until a file of its own has a size, if there is such a moment before its end."""
    old = database.stat().st_ino
    with ingesting(source, database, *options) as process:
        while sign and process.poll() is None and not _has(workplace_of(database, process), *sign, old):
            time.sleep(0.001)
        yield process


def _has(folder: Path, name: str, size: int, old: int) -> bool:
    try:
        found = (folder / name).resolve().stat()
    except OSError:  # not yet, or not any more
        return False
    return found.st_size >= size and found.st_ino != old


def wait_for(name: str, database: Path, process: subprocess.Popen[Any]) -> Path:
    """Wait until an ingest has made a file, and return its folder."""

    def is_there() -> bool:
        return (workplace_of(database, process) / name).exists()

    wait_until(is_there, process)
    return workplace_of(database, process)


def workplace_of(database: Path, process: subprocess.Popen[Any]) -> Path:
    """Return the folder in which an ingest makes the next database, or a path where nothing is before there is one."""
    found = database.parent.glob(f".{database.name}.ingest-{process.pid}-*")
    return next(found, database.with_name("no-folder-yet"))


def limited(limit: str, source: Path, database: Path, *options: str) -> Result:
    """Run an ingest in a process that first runs a line of Python, which limits what it may do."""
    code = f"{limit}; import os, sys; os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    return ended([sys.executable, "-c", code, *PROGRAM[1:], *arguments_of(source, database, *options)])


def litter(database: Path) -> set[str]:
    """Return what is in the folder of a database, besides it and the file that ingests lock."""
    kept = {database, database.with_name(f".{database.name}.lock")}
    return {path.name for path in set(database.parent.rglob("*")) - kept}


def contents(database: Path) -> list[str]:
    """Return a digest of each table of films."""
    query = querying(database)
    return [hashlib.sha256(repr(query(f"FROM {table} ORDER BY ALL")).encode()).hexdigest() for table in TABLES]


def export(database: Path) -> str:
    """Return what the program exports."""
    result = apart("company", "--export", "csv", "--database", database)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout
