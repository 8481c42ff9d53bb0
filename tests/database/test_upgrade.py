"""A database of an older schema is migrated with all its data; one of a newer schema is left alone."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

import movie_reports
from movie_reports.database.sql import SCHEMA_VERSION
from program import LIMIT, assert_fails, queueing
from runs import Place, films, waiting, with_rejects
from selection import few

SCHEMAS = Path(__file__).parent / "schemas"
KEPT = "SELECT id, title, release_date, budget, revenue, popularity FROM movies WHERE id < 10 ORDER BY id"
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).replace(tzinfo=None)
FILL = """
INSERT INTO movies BY NAME
SELECT id, 'Old ' || id AS title, DATE '1999-01-01' AS release_date, 10 AS budget, 30 AS revenue, 1.5 AS popularity
FROM range(1, 11) AS ids(id);
INSERT INTO genres BY NAME {genres};
INSERT INTO companies BY NAME {companies};
INSERT INTO movie_genres SELECT id, 1 FROM movies;
INSERT INTO movie_genres VALUES (1, 2);
INSERT INTO movie_companies SELECT id, 1 FROM movies;
INSERT INTO movie_companies VALUES (2, 2);
INSERT INTO movie_ratings VALUES (1, 2, 3.5);
INSERT INTO ingests BY NAME
SELECT
    n AS id, $start AS started_at, $start + INTERVAL 1 MINUTE AS finished_at, 'old.zip' AS source,
    'abc' || n AS source_sha256, '0.1.0' AS tool_version, '1.5.0' AS engine_version, 13 AS records, 10 AS movies,
    1 AS duplicates, 2 AS rejects, 3 AS repaired, 9 AS ratings, 8 AS ratings_matched, 7 AS ratings_unread, {ledger}
FROM range(1, 3) AS numbers(n);
INSERT INTO ingest_files BY NAME
SELECT 2 AS ingest_id, 'movies_metadata.csv' AS name, 'movies' AS role, 123 AS bytes, {files}
UNION ALL
SELECT 2 AS ingest_id, 'credits.csv' AS name, 'ignored' AS role, 45 AS bytes, {files};
INSERT INTO unread_fields VALUES (2, 'budget', 1, '/abc.jpg');
INSERT INTO rejects VALUES
    (1, 'movies_metadata.csv', 5, 'id', 'no id', 'x,y'), (2, 'movies_metadata.csv', 7, 'nul', 'NUL', 'y,z');
"""

GENRES = "SELECT * FROM (VALUES (1, 'Drama', [18]), (2, 'War', [3, 4])) AS names(id, name, tmdb_ids)"
COMPANIES = "SELECT * FROM (VALUES (1, 'Acme', [7]), (2, 'Nova', [])) AS names(id, name, tmdb_ids)"
NAMES = {"genres": GENRES, "companies": COMPANIES}
FOLDED = {name: rows.replace("*", "*, lower(name) AS name_folded") for name, rows in NAMES.items()}
COLUMNS: dict[int, dict[str, str]] = {
    1: NAMES | {"ledger": "1 AS schema_version", "files": "NULL AS extra"},
    2: NAMES
    | {
        "ledger": "'loaded' AS outcome, 'replace' AS mode, 10 AS films_added, 0 AS films_changed, 0 AS films_removed, "
        "0 AS films_unchanged",
        "files": "'utf-8' AS encoding",
    },
}
COLUMNS |= dict.fromkeys(range(3, SCHEMA_VERSION), COLUMNS[2] | FOLDED)
"""The columns that only one of the versions has, as it filled them."""


@pytest.fixture(scope="module", params=few(sorted(COLUMNS), 1, SCHEMA_VERSION - 1))
def content(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Make a database as an older version of the schema had it."""
    path = tmp_path_factory.mktemp("old") / "movies.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute((SCHEMAS / f"{request.param}.sql").read_text(encoding="utf-8"))
        fill = FILL.format(**COLUMNS[request.param]).replace(", NULL AS extra", "")
        for statement in connection.extract_statements(fill):
            connection.execute(statement, {"start": START} if statement.named_parameters else {})
    return path.read_bytes()


@pytest.fixture
def old(tmp_path: Path, content: bytes) -> Place:
    """Have a database of an older schema."""
    (tmp_path / "movies.duckdb").write_bytes(content)
    return Place(tmp_path)


def versions(place: Place) -> list[tuple[Any, ...]]:
    """Return the schema version that the file tells."""
    return place.query("FROM schema_version")


def assert_keeps_the_ledger(place: Place) -> None:
    """Assert that the rows and rejects of the old ledger are there, with what was not written down in its place."""
    known = {
        "started_at": START,
        "source": "old.zip",
        "outcome": "loaded",
        "mode": "replace",
        "reason": None,
        "records": 13,
        "movies": 10,
        "duplicates": 1,
        "rejects": 2,
        "repaired": 3,
        "ratings": 9,
        "ratings_matched": 8,
        "ratings_unread": 7,
        "tool_version": "0.1.0",
        "engine_version": "1.5.0",
    }
    for number, row in enumerate(place.ledger()[:2], 1):
        assert {name: row[name] for name in known} == known
        assert (row["id"], row["source_sha256"]) == (number, f"abc{number}")
        assert (row["finished_at"] - START).seconds == 60
    rejects = [place.rejects(ingest=number) for number in (1, 2)]
    assert [[row["raw"] for row in rows] for rows in rejects] == [["x,y"], ["y,z"]]
    assert place.query("SELECT name, bytes FROM ingest_files WHERE ingest_id = 2 ORDER BY bytes") == [
        ("credits.csv", 45),
        ("movies_metadata.csv", 123),
    ]
    assert place.query("FROM unread_fields WHERE ingest_id = 2") == [(2, "budget", 1, "/abc.jpg")]


def test_opening_brings_an_old_database_up_to_date(old: Place) -> None:
    """Films, ledger and rejects are as before, there are no changes, and a second opening writes nothing."""
    before = old.data()
    with movie_reports.open(old.database) as database:
        assert database.company("Nova").to_pylist()[0]["releases"] == 1
        assert database.history().num_rows == 2
    assert versions(old) == [(SCHEMA_VERSION,)]
    assert old.data() == before
    assert_keeps_the_ledger(old)
    assert old.changes() == []
    content = old.database.read_bytes()
    movie_reports.open(old.database).close()
    assert old.database.read_bytes() == content
    assert old.left() == {"movies.duckdb"}


def test_a_migrated_database_has_the_tables_and_views_of_a_new_one(old: Place) -> None:
    """With the same comments on every column."""
    movie_reports.open(old.database).close()
    new = Place(old.folder / "new")
    new.ingest(films(1))
    columns = "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
    assert old.query(columns) == new.query(columns)


def test_an_old_database_has_no_countries(old: Place) -> None:
    """Until its source is loaded again; reports that ask for them say so, and an ingest or a merge adds them."""
    for arguments in (("country",), ("countries",), ("company", "--country", "France")):
        result = old.run(*arguments)
        assert (result.returncode, result.stdout) == (3, "")
        assert "the database has no countries: load a source" in result.stderr
    old.ingest(films(1), merge=True)
    assert old.query("SELECT name, codes FROM countries") == [("United States of America", ["US"])]
    assert old.query("FROM movie_countries") == [(1, 1)]


def test_a_merge_into_an_old_database_adds_countries(old: Place) -> None:
    """Without opening it before; films that the source does not have stay without a country."""
    old.ingest(films(3, 11), merge=True)
    assert old.query("SELECT movie_id FROM movie_countries ORDER BY movie_id") == [(3,), (11,)]
    assert old.query("SELECT count(*) FROM movies") == [(11,)]


@pytest.mark.parametrize("command", [("company", "--export", "csv"), ("status",), ("history",), ("rejects",)])
def test_every_command_reads_an_old_database(old: Place, command: tuple[str, ...]) -> None:
    """Without any option or message."""
    result = old.run(*command)
    assert result.returncode == 0
    assert result.stdout
    assert "schema" not in result.stderr


def test_an_ingest_brings_an_old_database_up_to_date(old: Place) -> None:
    """The ledger goes on, and the changes are those against the old films."""
    row = old.ingest(films(*range(2, 12), genres="[{'id': 18, 'name': 'Drama'}]"), allow_shrink=True)
    assert versions(old) == [(SCHEMA_VERSION,)]
    assert [row[name] for name in ("id", "films_added", "films_changed", "films_removed")] == [3, 1, 9, 1]
    assert_keeps_the_ledger(old)
    dates = [(row["old"], row["new"]) for row in old.changes("changed") if row["field"] == "release_date"]
    assert dates == [("1999-01-01", "2001-02-03")] * 9
    assert old.query("SELECT min(release_date), count(*) FROM movies") == [(date(2001, 2, 3), 10)]


def test_a_delta_keeps_the_content_of_an_old_database(old: Place) -> None:
    """Films, genres, companies and ratings."""
    before = old.query(KEPT)
    old.ingest(films(10, 11), merge=True)
    assert old.query(KEPT) == before
    assert old.query("SELECT name, tmdb_ids FROM genres ORDER BY name") == [("Drama", [18]), ("War", [3, 4])]
    assert old.query("SELECT name, tmdb_ids FROM companies ORDER BY name") == [("Acme", [7]), ("Nova", [])]
    assert old.query("FROM movie_ratings") == [(1, 2, 3.5)]


@pytest.mark.parametrize(
    ("source", "outcome"),
    few([("id,title\n1,x\n", "failed"), (with_rejects(10, 5), "refused"), (films(1), "refused")], first=2),
    ids=["failed", "rejects", "losses"],
)
def test_an_ingest_that_fails_keeps_an_old_database(old: Place, source: str, outcome: str) -> None:
    """The films stay, and the ledger records it as in any other database."""
    before = old.data()
    message = old.stops(source, ".")
    last = old.ledger()[-1]
    assert (last["id"], last["outcome"], last["reason"]) == (3, outcome, message)
    assert old.data() == before
    assert_keeps_the_ledger(old)


def test_a_reader_that_waited_for_an_ingest_leaves_its_work_alone(old: Place, tmp_path: Path) -> None:
    """The ingest has brought the database up to date meanwhile, and its changes are still listed."""
    command = ("status", "--quiet", "--database", old.database)
    with waiting(old, "--allow-shrink") as ingest, queueing(tmp_path / "waits", *command) as reader:
        ingest.communicate(films(*range(1, 12)), timeout=LIMIT)
    assert (ingest.returncode, reader.returncode) == (0, 0)
    assert [row["change"] for row in old.changes() if row["id"] == 11] == ["added"]


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    """Neither a reader nor an ingest touches it; one sentence says what to do."""
    place = Place(tmp_path)
    path = place.file(films(1))
    place.ingest(path)
    with duckdb.connect(str(place.database)) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    content = place.database.read_bytes()
    message = rf"schema version 99, and this movie-reports knows {SCHEMA_VERSION}: upgrade movie-reports$"
    with pytest.raises(movie_reports.MovieReportsError, match=message):
        movie_reports.open(place.database)
    place.stops(path, message, force=True)
    for command in (["company"], ["status"], ["ingest", path, "--force"], ["ingest", path, "--merge"]):
        assert_fails(place.run(*command), 1, "movies.duckdb has schema version 99", "upgrade movie-reports")
    assert place.database.read_bytes() == content
    assert place.query("SELECT title FROM movies") == [("Film 1",)]
    assert place.left() == {"films.csv", "movies.duckdb"}
