"""A broker of Kafka on this machine, and messages for it."""

import importlib.util
import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from program import LIMIT, Result, assert_fails, free_port, missing
from runs import Place
from streaming_oracle import ROWS, Message

QUIET: dict[str, Any] = {"log_level": 0}


@dataclass
class Broker:
    """A broker that can be killed and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def client(self) -> dict[str, Any]:
        """What a client needs to know."""
        return {"bootstrap.servers": f"127.0.0.1:{self.port}", **QUIET}

    def address(self, topic: str = "films") -> str:
        """Return the address of a topic."""
        return f"kafka://127.0.0.1:{self.port}/{topic}"

    def start(self) -> None:
        """Start the broker and wait until it answers."""
        options = ["--only", "kafka", "--kafka-port", str(self.port), "--data-dir", str(self.folder)]
        command = [str(_program()), "start", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        admin, end = AdminClient(self.client), time.monotonic() + LIMIT
        while True:
            try:
                admin.list_topics(timeout=1)
            except KafkaException:
                assert time.monotonic() < end
            else:
                return

    def stop(self, *, kill: bool = False) -> None:
        """Stop the broker."""
        assert self.process
        (self.process.kill if kill else self.process.terminate)()
        self.process.wait()

    def create(self, topic: str = "films", partitions: int = 3) -> None:
        """Make a topic."""
        admin = AdminClient(self.client)
        admin.create_topics([NewTopic(topic, partitions, 1)])[topic].result(LIMIT)

    def send(self, *messages: Message, topic: str = "films") -> None:
        """Send messages; the key says to which partition."""
        producer = Producer(self.client)
        for key, value in messages:
            producer.produce(topic, key=key, value=value)
            producer.poll(0)
        assert producer.flush(LIMIT) == 0


def _program() -> Path:
    """Return the broker itself: the script of its package would leave it running when it is killed."""
    package = importlib.util.find_spec("noida_db") or missing("there is no noida-db")
    return Path(str(package.origin)).with_name("noida-db")


@contextmanager
def brokering(folder: Path) -> Iterator[Broker]:
    """Run a broker."""
    broker = Broker(folder)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop(kill=True)


def film(number: int, **values: object) -> Message:
    """Return the message of a film; its title says how often it was sent."""
    usual = {
        "title": f"Film {number}",
        "release_date": "2001-02-03",
        "budget": 10,
        "revenue": 30,
        "popularity": 1.5,
        "vote_count": 5,
        "genres": [{"id": 18, "name": "Drama"}],
        "production_companies": [{"id": 7, "name": "Acme"}],
    }
    return str(number).encode(), json.dumps({**usual, **values}).encode()


def removal(number: int) -> Message:
    """Return the message that removes a film."""
    return str(number).encode(), None


@dataclass(frozen=True)
class Followed:
    """A topic, and the database that follows it."""

    broker: Broker
    place: Place
    topic: str = "films"

    @property
    def address(self) -> str:
        """Where the topic is."""
        return self.broker.address(self.topic)

    def send(self, *messages: Message) -> None:
        """Send messages to the topic."""
        self.broker.send(*messages, topic=self.topic)

    def follow(self, *options: str | Path) -> Result:
        """Load what the topic has."""
        return self.place.run("follow", self.address, "--once", *options)

    def follows(self, *options: str | Path) -> dict[str, Any]:
        """Load what the topic has, which succeeds, and return the row in the ledger of the last batch."""
        result = self.follow(*options)
        assert (result.returncode, result.stdout) == (0, ""), result.stderr
        return self.place.ledger()[-1]

    def stops(self, *words: str, options: Sequence[str | Path] = (), code: int = 4) -> None:
        """Assert that following ends with an error in one line."""
        assert_fails(self.follow("--quiet", *options), code, *words)

    def offsets(self) -> dict[int, int]:
        """Return the offsets in the database."""
        rows = self.place.query(f"SELECT partition, next_offset FROM streams WHERE topic = '{self.topic}'")  # noqa: S608
        return dict(rows)

    def ends(self) -> dict[int, int]:
        """Return the ends of the partitions."""
        consumer = Consumer({**self.broker.client, "group.id": "tests"})
        places = [
            TopicPartition(self.topic, partition) for partition in consumer.list_topics().topics[self.topic].partitions
        ]
        found = {place.partition: consumer.get_watermark_offsets(place, timeout=LIMIT)[1] for place in places}
        consumer.close()
        return found

    def committed(self, group: str) -> dict[int, int]:
        """Return the offsets that the broker was told."""
        consumer = Consumer({**self.broker.client, "group.id": group})
        found = consumer.committed([TopicPartition(self.topic, partition) for partition in self.ends()], LIMIT)
        consumer.close()
        return {place.partition: place.offset for place in found}

    def films(self) -> list[tuple[Any, ...]]:
        """Return the films in the database."""
        return self.place.query(ROWS)
