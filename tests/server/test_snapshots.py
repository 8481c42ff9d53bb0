"""Several services over one folder of snapshots: each follows, and no client is shown older data without being told."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import movie_reports
from program import run
from runs import Place, films
from serving import API, Service, asking, served

pytest.importorskip("deltalake", reason="the extra 'publish' is not installed")
FILMS = f"{API}/films?format=csv"
SNAPSHOT = "X-Data-Version"


def published(place: Place, count: int) -> Path:
    """Publish some films; the title tells how many."""
    place.ingest(films(*range(1, count + 1), title=f"Of {count}"), allow_shrink=True)
    movie_reports.publish(place.folder / "store", place.database)
    return place.folder / "store"


@pytest.fixture
def store(place: Place) -> Path:
    """Publish two films."""
    return published(place, 2)


@pytest.fixture
def client(store: Path) -> Iterator[TestClient]:
    """Serve them."""
    with asking(store) as client:
        yield client


def behind(store: Path, number: int) -> None:
    """Let a folder say what a machine sees that has not got the last snapshot yet."""
    (store / "next").write_text(f"{number}\n")
    (store / "next").replace(store / "CURRENT")


def test_an_answer_names_its_snapshot(place: Place, client: TestClient) -> None:
    """In a header and in the ETag; the next answer is from the next snapshot."""
    for count in (2, 3):
        published(place, count)
        for path in (FILMS, f"{API}/genres", f"{API}/status", "/films", "/"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer.headers[SNAPSHOT] == str(count - 1)
            assert answer.headers["etag"].startswith(f'W/"{count - 1}-')
            again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
            assert (again.status_code, again.headers[SNAPSHOT]) == (304, str(count - 1))
        assert client.get(FILMS).text.count(f"Of {count}") == count
        assert client.get(f"{API}/version").json()["snapshot"] == count - 1
        assert f"movie_reports_snapshot {count - 1}.0" in client.get("/metrics").text
    assert "2, published" in client.get("/status").text


def test_a_file_has_no_number(place: Place) -> None:
    """The header of a client is of no use there."""
    place.ingest(films(1))
    with asking(place.database) as client:
        answer = client.get(FILMS, headers={SNAPSHOT: "7"})
        assert (answer.status_code, SNAPSHOT in answer.headers, "set-cookie" in answer.headers) == (200, False, False)


def test_a_program_that_has_seen_a_newer_snapshot_is_told(place: Place, store: Path, client: TestClient) -> None:
    """As long as the machine is behind; it looks again before it says so."""
    assert client.get(FILMS, headers={SNAPSHOT: "1"}).status_code == 200
    answer = client.get(FILMS, headers={SNAPSHOT: "2"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "you have seen snapshot 2 of the data, and this machine still has 1" in answer.json()["detail"]
    assert str(store) not in answer.text
    published(place, 5)
    answer = client.get(FILMS, headers={SNAPSHOT: "2"})
    assert (answer.status_code, answer.text.count("Of 5")) == (200, 5)


@pytest.mark.parametrize("header", ["", "x", "-1", "1.5", "9" * 40, "²"])
def test_a_header_that_is_no_number_is_refused(client: TestClient, header: str) -> None:
    """It would be of no use; a cookie of that kind is not from this service, and does not matter."""
    answer = client.get(FILMS, headers={SNAPSHOT.encode(): header.encode()})
    assert (answer.status_code, "send the number of a snapshot" in answer.json()["detail"]) == (400, True)
    answer = client.get(FILMS, headers={b"Cookie": f"movie-reports-snapshot={header}".encode()})
    assert answer.status_code == 200


def test_a_person_that_has_seen_a_newer_snapshot_is_told(place: Place, store: Path) -> None:
    """By a page; the browser sends what it has seen by itself, whichever machine showed it."""
    with asking(store) as client:
        published(place, 3)
        answer = client.get("/films")
        assert "movie-reports-snapshot=2;" in answer.headers["set-cookie"]
        assert "set-cookie" not in client.get("/genres").headers
        behind(store, 1)
        answer = client.get("/films?year=2001")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert "You have seen snapshot 2 of the data, and this machine still has 1" in answer.text
        assert '<a class="way" href="films?year=2001">Try again</a>' in answer.text
        assert client.get(FILMS).status_code == 503
        client.cookies.clear()
        assert client.get("/films").status_code == 200
        behind(store, 2)
        assert client.get("/films").headers[SNAPSHOT] == "2"


def test_probes_answer_on_a_machine_that_is_behind(client: TestClient) -> None:
    """It is alive, ready, and not to be restarted."""
    for path in ("/healthz", "/readyz", "/metrics"):
        assert client.get(path, headers={SNAPSHOT: "9"}).status_code == 200


def test_a_damaged_snapshot_leaves_the_old_data(place: Place, store: Path, client: TestClient) -> None:
    """Until there is one that can be read; the health says what is wrong."""
    assert client.get(FILMS).headers[SNAPSHOT] == "1"
    published(place, 3)
    manifest = store / "snapshots" / "000000000002.json"
    content = manifest.read_bytes()
    manifest.write_bytes(content[:100])
    for _ in range(2):
        assert client.get(FILMS).headers[SNAPSHOT] == "1"
    assert "damaged" in client.get("/healthz").json()["problem"]
    manifest.write_bytes(content)
    behind(store, 2)
    assert client.get(FILMS).headers[SNAPSHOT] == "2"
    assert client.get("/healthz").json()["problem"] is None


def test_machines_follow_under_load_and_never_mix(place: Place, store: Path) -> None:
    """Two services, four clients that pass on what they have seen; every answer is of one snapshot, none goes back."""
    done = threading.Event()

    def ask(services: list[Service]) -> int:
        seen = answers = 0
        while not done.is_set():
            for service in services:
                status, headers, body = service.get(FILMS, f"{SNAPSHOT}: {seen}")
                if status == 503:
                    time.sleep(0.01)
                    continue
                assert status == 200
                number, count = int(headers["x-data-version"]), body.count(b"Of ")
                assert number >= seen
                assert count == number + 1
                assert body.count(f"Of {count}".encode()) == count
                seen, answers = number, answers + 1
        return answers

    with ExitStack() as stack:
        services = [stack.enter_context(served(store)) for _ in range(2)]
        threads = stack.enter_context(ThreadPoolExecutor(4))
        asked = [threads.submit(ask, services) for _ in range(4)]
        try:
            for count in range(3, 13):
                published(place, count)
        finally:
            done.set()
        assert min(each.result() for each in asked) > 10
        for service in services:
            assert service.get(FILMS)[1]["x-data-version"] == "11"
    assert run("publish", store, "--verify").returncode == 0


def test_serving_needs_a_snapshot(tmp_path: Path) -> None:
    """An empty folder is named before the service listens."""
    result = run("serve", "--database", tmp_path)
    assert (result.returncode, "is a folder: name the database file in it" in result.stderr) == (1, True)
