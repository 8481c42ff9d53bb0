"""The documentation shows what the program does."""

from __future__ import annotations

import importlib
import os
import shlex
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import movie_reports
from movie_reports.ingestion import sample
from program import ended, help_of, run

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))
make_docs, reference = (importlib.import_module(name) for name in ("make", "reference"))
PAGES = reference.pages()
EXAMPLES = dict.fromkeys(example for page in PAGES for example in page.examples)
ELSEWHERE = [
    "movie-reports changes --follow",  # does not end
    "movie-reports follow kafka://broker.example.org:9092/films",  # needs the network and does not end
    "movie-reports follow kafka://a:9093,b:9093/films --config client.properties --every 5s",
    "movie-reports follow kafka://localhost:9092/films --from 0:120,1:98 --once",
    "movie-reports follow https://example.org/films.csv --every 5m",
    "movie-reports ingest https://example.org/new-films.csv.gz --merge",  # needs the network
    "movie-reports publish s3://bucket/films --keep 12",  # as the first
    "movie-reports publish postgresql://films@db.example.org/films --reader analysts",
    "movie-reports serve",  # does not end
    "movie-reports serve --host 0.0.0.0 --allow-host films.example.org",
]

NAMED: dict[str, Any] = {"with_": "keywords,people"}
KEYWORDS = str([{"id": 1, "name": name} for name in ("time travel", "robot", "alien", "based on novel")])
CREDITS = str([{"id": 31, "name": "Tom Hanks"}]), str([{"id": 31, "job": "Director", "name": "Tom Hanks"}])
NAMES = {
    "keywords.csv": "id,keywords\n" + "".join(f'{number},"{KEYWORDS}"\n' for number in range(1, 1000)),
    "credits.csv": "id,cast,crew\n" + "".join(f'{number},"{CREDITS[0]}","{CREDITS[1]}"\n' for number in range(1, 1000)),
}
"""Invented names for the films of the sample, which has none."""


@pytest.mark.slow
@pytest.mark.parametrize("page", make_docs.PAGES, ids=lambda page: page.name)
def test_examples_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    """Every example in the documentation, run again, prints what the page shows."""
    shown = page.read_text(encoding="utf-8")
    assert make_docs.rewritten(shown, tmp_path) == shown
    assert "Traceback" not in shown


def test_the_picture_is_what_the_program_draws() -> None:
    """The picture in the README is what the program draws of its own sample."""
    assert (ROOT / "docs" / "screen.svg").read_text(encoding="utf-8") == make_docs.screen()


def test_the_reference_is_what_the_help_says() -> None:
    """Both the page and the man page; 'make docs' writes them."""
    assert reference.REFERENCE.read_text(encoding="utf-8") == reference.markdown()
    assert reference.MAN.read_text(encoding="utf-8") == reference.man()


def test_the_reference_does_not_depend_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor on the settings of its author."""
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("MOVIE_REPORTS_DATABASE", "mine.duckdb")
    assert reference.REFERENCE.read_text(encoding="utf-8") == reference.markdown()


def test_the_man_page_has_no_faults() -> None:
    """Groff, which draws it for a terminal of 80 columns, warns of nothing."""
    groff = shutil.which("groff")
    if groff is None:
        pytest.skip("there is no groff")
    done = ended([groff, "-man", "-Tutf8", "-ww", "-z", reference.MAN])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with the files that the examples name, and a database of them."""
    folder = tmp_path_factory.mktemp("examples")
    sample.write(folder / "sample.zip")
    with zipfile.ZipFile(folder / "sample.zip") as archive, zipfile.ZipFile(folder / "data.zip", "w") as named:
        for name in sorted({*archive.namelist()} - {*NAMES}):
            named.writestr(name, archive.read(name))
        for name, text in NAMES.items():
            named.writestr(name, text)
    (folder / "sample.zip").unlink()
    with zipfile.ZipFile(folder / "data.zip") as archive:
        for name in archive.namelist():
            (folder / name.replace("_small", "")).write_bytes(archive.read(name))
    for _ in range(2):  # so that there is one to restore
        movie_reports.ingest(folder / "data.zip", folder / "movies.duckdb", force=True, keep_previous=True, **NAMED)
    movie_reports.publish(folder / "store", folder / "movies.duckdb")
    program = folder / "movie-reports"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m movie_reports "$@"\n')
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize("example", [example for example in EXAMPLES if example not in ELSEWHERE])
def test_examples_in_the_help_run(example: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unchanged, in a folder with the files that they name; in a shell if they need one."""
    if not set(example) & {*"|<>&;$"}:
        monkeypatch.chdir(folder)
        done = run(*shlex.split(example)[1:])
        assert done.returncode == 0, done.stderr
        return
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("MOVIE_REPORTS_DATABASE", None)
    done = ended(["sh", "-c", example], cwd=folder, env=environment)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_help_begins_with_the_purpose_and_examples(page: Any) -> None:  # noqa: ANN401 (the script is no package)
    """A sentence, then calls of the command itself; arguments and options come later."""
    shown = help_of(*page.name.split()[1:])
    lines = [f"\n  {line}\n" for line in (page.paragraphs[0], *page.examples)]
    places = [shown.index(part) for part in (*lines, "\nOptions:\n")]
    assert page.examples
    assert all(f"{page.name} " in f"{example} " for example in page.examples)
    assert places == sorted(places)
