"""The steps of a load: the files of a source go through the SQL in queries/ingest into an empty database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute
from movie_reports.errors import MovieReportsError
from movie_reports.ingestion import headers, ratings
from movie_reports.ingestion.csv_records import Scan, copy, locate
from movie_reports.ingestion.job import Task, ahead
from movie_reports.ingestion.sources.files import Member
from movie_reports.ingestion.sources.source import NEEDED, Source, only_once

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Marks a field that is not there, and separates the fields of broken records; no text file holds it.
NOTHING = "\x1c\x1d\x1e\x1f"
FILM_COLUMNS = (
    "id",
    "imdb_id",
    "title",
    "original_title",
    "original_language",
    "overview",
    "tagline",
    "status",
    "adult",
    "release_date",
    "runtime",
    "budget",
    "revenue",
    "popularity",
    "vote_average",
    "vote_count",
    "genres",
    "production_companies",
)

LISTS = {True: "lists_of_literals", False: "lists_of_names"}
MOST_PARTS = 8  # of a batch: twice as many films as a row group of the engine holds, so that two cores have work

Reject = dict[str, object]
FEW = 3
OUT_OF_ORDER = {"reason": "quotes", "message": "its quotation marks are out of order"}


@dataclass(frozen=True)
class Loaded:
    """What a load has found.

    Attributes:
        figures: the books, by column of the table ingests.
        rejects: line, reason, message and raw text of each record that was not loaded.
        movies: the file of films, as it was read in the end.
        notes: what to beware of.
    """

    figures: dict[str, Any]
    rejects: list[Reject]
    movies: Member
    notes: list[str]


def read(task: Task) -> Loaded:
    """Bring the films of a source into the table movies, and their genres and companies into staging tables.

    Raises:
        MovieReportsError: the source holds no film, or the books do not balance.
    """
    connection, movies = task.connection, task.source.members["movies"]
    for role, member in task.source.members.items():
        only_once(member, FILM_COLUMNS if role == "movies" else NEEDED[role])
    scan, counts = _stage(task, movies)
    errors = execute.run(connection, "ingest/find_read_errors", {"width": len(movies.columns)})
    if _is_cp1252(scan, errors):
        movies = replace(movies, encoding="cp1252")
        for part in scan.parts.values():
            part.unlink()
        scan, counts = _stage(task, movies)
        errors = execute.run(connection, "ingest/find_read_errors", {"width": len(movies.columns)})
    _balance(movies, scan, counts["lines_read"] + len(errors) + len(scan.damaged))
    rejects, repeated = _rejects(connection, movies, scan, errors)
    _check_any(movies, scan.read - repeated, rejects)
    films = execute.run(connection, "ingest/count_films")[0]["films"]
    figures = {
        "records": scan.read - repeated - counts["lines_joined"],
        "movies": films,
        "duplicates": counts["loadable"] - films,
        "rejects": len(rejects),
        "repaired": counts["repaired"],
    }
    notes = headers.note(movies, repeated)
    if scan.cut and not movies.checked:
        notes.append("the last line has no line break: the file may be cut off")
    return Loaded(figures, rejects, movies, notes)


def fill(task: Task, *, merge: bool) -> dict[str, Any]:
    """Fill the other tables of schema.sql from the staging tables, and compare all with the old database.

    Args:
        task: as it was given to `read`.
        merge: keep the films of the old database that the source does not have.

    Returns:
        the figures on ratings and on films added, changed, removed and unchanged; and films_before.
    """
    connection, progress = task.connection, task.progress
    progress("loading genres and companies", 0, 0)
    if merge:
        execute.run(connection, "ingest/merge_films")
    for step in ("add_genres", "add_companies", "link_companies"):
        execute.run(connection, f"ingest/{step}")
        if task.is_limited:
            connection.execute("CHECKPOINT")  # until then, the index of a key stays in memory
    rating_books = ratings.load(task)
    if merge:
        execute.run(connection, "ingest/merge_ratings")
    execute.run(connection, "ingest/add_popularity_scale")
    progress("comparing with the old data", 0, 0)
    before = execute.run(connection, "ingest/count_films_before")[0]
    execute.run(connection, "ingest/find_changes" if before["films_before"] else "ingest/find_first_changes")
    return {**rating_books, **before, **execute.run(connection, "ingest/count_changes")[0]}


def keep(connection: DuckDBPyConnection, ingest: int) -> None:
    """Keep what a successful ingest has found out besides its figures: unread fields, and changes."""
    execute.run(connection, "ingest/keep_unread", {"ingest": ingest})
    execute.run(connection, "ingest/keep_changes", {"ingest": ingest})


def keep_files_and_rejects(connection: DuckDBPyConnection, loaded: Loaded, source: Source, ingest: int) -> None:
    """Keep which files an ingest has read, and its rejects, so that they can be fixed."""
    if loaded.rejects:
        parameters = {"ingest": ingest, "file": loaded.movies.name, "rejects": loaded.rejects}
        execute.run(connection, "ingest/keep_rejects", parameters)
    files = [(role, loaded.movies if role == "movies" else member) for role, member in source.members.items()]
    files += [("ignored", member) for member in source.ignored]
    rows = [
        {
            "name": member.name,
            "role": role,
            "bytes": member.size,
            "encoding": member.encoding,
            "separator": ",",
            "header": member.header,
        }
        for role, member in files
    ]
    execute.run(connection, "ingest/keep_files", {"ingest": ingest, "files": rows})


def _stage(task: Task, movies: Member) -> tuple[Scan, Counter[str]]:
    """Read the movies file in batches, each while the next one is copied; return what was copied and what was read."""
    connection, counts, scan = task.connection, Counter[str](), Scan(lines=movies.blank_lines)
    positions = {column: movies.columns.index(column) + 1 if column in movies.columns else 0 for column in FILM_COLUMNS}
    fixed = {
        **positions,
        "columns": {f"c{number}": "VARCHAR" for number in range(len(movies.columns))},
        "width": len(movies.columns),
        "nothing": NOTHING,
    }
    for step in ("begin", "literals", "values", LISTS[True]):
        execute.run(connection, f"ingest/{step}")
    is_chosen = False
    with movies.reading() as stream:
        parts = copy(stream, task.folder, scan, task.advance("reading films", movies))
        with closing(ahead(_batches(parts))) as batches:
            for paths in batches:
                found = {"paths": paths, "longest": scan.longest, "nuls": scan.nuls, "before": counts["lines_read"]}
                parameters = {**fixed, **found}
                execute.run(connection, "ingest/read_batch", parameters)
                is_chosen = is_chosen or _choose_lists(connection, parameters)
                for step in ("join_pieces", "clean_batch"):
                    execute.run(connection, f"ingest/{step}", parameters)
                counts.update(execute.run(connection, "ingest/count_batch")[0])
                execute.run(connection, "ingest/add_films", parameters)
    _check_any(movies, scan.read)
    return scan, counts


def _check_any(movies: Member, records: int, rejects: Sequence[Reject] = ()) -> None:
    """Hold that there are records, and not only such as cannot be loaded.

    Raises:
        MovieReportsError: there are none.
    """
    if records <= 0:
        message = f"{movies.name} has a header, but no records: download it again"
        raise MovieReportsError(message)
    if len(rejects) == records:
        first = rejects[0]
        message = f"{movies.name}: none of its records can be loaded; line {first['line']}: {first['message']}"
        raise MovieReportsError(message)


def _choose_lists(connection: DuckDBPyConnection, parameters: Mapping[str, object]) -> bool:
    """Choose by a batch how lists are read, and return whether it holds any."""
    has_literals = execute.run(connection, "ingest/find_list_form", parameters)[0]["has_literals"]
    if has_literals is not None:
        execute.run(connection, f"ingest/{LISTS[has_literals]}")
    return has_literals is not None


def _batches(parts: Iterable[Path]) -> Iterator[list[str]]:
    """Put parts together: a first one, so that work begins at once, then more, so that all cores have some."""
    size, batch = 1, list[str]()
    for part in parts:
        batch.append(execute.literal(part))
        if len(batch) == size:
            yield batch
            size, batch = min(2 * size, MOST_PARTS), []
    if batch:
        yield batch


def _balance(movies: Member, scan: Scan, read: int) -> None:
    """Hold the number of records that the database has read against the count made without it."""
    if read != scan.read:
        message = (
            f"{movies.name}: the books do not balance: {scan.read:,} records counted, {read:,} read; "
            "a quotation mark is probably missing or misplaced"
        )
        raise MovieReportsError(message)


def _is_cp1252(scan: Scan, errors: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a file that is no UTF-8 is written in Windows letters: some are damaged UTF-8 instead."""
    damaged = sum(error["reason"] == "encoding" for error in errors)
    return damaged >= FEW and not scan.holds_utf8()


def _rejects(
    connection: DuckDBPyConnection, movies: Member, scan: Scan, errors: Sequence[Mapping[str, Any]]
) -> tuple[list[Reject], int]:
    """Find the records that cannot be loaded: their line and text in the file, and why; and count repeated headers.

    Raises:
        RefusedError: there is another header among them.
    """
    refused = locate(scan, set(), {error["byte"] for error in errors})
    whys = {record.number: error for record, error in zip(refused, errors, strict=True)}
    rows = execute.run(connection, "ingest/find_rejects")
    numbers = _record_numbers([row["row"] for row in rows], sorted(whys))
    whys |= dict(zip(numbers, rows, strict=True))
    found = [(record.line, record.raw, whys[record.number]) for record in locate(scan, set(whys), set())]
    found += [(line, raw, OUT_OF_ORDER) for line, raw in scan.damaged]
    found.sort(key=lambda reject: reject[0])
    kinds = [headers.compare(movies, raw) for _, raw, _ in found]
    if False in kinds:
        raise headers.refusal(movies, found[kinds.index(False)][0])
    return [
        {"line": line, "reason": why["reason"], "message": why["message"], "raw": _text(raw)}
        for (line, raw, why), kind in zip(found, kinds, strict=True)
        if kind is None
    ], kinds.count(True)


def _record_numbers(rows: Sequence[int], refused: Sequence[int]) -> list[int]:
    """Turn row numbers of the table raw into record numbers of the file, which also count the header and the refused.

    Both arguments ascend.
    """
    numbers, before = [], 0
    for row in rows:
        while before < len(refused) and refused[before] <= row + 1 + before:
            before += 1
        numbers.append(row + 1 + before)
    return numbers


def _text(raw: bytes) -> str:
    """Show bytes that are no UTF-8, and NUL, as escapes, so that any record can be kept as text."""
    return raw.decode(errors="backslashreplace").replace("\0", "\\x00")
