"""What is ingested: a zip archive, a folder, or one CSV file, plain or gzipped.

Nothing is unpacked by the names an archive carries: each file is opened as a stream of bytes.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, cast

from movie_reports.errors import MovieReportsError

HEADER_BYTES = 1 << 16
GZIP = b"\x1f\x8b"
ENCRYPTED = 0x1
NEEDED = {
    "movies": (
        "id",
        "title",
        "release_date",
        "budget",
        "revenue",
        "popularity",
        "genres",
        "production_companies",
    ),
    "ratings": ("movieid", "rating"),
    "links": ("movieid", "tmdbid"),
}
USUAL_NAMES = {
    "movies": ("movies_metadata.csv",),
    "ratings": ("ratings.csv", "ratings_small.csv"),
    "links": ("links.csv", "links_small.csv"),
}


@dataclass(frozen=True)
class Member:
    """A CSV file in a source: its name there, its size unpacked in bytes, its columns, and how to open it."""

    name: str
    size: int
    columns: tuple[str, ...]
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True)
class Source:
    """A source that holds film data.

    Attributes:
        name: as it was given.
        members: by role (movies, and where both are there ratings and links) the file that plays it.
        ignored: the other CSV files.
    """

    name: str
    members: dict[str, Member]
    ignored: tuple[Member, ...]


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a source and find its files by their columns.

    Raises:
        MovieReportsError: there is no such file, it cannot be read, or it holds no film data; also for damage
            that shows only while its files are read.
    """
    if not path.exists():
        message = f"there is no file or folder {path}"
        raise MovieReportsError(message)
    start = b"" if path.is_dir() else _first_bytes(path)
    try:
        if path.is_dir():
            files = [file for file in sorted(path.iterdir()) if file.name.lower().endswith((".csv", ".csv.gz"))]
            yield _assign(path, [_file(file) for file in files])
        elif start == b"PK" or path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield _assign(path, list(_in_archive(path, archive)))
        else:
            yield _assign(path, [_file(path)])
    except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile) as error:
        packed = start in {b"PK", GZIP}
        what = "is cut off or damaged" if packed else "is not a zip archive"
        message = f"{path} {what}: download it again ({error})"
        raise MovieReportsError(message) from error
    except NotImplementedError as error:
        message = f"{path} is packed in a way that cannot be read ({error}): unpack it and name the folder"
        raise MovieReportsError(message) from error


def fingerprint(path: Path, source: Source) -> str:
    """Return the SHA-256 of a source: of the file, or of the names and contents of the files used in a folder."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    for member in sorted(source.members.values(), key=lambda member: member.name):
        with member.open() as stream:
            content = hashlib.file_digest(cast("io.BufferedReader", stream), "sha256")
        digest.update(f"{member.name}\n{content.hexdigest()}\n".encode())
    return digest.hexdigest()


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(2)


def _file(path: Path) -> Member:
    if _first_bytes(path) != GZIP:
        return _member(path.name, path.stat().st_size, lambda: path.open("rb"))
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 4, 0))
        size = int.from_bytes(file.read(4), "little")  # the format keeps the size modulo 4 GiB
    return _member(path.name, size, lambda: cast("IO[bytes]", gzip.open(path)))


def _in_archive(path: Path, archive: zipfile.ZipFile) -> Iterator[Member]:
    for info in archive.infolist():
        name = PurePosixPath(info.filename)
        hidden = any(part.startswith((".", "__MACOSX")) for part in name.parts if part != "..")
        if info.is_dir() or hidden or name.suffix.lower() != ".csv":
            continue
        if info.flag_bits & ENCRYPTED:
            message = f"{path} is protected by a password: unpack it and name the folder"
            raise MovieReportsError(message)
        yield _member(info.filename, info.file_size, partial(archive.open, info))


def _member(name: str, size: int, open_: Callable[[], IO[bytes]]) -> Member:
    with open_() as stream:
        head = stream.read(HEADER_BYTES)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        message = f"{name} is written in UTF-16: save it as UTF-8 (iconv -f UTF-16 -t UTF-8)"
        raise MovieReportsError(message)
    text = head.removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    try:
        header = next((row for row in csv.reader(io.StringIO(text, newline=None)) if row), [])
    except csv.Error as error:
        message = f"{name} has a damaged header: {error}"
        raise MovieReportsError(message) from error
    return Member(name, size, tuple(column.strip().lower() for column in header), open_)


def _assign(path: Path, members: list[Member]) -> Source:
    """Give each role to the file that has its columns, by its usual name or else the largest."""
    if not members:
        message = f"{path} holds no CSV file: movie-reports needs movies_metadata.csv"
        raise MovieReportsError(message)
    roles = {role: _best(role, members) for role in NEEDED}
    if roles["movies"] is None:
        raise MovieReportsError(_what_is_missing(path, members))
    if roles["ratings"] is None or roles["links"] is None:
        del roles["ratings"], roles["links"]
    chosen = {role: member for role, member in roles.items() if member}
    ignored = tuple(member for member in members if member not in chosen.values())
    return Source(str(path), chosen, ignored)


def _best(role: str, members: Iterable[Member]) -> Member | None:
    able = [member for member in members if set(NEEDED[role]) <= set(member.columns)]
    usual = {name: rank for rank, name in enumerate(USUAL_NAMES[role])}
    able.sort(key=lambda member: (usual.get(PurePosixPath(member.name).name, len(usual)), -member.size))
    return able[0] if able else None


def _what_is_missing(path: Path, members: list[Member]) -> str:
    """Say of the file that comes nearest to film data which columns it lacks."""
    needed = NEEDED["movies"]
    nearest = max(members, key=lambda member: len(set(needed) & set(member.columns)))
    where = nearest.name if nearest.name == path.name else f"{nearest.name} in {path}"
    if not any(nearest.columns):
        return f"{where} is empty: movie-reports needs a CSV file with the columns {', '.join(needed)}"
    missing = [column for column in needed if column not in nearest.columns]
    noun = "column" if len(missing) == 1 else "columns"
    return f"{where} lacks the {noun} {', '.join(missing)}: found {', '.join(nearest.columns)[:200]}"
