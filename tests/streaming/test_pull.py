"""A file at an address is followed: it is loaded whenever it has changed, and otherwise only asked for."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from program import LIMIT, PROGRAM, assert_fails, environment, run, wait_until
from runs import Place, films
from supplier import Supplier, supplying

REASON = "the extra 'remote' is not installed"
for library in ("fsspec", "aiohttp"):
    pytest.importorskip(library, reason=REASON)


@pytest.fixture
def supplier() -> Iterator[Supplier]:
    """Serve ten films."""
    with supplying(films=films(*range(1, 11))) as supplier:
        yield supplier


@contextmanager
def following(place: Place, address: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Follow an address in a process of its own, which asks all the time."""
    command = [*PROGRAM, "follow", address, "--every", "50ms", "--database", str(place.database), *options]
    variables = environment(NO_PROXY="*", no_proxy="*")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=variables) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    """Return the next line that it writes, but for the first."""
    assert process.stderr
    return next(line for line in process.stderr if not line.startswith("Following"))


def test_a_file_is_loaded_when_it_has_changed(place: Place, supplier: Supplier) -> None:
    """And asked for in between; SIGTERM ends it."""
    with following(place, supplier.url("films.csv")) as process:
        assert said(process) == "Ingest 1: 10 films; 10 added, 0 changed, 0 removed\n"
        supplier.answers.clear()
        wait_until(lambda: len(supplier.answers) >= 3, process)
        assert {status for _, status in supplier.answers} == {304}
        supplier.files["films.csv"] = films(*range(2, 12))
        assert said(process) == "Ingest 2: 10 films; 1 added, 0 changed, 1 removed\n"
        process.send_signal(signal.SIGTERM)
        assert said(process) == "Stopped\n"
        assert process.wait(LIMIT) == 0
    assert [row["source"] for row in place.ledger()] == [supplier.url("films.csv")] * 2
    assert place.query("SELECT min(id), max(id) FROM movies") == [(2, 11)]


def test_a_delta_is_merged(place: Place, supplier: Supplier) -> None:
    """With --merge the films that it does not have stay."""
    place.ingest(films(20))
    with following(place, supplier.url("films.csv"), "--merge") as process:
        assert said(process) == "Ingest 2: 10 films; 10 added, 0 changed, 0 removed\n"
    assert place.query("SELECT count(*) FROM movies") == [(11,)]


def test_a_version_that_is_refused_is_not_tried_again(place: Place, supplier: Supplier) -> None:
    """It is said once, and the next version is loaded; the films stay meanwhile."""
    place.ingest(films(*range(1, 11)))
    supplier.files["films.csv"] = films(1)
    with following(place, supplier.url("films.csv")) as process:
        assert "--allow-shrink" in said(process)
        supplier.answers.clear()
        wait_until(lambda: len(supplier.answers) >= 3, process)
        assert {status for _, status in supplier.answers} == {304}
        supplier.files["films.csv"] = films(*range(1, 12))
        assert said(process).startswith("Ingest 3: 11 films")
    assert [row["outcome"] for row in place.ledger()] == ["loaded", "refused", "loaded"]


def test_a_server_that_fails_is_asked_again(place: Place, supplier: Supplier) -> None:
    """Until it has the file."""
    content = supplier.files.pop("films.csv")
    with following(place, supplier.url("films.csv")) as process:
        assert "(HTTP 404)" in said(process)
        assert said(process).startswith("Trying again in ")
        supplier.files["films.csv"] = content
        lines = iter(lambda: said(process), "")
        assert next(line for line in lines if line.startswith("Ingest")).startswith("Ingest 1: 10 films")


@pytest.mark.parametrize("wrong", [["--once"], ["--from", "end"], ["--money-unit", "millions"]])
def test_options_of_topics_are_refused(tmp_path: Path, wrong: list[str]) -> None:
    """And --merge for a topic."""
    database = ["--database", str(tmp_path / "movies.duckdb")]
    assert_fails(run("follow", "https://example.org/films.csv", *wrong, *database), 2, "are for topics")
    assert_fails(run("follow", "kafka://localhost:9092/films", "--merge", *database), 2, "--merge is for files")
