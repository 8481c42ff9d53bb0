"""Snapshots in S3: published by one process at a time, and read as from a folder."""

import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

import movie_reports
from movie_reports.publishing.snapshots import bucket, retention
from movie_reports.publishing.snapshots.store import at, current
from movie_reports.server.answers import data
from program import LIMIT, assert_fails, printed, run
from runs import Place, films
from selection import few
from serving import API, asking

pytest.importorskip("deltalake", reason="the extra 'publish' is not installed")
pytest.importorskip("s3fs", reason="the extra 'remote' is not installed")
pytestmark = [pytest.mark.component, pytest.mark.usefixtures("alone", "endpoint")]


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """Emulate S3 with one bucket; one request after the other, since the emulator checks and writes in two steps."""
    emulator = pytest.importorskip("moto.moto_server.werkzeug_app", reason="moto[server] is not installed")
    application, lock = emulator.DomainDispatcherApplication(emulator.create_backend_app), threading.Lock()

    def answer(*request: Any) -> list[bytes]:  # noqa: ANN401 (an environment, and a function)
        with lock:
            return list(application(*request))

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=emulator.MotoRequestHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        request = urllib.request.Request(f"{address}/films", b"", method="PUT")  # noqa: S310 (our own)
        opener.open(request, timeout=LIMIT).close()
        yield address
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture
def endpoint(moto: str, keys: pytest.MonkeyPatch) -> None:
    """Let the libraries ask the emulator."""
    keys.setenv("AWS_ENDPOINT_URL", moto)
    keys.setenv("AWS_REGION", "us-east-1")


@pytest.fixture
def store(request: pytest.FixtureRequest) -> str:
    """Have a path of the test's own."""
    return f"s3://films/{abs(hash(request.node.name))}/store"


def test_every_command_reads_a_bucket(store: str, place: Place) -> None:
    """As it reads a folder; also an older snapshot, and the statements of a person."""
    for count in (1, 2):
        place.ingest(films(*range(1, count + 1), title=f"Of {count}"))
        assert place.run("publish", store).returncode == 0
    assert printed("films", "-d", store, "-e", "csv").count("Of 2") == 2
    assert printed("films", "-d", store, "-e", "csv", "--snapshot", "1").count("Of 1") == 1
    assert "Of 2" in printed("sql", "SELECT title FROM movies", "-d", store)
    assert '"snapshot": 2' in printed("status", "--json", "-d", store)
    assert "is as it was published" in run("publish", store, "--verify").stderr
    assert "nothing to do" in place.run("publish", store).stderr
    with movie_reports.open(store) as database:
        assert database.films().num_rows == database.sql("FROM movies").num_rows == 2


def test_what_is_not_needed_is_removed(store: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a folder."""
    monkeypatch.setattr(retention, "LEAST", timedelta(seconds=-60))  # the times of the emulator are whole seconds
    for count in (1, 2, 3):
        place.ingest(films(*range(1, count + 1)))
        movie_reports.publish(store, place.database, keep=1)
    there = at(store)
    found = current(there)
    assert found is not None
    kept = {path for path in there.listing() if "/_delta_log/" not in path}
    assert kept == {"CURRENT", "snapshots/000000000003.json", *(file.path for file in found.files)}


def test_a_statement_cannot_write_to_the_bucket(store: str, place: Place) -> None:
    """Not even into a file of the snapshot."""
    place.ingest(films(1))
    movie_reports.publish(store, place.database)
    there = at(store)
    before = there.listing()
    found = current(there)
    assert found is not None
    (path, *_) = (file.path for file in found.files)
    text = f"COPY (SELECT 1 AS x) TO '{store}/{path}' (FORMAT parquet, USE_TMP_FILE false)"
    assert run("sql", text, "-d", store).returncode == 2
    assert there.listing() == before


def test_a_service_follows_a_bucket(store: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks the bucket now and then, and at once if a client has seen a newer snapshot; outages leave the old one."""

    def publish(count: int) -> None:
        place.ingest(films(*range(1, count + 1), title=f"Of {count}"))
        movie_reports.publish(store, place.database)

    publish(1)
    with asking(Path(store)) as client:
        assert client.get(f"{API}/films").headers["x-data-version"] == "1"
        publish(2)
        assert client.get(f"{API}/films").headers["x-data-version"] == "1"
        answer = client.get(f"{API}/films", headers={"x-data-version": "2"})
        assert (answer.headers["x-data-version"], answer.json()["count"]) == ("2", 2)
        answer = client.get(f"{API}/films", headers={"x-data-version": "3"})
        assert (answer.status_code, "films/" in answer.text) == (503, False)
        publish(3)
        monkeypatch.setattr(data, "POLL", 0.1)
        end = time.monotonic() + LIMIT
        while client.get(f"{API}/films").headers["x-data-version"] != "3":
            assert time.monotonic() < end
            time.sleep(0.05)
        at(store).remove("CURRENT")
        client.get(f"{API}/films")
        while client.get("/healthz").json()["problem"] is None:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert client.get(f"{API}/genres").headers["x-data-version"] == "3"


@pytest.mark.parametrize(
    ("place_", "words"),
    [("s3://films/nothing", "there are no snapshots in"), ("s3://no-such-bucket/films", "there are no snapshots in")],
)
def test_what_is_not_there_is_named(place_: str, words: str) -> None:
    """In one sentence, without a traceback."""
    assert_fails(run("films", "-d", place_), 1, words, place_)


def test_a_server_that_is_away_is_named(
    keys: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch, place: Place
) -> None:
    """For readers and publishers."""
    place.ingest(films(1))
    keys.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(bucket, "CONNECT", 1)
    assert_fails(run("films", "-d", "s3://films/x"), 1, "cannot reach s3://films/x")
    assert_fails(place.run("publish", "s3://films/x"), 1, "cannot reach s3://films/x")


def test_without_keys_there_is_one_sentence(keys: pytest.MonkeyPatch) -> None:
    """That names what is missing."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        keys.delenv(name)
    assert_fails(run("films", "-d", "s3://films/x"), 1, "cannot reach s3://films/x", "credentials")


def test_of_two_writers_of_current_one_wins(store: str) -> None:
    """A hundred times: both have read the same state; the other one is told, and the winner's number stays."""
    stores = at(store), at(store)

    def replace(number: int, tag: str | None, barrier: threading.Barrier) -> str:
        barrier.wait(LIMIT)
        try:
            stores[number % 2].replace_current(f"{number}\n".encode(), tag)
        except movie_reports.MovieReportsError as error:
            return str(error)
        return ""

    for number in range(0, 200, 2):
        state = stores[0].tag(), threading.Barrier(2)
        with ThreadPoolExecutor(2) as threads:
            said = list(threads.map(lambda each, state=state: replace(each, *state), (number, number + 1)))
        assert sorted(map(bool, said)) == [False, True], (number, said)
        assert "another process has published to" in max(said)
        assert stores[0].read("CURRENT") == f"{number + said.index('')}\n".encode()


@pytest.mark.parametrize("round_", few(range(10), 0, 1))
def test_of_two_publishers_one_wins(store: str, place: Place, round_: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have seen the same snapshot, and have another ingest each; the other is told, and can try again."""
    databases = []
    for count in (1, 2, 3):
        place.ingest(films(*range(1, count + 1), title=f"Of {count} in {round_}"))
        databases.append(place.copy(place.folder / f"copy-{count}").database)
    movie_reports.publish(store, databases[0])
    barrier, listing = threading.Barrier(2), bucket.Bucket.listing

    def both_have_seen(self: bucket.Bucket) -> Any:  # noqa: ANN401 (a mapping)
        found = listing(self)
        barrier.wait(LIMIT)
        return found

    def publish(database: Path) -> str:
        try:
            return str(movie_reports.publish(store, database))
        except movie_reports.MovieReportsError as error:
            return str(error)

    with monkeypatch.context() as patch, ThreadPoolExecutor(2) as threads:
        patch.setattr(bucket.Bucket, "listing", both_have_seen)
        said = list(threads.map(publish, databases[1:]))
    winners = [index for index, text in enumerate(said) if text.isdecimal()]
    assert len(winners) == 1, said
    assert any(words in max(said) for words in ("another process", "cannot commit to")), said
    with movie_reports.open(store) as database:
        assert database.films().num_rows == winners[0] + 2
    assert run("publish", store, "--verify").returncode == 0
    movie_reports.publish(store, databases[2 - winners[0]])
    with movie_reports.open(store) as database:
        assert database.films().num_rows == 3 - winners[0]
