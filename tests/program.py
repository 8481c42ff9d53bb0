"""The program, run in a process of its own."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

Result = subprocess.CompletedProcess[str]

PROGRAM = [sys.executable, "-m", "movie_reports"]


def run(*arguments: str | Path, **variables: str) -> Result:
    """Run the program without a terminal, in an environment without settings of its own."""
    return subprocess.run(
        [*PROGRAM, *arguments], env=environment(**variables), capture_output=True, text=True, check=False
    )


def streams(*arguments: str | Path) -> tuple[int, str, str]:
    """Run the program and return its exit code, and what it wrote to stdout and stderr, character for character."""
    done = subprocess.run([*PROGRAM, *arguments], env=environment(), capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def environment(**variables: str) -> dict[str, str]:
    """Return an environment without settings of the program's own."""
    inherited = {key: value for key, value in os.environ.items() if key != "MOVIE_REPORTS_DATABASE"}
    return {**inherited, "PYTHONUTF8": "1", **variables}


def printed(*arguments: str | Path, **variables: str) -> str:
    """Run the program, which succeeds in silence, and return what it prints."""
    result = run(*arguments, **variables)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def exported(*arguments: str | Path) -> list[dict[str, str]]:
    """Run the program and read its CSV."""
    return list(csv.DictReader(io.StringIO(printed(*arguments, "--export", "csv"), newline="")))
