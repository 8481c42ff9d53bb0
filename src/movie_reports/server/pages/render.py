"""Fills in the templates: the page of a report, the start page, the status, an error."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from movie_reports.reports import names, status
from movie_reports.reports.choices import Format, Metric, Period
from movie_reports.reports.report import Report
from movie_reports.reports.request import Request
from movie_reports.reports.title import nothing_matches, title
from movie_reports.server.pages.form import form
from movie_reports.server.pages.view import ROWS, address, drawing, grid
from movie_reports.text import count, harmless
from movie_reports.version import __version__

if TYPE_CHECKING:
    from movie_reports.server.data import Version

HERE = Path(__file__).parent
SECTIONS = {
    "Companies": {"company": "Figures", "company-genres": "By genre", "companies": "All names"},
    "Genres": {"genres": "Figures", "genre-list": "All names"},
    "Films": {"films": "Films"},
    "Data": {
        "status": "Status",
        "history": "Ingests",
        "changes": "Changes",
        "rejects": "Rejects",
        "schema": "Schema",
        "api": "API",
    },
}
"""The pages of each section, by their addresses."""
LEADERS = Request(by=Period.all, metrics=(Metric.profit,), top=10)
COVERED = {"Budget known": "known_budgets", "Revenue known": "known_revenues", "Both known": "complete"}


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, name: str, heading: str, version: Version | None, **content: Any) -> bytes:  # noqa: ANN401
    """Fill in a template; `name` is the address of the page, for the navigation."""
    here = next((pages for pages in SECTIONS.values() if name in pages), {})
    sections = [
        {"text": text, "address": next(iter(pages)), "is_here": pages is here} for text, pages in SECTIONS.items()
    ]
    siblings = [{"text": text, "address": each, "is_here": each == name} for each, text in here.items()]
    shared = {
        "name": name,
        "heading": heading,
        "sections": sections,
        "siblings": siblings if len(siblings) > 1 else [],
        "version": version.run if version else None,
        "loaded": version.loaded if version else None,
        "tool": __version__,
    }
    return _templates().get_template(f"{template}.html").render(shared | content).encode()


def report(version: Version, found: Report, number: int, remarks: Sequence[str]) -> bytes:
    """Return the page of a report; `number` is that of the page of its table, from 1.

    Raises:
        NotFoundError: no film matches.
    """
    spec = found.spec
    if not found.records and not found.may_be_empty:
        raise nothing_matches(found)
    table = grid(found, number) if found.records else None
    drawn, not_drawn = drawing(found)
    request = found.request
    downloads = [
        (each.value, f"api/v1/{address(spec.name, request, format=each.value)}") for each in Format if table is not None
    ]
    genres = names.beginning_with(found.connection, "genres", "")
    return page(
        "report",
        spec.name,
        harmless(title(found)),
        version,
        about=table.about.removeprefix(", ").removeprefix(": ").capitalize() if table else "",
        remarks=[*map(harmless, remarks), *not_drawn],
        form=form(spec, request, genres),
        drawing=drawn,
        grid=table,
        pages=_pages(found, number, table.total) if table else [],
        nothing=f"No {spec.title.lower()}.",
        downloads=downloads,
        sql=found.pasted,
    )


def _pages(found: Report, number: int, total: int) -> list[tuple[str, str]]:
    """Return the addresses of the pages before and after one of a long table."""
    last = (total - 1) // ROWS + 1
    number = min(number, last)
    others = {"Previous": number - 1, "Next": number + 1, "Last": last}
    return [
        (text, address(found.spec.name, found.request, **({"page": other} if other > 1 else {})))
        for text, other in others.items()
        if 1 <= other <= last and other != number and not (text == "Last" and other == number + 1)
    ]


def start(version: Version) -> bytes:
    """Return the start page: what is in the database, how sure it is, and where it comes from."""
    found = version.database.status()
    films, last = found["movies"], found["last_ingest"]
    with version.database.report("companies", Request()) as companies:
        largest = [row["company"] for row in companies.records[:2]]
        years = [row[key] for row in companies.records for key in ("first_year", "last_year") if row[key] is not None]
    with version.database.report("company", LEADERS) as leaders:
        drawn, _ = drawing(leaders) if films else (None, [])
        leaders_title = harmless(title(leaders))
    span = f", released from {min(years)} to {max(years)}" if years else ""
    about = f"{count(films, 'film')} of {found['companies']:,} companies in {count(found['genres'], 'genre')}{span}."
    return page(
        "start",
        "",
        "What films cost, earned and were liked",
        version,
        about=about,
        questions=_questions(largest),
        drawing=drawn,
        drawing_title=leaders_title,
        coverage=[(text, round(found[key] / films * 100), f"{found[key] / films:.0%}") for text, key in COVERED.items()]
        if films
        else [],
        facts=status.record_counts(last) if last else [("Loaded", "nothing yet")],
    )


def _questions(largest: Sequence[str]) -> list[tuple[str, str]]:
    """Return a few questions with the addresses of their answers; `largest` are companies with many films."""
    profit, by_decade = (Metric.profit,), Request(by=Period.decade, metrics=(Metric.revenue,), top=3)
    found = [
        ("Which films made the highest profit?", address("films", Request(metrics=profit, top=20))),
        ("Which companies lost the most?", address("company", Request(by=Period.all, metrics=profit, bottom=10))),
        ("Which genre was the most popular of each year?", address("genres", Request(top=1, min_films=5))),
        ("Which genres earned the most, decade by decade?", address("genres", by_decade)),
    ]
    if len(largest) > 1:
        both = Request(company=tuple(largest), exact=True, metrics=(Metric.revenue,))
        found.insert(0, (f"{harmless(' or '.join(largest))}: who earned more?", address("company", both)))
    return found


def status_page(version: Version) -> bytes:
    """Return the page about the data."""
    return page("status", "status", "Status", version, facts=status.in_words(version.database.status()))


def error(name: str, message: str, candidates: Sequence[tuple[str, str | None]], ways: Sequence[tuple[str, str]]) -> bytes:
    """Return the page of an error, with addresses of what may have been meant."""
    return page("error", name, "Nothing found", None, message=message, candidates=candidates, ways=ways)
