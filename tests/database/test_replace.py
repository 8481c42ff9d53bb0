"""One ingest at a time replaces the database, even if its lock is removed; any other changes nothing."""

import os
import random
import shutil
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import filelock
import pytest

import movie_reports
from films import querying
from ingesting import arguments_of, contents, generated, ingesting, limited, litter, load, workplace_of
from movie_reports.ingestion import run
from program import LIKE_OTHERS, LIMIT, PROGRAM, assert_fails, ended
from runs import LOCK, Place, films, waiting

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="other systems let nobody remove what is open"),
    pytest.mark.slow,
]

TRIES = 10
LEDGER = "SELECT id, outcome, source FROM ingests ORDER BY id"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Have a folder with a database of one film."""
    place = Place(tmp_path)
    place.ingest(films(1))
    return place


def assert_stopped(process: subprocess.Popen[Any], *words: str) -> None:
    """Give a film to an ingest that waits for its input, and assert that it fails with a one-line error."""
    _, errors = process.communicate(films(1, 2), timeout=LIMIT)
    assert process.returncode == 1
    assert errors.startswith("movie-reports: ")
    assert errors.count("\n") == 1
    assert [word for word in (*words, "try again") if word not in errors] == []


def test_an_ingest_whose_lock_was_removed_does_not_publish(place: Place) -> None:
    """Whether another one has the lock meanwhile or not."""
    with waiting(place) as first:
        (place.folder / LOCK).unlink()
        assert_stopped(first, "its lock file .movies.duckdb.lock was removed")
    with waiting(place) as first:
        (place.folder / LOCK).unlink()
        with waiting(place) as second:
            assert_stopped(first, "its lock file .movies.duckdb.lock was removed")
            second.communicate(films(3, 1), timeout=LIMIT)
            assert second.returncode == 0
    assert place.query("SELECT id FROM movies ORDER BY id") == [(1,), (3,)]
    assert [row["outcome"] for row in place.ledger()] == ["loaded", "loaded"]
    assert place.left() == {"films.csv", "movies.duckdb"}


def test_no_ingest_clears_away_the_folder_of_another_that_lives(place: Place) -> None:
    """Though the lock is gone; but that of one that was killed."""
    with waiting(place) as killed:
        killed.kill()
    with waiting(place) as first:
        assert not workplace_of(place.database, killed).exists()
        (place.folder / LOCK).unlink()
        place.ingest(films(4, 1))
        assert (workplace_of(place.database, first) / "source-0").exists()
        assert_stopped(first, "was removed")
    assert place.query("SELECT id FROM movies ORDER BY id") == [(1,), (4,)]


def test_a_database_that_was_replaced_meanwhile_stays(place: Place, tmp_path: Path) -> None:
    """Such as one that was restored from a copy, or that another program has written to."""
    with waiting(place) as process:
        shutil.copy(place.database, tmp_path / "copy")
        (tmp_path / "copy").replace(place.database)
        assert_stopped(process, "another program has changed it")
    with waiting(place) as process:
        os.utime(place.database)
        assert_stopped(process, "another program has changed it")
    with waiting(place) as process:
        place.database.rename(tmp_path / "away")
        assert_stopped(process, "another program has changed it")
    assert not place.database.exists()


def test_a_database_that_appears_meanwhile_stays(place: Place, tmp_path: Path) -> None:
    """The ingest had begun without one."""
    place.database.rename(tmp_path / "away")
    with waiting(place) as process:
        (tmp_path / "away").rename(place.database)
        assert_stopped(process, "another program has changed it")
    assert [row["outcome"] for row in place.ledger()] == ["loaded"]


def test_of_two_that_are_about_to_publish_neither_overlooks_the_other(place: Place) -> None:
    """The second sees the finished database of the first, which still lives."""
    other = place.folder / ".movies.duckdb.ingest-1-00000000"
    with waiting(place) as process:
        other.mkdir()
        (other / "ready.duckdb").touch()
        with filelock.FileLock(other / "lock"):
            assert_stopped(process, "another ingest is replacing it")
    place.ingest(films(1, 2))
    assert not other.exists()


def test_only_the_file_that_was_built_is_published(place: Place) -> None:
    """Not one that was put in its place."""

    def replace(*_: object) -> None:
        for made in place.folder.glob(".movies.duckdb.ingest-*/build.duckdb"):  # not made yet while films are copied
            shutil.copy(place.database, place.folder / "other")
            (place.folder / "other").replace(made)

    with pytest.raises(movie_reports.MovieReportsError, match=r"a file in \.movies\.duckdb\.ingest-.* was replaced"):
        run.ingest([str(place.file(films(1, 2)))], place.database, progress=replace)
    assert [row["outcome"] for row in place.ledger()] == ["loaded", "failed"]
    assert place.query("SELECT id FROM movies") == [(1,)]


@pytest.mark.parametrize("mask", ["027", "000"])
def test_the_mode_of_the_lock_follows_the_umask(tmp_path: Path, mask: str) -> None:
    """And that of the database."""
    place = Place(tmp_path)
    command = [*PROGRAM, *arguments_of(place.file(films(1)), place.database)]
    assert ended(["sh", "-c", f'umask {mask}; exec "$@"', "sh", *command]).returncode == 0
    for path in (place.database, tmp_path / LOCK):
        assert path.stat().st_mode & 0o777 == 0o666 & ~int(mask, 8)


def test_the_lock_of_another_user_is_a_lock_too(place: Place) -> None:
    """It need not be writable."""
    (place.folder / LOCK).chmod(0o444)
    limit, source = "pass" if os.geteuid() else LIKE_OTHERS, place.file(films(1, 2))
    with waiting(place) as process:
        assert_fails(limited(limit, source, place.database), 1, f"another ingest (process {process.pid}) is writing")
        process.communicate(films(1), timeout=LIMIT)
    assert limited(limit, source, place.database).returncode == 0


def test_the_lock_may_be_removed_at_any_moment(tmp_path: Path) -> None:
    """Of ingests that overlap, each one that says it has loaded is in the ledger, and the films are those of the last.

    This is so even if some of them are killed.
    """
    archives = [generated(tmp_path / f"{number}.zip", 1500 + 100 * number) for number in range(3)]
    database, randomly = tmp_path / "here" / "movies.duckdb", random.Random(1)  # noqa: S311 (no secret)
    database.parent.mkdir()
    expected = {}
    for archive in archives:
        load(archive, database)
        expected[str(archive)] = contents(database)
    for attempt in range(TRIES):
        before = querying(database)(LEDGER)
        done = overlapping(archives, database, randomly, kills=attempt % 2 == 1)
        after = querying(database)(LEDGER)
        assert after[: len(before)] == before
        assert [id_ for id_, *_ in after] == list(range(1, len(after) + 1))
        loaded = [(number, source) for number, outcome, source in after if outcome == "loaded"]
        assert done <= {source for number, source in loaded if number > len(before)}
        assert contents(database) == expected[loaded[-1][1]]
    load(archives[0], database)
    assert litter(database) == set()


def overlapping(archives: list[Path], database: Path, randomly: random.Random, *, kills: bool) -> set[str]:
    """Start ingests one after another, remove the lock each time, and return the sources that were loaded."""
    with ExitStack() as stack:
        processes = {}
        for archive in archives:
            processes[str(archive)] = stack.enter_context(ingesting(archive, database, "--force"))
            time.sleep(randomly.uniform(0.1, 0.7))
            (database.parent / LOCK).unlink(missing_ok=True)
        if kills:
            randomly.choice([*processes.values()]).kill()
        for process in processes.values():
            _, errors = process.communicate(timeout=LIMIT)
            assert process.returncode in {0, 1, -9}
            assert process.returncode != 1 or errors.count("\n") == 1
    return {source for source, process in processes.items() if process.returncode == 0}
