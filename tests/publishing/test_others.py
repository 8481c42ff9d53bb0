"""Other programs read a snapshot without movie-reports; and many at once read while others are published."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import movie_reports
from program import environment, started
from publishing import files, manifest
from runs import Place, films

deltalake = pytest.importorskip("deltalake", reason="the extra 'publish' is not installed")
TABLES = ("movies", "companies", "movie_genres", "movie_companies", "movie_ratings", "ingests")


@pytest.fixture(scope="module")
def store(various: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ANN401 (a case)
    """Publish films in which the odd values of all columns meet."""
    folder = tmp_path_factory.mktemp("published") / "films"
    movie_reports.publish(folder, various.database.path)
    return folder


def ordered(rows: list[dict[str, Any]]) -> list[Any]:
    """Return rows in an order of their own."""
    return sorted((tuple(row.items()) for row in rows), key=repr)


def expected(various: Any, table: str) -> list[Any]:  # noqa: ANN401 (a case)
    """Return what is in the file."""
    return ordered(various.database.sql(f"FROM {table}").to_pylist())


@pytest.mark.parametrize("table", TABLES)
def test_pyarrow_reads_the_files_of_the_manifest(various: Any, store: Path, table: str) -> None:  # noqa: ANN401
    """All rows, with their types; films come in the order of their release."""
    from pyarrow import dataset  # noqa: PLC0415

    found = dataset.dataset([store / path for path in files(manifest(store), table)]).to_table().to_pylist()
    assert ordered(found) == expected(various, table)
    if table == "movies":
        days = [row["release_date"] for row in found if row["release_date"] is not None]
        assert days == sorted(days)
        assert [row["release_date"] is None for row in found] == sorted(row["release_date"] is None for row in found)


@pytest.mark.parametrize("table", TABLES)
def test_delta_lake_reads_the_tables(various: Any, store: Path, table: str) -> None:  # noqa: ANN401
    """At the version that the manifest names; the log says which ingest it is of, and what the columns mean."""
    version = manifest(store)["tables"][table]["version"]
    found = deltalake.DeltaTable(store / "tables" / table, version=version)
    assert ordered(found.to_pyarrow_table().to_pylist()) == expected(various, table)
    assert found.transaction_version("movie-reports") == 1
    assert all(field.metadata["comment"] for field in found.schema().fields)


@pytest.mark.parametrize("table", TABLES)
def test_polars_reads_the_tables(various: Any, store: Path, table: str) -> None:  # noqa: ANN401
    """As Delta Lake, and the files of the manifest."""
    polars = pytest.importorskip("polars", reason="polars is not installed")
    version = manifest(store)["tables"][table]["version"]
    of_table = polars.read_delta(str(store / "tables" / table), version=version)
    of_files = polars.read_parquet([store / path for path in files(manifest(store), table)])
    for found in (of_table, of_files):
        assert ordered(found.to_dicts()) == expected(various, table)


# Reads until a file is there, and prints how often; each time all that it reads must be of one snapshot.
READER = """
import pathlib, sys, movie_reports
store, end = sys.argv[1], pathlib.Path(sys.argv[2])
reads, newest = 0, 0
while not end.exists():
    with movie_reports.open(store) as database:
        snapshot = database.status()["snapshot"]
        titles = database.films()["title"].to_pylist()
        (releases,) = database.genres(by="all")["releases"].to_pylist()
        last = database.history()["movies"].to_pylist()[0]
        assert len(titles) == releases == last and set(titles) == {f"Of {last}"}, (titles, releases, last)
        assert snapshot >= newest
        reads, newest = reads + 1, snapshot
    if reads == 1:
        print("ready", flush=True)
print(reads)
"""


def test_no_reader_sees_a_mixture(place: Place, tmp_path: Path) -> None:
    """Six processes read while twenty snapshots are published; none fails, and none goes back to an older one."""
    store, end = tmp_path / "store", tmp_path / "end"
    place.ingest(films(1, 2, title="Of 2"))
    movie_reports.publish(store, place.database)
    command = [sys.executable, "-c", READER, str(store), str(end)]
    with ExitStack() as stack:
        readers = [
            stack.enter_context(started(command, env=environment(), stdout=subprocess.PIPE, text=True))
            for _ in range(6)
        ]
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        for count in range(3, 23):
            place.ingest(films(*range(1, count + 1), title=f"Of {count}"))
            movie_reports.publish(store, place.database)
        end.touch()
        reads = [int(reader.communicate()[0]) for reader in readers]
    assert [reader.returncode for reader in readers] == [0] * 6
    assert min(reads) > 1
