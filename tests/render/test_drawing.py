"""What a chart of a report shows is what its export has."""

import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import movie_reports
from films import STEERING, Load, text
from movie_reports.database import upgrade
from movie_reports.errors import MovieReportsError
from movie_reports.render.charts.chart import Chart
from movie_reports.render.charts.chart import chart as choose
from movie_reports.reports import names, report
from movie_reports.reports.requests.request import Request
from program import apart, printed, run

Rows = list[dict[str, Any]]


def drawn(database: Path, name: str, **asked: Any) -> tuple[Chart, list[str]]:  # noqa: ANN401
    """Choose what to draw of a report, and return that with the remarks on it."""
    with closing(upgrade.connect(database)) as connection:
        return choose(report.figures(connection, name, names.resolve(connection, Request(**asked))))


def exported(database: Path, name: str, **asked: Any) -> Rows:  # noqa: ANN401
    """Return the rows of the same report as Python has them."""
    with movie_reports.open(database) as opened:
        rows: Rows = getattr(opened, name.replace("-", "_"))(*asked.pop("company", ()), **asked).to_pylist()
        return rows


def values(chart: Chart) -> dict[tuple[str, int | str | None], float]:
    """Return what is drawn, by name and period."""
    periods = chart.periods or (None,)
    pairs = ((name, zip(periods, points, strict=True)) for name, points in chart.series.items())
    return {(name, period): point.value for name, found in pairs for period, point in found if point}


@pytest.mark.parametrize(
    ("name", "asked", "metric"),
    [
        ("company", {"company": ("Pixar", "Ghibli")}, "profit"),
        ("company", {"company": ("Pixar",), "metrics": "budget", "average": True}, "budget"),
        ("genres", {"genre": ("Drama", "War")}, "popularity"),
        ("genres", {"genre": "Drama", "by": "quarter", "metrics": "releases"}, "releases"),
    ],
)
def test_chart_has_the_values_of_the_export(
    sample_database: Path, name: str, asked: dict[str, Any], metric: str
) -> None:
    """Every value that is known is drawn under its name and period, and nothing else."""
    chart, _ = drawn(sample_database, name, **asked)
    subject, period = name.removesuffix("s"), asked.get("by", "year")
    rows = [row for row in exported(sample_database, name, **asked) if row[period] is not None]
    assert values(chart) == {(row[subject], row[period]): row[metric] for row in rows if row[metric] is not None}
    assert len(values(chart)) > 3


def test_missing_years_are_gaps(sample_database: Path) -> None:
    """Years without films are on the axis, with no value."""
    chart, _ = drawn(sample_database, "company", company="Pixar")
    assert chart.periods == tuple(range(1995, 2018))
    ((first, *gap, _),) = [points[:4] for points in chart.series.values()]
    assert first
    assert gap == [None, None]


@pytest.mark.parametrize("metric", ["budget", "revenue", "profit"])
def test_figures_that_do_not_rest_on_all_films_are_marked(sample_database: Path, metric: str) -> None:
    """Point by point, and with --complete none is."""
    asked = {"company": ("Walt Disney Productions", "Toho"), "metrics": metric, "by": "decade"}
    chart, remarks = drawn(sample_database, "company", **asked)
    films: Rows = []
    for company in chart.series:
        films += [row | {"company": company} for row in exported(sample_database, "films", company=(company,))]
    unknown = {(row["company"], row["release_date"].year // 10 * 10) for row in films if row[metric] is None}
    marked = {
        (name, period)
        for name, points in chart.series.items()
        for period, point in zip(chart.periods, points, strict=True)
        if point and point.is_partial
    }
    assert marked == unknown & {*values(chart)}
    assert marked
    assert "Add --complete to draw only films whose budget and revenue are both known." in remarks
    chart, remarks = drawn(sample_database, "company", **asked, complete=True)
    assert chart.points
    assert not chart.has_partial
    assert remarks == []


def test_a_budget_alone_is_no_loss(load: Load, tmp_path: Path) -> None:
    """Where no film has both figures there is no profit to draw."""
    load(text({"id": "1", "revenue": "0"}, {"id": "2", "release_date": "2003-01-01"}))
    chart, _ = drawn(tmp_path / "movies.duckdb", "company", company="Acme")
    assert values(chart) == {("Acme", 2003): 20}


def test_leaders_are_bars_in_their_order(sample_database: Path) -> None:
    """A chart without periods has the rows of the table; the title names the metric once."""
    asked: dict[str, Any] = {"by": "all", "metrics": "profit", "top": 5}
    chart, _ = drawn(sample_database, "company", **asked)
    rows = exported(sample_database, "company", **asked)
    assert list(values(chart).items()) == [((row["company"], None), row["profit"]) for row in rows]
    assert chart.title == "Companies over all years (top 5 by profit)"


def test_genres_of_a_company_are_bars(sample_database: Path) -> None:
    """Each genre has the releases of all years, the most first."""
    chart, _ = drawn(sample_database, "company-genres", company="Pixar")
    rows = exported(sample_database, "company-genres", company=("Pixar",), by="all")
    assert values(chart) == {(row["genre"], None): row["releases"] for row in rows}
    assert list(values(chart).values()) == sorted(values(chart).values(), reverse=True)


@pytest.mark.parametrize(
    "asked", [{"by": "decade"}, {"top": 2}, {"bottom": 2}, {"by": "decade", "min_films": 3}, {"by": "decade", "top": 1}]
)
def test_the_highest_of_many_are_drawn(sample_database: Path, asked: dict[str, Any]) -> None:
    """Of those in the report the six are drawn that are highest over all periods, with bottom the lowest."""
    chart, remarks = drawn(sample_database, "genres", metrics="revenue", **asked)
    rows = exported(sample_database, "genres", metrics="revenue", **asked)
    found = {row["genre"] for row in rows if row["revenue"] is not None and row[asked.get("by", "year")] is not None}
    ranking = [row["genre"] for row in exported(sample_database, "genres", by="all", metrics="revenue", top=99)]
    expected = [genre for genre in ranking if genre in found][:: -1 if "bottom" in asked else 1]
    assert list(chart.series) == expected[:6]
    if len(expected) > 6:
        assert chart.note == f"The 6 {'lowest' if 'bottom' in asked else 'highest'} of {len(expected)}."
        assert "Other genres are drawn if you name them." in remarks


def test_the_title_says_when_the_lowest_bars_are_drawn(sample_database: Path) -> None:
    """With bottom the bars begin with the lowest."""
    asked: dict[str, Any] = {"by": "all", "metrics": "revenue", "bottom": 25}
    chart, _ = drawn(sample_database, "company", **asked)
    rows = exported(sample_database, "company", **asked)
    assert list(chart.series) == [row["company"] for row in rows[:20]]
    assert chart.note == f"The 20 lowest of {len(rows)}."


@pytest.mark.parametrize("number", [8, 9])
def test_all_that_are_named_are_drawn(sample_database: Path, number: int) -> None:
    """Up to eight, in the order in which they are named; remarks name the rest and a second metric."""
    companies = [row["company"] for row in exported(sample_database, "companies")[number - 1 :: -1]]
    asked = {"company": companies, "exact": True, "by": "decade", "metrics": ("releases", "profit")}
    chart, remarks = drawn(sample_database, "company", **asked)
    assert list(chart.series) == companies[:8]
    assert "Only releases is drawn: see profit with --metric profit." in remarks
    assert [each for each in remarks if each.startswith("Not drawn")] == [
        f"Not drawn: {each}." for each in companies[8:]
    ]


def test_a_name_without_a_known_value_is_mentioned(odd_database: Path) -> None:
    """It is in the title, but has nothing to draw."""
    chart, remarks = drawn(odd_database, "company", company=("Nova Films", "Dim"))
    assert list(chart.series) == ["Nova Films"]
    assert "Not drawn: Dim." in remarks


@pytest.mark.parametrize(("by", "least"), [("decade", 7.2), ("all", 0)])
def test_means_of_votes_have_an_axis_of_their_own(sample_database: Path, by: str, least: float) -> None:
    """They differ too little for one from zero; the length of bars is from zero all the same."""
    chart, _ = drawn(sample_database, "genres", popularity="vote-average", by=by)
    assert chart.ticks(8)[0] == least


def test_chart_says_what_popularity_means(sample_database: Path) -> None:
    """Once; with the weighted rating it tells m and C."""
    chart, _ = drawn(sample_database, "genres", popularity="weighted", genre="Drama")
    assert chart.title == "Drama by year: mean weighted rating"
    assert "m = 6,735 votes and C = 7.2233" in chart.note


def test_control_characters_in_names_are_escaped(nasty_database: Path) -> None:
    """So that no name steers a terminal, and all are there."""
    chart, _ = drawn(nasty_database, "company", by="all", metrics="releases", top=1)
    assert len(chart.series) == 20
    assert not any(map(STEERING.search, chart.series))
    chart, _ = drawn(nasty_database, "company", company="\x1b[31mRed\x1b[0m", metrics="releases")
    assert [*chart.series] == [r"\x1b[31mRed\x1b[0m"]
    assert chart.title.isprintable()


@pytest.mark.parametrize(
    ("name", "asked", "code", "words"),
    [
        ("company-genres", {}, 2, "about one company"),
        ("company-genres", {"company": "Pixar", "by": "month"}, 2, "leave out --by"),
        ("company-genres", {"company": "Pixar", "year": 1800}, 3, "no film"),
        ("films", {}, 2, "no chart of films"),
        ("genres", {"genre": "Foreign", "metrics": "budget"}, 3, "no budget is known"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(
    sample_database: Path, name: str, asked: dict[str, Any], code: int, words: str
) -> None:
    """It says why, and what to do instead."""
    with pytest.raises(MovieReportsError, match=words) as caught:
        drawn(sample_database, name, **asked)
    assert caught.value.exit_code == code


def test_films_without_a_date_cannot_be_drawn_over_time(odd_database: Path) -> None:
    """The message does not say that nothing is known of them."""
    with pytest.raises(MovieReportsError, match="nothing to draw: none of these films has a date"):
        drawn(odd_database, "company", company="Nova Pictures")
    chart, _ = drawn(odd_database, "company", company="Nova Pictures", by="all")
    assert values(chart) == {("Nova Pictures", None): 20}


def test_chart_option_without_a_file_draws_on_stdout(sample_database: Path) -> None:
    """In any position; with 80 columns if there is no terminal, without colour."""
    before = printed("company", "--chart", "Pixar", "-q", "--database", sample_database)
    assert before == printed("company", "Pixar", "-q", "--database", sample_database, "--chart")
    assert before.splitlines()[:2] == ["Pixar Animation Studios by year: profit", "Profit (US dollars)"]
    assert max(map(len, before.splitlines())) <= 80
    assert len(before.splitlines()) <= 24
    assert "\x1b" not in before


def test_terminal_without_unicode_gets_a_chart_in_ascii(sample_database: Path) -> None:
    """The encoding decides."""
    variables = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    shown = apart("company", "Pixar", "-q", "--chart", "--database", sample_database, **variables).stdout
    assert shown
    assert shown.isascii()


def test_chart_option_with_a_file_draws_the_same(sample_database: Path, tmp_path: Path) -> None:
    """The page has the values of the export."""
    arguments = ("company", "Pixar", "--database", sample_database, "-q")
    assert run(*arguments, "--chart", tmp_path / "x.html").returncode == 0
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    drawing = json.loads(re.findall(r'vegaEmbed\("#chart", (.*), \{actions', page)[0])
    found = {row["period"]: row["value"] for row in drawing["data"]["values"] if row["value"] is not None}
    rows = exported(sample_database, "company", company=("Pixar",))
    assert found == {str(row["year"]): row["profit"] for row in rows if row["profit"] is not None}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("company", "Pixar", "--chart", "x.pdf"), 2, ".svg, .png or .html"),
        (("company", "Pixar", "--chart", "--export", "csv"), 2, "--chart, --sql and --export"),
        (("genres", "--year", "1800", "--chart"), 3, "no film"),
        (("genres", "--chart", "none/chart.svg"), 1, "cannot write none/chart.svg"),
    ],
)
def test_chart_option_fails_in_one_line(
    sample_database: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """With the way out, and without a file."""
    result = run(*arguments, "--database", sample_database)
    assert (result.returncode, result.stdout) == (code, "")
    assert words in result.stderr
