"""The records of a file that cannot be loaded, as they stand in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute
from movie_reports.ingestion.reading import headers
from movie_reports.ingestion.reading.csv_records import Scan, locate
from movie_reports.ingestion.sources.files import Member

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Reject = dict[str, object]
OUT_OF_ORDER = {"reason": "quotes", "message": "its quotation marks are out of order"}


def find(
    connection: DuckDBPyConnection, movies: Member, scan: Scan, errors: Sequence[Mapping[str, Any]]
) -> tuple[list[Reject], int]:
    """Return the records that cannot be loaded, with their line, text and reason; and the number of repeated headers.

    Raises:
        RefusedError: one of them is a different header.
    """
    refused = locate(scan, set(), {error["byte"] for error in errors})
    reasons = {record.number: error for record, error in zip(refused, errors, strict=True)}
    rows = execute.run(connection, "ingest/find_rejects")
    numbers = _record_numbers([row["row"] for row in rows], sorted(reasons))
    reasons |= dict(zip(numbers, rows, strict=True))
    found = [(record.line, record.raw, reasons[record.number]) for record in locate(scan, set(reasons), set())]
    found += [(line, raw, OUT_OF_ORDER) for line, raw in scan.damaged]
    found.sort(key=lambda reject: reject[0])
    kinds = [headers.compare(movies, raw) for _, raw, _ in found]
    if False in kinds:
        raise headers.refusal(movies, found[kinds.index(False)][0])
    return [
        {"file": movies.name, "line": line, "reason": error["reason"], "message": error["message"], "raw": _text(raw)}
        for (line, raw, error), kind in zip(found, kinds, strict=True)
        if kind is None
    ], kinds.count(True)


def _record_numbers(rows: Sequence[int], refused: Sequence[int]) -> list[int]:
    """Turn row numbers of the table raw into record numbers, which also count the header and the refused records.

    Both arguments are in ascending order.
    """
    numbers, before = [], 0
    for row in rows:
        while before < len(refused) and refused[before] <= row + 1 + before:
            before += 1
        numbers.append(row + 1 + before)
    return numbers


def _text(raw: bytes) -> str:
    """Decode a record as text, with escapes for NUL and for bytes that are not UTF-8."""
    return raw.decode(errors="backslashreplace").replace("\0", "\\x00")
