"""A database is a file of any name; anything else is refused in one sentence."""

import os
import shutil
import socket
from pathlib import Path

import pytest

import movie_reports
from films import text
from program import apart, assert_fails, printed, run
from selection import few

ADDRESSES = [
    ":memory:",
    ":memory:mine",
    "md:mine",
    "motherduck:mine",
    "sqlite:mine.db",
    "postgres:dbname=mine",
    "postgresql://127.0.0.1/mine",
    "mysql:host=127.0.0.1",
    "duckdb:mine",
    "ducklake:mine",
    "http://127.0.0.1:9/mine.duckdb",
    "HTTPS://127.0.0.1:9/mine.duckdb",
    "file:///mine.duckdb",
]
NAMES = [
    "*",
    "it's.duckdb",
    '"quoted".duckdb',
    "two\nlines.duckdb",
    "--",
    " blanks ",
    "a;b -- c.duckdb",
    "$HOME.duckdb",
    "~",
    "100%20#1.duckdb",
    "Größe.duckdb",
    "movies.csv",
    "system.duckdb",
    "memory",
    "year=2001/month=2/movies.duckdb",
]
posix = pytest.mark.skipif(os.name != "posix", reason="there are no such files")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder where nothing but a source is."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "films.csv").write_text(text({"title": "A film"}))


def left() -> set[str]:
    """Return what is in the folder besides the source."""
    return {path.name for path in Path().iterdir()} - {"films.csv"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_no_database(address: str) -> None:
    """It is refused before anything is made or fetched, however it is given."""
    for command in (["company"], ["sql", "SELECT 1"], ["ingest", "films.csv"]):
        assert_fails(run(*command, "--database", address), 2, "a database is a file on this machine")
        assert_fails(run(*command, MOVIE_REPORTS_DATABASE=address), 2, "a database is a file on this machine")
    with pytest.raises(movie_reports.UsageError, match="is an address"):
        movie_reports.open(address)
    with pytest.raises(movie_reports.UsageError, match="is an address"):
        movie_reports.ingest("films.csv", address)
    assert left() == set()


@posix
@pytest.mark.parametrize(
    "name", few(NAMES, "*", "it's.duckdb", "two\nlines.duckdb", "year=2001/month=2/movies.duckdb"), ids=ascii
)
def test_a_database_may_have_any_name(name: str, sample_database: Path) -> None:
    """It is replaced, and asked."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(sample_database, name)
    option = f"--database={name}"
    assert printed("ingest", "films.csv", "--quiet", "--allow-shrink", option) == ""
    assert "A film" in printed("films", option)
    assert "A film" in printed("sql", "SELECT title FROM movies", option)
    with movie_reports.open(name) as database:
        assert database.films().num_rows == 1


@posix
@pytest.mark.parametrize("name", ["a?b.duckdb", "back\\slash.duckdb", "movies?/movies.duckdb"])
def test_a_name_that_the_engine_takes_for_another_is_refused(name: str) -> None:
    """A file of that other name, which may be there, is neither read nor written."""
    Path("back").mkdir()
    Path("movies?").mkdir()
    before = left()
    for command in (["company"], ["ingest", "films.csv"]):
        assert_fails(run(*command, "--database", name), 2, "cannot keep a database in a path with")
    with pytest.raises(movie_reports.UsageError, match="choose another name"):
        movie_reports.ingest("films.csv", name)
    assert left() == before


@posix
@pytest.mark.skipif(os.uname().sysname == "Darwin", reason="all names are UTF-8 there")
def test_a_name_in_another_encoding_is_refused() -> None:
    """The engine takes only UTF-8."""
    for command in (["company"], ["ingest", "films.csv"]):
        assert_fails(apart(*command, "--database", os.fsdecode(b"\xff.duckdb")), 2, "is not text in UTF-8")
    assert left() == set()


@posix
@pytest.mark.parametrize("command", [("company",), ("status",), ("sql", "SELECT 1"), ("ingest", "films.csv")])
def test_a_database_must_be_a_file(command: tuple[str, ...]) -> None:
    """No pipe is waited for, and no device is read."""
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
    Path("loop").symlink_to("loop")
    Path("folder").mkdir()
    Path("empty").touch()
    Path("link").symlink_to("pipe")
    before = left()
    for name in ("pipe", "socket", "link", "/dev/null", "/dev/zero"):
        assert_fails(run(*command, "--database", name), 1, f"{name} is a pipe, a socket or a device")
    assert_fails(run(*command, "--database", "loop"), 1, "cannot open loop: Too many levels of symbolic links")
    assert_fails(run(*command, "--database", "folder"), 1, "folder is a folder: name the database file in it")
    assert_fails(run(*command, "--database", "empty"), 1, "empty is not a DuckDB database")
    assert_fails(run(*command, "--database", "empty/x"), 1, "cannot open empty/x: Not a directory")
    assert_fails(run(*command, "--database", "x" * 5000), 1, "File name too long")
    too_long = "File name too long" if "ingest" in command else "x" * 252  # with what an ingest adds to it
    assert_fails(run(*command, "--database", "x" * 252), 1, too_long)
    assert left() == before


@posix
def test_a_pipe_in_the_place_of_the_log_is_refused(sample_database: Path) -> None:
    """The engine reads that file too, and would wait."""
    Path("movies.duckdb").write_bytes(sample_database.read_bytes())
    os.mkfifo("movies.duckdb.wal")
    for command in (["company"], ["ingest", "films.csv"]):
        assert_fails(apart(*command), 1, "movies.duckdb.wal is a pipe, a socket or a device")


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(sample_database: Path) -> None:
    """As an error of this library too."""
    Path("movies.duckdb").write_bytes(sample_database.read_bytes())
    Path("movies.duckdb").chmod(0)
    assert_fails(run("company"), 1, "cannot read movies.duckdb: Permission denied")
    with pytest.raises(movie_reports.MovieReportsError, match="cannot read"):
        movie_reports.open("movies.duckdb")


@posix
def test_a_completion_does_not_wait_for_a_pipe() -> None:
    """TAB gives no names, and at once."""
    os.mkfifo("movies.duckdb")
    words = {"COMP_WORDS": "movie-reports company ", "COMP_CWORD": "2", "_MOVIE_REPORTS_COMPLETE": "complete_bash"}
    assert apart(**words).stdout.strip() == ""
