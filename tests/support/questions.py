"""Questions for property-based tests: keyword arguments of the methods of `Database`, by report."""

from typing import Any

import hypothesis.strategies as st

from movie_reports import Database

METRICS = ["releases", "budget", "revenue", "profit", "popularity"]
FILMS: dict[str, st.SearchStrategy[Any]] = {
    "year": st.sampled_from(["1995", "1990-1999", "1995-", "-1960", "none"]),
    "month": st.sampled_from(["12", "6-8", "11-2"]),
    "genre": st.lists(st.sampled_from(["Drama", "comedy", "science", "none"]), min_size=1, unique=True),
    "complete": st.booleans(),
}
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
    "by": st.sampled_from(["year", "quarter", "month", "decade", "all"]),
    "average": st.booleans(),
    "min_films": st.integers(1, 3),
}
FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "company": COMPANIES | FILMS | FIGURES,
    "company-genres": COMPANIES | FILMS | {"by": FIGURES["by"]},
    "genres": FILMS | {"genre": st.lists(st.sampled_from(["Drama", "comedy"]), unique=True)} | FIGURES,
    "films": COMPANIES | FILMS | LISTED | {"title": st.sampled_from(["TOY story", "the"])},
    "companies": {"search": st.sampled_from(["pix", "films", "É", "%"])},
    "genre-list": {"search": st.sampled_from(["fiction", "a"])},
    "changes": {"change": st.sampled_from(["added", "removed"])},
    "rejects": {"reason": st.sampled_from(["id", "fields"])},
}


def ask(database: Database, report: str, asked: dict[str, Any]) -> Any:  # noqa: ANN401 (pyarrow has no types)
    """Return the table of a report."""
    call = getattr(database, report.replace("-", "_"))
    return call(*asked.get("company", []), **{key: value for key, value in asked.items() if key != "company"})
