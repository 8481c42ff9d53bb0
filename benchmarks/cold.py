"""How much longer does a cold report take than its SQL alone, in a process of its own too?

    python benchmarks/cold.py FILE.duckdb [--turns 25]

It runs with the Python that has movie-reports. They take turns: a bare process imports duckdb, opens the file
read-only, runs the very SQL of `--sql` and prints the rows; the program writes CSV, a table into a pipe, and a table
at a terminal, which rich draws. Ratios are medians of those within a turn. The result is Markdown.
"""

from __future__ import annotations

import argparse
import os
import pty
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

AT_A_TERMINAL = "as a table at a terminal"
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
    }
    seconds = {name: list[float]() for name in commands}
    for _ in range(arguments.turns):
        for name, command in commands.items():
            start = perf_counter()
            (_at_a_terminal if name == AT_A_TERMINAL else _in_a_pipe)(command)
            seconds[name].append(perf_counter() - start)
    print(f"| cold `{' '.join(REPORT)}` | ratio | seconds |\n| --- | ---: | ---: |")
    bare = seconds["bare process"]
    for name, taken in seconds.items():
        ratio = median(own / other for own, other in zip(taken, bare, strict=True))
        print(f"| {name} | {ratio:.2f} | {median(taken):.3f} |")


def _in_a_pipe(command: Sequence[str | Path]) -> None:
    subprocess.run(command, stdout=subprocess.PIPE, check=True)


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
