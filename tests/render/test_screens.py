"""Tables at a terminal: they fit its size, agree with the exports, and say what they leave out."""

import re
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import Color

from films import NASTY, loading, text
from movie_reports.errors import MovieReportsError
from movie_reports.render import terminal as drawing
from movie_reports.text import wrapped
from program import ended, environment, exported
from screens import ELLIPSIS, columns, exported_name, left_out, parts, split, written
from selection import few
from terminal import Screen, on_screen, on_screen_apart

WIDTHS = (40, 80, 200)
TALL = 400
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
    """Show a report on a terminal with room for all of its rows, once for all tests that ask for it."""
    return on_screen(*arguments, "--database", database, width=width, height=TALL)


@cache
def rows_of(database: Path, *arguments: str) -> list[dict[str, str]]:
    """Read the export of a report, once."""
    return exported(*arguments, "--quiet", "--database", database)


@widths
@everything
def test_no_line_is_wider_than_the_terminal(sample_database: Path, arguments: tuple[str, ...], width: int) -> None:
    """Neither of the table nor of the text around it."""
    screen = screen_of(sample_database, width, *arguments)
    assert screen.code == 0
    assert [line for line in screen.lines if cell_len(line) > width] == []


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("command", ["schema", "status"])
def test_long_comments_are_folded(sample_database: Path, command: str, width: int) -> None:
    """At every width no line is too wide, and no comment is folded into a narrow column."""
    lines = on_screen(command, "--database", sample_database, width=width).lines
    assert [line for line in lines if cell_len(line) > width] == []
    assert (
        len(lines) < 2 * sum(cell_len(line.strip()) for line in lines) / width + 200
    )  # half of a line may be indented
    words = "Fields whose text could not be read and that are NULL in movies, counted by column."
    assert command == "status" or f"unread_fields {words}" in " ".join(line.strip() for line in lines)


@pytest.mark.parametrize("arguments", [FIGURES["leaderboard"], GRIDS["comparison"]], ids=" ".join)
def test_a_real_process_shows_the_same(sample_database: Path, arguments: tuple[str, ...]) -> None:
    """The other tests show tables without starting one."""
    shown = on_screen_apart(*arguments, "--database", sample_database, width=120, height=TALL)
    assert shown == screen_of(sample_database, 120, *arguments).raw


@pytest.mark.parametrize(
    ("variable", "value"), few([("NO_COLOR", "1"), ("TERM", "dumb"), ("TERM", "unknown")], first=2)
)
@pytest.mark.parametrize(
    "arguments", [FIGURES["leaderboard"], FIGURES["genres"], ("schema",), ("status",)], ids=" ".join
)
def test_without_colour_the_text_is_the_same(
    sample_database: Path, arguments: tuple[str, ...], variable: str, value: str
) -> None:
    """Where none is wanted, and where the terminal has none."""
    coloured = on_screen(*arguments, "--database", sample_database, width=60)
    plain = on_screen(*arguments, "--database", sample_database, width=60, variables={variable: value})
    assert coloured.lines == plain.lines
    assert "\x1b[" in coloured.raw
    assert "\x1b" not in plain.raw


def test_losses_and_partial_figures_have_a_colour_and_a_sign(tmp_path: Path) -> None:
    """A loss has a minus and a hatched bar, a figure of only some of the films a mark."""
    makers = [{"production_companies": repr([{"name": name}])} for name in ("Loser", "Winner")]
    films = [*({"budget": "100", **each} for each in makers), *({"budget": "0", **each} for each in makers)]
    films[1]["revenue"] = "400"
    loading(tmp_path)(text(*({"id": str(number), **film} for number, film in enumerate(films))))
    arguments = ("company", "--by", "all", "--metric", "profit", "--database", tmp_path / "movies.duckdb")
    raw = on_screen_apart(*arguments, variables={"TERM": "xterm-256color"})
    for style, sign in ((drawing.LOSS, "-$40"), (drawing.LOSS, "░"), (drawing.PARTIAL, "$330*")):
        coloured = re.findall(rf"\x1b\[38;5;{Color.parse(style).number}m([^\x1b]*)", raw)
        assert sign in "".join(coloured)


@pytest.mark.parametrize("style", [drawing.LOSS, drawing.PARTIAL, drawing.ACCENT, drawing.GREY])
@pytest.mark.parametrize("background", ["#ffffff", "#000000"])
def test_colours_are_readable_on_white_and_on_black(style: str, background: str) -> None:
    """With the contrast that WCAG asks for."""
    lighter, darker = sorted(map(_luminance, (style, background)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    parts = (part / 255 for part in Color.parse(colour).get_truecolor())
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_pipe_does_not_wait_for_rich(sample_database: Path) -> None:
    """It takes a fifth of the time of a report to load."""
    command = [sys.executable, "-X", "importtime", "-m", "movie_reports", "company", "Pixar"]
    done = ended([*command, "--database", sample_database], env=environment())
    assert done.returncode == 0
    assert not re.search(r"rich\.(console|table|text)$", done.stderr, re.MULTILINE)


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
    """Under the table, with the way to see them; nothing is said where nothing is left out."""
    screen = screen_of(sample_database, width, *arguments)
    (row, *_) = rows_of(sample_database, *arguments)
    alone = {"company"} if arguments[:2] == ("company", "Pixar") else set()
    assert list(map(exported_name, left_out(screen))) == [
        name for name in row if name not in {*columns(screen), *alone}
    ]


@widths
@everything
def test_cut_texts_are_mentioned(sample_database: Path, arguments: tuple[str, ...], width: int) -> None:
    """On stderr, with the way to see them whole."""
    screen = screen_of(sample_database, width, *arguments)
    is_cut = any(ELLIPSIS in line for line in screen.lines)
    assert ("cut" in screen.errors and "--export" in screen.errors) or not is_cut


@pytest.mark.parametrize(
    ("width", "arguments", "gone"),
    [
        (80, OTHERS["companies"], ["TMDB ids", "First year", "Last year", "Complete"]),
        (60, OTHERS["companies"], ["TMDB ids", "First year", "Last year", "Budget", "Complete"]),
        (80, FIGURES["leaderboard"], []),
        (40, FIGURES["leaderboard"], ["Releases", "Complete"]),
        (60, ("company", "--by", "all", "--top", "5"), ["Budget", "Popularity", "Complete"]),
        (80, ("films",), ["Id", "Companies", "Genres", "Popularity", "Complete"]),
        (50, ("films",), ["Id", "Companies", "Genres", "Budget", "Revenue", "Popularity", "Complete"]),
        (80, ("genres", "--top", "3"), ["Releases", "Complete"]),
        (50, ("genres",), ["Budget", "Revenue", "Releases", "Complete"]),
        (80, ("rejects",), []),
        (40, ("rejects",), ["Message", "Raw"]),
        (40, ("history",), ["Source", "Records", "Films", "Duplicates", "Rejects", "Added", "Changed", "Removed"]),
    ],
)
def test_keys_stay_and_other_columns_leave(
    sample_database: Path, width: int, arguments: tuple[str, ...], gone: list[str]
) -> None:
    """What tells rows apart is in every table, with the figure that ranks them; the least important columns leave."""
    screen = screen_of(sample_database, width, *arguments)
    assert left_out(screen) == gone


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_grid_of_genres_shows_those_of_most_releases(sample_database: Path, width: int) -> None:
    """With a total under each; the others are named in a note."""
    arguments = ("company", "Walt Disney Productions", "--genres")
    rows = rows_of(sample_database, *arguments)
    genres = {row["genre"] for row in rows}
    releases = {genre: sum(int(row["releases"]) for row in rows if row["genre"] == genre) for genre in genres}
    screen = screen_of(sample_database, width, *arguments)
    _, films, *shown = split(parts(screen)[0][0])
    assert films == "Films"
    assert sorted([*shown, *left_out(screen)]) == sorted(releases)
    assert min(releases[genre] for genre in shown) >= max([releases[genre] for genre in left_out(screen)], default=0)
    total = next(line for line in screen.lines if line.startswith("Total "))
    assert split(total)[2:] == [str(releases[genre]) for genre in shown]


def test_columns_of_a_query_keep_their_names(sample_database: Path) -> None:
    """Also in a narrow terminal: those at the right that have no room are named under the table."""
    columns = [f"{name}_Name" for name in "abcdefgh"]
    query = " ".join(["SELECT", ", ".join(f"repeat(title, 9) AS {name}" for name in columns), "FROM movies"])
    screen = on_screen("sql", query, "--database", sample_database, width=60)
    shown = split(parts(screen)[0][0])
    assert [*shown, *left_out(screen)] == columns
    assert len(shown) == 3
    assert "Some texts are cut" in screen.errors


@widths
def test_a_comparison_agrees_with_the_export(sample_database: Path, width: int) -> None:
    """Each figure is in the row of its year, under its company; where that is too wide, in a list."""
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
def test_wide_and_combining_characters_fit(nasty_database: Path, command: str, width: int) -> None:
    """Names of 300 letters, of two cells per letter, of several characters per letter: each row is a line that fits."""
    screen = on_screen(command, "--database", nasty_database, width=width, height=TALL)
    assert screen.code == 0
    assert [line for line in screen.lines if cell_len(line) > width] == []
    assert len(parts(screen)[1]) == len(NASTY) * (2 if command == "films" else 1)
    assert any("奇妙映画" in line for line in screen.lines)


@given(st.text(st.sampled_from("ab -奇妙é\u0301\N{CLAPPER BOARD}\u00a0"), max_size=80), st.integers(2, 40))
def test_texts_are_wrapped_by_the_width_of_their_characters(text: str, width: int) -> None:
    """No line is wider than asked for, none is empty, and nothing but blanks is lost."""
    lines = wrapped(text, width)
    assert all(line and cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


WIDE = ["奇妙映画" * 20, "奇妙な短編映画の会社" * 5]


@pytest.fixture(scope="module")
def wide_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest a film of each of two companies with long names of wide characters once."""
    folder = tmp_path_factory.mktemp("wide")
    loading(folder)(text(*({"id": str(n), "production_companies": repr([{"name": m}])} for n, m in enumerate(WIDE))))
    return folder / "movies.duckdb"


@widths
@pytest.mark.parametrize("form", [(), ("--chart",), ("--metric", "profit")], ids=" ".join)
def test_a_title_of_wide_characters_fits(wide_database: Path, form: tuple[str, ...], width: int) -> None:
    """It takes as many lines as it needs, and none of it is lost."""
    screen = on_screen("company", *WIDE, *form, "--database", wide_database, width=width)
    assert screen.code == 0, screen.errors
    assert [line for line in screen.lines if cell_len(line) > width] == []
    assert "".join(screen.lines).replace(" ", "").startswith("and".join(WIDE))


def test_names_are_never_markup(tmp_path: Path) -> None:
    """Of rich: neither colours nor emoji nor links."""
    name = "[red]x[/red] :clapper: [link=https://example.org]y[/link]"
    loading(tmp_path)(text({"title": name, "production_companies": repr([{"name": name}])}))
    for command in (("company",), ("companies",), ("company", name), ("films",), ("sql", "SELECT title FROM movies")):
        screen = on_screen(*command, "--database", tmp_path / "movies.duckdb", width=200)
        assert any(name in line for line in screen.lines)
        assert "\x1b]" not in screen.raw


def test_the_ledger_says_why_an_ingest_failed(tmp_path: Path) -> None:
    """For each ingest on the screen, which they share with the reasons."""
    load = loading(tmp_path)
    load(text({}))
    for _ in range(12):
        with pytest.raises(MovieReportsError):
            load("id,title\n")
    screen = on_screen("history", "--database", tmp_path / "movies.duckdb")
    shown = [split(line)[0] for line in parts(screen)[1]]
    assert shown == ["13", "12", "11", "10", "9"]
    assert [f"{number} failed: " in screen.raw for number in (*shown, "8")] == [True] * 5 + [False]
    assert "8 more rows: add --all" in screen.errors
