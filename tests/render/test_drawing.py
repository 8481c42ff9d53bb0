"""What a chart of a report shows is what its export holds."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from program import apart, ended, exported, printed, run


def drawn(database: Path, folder: Path, *arguments: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Draw a page; return the drawing in the words of Vega-Lite, and the rows in it."""
    result = run(*arguments, "--chart", folder / "x.html", "--database", database)
    assert (result.returncode, result.stdout) == (0, "")
    page = (folder / "x.html").read_text(encoding="utf-8")
    drawing = json.loads(re.findall(r'vegaEmbed\("#chart", (.*), \{actions', page)[0])
    (rows,) = drawing["datasets"].values()
    return drawing, rows


def known(rows: list[dict[str, Any]]) -> set[tuple[str, str, float]]:
    """Return what is drawn: name, period, value."""
    return {(row["name"], row["period"], row["value"]) for row in rows if row["value"] is not None}


def values(rows: list[dict[str, str]], name: str, period: str, metric: str) -> set[tuple[str, str, float]]:
    """Return what an export knows, where there is a period."""
    return {(row[name], row[period], float(row[metric])) for row in rows if row[metric] and row[period]}


@pytest.mark.parametrize(
    ("arguments", "columns"),
    [
        (("company", "Pixar", "Ghibli"), ("company", "year", "profit")),
        (("company", "Pixar", "--metric", "budget", "--average"), ("company", "year", "budget")),
        (("genres", "--genre", "Drama", "--genre", "War"), ("genre", "year", "popularity")),
        (("genres", "--genre", "Drama", "--by", "quarter", "-m", "releases"), ("genre", "quarter", "releases")),
    ],
)
def test_a_picture_has_the_values_of_the_export(
    sample_database: Path, tmp_path: Path, arguments: tuple[str, ...], columns: tuple[str, str, str]
) -> None:
    """Every value that is known is drawn under its name and period, and nothing else."""
    _, rows = drawn(sample_database, tmp_path, *arguments, "-q")
    table = exported(*arguments, "-q", "--database", sample_database)
    assert known(rows) == values(table, *columns)
    assert len(known(rows)) > 3


def test_missing_years_are_gaps(sample_database: Path, tmp_path: Path) -> None:
    """Years without films are on the axis, with no value."""
    drawing, rows = drawn(sample_database, tmp_path, "company", "Pixar", "-q")
    assert [row["value"] for row in rows if row["period"] in {"1996", "1997"}] == [None, None]
    years = drawing["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert years == [str(year) for year in range(1995, 2018)]


def test_leaders_are_bars_in_their_order(sample_database: Path, tmp_path: Path) -> None:
    """A chart without periods has the rows of the table, the highest first."""
    arguments = ("company", "--by", "all", "--metric", "profit", "--top", "5")
    _, rows = drawn(sample_database, tmp_path, *arguments)
    table = exported(*arguments, "--database", sample_database)
    assert [(row["name"], row["value"]) for row in rows] == [(row["company"], int(row["profit"])) for row in table]


def test_genres_of_a_company_are_bars(sample_database: Path, tmp_path: Path) -> None:
    """Each genre has the releases of all years."""
    _, rows = drawn(sample_database, tmp_path, "company", "Pixar", "--genres")
    table = exported("company", "Pixar", "--genres", "--by", "all", "--database", sample_database)
    assert {(row["name"], row["value"]) for row in rows} == {(row["genre"], int(row["releases"])) for row in table}
    assert [row["value"] for row in rows] == sorted((row["value"] for row in rows), reverse=True)


@pytest.mark.parametrize(
    ("by", "limit"),
    [
        ("decade", ()),
        ("year", ("--top", "2")),
        ("year", ("--bottom", "2")),
        ("decade", ("--min-films", "3")),
    ],
)
def test_of_many_the_highest_are_drawn(sample_database: Path, tmp_path: Path, by: str, limit: tuple[str, ...]) -> None:
    """The picture says of how many, and the six are the first of the ranking over all periods, with --bottom its last.

    They are chosen among those that the table holds.
    """
    arguments = ("genres", "--metric", "revenue", "--by", by, *limit)
    drawing, rows = drawn(sample_database, tmp_path, *arguments)
    held = {row["genre"] for row in exported(*arguments, "--database", sample_database) if row["revenue"] and row[by]}
    ranking = exported("genres", "--by", "all", "-m", "revenue", "--top", "99", "--database", sample_database)
    names = [row["genre"] for row in ranking if row["genre"] in held][:: -1 if "--bottom" in limit else 1]
    assert list(dict.fromkeys(row["name"] for row in rows)) == names[:6]
    (note,) = drawing["title"]["subtitle"]
    assert note.startswith(f"The 6 {'lowest' if '--bottom' in limit else 'highest'} of {len(held)}.")
    assert "Not all budgets and revenues are known." in note or limit


def test_of_many_bars_the_lowest_are_called_so(sample_database: Path, tmp_path: Path) -> None:
    """With --bottom the bars go upwards from the lowest."""
    arguments = ("company", "--by", "all", "--metric", "revenue", "--bottom", "25")
    drawing, rows = drawn(sample_database, tmp_path, *arguments)
    table = exported(*arguments, "--database", sample_database)
    assert [row["name"] for row in rows] == [row["company"] for row in table[:20]]
    assert drawing["title"]["subtitle"][0].startswith(f"The 20 lowest of {len(table)}.")


@pytest.mark.parametrize(("by", "axis", "least"), [("decade", "y", 7.2), ("all", "x", 0)])
def test_means_of_votes_have_a_range_of_their_own(
    sample_database: Path, tmp_path: Path, by: str, axis: str, least: float
) -> None:
    """So that lines can be told apart, in letters too; the length of bars is from zero all the same."""
    arguments = ("genres", "--popularity", "vote-average", "--by", by)
    drawing, _ = drawn(sample_database, tmp_path, *arguments)
    assert drawing["layer"][0]["encoding"][axis]["scale"]["domain"][0] == least
    if least:
        output = printed(*arguments, "--chart", "-q", "--database", sample_database)
        assert re.findall(r"(?m)^ *(.+)┤", output)[-1].startswith("7")


def test_a_point_without_a_neighbour_is_large(sample_database: Path, tmp_path: Path) -> None:
    """Also among hundreds of months, where the points of a line are small."""
    _, rows = drawn(sample_database, tmp_path, "company", "Lucasfilm", "--by", "month", "-m", "revenue")
    assert len(rows) > 300
    assert {row["size"] for row in rows if row["value"] is not None} == {70}
    assert min(row["size"] for row in rows) < 20


@pytest.mark.parametrize("number", [8, 9])
def test_all_that_are_named_are_drawn(sample_database: Path, tmp_path: Path, number: int) -> None:
    """Up to eight; of more it is told which are not, as it is of a second figure."""
    names = [row["company"] for row in exported("companies", "--database", sample_database)[:number]]
    arguments = ("company", *names, "--by", "decade", "-m", "releases", "-m", "profit")
    result = run(*arguments, "--chart", tmp_path / "x.svg", "--database", sample_database)
    assert "Only releases is drawn: see profit with --metric profit." in result.stderr
    assert "Others are drawn" not in result.stderr
    left_out = re.findall(r"Not drawn: (.*)\.\n", result.stderr)
    assert (len(left_out), set(left_out) <= set(names)) == (number - 8, True)


def test_a_picture_names_what_popularity_means(sample_database: Path, tmp_path: Path) -> None:
    """Once; with the weighted rating it tells m and C, and its axis does not begin at zero."""
    drawing, _ = drawn(sample_database, tmp_path, "genres", "--popularity", "weighted", "--genre", "Drama")
    assert drawing["title"]["text"] == ["Genres by year (Drama): mean weighted rating"]
    low, _ = drawing["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert low > 5
    assert "m = 6,735 votes and C = 7.2233" in " ".join(drawing["title"]["subtitle"])


def test_a_chart_stands_in_the_terminal_without_a_file(sample_database: Path) -> None:
    """Wherever --chart stands, it is drawn on 80 columns where there is no terminal, without colour."""
    before = printed("company", "--chart", "Pixar", "-q", "--database", sample_database)
    assert before == printed("company", "Pixar", "-q", "--database", sample_database, "--chart")
    assert before.splitlines()[:2] == ["Pixar Animation Studios by year: profit", "Profit (US dollars)"]
    assert max(map(len, before.splitlines())) <= 80
    assert len(before.splitlines()) <= 24
    assert "\x1b" not in before


def test_a_terminal_of_few_letters_gets_a_chart_in_ascii(sample_database: Path) -> None:
    """The encoding decides."""
    variables = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    shown = apart("company", "Pixar", "-q", "--chart", "--database", sample_database, **variables).stdout
    assert shown
    assert shown.isascii()


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("company", "Pixar", "--chart", "x.pdf"), 2, ".svg, .png or .html"),
        (("company", "Pixar", "--chart", "--export", "csv"), 2, "--chart, --sql and --export"),
        (("company", "--genres", "--chart"), 2, "one company"),
        (("company", "Pixar", "--genres", "--by", "month", "--chart"), 2, "--by"),
        (("genres", "--year", "1800", "--chart"), 3, "no film"),
        (("genres", "--genre", "Foreign", "--metric", "budget", "--chart"), 3, "nothing to draw"),
    ],
)
def test_what_cannot_be_drawn_is_told(
    sample_database: Path, arguments: tuple[str, ...], code: int, word: str, tmp_path: Path
) -> None:
    """In one line, with the way out, and without a file."""
    result = run(*arguments, "--database", sample_database)
    assert (result.returncode, result.stdout) == (code, "")
    assert word in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_films_without_a_date_cannot_be_drawn_over_time(odd_database: Path) -> None:
    """Which is not to say that nothing is known of them."""
    result = run("company", "Nova Pictures", "--chart", "--database", odd_database)
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr == "movie-reports: there is nothing to draw: none of these films has a date\n"
    assert "$20" in printed("company", "Nova Pictures", "--by", "all", "--chart", "--database", odd_database)


@pytest.mark.parametrize(("module", "file"), [("plotext", ""), ("altair", "x.svg"), ("vl_convert", "x.png")])
def test_a_missing_extra_is_told_with_its_remedy(sample_database: Path, module: str, file: str, tmp_path: Path) -> None:
    """Whoever installed without the extra hears how to install it."""
    code = f"import sys; sys.modules[{module!r}] = None; from movie_reports.__main__ import main; main()"
    command = [sys.executable, "-c", code, "company", "Pixar", "-q", "--database", str(sample_database), "--chart"]
    result = ended([*command, *filter(None, [file])], cwd=tmp_path)
    assert (result.returncode, result.stdout) == (1, "")
    assert "pip install 'movie-reports[charts]'" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_is_an_error(sample_database: Path, tmp_path: Path) -> None:
    """The message names the file."""
    result = run("genres", "--chart", tmp_path / "none" / "chart.svg", "--database", sample_database)
    assert result.returncode == 1
    assert re.search(r"cannot write .*none/chart\.svg", result.stderr)
