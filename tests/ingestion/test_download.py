"""A remote source arrives whole or not at all, over HTTP and from S3, both served on loopback."""

import gc
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_reports.errors import MovieReportsError
from movie_reports.ingestion.sources import download as fetch
from program import LIMIT, ended, started
from webserver import BODY, HALF, Site

REASON = "the extra 'remote' is not installed"
registry = pytest.importorskip("fsspec.registry", reason=REASON)
pytest.importorskip("aiohttp", reason=REASON)
pytest.importorskip("s3fs", reason=REASON)

STEPS = """
import sys, pathlib
from movie_reports.ingestion.sources import download as fetch
fetch.SILENCE = 3600  # longer than any test
fetch.fetch(sys.argv[1], pathlib.Path("got"), print)
"""


@pytest.fixture
def site() -> Iterator[Site]:
    """Serve for one test."""
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join(LIMIT)


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep proxies, passwords and pauses of the outside away, and let each test answer for what it leaves open."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("NETRC", os.devnull)
    monkeypatch.setattr(fetch, "PAUSES", (0.0, 0.0))
    yield
    gc.collect()


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """Emulate S3 with one bucket and one object."""
    server = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    emulator = server.ThreadedMotoServer("127.0.0.1", 0)
    emulator.start()
    host, port = emulator.get_host_and_port()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        for path, data in (("films", b""), ("films/old/films.zip", BODY), ("films/empty.zip", b"")):
            kind = {"Content-Type": "application/zip"}
            request = urllib.request.Request(f"http://{host}:{port}/{path}", data, kind, method="PUT")
            opener.open(request, timeout=LIMIT).close()
        yield f"http://{host}:{port}"
    finally:
        emulator.stop()


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Have keys that no real cloud knows."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "AWS_REGION", "FSSPEC_S3_ANON"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return monkeypatch


def got(url: str, folder: Path, most: int = fetch.MOST) -> bytes:
    """Fetch an address and hold that progress runs to the end."""
    seen: list[tuple[str, int, int]] = []
    fetch.fetch(url, folder / "got", lambda *step: seen.append(step), most)
    assert [done for _, done, _ in seen[-1:]] == [len(BODY)]
    assert {step for step, _, _ in seen} == {"fetching"}
    assert {total for _, _, total in seen} in ({0}, {len(BODY)})
    return (folder / "got").read_bytes()


def refused(url: str, folder: Path, most: int = fetch.MOST) -> str:
    """Fetch an address, hold that it fails and leaves no file, and return why."""
    with pytest.raises(MovieReportsError) as caught:
        fetch.fetch(url, folder / "got", lambda *_: None, most)
    assert not list(folder.iterdir())
    return str(caught.value)


def attempts(patch: pytest.MonkeyPatch, opener: str) -> list[object]:
    """Have each call of an opener kept; on a busy machine the server may not hear of all of them in time."""
    calls: list[object] = []
    really = getattr(fetch, opener)

    def spy(*arguments: object) -> object:
        calls.append(arguments)
        return really(*arguments)

    patch.setattr(fetch, opener, spy)
    return calls


@pytest.mark.parametrize("way", ["whole", "once", "changes", "unmeasured", "packed", "503"])
def test_file_arrives_whole(site: Site, tmp_path: Path, way: str) -> None:
    """What arrives is what is there, whether the server cuts, changes, packs, fails once or gives no length."""
    assert got(site.url(way), tmp_path) == BODY
    assert len(site.ranges) == (2 if way in {"once", "changes", "503"} else 1)


def test_broken_download_goes_on_where_it_broke(site: Site, tmp_path: Path) -> None:
    """With a version to hold on to, only the rest is asked for."""
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
    monkeypatch.setattr(fetch, "SILENCE", 0.2)
    calls = attempts(monkeypatch, "_open_http")
    assert "no answer in time" in refused(site.url("stalls"), tmp_path)
    assert len(calls) == 3


@pytest.mark.parametrize("way", ["whole", "unmeasured", "packed"])
def test_file_that_is_too_large_is_an_error(site: Site, tmp_path: Path, way: str) -> None:
    """No more is taken than allowed, and as much as that is."""
    assert f"larger than {len(BODY) - 1:,} bytes" in refused(site.url(way), tmp_path, len(BODY) - 1)
    assert got(site.url(way), tmp_path, len(BODY)) == BODY


def test_nobody_listens(site: Site, tmp_path: Path) -> None:
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
        fetch.fetch(site.url("whole"), tmp_path / "no folder" / "got", lambda *_: None)


def test_secrets_are_not_told(site: Site, tmp_path: Path) -> None:
    """No message holds the user, the password or the query of an address."""
    message = refused(site.url("404?token=hidden#part").replace("//", "//me:secret@"), tmp_path)
    assert site.url("404") in message
    assert not [word for word in ("me:", "secret", "token", "hidden", "part") if word in message]


@given(st.text(), st.text(st.characters(exclude_characters="/"), min_size=1), st.text())
def test_shown_address_has_no_secret(user: str, password: str, query: str) -> None:
    """Whatever stands before the host and after the path is left out."""
    user = user.replace("/", "")
    assert fetch.shown(f"https://{user}:{password}@host/films.zip?{query}") == "https://host/films.zip"


def test_remote_is_known_by_its_scheme() -> None:
    """A web or S3 address is remote, and a path is not."""
    assert all(map(fetch.is_remote, ("http://a/b", "HTTPS://a/b", "s3://a/b")))
    assert not any(map(fetch.is_remote, ("films.zip", "C:\\films.zip", "/a/http:/b", "ftp://a/b", "s3", "")))


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


def test_object_arrives_whole(moto: str, tmp_path: Path, keys: pytest.MonkeyPatch) -> None:
    """An object in S3 is fetched with the endpoint and keys of the environment."""
    keys.setenv("AWS_ENDPOINT_URL", moto)
    assert got("s3://films/old/films.zip", tmp_path) == BODY


def test_empty_object_arrives_empty(moto: str, tmp_path: Path, keys: pytest.MonkeyPatch) -> None:
    """An object of no bytes is a file of no bytes."""
    keys.setenv("AWS_ENDPOINT_URL", moto)
    fetch.fetch("S3://films/empty.zip", tmp_path / "got", lambda *_: None)
    assert (tmp_path / "got").read_bytes() == b""


@pytest.mark.parametrize("path", ["films/none.zip", "nobucket/films.zip", "films/old"])
def test_missing_object_is_an_error(moto: str, tmp_path: Path, keys: pytest.MonkeyPatch, path: str) -> None:
    """Without the bucket or the object, or with a folder in its place, the address is named."""
    keys.setenv("AWS_ENDPOINT_URL", moto)
    assert refused(f"s3://{path}", tmp_path) == f"cannot fetch s3://{path} (HTTP 404): check the address"


def test_object_goes_on_where_it_broke(site: Site, tmp_path: Path, keys: pytest.MonkeyPatch) -> None:
    """A connection to S3 that breaks is made again, and no earlier part is asked for twice."""
    keys.setenv("AWS_ENDPOINT_URL", site.url(""))
    keys.setattr(fetch, "READ_AHEAD", 1 << 20)
    assert got("s3://films/ranges", tmp_path) == BODY
    rest = f"bytes={2 << 20}-{len(BODY) - 1}"
    assert site.ranges == [f"bytes=0-{(2 << 20) - 1}", rest, rest]


@pytest.mark.parametrize(("way", "number"), [("403", 1), ("500", 3), ("stalls", 3)])
def test_s3_that_fails_is_an_error(site: Site, tmp_path: Path, keys: pytest.MonkeyPatch, way: str, number: int) -> None:
    """S3 is asked again when it is at fault or silent, and only then."""
    keys.setenv("AWS_ENDPOINT_URL", site.url(""))
    keys.setattr(fetch, "SILENCE", 0.2 if way == "stalls" else LIMIT)
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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("s3", [False, True])
def test_interrupt_gets_out(site: Site, tmp_path: Path, keys: pytest.MonkeyPatch, *, s3: bool) -> None:
    """Ctrl-C ends a download that stalls, at once, without a file and without a word of unfinished tasks."""
    keys.setenv("AWS_ENDPOINT_URL", site.url(""))
    command = [sys.executable, "-c", STEPS, "s3://films/stalls" if s3 else site.url("stalls")]
    with started(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
        assert site.asked.wait(LIMIT)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=LIMIT)
    assert said.strip().endswith("KeyboardInterrupt")
    assert not list(tmp_path.iterdir())
