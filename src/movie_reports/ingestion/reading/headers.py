"""Headers among the records of a file that was joined from several.

A repetition of the first header is left out. After a different one the columns have other meanings, and a budget could
silently become a revenue, so the file is refused.
"""

from __future__ import annotations

import codecs
import csv
import mmap
import re
from collections.abc import Iterator
from pathlib import Path

from movie_reports.errors import RefusedError
from movie_reports.ingestion.job import Job
from movie_reports.ingestion.sources.files import Member
from movie_reports.ingestion.sources.formats.packed import HEAD
from movie_reports.ingestion.sources.header import normalized
from movie_reports.text import count

BLOCK = 1 << 20
FEW = 3
NAME = re.compile(r"[^\W\d][\w .-]*")
# A line that begins with a letter, which no rating or link does. The first line is the header and is skipped.
WORDS = re.compile(rb'\n([ \t"\xef\xbb\xbf]*[A-Za-z_][^\n]*)')


def compare(member: Member, raw: bytes) -> bool | None:
    """Say whether a record that cannot be loaded is the header of its file again.

    Returns:
        True if it is, False if it is a different header, None if it is no header.
    """
    columns = _columns(raw, member.separator)
    known = tuple(filter(None, member.columns))
    if columns and tuple(filter(None, columns)) == known:
        return True
    return False if _is_header(columns, known) else None


def refusal(member: Member, line: int) -> RefusedError:
    """Return the error for a different header on a line."""
    return RefusedError(
        f"line {line:,} of {member.name} is a second header with different columns, or a different order of them: "
        "load the files that were joined one by one, all but the first with --merge"
    )


def note(member: Member, number: int) -> list[str]:
    """Say how many headers were left out, if any."""
    return [f"left out {count(number, 'repeated header')} of {member.name}"] if number else []


def among_ratings(job: Job) -> list[str]:
    """Look for headers in the links and the irregular lines of the ratings, both files in the working folder.

    Returns:
        notes for the user.

    Raises:
        RefusedError: there is a different header.
    """
    notes = []
    for role in ("links", "ratings"):
        if member := job.source.members.get(role):
            notes += note(member, _repeated(member, job.folder / f"{role}.csv"))
    return notes


def _repeated(member: Member, path: Path) -> int:
    """Count how often the header is repeated in a copy of a file, or of part of it."""
    number = 0
    for raw in _words(path):
        kind = compare(member, raw)
        if kind is False:
            raise refusal(member, _line_of(member, raw))
        number += kind is True
    return number


def _columns(raw: bytes, separator: str) -> tuple[str, ...]:
    """Read a record as if it were a header."""
    if len(raw) > HEAD:
        return ()
    try:
        return normalized(
            next(csv.reader([raw.removeprefix(codecs.BOM_UTF8).decode(errors="replace")], delimiter=separator), [])
        )
    except csv.Error:
        return ()


def _is_header(columns: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Whether a record names half of the known columns, or has only fields that look like distinct column names."""
    names = set(columns)
    if 1 < len(names & set(known)) >= len(known) / 2:
        return True
    return FEW <= len(names) == len(columns) == len(known) and all(map(NAME.fullmatch, columns))


def _words(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for found in WORDS.finditer(content):
            yield found[1]
            del found  # a match would keep the file from being closed


def _line_of(member: Member, raw: bytes) -> int:
    """Return the line of a record that is not the first of its file."""
    line, rest = member.blank_lines + 1, b""
    with member.reading() as stream:
        while chunk := stream.read(BLOCK):
            while chunk.endswith(b"\r") and (more := stream.read(1)):  # keep a CRLF together
                chunk += more
            block = rest + chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            found = block.find(b"\n" + raw)
            end = block.rfind(b"\n") if found < 0 else found
            line += block.count(b"\n", 0, end + 1) - (found < 0 <= end)
            if found >= 0:
                return line
            rest = block[max(end, 0) :]
    return line
