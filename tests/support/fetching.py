"""Addresses fetched into a folder, and what comes of it."""

from pathlib import Path

import pytest

from movie_reports.errors import MovieReportsError
from movie_reports.ingestion.sources import download
from webserver import BODY

STEPS = """
import sys, pathlib
from movie_reports.ingestion.sources import download
download.SILENCE = 3600  # longer than any test
download.fetch(sys.argv[1], pathlib.Path("got"), print)
"""


def got(url: str, folder: Path, most: int = download.MOST) -> bytes:
    """Fetch an address and assert that progress runs to the end."""
    seen: list[tuple[str, int, int]] = []
    download.fetch(url, folder / "got", lambda *step: seen.append(step), most)
    assert [done for _, done, _ in seen[-1:]] == [len(BODY)]
    assert {step for step, _, _ in seen} == {"fetching"}
    assert {total for _, _, total in seen} in ({0}, {len(BODY)})
    return (folder / "got").read_bytes()


def refused(url: str, folder: Path, most: int = download.MOST) -> str:
    """Fetch an address, assert that it fails and leaves no file, and return why."""
    with pytest.raises(MovieReportsError) as caught:
        download.fetch(url, folder / "got", lambda *_: None, most)
    assert not list(folder.iterdir())
    return str(caught.value)


def attempts(patch: pytest.MonkeyPatch, opener: str) -> list[object]:
    """Have each call of an opener kept; on a busy machine the server may not hear of all of them in time."""
    calls: list[object] = []
    really = getattr(download, opener)

    def spy(*arguments: object) -> object:
        calls.append(arguments)
        return really(*arguments)

    patch.setattr(download, opener, spy)
    return calls
