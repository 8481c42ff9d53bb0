"""How much longer does a cold report take than its SQL alone, in a process of its own too?

    python benchmarks/cold.py FILE.duckdb [--turns 25]

It runs with the Python that has movie-reports. They take turns: a bare process imports duckdb, opens the file
read-only, runs the very SQL of `--sql` and prints the rows; the program writes CSV, a table into a pipe, and a table
at a terminal, which rich draws; then it completes the name of a company, and says its version. Ratios are medians of
those within a turn. The result is Markdown. Each is run once before the turns, so that the bytecode is there.
"""

from __future__ import annotations

import argparse
import os
import pty
import resource
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

AT_A_TERMINAL = "as a table at a terminal"
COMPLETION = "completion of a company's name"
COMPLETING = {"COMP_WORDS": "movie-reports company A", "COMP_CWORD": "-1", "_MOVIE_REPORTS_COMPLETE": "complete_bash"}
REPORT = ("genres", "--year", "1995")
BARE = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    for row in connection.execute(sys.argv[2]).fetchall():
        print(*row, sep=",")
"""


def main() -> None:
    """Measure turn after turn, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--turns", type=int, default=25)
    arguments = parser.parse_args()
    program = [Path(sys.executable).with_name("movie-reports"), *REPORT, "--database", arguments.database]
    sql = subprocess.run([*program, "--sql"], capture_output=True, check=True, text=True).stdout
    commands = {
        "bare process": [sys.executable, "-c", BARE, arguments.database, sql],
        "as CSV": [*program, "--export", "csv"],
        "as a table in a pipe": program,
        AT_A_TERMINAL: program,
        COMPLETION: program[:1],
        "`--version`": [program[0], "--version"],
    }
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name, command in commands.items():
        _measured(name, command, arguments.database)
    taken = {name: list[tuple[float, float]]() for name in commands}
    for _ in range(arguments.turns):
        for name, command in commands.items():
            taken[name].append(_measured(name, command, arguments.database))
    print(f"| cold `{' '.join(REPORT)}` | ratio | seconds | ratio of CPU | CPU |\n| --- | ---: | ---: | ---: | ---: |")
    for name in commands:
        wall, cpu = (_figures(taken[name], taken["bare process"], place) for place in (0, 1))
        print(f"| {name} | {wall} | {cpu} |")


def _figures(own: Sequence[tuple[float, float]], bare: Sequence[tuple[float, float]], place: int) -> str:
    """Return two cells: the ratio to the bare process, and the seconds."""
    ratio = median(turn[place] / other[place] for turn, other in zip(own, bare, strict=True))
    return f"{ratio:.2f} | {median(turn[place] for turn in own):.3f}"


def _measured(name: str, command: Sequence[str | Path], database: Path) -> tuple[float, float]:
    """Run a command, and return the seconds that pass meanwhile, and those of CPU time."""
    start, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    if name == AT_A_TERMINAL:
        _at_a_terminal(command)
    else:
        completing = {**COMPLETING, "MOVIE_REPORTS_DATABASE": str(database)} if name == COMPLETION else {}
        subprocess.run(command, stdout=subprocess.PIPE, check=True, env={**os.environ, **completing})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return perf_counter() - start, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _at_a_terminal(command: Sequence[str | Path]) -> None:
    """Run a command at a terminal of 24 lines and 80 columns, and read what it shows there."""
    ours, its = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        termios.tcsetwinsize(its, (24, 80))
        environment = {**os.environ, "TERM": "xterm-256color"}
        with subprocess.Popen(command, stdin=its, stdout=its, stderr=subprocess.DEVNULL, env=environment) as process:
            os.close(its)
            try:
                while screen.read(65536):
                    pass
            except OSError:  # how Linux tells that the other end is closed
                pass
        if process.returncode:
            sys.exit(f"{command} ended with {process.returncode}")


if __name__ == "__main__":
    main()
