"""A source becomes a database, or the database stays as it was; either way the ledger tells of it."""

from __future__ import annotations

import contextlib
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import IO, Any

import duckdb
from duckdb import DuckDBPyConnection

from movie_reports import urls
from movie_reports.database import execute
from movie_reports.database import replace as workplace
from movie_reports.database.connection import OldSchemaError, connect
from movie_reports.database.errors import plain_errors
from movie_reports.database.replace import Workplace
from movie_reports.errors import MovieReportsError, RefusedError, UsageError
from movie_reports.ingestion import films as load
from movie_reports.ingestion import headers
from movie_reports.ingestion.films import Loaded
from movie_reports.ingestion.job import Progress, Task
from movie_reports.ingestion.sources import download as fetch
from movie_reports.ingestion.sources import paths
from movie_reports.ingestion.sources import source as sources
from movie_reports.ingestion.sources.source import Source
from movie_reports.version import __version__

MOST_LOST = 0.1
BLOCK = 1 << 20


@dataclass(frozen=True)
class Rules:
    """What an ingest may and may not do.

    Attributes:
        merge: take the source as a delta: films are added or replaced by id, the rest stays.
        force: load also a source whose data are there already.
        max_rejects: refuse a source with more rejects than this number, or share such as `1%`.
        allow_shrink: load also a source that loses more than 10% of the films.
        max_size: refuse files that unpack to more bytes than this.
        wait: seconds to wait for another ingest to end.
        memory_limit: bytes of memory for the database; what needs more is spilled to the disk. None leaves it to
            DuckDB, which takes 80% of the machine's.
    """

    merge: bool = False
    force: bool = False
    max_rejects: str | int = "1%"
    allow_shrink: bool = False
    max_size: int = 20 * 10**9
    wait: float = 0
    memory_limit: int | None = None


def build(
    names: Sequence[str], database: Path, rules: Rules | None = None, progress: Progress = lambda *_: None
) -> dict[str, Any]:
    """Load a source into a database file, in place of what it held or merged into it.

    The new database is made beside the old one and takes its name only when it is complete.

    Args:
        names: files, folders and URLs that together are the source; - is stdin.
        database: the file.
        rules: what may be done; without them the defaults.
        progress: told of each step.

    Returns:
        the row of the ledger, by column; with outcome `unchanged` the row of the ingest that loaded the same source.

    Raises:
        RefusedError: the source has too many rejects, or would lose too many films.
        MovieReportsError: it cannot be loaded, or the database not be written. The old data are then as before.
    """
    rules = rules or Rules()
    most_rejects = _limit(str(rules.max_rejects))
    if database.exists():
        with contextlib.suppress(OldSchemaError):
            connect(database).close()  # whatever else the file may be, it is not ours to replace
    else:
        _check_names(names)  # where there is no ledger yet, a slip of the pen leaves nothing behind
    with plain_errors(database), workplace.reserved(database, rules.wait) as place:
        run = _Run(place, rules, most_rejects, progress, _facts(names, rules))
        try:
            with plain_errors(database), workplace.plain_files(place):
                return run.load(names)
        except MovieReportsError as error:
            with contextlib.suppress(MovieReportsError, OSError, duckdb.Error):
                run.record_failure(error)
            raise


def _check_names(names: Sequence[str]) -> None:
    for name in names:
        if _is_local(name):
            paths.is_pipe(_shown(name), Path(name))


def _facts(names: Sequence[str], rules: Rules) -> dict[str, Any]:
    """Return the row of the ledger as far as it is known at the start."""
    return {
        "started_at": _now(),
        "source": ", ".join(map(_shown, names)),
        "source_sha256": None,
        "mode": "merge" if rules.merge else "replace",
        "tool_version": __version__,
        "engine_version": duckdb.__version__,
    }


def _is_local(name: str) -> bool:
    return name != "-" and not urls.is_url(name)


def _shown(name: str) -> str:
    """Return the name of a source as it may be shown and kept."""
    return urls.shown(name) if urls.is_url(name) else paths.readable(name)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _limit(text: str) -> Callable[[int], Decimal]:
    """Read a number or a share such as `1%` as the number of rejects allowed among so many records.

    Raises:
        UsageError: it is neither.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", text.strip())
    if not found:
        message = f"--max-rejects {text} is neither a number nor a share: write 100 or 1%"
        raise UsageError(message)
    number = Decimal(found[1])
    return (lambda records: number * records / 100) if found[2] else (lambda _: number)


@dataclass
class _Run:
    """One ingest in its folder; `facts` become its row in the ledger."""

    place: Workplace
    rules: Rules
    most_rejects: Callable[[int], Decimal]
    progress: Progress
    facts: dict[str, Any]
    source: Source | None = None
    loaded: Loaded | None = None

    def load(self, names: Sequence[str]) -> dict[str, Any]:
        """Load the source, and return the row of the ledger."""
        parts = [(_shown(name), self._local(name, number)) for number, name in enumerate(names)]
        with sources.opened(parts) as source:
            self.source = source
            self.facts["source_sha256"] = source.sha256
            workplace.check(self.place)  # as in the end; the source may have been long on its way
            if unchanged := self._unchanged():
                return unchanged
            with workplace.new_database(self.place, self.rules.memory_limit) as connection:
                limited = self.rules.memory_limit is not None
                task = Task(connection, source, self.place.folder, self.rules.max_size, self.progress, limited)
                self.loaded = load.read(task)
                self.facts |= self.loaded.figures
                self._check_rejects()
                self.facts |= load.fill(task, merge=self.rules.merge)
                self._check_losses()
                notes = [*self.loaded.notes, *headers.among_ratings(task)]
                row = self._write_row(connection, "loaded", "; ".join(notes) or None)
                load.keep(connection, row["id"])
                load.keep_files_and_rejects(connection, self.loaded, source, row["id"])
        workplace.publish(self.place)
        return row

    def record_failure(self, error: MovieReportsError) -> None:
        """Tell the ledger of an ingest that failed; the data stay. Without data only rejects are worth a database."""
        if self.place.old is None and not isinstance(error, RefusedError):
            return
        for unpacked in self.place.folder.glob("*.csv"):
            unpacked.unlink()  # where room is short, the ledger needs it more
        with workplace.new_database(self.place, self.rules.memory_limit) as connection:
            workplace.keep_films(connection)
            outcome = "refused" if isinstance(error, RefusedError) else "failed"
            row = self._write_row(connection, outcome, str(error))
            if self.source and self.loaded:
                load.keep_files_and_rejects(connection, self.loaded, self.source, row["id"])
        workplace.publish(self.place)

    def _local(self, name: str, number: int) -> Path:
        """Bring what is not a local file or folder into the folder of this ingest."""
        if _is_local(name) and not paths.is_pipe(_shown(name), Path(name)):
            return Path(name)
        target = self.place.folder / f"source-{number}{PurePosixPath(_shown(name)).suffix}"
        if name == "-":
            self._keep("stdin", sys.stdin.buffer, target)
        elif urls.is_url(name):
            fetch.fetch(name, target, self.progress, self.rules.max_size)
        else:
            with Path(name).open("rb") as pipe:
                self._keep(_shown(name), pipe, target)
        return target

    def _keep(self, name: str, stream: IO[bytes], target: Path) -> None:
        with target.open("wb") as file:
            while block := stream.read(BLOCK):
                file.write(block)
                if file.tell() > self.rules.max_size:
                    message = f"{name} has more than {self.rules.max_size:,} bytes: if that is right, raise --max-size"
                    raise MovieReportsError(message)

    def _unchanged(self) -> dict[str, Any] | None:
        """Return the row of the ingest that loaded the same source; deltas merged after it do not count."""
        last: list[dict[str, Any]] = []
        old = self.place.old
        if old and not self.rules.force:
            with contextlib.suppress(OldSchemaError), contextlib.closing(connect(old)) as connection:
                last = execute.run(connection, "ledger/last_alike", {"mode": self.facts["mode"]})
        same = ("source_sha256", "mode", "tool_version")
        if not last or any(last[0][name] != self.facts[name] for name in same):
            return None
        return {**last[0], "outcome": "unchanged"}

    def _check_rejects(self) -> None:
        records, rejects = self.facts["records"], self.facts["rejects"]
        if rejects > self.most_rejects(records):
            message = (
                f"{rejects:,} of {records:,} records are rejects, more than --max-rejects "
                f"{self.rules.max_rejects} allows; see them with 'movie-reports rejects'"
            )
            raise RefusedError(message)

    def _check_losses(self) -> None:
        removed, before = self.facts["films_removed"], self.facts["films_before"]
        if removed > MOST_LOST * before and not self.rules.allow_shrink:
            message = (
                f"{removed:,} of {before:,} films would be lost, more than {MOST_LOST:.0%}: "
                "if that is right, add --allow-shrink; if the source is a part, add --merge"
            )
            raise RefusedError(message)

    def _write_row(self, connection: DuckDBPyConnection, outcome: str, reason: str | None) -> dict[str, Any]:
        """Append the row of this ingest to the ledger."""
        end = {"outcome": outcome, "reason": reason, "finished_at": _now()}
        execute.run(connection, "ledger/add_ingest", defaultdict(lambda: None, self.facts | end))
        return execute.run(connection, "ledger/last_run")[0]
