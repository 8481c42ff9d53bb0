"""Loads the ratings: grouped by film block by block, so that their file is never unpacked to the disk.

Arrow reads a block of plain numbers on all cores while the next one is inflated. A block with anything else in it goes
to a file, which the database reads with its own CSV reader, line by line and with a record of the errors.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from movie_reports.database import execute
from movie_reports.ingestion.job import Job, ahead
from movie_reports.ingestion.sources.columns import key
from movie_reports.ingestion.sources.files import Member
from movie_reports.ingestion.sources.formats.packed import HEAD

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FIRST, BLOCK = HEAD, 1 << 24
RATING_COLUMNS, LINK_COLUMNS = ("movieid", "rating"), ("movieid", "tmdbid")


def load(connection: DuckDBPyConnection, job: Job) -> dict[str, int | None]:
    """Load the ratings, if the source has them, and return their counts."""
    if "ratings" not in job.source.members:
        return dict.fromkeys(("ratings", "ratings_matched", "ratings_unread"))
    links, ratings = (job.source.members[role] for role in ("links", "ratings"))
    execute.run(connection, "ingest/read_links", _parameters(unpack(job, links, "links.csv"), links, LINK_COLUMNS))
    rest = _group(connection, job, ratings)
    execute.run(connection, "ingest/add_ratings", _parameters(rest, ratings, RATING_COLUMNS))
    return execute.run(connection, "ingest/count_ratings")[0]


def unpack(job: Job, member: Member, name: str) -> Path:
    """Copy a file into the working folder under a name, with one kind of line break."""
    path = job.folder / name
    with member.reading() as stream, path.open("wb") as target:
        for block in _whole_lines(stream, job.advance(f"unpacking {path.stem}", member)):
            target.write(block)
    return path


def _group(connection: DuckDBPyConnection, job: Job, member: Member) -> Path:
    """Group the plain blocks of ratings by film, and return a file of all other blocks, with the same header."""
    path = job.folder / "ratings.csv"
    execute.run(connection, "ingest/begin_ratings")
    # In a thread, since Ctrl-C must not interrupt DuckDB while it calls Python.
    with ahead(_grouped(connection, job, member, path)) as blocks:
        for _ in blocks:
            pass
    return path


def _grouped(connection: DuckDBPyConnection, job: Job, member: Member, path: Path) -> Generator[bytes]:
    """Yield each block of a file, after it was grouped in the database or written to `path`."""
    advance = job.advance("rating", member)
    with member.reading() as stream, ahead(_whole_lines(stream, advance)) as blocks, path.open("wb") as rest:
        header = next(blocks, b"")
        rest.write(header)
        whole = header.endswith(b"\n") and not _is_quoted(header)
        for block in blocks:
            whole = whole and block.endswith(b"\n")  # the rest of a cut line is not a block of its own
            table = _plain(block, member) if whole else None
            if table is None:
                rest.write(block)
            else:
                connection.register("block", table)
                execute.run(connection, "ingest/add_rated_block")
            yield block


def _whole_lines(stream: IO[bytes], advance: Callable[[int], None]) -> Generator[bytes]:
    """Yield a file in blocks of whole lines, with one kind of line break.

    The first block is small and contains the header. A line that is longer than a block comes in parts.
    """
    rest, done, size = b"", 0, FIRST
    while chunk := stream.read(size):
        size = BLOCK
        while chunk.endswith(b"\r") and (more := stream.read(1)):  # keep a CRLF together
            chunk += more
        done += len(chunk)
        advance(done)
        if b"\r" in chunk:
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        end = chunk.rfind(b"\n") + 1 or len(chunk)
        yield b"".join((rest, memoryview(chunk)[:end]))
        rest = chunk[end:]
    if rest:
        yield rest


def _plain(block: bytes, member: Member) -> Any:  # noqa: ANN401 (pyarrow has no types)
    """Read a block as a table of film and rating, or return None if it contains anything but plain numbers.

    Arrow accepts some numbers that the database does not, such as nan. The bounds in queries/ingest/values.sql exclude
    them all, except hexadecimal ones, which are excluded here.
    """
    import duckdb  # noqa: F401, PLC0415 (without its whole package, the engine cannot read tables of Arrow)
    import pyarrow as pa  # noqa: PLC0415 (loaded where it is used)
    from pyarrow import csv  # noqa: PLC0415

    if not block.isascii() or b"x" in block or b"X" in block:
        return None
    types = {"movieid": pa.uint64(), "rating": pa.float64()}
    try:
        return csv.read_csv(
            pa.py_buffer(block),
            read_options=csv.ReadOptions(column_names=list(_named(member.columns, types))),
            parse_options=csv.ParseOptions(delimiter=member.separator, quote_char=False),
            convert_options=csv.ConvertOptions(column_types=types, include_columns=list(types), null_values=[]),
        )
    except pa.ArrowInvalid:
        return None


def _is_quoted(start: bytes) -> bool:
    """Whether the fields of a file are quoted, as its header shows."""
    return b'"' in start.partition(b"\n")[0]


def _parameters(path: Path, member: Member, needed: Collection[str]) -> dict[str, object]:
    """Return the parameters with which the database reads a file, all of it as text."""
    with path.open("rb") as file:
        quote = '"' if _is_quoted(file.read(FIRST)) else ""
    columns = dict.fromkeys(_named(member.columns, needed), "VARCHAR")
    return {"path": execute.literal(path), "quote": quote, "columns": columns, "separator": member.separator}


def _named(columns: Sequence[str], needed: Collection[str]) -> Iterator[str]:
    """Name the columns of a file for a reader: the needed ones by their names, the others by number."""
    keys = [key(column) for column in columns]
    for number, name in enumerate(keys):
        yield name if name in needed and keys.index(name) == number else f"c{number}"
