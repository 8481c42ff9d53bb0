"""Film data is found in every kind of source, and a bad source leaves the old database as it was."""

import gzip
import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import filelock
import pytest

import movie_reports
from archives import archived, folder
from films import USUAL, Load, loading, querying, text
from movie_reports.database.connection import connect
from movie_reports.ingestion.sources import download
from movie_reports.render import export
from movie_reports.reports.report import figures
from movie_reports.reports.requests.request import Request
from runs import LOCK
from selection import few

FILMS = "movies_metadata.csv"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one database."""
    folder = tmp_path_factory.mktemp("good")
    loading(folder)(text({"title": "The old one"}))
    return folder / "movies.duckdb"


@pytest.mark.parametrize("name", few(["dump-2026-11", "films.csv", "FILMS.CSV"]))
def test_a_file_may_have_any_name(load: Load, tmp_path: Path, name: str) -> None:
    """It is known by its columns."""
    path = tmp_path / name
    path.write_text(text({"title": "Alone"}), encoding="utf-8")
    assert load(path)("SELECT title FROM movies") == [("Alone",)]


def test_a_gzipped_file_is_read(load: Load, tmp_path: Path) -> None:
    """It need not be unpacked first."""
    path = tmp_path / "films.csv.gz"
    path.write_bytes(gzip.compress(text({"title": "Packed"}).encode()))
    query = load(path)
    assert query("SELECT title FROM movies") == [("Packed",)]
    assert query("SELECT name, role, bytes FROM ingest_files") == [
        (path.name, "movies", len(text({"title": "Packed"})))
    ]


def test_a_folder_is_read(load: Load, tmp_path: Path) -> None:
    """The other CSV files in it are noted."""
    source = folder(tmp_path / "data", movies_metadata=text({"title": "Filed"}), credits="id,cast\n1,[]\n")
    query = load(source)
    assert query("SELECT title FROM movies") == [("Filed",)]
    assert dict(query("SELECT name, role FROM ingest_files")) == {
        "movies_metadata.csv": "movies",
        "credits.csv": "ignored",
    }


def test_an_archive_may_hold_a_folder(load: Load, tmp_path: Path) -> None:
    """What macOS puts beside it is passed over."""
    members = {
        "__MACOSX/data/._movies_metadata.csv": text({"title": "A shadow"}),
        "data/": "",
        "data/movies_metadata.csv": text({"title": "Zipped"}),
    }
    query = load(archived(tmp_path / "films.zip", members))
    assert query("SELECT title FROM movies") == [("Zipped",)]
    assert query("SELECT name FROM ingest_files") == [("data/movies_metadata.csv",)]


@pytest.mark.parametrize("name", ["../../x/movies_metadata.csv", "{here}/x/movies_metadata.csv", "data\\films.csv"])
def test_names_in_an_archive_lead_nowhere(tmp_path: Path, name: str) -> None:
    """A hostile name is read like any other, and nothing is written by it."""
    path = archived(tmp_path / "a" / "films.zip", {name.format(here=tmp_path): text({"title": "Hostile"})})
    assert loading(path.parent)(path)("SELECT title FROM movies") == [("Hostile",)]
    left = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*")}
    assert left == {"a", "a/films.zip", "a/movies.duckdb", "a/.movies.duckdb.lock"}


def without(column: str) -> str:
    """Write a film without one of the columns."""
    names = [name for name in USUAL if name != column]
    return f"{','.join(names)}\n{','.join('1' for _ in names)}\n"


def protected(path: Path) -> Path:
    """Write an archive that says it is encrypted."""
    data = bytearray(archived(path, {FILMS: text({})}).read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 0x1
    path.write_bytes(data)
    return path


def damaged(path: Path, packing: int) -> Path:
    """Write an archive in which a byte of the films is wrong."""
    data = bytearray(archived(path, {FILMS: text({}) + "x" * 200_000}, packing).read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    return path


def cut_off(path: Path, content: bytes) -> Path:
    """Write the first half of a file."""
    path.write_bytes(content[: len(content) // 2])
    return path


def written(path: Path, content: str, encoding: str = "utf-8") -> Path:
    """Write a text file."""
    path.write_text(content, encoding=encoding, newline="")
    return path


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (lambda here: here / "none.zip", "there is no file or folder .*none.zip"),
    "archive without CSV": (
        lambda here: archived(here / "a.zip", {"a.txt": "x"}),
        "a.zip contains no CSV, .*, but a.txt: ",
    ),
    "empty folder": (lambda here: folder(here / "empty"), "empty contains no CSV, .* such as movies_metadata.csv"),
    "text": (lambda here: written(here / "a.zip", "no archive"), "a.zip is not a zip archive"),
    "half an archive": (
        lambda here: cut_off(here / "a.zip", archived(here / "b.zip", {FILMS: text({})}).read_bytes()),
        "a.zip is cut off or damaged",
    ),
    "half a gzip": (
        lambda here: cut_off(here / "a.csv.gz", gzip.compress(text({}).encode())),
        "a.csv.gz is cut off or damaged",
    ),
    "start of a gzip": (lambda here: cut_off(here / "a.csv.gz", b"\x1f\x8b\0\0"), "a.csv.gz is cut off or damaged"),
    "password": (lambda here: protected(here / "a.zip"), "a.zip is protected by a password"),
    "damage": (lambda here: damaged(here / "a.zip", zipfile.ZIP_DEFLATED), "a.zip is cut off or damaged"),
    "wrong sum": (lambda here: damaged(here / "a.zip", zipfile.ZIP_STORED), "a.zip is cut off or damaged"),
    "empty": (lambda here: written(here / "a.csv", ""), "a.csv is empty"),
    "header only": (lambda here: written(here / "a.csv", text()), "a.csv has a header, but no records"),
    "other CSV": (lambda here: written(here / "a.csv", "a,b\n1,2\n"), "a.csv lacks the columns id, title"),
    "a web page": (
        lambda here: written(here / "a.csv", "\n<html>\n<p>Log in</p>"),
        "a.csv is HTML or XML, such as a login",
    ),
    "a text": (
        lambda here: written(here / "a.csv", "404: Not Found"),
        "its first line is '404: Not Found', without commas between names: .*--separator",
    ),
    "no header": (
        lambda here: written(here / "a.csv", "862,Wind,2001-02-03\n863,Rain,2001-02-03\n"),
        "its first line is '862,Wind,2001-02-03', but should be a header",
    ),
    "no id": (
        lambda here: written(here / "a.csv", without("id").replace("overview", "imdb_id", 1)),
        "lacks the column id: .*ids of TMDB, not those of IMDb; .*--column id=NAME",
    ),
    "ids of IMDb": (
        lambda here: written(here / "a.csv", text({"id": "tt0114709"}, {"id": "tt0113497"})),
        'line 2: its id "tt0114709" is not a whole number, but an id of IMDb: .*--column id=NAME',
    ),
    "a column less": (lambda here: written(here / "a.csv", without("budget")), "a.csv lacks the column budget: "),
    "nothing to load": (lambda here: written(here / "a.csv", text({"id": "x"})), "none of its records.*line 2"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_source_leaves_the_old_database(good: Path, tmp_path: Path, case: str) -> None:
    """The error names the file and what is wrong with it; the films stay, and the ledger records the failure."""
    make, message = BAD[case]
    (tmp_path / "in").mkdir()
    (tmp_path / "db").mkdir()
    source = make(tmp_path / "in")
    path = tmp_path / "db" / "movies.duckdb"
    shutil.copy(good, path)
    with pytest.raises(movie_reports.MovieReportsError, match=message) as caught:
        movie_reports.ingest(source, path)
    assert "\n" not in str(caught.value)
    with movie_reports.open(path) as after, movie_reports.open(good) as before:
        assert after.company().equals(before.company())
        assert after.history().slice(1).equals(before.history())
        last = after.history().slice(0, 1).to_pylist()[0]
    assert (last["outcome"], last["reason"]) == ("failed", str(caught.value))
    assert {file.name for file in path.parent.iterdir()} <= {"movies.duckdb", LOCK}


def test_a_new_database_takes_the_place_of_the_old_one(load: Load, tmp_path: Path) -> None:
    """Nothing of the old one is left, nor anything beside it; who has it open reads on."""
    load(text({"title": "Old"}))
    with movie_reports.open(tmp_path / "movies.duckdb") as reader:
        movie_reports.ingest(
            written(tmp_path / "films.csv", text({"title": "New", "release_date": "1950-01-01"})),
            tmp_path / "movies.duckdb",
        )
        assert reader.company()["year"].to_pylist() == [2001]
    assert querying(tmp_path / "movies.duckdb")("SELECT title FROM movies") == [("New",)]
    assert {file.name for file in tmp_path.iterdir()} == {"films.csv", "movies.duckdb", LOCK}


def test_what_a_killed_ingest_left_is_cleared_away(load: Load, tmp_path: Path) -> None:
    """The next ingest goes its way."""
    left = tmp_path / ".movies.duckdb.ingest"
    left.mkdir()
    (left / "build.duckdb").write_text("half")
    load(text({}))
    assert not left.exists()


def test_a_foreign_file_is_not_replaced(load: Load, tmp_path: Path) -> None:
    """Neither a text nor a DuckDB database of another program."""
    path = tmp_path / "movies.duckdb"
    path.write_text("my diary")
    with pytest.raises(movie_reports.MovieReportsError, match=r"movies\.duckdb is not a DuckDB database"):
        load(text({}))
    assert path.read_text() == "my diary"
    path.unlink()
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE mine AS SELECT 42 AS answer")
    content = path.read_bytes()
    with pytest.raises(movie_reports.MovieReportsError, match="not one of movie-reports"):
        load(text({}))
    assert path.read_bytes() == content


def test_a_second_ingest_at_the_same_time_is_refused(load: Load, tmp_path: Path) -> None:
    """It does not wait, and it touches nothing."""
    with (
        filelock.FileLock(tmp_path / LOCK),
        pytest.raises(
            movie_reports.MovieReportsError, match=r"another ingest is writing .*movies\.duckdb: try again later"
        ),
    ):
        load(text({}))
    assert not (tmp_path / "movies.duckdb").exists()
    assert load(text({}))("SELECT count(*) FROM movies") == [(1,)]


@pytest.mark.parametrize("kind", few(export.FORMATS, first=2))
def test_the_same_source_gives_the_same_bytes(load: Load, tmp_path: Path, kind: str) -> None:
    """A second run doubles nothing and moves nothing."""

    def exported() -> bytes:
        load(text(*({"id": str(number), "popularity": f"{number}.1"} for number in range(9))))
        connection = connect(tmp_path / "movies.duckdb", temporary=True)
        report = figures(connection, "genres", Request())
        with closing(connection), export.made(report, kind) as (file, _):
            return file.read_bytes()

    first = exported()
    assert first
    assert exported() == first


def test_every_table_and_column_explains_itself(good: Path) -> None:
    """Other tools show a comment on each."""
    query = querying(good)
    assert query("SELECT table_name FROM duckdb_tables() WHERE coalesce(trim(comment), '') = ''") == []
    columns = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
    assert query(f"{columns} AND coalesce(trim(comment), '') = ''") == []
    assert ("movies", "budget") in query(columns)


def test_addresses_that_differ_in_their_query_only_are_several_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is loaded, though a query is not shown: it may contain a secret."""
    files = {
        "movies": text({"id": "1"}),
        "links": "movieId,imdbId,tmdbId\n7,1,1\n",
        "ratings": "userId,movieId,rating,timestamp\n1,7,4.0,1\n",
    }
    monkeypatch.setattr(download, "fetch", lambda url, target, *_: target.write_text(files[url.partition("=")[2]]))
    row = movie_reports.ingest([f"https://films.example/get?file={name}" for name in files], tmp_path / "x.duckdb")
    assert (row["movies"], row["ratings"], row["ratings_matched"]) == (1, 1, 1)
    assert "file=" not in row["source"]
