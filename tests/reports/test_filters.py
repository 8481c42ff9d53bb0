"""Every filter goes with every report, and selects the films that the oracle does."""

import re
from collections import Counter
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_questions import same

import movie_reports
import oracle
from against import Case, check
from films import NASTY
from fuzzing import examples
from program import run

FILTERS: list[dict[str, Any]] = [
    {"title": "FILM 3"},
    {"title": "the"},
    {"weekday": "friday"},
    {"weekday": ["Saturday", "sunday"]},
    {"runtime": "90-120"},
    {"runtime": 90},
    {"runtime": "96-"},
    {"runtime": "-95"},
    {"language": "fr"},
    {"language": [" EN ", "de"]},
    {"status": "Released"},
    {"status": ["rumored", "post-production"]},
    {"min_votes": 6},
    {"min_budget": 20},
    {"min_revenue": 1_000_000},
    {"has": "company"},
    {"has": ["genre", "company"], "runtime": "90-"},
    {"min_budget": 20, "runtime": "90-", "status": "released", "language": "en"},
    {"genre": ["Comedy", "Drama"], "all_of": True},
    {"genre": ["Comedy"], "all_of": True},
    {"has": "country"},
    {"has": "collection"},
    {"genre": ["Comedy", "Drama"], "all_of": True, "weekday": ["friday", "sunday"], "min_votes": 1},
]


@pytest.fixture(params=["real", "various"])
def case(request: pytest.FixtureRequest) -> Case:
    """Go through both sources."""
    return cast("Case", request.getfixturevalue(request.param))


def asked_of_oracle(asked: dict[str, Any]) -> dict[str, Any]:
    """Write a request as the program understands it."""
    plain = {
        name: [each.strip().lower() for each in oracle.several(asked[name])]
        for name in ("weekday", "language", "status")
        if name in asked
    }
    return asked | plain | ({"runtime": str(asked["runtime"])} if "runtime" in asked else {})


@pytest.mark.parametrize("asked", FILTERS, ids=str)
def test_every_filter_goes_with_every_report(case: Case, asked: dict[str, Any]) -> None:
    """The rows are those of the films selected; a genre that is asked for is a filter of rows, too."""
    films = oracle.kept(case.films, asked_of_oracle(asked))
    genre = asked.get("genre")
    joined = genre if asked.get("all_of") and genre and len(genre) > 1 else None
    for by in ("year", "all"):
        same(case.database.company(by=by, **asked), oracle.company(films, by=by))
        rows = oracle.joined(films, "genres", joined) if joined else films
        same(case.database.genres(by=by, **asked), oracle.genres(rows, None if joined else genre, by=by))
        same(case.database.company_genres(by=by, **asked), oracle.company_genres(films, genre, by=by))
    same(case.database.films(**asked), oracle.listing(films))


def test_genres_of_a_company_are_those_of_its_films(case: Case) -> None:
    """Of one company, of several, and of those taken together whose names contain the words."""
    names = [row["company"] for row in oracle.top(oracle.company(case.films, by="all"), 2, "releases")]
    for wanted in (names[:1], names):
        films = oracle.kept(case.films, {"company": wanted})
        check(case.database.genres(company=wanted, metrics="profit"), oracle.genres(films, metrics=["profit"]))
    words = names[0][:3]
    films = oracle.together(case.films, words)
    check(case.database.genres(company=words, all_matches=True), oracle.genres(films))


def test_all_of_means_co_productions(case: Case) -> None:
    """One row for all of the companies, over the films that all of them made; the films are those."""
    pairs = [sorted(film.companies)[:2] for film in case.films if len(film.companies) > 1]
    for pair in (pairs[0], pairs[-1]):
        films = oracle.kept(case.films, {"company": pair, "all_of": True})
        assert films
        rows = oracle.company(oracle.joined(films, "companies", pair))
        check(case.database.company(*pair, exact=True, all_of=True), rows)
        rows = oracle.company_genres(oracle.joined(films, "companies", pair), by="all")
        check(case.database.company_genres(*pair, exact=True, all_of=True, by="all"), rows)
        check(case.database.films(*pair, exact=True, all_of=True), oracle.listing(films))
        check(case.database.genres(company=pair, exact=True, all_of=True), oracle.genres(films))


COLUMNS = ("id", "title", "release_date", "companies", "genres", "budget", "revenue", "profit", "popularity")


@pytest.mark.parametrize("column", [*COLUMNS, "complete"])
@pytest.mark.parametrize("sign", ["", "-"], ids=["up", "down"])
def test_films_are_sorted_by_any_column(case: Case, column: str, sign: str) -> None:
    """Unknown values come last either way, and films with equal values in the usual order."""
    found = case.database.films(sort=f"{sign}{column.replace('_', '-')}").to_pylist()
    known = [row for row in oracle.listing(case.films) if row[column] is not None]
    known.sort(key=lambda row: row[column], reverse=bool(sign))
    unknown = [row for row in oracle.listing(case.films) if row[column] is None]
    assert [row["id"] for row in found] == [row["id"] for row in [*known, *unknown]]


@pytest.mark.parametrize("column", oracle.MORE)
def test_films_are_sorted_by_figures_that_are_not_usual(case: Case, column: str) -> None:
    """Which are then shown beside the usual columns, or after the metrics asked for."""
    found = case.database.films(sort=f"-{column}")
    assert found.column_names == [*case.database.films().column_names[:-1], column, "complete"]
    known = [value for value in found[column].to_pylist() if value is not None]
    assert known == sorted(known, reverse=True)
    assert len(set(known)) > 1
    asked = case.database.films(sort=column, metrics="profit").column_names
    assert asked[-3:] == ["profit", column, "complete"]


def test_the_highest_films_are_sorted_as_asked(case: Case) -> None:
    """The metric says which films are shown, and the column in which order."""
    best = oracle.top(oracle.listing(case.films), 5, "profit")
    found = case.database.films(metrics="profit", top=5, sort="id").to_pylist()
    assert [row["id"] for row in found] == sorted(row["id"] for row in best)


WRONG: list[dict[str, Any]] = [
    {"weekday": "someday"},
    {"status": "finished"},
    {"runtime": "long"},
    {"runtime": "120-90"},
    {"min_votes": 0},
    {"min_budget": -5},
    {"min_budget": "1M"},
    {"title": " "},
    {"language": ""},
    {"genre": ["none", "Drama"], "all_of": True},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_wrong_filter_is_refused(various: Case, wrong: dict[str, Any]) -> None:
    """By every report."""
    for ask in (various.database.company, various.database.genres, various.database.films):
        with pytest.raises(movie_reports.UsageError):
            ask(**wrong)


@pytest.mark.parametrize("amount", ["1M", "$5", "1,000", "1e6", "0", "-5", "٣", 1.5])
@pytest.mark.parametrize("name", ["min_budget", "min_revenue"])
def test_amounts_are_whole_dollars(various: Case, name: str, amount: str | float) -> None:
    """From Python and the command line; the message says how to write them."""
    option = name.replace("_", "-")
    asked: dict[str, Any] = {name: amount}
    message = f"{option} {amount}: write whole dollars, such as 1000000"
    with pytest.raises(movie_reports.UsageError, match=f"^{re.escape(message)}$"):
        various.database.films(**asked)
    result = run("films", f"--{option}={amount}", "--database", various.database.path)
    assert (result.returncode, result.stderr) == (2, f"movie-reports: {message}\n")


@pytest.mark.parametrize("sort", ["-", "overview", "title; --", "--title"])
def test_a_wrong_column_to_sort_by_is_refused(various: Case, sort: str) -> None:
    """The columns are named, also those that are not usual."""
    with pytest.raises(movie_reports.UsageError, match=r"choose from id, title, release_date, .*, roi, "):
        various.database.films(sort=sort)


@examples(60)
@given(data=st.data())
def test_hostile_texts_select_nothing_else(various: Case, data: st.DataObject) -> None:
    """Whatever is typed as a title or a language is compared, and nothing of it is run."""
    hostile = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    hostile = hostile.filter(str.strip)
    title, language = data.draw(hostile), data.draw(hostile)
    found = {film.title for film in various.films if film.title and title.lower() in film.title.lower()}
    assert {*various.database.films(title=title)["title"].to_pylist()} == found
    with pytest.raises(movie_reports.NotFoundError, match="no film has the original language"):
        various.database.genres(language=language)


@pytest.mark.parametrize("language", ["french", "zz"])
def test_a_language_that_no_film_has_is_explained(real: Case, language: str) -> None:
    """With the codes that most films have, in every report."""
    count = Counter(film.language for film in real.films if film.language)
    usual = ", ".join(sorted(count, key=lambda each: (-count[each], each))[:5])
    message = f'no film has the original language "{language}": write an ISO 639-1 code; most films have {usual}'
    for ask in (real.database.company, real.database.company_genres, real.database.genres, real.database.films):
        with pytest.raises(movie_reports.NotFoundError, match=f"^{re.escape(message)}$"):
            ask(language=["en", language])
    result = run("films", "--language", language, "--database", real.database.path)
    assert (result.returncode, result.stderr) == (3, f"movie-reports: {message}\n")


@pytest.mark.parametrize("name", NASTY)
def test_the_title_of_a_table_says_the_filters_harmlessly(various: Case, name: str) -> None:
    """Also where nothing is found, on one line."""
    result = run("films", "--title", name, "--year", "1800", "--language", "en", "--database", various.database.path)
    assert result.returncode == 3
    assert len(result.stderr.splitlines()) == 1
    assert "original language en" in result.stderr
