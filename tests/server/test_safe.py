"""What a service refuses, and what it sends to keep browsers safe."""

import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from movie_reports.server.answers import formats
from program import LIMIT, apart, assert_fails
from runs import Place, with_rejects
from serving import API, asking, served

# the same service, but it waits for a request for one second only
IMPATIENT = [
    sys.executable,
    "-c",
    """
import sys
from movie_reports.server import run
from movie_reports.server.settings import Settings

run.serve(sys.argv[2], "127.0.0.1", 0, Settings(stalled=1), lambda url: print(f"on {url} ", file=sys.stderr))
""",
]


@pytest.fixture(scope="module")
def service(sample_database: Path) -> Any:  # noqa: ANN401 (a generator)
    """Serve the sample."""
    with asking(sample_database) as client:
        yield client


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "localhost:80:80", "127.0.0.2", "[::2]"]
)
@pytest.mark.parametrize("path", [f"{API}/genres", "/nothing", f"{API}/version"])
def test_an_unknown_host_is_refused(service: TestClient, host: str, path: str) -> None:
    """A page of another site could let its own name point here."""
    answer = service.get(path, headers={"host": host})
    assert (answer.status_code, "--allow-host" in answer.json()["detail"]) == (421, True)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "films.example.org"])
def test_a_host_that_is_allowed_is_answered(sample_database: Path, host: str) -> None:
    """With any port."""
    with asking(sample_database, hosts=("localhost", "127.0.0.1", "[::1]", "Films.example.org")) as client:
        assert client.get(f"{API}/genre-list", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"])
def test_only_reading_is_allowed(service: TestClient, method: str) -> None:
    """On any path."""
    for path in (f"{API}/genres", "/"):
        answer = service.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_head_has_the_headers_of_get(service: TestClient) -> None:
    """Without the body."""
    found, head = (service.request(method, f"{API}/genres?format=csv") for method in ("GET", "HEAD"))
    assert {key: value for key, value in head.headers.items() if key != "date"} == {**found.headers}
    assert head.content == b""


@pytest.mark.parametrize(
    "path", [f"{API}/genres", f"{API}/genres?x=y", "/nothing", f"{API}/films?format=csv", "/healthz"]
)
def test_every_answer_keeps_browsers_safe(service: TestClient, path: str) -> None:
    """Also an error, and a refusal."""
    for headers in ({}, {"host": "evil"}):
        answer = service.get(path, headers=headers)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert "server" not in answer.headers


def test_an_unexpected_error_tells_nothing(sample_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But a safe answer is sent, and the log has the traceback."""
    with asking(sample_database) as client:
        monkeypatch.setattr("movie_reports.server.answers.formats.body", lambda *_: 1 / 0)
        answer = client.get(f"{API}/genres")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "zero" not in answer.text
    assert "content-security-policy" in answer.headers


def test_a_slow_query_is_stopped(sample_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With 504; the next one is answered."""
    endless = "SELECT count(*) FROM range(10_000_000) AS a, range(10_000_000) AS b WHERE a.range + b.range = -1"
    with asking(sample_database, seconds=0.3) as client:
        with monkeypatch.context() as patch:
            patch.setattr(
                "movie_reports.server.answers.formats.export.made",
                lambda report, *_, **__: report.connection.execute(endless),
            )
            answer = client.get(f"{API}/genres?format=csv")
        assert (answer.status_code, "longer than 0.3 seconds" in answer.json()["detail"]) == (504, True)
        assert client.get(f"{API}/genre-list").status_code == 200


def test_a_full_queue_is_503(sample_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it gets so long that nobody would wait; what is in memory is still answered."""
    entered, go_on, body = threading.Event(), threading.Event(), formats.body

    def waiting(*arguments: Any) -> formats.Body:  # noqa: ANN401 (as body has)
        entered.set()
        assert go_on.wait(LIMIT)
        return body(*arguments)

    with asking(sample_database, workers=1, waiting=0) as client, ThreadPoolExecutor(1) as threads:
        kept = client.get(f"{API}/genres")
        monkeypatch.setattr(formats, "body", waiting)
        running = threads.submit(client.get, f"{API}/genres?top=1")
        try:
            assert entered.wait(LIMIT)
            refused = client.get(f"{API}/genres?top=2")
            again = client.get(f"{API}/genres")
        finally:
            go_on.set()
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert again.content == kept.content
        assert running.result().status_code == 200


def test_a_long_address_is_refused(service: TestClient) -> None:
    """Before it is read."""
    assert service.get(f"{API}/films?title={'x' * 9000}").status_code == 414


def test_half_sent_requests_block_nobody(sample_database: Path) -> None:
    """Their connections are closed after a while, and others are answered meanwhile."""
    starts = [b"", b"GET ", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-", b"GET / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"]
    with served(sample_database, command=IMPATIENT) as service:
        halves = [service.connected() for _ in range(300)]
        for number, half in enumerate(halves):
            half.sendall(starts[number % len(starts)])
        assert service.get(f"{API}/genre-list")[0] == 200
        for half in halves:
            half.settimeout(LIMIT)
            while half.recv(2**16):
                pass
            half.close()
        assert service.get(f"{API}/genre-list")[0] == 200


def test_a_stop_waits_for_requests_in_flight(sample_database: Path) -> None:
    """And the code is 0."""
    with served(sample_database) as service, service.connected() as connection:
        connection.sendall(b"GET /api/v1/films?format=csv HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        begun = connection.recv(1)
        code, log = service.stop()
        status = answered_after(begun, connection)
    assert (code, status) == (0, 200)
    line = json.loads(log.splitlines()[0])
    assert (line["status"], line["method"], line["address"]) == (200, "GET", "/api/v1/films?format=csv")


def answered_after(begun: bytes, connection: Any) -> int:  # noqa: ANN401 (a socket)
    """Return the status of an answer whose first byte was read."""
    assert begun == b"H"
    rest = b"".join(iter(lambda: connection.recv(2**16), b""))
    return int(rest.split()[1])


def test_check_requests_a_report(sample_database: Path) -> None:
    """And stops, with code 0."""
    result = apart("serve", "--check", "--quiet", "--database", sample_database)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_check_fails_without_films(place: Place) -> None:
    """With what is missing."""
    assert place.run("ingest", place.file(with_rejects(1, 9))).returncode == 4
    result = apart("serve", "--check", "--quiet", "--database", place.database)
    assert (result.returncode, result.stdout) == (1, "")
    assert "no films yet" in result.stderr


def test_a_port_in_use_is_named(sample_database: Path) -> None:
    """With the option that helps."""
    with served(sample_database) as service:
        result = apart("serve", "--port", str(service.port), "--database", sample_database)
    assert_fails(result, 1, str(service.port), "already in use", "--port")


def test_a_missing_database_is_reported_at_once(tmp_path: Path) -> None:
    """As by other commands."""
    assert_fails(apart("serve", "--database", tmp_path / "none.duckdb"), 1, "none.duckdb", "movie-reports ingest")


def test_without_the_extra_it_says_what_to_install(sample_database: Path, tmp_path: Path) -> None:
    """In one sentence; other commands need none of it."""
    (tmp_path / "starlette.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'starlette'\", name='starlette')"
    )
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    result = apart("serve", "--database", sample_database, PYTHONPATH=path)
    assert_fails(result, 1, "pip install 'movie-reports[serve]'")
    assert apart("genres", "--database", sample_database, PYTHONPATH=path).returncode == 0
