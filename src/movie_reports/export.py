"""Files for programs: CSV, JSON, NDJSON and Parquet, with exact figures and empty or null for unknown."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from movie_reports.errors import UsageError
from movie_reports.files import replacing
from movie_reports.reports import Report, origin

FORMATS = ("csv", "json", "ndjson", "parquet")


def choose(export: str | None, output: Path | None) -> str:
    """Return the format asked for: by name, or else by the ending of the output file.

    Raises:
        UsageError: the ending tells of none.
    """
    if export:
        return export
    ending = output.suffix.lstrip(".").lower() if output else ""
    if ending not in FORMATS:
        message = f"{output} does not tell its format: add --export {'|'.join(FORMATS)}"
        raise UsageError(message)
    return ending


def to_file(report: Report, kind: str, path: Path) -> None:
    """Write a report to a file, which is the old one or the new, never half."""
    with replacing(path) as stream:
        to_stream(report, kind, stream)


def to_stream(report: Report, kind: str, stream: IO[bytes]) -> None:
    """Write a report as bytes in one of the formats."""
    if kind == "parquet":
        _parquet(report, stream)
        return
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    try:
        {"csv": _csv, "json": _json, "ndjson": _ndjson}[kind](report, text)
    finally:
        text.detach()


def _csv(report: Report, stream: IO[str]) -> None:
    writer = csv.writer(stream)
    writer.writerow(report.columns)
    own = report.is_own  # only a statement of the user's own can give lists and truth values
    writer.writerows(([_field(value) for value in row] for row in report.rows) if own else report.rows)


def _field(value: Any) -> Any:  # noqa: ANN401
    """Write true and false in lower case, and lists and structs as JSON; all else as it is."""
    return _value(value) if isinstance(value, (bool, list, dict)) else value


def _value(value: Any) -> str:  # noqa: ANN401
    return json.dumps(
        value, ensure_ascii=False, default=lambda other: float(other) if isinstance(other, Decimal) else str(other)
    )


def _json(report: Report, stream: IO[str]) -> None:
    lines = ",\n".join(f"  {line}" for line in _objects(report))
    stream.write(f"[\n{lines}\n]\n" if lines else "[]\n")


def _ndjson(report: Report, stream: IO[str]) -> None:
    stream.writelines(f"{line}\n" for line in _objects(report))


def _objects(report: Report) -> list[str]:
    return [_value(dict(zip(report.columns, row, strict=True))) for row in report.rows]


def _parquet(report: Report, stream: IO[bytes]) -> None:
    """Write real types, and in the metadata which ingest the figures come from."""
    from pyarrow import parquet  # noqa: PLC0415 (loaded where it is used)

    table = report.table()
    metadata = {f"movie_reports.{key}": str(value) for key, value in origin(report).items()}
    parquet.write_table(table.replace_schema_metadata(metadata), stream)
