"""The steps of a load, which run the SQL in queries/ingest to bring the files of a source into an empty database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute
from movie_reports.errors import MovieReportsError, RefusedError
from movie_reports.ingestion import headers, ratings
from movie_reports.ingestion.csv_records import Scan, copy, locate
from movie_reports.ingestion.job import Job, ahead
from movie_reports.ingestion.sources import encodings
from movie_reports.ingestion.sources.files import Member
from movie_reports.ingestion.sources.source import NEEDED, Source, only_once

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Marks a missing field, and separates the fields of broken records; it does not occur in text files.
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

MOST_PARTS = 8  # of a batch: twice the films of one DuckDB row group, so that two cores have work

Reject = dict[str, object]
FEW, SHARE = 3, 0.1  # with fewer records that are not UTF-8, a file is taken for damaged
SAMPLE = 200  # lines from which the encoding is detected
OUT_OF_ORDER = {"reason": "quotes", "message": "its quotation marks are out of order"}


@dataclass(frozen=True)
class Loaded:
    """The result of a load.

    Attributes:
        figures: the record counts, by column of the table ingests.
        rejects: line, reason, message and raw text of each record that was not loaded.
        movies: the file of films, with the encoding in which it was read.
        notes: warnings for the user.
        decisions: the encoding, and how columns were read, where that had to be decided.
        cells: the number of cells that are not empty, by column; lists are not counted.
        unread: a row for each column with texts that could not be read.
    """

    figures: dict[str, Any]
    rejects: list[Reject]
    movies: Member
    notes: list[str]
    decisions: list[str]
    cells: Mapping[str, int]
    unread: list[dict[str, Any]]


def read(job: Job, date_order: str | None = None, encoding: str | None = None) -> Loaded:
    """Load the films of a source into the table movies, and their genres and companies into staging tables.

    Args:
        job: the source, and where it is loaded.
        date_order: how dates such as 5/4/1995 are read; without it the other cells decide.
        encoding: that of the file of films; without it the file decides.

    Raises:
        RefusedError: the encoding is not clear.
        MovieReportsError: the source contains no film, or the record counts do not reconcile.
    """
    connection, movies = job.connection, job.source.members["movies"]
    for role, member in job.source.members.items():
        only_once(member, FILM_COLUMNS if role == "movies" else NEEDED[role])
    if encoding and movies.encoding == "utf-8":
        movies = replace(movies, encoding=encoding)
    scan, counts = _stage(job, movies)
    errors = execute.run(connection, "ingest/find_read_errors", {"width": len(movies.columns)})
    if not encoding and (detected := _detect(movies, scan, errors)):
        movies = replace(movies, encoding=detected)
        for part in scan.parts.values():
            part.unlink()
        scan, counts = _stage(job, movies)
        errors = execute.run(connection, "ingest/find_read_errors", {"width": len(movies.columns)})
    _balance(movies, scan, counts["lines_read"] + len(errors) + len(scan.damaged))
    rejects, repeated = _rejects(connection, movies, scan, errors)
    _check_any(movies, scan.read - repeated, rejects)
    decisions, unread = _interpret(connection, date_order)
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
    if movies.encoding != "utf-8":
        decisions.insert(0, f"encoding {movies.encoding}")
    return Loaded(figures, rejects, movies, notes, decisions, counts, unread)


def fill(job: Job, *, merge: bool) -> dict[str, Any]:
    """Fill the other tables of schema.sql from the staging tables, and compare all with the old database.

    Args:
        job: the job that was given to `read`.
        merge: keep the films of the old database that the source does not have.

    Returns:
        the figures on ratings and on films added, changed, removed and unchanged; and films_before.
    """
    connection, progress = job.connection, job.progress
    progress("loading genres and companies", 0, 0)
    if merge:
        execute.run(connection, "ingest/merge_films")
    for step in ("add_genres", "add_companies", "link_companies"):
        execute.run(connection, f"ingest/{step}")
        if job.is_limited:
            connection.execute("CHECKPOINT")  # until then, the index of a key stays in memory
    rating_counts = ratings.load(job)
    if merge:
        execute.run(connection, "ingest/merge_ratings")
    execute.run(connection, "ingest/add_popularity_scale")
    progress("comparing with the old data", 0, 0)
    before = execute.run(connection, "ingest/count_films_before")[0]
    execute.run(connection, "ingest/find_changes" if before["films_before"] else "ingest/find_first_changes")
    return {**rating_counts, **before, **execute.run(connection, "ingest/count_changes")[0]}


def keep(connection: DuckDBPyConnection, ingest: int) -> None:
    """Keep the unread fields and the changes of a successful ingest."""
    execute.run(connection, "ingest/keep_unread", {"ingest": ingest})
    execute.run(connection, "ingest/keep_changes", {"ingest": ingest})


def keep_files_and_rejects(connection: DuckDBPyConnection, loaded: Loaded, source: Source, ingest: int) -> None:
    """Keep the list of files that an ingest read, and its rejects, so that they can be fixed."""
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


def _stage(job: Job, movies: Member) -> tuple[Scan, Counter[str]]:
    """Read the movies file in batches, each while the next is copied; return the scan, and counts of records."""
    connection, counts, scan = job.connection, Counter[str](), Scan(lines=movies.blank_lines)
    positions = {column: movies.columns.index(column) + 1 if column in movies.columns else 0 for column in FILM_COLUMNS}
    fixed = {
        **positions,
        "columns": {f"c{number}": "VARCHAR" for number in range(len(movies.columns))},
        "width": len(movies.columns),
        "nothing": NOTHING,
    }
    for step in ("begin", "values", "literals"):
        execute.run(connection, f"ingest/{step}")
    with movies.reading() as stream:
        parts = copy(stream, job.folder, scan, job.advance("reading films", movies))
        with closing(ahead(_batches(parts))) as batches:
            for paths in batches:
                found = {"paths": paths, "longest": scan.longest, "nuls": scan.nuls, "before": counts["lines_read"]}
                parameters = {**fixed, **found}
                execute.run(connection, "ingest/read_batch", parameters)
                for step in ("join_pieces", "clean_batch"):
                    execute.run(connection, f"ingest/{step}", parameters)
                counts.update(execute.run(connection, "ingest/count_batch")[0])
                execute.run(connection, "ingest/add_films", parameters)
    _check_any(movies, scan.read)
    return scan, counts


def _interpret(connection: DuckDBPyConnection, date_order: str | None) -> tuple[list[str], list[dict[str, Any]]]:
    """Read lists, and values that are not plain, by what all cells of their columns show.

    Returns:
        what was decided, and a row for each column with texts that cannot be read.
    """
    for step in ("lists", "read_lists"):
        execute.run(connection, f"ingest/{step}")
    decisions = execute.run(connection, "ingest/find_list_decisions")
    unread: list[dict[str, Any]] = []
    if execute.run(connection, "ingest/count_unread_texts")[0]["texts"]:
        execute.run(connection, "ingest/odd_values")
        execute.run(connection, "ingest/read_odd_values", {"date_order": date_order})
        decisions += execute.run(connection, "ingest/find_value_decisions")
        unread = execute.run(connection, "ingest/count_unread")
    return [row["decision"] for row in decisions], unread


def _check_any(movies: Member, records: int, rejects: Sequence[Reject] = ()) -> None:
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
        raise MovieReportsError(message)


def _batches(parts: Iterable[Path]) -> Iterator[list[str]]:
    """Group the parts: one in the first batch, so that work begins at once, then more, so that all cores have work."""
    size, batch = 1, list[str]()
    for part in parts:
        batch.append(execute.literal(part))
        if len(batch) == size:
            yield batch
            size, batch = min(2 * size, MOST_PARTS), []
    if batch:
        yield batch


def _balance(movies: Member, scan: Scan, read: int) -> None:
    """Check that the database has read as many records as were counted without it."""
    if read != scan.read:
        message = (
            f"{movies.name}: the record counts do not match: {scan.read:,} counted, {read:,} read; "
            "a quotation mark is probably missing or misplaced"
        )
        raise MovieReportsError(message)


def _detect(movies: Member, scan: Scan, errors: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the encoding of a file that is not UTF-8; None if it is UTF-8, with or without damaged records.

    Raises:
        RefusedError: the encoding is not clear.
    """
    damaged = sum(error["reason"] == "encoding" for error in errors)
    if damaged < FEW and damaged <= SHARE * scan.read:
        return None
    step = 1 + sum(1 for _ in scan.beyond_ascii()) // SAMPLE
    encoding, candidates = encodings.detect(b"".join(islice(scan.beyond_ascii(), 0, None, step)))
    if any(encodings.is_utf8(line, candidates) for line in scan.beyond_ascii()):
        return None
    if encoding is None and damaged >= FEW:
        could = f"could be {' or '.join(candidates)}" if candidates else "its encoding is not recognised"
        message = f"{movies.name} is not UTF-8, and {could}: add --encoding"
        raise RefusedError(message)
    return encoding


def _rejects(
    connection: DuckDBPyConnection, movies: Member, scan: Scan, errors: Sequence[Mapping[str, Any]]
) -> tuple[list[Reject], int]:
    """Return the records that cannot be loaded, with their line, text and reason; and the number of repeated headers.

    Raises:
        RefusedError: one of them is a different header.
    """
    refused = locate(scan, set(), {error["byte"] for error in errors})
    reasons = {record.number: error for record, error in zip(refused, errors, strict=True)}
    rows = execute.run(connection, "ingest/find_rejects")
    numbers = _record_numbers([row["row"] for row in rows], sorted(reasons))
    reasons |= dict(zip(numbers, rows, strict=True))
    found = [(record.line, record.raw, reasons[record.number]) for record in locate(scan, set(reasons), set())]
    found += [(line, raw, OUT_OF_ORDER) for line, raw in scan.damaged]
    found.sort(key=lambda reject: reject[0])
    kinds = [headers.compare(movies, raw) for _, raw, _ in found]
    if False in kinds:
        raise headers.refusal(movies, found[kinds.index(False)][0])
    return [
        {"line": line, "reason": error["reason"], "message": error["message"], "raw": _text(raw)}
        for (line, raw, error), kind in zip(found, kinds, strict=True)
        if kind is None
    ], kinds.count(True)


def _record_numbers(rows: Sequence[int], refused: Sequence[int]) -> list[int]:
    """Turn row numbers of the table raw into record numbers, which also count the header and the refused records.

    Both arguments are in ascending order.
    """
    numbers, before = [], 0
    for row in rows:
        while before < len(refused) and refused[before] <= row + 1 + before:
            before += 1
        numbers.append(row + 1 + before)
    return numbers


def _text(raw: bytes) -> str:
    """Decode a record as text, with escapes for NUL and for bytes that are not UTF-8."""
    return raw.decode(errors="backslashreplace").replace("\0", "\\x00")
