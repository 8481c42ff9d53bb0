"""Changes go to a topic, each exactly once, whatever is killed."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

pytest.importorskip("confluent_kafka", reason="the extra 'stream' is not installed")

from confluent_kafka import Consumer, TopicPartition

from kafka import Broker, Followed, brokering, film, removal
from program import LIMIT, PROGRAM, assert_fails, ended, environment, printed, started, wait_until
from runs import Place, films

KILLED = """
import os, signal, sys
from movie_reports.__main__ import main
from movie_reports.database.replacing import replace
from movie_reports.streaming import events

step, counts = sys.argv.pop(1), {}

def die(name):
    counts[name] = counts.get(name, 0) + 1
    if step == f"{name} {counts[name]}":
        os.kill(os.getpid(), signal.SIGKILL)

def publish(*arguments, publish=replace.publish, **options):
    die("built")
    publish(*arguments, **options)
    die("replaced")

class Producer(events.Producer):
    def produce(self, *arguments):
        super().produce(*arguments)
        die("sent")

    def commit_transaction(self, *arguments):
        self.flush()
        die("written")
        super().commit_transaction(*arguments)
        die("committed")

replace.publish, events.Producer = publish, Producer
main()
"""
STEPS = ("built 1", "replaced 1", "sent 1", "sent 20", "written 1", "committed 1")


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Run one broker."""
    with brokering(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Have a database with 50 films."""
    place = Place(tmp_path)
    place.ingest(films(*range(1, 51)))
    return place


@pytest.fixture
def topic(broker: Broker, tmp_path: Path) -> str:
    """Have a topic of its own for changes."""
    broker.create(f"changes-{tmp_path.name}")
    return f"changes-{tmp_path.name}"


def messages(broker: Broker, topic: str) -> list[tuple[bytes, str]]:
    """Return the committed messages of a topic, ordered by ingest and number."""
    consumer = Consumer(
        {**broker.client, "group.id": "test", "isolation.level": "read_committed", "enable.partition.eof": True}
    )
    partitions = consumer.list_topics(topic).topics[topic].partitions
    consumer.assign([TopicPartition(topic, partition, 0) for partition in partitions])
    found: list[tuple[bytes, str]] = []
    ended_ = 0
    while ended_ < len(partitions):
        message = consumer.poll(LIMIT)
        assert message
        if message.error():
            ended_ += 1
        else:
            found.append((message.key() or b"", (message.value() or b"").decode()))
    consumer.close()
    return sorted(found, key=lambda each: [json.loads(each[1])[name] for name in ("ingest", "number")])


def assert_has_all(broker: Broker, topic: str, place: Place, since: int = 1) -> None:
    """Assert that a topic has the events since an ingest, each once, under the id of its film."""
    lines = printed("changes", "--since", str(since), "--export", "ndjson", "--database", place.database).splitlines()
    found = messages(broker, topic)
    assert lines
    assert [value for _, value in found] == lines
    assert [key.decode() for key, _ in found] == [str(json.loads(line)["id"]) for line in lines]


def ingest(place: Place, *options: str | Path) -> None:
    """Ingest, which succeeds."""
    result = place.run("ingest", *options, "--allow-shrink", "--quiet")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def killed(step: str, arguments: Sequence[str | Path]) -> None:
    """Run the program until a step at which it is killed."""
    result = ended([sys.executable, "-c", KILLED, step, *arguments], env=environment())
    assert result.returncode == -signal.SIGKILL, result.stderr


@pytest.mark.parametrize("partitions", [1, 3])
def test_each_change_is_sent_once_whatever_is_killed(broker: Broker, place: Place, partitions: int) -> None:
    """Before and after the database is replaced, amid a transaction, before and after its end."""
    topic = f"killed-{partitions}"
    broker.create(topic, partitions)
    changes = ["--changes", broker.address(topic)]
    for number, step in enumerate(STEPS):
        source = place.file(films(*range(1, 41), title=f"Title {number}"), f"delta-{number}.csv")
        arguments: list[str | Path] = [source, "--merge", *changes]
        killed(step, ["ingest", *arguments, "--database", place.database])
        if step != STEPS[1]:  # there the next delta finds what is missing
            ingest(place, *arguments)
    assert len(messages(broker, topic)) == 40 * len(STEPS)
    assert_has_all(broker, topic, place)


def test_a_stream_passes_its_changes_on(broker: Broker, tmp_path: Path, topic: str) -> None:
    """One transaction a batch; a batch that was killed before its events were sent is made good by the next start."""
    broker.create(tmp_path.name)
    followed = Followed(broker, Place(tmp_path), tmp_path.name)
    followed.send(*map(film, range(30)))
    changes = ["--changes", broker.address(topic)]
    followed.follows(*changes)
    assert messages(broker, topic) == []  # the first films are no changes
    followed.send(*(film(number, title="New") for number in range(25)), removal(29), film(31))
    killed(
        "written 1",
        ["follow", followed.address, "--once", *changes, "--database", followed.place.database],
    )
    followed.send(film(1, title="Newer"))
    followed.follows(*changes)
    assert_has_all(broker, topic, followed.place)


def test_ingests_without_the_option_are_made_good(broker: Broker, place: Place, topic: str) -> None:
    """As long as their events are kept, the topic has no gap."""
    changes = ["--changes", broker.address(topic)]
    ingest(place, place.file(films(51), "1.csv"), "--merge", *changes)
    for number in (52, 53):
        ingest(place, place.file(films(number), "2.csv"), "--merge")
    ingest(place, place.file(films(54), "3.csv"), "--merge", *changes)
    assert_has_all(broker, topic, place)
    ingest(place, place.file(films(54), "3.csv"), "--merge", *changes)
    assert_has_all(broker, topic, place)


def test_a_gap_is_refused(broker: Broker, place: Place, topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is loaded."""
    changes = ["--changes", broker.address(topic)]
    ingest(place, place.file(films(51), "1.csv"), "--merge", *changes)
    monkeypatch.setattr("movie_reports.ingestion.films.MOST_EVENTS", 0)
    for number in range(2):
        ingest(place, place.file(films(*range(1, 52), title=f"Title {number}"), "2.csv"))
    before = place.ledger()
    result = place.run("ingest", place.file(films(60), "3.csv"), "--merge", *changes)
    assert_fails(result, 4, "the changes until ingest 2", "not kept", "name a new topic")
    assert place.ledger() == before


def test_changes_of_another_database_are_refused(broker: Broker, place: Place, topic: str, tmp_path: Path) -> None:
    """As after a restore: the topic has what the database has not."""
    changes = ["--changes", broker.address(topic)]
    ingest(place, place.file(films(51), "1.csv"), "--merge", "--keep-previous", *changes)
    assert place.run("restore").returncode == 0
    other = place.file(films(52), "2.csv")
    assert_fails(place.run("ingest", other, "--merge", *changes), 4, "until ingest 2 of another database", "a restore")
    ingest(place, other, "--merge")
    assert_fails(place.run("ingest", other, "--merge", *changes), 4, "until ingest 2 of another database")
    new = Place(tmp_path / "new")
    source = new.file(films(1))
    assert_fails(new.run("ingest", source, *changes), 4, "until ingest 2 of another database")
    assert not new.database.exists()


def test_a_stream_waits_for_the_broker_of_its_changes(broker: Broker, tmp_path: Path) -> None:
    """It says so, asks again until the broker is back, and goes on."""
    broker.create(tmp_path.name)
    followed = Followed(broker, Place(tmp_path), tmp_path.name)
    followed.send(*map(film, range(5)))
    followed.follows()
    followed.send(film(1, title="New"))
    with brokering(tmp_path / "other") as other:
        other.create("changes")
        other.stop()
        command = [*PROGRAM, "follow", followed.address, "--every", "100ms", "--changes", other.address("changes")]
        options = {"stderr": subprocess.PIPE, "text": True, "env": environment()}
        with started([*command, "-d", followed.place.database], **options) as process:
            assert process.stderr
            assert "trying again in" in process.stderr.readline()
            other.start()
            wait_until(lambda: len(messages(other, "changes")) == 1, process)
            process.terminate()
            _, said = process.communicate(timeout=LIMIT)
        assert process.returncode == 0, said
        assert_has_all(other, "changes", followed.place)


def test_a_topic_with_other_messages_is_refused(broker: Broker, place: Place, topic: str) -> None:
    """The films themselves, for example."""
    broker.send(film(1), topic=topic)
    result = place.run("ingest", place.file(films(60)), "--merge", "--changes", broker.address(topic))
    assert_fails(result, 4, "other messages", "a topic of its own")


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        ("kafka://127.0.0.1:9/x", 1, "cannot be reached"),
        ("kafka://127.0.0.1:{port}/nothing", 1, "there is no such topic"),
        ("http://127.0.0.1/x", 2, "kafka://host:port/topic"),
    ],
)
def test_a_topic_that_is_not_there_stops_an_ingest(
    broker: Broker, place: Place, address: str, code: int, words: str
) -> None:
    """Before anything is loaded."""
    result = place.run("ingest", place.file(films(60)), "--merge", "--changes", address.format(port=broker.port))
    assert_fails(result, code, words)
    assert len(place.ledger()) == 1


def test_without_the_extra_one_sentence_says_what_to_install(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """And without the option nothing is needed."""
    for name in [name for name in sys.modules if name.startswith("movie_reports.streaming")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    source = place.file(films(60))
    result = place.run("ingest", source, "--merge", "--changes", "kafka://localhost:9092/changes")
    assert_fails(result, 1, "needs the extra stream: pip install 'movie-reports[stream]'")
    ingest(place, source, "--merge")
