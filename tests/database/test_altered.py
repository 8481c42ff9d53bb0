"""A database that another program has made or altered is refused, or does no harm."""

import shutil
import sys
import threading
from pathlib import Path

import duckdb
import pytest

import movie_reports
from movie_reports.database import sql
from movie_reports.database.connection import connect, cursor
from movie_reports.database.schema import DEFINITIONS, make
from program import apart, assert_fails, ended, environment, exported, printed
from runs import Place, films
from selection import few

PRIVATE = "what only its owner may read"
SCHEMAS = Path(__file__).parent / "schemas"
REFUSED = "not one of movie-reports, or it was altered: name another with --database, or restore a copy"
AS_VIEW = "ALTER TABLE {table} RENAME TO theirs; CREATE VIEW {table} AS SELECT * REPLACE ({values}) FROM theirs"
READING = "(SELECT content FROM read_text('{secret}'))"
ALTERED = {
    "a view": AS_VIEW.format(table="movies", values=f"{READING} AS title"),
    "a view of the ledger": AS_VIEW.format(table="ingests", values=f"{READING} AS source"),
    "a view of the version": "DROP TABLE schema_version; CREATE VIEW schema_version AS SELECT 3 AS version",
    "a view of what is never read": AS_VIEW.format(table="changes", values="'x' AS title"),
    "another view": "CREATE OR REPLACE VIEW genre_years AS SELECT * REPLACE ('x' AS genre) FROM genre_films",
    "a view less": "DROP VIEW company_years",
    "a missing table": "DROP TABLE unread_fields",
    "a missing column": "ALTER TABLE movies DROP COLUMN tagline",
    "another column": "ALTER TABLE movies ADD COLUMN mine INTEGER",
    "another type": "ALTER TABLE changes ALTER field TYPE INTEGER USING 1",
    "a default": "ALTER TABLE movies ALTER title SET DEFAULT getvariable('x')",
    "a computed column": (
        "CREATE TABLE theirs (movie_id BIGINT NOT NULL, ratings BIGINT NOT NULL, "
        "mean_rating DOUBLE GENERATED ALWAYS AS (ratings / 2)); "
        "DROP TABLE movie_ratings; ALTER TABLE theirs RENAME TO movie_ratings"
    ),
    "another schema": (
        "CREATE SCHEMA theirs; CREATE TABLE theirs.changes AS FROM changes; DROP TABLE changes; "
        "CREATE VIEW changes AS FROM theirs.changes"
    ),
    "two versions": "INSERT INTO schema_version VALUES (1)",
    "a newer version beside it": "INSERT INTO schema_version VALUES (99)",
    "no version": "DELETE FROM schema_version",
    "version 0": "UPDATE schema_version SET version = 0",
    "version 1 with the tables of 3": "UPDATE schema_version SET version = 1",
    "an empty ledger": "DELETE FROM ingests",
    "a load without figures": "UPDATE ingests SET films_added = NULL",
    "a load of nothing": "UPDATE ingests SET source_sha256 = NULL",
    "ratings without figures": "UPDATE ingests SET ratings = 1, ratings_matched = NULL",
    "an endless ingest": "UPDATE ingests SET finished_at = 'infinity'",
    "an ingest before the calendar": "UPDATE ingests SET finished_at = '0044-03-15 (BC)'",
    "an ingest after the calendar": "UPDATE ingests SET finished_at = '290000-01-01'",
}


@pytest.fixture
def place(sample_database: Path, tmp_path: Path) -> Place:
    """Have a copy of a database, beside a private file."""
    (tmp_path / "secret.txt").write_text(PRIVATE)
    shutil.copy(sample_database, tmp_path / "movies.duckdb")
    return Place(tmp_path)


def alter(path: Path, statements: str, **values: str) -> bytes:
    """Alter a database with plain DuckDB, and return the content of the file."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(statements.format(secret=path.with_name("secret.txt"), **values))
    return path.read_bytes()


@pytest.mark.parametrize(
    "statements",
    few(
        ALTERED.values(),
        *(ALTERED[name] for name in ("a view", "another view", "a missing table", "another type", "a default")),
        *(ALTERED[name] for name in ("two versions", "version 0", "an empty ledger", "an endless ingest")),
    ),
    ids=ALTERED,
)
def test_an_altered_database_is_refused(place: Place, statements: str) -> None:
    """By every command, in one sentence; the file stays as it is."""
    content = alter(place.database, statements)
    for command in (["films"], ["status"], ["ingest", place.file(films(1)), "--merge"]):
        assert_fails(place.run(*command), 1, "movies.duckdb", REFUSED)
    with pytest.raises(movie_reports.MovieReportsError, match=REFUSED):
        movie_reports.open(place.database)
    assert place.database.read_bytes() == content


def test_names_of_an_altered_database_complete_nothing(place: Place) -> None:
    """TAB shows no other file either."""
    command = {"COMP_WORDS": "movie-reports company ", "COMP_CWORD": "2", "_MOVIE_REPORTS_COMPLETE": "complete_bash"}
    usual = apart(MOVIE_REPORTS_DATABASE=str(place.database), **command).stdout
    assert "Lucasfilm" in usual
    alter(place.database, AS_VIEW.format(table="companies", values=f"{READING} AS name"))
    assert apart(MOVIE_REPORTS_DATABASE=str(place.database), **command).stdout.strip() == ""


def test_an_altered_database_of_an_older_schema_is_not_brought_up_to_date(place: Place) -> None:
    """Else its views would be run by a connection that may read files."""
    place.database.unlink()
    alter(place.database, (SCHEMAS / "1.sql").read_text(encoding="utf-8"))
    content = alter(place.database, AS_VIEW.format(table="movies", values=f"{READING} AS title"))
    for command in (["films"], ["sql", "FROM movies"], ["ingest", place.file(films(1))]):
        assert_fails(place.run(*command), 1, "movies.duckdb", REFUSED)
    assert place.database.read_bytes() == content


MACROS = [
    "lower(x) AS 'theirs'",
    "strip_accents(x) AS 'theirs'",
    "count(x) AS 666",
    "sum(x) AS 666",
    "round(x, n) AS 666",
    "coalesce(x, y) AS 666",
    "list_contains(x, y) AS false",
    "regexp_replace(x, y, z) AS 'theirs'",
    "md5(x) AS 'theirs'",
    "string_agg(x, y) AS 'theirs'",
    '"+"(x, y) AS 666',
    "\"||\"(x, y) AS 'theirs'",
    "current_setting(x) AS ['/']",
    "duckdb_tables() AS TABLE SELECT 'theirs' AS table_name",
    "unnest(x) AS 666",
]
ASKED = [
    ("company", "pixar", "--export", "csv"),
    ("company", "pixar", "walt disney pictures", "--average", "--by", "decade"),
    ("company", "pixar", "--genres"),
    ("genres", "--year", "1990-", "--top", "3", "--popularity", "weighted", "--export", "json"),
    ("films", "--genre", "drama", "--complete"),
    ("companies", "disney"),
    ("schema", "--export", "csv"),
    ("sql", "SELECT lower(title), count(*), sum(budget + revenue) FROM movies GROUP BY ALL ORDER BY ALL"),
]


def test_macros_of_a_file_are_never_taken_for_functions_in_statements(place: Place, sample_database: Path) -> None:
    """The program's own statements find the engine's functions first."""
    alter(place.database, ";\n".join(f"CREATE MACRO {macro}" for macro in MACROS))
    command = ("sql", "SELECT lower('A') AS a, count(*) AS films, round(1.4) AS b FROM movies")
    assert printed(*command, "--database", place.database) == printed(*command, "--database", sample_database)


@pytest.mark.parametrize("name", few(["avg", "lpad", "sum", "date_part", "string_agg"], first=2))
def test_a_macro_of_a_file_cannot_read_files(place: Place, name: str) -> None:
    """Also where a view of the file calls it: its figures may be invented, but no file is reached."""
    arguments = {"lpad": "a, b, c", "date_part": "a, b", "string_agg": "a, b"}.get(name, "a")
    alter(place.database, f"CREATE MACRO {name}({arguments}) AS (SELECT content FROM read_text('{{secret}}'))")  # noqa: S608 (our own)
    for command in ASKED:
        result = place.run(*command, "-q")
        assert PRIVATE not in result.stdout + result.stderr
        assert "Traceback" not in result.stderr


def test_extra_tables_are_allowed(place: Place) -> None:
    """They can be queried, and the reports still work."""
    alter(
        place.database, "CREATE TABLE mine AS SELECT 1 AS one; CREATE VIEW my_view AS SELECT one + 1 AS two FROM mine"
    )
    assert exported("sql", "SELECT two FROM my_view", "--database", place.database) == [{"two": "2"}]
    assert "Pixar" in printed("company", "pixar", "-q", "--database", place.database)


def test_a_view_that_reads_files_shows_none(place: Place) -> None:
    """Also where it is no table of the program, and a statement of the user's own asks for it."""
    alter(place.database, "CREATE VIEW theirs AS FROM read_text('{secret}')")
    result = place.run("sql", "FROM theirs", "--export", "csv")
    assert_fails(result, 2, "reaches the tables of the database only")


@pytest.mark.parametrize("version", DEFINITIONS)
def test_the_definitions_of_each_version_are_those_of_its_tables(tmp_path: Path, version: int) -> None:
    """A change of a table needs a new definition here."""
    with duckdb.connect(str(tmp_path / "new.duckdb")) as connection:
        if version == sql.SCHEMA_VERSION:
            make(connection)
        else:
            connection.execute((SCHEMAS / f"{version}.sql").read_text(encoding="utf-8"))
        found = connection.execute(sql.read("schema/is_ours"), {"database": "new"}).fetchall()
    assert dict(sorted(found)) == DEFINITIONS[version]


def test_other_connections_of_the_process_keep_their_access(place: Place) -> None:
    """Other connections to the file keep working, before and after, and their settings have no effect here."""
    with duckdb.connect(str(place.database), read_only=True) as before:
        before.execute("SET threads = 1")
        with movie_reports.open(place.database) as opened:
            after = duckdb.connect(str(place.database), read_only=True)
            for connection in (before, after):
                connection.execute(f"COPY movies TO '{place.folder / 'x.csv'}'")
                assert connection.execute(f"FROM read_text('{place.folder / 'secret.txt'}')").fetchall()
            after.close()
            assert opened.genres().num_rows


def test_threads_have_cursors_of_their_own(place: Place) -> None:
    """Names mean the same in them, and they are as confined."""
    found: list[object] = []

    def ask(connection: duckdb.DuckDBPyConnection) -> None:
        other = cursor(connection)
        found.append(other.execute("SELECT count(*) FROM movies").fetchall())
        with pytest.raises(duckdb.PermissionException):
            other.execute(f"FROM read_text('{place.folder / 'secret.txt'}')")

    connection = connect(place.database)
    threads = [threading.Thread(target=ask, args=[connection]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [place.query("SELECT count(*) FROM movies")] * 4


FINISHED = "UPDATE ingests SET finished_at = now() AT TIME ZONE 'UTC' + INTERVAL '{ahead}'"
CLOCKS = {
    "100 days": "are from the future",
    "6 minutes": "are from the future",
    "4 minutes": None,
    "-2 days": "2 days old",
}


@pytest.mark.parametrize(("ahead", "error"), CLOCKS.items(), ids=CLOCKS)
def test_data_from_the_future_are_an_error(place: Place, ahead: str, error: str | None) -> None:
    """A monthly job that checks their age must not pass for ever; clocks may differ by minutes."""
    alter(place.database, FINISHED, ahead=ahead)
    result = place.run("status", "--max-age", "1d", "--quiet")
    if error:
        assert_fails(result, 1, error)
    else:
        assert (result.returncode, result.stderr) == (0, "")


def test_nothing_is_loaded_into_the_engine(place: Place) -> None:
    """No connection fetches or loads an extension by itself, that of an ingest neither."""
    code = (
        "import sys, duckdb, movie_reports\n"
        "from movie_reports.database import engine\n"
        "settings = []\n"
        "connect = duckdb.connect\n"
        "def noting(*arguments, **options):\n"
        "    settings.append(options.get('config', {}))\n"
        "    return connect(*arguments, **options)\n"
        "duckdb.connect = engine.duckdb.connect = noting\n"
        "movie_reports.ingest(sys.argv[1], sys.argv[2])\n"
        "movie_reports.open(sys.argv[2]).close()\n"
        "names = ('autoinstall_known_extensions', 'autoload_known_extensions', 'allow_community_extensions')\n"
        "print(len(settings) > 1 and all(config[name] is False for config in settings for name in names))\n"
    )
    source, target = place.file(films(1)), place.folder / "new.duckdb"
    result = ended([sys.executable, "-c", code, source, target], env=environment())
    assert (result.stdout, result.stderr) == ("True\n", "")
