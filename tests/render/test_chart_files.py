"""Charts as files show the same as those in a terminal."""

import importlib.util
import json
import re
import struct
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft7Validator

from charts import CHARTS, NAMES, chart, compared, many, over_years
from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.render.charts.chart import Chart, Point
from movie_reports.render.charts.file import to_file, vega_lite
from movie_reports.reports.columns import Kind
from movie_reports.reports.requests.choices import Period

pytest.importorskip("vl_convert", reason="the extra 'charts' is not installed")


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


@cache
def grammar() -> Draft7Validator:
    """Return the JSON Schema of Vega-Lite, which altair ships."""
    found = importlib.util.find_spec("altair")
    assert found
    assert found.origin
    path = Path(found.origin).parent / "vegalite" / "v6" / "schema" / "vega-lite-schema.json"
    return Draft7Validator(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("chart", CHARTS)
def test_picture_follows_the_grammar_of_vega_lite(chart: Chart, tmp_path: Path) -> None:
    """What is given to the converter has no option that it would ignore, and gives the same bytes twice."""
    assert list(grammar().iter_errors(json.loads(json.dumps(vega_lite(chart))))) == []
    for name in ("one.svg", "two.svg"):
        to_file(chart, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_picture_says_the_same_as_the_terminal(tmp_path: Path) -> None:
    """Title, unit, amounts, years and names."""
    written = texts(svg(chart({"A.b[0]": [1.1e9, None], "B": [-3e8, 0]}), tmp_path))
    assert {"Title", "Profit (US dollars)", "1995", "1996", "A.b[0]", "B"} <= set(written)
    assert [text for text in written if "$" in text] == ["$0", "$500M", "$1B", "$1.5B"]


def test_percentages_of_a_picture_are_written_as_such(tmp_path: Path) -> None:
    """On the axis, and at the ends of bars."""
    lines = texts(svg(over_years(0.086, 0.3, measure="ROI", kind=Kind.percent), tmp_path))
    assert [text for text in lines if "%" in text] == ["0%", "5%", "10%", "15%", "20%", "25%", "30%"]
    bars = texts(svg(chart({"A": [0.0856], "B": [-0.5]}, Period.all, kind=Kind.percent), tmp_path))
    assert {"8.6%", "-50%"} <= set(bars)


def test_rank_1_is_at_the_top_of_a_picture(tmp_path: Path) -> None:
    """Where the axis begins."""
    drawing = svg(over_years(1, 3, 2, measure="Rank", kind=Kind.tally, is_rank=True), tmp_path)
    first, second, third = (
        float(re.findall(r",([\d.]+)\)", point["transform"])[0]) for point in paths(drawing, "point")
    )
    assert 0 == first < third < second
    assert not {"0", "4"} & set(texts(drawing))


def test_missing_years_break_the_line_of_a_picture(tmp_path: Path) -> None:
    """The path is begun anew after each gap, all that is known has a point, and one without a neighbour is large."""
    drawing = svg(over_years(1, 2, None, 3, *[None] * 70, 4, 5), tmp_path)
    (line,) = paths(drawing, "line mark")
    assert (line["d"].count("M"), line["d"].count("L")) == (3, 2)
    widths = [float(re.findall(r"M([\d.]+)", point["d"])[0]) for point in paths(drawing, "point")]
    assert [width == max(widths) for width in widths] == [False, False, True, False, False]


def test_every_name_of_a_picture_has_its_colour_and_shape(tmp_path: Path) -> None:
    """Eight names differ in colour and in shape."""
    drawing = svg(many(8), tmp_path)
    assert len({line["stroke"] for line in paths(drawing, "line mark")}) == 8
    assert len({point["d"] for point in paths(drawing, "point")}) == 8


def test_picture_marks_partial_points(tmp_path: Path) -> None:
    """A point that does not rest on all films is white inside, and a sentence explains it."""
    drawing = svg(over_years(5, Point(6, is_partial=True)), tmp_path)
    filled, hollow = paths(drawing, "point")
    assert filled["fill"] == filled["stroke"] == hollow["stroke"]
    assert hollow["fill"] == "white"
    assert "Hollow points: some of the films lack a budget or revenue." in texts(drawing)
    assert not any("some of the films" in text for text in texts(svg(over_years(5, 6), tmp_path)))


def test_bars_of_a_picture_stand_in_order(tmp_path: Path) -> None:
    """Names are in the order given, each value at its bar, with an asterisk if it does not rest on all films."""
    drawing = svg(compared(Z=1e9, B=0, A=Point(-5e8, is_partial=True)), tmp_path)
    written = texts(drawing)
    assert [text for text in written if text in {"Z", "A", "B"}] == ["Z", "B", "A"]
    assert [text for text in written if re.fullmatch(r"-?\$[^*]*\*?", text)][-3:] == ["$1B", "$0", "-$500M*"]
    assert "* Some of the films lack a budget or revenue." in written
    assert len(paths(drawing, "bar")) == 3


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
        """Collect the content of scripts."""
        if self.tags and self.tags[-1][0] == "script":
            self.scripts.append(data)


@pytest.mark.parametrize("period", [Period.year, Period.all])
def test_page_is_complete_and_data_is_never_markup(period: Period, tmp_path: Path) -> None:
    """Nothing is loaded from elsewhere, no name becomes an element, and tooltips have exact figures."""
    series = {name: [Point(1_234_567, is_partial=name == NAMES[0])] for name in NAMES}
    to_file(chart(series, period, title="<b>&"), tmp_path / "chart.html")
    page = Page((tmp_path / "chart.html").read_text(encoding="utf-8"))
    assert [tag for tag, _ in page.tags] == ["html", "head", "meta", "title", "body", "div", "script", "script"]
    assert not any({"src", "href"} & set(attributes) for _, attributes in page.tags)
    drawing, _ = json.JSONDecoder().raw_decode("".join(page.scripts).rpartition('vegaEmbed("#chart", ')[2])
    rows = drawing["data"]["values"]
    assert [row["name"] for row in rows] == list(NAMES)
    assert [row["full"] for row in rows] == ["$1,234,567*", *["$1,234,567"] * 8]
    fields = [each["field"] for each in drawing["encoding"]["tooltip"]]
    assert fields == ["name", *(["period"] if period is Period.year else []), "full"]


@pytest.mark.parametrize("period", [Period.decade, Period.all])
def test_hostile_names_are_written_in_a_picture(period: Period, tmp_path: Path) -> None:
    """They are exact; what is too long ends with an ellipsis."""
    written = texts(svg(chart(dict.fromkeys(NAMES, (1,)), period), tmp_path))
    assert set(NAMES[:-1]) <= set(written)
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


def test_missing_library_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message says what needs it and how to install it, and an old file stays."""
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    path = tmp_path / "chart.svg"
    path.write_text("old")
    with pytest.raises(MovieReportsError, match=r"drawing .*chart\.svg needs .* 'movie-reports\[charts\]'"):
        to_file(many(1), path)
    assert path.read_text() == "old"
