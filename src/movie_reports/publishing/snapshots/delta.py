"""Records files as a version of a Delta Lake table, so that any engine can read them without this program."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from movie_reports.errors import MovieReportsError
from movie_reports.publishing.snapshots.manifest import File
from movie_reports.publishing.snapshots.store import Store

if TYPE_CHECKING:
    import pyarrow as pa
    from deltalake import DeltaTable, Schema
    from deltalake.transaction import AddAction, RemoveAction

APPLICATION = "movie-reports"


def require() -> None:
    """Check that the library is there.

    Raises:
        MovieReportsError: it is not.
    """
    try:
        import deltalake  # noqa: F401, PLC0415 (an extra)
    except ImportError as error:
        message = f"publishing needs the extra publish ({error}): pip install 'movie-reports[publish]'"
        raise MovieReportsError(message) from error


@dataclass(frozen=True)
class Version:
    """What the newest version of a table is to be.

    Attributes:
        store: where it is.
        name: its name.
        comment: what its rows are.
        columns: its columns, with comments.
        files: its files, which are there already.
        ingest: the number of the ingest that they are of.
    """

    store: Store
    name: str
    comment: str
    columns: pa.Schema
    files: Sequence[File]
    ingest: int

    def commit(self) -> int:
        """Commit it, and return its number; one that is there already is left as it is.

        That one may be of the last snapshot, or of a publish that was killed.

        Raises:
            MovieReportsError: another process commits at the same time, or the log of the table is damaged.
        """
        from deltalake.exceptions import DeltaError  # noqa: PLC0415 (an extra)

        try:
            table = self._newest()
            if not self._is(table):
                self._write(table)
                table = self._newest()
        except (DeltaError, OSError) as error:
            message = f"cannot commit to {self._place} ({str(error).splitlines()[0]}): if no other process publishes "
            message += "there, remove its folder _delta_log, and publish again"
            raise MovieReportsError(message) from error
        if table is None or not self._is(table):
            message = f"another process has changed {self._place} meanwhile: publish again"
            raise MovieReportsError(message)
        return int(table.version())

    @property
    def _place(self) -> str:
        return self.store.address(f"tables/{self.name}")

    @cached_property
    def _schema(self) -> Schema:
        from deltalake import Schema  # noqa: PLC0415 (an extra)

        return Schema.from_arrow(self.columns)

    def _newest(self) -> DeltaTable | None:
        """Return the newest version; None before the first."""
        from deltalake import DeltaTable  # noqa: PLC0415 (an extra)
        from deltalake.exceptions import TableNotFoundError  # noqa: PLC0415 (an extra)

        try:
            return DeltaTable(self._place, storage_options=self.store.options)
        except TableNotFoundError:
            return None

    def _is(self, table: DeltaTable | None) -> bool:
        """Whether this is the newest version."""
        if table is None:
            return False
        names = {PurePosixPath(uri).name for uri in table.file_uris()}
        return names == {PurePosixPath(file.path).name for file in self.files} and table.schema() == self._schema

    def _write(self, table: DeltaTable | None) -> None:
        """Write it to the log of the table, which is created with the first version."""
        import deltalake as delta  # noqa: PLC0415 (an extra)
        from deltalake.transaction import create_table_with_add_actions  # noqa: PLC0415 (an extra)

        options: dict[str, Any] = {
            "commit_properties": delta.CommitProperties(app_transactions=[delta.Transaction(APPLICATION, self.ingest)]),
            # a manifest may name an old version for as long as it is kept
            "post_commithook_properties": delta.PostCommitHookProperties(cleanup_expired_logs=False),
        }
        adds: list[AddAction | RemoveAction] = [_add(file) for file in self.files]
        if table is None:
            options |= {"name": self.name, "description": self.comment, "storage_options": self.store.options}
            create_table_with_add_actions(self._place, self._schema, adds, "error", **options)  # type: ignore[arg-type]
        else:
            table.create_write_transaction(adds, "overwrite", self._schema, **options)


def _add(file: File) -> AddAction:
    from deltalake.transaction import AddAction  # noqa: PLC0415 (an extra)

    now, stats = int(time.time() * 1000), json.dumps({"numRecords": file.rows})
    return AddAction(PurePosixPath(file.path).name, file.bytes, {}, now, data_change=True, stats=stats)
