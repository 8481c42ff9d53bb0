"""Temporary files of reports: in a private folder, only where they are needed, and gone afterwards."""

import gc
import os
import shlex
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest

import movie_reports
from movie_reports.database import execute
from movie_reports.database.connection import SMALL, connect
from movie_reports.database.errors import plain_reading
from program import PROGRAM, Result, assert_fails, ended, environment, run
from selection import few

HEAVY = "SELECT count(*) FROM (SELECT *, row_number() OVER (ORDER BY overview) FROM movies ORDER BY tagline, overview)"
SMALL_FILES = (
    "import os, resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)); "
    "os.execv(sys.executable, [sys.executable, '-m', 'movie_reports', *sys.argv[1:]])"
)
posix = pytest.mark.skipif(os.name != "posix", reason="modes and limits are those of POSIX")


@pytest.fixture(scope="module")
def large(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill a database with so much text that the engine may have to put some of it aside."""
    path = tmp_path_factory.mktemp("large") / "movies.duckdb"
    path.write_bytes(sample_database.read_bytes())
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "INSERT INTO movies BY NAME SELECT 10000000 + range AS id, 'Long' AS title, "
            "md5(range::VARCHAR) || sha256(range::VARCHAR) || sha256((-range)::VARCHAR) AS overview, "
            "sha256((3 * range)::VARCHAR) AS tagline FROM range(500000)"
        )
    assert path.stat().st_size > SMALL
    return path


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def tight(path: Path, **settings: str) -> duckdb.DuckDBPyConnection:
    """Open a database as reports do, on a machine with little memory."""
    connection = connect(path, temporary=True)
    for name, value in {"threads": "1", "memory_limit": "'70MB'", **settings}.items():
        connection.execute(f"SET {name} = {value}")
    return connection


@posix
def test_queries_spill_into_a_private_folder(large: Path, temporary: Path) -> None:
    """Other users cannot read it, nothing is put beside the database, and nothing is left."""
    connection = tight(large)
    assert execute.rows(connection, HEAVY)[0][0] > 500_000
    (folder,) = temporary.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert connection.execute("SELECT current_setting('temp_directory')").fetchall() == [(str(folder),)]
    connection.close()
    del connection
    gc.collect()
    assert list(temporary.iterdir()) == []
    assert [path.name for path in large.parent.iterdir()] == [large.name]


def test_the_folder_is_not_made_without_need(sample_database: Path, temporary: Path) -> None:
    """A small database is answered from memory."""
    with movie_reports.open(sample_database) as opened:
        opened.films()
        assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    few(
        [
            "films --output x.parquet",
            "company nobody",
            "films --year 1995",
            "films --export csv",
            "status",
            "sql FROM\\ genres",
        ],
        first=2,
    ),
)
def test_no_command_leaves_anything(large: Path, temporary: Path, command: str) -> None:
    """Neither in the folder for temporary files nor beside the database, also when it fails."""
    program = [*PROGRAM, *shlex.split(command), "--database", str(large)]
    ended(program, cwd=temporary.parent, env=environment(TMPDIR=str(temporary)))
    assert list(temporary.iterdir()) == []
    assert [path.name for path in large.parent.iterdir()] == [large.name]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"max_temp_directory_size": "'1MB'"},
            "the folder for temporary files is full: free some space in {temporary}",
        ),
        ({"memory_limit": "'3MB'"}, "needs more memory than there is: ask for less at once"),
    ],
    ids=["disk", "memory"],
)
def test_too_little_space_gives_a_one_sentence_error(
    large: Path, temporary: Path, settings: dict[str, str], words: str
) -> None:
    """With what to do, and not with options that a report does not have."""
    with pytest.raises(movie_reports.MovieReportsError) as caught, plain_reading(large):
        execute.rows(tight(large, **settings), HEAVY)
    assert words.format(temporary=temporary) in str(caught.value)
    assert "--memory-limit" not in str(caught.value)
    assert "\n" not in str(caught.value)


def limited(*arguments: str | Path) -> Result:
    """Run the program where no file may be longer than 2000 bytes."""
    return ended([sys.executable, "-c", SMALL_FILES, *map(str, arguments)], env=environment())


@posix
@pytest.mark.parametrize(
    "command",
    [
        ("films", "--export", "csv"),
        ("films", "--export", "json"),
        ("films", "--export", "parquet"),
        ("sql", "FROM movies", "--export", "csv"),
    ],
)
def test_a_full_disk_during_an_export_gives_a_one_sentence_error(
    sample_database: Path, command: tuple[str, ...]
) -> None:
    """It names the folder, and what to do, whichever library writes the file."""
    result = limited(*command, "--database", sample_database)
    assert_fails(result, 1, "the folder for temporary files is full", tempfile.gettempdir(), "TMPDIR")
    assert "exception" not in result.stderr


@posix
def test_an_unwritable_folder_gives_a_one_sentence_error(
    sample_database: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reports need none; only an export does."""
    monkeypatch.setattr(tempfile, "_get_candidate_names", lambda: iter(["a/b"] * 500))
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(temporary / "none")])
    assert run("genres", "--quiet", "--database", sample_database).returncode == 0
    result = run("genres", "--export", "csv", "--database", sample_database)
    assert_fails(result, 1, "no temporary file can be written", "TMPDIR")
