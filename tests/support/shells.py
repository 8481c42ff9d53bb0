"""Interactive shells at a terminal, with a person who types a line, <TAB> and <Enter>."""

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from program import LIMIT, ended, environment, installed, started

COMMANDS = {"bash": ["bash", "-i"], "zsh": ["zsh", "-i"], "fish": ["fish", "--private", "--interactive"]}
PROMPTS = {
    "bash": "PS1='READY> ' PS2='MORE> '",
    "zsh": "PS1='READY> ' PS2='MORE> '",
    "fish": "function fish_prompt; printf 'READY> '; end",
}
# It completes as the program does; else it keeps its arguments.
STUB = f"""#!/bin/sh
if [ "$_MOVIE_REPORTS_COMPLETE" ]; then exec "{sys.executable}" -m movie_reports "$@"; fi
printf '%s\\0' "$@" > "$KEPT"
echo kept
"""
AT_TERMINAL = "import os, sys; os.login_tty(0); os.execvp(sys.argv[1], sys.argv[1:])"
KEPT = re.compile(rb"kept\r?\n.*READY> |[\r\n]MORE> ", re.DOTALL)


@dataclass
class Shell:
    """A shell that waits for a line.

    Attributes:
        name: bash, zsh or fish.
        master: the end of its terminal at which the person sits.
        folder: the folder where it runs, which is empty at first.
        kept: the file with the arguments of the last call.
        screen: what it wrote since the last line was typed.
    """

    name: str
    master: int
    folder: Path
    kept: Path
    screen: str = ""

    def entered(self, line: str, keys: str = "\t\r") -> list[str]:
        """Type a line, then <TAB> and <Enter> or other keys, and return the arguments that movie-reports gets."""
        self.kept.unlink(missing_ok=True)
        os.write(self.master, f"movie-reports {line}{keys}".encode())
        self.wait()
        return self.kept.read_bytes().decode().split("\0")[:-1]

    def wait(self) -> None:
        """Wait until the shell has run a line."""
        found = b""
        while not KEPT.search(found):
            assert select.select([self.master], [], [], LIMIT)[0], found
            found += os.read(self.master, 65536)
        self.screen = found.decode(errors="replace")
        if not self.kept.exists():  # it waits for the end of a quotation
            os.write(self.master, b"\x03")
            pytest.fail(f"{self.name} ran nothing: {self.screen!r}")


@contextmanager
def shell(name: str, folder: Path, database: Path) -> Iterator[Shell]:
    """Start a shell for which completion is installed; without one, tests are skipped, but never in CI."""
    installed(name)
    variables = {
        "HOME": str(folder),
        "KEPT": str(folder / "kept"),
        "LC_ALL": "C.UTF-8",
        "MOVIE_REPORTS_DATABASE": str(database),
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "TERM": "dumb",
        "XDG_CONFIG_HOME": str(folder / ".config"),
        "ZDOTDIR": str(folder),
    }
    env = environment(**variables)
    program = folder / "movie-reports"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m movie_reports "$@"\n')
    program.chmod(0o755)
    done = ended([name, "-c", "movie-reports --install-completion; :"], env=env)
    assert f"{name} completion installed" in done.stdout, done.stderr
    program.write_text(STUB)
    (folder / "empty").mkdir()
    with _at_terminal(COMMANDS[name], folder / "empty", env) as master:
        os.write(master, f"{PROMPTS[name]}; movie-reports\r".encode())
        waiting = Shell(name, master, folder / "empty", folder / "kept")
        waiting.wait()
        yield waiting


@contextmanager
def _at_terminal(command: list[str], folder: Path, env: dict[str, str]) -> Iterator[int]:
    """Start a command at a terminal of its own, which is hung up at the end."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), slave)
    with started([sys.executable, "-c", AT_TERMINAL, *command], cwd=folder, env=env, **streams) as process:
        os.close(slave)
        try:
            yield master
        finally:
            process.kill()
            os.close(master)
