"""Charts show the same figures in a terminal and in files, with gaps where nothing is known."""

import json
import re
import struct
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.render.chart import Chart, Values, axis
from movie_reports.render.chart_file import to_file
from movie_reports.render.chart_terminal import on_terminal

for library in ("plotext", "altair", "vl_convert"):
    pytest.importorskip(library, reason="the extra 'charts' is not installed")

ANSI = re.compile(r"\x1b\[[0-9;]*m")
SIZES = [(40, 12), (80, 24), (200, 50)]
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x>",
    "a.b[0]",
    "[bold]",
    'it\'s "q"',
    "{datum}",
    "🎬",
    "東宝",
)
VALUES = st.lists(st.none() | st.integers(-(10**12), 10**12) | st.floats(-1e6, 1e6, allow_subnormal=False), max_size=9)
STEERING = "\u202eevil\x1b[31m\n"
NAMES = (*HOSTILE, STEERING, "Société " * 40)


def over_years(*values: float | None, name: str = "Pixar", first: int = 1995, is_money: bool = True) -> Chart:
    """Make a chart of one name over years."""
    years = tuple(range(first, first + len(values)))
    return Chart(f"{name} by year", "Profit", is_money, "year", years, {name: values})


def compared(series: dict[str, Values], *, is_money: bool = True) -> Chart:
    """Make a chart of one value for each name."""
    return Chart("Compared", "Revenue", is_money, "all", (), series)


def many(number: int) -> Chart:
    """Make a chart of names whose values never meet."""
    series = {f"Name {each}": (each, None, each + 0.5, each) for each in range(1, number + 1)}
    return Chart("Many", "Mean popularity", is_money=False, period="year", periods=(1, 2, 3, 4), series=series)


def plain(chart: Chart, width: int = 80, height: int = 24) -> list[str]:
    """Draw in ASCII without colour."""
    return on_terminal(chart, width, height, colour=False, ascii_only=True).splitlines()


def svg(chart: Chart, folder: Path) -> ET.Element:
    """Draw into an SVG and read it."""
    to_file(chart, folder / "chart.svg")
    return ET.fromstring((folder / "chart.svg").read_text(encoding="utf-8"))  # noqa: S314 (our own)


def texts(drawing: ET.Element) -> list[str]:
    """Return what is written in an SVG."""
    return [element.text or "" for element in drawing.iter("{http://www.w3.org/2000/svg}text")]


def paths(drawing: ET.Element, role: str) -> list[dict[str, str]]:
    """Return the attributes of the lines, points or bars of an SVG."""
    found = drawing.iter("{http://www.w3.org/2000/svg}path")
    return [path.attrib for path in found if path.get("aria-roledescription") == role]


CHARTS = [
    over_years(343e6, None, None, 243e6, 407e6, None, -50e6),
    over_years(1.0),
    over_years(0, 0, 0),
    over_years(7e17, None, -7e17),
    over_years(*range(300), first=1720, is_money=False),
    many(2),
    many(8),
    Chart(STEERING, "Releases", False, "decade", (1990, 2000), dict.fromkeys(NAMES, (1, 2))),  # noqa: FBT003
    compared({name: [number * 1e8 - 3e8] for number, name in enumerate(NAMES)} | {"Nobody": [None]}),
]


@pytest.mark.parametrize(
    ("period", "found", "expected"),
    [
        ("year", [1998, 1995, 1998], (1995, 1996, 1997, 1998)),
        ("decade", [1970, 2000], (1970, 1980, 1990, 2000)),
        ("quarter", ["1995-Q4", "1996-Q2"], ("1995-Q4", "1996-Q1", "1996-Q2")),
        ("month", ["1995-11", "1996-02"], ("1995-11", "1995-12", "1996-01", "1996-02")),
        ("quarter", ["0999-Q3", "1000-Q1"], ("0999-Q3", "0999-Q4", "1000-Q1")),
        ("month", ["0099-12", "0100-02"], ("0099-12", "0100-01", "0100-02")),
        ("year", [], ()),
    ],
)
def test_axis_has_no_holes(period: str, found: list[int | str], expected: tuple[int | str, ...]) -> None:
    """Every period between the first and the last is there, in order and once."""
    assert axis(period, found) == expected


@pytest.mark.parametrize(
    ("is_money", "value", "text"),
    [
        (True, 1e9, "$1B"),
        (True, 1.2e9, "$1.2B"),
        (True, 373_554_033, "$373.6M"),
        (True, -5e8, "-$500M"),
        (True, 0, "$0"),
        (False, 1200, "1,200"),
        (False, 21.946, "21.95"),
        (False, 0.05, "0.05"),
    ],
)
def test_amounts_are_short(is_money: bool, value: float, text: str) -> None:  # noqa: FBT001
    """A value has its unit and no zeros that say nothing."""
    assert over_years(is_money=is_money).amount(value) == text


@given(VALUES, st.integers(3, 12), st.booleans())
def test_ticks_enclose_all_values_and_zero(values: list[float | None], most: int, is_money: bool) -> None:  # noqa: FBT001
    """Ticks are evenly spaced, no more than asked for, and whole dollars; the axis goes as far as a loss does."""
    ticks = (chart := over_years(*values, is_money=is_money)).ticks(most)
    assert chart.ends(ticks) == (min([ticks[0], *chart.known]), max([ticks[-1], *chart.known]))
    assert 0 in ticks
    assert 2 <= len(ticks) <= most
    assert not is_money or all(tick % 1 == 0 for tick in ticks)


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chart", CHARTS)
def test_a_terminal_can_hold_it(chart: Chart, size: tuple[int, int], ascii_only: bool) -> None:  # noqa: FBT001
    """No line is too wide or ends in blanks, nothing steers, ASCII is ASCII, and colours change no letter."""
    text = on_terminal(chart, *size, colour=False, ascii_only=ascii_only)
    lines = text.splitlines()
    assert max(map(cell_len, lines)) <= size[0]
    assert len(lines) <= max(size[1], 2 + 8 + 5)
    assert all(line == line.rstrip() and line.isprintable() for line in lines)
    assert not ascii_only or text.isascii()
    coloured = on_terminal(chart, *size, colour=True, ascii_only=ascii_only)
    assert coloured != text
    assert ANSI.sub("", coloured) == text


def test_terminal_says_what_and_in_which_unit() -> None:
    """The title and the measure with its unit stand above."""
    assert plain(over_years(1e6, 2e6))[:2] == ["Pixar by year", "Profit (US dollars)"]
    assert plain(many(2))[:2] == ["Many", "Mean popularity"]


def test_missing_years_break_the_line() -> None:
    """What is known on both sides is joined by nothing, and a lone value is a point."""
    drawn = next(
        line for line in plain(over_years(10, 10, None, None, 10, None, 10, 10)) if "o" in line[4:] and "+" in line
    )
    assert re.fullmatch(r"\$10\+ +o\.+o {15,}o {15,}o\.+o", drawn)


def test_terminal_has_ticks_of_money_and_a_zero_line() -> None:
    """Amounts are round and short, and zero is a line above a loss, which has no more room than it needs."""
    assert re.fullmatch(r" *\$0\+-+[.o]*-+", plain(over_years(1.4e9, -1e6))[-3])
    lines = plain(over_years(1.1e9, -3e8))
    ticks = [line.partition("+")[0].strip() for line in lines if re.match(r" *-?\$", line)]
    assert ticks == ["$1.5B", "$1B", "$500M", "$0"]
    assert re.fullmatch(r" *\$0\+-+[.o]*-+", next(line for line in lines if "$0+" in line))


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("number", [1, 2, 7, 30, 300])
def test_years_are_whole_and_apart(number: int, width: int) -> None:
    """Under the axis stand years with blanks between them, evenly spaced, and more than one where there are more."""
    years = [int(year) for year in plain(over_years(*range(number), first=1720), width)[-1].split()]
    assert set(years) <= set(range(1720, 1720 + number))
    assert len(years) > 1 or number == 1
    assert len({after - before for before, after in pairwise(years)}) <= 1


def test_crowded_points_are_thinned() -> None:
    """Where points would touch, only the highest of each few is marked, so that lines can be told apart."""
    signs = [line.count("o") for line in plain(over_years(*[1] * 150, 9, *[1] * 150))[2:]]
    assert next(number for number in signs if number) == 1
    assert 30 < sum(signs) <= 40


@pytest.mark.parametrize("ascii_only", [False, True])
def test_names_are_told_apart_without_colour(ascii_only: bool) -> None:  # noqa: FBT001
    """Each name has its own sign, which stands in the plot, and the legend stands below it."""
    lines = on_terminal(many(8), 80, 24, colour=False, ascii_only=ascii_only).splitlines()
    end = next(number for number, line in enumerate(lines) if line.split() == ["1", "2", "3", "4"])
    signs = re.findall(r"(\S) Name \d", "\n".join(lines[end + 1 :]))
    assert len(set(signs)) == 8
    assert all(sign in "\n".join(line[3:] for line in lines[2 : end - 1]) for sign in signs)


def test_bars_stand_in_order_with_their_values() -> None:
    """Negative values go to the left of zero, what is not known has no bar."""
    lines = plain(compared({"Big": [1e9], "Unknown": [None], "None": [0], "Half": [5e8], "Loss": [-25e7]}), 60)[2:]
    zero = lines[0].index("|")
    assert {line.index("|") for line in lines} == {zero}
    found = [re.sub("#+", lambda bar: str(len(bar.group())), line).split() for line in lines]
    assert [row[0] for row in found] == ["Big", "Unknown", "None", "Half", "Loss"]
    assert [row[-1] for row in found[:4]] == ["$1B", "unknown", "$0", "$500M"]
    assert [line.count("#") for line in lines] == [28, 0, 0, 14, 7]
    assert lines[4][:zero].endswith(" -$250M #######")


def test_wide_letters_keep_bars_aligned() -> None:
    """Names of wide, combined and many letters end in the same cell, and leave more than half of the line."""
    text = on_terminal(compared(dict.fromkeys((*NAMES, "Cafe\u0301"), (3,))), 80, 24, colour=False, ascii_only=False)
    (zero,) = {cell_len(line.partition("│")[0]) for line in text.splitlines()[2:]}
    assert zero < 40


@pytest.mark.parametrize("chart", [over_years(), over_years(None, None), compared({}), compared({"A": [None]})])
def test_nothing_known_is_said(chart: Chart, tmp_path: Path) -> None:
    """Without a value there is a sentence in place of a plot, and under the title of a picture."""
    assert plain(chart)[2:] == ["No value is known."]
    assert "No value is known." in texts(svg(chart, tmp_path))


def test_picture_says_the_same_as_the_terminal(tmp_path: Path) -> None:
    """Title, unit, amounts, years and names."""
    chart = Chart("Two by year", "Profit", True, "year", (1995, 1996), {"A.b[0]": [1.1e9, None], "B": [-3e8, 0]})  # noqa: FBT003
    written = texts(svg(chart, tmp_path))
    assert {"Two by year", "Profit (US dollars)", "1995", "1996", "A.b[0]", "B"} <= set(written)
    assert [text for text in written if "$" in text] == ["$0", "$500M", "$1B", "$1.5B"]


def test_missing_years_break_the_line_of_a_picture(tmp_path: Path) -> None:
    """The path is begun anew after each gap, and all that is known has a point."""
    drawing = svg(over_years(1, 2, None, 3, None, None, 4, 5), tmp_path)
    (line,) = paths(drawing, "line mark")
    assert (line["d"].count("M"), line["d"].count("L")) == (3, 2)
    assert len(paths(drawing, "point")) == 5


def test_every_name_of_a_picture_has_its_colour_and_shape(tmp_path: Path) -> None:
    """Eight names are told apart in two ways."""
    drawing = svg(many(8), tmp_path)
    assert len({line["stroke"] for line in paths(drawing, "line mark")}) == 8
    assert len({point["d"] for point in paths(drawing, "point")}) == 8


def test_bars_of_a_picture_stand_in_order(tmp_path: Path) -> None:
    """Names are in the order given, also one without a value, each value at its bar."""
    drawing = svg(compared({"Z": [1e9], "Unknown": [None], "A": [-5e8]}), tmp_path)
    written = texts(drawing)
    assert [text for text in written if text in {"Z", "A", "Unknown"}] == ["Z", "Unknown", "A"]
    assert written[-4:-1] == ["$1B", "unknown", "-$500M"]
    assert len(paths(drawing, "bar")) == 2


@pytest.mark.parametrize("chart", CHARTS)
def test_same_data_give_the_same_bytes(chart: Chart, tmp_path: Path) -> None:
    """An SVG and a page drawn twice are equal, and drawing leaves nothing else behind."""
    for ending in ("svg", "html"):
        for name in ("one", "two"):
            to_file(chart, tmp_path / f"{name}.{ending}")
        assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()
    assert len(list(tmp_path.iterdir())) == 4


class Page(HTMLParser):
    """A page as a browser takes it apart."""

    def __init__(self, text: str) -> None:
        """Read the page."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep each element."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep what stands in a script."""
        if self.tags and self.tags[-1][0] == "script":
            self.scripts.append(data)


@pytest.mark.parametrize("period", ["year", "all"])
def test_page_is_whole_and_data_is_never_markup(period: str, tmp_path: Path) -> None:
    """Nothing is loaded from elsewhere, no name becomes an element or a path, and tooltips have exact figures."""
    series = {name: [1_234_567] for name in NAMES}
    chart = Chart("<b>&", "Profit", is_money=True, period=period, periods=(1995,) * (period == "year"), series=series)
    to_file(chart, tmp_path / "chart.html")
    page = Page((tmp_path / "chart.html").read_text(encoding="utf-8"))
    assert [tag for tag, _ in page.tags] == ["html", "head", "meta", "title", "body", "div", "script", "script"]
    assert not any({"src", "href"} & set(attributes) for _, attributes in page.tags)
    drawing, _ = json.JSONDecoder().raw_decode("".join(page.scripts).rpartition('vegaEmbed("#chart", ')[2])
    (rows,) = drawing["datasets"].values()
    assert [row["name"] for row in rows if row["name"] in series] == [name for name in NAMES if name != STEERING]
    assert {row["full"] for row in rows} == {"$1,234,567"}
    assert {row["name"] for row in rows} - set(series) == {r"\u202eevil\x1b[31m\n"}
    tooltip = drawing.get("layer", [drawing])[0]["encoding"]["tooltip"]
    assert [each["field"] for each in tooltip] == ["name", *(["period"] * (period == "year")), "full"]


@pytest.mark.parametrize("period", ["decade", "all"])
def test_hostile_names_are_written_in_a_picture(period: str, tmp_path: Path) -> None:
    """They stand there letter for letter; what is too long ends in an ellipsis, what steers is escaped."""
    periods = (1990,) * (period == "decade")
    written = texts(svg(Chart(STEERING, "Profit", False, period, periods, dict.fromkeys(NAMES, (1,))), tmp_path))  # noqa: FBT003
    assert set(HOSTILE) <= set(written)
    assert written.count(r"\u202eevil\x1b[31m\n") == 2
    assert [len(text) < 70 for text in written if text.startswith("Société") and text.endswith("…")] == [True]


def test_png_has_the_size_of_a_slide(tmp_path: Path) -> None:
    """It is 960 by 540, twice as fine."""
    to_file(many(3), tmp_path / "chart.PNG")
    content = (tmp_path / "chart.PNG").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (1920, 1080)


@pytest.mark.parametrize("name", ["chart.pdf", "chart", ".svg"])
def test_other_endings_are_refused(name: str, tmp_path: Path) -> None:
    """The message names those that are possible, and nothing is written."""
    with pytest.raises(UsageError, match=r"\.svg, \.png or \.html"):
        to_file(many(1), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("missing", ["plotext", "altair", "vl_convert"])
def test_missing_library_names_the_extra(missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message says what needs it and how to install it, and an old file stays."""
    monkeypatch.setitem(sys.modules, missing, None)
    path = tmp_path / "chart.svg"
    path.write_text("old")
    what = "a chart over time" if missing == "plotext" else re.escape(str(path))
    with pytest.raises(MovieReportsError, match=rf"drawing {what} needs .* pip install 'movie-reports\[charts\]'"):
        plain(many(1)) if missing == "plotext" else to_file(many(1), path)
    assert path.read_text() == "old"
