"""The header of a CSV file: where it begins, what separates its names, and what they are."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.ingestion.sources.columns import KNOWN, key

SEPARATORS = (",", ";", "\t", "|")
SPOKEN = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
BREAK = re.compile(r"\r\n|\r|\n")
MOST_TITLES, FEW_NAMES = 10, 3  # lines before the header; and names that make one
_BLANK = re.compile(r'[\s,;|"]*')
_SEP_LINE = re.compile(r'"?sep=(.)"?[\s,;|]*', re.IGNORECASE)  # by which Excel is told
_WHOLE = re.compile(r"\s*\d+(\.0*)?\s*")


@dataclass(frozen=True)
class Hints:
    """What the user said of the files, which counts more than what is recognised.

    Attributes:
        separator: the character between fields.
        columns: the name of the column for a field of films.
        asked: what is only read if it is asked for, and is.
    """

    separator: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    """What the start of a CSV file says.

    Attributes:
        columns: the names, as many as the records have fields.
        separator: the character between fields.
        before: the number of lines before the header.
        lines: the number of lines to its end.
        is_odd: whether the header has more or fewer names than the records have fields.
        decisions: what was decided about it.
    """

    columns: tuple[str, ...] = ()
    separator: str = ","
    before: int = 0
    lines: int = 0
    is_odd: bool = False
    decisions: tuple[str, ...] = ()


def separator_of(text: str) -> str:
    r"""Return the separator that the user wrote, where `tab` and `\t` mean a tab.

    Raises:
        UsageError: it is none that can be used.
    """
    separator = {"tab": "\t", "\\t": "\t"}.get(text.casefold(), text)
    if len(separator) != 1 or not separator.isascii() or separator.isalnum() or separator in ' "\r\n\0':
        message = f"--separator {text!r} is not a separator: write one character, such as ; or |, or tab"
        raise UsageError(message)
    return separator


def read(name: str, text: str, hints: Hints, *, is_all: bool) -> Header:
    """Read the header from the start of a file.

    Args:
        name: the file, for messages.
        text: its start.
        hints: the separator and columns that the user gave, if any.
        is_all: whether this is the whole file, so that its last record is not cut.

    Raises:
        MovieReportsError: there is no header that can be read.
    """
    before, start, told = _lines_before(text)
    text = text[start:]
    if not text:
        return Header()
    known = KNOWN | {key(name) for name in hints.columns.values()}
    titles, start = _titles(text, known)
    before, text = before + titles, text[start:]
    separator = hints.separator or told or _separator(text, known)
    rows = csv.reader(io.StringIO(text, newline=None), delimiter=separator)
    try:
        first = next(rows)
        lines = rows.line_num
        records = [row for row in rows if row]
    except csv.Error as error:
        message = f"{name} has a damaged header: {error}"
        raise MovieReportsError(message) from error
    if any("\0" in column for column in first):
        message = f"{name} is not a CSV file"
        raise MovieReportsError(message)
    names = normalized(first)
    columns = _fitted(names, records if is_all else records[:-1])
    decisions = [f"the header is line {before + 1}"] if titles else []
    if separator != ",":
        decisions.append(f"separated by {SPOKEN.get(separator, repr(separator))}")
    return Header(columns, separator, before, before + lines, columns != names, tuple(decisions))


def normalized(row: Sequence[str]) -> tuple[str, ...]:
    """Return column names in the form in which they are shown; none for a blank row."""
    names = tuple(" ".join(column.lower().split()).strip("\"'") for column in row)
    return names if any(names) else ()


def _lines_before(text: str) -> tuple[int, int, str | None]:
    """Return how many lines come before the header, where it begins, and the separator that one of them names."""
    start, told = 0, None
    for number, found in enumerate(BREAK.finditer(text)):
        line = text[start : found.start()]
        if sep := _SEP_LINE.fullmatch(line):
            told = sep[1]
        elif not _BLANK.fullmatch(line):
            return number, start, told
        start = found.end()
    number = len(BREAK.findall(text))
    return number, len(text) if _BLANK.fullmatch(text, start) else start, told


def _titles(text: str, known: frozenset[str]) -> tuple[int, int]:
    """Return how many lines of titles and notes come before the header, and where it begins."""
    start = 0
    for number, found in enumerate(islice(BREAK.finditer(text), MOST_TITLES)):
        line = text[start : found.start()]
        if max(_names_known(line, separator, known) for separator in SEPARATORS) >= FEW_NAMES:
            return number, start
        if sum(map(bool, re.split(r"[,;\t|]+", line.strip(",;\t|")))) >= FEW_NAMES:
            break  # a record, or a header that is not known
        start = found.end()
    return 0, 0


def _separator(text: str, known: frozenset[str]) -> str:
    """Return the separator by which the header has the most names that are known."""
    return max(SEPARATORS, key=lambda separator: _names_known(text, separator, known))


def _names_known(text: str, separator: str, known: frozenset[str]) -> int:
    """Return how many names that are known a text begins with, where a character separates them."""
    try:
        row = next(csv.reader(io.StringIO(text, newline=None), delimiter=separator), [])
    except csv.Error:
        return 0
    return len(known.intersection(map(key, row)))


def _fitted(names: tuple[str, ...], records: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the names with one for each field of the records, where a header differs from them in a usual way.

    Those are separators at the end of each record, or of the header only, and the row names of R, which have no name.
    """
    if not (names and records):
        return names
    ((width, _),) = Counter(map(len, records)).most_common(1)
    usual = [row for row in records if len(row) == width]
    more = width - len(names)
    if more < 0:
        return names[:width] if not any(names[width:]) else names
    is_trailing = not any(any(row[len(names) :]) for row in usual)
    may_be_names = more == 1 and len({row[0] for row in usual}) == len(usual) and _has_ids(names, usual, 1)
    if may_be_names and (usual[0][0] == "1" or not is_trailing or not _has_ids(names, usual, 0)):
        return ("", *names)
    return (*names, *([""] * more)) if is_trailing else names


def _has_ids(names: tuple[str, ...], records: Sequence[Sequence[str]], behind: int) -> bool:
    """Whether ids stand so many fields behind the place that the header says."""
    keys = [key(name) for name in names]
    ids = [position for position, name in enumerate(keys) if name in {"id", "tmdbid", "movieid", "filmid"}]
    return bool(ids) and all(_WHOLE.fullmatch(row[ids[0] + behind]) for row in records)
