"""A delta adds and replaces films and keeps all others; a source that is there already, or shrinks, loads nothing."""

from pathlib import Path

import pytest

import movie_reports
from films import text
from program import assert_fails
from runs import Place, film, films, literals

NAMES = "SELECT name, tmdb_ids FROM {} ORDER BY name"
LINKED = "SELECT movie_id, name FROM movie_{0} JOIN {0} ON id = {1}_id ORDER BY ALL"
OLD = [
    film(1, genres=literals(Drama=18), production_companies=literals(Acme=7, Both=9)),
    film(2, genres=literals(Drama=19, Music=2), production_companies=literals(Acme=8)),
    film(3, genres=literals(War=3), production_companies=literals(Only=5)),
]
NEW = [
    film(3, title="Again", genres=literals(Drama=18), production_companies=literals(Both=10)),
    film(4, genres="[]", production_companies=str([{"name": "Nameless"}])),
]


@pytest.fixture(scope="module")
def three_films(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Ingest three films once."""
    place = Place(tmp_path_factory.mktemp("three"))
    place.ingest(text(*OLD))
    return place


@pytest.fixture
def place(tmp_path: Path, three_films: Place) -> Place:
    """Have a database of three films, and their file."""
    return three_films.copy(tmp_path)


def genres_of(place: Place) -> list[tuple[int, str]]:
    """Return which film has which genre."""
    return place.query(LINKED.format("genres", "genre"))


def test_a_delta_adds_and_replaces_by_id(place: Place) -> None:
    """The other films stay with all they had, and so does each film's history of one run before."""
    before = place.query("FROM movies WHERE id < 3 ORDER BY id")
    row = place.ingest(text(*NEW), merge=True)
    assert place.query("FROM movies WHERE id < 3 ORDER BY id") == before
    assert place.query("SELECT id, title FROM movies WHERE id >= 3 ORDER BY id") == [(3, "Again"), (4, "Film 4")]
    counts = [row[f"films_{name}"] for name in ("added", "changed", "removed", "unchanged")]
    assert (row["mode"], counts) == ("merge", [1, 1, 0, 2])
    assert [(change["id"], change["change"]) for change in place.changes()] == [(4, "added"), *[(3, "changed")] * 3]


def test_a_delta_keeps_genres_and_companies(place: Place) -> None:
    """With the TMDB ids of both, each once; what no film has any more is dropped, as if all had come at once."""
    place.ingest(text(*NEW), merge=True)
    assert genres_of(place) == [(1, "Drama"), (2, "Drama"), (2, "Music"), (3, "Drama")]
    assert place.query(LINKED.format("companies", "company")) == [
        (1, "Acme"),
        (1, "Both"),
        (2, "Acme"),
        (3, "Both"),
        (4, "Nameless"),
    ]
    assert place.query(NAMES.format("genres")) == [("Drama", [18, 19]), ("Music", [2])]
    assert place.query(NAMES.format("companies")) == [("Acme", [7, 8]), ("Both", [9, 10]), ("Nameless", [])]
    merged = place.data()
    place.ingest(text(*OLD[:2], *NEW))
    assert place.data() == merged


def test_a_delta_twice_changes_nothing(place: Place) -> None:
    """It is skipped the second time, and forced it finds all as it was."""
    path = place.file(text(*NEW))
    place.ingest(path, merge=True)
    before = place.data()
    assert place.ingest(path, merge=True)["outcome"] == "unchanged"
    row = place.ingest(path, merge=True, force=True)
    assert [row[f"films_{name}"] for name in ("added", "changed", "removed", "unchanged")] == [0, 0, 0, 4]
    assert (place.data(), place.changes()) == (before, [])


def test_a_delta_into_nothing_is_a_first_ingest(tmp_path: Path) -> None:
    """The films are the same as without --merge."""
    merged, replaced = Place(tmp_path / "a"), Place(tmp_path / "b")
    assert merged.ingest(text(*OLD), merge=True)["films_added"] == 3
    replaced.ingest(text(*OLD))
    assert merged.data() == replaced.data()


def test_a_refused_delta_leaves_everything(place: Place) -> None:
    """The films of the delta that could be read are not loaded either."""
    before = place.data()
    place.stops(films(4) + films(5).splitlines()[1].replace("5", "x", 1) + "\n", "1 of 2 records", merge=True)
    assert place.data() == before


LINKS = "movieId,imdbId,tmdbId\n10,0,1\n20,0,2\n30,0,3\n40,0,4\n"
RATED = "SELECT movie_id, ratings, mean_rating FROM movie_ratings ORDER BY movie_id"


def rated(place: Place, films: str, ratings: str) -> list[Path]:
    """Write the three files of a source."""
    ratings = f"userId,movieId,rating,timestamp\n{ratings}"
    contents = {"films.csv": films, "links.csv": LINKS, "ratings.csv": ratings}
    return [place.file(content, name) for name, content in contents.items()]


def test_a_delta_keeps_the_ratings_it_does_not_bring(tmp_path: Path) -> None:
    """Those that it brings take the place of the old, also for films that stay."""
    place = Place(tmp_path)
    place.ingest(rated(place, text(*OLD), "1,10,4.0,0\n1,20,1.0,0\n2,20,2.0,0\n1,30,5.0,0\n"))
    assert place.query(RATED) == [(1, 1, 4.0), (2, 2, 1.5), (3, 1, 5.0)]
    place.ingest(text(*NEW), merge=True)
    assert place.query(RATED) == [(1, 1, 4.0), (2, 2, 1.5), (3, 1, 5.0)]
    row = place.ingest(rated(place, text(*NEW), "1,10,1.0,0\n1,40,3.0,0\n1,99,3.0,0\n"), merge=True)
    assert place.query(RATED) == [(1, 1, 1.0), (2, 2, 1.5), (3, 1, 5.0), (4, 1, 3.0)]
    assert (row["ratings"], row["ratings_matched"], row["ratings_unread"]) == (3, 2, 0)


def test_a_source_that_is_loaded_already_is_skipped(place: Place) -> None:
    """The code is 0, the database stays byte for byte, and the program says since when the data are there."""
    before = place.database.read_bytes()
    result = place.run("ingest", place.folder / "films.csv")
    assert (result.returncode, result.stdout) == (0, "")
    assert "has this source already, since ingest 1: nothing to do (--force" in result.stderr
    assert place.database.read_bytes() == before
    row = place.ingest(place.folder / "films.csv")
    assert row == place.ledger()[-1] | {"outcome": "unchanged"}
    assert place.database.read_bytes() == before


@pytest.mark.parametrize("options", [["--force"], ["--if-unchanged", "load"]])
def test_a_source_that_is_loaded_already_can_be_loaded_again(place: Place, options: list[str]) -> None:
    """The ledger has two rows then."""
    assert place.run("ingest", place.folder / "films.csv", "--if-unchanged", "skip").returncode == 0
    assert len(place.ledger()) == 1
    result = place.run("ingest", place.folder / "films.csv", *options)
    assert "Films:    0 added, 0 changed, 0 removed, 3 unchanged" in result.stderr
    assert [(row["id"], row["outcome"]) for row in place.ledger()] == [(1, "loaded"), (2, "loaded")]


def test_a_source_is_recognized_by_its_content(place: Place) -> None:
    """Not by its name; other content under an old name is loaded, and so is an old source after another."""
    other = place.file(text(*OLD), "other.csv")
    assert place.ingest(other)["outcome"] == "unchanged"
    assert place.ingest(place.file(text(*OLD, *NEW[1:]), "other.csv"))["films_added"] == 1
    assert place.ingest(text(*OLD), allow_shrink=True)["films_removed"] == 1


def test_a_delta_is_recognized_only_right_after_its_ingest(place: Place) -> None:
    """After another source it is loaded again, but the whole dump is not, even after other deltas."""
    first, second = place.file(text(*NEW), "first.csv"), place.file(films(9), "second.csv")
    runs = [first, first, second, first]
    assert [place.ingest(path, merge=True)["outcome"] for path in runs] == ["loaded", "unchanged", "loaded", "loaded"]
    assert place.ingest(place.folder / "films.csv")["outcome"] == "unchanged"
    assert place.query("SELECT count(*) FROM movies") == [(5,)]
    assert place.ingest(place.folder / "films.csv", force=True, allow_shrink=True)["films_removed"] == 2
    assert place.ingest(first, merge=True)["outcome"] == "loaded"


def test_several_files_are_recognized_by_their_contents(tmp_path: Path) -> None:
    """Their order does not count, but each file does."""
    place = Place(tmp_path)
    paths = rated(place, text(*OLD), "1,10,4.0,0\n")
    place.ingest(paths)
    assert place.ingest(paths[::-1])["outcome"] == "unchanged"
    assert place.ingest(rated(place, text(*OLD), "1,10,4.5,0\n"))["outcome"] == "loaded"
    assert place.query(RATED) == [(1, 1, 4.5)]


def test_a_failure_does_not_make_a_source_new(place: Place) -> None:
    """The films are still those of the last ingest that succeeded; one that failed is tried again."""
    bad = place.file("id,title\n1,x\n", "bad.csv")
    place.stops(bad, "lacks the columns")
    assert place.ingest(place.folder / "films.csv")["outcome"] == "unchanged"
    place.stops(bad, "lacks the columns")
    assert [row["outcome"] for row in place.ledger()] == ["loaded", "failed", "failed"]


def test_a_loss_of_a_tenth_is_allowed(tmp_path: Path) -> None:
    """One of ten films may go."""
    place = Place(tmp_path)
    place.ingest(films(*range(1, 11)))
    assert place.ingest(films(*range(2, 11)))["films_removed"] == 1
    assert [row["title"] for row in place.changes("removed")] == ["Film 1"]


def test_a_loss_of_more_is_refused(tmp_path: Path) -> None:
    """The code is 4, the message tells the ways out, the old films stay, and both ways out work."""
    place = Place(tmp_path)
    place.ingest(films(*range(1, 20)))
    before = place.data()
    path = place.file(films(*range(3, 40)))
    assert_fails(place.run("ingest", path), 4, "2 of 19 films", "10%", "add --allow-shrink", "add --merge")
    assert place.data() == before
    last = place.ledger()[-1]
    assert (last["outcome"], last["films_added"], last["films_removed"]) == ("refused", 20, 2)
    with pytest.raises(movie_reports.RefusedError):
        place.ingest(path)
    assert place.ingest(path, merge=True)["films_removed"] == 0
    assert place.run("ingest", path, "--allow-shrink", "-q").returncode == 0
    assert place.query("SELECT min(id), count(*) FROM movies") == [(3, 37)]
