"""Sends the events of changes to a topic of Kafka, each exactly once: one transaction for each ingest.

The last event in the topic says what was sent. What is missing after a run that was killed is sent by the next one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from movie_reports.database import execute, upgrade
from movie_reports.errors import GoneError, MovieReportsError, RefusedError, UsageError
from movie_reports.ingestion.job import Progress
from movie_reports.reports import report
from movie_reports.reports.requests.request import Request
from movie_reports.streaming.state import Offsets
from movie_reports.streaming.topic import ANSWER, POLL, USUAL, Address, Topic, log
from movie_reports.streaming.watch import AwayError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TAIL, FURTHER = 10, 100  # messages at the end of a partition that are read first; and how many times more the next time
PATIENCE = 60  # seconds for a broker that is away for a moment
LONGEST = 600  # seconds that a transaction may take
AT_ONCE = 1_000  # events that are in memory together
FIXED: Mapping[str, Any] = {"enable.idempotence": True, "acks": "all", "transaction.timeout.ms": LONGEST * 1000}


@dataclass(frozen=True, order=True)
class Mark:
    """An ingest: its number, and when it ended, since after a restore another one has the same number."""

    ingest: int
    loaded_at: str


class Sender:
    """Sends to a topic what it does not have yet."""

    def __init__(self, where: Address, config: Mapping[str, str]) -> None:
        """Connect, and find out what the topic has; `config` has settings of librdkafka.

        Raises:
            UsageError: there is no such setting.
            AwayError: no broker answers.
            MovieReportsError: there is no such topic, it may not be written, or it has other messages.
        """
        self._where = where
        self._reason: str | None = None
        settings = {**USUAL, **config, **FIXED, "bootstrap.servers": where.brokers, "error_cb": self._note}
        try:
            self._producer = Producer({**settings, "transactional.id": f"movie-reports {where.topic}"}, logger=log)
        except KafkaException as error:
            raise UsageError(error.args[0].str()) from error
        with closing(Topic(where, config)) as topic:
            topic.bounds()  # so that a topic that is not there is named
            self._do(self._producer.init_transactions, ANSWER)  # ends what a run that was killed had begun
            self._mark = last(topic)

    def send(self, database: Path, progress: Progress = lambda *_: None) -> int:
        """Send the events of a database, if there is one, that the topic lacks, and return their number.

        Raises:
            RefusedError: the topic has events of another database, or some that it lacks are not kept any more.
            AwayError: no broker answers.
            MovieReportsError: the topic may not be written.
        """
        if not database.exists():
            if self._mark:
                raise self._foreign(self._mark)
            return 0
        with closing(upgrade.connect(database, temporary=True)) as connection:
            since = self._since(connection)
            try:
                events = report.asked(connection, "changes", Request(since=since)).kept()
            except GoneError as error:
                message = f"{self._where} has the changes until ingest {since}, and those since then are not kept any "
                message += "more: name a new topic, and let its readers take all films first"
                raise RefusedError(message) from error
            for first in range(0, len(events), AT_ONCE):
                self._send(events[first : first + AT_ONCE], events.as_json(first, AT_ONCE))
                progress("sending changes", first, len(events))
        return len(events)

    def _send(self, rows: list[dict[str, Any]], lines: list[str]) -> None:
        """Send some events; the first of an ingest begins a transaction, and the last ends it."""
        for row, line in zip(rows, lines, strict=True):
            if row["number"] == 1:
                self._do(self._producer.begin_transaction)
            while True:
                try:
                    self._producer.produce(self._where.topic, line.encode(), str(row["id"]).encode())
                    break
                except BufferError:  # it has as many as it takes
                    self._producer.poll(POLL)
            if row["number"] == row["count"]:
                self._do(self._producer.commit_transaction, ANSWER)
                self._mark = Mark(row["ingest"], row["loaded_at"])

    def _since(self, connection: DuckDBPyConnection) -> int:
        """Return the ingest that the topic has last; if it has none, the one before the last.

        Raises:
            RefusedError: the topic has events of another database.
        """
        kept = execute.run(connection, "ledger/kept_events")[0]
        if self._mark is None:
            loaded = execute.run(connection, "ledger/last_ingest")
            since: int = max(kept["oldest"], loaded[0]["id"] - 1 if loaded else 0)
            return since
        ended = execute.run(connection, "ledger/ended_at", {"ingest": self._mark.ingest})
        is_other = ended and f"{ended[0]['finished_at']:%Y-%m-%dT%H:%M:%S.%fZ}" != self._mark.loaded_at
        if is_other or self._mark.ingest > kept["last"]:
            raise self._foreign(self._mark)
        return self._mark.ingest

    def _do(self, call: Callable[..., object], *arguments: object) -> None:
        """Call the library, and again if that may help.

        Raises:
            AwayError: no broker answers.
            MovieReportsError: the topic may not be written.
        """
        end = time.monotonic() + PATIENCE
        while True:
            try:
                call(*arguments)
            except KafkaException as raised:
                error: KafkaError = raised.args[0]
                if error.retriable() and time.monotonic() < end:
                    continue
                with suppress(KafkaException):
                    self._producer.abort_transaction(ANSWER)
                reason, kind = self._reason or error.str(), AwayError if error.retriable() else MovieReportsError
                message = f"{self._where} does not take the changes ({reason}): they are sent later, each once"
                raise kind(message) from raised
            else:
                return

    def _note(self, error: KafkaError) -> None:
        self._reason = error.str()

    def _foreign(self, mark: Mark) -> RefusedError:
        message = (
            f"{self._where} has the changes until ingest {mark.ingest} of another database, or of this one before a "
        )
        message += "restore: name a new topic, and let its readers take all films first"
        return RefusedError(message)


def last(topic: Topic) -> Mark | None:
    """Return the last ingest whose events a topic has; None if it has none.

    Raises:
        AwayError: no broker answers.
        MovieReportsError: there is no such topic, or it has other messages.
    """
    found: dict[int, Mark] = {}
    bounds, tail = topic.bounds(), TAIL
    while bounds:
        starts = {partition: max(first, end - tail) for partition, (first, end) in bounds.items()}
        found |= _marks(topic, starts, {partition: end for partition, (_, end) in bounds.items()})
        # the last event of a partition may come before many of transactions that were not committed
        bounds = {part: bound for part, bound in bounds.items() if part not in found and starts[part] > bound[0]}
        tail *= FURTHER
    return max(found.values(), default=None)


def _marks(topic: Topic, starts: Offsets, ends: Offsets) -> dict[int, Mark]:
    """Return the ingest of the last event of each partition that has events between two offsets."""
    found: dict[int, Mark] = {}
    topic.start(starts)
    while not topic.has_reached(ends):
        messages = topic.fetch(AT_ONCE, ANSWER, lambda: topic.has_reached(ends))
        if not messages and not topic.has_reached(ends):
            text = f"{topic.address} cannot be read: no answer in time"
            raise AwayError(text)
        found |= {message.partition() or 0: _mark(topic, message) for message in messages}
    return found


def _mark(topic: Topic, message: Message) -> Mark:
    try:
        event = json.loads(message.value() or b"")
        return Mark(int(event["ingest"]), str(event["loaded_at"]))
    except (ValueError, KeyError, TypeError) as error:
        text = f"{topic.address} has other messages than changes of movie-reports: name a topic of its own"
        raise RefusedError(text) from error
