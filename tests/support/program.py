"""Runs the program in this process or in another one, with a timeout."""

import csv
import io
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest

from movie_reports.cli import app as cli
from movie_reports.cli import messages

Result = subprocess.CompletedProcess[str]

PROGRAM = [sys.executable, "-m", "movie_reports"]
LIMIT = 300  # seconds that anything may take on the slowest machine
# Without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, root is bound by the modes of files as everybody else is. To become
# another user would cost it the Python in its home.
LIKE_OTHERS = (
    "import ctypes; drop = ctypes.CDLL(None).prctl; assert [drop(24, power, 0, 0, 0) for power in (1, 2)] == [0, 0]"
)
# Runs the program, which leaves a file as a sign when another process has the lock that it asks for.
TELLING = """
import fcntl, pathlib, sys
from movie_reports.__main__ import main
sign, lock = pathlib.Path(sys.argv.pop(1)), fcntl.flock

def flock(*arguments):
    try:
        lock(*arguments)
    except BlockingIOError:
        sign.touch()
        raise

fcntl.flock = flock
main()
"""


def run(*arguments: str | Path, **variables: str) -> Result:
    """Run the program here without a terminal, in an environment without settings of its own."""
    code, output, errors = streams(*arguments, **variables)
    return Result([], code, *(text.replace("\r\n", "\n") for text in (output, errors)))


def streams(*arguments: str | Path, **variables: str) -> tuple[int, str, str]:
    """Run the program here and return its exit code, and what it wrote to stdout and stderr, character for character.

    All of it runs that runs in a process of its own, which takes ten times as long, but for the start and the end.
    """
    stdout = io.TextIOWrapper(io.BytesIO(), "utf-8")
    code, errors = here(stdout, arguments, environment(**variables))
    return code, written(stdout), errors


def here(stdout: io.TextIOWrapper, arguments: Sequence[str | Path], variables: Mapping[str, str]) -> tuple[int, str]:
    """Run the program here in an environment, and return its exit code, and what it wrote to stderr."""
    stderr = io.TextIOWrapper(io.BytesIO(), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in {*os.environ} - {*variables}:
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", io.StringIO())
        patch.setattr(sys, "stdout", stdout)
        patch.setattr(sys, "stderr", stderr)
        patch.setattr(sys, "argv", ["movie-reports", *map(str, arguments)])
        patch.setattr(messages, "settings", dict.fromkeys(messages.settings, False))
        patch.setattr(os, "_exit", sys.exit)
        with pytest.raises(SystemExit) as left:
            messages.run(cli.run)
    return int(str(left.value.code)), written(stderr)


def written(file: io.TextIOWrapper) -> str:
    """Return what has been written to memory."""
    file.flush()
    return file.buffer.getvalue().decode()  # type: ignore[attr-defined, no-any-return]


def apart(*arguments: str | Path, **variables: str) -> Result:
    """Run the program in a process of its own."""
    return ended([*PROGRAM, *arguments], env=environment(**variables))


def ended(
    command: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, stdin: str = ""
) -> Result:
    """Run any command to its end."""
    return subprocess.run(
        command, cwd=cwd, env=env, input=stdin, capture_output=True, text=True, check=False, timeout=LIMIT
    )


@contextmanager
def started(command: Sequence[str | Path], **options: Any) -> Iterator[subprocess.Popen[Any]]:  # noqa: ANN401 (Popen's)
    """Start a command, whose end is waited for at the end of the block; it does not outlive an error there."""
    with subprocess.Popen(command, **options) as process:
        try:
            yield process
            process.wait(LIMIT)
        except BaseException:
            process.kill()
            raise


@contextmanager
def queueing(sign: Path, *arguments: str | Path) -> Iterator[subprocess.Popen[Any]]:
    """Start the program, and wait until it waits for the lock that another process has."""
    with started([sys.executable, "-c", TELLING, sign, *arguments], stderr=subprocess.DEVNULL) as process:
        wait_until(sign.exists, process)
        yield process


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[Any]) -> None:
    """Wait for what a process will bring about."""
    end = time.monotonic() + LIMIT
    while not condition():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.001)


def installed(name: str) -> str:
    """Return the path of a program of the system; without it, tests are skipped, but never in CI."""
    return shutil.which(name) or missing(f"there is no {name}")


def missing(reason: str) -> NoReturn:
    """Skip a test that lacks something; in CI it fails."""
    (pytest.fail if "CI" in os.environ else pytest.skip)(reason)


def free_port() -> int:
    """Return a port of this machine that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def help_of(*command: str, columns: int = 80) -> str:
    """Return the help at a terminal of some width, which the program takes when it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        patch.setitem(cast("dict[str, object]", cli.app.info.context_settings), "terminal_width", cli.width())
        return printed(*command, "--help")


def assert_fails(result: Result, code: int, *words: str, most: int = 1) -> None:
    """Assert that a failure has its exit code, a line or two on stderr, and nothing on stdout."""
    assert (result.returncode, result.stdout) == (code, ""), result.stderr
    assert result.stderr.startswith("movie-reports: ")
    assert 1 <= len(result.stderr.splitlines()) <= most
    assert result.stderr.endswith("\n")
    assert "Traceback" not in result.stderr
    assert "--debug" not in result.stderr
    assert [word for word in words if word not in result.stderr] == []


def environment(**variables: str) -> dict[str, str]:
    """Return an environment without settings of the program's own."""
    own = {"MOVIE_REPORTS_CONFIG", "MOVIE_REPORTS_DATABASE", "MOVIE_REPORTS_QUERIES"}
    inherited = {key: value for key, value in os.environ.items() if key not in own}
    return {**inherited, "PYTHONUTF8": "1", "XDG_CONFIG_HOME": os.devnull, **variables}


def printed(*arguments: str | Path, **variables: str) -> str:
    """Run the program, which succeeds in silence, and return what it prints."""
    result = run(*arguments, **variables)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def exported(*arguments: str | Path) -> list[dict[str, str]]:
    """Run the program and read its CSV."""
    return list(csv.DictReader(io.StringIO(printed(*arguments, "--export", "csv"), newline="")))
