"""A long ingest shows on a terminal how far it is, and leaves the terminal as it was."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archives import zipped
from films import text
from program import apart

if sys.platform == "win32":
    pytest.skip("Windows has no pseudo-terminals of this kind", allow_module_level=True)

from terminal import watched

HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"
RATINGS = "userId,movieId,rating\n" + "1,1,3.5\n" * 300_000
LINKS = "movieId,tmdbId\n1,1\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Write an archive whose films and ratings take several steps."""
    path = tmp_path / "films.zip"
    films = text(*({"id": str(number)} for number in range(20_000)))
    path.write_bytes(zipped(films=films, ratings=RATINGS, links=LINKS))
    return path


def assert_terminal_is_as_before(shown: str) -> None:
    """The cursor is visible again, and the display gone."""
    assert shown.rindex(SHOW) > shown.rindex(HIDE)
    assert "B/s" not in shown[shown.rindex(SHOW) :]


def test_the_steps_are_shown_one_after_another(archive: Path, tmp_path: Path) -> None:
    """Each with the bytes done, the rate and the time left, in one line."""
    code, shown = watched("ingest", archive, "--database", tmp_path / "movies.duckdb")
    assert code == 0
    steps = ["reading films", "loading genres and companies", "rating"]
    assert [step for step in steps if step not in shown] == []
    assert [shown.index(step) for step in steps] == sorted(shown.index(step) for step in steps)
    assert re.search(r"\d+\.\d/\d+\.\d MB", shown)
    assert re.search(r"\d:\d\d:\d\d|-:--:--", shown)
    assert_terminal_is_as_before(shown)
    assert "20,000" in shown[shown.rindex(SHOW) :]


def test_no_progress_is_shown_elsewhere(archive: Path, tmp_path: Path) -> None:
    """Piped, or asked to be quiet, it shows no bar and moves no cursor."""
    result = apart("ingest", archive, "--database", tmp_path / "movies.duckdb", TERM="xterm")
    assert (result.returncode, "\x1b" in result.stderr, "reading films" in result.stderr) == (0, False, False)
    code, shown = watched("ingest", archive, "--database", tmp_path / "movies.duckdb", "--force", "--quiet")
    assert (code, shown) == (0, "")


def test_an_interrupt_gives_the_terminal_back(archive: Path, tmp_path: Path) -> None:
    """And the sentence about it is where the display was."""
    sent: list[str] = []

    def interrupt(process: subprocess.Popen[bytes], shown: str) -> None:
        if "films" in shown and not sent:
            sent.append(shown)
            process.send_signal(signal.SIGINT)

    code, shown = watched("ingest", archive, "--database", tmp_path / "movies.duckdb", act=interrupt)
    assert code == 130
    assert_terminal_is_as_before(shown)
    assert "interrupted: " in shown[shown.rindex(SHOW) :]
    assert "movies.duckdb was not made" in shown


def test_an_error_gives_the_terminal_back(archive: Path, tmp_path: Path) -> None:
    """In whichever step it is found."""
    database = tmp_path / "movies.duckdb"
    code, shown = watched("ingest", archive, "--database", database, "--max-size", "2.2MB")
    assert code == 1
    assert_terminal_is_as_before(shown)
    assert "unpacks to more than 2,200,000 bytes" in shown[shown.rindex(SHOW) :]
