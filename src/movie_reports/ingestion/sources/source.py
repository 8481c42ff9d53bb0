"""The source of an ingest: the files that contain the film data, each with its role."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from movie_reports.errors import MovieReportsError, RefusedError
from movie_reports.ingestion.sources import columns
from movie_reports.ingestion.sources.contents import KINDS, Contents
from movie_reports.ingestion.sources.files import Member
from movie_reports.ingestion.sources.header import SPOKEN, Hints
from movie_reports.ingestion.sources.paths import OpenFile

NEEDED = {"ratings": ("movieid", "rating"), "links": ("movieid", "tmdbid")}
USUAL_NAMES = {"ratings": ("ratings.csv", "ratings_small.csv"), "links": ("links.csv", "links_small.csv")}
USUAL_FILMS = "movies_metadata.csv"
LIKE_FILMS = re.compile(r"movie|film|tmdb|part", re.IGNORECASE)
DIGITS = re.compile(r"\d+")
MOST_NAMED = 3
NUMBER = re.compile(r"[-\d.]+")
PART = re.compile(r"\d+|(?<=[.a-z])a[a-z]$")  # in the names of parts; `split` numbers them by letters


@dataclass(frozen=True)
class Source:
    """A source that contains film data.

    Attributes:
        films: the file of films; or several, if they are parts of one.
        members: by role the files of ratings and links, if both are there; and those of what was asked for.
        ignored: the other files.
        sha256: the hash of its only file; or of its files and those used from its folders, in any order.
    """

    films: tuple[Member, ...]
    members: dict[str, Member]
    ignored: tuple[Member, ...]
    sha256: str = ""


@contextmanager
def open_source(parts: Sequence[tuple[str, Path]], folder: Path, most: int, hints: Hints) -> Iterator[Source]:
    """Open the files and folders of a source, and find the files that are needed by their columns.

    Args:
        parts: archives, folders and files, with the names that the user gave them.
        folder: where files are unpacked and converted.
        most: no more bytes than these are unpacked or converted of one file.
        hints: what the user said of the files.

    Raises:
        MovieReportsError: a file is missing or damaged, or none contains film data; or one changed while it was open.
    """
    with ExitStack() as stack:
        open_files: dict[Path, OpenFile] = {}

        def open_file(name: str, path: Path) -> OpenFile:
            file = stack.enter_context(path.open("rb"))
            return open_files.setdefault(path, OpenFile(name, file, os.fstat(file.fileno())))

        contents = Contents(open_file, folder, most, hints)
        found = [member for name, path in parts for member in contents.members(name, path)]
        if len({member.name for member in found}) < len(found):
            found = [replace(member, name=_full_name(member)) for member in found]
        if not found:
            raise MovieReportsError(_nothing(", ".join(name for name, _ in parts), contents.others))
        source = _assign([name for name, _ in parts], found, hints)
        source = replace(
            source,
            films=tuple(contents.reopened(member) for member in source.films),
            members={role: contents.reopened(member) for role, member in source.members.items()},
        )
        try:
            yield replace(source, sha256=_fingerprint([path for _, path in parts], open_files))
        except Exception:
            _check(open_files)  # a file that changes meanwhile may look damaged
            raise
        _check(open_files)


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


def _assign(names: Sequence[str], members: list[Member], hints: Hints) -> Source:
    """Give each role to the files that have its columns.

    Raises:
        MovieReportsError: there are no films, or it is not clear which file or column is meant.
    """
    able = [member for member in members if set(columns.NEEDED) <= member.fields.keys()]
    columns.check_columns(hints.columns, (_chosen(able) or _nearest(members)).columns)
    if not able:
        raise MovieReportsError(_what_is_missing(_nearest(members)))
    films = _films(able, is_named=len(names) > 1)
    for film in films:
        if film.doubt:
            message = f"{film.name} {film.doubt}"
            raise RefusedError(message)
    others = [member for member in members if member not in able]
    roles = {role: member for role in NEEDED if (member := _best(role, others))}
    if len(roles) < len(NEEDED):
        roles = {}
    roles |= {role: _list_file(role, others) for role in hints.asked if any(role in each.lists for each in others)}
    ignored = tuple(member for member in members if member not in films and member not in roles.values())
    _check_ignored(films, ignored)
    return Source(films, roles, ignored)


def _nothing(name: str, others: Sequence[str]) -> str:
    """Say that a source contains nothing that can be read, and what else it contains."""
    message = f"{name} contains no {KINDS}"
    if not others:
        return f"{message}: movie-reports needs one of films, such as {USUAL_FILMS}"
    more = f" and {len(others) - MOST_NAMED:,} more" if len(others) > MOST_NAMED else ""
    return f"{message}, but {', '.join(others[:MOST_NAMED])}{more}: name the file of films itself, outside any archive"


def _films(able: list[Member], *, is_named: bool) -> tuple[Member, ...]:
    """Choose among several files of films: all, if they are parts of one; or the one with the usual name.

    Raises:
        RefusedError: it is not clear which is meant.
    """
    if len(able) == 1 or _are_parts(able):
        return tuple(sorted(able, key=lambda member: [int(number) for number in DIGITS.findall(_full_name(member))]))
    chosen = _chosen(able)
    if chosen and not is_named and not any(LIKE_FILMS.search(_short(member)) for member in able if member != chosen):
        return (chosen,)
    *others, last = sorted(_full_name(member) for member in able)
    both = "both" if len(others) == 1 else "all"
    message = f"{', '.join(others)} and {last} {both} contain films: name one of them, or load the others with --merge"
    raise RefusedError(message)


def _check_ignored(films: Sequence[Member], ignored: Sequence[Member]) -> None:
    """Check that what is ignored is no part of the films that has another header, or none.

    Raises:
        RefusedError: one looks like a part by its name.
    """
    patterns = {PART.sub("#", _full_name(film)): film for film in films}
    for member in ignored:
        film = patterns.get(PART.sub("#", _full_name(member)))
        if film and member.size:
            message = (
                f"{_full_name(member)} looks like a part of the same films as {_full_name(film)}, but has another "
                "header, or none: join the parts, or name the one that is meant"
            )
            raise RefusedError(message)


def _are_parts(able: list[Member]) -> bool:
    """Whether files have the same columns, and names that differ in their numbers only."""
    names = {_full_name(member) for member in able}
    patterns = {DIGITS.sub("#", name) for name in names}
    headers = {(member.columns, member.separator) for member in able}
    return len(names) == len(able) and len(patterns) == len(headers) == 1


def _chosen(able: list[Member]) -> Member | None:
    """Return the only file, or the only one with the usual name."""
    usual = able if len(able) == 1 else [member for member in able if _short(member) == USUAL_FILMS]
    return usual[0] if len(usual) == 1 else None


def _short(member: Member) -> str:
    return PurePosixPath(member.name).name.lower()


def _best(role: str, members: Iterable[Member]) -> Member | None:
    """Return the file with the columns of a role: the one with a usual name, or else the largest.

    Raises:
        RefusedError: one of its columns occurs twice, so that it is not clear which is meant.
    """
    able = [member for member in members if set(NEEDED[role]) <= set(map(columns.key, member.columns))]
    usual = {name: rank for rank, name in enumerate(USUAL_NAMES[role])}
    able.sort(key=lambda member: (usual.get(PurePosixPath(member.name).name, len(usual)), -member.size))
    for column in NEEDED[role] if able else ():
        if list(map(columns.key, able[0].columns)).count(column) > 1:
            message = f"{able[0].name} has several columns named {column}: keep the right one, and remove the others"
            raise RefusedError(message)
    return able[0] if able else None


def _list_file(role: str, members: Iterable[Member]) -> Member:
    """Return the file of names of films, such as that of keywords: the largest.

    Raises:
        RefusedError: it is not clear which of its columns is meant.
    """
    member = max((each for each in members if role in each.lists), key=lambda each: each.size)
    if member.doubt:
        message = f"{member.name} {member.doubt}"
        raise RefusedError(message)
    return member


def _nearest(members: list[Member]) -> Member:
    """Return the file that is most like film data."""
    usual = {*columns.NEEDED, *columns.OPTIONAL}
    return max(members, key=lambda member: len(usual & member.fields.keys()))


def _what_it_is(nearest: Member) -> str:
    """Say what a file is that is no table, if it shows it."""
    if nearest.doubt and not nearest.fields:
        return nearest.doubt
    start = nearest.header.lstrip()
    if start.startswith("<"):
        return "is HTML or XML, such as a login or error page, and not a table of films: download it again"
    if start.startswith(("[", "{")):
        return 'looks like JSON, but is not a list of objects in UTF-8, such as [{"id": 862, ...}, ...]'
    return ""


def _what_is_missing(nearest: Member) -> str:
    """Say which columns are missing in a file, and how to say which they are."""
    where = nearest.where if nearest.where.endswith(nearest.name) else f"{nearest.name} in {nearest.where}"
    if other := _what_it_is(nearest):
        return f"{where} {other}"
    if not any(nearest.columns):
        return f"{where} is empty: movie-reports needs a file with the columns {', '.join(columns.NEEDED)}"
    missing = [field for field in columns.NEEDED if field not in nearest.fields]
    noun = "column" if len(missing) == 1 else "columns"
    message = f"{where} lacks the {noun} {', '.join(missing)}: "
    if not nearest.fields and sum(map(bool, nearest.columns)) == 1 and nearest.header:
        spoken = SPOKEN.get(nearest.separator, "commas" if nearest.separator == "," else repr(nearest.separator))
        message += f"its first line is {nearest.header[:100]!r}, without {spoken} between names"
        return f"{message}: name the right character with --separator"
    if not nearest.fields and any(map(NUMBER.fullmatch, nearest.columns)):
        return f"{message}its first line is {nearest.header[:100]!r}, but should be a header with these names"
    message += f"found {', '.join(filter(None, nearest.columns))[:200]}"
    if missing == ["id"]:
        message += "; movie-reports needs the ids of TMDB, not those of IMDb"
    for field in missing:
        if alike := columns.related(field, nearest.columns):
            message += f'; if {alike[0]} is the {field}{columns.unit(field)}, add --column {field}="{alike[0]}"'
    return message if "--column" in message else f"{message}; if one of these is meant, add --column {missing[0]}=NAME"
