"""Reads a snapshot: a database in memory whose tables are views of its files, and which reaches no others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute, schema, sql
from movie_reports.database.connection import NAME, confined, new_folder_name
from movie_reports.database.errors import PART, READING, plain_reading
from movie_reports.errors import MovieReportsError, NotFoundError
from movie_reports.publishing.snapshots.manifest import Manifest, Table
from movie_reports.publishing.snapshots.store import Store, published

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Snapshot:
    """A published version of a database."""

    store: Store
    manifest: Manifest

    def __str__(self) -> str:
        return f"{self.store} (snapshot {self.manifest.snapshot})"

    def connect(
        self, *, temporary: bool = False, memory: int | None = None, described: bool = False, sealed: bool = False
    ) -> DuckDBPyConnection:
        """Open the snapshot as `database.connection.connect` opens a file.

        Args:
            temporary: as there.
            memory: as there.
            described: whether tables and columns have their comments, which take 30 ms.
            sealed: whether the engine may not even open the files, which a statement of the user could overwrite; Arrow
                reads them for it. Other connections to the same instance do not see the tables then.
        """

        def fill(connection: DuckDBPyConnection) -> None:
            connection.execute(f"ATTACH ':memory:' AS {NAME}")
            connection.execute(f"USE {NAME}")
            if not sealed:
                self._allow(connection)
            for name in schema.tables():
                table = self.manifest.tables[name]
                rows = self._registered(connection, name, table) if sealed else f"read_parquet({self._list(table)})"
                connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {rows}")  # noqa: S608 (names of ours)
            for text in _views(described=described):
                connection.execute(text)

        with plain_reading(self):
            return confined(fill, new_folder_name() if temporary else None, self.manifest.size, memory)

    def addresses(self) -> Mapping[str, Sequence[str]]:
        """Return the files of each table by URLs, as engines on other machines find them."""
        found = {
            name: [self.store.address(file.path) for file in table.files]
            for name, table in self.manifest.tables.items()
        }
        return {name: [_url(each) for each in files] for name, files in found.items()}

    def about(self) -> dict[str, Any]:
        """Return what its status says of it."""
        found = self.manifest
        return {
            "database": str(self.store),
            "bytes": found.size,
            "snapshot": found.snapshot,
            "published_at": datetime.fromisoformat(found.published_at).replace(tzinfo=None),
        }

    def _allow(self, connection: DuckDBPyConnection) -> None:
        """Allow the engine to open the files of this snapshot."""
        self.store.register(connection)
        paths = [self.store.address(file.path) for file in self.manifest.files]
        patterns = map(execute.literal, paths)  # the engine checks them as well as what they match
        connection.execute(f"SET allowed_paths = [{', '.join(map(sql.quoted, [*paths, *patterns]))}]")
        connection.execute("SET parquet_metadata_cache = true")  # files never change

    def _list(self, table: Table) -> str:
        """Return the arguments of read_parquet; an = in the path of a folder is no column."""
        names = (sql.quoted(execute.literal(self.store.address(file.path))) for file in table.files)
        return f"[{', '.join(names)}], hive_partitioning = false"

    def _registered(self, connection: DuckDBPyConnection, name: str, table: Table) -> str:
        import duckdb  # noqa: F401, PLC0415 (without the package the engine reads no Arrow)
        import pyarrow as pa  # noqa: PLC0415 (slow to load)

        files = f"{name}_files"
        try:
            connection.register(files, self.store.dataset([file.path for file in table.files]))
        except (OSError, pa.ArrowException) as error:
            raise MovieReportsError(READING[PART].format(path=self)) from error
        return files


def find(store: Store, number: int | None = None) -> Snapshot:
    """Return the current snapshot of a store, or the one with a number.

    Raises:
        NotFoundError: there is none with this number.
        MovieReportsError: there is none at all; or it is damaged, or of another version of movie-reports.
    """
    kept = []
    for manifest in published(store):
        if number in {None, manifest.snapshot}:
            return _known(Snapshot(store, manifest))
        kept.append(str(manifest.snapshot))
    if not kept:
        message = f"there are no snapshots in {store}: publish one with 'movie-reports publish {store}'"
        raise MovieReportsError(message)
    message = f"there is no snapshot {number} in {store}: there {'is' if len(kept) == 1 else 'are'} {', '.join(kept)}"
    raise NotFoundError(message)


def _known(found: Snapshot) -> Snapshot:
    """Check that this program knows the tables of a snapshot."""
    version = found.manifest.schema_version
    if version != sql.SCHEMA_VERSION:
        message = (
            f"{found} has schema version {version}, and this movie-reports knows {sql.SCHEMA_VERSION}: publish again"
        )
        raise MovieReportsError(message)
    if missing := set(schema.tables()) - found.manifest.tables.keys():
        message = f"the manifest of {found} is damaged: it lacks {', '.join(sorted(missing))}"
        raise MovieReportsError(message)
    return found


def _url(address: str) -> str:
    """Return an address with its scheme, since a path alone may mean another file system on a cluster."""
    return address if "://" in address else f"file:///{address.lstrip('/')}"


def _views(*, described: bool) -> list[str]:
    """Return what creates the views of a database, and what describes its tables."""
    tables, *views = schema.statements()
    if not described:
        return list(map(schema.uncommented, views))
    comments = re.findall(r"^COMMENT ON .*;$", tables, re.MULTILINE)
    return [
        *views,
        "\n".join(comments).replace("COMMENT ON TABLE", "COMMENT ON VIEW"),
    ]
