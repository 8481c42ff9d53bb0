"""The request as one typed object: which films count, which of their figures are shown, and which rows of a list.

Its fields are the only definition of the options: those of the command line, the keyword arguments of `Database`,
and the parameters of the web service are made from them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any, get_type_hints

from movie_reports.errors import UsageError
from movie_reports.reports.requests.choices import (
    METRICS,
    POPULARITY,
    Change,
    Metric,
    Named,
    Period,
    Popularity,
    Reason,
    Role,
    Status,
    Weekday,
    known,
)
from movie_reports.reports.requests.keywords import Names
from movie_reports.reports.requests.option import FIGURES, FILTERS, OPTIONS, Option, of_names
from movie_reports.reports.requests.spans import DOLLARS, MINUTES, MONTH, YEAR, Span, dollars, forwards, pattern, span

NONE = "none"
MEDIAN = 0.5
QUANTILE = r"[01]|[01]\.0+|0?\.\d{1,6}"


@dataclass(frozen=True)
class Request:
    """What is requested of the database; each report takes some of the fields, as the catalogue says.

    Raises:
        UsageError: a value is not valid for its option, or two options exclude each other.
    """

    company: Annotated[
        tuple[str, ...],
        of_names("Only films of this company.", "Pixar Animation Studios"),
    ] = ()
    all_matches: Annotated[
        bool, Option("Take all companies together whose names contain the words, each film once.", FILTERS)
    ] = False
    exact: Annotated[bool, Option("Take the name as it is written, however few films it has.", FILTERS)] = False
    genre: Annotated[
        tuple[str, ...],
        of_names("Only films of this genre; 'none': without a genre.", "Drama"),
    ] = ()
    country: Annotated[
        tuple[str, ...],
        of_names("Only films made in this country, such as France or FR.", "France"),
    ] = ()
    collection: Annotated[
        tuple[str, ...],
        of_names("Only films of this collection, such as a franchise.", "Toy Story Collection"),
    ] = ()
    keyword: Annotated[tuple[str, ...], of_names("Only films with this keyword.", "time travel")] = ()
    person: Annotated[
        tuple[str, ...],
        of_names("Only films of this director, writer or actor.", "Tom Hanks"),
    ] = ()
    role: Annotated[
        tuple[Role, ...],
        Option("Only films for which the person did this (may be repeated).", FILTERS),
    ] = ()
    title: Annotated[
        str | None,
        Option("Only films whose titles contain these words.", FILTERS, metavar="WORDS", example="toy story"),
    ] = None
    year: Annotated[
        str | int | None,
        Option(
            "Only 1995, 1990-1999, 1990- or -1999; 'none': without a date.",
            FILTERS,
            metavar="YEARS",
            example="1990-1999",
            pattern=pattern("[0-9]{3,4}", "|[Nn][Oo][Nn][Ee]"),
        ),
    ] = None
    month: Annotated[
        str | int | None,
        Option(
            "Only these months of every year: 12, 6-8 or 11-2.",
            FILTERS,
            metavar="MONTHS",
            example="6-8",
            pattern=pattern(f"({MONTH})"),
        ),
    ] = None
    weekday: Annotated[
        tuple[Weekday, ...], Option("Only films released on this day of the week (may be repeated).", FILTERS)
    ] = ()
    runtime: Annotated[
        str | int | None,
        Option(
            "Only films of 90, 90-120, 90- or -120 minutes.",
            FILTERS,
            metavar="MINUTES",
            example="90-120",
            pattern=pattern("[0-9]{1,4}"),
        ),
    ] = None
    language: Annotated[
        tuple[str, ...],
        Option(
            "Only films in this original language, an ISO 639-1 code such as en or fr (may be repeated).",
            FILTERS,
            metavar="CODE",
            example=["en"],
        ),
    ] = ()
    status: Annotated[tuple[Status, ...], Option("Only films that are this far (may be repeated).", FILTERS)] = ()
    min_votes: Annotated[int | None, Option("Only films with at least N TMDB votes.", FILTERS, metavar="N")] = None
    min_budget: Annotated[
        str | int | None,
        Option("Only films that cost at least this.", FILTERS, metavar="DOLLARS", pattern=f"^{DOLLARS}$"),
    ] = None
    min_revenue: Annotated[
        str | int | None,
        Option("Only films that earned at least this.", FILTERS, metavar="DOLLARS", pattern=f"^{DOLLARS}$"),
    ] = None
    complete: Annotated[bool, Option("Only films whose budget and revenue are both known.", FILTERS)] = False
    all_of: Annotated[
        bool, Option("Only films of all the companies, genres and so on that are named, not of any.", FILTERS)
    ] = False
    has: Annotated[
        tuple[Named, ...],
        Option("Only films of which any company, genre and so on is known (may be repeated).", FILTERS),
    ] = ()
    metrics: Annotated[
        tuple[Metric, ...],
        Option(
            "Only this figure, beside releases and complete (may be repeated).",
            FIGURES,
            ("--metric", "-m"),
            example=["profit"],
        ),
    ] = ()
    by: Annotated[Period, Option("Period of each row.", FIGURES)] = Period.year
    average: Annotated[bool, Option("Means over known figures instead of sums.", FIGURES)] = False
    quantile: Annotated[
        str | float | None,
        Option(
            "This quantile of known money figures instead of sums; 0.5 is the median.",
            FIGURES,
            metavar="Q",
            example="0.5",
            pattern=r"^(0|1|0?\.[0-9]{1,6})$",
        ),
    ] = None
    popularity: Annotated[Popularity, Option("What popularity means; a row has the mean over its films.", FIGURES)] = (
        Popularity.popularity
    )
    top: Annotated[
        int | None,
        Option("Only the N highest of each period; of one name, its N best periods.", FIGURES, metavar="N", example=3),
    ] = None
    bottom: Annotated[int | None, Option("The same with the lowest.", FIGURES, metavar="N")] = None
    min_films: Annotated[int, Option("Leave out rows of fewer films.", FIGURES, metavar="N")] = 1
    sort: Annotated[
        str | None,
        Option(
            "Sort by this column; with a hyphen before it, the highest first.",
            FIGURES,
            metavar="COLUMN",
            example="-profit",
            pattern="^-?[A-Za-z_-]{1,30}$",
        ),
    ] = None
    search: Annotated[
        str | None,
        Option("Words that the name contains; without them, all.", OPTIONS, metavar="WORDS", example="disney"),
    ] = None
    ingest: Annotated[int | None, Option("Only of this ingest.  [default: the last run]", OPTIONS, metavar="N")] = None
    reason: Annotated[Reason | None, Option("Only with this reason.", OPTIONS)] = None
    change: Annotated[Change | None, Option("Only films added, changed or removed.", OPTIONS)] = None
    since: Annotated[
        int | None,
        Option(
            "Changes of all ingests after this one, each film as one event with its values.",
            OPTIONS,
            metavar="N",
            example=1,
        ),
    ] = None
    label: str | None = None
    """The name under which all matches of `all_matches` are shown."""

    def __post_init__(self) -> None:
        """Normalize single names to tuples and words to enum members, and check the values."""
        for name in ("company", "country", "collection", "keyword", "person"):
            self._set(name, _several(getattr(self, name)))
        self._set("role", tuple(Role(known("role", each, tuple(Role))) for each in _several(self.role)))
        genres = _several(self.genre)
        self._set("genre", tuple(NONE if name.strip().lower() == NONE else name for name in genres))
        self._set("metrics", tuple(Metric(known("metric", name, METRICS)) for name in _several(self.metrics)))
        self._set("weekday", tuple(Weekday(known("weekday", day, tuple(Weekday))) for day in _several(self.weekday)))
        self._set("has", tuple(Named(known("kind of name", each, tuple(Named))) for each in _several(self.has)))
        self._set("status", tuple(Status(known("status", each, tuple(Status))) for each in _several(self.status)))
        self._set("language", tuple(code.strip().lower() for code in _several(self.language)))
        self._set("by", Period(known("period", self.by, tuple(Period))))
        self._set("popularity", Popularity(known("popularity", self.popularity, tuple(POPULARITY))))
        if self.reason is not None:
            self._set("reason", Reason(known("reason", self.reason, tuple(Reason))))
        if self.change is not None:
            self._set("change", Change(known("change", self.change, tuple(Change))))
        self._set("min_budget", dollars("min-budget", self.min_budget))
        self._set("min_revenue", dollars("min-revenue", self.min_revenue))
        for name in ("top", "bottom", "min_films", "min_votes"):
            number = getattr(self, name)
            if number is not None and (not isinstance(number, int) or number < 1):
                message = f"{word(name)} {number}: give a whole number from 1"
                raise UsageError(message)
        for name, texts in (("title", (self.title,)), ("language", self.language), ("sort", (self.sort,))):
            if any(text is not None and not text.strip() for text in texts):
                message = f"{name} is empty: give it a value, or leave it out"
                raise UsageError(message)
        self._check_together()
        if self.quantile is not None and not re.fullmatch(QUANTILE, str(self.quantile).strip(), re.ASCII):
            message = f"quantile {self.quantile}: give a number from 0 to 1, such as 0.5 for the median"
            raise UsageError(message)
        _ = self.years, self.months, self.runtimes  # so that a wrong one is reported at once

    def _check_together(self) -> None:
        """Check the options that exclude each other."""
        wrong = {
            "top and bottom exclude each other: choose one of them": self.top is not None and self.bottom is not None,
            "average and quantile exclude each other: choose one of them": self.average and self.quantile is not None,
            "all-of and all-matches exclude each other: choose one of them": self.all_of and self.all_matches,
            "all-of and genre 'none' exclude each other: no film has a genre and none": (
                self.all_of and self.genres and self.no_genre
            ),
        }
        for message, is_wrong in wrong.items():
            if is_wrong:
                raise UsageError(message)

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def undated(self) -> bool:
        """Whether only films without a date count."""
        return isinstance(self.year, str) and self.year.strip().lower() == NONE

    @property
    def years(self) -> Span:
        """The years of release that count."""
        years = span(None if self.undated else self.year, YEAR, "year: write 1995, 1990-1999, 1990-, -1999 or none")
        return forwards("years", self.year, years)

    @property
    def months(self) -> Span:
        """The calendar months that count; the first comes after the last where they span a new year."""
        first, last = span(self.month, MONTH, "month: write 12, 6-8 or 11-2")
        return Span(first, last) if first == last is None else Span(first or 1, last or 12)

    @property
    def is_about_months(self) -> bool:
        """Whether the calendar month of films matters: as the period of rows, or since only some months count."""
        return self.by is Period.calendar_month or self.month is not None

    @property
    def runtimes(self) -> Span:
        """The minutes that a film may take."""
        return forwards("minutes", self.runtime, span(self.runtime, MINUTES, "runtime: write 90, 90-120, 90- or -120"))

    @property
    def sorting(self) -> tuple[str, str]:
        """The column by which films are sorted, which is empty by default, and ASC or DESC."""
        text = (self.sort or "").strip().lower()
        return text.removeprefix("-").replace("-", "_"), "DESC" if text.startswith("-") else "ASC"

    @property
    def genres(self) -> tuple[str, ...]:
        """The genres of which a film must have one, in alphabetical order."""
        return tuple(sorted({*self.genre} - {NONE}))

    @property
    def no_genre(self) -> bool:
        """Whether films without a genre count (too)."""
        return NONE in self.genre

    @property
    def statistic(self) -> str:
        """What stands in the place of sums of money, such as mean; empty for sums."""
        if self.quantile is None:
            return "mean" if self.average else ""
        share = float(self.quantile)
        return "median" if share == MEDIAN else f"{share:g}-quantile"

    def named(self, subject: str) -> tuple[str, ...]:
        """Return the names asked for of a subject, such as company."""
        return self.genres if subject == "genre" else getattr(self, subject, ())

    def together(self, subject: str) -> str | None:
        """Return the name of the one row for several names of a subject, if films of theirs are counted together."""
        names = self.named(subject)
        if self.all_of and len(names) > 1:
            return " + ".join(names)
        return self.label if subject == "company" else None

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
    """Return one name, several, or none as a tuple; a name that is repeated stands in it once."""
    return (names,) if isinstance(names, str) else tuple(dict.fromkeys(names or ()))
