"""Measure a small delta in turns with the load of all films by bare DuckDB, and with a merge that writes all again.

    python benchmarks/deltas.py FOLDER [--films 45463 450000] [--deltas 1 100 10000] [--turns 5]

It runs with the Python that has movie-reports. The archives stay in FOLDER and are used again. Half of the films of a
delta are in the database, with other figures, and half are new. Each merge starts from the same database; seconds are
medians of whole processes, and ratios are to bare DuckDB in the same turns. The result is Markdown.
"""

from __future__ import annotations

import argparse
import csv
import io
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

import generate

BARE = [sys.executable, str(Path(__file__).with_name("bare_duckdb.py"))]
PROGRAM = [sys.executable, "-m", "movie_reports"]
BUILDING = "from movie_reports.ingestion import delta; delta.SMALL = 0; from movie_reports.__main__ import main; main()"
COPYING = BUILDING.replace("= 0", "= float('inf')")
FILMS = "movies_metadata.csv"
NEW = 10**8  # added to the id of a film, to make it another one


def main() -> None:
    """Measure each size in turns, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--films", type=int, nargs="+", default=[45_463, 450_000])
    parser.add_argument("--deltas", type=int, nargs="+", default=[1, 100, 10_000])
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    print("| films | delta | bare ingest | in a copy | ratio | all again | ratio |\n|" + " ---: |" * 7)
    for films in arguments.films:
        archive = arguments.folder / f"{films}.zip"
        if not archive.exists():
            generate.write(archive, films, 0, 1)
        for size in arguments.deltas:
            _compare(archive, films, _delta(archive, size), arguments.turns)


def _compare(archive: Path, films: int, delta: Path, turns: int) -> None:
    """Print one row."""
    loaded, target = archive.with_suffix(".duckdb"), archive.with_name("target.duckdb")
    if not loaded.exists():
        _seconds([*PROGRAM, "ingest", archive, "--database", loaded, "--quiet"])
    ways: dict[str, list[str | Path]] = {"bare": [*BARE, "ingest", archive, target]}
    for way, code in (("copied", COPYING), ("built", BUILDING)):
        options: list[str | Path] = ["--merge", "--allow-shrink", "--quiet", "--database", target]
        ways[way] = [sys.executable, "-c", code, "ingest", delta, *options]
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(turns):
        for way, command in ways.items():
            target.unlink(missing_ok=True)
            if way != "bare":
                shutil.copy(loaded, target)
            times[way].append(_seconds(command))
    ratios = {way: median(a / b for a, b in zip(times[way], times["bare"], strict=True)) for way in ways}
    seconds = {way: median(taken) for way, taken in times.items()}
    cells = [f"{films:,}", delta.stem.partition("-")[2], f"{seconds['bare']:.2f}"]
    cells += [f"{value[way]:.2f}" for way in ("copied", "built") for value in (seconds, ratios)]
    print("|", " | ".join(cells), "|", flush=True)


def _delta(archive: Path, size: int) -> Path:
    """Write films of an archive again, with other figures, and half of them as new ones."""
    path = archive.with_name(f"{archive.stem}-{size}.csv")
    with zipfile.ZipFile(archive) as files, files.open(FILMS) as raw, path.open("w", newline="") as file:
        header, *records = csv.reader(io.TextIOWrapper(raw, encoding="utf-8", newline=""))
        films = [record for record in records if len(record) == len(header)]
        number, revenue = header.index("id"), header.index("revenue")
        writer = csv.writer(file)
        writer.writerow(header)
        for place in range(size):
            film = films[place * len(films) // size]
            if place % 2 and film[number].isdecimal():
                film[number] = str(NEW + int(film[number]))
            film[revenue] = str(1_000_000 + place)
            writer.writerow(film)
    return path


def _seconds(command: Sequence[str | Path]) -> float:
    start = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


if __name__ == "__main__":
    main()
