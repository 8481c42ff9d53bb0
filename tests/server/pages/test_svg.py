"""The drawing of a chart: valid, with a link for each known point, and harmless whatever a name is."""

from xml.etree import ElementTree as ET

import pytest

from charts import CHARTS, NAMES, chart, compared, over_years
from movie_reports.render.charts.chart import Chart, Point
from movie_reports.reports.columns import Kind
from movie_reports.reports.requests.choices import Period
from movie_reports.server.pages import svg


def drawn(chart: Chart) -> ET.Element:
    """Draw a chart, in which each point leads to its name and period."""
    draw = svg.bars if chart.has_bars else svg.lines
    return ET.fromstring(draw(chart, lambda name, period: f"films?{name}&{period}", "label"))  # noqa: S314 (our own)


def percent(text: str) -> float:
    """Read a place."""
    return float(text.rstrip("%"))


@pytest.mark.parametrize("number", range(len(CHARTS)))
def test_each_known_point_is_a_link_to_its_films(number: int) -> None:
    """In the order of the names and periods; a partial one is marked by its shape or by an asterisk."""
    chart = CHARTS[number]
    links = list(drawn(chart).iter("a"))
    expected = [
        (f"films?{name}&{period}", point)
        for name, points in chart.series.items()
        for period, point in zip(chart.periods or (None,), points, strict=True)
        if point is not None
    ]
    assert [link.attrib["href"] for link in links] == [address for address, _ in expected]
    for link, (_, point) in zip(links, expected, strict=True):
        marked = [each for each in link.iter() if each.attrib.get("class") == "partial"]
        assert bool(marked) == "".join(link.itertext()).endswith("*") == point.is_partial


def test_points_stand_where_their_values_are() -> None:
    """A point halfway up is halfway between the axis and the highest line."""
    found = drawn(over_years(0, 50, 100, kind=Kind.tally))
    points = list(found.iter("use"))
    assert [percent(each.attrib["x"]) for each in points] == pytest.approx([100 / 6, 50, 500 / 6], abs=0.1)
    assert [percent(each.attrib["y"]) for each in points] == [100, 50, 0]


def test_rank_1_stands_at_the_top() -> None:
    """Where the axis begins, also if nobody has it."""
    found = drawn(over_years(1, 3, 2, kind=Kind.tally, is_rank=True))
    assert [percent(each.attrib["y"]) for each in found.iter("use")] == [0, 100, 50]
    (low,) = drawn(over_years(50, kind=Kind.tally, is_rank=True)).iter("use")
    assert percent(low.attrib["y"]) > 50


def test_percentages_are_written_as_such() -> None:
    """On the axis and beside the points."""
    written = [each.text or "" for each in drawn(over_years(0.086, 0.3, kind=Kind.percent)).iter("text")]
    assert [text for text in written if ":" in text] == ["1995: 8.6%", "1996: 30%"]
    assert {"0%", "10%", "20%", "30%"} <= set(written)


def test_a_gap_breaks_the_line() -> None:
    """Unknown is not zero."""
    found = drawn(over_years(1, 2, None, 4, 5))
    (line,) = found.findall("svg/path")
    assert line.attrib["d"].count("M") == 2
    assert len(list(found.iter("use"))) == 4


def test_a_loss_goes_to_the_left_of_zero() -> None:
    """And a profit to the right; both are as long as their amounts."""
    found = drawn(compared(Gain=3e6, Loss=-1e6))
    gain, loss = found.iter("rect")
    assert percent(loss.attrib["width"]) * 3 == pytest.approx(percent(gain.attrib["width"]), rel=0.01)
    end = percent(loss.attrib["x"]) + percent(loss.attrib["width"])
    assert end == pytest.approx(percent(gain.attrib["x"]), abs=0.1)


def test_names_are_text() -> None:
    """Whatever characters they contain."""
    series = {name: [Point(1), Point(2)] for name in NAMES[:8]}
    found = drawn(chart(series, Period.year))
    assert {each.tag for each in found.iter()} <= {
        "svg",
        "defs",
        "g",
        "path",
        "line",
        "text",
        "a",
        "circle",
        "use",
        "rect",
    }
    words = [each.text or "" for each in found.iter("text")]
    assert all(any(text.startswith(f"{name}, ") for text in words) for name in series)


def test_one_drawing_serves_all_widths() -> None:
    """Places are percentages, and there are fewer labels for narrow screens."""
    found = drawn(over_years(*range(1, 60)))
    wide, narrow = (
        [each for each in found.iter("g") if each.attrib.get("class") == f"periods {size}"]
        for size in ("wide", "narrow")
    )
    assert len(list(wide[0])) > len(list(narrow[0])) > 1
    assert "viewBox" not in found.attrib
