"""A topic of Kafka: its address, its messages, and how far it goes."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from movie_reports.errors import MovieReportsError, RefusedError, UsageError
from movie_reports.streaming.state import Offsets, shown
from movie_reports.streaming.watch import AwayError

if TYPE_CHECKING:
    import pyarrow as pa

ADDRESS = re.compile(r"kafka://([^/@?#\s]+)/([a-zA-Z0-9._-]{1,249})")
LINE = re.compile(r"([a-z][a-z0-9._-]*)\s*[=:]\s*(.*)")
FIXED: Mapping[str, Any] = {
    "enable.auto.commit": False,  # the database knows how far it is
    "auto.offset.reset": "error",  # never a silent jump
    "isolation.level": "read_committed",
    "enable.partition.eof": True,
}
USUAL: Mapping[str, Any] = {"group.id": "movie-reports", "client.id": "movie-reports"}
ANSWER = 10  # seconds that a broker may take
POLL = 0.2  # seconds between looks at the clock and at signals
AT_ONCE = 500  # messages that are taken from the library together
MOST_BYTES = 64_000_000  # of the messages of a batch
log = logging.getLogger("movie_reports.kafka")
log.addHandler(logging.NullHandler())
log.propagate = False  # what matters is said in one sentence


@dataclass(frozen=True)
class Address:
    """Where a topic is.

    Attributes:
        brokers: host:port, several between commas.
        topic: its name.
    """

    brokers: str
    topic: str

    def __str__(self) -> str:
        return f"kafka://{self.brokers}/{self.topic}"


def address(text: str) -> Address:
    """Read the address of a topic.

    Raises:
        UsageError: it is none.
    """
    found = ADDRESS.fullmatch(text)
    if not found:
        message = "the address of a topic is kafka://host:port/topic, with several brokers between commas; "
        message += "users and passwords are in the file that --config names"
        raise UsageError(message)
    return Address(found[1], found[2])


def configuration(path: Path | None) -> dict[str, str]:
    """Read a file with one `name = value` of librdkafka a line, such as `security.protocol = SASL_SSL`.

    Raises:
        UsageError: a line is something else, or sets what the program must set itself.
        MovieReportsError: it cannot be read.
    """
    if path is None:
        return {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot read {path}: {getattr(error, 'strerror', None) or 'it is not text in UTF-8'}"
        raise MovieReportsError(message) from error
    found = {}
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        setting = LINE.fullmatch(line)
        if not setting:
            message = f"{path}, line {number}: write name = value, such as security.protocol = SASL_SSL"
            raise UsageError(message)
        if setting[1] in {*FIXED, "bootstrap.servers"}:
            message = f"{path}, line {number}: movie-reports sets {setting[1]} itself: remove the line"
            raise UsageError(message)
        found[setting[1]] = setting[2]
    return found


class Topic:
    """A topic that is read from offsets which the caller knows.

    Attributes:
        address: where it is.
        next: the offsets of the next messages.
        problem: why the brokers cannot be reached, while they cannot.
    """

    def __init__(
        self, where: Address, config: Mapping[str, str], said: Callable[[str], object] = lambda _: None
    ) -> None:
        """Prepare a client, which connects later.

        Args:
            where: the address.
            config: settings of the client.
            said: is called with a sentence when no broker can be reached any more.

        Raises:
            UsageError: there is no such setting.
        """
        self.address = where
        self.next: dict[int, int] = {}
        self.problem: str | None = None
        self._reason: str | None = None
        self._said = said
        self._at_end: set[int] = set()
        settings = {**USUAL, **config, **FIXED, "bootstrap.servers": where.brokers, "error_cb": self._note}
        try:
            self._consumer = Consumer({**settings, "on_commit": lambda *_: None}, logger=log)
        except KafkaException as error:
            raise UsageError(error.args[0].str()) from error

    def bounds(self) -> dict[int, tuple[int, int]]:
        """Return the first offset and the end of each partition.

        Raises:
            AwayError: no broker answers.
            MovieReportsError: there is no such topic, or it may not be read.
        """
        name = self.address.topic
        try:
            found = self._consumer.list_topics(name, timeout=ANSWER).topics[name]
            places = [TopicPartition(name, partition) for partition in found.partitions]
            bounds = [self._consumer.get_watermark_offsets(place, timeout=ANSWER) for place in places]
        except KafkaException as error:
            if not self.next:
                self._consumer.poll(0)  # to hear the reason
            raise self._failed(error.args[0]) from error
        if found.error is not None:
            raise self._failed(found.error)
        self.problem = None
        return dict(zip(found.partitions, bounds, strict=True))

    def start(self, offsets: Offsets) -> None:
        """Read from these offsets on."""
        self.next, self._at_end = dict(offsets), set()
        name = self.address.topic
        self._consumer.assign([TopicPartition(name, partition, offset) for partition, offset in offsets.items()])

    def grow(self) -> None:
        """Read new partitions too, from their beginning; no message may be fetched that is not loaded.

        Raises:
            RefusedError: they have no beginning any more.
        """
        try:
            bounds = self.bounds()
        except AwayError:
            return
        new = {partition: first for partition, (first, _) in bounds.items() if partition not in self.next}
        if any(new.values()):
            raise gone(self.address.topic, dict.fromkeys(new, 0))
        if new:
            self.start({**self.next, **new})

    def fetch(self, most: int, seconds: float, ends: Callable[[], bool]) -> list[Message]:
        """Return messages in the order in which they come; the offsets in `next` are those after them.

        Args:
            most: so many at most, or 64 MB of them.
            seconds: so long after the first of them at most, and without any.
            ends: whether to stop now.

        Raises:
            RefusedError: the broker no longer has the next message.
            MovieReportsError: the topic may not be read any more.
        """
        found: list[Message] = []
        size, end = 0, time.monotonic() + seconds
        while len(found) < most and size < MOST_BYTES and time.monotonic() < end and not ends():
            wait = min(POLL, max(0.0, end - time.monotonic()))
            news = self._consumer.consume(min(AT_ONCE, most - len(found)), wait)
            new = [message for message in news if self._is_message(message)]
            if new and not found:
                end = time.monotonic() + seconds
            found += new
            size += sum(map(len, new))
        return found

    def ends(self) -> dict[int, int]:
        """Return the end of each partition as far as the client has heard of it."""
        name = self.address.topic
        known = {
            partition: self._consumer.get_watermark_offsets(TopicPartition(name, partition), cached=True)[1]
            for partition in self.next
        }
        return {partition: max(known[partition], offset) for partition, offset in self.next.items()}

    def has_reached(self, ends: Offsets) -> bool:
        """Whether all messages before these ends were fetched, or the partition has no more."""
        return all(partition in self._at_end or self.next[partition] >= end for partition, end in ends.items())

    def tell(self, offsets: Offsets) -> None:
        """Tell the broker how far the database is, for those who watch the lag; nothing depends on it."""
        name = self.address.topic
        places = [TopicPartition(name, partition, offset) for partition, offset in offsets.items()]
        self._consumer.commit(offsets=places, asynchronous=True)

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()

    def _is_message(self, message: Message) -> bool:
        """Whether this is a message, and not the news that a partition ends here or that something failed."""
        partition, offset, error = cast("int", message.partition()), cast("int", message.offset()), message.error()
        if error is None:
            self.problem = None
            self._at_end.discard(partition)
            self.next[partition] = offset + 1
            return True
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 (so the library names its own codes)
            self.problem = None
            self._at_end.add(partition)
            self.next[partition] = offset
        elif error.code() in {KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE}:  # noqa: SLF001
            raise gone(self.address.topic, {partition: self.next[partition]})
        elif not isinstance(failure := self._failed(error), AwayError):
            raise failure
        return False

    def _note(self, error: KafkaError) -> None:
        """Keep what the library says of the connections, which it tries again by itself, with growing pauses."""
        if error.code() in _DOWN:
            if self.problem is None and self.next:
                self._said(f"{self.address} cannot be reached ({self._reason or error.str()}); trying again")
            self.problem = self._reason or error.str()
        else:
            self._reason = error.str()

    def _failed(self, error: KafkaError) -> MovieReportsError:
        """Return an error of the library as a sentence."""
        if error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
            return MovieReportsError(f"{self.address}: there is no such topic")
        if error.retriable() or error.code() in _AWAY:
            return AwayError(f"{self.address} cannot be reached: {self._reason or error.str()}")
        return MovieReportsError(f"{self.address} cannot be read: {error.str()}")


_DOWN = {KafkaError._ALL_BROKERS_DOWN, KafkaError._AUTHENTICATION}  # noqa: SLF001
_AWAY = {
    KafkaError._TRANSPORT,  # noqa: SLF001
    KafkaError._ALL_BROKERS_DOWN,  # noqa: SLF001
    KafkaError._TIMED_OUT,  # noqa: SLF001
    KafkaError._RESOLVE,  # noqa: SLF001
    KafkaError.LEADER_NOT_AVAILABLE,
}


def gone(topic: str, offsets: Offsets) -> RefusedError:
    """Return the error for messages that the broker does not have any more."""
    message = (
        f"{topic} no longer has the messages from {shown(offsets)} on, which are not loaded yet: load a dump, and say "
        "with --from which messages are not in it"
    )
    return RefusedError(message)


def table(messages: Sequence[Message]) -> pa.Table:
    """Return messages as rows of Arrow."""
    import pyarrow as pa  # noqa: PLC0415 (slow to load)

    return pa.table(
        {
            "number": pa.array(range(len(messages)), pa.int64()),
            "partition": pa.array([message.partition() for message in messages], pa.int32()),
            "message_offset": pa.array([message.offset() for message in messages], pa.int64()),
            "key": pa.array([message.key() for message in messages], pa.binary()),
            "value": pa.array([message.value() for message in messages], pa.binary()),
        }
    )
