"""A stream as its operator meets it: wrong addresses, missing brokers, lost messages, signals and metrics."""

import re
import signal
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE
from typing import IO, cast

import pytest

pytest.importorskip("confluent_kafka", reason="the extra 'stream' is not installed")

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from kafka import Broker, Followed, brokering, film
from program import LIMIT, PROGRAM, assert_fails, environment, free_port, run, started
from runs import Place


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Run one broker."""
    with brokering(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.fixture
def followed(broker: Broker, tmp_path: Path) -> Followed:
    """Have a topic of its own, and a folder for its database."""
    broker.create(tmp_path.name)
    return Followed(broker, Place(tmp_path), tmp_path.name)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["films"], "the address of a topic is kafka://host:port/topic"),
        (["kafka://user:secret@host:9092/films"], "users and passwords are in the file that --config names"),
        (["kafka://host:9092/films", "--every", "soon"], "--every soon is not a time: write 500ms, 60s or 5m"),
        (["kafka://host:9092/films", "--max-rejects", "some"], "--max-rejects some is neither a number nor a share"),
        (["kafka://host:9092/films", "--metrics", "port"], "--metrics port: write a port"),
        (["kafka://host:9092/films", "--column", "cost=x"], "there is no field cost"),
    ],
)
def test_what_is_typed_wrong(tmp_path: Path, arguments: list[str], words: str) -> None:
    """It is said before any broker is asked, without passwords."""
    result = run("follow", *arguments, "--once", "--database", tmp_path / "movies.duckdb")
    assert_fails(result, 2, words)
    assert "secret" not in result.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# ours\nsecurity protocol\n", "line 2: write name = value"),
        ("group.id=x\nisolation.level = read_uncommitted", "line 2: movie-reports sets isolation.level itself"),
        ("no.such.setting=1", 'No such configuration property: "no.such.setting"'),
    ],
)
def test_settings_of_the_client_that_cannot_be(tmp_path: Path, text: str, words: str) -> None:
    """The file and the line are named."""
    config = Place(tmp_path).file(text, "client.properties")
    assert_fails(run("follow", "kafka://host:9092/films", "--once", "--config", config), 2, words)


def test_settings_of_the_client_are_used(followed: Followed) -> None:
    """The group is that under which the broker knows the offsets, for those who watch the lag."""
    config = followed.place.file("# for the monitor\ngroup.id = watched\n", "client.properties")
    followed.send(*map(film, range(9)))
    followed.follows("--config", config)
    assert followed.committed("watched") == followed.offsets()


def test_a_broker_that_is_away(tmp_path: Path) -> None:
    """With --once it is said and nothing is made."""
    result = run("follow", f"kafka://127.0.0.1:{free_port()}/films", "--once", "--database", tmp_path / "movies.duckdb")
    assert_fails(result, 1, "/films cannot be reached:", "Connection refused")
    assert list(tmp_path.iterdir()) == []


def test_a_broker_that_comes_later(tmp_path: Path) -> None:
    """It is waited for, and then its topic is followed."""
    broker = Broker(tmp_path / "kafka")
    command = [*PROGRAM, "follow", broker.address(), "--every", "10ms", "--database", str(tmp_path / "movies.duckdb")]
    with started(command, stderr=PIPE, text=True, env=environment()) as process:
        lines = iter(cast("IO[str]", process.stderr).readline, "")
        assert "cannot be reached" in next(lines)
        broker.start()
        try:
            broker.create()
            assert any("there is no such topic" in line or "Following" in line for line in lines)
        finally:
            process.terminate()
            broker.stop(kill=True)


def test_there_is_no_such_topic(broker: Broker, tmp_path: Path) -> None:
    """It is not made either."""
    result = run("follow", broker.address("nothing"), "--once", "--database", tmp_path / "movies.duckdb")
    assert_fails(result, 1, "/nothing: there is no such topic")


def test_messages_that_are_gone(followed: Followed) -> None:
    """Neither a database nor a new one jumps over them in silence."""
    followed.send(*map(film, range(30)))
    followed.follows()
    followed.send(*map(film, range(30)))
    ends = followed.ends()
    admin = AdminClient(followed.broker.client)
    for done in admin.delete_records([TopicPartition(followed.topic, *place) for place in ends.items()]).values():
        done.result(LIMIT)
    before = followed.offsets()
    missing = ",".join(f"{part}:{at}" for part, at in sorted(before.items()))
    followed.stops(f"no longer has the messages from {missing} on", "load a dump")
    assert followed.offsets() == before
    new = Followed(followed.broker, Place(followed.place.folder / "new"), followed.topic)
    new.place.folder.mkdir()
    new.stops("no longer has its first messages", "--from beginning")
    new.send(film(99))
    new.follows("--from", "beginning")
    assert [number for number, *_ in new.films()] == [99]


def test_a_topic_that_was_made_again(followed: Followed) -> None:
    """It ends before the offsets in the database."""
    followed.send(*map(film, range(9)))
    followed.follows()
    admin = AdminClient(followed.broker.client)
    admin.delete_topics([followed.topic])[followed.topic].result(LIMIT)
    followed.broker.create(followed.topic)
    followed.stops("ends before", "it was made again, or is that of another cluster")


def test_a_signal_ends_the_stream_after_the_batch(followed: Followed) -> None:
    """What was fetched is loaded, and the exit code is that of success; meanwhile Prometheus finds metrics."""
    followed.send(*map(film, range(20)), (b"x", b"{}"))
    port = free_port()
    command = [*PROGRAM, "follow", followed.address, "--metrics", str(port), "--every", "10ms", "--max-rejects", "9"]
    with started([*command, "-d", str(followed.place.database)], stderr=PIPE, text=True, env=environment()) as process:
        lines = iter(cast("IO[str]", process.stderr).readline, "")
        assert next(lines).startswith(f"Following {followed.address} from 0:0,1:0,2:0")
        loaded = 0
        while loaded < 21:
            loaded += int(re.findall(r"(\d+) messages? =", next(lines))[0])
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            found = answer.read().decode()
        process.send_signal(signal.SIGTERM)
        assert list(lines) == ["Stopped\n"]
    assert process.returncode == 0
    assert followed.offsets() == followed.ends()
    for line in ('messages_total{kind="movies"} 20.0', 'messages_total{kind="rejects"} 1.0', "broker_away 0.0"):
        assert f"movie_reports_stream_{line}\n" in found
    offsets = dict(re.findall(r'stream_offset\{partition="(\d)"\} (\d+)', found))
    assert {int(part): int(at) for part, at in offsets.items()} == followed.ends()
    page = (Path(__file__).parents[2] / "docs" / "streaming.md").read_text("utf-8")
    names = {name for name in re.findall(r"# TYPE (\w+)", found) if not name.endswith("_created")}
    assert {*re.findall(r"(?m)^\| `(movie_reports_stream_\w+)`", page)} == names


def test_without_the_extra_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is made."""
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    for name in [name for name in sys.modules if name.startswith("movie_reports.streaming")]:
        monkeypatch.delitem(sys.modules, name)
    result = run("follow", "kafka://host:9092/films", "--database", tmp_path / "movies.duckdb")
    assert_fails(result, 1, "following a topic needs the extra stream: pip install 'movie-reports[stream]'")
    assert list(tmp_path.iterdir()) == []
