"""Writes tables as Parquet files that are named by their content, so that equal tables have equal files."""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute, schema
from movie_reports.publishing.snapshots.delta import Version
from movie_reports.publishing.snapshots.manifest import File, Table
from movie_reports.publishing.snapshots.store import Store

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

ORDERS = {"movies": "release_date NULLS LAST, id"}  # a report on some years reads a part of the file
SPLIT = "128MB"
FORMAT = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 10, ROW_GROUP_SIZE 24576, RETURN_STATS"
"""A quarter smaller than by default; groups of this size are compressed on all cores, and more of them are skipped."""


@dataclass(frozen=True)
class Writer:
    """Writes tables.

    Attributes:
        connection: the database.
        drafts: a folder for files that are not complete.
        store: where the complete ones go.
        reusable: the paths of files that are there, and will stay.
        ingest: the number of the ingest that they are of.
    """

    connection: DuckDBPyConnection
    drafts: Path
    store: Store
    reusable: Container[str]
    ingest: int

    def write_all(self) -> dict[str, Table]:
        """Write all tables."""
        known = set(schema.tables())
        found = execute.run(self.connection, "publish/snapshots/tables")
        return {table["name"]: self._write(table) for table in found if table["name"] in known}

    def _write(self, table: dict[str, Any]) -> Table:
        name = table["name"]
        folder = self.drafts / name
        text = f"COPY (FROM {name} ORDER BY {ORDERS.get(name, 'ALL')}) TO $folder ({FORMAT}, FILE_SIZE_BYTES '{SPLIT}')"
        written = execute.rows(self.connection, text, {"folder": str(folder)})
        files = tuple(self._kept(Path(draft), name, rows) for draft, rows, *_ in sorted(written))
        columns = _described(execute.table(self.connection, f"FROM {name} LIMIT 0", {}).schema, table["columns"])
        version = Version(self.store, name, table["comment"], columns, files, self.ingest)
        return Table(version.commit(), files)

    def _kept(self, draft: Path, table: str, rows: int) -> File:
        """Keep a file under a name made of its content, unless it is there already."""
        with draft.open("rb") as content:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        file = File(f"tables/{table}/part-{sha256[:32]}.parquet", draft.stat().st_size, rows, sha256)
        if file.path not in self.reusable:
            self.store.keep(draft, file.path)
        return file


def _described(columns: pa.Schema, comments: dict[str, str]) -> pa.Schema:
    """Give columns their comments, where engines that read Delta Lake look for them."""
    import pyarrow as pa  # noqa: PLC0415 (slow to load)

    return pa.schema([column.with_metadata({"comment": comments[column.name]}) for column in columns])
