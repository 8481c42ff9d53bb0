"""Turns the filters of a request into predicates of SQL, from the lines of filters.sql, and binds their values."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from movie_reports.database import sql
from movie_reports.reports.requests.choices import Weekday
from movie_reports.reports.requests.request import Request
from movie_reports.reports.subjects import GENRE, PERSON, SUBJECTS, Subject


def of_films(request: Request, parameters: dict[str, object], but: Subject | None = None) -> list[str]:
    """Return the predicates of the filters in use, but for the names of a subject, and bind their values."""
    filters, values = _lines(), _values(request)
    parameters.update(values)
    found = [*(filters[name] for name in values), *_of_months(request, parameters)]
    found += [filters[name] for name in ("undated", "complete") if getattr(request, name)]
    for subject in SUBJECTS:
        names = request.named(subject.name) if subject is not but else ()
        either = [_of_names(subject, names, request, parameters)] if names else []
        either += [filters["no_genre"]] if subject is GENRE and request.no_genre else []
        if either:
            found.append(either[0] if len(either) == 1 else f"({' OR '.join(either)})")
        if subject.name in request.has:
            where = "".join(f" WHERE {each}" for each in of_roles(subject, request))
            found.append(f"id IN (SELECT movie_id FROM movie_{subject.table}{where})")
    return found


def _values(request: Request) -> dict[str, object]:
    """Return the parameters of the filters in use, whose names are those of the filters."""
    years, runtimes = request.years, request.runtimes
    is_one_year = years.first == years.last
    found = {
        "year": years.first if is_one_year else None,
        "first_year": None if is_one_year else years.first,
        "last_year": None if is_one_year else years.last,
        "first_runtime": runtimes.first,
        "last_runtime": runtimes.last,
        "title": request.title,
        "weekdays": [list(Weekday).index(day) + 1 for day in request.weekday] or None,
        "languages": list(request.language) or None,
        "statuses": [status.value for status in request.status] or None,
        "min_votes": request.min_votes,
        "min_budget": request.min_budget,
        "min_revenue": request.min_revenue,
    }
    return {name: value for name, value in found.items() if value is not None}


def _of_months(request: Request, parameters: dict[str, object]) -> list[str]:
    """Return the predicate of the months, which may span a new year, and bind them."""
    first, last = request.months
    if first is None or last is None:
        return []
    parameters.update(first_month=first, last_month=last)
    return [_lines()["months" if first <= last else "months_over_new_year"]]


def _of_names(subject: Subject, names: Sequence[str], request: Request, parameters: dict[str, object]) -> str:
    """Return the predicate of films that have one of some names, or all of them; a film has a name only once."""
    table, links = subject.table, f"movie_{subject.table}"
    chosen = f"        WHERE {among(subject, f'{table}.name', names, parameters)}\n"
    chosen += "".join(f"            AND {each}\n" for each in of_roles(subject, request))
    if request.all_of and len(names) > 1:
        parameters[f"{subject.name}_names"] = len(names)
        chosen += f"        GROUP BY {links}.movie_id\n        HAVING count(*) = ${subject.name}_names\n"
    return (
        f"id IN (\n        SELECT {links}.movie_id\n        FROM {links}\n"
        f"        JOIN {table} ON {table}.id = {links}.{subject.name}_id\n{chosen}    )"
    )


def of_roles(subject: Subject, request: Request) -> list[str]:
    """Return the predicate of what a person did for a film, if that is asked."""
    if subject is not PERSON or not request.role:
        return []
    roles = " OR ".join(f"is_{role}" for role in request.role)
    return [f"({roles})" if len(request.role) > 1 else roles]


def of_rows(subject: Subject, request: Request, parameters: dict[str, object]) -> list[str]:
    """Return the predicate of the rows of the names requested, if any are, and bind them."""
    names = request.named(subject.name)
    return [among(subject, subject.name, names, parameters)] if names else []


def among(subject: Subject, column: str, names: Sequence[str], parameters: dict[str, object]) -> str:
    """Return the predicate that a column has one of some names, and bind them."""
    if len(names) == 1:
        parameters[subject.name] = names[0]
        return f"{column} = ${subject.name}"
    parameters[subject.table] = list(names)
    return f"array_contains(${subject.table}, {column})"


@cache
def _lines() -> dict[str, str]:
    """Return the predicates of filters.sql by the names behind them."""
    lines = [line.partition("  -- ") for line in sql.read("reports/filters").splitlines()]
    return {name: line.strip().removeprefix("AND ") for line, mark, name in lines if mark}
