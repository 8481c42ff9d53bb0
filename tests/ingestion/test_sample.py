"""The sample archive is the same each time, has the public shape, and contains the documented quirks."""

import ast
import os
import zipfile
from pathlib import Path

import duckdb
import pytest

from movie_reports import MovieReportsError
from movie_reports.ingestion import sample
from program import assert_fails, run
from sample_archive import CUT_OFF, FILMS, rows, text

PUBLIC_HEADER = (
    "adult,belongs_to_collection,budget,genres,homepage,id,imdb_id,original_language,original_title,overview,"
    "popularity,poster_path,production_companies,production_countries,release_date,revenue,runtime,spoken_languages,"
    "status,tagline,title,video,vote_average,vote_count"
)
LITERALS = ("genres", "production_companies", "production_countries", "spoken_languages")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the archive once."""
    path = tmp_path_factory.mktemp("sample") / "films.zip"
    sample.write(path)
    return path


def whole_records(archive: Path) -> list[dict[str, str]]:
    """Read the records that have as many fields as the header."""
    header, *records = rows(archive, "movies_metadata.csv")
    return [dict(zip(header, record, strict=True)) for record in records if len(record) == len(header)]


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


def test_a_missing_folder_gives_a_one_sentence_error(tmp_path: Path) -> None:
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
        "production_countries": "[{'iso_3166_1': 'US', 'name': 'United States of America'}]",
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
