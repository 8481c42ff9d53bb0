"""What the program says, and how it ends."""

import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

import movie_reports
from films import loading, querying, text
from ingesting import wait_for
from movie_reports import __version__
from movie_reports.cli import app as cli
from program import LIMIT, PROGRAM, apart, assert_fails, ended, help_of, printed, run, started
from selection import few

COMMANDS = [
    command.__name__.replace("_", "-")
    for command in [command for commands in cli.COMMANDS.values() for command in commands]
]


def test_a_missing_database_is_code_1(tmp_path: Path) -> None:
    """The error says how to make one."""
    assert_fails(run("genres", "--database", tmp_path / "none.duckdb"), 1, "none.duckdb", "movie-reports ingest")


@pytest.mark.parametrize(
    "statements",
    [
        "CREATE TABLE schema_version AS SELECT '1.0' AS version",
        "CREATE TABLE schema_version AS SELECT 2 AS version",
        "CREATE TABLE schema_version AS SELECT 99 AS version",
        "CREATE TABLE schema_version (version INTEGER)",
        "CREATE TABLE schema_version AS SELECT 2 AS number; CREATE TABLE ingests (id INTEGER)",
        "CREATE TABLE schema_version AS SELECT '2' AS version; CREATE TABLE ingests (id INTEGER)",
        "CREATE TABLE schema_version AS SELECT [2] AS version; CREATE TABLE ingests (id INTEGER)",
        "CREATE TABLE schema_version AS SELECT 1 AS version; CREATE TABLE ingests (id INTEGER)",
        "CREATE TABLE schema_version (version INTEGER); CREATE TABLE ingests (id INTEGER)",
        "CREATE TABLE ingests (id INTEGER)",
        "CREATE TABLE movies (id INTEGER)",
        "CREATE VIEW schema_version AS SELECT 2 AS version",
    ],
)
def test_a_database_of_other_people_is_none_of_ours(tmp_path: Path, statements: str) -> None:
    """Whatever it tells of a version of its own."""
    path = tmp_path / "theirs.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(statements)
    before = path.read_bytes()
    for command in ("company", "status"):
        result = run(command, "--database", path)
        assert_fails(result, 1, "theirs.duckdb is a DuckDB database, but not one of movie-reports")
    assert path.read_bytes() == before


@pytest.fixture(scope="module")
def damaged(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Overwrite something in each block with values of films, but in none without which it cannot be opened."""
    content = bytearray(sample_database.read_bytes())
    values = "SELECT DISTINCT block_id FROM pragma_storage_info('movies') WHERE block_id >= 0"
    for (block,) in querying(sample_database)(values):
        place = 12288 + block * 2**16 + 2000
        content[place : place + 64] = b"\xff" * 64
    path = tmp_path_factory.mktemp("damaged") / "damaged.duckdb"
    path.write_bytes(content)
    return path


COMMANDS_THAT_READ = ["company", "company Pixar --export parquet", "genres", "films", "companies pixar", "status"]


@pytest.mark.parametrize("command", [*COMMANDS_THAT_READ, "sql FROM\\ movies"])
def test_a_damaged_database_is_code_1(damaged: Path, command: str) -> None:
    """Whatever is asked, the error names the file and what to do."""
    assert_fails(run(*shlex.split(command), "--database", damaged), 1, "damaged.duckdb is damaged: restore a copy")


def test_a_damaged_database_is_an_error_in_python(damaged: Path) -> None:
    """As an error of this library."""
    with movie_reports.open(damaged) as database:
        for report in (database.company, database.genres, database.films, database.companies):
            with pytest.raises(movie_reports.MovieReportsError, match="is damaged"):
                report()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_full_disk_of_an_export_is_none_of_the_database(sample_database: Path) -> None:
    """The error is about the output."""
    command = [*PROGRAM, "company", "--export", "csv", "--database", str(sample_database)]
    with Path("/dev/full").open("wb") as full:
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (result.returncode, result.stderr.startswith("movie-reports: cannot write the output")) == (1, True)


def test_a_database_of_another_engine_is_refused_without_a_look_at_the_network(tmp_path: Path) -> None:
    """For some of them DuckDB would fetch an extension."""
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE films (id)")
    for command in (("company",), ("status",), ("ingest", path)):
        result = apart(*command, "--database", path, HTTPS_PROXY="http://127.0.0.1:1", HTTP_PROXY="http://127.0.0.1:1")
        assert_fails(result, 1, "theirs.db is not a DuckDB database")


def test_a_database_may_be_called_interrupted(tmp_path: Path) -> None:
    """Its name is not taken for Ctrl-C, whatever is wrong with it."""
    path = tmp_path / "interrupted.duckdb"
    path.write_bytes(b"junk" * 5000)
    assert_fails(run("genres", "--database", path), 1, "is not a DuckDB database")
    assert_fails(run("genres", "--database", tmp_path / "Query interrupted"), 1, "there is no database")


def test_a_missing_source_is_code_1(tmp_path: Path) -> None:
    """The error names it, and no database appears."""
    result = run("ingest", tmp_path / "none.zip", "--database", tmp_path / "m.duckdb")
    assert_fails(result, 1, "none.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--year", "19x5"),
        ("--genres", "--top", "3"),
        ("--genres", "--top", "0"),
        ("--genres", "--bottom", "0"),
        ("--genres", "--min-films", "0"),
        ("--all-matches",),
    ],
)
def test_wrong_usage_is_code_2(odd_database: Path, arguments: tuple[str, ...]) -> None:
    """A year that is none, and options that exclude each other."""
    assert_fails(run("company", *arguments, "--database", odd_database), 2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compny"], ["no such command 'compny'. Did you mean 'company'", "See 'movie-reports --help'"]),
        (
            ["genres", "--yaer", "1995"],
            ["no such option: --yaer. Did you mean --year?", "'movie-reports genres --help'"],
        ),
        (["genres", "--metric", "profits"], ["'profits' is not one of", "'releases'", "'profit'", "'popularity'"]),
        (["genres", "--top"], ["option '--top' requires an argument"]),
        (["genres", "Drama"], ["(Drama): names come with --company, --genre, ", "--keyword or --person\n"]),
        (["genres", "--weather", "90"], ["no such option: --weather.\n"]),
        (["companies", "Walt", "Disney"], ["(Disney): put a name of several words in quotes"]),
        (["ingest"], ["missing argument 'sources'"]),
    ],
)
def test_a_mistyped_command_or_option_is_code_2_with_a_suggestion(arguments: list[str], words: list[str]) -> None:
    """In the words of the program, as every other error."""
    result = run(*arguments)
    assert_fails(result, 2, *words, most=2)


def test_without_a_command_the_help_is_shown() -> None:
    """As talk, not as data: nothing was asked for."""
    result = run()
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == help_of()


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("command", [[], *([command] for command in COMMANDS)])
def test_help_fits_the_terminal(command: list[str], columns: int) -> None:
    """But for examples, which can be copied whole, and the values of an option, which stand together."""
    lines = help_of(*command, columns=columns).splitlines()
    prose = [line for line in lines if "movie-reports " not in line and "|" not in line]
    assert max(map(len, prose)) <= min(columns, 80)


def test_the_help_is_as_wide_as_the_terminal_was_at_the_start() -> None:
    """The tests above set the width of a program that runs already."""
    assert apart("genres", "--help", COLUMNS="40").stdout == help_of("genres", columns=40)
    assert help_of("genres", columns=40) != help_of("genres")


def test_an_unknown_company_is_code_3(odd_database: Path) -> None:
    """The error repeats the name."""
    assert_fails(run("company", "Nobody", "--database", odd_database), 3, "Nobody")


def test_a_year_without_films_is_code_3(odd_database: Path) -> None:
    """There is nothing to export either."""
    assert_fails(run("genres", "--year", "1900", "--export", "json", "--database", odd_database), 3)


def test_a_clear_best_match_is_taken(odd_database: Path) -> None:
    """What else it could have meant is said, but not with --quiet."""
    arguments = ("company", "star", "--export", "csv", "--database", odd_database)
    result = run(*arguments)
    assert "Star Works" in result.stdout
    assert result.stderr == '"star" is taken as Star Works (5 films, 2001); there is also: Starlet (1 film, 2001)\n'
    assert printed(*arguments, "-q") == result.stdout


def test_an_interrupted_ingest_is_code_130(tmp_path: Path) -> None:
    """The old database stays byte for byte, and nothing is left beside it."""
    loading(tmp_path)(text({"title": "Old"}))
    path = tmp_path / "movies.duckdb"
    old = path.read_bytes()
    films = text({"title": "New"})
    header, record, _ = films.split("\n")
    (tmp_path / "films.csv").write_text(f"{header}\n" + f"{record}\n" * 400_000)
    command, pipe = [*PROGRAM, "ingest", str(tmp_path / "films.csv"), "--database", str(path)], subprocess.PIPE
    with started(command, stdout=pipe, stderr=pipe, text=True) as process:
        wait_for("build.duckdb", path, process)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=LIMIT)
    assert_fails(subprocess.CompletedProcess([], process.returncode, output, errors), 130, "interrupted")
    assert path.read_bytes() == old
    assert {file.name for file in tmp_path.iterdir()} == {"films.csv", "movies.duckdb", ".movies.duckdb.lock"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("genres", "--database", "none.duckdb"), 1),
        (("genres", "--year", "x"), 2),
        (("genres", "--year", "1800"), 3),
        (("company", "Nobody"), 3),
    ],
)
def test_debug_shows_the_traceback(odd_database: Path, arguments: tuple[str, ...], code: int) -> None:
    """Before the error, which is the same as without, and so is the code."""
    usual, debugged = (run(*arguments, *more, MOVIE_REPORTS_DATABASE=str(odd_database)) for more in ((), ("--debug",)))
    assert (usual.returncode, debugged.returncode) == (code, code)
    assert "Traceback" not in usual.stderr
    assert debugged.stderr.startswith("Traceback")
    assert debugged.stderr.endswith(usual.stderr)


def test_the_option_comes_before_the_variable(sample_database: Path, odd_database: Path) -> None:
    """MOVIE_REPORTS_DATABASE counts where no --database is given."""
    assert "Nova Films" in printed("company", MOVIE_REPORTS_DATABASE=str(odd_database))
    output = printed("company", "--all", "--database", sample_database, MOVIE_REPORTS_DATABASE=str(odd_database))
    assert "Nova Films" not in output


@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TERM": "dumb"}])
def test_what_is_piped_has_no_colour(sample_database: Path, variables: dict[str, str]) -> None:
    """Neither a table nor the status, nor does anything else steer a terminal there."""
    assert "\x1b" not in printed("genres", "--all", "--database", sample_database, **variables)
    status = printed("status", "--database", sample_database, **variables)
    assert ("SHA-256" in status, "\x1b" in status) == (True, False)


@pytest.mark.skipif(os.name != "posix", reason="the shell is that of POSIX")
@pytest.mark.parametrize(
    ("command", "closed"),
    few(
        [
            *(("company star", closed) for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-")),
            ("genres -e parquet", "2>&-"),
            ("genres -e parquet", ">&-"),
            ("status", "<&- >&- 2>&-"),
        ],
        first=4,
    ),
)
def test_a_stream_may_be_closed(odd_database: Path, command: str, closed: str) -> None:
    """What would be read from it is empty, and what would be written to it is lost; all else goes on."""
    whole, found = (
        subprocess.run(
            ["sh", "-c", f'"$@" {streams}', "sh", *PROGRAM, *command.split(), "--database", str(odd_database)],  # noqa: S607
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )
        for streams in ("", closed)
    )
    assert found.stdout == (b"" if " >" in f" {closed}" else whole.stdout)
    assert found.stderr == (b"" if "2>" in closed else whole.stderr)


@pytest.mark.skipif(os.name != "posix", reason="the shell is that of POSIX")
@pytest.mark.parametrize("closed", few(["<&-", ">&-", "2>&-"]))
def test_an_ingest_without_a_stream_loads_all(tmp_path: Path, closed: str) -> None:
    """Such as that of a background job; an error keeps its code."""
    (tmp_path / "films.csv").write_text(text({"title": "A film"}))
    command = ["sh", "-c", f'"$@" {closed}', "sh", *PROGRAM, "ingest", "films.csv"]
    assert subprocess.run(command, cwd=tmp_path, stdin=subprocess.DEVNULL, check=False).returncode == 0
    assert "A film" in printed("films", "--database", tmp_path / "movies.duckdb")
    assert subprocess.run([*command, "none.csv"], cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_a_closed_pipe_ends_quietly(sample_database: Path) -> None:
    """Reading only the first line causes no error."""
    command = [*PROGRAM, "company", "--export", "ndjson", "--database", str(sample_database)]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.close()
        _, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, errors) == (0, "")


def test_the_help_names_every_command() -> None:
    """And --version the version."""
    output = printed("--help")
    assert all(re.search(rf"^  {command} ", output, re.MULTILINE) for command in COMMANDS)
    assert printed("--version") == f"movie-reports {__version__}\n"


def test_sample_and_ingest_say_what_they_did(tmp_path: Path) -> None:
    """On stderr, so that stdout is free for data."""
    result = apart("sample", tmp_path / "films.zip")
    assert (result.returncode, result.stdout) == (0, "")
    result = apart("ingest", tmp_path / "films.zip", "--database", tmp_path / "m.duckdb")
    assert (result.returncode, result.stdout) == (0, "")
    assert re.search(r"[1-9]\d* read = [1-9]\d* films \+ 2 duplicates \+ [1-9] rejects", result.stderr)
    assert printed("ingest", tmp_path / "films.zip", "-q", "--database", tmp_path / "m.duckdb") == ""


def test_starting_up_loads_no_engine() -> None:
    """What is dear to import is imported where it is used."""
    dear = {"duckdb", "pyarrow", "rich.table", "filelock", "altair", "plotext", "vl_convert", "isal"}
    code = f"import sys, movie_reports.cli; print({dear} & set(sys.modules))"
    assert ended([sys.executable, "-c", code]).stdout == "set()\n"


def test_control_characters_never_reach_the_terminal_through_messages(odd_database: Path) -> None:
    """Candidates and what a name was taken for are made harmless too."""
    assert "\x1b" not in run("company", "e", "--database", odd_database).stderr
