"""A server of Spark Connect answers as DuckDB does; it may refuse, be slow, or die."""

import json
import math
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

import clusters
import movie_reports
import various
from clusters import Sail
from films import loading
from movie_reports.errors import TooSlowError
from program import Result, assert_fails, printed, run

pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
pytestmark = pytest.mark.component

SECRET = "not-to-be-shown"  # noqa: S105 (of no use)
KINDS = ("popularity", "votes", "vote-average", "weighted", "ratings", "ratings-mean")
QUESTIONS = [
    ["company", "Red"],
    ["company", "Red", "Blue", "--by", "quarter", "--metric", "profit"],
    ["company", "r", "--all-matches", "--average", "--by", "decade"],
    ["company", "--by", "all", "--metric", "revenue", "--top", "2", "--month", "11-2"],
    ["company", "--bottom", "1", "--min-films", "2", "--complete"],
    ["company", "Red", "--genres", "--genre", "Drama", "--genre", "none"],
    ["company", "--genres", "--by", "month", "--year", "2000-"],
    ["genres", "--year", "none"],
    ["genres", "--genre", "Drama", "--genre", "War", "--by", "decade", "--average"],
    *(["genres", "--popularity", kind, "--metric", "popularity", "--top", "2"] for kind in KINDS),
    ["films"],
    ["films", "--company", "Blue", "--title", "FILM 1", "--popularity", "weighted", "--metric", "popularity"],
    ["films", "--genre", "none", "--metric", "profit", "--bottom", "3"],
    ["companies"],
    ["companies", "re"],
    ["genre-list"],
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish films in which the odd values of all columns meet."""
    folder = tmp_path_factory.mktemp("snap shots")  # names may have blanks
    loading(folder)(various.archive(folder / "films.zip"))
    movie_reports.publish(folder / "published", folder / "movies.duckdb")
    return folder / "published"


@pytest.fixture(scope="module")
def sail() -> Iterator[Sail]:
    """Start Sail once."""
    with clusters.sail() as server:
        yield server


@pytest.fixture
def asking(sail: Sail, snapshot: Path) -> Callable[..., Result]:
    """Ask Sail on the command line."""

    def ask(*arguments: str | Path, **variables: str) -> Result:
        settings = {"MOVIE_REPORTS_DATABASE": str(snapshot), "MOVIE_REPORTS_ENGINE": "spark", "SPARK_REMOTE": sail.url}
        return run(*arguments, **settings | variables)

    return ask


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_tables_and_exports_are_those_of_duckdb(
    asking: Callable[..., Result], snapshot: Path, tmp_path: Path, question: list[str]
) -> None:
    """Tables with their titles, totals and notes, and typed and text formats; means may differ by rounding."""
    expected = run(*question, "--database", snapshot)
    found = asking(*question)
    assert (found.returncode, found.stdout, found.stderr) == (0, expected.stdout, expected.stderr)
    for kind in ("csv", "json", "ndjson"):
        arguments = [*question, "--export", kind]
        assert_alike(asking(*arguments).stdout, printed(*arguments, "--database", snapshot, "--quiet"))
    for kind in ("parquet", "arrow"):
        for name, variables in (("here", {"MOVIE_REPORTS_ENGINE": "duckdb"}), ("there", {})):
            assert asking(*question, "--output", tmp_path / f"{name}.{kind}", "--quiet", **variables).returncode == 0
        assert_same_file(tmp_path / f"here.{kind}", tmp_path / f"there.{kind}")


def test_chart_is_that_of_duckdb(asking: Callable[..., Result], snapshot: Path) -> None:
    """Drawn here from the same rows."""
    question = ["company", "Red", "Blue", "--metric", "profit", "--chart"]
    expected, found = run(*question, "--database", snapshot), asking(*question)
    assert (found.returncode, found.stdout) == (0, expected.stdout)


def assert_alike(found: str, expected: str) -> None:
    """Compare texts, whose numbers may differ by rounding."""
    number = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?")
    assert number.sub("#", found) == number.sub("#", expected)
    pairs = zip_longest(map(float, number.findall(found)), map(float, number.findall(expected)))
    assert [pair for pair in pairs if not math.isclose(*pair, rel_tol=1e-9)] == []


def assert_same_file(path: Path, other: Path) -> None:
    """Compare files of Arrow or Parquet: types, metadata and values."""
    one, two = _read(path), _read(other)
    assert one.schema.equals(two.schema, check_metadata=True)
    assert_alike(*(json.dumps(table.to_pylist(), default=str) for table in (one, two)))


def _read(path: Path) -> Any:  # noqa: ANN401 (pyarrow has no types)
    from pyarrow import ipc, parquet  # noqa: PLC0415 (slow to load)

    return ipc.open_file(path).read_all() if path.suffix == ".arrow" else parquet.read_table(path)


def test_python_gets_the_same_tables(sail: Sail, snapshot: Path) -> None:
    """From an open database, also from several threads at once, each with a session of its own."""
    with movie_reports.open(snapshot) as one, movie_reports.open(snapshot, engine="spark", url=sail.url) as two:
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(lambda _: two.company("Red"), range(4)))
        assert all(table.equals(one.company("Red")) for table in found)
        assert two.history().equals(one.history())


def test_cluster_writes_parquet_itself(asking: Callable[..., Result], snapshot: Path, tmp_path: Path) -> None:
    """Into a folder of its own, once."""
    target = f"file://{tmp_path}/out"
    done = asking("genres", "--export", "parquet", "--output", target)
    with movie_reports.open(snapshot) as database:
        expected = database.genres()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"Wrote {target} ({expected.num_rows} rows)\n")
    assert_alike(*(json.dumps(table.to_pylist()) for table in (_read(tmp_path / "out"), expected)))
    assert_fails(asking("genres", "--export", "parquet", "--output", target), 1, "exists already")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["company", "Rde"], 3, "did you mean"),
        (["films", "--year", "1800"], 3, "no film matches"),
        (["films", "--url", "http://localhost"], 2, "sc://host"),
        (["films", "--output", "s3://bucket/films.csv"], 2, "only Parquet"),
        (["films", "--url", f"sc://localhost:1/;token={SECRET}"], 1, "localhost:1 does not answer"),
        (["films", "--url", f"sc://name.invalid/;token={SECRET};use_ssl=true"], 1, "name.invalid does not answer"),
    ],
    ids=["name", "nothing", "address", "format", "port", "host"],
)
def test_wrong_request_is_one_sentence(
    asking: Callable[..., Result], arguments: list[str], code: int, words: str
) -> None:
    """It names the server, never the token."""
    result = asking(*arguments)
    assert_fails(result, code, words, most=9)
    assert SECRET not in result.stderr


def test_missing_tls_is_one_sentence(asking: Callable[..., Result], sail: Sail) -> None:
    """With a token of the environment, which is not shown either."""
    url = f"sc://127.0.0.1:{sail.port}"
    result = asking("genres", "--url", url, SPARK_CONNECT_AUTHENTICATE_TOKEN=SECRET)
    assert_fails(result, 1, f"127.0.0.1:{sail.port}", "TLS")
    assert SECRET not in result.stderr


def test_file_is_no_snapshot(asking: Callable[..., Result], snapshot: Path) -> None:
    """Spark reads snapshots only."""
    assert_fails(asking("genres", "--database", snapshot.parent / "movies.duckdb"), 2, "publish it")


def test_url_needs_a_cluster(snapshot: Path) -> None:
    """DuckDB writes files of this machine."""
    assert_fails(run("genres", "--database", snapshot, "--output", "file:///tmp/x.parquet"), 2, "--engine spark")


@pytest.mark.parametrize("gone", [".", "tables/movies", "tables/movie_genres"])
def test_files_that_the_cluster_cannot_see_are_an_error(sail: Sail, snapshot: Path, tmp_path: Path, gone: str) -> None:
    """Never a part of the films, nor none."""
    movie_reports.publish(tmp_path / "published", snapshot.parent / "movies.duckdb")
    with movie_reports.open(tmp_path / "published", engine="spark", url=sail.url) as database:
        (tmp_path / "published" / gone).rename(tmp_path / "gone")
        with pytest.raises(movie_reports.MovieReportsError, match="cannot read the snapshot"):
            database.genres()


def test_timeout_stops_a_report_of_a_server_that_hangs(asking: Callable[..., Result], sail: Sail) -> None:
    """With a sentence, whatever the server does."""
    with sail.frozen():
        assert_fails(asking("genres", "--timeout", "1"), 1, "longer than 1 seconds")
    assert asking("genres").returncode == 0


def test_timeout_in_python(sail: Sail, snapshot: Path) -> None:
    """A report on an open database takes no longer than it may."""
    opened = movie_reports.Database(snapshot, engine="spark", url=sail.url, seconds=1)
    with opened as database, sail.frozen(), pytest.raises(TooSlowError):
        database.genres()


def test_server_that_dies_is_an_error(snapshot: Path) -> None:
    """While a report waits for it; the program does not go on trying."""
    with clusters.sail() as server, movie_reports.open(snapshot, engine="spark", url=server.url) as database:
        server.process.send_signal(signal.SIGSTOP)
        threading.Timer(1, server.process.kill).start()
        with pytest.raises(movie_reports.MovieReportsError, match="does not answer"):
            database.genres()


def test_timeout_stops_duckdb_too(snapshot: Path) -> None:
    """The same option for both engines: a report within its time is as always."""
    arguments = ["genres", "--database", str(snapshot)]
    assert printed(*arguments, "--timeout", "60") == printed(*arguments)


def test_missing_client_is_told(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With how to install it."""
    monkeypatch.setitem(sys.modules, "pyspark.sql.connect.session", None)
    result = run("genres", "--database", snapshot, "--engine", "spark", "--url", "sc://localhost")
    assert_fails(result, 1, "pip install 'movie-reports[spark]'")
