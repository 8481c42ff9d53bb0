"""What does a snapshot cost, beside an ingest by hand, and a report over it, beside the same over the file?

    python benchmarks/publish.py [--films 45463] [--turns 7]

It runs with the Python that has movie-reports and its extra `publish`. An ingest by `bare_duckdb.py`, publishes, and
reports over the file and the snapshot take turns, each in a process of its own; ratios are medians of those within a
turn. CPU time is that of all threads. The result is Markdown.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

import generate

HERE = Path(__file__).parent
REPORTS = {
    "`company`": ["company"],
    "`genres`": ["genres"],
    "`genres --year 1995`": ["genres", "--year", "1995"],
    "`films` of a genre and decade": ["films", "--year", "1990-1999", "--genre", "Drama"],
}

Taken = tuple[float, float]


def main() -> None:
    """Measure turn after turn, and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=45_463)
    parser.add_argument("--turns", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="movie-reports-") as name:
        folder = Path(name)
        generate.write(folder / "films.zip", arguments.films)
        commands = _commands(folder)
        turns = [_turn(commands, folder) for _ in range(arguments.turns + 1)][1:]  # the first only warms up
        files = [path for path in (folder / "first").rglob("*") if path.is_file()]
        size, file = sum(path.stat().st_size for path in files), (folder / "films.duckdb").stat().st_size
        _print(
            "ingest or publish",
            "bare DuckDB's ingest",
            turns,
            ["bare DuckDB's ingest", "first publish", "the same again"],
        )
        for report in REPORTS:
            _print(
                "report", f"{report} over the file", turns, [f"{report} over the file", f"{report} over the snapshot"]
            )
        print(f"\n{arguments.films:,} films: a snapshot of {size / 1e6:.1f} MB, a file of {file / 1e6:.1f} MB.")


def _commands(folder: Path) -> dict[str, list[str | Path]]:
    """Return what takes turns; the first publish finds an empty place, and the second what the first has left."""
    program = [sys.executable, "-m", "movie_reports"]
    subprocess.run([*program, "ingest", folder / "films.zip", "-d", folder / "films.duckdb", "-q"], check=True)
    publish: list[str | Path] = [*program, "publish", folder / "first", "-d", folder / "films.duckdb", "-q"]
    commands: dict[str, list[str | Path]] = {
        "bare DuckDB's ingest": [
            sys.executable,
            HERE / "bare_duckdb.py",
            "ingest",
            folder / "films.zip",
            folder / "bare",
        ],
        "first publish": publish,
        "the same again": publish,
    }
    for report, words in REPORTS.items():
        for source, path in (("file", "films.duckdb"), ("snapshot", "first")):
            commands[f"{report} over the {source}"] = [*program, *words, "-e", "csv", "-d", folder / path]
    return commands


def _turn(commands: Mapping[str, list[str | Path]], folder: Path) -> dict[str, Taken]:
    shutil.rmtree(folder / "first", ignore_errors=True)
    for path in folder.glob("bare*"):
        path.unlink()
    return {name: _measured(command) for name, command in commands.items()}


def _measured(command: list[str | Path]) -> Taken:
    """Run a command, and return the seconds that pass meanwhile, and those of CPU time."""
    start, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return perf_counter() - start, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _print(what: str, measure: str, turns: list[dict[str, Taken]], names: list[str]) -> None:
    print(f"\n| {what} | ratio | seconds | ratio of CPU | CPU |\n| --- | ---: | ---: | ---: | ---: |")
    for name in names:
        cells = []
        for place in (0, 1):
            ratio = median(turn[name][place] / turn[measure][place] for turn in turns)
            cells.append(f"{ratio:.2f} | {median(turn[name][place] for turn in turns):.3f}")
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
