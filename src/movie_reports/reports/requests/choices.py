"""The values that options accept, and the meaning of each popularity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from movie_reports.errors import UsageError


class Engine(StrEnum):
    """What runs the statements of reports."""

    duckdb = "duckdb"
    spark = "spark"


class Metric(StrEnum):
    """The figures of a report."""

    releases = "releases"
    budget = "budget"
    revenue = "revenue"
    profit = "profit"
    popularity = "popularity"
    roi = "roi"
    multiple = "multiple"
    margin = "margin"
    runtime = "runtime"
    vote_average = "vote_average"
    share = "share"
    growth = "growth"
    rank = "rank"


class Period(StrEnum):
    """The period of a row of a report."""

    year = "year"
    quarter = "quarter"
    month = "month"
    decade = "decade"
    weekday = "weekday"
    calendar_month = "calendar-month"
    all = "all"

    @property
    def column(self) -> str:
        """The column that has its values."""
        return self.value.replace("-", "_")

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        return self.value.replace("-", " ")


class Weekday(StrEnum):
    """The days of the week, in the order of their numbers."""

    monday = "monday"
    tuesday = "tuesday"
    wednesday = "wednesday"
    thursday = "thursday"
    friday = "friday"
    saturday = "saturday"
    sunday = "sunday"


class Named(StrEnum):
    """The kinds of names that films have, by which they are grouped."""

    company = "company"
    country = "country"
    collection = "collection"
    genre = "genre"
    keyword = "keyword"
    person = "person"


class Role(StrEnum):
    """What a person did for a film."""

    director = "director"
    writer = "writer"
    actor = "actor"


class Status(StrEnum):
    """How far a film has come."""

    released = "released"
    rumored = "rumored"
    planned = "planned"
    in_production = "in-production"
    post_production = "post-production"
    canceled = "canceled"


class Popularity(StrEnum):
    """What popularity may mean; a report shows the mean over the films of a row."""

    popularity = "popularity"
    votes = "votes"
    vote_average = "vote-average"
    weighted = "weighted"
    ratings = "ratings"
    ratings_mean = "ratings-mean"


class Reason(StrEnum):
    """Why a record could not be loaded."""

    id = "id"
    fields = "fields"
    nul = "nul"
    quotes = "quotes"
    encoding = "encoding"
    size = "size"


class Change(StrEnum):
    """What an ingest can do to a film."""

    added = "added"
    changed = "changed"
    removed = "removed"


class Format(StrEnum):
    """The formats of an export."""

    csv = "csv"
    json = "json"
    ndjson = "ndjson"
    parquet = "parquet"
    arrow = "arrow"
    tsv = "tsv"
    markdown = "markdown"
    html = "html"
    xlsx = "xlsx"


METRICS = tuple(Metric)
COMPARED = (Metric.share, Metric.growth, Metric.rank)
"""Figures that compare the first other metric requested with that of other rows."""
SEQUENCES = (Period.year, Period.quarter, Period.month, Period.decade)
"""Periods that follow one another."""
MONEY = (Metric.budget, Metric.revenue, Metric.profit)
PERIODS = tuple(period for period in Period if period is not Period.all)
ALWAYS = ("releases", "complete")
"""Figures that every export contains, whatever `--metric` says: they show how far the others can be trusted."""
POPULARITY: Mapping[Popularity, tuple[str, str]] = {
    Popularity.popularity: ("TMDB popularity", "Popularity"),
    Popularity.votes: ("number of TMDB votes", "Votes"),
    Popularity.vote_average: ("mean of the TMDB votes", "Mean vote"),
    Popularity.weighted: ("weighted rating", "Weighted"),
    Popularity.ratings: ("number of MovieLens ratings", "Ratings"),
    Popularity.ratings_mean: ("mean of the MovieLens ratings", "Mean rating"),
}
"""What each popularity means in words, and the heading of its column."""


def known(what: str, name: str, names: Sequence[str]) -> str:
    """Return the name in lower case, if it is one of `names`.

    Raises:
        UsageError: it is not; the message lists them.
    """
    lower = name.lower()
    if lower not in names:
        message = f"there is no {what} {name}: choose from {', '.join(names)}"
        raise UsageError(message)
    return lower
