"""Run the examples in the documentation, and put what they print in the place of what is shown.

A block that begins with ```console contains commands after "$ " and their output. The commands of one page run in one
folder, one after another; at first it contains what `make demo` leaves behind, films.zip and movies.duckdb, and
example.py, the Python code of the page. Where they ask localhost:8000, a service answers from that folder, and at
localhost:9092 a broker of Kafka. `make docs` rewrites the pages, and a test checks that this changes nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).parents[1]
LIMIT = 300  # seconds that one example may take
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
DEMO = "movie-reports sample films.zip --quiet && movie-reports ingest films.zip --quiet"
SERVICE, BROKER = "localhost:8000", "localhost:9092"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def rewritten(page: str, pictures: Path) -> str:
    """Return a page with the true output of its examples, and keep the pictures that they draw in a folder."""
    with tempfile.TemporaryDirectory() as folder, _server(page) as variables:
        if BLOCK.search(page):
            _run(DEMO, Path(folder))
        Path(folder, "example.py").write_text("\n".join(PYTHON.findall(page)), encoding="utf-8")
        commands = "".join(BLOCK.findall(page))
        with (
            _serving(Path(folder)) if SERVICE in commands else nullcontext(SERVICE) as service,
            _broker() if BROKER in commands else nullcontext(BROKER) as broker,
        ):
            places = {SERVICE: service, BROKER: broker}
            text = BLOCK.sub(lambda block: f"```console\n{_output(block[1], Path(folder), places, variables)}```", page)
        for picture in Path(folder).glob("*.svg"):
            shutil.copy(picture, pictures)
        return text


def _output(block: str, folder: Path, places: Mapping[str, str], variables: Mapping[str, str]) -> str:
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    shown = {real: name for name, real in places.items()}
    outputs = [_replaced(_run(_replaced(command, places), folder, variables), shown) for command in commands]
    return "\n".join(f"$ {command}\n{output}" for command, output in zip(commands, outputs, strict=True))


def _replaced(text: str, replacements: Mapping[str, str]) -> str:
    for old, new in replacements.items():
        text = text.replace(old, new)
    return text


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """Serve the database in a folder on a free port, and give the host with that port."""
    command = [Path(sys.executable).parent / "movie-reports", "serve", "--port", "0"]
    command += ["--database", folder / "movies.duckdb"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            found = re.search(r":(\d+) ", server.stderr.readline() if server.stderr else "")
            yield f"localhost:{found[1] if found else ''}"
        finally:
            server.terminate()


@contextmanager
def _broker() -> Iterator[str]:
    """Run a broker of Kafka, and give its host with its port."""
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    from kafka import brokering  # noqa: PLC0415 (only two pages need it)

    with tempfile.TemporaryDirectory() as folder, brokering(Path(folder)) as broker:
        for topic in ("films", "film-changes"):
            broker.create(topic)
        yield f"127.0.0.1:{broker.port}"


@contextmanager
def _server(page: str) -> Iterator[Mapping[str, str]]:
    """Run a server of PostgreSQL for a page that publishes to one, and give the variables by which libpq finds it."""
    if "$ movie-reports publish postgresql:" not in page:
        yield {}
        return
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    from postgresql import postgresql  # noqa: PLC0415 (only one page needs it)

    with postgresql() as server:
        yield {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGUSER": "postgres", "PGPASSWORD": server.password}


def _run(command: str, folder: Path, variables: Mapping[str, str] = MappingProxyType({})) -> str:
    """Run a command as a shell would, with the program of this environment first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(folder), "LC_ALL": "C.UTF-8", **variables}
    environment |= {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    done = subprocess.run(  # noqa: S602 (the commands are those of our own pages)
        command,
        shell=True,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=LIMIT,
    )
    return f"{done.stdout}\n" if done.stdout and not done.stdout.endswith("\n") else done.stdout


def main() -> None:
    """Rewrite all pages, the reference, and the pictures of a screen and of a web page."""
    import reference  # noqa: PLC0415 (found where this script is run, not where it is loaded from elsewhere)

    reference.main()
    for page in PAGES:
        old = page.read_text(encoding="utf-8")
        page.write_text(rewritten(old, ROOT / "docs"), encoding="utf-8")
    (ROOT / "docs" / "screen.svg").write_text(screen(), encoding="utf-8")
    (ROOT / "docs" / "page.png").write_bytes(web_page())


def web_page() -> bytes:
    """Return a picture of a page of `movie-reports serve` in Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        _run(DEMO, Path(folder))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with _serving(Path(folder)) as service:
            page = browser.new_page(viewport={"width": 1000, "height": 960})
            page.goto(f"http://{service}/company?company=pixar")
            picture: bytes = page.screenshot()
        browser.close()
    return picture


def screen() -> str:
    """Return an SVG of what a terminal of 96 columns shows of a report, drawn by the program's own tables."""
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from movie_reports import ingest  # noqa: PLC0415
    from movie_reports.database.connection import connect  # noqa: PLC0415
    from movie_reports.ingestion import sample  # noqa: PLC0415
    from movie_reports.render import listing, table  # noqa: PLC0415
    from movie_reports.reports import names, report  # noqa: PLC0415
    from movie_reports.reports.requests.request import Request  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        archive, path = Path(folder, "films.zip"), Path(folder, "movies.duckdb")
        sample.write(archive)
        ingest(archive, path)
        connection = connect(path)
        request = names.resolve(connection, Request(company=("Pixar",)))
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            recorder = Console(record=True, width=96, file=nowhere, force_terminal=True, highlight=False)
            recorder.print('$ movie-reports company "Pixar"', style="green")
            lines, _ = listing.draw(
                report.figures(connection, "company", request), table.Screen(96, 40, styled=True), all_rows=False
            )
            recorder.print(Text.from_ansi("\n".join(lines)))
        connection.close()
    return recorder.export_svg(title="movie-reports", unique_id="screen")


if __name__ == "__main__":
    main()
