"""How much longer does a cold report take than its SQL alone, in a process of its own too?

    python benchmarks/cold.py FILE.duckdb [--turns 25]

It runs with the Python that has movie-reports. The three take turns: a bare process imports duckdb, opens the file
read-only, runs the very SQL of `--sql` and prints the rows; the program writes CSV; the program draws the table. Ratios
are medians of those within a turn. The result is Markdown.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

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
        "as a table": program,
    }
    seconds = {name: list[float]() for name in commands}
    for _ in range(arguments.turns):
        for name, command in commands.items():
            start = perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            seconds[name].append(perf_counter() - start)
    print(f"| cold `{' '.join(REPORT)}` | ratio | seconds |\n| --- | ---: | ---: |")
    bare = seconds["bare process"]
    for name, taken in seconds.items():
        ratio = median(own / other for own, other in zip(taken, bare, strict=True))
        print(f"| {name} | {ratio:.2f} | {median(taken):.3f} |")


if __name__ == "__main__":
    main()
