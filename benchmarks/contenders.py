"""Who takes part in the comparison, what each needs, and how each is started."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CHECKOUT = HERE.parent
CACHE = CHECKOUT / ".bench"
INGEST, REPORTS = "ingest", ("company", "company_genres", "genres")
TASKS = (INGEST, *REPORTS)
OURS = "movie-reports"
OPTIONS = {"company": ["company"], "company_genres": ["company", "--genres"], "genres": ["genres"]}
VERSIONS = """
import json, sqlite3, sys
from importlib.metadata import version
print(json.dumps({"SQLite": sqlite3.sqlite_version} | {name: version(name) for name in sys.argv[1:]}))
"""

Command = Sequence[str | Path]


@dataclass(frozen=True)
class Contender:
    """One way to load the archive and to write the reports."""

    name: str
    key: str  # of its script, and of the folder of its environment
    packages: tuple[str, ...]  # at least these versions
    with_sqlite: bool = False
    joins_split_records: bool = True  # whether it has the films that an unquoted line break splits

    @property
    def folder(self) -> Path:
        """Its virtual environment."""
        return CACHE / self.key

    def program(self, name: str) -> Path:
        """Return the path of a program in its environment."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / name

    def command(self, task: str, archive: Path, store: Path) -> Command:
        """Return how it loads the archive into a store, or prints a report of the store as CSV."""
        rest: Command = [INGEST, archive, store] if task == INGEST else ["report", task, store]
        return [self.program("python"), HERE / f"{self.key}.py", *rest]

    def install(self) -> None:
        """Make its environment if it is not there, and put into it what is missing."""
        if not self.program("python").exists():
            venv.create(self.folder, with_pip=True)
        pip: Command = [self.program("python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        output([*pip, *self.packages])
        if self.name == OURS:
            output([*pip, "--force-reinstall", "--no-deps", CHECKOUT])  # whatever an older run has left

    def versions(self) -> dict[str, str]:
        """Return the names and versions of what it runs on."""
        names = [OURS if Path(package) == CHECKOUT else package.split(">=")[0] for package in self.packages]
        versions: dict[str, str] = json.loads(output([self.program("python"), "-c", VERSIONS, *names]))
        if not self.with_sqlite:
            del versions["SQLite"]
        return versions


class MovieReports(Contender):
    """The program of this project, which is a command of its own."""

    def command(self, task: str, archive: Path, store: Path) -> Command:
        """Return how it loads the archive, or prints a report as CSV."""
        if task == INGEST:
            return [self.program(OURS), INGEST, archive, "--database", store]
        return [*self.table(task, store), "--export", "csv"]

    def again(self, archive: Path, store: Path) -> Command:
        """Return how it loads the archive over what is there, with which it compares the films."""
        return [self.program(OURS), INGEST, archive, "--database", store, "--force"]

    def table(self, task: str, store: Path) -> Command:
        """Return how it prints a report as a table."""
        return [self.program(OURS), *OPTIONS[task], "--database", store]

    def films(self, store: Path) -> Command:
        """Return how it prints its films."""
        return [self.program(OURS), "films", "--export", "csv", "--database", store]


MOVIE_REPORTS = MovieReports(OURS, "movie_reports", (str(CHECKOUT), "duckdb>=2.0"))
CONTENDERS = (
    Contender("bare DuckDB", "bare_duckdb", ("duckdb>=2.0",), joins_split_records=False),
    MOVIE_REPORTS,
    Contender("polars", "polars_frames", ("polars>=2.1",)),
    Contender("chdb", "chdb_queries", ("chdb>=4.4", "chdb-core>=26.9")),
    Contender("pandas + sqlite3", "pandas_sqlite", ("pandas>=3.1",), with_sqlite=True, joins_split_records=False),
    Contender(
        "sqlite-utils",
        "sqlite_utils_tables",
        ("sqlite-utils>=4.2",),
        with_sqlite=True,
        joins_split_records=False,
    ),
)
"""The first is the measure of the others."""


def output(command: Command) -> str:
    """Run a program and return what it prints; if it fails, end with its last words."""
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\nended with {done.returncode}: {done.stderr}")
    return done.stdout


def renew(folder: Path) -> None:
    """Empty a folder, or make it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
