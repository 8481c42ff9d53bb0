"""The title of a report, made from its request."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Sequence

from movie_reports.errors import NotFoundError
from movie_reports.reports.catalog import Shape
from movie_reports.reports.columns import Column
from movie_reports.reports.report import Report
from movie_reports.reports.requests.choices import COMPARED, MONEY, POPULARITY, Metric, Period, Popularity
from movie_reports.reports.subjects import COMPANY, GENRE, SEARCHED, Subject
from movie_reports.text import count

NAMED = 3
PAIR = 2


def title(report: Report, with_popularity: bool = True) -> str:  # noqa: FBT001, FBT002
    """Return the title of a report: its names, its periods, and its filters in brackets.

    It says what popularity means, unless that is the TMDB figure, or `with_popularity` is False.
    """
    if report.spec.shape in {Shape.names, Shape.rows}:
        return report.spec.title
    subject = " ".join(filter(None, (_subject(report), _period(report))))
    filters = [*_filters(report), *_ranks(report)]
    popularity = report.request.popularity
    if with_popularity and popularity is not Popularity.popularity and Metric.popularity in report.names:
        filters.append(f"popularity: {POPULARITY[popularity][0]}")
    return f"{subject} ({', '.join(filters)})" if filters else subject


def nothing_matches(report: Report) -> NotFoundError:
    """Return the error that a report has no rows."""
    return NotFoundError(f"no film matches: {title(report)}")


def is_of_all_names(report: Report) -> bool:
    """Whether a report has rows for all names of its subject."""
    return report.spec.subject is not None and not _names(report)


def order(report: Report) -> str:
    """Return what a heading adds to the title: which rows come first, if a figure decides that."""
    request, subject = report.request, report.spec.subject
    if report.spec.shape is Shape.names:
        return ", most films first"
    if request.sort is not None:
        column, direction = request.sorting
        return f", by {_called(report, column)}{' descending' if direction == 'DESC' else ''}"
    is_ranked = report.spec.shape is Shape.figures and not report.has_one_name
    if not is_ranked or request.limit is not None or not (request.metrics or (subject and subject.order)):
        return ""
    within = "" if request.by is Period.all else f"of each {request.by.words} "
    superlative = "most" if report.ranking is Metric.releases else "highest"
    return f", {superlative} {_ranking(report)} {within}first"


def measure(report: Report, column: Column) -> str:
    """Return what a figure is called: with its statistic, or what it compares."""
    if column.name in COMPARED:
        return f"{column.title} {'by' if column.name == Metric.rank else 'of'} {_ranking(report)}"
    if column.name in MONEY and report.request.statistic:
        return f"{report.request.statistic} {column.name}".capitalize()
    return column.title


def in_a_sentence(heading: str) -> str:
    """Return a heading without its capital letter, unless it is an abbreviation."""
    return heading if heading[1:2].isupper() else heading[:1].lower() + heading[1:]


def _ranks(report: Report) -> list[str]:
    """Say which rows are kept, unless all are."""
    request = report.request
    found = [f"at least {request.min_films} films each"] if request.min_films > 1 else []
    if request.limit is None:
        return found
    end = "top" if request.bottom is None else "bottom"
    which = f"{end} {request.limit}"
    if report.spec.subject and request.by is not Period.all:
        which = (
            f"{end} {count(request.limit, request.by.words)}"
            if report.has_one_name
            else f"{which} of each {request.by.words}"
        )
    return [*found, f"{which} by {_ranking(report)}"]


def _ranking(report: Report) -> str:
    metric = report.ranking
    words = _called(report, metric)
    return f"{report.request.statistic} {words}" if report.request.statistic and metric in MONEY else words


def _called(report: Report, name: str) -> str:
    """Return what a column is called in a sentence: a metric as tables head it."""
    column = next(column for column in report.spec.columns if column.name == name)
    return in_a_sentence(column.title) if column.is_metric else name.replace("_", " ")


def _names(report: Report) -> Sequence[str]:
    """Return the names whose rows are asked for."""
    return getattr(report.request, report.spec.subject.name, ()) if report.spec.subject else ()


def _subject(report: Report) -> str:
    # a film belongs to one company or the other (or to both with --all-of), a report covers both
    if report.spec.subject and _names(report):
        return _named(report, report.spec.subject, "and")
    if report.spec.subject is None and report.request.company:
        return f"Films of {_named(report, COMPANY, _any_or_all(report))}"
    return report.spec.title


def _named(report: Report, subject: Subject, word: str) -> str:
    """Join a few names, or say how many there are."""
    names: Sequence[str] = getattr(report.request, subject.name)
    if subject is COMPANY and report.request.label is not None:
        noun = "company" if len(names) == 1 else "companies"
        return f'{len(names)} {noun} with "{report.request.label}" in the name'
    if len(names) > NAMED:
        return f"{len(names)} {subject.table}"
    *first, last = names
    return f" {word} ".join(filter(None, (", ".join(first), last)))


def _period(report: Report) -> str:
    if report.spec.shape is Shape.films:
        return ""
    by = report.request.by
    words = ["genre"] if report.spec.shape is Shape.by_genre else []
    words += [] if by is Period.all else [by.words]
    over = "over all years" if by is Period.all and not _years(report) else ""
    return " ".join(filter(None, (f"by {' and '.join(words)}" if words else "", over)))


def _filters(report: Report) -> list[str]:
    request, subject = report.request, report.spec.subject
    headed = subject or COMPANY  # whose names the title begins with
    others = [each for each in SEARCHED if each is not headed and request.named(each.name)]
    genres = () if subject is GENRE else (*request.genres, *(["without a genre"] if request.no_genre else []))
    return [
        *_listed(_years(report), _months(report), " or ".join(day.capitalize() for day in request.weekday)),
        *(each.films.format(_named(report, each, _any_or_all(report))) for each in others),
        *_listed(f"as {' or '.join(request.role)}" if request.role else ""),
        *_listed(f" {_any_or_all(report)} ".join(genres), _both(report)),
        *_listed(f'"{request.title}" in the title' if request.title is not None else ""),
        *_listed(
            _between(*request.runtimes, " minutes"), " or ".join(each.replace("-", " ") for each in request.status)
        ),
        *_listed(f"original language {' or '.join(request.language)}" if request.language else ""),
        *_listed(f"at least {count(request.min_votes, 'vote')}" if request.min_votes else ""),
        *_listed(f"budget from ${request.min_budget:,}" if request.min_budget else ""),
        *_listed(f"revenue from ${request.min_revenue:,}" if request.min_revenue else ""),
        *_listed(" and ".join(f"with a known {name}" for name in request.has)),
        *_listed("complete films only" if request.complete else ""),
    ]


def _listed(*texts: str) -> list[str]:
    return [text for text in texts if text]


def _any_or_all(report: Report) -> str:
    return "and" if report.request.all_of else "or"


def _both(report: Report) -> str:
    """Say that films must have all names of which there are rows."""
    names = _names(report)
    which = "both" if len(names) == PAIR else f"all {len(names)}"
    return f"films of {which} only" if report.request.all_of and len(names) > 1 else ""


def _years(report: Report) -> str:
    if report.request.undated:
        return "without a date"
    return _between(*report.request.years)


def _between(first: int | None, last: int | None, unit: str = "") -> str:
    """Describe a span of numbers; an open one has no words."""
    if first is None or last is None:
        return f"from {first}{unit}" if first else f"until {last}{unit}" if last else ""
    return f"{first}{unit}" if first == last else f"{first}-{last}{unit}"


def _months(report: Report) -> str:
    first, last = report.request.months
    if first is None or last is None:
        return ""
    return month_name[first] if first == last else f"{month_name[first]} to {month_name[last]}"
