"""Charts in a terminal, with gaps where nothing is known."""

import re
import sys
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import Color

from charts import CHARTS, NAMES, compared, many, over_years
from movie_reports.errors import MovieReportsError
from movie_reports.render.charts.chart import Chart, Point, axis
from movie_reports.render.charts.terminal import on_terminal
from movie_reports.reports.columns import Kind
from movie_reports.reports.requests.choices import Period
from program import exported, printed

pytest.importorskip("plotext", reason="the extra 'charts' is not installed")

ANSI = re.compile(r"\x1b\[[0-9;]*m")
SIZES = [(40, 12), (80, 24), (200, 50)]
VALUES = st.lists(st.integers(-(10**12), 10**12) | st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=9)


def plain(chart: Chart, width: int = 80, height: int = 24) -> list[str]:
    """Draw in ASCII without colour."""
    return on_terminal(chart, width, height, colour=False, ascii_only=True).splitlines()


@pytest.mark.parametrize(
    ("period", "found", "expected"),
    [
        ("year", [1998, 1995, 1998], (1995, 1996, 1997, 1998)),
        ("decade", [1970, 2000], (1970, 1980, 1990, 2000)),
        ("quarter", ["1995-Q4", "1996-Q2"], ("1995-Q4", "1996-Q1", "1996-Q2")),
        ("month", ["1995-11", "1996-02"], ("1995-11", "1995-12", "1996-01", "1996-02")),
        ("quarter", ["0999-Q3", "1000-Q1"], ("0999-Q3", "0999-Q4", "1000-Q1")),
        ("month", ["0099-12", "0100-02"], ("0099-12", "0100-01", "0100-02")),
    ],
)
def test_axis_has_every_period(period: str, found: list[int | str], expected: tuple[int | str, ...]) -> None:
    """From the first to the last, in order and once."""
    assert axis(Period(period), found) == expected


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("money", 1e9, "$1B"),
        ("money", 1.2e9, "$1.2B"),
        ("money", 373_554_033, "$373.6M"),
        ("money", -5e8, "-$500M"),
        ("money", 0, "$0"),
        ("figure", 1200, "1,200"),
        ("figure", 21.946, "21.95"),
        ("figure", 0.05, "0.05"),
        ("percent", 0.0856, "8.6%"),
        ("percent", 0.5, "50%"),
        ("percent", -0.003, "-0.3%"),
        ("percent", 74.731, "7,473.1%"),
    ],
)
def test_amounts_are_short(kind: str, value: float, text: str) -> None:
    """A value has its unit and no trailing zeros."""
    assert over_years(1, kind=Kind(kind)).amount(value) == text


@given(VALUES, st.integers(3, 12), st.sampled_from([Kind.money, Kind.figure, Kind.percent]))
def test_ticks_enclose_all_values_and_zero(values: list[float], most: int, kind: Kind) -> None:
    """Ticks are evenly spaced, no more than asked for, and whole dollars; the axis goes as far as a loss does."""
    ticks = (chart := over_years(*values, kind=kind)).ticks(most)
    assert chart.ends(ticks) == (min([ticks[0], *values]), max([ticks[-1], *values]))
    assert 0 in ticks
    assert 2 <= len(ticks) <= most
    assert kind is not Kind.money or all(tick % 1 == 0 for tick in ticks)


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chart", CHARTS)
def test_chart_fits_any_terminal(chart: Chart, size: tuple[int, int], ascii_only: bool) -> None:  # noqa: FBT001
    """No line is too wide or ends in blanks, ASCII is ASCII, and colours change no character."""
    text = on_terminal(chart, *size, colour=False, ascii_only=ascii_only)
    lines = text.splitlines()
    assert max(map(cell_len, lines)) <= size[0]
    assert len(lines) <= max(size[1], 3 + 8 + 5)
    assert all(line == line.rstrip() and line.isprintable() for line in lines)
    assert not ascii_only or text.isascii()
    coloured = on_terminal(chart, *size, colour=True, ascii_only=ascii_only)
    assert coloured != text
    assert ANSI.sub("", coloured) == text


def test_terminal_colours_are_readable_on_any_background() -> None:
    """On white, black and dark grey each has the contrast of 3 to 1 that the WCAG ask of graphics."""
    drawn = on_terminal(many(8), 80, 24, colour=True, ascii_only=False)
    colours = {int(number) for number in re.findall(r"\x1b\[[0-9;]*38;5;(\d+)", drawn)}
    assert len(colours) == 8
    backgrounds = [luminance(Color.parse(name)) for name in ("#ffffff", "#000000", "#1e1e1e")]
    for number, background in product(colours, backgrounds):
        lower, higher = sorted([luminance(Color.from_ansi(number)), background])
        assert (higher + 0.05) / (lower + 0.05) >= 3


def luminance(colour: Color) -> float:
    """Return the relative luminance that the WCAG define."""
    levels = [level / 255 for level in colour.get_truecolor()]
    linear = [((level + 0.055) / 1.055) ** 2.4 if level > 0.04 else level / 12.92 for level in levels]
    return sum(map(float.__mul__, (0.2126, 0.7152, 0.0722), linear))


def test_title_and_unit_stand_above() -> None:
    """The unit is left out where the title has it."""
    assert plain(over_years(1e6, 2e6))[:2] == ["Title", "Profit (US dollars)"]
    assert plain(many(2))[:2] == ["Title", "Mean popularity"]
    assert plain(over_years(1, title="A: releases", measure="Releases", kind=Kind.tally))[1].startswith("1+")


def test_missing_years_break_the_line() -> None:
    """Values on both sides of a gap are not joined, and a lone value is a point."""
    drawn = next(line for line in plain(over_years(10, 10, None, None, 10, None, 10, 10)) if "O" in line)
    assert re.fullmatch(r"\$10\+ +O\.+O {15,}O {15,}O\.+O", drawn)


def test_terminal_has_ticks_of_money_and_a_zero_line() -> None:
    """Amounts are round and short, and zero is a line above a loss, which has no more room than it needs."""
    assert re.fullmatch(r" *\$0\+-+[.O]*-+", plain(over_years(1.4e9, -1e6))[-3])
    lines = plain(over_years(1.1e9, -3e8))
    ticks = [line.partition("+")[0].strip() for line in lines if re.match(r" *-?\$", line)]
    assert ticks == ["$1.5B", "$1B", "$500M", "$0"]
    assert re.fullmatch(r" *\$0\+-+[.O]*-+", next(line for line in lines if "$0+" in line))


def test_rank_1_is_at_the_top_of_a_terminal() -> None:
    """Where the axis begins, also if nobody has it."""
    lines = plain(over_years(1, 3, 2, kind=Kind.tally, is_rank=True))
    assert [line.partition("+")[0].strip() for line in lines if re.match(r" *\d+\+", line)] == ["1", "2", "3"]
    top, middle, bottom = (line.index("O") for line in lines if "O" in line)
    assert top < bottom < middle
    lines = plain(over_years(40, 12, kind=Kind.tally, is_rank=True))
    assert next(line for line in lines if "+" in line).split("+")[0].strip() == "1"


@pytest.mark.parametrize("by", ["year", "decade"])
def test_a_chart_of_ranks_is_one(sample_database: Path, by: str) -> None:
    """Whatever else is asked for."""
    asked = ("company", "pixar", "--metric", "rank", "--metric", "revenue", "--by", by, "--database", sample_database)
    top, *rest = [
        line.split("┤")[0].split()[-1] for line in printed(*asked, "--chart", "-q").splitlines() if "┤" in line
    ]
    assert top == "1"
    assert [*map(int, rest)] == sorted(map(int, rest))


@pytest.mark.parametrize("metric", ["roi", "margin", "share"])
def test_bars_in_a_terminal_end_in_the_percentages_of_the_table(sample_database: Path, metric: str) -> None:
    """With one digit after the point, unless that is zero."""
    asked = ("genres", "--metric", metric, "--year", "1995", "--complete", "--database", sample_database)
    values = [float(row[metric]) for row in exported(*asked) if row[metric]]
    _, *lines = printed(*asked, "--chart").splitlines()
    assert [line.split()[-1] for line in lines] == [f"{value:,.1%}".replace(".0%", "%") for value in values]


@pytest.mark.parametrize("metric", ["roi", "margin", "share", "growth"])
def test_terminal_has_ticks_of_percent(sample_database: Path, metric: str) -> None:
    """The axis of a figure that tables show in percent."""
    drawn = printed(
        "genres", "--genre", "Drama", "--metric", metric, "--database", sample_database, "--chart", "--quiet"
    )
    axis = [line.partition("┤")[0].strip() for line in drawn.splitlines() if "┤" in line]
    assert len(axis) > 2
    assert "0%" in axis
    assert all(re.fullmatch(r"-?[\d,]+(\.\d)?%", label) for label in axis)


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("number", [1, 2, 7, 30, 300])
def test_year_labels_are_whole_and_apart(number: int, width: int) -> None:
    """Under the axis stand years with blanks between them, evenly spaced, and more than one where there are more."""
    years = [int(year) for year in plain(over_years(*range(number), first=1720), width)[-1].split()]
    assert set(years) <= set(range(1720, 1720 + number))
    assert len(years) > 1 or number == 1
    assert len({after - before for before, after in pairwise(years)}) <= 1


def test_crowded_points_are_thinned() -> None:
    """Where points would touch, only the highest of each few is marked, so that lines are distinguishable."""
    signs = [line.count("O") for line in plain(over_years(*[1] * 150, 9, *[1] * 150))[2:]]
    assert next(number for number in signs if number) == 1
    assert 30 < sum(signs) <= 40


@pytest.mark.parametrize("ascii_only", [False, True])
def test_names_are_distinguishable_without_colour(ascii_only: bool) -> None:  # noqa: FBT001
    """Each name has its own sign in the plot, and the legend is below it."""
    lines = on_terminal(many(8), 80, 24, colour=False, ascii_only=ascii_only).splitlines()
    end = next(number for number, line in enumerate(lines) if line.split() == ["1", "2", "3", "4"])
    signs = re.findall(r"(\S) Name \d", "\n".join(lines[end + 1 :]))
    assert len(set(signs)) == 8
    assert all(sign in "\n".join(line[3:] for line in lines[2 : end - 1]) for sign in signs)


def test_terminal_marks_partial_points() -> None:
    """A point that does not rest on all films is hollow, in ASCII a small letter, and a sentence explains it."""
    chart = over_years(5, Point(5, is_partial=True), 5, Point(5, is_partial=True))
    lines = on_terminal(chart, 80, 24, colour=False, ascii_only=False).splitlines()
    assert lines[2] == "Hollow points: some of the films lack a budget or revenue."
    assert [re.sub("[^●○]", "", line) for line in lines if "●" in line] == ["●○●○"]
    lines = plain(chart)
    assert lines[2] == "Small letters: some of the films lack a budget or revenue."
    assert [re.sub("[^Oo]", "", line) for line in lines[3:] if "O" in line] == ["OoOo"]
    assert "some of the films" not in "\n".join(plain(over_years(5, 5)))


def test_bars_stand_in_order_with_their_values() -> None:
    """Losses go to the left of zero, and a value that does not rest on all films has an asterisk."""
    lines = plain(compared(Big=1e9, Nothing=0, Half=Point(5e8, is_partial=True), Loss=-25e7), 60)
    assert lines[2] == "* Some of the films lack a budget or revenue."
    zero = lines[3].index("|")
    assert {line.index("|") for line in lines[3:]} == {zero}
    assert [line.split()[0] for line in lines[3:]] == ["Big", "Nothing", "Half", "Loss"]
    assert [line.split()[-1] for line in lines[3:6]] == ["$1B", "$0", "$500M*"]
    assert [line.count("#") for line in lines[3:]] == [29, 0, 14, 7]
    assert lines[6][:zero].endswith(" -$250M #######")


def test_wide_characters_keep_bars_aligned() -> None:
    """Names of wide, combined and many characters end in the same cell, and leave more than half of the line."""
    chart = compared(**dict.fromkeys((*NAMES, "Cafe\u0301"), 3))
    text = on_terminal(chart, 80, 24, colour=False, ascii_only=False)
    (zero,) = {cell_len(line.partition("│")[0]) for line in text.splitlines()[2:]}
    assert zero < 40


def test_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message says what needs it and how to install it."""
    monkeypatch.setitem(sys.modules, "plotext", None)
    with pytest.raises(MovieReportsError, match=r"drawing a chart over time needs .* 'movie-reports\[charts\]'"):
        plain(many(1))
