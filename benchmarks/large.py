"""Measure movie-reports where the data are a hundred times as many: films, the reports over them, and ratings.

    python benchmarks/large.py FOLDER [--films 4500000] [--ratings 26000000] [--turns 3]

It runs with the Python that has movie-reports, and says what each takes in seconds, in memory at most, and as a ratio
to its measure in the same run. The archives stay in FOLDER, 1.5 GB of them, and are used again, since making them takes
longer than all else. The result is Markdown.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb
import generate
from bare_duckdb import REPORTS

HERE = Path(__file__).parent
PROGRAM = [sys.executable, "-m", "movie_reports"]
OPTIONS = {"company": ["company"], "company_genres": ["company", "--genres"], "genres": ["genres"]}
USUAL = 45_463
RATED = 1500
LIMIT = "1GB"


def main() -> None:
    """Make the archives that are missing, measure, and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--films", type=int, default=4_500_000)
    parser.add_argument("--ratings", type=int, default=26_000_000)
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    usual, large = (_archive(folder, films, 1000) for films in (USUAL, arguments.films))
    print("| what | seconds | ratio | peak memory |\n| --- | ---: | ---: | ---: |")
    database = folder / "large.duckdb"
    _films(usual, large, database, arguments.films)
    _reports(database)
    _ratings(_archive(folder, RATED, arguments.ratings), database, arguments.turns)


def _archive(folder: Path, films: int, ratings: int) -> Path:
    path = folder / f"{films}-{ratings}.zip"
    if not path.exists():
        draft = path.with_suffix(".part")
        generate.write(draft, films, ratings)
        draft.replace(path)
    return path


def _films(usual: Path, large: Path, database: Path, films: int) -> None:
    """Load both archives; the ratio is to the usual one."""
    measure = median(_ingest(usual, database)[0] for _ in range(5))
    print(f"| ingest of {USUAL:,} films, median of 5 | {measure:.2f} | 1 | |")
    for words, options in (("", []), (f", --memory-limit {LIMIT}", ["--memory-limit", LIMIT])):
        seconds, memory = _ingest(large, database, *options)
        print(f"| ingest of {films:,} films{words} | {seconds:.1f} | {seconds / measure:.0f} | {memory:,} MB |")


def _reports(database: Path) -> None:
    """Write each report as CSV; the ratio is to the SQL of hand in an open process, and the program's own start."""
    start = median(_run([*PROGRAM, "--help"])[0] for _ in range(5))
    for name, options in OPTIONS.items():
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:  # so that its memory is not counted as a child's
            bare = pool.submit(_bare, name, database).result()
        seconds, memory = _run([*PROGRAM, *options, "--export", "csv", "--database", database])
        print(f"| `{' '.join(options)}` over them | {seconds:.1f} | {seconds / (bare + start):.2f} | {memory:,} MB |")


def _bare(name: str, database: Path) -> float:
    """Return the seconds that the SQL of hand takes in an open process, when it runs for the second time."""
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("SET enable_progress_bar = false")
        for _ in range(2):
            start = perf_counter()
            connection.sql(REPORTS[name]).write_csv(os.devnull)
    return perf_counter() - start


def _ratings(archive: Path, database: Path, turns: int) -> None:
    """Load ratings; the ratio is to `bare_ratings.py` in the same turn."""
    bare, own = [], []
    for _ in range(turns):
        bare.append(_run([sys.executable, HERE / "bare_ratings.py", archive])[0])
        own.append(_ingest(archive, database))
    ratio = median(seconds / other for (seconds, _), other in zip(own, bare, strict=True))
    seconds, memory = median(seconds for seconds, _ in own), max(memory for _, memory in own)
    print(f"| ingest of {archive.stem.partition('-')[2]} ratings | {seconds:.2f} | {ratio:.2f} | {memory:,} MB |")


def _ingest(archive: Path, database: Path, *options: str) -> tuple[float, int]:
    """Load an archive into a new database."""
    database.unlink(missing_ok=True)
    return _run([*PROGRAM, "ingest", archive, "--database", database, "--quiet", *options])


def _run(command: Sequence[str | Path]) -> tuple[float, int]:
    """Run a command to its end, and return the seconds and, at most, the megabytes it took."""
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, code, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))}\nended with {process.returncode}")
    return perf_counter() - start, usage.ru_maxrss // 1000


if __name__ == "__main__":
    main()
