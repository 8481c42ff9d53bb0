"""The reports: a query, its parameters, and the columns that were asked for.

Every face of the program (tables, exports, the Python API) reads a `Report`, so all of them show the same values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from movie_reports import queries, search
from movie_reports.errors import NotFoundError, UsageError
from movie_reports.search import Choice

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

METRICS = ("releases", "budget", "revenue", "profit", "popularity")
KEYS = ("company", "year", "genre")
MONEY = ("budget", "revenue", "profit")
COLUMNS = {
    "company": ("company", "year", "releases", "budget", "revenue", "profit", "popularity", "complete"),
    "company_genres": ("company", "year", "genre", "releases", "films"),
    "companies": ("company", "tmdb_ids", "films", "first_year", "last_year", "budget", "revenue", "complete"),
    "history": (
        "id",
        "started_at",
        "finished_at",
        "outcome",
        "reason",
        "mode",
        "source",
        "source_sha256",
        "files",
        "records",
        "movies",
        "duplicates",
        "rejects",
        "repaired",
        "films_added",
        "films_changed",
        "films_removed",
        "films_unchanged",
        "ratings",
        "ratings_matched",
        "ratings_unread",
        "tool_version",
        "engine_version",
    ),
    "rejects": ("ingest", "file", "line", "reason", "message", "raw"),
    "changes": ("id", "title", "change", "field", "old", "new"),
    "genres": ("year", "genre", "popularity", "budget", "revenue", "profit", "releases", "complete"),
}


@dataclass(frozen=True)
class Report:
    """A report that can be run: a query file, its parameters, and its columns.

    Attributes:
        name: the query file in queries/reports.
        columns: the names that the columns have in every export.
        sources: for each column, the column of the query that it comes from.
        parameters: values of the query's parameters.
    """

    connection: DuckDBPyConnection = field(repr=False)
    name: str
    columns: tuple[str, ...]
    sources: tuple[str, ...]
    parameters: Mapping[str, object]

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """Rows with every column of the query; is_total is 1 in the rows of the total, at the end."""
        return queries.run(self.connection, f"reports/{self.name}", {**self.parameters, "total": True})

    def is_empty(self) -> bool:
        """Whether no film matches."""
        return not self.records or bool(self.records[0].get("is_total"))

    def rows(self) -> list[tuple[Any, ...]]:
        """Return the rows with the columns of the contract."""
        return [tuple(row[source] for source in self.sources) for row in self.records if not row.get("is_total")]

    def table(self) -> pa.Table:
        """Return the rows as an Arrow table with the columns of the contract."""
        parameters = {**self.parameters, "total": False}
        statement = self.connection.extract_statements(queries.read(f"reports/{self.name}"))[0]
        known = {key: parameters[key] for key in statement.named_parameters}
        relation = self.connection.sql(statement.query, params=known)
        return relation.to_arrow_table().select(self.sources).rename_columns(self.columns)

    def origin(self) -> dict[str, Any]:
        """Return which ingest the figures come from: its id, and the SHA-256 of its source."""
        last = queries.run(self.connection, "last_ingest")
        return {"ingest": last[0]["id"], "source_sha256": last[0]["source_sha256"]} if last else {}


@dataclass(frozen=True)
class Limits:
    """What a report is limited to; None means no limit.

    Attributes:
        year: one year, or years as `1990-1999`, `1990-` or `-1999`.
        genre: name of a genre; case and accents do not count.
        complete: only films whose budget and revenue are both known.
    """

    year: str | int | None = None
    genre: str | None = None
    complete: bool = False


@dataclass(frozen=True)
class Figures:
    """Which figures a report shows.

    Attributes:
        metrics: only these; all, if there are none.
        average: means over known figures in place of sums; the mean profit is over complete films.
        top: only the so many highest rows by the first metric named (without one, the first shown); equal values
            share a rank.
    """

    metrics: Sequence[str] = ()
    average: bool = False
    top: int | None = None


def company(connection: DuckDBPyConnection, choice: Choice | None, limits: Limits, figures: Figures) -> Report:
    """Return the report per company and year, of one company or (without a choice) of all."""
    parameters = {**_companies(choice), **_limits(connection, limits)}
    return _with_figures(connection, "company", parameters, figures)


def company_genres(connection: DuckDBPyConnection, choice: Choice | None, limits: Limits) -> Report:
    """Return the report per company, year and genre."""
    columns = COLUMNS["company_genres"]
    parameters = {**_companies(choice), **_limits(connection, limits)}
    return Report(connection, "company_genres", columns, columns, parameters)


def genres(connection: DuckDBPyConnection, limits: Limits, figures: Figures) -> Report:
    """Return the report per year and genre, in each year the most popular genre first."""
    return _with_figures(connection, "genres", _limits(connection, limits), figures)


def companies(connection: DuckDBPyConnection, search: str | None) -> Report:
    """Return the catalogue of companies, of all or of those whose names hold the words; the most films first."""
    return _listing(connection, "companies", {"search": search and " ".join(search.split())})


def history(connection: DuckDBPyConnection) -> Report:
    """Return the ledger, the newest ingest first."""
    return _listing(connection, "history", {})


def rejects(connection: DuckDBPyConnection, ingest: int | None, reason: str | None) -> Report:
    """Return the rejects of an ingest, of the last run if none is named.

    Raises:
        NotFoundError: there was no such ingest.
    """
    last = queries.run(connection, "last_run")[0]["id"]
    ingest = last if ingest is None else ingest
    if not 1 <= ingest <= last:
        message = f"there was no ingest {ingest}: they go from 1 to {last}"
        raise NotFoundError(message)
    return _listing(connection, "rejects", {"ingest": ingest, "reason": reason})


def changes(connection: DuckDBPyConnection, change: str | None) -> Report:
    """Return what the last ingest changed; all of it, or only films added, changed or removed."""
    return _listing(connection, "changes", {"change": change})


def _listing(connection: DuckDBPyConnection, name: str, parameters: Mapping[str, object]) -> Report:
    return Report(connection, name, COLUMNS[name], COLUMNS[name], parameters)


def _with_figures(
    connection: DuckDBPyConnection, name: str, parameters: Mapping[str, object], figures: Figures
) -> Report:
    if isinstance(figures.metrics, str):
        figures = replace(figures, metrics=(figures.metrics,))
    unknown = [metric for metric in figures.metrics if metric not in METRICS]
    if unknown:
        message = f"there is no metric {unknown[0]}: choose from {', '.join(METRICS)}"
        raise UsageError(message)
    if figures.top is not None and figures.top < 1:
        message = f"the top {figures.top} is none: give a number from 1"
        raise UsageError(message)
    wanted = figures.metrics or METRICS
    columns = tuple(column for column in COLUMNS[name] if column not in METRICS or column in wanted)
    sources = tuple(f"mean_{column}" if figures.average and column in MONEY else column for column in columns)
    first = figures.metrics[0] if figures.metrics else next(column for column in columns if column in METRICS)
    ranking = {"top": figures.top, "top_by": sources[columns.index(first)]}
    return Report(connection, name, columns, sources, {**parameters, **ranking})


def _companies(choice: Choice | None) -> dict[str, object]:
    return {"companies": list(choice.names) if choice else None, "label": choice.label if choice else None}


def _limits(connection: DuckDBPyConnection, limits: Limits) -> dict[str, object]:
    first, last = years(limits.year)
    genre = search.genre(connection, limits.genre) if limits.genre is not None else None
    return {"first_year": first, "last_year": last, "genre": genre, "complete": limits.complete}


def years(text: str | int | None) -> tuple[int | None, int | None]:
    """Read `1995`, `1990-1999`, `1990-` or `-1999` as a first and a last year.

    Raises:
        UsageError: the text is nothing of the kind, or its first year comes after its last.
    """
    if text is None:
        return None, None
    found = re.fullmatch(r"(\d{4})?(-)?(\d{4})?", str(text).strip())
    if not found or not any(found.group(1, 3)) or (found[1] and found[3] and not found[2]):
        message = f"{text!r} is no year: write 1995, 1990-1999, 1990- or -1999"
        raise UsageError(message)
    first, last = (int(year) if year else None for year in found.group(1, 3))
    if not found[2]:
        return first, first
    if first and last and first > last:
        message = f"the years {text} run backwards: write {last}-{first}"
        raise UsageError(message)
    return first, last
