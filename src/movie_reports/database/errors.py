"""Turns errors of the engine into one sentence that says what is wrong, where, and what to do."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from movie_reports.database.engine import duckdb
from movie_reports.errors import MovieReportsError

NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
Sentences = Mapping[tuple[str, ...], str]
"""The sentence to show if the text of an error contains one of these phrases."""

DAMAGE = ("Corrupt database file",)
PART = ("/part-",)  # the name of a file of a snapshot
FULL = ("No space left", "ould not write", "File too large", "temp_directory_size")
INTERRUPTED = "Query interrupted"
MEMORY = ("Out of Memory", "failed to pin block")  # the second occurs in a commit

READING: Sentences = {
    FULL: "the folder for temporary files is full: free some space in {temporary}, or set TMPDIR to a larger one",
    MEMORY: "{path} needs more memory than there is: ask for less at once, or close other programs",
    DAMAGE: "{path} is damaged: restore a copy of it, or remove it and load its source again",
    PART: "a file of {path} is missing or damaged: 'movie-reports publish --verify' tells which",
    ("newer version of DuckDB", "storage version", "Storage version"): (
        "{path} was written by a newer DuckDB: upgrade with 'pip install -U duckdb'"
    ),
    ("Could not set lock", "Unique file handle conflict"): (
        "{path} is in use by another program that writes to it: close it and try again"
    ),
}
"""Readers write nothing but temporary files."""

UPGRADE: Sentences = {**READING, FULL: "the disk of {path} is full: free some space and try again"}
INGEST: Sentences = {
    **UPGRADE,
    MEMORY: "{path} needs more memory: raise --memory-limit, or leave it out (80% of the machine's are then used)",
}


@contextmanager
def plain_reading(path: object, sentences: Sentences = READING) -> Iterator[None]:
    """Turn the engine's errors about a database, whose name is shown, into one sentence."""
    try:
        yield
    except (duckdb.Error, RuntimeError) as error:
        if is_interrupt(error):
            raise KeyboardInterrupt from error
        if not isinstance(error, duckdb.Error):
            raise
        raise MovieReportsError(_explain(path, str(error), sentences)) from error


@contextmanager
def plain_errors(path: Path, sentences: Sentences = INGEST) -> Iterator[None]:
    """Do the same for writing the file, and for errors of a full disk."""
    try:
        with plain_reading(path, sentences):
            yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise MovieReportsError(_explain(path, FULL[0], sentences)) from error
        raise


@contextmanager
def plain_temporary() -> Iterator[None]:
    """Turn the system's errors about a temporary file into one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            message = READING[FULL].format(temporary=tempfile.gettempdir())
        else:
            message = f"no temporary file can be written ({error.strerror}): set TMPDIR to a folder where one can"
        raise MovieReportsError(message) from error


def is_interrupt(error: BaseException) -> bool:
    """Whether the engine reports that it was interrupted."""
    return isinstance(error, duckdb.InterruptException) or str(error) == INTERRUPTED


def _explain(path: object, text: str, sentences: Sentences) -> str:
    for words, sentence in sentences.items():
        if any(word in text for word in words):
            temporary = tempfile.gettempdir() if "{temporary}" in sentence else ""
            return sentence.format(path=path, temporary=temporary)
    return f"{path}: {text.splitlines()[0] if text else 'unknown error'}"
