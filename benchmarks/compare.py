"""Measure movie-reports against what people write by hand with other tools, side by side in one run.

    python benchmarks/compare.py [--films 45463] [--turns 5]

Every contender loads one generated archive and writes the three reports as CSV, each time in a process of its own and
in its own virtual environment, kept in .bench/. The contenders take turns, and a ratio is the median of the ratios
within each turn, so that a noisy machine disturbs all sides alike. Before anything is measured all rows of all reports
are compared. The result is Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

import agreement
import generate
from contenders import CONTENDERS, INGEST, MOVIE_REPORTS, REPORTS, TASKS, Command, output, renew

STORE = "films"
TABLES = {
    "Ingest and the three reports": TASKS,
    "Ingest": (INGEST,),
    "Cold report `company`": ("company",),
    "Cold report `company --genres`": ("company_genres",),
    "Cold report `genres`": ("genres",),
}

Times = dict[str, dict[str, list[float]]]  # by line and task, in seconds, turn by turn


@dataclass(frozen=True)
class Line:
    """One line of the tables: the commands it runs, and the folder with what they read and write."""

    name: str
    folder: Path
    commands: Mapping[str, Command]
    keeps_store: bool = False  # over an ingest; else each one finds an empty folder

    def run(self, task: str) -> float:
        """Do one task, its output going into a file, and return the seconds it took."""
        if task == INGEST and not self.keeps_store:
            renew(self.folder)
        with (self.folder / task).open("wb") as file:
            start = perf_counter()
            done = subprocess.run(self.commands[task], stdout=file, stderr=subprocess.PIPE, check=False)
            seconds = perf_counter() - start
        if done.returncode:
            sys.exit(f"{self.name}, {task}: ended with {done.returncode}: {done.stderr.decode()}")
        return seconds

    def text(self, task: str) -> str:
        """Return what the task has written last."""
        return (self.folder / task).read_bytes().decode()


def main() -> None:
    """Prepare, check, measure, and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=int, default=45_463, help="number of records (default: %(default)s)")
    parser.add_argument("--turns", type=int, default=5, help="fewer than the default %(default)s are a mere trial")
    arguments = parser.parse_args()
    for contender in CONTENDERS:
        _say(f"Installing {contender.name}")
        contender.install()
    with tempfile.TemporaryDirectory(prefix="movie-reports-") as name:
        archive = Path(name) / "films.zip"
        generate.write(archive, arguments.films)
        lines = _lines(Path(name), archive)
        _say("Checking")
        for line in lines:  # which also warms them up
            for task in line.commands:
                line.run(task)
        checked = _check({line.name: line for line in lines}, arguments.films)
        seconds = _measure(lines, arguments.turns)
    print(f"{_machine()}\n\n{_tools()}\n")
    print(f"{arguments.films:,} records; ratios and seconds are medians of {arguments.turns} turns. {checked}")
    for title, tasks in TABLES.items():
        _table(title, tasks, seconds)


def _say(words: str) -> None:
    print(words, file=sys.stderr)


def _lines(folder: Path, archive: Path) -> list[Line]:
    """Return the lines of the tables; the first is the measure of the others."""
    lines = []
    for contender in CONTENDERS:
        own = folder / contender.key
        commands = {task: contender.command(task, archive, own / STORE) for task in TASKS}
        lines.append(Line(contender.name, own, commands))
    again = folder / "again"
    renew(again)
    output(MOVIE_REPORTS.command(INGEST, archive, again / STORE))
    over = {INGEST: MOVIE_REPORTS.again(archive, again / STORE)}
    tables = {"genres": MOVIE_REPORTS.table("genres", again / STORE)}  # the others are too long for a person
    lines.append(Line("movie-reports, over the same", again, over, keeps_store=True))
    lines.append(Line("movie-reports, as a table", again, tables))
    return lines


def _check(lines: Mapping[str, Line], films: int) -> str:
    """End if the contenders do not give the same figures; return what has been checked."""
    ours = lines[MOVIE_REPORTS.name]
    broken = [generate.film_id(number, films) for number in range(generate.SPLIT_AT, films, generate.DAMAGE_EVERY)]
    split = agreement.split_films(output(MOVIE_REPORTS.films(ours.folder / STORE)), broken)
    losers = [contender.name for contender in CONTENDERS if not contender.joins_split_records]
    rows = left_out = 0
    for report in REPORTS:
        mine = agreement.rows_of(ours.text(report))
        rows += len(mine) - 1
        left_out += len(mine) - len(agreement.without(split, report, mine))
        for name in (contender.name for contender in CONTENDERS):
            spared = split if name in losers else []
            agreement.check(name, report, mine, agreement.rows_of(lines[name].text(report)), spared)
    agreed = f"All contenders give the same figures in all {rows:,} rows of the three reports"
    if not split:
        return f"{agreed}."
    return (
        f"{agreed}, but for {left_out} rows in which films count whose records a line break splits ({len(split)} in "
        f"number): {', '.join(losers)} lose or cut those."
    )


def _measure(lines: Sequence[Line], turns: int) -> Times:
    """Let the lines take turns at each task, each turn begun by the next of them."""
    seconds: Times = {line.name: {task: [] for task in line.commands} for line in lines}
    for turn in range(turns):
        _say(f"Turn {turn + 1} of {turns}")
        first = turn % len(lines)
        for task in TASKS:
            for line in [*lines[first:], *lines[:first]]:
                if task in line.commands:
                    seconds[line.name][task].append(line.run(task))
    return seconds


def _table(title: str, tasks: Sequence[str], seconds: Times) -> None:
    """Print the time that some tasks take together; a ratio says how many times as long as the first line.

    Args:
        title: the heading.
        tasks: the tasks; lines that lack one are left out.
        seconds: what was measured.
    """
    together = {
        name: [sum(turn) for turn in zip(*(times[task] for task in tasks), strict=True)]
        for name, times in seconds.items()
        if set(tasks) <= set(times)
    }
    measure = next(iter(together.values()))
    print(f"\n| {title} | Ratio | Seconds | Fastest to slowest |\n| --- | ---: | ---: | ---: |")
    ratios = {
        name: median(own / first for own, first in zip(taken, measure, strict=True)) for name, taken in together.items()
    }
    for name in sorted(together, key=ratios.__getitem__):
        taken = together[name]
        print(f"| {name} | {ratios[name]:.2f} | {median(taken):.3f} | {min(taken):.3f} to {max(taken):.3f} |")


def _machine() -> str:
    """Return the date and what the figures were measured on."""
    cpu = platform.processor() or platform.machine()
    memory = ""
    if Path("/proc/cpuinfo").exists():
        models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        cpu = models[0].partition(": ")[2] if models else cpu
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB of memory"
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({cpu}){memory}, {system}."


def _tools() -> str:
    """Return what each contender ran on."""
    tools = (
        f"{contender.name} ({', '.join(f'{name} {version}' for name, version in contender.versions().items())})"
        for contender in CONTENDERS
    )
    return f"Python {platform.python_version()}: {'; '.join(tools)}."


if __name__ == "__main__":
    main()
