"""The sample archive is the same each time, has the public shape, and holds the quirks it promises."""

import ast
import csv
import io
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import movie_reports
from movie_reports import MovieReportsError
from movie_reports.ingestion import sample
from program import assert_fails, run

PUBLIC_HEADER = (
    "adult,belongs_to_collection,budget,genres,homepage,id,imdb_id,original_language,original_title,overview,"
    "popularity,poster_path,production_companies,production_countries,release_date,revenue,runtime,spoken_languages,"
    "status,tagline,title,video,vote_average,vote_count"
)
LITERALS = ("genres", "production_companies", "production_countries", "spoken_languages")
CUT_OFF = "Genres cut off"

with sample.FILMS.open(encoding="utf-8", newline="") as _source:
    FILMS = {film["id"]: film for film in csv.DictReader(_source)}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the archive once."""
    path = tmp_path_factory.mktemp("sample") / "films.zip"
    sample.write(path)
    return path


@pytest.fixture(scope="module")
def con(archive: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Ingest the archive once."""
    database = archive.with_name("movies.duckdb")
    movie_reports.ingest(archive, database)
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def text(archive: Path, member: str) -> str:
    """Read a member without touching its line breaks."""
    with zipfile.ZipFile(archive) as opened:
        return opened.read(member).decode()


def rows(archive: Path, member: str) -> list[list[str]]:
    """Read a member as Python's csv module does."""
    return list(csv.reader(io.StringIO(text(archive, member), newline=""), strict=True))


def whole_records(archive: Path) -> list[dict[str, str]]:
    """Read the records that have as many fields as the header."""
    header, *records = rows(archive, "movies_metadata.csv")
    return [dict(zip(header, record, strict=True)) for record in records if len(record) == len(header)]


def film(con: duckdb.DuckDBPyConnection, title: str, columns: str) -> tuple[Any, ...]:
    """Return columns of the one film with a title."""
    (found,) = con.execute(f"SELECT {columns} FROM movies WHERE title = $title", {"title": title}).fetchall()  # noqa: S608
    return tuple(found)


def companies(con: duckdb.DuckDBPyConnection, title: str) -> list[tuple[Any, ...]]:
    """Return names and TMDB ids of the companies of the film with a title."""
    return con.execute(
        """
        SELECT companies.name, companies.tmdb_ids
        FROM movies
        JOIN movie_companies ON movie_companies.movie_id = movies.id
        JOIN companies ON companies.id = movie_companies.company_id
        WHERE movies.title = $title
        ORDER BY companies.name
        """,
        {"title": title},
    ).fetchall()


def genres(con: duckdb.DuckDBPyConnection, title: str) -> list[str]:
    """Return the names of the genres of the film with a title."""
    found = con.execute(
        """
        SELECT genres.name
        FROM movies
        JOIN movie_genres ON movie_genres.movie_id = movies.id
        JOIN genres ON genres.id = movie_genres.genre_id
        WHERE movies.title = $title
        ORDER BY genres.name
        """,
        {"title": title},
    ).fetchall()
    return [name for (name,) in found]


def test_the_bytes_are_the_same_each_time(archive: Path, tmp_path: Path) -> None:
    """Neither the clock nor the file's name is in the archive."""
    again = tmp_path / "again.zip"
    sample.write(again)
    assert again.read_bytes() == archive.read_bytes()
    with zipfile.ZipFile(again) as opened:
        assert {info.date_time for info in opened.infolist()} == {(2020, 1, 1, 0, 0, 0)}


def test_an_old_file_is_replaced_and_nothing_else_stays(tmp_path: Path) -> None:
    """The file that is there gives way to a whole archive."""
    path = tmp_path / "films.zip"
    path.write_text("old")
    sample.write(path, force=True)
    assert list(tmp_path.iterdir()) == [path]
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None


def test_a_file_of_others_is_not_replaced_unless_asked(tmp_path: Path) -> None:
    """A sample is, and so is an empty file; a database is not, even then."""
    path = tmp_path / "films.zip"
    for content in (b"precious", b"", None):
        if content is not None:
            path.write_bytes(content)
        result = run("sample", path)
        if content:
            assert_fails(result, 2, f"{path} is there already", "add --force")
            assert path.read_bytes() == content
        else:
            assert result.returncode == 0
            assert zipfile.is_zipfile(path)
    path.write_bytes(b"precious")
    assert run("sample", path, "--force").returncode == 0
    assert zipfile.is_zipfile(path)
    duckdb.connect(str(tmp_path / "movies.duckdb")).close()
    assert_fails(run("sample", tmp_path / "movies.duckdb", "--force"), 2, "is a database")


def test_an_error_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves the old file, and no half of the new one."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "films.zip"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MovieReportsError, match=r"cannot write .*films\.zip: No space left"):
        sample.write(path, force=True)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_told_in_a_sentence(tmp_path: Path) -> None:
    """No folder is made."""
    with pytest.raises(MovieReportsError, match=r"cannot write .*films\.zip: No such file"):
        sample.write(tmp_path / "nowhere" / "films.zip")
    assert list(tmp_path.iterdir()) == []


def test_members_have_the_public_names_and_columns(archive: Path) -> None:
    """They are UTF-8 without BOM, and each line ends in LF."""
    headers = {
        "keywords.csv": "id,keywords",
        "links_small.csv": "movieId,imdbId,tmdbId",
        "movies_metadata.csv": PUBLIC_HEADER,
        "ratings_small.csv": "userId,movieId,rating,timestamp",
    }
    with zipfile.ZipFile(archive) as opened:
        assert opened.namelist() == list(headers)
    for member, header in headers.items():
        content = text(archive, member)
        assert content.startswith(header + "\n")
        assert content.endswith("\n")
        assert "\r\n" not in content


def test_python_reads_the_real_films_back(archive: Path) -> None:
    """Each film of the data file is there, with the same values."""
    found = {record["id"]: record for record in whole_records(archive) if record["id"] in FILMS}
    assert list(found) == list(FILMS)
    for number, film_ in FILMS.items():
        record = found[number]
        same = set(film_) & set(record) - {"genres", "runtime"}
        assert {column: record[column] for column in same} == {column: film_[column] for column in same}
        assert float(record["runtime"]) == float(film_["runtime"])
        assert "|".join(genre["name"] for genre in ast.literal_eval(record["genres"])) == film_["genres"]
        pairs = ast.literal_eval(record["production_companies"])
        assert "|".join(f"{company['id']}:{company['name']}" for company in pairs) == film_["companies"]


def test_cells_are_what_the_public_file_has(archive: Path) -> None:
    """Spot checks against the known shape: key order, floats, words."""
    expected = {
        "adult": "False",
        "genres": (
            "[{'id': 14, 'name': 'Fantasy'}, {'id': 12, 'name': 'Adventure'}, "
            "{'id': 16, 'name': 'Animation'}, {'id': 10751, 'name': 'Family'}]"
        ),
        "overview": "How to Train Your Dragon, released in 2010 by DreamWorks Animation.",
        "production_companies": "[{'name': 'DreamWorks Animation', 'id': 521}]",
        "production_countries": "[]",
        "runtime": "98.0",
        "spoken_languages": "[{'iso_639_1': 'en', 'name': 'English'}]",
        "status": "Released",
        "video": "False",
    }
    (record,) = (record for record in whole_records(archive) if record["title"] == "How to Train Your Dragon")
    assert {column: record[column] for column in expected} == expected


def test_python_reads_every_list_but_the_one_cut_off(archive: Path) -> None:
    """All literal cells of whole records are lists of dicts."""
    for record in whole_records(archive):
        for column in LITERALS:
            if record["title"] == CUT_OFF and column == "genres":
                with pytest.raises(SyntaxError):
                    ast.literal_eval(record[column])
            else:
                assert all(isinstance(item, dict) for item in ast.literal_eval(record[column]))


def test_broken_records_are_few_and_as_intended(archive: Path) -> None:
    """Python's csv module sees two records in two pieces, and a short one."""
    widths = [len(record) for record in rows(archive, "movies_metadata.csv") if len(record) != len(sample.COLUMNS)]
    assert widths == [10, 15, 10, 15, 3]


def test_quirks_are_plainly_invented(archive: Path) -> None:
    """Their ids are beyond TMDB's, and their money is nothing beside real films."""
    quirks = [record for record in whole_records(archive) if record["id"] not in FILMS]
    assert 20 <= len(sample.QUIRKS) <= 25
    assert all(int(record["id"]) > 900_000_000 for record in quirks if record["id"] != "1997-08-20")
    assert all(int(record["revenue"]) <= 2000 for record in quirks)


def test_ratings_are_half_stars_of_known_and_unknown_films(archive: Path) -> None:
    """A few thousand ratings, each user rating a film once; some films have no link, one has no TMDB id."""
    links = {movie: tmdb for movie, _, tmdb in rows(archive, "links_small.csv")[1:]}
    ratings = rows(archive, "ratings_small.csv")[1:]
    assert 2000 < len(ratings) < 6000
    assert {float(rating) * 2 for _, _, rating, _ in ratings} <= set(range(1, 11))
    assert len({(user, movie) for user, movie, _, _ in ratings}) == len(ratings)
    rated = {movie for _, movie, _, _ in ratings}
    assert rated - set(links) == {str(sample.UNKNOWN_MOVIE)}
    assert [movie for movie, tmdb in links.items() if not tmdb] == [str(sample.UNLINKED_MOVIE)]
    assert {tmdb for tmdb in links.values() if tmdb} == {number for number in FILMS if FILMS[number]["movielens_id"]}


def test_the_books_balance(con: duckdb.DuckDBPyConnection) -> None:
    """Every record of the archive is a film, a duplicate or a reject."""
    query = "SELECT records, movies, duplicates, rejects, repaired FROM ingests"
    assert con.execute(query).fetchall() == [(214, 210, 2, 2, 2)]
    assert len(FILMS) + len(sample.QUIRKS) == 214


def test_rejects_are_below_one_percent(con: duckdb.DuckDBPyConnection) -> None:
    """An ingest refuses a source with more rejects than one record in a hundred; the sample is well read."""
    ((records, rejects),) = con.execute("SELECT records, rejects FROM ingests").fetchall()
    assert 0 < rejects < records / 100


def test_the_ratings_are_booked(con: duckdb.DuckDBPyConnection, archive: Path) -> None:
    """Only the ratings of films that a link leads to count."""
    ratings = [movie for _, movie, _, _ in rows(archive, "ratings_small.csv")[1:]]
    lost = sum(movie in {str(sample.UNKNOWN_MOVIE), str(sample.UNLINKED_MOVIE)} for movie in ratings)
    assert lost > 0
    query = "SELECT ratings, ratings_matched, ratings_unread FROM ingests"
    assert con.execute(query).fetchall() == [(len(ratings), len(ratings) - lost, 0)]


def test_keywords_are_ignored(con: duckdb.DuckDBPyConnection) -> None:
    """The other files play their roles."""
    assert dict(con.execute("SELECT name, role FROM ingest_files").fetchall()) == {
        "keywords.csv": "ignored",
        "links_small.csv": "links",
        "movies_metadata.csv": "movies",
        "ratings_small.csv": "ratings",
    }


def test_unreadable_fields_are_counted(con: duckdb.DuckDBPyConnection) -> None:
    """A date, a budget and a list of genres are NULL and noted."""
    assert con.execute("SELECT field, films, example FROM unread_fields ORDER BY field").fetchall() == [
        ("budget", 1, "/abc.jpg"),
        ("genres", 1, "[{'id': 18, 'name': 'Dra"),
        ("release_date", 1, "1995-13-45"),
    ]


def test_rejects_are_kept_with_their_line(con: duckdb.DuckDBPyConnection, archive: Path) -> None:
    """The line is the physical one, where LF, CRLF and a lone CR each end a line."""
    lines = re.split(r"\r\n|\r|\n", text(archive, "movies_metadata.csv"))
    rejects = con.execute("SELECT line, reason, raw FROM rejects ORDER BY line").fetchall()
    assert [reason for _, reason, _ in rejects] == ["id", "fields"]
    assert [raw for _, _, raw in rejects] == [lines[line - 1] for line, _, _ in rejects]
    fragments = ("1997-08-20", "Three fields only")
    assert all(fragment in raw for fragment, (_, _, raw) in zip(fragments, rejects, strict=True))


@pytest.mark.parametrize(
    ("title", "overview"),
    [
        ("Split by a carriage return", "A lone carriage return\nsplits this record in two."),
        ("Split by a line feed", "A lone line feed\nsplits this record in two."),
        ("A quoted line feed", "The first line,\nand the second."),
        ("A quoted carriage return", "The first line,\rand the second."),
        ("Doubled quotation marks", 'It says "doubled" and, at its end, "quotes"'),
    ],
)
def test_overviews_are_whole(con: duckdb.DuckDBPyConnection, title: str, overview: str) -> None:
    """Records are joined where a break split them, and left as they are where it did not."""
    assert film(con, title, "overview, release_date::VARCHAR, vote_count") == (overview, "2020-01-31", 1)
    assert companies(con, title) == [("Quirk Films", [900000001])]


def test_of_two_records_with_one_id_one_stays(con: duckdb.DuckDBPyConnection) -> None:
    """More votes win; on a tie, the later record."""
    query = "SELECT title FROM movies WHERE title LIKE 'Twice%' ORDER BY id"
    assert con.execute(query).fetchall() == [("Twice, with more votes",), ("Twice, with equal votes, last",)]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("None in lists", [("Company Without Id", [])]),
        ("Escapes in names", [('Quirk\xa0Films \u2013 It\'s "Escaped"', [900000003])]),
        (
            "Quotes, brackets and scripts in names",
            [
                ("Brackets [and], commas", [900000006]),
                ("Curiosités Ünïcode 奇妙映画", [900000007]),
                ("Quirk's Films", [900000004]),
                ('The "Quirk" Films', [900000005]),
            ],
        ),
        ("A genre and a company repeated", [("Quirk Films", [900000001])]),
        ("Two ids, first", [("Two Ids Pictures", [900000008, 900000009])]),
        ("Two ids, second", [("Two Ids Pictures", [900000008, 900000009])]),
    ],
)
def test_company_names_come_through(
    con: duckdb.DuckDBPyConnection, title: str, names: list[tuple[str, list[int]]]
) -> None:
    """Names are exact, and each stands once."""
    assert companies(con, title) == names


def test_genres_come_through(con: duckdb.DuckDBPyConnection) -> None:
    """JSON is read, what was cut off is not, and what is repeated stands once."""
    titles = ("Genres in JSON", CUT_OFF, "A genre and a company repeated")
    assert [genres(con, title) for title in titles] == [["Drama"], [], ["Drama"]]


def test_unknown_figures_are_null(con: duckdb.DuckDBPyConnection) -> None:
    """So are figures that cannot be read; the rest of the record stays."""
    assert film(con, "Budget and revenue unknown", "budget, revenue, runtime") == (None, None, 60.0)
    assert film(con, "A poster for a budget", "budget, revenue") == (None, 2000)
    assert film(con, "The 45th day of month 13", "release_date, budget") == (None, 1000)
    assert film(con, "Only a rumour", "release_date, status") == (None, "Rumored")
    assert film(con, "[REC] in [bold]brackets[/bold]", "adult, original_title") == (
        True,
        "[REC] in [bold]brackets[/bold]",
    )
