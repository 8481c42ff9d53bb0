"""`changes --follow` prints events as ingests bring them, until somebody stops it or stops reading."""

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ingesting import wait_for
from program import LIMIT, PROGRAM, assert_fails, environment, printed, run
from runs import Place, films, waiting


@contextmanager
def following(place: Place, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Follow the changes in a process of its own."""
    command = [*PROGRAM, "changes", "--follow", "--database", str(place.database), *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment()) as process:
        try:
            yield process
        finally:
            process.kill()


def read(process: subprocess.Popen[str], number: int) -> list[str]:
    """Read lines, which may come later."""
    assert process.stdout
    return [process.stdout.readline() for _ in range(number)]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Have a database with one event."""
    place = Place(tmp_path)
    place.ingest(films(1, 2, 3))
    place.ingest(films(4), merge=True)
    return place


def test_followers_get_the_events_of_further_ingests(place: Place) -> None:
    """Deltas and dumps, each event once and as an export has it; one that changes nothing brings none."""
    with following(place, "--since", "1") as process:
        lines = read(process, 1)
        place.ingest(films(5, 6), merge=True)
        lines += read(process, 2)
        place.ingest(films(1, 2), merge=True)
        place.ingest(films(*range(2, 7)), allow_shrink=True)
        lines += read(process, 1)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, out, errors) == (130, "", "movie-reports: interrupted\n")
    exported = printed("changes", "--since", "1", "--export", "ndjson", "--database", place.database)
    assert "".join(lines) == exported
    assert [json.loads(line)["change"] for line in lines] == ["added"] * 3 + ["removed"]


def test_followers_begin_with_what_comes(place: Place) -> None:
    """Without --since, and only with the kind of changes that is asked for."""
    with following(place, "--change", "added") as process:
        with waiting(place, "--merge") as ingest:  # an ingest is not held up by a reader, nor a reader by an ingest
            wait_for("lock", place.database, ingest)
            ingest.communicate(films(3, 7, title="New"), timeout=LIMIT)
        place.ingest(films(8), merge=True)
        found = [json.loads(line) for line in read(process, 1)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT) == 130
    assert found[0]["id"] in {7, 8}  # the process may have begun to look after the first of the ingests


def test_a_reader_that_goes_ends_it(place: Place) -> None:
    """Although there is nothing to write."""
    with following(place, "--since", "1") as process:
        read(process, 1)
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.wait(LIMIT) == 0
        assert process.stderr.read() == ""


def test_a_restore_ends_it(place: Place, tmp_path: Path) -> None:
    """Another ingest then has the number of the last one, and what was followed is not what is there."""
    old = shutil.copy(place.database, tmp_path / "old.duckdb")
    place.ingest(films(5), merge=True)
    with following(place, "--since", "1") as process:
        read(process, 2)
        again = Place(tmp_path / "again")
        again.folder.mkdir()
        shutil.move(old, again.database)
        again.ingest(films(6), merge=True)
        again.database.replace(place.database)
        out, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, out) == (3, "")
    assert "ingest 3 is no longer the one that was followed" in errors


@pytest.mark.parametrize("wrong", [["--export", "csv"], ["--output", "x.ndjson"], ["--snapshot", "1"]])
def test_it_prints_ndjson_only(place: Place, wrong: list[Any]) -> None:
    """Other forms have an end."""
    assert_fails(run("changes", "--follow", *wrong, "--database", place.database), 2, "--follow prints NDJSON")


def test_what_is_not_kept_is_refused(place: Place) -> None:
    """At once, with where to begin."""
    assert_fails(run("changes", "--follow", "--since", "0", "--database", place.database), 3, "not kept")
