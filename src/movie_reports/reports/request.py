"""What a report is asked for: which films, in which periods, which figures of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from movie_reports.errors import UsageError
from movie_reports.reports import names as search
from movie_reports.reports.catalog import METRICS, PERIODS, POPULARITY

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Names = str | Sequence[str] | None
YEAR = r"\d{3,4}"  # two may be meant for the last ones of four
MONTH = "0?[1-9]|1[0-2]"
NONE = "none"


@dataclass(frozen=True)
class Limits:
    """Which films a report is about; None means no limit.

    Attributes:
        year: one year, years as `1990-1999`, `1990-` or `-1999`, or `none` for films without a date.
        month: one month from 1 to 12, or months as `6-8` or `11-2`.
        genre: a genre, or several of which a film has at least one; case and accents do not count. `none` stands for
            films without a genre.
        complete: only films whose budget and revenue are both known.
    """

    year: str | int | None = None
    month: str | int | None = None
    genre: Names = None
    complete: bool = False


@dataclass(frozen=True)
class Figures:
    """Which figures a report shows.

    Attributes:
        metrics: only these; all, if there are none.
        by: the period of a row: `year`, `quarter`, `month`, `decade`, or `all` for one row over all of them.
        popularity: what popularity means, one of `contract.POPULARITY`.
        average: means over known figures in place of sums; the mean profit is over complete films.
        top: only the so many highest rows by the first metric named (without one, the first shown); equal values
            share a rank.
        min_films: leave out rows of fewer films.
        bottom: as top, with the lowest rows.
    """

    metrics: str | Sequence[str] = ()
    by: str = "year"
    popularity: str = "popularity"
    average: bool = False
    top: int | None = None
    min_films: int = 1
    bottom: int | None = None

    def __post_init__(self) -> None:
        """Check what was asked for.

        Raises:
            UsageError: there is no such metric, period, popularity or top.
        """
        for metric in one_or_more(self.metrics):
            known("metric", metric, METRICS)
        known("period", self.by, (*PERIODS, "all"))
        known("popularity", self.popularity, POPULARITY)
        for name, number in (("top", self.top), ("bottom", self.bottom), ("min-films", self.min_films)):
            if number is not None and number < 1:
                message = f"{name} {number}: give a whole number from 1"
                raise UsageError(message)
        if self.top is not None and self.bottom is not None:
            message = "top and bottom exclude each other: choose one of them"
            raise UsageError(message)


def known(what: str, name: str, names: Collection[str]) -> None:
    """Let a name pass that is one of some.

    Raises:
        UsageError: it is none of them; the message lists them.
    """
    if name not in names:
        message = f"there is no {what} {name}: choose from {', '.join(names)}"
        raise UsageError(message)


def one_or_more(names: Names) -> tuple[str, ...]:
    """Return one name, several, or none as a tuple."""
    return (names,) if isinstance(names, str) else tuple(names or ())


def bound(connection: DuckDBPyConnection, limits: Limits) -> dict[str, object]:
    """Return the parameters of the queries that stand for the limits.

    Raises:
        NotFoundError: there is no such genre.
        UsageError: the year or the month is none.
    """
    undated = isinstance(limits.year, str) and limits.year.strip().lower() == NONE
    dates = None if undated else limits.year
    first_year, last_year = _span(dates, YEAR, "year: write 1995, 1990-1999, 1990-, -1999 or none")
    if first_year and last_year and first_year > last_year:
        message = f"the years {limits.year} run backwards: write {last_year}-{first_year}"
        raise UsageError(message)
    first_month, last_month = _span(limits.month, MONTH, "month: write 12, 6-8 or 11-2")
    names = one_or_more(limits.genre)
    genres = {search.genre(connection, name) for name in names if name.strip().lower() != NONE}
    return {
        "first_year": first_year,
        "last_year": last_year,
        "first_month": 1 if first_month is None and last_month else first_month,
        "last_month": 12 if last_month is None and first_month else last_month,
        "undated": undated,
        "genres": sorted(genres) or None,
        "no_genre": any(name.strip().lower() == NONE for name in names),
        "complete": limits.complete,
    }


def _span(text: str | int | None, number: str, way: str) -> tuple[int | None, int | None]:
    """Read one number as both ends of a span, or the ends that a hyphen parts, of which one may be open.

    Raises:
        UsageError: the text is nothing of the kind.
    """
    if text is None:
        return None, None
    found = re.fullmatch(f"({number})?(?:(-)({number})?)?", str(text).strip(), re.ASCII)
    if not found or not any(found.group(1, 3)):
        message = f"{text!r} is not a {way}"
        raise UsageError(message)
    first, last = (int(end) if end else None for end in found.group(1, 3))
    return (first, last) if found[2] else (first, first)
