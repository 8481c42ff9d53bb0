"""Where do the milliseconds of an ingest go, beside the floor of unzipping and reading the same file?

    python benchmarks/steps.py FILE.zip [--turns 5]

It runs with the Python that has movie-reports. Each figure is the median over the turns, in milliseconds; CPU time is
that of all threads, so that of a step includes what ran in parallel. The result is Markdown.
"""

from __future__ import annotations

import argparse
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import duckdb

from movie_reports.database import execute
from movie_reports.ingestion import run
from movie_reports.ingestion.sources.formats import unzip

Times = dict[str, list[tuple[float, float]]]
FILMS = "movies_metadata.csv"
READ = """
SELECT count(COLUMNS(*))
FROM read_csv($path, header = true, delim = ',', quote = '"', escape = '"', all_varchar = true, strict_mode = false,
    ignore_errors = true)
"""


def main() -> None:
    """Measure turn after turn, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    times: Times = defaultdict(list)
    for _ in range(arguments.turns):
        for step, taken in _turn(arguments.archive).items():
            times[step].append(taken)
    print("| step | wall | CPU |\n| --- | ---: | ---: |")
    for step, pairs in times.items():
        wall, cpu = (1000 * median(pair[part] for pair in pairs) for part in (0, 1))
        if wall >= 1:
            print(f"| {step} | {wall:.0f} | {cpu:.0f} |")


def _turn(archive: Path) -> dict[str, tuple[float, float]]:
    """Do once what the floor is, then an ingest, step by step."""
    times: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / FILMS
        _measure(times, "floor: unzip to a file", lambda: _unzip(archive, path))
        with duckdb.connect() as connection:
            _measure(times, "floor: read that file as text", lambda: connection.execute(READ, {"path": str(path)}))
        original = execute.run

        def measured(connection: Any, query: str, parameters: Any = None) -> Any:  # noqa: ANN401 (as execute.run)
            return _measure(times, f"`{query}`", lambda: original(connection, query, parameters))

        execute.run = measured  # type: ignore[assignment]
        try:
            _measure(times, "ingest in all", lambda: run.ingest([str(archive)], Path(name) / "films.duckdb"))
        finally:
            execute.run = original
    return times


def _unzip(archive: Path, path: Path) -> None:
    with zipfile.ZipFile(archive) as files, unzip.open_member(files, files.getinfo(FILMS)) as stream:
        path.write_bytes(stream.read())


def _measure(times: dict[str, tuple[float, float]], step: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401
    """Do a piece of work, add the time it takes to that of its step, and return its result."""
    wall, cpu = perf_counter(), process_time()
    result = work()
    before = times.get(step, (0.0, 0.0))
    times[step] = (before[0] + perf_counter() - wall, before[1] + process_time() - cpu)
    return result


if __name__ == "__main__":
    main()
