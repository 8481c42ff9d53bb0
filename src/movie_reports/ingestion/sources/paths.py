"""What a path leads to, and files that stay open.

A file stays open so that what is loaded is what was hashed, even if another file replaces it meanwhile.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from movie_reports.errors import MovieReportsError

ABSENT = {errno.ENOENT, errno.ENOTDIR}


@dataclass(frozen=True)
class OpenFile:
    """A file of a source, opened once and read as often as needed, by one reader at a time.

    Attributes:
        name: its path as the user wrote it.
        file: the file.
        before: its state when it was opened.
    """

    name: str
    file: BufferedReader
    before: os.stat_result

    def from_start(self) -> AbstractContextManager[BufferedReader]:
        """Return the file at its first byte, and leave it open."""
        self.file.seek(0)
        return nullcontext(self.file)

    def sha256(self) -> str:
        """Return the hash of the whole file, in hexadecimal."""
        with self.from_start() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def check(self) -> None:
        """Check that the file has not changed since it was opened.

        Raises:
            MovieReportsError: it has.
        """
        now = os.fstat(self.file.fileno())
        if (now.st_size, now.st_mtime_ns) != (self.before.st_size, self.before.st_mtime_ns):
            raise changed(self.name)


def changed(name: str) -> MovieReportsError:
    """Return the error for a file that has changed."""
    return MovieReportsError(f"{name} changed while it was read: run the ingest again when it is complete")


def too_large(name: str, most: int) -> MovieReportsError:
    """Return the error for a file that unpacks to too much."""
    return MovieReportsError(
        f"{name} unpacks to more than {most:,} bytes: if that is right, raise the limit with --max-size"
    )


def readable(path: str) -> str:
    """Show a path as text: bytes that are not UTF-8 become escapes."""
    return path.encode(errors="surrogateescape").decode(errors="backslashreplace")


def require(name: str, path: Path) -> None:
    """Check that there is a file or folder.

    Raises:
        MovieReportsError: there is none, or it cannot be accessed.
    """
    try:
        path.stat()
    except OSError as error:
        if error.errno == errno.ELOOP:
            message = f"{name} cannot be opened: its links lead in a circle"
        elif error.errno not in ABSENT:
            message = f"cannot read {name}: {error.strerror}"
        elif path.is_symlink():
            message = f"{name} is a link to {readable(str(path.readlink()))}, which does not exist"
        else:
            message = f"there is no file or folder {name}"
        raise MovieReportsError(message) from error


def is_pipe(name: str, path: Path) -> bool:
    """Whether a path leads to a pipe, which can be read only once, and not to a file or folder.

    Raises:
        MovieReportsError: it leads to none of these.
    """
    require(name, path)
    mode = path.stat().st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        message = f"{name} is a device or a socket: name a file, a folder or a URL, or - for stdin"
        raise MovieReportsError(message)
    return stat.S_ISFIFO(mode)
