"""The steps of a load, which run the SQL in queries/ingest to bring the files of a source into an empty database."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute, sql
from movie_reports.errors import MovieReportsError, RefusedError
from movie_reports.ingestion.job import Job, SecondThread
from movie_reports.ingestion.reading import name_files, ratings
from movie_reports.ingestion.reading.film_files import Copy, read_files
from movie_reports.ingestion.reading.rejects import Reject
from movie_reports.ingestion.sources import columns
from movie_reports.ingestion.sources.files import Member
from movie_reports.ingestion.sources.source import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_SHARED = 0.05  # of the films in several files, if these are parts of one
FEW, MANY_DUPLICATES = 3, 0.1  # of the records
DAYS, MOST_EVENTS = 7, 10_000  # how long, and how many events are kept in a small database


@dataclass(frozen=True)
class Forms:
    """How values are read that may be written in several ways.

    Attributes:
        date_order: dmy, mdy or ymd, for dates such as 5/4/1995.
        is_fixed: whether only this decides, as in a stream; else the cells of a column decide what is not given.
        decimal_mark: what begins a fraction, a point or a comma, where a number such as 30.000 leaves that open.
        list_separator: what separates the names in a text of names.
        money_unit: what a plain number of money is in, in US dollars.
    """

    date_order: str | None = None
    is_fixed: bool = False
    decimal_mark: str | None = None
    list_separator: str | None = None
    money_unit: int = 1


@dataclass(frozen=True)
class Loaded:
    """The result of a load.

    Attributes:
        figures: the record counts, by column of the table ingests.
        rejects: file, line, reason, message and raw text of each record that was not loaded.
        films: the files of films, with the encoding in which they were read.
        notes: warnings for the user.
        decisions: the encoding, and how columns were read, where that had to be decided.
        cells: the number of cells that are not empty, by column; lists are not counted.
        unread: a row for each column with texts that could not be read.
    """

    figures: dict[str, Any]
    rejects: list[Reject]
    films: tuple[Member, ...]
    notes: list[str]
    decisions: list[str]
    cells: Mapping[str, int]
    unread: list[dict[str, Any]]


def read(
    connection: DuckDBPyConnection, job: Job, first: Copy, date_order: str | None = None, encoding: str | None = None
) -> Loaded:
    """Load the films of a source into the table movies, and their genres and companies into staging tables.

    Args:
        connection: a database opened by `replace.new_database`.
        job: what is loaded.
        first: the copy of the first file of films.
        date_order: how dates such as 5/4/1995 are read; without it the other cells decide.
        encoding: that of the file of films; without it the file decides.

    Raises:
        RefusedError: the encoding is not clear.
        MovieReportsError: the source contains no film, or the record counts do not reconcile.
    """
    with closing(SecondThread(connection)) as second:
        found = read_files(connection, job, second, first, encoding)
        counts = sum((file.counts for file in found), Counter[str]())
        rejects = [reject for file in found for reject in file.rejects]
        _check_any(found[0].film, sum(file.records for file in found), rejects)
        name_files.load(connection, job, second.wait)
        decisions, unread = interpret(connection, Forms(date_order), job.subjects, second.wait)
    films = execute.run(connection, "ingest/count_films")[0]["films"]
    _check_parts(connection, job.source.films, films)
    figures = {
        "records": sum(file.records for file in found) - counts["lines_joined"],
        "movies": films,
        "duplicates": counts["loadable"] - films,
        "rejects": len(rejects),
        "repaired": counts["repaired"],
    }
    notes = [note for file in found for note in file.notes]
    notes += columns.notes(found[0].film.fields)
    notes += name_files.notes(job)
    notes += _note_duplicates(figures["duplicates"], figures["records"])
    encoded = [f"encoding {file.film.encoding}" for file in found if file.film.encoding != "utf-8"]
    taken = [text for file in found for text in file.film.decisions]
    decisions = [*dict.fromkeys([*encoded, *taken]), *decisions]
    return Loaded(figures, rejects, tuple(file.film for file in found), notes, decisions, counts, unread)


def fill(connection: DuckDBPyConnection, job: Job, *, merge: bool) -> dict[str, Any]:
    """Fill the other tables from the staging tables, and compare all with the old database.

    Args:
        connection: that which was given to `read`.
        job: the same as there.
        merge: keep the films of the old database that the source does not have.

    Returns:
        the figures on ratings and on films added, changed, removed, unchanged and merged; and films_before.
    """
    job.progress("loading genres and companies", 0, 0)
    add_names(connection, job.subjects, merge=merge, is_limited=job.is_limited)
    execute.run(connection, "ingest/merge_films" if merge else "ingest/forget_streams")
    rating_counts = ratings.load(connection, job)
    if merge:
        execute.run(connection, "ingest/merge_ratings")
    execute.run(connection, "ingest/add_popularity_scale")
    job.progress("comparing with the old data", 0, 0)
    before = execute.run(connection, "ingest/count_films_before")[0]
    if before["films_before"]:
        compare(connection, sql.subjects(job.chosen_before))
    else:
        execute.run(connection, "ingest/find_first_changes")
    return {"films_merged": 0, **rating_counts, **before, **execute.run(connection, "ingest/count_changes")[0]}


def add_names(
    connection: DuckDBPyConnection, subjects: Sequence[str], *, merge: bool = False, is_limited: bool = False
) -> None:
    """Fill the tables of names, and those of which film has which, from the staging tables."""
    if merge:
        keep_names(connection, subjects)
    for step in ("merge_names", "add_names", "link_names") if merge else ("add_names", "link_names"):
        execute.run_for_names(connection, f"ingest/{step}", subjects)
        if is_limited:
            connection.execute("CHECKPOINT")  # until then, the index of a key stays in memory


def keep_names(connection: DuckDBPyConnection, subjects: Sequence[str]) -> None:
    """Let films of a delta keep what is only loaded if it is asked for, and what the delta does not tell."""
    asked = [subject for subject in subjects if sql.NAMES[subject] in sql.CHOSEN]
    execute.run_for_names(connection, "ingest/keep_names", asked)


def compare(connection: DuckDBPyConnection, subjects: Sequence[str]) -> None:
    """Find what is different from the old database, as changes of fields and as events."""
    execute.run(connection, "ingest/find_different_films")
    for subject in subjects:
        for step in ("compared_names", "find_different_names"):
            execute.run_for_names(connection, f"ingest/{step}", [subject])
    execute.run(connection, "ingest/find_changes")
    execute.run(connection, "ingest/find_events")


def keep(connection: DuckDBPyConnection, ingest: int, films_before: int) -> dict[str, Any]:
    """Keep the unread fields, the changes and the events of a successful ingest, and return its row in the ledger.

    The first films of a database are no events.
    """
    execute.run(connection, "ingest/keep_unread", {"ingest": ingest})
    execute.run(connection, "ingest/keep_changes", {"ingest": ingest, "films_before": films_before})
    step = "keep_events" if films_before else "keep_no_events"
    execute.run(connection, f"ingest/{step}", {"ingest": ingest, "days": DAYS, "most": MOST_EVENTS})
    return execute.run(connection, "ledger/last_run")[0]


def keep_files_and_rejects(connection: DuckDBPyConnection, loaded: Loaded, source: Source, ingest: int) -> None:
    """Keep the list of files that an ingest read, and its rejects, so that they can be fixed."""
    if loaded.rejects:
        execute.run(connection, "ingest/keep_rejects", {"ingest": ingest, "rejects": loaded.rejects})
    files = [*(("movies", film) for film in loaded.films), *source.members.items()]
    files += [("ignored", member) for member in source.ignored]
    rows = [
        {
            "name": member.name,
            "role": role,
            "bytes": member.size,
            "encoding": member.encoding,
            "separator": member.separator,
            "header": member.header,
        }
        for role, member in files
    ]
    execute.run(connection, "ingest/keep_files", {"ingest": ingest, "files": rows})


def interpret(
    connection: DuckDBPyConnection,
    forms: Forms,
    subjects: Sequence[str],
    wait: Callable[[], object] = lambda: None,
) -> tuple[list[str], list[dict[str, Any]]]:
    """Read lists, and values that are not plain, by their forms and by what all cells of their columns show.

    Args:
        connection: the database with the staging tables.
        forms: what is known of the values.
        subjects: those of which names are loaded.
        wait: returns when all films are in their table.

    Returns:
        what was decided, and a row for each column with texts that cannot be read.
    """
    known = asdict(forms)
    execute.run(connection, "ingest/plain_lists")
    has_others = execute.run(connection, "ingest/read_lists")[0]["others"] > 0
    if has_others:
        for step in ("literals", "lists", "read_other_lists"):
            execute.run(connection, f"ingest/{step}", known)
    execute.run_for_names(connection, "ingest/name_lists", subjects)
    wait()  # the values go into films, of which the last may not be there yet
    decisions = execute.run(connection, "ingest/find_list_decisions") if has_others else []
    unread: list[dict[str, Any]] = []
    if execute.run(connection, "ingest/count_unread_texts")[0]["texts"]:
        execute.run(connection, "ingest/odd_values")
        execute.run(connection, "ingest/read_odd_values", known)
        decisions += execute.run(connection, "ingest/find_value_decisions")
        unread = execute.run(connection, "ingest/count_unread")
    return [row["decision"] for row in decisions], unread


def _check_any(movies: Member, records: int, rejects: Sequence[Reject]) -> None:
    """Check that at least one record can be loaded.

    Raises:
        MovieReportsError: none can.
    """
    if records <= 0:
        message = f"{movies.name} has a header, but no records: download it again"
        raise MovieReportsError(message)
    if len(rejects) == records:
        first = rejects[0]
        message = f"{movies.name}: none of its records can be loaded; line {first['line']}: {first['message']}"
        if re.search(r'its id "tt\d+"', str(first["message"])):
            message += ", but an id of IMDb: name the column of TMDB's ids with --column id=NAME"
        raise MovieReportsError(message)


def _note_duplicates(duplicates: int, records: int) -> list[str]:
    """Warn of a source in which a film may have several records that differ."""
    if duplicates < FEW or duplicates <= MANY_DUPLICATES * records:
        return []
    text = f"{duplicates:,} of {records:,} records repeat the id of another and were left out"
    return [f"{text}: if a film has a record for each of its genres or companies, only one of them is loaded"]


def _check_parts(connection: DuckDBPyConnection, files: Sequence[Member], films: int) -> None:
    """Check that several files of films are parts of one, and not the same films at different times.

    Raises:
        RefusedError: too many films are in several of them.
    """
    shared = execute.run(connection, "ingest/count_shared")[0]["films"]
    if shared > MOST_SHARED * films:
        names = f"{files[0].name} and {files[-1].name}"
        message = (
            f"{names} are no parts of one file, as {shared:,} of {films:,} films are in several: "
            "load the newest, or each in turn with --merge"
        )
        raise RefusedError(message)
