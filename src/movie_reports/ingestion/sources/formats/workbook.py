"""An Excel workbook becomes a CSV file: the sheet of films, or the one that comes nearest to it."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from movie_reports.errors import MovieReportsError, RefusedError
from movie_reports.ingestion.sources.formats import unzip
from movie_reports.ingestion.sources.header import MOST_TITLES
from movie_reports.ingestion.sources.paths import too_large

BLOCK = 1 << 20
MIDNIGHT = dt.time()


def to_csv(
    path: Path, target: Path, name: str, most: int, count_fields: Callable[[Sequence[str]], tuple[bool, int]]
) -> None:
    """Write a sheet of a workbook as CSV.

    Args:
        path: the workbook.
        target: the CSV file.
        name: the workbook as the user knows it.
        most: no more bytes than these are unpacked or written.
        count_fields: tells of a header whether it is of films, and how many fields of films it has.

    Raises:
        RefusedError: several sheets have films.
        MovieReportsError: the workbook is damaged or too large, or the library that reads it is not installed.
    """
    try:
        import python_calamine as calamine  # noqa: PLC0415 (an extra)
    except ImportError as error:
        message = f"{name} is an Excel workbook: pip install 'movie-reports[xlsx]', or save the sheet of films as CSV"
        raise MovieReportsError(message) from error
    _check_size(path, name, most)
    try:
        with path.open("rb") as file:
            book = calamine.CalamineWorkbook.from_object(file)
            sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
            starts = {sheet.name: _start(book.get_sheet_by_name(sheet.name).iter_rows()) for sheet in sheets}
            found = {sheet: max(map(count_fields, rows), default=(False, 0)) for sheet, rows in starts.items()}
            films = [sheet for sheet, (has_films, _) in found.items() if has_films]
            if len(films) > 1:
                message = f"{name} has films on the sheets {' and '.join(films)}: keep the right one"
                raise RefusedError(message)
            nearest = max(found, key=lambda sheet: found[sheet], default=None)
            rows = book.get_sheet_by_name(nearest).iter_rows() if nearest is not None else iter(())
            with target.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out, lineterminator="\n").writerows(_counted(out, rows, name, most))
    except (calamine.CalamineError, ValueError) as error:
        message = f"{name} is cut off or damaged: {' '.join(str(error).split())[:200]}"
        raise MovieReportsError(message) from error


def _start(rows: Iterator[Sequence[Any]]) -> list[list[str]]:
    """Return the rows among which the header is."""
    return list(islice((texts for row in rows if any(texts := [_text(cell) for cell in row])), MOST_TITLES))


def _counted(out: Any, rows: Iterator[Sequence[Any]], name: str, most: int) -> Iterator[list[str]]:  # noqa: ANN401
    """Give rows as text as long as what has been written is not too large."""
    for number, row in enumerate(rows):
        if number % 1000 == 0 and out.tell() > most:
            raise too_large(name, most)
        texts = [_text(cell) for cell in row]
        if any(texts):
            yield texts
    if out.tell() > most:
        raise too_large(name, most)


def _text(cell: Any) -> str:  # noqa: ANN401
    """Write a cell as text: days in the ISO form, and numbers without a point where they are whole."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return str(cell.date() if cell.time() == MIDNIGHT else cell)
    return str(cell)


def _check_size(path: Path, name: str, most: int) -> None:
    """Refuse a workbook whose cells may take too much memory, since the library unpacks a whole sheet.

    A text that many cells share counts for each of them.
    """
    with zipfile.ZipFile(path) as archive:
        size, cells, longest = 0, 0, 0
        for info in archive.infolist():
            if not info.filename.lower().endswith(".xml"):
                continue
            is_texts, rest = "sharedstrings" in info.filename.lower(), b""
            with unzip.open_member(archive, info) as stream:
                while block := stream.read(BLOCK):
                    size += len(block)
                    *texts, rest = (rest + block).split(b"</si>" if is_texts else b"<c ")
                    cells += 0 if is_texts else len(texts)
                    longest = max(longest, *map(len, texts)) if is_texts and texts else longest
                    if size + cells * longest > most:
                        raise too_large(name, most)
