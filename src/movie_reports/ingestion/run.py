"""One run of ingest: loads a source into a database, or leaves it as it was, and records the run in the ledger."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute, sql
from movie_reports.database.engine import duckdb
from movie_reports.database.errors import plain_errors
from movie_reports.database.replacing import build, replace
from movie_reports.database.replacing.replace import WorkingFolder
from movie_reports.errors import MovieReportsError, RefusedError, UsageError
from movie_reports.ingestion import delta, films, guard, ledger
from movie_reports.ingestion.before import Before, look
from movie_reports.ingestion.films import Loaded
from movie_reports.ingestion.job import Job, Progress
from movie_reports.ingestion.reading import headers
from movie_reports.ingestion.reading.film_files import copied
from movie_reports.ingestion.sources import arrivals, encodings, paths
from movie_reports.ingestion.sources.arrivals import Versions
from movie_reports.ingestion.sources.columns import check_fields
from movie_reports.ingestion.sources.download import Version
from movie_reports.ingestion.sources.header import Hints, separator_of
from movie_reports.ingestion.sources.source import Source, open_source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DATE_ORDERS = ("dmy", "mdy", "ymd")
NONE = "none"


@dataclass(frozen=True)
class Rules:
    """What an ingest may and may not do.

    Attributes:
        merge: take the source as a delta: films are added or replaced by id, the rest stays.
        force: load a source even if it is loaded already.
        max_rejects: refuse a source with more rejects than this number, or share such as `1%`.
        allow_shrink: load even a source that loses more than 10% of the films, or of their dates, budgets, genres...
        allow_unread: load even a source with a column that cannot be read in more than 5% of its cells.
        date_order: how dates such as 5/4/1995 are read: dmy, mdy or ymd; without it the other dates decide.
        encoding: that of the file of films, as Python calls it; without it the file decides.
        separator: the character between fields; without it the header shows it.
        with_: what else is loaded: keywords, people or both; or "none". Without it, what the last ingest loaded.
        columns: the name of the column for a field, such as {"release_date": "Premiere"}; without it by usual names.
        max_size: refuse files that unpack to more bytes than this.
        keep_previous: keep the database that is replaced, for `restore`.
        wait: seconds to wait for another ingest to end.
        memory_limit: bytes of memory for the database; what needs more is spilled to the disk. None leaves it to
            DuckDB, which takes 80% of the machine's.
    """

    merge: bool = False
    force: bool = False
    max_rejects: str | int = "1%"
    allow_shrink: bool = False
    allow_unread: bool = False
    date_order: str | None = None
    separator: str | None = None
    with_: str | Sequence[str] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    max_size: int = 20 * 10**9
    keep_previous: bool = False
    encoding: str | None = None
    wait: float = 0
    memory_limit: int | None = None


@dataclass(frozen=True)
class Result:
    """The result of an ingest.

    Attributes:
        row: its row in the ledger, by column; with outcome `unchanged` that of the ingest which loaded the same source.
        ignored: the names of files that no report needs.
        unread: the rows of fields that could not be read.
    """

    row: dict[str, Any]
    ignored: Sequence[str] = ()
    unread: Sequence[Mapping[str, Any]] = ()


def ingest(
    names: Sequence[str],
    database: Path,
    rules: Rules | None = None,
    progress: Progress = lambda *_: None,
    seen: dict[str, Version] | None = None,
) -> Result:
    """Load a source into a database file, replacing its content or merging into it.

    The new database is built beside the old one and replaces it only when it is complete.

    Args:
        names: the files, folders and URLs that make up the source; - is stdin.
        database: the file.
        rules: what may be done; the defaults if None.
        progress: called with each step.
        seen: the versions of files at addresses that were loaded or refused, which need not be fetched again; those of
            this ingest are added.

    Raises:
        RefusedError: the source has too many rejects, or would lose too many films.
        MovieReportsError: it cannot be loaded, or the database cannot be written. The old data then stay as they were.
    """
    rules = rules or Rules()
    _check(rules)
    facts = ledger.begun(", ".join(map(arrivals.shown, names)), merge=rules.merge)
    before = look(database, facts)
    if before.state is None:
        _check_names(names)  # without a ledger to record it, a mistyped name should leave no file behind
    with plain_errors(database), replace.reserved(database, rules.wait) as working:
        if before.state != working.base:
            before = look(working.database, facts)  # another ingest has replaced it meanwhile
        run = _Run(working, before, rules, progress, facts)
        try:
            with plain_errors(database), replace.plain_files(working):
                result = run.load(names, (seen or {}) if before.state else {})
        except MovieReportsError as error:
            if seen is not None and isinstance(error, RefusedError):
                seen |= run.versions
            with contextlib.suppress(MovieReportsError, OSError, duckdb.Error):
                run.record_failure(error)
            raise
        if seen is not None:
            seen |= run.versions
        return result


def _check(rules: Rules) -> None:
    guard.limit(str(rules.max_rejects))
    _chosen(rules, ())
    if rules.encoding is not None:
        encodings.check(rules.encoding)
    check_fields(rules.columns)
    if rules.separator is not None:
        separator_of(rules.separator)
    if rules.date_order not in {None, *DATE_ORDERS}:
        message = f"there is no date order {rules.date_order}: choose one of {', '.join(DATE_ORDERS)}"
        raise UsageError(message)


def _chosen(rules: Rules, before: Sequence[str]) -> tuple[str, ...]:
    """Return what is loaded because it was asked for, now or before; a delta only adds to that.

    Raises:
        UsageError: it is nothing that can be asked for.
    """
    asked = [rules.with_] if isinstance(rules.with_, str) else rules.with_
    names = [name.strip().lower() for text in asked for name in text.split(",") if name.strip()]
    if names == [NONE] and not rules.merge:
        return ()
    for name in names:
        if name not in sql.CHOSEN:
            message = f"--with {name}: choose from {', '.join(sql.CHOSEN)}"
            message += ", but all films lose them only with a whole source" if name == NONE else f" or {NONE}"
            raise UsageError(message)
    wanted = {*names, *before} if rules.merge else {*(names or before)}
    return tuple(name for name in sql.CHOSEN if name in wanted)


def _check_names(names: Sequence[str]) -> None:
    for name in names:
        if arrivals.is_local(name):
            paths.is_pipe(arrivals.shown(name), Path(name))


@dataclass
class _Run:
    """One ingest in its working folder; `facts` become its row in the ledger."""

    working: WorkingFolder
    before: Before
    rules: Rules
    progress: Progress
    facts: dict[str, Any]
    versions: Versions = field(default_factory=dict)
    source: Source | None = None
    loaded: Loaded | None = None

    def __post_init__(self) -> None:
        """Find what is to be loaded."""
        self.chosen = _chosen(self.rules, self.before.chosen)
        self.facts["loaded_with"] = ",".join(self.chosen) or None

    def load(self, names: Sequence[str], known: Versions) -> Result:
        """Load the source, unless all of it is at addresses and in the versions that are known."""
        arrived = arrivals.bring(names, self.working.path, self.rules.max_size, self.progress, known)
        self.versions = arrived.versions
        if not arrived.parts:
            return Result({**(self.before.last or {}), "outcome": "unchanged"})
        hints = Hints(self.rules.separator and separator_of(self.rules.separator), self.rules.columns, self.chosen)
        with open_source(arrived.parts, self.working.path, self.rules.max_size, hints) as source:
            self.source = source
            self.facts["source_sha256"] = source.sha256
            replace.check(self.working)  # checked again before publishing, but reading the source may have taken long
            if unchanged := self._unchanged():
                return Result(unchanged)
            is_limited = self.rules.memory_limit is not None
            chosen_before = tuple(name for name in self.chosen if name in self.before.chosen)
            job = Job(
                *(source, self.working.path, self.rules.max_size, self.progress),
                is_limited=is_limited,
                chosen=self.chosen,
                chosen_before=chosen_before,
            )
            is_delta = self.rules.merge and self.before.may_copy and delta.is_small(source, self.working.database)
            # The first file is copied while the new database is made.
            with (
                copied(job, source.films[0], self.rules.encoding) as first,
                self._opened(copied=is_delta) as connection,
            ):
                if is_delta:
                    delta.begin(connection)
                self.loaded = films.read(connection, job, first, self.rules.date_order, self.rules.encoding)
                self.facts |= self.loaded.figures
                guard.check_rejects(self.facts["records"], self.loaded.rejects, str(self.rules.max_rejects))
                if is_delta:
                    self.facts |= delta.merge(connection, job.subjects, self.progress)
                else:
                    self.facts |= films.fill(connection, job, merge=self.rules.merge)
                lost = self._check_losses(connection, self.loaded, copied=is_delta)
                self.facts["decisions"] = "; ".join(self.loaded.decisions) or None
                notes = [*self.loaded.notes, *headers.among_ratings(job), *lost]
                row = ledger.add(connection, self.facts, "loaded", "; ".join(notes) or None)
                row = films.keep(connection, row["id"], self.facts["films_before"])
                films.keep_files_and_rejects(connection, self.loaded, source, row["id"])
                unread = execute.run(connection, "ledger/unread_fields", {"ingest": row["id"]})
        replace.publish(self.working, keep_previous=self.rules.keep_previous)
        return Result(row, sorted(member.name for member in source.ignored), unread)

    def record_failure(self, error: MovieReportsError) -> None:
        """Record a failed ingest in the ledger, and leave the data alone; without data, only for its rejects."""
        if self.working.old is None and not isinstance(error, RefusedError):
            return
        for unpacked in self.working.path.glob("*.csv"):
            unpacked.unlink()  # if the disk is full, this makes room for the ledger
        with build.next_database(self.working, self.rules.memory_limit, copied=self.before.may_copy) as connection:
            outcome = "refused" if isinstance(error, RefusedError) else "failed"
            row = ledger.add(connection, self.facts, outcome, str(error))
            if self.source and self.loaded:
                films.keep_files_and_rejects(connection, self.loaded, self.source, row["id"])
        replace.publish(self.working)

    def _unchanged(self) -> dict[str, Any] | None:
        """Return the ledger row of the ingest that loaded the same source, if nothing needs to be done."""
        last, rules = self.before.last, self.rules
        given = (rules.force, rules.date_order, rules.encoding, rules.separator, rules.columns)
        same = ("source_sha256", "mode", "tool_version", "loaded_with")
        if any(given) or not last or any(last[name] != self.facts[name] for name in same):
            return None
        return {**last, "outcome": "unchanged"}

    def _opened(self, *, copied: bool) -> AbstractContextManager[DuckDBPyConnection]:
        """Open the next version of the database."""
        opened = build.copied_database if copied else build.new_database
        return opened(self.working, self.rules.memory_limit)

    def _check_losses(self, connection: DuckDBPyConnection, loaded: Loaded, *, copied: bool) -> list[str]:
        """Check that nothing is lost that should not be, and return warnings of what may be."""
        before = self.facts["films_before"]
        if copied:
            if not loaded.unread and delta.is_harmless(connection, loaded.figures["movies"]):
                return []
            build.attach_old(connection, self.working)
        if not self.rules.allow_shrink:
            guard.check_films(self.facts["films_removed"], before)
        if before or loaded.unread:
            subjects = sql.subjects(self.chosen)
            known = _of_each_field(connection, subjects, "ingest/count_known", "ingest/count_known_names")
            if not self.rules.allow_unread:
                guard.check_unread(known, loaded.unread, loaded.cells)
            if not self.rules.allow_shrink:
                guard.check_known(known)
                variety = _of_each_field(connection, subjects, "ingest/find_variety", "ingest/find_names_variety")
                guard.check_variety(variety)
                guard.check_scale(execute.run(connection, "ingest/count_scale")[0])
        if self.facts["ratings"] is not None and not self.rules.allow_unread:
            guard.check_ratings(self.facts["ratings"], self.facts["ratings_unread"])
        rated = execute.run(connection, "ingest/count_rated")[0]
        return guard.check_rated(rated["rated"], rated["rated_before"], may_shrink=self.rules.allow_shrink)


def _of_each_field(
    connection: DuckDBPyConnection, subjects: Sequence[str], of_films: str, of_names: str
) -> list[dict[str, Any]]:
    """Return the rows of a query on fields of films, and those of one on the names of each subject."""
    found = [*execute.run(connection, of_films), *execute.run_for_names(connection, of_names, subjects)]
    return sorted(found, key=itemgetter("field"))
