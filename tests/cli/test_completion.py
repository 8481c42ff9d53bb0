"""What the program offers to a shell after <TAB>."""

import os
import shlex
import sys
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest

from films import loading, text
from movie_reports.database.connection import connect
from movie_reports.reports import names
from movie_reports.reports.requests.request import Request
from movie_reports.reports.subjects import COMPANY
from program import ended, printed, run

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
    "Łódź Films",
    "Solo",
    "Zeta `./pwn`",
]
UNSEEN = ["Red \x1b[31m", "Line\nbreak", "Private \ue000", "\N{NO-BREAK SPACE}"]
MOST = 50


@pytest.fixture(scope="module")
def names_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest companies with odd names."""
    folder = tmp_path_factory.mktemp("names")
    loading(folder)(text(*(_film(number, name) for number, name in enumerate(NAMES + UNSEEN, 1))))
    return folder / "movies.duckdb"


def _film(number: int, company: str) -> dict[str, str]:
    return {"id": str(number), "production_companies": repr([{"name": company, "id": number}])}


def completed(*words: str, **variables: str) -> list[str]:
    """Return what the program, in silence, offers to a shell that quotes by itself, for the last of the words."""
    asked = {"COMP_SHELL": "zsh", "COMP_WORDS": shlex.join(["movie-reports", *words]), "COMP_CWORD": "-1"}
    output = printed(**{**asked, **variables}, _MOVIE_REPORTS_COMPLETE="complete_bash")
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
def test_completion_ignores_case_and_accents(names_database: Path, words: list[str], offered: list[str]) -> None:
    """They are written as the database has them."""
    assert completed(*words, MOVIE_REPORTS_DATABASE=str(names_database)) == offered


@pytest.mark.parametrize(
    "typed", ["LODZ", "łódź", "lodz film", "Łódź\N{EM SPACE}", "two sp", "Two   Sp", " two\N{NO-BREAK SPACE}s"]
)
def test_names_are_offered_that_the_search_finds(names_database: Path, typed: str) -> None:
    """Case, accents, strokes, and the kind and number of blanks do not count."""
    (offered,) = completed("company", typed, MOVIE_REPORTS_DATABASE=str(names_database))
    with closing(connect(names_database)) as connection:
        assert offered in names.matching(connection, COMPANY, typed)


def test_names_of_different_spelling_come_after_a_blank(names_database: Path) -> None:
    """By which a shell knows not to replace what was typed with the N that they have in common."""
    offered = completed("company", "nova", MOVIE_REPORTS_DATABASE=str(names_database))
    assert offered == [" ", "NOVA Pictures", "Nova Films"]


@pytest.mark.parametrize(("typed", "offered"), [("solo", ["Solo"]), ("zeta", [])])
def test_a_shell_with_another_script_is_offered_only_plain_names(
    names_database: Path, typed: str, offered: list[str]
) -> None:
    """Such as PowerShell, which would insert them without quotes."""
    variables = {"COMP_SHELL": "", "MOVIE_REPORTS_DATABASE": str(names_database)}
    assert completed("company", typed, **variables) == offered


@pytest.mark.parametrize("beginning", ["", "red", "line", "private"])
def test_names_that_cannot_be_typed_are_not_offered(names_database: Path, beginning: str) -> None:
    """Control characters and such for private use, which shells may change, or blanks alone, which no search finds."""
    offered = completed("company", beginning, MOVIE_REPORTS_DATABASE=str(names_database))
    assert set(offered) <= {*NAMES, " "}
    assert bool(offered) == (not beginning)


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


def test_names_come_from_the_database_of_the_configuration_file(names_database: Path, tmp_path: Path) -> None:
    """Where nothing else names one; with a file that is wrong, nothing is offered, and nothing said."""
    file = tmp_path / "config.toml"
    file.write_text(f"database = '{names_database}'")
    assert completed("company", "wald", MOVIE_REPORTS_CONFIG=str(file)) == ["Walden Media"]
    file.write_text("database = 1")
    assert completed("company", "wald", MOVIE_REPORTS_CONFIG=str(file)) == []


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
    """Exactly, even with two spaces in it."""
    with closing(connect(names_database)) as connection:
        found = names.resolve(connection, Request(company=tuple(NAMES)))
    assert found.company == tuple(NAMES)


@pytest.mark.parametrize(
    ("words", "dear"),
    [
        ("movie-reports company --", {"_duckdb", "duckdb", "pyarrow", "rich"}),
        ("movie-reports company w", {"duckdb", "pyarrow", "rich"}),
    ],
)
def test_completing_loads_no_more_than_it_needs(words: str, dear: set[str], names_database: Path) -> None:
    """A person waits for it with a finger on the key."""
    variables = {"COMP_WORDS": words, "COMP_CWORD": "2", "_MOVIE_REPORTS_COMPLETE": "complete_bash"}
    environment = {**os.environ, **variables, "MOVIE_REPORTS_DATABASE": str(names_database)}
    done = ended([sys.executable, "-X", "importtime", "-m", "movie_reports"], env=environment)
    assert done.stdout.splitlines()
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    if "pandas" in loaded and version("duckdb").startswith("1."):
        loaded -= {"pyarrow"}  # DuckDB 1.5 loads an installed pandas for any parameter, and with it pyarrow
    assert loaded.isdisjoint(dear)


@pytest.mark.parametrize("words", [["company", "--", "-x"], ["company", "--", "--chart"], ["films", "--company=-x"]])
def test_names_with_a_dash_are_found(words: list[str], tmp_path: Path) -> None:
    """As they are completed."""
    dashes = [
        {"id": str(i), "production_companies": repr([{"name": name, "id": i}])}
        for i, name in ((1, "-x"), (2, "--chart"))
    ]
    loading(tmp_path)(text(*dashes))
    result = run(*words, MOVIE_REPORTS_DATABASE=str(tmp_path / "movies.duckdb"))
    assert (result.returncode, result.stderr) == (0, "")
