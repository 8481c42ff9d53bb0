"""Several files of films are loaded together if they are parts of one, else refused: never one of them in silence."""

import gzip
import json
from pathlib import Path

import pytest

from archives import packed
from films import text
from movie_reports import RefusedError
from runs import Place, film, films
from selection import few

ALL_CONTAIN = "(all|both) contain films: name one of them, or load the others with --merge"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Have a folder for a database."""
    return Place(tmp_path)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Load twelve films from one file."""
    place = Place(tmp_path_factory.mktemp("usual"))
    place.ingest(films(*range(1, 13)))
    return place


def of_part(number: int) -> str:
    """Return four of the twelve films."""
    return films(*range(4 * number + 1, 4 * number + 5))


NAMES = ["part-0000{}.csv", "movies_{}.csv", "films{}.csv", "{}.csv", "year=200{}/part-0.csv"]


KINDS = ["folder", "archive", "named"]
FORMS = [(pattern, kind) for pattern in NAMES for kind in KINDS if kind != "folder" or "/" not in pattern]


@pytest.mark.parametrize(("pattern", "kind"), few(FORMS, *zip(NAMES, [*KINDS, "folder", "archive"], strict=True)))
def test_parts_are_loaded_together(place: Place, usual: Place, pattern: str, kind: str) -> None:
    """All are in the ledger."""
    parts = {pattern.format(number): of_part(number) for number in range(3)}
    paths = [place.file(content, f"in/{name}") for name, content in parts.items()]
    source = {"folder": place.folder / "in", "archive": place.file(packed(parts), "x.zip"), "named": paths}[kind]
    row = place.ingest(source)  # type: ignore[arg-type]
    assert place.data() == usual.data()
    assert (row["records"], row["movies"], row["duplicates"], row["rejects"]) == (12, 12, 0, 0)
    assert place.query("SELECT count(*), min(role), max(role) FROM ingest_files") == [(3, "movies", "movies")]
    assert place.ingest(source)["outcome"] == "unchanged"  # type: ignore[arg-type]


def test_parts_may_be_compressed_or_of_another_kind(place: Place, usual: Place) -> None:
    """Each is read as it is."""
    for number in range(3):
        place.file(gzip.compress(of_part(number).encode()), f"gz/part-{number}.csv.gz")
        rows = [
            dict(
                film(at),
                release_date="2001-02-03",
                budget=10,
                revenue=30,
                popularity=1.5,
                overview="What happens.",
                genres=[{"id": 18, "name": "Drama"}],
                production_companies=[{"name": "Acme", "id": 7}],
                production_countries=[{"iso_3166_1": "US", "name": "United States of America"}],
                belongs_to_collection=None,
                vote_count=5,
            )
            for at in range(4 * number + 1, 4 * number + 5)
        ]
        place.file("".join(f"{json.dumps(row)}\n" for row in rows), f"json/part-{number}.json")
    for name in ("gz", "json"):
        place.ingest(place.folder / name)
        assert place.data() == usual.data()


def test_the_order_is_that_of_the_numbers(place: Place) -> None:
    """Of two records with one id the later counts, so part 10 comes behind part 9."""
    for number in range(1, 12):
        place.file(
            text(*(film(100 * number + at) for at in range(30)), film(1, title=f"Of {number}")), f"in/p{number}.csv"
        )
    row = place.ingest(place.folder / "in")
    assert place.query("SELECT title FROM movies WHERE id = 1") == [("Of 11",)]
    assert (row["movies"], row["duplicates"]) == (331, 10)


def test_each_reject_names_its_file_and_line(place: Place) -> None:
    """Lines are counted in each file by itself."""
    place.file(of_part(0) + "x,broken\n", "in/part-0.csv")
    place.file(of_part(1), "in/part-1.csv")
    place.file("\n" + of_part(2).replace("\n10,", "\nten,"), "in/part-2.csv")
    row = place.ingest(place.folder / "in", max_rejects=2)
    assert [(reject["file"], reject["line"], reject["reason"]) for reject in place.rejects()] == [
        ("part-0.csv", 6, "fields"),
        ("part-2.csv", 4, "id"),
    ]
    assert (row["records"], row["movies"], row["rejects"]) == (13, 11, 2)


def test_a_part_without_records_does_no_harm(place: Place, usual: Place) -> None:
    """Programs write such for an empty share of their data; all of them empty is an error."""
    header = films()
    for name, content in {"a0": of_part(0), "a1": header, "a2": of_part(1), "a3": of_part(2)}.items():
        place.file(content, f"in/{name}.csv")
    place.ingest(place.folder / "in")
    assert place.data() == usual.data()
    for name in ("a0", "a1"):
        place.file(header, f"none/{name}.csv")
    place.stops(place.folder / "none", "has a header, but no records")


def test_a_part_in_another_encoding_is_read_in_it(place: Place) -> None:
    """The others are not."""
    title = "Käse"
    place.file(text(*(film(at, title=title) for at in range(1, 9))).encode(), "in/part-1.csv")
    place.file(text(*(film(at, title=title) for at in range(10, 19))).encode("cp1252"), "in/part-2.csv")
    assert place.ingest(place.folder / "in")["movies"] == 17
    assert place.query("SELECT DISTINCT title FROM movies") == [(title,)]


@pytest.mark.parametrize(
    "names",
    few(
        [
            ["movies.csv", "films.csv"],
            ["movies.csv", "movies_1.csv"],
            ["movies.csv", "movies (1).csv"],
            ["movies.csv", "movies_old.csv"],
            ["movies_metadata.csv", "movies_metadata_backup.csv"],
            ["movies_metadata.csv", "new_films.csv"],
        ],
        first=2,
    ),
)
def test_other_files_of_films_are_refused_with_their_names(place: Place, names: list[str]) -> None:
    """In a folder, in an archive, and named together; the old data stay."""
    paths = [place.file(of_part(number), f"in/{name}") for number, name in enumerate(names)]
    archive = place.file(packed({name: of_part(number) for number, name in enumerate(names)}), "x.zip")
    place.ingest(films(99))
    for source in (place.folder / "in", archive, paths):
        with pytest.raises(RefusedError, match=ALL_CONTAIN) as caught:
            place.ingest(source)
        assert all(name in str(caught.value) for name in names)
    assert place.query("SELECT id FROM movies") == [(99,)]


def test_parts_have_the_same_header(place: Place) -> None:
    """Else nobody knows whether they belong together."""
    place.file(of_part(0), "in/part-0.csv")
    place.file(films(5, 6, homepage="x"), "in/part-1.csv")
    place.stops(place.folder / "in", ALL_CONTAIN)


@pytest.mark.parametrize("other", few(["export.csv", "data.csv", "titles-2020.csv"]))
def test_the_usual_name_counts_beside_others_that_say_nothing_of_films(place: Place, other: str) -> None:
    """In a folder or archive; what was named was meant."""
    paths = [place.file(films(1), "in/movies_metadata.csv"), place.file(films(2), f"in/{other}")]
    place.ingest(place.folder / "in")
    assert place.query("SELECT id FROM movies") == [(1,)]
    assert dict(place.query("SELECT name, role FROM ingest_files"))[other] == "ignored"
    place.stops(paths, ALL_CONTAIN)


def test_snapshots_are_no_parts(place: Place) -> None:
    """Most films are in both, so that one would hide the other."""
    place.file(films(*range(1, 50)), "in/movies_2019.csv")
    place.file(films(*range(1, 60)).replace(",10,30,", ",99,30,"), "in/movies_2020.csv")
    message = place.stops(place.folder / "in", "are no parts of one file, as 49 of 59 films are in several")
    assert "movies_2019.csv and movies_2020.csv" in message


@pytest.mark.parametrize("names", [("part-0.csv", "part-1.csv"), ("films.csv.aa", "films.csv.ab")])
def test_a_part_without_the_header_is_refused(place: Place, names: tuple[str, str]) -> None:
    """As `split` leaves it: half of the films would be lost without a word."""
    header, *records = films(1, 2, 3, 4).splitlines(keepends=True)
    paths = [
        place.file("".join(lines), f"in/{name}")
        for name, lines in zip(names, ([header, *records[:2]], records[2:]), strict=True)
    ]
    place.stops(paths, "looks like a part of the same films")


def test_a_part_with_another_unit_is_refused(place: Place) -> None:
    """It is not ignored, though its money cannot be read."""
    place.file(films(1, 2), "in/part-0.csv")
    place.file(films(3, 4).replace("budget", "budget_musd", 1), "in/part-1.csv")
    place.stops(place.folder / "in", "looks like a part of the same films")
