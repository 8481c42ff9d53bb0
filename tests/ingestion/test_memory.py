"""A limit on memory costs time and disk, never films."""

from pathlib import Path

import pytest

from films import USUAL, text
from ingesting import contents, generated, litter
from movie_reports.ingestion.reading import csv_records as records
from program import assert_fails, help_of
from runs import Place, film, films
from selection import few


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an archive whose films need more memory than the limit below."""
    return generated(tmp_path_factory.mktemp("archive") / "films.zip", 30_000)


@pytest.mark.slow
def test_a_small_limit_gives_the_same_data(archive: Path, tmp_path: Path) -> None:
    """Anew, over films that are there, and merged into them."""
    free, tight = tmp_path / "free" / "movies.duckdb", tmp_path / "tight" / "movies.duckdb"
    for database, limit in ((free, None), (tight, 80_000_000)):
        database.parent.mkdir()
        place = Place(database.parent)
        for merge in (False, False, True):
            place.ingest(archive, force=True, merge=merge, memory_limit=limit)
        assert litter(database) == set()
    assert contents(tight) == contents(free)


@pytest.mark.parametrize("limit", few(["5MB", "0", "1KB"]))
def test_too_small_a_limit_gives_a_one_sentence_error(place: Place, archive: Path, limit: str) -> None:
    """With what to do; the old data stay, and nothing else does."""
    place.ingest(films(1, 2))
    before = place.data()
    result = place.run("ingest", archive, "--allow-shrink", "--memory-limit", limit)
    assert_fails(result, 1, "movies.duckdb needs more memory", "raise --memory-limit")
    assert place.data() == before
    assert place.left() == {"films.csv", "movies.duckdb"}


@pytest.mark.parametrize("limit", ["", "much", "-1GB", "1 PB", "80%"])
def test_an_invalid_size_limit_is_wrong_usage(place: Place, limit: str) -> None:
    """And nothing is begun."""
    result = place.run("ingest", place.file(films(1)), f"--memory-limit={limit}")
    assert_fails(result, 2, f"--memory-limit {limit} is not a size: write 500MB or 20GB")
    assert place.left() == {"films.csv"}


def test_the_help_names_the_limit() -> None:
    """And its default."""
    text = " ".join(help_of("ingest").split())
    assert "--memory-limit SIZE Spill to the disk beyond this much memory." in text


def record(number: int, **values: str) -> str:
    """Write a film as a line under the usual header."""
    return text(USUAL | film(number, **values)).splitlines()[1]


def test_the_size_of_parts_makes_no_difference(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rejects behind the seams have their lines, and each film is there once, from the record with the most votes."""
    lines = films(*range(1, 41)).splitlines()
    lines[5] = record(5, vote_count="7", budget="?", title="More votes")
    lines[6] = record(6, vote_count="5", budget="?", title="As many, but earlier")
    lines[20] += ",too long"
    lines[30] = f"x{lines[30]}"
    lines[33] = "\n" + lines[33][: len(lines[33]) // 2]
    lines[36] = 'open,"quote'
    lines += [record(5), record(6), record(7, budget="1"), lines[30][1:]]
    lines.append(record(8, vote_count="9", revenue="?", genres="?", title="Most votes"))
    content = "\n".join([*lines, ""])
    whole = place.ingest(content, max_rejects="50%")
    other = Place(tmp_path / "other")
    monkeypatch.setattr(records, "BLOCK", 100)
    monkeypatch.setattr(records, "PART", 200)
    parts = other.ingest(content, max_rejects="50%")
    assert other.data() == place.data()
    assert other.rejects() == place.rejects()
    assert [reject["line"] for reject in other.rejects()] == [21, 31, 35, 38]
    counts = ("records", "movies", "duplicates", "rejects", "repaired")
    assert [parts[name] for name in counts] == [whole[name] for name in counts] == [45, 37, 4, 4, 0]
    titles = dict(other.query("SELECT id, title FROM movies WHERE id BETWEEN 5 AND 8"))
    assert titles == {5: "More votes", 6: "Film 6", 7: "Film 7", 8: "Most votes"}
    unread = [("budget", 1, "?"), ("genres", 1, "?"), ("revenue", 1, "?")]
    assert other.query("SELECT field, films, example FROM unread_fields") == unread


def test_a_record_split_by_line_breaks_is_in_one_part(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """So it is joined again wherever the seams would be."""
    content = films(*range(1, 41), overview="one\ntwo\nthree").replace('"one', "one").replace('three"', "three")
    monkeypatch.setattr(records, "BLOCK", 50)
    monkeypatch.setattr(records, "PART", 60)
    row = place.ingest(content)
    assert (row["records"], row["movies"], row["repaired"], row["rejects"]) == (40, 40, 40, 0)
    assert place.query("SELECT DISTINCT overview FROM movies") == [("one\ntwo\nthree",)]
