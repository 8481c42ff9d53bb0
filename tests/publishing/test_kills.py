"""A publish that is killed at any step leaves the old snapshot or the new one; the next publish removes the rest."""

from datetime import timedelta
from pathlib import Path

import pytest

import movie_reports
from movie_reports.publishing.snapshots import retention
from program import run
from publishing import contents, files, killed_at, manifest, needed
from runs import Place, films
from selection import few

deltalake = pytest.importorskip("deltalake", reason="the extra 'publish' is not installed")

STEPS = [
    *(f"tables.Writer._write:before:{table}" for table in (1, 2, 7, 13)),
    *(f"tables.Writer._kept:before:{table}" for table in (1, 5, 6, 9, 13)),
    *(f"folder.Folder.keep:{when}:{table}" for when in ("before", "after") for table in (1, 2, 3, 4, 5)),
    *(f"delta.Version._write:{when}:{table}" for when in ("before", "after") for table in (1, 2, 3, 4)),
    *(f"publish.temporary_folder:{when}:1" for when in ("before", "after")),
    *(f"folder.Folder.create:{when}:{number}" for when in ("before", "after") for number in (1, 2)),
    *(f"folder.Folder.replace_current:{when}:1" for when in ("before", "after")),
    *(f"retention.remove:{when}:1" for when in ("before", "after")),
]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Publish two films, and ingest three others."""
    place = Place(tmp_path_factory.mktemp("prepared"))
    place.ingest(films(1, 2, title="Of 2"))
    movie_reports.publish(place.folder / "store", place.database)
    place.ingest(films(1, 2, 3, title="Of 3", genres="[{'id': 1, 'name': 'New'}]"))
    return place


def titles(store: Path) -> list[str]:
    """Read the current snapshot."""
    with movie_reports.open(store) as database:
        assert database.status()["movies"] == database.films().num_rows
        return database.films()["title"].to_pylist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("step", few(STEPS, *STEPS[::6]))
def test_readers_see_the_old_or_the_new_and_the_next_publish_heals(
    prepared: Place, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the killed one is left when its files may be removed; Delta Lake names the files of the snapshot."""
    place = prepared.copy(tmp_path)
    store = place.folder / "store"
    killed_at(step, store, "--database", place.database)
    is_new = step.startswith("retention") or step in {
        "folder.Folder.create:after:2",
        "folder.Folder.replace_current:after:1",
    }
    assert titles(store) == (["Of 3"] * 3 if is_new else ["Of 2"] * 2)
    monkeypatch.setattr(retention, "LEAST", timedelta(0))
    assert place.run("publish", store, "--keep", "1").returncode == 0
    assert titles(store) == ["Of 3"] * 3
    assert run("publish", store, "--verify").returncode == 0
    _agrees_with_delta(store)
    place.ingest(films(1, 2, 3, 4, title="Of 4"))
    assert place.run("publish", store, "--keep", "1").returncode == 0
    assert titles(store) == ["Of 4"] * 4
    assert contents(store) == needed(store)


def _agrees_with_delta(store: Path) -> None:
    """Check that the newest version of each table is the one that the manifest pins."""
    found = manifest(store)
    for name in found["tables"]:
        table = deltalake.DeltaTable(store / "tables" / name)
        assert table.version() == found["tables"][name]["version"]
        assert sorted(Path(uri).name for uri in table.file_uris()) == sorted(
            Path(path).name for path in files(found, name)
        )


def test_a_first_publish_that_was_killed_is_none(tmp_path: Path) -> None:
    """There is no snapshot, and the folder is taken for a store by the next publish."""
    place = Place(tmp_path)
    place.ingest(films(1))
    for step in ("folder.Folder.keep:before:1", "delta.Version._write:after:5", "folder.Folder.create:after:1"):
        killed_at(step, tmp_path / "store", "--database", place.database)
        assert not (tmp_path / "store" / "CURRENT").exists()
    assert movie_reports.publish(tmp_path / "store", place.database) == 2
    assert titles(tmp_path / "store") == ["Film 1"]


def test_a_snapshot_that_never_was_current_is_no_snapshot(prepared: Place, tmp_path: Path) -> None:
    """Its number is not given to another."""
    place = prepared.copy(tmp_path)
    store = place.folder / "store"
    killed_at("folder.Folder.create:after:1", store, "--database", place.database)
    with pytest.raises(movie_reports.NotFoundError, match="there is 1"):
        movie_reports.open(store, snapshot=2)
    assert movie_reports.publish(store, place.database) == 3
    with pytest.raises(movie_reports.NotFoundError, match="there are 3, 1"):
        movie_reports.open(store, snapshot=2)
