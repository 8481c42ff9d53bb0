"""Every metric is what the oracle computes of the same films: returns, runtimes, votes and quantiles of money."""

import re
from fractions import Fraction
from itertools import zip_longest
from math import isclose
from typing import Any, cast

import pytest

import movie_reports
import oracle
from against import Case, check
from program import printed, run
from selection import few

BY = ("year", "quarter", "month", "decade", "weekday", "calendar-month", "all")
QUANTILES: dict[str | float, Fraction] = {
    "0.5": Fraction(1, 2),
    0.9: Fraction(9, 10),
    "0": Fraction(0),
    "1": Fraction(1),
    ".25": Fraction(1, 4),
}


@pytest.fixture(params=["real", "various"])
def case(request: pytest.FixtureRequest) -> Case:
    """Go through both sources."""
    return cast("Case", request.getfixturevalue(request.param))


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("metric", few(oracle.MORE, "roi", "runtime"))
def test_every_metric_is_right(case: Case, metric: str, by: str) -> None:
    """Of companies, of genres and of films, whose means and ratios are over what is known."""
    check(case.database.company(metrics=metric, by=by), oracle.company(case.films, metrics=[metric], by=by))
    check(case.database.genres(metrics=[metric], by=by), oracle.genres(case.films, metrics=[metric], by=by))


def test_films_have_every_metric_themselves(case: Case) -> None:
    """Their ratios, runtimes and votes are those of which the reports have the means."""
    check(case.database.films(metrics=oracle.MORE), oracle.listing(case.films, metrics=oracle.MORE))
    assert {*oracle.MORE}.isdisjoint(case.database.films().column_names)


def test_returns_are_of_the_films_whose_money_is_known(various: Case) -> None:
    """The same with --complete, which leaves out the others."""
    returns: dict[str, Any] = {"metrics": ["roi", "multiple", "margin"], "by": "all"}
    drop = ["releases"]
    found, complete = (various.database.company(complete=only, **returns) for only in (False, True))
    assert found.drop_columns(drop).to_pylist() == complete.drop_columns(drop).to_pylist()


@pytest.mark.parametrize("quantile", few(QUANTILES, "0.5", 0.9), ids=str)
@pytest.mark.parametrize("by", few(BY, "year", "all"))
def test_every_quantile_is_right(case: Case, quantile: str | float, by: str) -> None:
    """Of the known budgets and revenues, and of the profits of complete films; between two films in proportion."""
    films, share = case.films, QUANTILES[quantile]
    found = case.database.company(quantile=quantile, by=by).to_pylist()
    assert unlike(found, oracle.company(films, quantile=share, by=by)) == []
    found = case.database.genres(quantile=quantile, by=by).to_pylist()
    assert unlike(found, oracle.genres(films, quantile=share, by=by)) == []


def unlike(found: list[oracle.Row], expected: list[oracle.Row]) -> list[tuple[oracle.Row | None, oracle.Row | None]]:
    """Return the first rows that differ by more than rounding."""

    def alike(row: oracle.Row | None, other: oracle.Row | None) -> bool:
        pairs = zip((row or {}).items(), (other or {}).items(), strict=True)
        return all(name == of and (value == same or isclose(value, same)) for (name, value), (of, same) in pairs)

    return [(row, other) for row, other in zip_longest(found, expected) if not alike(row, other)][:3]


@pytest.mark.parametrize("quantile", ["", "half", "1.5", "-0.1", "nan", "inf", "0.1234567", "1e-3", 2])
def test_a_wrong_quantile_is_refused(various: Case, quantile: str | float) -> None:
    """With a right one."""
    with pytest.raises(movie_reports.UsageError, match=r"0\.5 for the median"):
        various.database.company(quantile=quantile)
    with pytest.raises(movie_reports.UsageError, match="exclude each other"):
        various.database.genres(quantile=0.5, average=True)


def test_a_table_says_which_statistic_it_shows(various: Case) -> None:
    """In its title or the headings; a median is called so."""
    database = various.database.path
    table = printed("company", "--quantile", "0.5", "--metric", "profit", "--top", "1", "--database", database)
    assert "top 1 of each year by median profit" in table.splitlines()[0]
    assert "Median profit" in table
    assert "0.9-quantile revenue" in printed("genres", "--quantile", "0.9", "--database", database)
    grid = printed("genres", "--genre", "war", "--genre", "drama", "--quantile", "1", "-m", "budget", "-d", database)
    assert grid.splitlines()[0].endswith("by year: 1-quantile budget")
    assert "\nAll " in grid


@pytest.mark.parametrize("metric", few(["releases", "revenue", "profit"], "profit"))
@pytest.mark.parametrize("by", few(BY, "year", "month", "weekday", "all"))
def test_every_row_is_compared_with_all_others(case: Case, by: str, metric: str) -> None:
    """Its share is of distinct films, its growth on the period before, and its rank among all names of the period."""
    asked = [metric, "share", "rank", *(["growth"] if by in {"year", "quarter", "month", "decade"} else [])]
    rows = oracle.compared(oracle.company(case.films, by=by), case.films, "company", by, metric)
    check(
        case.database.company(by=by, metrics=asked), oracle.chosen(oracle.ordered(rows, by, metric, "company"), asked)
    )
    rows = oracle.compared(oracle.genres(case.films, by=by), case.films, "genre", by, metric)
    check(case.database.genres(by=by, metrics=asked), oracle.chosen(oracle.ordered(rows, by, metric, "genre"), asked))


@pytest.mark.parametrize("by", ["year", "quarter", "month", "decade"])
def test_names_and_periods_that_are_not_shown_are_compared_with(case: Case, by: str) -> None:
    """The rank of one company is among all, and its first growth is on the period before the first that is shown."""
    asked = ["releases", "rank", "share", "growth"]
    (best, *_) = oracle.top(oracle.company(case.films, by="all"), 1, "releases")
    rows = case.database.company(by=by, metrics=asked).to_pylist()
    wanted = [row for row in rows if row["company"] == best["company"] and f"{row[by]:0>4}" >= "1990"]
    wanted = [row for row in wanted if row[by] is not None]
    assert wanted
    found = case.database.company(best["company"], exact=True, by=by, year="1990-", metrics=asked)
    assert found.to_pylist() == wanted


def test_comparisons_alone_are_of_the_releases(various: Case) -> None:
    """Whatever the usual figure of a report is."""
    for kind, ask in (("company", various.database.company), ("genre", various.database.genres)):
        alone, named = (ask(metrics=[*first, "share", "rank"], by="decade") for first in ([], ["releases"]))
        assert alone.select([kind, "share", "rank"]).to_pylist() == named.select([kind, "share", "rank"]).to_pylist()


def test_the_share_of_co_productions_is_in_all_films(various: Case) -> None:
    """Of the period, each counted once; they have no rank among companies, of which each film has several."""
    (row,) = various.database.company("Red", "Blue", all_of=True, by="all", metrics=["releases", "share"]).to_pylist()
    films = [film for film in various.films if film.companies]
    assert (row["company"], row["share"]) == ("Red + Blue", row["releases"] / len(films))
    (row,) = various.database.genres(genre=["war", "comedy"], all_of=True, by="all", metrics="share").to_pylist()
    films = [film for film in various.films if film.genres]
    assert (row["genre"], row["share"]) == ("Comedy + War", row["releases"] / len(films))


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"metrics": ["popularity", "share"]}, "no share of popularity"),
    ({"metrics": ["revenue", "share"], "average": True}, "no share of the mean of revenue"),
    ({"metrics": ["share", "profit"], "quantile": 0.5}, "no share of the median of profit"),
    ({"metrics": "growth", "by": "all"}, "growth is on the period before"),
    ({"metrics": "growth", "by": "weekday"}, "by year, quarter, month or decade"),
]


@pytest.mark.parametrize(("asked", "words"), REFUSED, ids=str)
def test_comparisons_without_a_meaning_are_refused(various: Case, asked: dict[str, Any], words: str) -> None:
    """With the reason."""
    for ask in (various.database.company, various.database.genres):
        with pytest.raises(movie_reports.UsageError, match=words):
            ask(**asked)
    with pytest.raises(movie_reports.UsageError, match="no rank among companies: leave out --all-matches"):
        various.database.company("e", all_matches=True, metrics="rank")
    with pytest.raises(movie_reports.UsageError, match="no rank among genres: leave out --all-of"):
        various.database.genres(genre=["War", "Drama"], all_of=True, metrics="rank")


def test_tables_and_charts_say_what_is_compared(various: Case) -> None:
    """In the headings of columns, of grids and of charts."""
    database = various.database.path
    table = printed("company", "--metric", "profit", "--metric", "rank", "--metric", "share", "-d", database)
    assert {"Rank by profit", "Share of profit"} <= {each.strip() for each in table.splitlines()[2].split("   ")}
    names = ("--genre", "war", "--genre", "drama")
    grid = printed("genres", *names, "--metric", "share", "-d", database)
    assert grid.startswith("War and Drama by year: share of releases")
    assert "share of releases" in printed("company", "--by", "all", "--metric", "share", "--chart", "-d", database)


def test_dashes_of_comparisons_are_explained(real: Case) -> None:
    """A growth needs a period before, a share and a rank a figure; that they are not known says too little."""
    command = ("genres", "--year", "1990-", "--all", "--database", real.database.path)
    compared = ("--metric", "profit", "--metric", "share", "--metric", "growth", "--metric", "rank")
    output = printed(*command, *compared)
    notes = ["— Not known.", "— No share: ", "— No growth: ", "— No rank: "]
    assert [line for line in output.splitlines() for note in notes if line.startswith(note)] == [
        line for line in output.splitlines() if line.startswith("—")
    ]
    assert all(f"\n{note}" in output for note in notes)
    output = printed(*command, "--metric", "releases", "--metric", "growth")
    assert ("\n— No growth: " in output, "Not known" in output) == (True, False)


@pytest.mark.parametrize("by", ["weekday", "calendar-month"])
def test_placeholder_dates_are_counted(real: Case, by: str) -> None:
    """Films dated 1 January, of those of January or of all with a date."""
    films = [film for film in real.films if film.day and film.genres and (by == "weekday" or film.day.month == 1)]
    dated = sum(film.day is not None and (film.day.month, film.day.day) == (1, 1) for film in films)
    among = "with a date" if by == "weekday" else "of January"
    output = printed("genres", "--by", by, "--all", "--database", real.database.path)
    assert f"{dated} of {len(films):,} films {among} are dated 1 January, mostly since only" in output
    assert "1 January" not in printed("genres", "--by", by, "--month", "2", "--database", real.database.path)
    assert ("Monday" in output, "December" in output) == (by == "weekday", by != "weekday")


@pytest.mark.parametrize("command", ["company", "genres", "films", "company-genres"])
def test_placeholder_dates_are_counted_where_days_or_months_are_chosen(real: Case, command: str) -> None:
    """Whatever the rows are: of the films of these weekdays, or of January if that is among the months."""
    name, subject = command.removesuffix("-genres"), {"genres": "genres", "films": "day"}.get(command, "companies")
    asked = [name, "--database", str(real.database.path), "--all"]
    asked += ["--genres"] if command == "company-genres" else []
    films = [film for film in real.films if film.day and getattr(film, subject)]
    of_friday = [film for film in films if film.day and film.day.isoweekday() == 5]
    of_january = [film for film in films if film.day and film.day.month == 1]
    for chosen, among, options in (
        (of_friday, "with a date", ["--weekday", "friday"]),
        (of_january, "of January", ["--month", "12-2"]),
    ):
        dated = sum(film.day is not None and (film.day.month, film.day.day) == (1, 1) for film in chosen)
        note = f"{dated} of {len(chosen):,} films {among} {'is' if dated == 1 else 'are'} dated 1 January, "
        assert dated
        assert note in printed(*asked, *options)
    assert "1 January" not in printed(*asked) + printed(*asked, "--month", "2-12")


@pytest.mark.parametrize("metric", ["roi", "multiple", "margin"])
def test_returns_that_leave_out_films_are_marked(real: Case, metric: str) -> None:
    """In tables and charts, as sums are, with a note; returns of complete films are not."""
    command = ("genres", "--by", "all", "--metric", metric, "--year", "1990-", "--database", real.database.path)
    rows = real.database.genres(by="all", metrics=metric, year="1990-").to_pylist()
    partial = [row for row in rows if row[metric] is not None and row["complete"] < row["releases"]]
    assert 1 < len(partial) < len(rows) <= 20
    table, chart = printed(*command, "--all"), printed(*command, "--chart", "--quiet")
    total = 1
    for output, marks in ((table, len(partial) + total), (chart, len(partial))):
        assert len(re.findall(r"\d%?\*", output)) == marks
        assert "* Some of the films lack a budget or revenue." in output
    assert "*" not in printed(*command, "--complete") + printed(*command, "--complete", "--chart")


def test_returns_are_percentages_in_tables_and_fractions_in_exports(various: Case) -> None:
    """So that both read as usual."""
    database = various.database.path
    (row,) = various.database.company("Red", by="all", metrics="roi").to_pylist()
    assert f"{row['roi']:,.1%}" in printed("company", "Red", "--by", "all", "--metric", "roi", "--database", database)
    result = run("company", "Red", "--metric", "roi", "--chart", "--database", database)
    assert result.stdout.startswith("Red by year: ROI")
