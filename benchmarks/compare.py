"""Measure movie-reports against what people write by hand, side by side in one run.

    python benchmarks/compare.py [--films 45463] [--runs 5] [--environment FOLDER]

Two contests, of whole processes: an ingest of a generated archive, against bare DuckDB and against pandas with
sqlite3; and a cold report, against a process that only runs the same SQL. The contenders take turns, and a ratio is
the median of the ratios within each turn, so that a noisy machine disturbs both sides alike. Before anything is
measured their figures for one year are held against each other.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

HERE = Path(__file__).parent
CHECKOUT = HERE.parent
QUERY = CHECKOUT / "queries" / "reports" / "genres.sql"
YEAR = "1995"
FEWEST_RUNS = 5
SPLIT_EVERY = 15_000  # generate.py splits one record in so many; the hand-written loads lose it or its date
COLD_REPORT = """
import sys
import duckdb
year = int(sys.argv[3])
limits = {"first_year": year, "last_year": year, "genre": None, "complete": False}
with duckdb.connect(sys.argv[1], read_only=True) as connection, open(sys.argv[2], encoding="utf-8") as sql:
    shape = {"total": True, "top": None, "top_by": "popularity"}
    for row in connection.execute(sql.read(), {**limits, **shape}).fetchall():
        print(*row, sep="\\t")
"""
VERSIONS = """
import json, platform
from importlib.metadata import version
versions = {name: version(name) for name in ("duckdb", "movie-reports", "pandas")}
print(json.dumps({"Python": platform.python_version(), **versions}))
"""

Command = Sequence[str | Path]
Figures = tuple[int, float, float, float]


@dataclass(frozen=True)
class Environment:
    """A virtual environment that holds the contenders and nothing else."""

    folder: Path

    def program(self, name: str) -> Path:
        """Return the path of a program in it."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / name

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.program("python")


@dataclass(frozen=True)
class Files:
    """The archive, and what each contender makes of it."""

    folder: Path

    @property
    def archive(self) -> Path:
        """The generated archive."""
        return self.folder / "films.zip"

    @property
    def database(self) -> Path:
        """The database of movie-reports."""
        return self.folder / "movies.duckdb"

    @property
    def new(self) -> Path:
        """A database of movie-reports that is made anew each time."""
        return self.folder / "new.duckdb"

    @property
    def bare(self) -> Path:
        """The database of the script in bare DuckDB."""
        return self.folder / "bare.duckdb"

    @property
    def sqlite(self) -> Path:
        """The database of the script in pandas and sqlite3."""
        return self.folder / "films.sqlite"


def main() -> None:
    """Prepare, check, measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=45_463, help="number of records (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=FEWEST_RUNS, help="turns, at least 5 (default: %(default)s)")
    parser.add_argument("--environment", type=Path, help="a folder to keep the virtual environment in, and reuse it")
    arguments = parser.parse_args()
    if arguments.runs < FEWEST_RUNS:
        parser.error(f"--runs {arguments.runs} are too few: at least {FEWEST_RUNS}")
    with ExitStack() as stack:
        files = Files(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="movie-reports-"))))
        environment = _environment(arguments.environment or files.folder / "environment")
        _output([environment.python, HERE / "generate.py", files.archive, "--films", str(arguments.films)])
        ingests, reports = _ingests(environment, files), _reports(environment, files)
        for command in ingests.values():
            _output(command)
        _check(environment, files, arguments.films // SPLIT_EVERY + 1)
        _describe(environment, arguments.films, arguments.runs)
        _table("Ingest", _measure(ingests, arguments.runs, files.new))
        _table("Cold report", _measure(reports, arguments.runs, files.new))


def _environment(folder: Path) -> Environment:
    """Install the checkout and pandas into a virtual environment, made if it is not there."""
    environment = Environment(folder)
    if not environment.python.exists():
        venv.create(folder, with_pip=True)
    pip: list[str | Path] = [environment.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _output([*pip, "pandas", CHECKOUT])
    _output([*pip, "--force-reinstall", "--no-deps", CHECKOUT])  # whatever an older run has left
    return environment


def _ingests(environment: Environment, files: Files) -> dict[str, Command]:
    """Return the contenders of the first contest; the first is the measure of the others.

    Over a database that is there, movie-reports also compares the films with those of before.
    """
    ingest: list[str | Path] = [_tool(environment), "ingest", files.archive, "--database"]
    return {
        "bare DuckDB": [environment.python, HERE / "bare_duckdb.py", "load", files.archive, files.bare],
        "movie-reports, anew": [*ingest, files.new],
        "movie-reports, over the same": [*ingest, files.database, "--force"],
        "pandas + sqlite3": [environment.python, HERE / "pandas_sqlite.py", "load", files.archive, files.sqlite],
    }


def _reports(environment: Environment, files: Files) -> dict[str, Command]:
    """Return the contenders of the second contest; the first is the measure of the others."""
    genres: list[str | Path] = [_tool(environment), "genres", "--year", YEAR, "--database", files.database]
    return {
        "bare DuckDB, the same SQL": [environment.python, "-c", COLD_REPORT, files.database, QUERY, YEAR],
        "movie-reports, as CSV": [*genres, "--export", "csv"],
        "movie-reports, as a table": genres,
    }


def _tool(environment: Environment) -> Path:
    return environment.program("movie-reports")


def _output(command: Command) -> str:
    """Run a program and return what it prints; if it fails, end with its last words."""
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\nended with {done.returncode}: {done.stderr}")
    return done.stdout


def _check(environment: Environment, files: Files, split: int) -> None:
    """End if the contenders do not give the same figures.

    Args:
        environment: where they are installed.
        files: what they have loaded.
        split: so many films the hand-written loads may lack, and only then may their other figures differ.
    """
    export = _output(_reports(environment, files)["movie-reports, as CSV"])
    ours = {
        row["genre"]: _figures([row["releases"], row["budget"], row["revenue"], row["popularity"]])
        for row in csv.DictReader(export.splitlines())
    }
    same_sql = _output(_reports(environment, files)["bare DuckDB, the same SQL"]).splitlines()
    rows = [line.split("\t") for line in same_sql if line.endswith("\t0")]
    _compare("the same SQL", ours, {row[1]: _figures([row[6], row[3], row[4], row[2]]) for row in rows}, 0)
    for script, database in (("bare_duckdb.py", files.bare), ("pandas_sqlite.py", files.sqlite)):
        lines = _output([environment.python, HERE / script, "genres", database, YEAR]).splitlines()
        theirs = {name: _figures(figures) for name, *figures in (line.split("\t") for line in lines)}
        _compare(script, ours, theirs, split)


def _figures(texts: Sequence[str]) -> Figures:
    releases, *others = (0.0 if text in {"", "None"} else float(text) for text in texts)
    budget, revenue, popularity = others
    return int(releases), budget, revenue, popularity


def _compare(name: str, ours: Mapping[str, Figures], theirs: Mapping[str, Figures], split: int) -> None:
    none = (0, 0.0, 0.0, 0.0)
    for genre in sorted({*ours, *theirs}):
        mine, other = ours.get(genre, none), theirs.get(genre, none)
        same = all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(mine, other, strict=True))
        if not same and not 0 < mine[0] - other[0] <= split:
            sys.exit(f"{name} differs in {genre} {YEAR}: {other}, movie-reports has {mine}")


def _measure(contenders: Mapping[str, Command], runs: int, new: Path) -> dict[str, list[float]]:
    """Let the contenders take turns, each turn begun by the next of them; the first turn only warms up.

    Before each of them the file `new` is removed.
    """
    names = list(contenders)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(runs + 1):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            new.unlink(missing_ok=True)
            start = perf_counter()
            _output(contenders[name])
            if turn:
                seconds[name].append(perf_counter() - start)
    return seconds


def _describe(environment: Environment, films: int, runs: int) -> None:
    versions = json.loads(_output([environment.python, "-c", VERSIONS]))
    tools = ", ".join(f"{name} {version}" for name, version in versions.items())
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, {tools}.")
    print(f"{films:,} records; ratios and seconds are medians of {runs} turns.")


def _table(title: str, seconds: Mapping[str, Sequence[float]]) -> None:
    """Print one contest; a ratio says how many times as long as the first contender."""
    measure = next(iter(seconds.values()))
    print(f"\n| {title} | Ratio | Seconds | Fastest to slowest |\n| --- | ---: | ---: | ---: |")
    for name, taken in seconds.items():
        ratio = median(own / first for own, first in zip(taken, measure, strict=True))
        print(f"| {name} | {ratio:.2f} | {median(taken):.3f} | {min(taken):.3f} to {max(taken):.3f} |")


if __name__ == "__main__":
    main()
