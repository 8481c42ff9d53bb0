"""A terminal shows a screenful of a long table, and whole texts where they fit; what is piped is whole."""

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from films import NASTY, loading, text
from program import streams
from screens import ELLIPSIS, parts
from selection import few
from terminal import Screen, on_screen


@pytest.fixture(scope="module")
def long_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest a film a year for 300 years."""
    folder = tmp_path_factory.mktemp("long")
    films = ({"id": str(year), "title": f"Film {year}", "release_date": f"{year}-02-03"} for year in range(1700, 2000))
    loading(folder)(text(*films))
    return folder / "movies.duckdb"


@pytest.mark.parametrize("height", few([24, 60]))
@pytest.mark.parametrize("command", [["company"], ["genres"], ["films"], ["company", "Acme", "--genres"]], ids=" ".join)
def test_a_long_table_is_a_screenful(long_database: Path, command: list[str], height: int) -> None:
    """What is not shown is counted on stderr, with the way to see it; --all shows it, and its total is of all."""
    screen = on_screen(*command, "--database", long_database, width=120, height=height)
    shown = len(parts(screen)[1])
    assert len(screen.lines) + len(screen.errors.splitlines()) in {height - 1, height}
    assert f"{300 - shown} more rows: add --all" in screen.errors
    assert re.search(r"^Total:? +300 ", "\n".join(screen.lines), re.MULTILINE)
    whole = on_screen(*command, "--all", "--database", long_database, width=120, height=height)
    assert (len(parts(whole)[1]), whole.errors) == (300, "")


def test_a_table_of_many_rows_is_in_line_to_its_end(long_database: Path) -> None:
    """Though it is drawn in parts, of which only the last has the longest text."""
    query = "SELECT repeat('x', CAST(range // 300 AS integer) + 1) AS text, range AS number FROM range(3000)"
    screen = on_screen("sql", query, "--all", "--database", long_database)
    lines = parts(screen)[1]
    assert len(lines) == 3000
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize("width", [40, 200])
def test_one_row_and_none_at_all(long_database: Path, width: int) -> None:
    """One row has its heading and its total; of none there is no table, but a sentence."""
    screen = on_screen("company", "--year", "1800", "--database", long_database, width=width)
    assert (screen.code, len(parts(screen)[1])) == (0, 1)
    assert [line for line in screen.lines if cell_len(line) > width] == []
    screen = on_screen("company", "--year", "1699", "--database", long_database, width=width)
    assert (screen.code, screen.raw) == (3, "")
    assert screen.errors.startswith("movie-reports: no film matches")


@pytest.mark.parametrize("command", ["company", "genres", "films", "sql"])
def test_what_is_piped_has_all_rows_and_whole_texts(long_database: Path, command: str) -> None:
    """A pipe has no width that it must fit, and no remark is needed."""
    query = ["FROM movies ORDER BY id"] if command == "sql" else []
    code, output, errors = streams(command, *query, "--database", long_database)
    assert (code, errors) == (0, "")
    assert len(parts(Screen(code, output, errors))[1]) == 300
    assert streams(command, *query, "--all", "--database", long_database) == (code, output, errors)


def test_a_long_text_is_cut_at_a_terminal_only(tmp_path: Path) -> None:
    """A remark says so under the table if a text was cut, and there is none otherwise."""
    story = "It goes on and on.\n" * 9
    loading(tmp_path)(text({"overview": story}))
    arguments = ("sql", "SELECT 1 AS a, overview FROM movies", "--database", tmp_path / "movies.duckdb")
    code, output, errors = streams(*arguments)
    assert (code, repr(story)[1:-1] in output, errors) == (0, True, "")
    for width in (100, 200):
        screen = on_screen(*arguments, width=width)
        is_whole = any(repr(story)[1:-1] in line for line in screen.lines)
        assert is_whole == (width == 200)
        assert ("Some texts are cut" in screen.errors) != is_whole


def test_what_is_piped_has_its_natural_width(nasty_database: Path) -> None:
    """However narrow the terminal said to be, nothing is cut where there is none."""
    code, output, errors = streams("company", "--database", nasty_database)
    assert (code, errors) == (0, "")
    assert max(NASTY, key=len) in output
    assert ELLIPSIS not in output
