"""An ingest that would lose a column, or change its scale, is refused, and the old data stay."""

from pathlib import Path

import pytest

from movie_reports import RefusedError
from program import assert_fails
from runs import Place, films

EMPTY = {"title": "", "release_date": "", "budget": "0", "revenue": "0", "genres": "[]", "production_companies": "[]"}
UNREADABLE = {
    "release_date": "soon",
    "budget": "30M",
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
    place.ingest(films(1, release_date="soon", budget="30M"), merge=True)
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
