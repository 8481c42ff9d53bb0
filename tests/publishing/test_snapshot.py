"""A snapshot answers every question as the file does that it was published from."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

import movie_reports
from fuzzing import examples
from movie_reports.reports.catalog import REPORTS
from program import assert_fails, printed, run
from publishing import contents, files, manifest
from questions import FIELDS, ask
from runs import Place, films, with_rejects
from selection import few

pytest.importorskip("deltalake", reason="the extra 'publish' is not installed")


@pytest.fixture(scope="module")
def store(various: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ANN401 (a case)
    """Publish films in which the odd values of all columns meet."""
    folder = tmp_path_factory.mktemp("published") / "films"
    movie_reports.publish(folder, various.database.path)
    return folder


@pytest.fixture(scope="module")
def snapshot(store: Path) -> Iterator[movie_reports.Database]:
    """Open it."""
    with movie_reports.open(store) as database:
        yield database


@pytest.mark.parametrize("report", FIELDS)
@examples(20)
@given(data=st.data())
def test_every_report_is_that_of_the_file(
    various: Any,  # noqa: ANN401 (a case)
    snapshot: movie_reports.Database,
    report: str,
    data: st.DataObject,
) -> None:
    """For any request; types, values and order are equal."""
    asked = data.draw(st.fixed_dictionaries({}, optional=FIELDS[report]))
    found = [_answer(database, report, asked) for database in (various.database, snapshot)]
    assert found[0] == found[1]


def _answer(database: movie_reports.Database, report: str, asked: dict[str, Any]) -> object:
    try:
        return ask(database, report, asked)
    except movie_reports.NotFoundError as error:
        return str(error)


@pytest.mark.parametrize("command", [*REPORTS, "sql"])
def test_every_command_prints_what_it_prints_of_the_file(various: Any, store: Path, command: str) -> None:  # noqa: ANN401
    """Tables and exports are the same bytes; the schema only lacks keys, which Parquet does not have."""
    words = {
        "company-genres": ["company", "--genres"],
        "sql": ["sql", "SELECT * FROM movies JOIN film_names USING (id) ORDER BY id LIMIT 20"],
    }.get(command, [command])
    for form in ([], ["--export", "csv"], ["--export", "ndjson"]):
        of_file, of_snapshot = (
            run(*words, *form, "--database", database) for database in (various.database.path, store)
        )
        if command == "schema":
            of_file.stdout = re.sub("(, )?(primary key|not null)", "", of_file.stdout).replace('"key":""', '"key":null')
            of_file.stdout, of_snapshot.stdout = (re.sub(" +", " ", each.stdout) for each in (of_file, of_snapshot))
        assert (of_snapshot.stdout, of_snapshot.stderr) == (of_file.stdout, of_file.stderr)
        assert of_snapshot.returncode == 0


def test_the_status_names_the_snapshot(various: Any, store: Path) -> None:  # noqa: ANN401 (a case)
    """Where the film data come from is the same; the size is that of the files."""
    of_file, found = (json.loads(printed("status", "--json", "-d", path)) for path in (various.database.path, store))
    sizes = sum((store / path).stat().st_size for path in files(manifest(store)))
    assert (found["snapshot"], found["database"], found["bytes"]) == (1, str(store), sizes)
    assert found["published_at"]
    own = {"snapshot", "published_at", "database", "bytes"}
    assert {key: found[key] for key in found.keys() - own} == {key: of_file[key] for key in of_file.keys() - own}
    assert "Snapshot" in printed("status", "-d", store)


@pytest.fixture
def published(place: Place) -> Path:
    """Publish three ingests, of one, two and three films."""
    for count in (1, 2, 3):
        place.ingest(films(*range(1, count + 1), title=f"Of {count}"))
        movie_reports.publish(place.folder / "store", place.database)
    return place.folder / "store"


def test_an_older_snapshot_can_be_asked(published: Path) -> None:
    """By its number, in Python and on the command line; an unknown one is named with those that there are."""
    for number, count in ((None, 3), (3, 3), (2, 2), (1, 1)):
        with movie_reports.open(published, snapshot=number) as database:
            assert database.films()["title"].to_pylist() == [f"Of {count}"] * count
            assert database.status()["snapshot"] == count
    assert printed("films", "-d", published, "--snapshot", "1", "-e", "csv").count("Of 1") == 1
    assert_fails(run("films", "-d", published, "--snapshot", "9"), 3, "there is no snapshot 9", "there are 3, 2, 1")
    with pytest.raises(movie_reports.NotFoundError, match="no snapshot 4"):
        movie_reports.open(published, snapshot=4)


def test_a_file_has_no_snapshots(place: Place) -> None:
    """The option is refused with a sentence."""
    place.ingest(films(1))
    assert_fails(place.run("films", "--snapshot", "1"), 2, "is a file, which has no snapshots")


def test_an_open_snapshot_stays_the_same(published: Path, place: Place) -> None:
    """While others are published."""
    with movie_reports.open(published) as database:
        place.ingest(films(*range(1, 8), title="Of 7"))
        movie_reports.publish(published, place.database)
        assert database.films().num_rows == database.sql("SELECT * FROM movies").num_rows == 3
    with movie_reports.open(published) as database:
        assert database.films().num_rows == 7


def test_what_the_ledger_knows_goes_along(place: Place) -> None:
    """A refused ingest too, though it changes no film; the tables of films stay in the files that they are in."""
    store = place.folder / "store"
    place.ingest(films(1, 2))
    movie_reports.publish(store, place.database)
    assert place.run("ingest", place.file(with_rejects(1, 9))).returncode == 4
    assert movie_reports.publish(store, place.database) == 2
    with movie_reports.open(store) as database:
        assert database.history()["outcome"].to_pylist() == ["refused", "loaded"]
        assert database.rejects().num_rows == 9
        assert database.reject_records().count("\n") == 10
    first, second = manifest(store, 1), manifest(store, 2)
    assert [first["tables"][name] == second["tables"][name] for name in ("movies", "genres")] == [True, True]
    assert first["tables"]["ingests"] != second["tables"]["ingests"]


WRONG = {
    "no current": ("there are no snapshots", 1),
    "odd current": ("CURRENT in store is damaged", 1),
    "no manifest": ("the manifest of snapshot 3 of store is missing", 1),
    "odd manifest": ("the manifest of snapshot 3 of store is damaged", 1),
    "another path": ("the manifest of snapshot 3 of store is damaged", 1),
    "no table": ("it lacks movies", 1),
    "newer format": ("snapshot 3 of store was published by a newer movie-reports", 1),
    "newer schema": ("snapshot 3 of store was published by a newer movie-reports", 1),
    "older schema": ("has schema version 1, and this movie-reports knows", 1),
    "no file": ("a file of store (snapshot 3) is missing or damaged", 1),
    "cut file": ("a file of store (snapshot 3) is missing or damaged", 1),
    "text file": ("a file of store (snapshot 3) is missing or damaged", 1),
}


@pytest.mark.parametrize("damage", WRONG)
def test_what_cannot_be_read_is_refused_in_one_sentence(
    published: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing else is tried instead."""
    monkeypatch.chdir(published.parent)
    _spoil(published, damage)
    sentence, code = WRONG[damage]
    for command in (["films"], ["status"], ["sql", "SELECT count(*) FROM movies"]):
        assert_fails(run(*command, "--database", "store"), code, sentence if damage != "no current" else "store")


def _spoil(store: Path, damage: str) -> None:
    path, found = store / "snapshots" / "000000000003.json", manifest(store)
    file = store / files(found, "movies")[0]
    tables = found["tables"]
    changed: dict[str, dict[str, Any]] = {
        "another path": {
            "tables": tables | {"movies": {"version": 0, "files": [{**tables["movies"]["files"][0], "path": "../x"}]}}
        },
        "no table": {"tables": {name: table for name, table in tables.items() if name != "movies"}},
        "newer format": {"format": 2, "what": "is new"},
        "newer schema": {"schema_version": 99},
        "older schema": {"schema_version": 1},
    }
    if damage in changed:
        path.write_text(json.dumps(found | changed[damage]))
    elif damage.endswith("current"):
        (store / "CURRENT").unlink() if damage.startswith("no") else (store / "CURRENT").write_text("../../etc")
    elif damage.endswith("manifest"):
        path.unlink() if damage.startswith("no") else path.write_text('{"format": 1, "snapshot": 3')
    else:
        content = file.read_bytes()
        file.unlink() if damage.startswith("no") else file.write_bytes(content[:100] if "cut" in damage else b"text")


STATEMENTS = [
    "COPY (SELECT 1 AS x) TO '{file}' (FORMAT parquet)",
    "COPY (SELECT 1 AS x) TO '{file}' (FORMAT parquet, USE_TMP_FILE false)",
    "COPY movies TO '{other}' (USE_TMP_FILE false)",
    "SELECT * FROM read_parquet('{file}')",
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM '{secret}'",
    "SELECT * FROM glob('{store}/*')",
    "ATTACH '{other}' AS mine",
    "SET disabled_filesystems = ''",
    "SET allowed_paths = ['{secret}']",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_reaches_nothing_but_the_tables(published: Path, tmp_path: Path, statement: str) -> None:
    """Not even the files that they are in, which it could overwrite."""
    secret = tmp_path / "secret.csv"
    secret.write_text("what only its owner may read")
    before = {path: (published / path).read_bytes() for path in contents(published)}
    file = published / files(manifest(published), "movies")[0]
    text = statement.format(file=file, other=tmp_path / "x", secret=secret, store=published)
    result = run("sql", text, "--database", published)
    assert result.returncode in {1, 2}
    assert "owner" not in result.stdout + result.stderr
    assert {path: (published / path).read_bytes() for path in contents(published)} == before
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("command", [["ingest", "films.csv"], ["restore"], ["publish", "elsewhere"]])
def test_a_store_is_for_reading(published: Path, command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What writes databases says where they are written instead."""
    monkeypatch.chdir(published.parent)
    before = contents(published)
    assert_fails(run(*command, "--database", published), 1, "is a folder of snapshots, for reading only", "publish")
    assert contents(published) == before


NAMES = [
    "*",
    "[a]*",
    "it's",
    '"quoted"',
    " blanks ",
    "a;b -- c",
    "$HOME",
    "a # b",
    "Größe",
    "year=2001",
]


@pytest.mark.parametrize("name", few(NAMES, "[a]*", "it's", "a # b", "year=2001"), ids=ascii)
def test_a_store_may_have_any_name(name: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is published to twice, asked and verified; what its name could mean to a shell or the engine is not there."""
    monkeypatch.chdir(place.folder)
    for count in (1, 2):
        place.ingest(films(*range(1, count + 1)))
        assert run("publish", f"./{name}", "--database", place.database).returncode == 0
    assert printed("films", "--database", f"./{name}", "-e", "csv").count("Film ") == 2
    assert "Film 2" in printed("sql", "SELECT * FROM movies", "--database", f"./{name}")
    assert run("publish", f"./{name}", "--verify").returncode == 0
    assert {path.name for path in place.folder.iterdir() if path.is_dir()} == {name}


@pytest.mark.parametrize("name", ["a?b", "back\\slash", "100%20", "two\nlines"])
def test_a_name_that_the_engine_takes_for_another_is_refused(
    name: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is written."""
    monkeypatch.chdir(place.folder)
    place.ingest(films(1))
    before = place.left()
    assert_fails(run("publish", name, "--database", place.database), 2, "choose another name")
    assert place.left() == before


def test_a_store_can_be_moved(published: Path, tmp_path: Path) -> None:
    """Its manifests name files relative to it."""
    moved = shutil.move(published, tmp_path / "moved")
    assert printed("films", "--database", moved, "-e", "csv").count("Of 3") == 3
