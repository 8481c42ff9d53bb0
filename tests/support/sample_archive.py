"""The sample archive, read as Python reads it."""

import csv
import io
import zipfile
from pathlib import Path

from movie_reports.ingestion import sample

CUT_OFF = "Genres cut off"

with sample.FILMS.open(encoding="utf-8", newline="") as _source:
    FILMS = {film["id"]: film for film in csv.DictReader(_source)}


def text(archive: Path, member: str) -> str:
    """Read a member without touching its line breaks."""
    with zipfile.ZipFile(archive) as opened:
        return opened.read(member).decode()


def rows(archive: Path, member: str) -> list[list[str]]:
    """Read a member as Python's csv module does."""
    return list(csv.reader(io.StringIO(text(archive, member), newline=""), strict=True))
