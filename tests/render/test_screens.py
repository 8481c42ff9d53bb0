"""Tables at a terminal: they fit its width, agree with the exports, and say what they leave out."""

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from films import NASTY, loading, text
from movie_reports.render import values as cells
from movie_reports.text import wrapped
from program import exported, streams
from terminal import Screen, on_screen, on_screen_apart

WIDTHS = (40, 80, 120, 200)
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
MONEY = {"budget", "revenue", "profit"}
HEADINGS = {"released": "release_date"}
COMPARED = ("company", "Pixar", "Walt Disney Pictures", "Universal Pictures", "--metric", "profit")
FIGURES = {
    "company": ("company", "Pixar"),
    "companies by decade": ("company", "--by", "decade", "--year", "1990-", "--min-films", "3"),
    "genres": ("genres", "--year", "1994-1995"),
    "films": ("films", "--company", "Pixar"),
    "incomplete films": ("films", "--year", "-1940"),
    "leaderboard": ("company", "--by", "all", "--metric", "profit", "--top", "5"),
}
GRIDS = {"company --genres": ("company", "Pixar", "--genres", "--year", "1995-2003"), "comparison": COMPARED}
OTHERS = {"companies": ("companies", "disney"), "genre-list": ("genre-list",)}

figures = pytest.mark.parametrize("arguments", FIGURES.values(), ids=FIGURES)
everything = pytest.mark.parametrize("arguments", [*FIGURES.values(), *GRIDS.values(), *OTHERS.values()], ids=" ".join)
widths = pytest.mark.parametrize("width", WIDTHS)


@cache
def screen_of(database: Path, width: int, *arguments: str) -> Screen:
    """Show a report on a terminal, once for all that hold something of it."""
    return on_screen(*arguments, "--database", database, width=width)


@cache
def rows_of(database: Path, *arguments: str) -> list[dict[str, str]]:
    """Read the export of a report, once."""
    return exported(*arguments, "--quiet", "--database", database)


def parts(screen: Screen) -> tuple[list[str], list[str]]:
    """Return the line of headings above the rule of a table, and its rows, without the total."""
    rules = [number for number, line in enumerate(screen.lines) if line and not line.strip("─")]
    end = rules[1] if len(rules) > 1 else screen.lines.index("", rules[0])
    return [screen.lines[rules[0] - 1]], screen.lines[rules[0] + 1 : end]


def split(line: str) -> list[str]:
    """Return the cells of a line in which none is empty."""
    return re.split(r" {3,}", line.strip(" "))


def columns(screen: Screen) -> list[str]:
    """Return the columns of a table of figures as exports call them; a chart of bars has no heading."""
    names = [heading.lower() for heading in split(parts(screen)[0][0])]
    return [HEADINGS.get(name, name) for name in names]


def written(column: str, value: str) -> set[str]:
    """Return the ways in which a table may write a value of an export in full."""
    if column in MONEY:
        ways = {write(int(value)) for write in (cells.full_dollars, cells.short_dollars)} if value else {"—"}
        return ways | {f"{way}*" for way in ways}
    if column == "complete" and value in {"0", "1"}:
        return {value, "yes" if value == "1" else "no"}
    empty = {"year": "no date", "decade": "no date", "release_date": "no date", "genres": "(no genre)"}
    if value and column in {"popularity", "decade"}:
        return {f"{float(value):,.2f}" if column == "popularity" else f"{value}s"}
    return {value or empty.get(column, "—")}


@widths
@everything
def test_no_line_is_wider_than_the_terminal(sample_database: Path, arguments: tuple[str, ...], width: int) -> None:
    """Neither of the table nor of what stands around it."""
    screen = screen_of(sample_database, width, *arguments)
    assert screen.code == 0
    assert [line for line in screen.lines if cell_len(line) > width] == []


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("command", ["schema", "status"])
def test_long_comments_are_folded(sample_database: Path, command: str, width: int) -> None:
    """At every width no line is too wide, and no word of a comment stands alone in a narrow column."""
    lines = on_screen(command, "--database", sample_database, width=width).lines
    assert [line for line in lines if cell_len(line) > width] == []
    assert len(lines) < 280 * 40 / width + 60
    words = "Fields whose text could not be read and that are NULL in movies, counted by column."
    assert command == "status" or f"unread_fields: {words}" in " ".join(line.strip() for line in lines)


@pytest.mark.parametrize("arguments", [FIGURES["leaderboard"], GRIDS["comparison"]], ids=" ".join)
def test_a_process_of_its_own_shows_the_same(sample_database: Path, arguments: tuple[str, ...]) -> None:
    """The other tests show tables without starting one."""
    shown = on_screen_apart(*arguments, "--database", sample_database, width=120)
    assert shown == screen_of(sample_database, 120, *arguments).raw


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
@pytest.mark.parametrize("arguments", [FIGURES["leaderboard"], FIGURES["genres"]], ids=" ".join)
def test_without_colour_the_words_are_the_same(
    sample_database: Path, arguments: tuple[str, ...], variable: str, value: str
) -> None:
    """Where none is wanted, and where the terminal knows none."""
    coloured = screen_of(sample_database, 40, *arguments)
    plain = on_screen(*arguments, "--database", sample_database, width=40, variables={variable: value})
    assert [line.rstrip() for line in coloured.lines] == plain.lines
    assert "\x1b[" in coloured.raw
    assert "\x1b" not in plain.raw


@widths
@figures
def test_tables_agree_with_the_export(sample_database: Path, arguments: tuple[str, ...], width: int) -> None:
    """A row is a line; a figure is never cut, and a text only at its end."""
    screen = screen_of(sample_database, width, *arguments)
    names = columns(screen)
    rows = rows_of(sample_database, *arguments)
    shown = [split(line) for line in parts(screen)[1]]
    assert len(shown) == len(rows)
    for line, row in zip(shown, rows, strict=True):
        for name, cell in zip(names, line, strict=False):
            if cell.endswith(ELLIPSIS):
                assert name in {"company", "genre", "title", "companies", "genres"}
                assert row[name].startswith(cell.removesuffix(ELLIPSIS).rstrip())
            else:
                assert cell in written(name, row[name])


@widths
@figures
def test_columns_left_out_are_named(sample_database: Path, arguments: tuple[str, ...], width: int) -> None:
    """On stderr, with the way to see them; nothing is said where nothing is left out."""
    screen = screen_of(sample_database, width, *arguments)
    (row, *_) = rows_of(sample_database, *arguments)
    alone = {"company"} if arguments[:2] == ("company", "Pixar") else set()
    left_out = [name for name in row if name not in {*columns(screen), *alone}]
    found = re.search(r"Too narrow for (.*): choose with --metric, or widen the terminal\.", screen.errors)
    assert (found[1].split(", ") if found else []) == left_out


@widths
@everything
def test_texts_that_are_cut_are_told_of(sample_database: Path, arguments: tuple[str, ...], width: int) -> None:
    """On stderr, with the way to see them whole."""
    screen = screen_of(sample_database, width, *arguments)
    is_cut = any(ELLIPSIS in line for line in screen.lines)
    assert ("cut" in screen.errors and "--export" in screen.errors) or not is_cut


@pytest.mark.parametrize(
    ("width", "arguments", "gone"),
    [
        (80, OTHERS["companies"], "TMDB ids, First year, Last year, Complete"),
        (40, OTHERS["companies"], "TMDB ids, First year, Last year, Budget, Revenue, Profit, Complete"),
        (80, FIGURES["leaderboard"], ""),
        (50, FIGURES["leaderboard"], "complete"),
        (60, ("company", "--by", "all", "--top", "5"), "budget, popularity, complete"),
    ],
)
def test_names_go_last(sample_database: Path, width: int, arguments: tuple[str, ...], gone: str) -> None:
    """Where a row is a company, figures and bars are left out, and told of, before a name is cut."""
    screen = screen_of(sample_database, width, *arguments)
    assert not any(ELLIPSIS in line for line in screen.lines)
    assert re.findall("Too narrow for (.*):", screen.errors) == [gone] * bool(gone)


@widths
def test_a_comparison_agrees_with_the_export(sample_database: Path, width: int) -> None:
    """Each figure stands in the row of its year, under its company; where that is too wide, in a list."""
    screen = screen_of(sample_database, width, *COMPARED)
    rows = rows_of(sample_database, *COMPARED)
    by_year: dict[str, list[str]] = {}
    for company in ("Pixar Animation Studios", "Walt Disney Pictures", "Universal Pictures"):
        for row in (row for row in rows if row["company"] == company):
            by_year.setdefault(row["year"], []).append(row["profit"])
    shown = [split(line) for line in parts(screen)[1]]
    if width == WIDTHS[0]:
        assert len(shown) == len(rows)
        return
    assert [line[0] for line in shown] == sorted(by_year)
    for year, *profits in shown:
        assert len(profits) == len(by_year[year])
        assert all(found in written("profit", value) for found, value in zip(profits, by_year[year], strict=True))


@widths
@pytest.mark.parametrize("command", ["company", "companies", "films"])
def test_wide_and_combining_letters_fit_too(nasty_database: Path, command: str, width: int) -> None:
    """Names of 300 letters, of two cells a letter, of several characters a letter: a row is a line that fits."""
    screen = on_screen(command, "--database", nasty_database, width=width)
    assert screen.code == 0
    assert [line for line in screen.lines if cell_len(line) > width] == []
    assert len(parts(screen)[1]) == len(NASTY) * (2 if command == "films" else 1)
    assert any("奇妙映画" in line for line in screen.lines)


@given(st.text(st.sampled_from("ab -奇妙é\u0301\N{CLAPPER BOARD}\u00a0"), max_size=80), st.integers(2, 40))
def test_texts_are_broken_by_the_room_of_their_letters(text: str, width: int) -> None:
    """No line is wider than asked for, none is empty, and nothing but blanks is lost."""
    lines = wrapped(text, width)
    assert all(line and cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@widths
@pytest.mark.parametrize("form", [(), ("--chart",), ("--metric", "profit")], ids=" ".join)
def test_a_title_of_wide_letters_fits_too(tmp_path: Path, form: tuple[str, ...], width: int) -> None:
    """It takes as many lines as it needs, and none of it is lost."""
    names = ["奇妙映画" * 20, "奇妙な短編映画の会社" * 5]
    loading(tmp_path)(text(*({"id": str(n), "production_companies": repr([{"name": m}])} for n, m in enumerate(names))))
    screen = on_screen("company", *names, *form, "--database", tmp_path / "movies.duckdb", width=width)
    assert screen.code == 0, screen.errors
    assert [line for line in screen.lines if cell_len(line) > width] == []
    assert "".join(screen.lines).replace(" ", "").startswith("and".join(names))


@pytest.fixture(scope="module")
def long_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest a film a year for 300 years."""
    folder = tmp_path_factory.mktemp("long")
    films = ({"id": str(year), "title": f"Film {year}", "release_date": f"{year}-02-03"} for year in range(1700, 2000))
    loading(folder)(text(*films))
    return folder / "movies.duckdb"


@pytest.mark.parametrize("height", [24, 60])
@pytest.mark.parametrize("command", ["company", "genres", "films"])
def test_a_long_table_is_a_screenful(long_database: Path, command: str, height: int) -> None:
    """What is not shown is counted on stderr, with the way to see it; --all shows it, and its total is of all."""
    screen = on_screen(command, "--database", long_database, width=120, height=height)
    shown = len(parts(screen)[1])
    assert 10 <= shown < height
    assert len(screen.lines) <= height
    assert f"{300 - shown} more rows: see them with --all" in screen.errors
    assert any(line.startswith("Total: 300 distinct films") for line in screen.lines)
    whole = on_screen(command, "--all", "--database", long_database, width=120, height=height)
    assert (len(parts(whole)[1]), whole.errors) == (300, "")


@widths
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
    """Whoever reads it, perhaps another program, has no terminal that it must fit, and nothing more is to be said."""
    query = ["FROM movies ORDER BY id"] if command == "sql" else []
    code, output, errors = streams(command, *query, "--database", long_database)
    assert (code, errors) == (0, "")
    assert len(parts(Screen(code, output, errors))[1]) == 300
    assert streams(command, *query, "--all", "--database", long_database) == (code, output, errors)


def test_a_long_text_is_cut_at_a_terminal_only(tmp_path: Path) -> None:
    """And that is said where it is so, but of no text that stands there whole."""
    name, story = "A company of seventy letters and not one fewer, which stands as it is.", "It goes on and on.\n" * 9
    loading(tmp_path)(text({"production_companies": repr([{"name": name}]), "overview": story}))
    for arguments, whole in (
        (("sql", "SELECT 1 AS a, overview FROM movies"), repr(story)[1:-1]),
        (("companies",), name),
    ):
        code, output, errors = streams(*arguments, "--database", tmp_path / "movies.duckdb")
        assert (code, whole in output, errors) == (0, True, "")
        screen = on_screen(*arguments, "--database", tmp_path / "movies.duckdb", width=200)
        is_whole = any(whole in line for line in screen.lines)
        assert is_whole == (arguments == ("companies",))
        assert ("Some texts are cut" in screen.errors) != is_whole


def test_what_is_piped_has_its_natural_width(nasty_database: Path) -> None:
    """However narrow the terminal said to be, nothing is cut where there is none."""
    code, output, errors = streams("company", "--database", nasty_database)
    assert (code, errors) == (0, "")
    assert max(NASTY, key=len) in output
    assert ELLIPSIS not in output
