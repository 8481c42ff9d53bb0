"""`ingest --keep-previous` keeps the database that is replaced, and `restore` puts it back."""

from pathlib import Path

import pytest

from program import assert_fails
from runs import Place, films


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Load three films, and then two others in their place, keeping the first database."""
    place = Place(tmp_path)
    place.ingest(films(1, 2, 3))
    place.ingest(films(4, 5), allow_shrink=True, keep_previous=True)
    return place


def ids(place: Place) -> list[int]:
    """Return the films of the database."""
    return [number for (number,) in place.query("SELECT id FROM movies ORDER BY id")]


def test_restore_puts_the_previous_database_back(place: Place) -> None:
    """And once more, it undoes itself."""
    assert ids(place) == [4, 5]
    result = place.run("restore")
    assert (result.returncode, result.stdout) == (0, "")
    assert "Restored" in result.stderr
    assert ids(place) == [1, 2, 3]
    assert place.run("restore").returncode == 0
    assert ids(place) == [4, 5]


def test_restore_brings_back_a_database_that_was_lost(place: Place) -> None:
    """Whatever happened to the file."""
    place.database.unlink()
    assert place.run("restore").returncode == 0
    assert ids(place) == [1, 2, 3]
    assert not (place.folder / "movies.duckdb.previous").exists()


def test_without_the_option_nothing_is_kept(tmp_path: Path) -> None:
    """The error says how to keep a database."""
    place = Place(tmp_path)
    place.ingest(films(1))
    place.ingest(films(1, 2))
    assert_fails(place.run("restore"), 1, "--keep-previous")
    assert ids(place) == [1, 2]


def test_a_refused_ingest_leaves_what_was_kept(place: Place) -> None:
    """It replaces the database only to note that it was refused."""
    place.stops(films(6), "would be lost", keep_previous=True)
    assert place.run("restore").returncode == 0
    assert ids(place) == [1, 2, 3]


def test_a_file_of_somebody_else_is_not_restored(place: Place) -> None:
    """The database stays as it is."""
    (place.folder / "movies.duckdb.previous").write_text("not a database")
    assert_fails(place.run("restore"), 1, "not a DuckDB database")
    assert ids(place) == [4, 5]


def test_an_unchanged_source_names_what_was_merged_since(tmp_path: Path) -> None:
    """The data are then not those of the source alone."""
    place = Place(tmp_path)
    dump = place.file(films(1, 2, 3), "dump.csv")
    place.ingest(dump)
    place.ingest(films(4), merge=True)
    result = place.run("ingest", dump)
    assert result.returncode == 0
    assert "since ingest 1, and what was merged after it until ingest 2: nothing to do" in result.stderr
    assert ids(place) == [1, 2, 3, 4]


def test_restore_removes_a_log_that_belongs_to_the_other_database(place: Place) -> None:
    """As a program that crashed may leave it: it would not fit the database that comes back."""
    (place.folder / "movies.duckdb.wal").write_bytes(b"")
    assert place.run("restore").returncode == 0
    assert not (place.folder / "movies.duckdb.wal").exists()
    assert ids(place) == [1, 2, 3]
