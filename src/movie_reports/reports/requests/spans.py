"""Numbers as options take them: ranges such as 1995, 1990-1999, 1990- or -1999, and dollars."""

from __future__ import annotations

import re
from typing import NamedTuple

from movie_reports.errors import UsageError

YEAR = r"\d{3,4}"  # two digits may be an abbreviated year
MONTH = "0?[1-9]|1[0-2]"
MINUTES = r"\d{1,4}"
DOLLARS = "[1-9][0-9]{0,11}"


class Span(NamedTuple):
    """A range of numbers, open where an end is None."""

    first: int | None = None
    last: int | None = None


def pattern(number: str, also: str = "") -> str:
    """Return the regular expression of a span, as the description of the web service has it."""
    return f"^({number}(-({number})?)?|-{number}{also})$"


def forwards(what: str, text: str | int | None, span: Span) -> Span:
    """Return a span whose first number is not above its last.

    Raises:
        UsageError: it is.
    """
    if span.first and span.last and span.first > span.last:
        message = f"the {what} {text} run backwards: write {span.last}-{span.first}"
        raise UsageError(message)
    return span


def span(text: str | int | None, number: str, way: str) -> Span:
    """Read a number as a span of one, or two numbers around a hyphen, of which one may be missing.

    Raises:
        UsageError: the text is neither.
    """
    if text is None:
        return Span()
    found = re.fullmatch(f"({number})?(?:(-)({number})?)?", str(text).strip(), re.ASCII)
    if not found or not any(found.group(1, 3)):
        message = f"{text!r} is not a {way}"
        raise UsageError(message)
    first, last = (int(end) if end else None for end in found.group(1, 3))
    return Span(first, last) if found[2] else Span(first, first)


def dollars(option: str, amount: str | int | None) -> int | None:
    """Return an amount as a number; None remains None.

    Raises:
        UsageError: it is not one of whole dollars.
    """
    text = str(amount).strip()
    if amount is not None and not re.fullmatch(DOLLARS, text):
        message = f"{option} {text}: write whole dollars, such as 1000000"
        raise UsageError(message)
    return None if amount is None else int(text)
