"""Writes exports with exact figures, empty or null where unknown; those for people as tables write them in full."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from movie_reports.database import execute, sql
from movie_reports.database.connection import temporary_folder
from movie_reports.database.errors import plain_temporary
from movie_reports.errors import UsageError
from movie_reports.files import replacing
from movie_reports.render import documents, values
from movie_reports.reports.report import Report, origin
from movie_reports.reports.requests.choices import Format
from movie_reports.reports.title import title
from movie_reports.text import harmless, harmless_json

FORMATS = tuple(Format)
FORMULA = re.compile("[-=+@\uff1d\uff0b\uff0d\uff20\t\r\n]")  # what begins one; as in safe_cells.sql
BINARY = {"parquet": "Parquet", "arrow": "Arrow", "xlsx": "Excel"}
DELIMITERS: Mapping[str, Any] = {"csv": {}, "tsv": {"delimiter": "\t", "lineterminator": "\n"}}
SUFFIXES = {"md": "markdown", "htm": "html"}
COPIED = {
    "csv": "FORMAT csv, NEW_LINE '\r\n'",
    "tsv": "FORMAT csv, DELIMITER '\t'",
    "json": "FORMAT json, ARRAY true",
    "ndjson": "FORMAT json",
}


def choose(export: str | None, output: Path | None) -> str:
    """Return the requested format: by name, or else by the suffix of the output file.

    Raises:
        UsageError: the suffix is not that of a format.
    """
    if export:
        return export
    ending = output.suffix.lstrip(".").lower() if output else ""
    ending = SUFFIXES.get(ending, ending)
    if ending not in FORMATS:
        message = f"{output} does not tell its format: add --export {'|'.join(FORMATS)}"
        raise UsageError(message)
    return ending


@contextmanager
def made(report: Report, kind: str, *, safe_cells: bool = False) -> Iterator[tuple[Path, int]]:
    """Write an export to a temporary folder, and yield its path and its number of rows.

    In CSV, `safe_cells` puts an apostrophe before each text that a spreadsheet would take for a formula.

    Raises:
        MovieReportsError: there is no space for it.
    """
    with ExitStack() as stack:
        with plain_temporary():
            parent = temporary_folder(report.connection)
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="movie-reports-", dir=parent))
            path = Path(folder) / f"export.{kind}"
            if kind in documents.WRITTEN:
                forms = [values.form(column) for column in report.columns]
                documents.WRITTEN[kind](path, _title(report), report.names, map(_cells, report.rows), forms)
                rows = len(report.rows)
            elif kind in BINARY:
                rows = _typed(report, kind, path)
            else:
                write = _copied if report.relation is None else _own
                rows = write(report, kind, path, safe_cells=safe_cells)
        yield path, rows


def to_file(made: Path, path: Path) -> None:
    """Copy an export to its final path, where an old file stays until the new one is complete."""
    with replacing(path) as stream:
        to_stream(made, stream)


def to_stream(made: Path, stream: IO[bytes]) -> None:
    """Copy an export to a stream of bytes."""
    with made.open("rb") as file:
        shutil.copyfileobj(file, stream)


def to_terminal(made: Path, stream: IO[bytes]) -> None:
    """Write an export to a terminal, with control characters escaped; JSON keeps its meaning."""
    escaped = harmless_json if made.suffix in {".json", ".ndjson"} else harmless
    if made.suffix == ".tsv":
        escaped = _harmless_between_tabs
    with made.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            text = line.removesuffix("\n").removesuffix("\r")
            stream.write((escaped(text) + line[len(text) :]).encode())


def _harmless_between_tabs(text: str) -> str:
    return "\t".join(map(harmless, text.split("\t")))


def _title(report: Report) -> str:
    return harmless(title(report)) or "movie-reports"


def _cells(row: Sequence[Any]) -> list[Any]:
    """Return values that a document can contain: numbers, and texts for all else."""
    return [value if value is None or _is_number(value) else str(_field(value)) for value in row]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _copied(report: Report, kind: str, path: Path, *, safe_cells: bool) -> int:
    """Let the engine write a text format, on all cores and without rows in the memory of Python."""
    wanted = report.local(report.statement)
    text = f"WITH cells AS (\n{wanted.text}\n)\n{sql.read('reports/safe_cells')}" if safe_cells else wanted.text
    return execute.copy(report.connection, text, wanted.parameters, path, COPIED[kind])


def _typed(report: Report, kind: str, path: Path) -> int:
    """Write typed columns as Parquet or as a file of Arrow, with the origin of the figures in the metadata."""
    import pyarrow as pa  # noqa: PLC0415 (loaded where it is used)
    from pyarrow import ipc, parquet  # noqa: PLC0415 (as above)

    metadata = {f"movie_reports.{key}": str(value) for key, value in origin(report).items()}
    table = report.table().replace_schema_metadata(metadata)
    if kind == "parquet":
        parquet.write_table(table, path)
    else:
        # a copy by row numbers has zeros in place of nulls, where the engine leaves what was in memory before
        copied = table.take(pa.array(range(table.num_rows), pa.int64()))
        with ipc.new_file(path, table.schema) as writer:
            writer.write_table(copied)
    return int(table.num_rows)


def _own(report: Report, kind: str, path: Path, *, safe_cells: bool) -> int:
    """Write the result of a statement of the user as text, since its sealed connection cannot write files."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        if kind in DELIMITERS:
            rows = ([_field(value) for value in row] for row in (report.names, *report.rows))
            csv.writer(stream, **DELIMITERS[kind]).writerows(map(_safe, row) if safe_cells else row for row in rows)
        else:
            objects = (_value(dict(zip(report.names, row, strict=True))) for row in report.rows)
            if kind == "ndjson":
                stream.writelines(f"{line}\n" for line in objects)
            else:
                stream.write("[\n\t" + ",\n\t".join(objects) + "\n]\n")
    return len(report.rows)


def _field(value: Any) -> Any:  # noqa: ANN401
    """Write true and false in lower case, lists and structs as JSON, bytes as text; anything else as it is."""
    if isinstance(value, (bool, list, dict)):
        return _value(value)
    return _exact(value) if isinstance(value, bytes) else value


def _safe(cell: Any) -> Any:  # noqa: ANN401
    """Keep a spreadsheet from taking a text for a formula; numbers are safe."""
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def _value(value: Any) -> str:  # noqa: ANN401
    return json.dumps(_exact(value), ensure_ascii=False, separators=(",", ":"))


def _exact(value: Any) -> Any:  # noqa: ANN401
    """Return a value that JSON can represent: null for NaN and infinity, a text for what a float cannot represent."""
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
