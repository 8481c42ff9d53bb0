"""An object in S3 arrives whole or not at all."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from fetching import got, refused
from movie_reports.ingestion.sources import download
from program import LIMIT
from webserver import BODY

pytest.importorskip("s3fs", reason="the extra 'remote' is not installed")
pytestmark = [pytest.mark.component, pytest.mark.usefixtures("alone")]


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


def test_object_arrives_whole(moto: str, tmp_path: Path, keys: pytest.MonkeyPatch) -> None:
    """An object in S3 is fetched with the endpoint and keys of the environment."""
    keys.setenv("AWS_ENDPOINT_URL", moto)
    assert got("s3://films/old/films.zip", tmp_path) == BODY


def test_empty_object_arrives_empty(moto: str, tmp_path: Path, keys: pytest.MonkeyPatch) -> None:
    """An object of no bytes is a file of no bytes."""
    keys.setenv("AWS_ENDPOINT_URL", moto)
    download.fetch("S3://films/empty.zip", tmp_path / "got", lambda *_: None)
    assert (tmp_path / "got").read_bytes() == b""


@pytest.mark.parametrize("path", ["films/none.zip", "nobucket/films.zip", "films/old"])
def test_missing_object_is_an_error(moto: str, tmp_path: Path, keys: pytest.MonkeyPatch, path: str) -> None:
    """Without the bucket or the object, or with a folder in its place, the address is named."""
    keys.setenv("AWS_ENDPOINT_URL", moto)
    assert refused(f"s3://{path}", tmp_path) == f"cannot fetch s3://{path} (HTTP 404): check the address"
