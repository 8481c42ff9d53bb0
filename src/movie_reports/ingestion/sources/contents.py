"""The files of a source at a path: alone, in a folder, or in an archive; compressed, or of another kind than CSV.

Nothing is unpacked by the names in an archive. Files in zip archives, and compressed ones, are read as streams; those
of tar archives, and of other kinds than CSV, are unpacked or converted in the working folder.
"""

from __future__ import annotations

import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path, PurePosixPath
from typing import IO

from movie_reports.errors import MovieReportsError
from movie_reports.ingestion.sources import columns
from movie_reports.ingestion.sources.files import Member, member_of, plain_damage
from movie_reports.ingestion.sources.formats import convert, packed, unzip, workbook
from movie_reports.ingestion.sources.formats.packed import Kind, Opening, Unpacked
from movie_reports.ingestion.sources.header import Hints
from movie_reports.ingestion.sources.paths import OpenFile, changed, is_pipe, readable, too_large

BLOCK = 1 << 20
ENCRYPTED = 0x1
ENDINGS = (".csv", ".tsv", ".json", ".ndjson", ".jsonl", ".parquet", ".xlsx")
COMPRESSIONS = (".gz", ".bz2", ".xz", ".zst")
KINDS = "CSV, JSON, Parquet or Excel file"
WORKBOOK, OPEN_DOCUMENT = "xl/workbook.xml", "content.xml"
CONVERTED = (Kind.JSON, Kind.PARQUET)
NOT_A_LIST = 'is one JSON object: movie-reports needs a list of films, [{"id": 862, ...}, ...]'
OTHER_ROLES = ({"movieid", "rating"}, {"movieid", "tmdbid"})


@dataclass(frozen=True)
class Contents:
    """Finds the files of a source.

    Attributes:
        open_file: opens a file by the user's name for it and its path, and keeps it open.
        folder: where files are unpacked and converted.
        most: no more bytes than these are unpacked or converted of one file.
        hints: what the user said of the files.
        numbers: of the files in the folder.
        others: the names of files in folders and archives that are not read, because of their endings.
    """

    open_file: Callable[[str, Path], OpenFile]
    folder: Path
    most: int
    hints: Hints
    numbers: Iterator[int] = field(default_factory=count)
    others: list[str] = field(default_factory=list)

    def members(self, name: str, path: Path) -> list[Member]:
        """Return the files at a path.

        Args:
            name: the path as the user wrote it.
            path: an archive, a folder, or a file; archives and what is converted stay open, and other files are
                opened again by `reopened`.

        Raises:
            MovieReportsError: there is nothing, or it is damaged, or no kind of file that can be read.
        """
        if is_pipe(name, path):  # in a folder
            message = f"{name} is a pipe: name it by itself"
            raise MovieReportsError(message)
        if path.is_dir():
            files = sorted(file for file in path.iterdir() if not file.is_dir() and self._is_readable(file.name))
            return [member for file in files for member in self.members(readable(str(file)), file)]
        with path.open("rb") as file:
            kind = packed.kind_of(file.read(packed.HEAD))
        if kind is Kind.ZIP or (path.suffix.lower() == ".zip" and kind is Kind.CSV):
            with plain_damage(name, "is cut off or damaged" if kind is Kind.ZIP else "is not a zip archive"):
                return self._in_zip(name, path)
        with plain_damage(name):
            with path.open("rb") as file:
                member = self._text(OpenFile(name, file, os.fstat(file.fileno())), path)
            if member is not None:
                return [member]
            opened = self.open_file(name, path)
            short = PurePosixPath(name).name or name
            return self._other(short, name, packed.unpacked(name, opened.from_start))

    def reopened(self, member: Member) -> Member:
        """Open the file of a member, unless it is in an archive, and keep it open even if another file replaces it.

        Raises:
            MovieReportsError: another file has replaced it already.
        """
        if member.path is None:
            return member
        with plain_damage(member.where):
            again = self._text(self.open_file(member.where, member.path), member.path)
        if again is None or again.columns != member.columns:
            raise changed(member.where)
        return replace(again, name=member.name)

    def _text(self, file: OpenFile, path: Path) -> Member | None:
        """Return a CSV file, plain or compressed, or None for another kind."""
        found = packed.unpacked(file.name, file.from_start)
        if found.kind is not Kind.CSV:
            return None
        name, size = PurePosixPath(file.name).name or file.name, file.before.st_size
        if found.is_packed:
            size = _unpacked_size(file)
        return replace(member_of(name, file.name, size, found.open, self.hints), checked=found.is_packed, path=path)

    def _other(self, name: str, where: str, found: Unpacked, size: int = 0) -> list[Member]:
        """Return what is in a file that was found in another or is no CSV file."""
        if found.kind is Kind.CSV:
            return [replace(member_of(name, where, size, found.open, self.hints), checked=True)]
        if found.kind is Kind.TAR:
            return list(self._in_tar(where, found.open))
        if found.kind is Kind.OLD_EXCEL:
            message = f"{where} is an old Excel workbook (.xls): save the sheet of films as .xlsx or CSV"
            raise MovieReportsError(message)
        path = self._unpack(name, found.open)
        try:
            return [self._converted(name, where, found.kind, path)]
        finally:
            path.unlink()

    def _converted(self, name: str, where: str, kind: Kind, path: Path) -> Member:
        """Turn a file of another kind into CSV, if it has a role, and else say only what its columns are."""
        target, within = self._place(), None
        if kind is Kind.ZIP:
            _refuse_other_archives(name if where.endswith(name) else f"{name} in {where}", path)
            workbook.to_csv(path, target, name, self.most, self._count_fields)
        else:
            names, within, doubt = self._columns(kind, path, name)
            if doubt or not self._has_role(names):
                fields = {} if doubt else columns.match(names, self.hints.columns, self.hints.asked).fields
                size = path.stat().st_size
                return Member(name, where, size, tuple(names), _opening(path), fields=fields, doubt=doubt)
            convert.to_csv(kind, path, target, names=names, name=name, most=self.most, within=within)
        hints = replace(self.hints, separator=",")
        member = member_of(name, where, target.stat().st_size, _opening(target), hints)
        taken = (f"the list {within} of the JSON object",) if within is not None else ()
        return replace(member, checked=True, is_converted=True, decisions=(*taken, *member.decisions))

    def _columns(self, kind: Kind, path: Path, name: str) -> tuple[list[str], str | None, str]:
        """Return the columns of a file; and if it is one object, the list in it, or why it contains no films."""
        names = convert.columns(kind, path, name)
        members = convert.members(kind, path, name)
        lists = [member for member, type_ in members.items() if type_ == "OBJECTS"]
        if not members or (self._has_role(names) and set(members.values()) != {"OBJECT"}):
            return names, None, ""
        if self._has_role(names) or not lists:
            return names, None, NOT_A_LIST
        columns_of = {within: convert.columns(kind, path, name, within) for within in lists}
        useful = [within for within in lists if self._has_role(columns_of[within])] or lists
        if len(useful) > 1:
            return names, None, f"has several lists of objects, {' and '.join(useful)}: keep that of the films"
        return columns_of[useful[0]], useful[0], ""

    def _count_fields(self, names: Sequence[str]) -> tuple[bool, int]:
        found = columns.match(names, self.hints.columns, self.hints.asked)
        return found.has_films, len(found.fields)

    def _has_role(self, names: Sequence[str]) -> bool:
        keys = {columns.key(name) for name in names}
        found = columns.match(names, self.hints.columns, self.hints.asked)
        return found.has_films or bool(found.lists) or any(keys >= role for role in OTHER_ROLES)

    def _in_zip(self, name: str, path: Path) -> list[Member]:
        archive = zipfile.ZipFile(self.open_file(name, path).file)
        files = {info.filename: info for info in archive.infolist()}  # the later of two with one name, as in zipfile
        if WORKBOOK in files:
            opened = self.open_file(name, path)
            return self._other(PurePosixPath(name).name, name, Unpacked(Kind.ZIP, opened.from_start))
        if OPEN_DOCUMENT in files:
            message = f"{name} is an OpenDocument file: save the sheet of films as .xlsx or CSV"
            raise MovieReportsError(message)
        return [member for info in files.values() for member in self._in_zip_member(name, archive, info)]

    def _in_zip_member(self, where: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> list[Member]:
        if info.is_dir() or not self._is_readable(info.filename):
            return []
        if info.flag_bits & ENCRYPTED:
            message = f"{where} is protected by a password: unpack it and name the folder"
            raise MovieReportsError(message)
        found = packed.unpacked(info.filename, partial(unzip.open_member, archive, info))
        return self._other(info.filename, where, found, 0 if found.is_packed else info.file_size)

    def _in_tar(self, where: str, opening: Opening) -> Iterator[Member]:
        """Unpack the files that can be read in one pass, each under a name of our own."""
        left = self.most
        with opening() as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            for info in archive:
                if not info.isreg() or not self._is_readable(info.name):
                    continue
                file = archive.extractfile(info)
                if file is None:
                    continue
                path = self._written(info.name, file, left)
                left -= path.stat().st_size
                found = packed.unpacked(info.name, _opening(path))
                yield from self._other(info.name, where, found, 0 if found.is_packed else path.stat().st_size)

    def _unpack(self, name: str, opening: Opening) -> Path:
        with opening() as stream:
            return self._written(name, stream, self.most)

    def _written(self, name: str, stream: IO[bytes], most: int) -> Path:
        """Copy a stream into the working folder."""
        path, size = self._place(), 0
        with path.open("wb") as target:
            while block := stream.read(BLOCK):
                size += len(block)
                if size > most:
                    raise too_large(name, self.most)
                target.write(block)
        return path

    def _is_readable(self, name: str) -> bool:
        """Whether a file in a folder or archive may have films, by its name; if not, the name is kept."""
        path = PurePosixPath(name)
        if any(part.startswith((".", "__MACOSX")) for part in path.parts if part != ".."):
            return False
        lower = path.name.lower()
        for ending in COMPRESSIONS:
            lower = lower.removesuffix(ending)
        if not lower.endswith(ENDINGS):
            self.others.append(readable(name))
        return lower.endswith(ENDINGS)

    def _place(self) -> Path:
        return self.folder / f"unpacked-{next(self.numbers)}.csv"


def _opening(path: Path) -> Opening:
    return lambda: path.open("rb")


def _unpacked_size(file: OpenFile) -> int:
    """Return the size of a gzipped file as it is kept at its end, modulo 4 GiB; 0 for other kinds."""
    with file.from_start() as stream:
        if packed.kind_of(stream.read(packed.HEAD)) is not Kind.GZIP:
            return 0
        stream.seek(max(file.before.st_size - 4, 0))
        return int.from_bytes(stream.read(4), "little")


def _refuse_other_archives(name: str, path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if WORKBOOK not in archive.namelist():
            message = f"{name} is an archive in an archive: unpack it and name the folder"
            raise MovieReportsError(message)
