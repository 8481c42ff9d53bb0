"""The source of an ingest: the files that contain the film data, each with its role."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from movie_reports.errors import MovieReportsError, RefusedError
from movie_reports.ingestion.sources import files
from movie_reports.ingestion.sources.files import Member
from movie_reports.ingestion.sources.paths import OpenFile

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
class Source:
    """A source that contains film data.

    Attributes:
        members: the file of each role: movies, and if both are there, ratings and links.
        ignored: the other CSV files.
        sha256: the hash of its only file; or of its files and those used from its folders, in any order.
    """

    members: dict[str, Member]
    ignored: tuple[Member, ...]
    sha256: str = ""


@contextmanager
def open_source(parts: Sequence[tuple[str, Path]]) -> Iterator[Source]:
    """Open the files and folders of a source, and find the files that are needed by their columns.

    Args:
        parts: zip archives, folders and CSV files, plain or gzipped, with the names that the user gave them.

    Raises:
        MovieReportsError: a file is missing or damaged, or none contains film data; or one changed while it was open.
    """
    with ExitStack() as stack:
        open_files: dict[Path, OpenFile] = {}

        def open_file(name: str, path: Path) -> OpenFile:
            file = stack.enter_context(path.open("rb"))
            return open_files.setdefault(path, OpenFile(name, file, os.fstat(file.fileno())))

        found = [member for name, path in parts for member in files.members(name, path, open_file)]
        if len({member.name for member in found}) < len(found):
            found = [replace(member, name=_full_name(member)) for member in found]
        source = _assign([name for name, _ in parts], found)
        source = replace(
            source, members={role: files.reopened(member, open_file) for role, member in source.members.items()}
        )
        try:
            yield replace(source, sha256=_fingerprint([path for _, path in parts], open_files))
        except Exception:
            _check(open_files)  # a file that changes meanwhile may look damaged
            raise
        _check(open_files)


def only_once(member: Member, columns: Iterable[str]) -> None:
    """Check that none of the columns that are read occurs twice.

    Raises:
        RefusedError: one does, so that it is not clear which is meant.
    """
    for column in columns:
        if member.columns.count(column) > 1:
            message = f"{member.name} has several columns named {column}: keep the right one, and remove the others"
            raise RefusedError(message)


def _check(open_files: dict[Path, OpenFile]) -> None:
    for file in open_files.values():
        file.check()


def _fingerprint(paths: Sequence[Path], open_files: dict[Path, OpenFile]) -> str:
    """Return the SHA-256 of a source: of the open files, and of files that were named but are not loaded."""
    digests = [file.sha256() for path, file in open_files.items() if path in paths or path.parent in paths]
    for path in paths:
        if path.is_file() and path not in open_files:
            with path.open("rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    if len(paths) == len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()


def _full_name(member: Member) -> str:
    return member.where if member.where.endswith(member.name) else f"{member.where}: {member.name}"


def _assign(names: Sequence[str], members: list[Member]) -> Source:
    """Give each role to a file that has its columns: the one with a usual name, or else the largest."""
    if not members:
        message = f"{', '.join(names)} contains no CSV file: movie-reports needs movies_metadata.csv"
        raise MovieReportsError(message)
    roles = {role: _best(role, members) for role in NEEDED}
    if roles["movies"] is None:
        raise MovieReportsError(_what_is_missing(members))
    films = {member.where for member in members if set(NEEDED["movies"]) <= set(member.columns)}
    if len(names) > 1 < len(films):
        message = f"{' and '.join(sorted(films))} all contain films: load one of them, and the others with --merge"
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
    """Say which columns are missing in the file that is most like film data."""
    needed = NEEDED["movies"]
    nearest = max(members, key=lambda member: len(set(needed) & set(member.columns)))
    where = nearest.where if nearest.where.endswith(nearest.name) else f"{nearest.name} in {nearest.where}"
    if not any(nearest.columns):
        return f"{where} is empty: movie-reports needs a CSV file with the columns {', '.join(needed)}"
    missing = [column for column in needed if column not in nearest.columns]
    noun = "column" if len(missing) == 1 else "columns"
    return f"{where} lacks the {noun} {', '.join(missing)}: found {', '.join(nearest.columns)[:200]}"
