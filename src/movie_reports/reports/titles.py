"""What a report is called, from what it was asked for."""

from __future__ import annotations

from movie_reports.reports.catalog import POPULARITY
from movie_reports.reports.report import Report

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
NAMED = 3
LISTED = {
    "companies": "Companies",
    "genre_list": "Genres",
    "history": "Ingests",
    "rejects": "Rejects",
    "changes": "Changes",
}


def title(report: Report, *, with_popularity: bool = True) -> str:
    """Return the heading of a report: what it is about, by which period, within which limits.

    Args:
        report: any of the reports.
        with_popularity: add what popularity means, where that is not TMDB's own figure.
    """
    if report.name in LISTED:
        return LISTED[report.name]
    limits = [text for text in (_years(report), _months(report), _genres(report), _complete(report)) if text]
    subject = " ".join(filter(None, (_subject(report), _period(report))))
    least = report.parameters.get("min_films", 1)
    if least != 1:
        limits.append(f"rows of at least {least} films")
    if report.parameters.get("top") is not None:
        end = "bottom" if report.parameters["sign"] == -1 else "top"
        limits.append(f"{end} {report.parameters['top']} by {str(report.parameters['top_by']).replace('_', ' ')}")
    popularity = report.parameters.get("popularity", "popularity")
    if with_popularity and popularity != "popularity" and "popularity" in report.columns:
        limits.append(f"popularity: {POPULARITY[str(popularity)]}")
    return f"{subject} ({', '.join(limits)})" if limits else subject


def _subject(report: Report) -> str:
    companies, label = report.parameters.get("companies"), report.parameters.get("label")
    if not isinstance(companies, list):
        return {"genres": "Genres", "films": "Films"}.get(report.name, "Companies")
    if label:
        noun = "company" if len(companies) == 1 else "companies"
        named = f'{len(companies)} {noun} with "{label}" in the name'
    elif len(companies) > NAMED:
        named = f"{len(companies)} companies"
    else:
        joined = " or " if report.name == "films" else " and "  # a film is of either, a report on both
        named = joined.join(filter(None, [", ".join(companies[:-1]), companies[-1]]))
    return f"Films of {named}" if report.name == "films" else named


def _period(report: Report) -> str:
    if report.name == "films":
        return ""
    words = ["genre"] if report.name == "company_genres" else []
    words += [report.by] if report.by != "all" else []
    over = "over all years" if report.by == "all" and not _years(report) else ""
    return " ".join(filter(None, (f"by {' and '.join(words)}" if words else "", over)))


def _years(report: Report) -> str:
    if report.parameters["undated"]:
        return "without a date"
    first, last = report.parameters["first_year"], report.parameters["last_year"]
    if first == last:
        return "" if first is None else str(first)
    return f"from {first}" if last is None else f"until {last}" if first is None else f"{first}-{last}"


def _months(report: Report) -> str:
    first, last = report.parameters["first_month"], report.parameters["last_month"]
    if not isinstance(first, int) or not isinstance(last, int):
        return ""
    return MONTHS[first - 1] if first == last else f"{MONTHS[first - 1]} to {MONTHS[last - 1]}"


def _genres(report: Report) -> str:
    genres = report.parameters["genres"]
    names = [*genres] if isinstance(genres, list) else []
    return " or ".join([*names, *(["without a genre"] if report.parameters["no_genre"] else [])])


def _complete(report: Report) -> str:
    return "complete films only" if report.parameters["complete"] else ""
