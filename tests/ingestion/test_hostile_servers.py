"""A server that is slow, endless or deceitful is given up, and nothing is left of what it sent."""

import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from urllib.parse import quote

import pytest

from fetching import STEPS, attempts, got, refused
from movie_reports.ingestion.sources import download
from program import LIMIT, assert_fails, started
from runs import Place, films
from webserver import BODY, HALF, Site, serving

REASON = "the extra 'remote' is not installed"
for library in ("fsspec", "aiohttp", "s3fs"):
    pytest.importorskip(library, reason=REASON)
pytestmark = pytest.mark.usefixtures("alone")


@pytest.mark.parametrize("s3", [False, True])
def test_slow_server_is_given_up(site: Site, tmp_path: Path, keys: pytest.MonkeyPatch, *, s3: bool) -> None:
    """A server that drips bytes is asked three times, and then no more."""
    keys.setenv("AWS_ENDPOINT_URL", site.url(""))
    keys.setattr(download, "WINDOW", 0.2)
    calls = attempts(keys, "_open_s3" if s3 else "_open_http")
    message = refused("s3://films/drips" if s3 else site.url("drips"), tmp_path)
    assert message.endswith("/drips sends less than 1,000 bytes a second: try again later")
    assert len(calls) == 3


def test_server_that_is_slow_for_a_moment_is_not_given_up(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is the average over the window."""
    monkeypatch.setattr(download, "SLOWEST", 1)
    monkeypatch.setattr(download, "WINDOW", 0.01)
    assert got(site.url("whole"), tmp_path) == BODY


def test_slow_response_headers_are_given_up(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Headers that come byte by byte, and never end, are no answer."""
    monkeypatch.setattr(download, "ANSWER", 0.2)
    assert "no answer in time" in refused(site.url("dawdles"), tmp_path)


def test_a_compressed_stream_of_nothing_is_given_up(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compressed data that unpack to nothing count as silence."""
    monkeypatch.setattr(download, "SILENCE", 0.2)
    assert "no answer in time" in refused(site.url("hollow"), tmp_path)


@pytest.mark.parametrize("way", ["drips", "endless"])
def test_no_download_takes_longer_than_the_limit(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """However steadily the bytes come, and with all attempts together."""
    monkeypatch.setattr(download, "LONGEST", 0.36)
    monkeypatch.setattr(download, "SLOWEST", 0)
    calls = attempts(monkeypatch, "_open_http")
    assert "is not complete after 0.0001 hours" in refused(site.url(way), tmp_path)
    assert len(calls) == 1


def test_no_attempt_begins_after_the_limit(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure that may pass is final when the time is over."""
    monkeypatch.setattr(download, "LONGEST", 10.0)
    monkeypatch.setattr(download, "PAUSES", (0.0, 60.0))
    before = time.monotonic()
    assert "HTTP 500" in refused(site.url("500"), tmp_path)
    assert len(site.ranges) == 2
    assert time.monotonic() - before < 60


def test_endless_body_is_given_up(site: Site, tmp_path: Path) -> None:
    """A body without a length ends at the largest size allowed."""
    assert "larger than 1,000,000 bytes" in refused(site.url("endless"), tmp_path, 1_000_000)


def test_a_compressed_bomb_is_given_up(site: Site, tmp_path: Path) -> None:
    """200 MB compressed to 200 kB without a request are neither kept in memory nor on the disk."""
    tracemalloc.start()
    try:
        assert "larger than 20,000,000 bytes" in refused(site.url("bomb"), tmp_path, 20_000_000)
        assert tracemalloc.get_traced_memory()[1] < 50 << 20
    finally:
        tracemalloc.stop()


def test_more_than_was_promised_is_left_out(site: Site, tmp_path: Path) -> None:
    """A body ends where its length says, as with every other program."""
    download.fetch(site.url("shortened"), tmp_path / "got", lambda *_: None)
    assert (tmp_path / "got").read_bytes() == BODY[:HALF]


def test_redirects_in_a_circle_are_given_up(site: Site, tmp_path: Path) -> None:
    """At once: they will not be fewer the next time."""
    assert "(too many redirects): check the address" in refused(site.url("loops"), tmp_path)
    assert len(site.ranges) == 10


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "s3://bucket/x", "http://[bad/"])
def test_redirect_leads_only_to_the_web(site: Site, tmp_path: Path, target: str) -> None:
    """No file of this machine is read because a server says so."""
    assert "check the address" in refused(site.url(f"moved?{quote(target)}"), tmp_path)
    assert len(site.ranges) == 1


def test_redirect_to_another_host_gets_no_credentials(site: Site, tmp_path: Path) -> None:
    """A password is sent to its own host, there after a redirect too, and to no other."""
    with serving() as other:
        for target in (site.url("whole"), other.url("whole")):
            url = site.url(f"moved?{quote(target)}").replace("//", "//me:secret@", 1)
            assert got(url, tmp_path) == BODY
    assert site.credentials == ["Basic bWU6c2VjcmV0"] * 3
    assert other.credentials == [None]


def test_slow_server_gives_the_lock_back(place: Place, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger records it, and the next ingest runs."""
    place.ingest(films(1))
    monkeypatch.setattr(download, "WINDOW", 0.2)
    assert_fails(place.run("ingest", site.url("drips")), 1, "sends less than 1,000 bytes a second")
    assert "sends less than" in place.ledger()[-1]["reason"]
    assert place.ingest(films(2), allow_shrink=True)["outcome"] == "loaded"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize(
    "way",
    [
        "stalls",
        *(pytest.param(way, marks=pytest.mark.slow) for way in ("drips", "dawdles", "hollow", "endless")),
        pytest.param("s3://films/stalls", marks=pytest.mark.slow),
    ],
)
def test_interrupt_gets_out(site: Site, tmp_path: Path, keys: pytest.MonkeyPatch, way: str) -> None:
    """Ctrl-C ends a download in any state, at once, without a file and without a word of unfinished tasks."""
    keys.setenv("AWS_ENDPOINT_URL", site.url(""))
    command = [sys.executable, "-c", STEPS, way if "://" in way else site.url(way)]
    with started(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
        assert site.asked.wait(LIMIT)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=LIMIT)
    assert said.strip().endswith("KeyboardInterrupt")
    assert not list(tmp_path.iterdir())
