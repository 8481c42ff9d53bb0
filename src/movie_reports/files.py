"""Writes files atomically: the old content or the new, never a part."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from movie_reports.errors import MovieReportsError, UsageError

MAGIC = slice(8, 12)  # where a DuckDB file has its magic bytes


def is_database(path: Path) -> bool:
    """Whether a file is a DuckDB database, judging by its first bytes."""
    with path.open("rb") as file:
        return file.read(MAGIC.stop)[MAGIC] == b"DUCK"


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that replaces the old one when it is complete; if the block raises, the old one stays.

    A link is followed, the mode of an old file is kept, and a device or a pipe is written to directly.

    Raises:
        UsageError: it is a database, which would be destroyed.
        MovieReportsError: it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                yield stream
            return
        if path.exists() and is_database(path):
            message = f"{path} is a database, and writing there would destroy it: name another file"
            raise UsageError(message)
        target = path.resolve()  # not before: a link to a pipe, such as /dev/stdout, may not resolve to a path
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    except BrokenPipeError:
        raise  # the reader closed the pipe
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}"
        raise MovieReportsError(message) from error
    draft = Path(name)
    try:
        with open(descriptor, "wb") as stream:  # noqa: PTH123 (mkstemp gives an open descriptor)
            yield stream
            stream.flush()
            os.fsync(descriptor)
        _take_mode(draft, target)
        draft.replace(target)
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}"
        raise MovieReportsError(message) from error
    finally:
        draft.unlink(missing_ok=True)


def flush(folder: Path) -> None:
    """Write the names in a folder to the disk."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _take_mode(draft: Path, target: Path) -> None:
    """Give a draft the mode of the file that it replaces, or that of any new file."""
    if target.exists():
        shutil.copymode(target, draft)
        return
    mask = os.umask(0)
    os.umask(mask)
    draft.chmod(0o666 & ~mask)
