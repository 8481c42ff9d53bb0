"""Every way of asking (periods, months, popularities, several names, smallest rows) has the oracle's answer."""

import random
from pathlib import Path
from typing import Any, cast

import pytest

import movie_reports
import oracle
from against import Case, check
from selection import few
from various import films as made

BY = ("year", "quarter", "month", "decade", "weekday", "calendar-month", "all")
KINDS = ("popularity", "votes", "vote-average", "weighted", "ratings", "ratings-mean")
MONTHS: dict[str | int, set[int]] = {
    "12": {12},
    1: {1},
    "02": {2},
    "6-8": {6, 7, 8},
    "11-2": {11, 12, 1, 2},
    "12-1": {12, 1},
    "4-4": {4},
    "5-4": set(range(1, 13)),
    "10-": {10, 11, 12},
    "-3": {1, 2, 3},
    " 06-9 ": {6, 7, 8, 9},
}
METRICS = ("releases", "budget", "revenue", "profit", "popularity")


@pytest.fixture(params=["real", "various"])
def case(request: pytest.FixtureRequest) -> Case:
    """Go through both sources."""
    return cast("Case", request.getfixturevalue(request.param))


@pytest.fixture(scope="module")
def measured(request: pytest.FixtureRequest) -> dict[tuple[str, str], list[oracle.Film]]:
    """Measure the popularity of all films in each of its ways, once."""
    sources = {name: cast("Case", request.getfixturevalue(name)).films for name in ("real", "various")}
    return {(name, kind): oracle.measured(films, kind) for name, films in sources.items() for kind in KINDS}


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("average", [False, True], ids=["sums", "means"])
def test_every_period_is_right(case: Case, by: str, *, average: bool) -> None:
    """Each row is of its year, quarter, month, decade or of all films; those without a date are a period of their own.

    The column bears the name of the period, and there is none for all films together.
    """
    check(case.database.company(by=by, average=average), oracle.company(case.films, by=by, average=average))
    check(case.database.genres(by=by, average=average), oracle.genres(case.films, by=by, average=average))
    check(case.database.company_genres(by=by), oracle.company_genres(case.films, by=by))


@pytest.mark.parametrize("month", few(MONTHS, "12", "11-2", "10-", "-3"), ids=str)
def test_every_span_of_months_is_right(case: Case, month: str | int) -> None:
    """The films of one month, of some, or over the new year, of every year; films without a date are of none."""
    films = oracle.limited(case.films, None, None, complete=False, months=MONTHS[month])
    for by in ("year", "all"):
        check(case.database.company(by=by, month=month), oracle.company(films, by=by))
        check(case.database.genres(by=by, month=month), oracle.genres(films, by=by))
        check(case.database.company_genres(by=by, month=month), oracle.company_genres(films, by=by))
    check(case.database.films(month=month), oracle.listing(films))


@pytest.mark.parametrize("year", [999, "999", "0999", "-999", "998-0999"])
def test_a_year_may_have_three_digits(various: Case, year: str | int) -> None:
    """As reports have it themselves, with or without a zero before."""
    films = oracle.limited(various.films, range(1000), None, complete=False)
    assert films
    check(various.database.company(year=year), oracle.company(films))
    check(various.database.company(year=year, by="month"), oracle.company(films, by="month"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("source", ["real", "various"])
def test_every_popularity_is_right(
    request: pytest.FixtureRequest, measured: dict[tuple[str, str], list[oracle.Film]], source: str, kind: str
) -> None:
    """A row has the mean over its films of the votes, the ratings or the weighted rating, of those that have any."""
    films, database = measured[source, kind], cast("Case", request.getfixturevalue(source)).database
    for by in ("year", "all"):
        check(database.company(by=by, popularity=kind), oracle.company(films, by=by))
        check(database.genres(by=by, popularity=kind), oracle.genres(films, by=by))
    check(database.films(popularity=kind), oracle.listing(films))
    rows = oracle.top(oracle.listing(films), 10, "popularity")
    check(database.films(popularity=kind, metrics="popularity", top=10), oracle.chosen(rows, ["popularity"]))


def test_films_without_votes_have_no_mean_and_no_rating(various: Case) -> None:
    """0 votes are 0, and a mean of none is unknown; of votes alone the number is known."""
    for kind in ("votes", "vote-average", "weighted"):
        rows = zip(made(), sorted(various.database.films(popularity=kind).to_pylist(), key=by_id), strict=True)
        known = {row["id"] for film, row in rows if row["popularity"] is not None}
        voted = {int(film["id"]) for film in made() if film["vote_count"] not in {"", "0"}}
        unsaid = {int(film["id"]) for film in made() if film["vote_average"] == ""}
        counted = {int(film["id"]) for film in made() if film["vote_count"] != ""}
        assert known == (counted if kind == "votes" else voted - unsaid)
        assert counted > voted
        assert voted & unsaid


def by_id(row: oracle.Row) -> int:
    """Sort films as they are made up."""
    return cast("int", row["id"])


@pytest.mark.parametrize("least", [1, 2, 3, 4])
def test_small_rows_are_left_out_before_the_top_is_taken(case: Case, least: int) -> None:
    """Of the rows of enough films the highest are taken, so that a small one takes no place from them."""
    for by in ("year", "all"):
        rows = [row for row in oracle.company(case.films, by=by) if row["releases"] >= least]
        check(case.database.company(by=by, min_films=least), rows)
        best = oracle.top(ordered(rows, by), 3, "releases", within=None if by == "all" else by)
        check(case.database.company(by=by, min_films=least, top=3), best)
    rows = [row for row in oracle.genres(case.films, by="decade") if row["releases"] >= least]
    check(case.database.genres(by="decade", min_films=least), rows)
    best = oracle.top(rows, 1, "popularity", within="decade")
    check(case.database.genres(by="decade", min_films=least, top=1), best)


def ordered(rows: list[oracle.Row], by: str) -> list[oracle.Row]:
    """Order rows by period, and keep their order within it."""
    return sorted(rows, key=lambda row: oracle.none_last(row.get(by.replace("-", "_"))))


@pytest.mark.parametrize("by", BY)
def test_the_top_of_genres_is_of_each_period(case: Case, by: str) -> None:
    """Each quarter and month has its own highest rows, and so have all films together."""
    best = oracle.top(oracle.genres(case.films, by=by), 1, "popularity", within=None if by == "all" else by)
    check(case.database.genres(by=by, top=1), best)


@pytest.mark.parametrize("genres", [["Drama", "Comedy"], ["war", " DRAMA ", "Drama"], ("Music",), ["Comedy"] * 2])
def test_films_of_one_of_several_genres_are_counted_once(case: Case, genres: list[str]) -> None:
    """A film is meant that has at least one of the genres; the rows of genres are of those named only."""
    names = {name.strip().capitalize() for name in genres}
    films = oracle.limited(case.films, None, names, complete=False)
    check(case.database.company(genre=genres), oracle.company(films))
    check(case.database.company_genres(genre=genres), oracle.company_genres(films, names))
    check(case.database.genres(genre=genres), oracle.genres(films, names))
    check(case.database.films(genre=genres), oracle.listing(films))


def test_several_companies_stand_side_by_side(case: Case) -> None:
    """Each has its own rows, in the order of the names and once, however often it is named."""
    wanted = [row["company"] for row in oracle.top(oracle.company(case.films, by="all"), 3, "releases")]
    for names in (wanted[:2], [*wanted[::-1], wanted[0]]):
        rows = [row for row in oracle.company(case.films) if row["company"] in names]
        check(case.database.company(*names), rows)
        rows = [row for row in oracle.company_genres(case.films, by="all") if row["company"] in names]
        check(case.database.company_genres(*names, by="all"), rows)
        check(case.database.films(*names), oracle.listing([film for film in case.films if film.companies & set(names)]))


def test_several_companies_may_be_named_by_parts(real: Case) -> None:
    """Each search is independent: one that is ambiguous or unknown stops all, with its own candidates."""
    assert set(real.database.company("pixar", "touchstone")["company"].to_pylist()) == {
        "Pixar Animation Studios",
        "Touchstone Pictures",
    }
    with pytest.raises(movie_reports.NotFoundError, match='"Disney" may mean any of 7'):
        real.database.company("Pixar", "Disney")
    with pytest.raises(movie_reports.NotFoundError, match='no company has "Nobody"'):
        real.database.films("Pixar", "Nobody")
    with pytest.raises(
        movie_reports.UsageError, match=r"^--all-matches takes the matches of one name together, not of 2$"
    ):
        real.database.company("Pixar", "Disney", all_matches=True)


@pytest.mark.parametrize("seed", range(24))
def test_any_combination_is_right(
    request: pytest.FixtureRequest, measured: dict[tuple[str, str], list[oracle.Film]], seed: int
) -> None:
    """Limits, periods, popularities, means, smallest rows and tops do not disturb one another."""
    chance = random.Random(seed)  # noqa: S311 (the same combinations each time)
    source = chance.choice(["real", "various"])
    month, kind = chance.choice([None, *MONTHS]), chance.choice(KINDS)
    months = None if month is None else MONTHS[month]
    genre = chance.choice([None, ["Comedy", "Drama"], ["War"]])
    limits: dict[str, Any] = {"month": month, "genre": genre, "complete": chance.random() < 0.3}
    metrics = chance.sample(METRICS, chance.randint(1, len(METRICS)))
    figures: dict[str, Any] = {"by": chance.choice(BY), "average": chance.random() < 0.3}
    films = oracle.limited(measured[source, kind], None, genre, complete=limits["complete"], months=months)
    database = cast("Case", request.getfixturevalue(source)).database
    least, top = chance.choice([1, 2, 4]), chance.choice([1, 5, 10**6])
    asked: dict[str, Any] = {
        **limits,
        **figures,
        "popularity": kind,
        "min_films": least,
        "top": top,
        "metrics": metrics,
    }
    rows = [row for row in oracle.company(films, **figures, metrics=metrics) if row["releases"] >= least]
    period = None if figures["by"] == "all" else figures["by"]
    same(database.company(**asked), oracle.top(rows, top, metrics[0], within=period))
    rows = [row for row in oracle.genres(films, genre, **figures, metrics=metrics) if row["releases"] >= least]
    if genre == ["War"]:  # all rows are of one genre, so its best periods are kept
        period, rows = None, ordered(rows, figures["by"])
    same(database.genres(**asked), oracle.top(rows, top, metrics[0], within=period))


def same(table: Any, expected: list[oracle.Row]) -> None:  # noqa: ANN401
    """Compare a table with the oracle's rows, of which there may be none."""
    if expected:
        check(table, expected)
    assert table.num_rows == len(expected)


@pytest.mark.parametrize("words", ["", "dis", " WALT  disney ", "É", "drama", "fiction", "%", "zzz"])
def test_the_catalogues_are_right(case: Case, words: str) -> None:
    """Companies and genres with their films and known figures, the most films first; no sign is a wildcard."""
    searched = " ".join(words.split())
    for kind, ask in (("company", case.database.companies), ("genre", case.database.genre_list)):
        table = ask(words or None)
        same(table.drop_columns("tmdb_ids"), oracle.catalogue(case.films, kind, searched))


WRONG: list[dict[str, Any]] = [
    *({"month": month} for month in ("0", 0, "13", "1-13", "-", "", "June", "6--8", "-6-", "1,2", "٣", "006", 6.5)),
    *({"by": by} for by in ("", "week", "years")),
    *({"popularity": kind} for kind in ("", "vote_average", "imdb")),
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_what_cannot_be_asked_is_an_error(various: Case, wrong: dict[str, Any]) -> None:
    """It is named, with what can be asked in its place."""
    for ask in (various.database.company, various.database.genres):
        with pytest.raises(movie_reports.UsageError) as caught:
            ask(**wrong)
        (value,) = wrong.values()
        assert str(value) in str(caught.value)


def test_a_list_of_films_refuses_a_figure_that_it_does_not_have(sample_database: Path) -> None:
    """Each film is one release, so that films can be neither ranked nor shown by their number."""
    with (
        movie_reports.open(sample_database) as db,
        pytest.raises(movie_reports.UsageError, match="no metric releases: choose"),
    ):
        db.films(metrics="releases", top=3)
