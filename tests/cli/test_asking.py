"""At a terminal the program asks which company is meant; without one it names the candidates and stops."""

import signal
from pathlib import Path

import pytest

from program import run, streams
from selection import few
from terminal import answered

AMBIGUOUS = ("company", "nova", "--export", "csv")
CANDIDATES = ["Nova Films (2 films, 2001)", "Nova Pictures (1 film, no date)"]


@pytest.mark.parametrize(("answer", "name"), [("1\n", "Nova Films"), (" 2 \n", "Nova Pictures")])
def test_a_number_chooses_a_company(odd_database: Path, answer: str, name: str) -> None:
    """The report goes on with it, as if it had been named; stdout contains nothing else."""
    screen = answered(answer, *AMBIGUOUS, "--database", odd_database)
    assert screen.code == 0
    assert screen.raw == streams("company", name, "--export", "csv", "--database", odd_database)[1]
    question, first, second, prompt = screen.errors.split("\n")
    assert question.startswith('"nova" may mean any of 2 companies')
    assert [first.split(maxsplit=1), second.split(maxsplit=1)] == [["1", CANDIDATES[0]], ["2", CANDIDATES[1]]]
    assert prompt.startswith("Number, or nothing to stop:")


@pytest.mark.parametrize(
    "answer", few(["\n", "3\n", "x\n", "\x04", "0\n", "-1\n", "1 2\n", "1.0\n", "²\n", "٣\n"], first=4), ids=ascii
)
def test_no_number_stops(odd_database: Path, answer: str) -> None:
    """With code 3, and without the candidates once more."""
    screen = answered(answer, *AMBIGUOUS, "--database", odd_database)
    assert (screen.code, screen.raw) == (3, "")
    assert "Traceback" not in screen.errors
    assert "unexpected" not in screen.errors
    assert screen.errors.endswith("movie-reports: no company was chosen\n")
    assert screen.errors.count(CANDIDATES[0]) == 1


def test_an_interrupt_at_the_question_is_code_130(odd_database: Path) -> None:
    """Ctrl-C ends it without a report or a traceback, and says so on a line of its own."""
    screen = answered(signal.SIGINT, *AMBIGUOUS, "--database", odd_database)
    assert (screen.code, screen.raw) == (130, "")
    assert "Traceback" not in screen.errors
    assert screen.errors.endswith("\nmovie-reports: interrupted\n")


def test_every_ambiguous_name_is_asked_about(odd_database: Path) -> None:
    """One after another, also for films; a name that is clear is not."""
    arguments = ("films", "--company", "nova", "--company", "Dim", "--company", "noba films", "--export", "csv")
    screen = answered("2\n1\n", *arguments, "--database", odd_database)
    assert screen.code == 0
    assert screen.errors.count("Number, or nothing to stop:") == 2
    named = ("films", "--company", "Nova Pictures", "--company", "Dim", "--company", "Nova Films", "--export", "csv")
    assert screen.raw == streams(*named, "--database", odd_database)[1]


def test_a_typing_mistake_is_asked_about(odd_database: Path) -> None:
    """Similar names are offered for one that there is not; where none is similar there is nothing to ask."""
    screen = answered("1\n", "company", "Nova Filmz", "--export", "csv", "--database", odd_database)
    assert (screen.code, screen.raw.count("Nova Films,2001")) == (0, 1)
    assert screen.errors.startswith('no company has "Nova Filmz" in its name; did you mean')
    screen = answered("1\n", "company", "zzzzzz", "--database", odd_database)
    assert (screen.code, screen.raw) == (3, "")
    assert "Number" not in screen.errors


@pytest.mark.parametrize("quiet", ["-q", "--quiet"])
def test_no_question_with_quiet(odd_database: Path, quiet: str) -> None:
    """A script at a terminal does not wait for an answer."""
    screen = answered("1\n", *AMBIGUOUS, quiet, "--database", odd_database)
    assert (screen.code, screen.raw) == (3, "")
    assert "Number" not in screen.errors


def test_no_question_without_a_terminal(odd_database: Path) -> None:
    """An ambiguous name is an error with its candidates, and code 3."""
    result = run(*AMBIGUOUS, "--database", odd_database)
    assert (result.returncode, result.stdout) == (3, "")
    assert "--all-matches" in result.stderr
    assert result.stderr.splitlines()[1:] == [f"  {candidate}" for candidate in CANDIDATES]


def test_no_question_with_all_matches(odd_database: Path) -> None:
    """They are taken together."""
    screen = answered("", *AMBIGUOUS, "--all-matches", "--database", odd_database)
    assert screen.code == 0
    assert "Number" not in screen.errors
    assert screen.raw.count("\r\nnova,") == 2
