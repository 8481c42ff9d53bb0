"""The columns of the reports: their names, types, meanings, and how tables show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from movie_reports.reports.requests.choices import METRICS, Period


class Kind(StrEnum):
    """How a value is written for a person."""

    name = "name"
    period = "period"
    text = "text"
    money = "money"
    tally = "tally"
    figure = "figure"
    percent = "percent"
    number = "number"
    flag = "flag"
    time = "time"


@dataclass(frozen=True)
class Column:
    """A column of a report.

    Attributes:
        name: its name in every export.
        type: its JSON type: string, integer, number or boolean; array, of strings; or object, which has `fields`.
        meaning: what it means, in a sentence.
        kind: how a value is written for a person.
        heading: its heading in a table; by default the name.
        nullable: whether a value may be missing.
        drop: the order in which columns are dropped from a table that is too wide, the lowest first; 0 means never.
        shown: whether tables show it at all.
        fields: what an object may have.
        usual: whether it is there without being asked for.
    """

    name: str
    type: str
    meaning: str
    kind: Kind = Kind.text
    heading: str = ""
    nullable: bool = False
    drop: int = 0
    shown: bool = True
    fields: tuple[Column, ...] = ()
    usual: bool = True

    @property
    def title(self) -> str:
        """The heading of the column in a table."""
        return self.heading or self.name.replace("_", " ").capitalize()

    @property
    def is_metric(self) -> bool:
        """Whether `--metric` can choose it."""
        return self.name in METRICS

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value."""
        found: dict[str, Any] = {
            "type": [self.type, "null"] if self.nullable else self.type,
            "description": self.meaning,
        }
        if self.type == "array":
            found["items"] = {"type": "string"}
        if self.fields:
            found["properties"] = {field.name: field.json_schema() for field in self.fields}
            found["additionalProperties"] = False
        return found


_SUM = "Sum (or mean) of the known {} in US dollars; null if none is known."


def _period(name: str, type_: str, meaning: str) -> Column:
    return Column(name, type_, f"{meaning}; null for films without a date.", Kind.period, nullable=True)


PERIOD_COLUMNS: Mapping[Period, Column] = {
    Period.year: _period("year", "integer", "Year of release"),
    Period.quarter: _period("quarter", "string", "Quarter of release, such as 1995-Q4"),
    Period.month: _period("month", "string", "Month of release, such as 1995-12"),
    Period.decade: _period("decade", "integer", "First year of the decade of release"),
    Period.weekday: _period("weekday", "integer", "Day of the week of release, from 1, Monday, to 7, Sunday"),
    Period.calendar_month: _period("calendar_month", "integer", "Month of release from 1 to 12, of any year"),
}
YEAR = PERIOD_COLUMNS[Period.year]
COMPANY_NAME = Column(
    "company",
    "string",
    "Name of the production company, the words that several have in common, or names joined by ' + '.",
    Kind.name,
)
GENRE_NAME = Column("genre", "string", "Name of the genre, or names joined by ' + '.", Kind.name)
COUNTRY_NAME = Column("country", "string", "Name of the production country, or names joined by ' + '.", Kind.name)
COLLECTION_NAME = Column("collection", "string", "Name of the collection, or names joined by ' + '.", Kind.name)
KEYWORD_NAME = Column("keyword", "string", "The keyword, or several joined by ' + '.", Kind.name)
PERSON_NAME = Column("person", "string", "Name of the person, or names joined by ' + '.", Kind.name)
CODES = Column("codes", "string", "ISO 3166-1 codes that come with the name, between blanks.", drop=10)
TMDB_IDS = Column(
    "tmdb_ids", "string", "TMDB ids that come with the name, between blanks.", heading="TMDB ids", drop=10
)
RELEASES = Column("releases", "integer", "Number of films.", Kind.tally, drop=50)
BUDGET = Column("budget", "number", _SUM.format("budgets"), Kind.money, nullable=True, drop=70)
REVENUE = Column("revenue", "number", _SUM.format("revenues"), Kind.money, nullable=True, drop=80)
PROFIT = Column(
    "profit",
    "number",
    "Known revenue less known budget in US dollars, null unless both are known of some film; or the mean over "
    "complete films.",
    Kind.money,
    nullable=True,
    drop=90,
)
POPULARITY_COLUMN = Column(
    "popularity",
    "number",
    "Mean over the films of TMDB popularity, or of what --popularity names.",
    Kind.figure,
    nullable=True,
    drop=40,
)
COMPLETE = Column(
    "complete", "integer", "Number of films whose budget and revenue are both known.", Kind.tally, drop=20
)


def _asked(name: str, meaning: str, kind: Kind, heading: str = "") -> Column:
    """Return a figure that is only there if it is asked for."""
    return Column(name, "number", meaning, kind, heading, nullable=True, drop=60, usual=False)


_OF_COMPLETE = "{} of the complete films; null if there are none."
MORE_FIGURES = (
    _asked("roi", _OF_COMPLETE.format("Return on investment: profit divided by budget"), Kind.percent, "ROI"),
    _asked("multiple", _OF_COMPLETE.format("Revenue divided by budget"), Kind.figure),
    _asked("margin", _OF_COMPLETE.format("Profit divided by revenue"), Kind.percent),
    _asked("runtime", "Mean length in minutes of the films; null if none is known.", Kind.figure),
    _asked(
        "vote_average",
        "Mean over the films of their mean TMDB vote, 0 to 10; null without votes.",
        Kind.figure,
        "Mean vote",
    ),
)
"""The figures that a report has only if `--metric` names them."""
_FIRST = "the first other figure requested, or else of the releases"
COMPARISONS = (
    _asked("share", f"Share of {_FIRST}, in that of all films of the period; null if not above 0.", Kind.percent),
    _asked("growth", f"Growth of {_FIRST}, on the period before; null if it was not above 0 then.", Kind.percent),
    replace(_asked("rank", f"Rank of {_FIRST}, among all names of the period.", Kind.tally), type="integer"),
)
"""Figures that compare a row with others, if `--metric` names them."""
FILMS = Column("films", "integer", "Number of distinct films.", Kind.tally)
TITLE = Column("title", "string", "Title of the film.", Kind.name, nullable=True)


def _field(name: str, type_: str, meaning: str) -> Column:
    return Column(name, type_, f"{meaning}; null if unknown.", nullable=True)


FILM_FIELDS = (
    _field("imdb_id", "string", "IMDb id"),
    _field("title", "string", "Title, as TMDB shows it in English"),
    _field("original_title", "string", "Title in the original language"),
    _field("original_language", "string", "ISO 639-1 code of the original language"),
    _field("overview", "string", "Summary of the plot"),
    _field("tagline", "string", "Slogan of the film"),
    _field("status", "string", "Released, Rumored, Post Production, In Production, Planned or Canceled"),
    _field("adult", "boolean", "Whether it is pornographic"),
    _field("release_date", "string", "Day of the first release, such as 1995-10-30"),
    _field("release_year", "integer", "Year of the first release, where the source has no day"),
    _field("runtime", "number", "Length in minutes"),
    _field("budget", "integer", "Budget in US dollars"),
    _field("revenue", "integer", "Revenue in US dollars"),
    _field("popularity", "number", "TMDB popularity"),
    _field("vote_average", "number", "Mean of the TMDB votes, 0 to 10"),
    _field("vote_count", "integer", "Number of TMDB votes"),
    Column("genres", "array", "Names of the genres, in alphabetical order."),
    Column("companies", "array", "Names of the production companies, in alphabetical order."),
    Column("countries", "array", "Names of the production countries, in alphabetical order."),
    Column("collections", "array", "Names of the collections that it is part of, in alphabetical order."),
    Column("keywords", "array", "Keywords, in alphabetical order, if they were loaded."),
    Column("people", "array", "Names of people with their roles, in alphabetical order, if they were loaded."),
)
"""The fields of a film in the events of changes: those of the table movies, and lists of names."""
