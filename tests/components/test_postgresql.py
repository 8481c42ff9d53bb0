"""A published schema of PostgreSQL has all data of the file, and is replaced between transactions of its readers."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest

from films import NASTY
from postgresql import Server, postgresql
from program import PROGRAM, Result, assert_fails, environment, run, started, wait_until
from runs import Place, films, with_rejects

pytest.importorskip("adbc_driver_postgresql", reason="the extra 'postgres' is not installed")
psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
pytestmark = pytest.mark.component

Rows = list[tuple[Any, ...]]

TYPES = {
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "VARCHAR": "character varying",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp without time zone",
    "BIGINT[]": "bigint[]",
    "VARCHAR[]": "character varying[]",
}
# Runs the program, which kills itself before a request to the server: the number in its first argument.
KILLED = """
import itertools, os, signal, sys
from movie_reports.__main__ import main
from movie_reports.publishing.postgresql.session import Session
last, numbers = int(sys.argv.pop(1)), itertools.count()

def mortal(method):
    def call(*arguments):
        if next(numbers) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return method(*arguments)
    return call

for name in ("run", "rows", "append"):
    setattr(Session, name, mortal(getattr(Session, name)))
main()
"""
# Both are asked one statement after another, in one transaction.
COUNTS = (
    "SELECT count(*) FROM movie_reports.movie_companies",
    "SELECT count(*) FROM movie_reports.movies",
    "SELECT movies FROM movie_reports.ingests ORDER BY id DESC LIMIT 1",
)


@dataclass(frozen=True)
class Target:
    """A database of the server, for one test."""

    server: Server
    name: str

    @property
    def url(self) -> str:
        """How the superuser reaches it."""
        return self.server.url(self.name)

    def ask(self, statement: str) -> Rows:
        """Run one statement as the superuser, through another driver than that of the program."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def schemas(self) -> set[str]:
        """Return the names of the schemas that the server did not make itself."""
        names = self.ask(r"SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$|^public$'")
        return {name for (name,) in names}

    def role(self, name: str, *statements: str) -> str:
        """Make a role that may log in, and return its URL."""
        for statement in (f"DROP ROLE IF EXISTS {name}", f"CREATE ROLE {name} LOGIN PASSWORD 'moonshine'", *statements):
            self.ask(statement)
        return self.server.url(self.name, name, "moonshine")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Start a server."""
    with postgresql() as started_server:
        yield started_server


@pytest.fixture
def target(server: Server, numbers: Iterator[int]) -> Target:
    """Have an empty database."""
    name = f"films{next(numbers)}"
    Target(server, "postgres").ask(f"CREATE DATABASE {name}")
    return Target(server, name)


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """Count the databases."""
    return count()


def publish(database: Path, target: Target | str, *options: str, **variables: str) -> Result:
    """Run the command."""
    url = target if isinstance(target, str) else target.url
    return run("publish", url, "--database", database, *options, **variables)


def published(database: Path, target: Target | str, *options: str) -> None:
    """Publish what was not there."""
    result = publish(database, target, *options)
    assert (result.returncode, result.stdout) == (0, ""), result.stderr
    assert result.stderr.startswith("Published ingest ")


def ask(database: Path, statement: str) -> Rows:
    """Ask the file."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(statement).fetchall()


def tables(database: Path) -> list[str]:
    """Return the names of all tables and views."""
    both = "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views() WHERE NOT internal"
    return [name for (name,) in ask(database, both)]


def in_order(rows: Rows) -> Rows:
    """Return rows in an order that both engines would agree on; means may differ in the last digit."""
    return sorted((tuple(round(x, 9) if isinstance(x, float) else x for x in row) for row in rows), key=repr)


@pytest.mark.parametrize("which", ["sample_database", "odd_database", "nasty_database"])
def test_all_rows_arrive(target: Target, which: str, request: pytest.FixtureRequest) -> None:
    """Every row of every table and view, with NULLs, lists, dates, and names that are hostile to SQL."""
    database = request.getfixturevalue(which)
    published(database, target)
    found = {name: in_order(target.ask(f"SELECT * FROM movie_reports.{name}")) for name in tables(database)}  # noqa: S608
    assert found == {name: in_order(ask(database, f"SELECT * FROM {name}")) for name in tables(database)}  # noqa: S608
    if which == "nasty_database":
        assert {row[1] for row in found["companies"]} == set(NASTY)


def test_names_sort_as_in_the_reports(target: Target, nasty_database: Path) -> None:
    """By bytes, whatever the locale of the server is."""
    published(nasty_database, target)
    ordered = "SELECT name FROM {} ORDER BY name"
    expected = ask(nasty_database, ordered.format("companies"))
    assert target.ask(ordered.format("movie_reports.companies")) == expected
    assert target.ask(ordered.format('(SELECT name COLLATE "en-x-icu" FROM movie_reports.companies) AS c')) != expected


def test_columns_have_types_and_meanings(target: Target, sample_database: Path) -> None:
    """The columns, types and comments are those of the file, in its order."""
    published(sample_database, target)
    found = target.ask("""
        SELECT relname, attname, replace(format_type(atttypid, NULL), 'text', 'character varying'),
            col_description(attrelid, attnum), obj_description(attrelid)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'movie_reports'::regnamespace AND attnum > 0 AND relkind IN ('r', 'v')
        ORDER BY relname, attnum
    """)
    expected = ask(
        sample_database,
        """
        WITH relations AS (
            SELECT table_name AS name, comment FROM duckdb_tables()
            UNION ALL
            SELECT view_name, comment FROM duckdb_views() WHERE NOT internal
        )
        SELECT table_name, column_name, data_type, duckdb_columns.comment, relations.comment
        FROM duckdb_columns() JOIN relations ON name = table_name ORDER BY table_name, column_index
        """,
    )
    assert found == [(table, column, TYPES[kind], *comments) for table, column, kind, *comments in expected]


def test_keys_are_declared(target: Target, sample_database: Path) -> None:
    """A film, name or link cannot come twice, and a link needs both its ends."""
    published(sample_database, target)
    keys = target.ask("""
        SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'movie_reports'::regnamespace AND contype IN ('p', 'u', 'f')
    """)
    assert {
        ("movie_reports.movies", "PRIMARY KEY (id)"),
        ("movie_reports.companies", "UNIQUE (name)"),
        ("movie_reports.movie_genres", "PRIMARY KEY (movie_id, genre_id)"),
        ("movie_reports.movie_genres", "FOREIGN KEY (genre_id) REFERENCES movie_reports.genres(id)"),
        ("movie_reports.movie_companies", "FOREIGN KEY (movie_id) REFERENCES movie_reports.movies(id)"),
        ("movie_reports.rejects", "FOREIGN KEY (ingest_id) REFERENCES movie_reports.ingests(id)"),
    } < set(keys)


def test_nul_characters_are_shown(target: Target, place: Place) -> None:
    """PostgreSQL cannot store them; names in JSON may contain them."""
    place.ingest(films(1, production_companies=r'[{"name": "No\u0000body", "id": 1}]'))
    published(place.database, target)
    assert target.ask("SELECT company FROM movie_reports.company_years") == [("No\N{SYMBOL FOR NULL}body",)]


def test_the_same_ingest_is_published_once(target: Target, place: Place) -> None:
    """A second time nothing is done, until there is another ingest, be it one that was refused."""
    place.ingest(films(1, 2, 3))
    published(place.database, target)
    before = target.ask("SELECT oid FROM pg_namespace WHERE nspname = 'movie_reports'")
    again = publish(place.database, target)
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr.startswith("Schema movie_reports of postgresql://127.0.0.1:")
    assert again.stderr.endswith(f" has ingest 1 of {place.database} already: nothing to do\n")
    assert target.ask("SELECT oid FROM pg_namespace WHERE nspname = 'movie_reports'") == before
    place.run("ingest", place.file(with_rejects(1, 3)), "--max-rejects", "0")
    published(place.database, target)
    assert target.ask("SELECT id, outcome FROM movie_reports.ingests ORDER BY id") == [(1, "loaded"), (2, "refused")]


def test_readers_only_read(target: Target, sample_database: Path, odd_database: Path) -> None:
    """A role named with --reader can read everything and write nothing, and can do so after the next publish."""
    reader = target.role("analyst")
    published(sample_database, target)
    with psycopg.connect(reader) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM movie_reports.movies")
    assert publish(sample_database, target, "--reader", "analyst").returncode == 0  # there is nothing else to do
    for database in (sample_database, odd_database):
        publish(database, target)
        with psycopg.connect(reader, autocommit=True) as connection:
            for name in tables(database):
                connection.execute(f"SELECT * FROM movie_reports.{name}")  # noqa: S608 (our own)
            for statement in ("DELETE FROM movie_reports.movies", "CREATE TABLE movie_reports.mine (id int)"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)


def test_privileges_survive(target: Target, sample_database: Path, odd_database: Path) -> None:
    """What an administrator granted on the schema, a table or a column is granted on the new ones."""
    reader = target.role('"odd "" one"'.replace('"" ', ""))
    published(sample_database, target)
    for grant in (
        "USAGE ON SCHEMA movie_reports TO PUBLIC",
        'SELECT ON movie_reports.genre_years TO "odd one" WITH GRANT OPTION',
        'SELECT (id, title) ON movie_reports.movies TO "odd one"',
    ):
        target.ask(f"GRANT {grant}")
    published(odd_database, target)
    with psycopg.connect(reader.replace('"', "").replace(" ", "%20"), autocommit=True) as connection:
        connection.execute("SELECT * FROM movie_reports.genre_years")
        connection.execute("SELECT id, title FROM movie_reports.movies")
        connection.execute("GRANT SELECT ON movie_reports.genre_years TO PUBLIC")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT budget FROM movie_reports.movies")


@pytest.mark.parametrize("name", ["movie_reports", "movie_reports_new", "public"])
def test_a_schema_of_somebody_else_is_left_alone(target: Target, sample_database: Path, name: str) -> None:
    """Of the name asked for, or of the name that the new schema has meanwhile."""
    target.ask(f"CREATE SCHEMA IF NOT EXISTS {name}")
    target.ask(f"CREATE TABLE {name}.ingests AS SELECT 1 AS mine")
    options = ["--schema", "public"] if name == "public" else []
    words = f"movie-reports did not write the schema {name} of postgresql://", "choose another with --schema"
    assert_fails(publish(sample_database, target, *options), 1, *words)
    assert target.ask(f"SELECT mine FROM {name}.ingests") == [(1,)]  # noqa: S608 (our own)
    assert target.schemas() == {name} - {"public"}


@pytest.mark.parametrize(
    ("made", "named"),
    [
        ("VIEW public.profits AS SELECT * FROM movie_reports.company_years", "view public.profits"),
        ("TABLE movie_reports.notes (text text)", "table movie_reports.notes"),
    ],
)
def test_what_others_made_is_not_dropped(
    target: Target, sample_database: Path, odd_database: Path, made: str, named: str
) -> None:
    """A view on the schema or a table in it is named, and the old data stay, until it is dropped."""
    published(sample_database, target)
    target.ask(f"CREATE {made}")
    assert_fails(publish(odd_database, target), 1, "schema movie_reports of postgresql://", f"({named} depends on ")
    assert (movies(target), target.schemas()) == (movies(sample_database), {"movie_reports"})
    target.ask(f"DROP {named}")
    published(odd_database, target)
    assert movies(target) == movies(odd_database)


def test_a_function_need_not_be_dropped(target: Target, sample_database: Path, odd_database: Path) -> None:
    """The text of a function finds the tables when it is called, as docs/postgresql.md says."""
    published(sample_database, target)
    target.ask("""
        CREATE FUNCTION films() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM movie_reports.movies'
    """)
    published(odd_database, target)
    assert target.ask("SELECT films()") == movies(odd_database)


def movies(where: Target | Path) -> Rows:
    """Return how many films there are."""
    return ask(where, "SELECT count(*) FROM movies") if isinstance(where, Path) else where.ask(COUNTS[1])


def test_any_name_of_a_schema(target: Target, sample_database: Path) -> None:
    """A name is never SQL; one that the server would cut off is refused."""
    name = """a "b"; DROP SCHEMA c' %s $1"""
    for option in (name, "films", "ünï"):
        published(sample_database, target, "--schema", option)
    assert target.schemas() == {name, "films", "ünï"}
    for wrong in ("x" * 60, "films_new"):
        assert_fails(publish(sample_database, target, "--schema", wrong), 2, "choose a shorter name")


def test_one_publish_at_a_time(target: Target, sample_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is told; another schema is free."""
    monkeypatch.setattr("movie_reports.publishing.postgresql.publish.OTHERS", 0.1)
    with psycopg.connect(target.url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtextextended('movie-reports movie_reports', 0))")
        assert_fails(
            publish(sample_database, target),
            1,
            "another publish of schema movie_reports",
            "is running: try again later",
        )
        published(sample_database, target, "--schema", "films")
    published(sample_database, target)


def test_errors_are_one_sentence_without_the_password(target: Target, sample_database: Path) -> None:
    """Whatever is wrong about the connection or the privileges."""
    weak = target.role("weak")
    with closing(socket.create_server(("127.0.0.1", 0))) as silent, closing(socket.socket()) as closed:
        closed.bind(("127.0.0.1", 0))  # but does not listen
        port, no_port = (str(each.getsockname()[1]) for each in (silent, closed))
        real = str(target.server.port)
        for url, words in {
            weak: "permission denied for database films",
            weak.replace("moonshine", "hunter2"): "the user or the password is wrong",
            weak.replace(target.name, "nowhere"): 'database "nowhere" does not exist',
            weak.replace(real, no_port): "no server answers there",
            weak.replace(real, port) + "?connect_timeout=2": "the server does not answer in time",
            weak.replace("127.0.0.1", "films.invalid"): "there is no such host",
            weak.replace("moonshine", "moon@shine"): "in a password write @ as %40",
            weak.replace("moonshine", "moon/shine"): "check",
            weak.replace("moonshine", "moonshine:1"): "wrong",
            weak.replace("moonshine", "moonshine%zz"): "check the URL",
            weak + "?moonshine=hunter2": "check the URL",
        }.items():
            in_detail = publish(sample_database, url, "--debug")
            assert in_detail.returncode == 1
            assert [word for word in ("hunter2", "moon", "shine") if word in in_detail.stderr] == []
            assert_fails(publish(sample_database, url), 1, words)
    assert target.schemas() == set()


def test_a_role_that_is_not_there(target: Target, sample_database: Path) -> None:
    """It is reported before anything is copied, and nothing is left."""
    assert_fails(publish(sample_database, target, "--reader", "nobody"), 1, 'role "nobody" does not exist')
    assert target.schemas() == set()


def test_other_addresses_are_refused(sample_database: Path) -> None:
    """With those that can be published to."""
    assert_fails(publish(sample_database, "mysql://u:moonshine@h/d"), 2, "cannot publish to mysql://h/d")


def test_no_films_no_publish(target: Target, place: Place) -> None:
    """A database without any successful ingest is not published."""
    place.run("ingest", place.file(with_rejects(1, 3)), "--max-rejects", "0")
    assert_fails(publish(place.database, target), 1, "the database has no films yet")


def test_without_the_extra(sample_database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command says what to install."""
    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql", None)
    words = "PostgreSQL needs the extra postgres: pip install 'movie-reports[postgres]'"
    assert_fails(publish(sample_database, "postgresql://127.0.0.1/films"), 1, words)


@contextmanager
def reading(target: Target) -> Iterator[Any]:
    """Have a transaction that has read a published table."""
    with psycopg.connect(target.url) as connection:
        connection.execute("SELECT count(*) FROM movie_reports.movies")
        yield connection


def is_waiting(target: Target) -> bool:
    """Whether a publish waits for readers, with the new schema ready."""
    return "movie_reports_new" in target.schemas()


@contextmanager
def publishing(database: Path, target: Target) -> Iterator[subprocess.Popen[Any]]:
    """Start a publish in a process of its own, and wait until it waits for a reader."""
    command = [*PROGRAM, "publish", target.url, "--database", str(database)]
    with started(command, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        wait_until(lambda: is_waiting(target), process)
        yield process


def test_a_publish_waits_for_readers(target: Target, sample_database: Path, odd_database: Path) -> None:
    """A transaction that has read the old tables sees them until its end, whatever else it reads; others go on."""
    published(sample_database, target)
    with reading(target) as reader, publishing(odd_database, target) as process:
        for _ in range(20):  # new transactions queue for a moment only
            assert movies(target) == movies(sample_database)
        assert [reader.execute(statement).fetchone() for statement in COUNTS] == of(sample_database)
        reader.commit()
        assert process.wait() == 0
    assert movies(target) == movies(odd_database)


def test_a_reader_that_does_not_end(
    target: Target, sample_database: Path, odd_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a minute the publish gives up, and leaves nothing but the old data."""
    published(sample_database, target)
    monkeypatch.setattr("movie_reports.publishing.postgresql.publish.READERS", 0.5)
    with reading(target):
        assert_fails(publish(odd_database, target), 1, "because a transaction has been reading it for 0.5 seconds")
    assert (movies(target), target.schemas()) == (movies(sample_database), {"movie_reports"})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupts_leave_nothing(
    target: Target, sample_database: Path, odd_database: Path, number: signal.Signals
) -> None:
    """Ctrl-C stops a publish that waits, and removes the new schema."""
    published(sample_database, target)
    with reading(target), publishing(odd_database, target) as process:
        process.send_signal(number)
        assert process.wait() == 130
        assert process.stderr is not None
        assert process.stderr.read() == "movie-reports: interrupted\n"
    assert (movies(target), target.schemas()) == (movies(sample_database), {"movie_reports"})


def test_interrupts_need_no_answer(sample_database: Path) -> None:
    """Ctrl-C ends the attempt to reach a server that says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"postgresql://127.0.0.1:{silent.getsockname()[1]}/films?connect_timeout=3600"
        command = [*PROGRAM, "publish", url, "--database", str(sample_database)]
        with started(command, stderr=subprocess.PIPE, text=True, env=environment()) as process:
            connection, _ = silent.accept()
            process.send_signal(signal.SIGINT)
            assert process.wait() == 130
            connection.close()


def test_a_lost_connection(target: Target, sample_database: Path, odd_database: Path) -> None:
    """It is one sentence, the old data stay, and the next publish removes what was left."""
    published(sample_database, target)
    with reading(target), publishing(odd_database, target) as process:
        target.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'movie-reports'")
        assert process.wait() == 1
        assert process.stderr is not None
        text = process.stderr.read()
    assert text.startswith(f"movie-reports: the connection to postgresql://127.0.0.1:{target.server.port}/")
    assert text.endswith("): try again\n")
    assert movies(target) == movies(sample_database)
    published(odd_database, target)
    assert (movies(target), target.schemas()) == (movies(odd_database), {"movie_reports"})


def test_killed_at_any_step(target: Target, sample_database: Path, odd_database: Path) -> None:
    """After kill -9 readers have the old data or the new ones, all of them; the next publish heals what is left."""
    published(sample_database, target)
    seen, left = [], set()
    for step in count(0, 3):
        command = [sys.executable, "-c", KILLED, str(step), "publish", target.url, "--database", str(odd_database)]
        done = subprocess.run(command, env=environment(), check=False, capture_output=True)
        with psycopg.connect(target.url) as connection:
            seen.append([connection.execute(statement).fetchone() for statement in COUNTS])
        left |= target.schemas()
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert step > 30
    assert seen[0] == of(sample_database)
    assert seen[-1] == of(odd_database)
    assert [each for each in seen if each not in (seen[0], seen[-1])] == []
    assert (left, target.schemas()) == ({"movie_reports", "movie_reports_new"}, {"movie_reports"})


def of(database: Path) -> list[Any]:
    """Return what a reader must see of a database, and no mixture of two."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return [connection.execute(each.replace("movie_reports.", "")).fetchall()[0] for each in COUNTS]


def test_readers_never_see_two_versions(target: Target, sample_database: Path, odd_database: Path) -> None:
    """20 refreshes under 4 readers, of which two have snapshots, and two look again for each statement."""
    published(sample_database, target)
    done, seen, errors = threading.Event(), [], []

    def read(level: Any, statements: Sequence[str]) -> None:  # noqa: ANN401 (an enumeration of psycopg)
        try:
            with psycopg.connect(target.url) as connection:
                connection.isolation_level = level
                while not done.is_set():
                    seen.append([connection.execute(statement).fetchone() for statement in statements])
                    connection.commit()
        except psycopg.Error as error:
            errors.append(error)

    levels = [psycopg.IsolationLevel.READ_COMMITTED, psycopg.IsolationLevel.REPEATABLE_READ] * 2
    readers = [threading.Thread(target=read, args=(level, COUNTS)) for level in levels]
    for each in readers:
        each.start()
    try:
        for number in range(20):
            published([odd_database, sample_database][number % 2], target)
    finally:
        done.set()
        for each in readers:
            each.join()
    expected = [of(sample_database), of(odd_database)]
    assert errors == []
    assert [each for each in seen if each not in expected] == []
    assert all(each in seen for each in expected)
