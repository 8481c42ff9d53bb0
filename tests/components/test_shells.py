"""What bash, zsh and fish make of a line at <TAB> and <Enter>."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from films import STEERING, loading, text
from fuzzing import examples
from movie_reports.database import sql
from shells import COMMANDS, Shell, shell

pytestmark = pytest.mark.component

ALL = "`./pwn` $(./pwn) $HOME 'a' \"b\" \\c; | & > < * ? [d] {e,f} ~ # = (g) !h !! ^i^j % @ : \u200b é"
NAMES = [
    f"Zeta {ALL}",
    "Two `./pwn` One",
    "Two `./pwn` Other",
    "Nova Films",
    "NOVA Pictures",
    "Łódź  Film",
    "Colon: the Company",
    "-x $(./pwn)",
    "Line\n./pwn",
]
GENRES = ["Drama", f"Omega {ALL}", "-y `./pwn`"]
SPECIAL = "`'\"\\$!;&|<>()*?[]{}#^=@:%,+ \u200b\u00a0é"


@pytest.fixture(scope="module", params=COMMANDS)
def shell_name(request: pytest.FixtureRequest) -> str:
    """Take one shell after another."""
    return str(request.param)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest companies and genres with names that would run a program."""
    folder = tmp_path_factory.mktemp("names")
    films = (
        {"id": str(number), "production_companies": repr([{"name": name, "id": number}])}
        for number, name in enumerate(NAMES)
    )
    genres = {"id": "99", "genres": repr([{"name": name, "id": number} for number, name in enumerate(GENRES)])}
    loading(folder)(text(genres, *films))
    return folder / "movies.duckdb"


@pytest.fixture(scope="module")
def started_shell(shell_name: str, database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """Start a shell in an empty folder."""
    with shell(shell_name, tmp_path_factory.mktemp(shell_name), database) as started:
        yield started


@pytest.fixture
def at(started_shell: Shell) -> Iterator[Shell]:
    """Put a program into the folder that must never run, and a folder that is named like a command."""
    (started_shell.folder / "companies").mkdir(exist_ok=True)
    trap = started_shell.folder / "pwn"
    trap.write_text(f"#!/bin/sh\ntouch '{started_shell.folder.parent}/pwned'\n")
    trap.chmod(0o755)
    yield started_shell
    trap.unlink()
    assert not (started_shell.folder.parent / "pwned").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("compani", ["companies"]),
        ("company zet", ["company", NAMES[0]]),
        ("company 'zet", ["company", NAMES[0]]),
        ('company "Zeta', ["company", NAMES[0]]),
        (r"company Zeta\ ", ["company", NAMES[0]]),
        ("company x 'Zeta '", ["company", "x", NAMES[0]]),
        ("films --company ze", ["films", "--company", NAMES[0]]),
        ("films --company=zet", ["films", f"--company={NAMES[0]}"]),
        ("films --company='Zeta ", ["films", f"--company={NAMES[0]}"]),
        ("films --genre om", ["films", "--genre", GENRES[1]]),
        ("films --genre=om", ["films", f"--genre={GENRES[1]}"]),
        ('films --genre="Omega ', ["films", f"--genre={GENRES[1]}"]),
        (r"company colon", ["company", "Colon: the Company"]),
        (r"company Colon:", ["company", "Colon: the Company"]),
        (r"company Colon:\ the", ["company", "Colon: the Company"]),
        (r"company Colon\:", ["company", "Colon: the Company"]),
        ("ingest ./p", ["ingest", "./pwn"]),
    ],
)
def test_a_name_is_completed_as_one_literal_word(line: str, words: list[str], at: Shell) -> None:
    """The program gets exactly that name, whether a quotation is open or not; other words are files."""
    assert at.entered(line) == words


def test_a_name_with_a_dash_is_offered_only_where_it_is_no_option(at: Shell) -> None:
    """That is after two dashes, and as the value of an option."""
    assert at.entered("company 'x $'") == ["company", "x $"]
    assert at.entered("company -- -") == ["company", "--", "-x $(./pwn)"]


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_a_list_of_names_runs_nothing(quote: str, at: Shell) -> None:
    """Typing on, or choosing, gives one of them."""
    keys = {"bash": "\t\t\tn\t\r", "zsh": "\t\tn\t\r", "fish": "\t\t\r\r"}[at.name]
    assert at.entered(f"company {quote}two", keys) == ["company", NAMES[1]]
    assert "Other" in at.screen or at.name == "fish"  # which shows no list on a dumb terminal


@pytest.mark.parametrize("line", ["company nova", "company 'nova'", 'company "nova"'])
def test_names_of_different_spelling_keep_what_is_typed(line: str, at: Shell) -> None:
    """Until it can mean only one of them."""
    assert at.entered(line) == ["company", "nova"]
    assert at.entered(f"{line}' 'p") == ["company", "NOVA Pictures"]


def test_names_are_completed_from_another_spelling(at: Shell) -> None:
    """The search finds them, too; fish by itself leaves out what differs in more than case."""
    if at.name == "fish":
        pytest.skip("fish compares accents")
    assert at.entered("company lodz' 'f") == ["company", "Łódź  Film"]
    assert at.entered("company 'lodz f") == ["company", "Łódź  Film"]


def test_a_name_with_a_line_break_is_not_completed(at: Shell) -> None:
    """Not even its first line."""
    assert at.entered("company line") == ["company", "line"]


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest one company and one genre, to be renamed."""
    folder = tmp_path_factory.mktemp("renamed")
    loading(folder)(text({}))
    return folder / "movies.duckdb"


@pytest.fixture(scope="module")
def other_shell(shell_name: str, renamed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """Start a shell for which there is only one company and one genre."""
    with shell(shell_name, tmp_path_factory.mktemp(shell_name), renamed) as started:
        yield started


def assert_completed(at: Shell, database: Path, name: str, line: str) -> None:
    """Complete the name of the only company and genre, of which nothing or the first word has been typed."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(sql.read("names/fold"))
        connection.execute("UPDATE companies SET name = $name, name_folded = folded($name)", {"name": name})
        connection.execute("UPDATE genres SET name = $name, name_folded = folded($name)", {"name": name})
    *before, last = re.sub(r"['\"]", "", line).split(" ")
    beginning = "Zeta" if name.startswith("Zeta") else ""
    stays_open = at.name == "fish" and line[-1] in "'\"" and name[-1] in ",-./:=@"  # as if a path could go on there
    assert at.entered(line + beginning, f"\t{line[-1] * stays_open}\r") == [*before, last + name]


VALUES = ["films --genre=", "films --company='", 'films --company="']
LINES = ["company -- ", "company '", 'company "', "films --company ", *VALUES]
names = st.builds(  # fish hides those that begin with a dot until it is typed
    "".join,
    st.tuples(
        st.sampled_from(["", "Zeta", "Zeta "]),
        st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Zl", "Zp"]) | st.sampled_from(SPECIAL)),
    ),
).filter(lambda name: name and not name.isspace() and name[0] not in "-~." and not STEERING.search(name))


@settings(examples(30), phases=[Phase.explicit, Phase.generate])
@given(names, st.sampled_from(LINES))
@example("-x", VALUES[0])
@example("~root", VALUES[0])
@example("--chart", "company -- ")
@example("!! '`\"$x", LINES[1])
@example("!! '`\"$x", LINES[2])
@example("'tis", LINES[1])
@example('"q"', LINES[2])
def test_any_name_is_completed_as_one_literal_word(other_shell: Shell, renamed: Path, name: str, line: str) -> None:
    """With any content."""
    assert_completed(other_shell, renamed, name, line)
