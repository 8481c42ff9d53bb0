"""The films behind a row add up to its figures: `films` with the limits of the row."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import movie_reports
from against import Case
from oracle import Row
from program import run
from selection import few

QUARTERS = {"1": "1-3", "2": "4-6", "3": "7-9", "4": "10-12"}
BY = ("year", "quarter", "month", "decade", "weekday", "calendar-month", "all")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONEY = ("budget", "revenue", "profit")


def limits(row: Row, by: str) -> dict[str, Any]:
    """Return the limits of the period of a row."""
    if by == "all":
        return {}
    period = row[by.replace("-", "_")]
    if period is None:
        return {"year": "none"}
    if by in {"weekday", "calendar-month"}:
        return {"weekday": DAYS[period - 1]} if by == "weekday" else {"month": period}
    if by == "quarter":
        return {"year": period[:4], "month": QUARTERS[period[-1]]}
    if by == "month":
        return {"year": period[:4], "month": int(period[5:])}
    return {"year": f"{period}-{period + 9}" if by == "decade" else period}


def spread(rows: list[Row]) -> list[Row]:
    """Take some rows from all over a report, and its last."""
    return [*rows[:: max(len(rows) // 4, 1)], rows[-1]]


def added_up(films: list[Row]) -> Row:
    """Add up films as a report does."""
    figures = {}
    for column in MONEY:
        known = [film[column] for film in films if film[column] is not None]
        figures[column] = sum(known) if known else None
    both = [film for film in films if film["profit"] is not None]
    figures["profit"] = (figures["revenue"] or 0) - (figures["budget"] or 0) if both else None
    known = [film["popularity"] for film in films if film["popularity"] is not None]
    popularity = math.fsum(known) / len(known) if known else None
    complete = sum(film["complete"] for film in films)
    return {"releases": len(films), **figures, "popularity": popularity, "complete": complete}


def alike(row: Row, figures: Row) -> bool:
    """Whether a row has these figures; means may differ by rounding."""
    found = {column: row[column] for column in figures}
    close = None not in {found["popularity"], figures["popularity"]} and math.isclose(
        found.pop("popularity"), figures.pop("popularity"), rel_tol=1e-9
    )
    return found == figures and (close or "popularity" in found)


def unlike(rows: Iterable[tuple[Row, list[Row]]]) -> list[tuple[Row, Row]]:
    """Return the rows, with what their films add up to, where these differ."""
    return [(row, added_up(films)) for row, films in rows if not alike(row, added_up(films))]


@pytest.fixture(scope="module", params=["sample", pytest.param("real", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> movie_reports.Database:
    """Go through the sample and the real data."""
    if request.param == "real":
        case: Case = request.getfixturevalue("real")
        return case.database
    return movie_reports.open(request.getfixturevalue("sample_database"))


@pytest.mark.parametrize("complete", few([False, True]), ids=["any", "complete"])
@pytest.mark.parametrize("by", BY)
def test_the_films_of_a_row_add_up_to_its_figures(database: movie_reports.Database, by: str, *, complete: bool) -> None:
    """Of each company and period, and of each genre and period: as many, as dear, as popular, as complete."""
    behind = []
    for kind, table in (("company", database.company), ("genre", database.genres)):
        for row in spread(table(by=by, complete=complete).to_pylist()):
            names = (row["company"],) if kind == "company" else ()
            genre = row["genre"] if kind == "genre" else None
            films = database.films(*names, genre=genre, complete=complete, **limits(row, by))
            behind.append((row, films.to_pylist()))
    assert unlike(behind) == []
    assert len(behind) > 9
    assert any(len(films) > 1 for _, films in behind)


@pytest.mark.parametrize("popularity", ["votes", "vote-average", "weighted", "ratings", "ratings-mean"])
def test_the_popularity_of_a_row_is_the_mean_over_its_films(database: movie_reports.Database, popularity: str) -> None:
    """For every meaning of popularity, over those films for which it is known."""
    rows = database.genres(by="decade", popularity=popularity).to_pylist()
    behind = []
    for row in spread(rows):
        films = database.films(genre=row["genre"], popularity=popularity, **limits(row, "decade"))
        behind.append((row, films.to_pylist()))
    assert unlike(behind) == []


def test_the_films_of_limits_add_up_to_their_rows(database: movie_reports.Database) -> None:
    """Also where several companies, genres and months are asked for, and the companies are taken together."""
    wanted: dict[str, Any] = {"genre": ["Comedy", "Drama"], "month": "11-2", "year": "1980-", "complete": True}
    rows = database.company("Disney", all_matches=True, by="all", **wanted).to_pylist()
    assert unlike([(row, database.films("Disney", all_matches=True, **wanted).to_pylist()) for row in rows]) == []
    assert [row["company"] for row in rows] == ["Disney"]
    names = ("Universal Pictures", "Warner Bros.")
    films = database.films(*names, **wanted).to_pylist()
    for row in database.company(*names, by="all", **wanted).to_pylist():
        own = [film for film in films if row["company"] in film["companies"].split("; ")]
        assert unlike([(row, own)]) == []


def test_films_without_a_date_or_a_genre_can_be_listed(sample_database: Path) -> None:
    """The rows that stand for them have films too: as many as they count, and those without either."""
    with movie_reports.open(sample_database) as database:
        rows = database.company_genres().to_pylist()
        odd = [row for row in rows if row["year"] is None or row["genre"] is None]
        assert odd
        for row in [*odd, *spread(rows)]:
            year, genre = (row[column] or "none" for column in ("year", "genre"))
            films = database.films(row["company"], year=year, genre=genre).to_pylist()
            assert len(films) == row["releases"]
            assert {film["release_date"] is None for film in films} == {row["year"] is None}
            assert {film["genres"] is None for film in films} == {row["genre"] is None}
        some = database.films(genre=["none", "Western"]).to_pylist()
    assert {film["genres"] for film in some} == {None, "Western"}


@pytest.mark.parametrize("more", [[], ["--genre", "Drama"]])
def test_genres_of_films_without_one_are_refused(sample_database: Path, more: list[str]) -> None:
    """With the ways to see such films, since they are in no row of that report."""
    result = run("genres", "--genre", "none", *more, "--database", sample_database)
    assert (result.returncode, result.stdout) == (2, "")
    assert "films --genre none" in result.stderr
