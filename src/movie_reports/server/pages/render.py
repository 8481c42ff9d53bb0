"""Fills in the templates: the page of a report, the start page, the status, an error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from movie_reports.reports import names, status
from movie_reports.reports.catalog import REPORTS, Shape
from movie_reports.reports.report import Report
from movie_reports.reports.requests.choices import Format, Metric, Period
from movie_reports.reports.requests.request import Request
from movie_reports.reports.subjects import GENRE, SUBJECTS
from movie_reports.reports.title import nothing_matches, title
from movie_reports.server import openapi
from movie_reports.server.answers.formats import HAS_EXCEL, MOST_ROWS
from movie_reports.server.pages.form import Form, form
from movie_reports.server.pages.view import CHARTED, ROWS, address, drawing, grid
from movie_reports.text import count, harmless
from movie_reports.version import __version__

if TYPE_CHECKING:
    from movie_reports.server.answers.data import Version

HERE = Path(__file__).parent
PARTS = {Shape.figures: "Figures", Shape.by_genre: "By genre", Shape.names: "All names"}
SECTIONS = {
    **{
        subject.title: {spec.name: PARTS[spec.shape] for spec in REPORTS.values() if spec.subject is subject}
        for subject in SUBJECTS
    },
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
HEADINGS = {HTTPStatus.NOT_FOUND: "Nothing found", HTTPStatus.BAD_REQUEST: "This cannot be answered"}
DOWNLOADS = {
    Format.csv: "CSV",
    Format.json: "JSON",
    Format.ndjson: "NDJSON",
    Format.parquet: "Parquet",
    Format.arrow: "Arrow",
    Format.tsv: "TSV",
    Format.markdown: "Markdown",
    Format.html: "HTML",
    **({Format.xlsx: "Excel"} if HAS_EXCEL else {}),
}
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
    """Fill in a template; `name` is the address of the page, for the navigation, which keeps the request, if any."""
    asked = content.pop("request", Request())
    section, here = next((each for each in SECTIONS.items() if name in each[1]), ("", {}))
    chosen = {subject.title for subject in SUBJECTS if subject.is_chosen}  # of which there may be nothing to show
    chosen -= {subject.title for subject in SUBJECTS if version and version.status[subject.table]}
    sections = [
        {"text": text, "address": next(iter(pages)), "is_here": text == section}
        for text, pages in SECTIONS.items()
        if text not in chosen or text == section
    ]
    siblings = [
        {"text": text, "address": address(each, asked) if each in REPORTS else each, "is_here": each == name}
        for each, text in here.items()
    ]
    shared = {
        "root": "",
        "name": name,
        "heading": heading,
        "section": section,
        "sections": sections,
        "siblings": siblings if len(siblings) > 1 else [],
        "version": version.key if version else None,
        "loaded": version.loaded if version else None,
        "tool": __version__,
    }
    return _templates().get_template(f"{template}.html").render(shared | content).encode()


def report(version: Version, found: Report, asked: Request, number: int, remarks: Sequence[str]) -> bytes:
    """Return the page of a report; `asked` is the request as it was typed, `number` that of the page of its table.

    Raises:
        NotFoundError: no film matches.
    """
    spec = found.spec
    found = replace(found, in_parts=spec.shape not in CHARTED)  # a chart needs all rows
    if not found.records and not found.may_be_empty:
        raise nothing_matches(found)
    table = grid(found, number) if found.records else None
    request = _again(found, asked)
    downloads = [
        (DOWNLOADS[each], f"api/v1/{address(spec.name, request, **_form(each))}")
        for each in DOWNLOADS
        if table is not None and (each is not Format.json or len(found.records) <= MOST_ROWS)
    ]
    if table is not None and spec is REPORTS["rejects"]:
        downloads.append(("records as in their file", f"api/v1/{address(spec.name, request, records='true')}"))
    genres = names.beginning_with(found.connection, GENRE, "")
    return page(
        "report",
        spec.name,
        harmless(title(found)),
        version,
        about=table.about.removeprefix(", ").removeprefix(": ").capitalize() if table else "",
        remarks=list(map(harmless, remarks)),
        request=request,
        form=form(spec, request, genres),
        drawing=drawing(found) if table else None,
        grid=table,
        pages=_pages(spec.name, request, number, table.total) if table else [],
        nothing=f"No {spec.title.lower()}.",
        downloads=downloads,
        sql=found.pasted,
    )


def _form(each: Format) -> dict[str, Any]:
    """Return the parameters that ask the API for a format; JSON has some rows at a time."""
    return {"format": each.value} | ({"limit": MOST_ROWS} if each is Format.json else {})


def _again(found: Report, asked: Request) -> Request:
    """Return the request that gives the same report again, with its names as they are in the database."""
    if found.spec.shape not in {Shape.figures, Shape.by_genre, Shape.films}:
        return asked
    label = found.request.label
    return found.request if label is None else replace(found.request, company=(label,), label=None)


def _pages(name: str, request: Request, number: int, total: int) -> list[tuple[str, str]]:
    """Return the addresses of the pages before and after one of a long table."""
    last = (total - 1) // ROWS + 1
    number = min(number, last)
    others = {"Previous": number - 1, "Next": number + 1, "Last": last}
    return [
        (text, address(name, request, **({"page": other} if other > 1 else {})))
        for text, other in others.items()
        if 1 <= other <= last and other != number and not (text == "Last" and other == number + 1)
    ]


def start(version: Version) -> bytes:
    """Return the start page: what is in the database, how sure it is, and where it comes from."""
    found = version.database.status()
    films, last = found["movies"], found["last_ingest"]
    if not films:
        return page("empty", "", "No films yet", version)
    with version.database.report("companies", Request()) as companies:
        largest = [row["company"] for row in replace(companies, in_parts=True).records[:2]]
    with version.database.report("company", LEADERS) as leaders:
        drawn = drawing(leaders) if leaders.records else None
        drawn_title = harmless(title(leaders))
    return page(
        "start",
        "",
        "What films cost, and what they earned",
        version,
        about=f"{count(films, 'film')} of {found['companies']:,} companies in {count(found['genres'], 'genre')}.",
        questions=_questions(largest),
        drawing=drawn,
        drawing_title=drawn_title,
        coverage=[
            (text, round(found[key] / films * 100), f"{found[key] / films:.0%}") for text, key in COVERED.items()
        ],
        facts=status.record_counts(last),
    )


def _questions(largest: Sequence[str]) -> list[tuple[str, str]]:
    """Return a few questions with the addresses of their answers; `largest` are companies with many films."""
    profit, by_decade = (Metric.profit,), Request(by=Period.decade, metrics=(Metric.revenue,), top=3)
    found = [
        ("Which films made the highest profit?", address("films", Request(metrics=profit, top=20))),
        ("Which companies lost the most?", address("company", Request(by=Period.all, metrics=profit, bottom=10))),
        ("Which genre was the most popular each year?", address("genres", Request(top=1, min_films=5))),
        ("Which genres earned the most, decade by decade?", address("genres", by_decade)),
    ]
    if len(largest) > 1:
        both = Request(company=tuple(largest), exact=True, metrics=(Metric.revenue,))
        found.insert(0, (f"{harmless(' or '.join(largest))}: who earned more?", address("company", both)))
    return found


def status_page(version: Version) -> bytes:
    """Return the page about the data."""
    return page("status", "status", "Status", version, facts=_facts(version))


def api() -> bytes:
    """Return the page about the API, made from its description."""
    found = openapi.document()
    paths = [
        (
            path.lstrip("/"),
            each["get"]["summary"],
            [(one["name"], one["description"]) for one in each["get"]["parameters"]],
        )
        for path, each in found["paths"].items()
    ]
    return page("api", "api", "For programs", None, about=found["info"]["description"], paths=paths)


def error(  # noqa: PLR0913 (all that the page says)
    name: str,
    code: HTTPStatus,
    message: str,
    candidates: Sequence[tuple[str, str | None]],
    ways: Sequence[tuple[str, str]],
    *,
    root: str,
    form: Form | None = None,
) -> bytes:
    """Return the page of an error, with the addresses of what may have been meant and of what can be done.

    `root` leads to the start page, if the address of the error is below it; `form` is what was sent, to be corrected.
    """
    heading = "Which one did you mean?" if candidates else HEADINGS.get(code, code.phrase)
    text = f"{message[:1].upper()}{message[1:]}"
    return page("error", name, heading, None, message=text, candidates=candidates, ways=ways, root=root, form=form)


def _facts(version: Version) -> status.Pairs:
    """Return the status in words, without the folder of the database."""
    found = version.database.status()
    return status.in_words({**found, "database": version.database.path.name})
