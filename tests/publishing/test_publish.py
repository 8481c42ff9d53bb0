"""Publishing replaces a snapshot by the next in one step, and keeps no more than is needed."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import movie_reports
from movie_reports.publishing.snapshots import retention, tables
from program import assert_fails, printed, run
from publishing import contents, files, manifest, needed
from runs import Place, films, with_rejects

pytest.importorskip("deltalake", reason="the extra 'publish' is not installed")


@pytest.fixture
def store(place: Place) -> Path:
    """Publish two films."""
    place.ingest(films(1, 2))
    movie_reports.publish(place.folder / "store", place.database)
    return place.folder / "store"


def publish(place: Place, *options: str) -> str:
    """Publish, and return what it says."""
    result = place.run("publish", place.folder / "store", *options)
    assert (result.returncode, result.stdout) == (0, ""), result.stderr
    return result.stderr


def test_the_same_ingest_is_published_once(store: Path, place: Place) -> None:
    """The second time nothing is written, and it says so."""
    before = {path: path.stat().st_mtime_ns for path in store.rglob("*") if path.is_file()}
    assert "has ingest 1 of" in (text := publish(place))
    assert "as snapshot 1: nothing to do" in text
    assert {path: path.stat().st_mtime_ns for path in store.rglob("*") if path.is_file()} == before


def test_unchanged_tables_are_published_again_without_files(store: Path, place: Place) -> None:
    """Only films changed; their genres and companies are in the files of the snapshot before."""
    place.ingest(films(1, 2, overview="Another"))
    assert "Published ingest 2" in (text := publish(place))
    assert "23 tables, 18 of them unchanged" in text
    first, second = manifest(store, 1), manifest(store, 2)
    assert files(first, "companies") == files(second, "companies")
    assert files(first, "movies") != files(second, "movies")
    assert (second["previous"], second["ingest"]["id"], second["run"]["id"]) == (1, 2, 2)


def test_the_manifest_tells_what_is_in_the_files(store: Path, place: Place) -> None:
    """And where they come from."""
    import hashlib  # noqa: PLC0415

    found = manifest(store)
    assert found["format"] == 1
    assert found["tool"] == movie_reports.__version__
    assert found["ingest"]["source_sha256"] == place.ledger()[0]["source_sha256"]
    for table in found["tables"].values():
        for file in table["files"]:
            content = (store / file["path"]).read_bytes()
            assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert sum(file["rows"] for file in found["tables"]["movies"]["files"]) == 2


def test_large_tables_are_split(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into files in order of release, which together are the table."""
    monkeypatch.setattr(tables, "SPLIT", "1KB")
    monkeypatch.setattr(tables, "FORMAT", tables.FORMAT.replace("24576", "2048"))
    place.ingest(films(*range(1, 9000)))
    movie_reports.publish(place.folder / "store", place.database)
    assert len(files(manifest(place.folder / "store"), "movies")) > 2
    with movie_reports.open(place.folder / "store") as database:
        assert database.films().num_rows == 8999
        assert database.sql("SELECT count(*) AS films FROM movies").to_pylist() == [{"films": 8999}]


def test_a_dry_run_writes_nothing(place: Place) -> None:
    """Neither before there is a store nor afterwards."""
    place.ingest(films(1))
    before = place.left()
    assert "Would publish ingest 1" in publish(place, "--dry-run")
    assert place.left() == before
    publish(place)
    place.ingest(films(1, 2))
    here = contents(place.folder / "store")
    assert "Would publish ingest 2" in (text := publish(place, "--dry-run"))
    assert "as snapshot 2" in text
    assert contents(place.folder / "store") == here
    publish(place)
    assert "nothing to do" in publish(place, "--dry-run")


def test_what_was_replaced_is_kept_for_an_hour(store: Path, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few are to be kept; afterwards only so many are."""
    for count in (3, 4):
        place.ingest(films(*range(1, count + 1)))
        publish(place, "--keep", "1")
    assert [manifest(store, number)["snapshot"] for number in (1, 2, 3)] == [1, 2, 3]
    monkeypatch.setattr(retention, "LEAST", timedelta(0))
    place.ingest(films(*range(1, 6)))
    assert "Removed " in publish(place, "--keep", "2")
    assert sorted(path.name for path in (store / "snapshots").iterdir()) == ["000000000003.json", "000000000004.json"]
    place.ingest(films(*range(1, 7)))
    publish(place, "--keep", "1")
    assert contents(store) == needed(store)
    assert run("publish", store, "--verify").returncode == 0


def test_what_is_not_ours_is_never_removed(store: Path, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that a person put into the folder, and logs of Delta Lake."""
    monkeypatch.setattr(retention, "LEAST", timedelta(0))
    for name in ("README.md", "tables/movies/notes.parquet", "snapshots/mine.json"):
        (store / name).write_text("mine")
    place.ingest(films(1, 2, 3))
    publish(place, "--keep", "1")
    assert contents(store) - needed(store) == {"README.md", "tables/movies/notes.parquet", "snapshots/mine.json"}


def test_a_changed_byte_is_found(store: Path) -> None:
    """In any file; the message names it, and what to do."""
    assert "is as it was published: 23 files" in run("publish", store, "--verify").stderr
    for path in files(manifest(store)):
        before = (store / path).read_bytes()
        (store / path).write_bytes(bytes([before[0] ^ 1]) + before[1:])
        assert_fails(run("publish", store, "--verify"), 1, path, "SHA-256 differs", "remove it, and publish again")
        (store / path).write_bytes(before)


def test_what_was_lost_is_published_again(store: Path, place: Place) -> None:
    """A file that is missing or cut short is found by the check, and written by the next publish of the same ingest."""
    lost, cut = files(manifest(store), "movies")[0], files(manifest(store), "genres")[0]
    (store / lost).unlink()
    assert_fails(run("publish", store, "--verify"), 1, lost, "is missing: publish again")
    assert "as snapshot 2" in publish(place)
    (store / cut).write_bytes((store / cut).read_bytes()[:50])
    assert_fails(run("publish", store, "--verify"), 1, cut, "has 50 bytes")
    assert "as snapshot 3" in publish(place)
    assert run("publish", store, "--verify").returncode == 0


def test_one_process_publishes_at_a_time(store: Path, place: Place) -> None:
    """The other one is told."""
    from movie_reports.publishing.snapshots.folder import Folder  # noqa: PLC0415

    place.ingest(films(1, 2, 3))
    with Folder(store).alone():
        assert_fails(place.run("publish", store), 1, "another process is publishing to", "try again later")
    assert manifest(store)["snapshot"] == 1


def test_other_folders_are_left_alone(place: Place, tmp_path: Path) -> None:
    """A folder with files of others, and a file, are no stores."""
    place.ingest(films(1))
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("Dear reader")
    assert_fails(place.run("publish", other), 1, "has other files, such as letter.txt")
    assert_fails(place.run("publish", other / "letter.txt"), 1, "cannot write in")
    assert (other / "letter.txt").read_text() == "Dear reader"
    assert contents(other) <= {"letter.txt", ".lock"}


def test_without_films_there_is_nothing_to_publish(place: Place) -> None:
    """Of a database whose only ingest was refused; and without a database."""
    assert_fails(place.run("publish", place.folder / "store"), 1, "there is no database")
    assert place.run("ingest", place.file(with_rejects(1, 9))).returncode == 4
    assert_fails(place.run("publish", place.folder / "store"), 1, "has no films yet", "nothing to publish")


def test_without_the_extra_there_is_one_sentence(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers do not need it."""
    place.ingest(films(1))
    publish(place)
    monkeypatch.setitem(sys.modules, "deltalake", None)
    assert_fails(place.run("publish", place.folder / "store"), 1, "pip install 'movie-reports[publish]'")
    assert "Film 1" in printed("films", "--database", place.folder / "store")
    assert run("publish", place.folder / "store", "--verify").returncode == 0
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert_fails(run("films", "--database", "s3://bucket/films"), 1, "pip install 'movie-reports[remote]'")


def test_wrong_usage_is_refused(place: Place) -> None:
    """Before anything is written."""
    place.ingest(films(1))
    before = place.left()
    for options in (["--keep", "0"], ["--verify", "--dry-run"]):
        assert_fails(place.run("publish", "store", *options), 2, options[0], most=2)
    assert_fails(run("films", "--database", "s3://bucket/a b"), 2, "is no address of snapshots")
    assert place.left() == before


def test_the_time_of_publishing_is_that_of_the_clock(store: Path) -> None:
    """In UTC."""
    published = datetime.fromisoformat(manifest(store)["published_at"])
    assert timedelta(minutes=-5) < datetime.now(UTC) - published < timedelta(minutes=5)
