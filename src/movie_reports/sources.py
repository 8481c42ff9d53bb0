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
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
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
    """A CSV file in a source.

    Attributes:
        name: its name there.
        size: its size in bytes, unpacked.
        columns: the names in its header, in lower case.
        open: how to open it.
        encoding: how its characters are written.
        checked: whether it is packed with a checksum, so that it cannot be cut off without an error.
    """

    name: str
    size: int
    columns: tuple[str, ...]
    open: Callable[[], IO[bytes]]
    encoding: str = "utf-8"
    checked: bool = False

    def stream(self) -> IO[bytes]:
        """Open the file as UTF-8, whatever it is written in."""
        if self.encoding == "utf-8":
            return self.open()
        return cast("IO[bytes]", codecs.EncodedFile(self.open(), "utf-8", self.encoding, errors="replace"))


@dataclass(frozen=True)
class Source:
    """A source that holds film data.

    Attributes:
        members: by role (movies, and where both are there ratings and links) the file that plays it.
        ignored: the other CSV files.
    """

    members: dict[str, Member]
    ignored: tuple[Member, ...]


@contextmanager
def opened(paths: Sequence[Path]) -> Iterator[Source]:
    """Open the files and folders of a source, and find in them what is needed, by its columns.

    Args:
        paths: zip archives, folders and CSV files, plain or gzipped.

    Raises:
        MovieReportsError: a file is missing or cannot be read, or no film data is in any; also for damage that shows
            only while the files are read.
    """
    with ExitStack() as stack:
        members: list[Member] = []
        for path in paths:
            stack.enter_context(_plain_damage(path))
            members += _members(path, stack)
        yield _assign(paths, members)


@contextmanager
def _plain_damage(path: Path) -> Iterator[None]:
    """Turn what the unpackers say of a damaged file into one sentence."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile) as error:
        what = "is cut off or damaged" if _first_bytes(path) in {b"PK", GZIP} else "is not a zip archive"
        message = f"{path} {what}: download it again ({error})"
        raise MovieReportsError(message) from error
    except NotImplementedError as error:
        message = f"{path} is packed in a way that cannot be read ({error}): unpack it and name the folder"
        raise MovieReportsError(message) from error


def _members(path: Path, stack: ExitStack) -> list[Member]:
    if not path.exists():
        message = f"there is no file or folder {path}"
        raise MovieReportsError(message)
    if path.is_dir():
        files = [file for file in sorted(path.iterdir()) if file.name.lower().endswith((".csv", ".csv.gz"))]
        return [_file(file) for file in files]
    if _first_bytes(path) == b"PK" or path.suffix.lower() == ".zip":
        return list(_in_archive(path, stack.enter_context(zipfile.ZipFile(path))))
    return [_file(path)]


def fingerprint(paths: Sequence[Path], source: Source) -> str:
    """Return the SHA-256 of a source: of its one file, or of the contents of the files that are used, in any order."""
    if len(paths) == 1 and paths[0].is_file():
        with paths[0].open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    contents = []
    for role, member in source.members.items():
        with member.open() as stream:
            digest = hashlib.file_digest(cast("io.BufferedReader", stream), "sha256")
        contents.append(f"{role} {digest.hexdigest()}\n")
    return hashlib.sha256("".join(sorted(contents)).encode()).hexdigest()


def _first_bytes(path: Path) -> bytes:
    if path.is_dir():
        return b""
    with path.open("rb") as file:
        return file.read(2)


def _file(path: Path) -> Member:
    if _first_bytes(path) != GZIP:
        return _member(path.name, path.stat().st_size, lambda: path.open("rb"), checked=False)
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 4, 0))
        size = int.from_bytes(file.read(4), "little")  # the format keeps the size modulo 4 GiB
    return _member(path.name, size, lambda: cast("IO[bytes]", gzip.open(path)), checked=True)


def _in_archive(path: Path, archive: zipfile.ZipFile) -> Iterator[Member]:
    for info in archive.infolist():
        name = PurePosixPath(info.filename)
        hidden = any(part.startswith((".", "__MACOSX")) for part in name.parts if part != "..")
        if info.is_dir() or hidden or name.suffix.lower() != ".csv":
            continue
        if info.flag_bits & ENCRYPTED:
            message = f"{path} is protected by a password: unpack it and name the folder"
            raise MovieReportsError(message)
        yield _member(info.filename, info.file_size, partial(archive.open, info), checked=True)


def _member(name: str, size: int, open_: Callable[[], IO[bytes]], *, checked: bool) -> Member:
    with open_() as stream:
        head = stream.read(HEADER_BYTES)
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    text = head.removeprefix(codecs.BOM_UTF8).decode(encoding, errors="replace")
    try:
        header = next((row for row in csv.reader(io.StringIO(text, newline=None)) if row), [])
    except csv.Error as error:
        message = f"{name} has a damaged header: {error}"
        raise MovieReportsError(message) from error
    if any("\0" in column for column in header):
        message = f"{name} is not a CSV file"
        raise MovieReportsError(message)
    return Member(name, size, tuple(column.strip().lower() for column in header), open_, encoding, checked)


def _assign(paths: Sequence[Path], members: list[Member]) -> Source:
    """Give each role to the file that has its columns, by its usual name or else the largest."""
    where = ", ".join(map(str, paths))
    if not members:
        message = f"{where} holds no CSV file: movie-reports needs movies_metadata.csv"
        raise MovieReportsError(message)
    roles = {role: _best(role, members) for role in NEEDED}
    if roles["movies"] is None:
        raise MovieReportsError(_what_is_missing(where, members))
    if roles["ratings"] is None or roles["links"] is None:
        del roles["ratings"], roles["links"]
    chosen = {role: member for role, member in roles.items() if member}
    ignored = tuple(member for member in members if member not in chosen.values())
    return Source(chosen, ignored)


def _best(role: str, members: Iterable[Member]) -> Member | None:
    able = [member for member in members if set(NEEDED[role]) <= set(member.columns)]
    usual = {name: rank for rank, name in enumerate(USUAL_NAMES[role])}
    able.sort(key=lambda member: (usual.get(PurePosixPath(member.name).name, len(usual)), -member.size))
    return able[0] if able else None


def _what_is_missing(source: str, members: list[Member]) -> str:
    """Say of the file that comes nearest to film data which columns it lacks."""
    needed = NEEDED["movies"]
    nearest = max(members, key=lambda member: len(set(needed) & set(member.columns)))
    where = nearest.name if source.endswith(nearest.name) else f"{nearest.name} in {source}"
    if not any(nearest.columns):
        return f"{where} is empty: movie-reports needs a CSV file with the columns {', '.join(needed)}"
    missing = [column for column in needed if column not in nearest.columns]
    noun = "column" if len(missing) == 1 else "columns"
    return f"{where} lacks the {noun} {', '.join(missing)}: found {', '.join(nearest.columns)[:200]}"
