"""Control and invisible characters are shown as escapes on a terminal; files and pipes contain them exactly."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from films import STEERING, loading, text
from movie_reports.text import harmless
from program import assert_fails, exported, printed, run
from terminal import on_screen, watched

LOOK_ALIKE = [
    *("Acme", "Acme\u200b", "\u200bAcme", "Ac\u200cme", "Ac\u200dme", "Ac\u00adme", "Acme\u2060", "Ac\u2062me"),
    *(
        "\ufeffAcme",
        "Acme\ufeff",
        "Ac\u034fme",
        "Acme\u200e",
        "\u202aAcme\u202c",
        "Acme\ufe0f",
        "Acme\u3164",
        "A\U000e0043cme",
    ),
]
AT_WORK = {
    "Persian": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Devanagari": "क्\u200dष क्\u200cष",
    "a family": "\N{WOMAN}\u200d\N{WOMAN}\u200d\N{GIRL}",
    "a couple": "\N{WOMAN}\u200d\u2764\ufe0f\u200d\N{MAN}",
    "a heart": "I \u2764\ufe0f films",
    "a keycap": "Channel 4\ufe0f\u20e3",
    "Mongolian": "ᠠ\u180b",
    "accents": "e\u0301 q\u0323\u0307",
}
FORMULAS = ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", '=HYPERLINK("x")']
PLAIN = ["Acme", "A=1", "1-1", " =1", "'=1"]


def database_of(folder: Path, names: list[str]) -> Path:
    """Load a film for each of some companies; what it cost is more than it earned."""
    films = ({"id": str(n), "title": name, "revenue": "5"} for n, name in enumerate(names, 1))
    made = (film | {"production_companies": json.dumps([{"name": film["title"]}])} for film in films)
    loading(folder)(text(*made, is_quoted=True))
    return folder / "movies.duckdb"


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load companies whose names look the same."""
    return database_of(tmp_path_factory.mktemp("alike"), LOOK_ALIKE)


def cells(output: str) -> list[str]:
    """Return the first cell of each row of a table."""
    _, rows = re.split(r"(?m)^─+$", output)[:2]
    return [line.split("   ")[0] for line in rows.strip("\n").split("\n") if line]


def test_names_that_look_the_same_are_distinguishable(alike: Path, tmp_path: Path) -> None:
    """In tables, titles, charts and pictures."""
    seen = cells(printed("company", "--by", "all", "--database", alike))
    assert len(set(seen)) == len(seen) == len(LOOK_ALIKE)
    assert not STEERING.search("".join(seen))
    named = ("company", LOOK_ALIKE[0], LOOK_ALIKE[1], "--metric", "revenue", "--database", str(alike))
    assert r"Acme and Acme\u200b by year" in run(*named).stdout
    assert r"Acme\u200b" in run(*named, "--chart").stdout
    assert run(*named, "--chart", tmp_path / "x.svg").returncode == 0
    assert r">Acme\u200b</text>" in (tmp_path / "x.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", AT_WORK.values(), ids=AT_WORK)
def test_characters_that_shape_text_and_emoji_stay(name: str) -> None:
    """Joiners, selectors and combining marks, where they do something that is seen."""
    assert harmless(name) == name


@pytest.mark.parametrize("kind", ["csv", "json", "ndjson"])
def test_an_export_is_harmless_at_a_terminal_and_exact_elsewhere(nasty_database: Path, kind: str) -> None:
    """JSON there has the same meaning all the same."""
    arguments = ("companies", "--export", kind, "--database", str(nasty_database))
    shown = re.sub("\r+\n", "\n", on_screen(*arguments).raw)
    exact = printed(*arguments)
    assert not STEERING.search(shown.replace("\n\t{", "\n{"))
    assert STEERING.search(exact)
    if kind == "json":
        assert json.loads(shown) == json.loads(exact)
    elif kind == "ndjson":
        assert [json.loads(line) for line in shown.splitlines()] == [
            json.loads(line) for line in exact.split("\n")[:-1]
        ]
    else:
        assert shown == "".join(line if line == "\n" else harmless(line) for line in re.split("(\n)", exact))


def test_json_of_the_state_is_harmless_at_a_terminal(tmp_path: Path) -> None:
    """With any unreadable text."""
    loading(tmp_path)(text({"budget": "\u202e\x9b5"}))
    for command in (("status", "--json"), ("ingest", str(tmp_path / "films.csv"), "--json")):
        arguments = (*command, "--database", str(tmp_path / "movies.duckdb"))
        shown = on_screen(*arguments).raw.replace("\r\n", "\n")
        assert not STEERING.search(shown)
        assert json.loads(shown)
    assert json.loads(printed("status", "--json", "--database", tmp_path / "movies.duckdb"))["unread_fields"] == [
        {"field": "budget", "films": 1, "example": "\u202e\x9b5"}
    ]


def test_headings_of_an_answer_are_harmless(alike: Path) -> None:
    """Also where PIVOT makes them of data."""
    output = printed("sql", 'SELECT 1 AS "\x1b[31mred", 2 AS "Acme\u200b"', "--database", alike)
    assert r"\x1b[31mred   Acme\u200b" in output
    assert not STEERING.search(output)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--\x1b[31m",),
        ("company", "--metric", "\x1b[31m"),
        ("company", "--top", "\u202e1"),
        ("comp\x1b[2Jany",),
        ("companies", "a", "b\x1b[31m"),
        ("company", "--year", "\x1b[31m"),
        ("ingest", "no\x1b[31m.csv"),
        ("company", "-o", "x.\x1b[31m"),
    ],
    ids=ascii,
)
def test_errors_escape_what_was_typed(alike: Path, arguments: tuple[str, ...]) -> None:
    """In every message about it."""
    result = run(*arguments, MOVIE_REPORTS_DATABASE=str(alike))
    assert_fails(result, 1 if "ingest" in arguments else 2, most=2)
    assert not STEERING.search(result.stderr)


def test_line_breaks_in_names_are_escaped(tmp_path: Path) -> None:
    """A name of several lines is shown on one, in errors, candidates, questions and notes."""
    names = [f"Forged\nmovie-reports: all is well {number}" for number in range(3)]
    database = database_of(tmp_path, names)
    result = run("company", "forged", "--database", database)
    assert len(result.stderr.splitlines()) == 4
    assert "\nmovie-reports: all" not in result.stderr
    assert len(run("company", "a\nb", "--database", database).stderr.splitlines()) == 1
    noted = run("company", "well 2", "--database", database)
    assert (noted.returncode, len(noted.stderr.splitlines())) == (0, 0 if not noted.stderr else 1)
    code, shown = watched("company", "well 2", "--all-matches", "--database", database)
    assert code == 0
    assert not re.search("(?m)^movie-reports: all", shown)


@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest films and companies named like formulas once."""
    return database_of(tmp_path_factory.mktemp("formulas"), [*FORMULAS, *PLAIN])


@pytest.mark.parametrize("arguments", [("company",), ("companies",), ("films",), ("company", "--genres")], ids=" ".join)
def test_safe_cells_are_no_formulas(formulas: Path, arguments: tuple[str, ...]) -> None:
    """An apostrophe precedes what a spreadsheet would run; figures, even losses, and other texts are unchanged."""
    exact = exported(*arguments, "--database", formulas)
    output = run(*arguments, "--safe-cells", "--export", "csv", "--database", formulas)
    safe = list(csv.DictReader(io.StringIO(output.stdout, newline="")))
    expected = [{key: f"'{cell}" if cell in FORMULAS else cell for key, cell in row.items()} for row in exact]
    assert safe == expected
    assert {row.get("profit", "-5") for row in safe} == {"-5"}
    assert sum(row != plain for row, plain in zip(safe, exact, strict=True)) == len(FORMULAS)


def test_safe_cells_of_an_answer(alike: Path, tmp_path: Path) -> None:
    """Also in headings; what is no text is left alone."""
    query = "SELECT '=1' AS \"=a\", -1 AS b, -1.5::decimal(3, 1) AS c, ['=1'] AS d, NULL AS e, '-' AS f"
    path = tmp_path / "x.csv"
    assert run("sql", query, "--safe-cells", "--output", path, "--database", alike).returncode == 0
    assert path.read_bytes() == b'\'=a,b,c,d,e,f\r\n\'=1,-1,-1.5,"[""=1""]",,\'-\r\n'


@pytest.mark.parametrize("form", [(), ("--export", "json"), ("--output", "x.parquet"), ("--sql",), ("--chart",)])
def test_safe_cells_are_for_csv(alike: Path, form: tuple[str, ...]) -> None:
    """Other forms are not read by spreadsheets as formulas."""
    assert_fails(run("company", "--safe-cells", *form, "--database", alike), 2, "--safe-cells", "--export csv")
