"""Exports for people have the same rows as CSV: tables of Markdown, pages of HTML, Excel workbooks, and TSV.

Markdown and HTML have figures as tables write them, the others exact numbers.
"""

import csv
import html
import io
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from program import exported, printed, run

Lines = list[list[str]]


class Cells(HTMLParser):
    """The texts of the cells of a page, and the names of its elements."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.rows: Lines = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        """Add to a cell."""
        if self.rows and self.rows[-1] and data.strip("\n"):
            self.rows[-1][-1] += data


def of_markdown(text: str) -> Lines:
    """Read a table of Markdown, whose cells contain no bar and no line break."""
    header, _, *rows = (line.removeprefix("| ").removesuffix(" |").split(" | ") for line in text.split("\n")[:-1])
    return [[html.unescape(cell) for cell in row] for row in (header, *rows)]


def expected(database: Path, *command: str) -> Lines:
    """Return the rows of a report as CSV has them."""
    rows = exported(*command, "--database", database)
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def as_in_a_table(lines: Lines) -> Lines:
    """Write the figures of films, as CSV has them, for people."""
    header, *rows = lines
    forms: dict[str, Callable[[str], str]] = {
        **dict.fromkeys(("budget", "revenue", "profit"), lambda text: f"${int(text):,}".replace("$-", "-$")),
        "popularity": lambda text: f"{float(text):,.2f}",
        "complete": lambda text: {"1": "yes", "0": "no"}[text],
    }
    return [
        header,
        *([forms.get(name, str)(text) if text else "" for name, text in zip(header, row, strict=True)] for row in rows),
    ]


REPORT = ("films",)


def test_markdown_has_every_name_in_one_cell(nasty_database: Path) -> None:
    """Nothing of it is markup there."""
    text = printed(*REPORT, "--export", "markdown", "--database", nasty_database)
    assert of_markdown(text) == as_in_a_table(expected(nasty_database, *REPORT))
    assert not re.search(r"[<>`*\[\]]", text)


def test_html_has_every_name_as_text(nasty_database: Path) -> None:
    """In a page without scripts or links, under the title of the report."""
    page = Cells(printed(*REPORT, "--export", "html", "--database", nasty_database))
    assert page.rows == as_in_a_table(expected(nasty_database, *REPORT))
    assert {"script", "a", "img", "b"}.isdisjoint(page.tags)


def test_figures_are_right_aligned_as_tables_write_them(sample_database: Path) -> None:
    """Dollars, percentages, means and weekdays."""
    command = (
        "genres",
        "--genre",
        "drama",
        "--by",
        "weekday",
        "-m",
        "profit",
        "-m",
        "roi",
        "--database",
        sample_database,
    )
    text, page = (printed(*command, "--export", kind) for kind in ("markdown", "html"))
    _, rules, monday, *_ = text.splitlines()
    assert rules == "| ---: | --- | ---: | ---: | ---: | ---: |"
    assert re.fullmatch(r"\| Monday \| Drama \| \$[\d,]{9,} \| [\d,]+\.\d% \| \d+ \| \d+ \|", monday)
    assert monday.split(" | ")[2:4] == re.findall(r'<td class="number">(-?\$[\d,]+|[\d,.]+%)</td>', page)[:2]


def test_tsv_is_csv_with_tabs(nasty_database: Path) -> None:
    """Quoted in the same way."""
    text = printed(*REPORT, "--export", "tsv", "--database", nasty_database)
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter="\t")) == expected(nasty_database, *REPORT)


def test_workbooks_have_texts_and_numbers_and_no_formulas(nasty_database: Path, tmp_path: Path) -> None:
    """A name that begins like a formula is a text."""
    path = tmp_path / "films.xlsx"
    run(*REPORT, "--output", path, "--database", nasty_database)
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    wanted = expected(nasty_database, *REPORT)
    title, budget = wanted[0].index("title"), wanted[0].index("budget")
    assert len(sheet) == len(wanted)
    assert [row[budget] for row in sheet[1:]] == [float(row[budget]) for row in wanted[1:]]
    plain = [row[title] for row in wanted if row[title].isprintable()]
    assert {*plain} <= {row[title] for row in sheet}
    assert "=1+1" in plain


@pytest.mark.parametrize(("name", "begins"), [("x.md", b"| year"), ("x.html", b"<!doctype"), ("x.tsv", b"year\t")])
def test_the_suffix_chooses_the_format(sample_database: Path, tmp_path: Path, name: str, begins: bytes) -> None:
    """Also the usual one of Markdown."""
    run("genres", "--output", tmp_path / name, "--database", sample_database)
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize("kind", ["markdown", "html", "tsv"])
def test_answers_to_statements_can_be_documents(sample_database: Path, kind: str) -> None:
    """With numbers, dates, lists, nothing and texts of any kind."""
    statement = "SELECT 1 AS n, DATE '2020-01-01' AS d, [1, 2] AS l, NULL AS x, '<b>|' AS t, true AS y"
    text = printed("sql", statement, "--export", kind, "--database", sample_database)
    if kind == "tsv":
        rows = list(csv.reader(io.StringIO(text), delimiter="	"))
    else:
        rows = of_markdown(text) if kind == "markdown" else Cells(text).rows
    assert rows == [["n", "d", "l", "x", "t", "y"], ["1", "2020-01-01", "[1,2]", "", "<b>|", "true"]]


def test_without_its_library_a_workbook_is_refused(
    sample_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what to install, and no file is left."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    result = run("genres", "--output", tmp_path / "x.xlsx", "--database", sample_database)
    assert (result.returncode, result.stdout) == (1, "")
    assert "pip install 'movie-reports[xlsx]'" in result.stderr
    assert list(tmp_path.iterdir()) == []
