"""Builds the SQL statement for a request from the lines of figures.sql that it needs, and the filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import indent

from movie_reports.reports.catalog import Shape, Spec
from movie_reports.reports.columns import PERIOD_COLUMNS, YEAR, Column, Kind
from movie_reports.reports.requests.choices import ALWAYS, COMPARED, Metric, Period
from movie_reports.reports.requests.request import Request
from movie_reports.reports.statements import comparison, filters, lines
from movie_reports.reports.subjects import GENRE, Subject

COVERAGE = ("releases", "complete", "known_budgets", "known_revenues")
"""What a table needs besides the figures, to mark those that are not known for all films."""
CODES = "replace(translate(CAST({0} AS varchar(100000)), '[]{{}} ', ''), ',', ' ') AS {0}"
"""A list of ids or codes with blanks between them; engines write it as [1, 2] or {1,2}."""


@dataclass(frozen=True)
class Statement:
    """One SELECT, and the values of its parameters."""

    text: str
    parameters: Mapping[str, object]


def columns(spec: Spec, request: Request) -> tuple[Column, ...]:
    """Return the columns of a report: with the period requested, and the figures requested, in that order.

    A figure to sort by is shown, too.
    """
    sorted_by = [name for name in spec.metrics if name == request.sorting[0]]
    wanted = [each for each in dict.fromkeys([*request.metrics, *sorted_by]) if each not in ALWAYS]
    by_name = {column.name: column for column in spec.columns}
    found: list[Column] = []
    for column in spec.columns:
        if column is YEAR:
            found += [PERIOD_COLUMNS[request.by]] if request.by is not Period.all else []
        elif request.metrics and column.is_metric and column.name not in ALWAYS:
            found += [by_name[name] for name in wanted if name in by_name]
            wanted = []
        elif column.usual or column.name in sorted_by:
            found.append(column)
    return tuple(found)


def ranking(spec: Spec, request: Request) -> Metric:
    """Return the metric that ranks rows and is compared: that of the sort, the first one requested, or the usual one.

    It is never a comparison; those that are requested alone are of the releases.
    """
    shown = [Metric(column.name) for column in spec.columns if column.is_metric]
    if request.sorting[0] in shown:
        return Metric(request.sorting[0])
    usual = spec.subject.order if spec.subject and spec.subject.order else shown[0]
    asked = [metric for metric in request.metrics if metric in shown and metric not in COMPARED]
    return next(iter(asked), Metric.releases if {*request.metrics} & {*COMPARED} else usual)


def has_one_name(spec: Spec, request: Request) -> bool:
    """Whether all rows of a report are of one name."""
    subject = spec.subject
    if subject is None:
        return False
    return request.together(subject.name) is not None or len(request.named(subject.name)) == 1


def report(spec: Spec, request: Request, extra: Sequence[str] = ()) -> Statement:
    """Return the statement of a report, from figures.sql or films.sql; `extra` are figures that tables need, too."""
    parameters: dict[str, object] = {}
    shown = [column.name for column in columns(spec, request)]
    shown += [name for name in extra if name not in shown]
    if spec.subject is None:
        text = _films(request, shown, parameters)
    elif spec.shape is Shape.by_genre:
        return Statement(_by_genre(spec, spec.subject, request, parameters), parameters)
    elif {*shown} & {*COMPARED}:
        wide = replace(comparison.with_the_period_before(request), min_films=1)  # all names are compared
        plain = [name for name in shown if name not in COMPARED]
        text = _figures(spec, spec.subject, wide, plain, parameters, all_names=True)
        text = comparison.statement(text, spec.subject, request, ranking(spec, request), shown, parameters)
    else:
        text = _figures(spec, spec.subject, request, shown, parameters)
    if request.limit is not None:
        text = _ranked(spec, request, text, shown, parameters)
    else:
        text += f"\nORDER BY {', '.join(_order(spec, request))}"
    return Statement(text, parameters)


def total(spec: Spec, request: Request, figures: Sequence[str]) -> Statement:
    """Return the statement of the total of a report: over distinct films, each counted once; comparisons have none."""
    parameters: dict[str, object] = {}
    figures = [name for name in figures if name not in COMPARED]
    where = _films_in_rows(spec.subject, request, parameters)
    return Statement(lines.select(lines.figures(figures, request), lines.FACTS, where), parameters)


def placeholders(spec: Spec, request: Request) -> Statement:
    """Return the statement of how many films are dated 1 January, of those in January or of all with a date."""
    parameters: dict[str, object] = {}
    where = _films_in_rows(spec.subject, request, parameters)
    where.append("calendar_month = 1" if request.is_about_months else "release_date IS NOT NULL")
    items = ["sum(CASE WHEN calendar_month = 1 AND extract(day FROM release_date) = 1 THEN 1 ELSE 0 END)", "count(*)"]
    return Statement(
        lines.select(
            [f"CAST(coalesce({items[0]}, 0) AS bigint) AS placeholders", f"{items[1]} AS dated"], lines.FACTS, where
        ),
        parameters,
    )


def genre_totals(spec: Spec, request: Request) -> Statement:
    """Return the statement of the releases of each genre over all periods and companies, each film counted once."""
    parameters: dict[str, object] = {}
    where = _films_in_rows(spec.subject, request, parameters)
    return Statement(_by_genre_of([], [], lines.FACTS, where, request), parameters)


def _figures(  # noqa: PLR0913 (what is grouped, and which names)
    spec: Spec,
    subject: Subject,
    request: Request,
    shown: Sequence[str],
    parameters: dict[str, object],
    *,
    all_names: bool = False,
) -> str:
    """Group the films of each name and period."""
    keys = _keys(spec, request)
    items = [_key(name, subject, request, parameters) for name in keys]
    items += lines.figures([name for name in shown if name not in {*keys, subject.codes.name}], request)
    source, where = _source(subject, request, parameters, all_names=all_names)
    group = [name for name in keys if name != subject.name or request.together(name) is None]
    if spec.shape is Shape.names:
        items.insert(1, CODES.format(subject.codes.name))
        source += f"\nJOIN {subject.table} ON {subject.table}.name = {source}.{subject.name}"
        group.append(subject.codes.name)
    text = lines.select(items, source, where)
    if group:
        text += f"\nGROUP BY {', '.join(group)}"
    if request.min_films > 1:
        parameters["min_films"] = request.min_films
        text += "\nHAVING count(*) >= $min_films"
    elif not group:
        text += "\nHAVING count(*) > 0"
    return text


def _films(request: Request, shown: Sequence[str], parameters: dict[str, object]) -> str:
    """List films."""
    items, source = lines.parts("films")
    chosen = [lines.meaning(items[name], request.popularity) for name in shown]
    return lines.select(chosen, source, filters.of_films(request, parameters))


def _by_genre(spec: Spec, subject: Subject, request: Request, parameters: dict[str, object]) -> str:
    """Count the films of each name and period by their genres."""
    keys = [name for name in _keys(spec, request) if name != GENRE.name]
    source, where = _source(subject, request, parameters)
    return _by_genre_of(keys, [_key(name, subject, request, parameters) for name in keys], source, where, request)


def _by_genre_of(keys: Sequence[str], items: Sequence[str], source: str, where: Sequence[str], request: Request) -> str:
    """Count films by genre for each of some keys, together with the number of distinct films."""
    groups = [key for key, item in zip(keys, items, strict=True) if key == item]
    over = f"PARTITION BY {', '.join(groups)}" if groups else ""
    films = lines.select([*items, "id", f"count(*) OVER ({over}) AS films"], source, where)
    names = "".join(f"{name}, " for name in keys)
    order = "".join(f"{name} NULLS LAST, " for name in keys)
    return (
        f"WITH films AS (\n{indent(films, '    ')}\n)\n"
        f"SELECT {names}genre, count(*) AS releases, films\nFROM films\n"
        "LEFT JOIN (\n    SELECT movie_genres.movie_id, genres.name AS genre\n    FROM movie_genres\n"
        "    JOIN genres ON genres.id = movie_genres.genre_id\n) AS film_genres ON film_genres.movie_id = films.id\n"
        f"{_genre_rows(request)}GROUP BY {names}genre, films\nORDER BY {order}genre NULLS LAST"
    )


def _genre_rows(request: Request) -> str:
    """Return the filter of the rows of a report by genre; its values are bound already by the filter of the films."""
    chosen = [filters.among(GENRE, "genre", request.genres, {})] if request.genres else []
    chosen += ["genre IS NULL"] if request.no_genre else []
    return f"WHERE {' OR '.join(chosen)}\n" if chosen else ""


def _keys(spec: Spec, request: Request) -> list[str]:
    return [column.name for column in columns(spec, request) if column.kind in {Kind.name, Kind.period}]


def _key(name: str, subject: Subject, request: Request, parameters: dict[str, object]) -> str:
    """Return the SQL of a key of the rows; names that are taken together have one."""
    label = request.together(subject.name) if name == subject.name else None
    if label is None:
        return name
    parameters["label"] = label
    return f"CAST($label AS varchar({len(label) or 1})) AS {name}"


def _source(
    subject: Subject, request: Request, parameters: dict[str, object], *, all_names: bool = False
) -> tuple[str, list[str]]:
    """Return the view of a subject, and the filters; for names taken together, one with each film once."""
    if request.together(subject.name) is not None:
        return lines.FACTS, filters.of_films(request, parameters)
    where = [] if all_names else filters.of_rows(subject, request, parameters)
    where = [*where, *filters.of_roles(subject, request)]
    return f"{subject.name}_films", [*where, *filters.of_films(request, parameters, subject)]


def _films_in_rows(subject: Subject | None, request: Request, parameters: dict[str, object]) -> list[str]:
    """Return the filters of the films that are in any row of a report on a subject."""
    if subject and not request.named(subject.name):
        request = replace(request, has=(*request.has, subject.name))
    return filters.of_films(request, parameters)


def _order(spec: Spec, request: Request) -> list[str]:
    """Return the order of the rows; it is total, so that the same data always give the same bytes."""
    if spec.shape is Shape.films:
        return [*_sorted(request), "release_date NULLS LAST", "title NULLS LAST", "id"]
    if spec.shape is Shape.names:
        return ["films DESC NULLS LAST", *_keys(spec, request)]
    name: list[str] = [spec.subject.name] if spec.subject else []
    period = [] if request.by is Period.all else [f"{request.by.column} NULLS LAST"]
    if has_one_name(spec, request):
        return period or name
    if not request.metrics and spec.subject and spec.subject.order is None:
        return name + period
    return [*period, f"{ranking(spec, request)} DESC NULLS LAST", *name]


def _sorted(request: Request) -> list[str]:
    """Return the order by the column that was asked for, if one was."""
    column, direction = request.sorting
    return [f"{column} {direction} NULLS LAST"] if column else []


def _ranked(spec: Spec, request: Request, text: str, shown: Sequence[str], parameters: dict[str, object]) -> str:
    """Keep the highest or lowest rows: of each period, or of all rows if they have one name or none."""
    metric = ranking(spec, request)
    is_of_periods = spec.subject and request.by is not Period.all and not has_one_name(spec, request)
    partition = f"PARTITION BY {request.by.column} " if is_of_periods else ""
    direction = "DESC" if request.bottom is None else "ASC"
    first = [f"{request.by.column} NULLS LAST"] if is_of_periods else _sorted(request)
    rest = [each for each in _order(spec, replace(request, metrics=())) if each not in first]
    if spec.subject and spec.subject.order:
        rest = [each for each in rest if not each.startswith(spec.subject.order)]
    parameters["limit"] = request.limit
    return (
        f"SELECT {', '.join(shown)}\nFROM (\n"
        f"    SELECT *, rank() OVER ({partition}ORDER BY {metric} {direction} NULLS LAST) AS place\n"
        f"    FROM (\n{indent(text, ' ' * 8)}\n    ) AS figures\n) AS ranked\n"
        f"WHERE place <= $limit AND {metric} IS NOT NULL\n"
        f"ORDER BY {', '.join([*first, 'place', *rest])}"
    )
