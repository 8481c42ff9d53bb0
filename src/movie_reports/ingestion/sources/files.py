"""What is ingested: a zip archive, a folder, or one CSV file, plain or gzipped.

Nothing is unpacked by the names an archive carries: each file is opened as a stream of bytes.
"""

from __future__ import annotations

import codecs
import csv
import errno
import gzip
import hashlib
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, cast

from movie_reports.errors import MovieReportsError
from movie_reports.ingestion.sources import unzip as inflating

HEADER_BYTES = 1 << 16
GZIP = b"\x1f\x8b"
ENCRYPTED = 0x1
# What the unpackers raise for damage, told by trying each byte of an archive's headers; some are OSErrors.
DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, IndexError, OSError)
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
        where: the file, archive or address that holds it, as a person named it.
        size: its size in bytes, unpacked.
        columns: the names in its header, in lower case.
        open: how to open it.
        encoding: how its characters are written.
        checked: whether it is packed with a checksum, so that it cannot be cut off without an error.
    """

    name: str
    where: str
    size: int
    columns: tuple[str, ...]
    open: Callable[[], IO[bytes]]
    encoding: str = "utf-8"
    checked: bool = False

    @contextmanager
    def reading(self) -> Iterator[IO[bytes]]:
        """Open the file as UTF-8, whatever it is written in.

        Raises:
            MovieReportsError: it turns out to be damaged while it is read.
        """
        with plain_damage(self.where), self.open() as stream:
            if self.encoding == "utf-8":
                yield stream
            else:
                yield cast("IO[bytes]", codecs.EncodedFile(stream, "utf-8", self.encoding, errors="replace"))


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
def opened(parts: Sequence[tuple[str, Path]]) -> Iterator[Source]:
    """Open the files and folders of a source, and find in them what is needed, by its columns.

    Args:
        parts: zip archives, folders and CSV files, plain or gzipped, under the names that a person gave them.

    Raises:
        MovieReportsError: a file is missing or damaged, or no film data is in any.
    """
    with ExitStack() as archives:
        members: list[Member] = []
        for name, path in parts:
            is_packed = path.is_file() and _first_bytes(path) in {b"PK", GZIP}
            with plain_damage(name, "is cut off or damaged" if is_packed else "is not a zip archive"):
                members += _members(name, path, archives)
        if len({member.name for member in members}) < len(members):
            members = [replace(member, name=_full_name(member)) for member in members]
        yield _assign([name for name, _ in parts], members)


def require(name: str, path: Path) -> None:
    """Hold that there is a file or folder.

    Raises:
        MovieReportsError: there is none.
    """
    if not path.exists():
        message = f"there is no file or folder {name}"
        raise MovieReportsError(message)


@contextmanager
def plain_damage(name: str, what: str = "is cut off or damaged") -> Iterator[None]:
    """Turn what the unpackers say of a damaged file into one sentence."""
    try:
        yield
    except DAMAGE as error:
        if isinstance(error, OSError) and error.errno not in {None, errno.EINVAL}:
            raise  # of the disk, not of the archive
        message = f"{name} {what}: download it again ({error})"
        raise MovieReportsError(message) from error
    except NotImplementedError as error:
        message = f"{name} is packed in a way that cannot be read ({error}): unpack it and name the folder"
        raise MovieReportsError(message) from error


def _members(name: str, path: Path, archives: ExitStack) -> list[Member]:
    require(name, path)
    if path.is_dir():
        endings = (".csv", ".csv.gz")
        files = [file for file in sorted(path.iterdir()) if file.is_file() and file.name.lower().endswith(endings)]
        return [_file(str(file), file) for file in files]
    if _first_bytes(path) == b"PK" or path.suffix.lower() == ".zip":
        return list(_in_archive(name, archives.enter_context(zipfile.ZipFile(path))))
    return [_file(name, path)]


def _full_name(member: Member) -> str:
    return member.where if member.where.endswith(member.name) else f"{member.where}: {member.name}"


def fingerprint(paths: Sequence[Path], source: Source) -> str:
    """Return the SHA-256 of a source: of its one file, or of its files and those used in its folders, in any order."""
    used = [Path(member.where) for member in source.members.values()]
    files = [path for path in paths if path.is_file()]
    files += [file for path in paths if path.is_dir() for file in used if file.parent == path]
    digests = []
    for path in files:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return (
        digests[0] if len(paths) == 1 == len(files) else hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()
    )


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(2)


def _file(where: str, path: Path) -> Member:
    name = PurePosixPath(where).name or where
    if _first_bytes(path) != GZIP:
        return _member(name, where, path.stat().st_size, lambda: path.open("rb"))
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 4, 0))
        size = int.from_bytes(file.read(4), "little")  # the format keeps the size modulo 4 GiB
    return replace(_member(name, where, size, lambda: cast("IO[bytes]", gzip.open(path))), checked=True)


def _in_archive(where: str, archive: zipfile.ZipFile) -> Iterator[Member]:
    for info in archive.infolist():
        name = PurePosixPath(info.filename)
        hidden = any(part.startswith((".", "__MACOSX")) for part in name.parts if part != "..")
        if info.is_dir() or hidden or name.suffix.lower() != ".csv":
            continue
        if info.flag_bits & ENCRYPTED:
            message = f"{where} is protected by a password: unpack it and name the folder"
            raise MovieReportsError(message)
        yield replace(
            _member(info.filename, where, info.file_size, partial(inflating.opened, archive, info)), checked=True
        )


def _member(name: str, where: str, size: int, open_: Callable[[], IO[bytes]]) -> Member:
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
    return Member(name, where, size, tuple(" ".join(column.lower().split()) for column in header), open_, encoding)


def _assign(names: Sequence[str], members: list[Member]) -> Source:
    """Give each role to the file that has its columns, by its usual name or else the largest."""
    if not members:
        message = f"{', '.join(names)} holds no CSV file: movie-reports needs movies_metadata.csv"
        raise MovieReportsError(message)
    roles = {role: _best(role, members) for role in NEEDED}
    if roles["movies"] is None:
        raise MovieReportsError(_what_is_missing(members))
    films = {member.where for member in members if set(NEEDED["movies"]) <= set(member.columns)}
    if len(names) > 1 < len(films):
        message = f"{' and '.join(sorted(films))} all hold films: load one of them, and the others with --merge"
        raise MovieReportsError(message)
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


def _what_is_missing(members: list[Member]) -> str:
    """Say of the file that comes nearest to film data which columns it lacks."""
    needed = NEEDED["movies"]
    nearest = max(members, key=lambda member: len(set(needed) & set(member.columns)))
    where = nearest.where if nearest.where.endswith(nearest.name) else f"{nearest.name} in {nearest.where}"
    if not any(nearest.columns):
        return f"{where} is empty: movie-reports needs a CSV file with the columns {', '.join(needed)}"
    missing = [column for column in needed if column not in nearest.columns]
    noun = "column" if len(missing) == 1 else "columns"
    return f"{where} lacks the {noun} {', '.join(missing)}: found {', '.join(nearest.columns)[:200]}"
