"""The catalogue: the reports with their columns.

Exports, JSON Schema, tables, charts and help are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from movie_reports.reports.columns import (
    BUDGET,
    COMPANY_NAME,
    COMPARISONS,
    COMPLETE,
    FILM_FIELDS,
    FILMS,
    GENRE_NAME,
    MORE_FIGURES,
    PERIOD_COLUMNS,
    POPULARITY_COLUMN,
    PROFIT,
    RELEASES,
    REVENUE,
    TITLE,
    YEAR,
    Column,
    Kind,
)
from movie_reports.reports.requests.choices import ALWAYS, METRICS, PERIODS
from movie_reports.reports.subjects import COLLECTION, COMPANY, COUNTRY, GENRE, KEYWORD, PERSON, SUBJECTS, Subject


class Shape(StrEnum):
    """How a report is drawn as a table; the statement of `rows` is the file in queries/reports that has its name."""

    figures = "figures"
    by_genre = "by genre"
    films = "films"
    names = "names"
    rows = "rows"


@dataclass(frozen=True, eq=False)  # each is one of a kind, so that it is a quick key
class Spec:
    """A report.

    Attributes:
        name: its name in commands and exports.
        title: its heading.
        columns: the columns of every export, in order; `year` stands for the period requested.
        shape: how it is drawn.
        options: the fields of `Request` that it takes.
        subject: the names by which its films are grouped.
        query: the file in queries/reports with its statement, if that has another name.
        since: the report in its place if `since` is asked for.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    shape: Shape = Shape.rows
    options: tuple[str, ...] = ()
    subject: Subject | None = None
    query: str = ""
    since: Spec | None = None

    @property
    def metrics(self) -> list[str]:
        """The names that `--metric` takes."""
        return [column.name for column in self.columns if column.is_metric]

    @property
    def has_figures(self) -> bool:
        """Whether its figures can be chosen with `--metric`."""
        return self.shape in {Shape.figures, Shape.films}


_COMPANIES = ("company", "all_matches", "exact")
FILM_FILTERS = (
    *("genre", "country", "collection", "keyword", "person", "role", "title", "year", "month", "weekday"),
    *("runtime", "language", "status"),
    *("min_votes", "min_budget", "min_revenue", "complete", "all_of", "has"),
)
_FIGURES = ("metrics", "by", "average", "quantile", "popularity", "top", "bottom", "min_films")


def _figures(subject: Subject) -> Spec:
    """Return the report on the films of each name."""
    figures = (RELEASES, BUDGET, REVENUE, PROFIT, POPULARITY_COLUMN, *MORE_FIGURES, *COMPARISONS, COMPLETE)
    options = (*_COMPANIES, *FILM_FILTERS, *_FIGURES)
    return Spec(subject.figures, subject.title, (subject.column, YEAR, *figures), Shape.figures, options, subject)


def _names(subject: Subject) -> Spec:
    """Return the list of the names."""
    columns = (
        subject.column,
        subject.codes,
        FILMS,
        Column("first_year", "integer", "Year of the first release.", Kind.number, nullable=True, drop=30),
        Column("last_year", "integer", "Year of the last release.", Kind.number, nullable=True, drop=31),
        BUDGET,
        REVENUE,
        PROFIT,
        COMPLETE,
    )
    return Spec(subject.catalogue, subject.title, columns, Shape.names, ("search",), subject)


def _ledger(name: str, type_: str = "string", meaning: str = "As in the ledger.", **options: Any) -> Column:  # noqa: ANN401
    options.setdefault("kind", Kind.tally if type_ == "integer" else Kind.text)
    return Column(name, type_, meaning, **options)


EVENTS = Spec(
    "changes",
    "Changes",
    (
        Column("version", "integer", "Version of this form of events: 1.", Kind.number, shown=False),
        Column("ingest", "integer", "Number of the ingest that changed the film.", Kind.number),
        Column("loaded_at", "string", "When the ingest ended, in UTC.", drop=30),
        Column("number", "integer", "Number of the event among those of the ingest, from 1.", Kind.number, drop=10),
        Column("count", "integer", "Number of the events of the ingest.", Kind.number, shown=False),
        Column("change", "string", "added, changed or removed."),
        Column("id", "integer", "TMDB id of the film.", Kind.number),
        Column("title", "string", "Title of the film.", nullable=True, drop=20),
        Column(
            "before",
            "object",
            "The fields that changed, as they were; all fields of a removed film, null for an added one.",
            nullable=True,
            drop=40,
            fields=FILM_FIELDS,
        ),
        Column(
            "after",
            "object",
            "The same fields as they are now; all fields of an added film, null for a removed one.",
            nullable=True,
            drop=50,
            fields=FILM_FIELDS,
        ),
    ),
    options=("change", "since"),
    query="events",
)
"""What several ingests changed, for programs that follow: one row a film and ingest."""


REPORTS: Mapping[str, Spec] = {
    spec.name: spec
    for spec in (
        _figures(COMPANY),
        _figures(COUNTRY),
        _figures(COLLECTION),
        _figures(KEYWORD),
        _figures(PERSON),
        Spec(
            "company-genres",
            "Companies",
            (
                COMPANY_NAME,
                YEAR,
                Column("genre", "string", "Name of the genre; null for films without one.", Kind.name, nullable=True),
                Column("releases", "integer", "Number of films.", Kind.tally),
                FILMS,
            ),
            Shape.by_genre,
            (*_COMPANIES, *FILM_FILTERS, "by"),
            COMPANY,
        ),
        Spec(
            "genres",
            "Genres",
            (
                YEAR,
                GENRE_NAME,
                POPULARITY_COLUMN,
                BUDGET,
                REVENUE,
                PROFIT,
                *MORE_FIGURES,
                *COMPARISONS,
                RELEASES,
                COMPLETE,
            ),
            Shape.figures,
            (*_COMPANIES, *FILM_FILTERS, *_FIGURES),
            GENRE,
        ),
        Spec(
            "films",
            "Films",
            (
                Column("id", "integer", "TMDB id of the film.", Kind.number, drop=25),
                TITLE,
                Column(
                    "release_date",
                    "string",
                    "Day of the first release, such as 1995-10-30.",
                    Kind.period,
                    "Released",
                    nullable=True,
                ),
                Column("companies", "string", "Names of the companies, between '; '.", nullable=True, drop=10),
                Column("genres", "string", "Names of the genres, between '; '.", nullable=True, drop=15),
                BUDGET,
                REVENUE,
                PROFIT,
                POPULARITY_COLUMN,
                *MORE_FIGURES,
                replace(COMPLETE, kind=Kind.flag),
            ),
            Shape.films,
            (*_COMPANIES, *FILM_FILTERS, "metrics", "popularity", "top", "bottom", "sort"),
        ),
        *map(_names, SUBJECTS),
        Spec(
            "history",
            "Ingests",
            (
                Column("id", "integer", "Number of the ingest.", Kind.number),
                Column("started_at", "string", "Start, in UTC.", Kind.time, "Started"),
                Column("finished_at", "string", "End, in UTC.", Kind.time, shown=False),
                _ledger("outcome"),
                Column("reason", "string", "Why it was refused or failed, or a warning.", nullable=True, shown=False),
                _ledger("mode", shown=False),
                _ledger("source", drop=5),
                _ledger("source_sha256", nullable=True, shown=False),
                _ledger("files", nullable=True, shown=False),
                _ledger("records", "integer", nullable=True, drop=60),
                _ledger("movies", "integer", nullable=True, heading="Films", drop=50),
                _ledger("duplicates", "integer", nullable=True, drop=10),
                _ledger("rejects", "integer", nullable=True, drop=40),
                _ledger("repaired", "integer", nullable=True, shown=False),
                _ledger("films_added", "integer", nullable=True, heading="Added", drop=30),
                _ledger("films_changed", "integer", nullable=True, heading="Changed", drop=20),
                _ledger("films_removed", "integer", nullable=True, heading="Removed", drop=25),
                _ledger("films_unchanged", "integer", nullable=True, shown=False),
                _ledger("ratings", "integer", nullable=True, shown=False),
                _ledger("ratings_matched", "integer", nullable=True, shown=False),
                _ledger("ratings_unread", "integer", nullable=True, shown=False),
                _ledger("films_merged", "integer", nullable=True, shown=False),
                _ledger("removals", "integer", nullable=True, shown=False),
                _ledger("events_since", "integer", nullable=True, shown=False),
                _ledger("loaded_with", nullable=True, shown=False),
                _ledger("tool_version", shown=False),
                _ledger("engine_version", shown=False),
                Column("decisions", "string", "How the source was read.", nullable=True, shown=False),
            ),
        ),
        Spec(
            "rejects",
            "Rejects",
            (
                Column("ingest", "integer", "Number of the ingest.", Kind.number, shown=False),
                Column("file", "string", "Name of the file in the source."),
                Column("line", "integer", "Physical line on which the record begins.", Kind.number),
                Column("reason", "string", "Short code of what is wrong."),
                Column("message", "string", "What is wrong, in words.", drop=30),
                Column("raw", "string", "The record as it is in the file.", drop=20),
            ),
            options=("ingest", "reason"),
        ),
        Spec(
            "changes",
            "Changes",
            (
                Column("id", "integer", "TMDB id of the film.", Kind.number),
                Column("title", "string", "Title of the film.", nullable=True, drop=10),
                Column("change", "string", "added, changed or removed."),
                Column("field", "string", "The field that changed.", nullable=True),
                Column("old", "string", "Its value before, as text.", nullable=True, drop=20),
                Column("new", "string", "Its value now, as text.", nullable=True, drop=30),
            ),
            options=("change", "since"),
            since=EVENTS,
        ),
        Spec(
            "schema",
            "Schema",
            (
                Column("in_table", "string", "Name of the table or view."),
                Column("name", "string", "Name of the column."),
                Column("type", "string", "Its type in DuckDB."),
                Column("key", "string", "primary key or not null.", nullable=True),
                Column("comment", "string", "What it means.", nullable=True),
            ),
        ),
    )
}

SCHEMAS: Mapping[str, Spec] = {**REPORTS, EVENTS.query: EVENTS}
"""The reports by the names under which their JSON Schema is published."""


def json_schema(spec: Spec) -> dict[str, Any]:
    """Return the JSON Schema of what a report's JSON export contains, with any of its options.

    The period is named after `--by`, and `--metric` leaves out other figures, so neither is required.
    """
    columns: list[Column] = []
    for column in spec.columns:
        columns += PERIOD_COLUMNS.values() if column is YEAR else [column]
    optional = {period.column for period in PERIODS}
    if spec.has_figures:
        optional |= {metric.value for metric in METRICS} - set(ALWAYS)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"movie-reports {spec.query or spec.name}",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {column.name: column.json_schema() for column in columns},
            "required": [column.name for column in columns if column.name not in optional],
            "additionalProperties": False,
        },
    }
