"""What a snapshot consists of: one version of each table, and where it came from. It is kept as a file of JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from movie_reports.database import sql
from movie_reports.errors import MovieReportsError

FORMAT = 1
"""The version of this layout, which only changes if older programs could not read the new one."""
ADVICE = "write the number of an older one into CURRENT, and publish again"
FILE = re.compile(r"tables/\w+/part-[0-9a-f]{32}\.parquet")
"""The paths of files in a store; no other file is ever read."""


class ManifestError(MovieReportsError):
    """A manifest is missing or damaged, or of a newer movie-reports."""


class Kept(NamedTuple):
    """A file as it is in a store: its bytes, and when it was written, in seconds since 1970."""

    bytes: int
    written: float


@dataclass(frozen=True)
class File:
    """One Parquet file: its path in the store, and what must be found there."""

    path: str
    bytes: int
    rows: int
    sha256: str


@dataclass(frozen=True)
class Table:
    """One table: the version of its Delta table, and the files of that version."""

    version: int
    files: tuple[File, ...]


@dataclass(frozen=True)
class Manifest:
    """One snapshot.

    Attributes:
        snapshot: its number; later ones are higher.
        previous: the number of the one that was current before; None for the first.
        published_at: when it was published, in UTC.
        tool: the version of movie-reports that published it.
        engine: the version of DuckDB that wrote the files.
        schema_version: which tables there are; only programs that know the same schema can read it.
        ingest: of the ledger's last ingest that loaded films: its id, source, source_sha256 and finished_at.
        run: of the ledger's last row, which may be of a refused ingest: its id and finished_at.
        tables: the tables by name.
        format: the version of this layout.
    """

    snapshot: int
    previous: int | None
    published_at: str
    tool: str
    engine: str
    schema_version: int
    ingest: Mapping[str, Any]
    run: Mapping[str, Any]
    tables: Mapping[str, Table]
    format: int = FORMAT

    @property
    def files(self) -> Iterator[File]:
        """All files."""
        return (file for table in self.tables.values() for file in table.files)

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.bytes for file in self.files)

    def encode(self) -> bytes:
        """Return the manifest as JSON."""
        return f"{json.dumps(asdict(self), indent=1, ensure_ascii=False)}\n".encode()


def path_of(number: int) -> str:
    """Return where a store keeps the manifest of a snapshot."""
    return f"snapshots/{number:012}.json"


def decode(content: bytes, name: str) -> Manifest:
    """Read a manifest; `name` is what to call the snapshot in messages.

    Raises:
        ManifestError: it is damaged, or this movie-reports cannot read such a snapshot.
    """
    try:
        found = json.loads(content)
        if found["format"] == FORMAT:
            tables = {table: _table(each) for table, each in found["tables"].items()}
            manifest = Manifest(**found | {"tables": tables})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"the manifest of {name} is damaged: {ADVICE}"
        raise ManifestError(message) from error
    if found["format"] != FORMAT or manifest.schema_version > sql.SCHEMA_VERSION:
        message = f"{name} was published by a newer movie-reports: upgrade this one"
        raise ManifestError(message)
    return manifest


def _table(found: Mapping[str, Any]) -> Table:
    files = tuple(File(**file) for file in found["files"])
    if not files or not all(FILE.fullmatch(file.path) for file in files):
        raise ValueError(files)
    return Table(found["version"], files)
