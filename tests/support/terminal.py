"""The program at a terminal of a certain size, with a person who types."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import tty
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from program import LIMIT, PROGRAM, environment, here, started

Act = Callable[[subprocess.Popen[Any], str], None]

PROMPT = "Number, or nothing to stop: "
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Screen:
    """What the program left on a terminal, and how it ended.

    Attributes:
        raw: stdout with its colours.
        errors: stderr.
    """

    code: int
    raw: str
    errors: str

    @property
    def lines(self) -> list[str]:
        """The lines of stdout as they are seen."""
        return COLOUR.sub("", self.raw).replace("\r\n", "\n").split("\n")


def on_screen(
    *arguments: str | Path, width: int = 80, height: int = 24, variables: Mapping[str, str] | None = None
) -> Screen:
    """Run the program here with stdout on a terminal; stdin is empty, and stderr is read apart from it."""
    master, slave = _terminal(width, height)
    with ThreadPoolExecutor(1) as reader:
        raw = reader.submit(read, master)
        with open(slave, "w", encoding="utf-8") as stdout:  # noqa: PTH123 (it has no path)
            code, errors = here(stdout, arguments, _environment(variables or {}))
    os.close(master)
    return Screen(code, raw.result(), errors)


def on_screen_apart(
    *arguments: str | Path, width: int = 80, height: int = 24, variables: Mapping[str, str] | None = None
) -> str:
    """Run the program in a process of its own with stdout on a terminal, and return its output."""
    master, slave = _terminal(width, height)
    null = subprocess.DEVNULL
    with started([*PROGRAM, *arguments], env=_environment(variables or {}), stdin=null, stdout=slave, stderr=null):
        os.close(slave)
        raw = read(master)
    os.close(master)
    return raw


def answered(answer: str | signal.Signals, *arguments: str | Path) -> Screen:
    """Run the program with stdin and stderr on a terminal, and stdout on a pipe.

    At its first question a person types an answer, and those to the next ones, or sends a signal.
    """
    master, slave = _terminal(100, 24)
    with started(
        [*PROGRAM, *arguments], env=_environment({}), stdin=slave, stdout=subprocess.PIPE, stderr=slave
    ) as process:
        os.close(slave)
        asked = read(master, until=PROMPT)
        if PROMPT in asked:
            if isinstance(answer, str):
                os.write(master, answer.encode())
            else:
                process.send_signal(answer)
        errors = asked + read(master)
        os.close(master)
        raw, _ = process.communicate(timeout=LIMIT)
    return Screen(process.returncode, raw.decode(), errors.replace("\r\n", "\n"))


def watched(*arguments: str | Path, act: Act = lambda *_: None) -> tuple[int, str]:
    """Run the program with its stderr on a terminal, and return its code and all that was shown.

    At each output, a callback may act on what was shown so far.
    """
    master, slave = _terminal(120, 30)
    with started([*PROGRAM, *arguments], env=_environment({}), stdout=subprocess.DEVNULL, stderr=slave) as process:
        os.close(slave)
        shown = read(master, act=lambda text: act(process, text))
        os.close(master)
    return process.returncode, shown


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a terminal, whose size is its own."""
    inherited = environment(**{"TERM": "xterm", **variables})
    return {
        key: value for key, value in inherited.items() if key not in {"COLUMNS", "LINES", "NO_COLOR"} - {*variables}
    }


def _terminal(width: int, height: int) -> tuple[int, int]:
    """Open a terminal that echoes nothing."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
    mode = termios.tcgetattr(slave)
    mode[tty.LFLAG] &= ~termios.ECHO
    termios.tcsetattr(slave, termios.TCSANOW, mode)
    return master, slave


def read(master: int, until: str | None = None, act: Callable[[str], None] = lambda _: None) -> str:
    """Read a terminal until a text appears, or until its writers have closed it."""
    found = b""
    while until is None or until.encode() not in found:
        assert select.select([master], [], [], LIMIT)[0], found
        try:
            part = os.read(master, 65536)
        except OSError:  # how Linux tells that all have closed it
            break
        if not part:
            break
        found += part
        act(found.decode(errors="replace"))
    return found.decode()
