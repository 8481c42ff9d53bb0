"""The data and the hash of an ingest are those of one file, even if it is renamed or written to meanwhile."""

import gzip
import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import movie_reports
from archives import zipped
from movie_reports.ingestion import run
from runs import Place, at_step, films
from selection import few

CHANGED = "changed while it was read: run the ingest again"
FORMS: dict[str, Callable[[str], bytes]] = {
    "films.csv": str.encode,
    "films.csv.gz": lambda content: gzip.compress(content.encode()),
    "films.zip": lambda content: zipped(films=content),
}


@pytest.fixture(scope="module")
def one_film(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Ingest one film once."""
    place = Place(tmp_path_factory.mktemp("one"))
    place.ingest(films(1))
    return place


@pytest.fixture
def place(tmp_path: Path, one_film: Place) -> Place:
    """Have a folder with a database of one film."""
    return one_film.copy(tmp_path)


def renaming_over(path: Path, content: bytes) -> Callable[[], object]:
    """Return what puts another file in the place of one, as `mv` does."""

    def rename() -> None:
        (path.parent / "new").write_bytes(content)
        (path.parent / "new").replace(path)

    return rename


@pytest.mark.parametrize(
    ("name", "when"),
    few(
        [
            ("films.csv", "before it is hashed"),
            ("films.csv", "after it was hashed"),
            *((name, "while it is read") for name in FORMS),
        ],
        first=3,
    ),
)
def test_a_source_that_is_renamed_over_is_loaded_as_it_was_opened(
    place: Place, monkeypatch: pytest.MonkeyPatch, name: str, when: str
) -> None:
    """The ledger has the hash of what was loaded, and the next ingest loads the new file."""
    old, new = FORMS[name](films(1, 2)), FORMS[name](films(1, 3))
    path, digest = place.file(old, name), hashlib.file_digest
    rename = renaming_over(path, new)

    def hashing(*arguments: Any) -> Any:  # noqa: ANN401 (file_digest's)
        if when == "before it is hashed":
            rename()
        found = digest(*arguments)
        if when == "after it was hashed":
            rename()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(hashlib, "file_digest", hashing)
        progress = at_step("reading films", rename if when == "while it is read" else lambda: None)
        row = run.ingest([str(path)], place.database, progress=progress).row
    assert row["source_sha256"] == hashlib.sha256(old).hexdigest()
    assert place.query("SELECT id FROM movies ORDER BY id") == [(1,), (2,)]
    row = place.ingest(path, allow_shrink=True)
    assert (row["outcome"], row["source_sha256"]) == ("loaded", hashlib.sha256(new).hexdigest())


def test_an_archive_that_is_renamed_over_is_loaded_as_it_was_opened(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As early as when its list of files has been read."""
    old, new = (zipped(films=films(1, number)) for number in (2, 3))
    path, listed = place.file(old, "films.zip"), zipfile.ZipFile.infolist

    def listing(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
        renaming_over(path, new)()
        return listed(archive)

    monkeypatch.setattr(zipfile.ZipFile, "infolist", listing)
    assert place.ingest(path)["source_sha256"] == hashlib.sha256(old).hexdigest()
    assert place.query("SELECT id FROM movies ORDER BY id") == [(1,), (2,)]


def test_a_file_in_a_folder_that_is_renamed_over_is_loaded_as_it_was_opened(place: Place) -> None:
    """The folder is known again by what was loaded from it."""
    path = place.file(films(1, 2), "data/movies.csv")
    progress = at_step("reading films", renaming_over(path, films(1, 3).encode()))
    row = run.ingest([str(path.parent)], place.database, progress=progress).row
    assert row["source_sha256"] == hashlib.sha256(films(1, 2).encode()).hexdigest()
    assert place.query("SELECT id FROM movies ORDER BY id") == [(1,), (2,)]


def appended(path: Path) -> None:
    """Write another film to the end of a file."""
    with path.open("a") as file:
        file.write(films(9).splitlines()[1] + "\n")


def overwritten(path: Path) -> None:
    """Write as many other bytes into a file."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(b"x" * size)


def cut_off(path: Path) -> None:
    """Leave the first half of a file."""
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize(
    ("name", "change", "step"),
    few(
        [
            ("films.csv", appended, "reading films"),
            ("films.csv", cut_off, "reading films"),
            ("films.csv", overwritten, "comparing with the old data"),
            ("films.zip", overwritten, "reading films"),
            ("films.csv", overwritten, "reading films"),
            *(("films.csv", change, "comparing with the old data") for change in (appended, cut_off)),
            ("films.csv.gz", cut_off, "reading films"),
            ("films.csv.gz", overwritten, "comparing with the old data"),
            ("films.zip", appended, "comparing with the old data"),
        ],
        first=4,
    ),
)
def test_a_source_that_changes_while_it_is_read_is_refused(
    place: Place, name: str, change: Callable[[Path], None], step: str
) -> None:
    """Even if it looks damaged then; the old films stay, and the ledger tells why."""
    path = place.file(FORMS[name](films(*range(1, 5000))), name)
    before = place.data()
    with pytest.raises(movie_reports.MovieReportsError, match=rf"{name} {CHANGED}"):
        run.ingest([str(path)], place.database, progress=at_step(step, lambda: change(path)))
    assert place.data() == before
    assert [row["outcome"] for row in place.ledger()] == ["loaded", "failed"]
    assert CHANGED in place.ledger()[-1]["reason"]


def test_ratings_that_change_while_they_are_read_refuse_the_source(place: Place) -> None:
    """All files that are loaded from are looked at."""
    paths = [
        place.file(films(1, 2), "films.csv"),
        place.file("movieId,tmdbId\n1,1\n", "links.csv"),
        place.file("userId,movieId,rating\n" + "1,1,3.0\n" * 20_000, "ratings.csv"),
    ]
    progress = at_step("rating", lambda: cut_off(paths[2]))
    with pytest.raises(movie_reports.MovieReportsError, match=f"ratings.csv {CHANGED}"):
        run.ingest([str(path) for path in paths], place.database, progress=progress)


def test_a_source_that_is_removed_while_it_is_read_is_loaded(place: Place) -> None:
    """It is open by then."""
    path = place.file(films(1, 2))
    row = run.ingest([str(path)], place.database, progress=at_step("reading films", path.unlink)).row
    assert (row["movies"], path.exists()) == (2, False)
