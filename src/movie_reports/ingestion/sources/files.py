"""The CSV files in an archive, in a folder, or alone, plain or gzipped: their columns, and how to read them.

The names in an archive are never used as paths: each file is opened as a stream of bytes.
"""

from __future__ import annotations

import codecs
import csv
import errno
import gzip
import io
import lzma
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, cast

from movie_reports.errors import MovieReportsError, RefusedError
from movie_reports.ingestion.sources import unzip
from movie_reports.ingestion.sources.encodings import without_mark
from movie_reports.ingestion.sources.paths import OpenFile, changed, is_pipe, readable

HEADER_BYTES = 1 << 16
GZIP, ZIP = b"\x1f\x8b", b"PK"
ENDINGS = (".csv", ".csv.gz")
ENCRYPTED = 0x1
# What the decompressors raise for damage, found by altering each byte of an archive's headers; some are OSErrors.
DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, IndexError, OSError, UnicodeDecodeError)
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
BREAK = re.compile(r"\r\n|\r|\n")
# Names in the zip archives that are spreadsheets.
SPREADSHEETS = {"xl/": "an Excel workbook", "content.xml": "an OpenDocument file"}

Opener = Callable[[str, Path], OpenFile]
"""Opens a file by the user's name for it and its path, and keeps it open."""


@dataclass(frozen=True)
class Member:
    """A CSV file in a source.

    Attributes:
        name: its name in the source.
        where: the file, archive or URL that contains it, as the user named it.
        size: its size in bytes, unpacked.
        columns: the names in its header, in lower case.
        open: how to open it.
        start: the number of bytes before the header: a byte order mark, and blank lines.
        blank_lines: the number of these lines.
        encoding: its character encoding.
        checked: whether it is compressed with a checksum, so that reading fails if it is cut off.
        path: its path, unless it is in an archive.
        header: its header as text.
    """

    name: str
    where: str
    size: int
    columns: tuple[str, ...]
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    start: int = 0
    blank_lines: int = 0
    encoding: str = "utf-8"
    checked: bool = False
    path: Path | None = None
    header: str = ""

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
                yield stream
            else:
                with _decodable(self.name, encoding):
                    yield cast("IO[bytes]", codecs.EncodedFile(stream, "utf-8", encoding))


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


def members(name: str, path: Path, open_file: Opener) -> list[Member]:
    """Return the CSV files at a path.

    Args:
        name: the path as the user wrote it.
        path: an archive, a folder, or a CSV file, plain or gzipped.
        open_file: opens an archive, which stays open; other files are opened again by `reopened`.

    Raises:
        MovieReportsError: there is nothing, or it is damaged, or not a CSV file.
    """
    if is_pipe(name, path):  # in a folder
        message = f"{name} is a pipe: name it by itself"
        raise MovieReportsError(message)
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.name.lower().endswith(ENDINGS) and not file.is_dir())
        return [member for file in files for member in members(readable(str(file)), file, open_file)]
    with path.open("rb") as file:
        start = file.read(2)
    if start == ZIP or path.suffix.lower() == ".zip":
        with plain_damage(name, "is cut off or damaged" if start in {ZIP, GZIP} else "is not a zip archive"):
            return list(_in_archive(name, zipfile.ZipFile(open_file(name, path).file)))
    with plain_damage(name), path.open("rb") as file:
        return [_file(OpenFile(name, file, os.fstat(file.fileno())), path)]


def reopened(member: Member, open_file: Opener) -> Member:
    """Open the file of a member, unless it is in an archive, and keep it open even if another file replaces it.

    Raises:
        MovieReportsError: another file has replaced it already.
    """
    if member.path is None:
        return member
    with plain_damage(member.where):
        again = _file(open_file(member.where, member.path), member.path)
    if again.columns != member.columns:
        raise changed(member.where)
    return replace(again, name=member.name)


def _file(file: OpenFile, path: Path) -> Member:
    name = PurePosixPath(file.name).name or file.name
    with file.from_start() as stream:
        is_packed = stream.read(2) == GZIP
    size = file.before.st_size
    if not is_packed:
        return replace(_member(name, file.name, size, file.from_start), path=path)
    with file.from_start() as stream:
        stream.seek(max(size - 4, 0))
        size = int.from_bytes(stream.read(4), "little")  # the format keeps the size modulo 4 GiB
    return replace(_member(name, file.name, size, partial(_gunzipped, file)), checked=True, path=path)


def _gunzipped(file: OpenFile) -> AbstractContextManager[IO[bytes]]:
    with file.from_start() as stream:
        return cast("AbstractContextManager[IO[bytes]]", gzip.GzipFile(fileobj=stream))


def _in_archive(where: str, archive: zipfile.ZipFile) -> Iterator[Member]:
    infos = [info for info in archive.infolist() if _is_csv(info)]
    if not infos:
        _refuse_spreadsheet(where, archive)
    for info in infos:
        if info.flag_bits & ENCRYPTED:
            message = f"{where} is protected by a password: unpack it and name the folder"
            raise MovieReportsError(message)
        yield replace(
            _member(info.filename, where, info.file_size, partial(unzip.open_member, archive, info)), checked=True
        )


def _is_csv(info: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(info.filename)
    hidden = any(part.startswith((".", "__MACOSX")) for part in name.parts if part != "..")
    return not (info.is_dir() or hidden) and name.suffix.lower() == ".csv"


def _refuse_spreadsheet(where: str, archive: zipfile.ZipFile) -> None:
    for start, kind in SPREADSHEETS.items():
        if any(name.startswith(start) for name in archive.namelist()):
            message = f"{where} is {kind}: save the sheet of films as CSV and load that file"
            raise MovieReportsError(message)


def _member(name: str, where: str, size: int, open_: Callable[[], AbstractContextManager[IO[bytes]]]) -> Member:
    with open_() as stream:
        head = stream.read(HEADER_BYTES)
    mark, encoding = next(
        ((mark, MARKS[mark]) for mark in MARKS if head.startswith(mark)), (b"", without_mark(head) or "utf-8")
    )
    text = head.removeprefix(mark).decode(encoding, errors="replace")
    columns, blank_lines, lines = _header(name, text)
    ends = [0, *(found.end() for found in BREAK.finditer(text)), len(text)]
    start = len(mark) + len(text[: ends[blank_lines]].encode(encoding))
    header = text[ends[blank_lines] : ends[lines]].rstrip("\r\n")
    encoding = "utf-16" if mark and encoding != "utf-8" else encoding
    return Member(name, where, size, columns, open_, start, blank_lines, encoding, header=header)


def _header(name: str, text: str) -> tuple[tuple[str, ...], int, int]:
    """Return the columns at the start of a file, how many blank lines precede them, and on which line they end."""
    rows, lines = csv.reader(io.StringIO(text, newline=None)), 0
    try:
        for row in rows:
            if any("\0" in column for column in row):
                message = f"{name} is not a CSV file"
                raise MovieReportsError(message)
            if columns := normalized(row):
                return columns, lines, rows.line_num
            lines = rows.line_num
    except csv.Error as error:
        message = f"{name} has a damaged header: {error}"
        raise MovieReportsError(message) from error
    return (), 0, 0


def normalized(row: list[str]) -> tuple[str, ...]:
    """Return column names in the form in which they are compared; none for a blank row."""
    names = tuple(" ".join(column.lower().split()) for column in row)
    return names if any(names) else ()
