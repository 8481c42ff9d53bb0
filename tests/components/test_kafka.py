"""A stream that is killed at every step, whose broker dies and whose disk is full, loads each message exactly once."""

import random
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE
from typing import IO, Any, cast

import pytest

pytest.importorskip("confluent_kafka", reason="the extra 'stream' is not installed")

from confluent_kafka import Consumer, TopicPartition

import movie_reports
from kafka import Broker, Followed, brokering, film, removal
from killing import killed_at
from program import LIMIT, PROGRAM, ended, environment, started
from runs import Place
from streaming_oracle import ROWS, Message, fold, is_reject, rows

pytestmark = pytest.mark.component

MESSAGES, FILMS = 8_000, 900
PAUSE = 0.05  # seconds between reads, so that the stream has a core for itself
BATCH = ("--batch", "150", "--every", "100ms", "--max-rejects", "100%")
FETCHED, BUILT = "streaming.follow:load:before", "database.replacing.replace:publish:before"
REPLACED, TOLD = "database.replacing.replace:publish:after", "streaming.topic:Topic.tell:after"
KILLS = [f"{step}:{number}" for number in (1, 2, 1, 2, 1, 3) for step in (FETCHED, BUILT, REPLACED, TOLD)]
POISON: Sequence[Message] = [(b"x", b"{}"), (b"1", b"\xff\xfe"), (b"2", b"[]"), (b"3", b'{"title": 1}'), (None, b"{}")]
# Each call of `sql` reads the newest file, so that one statement must ask for both.
SNAPSHOT = f"""
SELECT
    (SELECT list([partition, next_offset] ORDER BY partition) FROM streams) AS offsets,
    (SELECT list(films ORDER BY id) FROM ({ROWS}) AS films) AS films
"""  # noqa: S608 (our own)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Run a broker."""
    with brokering(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


def made_up(number: int) -> list[Message]:
    """Make up messages: films that come and change, removals, and messages that cannot be read."""
    chance = random.Random(7)  # noqa: S311 (the same ones each time)

    def message(place: int) -> Message:
        kind, which = chance.random(), chance.randrange(FILMS)
        if kind < 0.03:
            return chance.choice(POISON)
        if kind < 0.15:
            return removal(which)
        names = [{"id": each, "name": f"Genre {each}"} for each in chance.sample(range(9), 2)]
        return film(which, title=f"Message {place}", budget=place, genres=names, vote_count=chance.randrange(99))

    return [message(place) for place in range(number)]


def received(followed: Followed) -> dict[int, list[Message]]:
    """Return what the broker has, in order, by partition: read by a client that knows nothing of the program."""
    consumer = Consumer({**followed.broker.client, "group.id": "oracle", "enable.partition.eof": True})
    found: dict[int, list[Message]] = {partition: [] for partition in followed.ends()}
    consumer.assign([TopicPartition(followed.topic, partition, 0) for partition in found])
    open_ones = set(found)
    while open_ones:
        for message in consumer.consume(1_000, 1):
            partition = cast("int", message.partition())
            if message.error():
                open_ones.discard(partition)
            else:
                assert message.offset() == len(found[partition])
                found[partition].append((message.key(), message.value()))
    consumer.close()
    return found


class Reader(threading.Thread):
    """Reads the database all the time."""

    def __init__(self, place: Place) -> None:
        """Begin."""
        super().__init__()
        self.place, self.done, self.seen = place, threading.Event(), dict[str, Any]()
        self.problems = list[BaseException]()

    def run(self) -> None:
        """Keep what was there for each state of the offsets."""
        while not self.done.wait(PAUSE):
            if not self.place.database.exists():
                continue
            try:
                with movie_reports.open(self.place.database) as database:
                    found = database.sql(SNAPSHOT).to_pylist()[0]
                assert self.seen.setdefault(str(found["offsets"]), found) == found
            except BaseException as error:  # noqa: BLE001 (asserted below)
                self.problems.append(error)


@contextmanager
def reading(place: Place) -> Iterator[Reader]:
    """Read while something else happens."""
    reader = Reader(place)
    reader.start()
    try:
        yield reader
    finally:
        reader.done.set()
        reader.join()


def test_nothing_is_lost_or_doubled_in_24_kills(broker: Broker, tmp_path: Path) -> None:
    """The films are the fold of the topic, for every reader at any time; each message is in the ledger once."""
    broker.create()
    followed = Followed(broker, Place(tmp_path))
    sent = made_up(MESSAGES)
    followed.send(*sent[: MESSAGES // 2])
    command = ("follow", followed.address, "--quiet", "--database", followed.place.database, *BATCH)
    with reading(followed.place) as reader:
        for step in KILLS[:12]:
            killed_at(step, *command)
        _outlives_its_broker(followed, [*PROGRAM, *map(str, command)], sent[MESSAGES // 2 :])
        for step in KILLS[12:]:
            killed_at(step, *command)
        assert followed.offsets() != followed.ends()
        _outlives_a_full_disk(followed, command)
        followed.follows(*BATCH)
    topic = received(followed)
    assert sum(map(len, topic.values())) == MESSAGES
    assert reader.problems == []
    assert followed.offsets() == followed.ends() == {partition: len(sent) for partition, sent in topic.items()}
    assert followed.films() == rows(_folded(topic, followed.offsets()))
    ledger = [row for row in followed.place.ledger() if row["outcome"] == "loaded"]
    assert sum(row["records"] for row in ledger) == MESSAGES
    rejects = followed.place.query(
        "SELECT file, line FROM rejects JOIN ingests ON id = ingest_id WHERE outcome = 'loaded'"
    )
    bad = [(f"films/{part}", at) for part, sent in topic.items() for at, each in enumerate(sent) if is_reject(each)]
    assert sorted(rejects) == sorted(bad)
    assert len(reader.seen) > 12
    for seen in reader.seen.values():
        films = [tuple(film.values()) for film in seen["films"] or ()]
        assert films == rows(_folded(topic, dict(seen["offsets"])))


def _folded(topic: dict[int, list[Message]], offsets: dict[int, int]) -> dict[int, dict[str, Any]]:
    """Return the films after the messages before these offsets; all messages of a film are in one partition."""
    parts = [fold(sent[: offsets.get(partition, 0)]) for partition, sent in topic.items()]
    assert sum(map(len, parts)) == len(set().union(*parts))
    return {number: film for part in parts for number, film in part.items()}


def _outlives_its_broker(followed: Followed, command: list[str], more: list[Message]) -> None:
    """Let the broker die and come back with more while the topic is followed, and end the stream by a signal."""
    command.remove("--quiet")
    with started(command, stderr=PIPE, text=True, env=environment()) as process:
        lines = iter(cast("IO[str]", process.stderr).readline, "")
        assert "Following" in next(lines)
        assert any("; 0 to go" in line for line in lines)
        followed.broker.stop(kill=True)
        assert any("cannot be reached" in line for line in lines)
        followed.broker.start()
        followed.send(*more)
        assert any("Ingest" in line for line in lines)
        process.send_signal(signal.SIGTERM)
        assert list(lines)[-1] == "Stopped\n"
        assert process.wait(LIMIT) == 0


def _outlives_a_full_disk(followed: Followed, command: Sequence[str | Path]) -> None:
    """Let files have no more bytes than the database has, so that the next one cannot be written."""
    before = followed.offsets(), followed.films()
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (9_999, 9_999))"
    code = f"{limit}; import os, sys; os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    result = ended([sys.executable, "-c", code, *PROGRAM[1:], *command], env=environment())
    assert result.returncode == 1
    assert "full: free some space" in result.stderr
    assert (followed.offsets(), followed.films()) == before
