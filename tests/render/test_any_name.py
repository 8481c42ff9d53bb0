"""Any text may be the name of a company: it is found, shown harmlessly in every output, and exported exactly."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

import movie_reports
from films import NASTY, STEERING, loading, text
from fuzzing import examples
from program import printed, run
from terminal import COLOUR, on_screen

PIECES = ["<script>", "</script>", "&amp;", "<b>", "[bold]", "[/]", "{datum}", "\x1b]8;;", "\x9b2J", "\r", "\n", "\t"]
PIECES += [
    "=cmd|' /C calc'!A0",
    "\u200b",
    "\u200d",
    "\ufe0f",
    "\u202e",
    "\ufeff",
    "\uffff",
    "'",
    '"',
    ",",
    ";",
    "\\",
    "-",
]
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
NAME = st.text(CHARACTERS, min_size=1, max_size=30) | st.lists(st.sampled_from([*PIECES, *NASTY]) | CHARACTERS).map(
    "".join
)
NAMES = st.lists(NAME.filter(lambda name: name != ""), min_size=1, max_size=40, unique=True)


class Tags(HTMLParser):
    """The elements of a page."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.names: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        """Keep the name of an element."""
        self.names.append(tag)


def harmless(output: str) -> str:
    """Assert that an output contains no control characters, and return it."""
    seen = re.sub("\r+\n\t?", "\n", COLOUR.sub("", output))  # a terminal makes CRLF of each line feed
    assert STEERING.search(seen) is None, ascii(seen)
    return seen


@pytest.mark.slow
@given(names=NAMES)
@settings(examples(2), phases=set(Phase) - {Phase.shrink})  # which takes minutes
def test_any_text_may_be_a_name(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    """Of many names at once: each is a company with a film that is called so too."""
    here = tmp_path_factory.mktemp("names")
    made = ({"title": name, "production_companies": json.dumps([{"name": name, "id": 1}])} for name in names)
    query = loading(here)(text(*(film | {"id": str(number)} for number, film in enumerate(made, 1)), is_quoted=True))
    database = here / "movies.duckdb"
    assert query("SELECT name FROM companies ORDER BY name") == [(name,) for name in sorted(names)]
    are_found(names, database)
    are_exported(names, here)
    are_shown(names, database)
    are_drawn(names, here)


def are_found(names: list[str], database: Path) -> None:
    """Assert that each name that can be typed means its company and no other."""
    with movie_reports.open(database) as opened:
        for name in names:
            if any(character.isalnum() for character in name):
                assert opened.company(name).column("company").to_pylist() == [name]
    for name in names[:3]:
        result = run("company", "--database", database, "--", name)
        harmless(result.stdout + result.stderr)
        assert result.returncode == 0 or not name.strip()


def are_exported(names: list[str], here: Path) -> None:
    """Assert that files have the names and titles character for character."""
    for kind in ("csv", "json", "ndjson", "parquet"):
        path = here / f"films.{kind}"
        assert run("films", "--output", path, "--database", here / "movies.duckdb").returncode == 0
        if kind == "parquet":
            rows = parquet.read_table(path).to_pylist()
        else:
            content = path.read_bytes().decode()
            rows = list(csv.DictReader(io.StringIO(content, newline=""))) if kind == "csv" else objects(content, kind)
        assert [(row["title"], row["companies"]) for row in sorted(rows, key=lambda row: int(row["id"]))] == [
            (name, name) for name in names
        ]


def objects(content: str, kind: str) -> list[dict[str, str]]:
    """Read the objects of a JSON export."""
    found = json.loads(content) if kind == "json" else [json.loads(line) for line in content.split("\n")[:-1]]
    return list(found)


def are_shown(names: list[str], database: Path) -> None:
    """Assert that no table and no export at a terminal controls it; JSON there is still the same data."""
    arguments = ("company", "--by", "all", "--all", "--database", str(database))
    table = harmless(printed(*arguments))
    assert len([line for line in table.splitlines() if line.endswith("1")]) >= len(names)
    harmless(on_screen(*arguments, width=60).raw)
    assert harmless(on_screen(*arguments, "--export", "csv").raw)
    for kind in ("json", "ndjson"):
        shown = harmless(on_screen(*arguments, "--export", kind).raw)
        assert sorted(row["company"] for row in objects(shown, kind)) == sorted(names)


def are_drawn(names: list[str], here: Path) -> None:
    """Assert that charts are what they would be with other names."""
    chosen = [name for name in names if name.strip()][:6]
    if not chosen:
        return
    for by, kind in (("all", "html"), ("year", "svg")):
        arguments = ("company", "--by", by, "--metric", "revenue", "--database", str(here / "movies.duckdb"))
        harmless(run(*arguments, "--chart", "--", *chosen).stdout)
        drawn = run(*arguments, "--chart", here / f"x.{kind}", "--", *chosen)
        assert drawn.returncode == 0, drawn.stderr
    picture = harmless((here / "x.svg").read_text(encoding="utf-8"))
    assert not re.search("script|href", " ".join(element.tag for element in ET.fromstring(picture).iter()))  # noqa: S314
    tags = Tags((here / "x.html").read_text(encoding="utf-8")).names
    assert tags == ["html", "head", "meta", "title", "body", "div", "script", "script"]
