"""What a shell offers after <TAB>, and what a real bash makes of it."""

import os
import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest

from films import loading, text
from movie_reports.database import connection as database
from movie_reports.reports import names as search
from program import PROGRAM, ended, printed, started
from terminal import read

BASH = shutil.which("bash")
NAMES = [
    "Walt Disney Pictures",
    "Walt Disney Productions",
    "Walden Media",
    """Bob's "Big" Films""",
    "Cash $HOME `id` (US)",
    "Colon: the Company, Inc.",
    "Éclair Films",
    "Half * [REC] ? <x>|&;#!",
    "Back\\slash",
    "Nova Films",
    "NOVA Pictures",
    "Two  Spaces",
]
UNSEEN = ["Red \x1b[31m", "Line\nbreak"]
MOST = 50


@pytest.fixture(scope="module")
def names_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest companies with odd names."""
    folder = tmp_path_factory.mktemp("names")
    loading(folder)(text(*(_film(number, name) for number, name in enumerate(NAMES + UNSEEN, 1))))
    return folder / "movies.duckdb"


def _film(number: int, company: str) -> dict[str, str]:
    return {"id": str(number), "production_companies": repr([{"name": company, "id": number}])}


def completed(*words: str | Path, **variables: str) -> list[str]:
    """Return what the program, in silence, offers to a shell for the last of the words."""
    asked = {"COMP_WORDS": "\n".join(["movie-reports", *map(str, words)]), "COMP_CWORD": str(len(words))}
    output = printed(**asked, **variables, _MOVIE_REPORTS_COMPLETE="complete_bash")
    return [line for line in output.split("\n") if line]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["st"], ["status"]),
        (["company", "--comp"], ["--complete"]),
        (["company", "--metric", "p"], ["profit", "popularity"]),
        (["genres", "--export=j"], ["json"]),
    ],
)
def test_commands_options_and_values_are_offered(words: list[str], offered: list[str]) -> None:
    """By their beginnings."""
    assert completed(*words) == offered


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["company", "walt"], ["Walt Disney Pictures", "Walt Disney Productions"]),
        (["company", "ECL"], ["Éclair Films"]),
        (["companies", "wald"], ["Walden Media"]),
        (["company", "Walden", "--genre", "dr"], ["Drama"]),
        (["genres", "--genre="], ["Drama"]),
    ],
)
def test_names_are_offered_whatever_case_and_accents(
    names_database: Path, words: list[str], offered: list[str]
) -> None:
    """They are written as the database has them."""
    assert completed(*words, MOVIE_REPORTS_DATABASE=str(names_database)) == offered


def test_names_of_different_spelling_keep_what_is_typed(names_database: Path) -> None:
    """A shell would take it back otherwise, to what all names begin with."""
    assert completed("company", "nova", MOVIE_REPORTS_DATABASE=str(names_database)) == ["nova Pictures", "nova Films"]


@pytest.mark.parametrize("beginning", ["red", "line"])
def test_names_with_control_characters_are_not_offered(names_database: Path, beginning: str) -> None:
    """Nobody can type them, and a line break would look like two names."""
    assert completed("company", beginning, MOVIE_REPORTS_DATABASE=str(names_database)) == []


def test_the_companies_with_the_most_films_are_offered(tmp_path: Path) -> None:
    """Fifty of them, of however many."""
    companies = [f"C{number:02}" for number in range(MOST + 20)]
    films = [_film(number, company) for number, company in enumerate([*companies, companies[-1]])]
    loading(tmp_path)(text(*films))
    offered = completed("company", "C", MOVIE_REPORTS_DATABASE=str(tmp_path / "movies.duckdb"))
    assert offered == [companies[-1], *companies[: MOST - 1]]


def test_names_come_from_the_database_on_the_line(names_database: Path, sample_database: Path) -> None:
    """It comes before the variable, and ~ is the home folder as it is for the shell."""
    variables = {"MOVIE_REPORTS_DATABASE": str(sample_database), "HOME": str(names_database.parent)}
    assert completed("company", "-d", "~/movies.duckdb", "wald", **variables) == ["Walden Media"]
    assert completed("company", "pixar", **variables) == ["Pixar Animation Studios"]


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_without_a_database_nothing_is_offered_or_written(tmp_path: Path, content: bytes | None) -> None:
    """And nothing is said."""
    path = tmp_path / "movies.duckdb"
    if content is not None:
        path.write_bytes(content)
    assert completed("company", "w", MOVIE_REPORTS_DATABASE=str(path)) == []
    assert (path.read_bytes() if path.exists() else None) == content
    assert set(tmp_path.iterdir()) <= {path}


def test_every_name_offered_is_found(names_database: Path) -> None:
    """As it stands, also one with two spaces in it."""
    with closing(database.connect(names_database)) as connection:
        choice = search.companies(connection, NAMES)
    assert choice
    assert choice.names == tuple(NAMES)


@pytest.mark.parametrize(
    ("words", "dear"),
    [("movie-reports company --", "duckdb pyarrow rich"), ("movie-reports company w", "pyarrow rich")],
)
def test_completing_loads_no_more_than_it_needs(words: str, dear: str, names_database: Path) -> None:
    """A person waits for it with a finger on the key."""
    code = (
        "import sys; from movie_reports.__main__ import main\n"
        "try: main()\n"
        f"except SystemExit: print([name for name in {dear.split()} if name in sys.modules])"
    )
    variables = {"COMP_WORDS": words, "COMP_CWORD": "2", "_MOVIE_REPORTS_COMPLETE": "complete_bash"}
    environment = {**os.environ, **variables, "MOVIE_REPORTS_DATABASE": str(names_database)}
    done = ended([sys.executable, "-c", code], env=environment)
    assert len(done.stdout.splitlines()) > 1
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with the program, a script that completes it, and a folder named like a command."""
    if BASH is None:
        pytest.skip("there is no bash")
    folder = tmp_path_factory.mktemp("bash")
    (folder / "company").mkdir()
    program = folder / "movie-reports"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m movie_reports "$@"\n')
    program.chmod(0o755)
    script = ended([BASH, "-c", f"{program} --show-completion; :"]).stdout
    (folder / "setup").write_text(f'{script}\nkeep() {{ printf "%s\\n" "$@" > kept; }}\n')
    return folder


def entered(line: str, folder: Path, path: Path) -> list[str]:
    """Type a line and <TAB> in an interactive bash, and return the words that the line has then."""
    assert BASH
    master, terminal = os.openpty()
    os.write(master, f". ./setup\n{line}\t\x01keep \x05\nexit\n".encode())
    environment = {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "MOVIE_REPORTS_DATABASE": str(path),
        "HOME": str(folder),
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
    }
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
    with started([BASH, "--norc", "-i"], cwd=folder, env=environment, **streams, start_new_session=True) as process:
        os.close(terminal)
        screen = read(master)
    os.close(master)
    assert process.returncode == 0, screen
    return (folder / "kept").read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("compani", ["companies"]),
        ("company wald", ["company", "Walden Media"]),
        ('company "wald', ["company", "Walden Media"]),
        (r"company Walt\ Disney\ Pi", ["company", "Walt Disney Pictures"]),
        ("company 'Walt Disney Pi", ["company", "Walt Disney Pictures"]),
        ("company bob", ["company", """Bob's "Big" Films"""]),
        ("company 'bob", ["company", """Bob's "Big" Films"""]),
        ("company cash", ["company", "Cash $HOME `id` (US)"]),
        ('company "cash', ["company", "Cash $HOME `id` (US)"]),
        (r"company Colon\:", ["company", "Colon: the Company, Inc."]),
        ("company half", ["company", "Half * [REC] ? <x>|&;#!"]),
        ("company back", ["company", "Back\\slash"]),
        ("company ecl", ["company", "Éclair Films"]),
        ("company x --genre=dr", ["company", "x", "--genre=Drama"]),
        ("company x --genre ", ["company", "x", "--genre", "Drama"]),
        ("ingest set", ["ingest", "setup"]),
    ],
)
def test_bash_completes_a_line(line: str, words: list[str], folder: Path, names_database: Path) -> None:
    """A name stays one word, whatever it holds; where no name is due, it is a file."""
    assert entered(f"movie-reports {line}", folder, names_database) == words


def test_bash_does_not_take_a_command_for_a_folder(folder: Path, names_database: Path) -> None:
    """Though there is one of that name."""
    assert (folder / "company").is_dir()
    assert entered("movie-reports company", folder, names_database) == ["company"]


def test_completion_installs_for_the_shell_that_runs(tmp_path: Path) -> None:
    """It writes the script that it shows into the home folder, and has bash read it."""
    if BASH is None:
        pytest.skip("there is no bash")
    program = " ".join(f"'{word}'" for word in PROGRAM)
    code = f"{program} --install-completion && {program} --show-completion; :"
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = ended([BASH, "-c", code], env=environment)
    installed = tmp_path / ".bash_completions" / "movie-reports.sh"
    assert done.stdout.endswith(installed.read_text(encoding="utf-8") + "\n")
    assert str(installed) in (tmp_path / ".bashrc").read_text(encoding="utf-8")
