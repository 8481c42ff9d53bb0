"""A path is taken as it is written, and what it leads to is read, or named in one sentence."""

import os
import socket
import subprocess
import sys
import zipfile

import pytest

from archives import archived, zipped
from movie_reports.ingestion import run
from program import LIKE_OTHERS, LIMIT, PROGRAM, assert_fails, ended, printed, started
from runs import Place, at_step, films
from selection import few

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes, sockets and names are those of POSIX")

INGEST = f"{' '.join(PROGRAM)} ingest"
ODD = [
    "a[1]*",
    "*",
    "**",
    "?",
    "[",
    "[!a]",
    "back\\slash",
    "two\nlines",
    'it\'s "so"',
    "-dash",
    "~",
    "é",
    "{a,b}",
    "$(x)",
]
ONE_OTHER = "movieId,tmdbId\n1,1\n"


def in_a_shell(place: Place, command: str, content: bytes) -> None:
    """Run a command beside films.csv, and assert that it loads the films of the file."""
    place.file(content)
    shell = ["bash", "-c", f"set -o pipefail; {command}"]
    result = ended(shell, cwd=place.folder)
    assert (result.returncode, result.stdout) == (0, ""), result.stderr
    assert place.query("SELECT id FROM movies ORDER BY id") == [(1,), (2,)]
    assert place.left() == {"films.csv", "movies.duckdb"}


@pytest.mark.parametrize("content", few([films(1, 2).encode(), zipped(films=films(1, 2))]), ids=["plain", "packed"])
@pytest.mark.parametrize(
    "command",
    [
        f"{INGEST} <(cat films.csv)",
        f"cat films.csv | {INGEST} /dev/stdin",
        f"{INGEST} /dev/stdin < films.csv",
        f"cat films.csv | {INGEST} -",
    ],
)
def test_a_pipe_of_the_shell_is_a_source(place: Place, command: str, content: bytes) -> None:
    """It can be read once only."""
    in_a_shell(place, command, content)


def test_a_named_pipe_is_a_source(place: Place) -> None:
    """Its writer may start later, and there may be another source."""
    os.mkfifo(place.folder / "pipe")
    other = place.file(ONE_OTHER, "links.csv")
    command = [*PROGRAM, "ingest", str(place.folder / "pipe"), str(other), "--database", str(place.database)]
    with started(command, stderr=subprocess.DEVNULL) as process:
        (place.folder / "pipe").write_text(films(1, 2))
        process.wait(LIMIT)
    assert process.returncode == 0
    assert place.query("SELECT source FROM ingests") == [(f"{place.folder / 'pipe'}, {other}",)]


def test_a_pipe_without_end_is_read_to_the_limit(place: Place) -> None:
    """And nothing of it stays."""
    result = ended(["bash", "-c", f"{INGEST} <(yes) --max-size 1MB"], cwd=place.folder)
    assert_fails(result, 1, "has more than 1,000,000 bytes", "--max-size")
    assert place.left() == set()


@pytest.mark.parametrize("path", ["/dev/null", "/dev/zero", "socket", "data"])
def test_what_cannot_be_read_as_a_file_is_named(place: Place, path: str) -> None:
    """A device or a socket, alone or among files."""
    (place.folder / "data").mkdir()
    with socket.socket(socket.AF_UNIX) as one, socket.socket(socket.AF_UNIX) as two:
        one.bind(str(place.folder / "socket"))
        two.bind(str(place.folder / "data" / "films.csv"))
    name = "data/films.csv" if path == "data" else path
    result = ended([*PROGRAM, "ingest", path], cwd=place.folder)
    assert_fails(result, 1, f"{name} is a device or a socket: name a file")
    assert place.left() == {"data", "socket"}


def test_a_pipe_in_a_folder_is_named(place: Place) -> None:
    """It would be passed over in silence."""
    os.mkfifo(place.file(films(1), "data/films.csv").with_name("links.csv"))
    place.stops(place.folder / "data", r"data/links\.csv is a pipe: name it by itself")


@pytest.mark.parametrize("name", few(ODD, "a[1]*", "two\nlines", "-dash", "~"))
def test_a_source_may_have_any_name(place: Place, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is never a pattern, and others that it would match are not read; so is a file in an archive."""
    monkeypatch.chdir(place.folder)
    place.file(films(3), "a1x.csv")
    links = place.file(ONE_OTHER, f"{name}.csv").name
    members = {f"{name}.csv": films(1), "ratings.csv": "userId,movieId,rating\n1,1,3.0\n", "a1x.txt": films(3)}
    archive = archived(place.folder / f"{name}.zip", members).name
    assert printed("ingest", "--quiet", "--database", place.database, "--", archive, links) == ""
    assert place.query("SELECT id FROM movies") == [(1,)]
    names = dict(place.query("SELECT role, name FROM ingest_files"))
    assert (names["movies"], names["links"]) == (f"{archive}: {name}.csv", links)
    assert place.query("FROM movie_ratings") == [(1, 1, 3.0)]


def test_a_name_need_not_be_utf_8(place: Place) -> None:
    """The ledger has its bytes as escapes; in a folder as well."""
    folder = os.fsencode(place.folder) + b"/data\xff"
    os.mkdir(folder)  # noqa: PTH102 (bytes)
    with open(folder + b"/films\xe9.csv", "w") as file:  # noqa: PTH123 (bytes)
        file.write(films(1))
    for name in ("data\udcff", "data\udcff/films\udce9.csv"):
        result = ended([*PROGRAM, "ingest", "--force", name], cwd=place.folder)
        assert result.returncode == 0, result.stderr
    assert place.query("SELECT source FROM ingests ORDER BY id") == [("data\\xff",), ("data\\xff/films\\xe9.csv",)]
    assert place.query("SELECT DISTINCT name FROM ingest_files") == [("films\\xe9.csv",)]
    assert_fails(ended([*PROGRAM, "ingest", "no\udcff.csv"], cwd=place.folder), 1, "there is no file or folder no\\xff")


@pytest.mark.parametrize("name", few(["a[1]*", "two\nlines", "**", 'it\'s "so"', "~", "$(x)"], first=2))
def test_a_database_may_lie_in_a_folder_of_any_name(place: Place, name: str) -> None:
    """It is filled and replaced there as anywhere."""
    parts = {"films": films(1), "links": ONE_OTHER, "ratings": "userId,movieId,rating\n1,1,odd\n1,1,3.0\n"}
    source = place.file(zipped(**parts), "films.zip")
    other = Place(place.folder / name)
    other.folder.mkdir()
    assert other.ingest(source)["ratings"] == 1
    assert other.ingest(source, force=True)["films_unchanged"] == 1
    assert other.left() == {"movies.duckdb"}


@pytest.mark.parametrize("name", few(["*", "d*", "**", "[d]*"]))
def test_what_is_unpacked_is_never_a_pattern(place: Place, name: str) -> None:
    """Files of another folder that it would match are not read."""
    parts = {"films": films(1), "links": ONE_OTHER, "ratings": "userId,movieId,rating\n1,1,odd\n1,1,3.0\n"}
    source = place.file(zipped(**parts), "films.zip")
    other = Place(place.folder / name)
    other.folder.mkdir()

    def copy() -> None:
        (folder,) = other.folder.glob(".movies.duckdb.ingest*")
        for number, content in enumerate(parts.values()):
            place.file(content, f"decoy/{folder.name}/{['movies-0', 'links', 'ratings'][number]}.csv")

    row = run.ingest([str(source)], other.database, progress=at_step("reading films", copy)).row
    assert [row[column] for column in ("records", "ratings", "ratings_unread")] == [1, 1, 1]


@pytest.mark.parametrize("name", ["a?/m.duckdb", "a\\b/m.duckdb", "a\\.duckdb"])
def test_a_database_that_the_engine_cannot_open_is_refused(place: Place, name: str) -> None:
    """Before anything is written, in that folder or elsewhere."""
    source, path = place.file(films(1)), place.folder / name
    path.parent.mkdir(exist_ok=True)
    before = {*place.folder.rglob("*")}
    result = ended([*PROGRAM, "ingest", str(source), "--database", str(path)])
    assert_fails(result, 2, str(path), "DuckDB")
    assert {*place.folder.rglob("*")} == before
    result = ended([*PROGRAM, "ingest", str(source), "--database", str(place.folder / "a\udcff")])
    assert_fails(result, 2, "UTF-8")


def test_links_that_lead_nowhere_are_named(place: Place) -> None:
    """Alone or in a folder, where the ratings would be missing in silence."""
    for name, target in {"gone.csv": "nowhere", "circle.csv": "circle.csv"}.items():
        (place.folder / name).symlink_to(target)
    place.file(films(1), "data/films.csv").with_name("ratings.csv").symlink_to("nowhere")
    place.stops(place.folder / "gone.csv", r"gone\.csv is a link to nowhere, which does not exist$")
    place.stops(place.folder / "circle.csv", r"circle\.csv cannot be opened: its links lead in a circle$")
    place.stops(place.folder / "data", r"data/ratings\.csv is a link to nowhere, which does not exist$")
    place.stops(place.folder / "none" / "films.csv", r"there is no file or folder .*none/films\.csv$")
    assert not place.database.exists()


def test_a_link_to_a_file_or_folder_is_followed(place: Place) -> None:
    """However many there are."""
    path = place.file(films(1), "data/films.csv")
    (place.folder / "one").symlink_to(path)
    (place.folder / "two").symlink_to("one")
    (place.folder / "three").symlink_to(path.parent)
    assert [place.ingest(place.folder / name, force=True)["movies"] for name in ("two", "three")] == [1, 1]


@pytest.mark.parametrize("name", ["data", "data/films.csv", "films.csv", "files"])
def test_what_may_not_be_read_is_named(place: Place, name: str) -> None:
    """A folder, a file in it, a file, or a file in a folder that may be read."""
    paths = [place.file(films(1), path) for path in ("data/films.csv", "films.csv", "files/films.csv")]
    shut = [place.folder / "data", *paths[1:]]
    for path in shut:
        path.chmod(0)
    code = f"{'pass' if os.geteuid() else LIKE_OTHERS}; import os, sys; os.execv(sys.executable, sys.argv[1:])"
    try:
        result = ended([sys.executable, "-c", code, *PROGRAM, "ingest", name], cwd=place.folder)
    finally:
        for path in shut:
            path.chmod(0o700)
    assert_fails(result, 1, name, "Permission denied")
    assert place.left() == {"data", "films.csv", "files"}


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"[Content_Types].xml": "", "xl/workbook.xml": "", "xl/worksheets/sheet1.xml": ""}, "cut off or damaged"),
        ({"mimetype": "", "content.xml": ""}, "an OpenDocument file: save the sheet of films as .xlsx or CSV"),
    ],
)
@pytest.mark.parametrize("name", ["films.xlsx", "films.zip"])
def test_a_spreadsheet_is_called_so(place: Place, name: str, members: dict[str, str], kind: str) -> None:
    """Alone or beside a file of films, with what to do."""
    archive = archived(place.folder / name, members)
    message = rf"{name} is {kind}"
    place.stops(archive, message)
    place.stops([place.file(films(1)), archive], message)


def test_a_damaged_name_in_an_archive_gives_a_one_sentence_error(place: Place) -> None:
    """One that says it is UTF-8, and is not."""
    with zipfile.ZipFile(place.folder / "films.zip", "w") as archive:
        archive.writestr("films-é.csv", films(1))
    path = place.folder / "films.zip"
    path.write_bytes(path.read_bytes().replace("é".encode(), b"\xff\xff"))
    place.stops(path, r"films\.zip is cut off or damaged")
