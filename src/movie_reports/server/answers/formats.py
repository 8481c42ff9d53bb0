"""A report in the format that a client asks for: an export of the command line, or its rows with more about them."""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import msgspec

from movie_reports.errors import UsageError
from movie_reports.render import export
from movie_reports.reports.catalog import REPORTS, Shape, Spec
from movie_reports.reports.report import Report
from movie_reports.reports.requests.choices import known
from movie_reports.reports.requests.option import Option
from movie_reports.reports.requests.request import Request
from movie_reports.server.answers import question
from movie_reports.server.answers.data import Version

LARGE = 2**20
"""A body of more bytes is sent from a temporary file, and not kept."""
ROWS, VERSION = "Movie-Reports-Rows", "Movie-Reports-Version"
SNAPSHOT = "X-Data-Version"
"""The number of a snapshot: in an answer, that which it is from; in a request, the newest that the client has seen."""
MOST_ROWS = 10_000


class Kind(StrEnum):
    """The formats of an answer."""

    json = "json"
    csv = "csv"
    ndjson = "ndjson"
    parquet = "parquet"
    arrow = "arrow"
    tsv = "tsv"
    markdown = "markdown"
    html = "html"
    xlsx = "xlsx"
    sql = "sql"


MEDIA: Mapping[Kind, str] = {
    Kind.json: "application/json",
    Kind.csv: "text/csv; charset=utf-8; header=present",
    Kind.ndjson: "application/x-ndjson",
    Kind.parquet: "application/vnd.apache.parquet",
    Kind.arrow: "application/vnd.apache.arrow.file",
    Kind.tsv: "text/tab-separated-values; charset=utf-8",
    Kind.markdown: "text/markdown; charset=utf-8",
    Kind.html: "text/html; charset=utf-8",
    Kind.xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.sql: "text/plain; charset=utf-8",
}
TYPES: Mapping[str, Kind] = {media.partition(";")[0]: kind for kind, media in MEDIA.items() if kind is not Kind.html}
"""The formats by what a header Accept calls them; browsers prefer HTML wherever they are, so that is left out."""
HAS_EXCEL = find_spec("xlsxwriter") is not None
FORM: question.Definitions = {
    "format": (
        Kind | None,
        Option("The format; by default what the header Accept asks for, else JSON.", "Output"),
        None,
    ),
    "limit": (
        int,
        Option("The maximum number of rows in JSON; next leads to the others.", "Output", metavar="N"),
        1000,
    ),
    "offset": (int, Option("The number of rows to skip in JSON.", "Output", metavar="N"), 0),
    "safe_cells": (
        bool,
        Option("In CSV, put an apostrophe before each text that a spreadsheet would run.", "Output"),
        False,
    ),
}
"""The parameters of every report that say how it is written."""
RECORDS: question.Definitions = {
    "records": (bool, Option("Write the records as they are in their file, under its header.", "Output"), False)
}
"""The parameter of rejects that does so, too."""


class NotAcceptableError(UsageError):
    """The client accepts none of the formats."""


class Content:
    """A body that is too large for memory, in a temporary file that is removed when no request needs it."""

    def __init__(self, path: Path) -> None:
        """Copy a file."""
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as this object)
        self._lock = threading.Lock()
        with path.open("rb") as made:
            shutil.copyfileobj(made, self._file)
        self.size = self._file.tell()

    def read(self, offset: int) -> bytes:
        """Return the next bytes, for one of several clients."""
        with self._lock:
            self._file.seek(offset)
            return self._file.read(LARGE // 4)


@dataclass(frozen=True)
class Body:
    """The body of a response, and the headers that describe it."""

    content: bytes | Content
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """How a report is written: the values of `FORM`."""

    format: Kind = Kind.json
    limit: int = 1000
    offset: int = 0
    safe_cells: bool = False
    records: bool = False

    @cached_property
    def query(self) -> str:
        """The parameters, in the same order every time."""
        all_of_them = {**FORM, **RECORDS}
        return question.written({name: getattr(self, name) for name in all_of_them}, all_of_them)


def definitions(spec: Spec) -> question.Definitions:
    """Return the parameters of a report: its options, and those of its form."""
    return {**question.defined(spec), **FORM, **(RECORDS if spec is REPORTS["rejects"] else {})}


@lru_cache(question.REMEMBERED)
def split(spec: Spec, pairs: question.Pairs, accept: str) -> tuple[Request, Form]:
    """Read the parameters of a report and of its form; the format is that of `format`, else of the header Accept.

    Raises:
        UsageError: one is wrong.
        NotAcceptableError: the client accepts none of the formats.
    """
    found = question.values(definitions(spec), pairs)
    asked = {name: found.pop(name) for name in spec.options if name in found}
    named = found.pop("format", None)
    form = Form(Kind(known("format", named, tuple(Kind))) if named else _accepted(accept), **found)
    if not 1 <= form.limit <= MOST_ROWS:
        message = f"limit={form.limit}: give a whole number from 1 to {MOST_ROWS}; other formats have all rows"
        raise UsageError(message)
    for name, kind in (("limit", Kind.json), ("offset", Kind.json), ("safe_cells", Kind.csv)):
        if name in found and form.format is not kind:
            message = f"{name.replace('_', '-')} is for {kind} only"
            raise UsageError(message)
    if form.format is Kind.xlsx and not HAS_EXCEL:
        message = "this service writes no Excel files, since its extra xlsx is not installed: choose another format"
        raise UsageError(message)
    if form.records and (named or len(found) > 1):
        message = "records=true writes them as they are: leave out format, limit, offset and safe-cells"
        raise UsageError(message)
    return Request(**asked), form


def _accepted(accept: str) -> Kind:
    """Return the format that a header prefers."""
    weighed = []
    for each in accept.split(",") if accept.strip() else ["*/*"]:
        name, *parameters = (part.strip().lower() for part in each.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        weighed.append((float(quality) if re.fullmatch(r"[01](\.\d{0,3})?", quality) else 0.0, name))
    for weight, pattern in sorted(weighed, key=lambda each: -each[0]):
        found = next((kind for type_, kind in TYPES.items() if fnmatchcase(type_, pattern)), None)
        if weight and found:
            return found
    message = f"there is no such format: the header Accept may name {', '.join(TYPES)}"
    raise NotAcceptableError(message)


def body(version: Version, spec: Spec, request: Request, form: Form) -> Body:
    """Run a report and write it."""
    if form.records:
        text = version.database.reject_records(request.ingest, request.reason)
        headers = {"Content-Disposition": 'attachment; filename="records.csv"'}
        return Body(text.encode(), MEDIA[Kind.csv], headers)
    with version.database.report(spec.name, request) as report:
        if form.format is Kind.sql:
            return Body(report.pasted.encode(), MEDIA[Kind.sql])
        if form.format is Kind.json:
            return _envelope(version, report, request, form)
        with export.made(report, form.format, safe_cells=form.safe_cells) as (path, rows):
            content = path.read_bytes() if path.stat().st_size <= LARGE else Content(path)
        name = f"{_slug(spec, request)}.{'md' if form.format is Kind.markdown else form.format}"
        headers = {ROWS: str(rows), "Content-Disposition": f'attachment; filename="{name}"'}
        return Body(content, MEDIA[form.format], headers)


def _envelope(version: Version, report: Report, request: Request, form: Form) -> Body:
    """Write some rows as the exports of JSON have them, and what belongs to all rows."""
    with ThreadPoolExecutor(1) as second:  # a client waits a fifth less than for one after the other
        total = second.submit(_total, version, report.spec, request)
        kept = report.kept()
        rows, count = ",".join(kept.as_json(form.offset, form.limit)), len(kept)
    end = form.offset + form.limit
    more = replace(form, offset=end) if end < count else None
    about: dict[str, Any] = {
        "rows": msgspec.Raw(f"[{rows}]".encode()),
        "count": count,
        "total": total.result(),
        "version": version.key,
        "next": f"{report.spec.name}?{joined(question.query(report.spec, request), more.query)}" if more else None,
    }
    return Body(msgspec.json.encode(about), MEDIA[Kind.json], {ROWS: str(count)})


def _total(version: Version, spec: Spec, request: Request) -> dict[str, Any] | None:
    """Return the figures over all films of a report, if it has any; on a connection of its own."""
    if spec.shape in {Shape.names, Shape.rows}:
        return None
    with version.database.report(spec.name, request) as report:
        return report.total


def joined(*queries: str) -> str:
    """Join queries of a URL, of which some may be empty."""
    return "&".join(filter(None, queries))


def _slug(spec: Spec, request: Request) -> str:
    """Return a name for a file of a report, in plain letters."""
    text = re.sub("[^a-z0-9]+", "-", question.query(spec, request).lower())
    return f"{spec.name}-{text}"[:80].strip("-")
