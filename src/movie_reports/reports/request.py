"""The request as one typed object: which films count, which of their figures are shown, and which rows of a list.

Its fields are the only definition of the options: those of the command line, the keyword arguments of `Database`,
and the parameters of the web service are made from them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any, NamedTuple, TypedDict, get_type_hints

from movie_reports.errors import UsageError
from movie_reports.reports.choices import METRICS, POPULARITY, Change, Metric, Period, Popularity, Reason, known

Names = str | Sequence[str] | None
NONE = "none"
_YEAR = r"\d{3,4}"  # two digits may be an abbreviated year
_MONTH = "0?[1-9]|1[0-2]"
FILTERS, FIGURES, OPTIONS = "Filters", "Figures", "Options"


class Span(NamedTuple):
    """A range of numbers, open where an end is None."""

    first: int | None = None
    last: int | None = None


class FilmOptions(TypedDict, total=False):
    """The keyword arguments that say which films count; see `Request` for their meaning."""

    year: str | int | None
    month: str | int | None
    genre: Names
    complete: bool


class ListOptions(FilmOptions, total=False):
    """The keyword arguments of a list of films."""

    title: str | None
    metrics: Names
    popularity: str
    top: int | None
    bottom: int | None


class FigureOptions(FilmOptions, total=False):
    """The keyword arguments of a report with figures."""

    metrics: Names
    popularity: str
    top: int | None
    bottom: int | None
    by: str
    average: bool
    min_films: int


@dataclass(frozen=True)
class Option:
    """The documentation of a field of `Request` that is an option.

    Attributes:
        meaning: a sentence for help and documentation.
        group: the heading under which help lists it.
        flags: how it is written on the command line, such as --metric and -m; by default as the name of the field.
        metavar: the placeholder for its value in help.
    """

    meaning: str
    group: str
    flags: tuple[str, ...] = ()
    metavar: str | None = None


@dataclass(frozen=True)
class Request:
    """What is requested of the database; each report takes some of the fields, as the catalogue says.

    Raises:
        UsageError: a value is not valid for its option, or two options exclude each other.
    """

    company: Annotated[
        tuple[str, ...],
        Option("Only films of this company (may be repeated).", FILTERS, metavar="NAME"),
    ] = ()
    all_matches: Annotated[
        bool, Option("Take all companies together whose names contain the words, each film once.", FILTERS)
    ] = False
    exact: Annotated[bool, Option("Take the name as it is written, however few films it has.", FILTERS)] = False
    genre: Annotated[
        tuple[str, ...],
        Option("Only films of this genre (may be repeated); 'none': without a genre.", FILTERS, metavar="NAME"),
    ] = ()
    title: Annotated[str | None, Option("Only films whose titles contain these words.", FILTERS, metavar="WORDS")] = (
        None
    )
    year: Annotated[
        str | int | None,
        Option("Only 1995, 1990-1999, 1990- or -1999; 'none': without a date.", FILTERS, metavar="YEARS"),
    ] = None
    month: Annotated[
        str | int | None,
        Option("Only these months of every year: 12, 6-8 or 11-2.", FILTERS, metavar="MONTHS"),
    ] = None
    complete: Annotated[bool, Option("Only films whose budget and revenue are both known.", FILTERS)] = False
    metrics: Annotated[
        tuple[Metric, ...],
        Option("Only this figure, beside releases and complete (may be repeated).", FIGURES, ("--metric", "-m")),
    ] = ()
    by: Annotated[Period, Option("Period of each row.", FIGURES)] = Period.year
    average: Annotated[bool, Option("Means over known figures instead of sums.", FIGURES)] = False
    popularity: Annotated[Popularity, Option("What popularity means; a row has the mean over its films.", FIGURES)] = (
        Popularity.popularity
    )
    top: Annotated[
        int | None,
        Option("Only the N highest of each period; of one name, its N best periods.", FIGURES, metavar="N"),
    ] = None
    bottom: Annotated[int | None, Option("The same with the lowest.", FIGURES, metavar="N")] = None
    min_films: Annotated[int, Option("Leave out rows of fewer films.", FIGURES, metavar="N")] = 1
    search: Annotated[
        str | None, Option("Words that the name contains; without them, all.", OPTIONS, metavar="WORDS")
    ] = None
    ingest: Annotated[int | None, Option("Only of this ingest.  [default: the last run]", OPTIONS, metavar="N")] = None
    reason: Annotated[Reason | None, Option("Only with this reason.", OPTIONS)] = None
    change: Annotated[Change | None, Option("Only films added, changed or removed.", OPTIONS)] = None
    since: Annotated[
        int | None,
        Option("Changes of all ingests after this one, each film as one event with its values.", OPTIONS, metavar="N"),
    ] = None
    label: str | None = None
    """The name under which all matches of `all_matches` are shown."""

    def __post_init__(self) -> None:
        """Normalize single names to tuples and words to enum members, and check the values."""
        self._set("company", _several(self.company))
        genres = _several(self.genre)
        self._set("genre", tuple(NONE if name.strip().lower() == NONE else name for name in genres))
        self._set("metrics", tuple(Metric(known("metric", name, METRICS)) for name in _several(self.metrics)))
        self._set("by", Period(known("period", self.by, tuple(Period))))
        self._set("popularity", Popularity(known("popularity", self.popularity, tuple(POPULARITY))))
        if self.reason is not None:
            self._set("reason", Reason(known("reason", self.reason, tuple(Reason))))
        if self.change is not None:
            self._set("change", Change(known("change", self.change, tuple(Change))))
        for name, number in (("top", self.top), ("bottom", self.bottom), ("min-films", self.min_films)):
            if number is not None and number < 1:
                message = f"{name} {number}: give a whole number from 1"
                raise UsageError(message)
        if self.top is not None and self.bottom is not None:
            message = "top and bottom exclude each other: choose one of them"
            raise UsageError(message)
        _ = self.years, self.months  # so that a wrong one is reported at once

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def undated(self) -> bool:
        """Whether only films without a date count."""
        return isinstance(self.year, str) and self.year.strip().lower() == NONE

    @property
    def years(self) -> Span:
        """The years of release that count."""
        span = _span(None if self.undated else self.year, _YEAR, "year: write 1995, 1990-1999, 1990-, -1999 or none")
        if span.first and span.last and span.first > span.last:
            message = f"the years {self.year} run backwards: write {span.last}-{span.first}"
            raise UsageError(message)
        return span

    @property
    def months(self) -> Span:
        """The calendar months that count; the first comes after the last where they span a new year."""
        first, last = _span(self.month, _MONTH, "month: write 12, 6-8 or 11-2")
        return Span(first, last) if first == last is None else Span(first or 1, last or 12)

    @property
    def genres(self) -> tuple[str, ...]:
        """The genres of which a film must have one, in alphabetical order."""
        return tuple(sorted({*self.genre} - {NONE}))

    @property
    def no_genre(self) -> bool:
        """Whether films without a genre count (too)."""
        return NONE in self.genre

    def named(self, subject: str) -> tuple[str, ...]:
        """Return the names asked for of a subject, such as company."""
        return self.genres if subject == "genre" else getattr(self, subject, ())

    @property
    def limit(self) -> int | None:
        """The most rows to show, of the highest or the lowest."""
        return self.top or self.bottom


@cache
def options() -> dict[str, tuple[Any, Option, Any]]:
    """Return the type, the documentation and the default of each field that is an option."""
    hints = get_type_hints(Request, include_extras=True)
    return {
        each.name: (hints[each.name].__origin__, hints[each.name].__metadata__[0], each.default)
        for each in fields(Request)
        if hasattr(hints[each.name], "__metadata__")
    }


def word(name: str) -> str:
    """Return how an option is written on the command line, after two hyphens, and in the query of a URL."""
    _, option, _ = options().get(name, (None, None, None))
    return option.flags[0].removeprefix("--") if option and option.flags else name.replace("_", "-")


def _several(names: Names) -> tuple[str, ...]:
    """Return one name, several, or none as a tuple."""
    return (names,) if isinstance(names, str) else tuple(names or ())


def _span(text: str | int | None, number: str, way: str) -> Span:
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
