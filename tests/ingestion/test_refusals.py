"""Rejects are kept so that they can be fixed, and too many of them refuse a source without harm to the old data."""

import csv
import gzip
import io
import zipfile
from pathlib import Path

import pytest

import movie_reports
from movie_reports.reports.requests.choices import Change, Reason
from program import Result, assert_fails
from runs import Place, cells, films, with_rejects
from selection import few

NO_FILMS = "the database has no films yet"


LIMITS = [
    ("2", 8, 2, True),
    ("1", 8, 2, False),
    ("20%", 8, 2, True),
    ("19.9%", 8, 2, False),
    ("0", 9, 1, False),
    ("0%", 10, 0, True),
    ("9.2%", 681, 69, True),
    ("100%", 1, 9, True),
]


@pytest.mark.parametrize(("limit", "good", "bad", "passes"), few(LIMITS, first=5))
def test_rejects_have_a_limit(place: Place, limit: str, good: int, bad: int, passes: bool) -> None:  # noqa: FBT001
    """As many as it says are allowed, and not one more."""
    content = with_rejects(good, bad)
    if passes:
        place.ingest(content, max_rejects=limit)
        assert place.query("SELECT count(*) FROM movies") == [(good,)]
    else:
        message = (
            f"^{bad} of {good + bad} records are rejects, more than --max-rejects {limit} allows .line {good + 2}: "
        )
        place.stops(content, message, max_rejects=limit)
    last = place.ledger()[-1]
    assert (last["outcome"], last["records"], last["rejects"]) == ("loaded" if passes else "refused", good + bad, bad)
    assert len(place.rejects()) == bad


def test_the_usual_limit_is_a_hundredth(place: Place) -> None:
    """One reject of 100 records passes, of 99 not."""
    place.stops(with_rejects(98, 1), "1 of 99 records are rejects, more than --max-rejects 1% .* higher --max-rejects")
    assert place.ingest(with_rejects(99, 1))["rejects"] == 1


@pytest.mark.parametrize("limit", ["-1", "many", "1 in 10", "", "%"])
def test_an_invalid_limit_is_wrong_usage(place: Place, limit: str) -> None:
    """Nothing is read or written then."""
    with pytest.raises(movie_reports.UsageError, match="is neither a number nor a share"):
        place.ingest(films(1), max_rejects=limit)
    assert place.left() == {"films.csv"}


def test_a_refused_source_leaves_the_old_films(place: Place) -> None:
    """The code is 4, and the rejects can be read where the message says."""
    place.ingest(films(*range(1, 11)))
    before = place.data()
    path = place.file(with_rejects(10, 2))
    assert_fails(place.run("ingest", path, "--max-rejects", "1"), 4, "2 of 12 records", "'movie-reports rejects'")
    assert place.data() == before
    assert place.ledger()[-1]["outcome"] == "refused"
    rejects = place.rejects()
    assert [(row["ingest"], row["file"], row["line"], row["reason"]) for row in rejects] == [
        (2, "films.csv", 12, "id"),
        (2, "films.csv", 13, "id"),
    ]
    assert "x11" in place.run("rejects").stdout
    with pytest.raises(movie_reports.RefusedError):
        place.ingest(path)


@pytest.fixture(scope="module")
def without_films(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Have a database whose only ingest was refused."""
    place = Place(tmp_path_factory.mktemp("refused"))
    place.stops(with_rejects(3, 1), "1 of 4 records")
    return place


REPORTS = [
    ("company",),
    ("company", "Acme"),
    ("company", "--genre", "Drama"),
    ("genres",),
    ("genres", "--year", "1995", "--export", "csv"),
]


@pytest.mark.parametrize("command", REPORTS, ids=" ".join)
def test_a_database_without_films_says_so(without_films: Place, command: tuple[str, ...]) -> None:
    """A company or genre is not unknown where nothing is known."""
    assert_fails(without_films.run(*command), 1, NO_FILMS, "movie-reports history")


def test_a_database_without_films_tells_why(without_films: Place) -> None:
    """Its ledger and its rejects can be read, and its data are older than any age."""
    assert "refused" in without_films.run("history").stdout
    assert "x4" in without_films.run("rejects").stdout
    assert "1 of 4 records are rejects" in " ".join(without_films.run("status").stdout.split())
    assert_fails(without_films.run("status", "-q", "--max-age", "9w"), 1, "no ingest has succeeded")
    with movie_reports.open(without_films.database) as database:
        assert (database.company().num_rows, database.genres().num_rows, database.changes().num_rows) == (0, 0, 0)


def test_the_next_good_ingest_fills_a_database_without_films(place: Place) -> None:
    """The refused one stays in the ledger with its rejects."""
    place.stops(with_rejects(3, 1), "1 of 4 records")
    assert place.ingest(films(1, 2))["id"] == 2
    assert place.run("company", "Acme", "--export", "csv").returncode == 0
    assert [row["outcome"] for row in place.ledger()] == ["refused", "loaded"]
    assert [row["line"] for row in place.rejects(ingest=1)] == [5]
    assert place.rejects() == []


def broken_ratings(place: Place) -> Path:
    """Make a folder with good films and ratings that turn out to be damaged."""
    packed = bytearray(gzip.compress(b"userId,movieId,rating\n" + b"1,1,3.0\n" * 20_000))
    packed[-6] ^= 0xFF
    place.file(films(1), "data/films.csv")
    place.file("movieId,tmdbId\n1,1\n", "data/links.csv")
    return place.file(bytes(packed), "data/ratings.csv.gz").parent


def broken_archive(place: Path) -> Path:
    """Make an archive of the same."""
    path = place / "broken.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("films.csv", films(1))
        archive.writestr("links.csv", "movieId,tmdbId\n1,1\n")
        archive.writestr("ratings.csv", "userId,movieId,rating\n" + "1,1,3.0\n" * 20_000)
    path.write_bytes(path.read_bytes().replace(b"1,1,3.0\n1,1,3.0\nPK", b"1,1,3.0\n1,1,4.0\nPK"))
    return path


def test_a_failed_ingest_makes_no_database(place: Place) -> None:
    """Whether it fails at once, at the films or behind them."""
    sources = [place.folder / "none.zip", place.file("x", "data.csv"), broken_ratings(place)]
    sources.append(broken_archive(place.folder))
    for source in sources:
        place.stops(source, "none.zip|lacks the columns|download it again")
        assert place.left() <= {"data.csv", "data", "broken.zip"}


def test_an_error_names_the_damaged_file(place: Place) -> None:
    """A folder is no archive, and a sound file is not to be downloaded again."""
    folder = broken_ratings(place)
    archive, sound = broken_archive(place.folder), place.file("id,cast\n1,x\n", "credits.csv")
    assert "broken.zip is cut off or damaged" in place.stops([archive, sound], ".")
    assert "ratings.csv.gz is cut off or damaged" in place.stops(folder, ".")


def broken(number: int, old: str, new: str) -> str:
    """Write the record of a film with something else in it."""
    return films(number).splitlines()[1].replace(old, new, 1) + "\n"


def mixed(place: Place) -> None:
    """Ingest ten films and a reject of each of three kinds, then a film and another reject."""
    bad = broken(20, "Film 20", "A\0film") + broken(21, "Film 21", "A,film") + broken(22, "22", "x")
    place.ingest(films(*range(1, 11)) + bad, max_rejects="3")
    place.ingest(films(11) + broken(23, "23", "y"), max_rejects="1", merge=True)


def exported(result: Result) -> list[dict[str, str]]:
    """Read the CSV that a run has printed."""
    assert (result.returncode, result.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(result.stdout, newline="")))


def test_rejects_are_filtered_by_ingest_and_reason(place: Place) -> None:
    """Without an ingest those of the last run are meant, on the command line and in Python."""
    mixed(place)
    assert [row["reason"] for row in place.rejects()] == ["id"]
    assert [(row["line"], row["reason"]) for row in place.rejects(ingest=1)] == [
        (12, "nul"),
        (13, "fields"),
        (14, "id"),
    ]
    assert [row["line"] for row in place.rejects(ingest=1, reason="fields")] == [13]
    assert place.rejects(reason="nul") == []
    for limits in ({}, {"ingest": 1}, {"ingest": 1, "reason": "id"}):
        options = [f"--{name}={value}" for name, value in limits.items()]
        rows = exported(place.run("rejects", *options, "--export", "csv"))
        assert rows == [cells(row) for row in place.rejects(**limits)]
    assert place.run("rejects", "--reason", "nul").stderr == "No rejects.\n"


def test_an_unknown_reason_or_change_is_wrong_usage(place: Place) -> None:
    """In Python as on the command line, where the message names those there are, and all of them can be asked for."""
    mixed(place)
    with pytest.raises(movie_reports.UsageError, match=f"no reason typo: choose from {', '.join(Reason)}"):
        place.rejects(reason="typo")
    with pytest.raises(movie_reports.UsageError, match="no change typo: choose from added, changed, removed"):
        place.changes("typo")
    assert all(place.run("rejects", "--reason", reason).returncode == 0 for reason in Reason)
    assert [len(place.changes(change)) for change in Change] == [1, 0, 0]


def test_rejects_can_be_fixed_and_merged(place: Place) -> None:
    """Their raw text under the header of the source, with the id put right, is a delta."""
    header, _, record = films(11, overview='Said "so",\nand went.').partition("\n")
    bad = record.replace("11", "x11", 1)
    place.ingest(films(*range(1, 11), overview="What happens.") + bad, max_rejects="1")
    (reject,) = exported(place.run("rejects", "--reason", "id", "--export", "csv"))
    assert reject["raw"] == bad.removesuffix("\n")
    fixed = place.file(f"{header}\n{reject['raw'].replace('x11', '11', 1)}\n", "fixed.csv")
    assert place.run("ingest", fixed, "--merge", "-q").returncode == 0
    assert place.query("SELECT count(*), max(id), max(overview) FROM movies") == [(11, 11, "What happens.")]
    assert place.query("SELECT overview FROM movies WHERE id = 11") == [('Said "so",\nand went.',)]
    assert place.rejects() == []
