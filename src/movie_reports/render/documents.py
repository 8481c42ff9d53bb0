"""Writes a report as a document for people: a table in Markdown, a page of HTML, or an Excel workbook."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from movie_reports.errors import MovieReportsError, UsageError

Rows = Iterable[Sequence[Any]]
Forms = Sequence[Callable[[Any], str] | None]
"""How the figures of each column are written for people; None for a column of other values."""
MARKUP = re.compile(r"[\\`*_\[\]<>&|~$#!:@\n\r]")  # what Markdown, or GitHub's, gives a meaning to
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>
<style>
table {{ border-collapse: collapse }}
th, td {{ padding: 0.2em 0.6em; border-bottom: 1px solid #ccc; text-align: left }}
.number {{ text-align: right; font-variant-numeric: tabular-nums }}
</style></head>
<body><h1>{title}</h1>
<table>
<thead><tr>{heads}</tr></thead>
<tbody>
"""
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # always, so that the same rows give the same bytes
MOST_ROWS = 2**20 - 1
LONGEST = 2**15 - 1  # characters of a cell


def markdown(path: Path, _: str, names: Sequence[str], rows: Rows, forms: Forms) -> None:
    """Write a table as GitHub's Markdown has them; characters of names with a meaning there are written as numbers."""

    def line(texts: Iterable[str]) -> str:
        return f"| {' | '.join(texts)} |\n"

    listed = list(rows)
    rules = ["---:" if number else "---" for number in _numbers(names, listed)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(line(map(_plain, names)) + line(rules))
        stream.writelines(line(_texts(row, forms, _plain)) for row in listed)


def page(path: Path, title: str, names: Sequence[str], rows: Rows, forms: Forms) -> None:
    """Write a page that needs no other file."""
    listed = list(rows)
    classes = [' class="number"' if number else "" for number in _numbers(names, listed)]

    def line(texts: Iterable[str], tag: str) -> str:
        return "".join(f"<{tag}{kind}>{text}</{tag}>" for kind, text in zip(classes, texts, strict=True))

    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(PAGE.format(title=html.escape(title), heads=line(map(html.escape, names), "th")))
        stream.writelines(f"<tr>{line(_texts(row, forms, html.escape), 'td')}</tr>\n" for row in listed)
        stream.write("</tbody>\n</table>\n</body>\n</html>\n")


def workbook(path: Path, title: str, names: Sequence[str], rows: Rows, _: Forms) -> None:
    """Write a workbook with one sheet, in which texts are never formulas or links, and figures are numbers.

    Raises:
        MovieReportsError: the library is not installed.
        UsageError: there are more rows, or a longer text, than a sheet can contain.
    """
    try:
        from xlsxwriter import Workbook  # noqa: PLC0415 (an extra)
    except ImportError as error:
        message = "writing Excel files needs the extra xlsx: pip install 'movie-reports[xlsx]'"
        raise MovieReportsError(message) from error
    listed = list(rows)
    if len(listed) > MOST_ROWS or any(isinstance(cell, str) and len(cell) > LONGEST for row in listed for cell in row):
        message = "a sheet of Excel has at most 1,048,576 rows, and a cell 32,767 characters: export another format"
        raise UsageError(message)
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with Workbook(path, {**plain, "constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"title": title, "created": MADE})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate([names, *listed]):
            sheet.write_row(number, 0, row)


WRITTEN: Mapping[str, Callable[[Path, str, Sequence[str], Rows, Forms], None]] = {
    "markdown": markdown,
    "html": page,
    "xlsx": workbook,
}


def _numbers(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[bool]:
    """Say which columns contain numbers, and nothing else."""
    values = [[row[place] for row in rows if row[place] is not None] for place in range(len(names))]
    return [bool(found) and all(isinstance(each, int | float) for each in found) for found in values]


def _texts(row: Sequence[Any], forms: Forms, escaped: Callable[[str], str]) -> Iterator[str]:
    """Return the texts of a row: figures as people write them, and anything else escaped."""
    for cell, form in zip(row, forms, strict=True):
        if cell is None:
            yield ""
        else:
            yield form(cell) if form and not isinstance(cell, str) else escaped(str(cell))


def _plain(text: str) -> str:
    return MARKUP.sub(lambda found: f"&#{ord(found[0])};", text)
