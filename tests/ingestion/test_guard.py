"""An ingest that would lose a column, or change its scale, is refused, and the old data stay."""

from pathlib import Path

import pytest

from films import text
from movie_reports import RefusedError
from program import assert_fails
from runs import Place, film, films

EMPTY = {"title": "", "release_date": "", "budget": "0", "revenue": "0", "genres": "[]", "production_companies": "[]"}
UNREADABLE = {
    "release_date": "soon",
    "budget": "a lot",
    "revenue": "a lot",
    "genres": "[18]",
    "production_companies": "[[1]]",
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Load ten films."""
    place = Place(tmp_path)
    place.ingest(films(*range(1, 11), budget="30000000", revenue="90000000"))
    return place


@pytest.mark.parametrize(("column", "cell"), EMPTY.items())
def test_a_column_that_is_lost_is_refused(place: Place, column: str, cell: str) -> None:
    """Whether quiet or not, until --allow-shrink."""
    before = place.data()
    source = place.file(films(*range(1, 11), **{"budget": "30000000", "revenue": "90000000", column: cell}), "next.csv")
    assert_fails(place.run("ingest", source, "--quiet"), 4, f"{column} would be known of 0% of the films")
    assert place.data() == before
    assert place.run("ingest", source, "--allow-shrink").returncode == 0


@pytest.mark.parametrize(("column", "cell"), UNREADABLE.items())
def test_a_column_that_cannot_be_read_is_refused(place: Place, column: str, cell: str) -> None:
    """On a first load too; the error has an example, and --allow-unread loads the rest."""
    content = films(*range(1, 11), **{"budget": "30000000", "revenue": "90000000", column: cell})
    message = f"{column} cannot be read in 10 of 10 films that have it, such as"
    place.stops(content, message)
    assert place.ledger()[-1]["outcome"] == "refused"
    place.database.unlink()
    place.stops(content, message)
    place.ingest(content, allow_unread=True)
    assert place.query("SELECT field, films FROM unread_fields") == [(column, 10)]


def test_a_delta_is_judged_by_the_database_that_results(tmp_path: Path) -> None:
    """One film without anything in a hundred is no loss."""
    place = Place(tmp_path)
    place.ingest(films(*range(1, 101)))
    place.ingest(films(1, release_date="soon", budget="€30"), merge=True)
    assert place.query("SELECT count(release_date) FROM movies") == [(99,)]


def test_money_of_another_scale_is_refused(place: Place) -> None:
    """Budgets in thousands, say, under the same heading."""
    content = films(*range(1, 11), budget="30000", revenue="90000000")
    place.stops(content, r"the median budget would be \$30,000, and is now \$30,000,000")
    place.ingest(content, allow_shrink=True)


def test_ratings_that_cannot_be_read_are_refused(place: Place) -> None:
    """On a scale of ten, say."""
    films_, links = place.file(films(1, 2)), place.file("movieId,tmdbId\n7,1\n", "links.csv")
    ratings = place.file("userId,movieId,rating\n" + "1,7,8\n" * 5, "ratings.csv")
    with pytest.raises(RefusedError, match="5 of 5 lines of ratings cannot be read"):
        place.ingest([films_, links, ratings], allow_shrink=True)


def rated(place: Place) -> list[Path]:
    """Write ratings of ten films, and their links."""
    return [
        place.file("movieId,tmdbId\n" + "".join(f"{number},{number}\n" for number in range(1, 11)), "links.csv"),
        place.file("userId,movieId,rating\n" + "".join(f"1,{n},4\n" for n in range(1, 11)), "ratings.csv"),
    ]


@pytest.mark.parametrize("left", [0, 8])
def test_a_source_without_the_ratings_that_are_there_is_refused(place: Place, left: int) -> None:
    """Without all of them, or some; --allow-shrink loads it with a warning that the ledger keeps."""
    links, ratings = rated(place)
    source = place.file(films(*range(1, 11), budget="30000000", revenue="90000000"))
    place.ingest([source, links, ratings])
    before = place.data()
    files = [source]
    if left:
        few = place.file("".join(ratings.read_text().splitlines(keepends=True)[: left + 1]), "ratings.csv")
        files += [links, few]
    assert_fails(place.run("ingest", *files, "--quiet"), 4, f"{10 - left} of 10 films with ratings would have none")
    assert place.data() == before
    warning = f"{10 - left} of 10 films with ratings have none now"
    assert f"Warning:  {warning}" in place.run("ingest", *files, "--allow-shrink").stderr
    assert place.ledger()[-1]["reason"] == warning
    assert place.query("SELECT count(*) FROM movie_ratings") == [(left,)]


def test_films_that_are_merged_keep_their_ratings(place: Place) -> None:
    """Without a word, although most films have no ratings then."""
    source = place.file(films(*range(1, 11), budget="30000000", revenue="90000000"))
    place.ingest([source, *rated(place)])
    more = films(*range(5, 31), budget="30000000", revenue="90000000")
    assert place.ingest(more, merge=True)["reason"] is None
    assert place.query("SELECT count(*) FROM movie_ratings") == [(10,)]


def test_a_few_ratings_less_are_no_loss(place: Place) -> None:
    """As when a film with ratings has gone."""
    source = place.file(films(*range(1, 11), budget="30000000", revenue="90000000"))
    place.ingest([source, *rated(place)])
    fewer = place.file(films(*range(2, 11), budget="30000000", revenue="90000000"))
    assert place.ingest([fewer, *rated(place)])["reason"] is None


ALIKE = {
    "title": "Untitled",
    "release_date": "2016-01-01",
    "genres": "[{'id': 18, 'name': 'Drama'}]",
    "production_companies": "[{'name': 'Acme', 'id': 7}]",
}


def different(number: int) -> dict[str, str]:
    """Return a film of a day, a genre and a company of its own."""
    return film(
        number,
        release_date=f"2001-02-{number:02}",
        genres=f"[{{'id': {number}, 'name': 'Genre {number}'}}]",
        production_companies=f"[{{'name': 'Company {number}', 'id': {number}}}]",
    )


@pytest.mark.parametrize(("column", "cell"), ALIKE.items())
@pytest.mark.parametrize("others", [0, 1])
def test_a_column_that_has_become_one_value_is_refused(tmp_path: Path, column: str, cell: str, others: int) -> None:
    """In all films, or all but one of twenty."""
    place = Place(tmp_path)
    usual = [different(number) for number in range(1, 21)]
    place.ingest(text(*usual))
    alike = text(*usual[:others], *(film_ | {column: cell} for film_ in usual[others:]))
    place.stops(alike, f"{column} would be the same for {100 - 5 * others}% of the films that have it, .* than 5%")
    place.ingest(alike, allow_shrink=True)


def test_films_that_have_always_been_of_one_genre_are_loaded_again(tmp_path: Path) -> None:
    """As a collection of documentaries; and half of the films of one day are no loss."""
    place = Place(tmp_path)
    usual = [different(number) | {"genres": ALIKE["genres"]} for number in range(1, 21)]
    place.ingest(text(*usual))
    place.ingest(text(*(film_ | {"release_date": "2016-01-01"} for film_ in usual[:10]), *usual[10:]))
