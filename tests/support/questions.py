"""Questions for property-based tests: keyword arguments of the methods of `Database`, by report."""

from typing import Any

import hypothesis.strategies as st

from movie_reports import Database

METRICS = [
    "releases",
    "budget",
    "revenue",
    "profit",
    "popularity",
    "roi",
    "multiple",
    "margin",
    "runtime",
    "vote_average",
]
FILMS: dict[str, st.SearchStrategy[Any]] = {
    "year": st.sampled_from(["1995", "1990-1999", "1995-", "-1960", "none"]),
    "month": st.sampled_from(["12", "6-8", "11-2"]),
    "genre": st.lists(st.sampled_from(["Drama", "comedy", "science", "none"]), min_size=1, unique=True),
    "country": st.lists(st.sampled_from(["US", "france", "United Kingdom"]), min_size=1, unique=True),
    "collection": st.lists(st.sampled_from(["toy story", "Star Wars Collection"]), min_size=1, unique=True),
    "complete": st.booleans(),
    "title": st.sampled_from(["TOY story", "the"]),
    "weekday": st.lists(st.sampled_from(["monday", "wednesday", "friday"]), min_size=1, unique=True),
    "runtime": st.sampled_from(["90-120", "90-", "-90", "100"]),
    "language": st.lists(st.sampled_from(["en", "fr"]), min_size=1, unique=True),
    "status": st.sampled_from([["released"], ["rumored", "released"]]),
    "has": st.lists(st.sampled_from(["company", "genre"]), unique=True),
    "min_votes": st.sampled_from([1, 100, 10**6]),
    "min_budget": st.just(10**6),
    "min_revenue": st.just(10**6),
}
GENRES = st.lists(st.sampled_from(["Drama", "comedy"]), unique=True)
SORTS = ["title", "-title", "release-date", "-complete"]
COMPANIES: dict[str, st.SearchStrategy[Any]] = {
    "company": st.lists(st.sampled_from(["pixar", "Universal Pictures", "DreamWorks SKG"]), min_size=1, unique=True),
    "exact": st.just(value=False),
}
LISTED: dict[str, st.SearchStrategy[Any]] = {
    "metrics": st.lists(st.sampled_from(METRICS[1:]), min_size=1, unique=True),
    "popularity": st.sampled_from(["popularity", "votes", "vote-average", "weighted"]),
    "top": st.integers(1, 5),
}
FIGURES: dict[str, st.SearchStrategy[Any]] = LISTED | {
    "by": st.sampled_from(["year", "quarter", "month", "decade", "weekday", "calendar-month", "all"]),
    "average": st.booleans(),
    "min_films": st.integers(1, 3),
}
QUANTILES = {"average": st.just(value=False), "quantile": st.sampled_from(["0.5", 0.9])}
FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "company": COMPANIES | FILMS | FIGURES | QUANTILES,
    "country": COMPANIES | FILMS | FIGURES | QUANTILES,
    "collection": COMPANIES | FILMS | FIGURES | QUANTILES,
    "company-genres": COMPANIES | FILMS | {"by": FIGURES["by"]},
    "genres": COMPANIES | FILMS | {"genre": GENRES, "all_of": st.booleans()} | FIGURES,
    "films": COMPANIES | FILMS | LISTED | {"genre": GENRES, "all_of": st.booleans(), "sort": st.sampled_from(SORTS)},
    "companies": {"search": st.sampled_from(["pix", "films", "É", "%"])},
    "countries": {"search": st.sampled_from(["united", "É"])},
    "collections": {"search": st.sampled_from(["wars", "É"])},
    "genre-list": {"search": st.sampled_from(["fiction", "a"])},
    "changes": {"change": st.sampled_from(["added", "removed"])},
    "rejects": {"reason": st.sampled_from(["id", "fields"])},
}

"""Without those of names that the sample does not have."""


def ask(database: Database, report: str, asked: dict[str, Any]) -> Any:  # noqa: ANN401 (pyarrow has no types)
    """Return the table of a report."""
    call = getattr(database, report.replace("-", "_"))
    if report == "genres":
        return call(**asked)
    named = report if report in {"country", "collection", "keyword"} else "company"
    return call(*asked.get(named, []), **{key: value for key, value in asked.items() if key != named})
