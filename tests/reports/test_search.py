"""A name that is typed means one company or genre, or is an error with candidates."""

from pathlib import Path

import pytest

import movie_reports
from against import Case
from films import loading, text
from program import printed


def test_an_exact_name_is_taken(real: Case) -> None:
    """A name as it is written is that company, also where others contain it."""
    for name in ("BAC Films", "Bac Films"):
        assert names(real, name) == {name}


def test_an_exact_name_with_few_films_is_ambiguous(real: Case) -> None:
    """Where another company has five times its films, it may be the one that is meant; --exact insists."""
    with pytest.raises(movie_reports.NotFoundError, match='"Walt Disney" may mean any of') as caught:
        real.database.company("Walt Disney")
    assert caught.value.names[:2] == ("Walt Disney", "Walt Disney Pictures")
    assert set(real.database.company("Walt Disney", exact=True)["company"].to_pylist()) == {"Walt Disney"}
    with pytest.raises(movie_reports.NotFoundError, match='no company has "walt disney" in its name'):
        real.database.company("walt disney", exact=True)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("pixar animation studios", "Pixar Animation Studios"),
        ("LEGENDE entreprises", "Légende Entreprises"),
        (" TOUCHSTONE pictures ", "Touchstone Pictures"),
        ("Pixar", "Pixar Animation Studios"),
        ("tristar", "TriStar Pictures"),
        ("cinematographie (", "Centre National de la Cinématographie (CNC)"),
    ],
)
def test_a_match_that_stands_out_is_taken(real: Case, words: str, name: str) -> None:
    """A whole name in other case or accents, or a part where one company has far more films than the others with it."""
    assert names(real, words) == {name}


def test_a_match_stands_out_from_five_times_the_films(tmp_path: Path) -> None:
    """Five films against one are enough; four are not, and then all are told, the one with the most films first."""
    names = [*["A Giant"] * 5, "Giant Films", *["A Dwarf"] * 4, "Dwarf Films"]
    films = ({"id": str(n), "production_companies": repr([{"name": name}])} for n, name in enumerate(names))
    loading(tmp_path)(text(*films))
    with movie_reports.open(tmp_path / "movies.duckdb") as database:
        assert set(database.company("Giant")["company"].to_pylist()) == {"A Giant"}
        with pytest.raises(movie_reports.NotFoundError) as caught:
            database.company("Dwarf")
    assert caught.value.candidates == ("A Dwarf (4 films, 2001)", "Dwarf Films (1 film, 2001)")


def names(case: Case, words: str) -> set[str]:
    """Ask for a company and say which one the report is about."""
    return set(case.database.company(words)["company"].to_pylist())


def test_an_ambiguous_company_is_an_error_with_candidates(real: Case) -> None:
    """The company with the most films is the first candidate, and each is shown with its films and years."""
    films = [(name, film.year) for film in real.films for name in film.companies if "Disney" in name]
    candidates = []
    for name in {name for name, _ in films}:
        years = [year for other, year in films if other == name and year is not None]
        span = f"{min(years)}-{max(years)}" if min(years) < max(years) else str(years[0])
        candidates.append((-len(years), f"{name} ({len(years)} {'film' if len(years) == 1 else 'films'}, {span})"))
    for ask in (real.database.company, real.database.company_genres):
        with pytest.raises(movie_reports.NotFoundError, match='"Disney" may mean any of 7 companies') as caught:
            ask("Disney")
        assert caught.value.candidates == tuple(text for _, text in sorted(candidates))


def test_names_in_the_same_letters_are_told_apart(real: Case) -> None:
    """Two companies whose names differ only in case are both candidates for a third spelling."""
    with pytest.raises(movie_reports.NotFoundError) as caught:
        real.database.company("bac films")
    assert {text.partition(" (")[0] for text in caught.value.candidates} >= {"BAC Films", "Bac Films"}


@pytest.mark.parametrize("words", ["No Such Company", "", "  ", "%", "Pixar_Animation", "Pix%"])
def test_an_unknown_company_is_an_error(real: Case, words: str) -> None:
    """Words that no name holds are an error, also where all matches are asked for; no sign is a wildcard."""
    for ask in (real.database.company, real.database.company_genres):
        for all_matches in (False, True):
            with pytest.raises(movie_reports.NotFoundError, match=r"no company has|is empty") as caught:
                ask(words, all_matches=all_matches)
            assert all(" (" in candidate for candidate in caught.value.candidates)


def test_an_unknown_genre_is_an_error_with_candidates(real: Case) -> None:
    """The candidates are similar genres, or else all there are."""
    genres = tuple(sorted({genre for film in real.films for genre in film.genres}))
    for ask in (real.database.company, real.database.company_genres, real.database.genres):
        with pytest.raises(movie_reports.NotFoundError, match='there is no genre "Sience Fiction"') as caught:
            ask(genre="Sience Fiction")
        assert caught.value.candidates == ("Science Fiction",)
        with pytest.raises(movie_reports.NotFoundError, match='there is no genre "zzz"') as caught:
            ask(genre="zzz")
        assert caught.value.candidates == genres


def test_ordinals_are_spelled_out_where_no_name_has_them(tmp_path: Path) -> None:
    """20th Century Fox is Twentieth Century Fox, unless a name has the digits."""
    names = ["Twentieth Century Fern", "Fern Twenty-First Century", "20th Century Moss", "Twentieth Century Moss"]
    films = ({"id": str(n), "production_companies": repr([{"name": name}])} for n, name in enumerate(names))
    loading(tmp_path)(text(*films))
    with movie_reports.open(tmp_path / "movies.duckdb") as database:
        for words, name in (
            ("20th century fern", names[0]),
            ("21st century", names[1]),
            ("20TH century moss", names[2]),
        ):
            assert set(database.company(words)["company"].to_pylist()) == {name}


def test_a_catalogue_of_one_company_shows_its_name(sample_database: Path) -> None:
    """It is no report about that company."""
    assert "Pixar Animation Studios" in printed("companies", "pixar animation", "--database", sample_database)
