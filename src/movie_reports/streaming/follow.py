"""Follows a topic: fetches a batch, loads it, tells the broker, and begins again."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from movie_reports.errors import RefusedError, UsageError
from movie_reports.streaming import state
from movie_reports.streaming.batch import Batch, Limits, load
from movie_reports.streaming.state import Offsets, Settings
from movie_reports.streaming.topic import Topic, gone, table
from movie_reports.streaming.watch import Watch, patiently

LOOK = 60  # seconds between looks for new partitions
BEGINNING, END = "beginning", "end"


@dataclass(frozen=True)
class Options:
    """How a topic is followed.

    Attributes:
        seconds: the longest time from the first message of a batch until it is loaded.
        once: stop at the end that the topic has at the start.
        start: where to begin: `beginning`, `end`, or offsets such as `0:120,1:98`; None goes on from the database.
        settings: how messages are read.
        limits: what stops the stream, and the most messages of a batch.
    """

    seconds: float = 60
    once: bool = False
    start: str | None = None
    settings: Settings = field(default_factory=Settings)
    limits: Limits = field(default_factory=Limits)


def follow(topic: Topic, database: Path, options: Options, watch: Watch) -> None:
    """Load the messages of a topic into a database until told to stop.

    Raises:
        UsageError: it is not clear where to begin.
        RefusedError: messages are gone that were not loaded, or a batch has too many rejects.
        MovieReportsError: the topic cannot be read, or the database cannot be written.
    """
    name = topic.address.topic
    known = state.read(database, name)
    settings = state.settled(options.settings, known.settings, name)
    bounds = topic.bounds() if options.once else patiently(topic.bounds, watch)
    if bounds is None:
        return
    topic.start(begin(name, known, bounds, options.start))
    watch.said(f"Following {topic.address} from {state.shown(topic.next)} (Ctrl-C stops after the batch)")
    until = {partition: end for partition, (_, end) in bounds.items()}
    start = known.offsets

    def ends() -> bool:
        watch.progress(_waiting(topic), 0, 0)
        return watch.stop.is_set() or (options.once and topic.has_reached(until))

    is_last, is_new, look = False, options.start is not None, time.monotonic() + LOOK
    while not is_last:
        if time.monotonic() > look and not topic.problem:
            topic.grow()
            look = time.monotonic() + LOOK
        messages = topic.fetch(options.limits.size, options.seconds, ends)
        is_last = ends()
        if messages or is_new:  # without any message, where to begin is kept
            is_new = False
            batch = Batch(str(topic.address), name, table(messages), start, dict(topic.next), topic.ends())
            row = load(batch, database, settings, options.limits, watch.progress)
            start = batch.next
            topic.tell(start)
            watch.loaded(row, sum(batch.ends.values()) - sum(start.values()))


def begin(topic: str, known: state.State, bounds: Mapping[int, tuple[int, int]], start: str | None) -> Offsets:
    """Return the offsets from which a topic is read.

    Args:
        topic: its name.
        known: what the database knows of it.
        bounds: the first offset and the end of each partition.
        start: where the user wants to begin.

    Raises:
        UsageError: the user must say where to begin, or may not.
        RefusedError: messages are gone that were not loaded, or the database has more than the topic.
    """
    if known.offsets and start is not None:
        message = f"the database has {topic} until {state.shown(known.offsets)} and goes on there: leave out --from"
        raise UsageError(message)
    if not known.offsets and start is None and known.films:
        message = (
            f"the database has films, but no offsets of {topic}: say with --from which messages are not in them, such "
            f"as {state.shown({partition: end for partition, (_, end) in bounds.items()})}, beginning or end"
        )
        raise UsageError(message)
    if start in {BEGINNING, END}:
        return {partition: bound[start == END] for partition, bound in bounds.items()}
    given = known.offsets or ({} if start is None else _offsets(start))
    if start is not None and given.keys() != bounds.keys():
        message = f"--from {start}: {topic} has the partitions {', '.join(map(str, sorted(bounds)))}; name each once"
        raise UsageError(message)
    return _checked(topic, given, bounds)


def _checked(topic: str, offsets: Offsets, bounds: Mapping[int, tuple[int, int]]) -> Offsets:
    """Return the offsets with those of new partitions, which begin at 0.

    Raises:
        RefusedError: a message before which they are is gone, or there are fewer messages than that.
    """
    found = {partition: offsets.get(partition, 0) for partition in {*bounds, *offsets}}
    beyond = {part: offset for part, offset in found.items() if offset > bounds.get(part, (0, -1))[1]}
    if beyond:
        message = (
            f"{topic} ends before {state.shown(beyond)}, which the database has or --from names: it was made again, or "
            "is that of another cluster; load a dump, and say with --from where to go on"
        )
        raise RefusedError(message)
    if lost := {part: offset for part, offset in found.items() if offset < bounds[part][0]}:
        if not offsets:
            first = state.shown({part: bounds[part][0] for part in lost})
            message = (
                f"{topic} no longer has its first messages, but begins at {first}: load a dump first, or begin there "
            )
            message += "with --from beginning"
            raise RefusedError(message)
        raise gone(topic, lost)
    return found


def _offsets(text: str) -> Offsets:
    """Read offsets such as `0:120,1:98`.

    Raises:
        UsageError: they are something else.
    """
    if not re.fullmatch(r"\d{1,9}:\d{1,18}(,\d{1,9}:\d{1,18})*", text):
        message = f"--from {text}: write beginning, end, or an offset for each partition, such as 0:120,1:98"
        raise UsageError(message)
    pairs = (part.split(":") for part in text.split(","))
    return {int(partition): int(offset) for partition, offset in pairs}


def _waiting(topic: Topic) -> str:
    """Say what a stream waits for."""
    if topic.problem:
        return f"waiting for {topic.address}: {topic.problem}"
    return f"following {topic.address.topic}: {sum(topic.ends().values()) - sum(topic.next.values()):,} messages to go"
