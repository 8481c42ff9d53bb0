"""The lines of figures.sql, films.sql and compared.sql: each is one item of a SELECT."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from movie_reports.database import sql
from movie_reports.reports.requests.choices import Popularity
from movie_reports.reports.requests.request import Request

FACTS = "film_facts"


def figures(figures: Sequence[str], request: Request) -> list[str]:
    """Return the lines of figures.sql by their names; means instead of sums if they are requested."""
    lines, _ = parts("figures")
    found = []
    for name in figures:
        line = lines[name]
        if request.average and f"mean_{name}" in lines:
            line = lines[f"mean_{name}"].replace(f"AS mean_{name}", f"AS {name}")
        elif request.quantile is not None and f"median_{name}" in lines:
            share = f"percentile_cont({float(request.quantile):.6f})"
            line = (
                lines[f"median_{name}"]
                .replace("percentile_cont(0.5)", share)
                .replace(f"AS median_{name}", f"AS {name}")
            )
        found.append(meaning(line, request.popularity))
    return found


def meaning(line: str, popularity: Popularity) -> str:
    """Let a line read another column instead of popularity."""
    if popularity is Popularity.popularity or not line.endswith("popularity"):
        return line
    expression, _, alias = line.rpartition(" AS ")
    return re.sub(r"\bpopularity\b", popularity.replace("-", "_"), expression) + f" AS {alias}"


def select(items: Sequence[str], source: str, where: Sequence[str]) -> str:
    """Write a SELECT, one item and one predicate a line."""
    text = "SELECT\n" + ",\n".join(f"    {item}" for item in items) + f"\nFROM {source}"
    return text + ("\nWHERE " + "\n    AND ".join(where) if where else "")


@cache
def parts(file: str) -> tuple[dict[str, str], str]:
    """Return the items of a SELECT of queries/reports by their names, one per line of the file, and its FROM clause."""
    head, _, source = sql.without_comments(sql.read(f"reports/{file}")).partition("\nFROM ")
    lines = [line.strip().removesuffix(",") for line in head.splitlines()[1:]]
    return {line.rpartition(" ")[2]: line for line in lines}, source.rstrip()
