"""The parts of a source that are at addresses are fetched at the same time, all or none."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from program import assert_fails
from runs import LOCK, Place, films
from supplier import Supplier, supplying
from terminal import watched

REASON = "the extra 'remote' is not installed"
for library in ("fsspec", "aiohttp"):
    pytest.importorskip(library, reason=REASON)
pytestmark = pytest.mark.usefixtures("alone")

RATINGS = "userId,movieId,rating\n1,1,3.5\n2,1,4\n"
NAMES = ("films.csv", "ratings.csv", "links.csv")


@pytest.fixture
def supplier() -> Iterator[Supplier]:
    """Serve films, and their ratings."""
    with supplying(films=films(1, 2), ratings=RATINGS, links="movieId,tmdbId\n1,1\n") as supplier:
        yield supplier


def test_several_addresses_are_fetched_at_the_same_time(place: Place, supplier: Supplier) -> None:
    """The server answers none before all are asked for."""
    supplier.together = threading.Barrier(len(NAMES))
    place.ingest([supplier.url(name) for name in NAMES])
    assert place.query("FROM movie_ratings") == [(1, 2, 3.75)]
    row = place.ledger()[-1]
    assert row["source"] == ", ".join(map(supplier.url, NAMES))
    assert sorted(supplier.answers) == sorted((name, status) for name in NAMES for status in (200, 304))


def test_one_that_cannot_be_fetched_ends_the_others(place: Place, supplier: Supplier) -> None:
    """The error is that of the first, and nothing is left."""
    supplier.together = threading.Barrier(2)  # the films are never answered
    addresses = [supplier.url("films.csv"), supplier.url("nothing.csv")]
    assert_fails(place.run("ingest", *addresses), 1, f"{addresses[1]} (HTTP 404)")
    supplier.together.abort()
    assert {path.name for path in place.folder.iterdir()} <= {LOCK}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")
def test_each_address_has_a_bar_of_its_own(place: Place, supplier: Supplier) -> None:
    """They are shown together; an interrupt ends all of them."""
    supplier.files["films.csv"] = films(*range(30_000))
    supplier.together = threading.Barrier(len(NAMES))
    addresses = list(map(supplier.url, NAMES))
    code, shown = watched("ingest", *addresses, "--database", place.database)
    assert code == 0
    assert [address for address in addresses if f"fetching {address}" not in shown] == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
def test_an_interrupt_ends_all_downloads(place: Place, supplier: Supplier) -> None:
    """Although their server does not answer."""
    supplier.together = threading.Barrier(9)
    is_sent = threading.Event()  # a second one would end the program at once

    def interrupt(process: subprocess.Popen[bytes], _: str) -> None:
        if len(supplier.answers) == 2 and not is_sent.is_set():
            is_sent.set()
            process.send_signal(signal.SIGINT)

    addresses = [supplier.url(name) for name in NAMES[:2]]
    code, shown = watched("ingest", *addresses, "--database", place.database, act=interrupt)
    supplier.together.abort()
    assert code == 130
    assert "movies.duckdb was not made" in shown


def test_a_part_on_this_machine_goes_with_one_at_an_address(place: Place, supplier: Supplier, tmp_path: Path) -> None:
    """In any order."""
    (tmp_path / "ratings.csv").write_text(RATINGS)
    place.ingest([str(tmp_path / "ratings.csv"), supplier.url("links.csv"), supplier.url("films.csv")])
    assert place.query("FROM movie_ratings") == [(1, 2, 3.75)]
