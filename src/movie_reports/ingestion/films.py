"""The steps of a load, which run the SQL in queries/ingest to bring the files of a source into an empty database."""

from __future__ import annotations

import re
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
from movie_reports.ingestion.csv_records import Scan, copy
from movie_reports.ingestion.job import Job, SecondThread, ahead
from movie_reports.ingestion.rejects import Reject, find
from movie_reports.ingestion.sources import columns, encodings
from movie_reports.ingestion.sources.files import Member
from movie_reports.ingestion.sources.source import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Marks a missing field, and separates the fields of broken records; it does not occur in text files.
NOTHING = "\x1c\x1d\x1e\x1f"
MOST_PARTS = 16  # of a batch

MOST_SHARED = 0.05  # of the films in several files, if these are parts of one

MANY_DUPLICATES = 0.1  # of the records

FEW, SHARE = 3, 0.1  # with fewer records that are not UTF-8, a file is taken for damaged
SAMPLE = 200  # lines from which the encoding is detected


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
    connection = job.connection
    with closing(SecondThread(connection)) as second:
        found = _read_files(job, second, job.source.films, encoding)
        counts = sum((file.counts for file in found), Counter[str]())
        rejects = [reject for file in found for reject in file.rejects]
        _check_any(found[0].film, sum(file.records for file in found), rejects)
        decisions, unread = _interpret(connection, second, date_order)
    films = execute.run(connection, "ingest/count_films")[0]["films"]
    _check_parts(job, films)
    figures = {
        "records": sum(file.records for file in found) - counts["lines_joined"],
        "movies": films,
        "duplicates": counts["loadable"] - films,
        "rejects": len(rejects),
        "repaired": counts["repaired"],
    }
    notes = [note for file in found for note in file.notes]
    notes += columns.notes(found[0].film.fields)
    notes += _note_duplicates(figures["duplicates"], figures["records"])
    encoded = [f"encoding {file.film.encoding}" for file in found if file.film.encoding != "utf-8"]
    taken = [text for file in found for text in file.film.decisions]
    decisions = [*dict.fromkeys([*encoded, *taken]), *decisions]
    return Loaded(figures, rejects, tuple(file.film for file in found), notes, decisions, counts, unread)


def fill(job: Job, *, merge: bool) -> dict[str, Any]:
    """Fill the other tables from the staging tables, and compare all with the old database.

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


@dataclass(frozen=True)
class _FileRead:
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


def _read_files(job: Job, second: SecondThread, films: Sequence[Member], encoding: str | None) -> list[_FileRead]:
    """Read the files of films one after another; all again, if one is found to be in another encoding than UTF-8."""
    second.wait()
    for step in ("begin", "values", "film", "literals"):
        execute.run(job.connection, f"ingest/{step}")
    found = []
    for number, film in enumerate(films):
        file = _read_file(job, second, film, number, encoding)
        if isinstance(file, str):
            again = replace(film, encoding=file)
            return _read_files(job, second, [*films[:number], again, *films[number + 1 :]], encoding)
        found.append(file)
    return found


def _read_file(job: Job, second: SecondThread, film: Member, number: int, encoding: str | None) -> _FileRead | str:
    """Read a file of films, and reconcile it; or return its encoding, if that is detected now."""
    if encoding and film.encoding == "utf-8" and not film.is_converted:
        film = replace(film, encoding=encoding)
    scan, counts = _stage(job, second, film, number)
    errors = execute.run(job.connection, "ingest/find_read_errors", {"width": len(film.columns)})
    if not encoding and film.encoding == "utf-8" and (detected := _detect(film, scan, errors)):
        return detected
    _balance(film, scan, counts["lines_read"] + len(errors) + len(scan.damaged))
    rejects, repeated = find(job.connection, film, scan, errors)
    execute.run(job.connection, "ingest/end_file")
    for part in scan.parts.values():
        part.unlink()
    notes = headers.note(film, repeated)
    if scan.cut and not film.checked:
        notes.append("the last line has no line break: the file may be cut off")
    return _FileRead(film, counts, scan.read - repeated, rejects, notes)


def _stage(job: Job, second: SecondThread, movies: Member, number: int) -> tuple[Scan, Counter[str]]:
    """Read a file of films in batches, while the next is copied and the one before inserted.

    Returns:
        the scan, and counts of records.
    """
    connection, counts = job.connection, Counter[str]()
    scan = Scan(lines=movies.blank_lines, separator=movies.separator.encode())
    width = len(movies.columns)
    fixed = {
        "positions": {field: movies.fields.get(field, width + 1) for field in columns.FIELDS},
        "columns": {f"c{number}": "VARCHAR" for number in range(1, width + 1)},
        "last": f"c{width}",
        "width": width,
        "separator": movies.separator,
        "nothing": NOTHING,
        "file": number,
    }
    with movies.reading() as stream:
        parts = copy(stream, job.folder, scan, job.advance("reading films", movies))
        with closing(ahead(_batches(parts))) as batches:
            for paths in batches:
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
    return scan, counts


def _interpret(
    connection: DuckDBPyConnection, second: SecondThread, date_order: str | None
) -> tuple[list[str], list[dict[str, Any]]]:
    """Read lists, and values that are not plain, by what all cells of their columns show.

    Returns:
        what was decided, and a row for each column with texts that cannot be read.
    """
    for step in ("lists", "read_lists"):
        execute.run(connection, f"ingest/{step}")
    second.wait()  # the values go into films, of which the last may not be there yet
    decisions = execute.run(connection, "ingest/find_list_decisions")
    unread: list[dict[str, Any]] = []
    if execute.run(connection, "ingest/count_unread_texts")[0]["texts"]:
        execute.run(connection, "ingest/odd_values")
        execute.run(connection, "ingest/read_odd_values", {"date_order": date_order})
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


def _batches(parts: Iterable[Path]) -> Iterator[list[str]]:
    """Group the parts: one in the first batch, so that work begins at once, then more, so that all cores have work."""
    size, batch = 1, list[str]()
    for part in parts:
        batch.append(execute.literal(part))
        if len(batch) == size:
            yield batch
            size, batch = min(4 * size, MOST_PARTS), []
    if batch:
        yield batch


def _check_parts(job: Job, films: int) -> None:
    """Check that several files of films are parts of one, and not the same films at different times.

    Raises:
        RefusedError: too many films are in several of them.
    """
    shared = execute.run(job.connection, "ingest/count_shared")[0]["films"]
    if shared > MOST_SHARED * films:
        names = f"{job.source.films[0].name} and {job.source.films[-1].name}"
        message = (
            f"{names} are no parts of one file, as {shared:,} of {films:,} films are in several: "
            "load the newest, or each in turn with --merge"
        )
        raise RefusedError(message)


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
