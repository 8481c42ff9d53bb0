"""`rejects --records` writes what can be fixed in an editor and merged."""

from pathlib import Path

import pytest

import movie_reports
from program import assert_fails
from runs import Place, films, with_rejects


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Load a source of which two records have no usable id."""
    place = Place(tmp_path)
    place.ingest(with_rejects(20, 2), max_rejects="50%")
    return place


def test_fixed_records_can_be_merged(place: Place) -> None:
    """The file is the header and the records; after the fix both films are there."""
    assert place.run("rejects", "--records", "--output", place.folder / "to-fix.csv").returncode == 0
    written = (place.folder / "to-fix.csv").read_text(encoding="utf-8")
    assert written.splitlines() == [films().splitlines()[0], *(row["raw"] for row in place.rejects())]
    (place.folder / "to-fix.csv").write_text(written.replace("x", ""), encoding="utf-8")
    assert place.run("ingest", place.folder / "to-fix.csv", "--merge").returncode == 0
    assert place.query("SELECT count(*) FROM movies") == [(22,)]


def test_records_go_to_stdout_without_an_output(place: Place) -> None:
    """So that they can be piped through sed."""
    assert place.run("rejects", "--records").stdout.count("\n") == 3
    with movie_reports.open(place.database) as database:
        assert database.reject_records() == place.run("rejects", "--records").stdout


def test_no_records_is_said_and_writes_no_file(place: Place) -> None:
    """An empty file would look like one that was fixed already."""
    result = place.run("rejects", "--reason", "nul", "--records", "--output", place.folder / "none.csv")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "No rejects.\n")
    assert not (place.folder / "none.csv").exists()


def test_records_exclude_an_export(place: Place) -> None:
    """They are no table."""
    assert_fails(place.run("rejects", "--records", "--export", "json"), 2, "leave out --export")
