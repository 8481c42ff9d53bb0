"""Reads the files of films in batches, each while the next is copied and the one before is inserted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute
from movie_reports.errors import MovieReportsError, RefusedError
from movie_reports.ingestion.job import Job, SecondThread, ahead
from movie_reports.ingestion.reading import headers
from movie_reports.ingestion.reading.csv_records import Scan, copy
from movie_reports.ingestion.reading.rejects import Reject, find
from movie_reports.ingestion.sources import columns, encodings
from movie_reports.ingestion.sources.files import Member
from movie_reports.ingestion.sources.source import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Marks a missing field, and separates the fields of broken records; it does not occur in text files.
NOTHING = "\x1c\x1d\x1e\x1f"
MOST_PARTS = 16  # of a batch

FEW, SHARE = 3, 0.1  # with fewer records that are not UTF-8, a file is taken for damaged
SAMPLE = 200  # lines from which the encoding is detected


@dataclass(frozen=True)
class Copy:
    """A copy of a file of films that another thread makes.

    Attributes:
        film: the file, with the encoding in which it is read.
        scan: what was found so far.
        batches: the paths of its parts, as they are complete.
    """

    film: Member
    scan: Scan
    batches: Iterator[list[str]]


@dataclass(frozen=True)
class FileRead:
    """What one file of films has given.

    Attributes:
        film: the file.
        counts: of its records, as the database has read them.
        records: the number of its records, without repeated headers.
        rejects: those that cannot be loaded.
        notes: warnings for the user.
    """

    film: Member
    counts: Counter[str]
    records: int
    rejects: list[Reject]
    notes: list[str]


@contextmanager
def copied(job: Job, film: Member, encoding: str | None = None) -> Iterator[Copy]:
    """Copy a file of films in another thread, which begins at once."""
    if encoding and film.encoding == "utf-8" and not film.is_converted:
        film = replace(film, encoding=encoding)
    scan = Scan(lines=film.blank_lines, separator=film.separator.encode())
    with ahead(_batches(job, film, scan)) as batches:
        yield Copy(film, scan, batches)


def read_files(
    connection: DuckDBPyConnection, job: Job, second: SecondThread, first: Copy, encoding: str | None
) -> list[FileRead]:
    """Read the files of films one after another; all again, if one is found to be in another encoding than UTF-8.

    Args:
        connection: a new database.
        job: what is loaded.
        second: inserts the films.
        first: the copy of the first file.
        encoding: that of the files, if the user named it.

    Raises:
        RefusedError: the encoding is not clear.
        MovieReportsError: the record counts do not match.
    """
    second.wait()
    for step in ("begin", "values", "film", "literals"):
        execute.run(connection, f"ingest/{step}")
    found = []
    for number, film in enumerate(job.source.films):
        with copied(job, film, encoding) if number else nullcontext(first) as made:
            counts = _stage(connection, job, second, made, number)
        errors = execute.run(connection, "ingest/find_read_errors", {"width": len(film.columns)})
        is_open = encoding is None and film.encoding == "utf-8"
        if is_open and (detected := _detect(film, made.scan, errors)):
            again = replace(job, source=_in_encoding(job.source, number, detected))
            with copied(again, again.source.films[0]) as first_again:
                return read_files(connection, again, second, first_again, encoding)
        found.append(_reconciled(connection, made, counts, errors))
    return found


def _in_encoding(source: Source, number: int, encoding: str) -> Source:
    """Return a source, one of whose files of films has another encoding."""
    films = list(source.films)
    films[number] = replace(films[number], encoding=encoding)
    return replace(source, films=tuple(films))


def _reconciled(
    connection: DuckDBPyConnection, made: Copy, counts: Counter[str], errors: Sequence[Mapping[str, Any]]
) -> FileRead:
    """Check that all records of a file are accounted for, and find those that cannot be loaded."""
    film, scan = made.film, made.scan
    _balance(film, scan, counts["lines_read"] + len(errors) + len(scan.damaged))
    rejects, repeated = find(connection, film, scan, errors)
    execute.run(connection, "ingest/end_file")
    for part in scan.parts.values():
        part.unlink()
    notes = headers.note(film, repeated)
    if scan.cut and not film.checked:
        notes.append("the last line has no line break: the file may be cut off")
    return FileRead(film, counts, scan.read - repeated, rejects, notes)


def _stage(connection: DuckDBPyConnection, job: Job, second: SecondThread, made: Copy, number: int) -> Counter[str]:
    """Read a file in batches, each while the next is copied and the one before inserted; return counts of records."""
    counts, scan = Counter[str](), made.scan
    fixed = _parameters(made.film, number)
    for paths in made.batches:
        found = {"paths": paths, "longest": scan.longest, "nuls": scan.nuls, "before": counts["lines_read"]}
        parameters = {**fixed, **found}
        execute.run(connection, "ingest/read_batch", parameters)
        lines = execute.run(connection, "ingest/count_lines")[0]
        counts.update(lines)
        if lines["short"]:
            counts.update(execute.run(connection, "ingest/join_pieces", parameters)[0])
        execute.run(connection, "ingest/remove_unloadable", parameters)
        counts.update(execute.run(connection, "ingest/count_batch")[0])
        if len(job.source.films) > 1:
            execute.run(connection, "ingest/note_file", parameters)
        second.wait()
        execute.run(connection, "ingest/add_films")
        second.start("ingest/insert_films")
    return counts


def _parameters(film: Member, number: int) -> dict[str, object]:
    """Return what the database needs to know of a file to read it."""
    width = len(film.columns)
    return {
        "positions": {field: film.fields.get(field, width + 1) for field in columns.FIELDS},
        "columns": {f"c{number}": "VARCHAR" for number in range(1, width + 1)},
        "last": f"c{width}",
        "width": width,
        "separator": film.separator,
        "nothing": NOTHING,
        "file": number,
    }


def _batches(job: Job, film: Member, scan: Scan) -> Generator[list[str]]:
    """Copy a file in parts, and group them: one first, so that work begins at once, then more, for all cores."""
    size, batch = 1, list[str]()
    with film.reading() as stream:
        for part in copy(stream, job.folder, scan, job.advance("reading films", film)):
            batch.append(execute.literal(part))
            if len(batch) == size:
                yield batch
                size, batch = min(4 * size, MOST_PARTS), []
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
