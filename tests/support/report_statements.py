"""Requests that combine options of every kind, and the statements that reports run for them."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from movie_reports.database import sql
from movie_reports.reports.catalog import REPORTS, Shape
from movie_reports.reports.requests.choices import COMPARED, Period
from movie_reports.reports.requests.request import Request
from movie_reports.reports.statements import statement
from movie_reports.reports.statements.statement import COVERAGE, Statement

METRICS = (
    *("releases", "budget", "revenue", "profit", "popularity"),
    *("roi", "multiple", "margin", "runtime", "vote_average", "share", "growth", "rank"),
)
KINDS = ("popularity", "votes", "vote-average", "weighted", "ratings", "ratings-mean")
YEARS = (None, None, 1995, 2000, "1990-1999", "2000-", "-1999", "none")
LABEL = "100% $year :year back\\slash"


def requests(  # noqa: PLR0913, PLR0917 (names of each kind)
    seed: int,
    companies: Sequence[str],
    genres: Sequence[str],
    countries: Sequence[str] = (),
    collections: Sequence[str] = (),
    keywords: Sequence[str] = (),
    people: Sequence[str] = (),
) -> Iterator[tuple[str, Request]]:
    """Combine options by chance, the same for the same seed, for each report on films."""
    chance = random.Random(seed)  # noqa: S311 (the same combinations each time)
    films: dict[str, Any] = {
        "company": chance.sample(companies, chance.choice([0, 0, 1, 3])),
        "country": chance.sample(countries, min(len(countries), chance.choice([0, 0, 1, 2]))),
        "collection": chance.sample(collections, min(len(collections), chance.choice([0, 0, 0, 2]))),
        "keyword": chance.sample(keywords, min(len(keywords), chance.choice([0, 0, 0, 1, 2]))),
        "person": chance.sample(people, min(len(people), chance.choice([0, 0, 0, 1, 2]))),
        "year": chance.choice(YEARS),
        "month": chance.choice([None, None, 12, "6-8", "11-2"]),
        "complete": chance.random() < 0.3,
        "title": chance.choice([None, None, "the", "É", "%"]),
        "weekday": chance.sample(["monday", "friday", "sunday"], chance.choice([0, 0, 1, 3])),
        "runtime": chance.choice([None, None, "90", "90-120", "-100"]),
        "language": chance.choice([(), (), ("en",), ("en", "fr", "'; --")]),
        "status": chance.choice([(), (), ("released",), ("released", "rumored")]),
        **chance.choice([{}, {}, {"min_votes": 5}, {"min_budget": 5, "min_revenue": 5 * 10**9}]),
        "all_of": chance.random() < 0.3,
        "has": chance.choice([(), (), ("company",), ("company", "genre")]),
    }
    genres = chance.sample(genres, chance.choice([0, 0, 1, 2]))
    if films["person"]:
        films["role"] = chance.choice([(), (), ("director",), ("writer", "actor")])
    named: dict[str, Any] = {
        **films,
        "label": LABEL if films["company"] and chance.random() < 0.5 else None,
        "genre": [*genres, *chance.choice([[], [], ["none"] if not films["all_of"] else []])],
    }
    metrics = chance.sample(METRICS, chance.randrange(3))
    ranked: dict[str, Any] = {
        "metrics": metrics,
        "popularity": chance.choice(KINDS),
        **chance.choice([{}, {"top": 3}, {"bottom": 2}]),
    }
    rows: dict[str, Any] = {
        "by": chance.choice(["year", "quarter", "month", "decade", "weekday", "calendar-month", "all"])
    }
    figures = {
        **rows,
        **ranked,
        **chance.choice([{}, {"average": True}, {"quantile": "0.5"}, {"quantile": 0.9}]),
        "min_films": chance.choice([1, 1, 2]),
    }
    yield "company", Request(**named, **figures)
    yield "country", Request(**named, **figures)
    yield "collection", Request(**named, **figures)
    yield "keyword", Request(**named, **figures)
    yield "person", Request(**named, **figures)
    yield "company-genres", Request(**named, **rows)
    yield "genres", Request(**films, **figures, genre=tuple(genres))
    ranked |= {"metrics": [metric for metric in metrics if metric not in {"releases", *COMPARED}]}
    yield "films", Request(**named, **ranked, sort=chance.choice([None, "title", "-release-date", "-complete"]))
    yield "companies", Request(company=films["company"])
    yield "countries", Request(country=films["country"])
    yield "collections", Request(collection=films["collection"])
    yield "keywords", Request(keyword=films["keyword"])
    yield "people", Request(person=films["person"])
    yield "genre-list", Request(genre=tuple(genres))


def statements(name: str, request: Request) -> Iterator[Statement]:
    """Return the statements that a report runs: of its exports, its tables and its totals."""
    spec = REPORTS[name]
    yield statement.report(spec, request)
    if spec.subject and request.by in {Period.weekday, Period.calendar_month}:
        yield statement.placeholders(spec, request)
    if spec.shape is Shape.by_genre:
        yield statement.genre_totals(spec, request)
    else:
        figures = [column.name for column in statement.columns(spec, request) if column.is_metric]
        yield statement.total(spec, request, [*figures, *COVERAGE])
    if spec.shape in {Shape.figures, Shape.names}:
        yield statement.report(spec, request, COVERAGE)


def of_the_ledger() -> Iterator[Statement]:
    """Return the statements of the reports on rejects and changes."""
    for change in (None, "added"):
        yield Statement(sql.without_comments(sql.read("reports/changes")), {"change": change})
    for reason in (None, "id"):
        yield Statement(sql.without_comments(sql.read("reports/rejects")), {"ingest": 1, "reason": reason})
