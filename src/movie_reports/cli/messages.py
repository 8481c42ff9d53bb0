"""Messages to the user on stderr, and the exit code."""

from __future__ import annotations

import contextlib
import io
import os
import select
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from movie_reports.errors import MovieReportsError, NotFoundError, StoppedError, UsageError
from movie_reports.render.values import PLAINER
from movie_reports.text import harmless, wrapped

MOST_CANDIDATES = 20
AGAIN = 0.1  # seconds
AT_ONCE = "fetching "  # with an address
WITHOUT_FIGURES = 3  # columns shown for a step without a known size

settings = {"quiet": False, "debug": False, "no_color": False}


def note(text: str) -> None:
    """Print a remark, unless --quiet is given; on a terminal, lines are wrapped between words."""
    if settings["quiet"]:
        return
    if sys.stderr.isatty():
        _say(*wrapped(harmless(text), shutil.get_terminal_size().columns))
    else:
        _say(text)


def _say(*lines: str) -> None:
    print("\n".join(map(harmless, lines)), file=sys.stderr)  # noqa: T201 (this module owns stderr)


def can_ask() -> bool:
    """Whether there is a terminal at which the user can answer."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not settings["quiet"]


def choose(question: str, lines: Sequence[str]) -> int | None:
    """Let the user choose a line, and return its number, from 0; or None if the answer is none of them."""
    shown = lines[:MOST_CANDIDATES]
    _say(question, *(f"{number:>4}  {line}" for number, line in enumerate(shown, 1)))
    try:
        print("Number, or nothing to stop: ", end="", file=sys.stderr, flush=True)  # noqa: T201 (this module owns stderr)
        answer = _typed().strip()
    except KeyboardInterrupt:
        print(file=sys.stderr)  # noqa: T201 (as above)
        raise
    return int(answer) - 1 if answer.isdecimal() and 1 <= int(answer) <= len(shown) else None


def _typed() -> str:
    """Read a line; polling lets a signal interrupt it even if that arrives just before the read."""
    if os.name == "posix":
        while not select.select([sys.stdin], [], [], AGAIN)[0]:
            pass
    return sys.stdin.readline()


def run(program: Callable[[], int]) -> None:
    """Run a program that returns its exit code, turn its errors into a sentence and an exit code, and exit.

    After success the interpreter is not shut down in the usual way, which takes 30 ms with the engine loaded.
    """
    _open_streams()
    try:
        code = program()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except MovieReportsError as error:
        _fail(error, error.message if isinstance(error, NotFoundError) else str(error), error.exit_code)
    except KeyboardInterrupt as error:
        _fail(error, "interrupted", StoppedError.exit_code)
    except OSError as error:
        _fail(error, f"{error.filename or 'cannot write the output'}: {error.strerror or error}", 1)
    except Exception as error:  # noqa: BLE001 (a person is shown one sentence, never a traceback)
        _fail(error, f"unexpected {type(error).__name__}: {error}; --debug shows more", 1)
    else:
        os._exit(code)


def _open_streams() -> None:
    """Replace streams that are closed, and let streams of limited encodings show plainer characters."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (as long as it runs)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=PLAINER)


def _fail(error: BaseException, text: str, code: int) -> None:
    from movie_reports.urls import cleaned

    if settings["debug"]:
        _say(*cleaned("".join(traceback.format_exception(error)).rstrip(), sys.argv).split("\n"))
    text = f"movie-reports: {cleaned(text, sys.argv)}"
    lines = text.split("\n") if isinstance(error, UsageError) else [text]  # in others, line breaks occur only in names
    if isinstance(error, NotFoundError):
        lines += [f"  {candidate}" for candidate in error.candidates[:MOST_CANDIDATES]]
        if len(error.candidates) > MOST_CANDIDATES:
            lines.append(f"  and {len(error.candidates) - MOST_CANDIDATES:,} more")
    _say(*lines)
    sys.exit(code)


@contextlib.contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show the steps of a long operation one after another, on a terminal only, and clear them at the end.

    Downloads from several addresses are steps at the same time, each with a bar of its own.
    """
    if settings["quiet"] or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda *_: None
        return
    with _bar() as bar:
        (task,), columns = bar.task_ids, bar.columns
        at_once: dict[str, Any] = {}

        def show(step: str, done: int, total: int) -> None:
            if step.startswith(AT_ONCE):
                at_once[step] = at_once.get(step) or bar.add_task(step, total=None)
                bar.update(at_once[step], completed=done, total=total or None)
                return
            while at_once:
                bar.remove_task(at_once.popitem()[1])
            if bar.tasks[0].description != step:
                bar.reset(task, description=step)  # so that the rate is that of this step
            bar.columns = columns if total else columns[:WITHOUT_FIGURES]
            bar.update(task, completed=done, total=total or None, visible=True)

        yield show


def _bar() -> Any:  # noqa: ANN401 (rich is loaded where it is used)
    """Return a progress bar for one step, with its rate and remaining time; it is hidden before the first."""
    from rich import progress as rich
    from rich.console import Console

    columns = (
        rich.SpinnerColumn(),
        rich.TextColumn("{task.description}", markup=False),
        rich.BarColumn(),
        rich.DownloadColumn(),
        rich.TransferSpeedColumn(),
        rich.TimeRemainingColumn(),
    )
    bar = rich.Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("", total=None, visible=False)
    return bar
