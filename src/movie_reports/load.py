"""The steps of a load: the files of a source go through the SQL in queries/ingest into an empty database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from movie_reports import queries
from movie_reports.errors import MovieReportsError
from movie_reports.records import BLOCK, Scan, copy, locate
from movie_reports.sources import Member, Source

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
RATING_TYPES = {"movieid": "BIGINT", "rating": "DOUBLE"}
LINK_TYPES = {"movieid": "VARCHAR", "tmdbid": "VARCHAR"}

Progress = Callable[[str, int, int], None]
"""Called with a step, the bytes done and the bytes in all; both are 0 where a step cannot tell."""
Reject = dict[str, object]
OUT_OF_ORDER = {"reason": "quotes", "message": "its quotation marks are out of order"}


def load(
    connection: DuckDBPyConnection, source: Source, folder: Path, facts: Mapping[str, object], progress: Progress
) -> None:
    """Fill the tables of schema.sql from a source.

    Args:
        connection: an open database whose tables are empty.
        source: what is loaded.
        folder: a place for unpacked files, with room for all of them.
        facts: what the ledger says of this ingest besides its figures.
        progress: told of each step.

    Raises:
        MovieReportsError: the source holds no film, or the books do not balance.
    """
    movies = source.members["movies"]
    scan = _read(connection, movies, folder, progress)
    rejects = _rejects(connection, scan, len(movies.columns))
    progress("loading films", 0, 0)
    if len(rejects) == scan.read:
        first = rejects[0]
        message = f"{movies.name}: none of its records can be loaded; line {first['line']}: {first['message']}"
        raise MovieReportsError(message)
    queries.run(connection, "ingest/4_load")
    ratings = _rate(connection, source, folder, progress)
    now = datetime.now(UTC).replace(tzinfo=None)
    figures = {"records": scan.read, "rejects": len(rejects), "finished_at": now}
    books = {**facts, **ratings, **figures}
    queries.run(connection, "ingest/6_books", books)
    queries.run(connection, "ingest/7_unread", books)
    if rejects:
        queries.run(connection, "ingest/8_rejects", {**books, "file": movies.name, "rejects": rejects})
    _note_files(connection, source, books)


def _read(connection: DuckDBPyConnection, movies: Member, folder: Path, progress: Progress) -> Scan:
    """Bring the movies file into the staging tables, and hold the number of records against an independent count."""
    with movies.open() as stream:
        scan = copy(stream, folder / "movies.csv", lambda done: progress("unpacking films", done, movies.size))
    progress("reading films", 0, 0)
    positions = {column: movies.columns.index(column) + 1 if column in movies.columns else 0 for column in FILM_COLUMNS}
    parameters = {
        **positions,
        "path": str(scan.path),
        "columns": {f"c{number}": "VARCHAR" for number in range(len(movies.columns))},
        "width": len(movies.columns),
        "nothing": NOTHING,
        "longest": scan.longest,
        "nuls": scan.nuls,
    }
    for step in ("literals", "values", "1_read", "2_join", "3_clean"):
        queries.run(connection, f"ingest/{step}", parameters)
    if scan.read <= 0:
        message = f"{movies.name} holds a header, but no records: download it again"
        raise MovieReportsError(message)
    read = queries.run(connection, "ingest/records_read")[0]["records"] + len(scan.damaged)
    if read != scan.read:
        message = (
            f"{movies.name}: the books do not balance: {scan.read:,} records counted, {read:,} read; "
            "a quotation mark is probably missing or misplaced"
        )
        raise MovieReportsError(message)
    return scan


def _rejects(connection: DuckDBPyConnection, scan: Scan, width: int) -> list[Reject]:
    """Find the records that cannot be loaded: their line and text in the file, and why."""
    errors = queries.run(connection, "ingest/read_errors", {"width": width})
    refused = locate(scan, set(), {error["byte"] for error in errors})
    whys = {record.number: error for record, error in zip(refused, errors, strict=True)}
    rows = queries.run(connection, "ingest/rejects", {"width": width})
    numbers = _record_numbers([row["row"] for row in rows], sorted(whys))
    whys |= dict(zip(numbers, rows, strict=True))
    found = [(record.line, record.raw, whys[record.number]) for record in locate(scan, set(whys), set())]
    found += [(line, raw, OUT_OF_ORDER) for line, raw in scan.damaged]
    found.sort(key=lambda reject: reject[0])
    return [
        {"line": line, "reason": why["reason"], "message": why["message"], "raw": _text(raw)}
        for line, raw, why in found
    ]


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


def _rate(connection: DuckDBPyConnection, source: Source, folder: Path, progress: Progress) -> dict[str, int | None]:
    """Load the ratings, if the source has them, and return their books."""
    if "ratings" not in source.members:
        return dict.fromkeys(("ratings", "ratings_matched", "ratings_unread"))
    parameters: dict[str, object] = {}
    for role, types in (("ratings", RATING_TYPES), ("links", LINK_TYPES)):
        member = source.members[role]
        path = folder / f"{role}.csv"
        done = 0
        with member.open() as stream, path.open("wb") as target:
            while block := stream.read(BLOCK):
                done += target.write(block)
                progress(f"unpacking {role}", done, member.size)
        parameters[role] = str(path)
        parameters[f"{role}_columns"] = _typed(member.columns, types)
    progress("rating", 0, 0)
    queries.run(connection, "ingest/5_ratings", parameters)
    return queries.run(connection, "ingest/rating_books")[0]


def _typed(columns: Sequence[str], types: Mapping[str, str]) -> dict[str, str]:
    """Name the columns of a file for the reader: those needed by name and type, the others by number, as text."""
    return {
        column if column in types and columns.index(column) == number else f"c{number}": types.get(column, "VARCHAR")
        for number, column in enumerate(columns)
    }


def _note_files(connection: DuckDBPyConnection, source: Source, books: Mapping[str, object]) -> None:
    """Write down which files the source had, and what each was used for."""
    files = [(member, role) for role, member in source.members.items()]
    files += [(member, "ignored") for member in source.ignored]
    connection.executemany(
        "INSERT INTO ingest_files VALUES (?, ?, ?, ?)",
        [(books["ingest"], member.name, role, member.size) for member, role in files],
    )
