"""Runs the program in a process that kills itself at a step."""

import signal
import sys
from pathlib import Path

from program import Result, ended, environment

# Runs the program, and kills it before or after the nth call of one of its functions.
KILLED = """
import importlib, os, signal, sys
from movie_reports.__main__ import main

module, path, when, number = sys.argv.pop(1).split(":")
owner = importlib.import_module(f"movie_reports.{module}")
*outer, name = path.split(".")
for each in outer:
    owner = getattr(owner, each)
function, calls = getattr(owner, name), []

def patched(*arguments, **options):
    calls.append(name)
    last = len(calls) == int(number)
    if last and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = function(*arguments, **options)
    if last:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, name, patched)
main()
"""


def killed_at(step: str, *arguments: str | Path) -> Result:
    """Run a command that kills itself at a step, such as `streaming.topic:Topic.tell:after:2`."""
    result = ended([sys.executable, "-c", KILLED, step, *arguments], env=environment())
    assert result.returncode == -signal.SIGKILL, result.stderr
    return result
