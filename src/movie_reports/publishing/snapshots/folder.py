"""A store in a folder of a disk."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_reports.database.connection import CURRENT, full_name
from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.files import flush, replacing
from movie_reports.publishing.snapshots.manifest import Kept

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LOCK = ".lock"


@dataclass(frozen=True)
class Folder:
    """A folder."""

    path: Path

    def __post_init__(self) -> None:
        if found := re.search(r"[%\x00-\x1f]", full_name(self.path)):
            message = f"Delta Lake has no paths with {found[0]!r}, such as {str(self.path)!r}: choose another name"
            raise UsageError(message)

    def __str__(self) -> str:
        return str(self.path)

    @property
    def drafts(self) -> Path:
        """A folder on the same disk, so that files can be moved."""
        return self.path.resolve() / ".drafts"

    @property
    def options(self) -> None:
        """Nothing needs to be said about a folder."""
        return

    def address(self, path: str) -> str:
        """Return the path of a file."""
        return f"{full_name(self.path)}/{path}"

    def read(self, path: str) -> bytes | None:
        """Return the content of a file; None if there is none."""
        try:
            return (self.path / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            message = f"cannot read {self.path / path}: {error.strerror}"
            raise MovieReportsError(message) from error

    def open(self, path: str) -> BufferedIOBase:
        """Open a file."""
        return (self.path / path).open("rb")

    def tag(self) -> str | None:
        """Return what identifies the file CURRENT in its present state."""
        try:
            found = (self.path / CURRENT).stat()
        except OSError:
            return None
        return f"{found.st_dev}-{found.st_ino}-{found.st_mtime_ns}"

    def listing(self) -> Mapping[str, Kept]:
        """Return all files by path."""
        paths = [path for path in self.path.rglob("*") if path.is_file()]
        return {
            path.relative_to(self.path).as_posix(): Kept(found.st_size, found.st_mtime)
            for path, found in ((path, path.stat()) for path in paths)
        }

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Lock the folder, and remove the drafts of a publish that was killed."""
        from movie_reports.database.replacing.lock import locked  # noqa: PLC0415 (readers do not need it, and it takes 10 ms)

        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with locked(self.path / LOCK) as lock:
                if lock is None:
                    message = f"another process is publishing to {self}: try again later"
                    raise MovieReportsError(message)
                shutil.rmtree(self.drafts, ignore_errors=True)
                yield
        except OSError as error:
            message = f"cannot write in {self}: {error.strerror or error}"
            raise MovieReportsError(message) from error

    def keep(self, draft: Path, path: str) -> None:
        """Move a complete file here, and wait until the disk has it."""
        target = self.path / path
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(target)
        flush(target.parent)

    def create(self, path: str, content: bytes) -> None:
        """Write a file."""
        target = self.path / path
        target.parent.mkdir(exist_ok=True)
        with replacing(target) as file:
            file.write(content)
        flush(target.parent)

    def replace_current(self, content: bytes, tag: str | None) -> None:  # noqa: ARG002 (the lock keeps others out)
        """Replace CURRENT in one step."""
        self.create(CURRENT, content)

    def remove(self, path: str) -> None:
        """Remove a file."""
        (self.path / path).unlink(missing_ok=True)

    def register(self, connection: DuckDBPyConnection) -> None:
        """Do nothing: the engine reads folders by itself."""

    def dataset(self, paths: list[str]) -> Any:  # noqa: ANN401 (pyarrow has no types)
        """Return files as one dataset of Arrow."""
        from pyarrow import dataset  # noqa: PLC0415 (slow to load)

        return dataset.dataset([self.address(path) for path in paths])
