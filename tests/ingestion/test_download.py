"""A remote source arrives whole or not at all, over HTTP and from S3, both played by a server on loopback."""

import sys
from pathlib import Path

import pytest

from fetching import STEPS, attempts, got, refused
from movie_reports.ingestion.sources import download
from program import LIMIT, ended
from webserver import BODY, HALF, Site

REASON = "the extra 'remote' is not installed"
registry = pytest.importorskip("fsspec.registry", reason=REASON)
pytest.importorskip("aiohttp", reason=REASON)
pytest.importorskip("s3fs", reason=REASON)
pytestmark = pytest.mark.usefixtures("alone")


@pytest.mark.parametrize("way", ["whole", "once", "changes", "unmeasured", "packed", "503"])
def test_file_arrives_whole(site: Site, tmp_path: Path, way: str) -> None:
    """What arrives is what is there, whether the server cuts, changes, packs, fails once or gives no length."""
    assert got(site.url(way), tmp_path) == BODY
    assert len(site.ranges) == (2 if way in {"once", "changes", "503"} else 1)


def test_a_file_that_is_replaced_while_it_is_read_is_read_again(site: Site, tmp_path: Path) -> None:
    """Since what arrived may be a mixture of two."""
    version = download.fetch(site.url("replaced"), tmp_path / "got", lambda *_: None)
    assert (tmp_path / "got").read_bytes() == BODY
    assert version
    assert version.etag == '"1"'
    assert len(site.ranges) == 2


@pytest.mark.parametrize(
    ("way", "conditions"),
    [("changes", ('"1"', None)), ("dated", (None, "Sat, 28 Nov 2026 12:00:00 GMT"))],
)
def test_a_version_that_is_known_is_not_fetched_again(
    site: Site, tmp_path: Path, way: str, conditions: tuple[str | None, str | None]
) -> None:
    """The server is asked by its tag and date, and no file is left."""
    version = download.fetch(site.url(way), tmp_path / "got", lambda *_: None)
    asked = len(site.ranges)
    assert download.fetch(site.url(way), tmp_path / "again", lambda *_: None, known=version) is None
    assert site.conditions == [conditions] * 2
    assert (len(site.ranges), (tmp_path / "again").exists()) == (asked, False)


def test_broken_download_goes_on_where_it_broke(site: Site, tmp_path: Path) -> None:
    """With a version tag, only the rest is requested."""
    assert got(site.url("resumes"), tmp_path) == BODY
    first, second = site.ranges
    assert first is None
    assert second
    assert 0 < int(second.removeprefix("bytes=").removesuffix("-")) <= HALF


@pytest.mark.parametrize("way", ["never", "lies"])
def test_short_body_is_an_error(site: Site, tmp_path: Path, way: str) -> None:
    """A body shorter than its length fails, after three attempts."""
    assert "try again later" in refused(site.url(way), tmp_path)
    assert len(site.ranges) == 3


@pytest.mark.parametrize(("status", "number"), [(401, 1), (403, 1), (404, 1), (500, 3)])
def test_refusal_names_the_status(site: Site, tmp_path: Path, status: int, number: int) -> None:
    """A refusal names its status, and is taken for final unless the server is at fault."""
    assert f"(HTTP {status})" in refused(site.url(str(status)), tmp_path)
    assert len(site.ranges) == number


def test_wrong_part_is_an_error(site: Site, tmp_path: Path) -> None:
    """A part in place of the file is no success."""
    assert "cannot fetch" in refused(site.url("elsewhere"), tmp_path)


def test_silence_ends(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that sends nothing more is given up."""
    monkeypatch.setattr(download, "SILENCE", 0.2)
    calls = attempts(monkeypatch, "_open_http")
    assert "no answer in time" in refused(site.url("stalls"), tmp_path)
    assert len(calls) == 3


@pytest.mark.parametrize("way", ["whole", "unmeasured", "packed"])
def test_file_that_is_too_large_is_an_error(site: Site, tmp_path: Path, way: str) -> None:
    """No more is taken than allowed, and as much as that is."""
    assert f"larger than {len(BODY) - 1:,} bytes" in refused(site.url(way), tmp_path, len(BODY) - 1)
    assert got(site.url(way), tmp_path, len(BODY)) == BODY


def test_a_closed_port_is_an_error(site: Site, tmp_path: Path) -> None:
    """An address where nothing listens is named, with the reason."""
    site.server_close()
    assert "127.0.0.1" in refused(site.url("whole"), tmp_path)


@pytest.mark.parametrize("url", ["http://", "http://[bad/", "https://host:port/", "s3://", "s3://bucket", "s3://$/x"])
def test_malformed_address_is_an_error(tmp_path: Path, keys: pytest.MonkeyPatch, url: str) -> None:
    """What is no address is one sentence too."""
    keys.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert "check the address" in refused(url, tmp_path)


def test_failed_write_is_no_network_error(site: Site, tmp_path: Path) -> None:
    """A file that cannot be written is not blamed on the server."""
    with pytest.raises(FileNotFoundError):
        download.fetch(site.url("whole"), tmp_path / "no folder" / "got", lambda *_: None)


def test_errors_contain_no_secrets(site: Site, tmp_path: Path) -> None:
    """No message contains the user, the password or the query of an address."""
    message = refused(site.url("404?token=hidden#part").replace("//", "//me:secret@"), tmp_path)
    assert site.url("404") in message
    assert not [word for word in ("me:", "secret", "token", "hidden", "part") if word in message]


@pytest.mark.parametrize(
    ("missing", "url"),
    [("fsspec", "http://a/b"), ("fsspec", "s3://a/b"), ("aiohttp", "http://a/b"), ("s3fs", "s3://a/b")],
)
def test_missing_package_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str, url: str
) -> None:
    """Without the extra the message says how to install it."""
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.delitem(registry._registry, "s3", raising=False)  # noqa: SLF001 (fsspec keeps what it loaded)
    assert "pip install 'movie-reports[remote]'" in refused(url, tmp_path)


def test_object_goes_on_where_it_broke(site: Site, tmp_path: Path, keys: pytest.MonkeyPatch) -> None:
    """A connection to S3 that breaks is made again, and only the rest is asked for."""
    keys.setenv("AWS_ENDPOINT_URL", site.url(""))
    assert got("s3://films/resumes", tmp_path) == BODY
    first, second = site.ranges
    assert first is None
    assert 0 < int(str(second).removeprefix("bytes=").removesuffix("-")) <= HALF


@pytest.mark.parametrize(("way", "number"), [("403", 1), ("500", 3), ("stalls", 3)])
def test_s3_that_fails_is_an_error(site: Site, tmp_path: Path, keys: pytest.MonkeyPatch, way: str, number: int) -> None:
    """S3 is asked again when it is at fault or silent, and only then."""
    keys.setenv("AWS_ENDPOINT_URL", site.url(""))
    keys.setattr(download, "SILENCE", 0.2 if way == "stalls" else LIMIT)
    calls = attempts(keys, "_open_s3")
    assert f"cannot fetch s3://films/{way} (" in refused(f"s3://films/{way}", tmp_path)
    assert len(calls) == number


def test_missing_keys_are_named(site: Site, tmp_path: Path, keys: pytest.MonkeyPatch) -> None:
    """Without keys the message says how to give some, or to do without."""
    keys.setenv("AWS_ENDPOINT_URL", site.url(""))
    keys.delenv("AWS_ACCESS_KEY_ID")
    keys.delenv("AWS_SECRET_ACCESS_KEY")
    assert "AWS_PROFILE" in refused("s3://films/whole", tmp_path)


def test_program_ends_clean(site: Site, tmp_path: Path) -> None:
    """No thread, task or warning outlives the download."""
    command = [sys.executable, "-W", "error", "-c", STEPS, site.url("whole")]
    done = ended(command, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "got").read_bytes() == BODY
