"""Malicious content of a source does no harm."""

import re
import warnings
import zipfile
from itertools import zip_longest
from pathlib import Path

import pytest

import movie_reports
from films import USUAL, loading, text
from movie_reports import MovieReportsError

HOSTILE: dict[str, list[str]] = {
    "id": ["9223372036854775807", "9223372036854775808", "18446744073709551616", "9" * 400, "-1", "1e18", "0x10"],
    "release_date": ["0000-01-01", "9999-12-31", "0001-01-01", "10000-01-01", "-0001-01-01", "2000-00-00", "9" * 400],
    "budget": ["-1", "1e308", "NaN", "inf", "-inf", "1" * 400, "0x7f", "1,000", "$5", "٣"],
    "vote_count": ["9" * 17, "9" * 18, "1e18", "-1", "9" * 400, "1000000001"],
    "popularity": ["1e308", "-1e308", "nan", "infinity", "1e999", "1" * 400, "." * 10, "1e-999"],
    "genres": [
        "[" * 100_000,
        "[{'id': 1, 'name': " * 10_000,
        "[" * 60 + "]" * 60,
        "[{'name': 'x', 'id': " * 55 + "1" + "}]" * 55,
        "{'a': " * 40 + "1" + "}" * 40,
        "[" + ", ".join(f"{{'id': {number}, 'name': 'Genre {number}'}}" for number in range(5000)) + "]",
        "[{'id': 1, 'name': '" + "\\x41" * 50_000 + "'}]",
        "[{'id': 1, 'name': '" + "\\" * 99_999 + "'}]",
        "[{'id': 99999999999999999999, 'name': 'Big'}]",
        "[{'id': 1, 'name': '\\ud83d\\ude00 \\u0000 \\x00'}]",
        "__import__('os').system('touch evil')",
        "((((((((((" * 100 + "lol" * 1000,
    ],
    "title": ["Nul\0", "\x1b[31m", "'; DROP TABLE movies; --", "$title", "=1+1", "\ufeff", "\u202e", "x" * 1_000_000],
}


@pytest.mark.parametrize(
    "columns", [["id"], ["title"], ["genres"], ["release_date", "budget", "vote_count", "popularity"]], ids=" ".join
)
def test_hostile_values_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: list[str]) -> None:
    """Each film is loaded or rejected, every report answers with finite figures, and no file appears."""
    monkeypatch.chdir(tmp_path)
    rows = zip_longest(*(HOSTILE[column] for column in columns), fillvalue="0")
    several = [{"id": str(n)} | dict(zip(columns, row, strict=True)) for n, row in enumerate(rows, 1)]
    query = loading(tmp_path)(text(*several, USUAL | {"id": "1000"}))
    ((read, loaded, duplicates, rejects),) = query("SELECT records, movies, duplicates, rejects FROM ingests")
    assert (read, duplicates) == (len(several) + 1, 0)
    assert (loaded + rejects, rejects) == (read, {"id": len(several), "title": 1}.get(columns[0], 0))
    with movie_reports.open(tmp_path / "movies.duckdb") as db:
        voted = [db.company(popularity=kind) for kind in ("votes", "vote-average", "weighted")]
        for report in (db.company(), db.genres(), db.company_genres(), db.company(average=True), *voted):
            assert report.num_rows
            assert not re.search(r"\b(nan|inf)\b", str(report.to_pylist()))
    assert {path.name for path in tmp_path.iterdir()} == {"films.csv", "movies.duckdb", ".movies.duckdb.lock"}


@pytest.mark.slow
def test_a_field_of_50_megabytes_is_read(tmp_path: Path) -> None:
    """And so are the films around it."""
    long = "It goes on.\n" * (50_000_000 // 12)
    query = loading(tmp_path)(text({"id": "1"}, {"id": "2", "overview": long}, {"id": "3"}))
    assert query("SELECT id, length(overview) FROM movies ORDER BY id") == [(1, 13), (2, len(long)), (3, 13)]


def test_a_long_run_of_damaged_lines_takes_no_quadratic_time(tmp_path: Path) -> None:
    """They are rejected one by one, and the record that a line break has split among them is whole again."""
    header, record = text(USUAL | {"id": "7"}).splitlines()
    half = record.index(USUAL["title"]) + 2
    damage = "?\n" * 20_000
    content = f"{header}\n{damage}{record[:half]}\n{record[half:]}\n{damage}"
    query = loading(tmp_path)(content)
    assert query("SELECT records, movies, repaired, rejects FROM ingests") == [(40_001, 1, 1, 40_000)]


def test_thousands_of_files_and_names_that_lead_elsewhere_are_only_read(tmp_path: Path) -> None:
    """Nothing of an archive is written under the names it carries."""
    outside = ["../../evil.csv", "x\\..\\evil.csv", "C:\\evil.csv", "a/../../evil.csv", "x" * 5000 + ".csv"]
    outside.append(str(tmp_path / "evil.csv"))
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "films.zip", "w") as archive:
        for name in [*outside, *(f"{number}.csv" for number in range(3000))]:
            archive.writestr(name, "a,b\n1,2\n")
        archive.writestr("../movies_metadata.csv", text(USUAL))
    query = loading(folder)(folder / "films.zip")
    assert query("SELECT count(*) FROM movies") == [(1,)]
    assert query("SELECT name FROM ingest_files WHERE role = 'movies'") == [("../movies_metadata.csv",)]
    assert query("SELECT count(*) FROM ingest_files WHERE role = 'ignored'") == [(3000 + len(outside),)]
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {
        "films.zip",
        "movies.duckdb",
        ".movies.duckdb.lock",
    }


def test_files_of_one_name_do_not_collide(tmp_path: Path) -> None:
    """Two in one archive, or one in each of two folders, are both listed as ignored."""
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(tmp_path / "films.zip", "w") as archive:
        for name, content in (("films.csv", text(USUAL)), ("notes.csv", "a,b\n"), ("notes.csv", "a,b\n")):
            archive.writestr(name, content)
    query = loading(tmp_path)(tmp_path / "films.zip")
    assert query("SELECT count(*) FROM movies") == [(1,)]
    for name, content in (("one", text(USUAL)), ("two", "a,b\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "films.csv").write_text(content)
    row = movie_reports.ingest([tmp_path / "one", tmp_path / "two"], tmp_path / "folders.duckdb")
    assert row["movies"] == 1


def test_a_header_with_line_breaks_is_refused_in_one_line(tmp_path: Path) -> None:
    """However many there are in the names it lists."""
    path = tmp_path / "films.csv"
    path.write_text(text(USUAL).replace("title", '"ti\n\n\rtels"', 1))
    with pytest.raises(MovieReportsError) as caught:
        movie_reports.ingest(path, tmp_path / "movies.duckdb")
    assert not re.search(r"[\r\n]", str(caught.value))
