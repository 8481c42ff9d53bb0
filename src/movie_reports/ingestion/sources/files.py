"""A CSV file in a source: its header, and how to read it as UTF-8 from there."""

from __future__ import annotations

import codecs
import csv
import errno
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from movie_reports.errors import MovieReportsError, RefusedError
from movie_reports.ingestion.sources import columns as fields_of
from movie_reports.ingestion.sources import header as headers
from movie_reports.ingestion.sources.encodings import without_mark
from movie_reports.ingestion.sources.formats.packed import HEAD, Opening
from movie_reports.ingestion.sources.header import Hints

# What the decompressors raise for damage, found by altering each byte of an archive's headers; some are OSErrors.
DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    IndexError,
    OSError,
    UnicodeDecodeError,
)
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True)
class Member:
    """A CSV file in a source.

    Attributes:
        name: its name in the source.
        where: the file, archive or URL that contains it, as the user named it.
        size: its size in bytes, unpacked.
        columns: the names in its header, in lower case, one for each field of its records.
        open: how to open it.
        start: the number of bytes that are not read: a byte order mark, and the lines before the header.
        blank_lines: the number of these lines.
        encoding: its character encoding.
        checked: whether it is compressed with a checksum, so that reading fails if it is cut off.
        path: its path, unless it is in an archive.
        header: its header as text.
        separator: the character between two fields.
        instead: what is read in place of a header that has more or fewer names than the records have fields.
        fields: the position of each field of a film, from 1.
        decisions: what was decided about the file.
        is_converted: whether it was made from another kind of file, so that its encoding is known.
        doubt: why it is not clear which column is which field, if it is not.
    """

    name: str
    where: str
    size: int
    columns: tuple[str, ...]
    open: Opening
    start: int = 0
    blank_lines: int = 0
    encoding: str = "utf-8"
    checked: bool = False
    path: Path | None = None
    header: str = ""
    separator: str = ","
    instead: bytes = b""
    fields: Mapping[str, int] = field(default_factory=dict)
    decisions: tuple[str, ...] = ()
    is_converted: bool = False
    doubt: str = ""

    @property
    def lists(self) -> list[str]:
        """What it has of names that are only read if they are asked for."""
        return fields_of.lists(self.fields)

    @contextmanager
    def reading(self) -> Iterator[IO[bytes]]:
        """Open the file at its header, converted to UTF-8 from its own encoding.

        Raises:
            MovieReportsError: the file is damaged.
            RefusedError: it is in another encoding.
        """
        with plain_damage(self.where), self.open() as stream:
            encoding, skipped = self.encoding, b""
            while more := stream.read(self.start - len(skipped)):
                skipped += more
            if encoding == "utf-16":
                encoding = MARKS[skipped[:2]]
            if encoding == "utf-8":
                yield self._from_header(stream)
            else:
                with _decodable(self.name, encoding):
                    yield self._from_header(cast("IO[bytes]", codecs.EncodedFile(stream, "utf-8", encoding)))

    def _from_header(self, stream: IO[bytes]) -> IO[bytes]:
        return cast("IO[bytes]", _After(self.instead, stream)) if self.instead else stream


@contextmanager
def _decodable(name: str, encoding: str) -> Iterator[None]:
    """Refuse bytes that an encoding does not have: replacing them would lose names in silence."""
    try:
        yield
    except UnicodeDecodeError as error:
        invalid = error.object[error.start : error.end].hex(" ")
        message = (
            f"{name} is not in the encoding {encoding}, which has no bytes {invalid}: name another with --encoding"
        )
        raise RefusedError(message) from error


@contextmanager
def plain_damage(name: str, what: str = "is cut off or damaged") -> Iterator[None]:
    """Turn the decompressors' errors about a damaged file into one sentence."""
    try:
        yield
    except DAMAGE as error:
        if isinstance(error, OSError) and error.errno not in {None, errno.EINVAL}:
            raise  # an error of the disk, not of the archive
        message = f"{name} {what}: download it again ({error})"
        raise MovieReportsError(message) from error
    except NotImplementedError as error:
        message = f"{name} is packed in a way that cannot be read ({error}): unpack it and name the folder"
        raise MovieReportsError(message) from error


class _After:
    """A stream with other bytes before it."""

    def __init__(self, first: bytes, stream: IO[bytes]) -> None:
        self._first, self._stream = first, stream

    def read(self, size: int = -1) -> bytes:
        """Return bytes of the first part, and then of the stream."""
        if not self._first:
            return self._stream.read(size)
        end = len(self._first) if size < 0 else size
        piece, self._first = self._first[:end], self._first[end:]
        return piece


def member_of(name: str, where: str, size: int, opening: Opening, hints: Hints) -> Member:
    """Return a CSV file as its start describes it.

    Raises:
        MovieReportsError: it is no CSV file.
    """
    with opening() as stream:
        head = stream.read(HEAD)
    mark, encoding = next(
        ((mark, MARKS[mark]) for mark in MARKS if head.startswith(mark)), (b"", without_mark(head) or "utf-8")
    )
    text = head.removeprefix(mark).decode(encoding, errors="replace")
    header = headers.read(name, text, hints, is_all=len(head) < HEAD)
    ends = [0, *(found.end() for found in headers.BREAK.finditer(text)), len(text)]
    begin, end = ends[header.before], ends[header.lines]
    escape = "surrogateescape" if encoding == "utf-8" else "replace"  # so that bytes of another encoding count as one
    exact = head.removeprefix(mark).decode(encoding, errors=escape)
    lines = [0, *(found.end() for found in headers.BREAK.finditer(exact)), len(exact)]
    instead = b""
    if header.is_odd:
        line = io.StringIO()
        csv.writer(line, delimiter=header.separator, lineterminator="").writerow(header.columns)
        instead = line.getvalue().encode() + b"\n" * (header.lines - header.before)
    found = fields_of.match(header.columns, hints.columns, hints.asked)
    return Member(
        name,
        where,
        size,
        header.columns,
        opening,
        start=len(mark) + len(exact[: lines[header.lines if instead else header.before]].encode(encoding, escape)),
        blank_lines=header.before,
        encoding="utf-16" if mark and encoding != "utf-8" else encoding,
        header=text[begin:end].rstrip("\r\n"),
        separator=header.separator,
        instead=instead,
        fields=found.fields,
        decisions=(*header.decisions, *found.decisions),
        doubt=found.doubt,
    )
