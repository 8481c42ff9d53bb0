"""A Spark cluster of two workers answers as DuckDB does, also while one of them is killed."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import clusters
import movie_reports
from clusters import TOKEN, Cluster
from movie_reports import Database
from program import assert_fails, run

pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
pytestmark = pytest.mark.component

REPORTS: list[Callable[[Database], Any]] = [
    lambda database: database.company("Pixar"),
    lambda database: database.company_genres("Warner Bros.", by="decade"),
    lambda database: database.genres(metrics=["profit"], top=3),
    lambda database: database.films(year="1990-1999"),
    lambda database: database.companies(),
]


@pytest.fixture(scope="module")
def snapshot(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish the sample."""
    folder = tmp_path_factory.mktemp("published")
    movie_reports.publish(folder, sample_database)
    return folder


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Start a cluster once."""
    with clusters.spark(tmp_path_factory.mktemp("spark")) as cluster:
        yield cluster


def test_cluster_checks_the_token(spark: Cluster, snapshot: Path) -> None:
    """Without or with a wrong one it answers nothing, and the token is not shown."""
    arguments = ["genres", "--database", str(snapshot), "--engine", "spark"]
    for url in (spark.url, f"{spark.url}/;token=wrong-{TOKEN}"):
        result = run(*arguments, "--url", url)
        assert_fails(result, 1, "refuses the token", "SPARK_CONNECT_AUTHENTICATE_TOKEN")
        assert TOKEN not in result.stderr


def test_files_that_the_cluster_cannot_see_are_an_error(spark: Cluster, sample_database: Path, tmp_path: Path) -> None:
    """In one sentence, without the traceback of Java."""
    movie_reports.publish(tmp_path / "published", sample_database)
    with movie_reports.open(tmp_path / "published", engine="spark", url=f"{spark.url}/;token={TOKEN}") as database:
        (tmp_path / "published").rename(tmp_path / "gone")
        with pytest.raises(
            movie_reports.MovieReportsError, match=r"^Spark at localhost:\d+ cannot read the snapshot.*$"
        ):
            database.genres()


def test_reports_are_right_while_a_worker_is_killed(
    spark: Cluster, snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five reports; a worker and its executor are killed while the second is on its way."""
    monkeypatch.setenv("SPARK_CONNECT_AUTHENTICATE_TOKEN", TOKEN)
    with movie_reports.open(snapshot) as here, movie_reports.open(snapshot, engine="spark", url=spark.url) as there:
        expected = [report(here) for report in REPORTS]
        assert REPORTS[0](there).equals(expected[0])
        killing = threading.Timer(0.5, spark.kill_a_worker)
        killing.start()
        found = [report(there) for report in REPORTS[1:]]
        killing.join()
    assert [rows.to_pylist() for rows in found] == [rows.to_pylist() for rows in expected[1:]]
