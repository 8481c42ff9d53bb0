"""The reports: a query, its parameters, and the columns that were asked for.

Every face of the program (tables, exports, charts, Python) reads a `Report`, so all of them show the same values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute as queries
from movie_reports.errors import NotFoundError, UsageError
from movie_reports.reports.catalog import CHANGES, COLUMNS, METRICS, MONEY, POPULARITY, REASONS
from movie_reports.reports.names import Choice, matches
from movie_reports.reports.request import Figures, Limits, bound, known, one_or_more

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

MEMBERS = {
    "company": "of_companies",
    "company_genres": "of_companies",
    "genres": "of_genres",
    "films": "of_films",
}
"""Which step in queries/steps tells what the films of a row are."""

NAMED = {"companies": "named_companies", "genre_list": "named_genres"}
"""Which step tells what the films of a name are, in catalogues."""


@dataclass(frozen=True)
class Report:
    """A report that can be run: a query file, its parameters, and its columns.

    Attributes:
        name: the query file in queries/reports.
        sources: for each column of the exports, the column of the query that it comes from.
        parameters: values of the query's parameters.
        by: the period of a row, as in `Figures`.
        relation: the answer itself, where the statement is not one of ours.
    """

    connection: DuckDBPyConnection = field(repr=False)
    name: str
    sources: Mapping[str, str]
    parameters: Mapping[str, object]
    by: str = "year"
    relation: DuckDBPyRelation | None = field(default=None, repr=False)

    @property
    def is_own(self) -> bool:
        """Whether it answers a statement of the user's own."""
        return self.relation is not None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names that the columns have in every export."""
        return tuple(self.sources)

    @cached_property
    def statement(self) -> str:
        """The SQL of the rows that every export holds; its parameters are among `parameters`."""
        return self._select(", ".join(_alias(source, column) for column, source in self.sources.items()))

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """Rows with every column of the query; is_total is 1 in the rows of the total, at the end."""
        if self.is_own:
            return [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return queries.records(self.connection, self._select("*"), {**self.parameters, "total": True})

    @property
    def is_one(self) -> bool:
        """Whether it is about one company, or several that are taken together."""
        companies = self.parameters.get("companies")
        return isinstance(companies, list) and (len(companies) == 1 or self.parameters.get("label") is not None)

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """The records without those of the total."""
        return [row for row in self.records if not row.get("is_total")]

    @cached_property
    def rows(self) -> list[tuple[Any, ...]]:
        """Rows with the columns of the contract."""
        if self.relation is not None:
            return queries.heeding(self.connection, self.relation.fetchall)
        return queries.rows(self.connection, self.statement, {**self.parameters, "total": False})

    def is_empty(self, *, with_total: bool) -> bool:
        """Whether no film matches; asked of `records` or else of `rows`, so that only one of them is fetched."""
        return not (self.groups if with_total else self.rows)

    def table(self) -> pa.Table:
        """Return the rows as an Arrow table with the columns of the contract."""
        if self.relation is not None:
            found = queries.heeding(self.connection, self.relation.to_arrow_table)
        else:
            found = queries.table(self.connection, self.statement, {**self.parameters, "total": False})
        return found.rename_columns(self.columns)

    def totals(self) -> Report:
        """Return the same report with one row over all periods for each name, whatever its place."""
        parameters = {**self.parameters, "by": "all", "top": None}
        return replace(self, sources=_sources(COLUMNS[self.name], Figures(by="all")), parameters=parameters)

    def _select(self, columns: str) -> str:
        steps = {}
        if self.name in MEMBERS:
            steps = {name: f"steps/{name}" for name in ("vote_scale", "limited")}
            steps["members"] = f"steps/{MEMBERS[self.name]}"
        if "top" in self.parameters:
            steps["figures"] = "steps/figures"
        if self.name in NAMED:
            steps = {"named": f"steps/{NAMED[self.name]}", "catalogue": "steps/catalogue"}
        return queries.chain({**steps, "report": f"reports/{self.name}"}, f"SELECT {columns}\nFROM report")


def company(connection: DuckDBPyConnection, choice: Choice | None, limits: Limits, figures: Figures) -> Report:
    """Return the report per company and period, of one company, of several, or (without a choice) of all."""
    return _with_figures(connection, "company", {**_companies(choice), **bound(connection, limits)}, figures)


def company_genres(connection: DuckDBPyConnection, choice: Choice | None, limits: Limits, by: str = "year") -> Report:
    """Return the report per company, period and genre."""
    figures = Figures(by=by)
    parameters = {**_companies(choice), **bound(connection, limits), **_periods(figures)}
    return Report(connection, "company_genres", _sources(COLUMNS["company_genres"], figures), parameters, by)


def genres(connection: DuckDBPyConnection, limits: Limits, figures: Figures) -> Report:
    """Return the report per period and genre, in each period the most popular genre first.

    Raises:
        UsageError: it is asked for films without a genre, which are in none of its rows.
    """
    parameters = bound(connection, limits)
    if parameters["no_genre"]:
        message = "films without a genre are in no row of genres: see 'films --genre none' or 'company --genres'"
        raise UsageError(message)
    return _with_figures(connection, "genres", parameters, figures)


def films(connection: DuckDBPyConnection, choice: Choice | None, limits: Limits, figures: Figures) -> Report:
    """Return the films behind the figures of the other reports, by the day of their release."""
    return _with_figures(connection, "films", {**_companies(choice), **bound(connection, limits)}, figures)


def companies(connection: DuckDBPyConnection, search: str | None) -> Report:
    """Return the catalogue of companies, of all or of those whose names hold the words; the most films first."""
    names = [match["name"] for match in matches(connection, search)] if search and search.split() else None
    return _listing(connection, "companies", {"companies": names})


def genre_list(connection: DuckDBPyConnection, search: str | None) -> Report:
    """Return the catalogue of genres, of all or of those whose names hold the words; the most films first."""
    return _listing(connection, "genre_list", {"search": " ".join((search or "").split()) or None})


def history(connection: DuckDBPyConnection) -> Report:
    """Return the ledger, the newest ingest first."""
    return _listing(connection, "history", {})


def rejects(connection: DuckDBPyConnection, ingest: int | None, reason: str | None) -> Report:
    """Return the rejects of an ingest, of the last run if none is named.

    Raises:
        NotFoundError: there was no such ingest.
        UsageError: there is no such reason.
    """
    if reason is not None:
        known("reason", reason, REASONS)
    last = queries.run(connection, "last_run")[0]["id"]
    ingest = last if ingest is None else ingest
    if not 1 <= ingest <= last:
        message = f"there was no ingest {ingest}: they go from 1 to {last}"
        raise NotFoundError(message)
    return _listing(connection, "rejects", {"ingest": ingest, "reason": reason})


def changes(connection: DuckDBPyConnection, change: str | None) -> Report:
    """Return what the last ingest changed; all of it, or only films added, changed or removed.

    Raises:
        UsageError: there is no such change.
    """
    if change is not None:
        known("change", change, CHANGES)
    return _listing(connection, "changes", {"change": change})


def schema(connection: DuckDBPyConnection) -> Report:
    """Return the tables and columns of the database, those about films first."""
    return _listing(connection, "schema", {})


def answer(connection: DuckDBPyConnection, text: str) -> Report:
    """Return what a statement of the user's own gives; columns of one name are numbered.

    Raises:
        UsageError: it is not one statement that can be read, or it gives no rows.
    """
    columns: dict[str, str] = {}
    relation = queries.answer(connection, text)
    for column in relation.columns:
        number = next(number for number in count() if _numbered(column, number) not in columns)
        columns[_numbered(column, number)] = column
    return Report(connection, "sql", columns, {}, relation=relation)


def origin(report: Report) -> dict[str, Any]:
    """Return what a file with the report should tell: the ingest, the SHA-256 of its source, what popularity means."""
    last = queries.run(report.connection, "last_ingest")
    found = {"ingest": last[0]["id"], "source_sha256": last[0]["source_sha256"]} if last else {}
    has_popularity = "popularity" in report.columns and "popularity" in report.parameters
    return {**found, "popularity": meaning(report)} if has_popularity else found


def meaning(report: Report) -> str:
    """Say what popularity means in a report; of the weighted rating also what it rests on, in this very data."""
    kind = str(report.parameters["popularity"])
    words = POPULARITY[kind]
    if kind != "weighted":
        return words
    scale = queries.run(report.connection, "steps/vote_scale")[0]
    if scale["m"] is None or scale["c"] is None:
        return f"{words}: no film has votes whose mean is known"
    numbers = f"m = {scale['m']:,.10g} votes and C = {scale['c']:.4f}"
    return f"{words} (v*R + m*C) / (v + m) of v votes with the mean R, where {numbers}"


def _listing(connection: DuckDBPyConnection, name: str, parameters: Mapping[str, object]) -> Report:
    return Report(connection, name, {column: column for column in COLUMNS[name]}, parameters)


def _with_figures(
    connection: DuckDBPyConnection, name: str, parameters: Mapping[str, object], figures: Figures
) -> Report:
    wanted = one_or_more(figures.metrics) or METRICS
    sources = _sources([column for column in COLUMNS[name] if column not in METRICS or column in wanted], figures)
    first = next(metric for metric in (*one_or_more(figures.metrics), *sources) if metric in METRICS)
    ranking = {
        "top": figures.top or figures.bottom,
        "sign": -1 if figures.bottom else 1,
        "top_by": sources.get(first, first),
        "min_films": figures.min_films,
    }
    return Report(connection, name, sources, {**parameters, **ranking, **_periods(figures)}, figures.by)


def _sources(columns: Sequence[str], figures: Figures) -> dict[str, str]:
    """Pair the columns of an export with those of the query: periods by their names, means in place of sums."""
    sources = {}
    for column in columns:
        if column == "year":
            if figures.by != "all":
                sources[figures.by] = "period" if figures.by in {"quarter", "month"} else "year"
        else:
            sources[column] = f"mean_{column}" if figures.average and column in MONEY else column
    return sources


def _periods(figures: Figures) -> dict[str, object]:
    return {"by": figures.by, "popularity": figures.popularity}


def _companies(choice: Choice | None) -> dict[str, object]:
    return {"companies": list(choice.names) if choice else None, "label": choice.label if choice else None}


def _numbered(column: str, number: int) -> str:
    return f"{column}_{number}" if number else column


def _alias(source: str, column: str) -> str:
    return column if source == column else f"{source} AS {column}"
