"""One value as a person reads it in a table."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from movie_reports.reports.catalog import PERIODS
from movie_reports.text import harmless

UNKNOWN = "\N{EM DASH}"
LONG_TEXT = 60
NO_GENRE = "(no genre)"
NO_DATE = "no date"
MARK = "*"
SOLID = "\N{FULL BLOCK}"
HATCHED = "\N{LIGHT SHADE}"
LONGEST_BAR = 24
SCALES = ((10**9, "B", 2), (10**6, "M", 1), (10**3, "K", 1))

PLAINER = "plainer"  # how to encode a text for a terminal of few letters, as `errors` of a stream
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


def in_letters_of(encoding: str, text: str) -> str:
    """Write a text in the letters that an encoding has: rules and bars in those of ASCII, letters without accents."""
    return text.encode(encoding, PLAINER).decode(encoding)


def _plainer(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain_letter, error.object[error.start : error.end])), error.end


def _plain_letter(letter: str) -> str:
    """Return what stands for a letter in ASCII: nothing for an accent of its own, a question mark as a last resort."""
    found = unicodedata.normalize("NFKD", letter.translate(PLAIN)).encode("ascii", "ignore").decode()
    return found or ("" if unicodedata.combining(letter) else "?")


codecs.register_error(PLAINER, _plainer)


def full_dollars(amount: float) -> str:
    """Write an amount in full, such as $373,554,033."""
    return f"{'-' if amount < 0 else ''}${abs(round(amount)):,}"


def short_dollars(amount: float) -> str:
    """Write an amount to a scale, such as $373.6M."""
    for scale, letter, decimals in SCALES:
        if abs(amount) >= scale * 0.99995:
            return f"{'-' if amount < 0 else ''}${abs(amount) / scale:,.{decimals}f}{letter}"
    return full_dollars(amount)


def figure(row: Row, column: str, value: Any, dollars: Dollars, *, is_money: bool) -> str:  # noqa: ANN401
    """Write a figure of a report, with the mark where it does not rest on all films of its row."""
    if value is None:
        return UNKNOWN
    if is_money:
        return dollars(value) + (MARK if is_incomplete(row, column) else "")
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def aligned(text: str, *, is_marked: bool) -> str:
    """Leave room for the mark where other figures of the column have it, so that digits stand under digits."""
    return text if not is_marked or text.endswith(MARK) else f"{text} "


def is_incomplete(row: Row, column: str) -> bool:
    """Whether some film of the row has no such figure; the column is budget, revenue or profit."""
    known = {"budget": "known_budgets", "revenue": "known_revenues", "profit": "complete"}
    return bool(row[known[column]] < row["releases"])


def bars(values: Sequence[float | None]) -> list[str]:
    """Draw figures as bars, the longest for the greatest; a loss is hatched, what is not known has none."""
    greatest = max((abs(value) for value in values if value is not None), default=0) or 1
    signs = ((value or 0, HATCHED if (value or 0) < 0 else SOLID) for value in values)
    return [sign * round(abs(value) / greatest * LONGEST_BAR) for value, sign in signs]


def key(column: str, value: Any) -> str:  # noqa: ANN401
    """Write what a row is about: a period, a day, a name."""
    if value is None:
        return (
            NO_DATE if column in {*PERIODS, "release_date"} else NO_GENRE if column in {"genre", "genres"} else UNKNOWN
        )
    return f"{value}s" if column == "decade" else harmless(str(value))


def plain(value: Any, most: int | None = None) -> str:  # noqa: ANN401
    """Write any value on one line: a time without its fractions, a text of more letters than `most` cut short."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, int):
        return str(value)
    text = harmless(str(value))
    return text if most is None or len(text) <= most else f"{text[: most - 1]}\N{HORIZONTAL ELLIPSIS}"
