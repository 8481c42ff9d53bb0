"""No statement of `sql` can read or write a file or access the network, and every one ends."""

import shutil
import socket
from pathlib import Path

import pytest

from program import apart, assert_fails, help_of, run

slow = pytest.mark.slow

PRIVATE = "what only its owner may read"
# {db} is the database, {file} a file beside it, and {port} a listening port.
WRITING = [
    "COPY movies TO '{db}.tmp/x.csv'",
    "COPY movies TO '{db}' (USE_TMP_FILE false)",
    "COPY movies TO '{db}' (FORMAT parquet, USE_TMP_FILE false)",
    "COPY movies TO '{db}.wal' (USE_TMP_FILE false)",
    "COPY movies TO '{db}.wal.recovery' (USE_TMP_FILE false)",
    "COPY movies TO 'x.csv'",
    "COPY (SELECT title, status FROM movies) TO 'x' (PARTITION_BY status)",
    "COPY movies TO '/dev/stdout' (USE_TMP_FILE false)",
    "COPY FROM DATABASE movies TO system",
    "EXPLAIN ANALYZE COPY movies TO 'x.csv'",
    "PREPARE writing AS COPY movies TO 'x.csv'",
    "SELECT 1; COPY movies TO 'x.csv'",
    "EXPORT DATABASE '{db}.tmp'",
    "EXPORT DATABASE 'x'",
    "ATTACH 'x.duckdb'",
    "ATTACH '{db}' AS again",
    "CREATE PERSISTENT SECRET mine (TYPE http, BEARER_TOKEN 'x')",
    "CHECKPOINT movies",
    "DELETE FROM movies",
    "DROP TABLE movies",
    "CREATE TABLE mine (id INTEGER)",
    "INSERT INTO movies (id) VALUES (1)",
    "COMMENT ON TABLE movies IS 'mine'",
    "CREATE TYPE mine AS ENUM ('a')",
    "SET temp_directory = 'x'",
    "RESET temp_directory",
    "SET profiling_output = 'x.json'",
    "PRAGMA profiling_output = 'x.json'",
    "PRAGMA enable_profiling = 'json'",
    "CALL enable_profiling(format = 'json', save_location = 'x.json')",
    "SET log_query_path = 'x.sql'",
    "CALL enable_logging(storage = 'file', storage_config = {{'path': 'x'}})",
    "SELECT * FROM enable_logging(storage = 'file', storage_config = {{'path': 'x'}})",
]
READING = [
    "SELECT * FROM '{file}'",
    "SELECT * FROM read_csv('{file}', header = false)",
    "SELECT * FROM read_text('{file}')",
    "SELECT * FROM read_blob('{file}')",
    "SELECT * FROM read_text(['{file}'])",
    "SELECT * FROM glob('*')",
    "SELECT * FROM query('SELECT * FROM read_text(''{file}'')')",
    "SELECT * FROM query_table('{file}')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''{file}'')'))",
    "SELECT size FROM read_blob('{db}')",
    "SELECT * FROM read_csv('/dev/stdin')",
    "COPY movies FROM '{file}'",
    "IMPORT DATABASE '.'",
    "ATTACH '{file}' (TYPE sqlite)",
    "SELECT getenv('HOME')",
    "SELECT * FROM text",
    "SELECT * FROM query",
]
REACHING = [
    "SELECT * FROM 'http://127.0.0.1:{port}/x.csv'",
    "SELECT * FROM read_text('http://127.0.0.1:{port}/x')",
    "ATTACH 'http://127.0.0.1:{port}/x.duckdb'",
    "ATTACH 'host=127.0.0.1 port={port}' (TYPE postgres)",
    "SELECT * FROM 's3://bucket/x.parquet'",
    "INSTALL httpfs FROM 'http://127.0.0.1:{port}'",
    "FORCE INSTALL h3 FROM community",
    "LOAD httpfs",
    "LOAD './x.duckdb_extension'",
    "SET enable_external_access = true",
    "RESET enable_external_access",
    "SET lock_configuration = false",
    "SET disabled_filesystems = ''",
    "SET autoinstall_known_extensions = true",
    "SET memory_limit = '1TB'",
]


@pytest.fixture
def database(sample_database: Path, tmp_path: Path) -> Path:
    """Have a database in a folder with a home and a private file."""
    (tmp_path / "home").mkdir()
    (tmp_path / "here" / "m.duckdb.tmp").mkdir(parents=True)  # where the engine would put temporary files
    (tmp_path / "here" / "file.csv").write_text(PRIVATE)
    return Path(shutil.copy(sample_database, tmp_path / "here" / "m.duckdb"))


def contents(folder: Path) -> dict[Path, bytes]:
    """Return what is in a folder, and in the files there."""
    return {path: path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


@pytest.mark.parametrize("query", [*WRITING, *READING, *REACHING])
def test_a_statement_reaches_nothing_but_the_tables(
    database: Path, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is created, changed or shown, no connection is made, and an error is readable."""
    monkeypatch.chdir(database.parent)
    before = contents(database.parent)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        text = query.format(db=database, file=database.with_name("file.csv"), port=listener.getsockname()[1])
        result = run("sql", text, "--database", database, HOME=str(database.parent.parent / "home"))
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert contents(database.parent) == before
    assert list((database.parent.parent / "home").iterdir()) == []
    assert PRIVATE not in result.stdout + result.stderr
    assert result.returncode in {0, 1, 2}
    assert result.returncode == 0 or result.stderr.startswith("movie-reports: ")
    assert "unexpected" not in result.stderr


def test_a_forbidden_statement_gives_a_one_sentence_error(database: Path) -> None:
    """As wrong usage, and not in the engine's words about its settings."""
    for query in ("SELECT * FROM 'file.csv'", "COPY movies TO 'x.csv'", "INSTALL httpfs"):
        assert_fails(run("sql", query, "--database", database), 2, "reaches the tables of the database only")


LONG = "SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000) b"


@pytest.mark.parametrize(
    "query",
    [LONG, *(pytest.param(f"{form} {LONG}", marks=slow) for form in ("EXPLAIN ANALYZE", "CREATE TEMP TABLE mine AS"))],
)
def test_a_statement_that_takes_too_long_is_stopped(database: Path, query: str) -> None:
    """With a sentence that names the option, for every kind of statement."""
    result = apart("sql", query, "--timeout", "1", "--database", database)
    assert_fails(result, 1, "takes longer than 1 second:", "--timeout")


GREEDY = [
    "SELECT * FROM range(10000000000)",
    "SELECT * FROM range(30000000) ORDER BY hash(range)",
    "SELECT list(range) FROM range(100000000)",
    "CREATE TEMP TABLE mine AS SELECT * FROM range(100000000)",
    "SELECT repeat('x', 1000000) FROM range(1000000)",
]


@pytest.mark.parametrize(
    ("query", "export"),
    [
        (GREEDY[0], ()),
        (GREEDY[1], ("--export", "csv")),
        *(pytest.param(query, (), marks=slow) for query in GREEDY[1:]),
        pytest.param(GREEDY[2], ("--export", "csv"), marks=slow),
        *(pytest.param(query, ("--export", "parquet", "--output", "x.parquet"), marks=slow) for query in GREEDY[1:3]),
    ],
)
def test_a_statement_that_needs_too_much_memory_is_stopped(
    database: Path, query: str, export: tuple[str, ...], tmp_path: Path
) -> None:
    """Be it for its own work or for its rows; the sentence names the option, and no file is left."""
    export = tuple(str(tmp_path / part) if part == "x.parquet" else part for part in export)
    result = apart("sql", query, *export, "--memory-limit", "100MB", "--database", database)
    assert_fails(result, 1, "needs more memory than 100MB", "--memory-limit")
    assert not (tmp_path / "x.parquet").exists()
    assert [*database.with_name("m.duckdb.tmp").iterdir()] == []


@pytest.mark.parametrize(
    "options", [("--timeout", "0"), ("--timeout", "x"), ("--timeout", "nan"), ("--memory-limit", "much")]
)
def test_an_invalid_limit_is_wrong_usage(database: Path, options: tuple[str, str]) -> None:
    """And the statement is not run."""
    assert_fails(run("sql", "SELECT 1", *options, "--database", database), 2, options[0], most=2)


def test_the_help_names_the_limits() -> None:
    """And their defaults."""
    text = " ".join(help_of("sql").split())
    assert "Stop a statement that takes longer. [default: 60" in text
    assert "Stop a statement that needs more memory. [default: 1GB]" in text
