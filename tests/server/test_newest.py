"""Every answer is from the newest data, all of it from one version."""

import json
import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import movie_reports
from program import run
from runs import Place, films, with_rejects
from selection import few
from serving import API, Service, asking, served

PATH = f"{API}/films?limit=1000"


def loaded(place: Place, count: int) -> None:
    """Load some films, however many they were before; the title tells the version."""
    place.ingest(films(*range(1, count + 1), title=f"Of {count}"), allow_shrink=True)


@pytest.fixture
def two(place: Place) -> Place:
    """Load two films."""
    loaded(place, 2)
    return place


def test_an_answer_that_the_client_has_is_not_sent_again(two: Place) -> None:
    """As long as the data, the question and the format are the same."""
    with asking(two.database) as client:
        first = client.get(PATH)
        again = client.get(PATH, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert first.headers["last-modified"].endswith(" GMT")
        etags = {client.get(f"{API}/{path}").headers["etag"] for path in ("films", "genres", "genres?format=csv")}
        assert len(etags) == 3
        same = [client.get(f"{API}/genres?{query}").headers["etag"] for query in ("year=2001&top=1", "top=1&year=2001")]
        assert same[0] == same[1]
        loaded(two, 3)
        assert client.get(PATH, headers={"if-none-match": first.headers["etag"]}).json()["count"] == 3


def test_the_next_answer_after_an_ingest_has_the_new_films(two: Place) -> None:
    """Also one that was kept in memory."""
    with asking(two.database) as client:
        versions = []
        for count in (2, 5, 3):
            loaded(two, count)
            for _ in range(2):
                answer = client.get(PATH)
                assert answer.json()["count"] == count
            versions.append(client.get(f"{API}/version").json()["version"])
            assert answer.headers["movie-reports-version"] == answer.json()["version"] == versions[-1]
        assert len({*versions}) == 3


def test_a_refused_ingest_leaves_the_version(two: Place) -> None:
    """It replaces the file, for its row in the history; what depends on that is new."""
    with asking(two.database) as client:
        before, history = client.get(PATH), client.get(f"{API}/history").json()["count"]
        version = client.get(f"{API}/version").json()
        assert two.run("ingest", two.file(with_rejects(1, 9))).returncode == 4
        after = client.get(PATH, headers={"if-none-match": before.headers["etag"]})
        assert after.status_code == 304
        assert client.get(f"{API}/version").json()["version"] == version["version"]
        assert client.get(f"{API}/version").json()["run"] != version["run"]
        assert client.get(f"{API}/history").json()["count"] == history + 1
        assert client.get(f"{API}/rejects").json()["count"] == 9
        assert 'ingest_ended_timestamp_seconds{outcome="refused"}' in client.get("/metrics").text


@pytest.mark.parametrize("damage", ["nothing", "text", "cut", "newer", "another"])
def test_an_unreadable_file_leaves_the_old_data(two: Place, tmp_path: Path, damage: str) -> None:
    """Until it is replaced by one that can be read; the health says what is wrong."""
    with asking(two.database) as client:
        assert client.get(PATH).json()["count"] == 2
        kept = tmp_path / "kept.duckdb"
        shutil.copyfile(two.database, kept)
        _spoil(two.database, damage)
        for _ in range(2):
            assert client.get(PATH).json()["count"] == 2
        assert client.get("/healthz").json()["problem"]
        assert client.get("/readyz").status_code == 200
        assert "data_unreadable 1.0" in client.get("/metrics").text
        os.replace(kept, two.database)  # noqa: PTH105 (what an ingest does)
        loaded(two, 4)
        assert client.get(PATH).json()["count"] == 4
        assert client.get("/healthz").json()["problem"] is None


def _spoil(path: Path, damage: str) -> None:
    new = path.with_name("new")
    if damage == "nothing":
        path.unlink()
        return
    if damage == "text":
        new.write_text("no database")
    elif damage == "cut":
        new.write_bytes(path.read_bytes()[:20_000])
    else:
        import duckdb  # noqa: PLC0415 (one case needs it)

        if damage == "newer":
            shutil.copyfile(path, new)
        with duckdb.connect(str(new)) as connection:
            statement = "UPDATE schema_version SET version = 99" if damage == "newer" else "CREATE TABLE x (y INTEGER)"
            connection.execute(statement)
    os.replace(new, path)  # noqa: PTH105 (what an ingest does)


def test_without_films_there_is_no_report(place: Place) -> None:
    """Of a database whose only ingest was refused; it is alive, but not ready."""
    assert place.run("ingest", place.file(with_rejects(1, 9))).returncode == 4
    with asking(place.database) as client:
        answer = client.get(PATH)
        assert (answer.status_code, "no films yet" in answer.json()["detail"]) == (503, True)
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        assert client.get(f"{API}/history").json()["rows"][0]["outcome"] == "refused"
        loaded(place, 1)
        assert client.get("/readyz").json()["version"] == client.get(PATH).json()["version"]


def test_a_missing_database_is_served_as_soon_as_there_is_one(place: Place) -> None:
    """By an application that another server started."""
    with asking(place.database) as client:
        answer = client.get(PATH)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert str(place.folder) not in answer.text
        loaded(place, 1)
        assert _eventually(lambda: client.get(PATH)).json()["count"] == 1


def _eventually(ask: Any) -> Any:  # noqa: ANN401 (an answer)
    """Ask until there is an answer."""
    while (answer := ask()).status_code != 200:
        time.sleep(0.01)
    return answer


def test_equal_requests_are_computed_once(two: Place) -> None:
    """While one is computed, and afterwards from memory; an ingest makes it anew."""
    with asking(two.database) as client:
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda _: client.get(PATH).content, range(40)))
        assert len({*answers}) == 1
        assert 'results_total{how="miss"} 1.0' in client.get("/metrics").text
        loaded(two, 3)
        client.get(PATH)
        assert 'results_total{how="miss"} 2.0' in client.get("/metrics").text


def test_memory_for_results_is_limited(two: Place) -> None:
    """The ones used least lately go first."""
    with asking(two.database, cached=10_000) as client:
        for top in range(1, 50):
            assert client.get(f"{API}/films?metric=budget&top={top}").status_code == 200
            client.get(f"{API}/genres")
        metrics = client.get("/metrics").text
        size = next(line for line in metrics.splitlines() if line.startswith("movie_reports_results_bytes "))
        assert 5_000 < float(size.split()[1]) <= 10_000
        assert 'results_total{how="hit"} 48.0' in metrics


@pytest.mark.parametrize("replacements", few([10, 100]))
def test_replacements_under_load_lose_nothing(two: Place, replacements: int) -> None:
    """No request fails, none mixes two versions, none is older than the newest when it was sent."""
    done = threading.Event()
    newest = 2
    counts: list[int] = []

    def ask(service: Service, path: str) -> None:
        while not done.is_set():
            least = newest
            status, _, body = service.get(path)
            assert status == 200
            found = body.count(b"Of ") if b"films" in path.encode() else 0
            assert found == 0 or body.count(f"Of {found}".encode()) == found
            assert found == 0 or found >= least
            counts.append(found)

    with served(two.database) as service, ThreadPoolExecutor(3) as threads:
        paths = (f"{API}/films?format=csv", f"{API}/films?format=ndjson", f"{API}/genres")
        asking_all = [threads.submit(ask, service, path) for path in paths]
        try:
            for count in range(3, 3 + replacements):
                movie_reports.ingest(two.file(films(*range(1, count + 1), title=f"Of {count}")), two.database)
                newest = count
        finally:
            done.set()
        for each in asking_all:
            each.result()
        assert len({*counts}) > 3
        assert service.get(f"{API}/films?limit=1")[2].count(b'"count":%d' % (2 + replacements)) == 1
        deleted = [link for link in _open_files(service) if link.endswith("(deleted)") and "duckdb" in link]
        assert deleted == []
        code, log = service.stop()
    assert code == 0
    assert {json.loads(line)["status"] for line in log.splitlines()} == {200}


def _open_files(service: Service) -> list[str]:
    """Return the open files of a process, where the system tells them."""
    folder = Path(f"/proc/{service.process.pid}/fd")
    return [os.readlink(link) for link in folder.iterdir()] if folder.exists() else []  # noqa: PTH115 (no longer there)


def test_a_killed_service_leaves_the_database(two: Place) -> None:
    """It only reads it."""
    before = two.database.read_bytes()
    with served(two.database) as service:
        assert service.get(f"{API}/genres")[0] == 200
        service.process.kill()
    assert two.database.read_bytes() == before
    assert run("status", "--database", two.database).returncode == 0
