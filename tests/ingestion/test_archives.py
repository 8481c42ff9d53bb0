"""An archive made to do harm does none, and one that is merely odd is read."""

import gzip
import stat
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from archives import packed, zipped
from program import assert_fails
from runs import Place, films

BOMB = films(1).encode() + bytes(100_000_000)
MOST = 10_000_000
TOO_LARGE = r"unpacks to more than 10,000,000 bytes: .* raise the limit with --max-size$"
LOCAL, CENTRAL = (b"PK\x03\x04", 22), (b"PK\x01\x02", 24)


@pytest.fixture(scope="module")
def bomb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small archive that unpacks to 100 MB."""
    path = tmp_path_factory.mktemp("bomb") / "bomb.zip"
    path.write_bytes(zipped(movies_metadata=BOMB))
    assert path.stat().st_size < 1_000_000
    return path


def test_a_bomb_is_refused(place: Place, bomb: Path) -> None:
    """Nothing of it is left on the disk, and the message tells the limit."""
    result = place.run("ingest", bomb, "--max-size", "10MB")
    assert_fails(result, 1, "movies_metadata.csv unpacks to more than 10,000,000 bytes", "--max-size")
    assert place.left() == set()


@pytest.mark.parametrize("size", [0, 1000, 2**31])
def test_a_bomb_whose_header_lies_is_refused(place: Place, bomb: Path, size: int) -> None:
    """What the archive says of a size is not believed."""
    content = bytearray(bomb.read_bytes())
    for signature, offset in (LOCAL, CENTRAL):
        struct.pack_into("<I", content, content.index(signature) + offset, size)
    place.ingest(films(2))
    path = place.file(bytes(content), "bomb.zip")
    place.stops(path, "more than 10,000,000 bytes|is empty|damaged", max_size=MOST)
    assert place.query("SELECT id FROM movies") == [(2,)]
    assert place.left() == {"bomb.zip", "films.csv", "movies.duckdb"}
    assert place.database.stat().st_size < MOST


def test_ratings_can_be_a_bomb_too(place: Place) -> None:
    """The limit applies to every unpacked file."""
    ratings = b"userId,movieId,rating\n" + b"1,1,3.0\n" * 1_500_000
    path = place.file(zipped(f=films(1), links="movieId,tmdbId\n1,1\n", ratings=ratings), "films.zip")
    place.stops(path, f"^ratings.csv {TOO_LARGE}", max_size=MOST)
    assert place.ingest(path, max_size=2 * MOST)["ratings"] == 1_500_000


def test_a_bomb_is_read_no_further_than_the_limit(place: Place) -> None:
    """In a folder and among several files as well: damage behind the limit is never met."""
    packed = bytearray(gzip.compress(BOMB, 1))
    packed[-6] ^= 0xFF
    path, other = place.file(bytes(packed), "data/films.csv.gz"), place.file("id,cast\n1,x\n", "credits.csv")
    for source in (path, path.parent, [path, other]):
        place.stops(source, f"^films.csv.gz {TOO_LARGE}", max_size=MOST)


def test_a_limit_is_kept_to_the_byte(place: Place) -> None:
    """A file of just that size is read."""
    content = films(1)
    path = place.file(zipped(films=content), "films.zip")
    place.stops(path, "unpacks to more than", max_size=len(content) - 1)
    assert place.ingest(path, max_size=len(content))["movies"] == 1


@pytest.mark.parametrize("size", ["much", "-1", "10 apples"])
def test_an_invalid_size_is_wrong_usage(place: Place, size: str) -> None:
    """The message shows how to write one."""
    assert_fails(place.run("ingest", place.file(films(1)), "--max-size", size), 2, f"--max-size {size} is not a size")


def test_thousands_of_members_do_no_harm(place: Place) -> None:
    """The films are found among them, and the others are noted."""
    others = dict.fromkeys((f"part{number}" for number in range(1500)), "a,b\n1,2\n")
    row = place.ingest(place.file(zipped(**others, films=films(1)), "films.zip"))
    assert row["movies"] == 1
    assert place.query("SELECT role, count(*) FROM ingest_files GROUP BY role ORDER BY role") == [
        ("ignored", 1500),
        ("movies", 1),
    ]


def test_archives_in_an_archive_are_passed_over(place: Place) -> None:
    """Alone they are no films."""
    inner = {"inner.zip": zipped(movies_metadata=films(2))}
    place.stops(place.file(packed(inner), "outer.zip"), "outer.zip contains no CSV.*, but inner.zip: name the file")
    place.ingest(place.file(packed(inner | {"films.csv": films(1).encode()}), "outer.zip"))
    assert place.query("SELECT id FROM movies") == [(1,)]
    assert place.query("SELECT name FROM ingest_files") == [("films.csv",)]


def test_a_link_in_an_archive_is_not_followed(place: Place) -> None:
    """Its text is the path it leads to, which is no film."""
    outside = place.file(films(66), "outside.csv")
    link = zipfile.ZipInfo("movies_metadata.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(place.folder / "films.zip", "w") as archive:
        archive.writestr(link, str(outside))
    place.stops(place.folder / "films.zip", "movies_metadata.csv in .*films.zip lacks the columns")
    with zipfile.ZipFile(place.folder / "films.zip", "a") as archive:
        archive.writestr("films.csv", films(1))
    place.ingest(place.folder / "films.zip")
    assert place.query("SELECT id FROM movies") == [(1,)]


def test_a_member_named_like_a_file_of_the_disk_does_not_touch_it(place: Place) -> None:
    """It is read under its name, and written nowhere."""
    victim = place.file("precious", "victim.csv")
    name = str(victim)
    with zipfile.ZipFile(place.folder / "films.zip", "w") as archive:
        archive.writestr(name, films(1))
        archive.filelist[0].filename = name
    place.ingest(place.folder / "films.zip")
    assert place.query("SELECT id FROM movies") == [(1,)]
    assert victim.read_text(encoding="utf-8") == "precious"
    assert place.left() == {"films.zip", "movies.duckdb", "victim.csv"}


def test_two_members_of_one_name_are_no_crash(place: Place) -> None:
    """An archive that was added to can have them; one of them is read."""
    with zipfile.ZipFile(place.folder / "films.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(2):
            archive.writestr("movies_metadata.csv", films(1))
    assert place.ingest(place.folder / "films.zip")["movies"] == 1
