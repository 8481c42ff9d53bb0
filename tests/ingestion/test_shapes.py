"""Films are read from every kind of source and in every supported shape."""

import functools
import gc
import gzip
import hashlib
import io
import json
import os
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from archives import zipped
from films import text
from movie_reports.ingestion.sources import download
from program import LIMIT, assert_fails
from runs import Place, film, films
from selection import few

LINKS = "movieId,imdbId,tmdbId\n10,0,1\n"
RATINGS = "userId,movieId,rating,timestamp\n1,10,4.0,0\n"
FILES = "SELECT parse_filename(name), role FROM ingest_files ORDER BY ALL"


def test_several_files_are_one_source(place: Place) -> None:
    """Each finds its role by its columns, in any order, plain and packed together."""
    paths = [
        place.file(gzip.compress(RATINGS.encode()), "r.csv.gz"),
        place.file(zipped(links=LINKS, credits="id,cast\n1,[]\n"), "more.zip"),
        place.file(films(1, 2), "f.csv"),
    ]
    row = place.ingest(paths)
    assert row["source"] == ", ".join(map(str, paths))
    assert place.query("FROM movie_ratings") == [(1, 1, 4.0)]
    assert place.query(FILES) == [
        ("credits.csv", "ignored"),
        ("f.csv", "movies"),
        ("links.csv", "links"),
        ("r.csv.gz", "ratings"),
    ]


def test_several_files_may_have_one_name(place: Place) -> None:
    """They come from several folders."""
    paths = [place.file(films(1), "a/data.csv"), place.file(LINKS, "b/data.csv"), place.file(RATINGS, "c/data.csv")]
    assert place.ingest(paths)["movies"] == 1
    assert place.query("FROM movie_ratings") == [(1, 1, 4.0)]
    assert place.query("SELECT role FROM ingest_files ORDER BY role") == [("links",), ("movies",), ("ratings",)]


def test_a_missing_file_among_several_is_named(place: Place) -> None:
    """Nothing is loaded then."""
    place.stops([place.file(films(1)), place.folder / "none.csv"], r"there is no file or folder .*none\.csv$")
    assert place.left() == {"films.csv"}


def test_a_folder_in_a_folder_is_passed_over(place: Place) -> None:
    """Also one whose name ends like that of a file."""
    path = place.file(films(1), "data/films.csv")
    place.file(films(2), "data/old.csv/films.csv")
    assert place.ingest(path.parent)["movies"] == 1


@pytest.mark.parametrize("content", [films(1).encode(), gzip.compress(films(1).encode()), zipped(a=films(1))])
def test_standard_input_is_a_source(place: Place, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Plain, gzipped or an archive; the ledger has its hash."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    row = place.ingest([Path("-")])
    assert (row["source"], row["movies"], row["source_sha256"]) == ("-", 1, hashlib.sha256(content).hexdigest())
    assert place.left() == {"movies.duckdb"}


def test_bad_standard_input_is_called_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by the name of a temporary file."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a,b\n1,2\n")))
    message = place.stops([Path("-")], "lacks the columns")
    assert ".ingest" not in message
    assert "source-0" not in message


class Quiet(SimpleHTTPRequestHandler):
    """A web server that says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve the folder on loopback."""
    pytest.importorskip("fsspec", reason="the extra 'remote' is not installed")
    pytest.importorskip("aiohttp", reason="the extra 'remote' is not installed")
    for name, value in {"NO_PROXY": "*", "no_proxy": "*", "NETRC": os.devnull}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(download, "PAUSES", (0.0, 0.0))
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=place.folder)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join(LIMIT)
    gc.collect()


def test_an_address_is_a_source(place: Place, site: str) -> None:
    """The ledger has it without its secrets, and its hash is that of the file, so that it is known again."""
    path = place.file(zipped(movies_metadata=films(1, 2)), "films.zip")
    result = place.run("ingest", f"http://me:secret@{site}/films.zip?key=hidden", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    row = json.loads(result.stdout)
    assert (row["source"], row["movies"]) == (f"http://{site}/films.zip", 2)
    assert row["source_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert place.ingest(path)["outcome"] == "unchanged"
    assert b"secret" not in place.database.read_bytes()
    assert place.left() == {"films.zip", "movies.duckdb"}


def test_an_address_and_a_file_are_one_source(place: Place, site: str) -> None:
    """The ratings may lie elsewhere."""
    place.file(RATINGS, "ratings.csv")
    paths = [place.file(films(1)), f"http://{site}/ratings.csv", place.file(LINKS, "links.csv")]
    place.ingest(paths)  # type: ignore[arg-type]
    assert place.query("FROM movie_ratings") == [(1, 1, 4.0)]


def test_an_address_that_fails_is_a_row_of_the_ledger(place: Place, site: str) -> None:
    """The code is 1 and the films stay."""
    place.ingest(films(1))
    assert_fails(place.run("ingest", f"http://{site}/none.zip?key=hidden"), 1, f"http://{site}/none.zip")
    last = place.ledger()[-1]
    assert (last["outcome"], last["source"]) == ("failed", f"http://{site}/none.zip")
    assert "hidden" not in last["reason"]
    assert place.query("SELECT count(*) FROM movies") == [(1,)]


@pytest.mark.parametrize(("name", "content"), [("a.csv", "a,b\n1,2\n"), ("a.zip", "no archive")])
def test_errors_about_a_download_name_the_url(place: Place, site: str, name: str, content: str) -> None:
    """Not the temporary copy."""
    place.file(content, name)
    message = place.stops([f"http://{site}/{name}"], ".")
    assert f"http://{site}/{name}" in message
    assert ".ingest" not in message


AVATAR = {
    "budget": "237000000",
    "genres": json.dumps([{"id": 28, "name": "Action"}, {"id": 12, "name": "Adventure"}]),
    "homepage": "http://x/",
    "id": "19995",
    "keywords": json.dumps([{"id": 1463, "name": "culture clash"}]),
    "original_language": "en",
    "original_title": "Avatar",
    "overview": 'In the "22nd" century, a marine.',
    "popularity": "150.437577",
    "production_companies": json.dumps([{"name": "Ingenious", "id": 289}, {"name": 'Café "Z"', "id": 574}]),
    "production_countries": json.dumps([{"iso_3166_1": "US", "name": "United States of America"}]),
    "release_date": "2009-12-10",
    "revenue": "2787965087",
    "runtime": "162.0",
    "spoken_languages": json.dumps([{"iso_639_1": "en", "name": "English"}]),
    "status": "Released",
    "tagline": "Enter the World.",
    "title": "Avatar",
    "vote_average": "7.2",
    "vote_count": "11800",
}
EMPTY = dict.fromkeys(AVATAR, "") | {"id": "7", "budget": "0", "revenue": "0", "vote_count": "0", "title": "Nothing"}
EMPTY |= dict.fromkeys(("genres", "keywords", "production_companies", "production_countries"), "[]")


def test_the_tmdb_5000_files_are_read(place: Place) -> None:
    """Their lists are JSON; the credits beside them have a title too and are no films."""
    place.file(text(AVATAR, EMPTY), "tmdb/tmdb_5000_movies.csv")
    credits_ = place.file('movie_id,title,cast,crew\n19995,Avatar,"[]","[]"\n', "tmdb/tmdb_5000_credits.csv")
    row = place.ingest(credits_.parent)
    assert [row[name] for name in ("records", "movies", "rejects")] == [2, 2, 0]
    assert place.query("SELECT id, title, budget, revenue, runtime, vote_count FROM movies ORDER BY id") == [
        (7, "Nothing", None, None, None, 0),
        (19995, "Avatar", 237000000, 2787965087, 162.0, 11800),
    ]
    assert place.query("SELECT name, tmdb_ids FROM genres ORDER BY name") == [("Action", [28]), ("Adventure", [12])]
    assert place.query("SELECT name, tmdb_ids FROM companies ORDER BY name") == [
        ('Café "Z"', [574]),
        ("Ingenious", [289]),
    ]
    assert dict(place.query(FILES)) == {"tmdb_5000_movies.csv": "movies", "tmdb_5000_credits.csv": "ignored"}
    assert place.query("FROM unread_fields") == []


def daily(*names: tuple[str, str]) -> str:
    """Write films as the daily files have them, with genres and companies between commas."""
    films = ({"genres": genres, "production_companies": companies} for genres, companies in names)
    return text(*({**film(number), **lists, "adult": "False"} for number, lists in enumerate(films, 1)))


def linked(place: Place, table: str, key: str) -> list[tuple[int, str]]:
    """Return which film has which genre or company."""
    return place.query(f"SELECT movie_id, name FROM movie_{table} JOIN {table} ON id = {key} ORDER BY ALL")  # noqa: S608


def test_the_daily_files_are_read(place: Place) -> None:
    """A name is the text between commas, but the ending of a company is part of its name; there are no ids."""
    row = place.ingest(
        daily(
            ("Action, Science Fiction", "Warner Bros. Pictures, Syncopy"),
            ("Drama", "Acme, Inc., Sons, LLC, Columbia"),
            ("", ""),
            ("Action", ""),
        )
    )
    assert (row["movies"], row["rejects"]) == (4, 0)
    assert linked(place, "genres", "genre_id") == [(1, "Action"), (1, "Science Fiction"), (2, "Drama"), (4, "Action")]
    assert linked(place, "companies", "company_id") == [
        (1, "Syncopy"),
        (1, "Warner Bros. Pictures"),
        (2, "Acme, Inc."),
        (2, "Columbia"),
        (2, "Sons, LLC"),
    ]
    assert place.query("SELECT DISTINCT tmdb_ids FROM genres UNION SELECT DISTINCT tmdb_ids FROM companies") == [([],)]
    assert place.query("FROM unread_fields") == []


def test_one_company_in_brackets_makes_no_literal(place: Place) -> None:
    """The daily file that has it keeps the genres and companies of all its films."""
    place.ingest(daily(("Action", "Acme"), ("Comedy", "[adult swim], Williams Street")))
    assert linked(place, "genres", "genre_id") == [(1, "Action"), (2, "Comedy")]
    assert linked(place, "companies", "company_id") == [(1, "Acme"), (2, "Williams Street"), (2, "[adult swim]")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", few(["\r\n", "\n"]))
def test_utf_16_is_read(place: Place, encoding: str, end: str) -> None:
    """Excel writes it so; the sign at the start tells which."""
    content = "\ufeff" + text(film(1, title="Café 電影 😀"), film(2, overview="One,\ntwo."), end=end)
    row = place.ingest(content.encode(encoding))
    assert (row["movies"], row["rejects"]) == (2, 0)
    assert place.query("SELECT title, overview FROM movies ORDER BY id") == [
        ("Café 電影 😀", "What happens."),
        ("Film 2", "One,\ntwo."),
    ]
    assert place.query("SELECT encoding, bytes FROM ingest_files") == [("utf-16", len(content.encode(encoding)))]


def test_utf_16_is_read_in_long_files_and_in_archives(place: Place) -> None:
    """No character is torn where the file is divided for reading, and the ratings may be written so too."""
    content = films(*range(1, 9), overview="é😀" * 200_000)
    with zipfile.ZipFile(place.folder / "films.zip", "w") as archive:
        for name, part in {"f.csv": content, "l.csv": LINKS, "r.csv": RATINGS}.items():
            archive.writestr(name, part.encode("utf-16"))
    place.ingest(place.folder / "films.zip")
    assert place.query("SELECT DISTINCT overview = repeat('é😀', 200000) FROM movies") == [(True,)]
    assert place.query("SELECT count(*) FROM movies") == [(8,)]
    assert place.query("FROM movie_ratings") == [(1, 1, 4.0)]


TITLES = ["Café", "“Quoted”", "10 €…", "Œuvre", "Señor"]


def test_windows_1252_is_read(place: Place) -> None:
    """A file that is no UTF-8 in several places, and nowhere else either, is one of cp1252."""
    content = text(*(film(number, title=title) for number, title in enumerate(TITLES)), film(9))
    row = place.ingest(content.encode("cp1252"))
    assert (row["movies"], row["rejects"]) == (6, 0)
    assert [title for (title,) in place.query("SELECT title FROM movies ORDER BY id")] == [*TITLES, "Film 9"]
    assert place.query("SELECT encoding FROM ingest_files") == [("cp1252",)]


def test_damaged_utf_8_is_not_taken_for_windows_1252(place: Place) -> None:
    """If other characters are UTF-8, the records that are not are rejects, with their bytes as escapes."""
    content = text(*(film(number, title=title) for number, title in enumerate(TITLES))).encode("cp1252")
    sound = films(9, title="Naïve").encode().split(b"\n", 1)[1]
    row = place.ingest(content + sound, max_rejects="5")
    assert (row["movies"], row["rejects"]) == (1, 5)
    assert {reject["reason"] for reject in place.rejects()} == {"encoding"}
    assert r"Caf\xe9" in place.rejects()[0]["raw"]
    assert place.query("SELECT title FROM movies") == [("Naïve",)]
    assert place.query("SELECT encoding FROM ingest_files") == [("utf-8",)]
