"""Files for programs: CSV, JSON, NDJSON and Parquet, with exact figures and empty or null for unknown."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from movie_reports.database import connection as database
from movie_reports.database import execute, sql
from movie_reports.database.errors import plain_temporary
from movie_reports.errors import UsageError
from movie_reports.files import replacing
from movie_reports.reports.choices import Format
from movie_reports.reports.report import Report, origin
from movie_reports.text import harmless, harmless_json

FORMATS = tuple(Format)
FORMULA = re.compile("[-=+@\uff1d\uff0b\uff0d\uff20\t\r\n]")  # what begins one; as in safe_cells.sql
COPIED = {"csv": "FORMAT csv, NEW_LINE '\r\n'", "json": "FORMAT json, ARRAY true", "ndjson": "FORMAT json"}


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


@contextmanager
def made(report: Report, kind: str, *, safe_cells: bool = False) -> Iterator[tuple[Path, int]]:
    """Make the file of an export in a folder of its own, and give it with the number of its rows.

    Args:
        report: any report.
        kind: one of the formats.
        safe_cells: in CSV, put an apostrophe before each text that a spreadsheet would take for a formula.

    Raises:
        MovieReportsError: there is no room for it.
    """
    with ExitStack() as stack:
        with plain_temporary():
            parent = database.temporary_folder(report.connection)
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="movie-reports-", dir=parent))
            path = Path(folder) / f"export.{kind}"
            if kind == "parquet":
                rows = _parquet(report, path)
            else:
                write = _copied if report.relation is None else _own
                rows = write(report, kind, path, safe_cells=safe_cells)
        yield path, rows


def to_file(made: Path, path: Path) -> None:
    """Bring the file of an export to its place, where the old one stays until it is whole."""
    with replacing(path) as stream:
        to_stream(made, stream)


def to_stream(made: Path, stream: IO[bytes]) -> None:
    """Write the file of an export as bytes."""
    with made.open("rb") as file:
        shutil.copyfileobj(file, stream)


def to_terminal(made: Path, stream: IO[bytes]) -> None:
    """Write the file of an export for a person to see, with nothing in it that steers: JSON keeps its meaning."""
    escaped = harmless if made.suffix == ".csv" else harmless_json
    with made.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            text = line.removesuffix("\n").removesuffix("\r")
            stream.write((escaped(text) + line[len(text) :]).encode())


def _copied(report: Report, kind: str, path: Path, *, safe_cells: bool) -> int:
    """Let the engine write a text, on all cores and without a row in the memory of this process."""
    wanted = report.statement
    text = f"WITH cells AS (\n{wanted.text}\n)\n{sql.read('reports/safe_cells')}" if safe_cells else wanted.text
    return execute.copy(report.connection, text, wanted.parameters, path, COPIED[kind])


def _parquet(report: Report, path: Path) -> int:
    """Write real types, and in the metadata which ingest the figures come from."""
    from pyarrow import parquet  # noqa: PLC0415 (loaded where it is used)

    table = report.table()
    metadata = {f"movie_reports.{key}": str(value) for key, value in origin(report).items()}
    parquet.write_table(table.replace_schema_metadata(metadata), path)
    return int(table.num_rows)


def _own(report: Report, kind: str, path: Path, *, safe_cells: bool) -> int:
    """Write what a statement of the user's own gives as text: its connection can write no file, and reach none."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        if kind == "csv":
            rows = ([_field(value) for value in row] for row in (report.names, *report.rows))
            csv.writer(stream).writerows(map(_safe, row) if safe_cells else row for row in rows)
        else:
            objects = (_value(dict(zip(report.names, row, strict=True))) for row in report.rows)
            if kind == "ndjson":
                stream.writelines(f"{line}\n" for line in objects)
            else:
                stream.write("[\n\t" + ",\n\t".join(objects) + "\n]\n")
    return len(report.rows)


def _field(value: Any) -> Any:  # noqa: ANN401
    """Write true and false in lower case, lists and structs as JSON, bytes as text; all else as it is."""
    if isinstance(value, (bool, list, dict)):
        return _value(value)
    return _exact(value) if isinstance(value, bytes) else value


def _safe(cell: Any) -> Any:  # noqa: ANN401
    """Keep a spreadsheet from taking a text for a formula; a figure is none."""
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def _value(value: Any) -> str:  # noqa: ANN401
    return json.dumps(_exact(value), ensure_ascii=False, separators=(",", ":"))


def _exact(value: Any) -> Any:  # noqa: ANN401
    """Return a value as JSON can hold it: what is no finite number is null, and what no float can hold a text."""
    if isinstance(value, dict):
        return {str(key): _exact(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(each) for each in value]
    if isinstance(value, Decimal):
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return value.decode(errors="backslashreplace")
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
