"""The keyword arguments of the methods of `Database`; see `Request` for their meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

Names = str | Sequence[str] | None


class FilmOptions(TypedDict, total=False):
    """The keyword arguments that say which films count."""

    genre: Names
    country: Names
    collection: Names
    keyword: Names
    person: Names
    role: Names
    title: str | None
    year: str | int | None
    month: str | int | None
    weekday: Names
    runtime: str | int | None
    language: Names
    status: Names
    min_votes: int | None
    min_budget: str | int | None
    min_revenue: str | int | None
    complete: bool
    all_of: bool
    has: Names


class ListOptions(FilmOptions, total=False):
    """The keyword arguments of a list of films."""

    sort: str | None
    metrics: Names
    popularity: str
    top: int | None
    bottom: int | None


class FigureOptions(FilmOptions, total=False):
    """The keyword arguments of a report with figures."""

    metrics: Names
    popularity: str
    top: int | None
    bottom: int | None
    by: str
    average: bool
    quantile: str | float | None
    min_films: int


class SubjectOptions(FigureOptions, total=False):
    """The keyword arguments of a report on another subject than companies, which are a filter of it."""

    company: Names
    all_matches: bool
    exact: bool
