"""Ratings on their way to the database: grouped by film block by block, so that their file is never unpacked.

A block of plain figures is read by Arrow on all cores while the next is inflated. Whatever is odd in any way goes to
a file, which the database reads with its own CSV reader, line by line and with an account of its errors.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from movie_reports.database import execute
from movie_reports.ingestion.job import Task, ahead
from movie_reports.ingestion.sources.files import HEADER_BYTES, Member

FIRST, BLOCK = HEADER_BYTES, 1 << 24
RATING_COLUMNS, LINK_COLUMNS = ("movieid", "rating"), ("movieid", "tmdbid")


def load(task: Task) -> dict[str, int | None]:
    """Load the ratings, if the source has them, and return their books."""
    if "ratings" not in task.source.members:
        return dict.fromkeys(("ratings", "ratings_matched", "ratings_unread"))
    links, ratings = (task.source.members[role] for role in ("links", "ratings"))
    execute.run(task.connection, "ingest/read_links", _parameters(_unpack(task, links), links, LINK_COLUMNS))
    odd = _group(task, ratings)
    execute.run(task.connection, "ingest/add_ratings", _parameters(odd, ratings, RATING_COLUMNS))
    return execute.run(task.connection, "ingest/count_ratings")[0]


def _unpack(task: Task, member: Member) -> Path:
    """Copy a file of plain figures."""
    path = task.folder / "links.csv"
    with member.reading() as stream, path.open("wb") as target:
        for block in _whole_lines(stream, task.advance("unpacking links", member)):
            target.write(block)
    return path


def _group(task: Task, member: Member) -> Path:
    """Group the ratings by film that are plain, and return the file of all others, under the same header."""
    path = task.folder / "ratings.csv"
    execute.run(task.connection, "ingest/begin_ratings")
    with closing(ahead(_grouped(task, member, path))) as blocks:  # Ctrl-C must not meet DuckDB while it calls Python
        for _ in blocks:
            pass
    return path


def _grouped(task: Task, member: Member, path: Path) -> Iterator[bytes]:
    """Give block after block of a file, grouped in the database or written to `path`."""
    advance = task.advance("rating", member)
    with member.reading() as stream, closing(ahead(_whole_lines(stream, advance))) as blocks, path.open("wb") as odd:
        header = next(blocks, b"")
        odd.write(header)
        whole = header.endswith(b"\n") and not _is_quoted(header)
        for block in blocks:
            whole = whole and block.endswith(b"\n")  # what follows the start of a torn line belongs to it
            table = _plain(block, member.columns) if whole else None
            if table is None:
                odd.write(block)
            else:
                task.connection.register("block", table)
                execute.run(task.connection, "ingest/add_rated_block")
            yield block


def _whole_lines(stream: IO[bytes], advance: Callable[[int], None]) -> Iterator[bytes]:
    """Give a file in blocks of whole lines, with one kind of line break.

    The first block is small and holds the header. A line that is longer than a block comes in parts.
    """
    rest, done, size = b"", 0, FIRST
    while chunk := stream.read(size):
        size = BLOCK
        while chunk.endswith(b"\r") and (more := stream.read(1)):  # a CRLF must not be torn
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


def _plain(block: bytes, columns: Sequence[str]) -> Any:  # noqa: ANN401 (pyarrow has no types)
    """Read a block as a table of film and rating, or return None if anything in it is odd.

    Arrow takes some figures that the database does not read, such as nan. All of them lie beyond the bounds that
    queries/ingest/values.sql sets, but for the hexadecimal ones, which are left out here.
    """
    import pyarrow as pa  # noqa: PLC0415 (loaded where it is used)
    from pyarrow import csv  # noqa: PLC0415

    if not block.isascii() or b"x" in block or b"X" in block:
        return None
    types = {"movieid": pa.uint64(), "rating": pa.float64()}
    try:
        return csv.read_csv(
            pa.py_buffer(block),
            read_options=csv.ReadOptions(column_names=list(_named(columns, types))),
            parse_options=csv.ParseOptions(quote_char=False),
            convert_options=csv.ConvertOptions(column_types=types, include_columns=list(types), null_values=[]),
        )
    except pa.ArrowInvalid:
        return None


def _is_quoted(start: bytes) -> bool:
    """Whether the fields of a file are quoted, as its header shows."""
    return b'"' in start.partition(b"\n")[0]


def _parameters(path: Path, member: Member, needed: Collection[str]) -> dict[str, object]:
    """Say how the database shall read a file: all of it as text."""
    with path.open("rb") as file:
        quote = '"' if _is_quoted(file.read(FIRST)) else ""
    columns = dict.fromkeys(_named(member.columns, needed), "VARCHAR")
    return {"path": execute.literal(path), "quote": quote, "columns": columns}


def _named(columns: Sequence[str], needed: Collection[str]) -> Iterator[str]:
    """Name the columns of a file for a reader: those needed by name, the others by number."""
    for number, column in enumerate(columns):
        yield column if column in needed and columns.index(column) == number else f"c{number}"
