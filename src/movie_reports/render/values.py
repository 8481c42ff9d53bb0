"""Formats single values for people to read."""

from __future__ import annotations

import codecs
import unicodedata
from calendar import month_name
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from movie_reports.reports.columns import PERIOD_COLUMNS, Column, Kind
from movie_reports.reports.requests.choices import Period, Weekday
from movie_reports.reports.subjects import SUBJECTS
from movie_reports.text import harmless

UNKNOWN = "\N{EM DASH}"
NO_DATE = "no date"
MARK = "*"
SOLID = "\N{FULL BLOCK}"
HATCHED = "\N{LIGHT SHADE}"
LONGEST_BAR = 24
SCALES = ((10**9, "B", 2), (10**6, "M", 1), (10**3, "K", 1))
MISSING: Mapping[str, str] = {
    **dict.fromkeys([*(column.name for column in PERIOD_COLUMNS.values()), "release_date"], NO_DATE),
    **{column: f"(no {subject.name})" for subject in SUBJECTS for column in (subject.name, subject.table)},
}
"""The text for a missing key, by column."""
PARTIAL = "some of the films lack a budget or revenue"
"""What a mark means."""
KNOWN = {
    "budget": "known_budgets",
    "revenue": "known_revenues",
    **dict.fromkeys(("profit", "roi", "multiple", "margin"), "complete"),
}
"""The count of the films that a figure covers."""

PLAINER = "plainer"  # the error handler of a stream whose encoding lacks a character
PLAIN = str.maketrans(
    {
        UNKNOWN: "--",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        SOLID: "#",
        HATCHED: "=",
        "─": "-",
        "│": "|",
        **dict.fromkeys("┤┼┬└", "+"),
    }
)

Row = Mapping[str, Any]
Dollars = Callable[[float], str]


def in_encoding(encoding: str, text: str) -> str:
    """Write a text in the characters of an encoding: rules and bars in ASCII, letters without their accents."""
    return text.encode(encoding, PLAINER).decode(encoding)


def _plainer(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain_character, error.object[error.start : error.end])), error.end


def _plain_character(character: str) -> str:
    """Return an ASCII replacement: nothing for a combining accent, a question mark as a last resort."""
    found = unicodedata.normalize("NFKD", character.translate(PLAIN)).encode("ascii", "ignore").decode()
    return found or ("" if unicodedata.combining(character) else "?")


codecs.register_error(PLAINER, _plainer)


def full_dollars(amount: float) -> str:
    """Write an amount in full, such as $373,554,033."""
    return f"{'-' if amount < 0 else ''}${abs(round(amount)):,}"


def short_dollars(amount: float) -> str:
    """Write an amount in short, such as $373.6M."""
    for scale, letter, decimals in SCALES:
        if abs(amount) >= scale * 0.99995:
            return f"{'-' if amount < 0 else ''}${abs(amount) / scale:,.{decimals}f}{letter}"
    return full_dollars(amount)


def cell(row: Row, column: Column, dollars: Dollars) -> str:
    """Write a value of a row by its kind, with a mark if it does not cover all films of the row."""
    value = row[column.name]
    if column.kind in {Kind.name, Kind.period}:
        return key(column.name, value)
    if value is None:
        return MISSING.get(column.name, UNKNOWN)
    written = dollars if column.kind is Kind.money else WRITTEN.get(column.kind, plain)
    return written(value) + (MARK if is_incomplete(row, column.name) else "")


WRITTEN: Mapping[Kind, Callable[[Any], str]] = {
    Kind.figure: "{:,.2f}".format,
    Kind.percent: "{:,.1%}".format,
    Kind.tally: "{:,.0f}".format,
    Kind.flag: lambda value: "yes" if value else "no",
}


def form(column: Column) -> Callable[[Any], str] | None:
    """Return how the figures of a column are written in full; None for those that are written as they are."""
    if column.kind is Kind.money:
        return full_dollars
    return PERIODS.get(column.name) or WRITTEN.get(column.kind)


def is_incomplete(row: Row, column: str) -> bool:
    """Whether this figure does not cover all films of the row, since some budget or revenue is unknown."""
    known = KNOWN.get(column, "")
    return known in row and "releases" in row and row[known] < row["releases"]


def aligned(texts: Sequence[str]) -> list[str]:
    """Leave room for the mark if other figures of the column have it, so that digits are aligned."""
    if not any(text.endswith(MARK) for text in texts):
        return list(texts)
    return [text if text.endswith(MARK) else f"{text} " for text in texts]


def bars(values: Sequence[float | None]) -> list[str]:
    """Draw figures as bars, the longest for the greatest; a loss is hatched, an unknown figure has none."""
    greatest = max((abs(value) for value in values if value is not None), default=0) or 1
    known = (value or 0 for value in values)
    return [(HATCHED if value < 0 else SOLID) * round(abs(value) / greatest * LONGEST_BAR) for value in known]


def key(column: str, value: Any) -> str:  # noqa: ANN401
    """Write a key of a row: a period, a day or a name."""
    if value is None:
        return MISSING.get(column, UNKNOWN)
    return PERIODS[column](value) if column in PERIODS else harmless(str(value))


PERIODS: Mapping[str, Callable[[int], str]] = {
    Period.decade.column: "{}s".format,
    Period.weekday.column: lambda number: list(Weekday)[number - 1].capitalize(),
    Period.calendar_month.column: lambda number: month_name[number],
}
"""How numbers of periods are written."""


def plain(value: Any) -> str:  # noqa: ANN401
    """Write any value on one line; a time without seconds."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return harmless(str(value))
