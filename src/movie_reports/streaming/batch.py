"""Loads a batch of messages: one ingest, whose films and offsets replace those in the database in one step."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute, sql
from movie_reports.database.engine import duckdb
from movie_reports.database.errors import plain_errors
from movie_reports.database.replacing import build, replace
from movie_reports.database.replacing.replace import WorkingFolder
from movie_reports.errors import MovieReportsError, RefusedError
from movie_reports.ingestion import delta, films, guard, ledger
from movie_reports.ingestion.before import Before, look
from movie_reports.ingestion.job import Progress
from movie_reports.ingestion.sources import columns
from movie_reports.streaming.state import Offsets, Settings, check_offsets

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

WAIT = 600  # seconds, for an ingest to end
COMPACT = 1_000  # ingests after which old batches are summed up
MONEY = ("budget", "revenue")


@dataclass(frozen=True)
class Batch:
    """Messages of a topic.

    Attributes:
        source: the address of the topic.
        topic: its name.
        messages: number, partition, message_offset, key and value, in the order in which they came.
        start: the offsets that it follows on: those in the database; none if that has none.
        next: the offsets of the messages after it.
        ends: the ends of the partitions when it was fetched.
    """

    source: str
    topic: str
    messages: pa.Table
    start: Offsets
    next: Offsets
    ends: Offsets


@dataclass(frozen=True)
class Limits:
    """What stops a stream.

    Attributes:
        max_rejects: more rejects in a batch than this number, or share of `size` such as `1%`.
        size: the most messages of a batch.
        allow_unread: load even batches in which more cells of a column cannot be read than that.
    """

    max_rejects: str = "1%"
    size: int = 10_000
    allow_unread: bool = False

    def __post_init__(self) -> None:
        """Check `max_rejects`.

        Raises:
            UsageError: it is neither a number nor a share.
        """
        guard.limit(self.max_rejects)

    def most(self) -> int:
        """Return the most rejects of a batch."""
        return int(guard.limit(self.max_rejects)(self.size))


def load(
    batch: Batch, database: Path, settings: Settings, limits: Limits, progress: Progress = lambda *_: None
) -> dict[str, Any]:
    """Load a batch, and return its row in the ledger.

    Raises:
        RefusedError: it does not follow on what the database has, or has too many rejects or unread cells.
        MovieReportsError: it cannot be loaded. The database is as it was in either case, but for its ledger.
    """
    facts = ledger.begun(batch.source, merge=True)
    with plain_errors(database), replace.reserved(database, WAIT) as working:
        before = look(working.database, facts)
        run = _Run(working, before, batch, facts)
        try:
            with plain_errors(database), replace.plain_files(working):
                return run.load(settings, limits, progress)
        except MovieReportsError as error:
            with contextlib.suppress(MovieReportsError, OSError, duckdb.Error):
                run.record_failure(error)
            raise


@dataclass
class _Run:
    """One ingest of a batch in its working folder; `facts` become its row in the ledger."""

    working: WorkingFolder
    before: Before
    batch: Batch
    facts: dict[str, Any]
    rejects: Sequence[Mapping[str, Any]] = ()

    def load(self, settings: Settings, limits: Limits, progress: Progress) -> dict[str, Any]:
        """Load the batch."""
        chosen = self.before.chosen
        self.facts["loaded_with"] = ",".join(chosen) or None
        subjects = sql.subjects(chosen)
        with build.next_database(self.working, copied=self.before.may_copy) as connection:
            check_offsets(connection, self.batch.topic, self.batch.start)
            delta.begin(connection)
            self._read(connection, settings)
            self._check_rejects(limits)
            decisions, unread = films.interpret(connection, settings.forms(), subjects)
            if not limits.allow_unread:
                too_many = [column for column in unread if column["films"] > limits.most()]
                guard.check_unread((), too_many, self.cells)
            self.facts |= {"decisions": "; ".join(decisions) or None, **delta.merge(connection, subjects, progress)}
            if not self.before.may_copy:
                self.facts["films_merged"] = 0  # all tables were just written in order
            row = ledger.add(connection, self.facts, "loaded", None)
            row = films.keep(connection, row["id"], self.facts["films_before"])
            self._keep(connection, row["id"], settings)
        replace.publish(self.working)
        return row

    def record_failure(self, error: MovieReportsError) -> None:
        """Record a batch that failed in the ledger, and leave the data and the offsets alone."""
        if self.working.old is None and not isinstance(error, RefusedError):
            return
        with build.next_database(self.working, copied=self.before.may_copy) as connection:
            outcome = "refused" if isinstance(error, RefusedError) else "failed"
            self._keep_rejects(connection, ledger.add(connection, self.facts, outcome, str(error))["id"])
        replace.publish(self.working)

    def _read(self, connection: DuckDBPyConnection, settings: Settings) -> None:
        """Read the messages into the tables of a delta."""
        for step in ("begin", "values", "film"):
            execute.run(connection, f"ingest/{step}")
        execute.given(connection, self.batch.messages)
        lists = execute.run(connection, "ingest/stream/read_messages")
        if shapes := [_shape(row["names"], settings.columns, self.before.chosen) for row in lists]:
            execute.run(connection, "ingest/stream/add_shapes", {"shapes": shapes})
        self.facts |= execute.run(connection, "ingest/stream/read_films", _positions(settings))[0]
        self.rejects = execute.run(connection, "ingest/stream/find_rejects", {"topic": self.batch.topic})
        self.cells = execute.run(connection, "ingest/count_batch")[0]
        for step in ("add_films", "insert_films"):
            execute.run(connection, f"ingest/{step}")

    def _check_rejects(self, limits: Limits) -> None:
        """Check the number of messages that cannot be loaded.

        Raises:
            RefusedError: there are too many.
        """
        if len(self.rejects) > limits.most():
            first = self.rejects[0]
            message = (
                f"{len(self.rejects):,} of {self.facts['records']:,} messages are rejects, more than the "
                f"{limits.most():,} that --max-rejects {limits.max_rejects} allows ({first['file']}, offset "
                f"{first['line']}: {first['message']}); see them with 'movie-reports rejects', or load the others with "
                "a higher --max-rejects"
            )
            raise RefusedError(message)

    def _keep(self, connection: DuckDBPyConnection, ingest: int, settings: Settings) -> None:
        """Keep the rejects and the offsets of a batch that is loaded."""
        self._keep_rejects(connection, ingest)
        offsets = [
            {"partition": partition, "next_offset": offset, "end_offset": self.batch.ends[partition]}
            for partition, offset in self.batch.next.items()
        ]
        known = {"topic": self.batch.topic, "ingest": ingest, "settings": settings.text(), "offsets": offsets}
        execute.run(connection, "ingest/stream/keep_offsets", known)
        if ingest % COMPACT == 0:
            execute.run(connection, "ledger/compact_batches", {"source": self.batch.source})

    def _keep_rejects(self, connection: DuckDBPyConnection, ingest: int) -> None:
        if self.rejects:
            execute.run(connection, "ingest/keep_rejects", {"ingest": ingest, "rejects": self.rejects})


def _shape(names: Sequence[str], named: Mapping[str, str], chosen: Sequence[str]) -> dict[str, Any]:
    """Return where the fields of a film are in an object with these members, and what is wrong with it."""
    found = columns.match(names, named, chosen)
    missing = [field for field in columns.NEEDED if field not in {"id", *found.fields}]
    problem = f"it lacks {', '.join(missing)}" if missing else f"it {found.doubt}" if found.doubt else None
    places = [found.fields.get(field) for field in columns.FIELDS]
    pointers = [None if place is None else _pointer(names[place - 1]) for place in places]
    return {"names": list(names), "pointers": pointers, "problem": problem}


def _pointer(name: str) -> str:
    """Return the JSON pointer to a member of an object."""
    return f"/{name.replace('~', '~0').replace('/', '~1')}"


def _positions(settings: Settings) -> dict[str, object]:
    """Return the positions of the fields among the pointers of a shape."""
    positions = {field: place for place, field in enumerate(columns.FIELDS, 1)}
    is_in_dollars = settings.forms().money_unit == 1
    behind = dict.fromkeys(() if is_in_dollars else MONEY, len(positions) + 1)
    return {"positions": positions, "plain": positions | behind}
