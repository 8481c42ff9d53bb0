"""Questions of one's own: what `sql` answers; what `schema` tells of the tables."""

import json
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from pyarrow import parquet

from movie_reports.database import execute
from program import LIMIT, PROGRAM, apart, ended, environment, exported, printed, run, started, wait_until

LONG = "SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000) b"


def test_an_answer_is_what_the_engine_gives(sample_database: Path, tmp_path: Path) -> None:
    """All formats contain the rows that DuckDB returns for the same statement."""
    query = "SELECT title, budget, release_date, popularity FROM movies ORDER BY id LIMIT 7"
    with duckdb.connect(str(sample_database), read_only=True) as connection:
        expected = [tuple(map(str, row)) for row in connection.execute(query).fetchall()]
    rows = exported("sql", query, "--database", sample_database)
    assert [tuple(value or "None" for value in row.values()) for row in rows] == expected
    objects = json.loads(printed("sql", query, "--export", "json", "--database", sample_database))
    assert [tuple(map(str, row.values())) for row in objects] == expected
    table = printed("sql", query, "--quiet", "--database", sample_database)
    assert all(title in table for title, *_ in expected)
    printed("sql", query, "--quiet", "--output", tmp_path / "x.parquet", "--database", sample_database)
    assert [tuple(map(str, row.values())) for row in parquet.read_table(tmp_path / "x.parquet").to_pylist()] == expected


def test_values_of_every_type_can_be_exported(sample_database: Path) -> None:
    """Truth values, lists, structs, decimals, dates, times with a zone, and two columns of one name."""
    query = (
        "SELECT true AS yes, [1, 2] AS list, {'a': 'é'} AS struct, 1.50::DECIMAL(4, 2) AS exact, 1 AS same, 2 AS same, "
        "DATE '2001-02-03' AS day, TIMESTAMPTZ '2001-02-03 04:05:06+00' AS moment, NULL AS nothing"
    )
    (row,) = json.loads(apart("sql", query, "--export", "json", "--database", sample_database, TZ="UTC").stdout)
    assert (row["yes"], row["list"], row["struct"], row["nothing"]) == (True, [1, 2], {"a": "é"}, None)
    assert (Decimal(str(row["exact"])), row["same"], row["same_1"]) == (Decimal("1.5"), 1, 2)
    assert (row["day"], row["moment"][:19]) == ("2001-02-03", "2001-02-03 04:05:06")
    (cells,) = exported("sql", query, "--database", sample_database)
    assert (cells["yes"], cells["list"], cells["struct"], cells["exact"]) == ("true", "[1,2]", '{"a":"é"}', "1.50")


def test_a_statement_comes_from_an_argument_a_file_or_stdin(sample_database: Path, tmp_path: Path) -> None:
    """All three answer the same."""
    query = "SELECT count(*) AS films FROM movies"
    (tmp_path / "query.sql").write_text(f"-- how many?\n{query};\n")
    command = [*PROGRAM, "sql", "-", "--database", str(sample_database)]
    piped = ended(command, stdin=query).stdout
    assert piped == printed("sql", query, "--database", sample_database)
    assert piped == printed("sql", tmp_path / "query.sql", "--database", sample_database)
    assert "films" in piped


@pytest.mark.parametrize(
    ("query", "cell"),
    [
        ("EXPLAIN ANALYZE SELECT count(*) FROM movies", "Total Time"),
        ("SHOW TABLES", "movie_genres"),
        ("PRAGMA table_info('movies')", "release_date"),
        ("CALL duckdb_settings()", "threads"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--export", "csv"), ("--export", "parquet", "--output", "x.parquet")])
def test_a_statement_need_be_no_select(
    sample_database: Path, query: str, cell: str, form: tuple[str, ...], tmp_path: Path
) -> None:
    """What the engine tells is answered in every form."""
    path = tmp_path / "x.parquet"
    done = run(
        "sql", query, "--all", *(path if part == path.name else part for part in form), "--database", sample_database
    )
    assert done.returncode == 0, done.stderr
    output = str(parquet.read_table(path).to_pylist()) if "--output" in form else done.stdout
    assert cell in output


def test_a_single_text_is_printed_as_its_lines(sample_database: Path) -> None:
    """A plan of the engine can be read, and nothing in a text steers; beside other values a text is one line."""
    plan = printed("sql", "EXPLAIN SELECT title FROM movies", "--database", sample_database)
    with duckdb.connect(str(sample_database), read_only=True) as connection:
        ((_, expected),) = connection.execute("EXPLAIN SELECT title FROM movies").fetchall()
    assert [set(line) for line in plan.splitlines()[:1]] == [set(line) for line in expected.splitlines()[:1]]
    assert "explain_key" not in plan
    assert len(plan.splitlines()) > 3
    two = "SELECT 'one' || chr(10) || chr(27) || 'two' AS lines"
    assert printed("sql", two, "--database", sample_database) == "one\n\\x1btwo\n"
    for more in (", 1 AS other", " FROM range(2)"):
        assert r"one\n\x1btwo" in printed("sql", two + more, "--database", sample_database)


def test_a_statement_runs_once(sample_database: Path) -> None:
    """A table made twice would be there already; some versions of the engine tell its rows, others nothing."""
    result = run("sql", "CREATE TEMP TABLE mine AS SELECT title FROM movies", "--database", sample_database)
    assert "already exists" not in result.stderr
    assert result.returncode == (0 if result.stdout else 2)


def test_no_rows_are_no_error(sample_database: Path) -> None:
    """A table says so, an export has its header."""
    result = run("sql", "SELECT title FROM movies WHERE false", "--database", sample_database)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "No rows.\n")
    arguments = ("SELECT title FROM movies WHERE false", "--export", "csv", "--database", sample_database)
    assert printed("sql", *arguments) == "title\n"


@pytest.mark.parametrize("query", ["SELEC 1", "SELECT nothing FROM movies", "SELECT 1; SELECT 2", "", "SELECT $x"])
def test_a_statement_that_cannot_be_read_is_code_2(sample_database: Path, query: str) -> None:
    """The engine's own words tell where; several statements are none."""
    result = run("sql", query, "--database", sample_database)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("source", ["latin1.sql", "-"])
@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
def test_a_statement_in_another_encoding_is_code_2(
    sample_database: Path, tmp_path: Path, source: str, errors: str
) -> None:
    """In a file or from stdin, and the error tells so."""
    query = "SELECT 'é' AS name".encode("latin-1")
    (tmp_path / "latin1.sql").write_bytes(query)
    command = [*PROGRAM, "sql", source, "--database", str(sample_database)]
    settings = environment(PYTHONIOENCODING=f"utf-8:{errors}")
    result = subprocess.run(command, cwd=tmp_path, input=query, capture_output=True, check=False, env=settings)
    assert (result.returncode, result.stdout, result.stderr.count(b"\n")) == (2, b"", 1)
    assert b"is not text in UTF-8" in result.stderr


def test_the_schema_tells_of_every_column(sample_database: Path) -> None:
    """Each has its type, its key and its comment, as the file itself has them."""
    rows = exported("schema", "--database", sample_database)
    with duckdb.connect(str(sample_database), read_only=True) as connection:
        query = "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal"
        expected = connection.execute(query).fetchall()
    assert {(r["in_table"], r["name"], r["type"], r["comment"]) for r in rows} == set(expected)
    assert len(rows) == len(expected)
    keys = {(row["in_table"], row["name"]): row["key"] for row in rows}
    assert (keys["ingests", "id"], keys["movies", "id"]) == ("primary key", "not null")
    assert keys["movies", "title"] == ""
    assert rows[0]["in_table"] == "movies"
    shown = printed("schema", "--database", sample_database)
    assert all(row["name"] in shown and row["comment"] in shown for row in rows)


IN_JSON: dict[str, object] = {
    "'NaN'::DOUBLE": None,
    "[1.5, '-Infinity'::DOUBLE]": [1.5, None],
    "MAP {DATE '2001-02-03': 1}": {"2001-02-03": 1},
    "1.25::DECIMAL(4, 2)": 1.25,
    "1234567890123456789012345678.5::DECIMAL(38, 1)": "1234567890123456789012345678.5",
    "{'a': [DATE '2001-02-03']}": {"a": ["2001-02-03"]},
    "'a\\xFF'::BLOB": "a\\xff",
    "170141183460469231731687303715884105727::HUGEINT": 2**127 - 1,
}


@pytest.mark.parametrize("kind", ["json", "ndjson"])
def test_json_holds_any_value_as_exactly_as_it_can(sample_database: Path, kind: str) -> None:
    """What is no finite number is null, and what no float can hold is a text."""

    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is not JSON")

    columns = ", ".join(f"{value} AS value_{number}" for number, value in enumerate(IN_JSON))
    text = printed("sql", f"SELECT {columns}", "--export", kind, "--database", sample_database)
    found = json.loads(text, parse_constant=refuse)
    assert list((found[0] if kind == "json" else found).values()) == list(IN_JSON.values())


def test_an_unknown_table_points_to_the_schema(sample_database: Path) -> None:
    """The error says where to find the names of tables."""
    result = run("sql", "SELECT * FROM film", "--database", sample_database)
    assert result.returncode == 2
    assert "'movie-reports schema' shows the tables" in result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="how long a process has worked is read from /proc")
@pytest.mark.parametrize(
    ("query", "output"),
    [
        (LONG, ()),
        pytest.param(LONG, ("--output", "x.csv"), marks=pytest.mark.slow),
        pytest.param(LONG, ("--output", "x.parquet"), marks=pytest.mark.slow),
        pytest.param(f"EXPLAIN ANALYZE {LONG}", (), marks=pytest.mark.slow),
    ],
)
def test_an_interrupt_ends_a_long_query(
    sample_database: Path, query: str, output: tuple[str, ...], tmp_path: Path
) -> None:
    """At once, with code 130, and no half of a file."""
    command = [*PROGRAM, "sql", query, *output, "--database", str(sample_database)]
    pipe = subprocess.PIPE
    with started(command, cwd=tmp_path, stdout=pipe, stderr=pipe, text=True) as process:
        wait_until(lambda: _seconds_of_work(process.pid) >= 1, process)  # it is in the middle of the query by then
        process.send_signal(signal.SIGINT)
        written, said = process.communicate(timeout=LIMIT)
    assert (process.returncode, written, said) == (130, "", "movie-reports: interrupted\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="there are no alarms")
def test_a_query_ends_with_what_a_signal_handler_raises(sample_database: Path) -> None:
    """An alarm set for a query raises its error, and the connection is free for the next query."""

    def ring(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    try:
        with duckdb.connect(str(sample_database), read_only=True) as connection:
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(TimeoutError):
                execute.records(connection, LONG)
            assert execute.records(connection, "SELECT 1 AS one") == [{"one": 1}]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _seconds_of_work(process: int) -> float:
    """Return the time that a process has worked for; it takes half a second to begin."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
