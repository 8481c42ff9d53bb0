"""The ledger records what every ingest read and did, and what the last one changed."""

import csv
import hashlib
import io
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

import movie_reports
from films import text
from movie_reports import __version__
from movie_reports.database.sql import SCHEMA_VERSION
from program import LIMIT, Result, assert_fails, queueing
from runs import Place, cells, film, films, literals, waiting, with_rejects

FIGURES = ("records", "movies", "duplicates", "rejects", "films_added", "films_changed", "films_removed")


@pytest.fixture(scope="module")
def ten_films(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Ingest ten films once."""
    place = Place(tmp_path_factory.mktemp("ten"))
    place.ingest(films(*range(1, 11)))
    return place


@pytest.fixture
def place(tmp_path: Path, ten_films: Place) -> Place:
    """Have a database of ten films, and their file."""
    return ten_films.copy(tmp_path)


def figures(row: dict[str, object]) -> list[object]:
    """Return the record counts of a run."""
    return [row[name] for name in FIGURES]


def test_every_run_is_a_row(place: Place) -> None:
    """Loaded, merged, refused for rejects or losses, failed: the rows before stay, and ids go up by one."""
    before = place.ledger()
    runs = [
        (films(*range(2, 12)), {}, "loaded", "replace", [10, 10, 0, 0, 1, 0, 1]),
        (films(12, 2, vote_count="6"), {"merge": True}, "loaded", "merge", [2, 2, 0, 0, 1, 1, 0]),
        (with_rejects(2, 3), {}, "refused", "replace", [5, 2, 0, 3, None, None, None]),
        (films(11), {}, "refused", "replace", [1, 1, 0, 0, 0, 0, 10]),
        ("id,title\n1,x\n", {}, "failed", "replace", [None] * 7),
        (films(1) + films(1).splitlines()[1], {"merge": True}, "loaded", "merge", [2, 1, 1, 0, 1, 0, 0]),
    ]
    for content, rules, outcome, mode, expected in runs:
        try:
            row = place.ingest(content, **rules)
        except movie_reports.MovieReportsError as error:
            row = place.ledger()[-1]
            assert row["reason"] == str(error)  # noqa: PT017 (which run fails is in the list)
        *earlier, last = place.ledger()
        assert (earlier, last) == (before, row)
        assert (last["id"], last["outcome"], last["mode"]) == (len(earlier) + 1, outcome, mode)
        assert figures(last) == expected
        assert Path(last["source"]).name == "films.csv"
        assert last["started_at"] <= last["finished_at"]
        before = [*earlier, last]
    assert before[-1]["reason"] == "the last line has no line break: the file may be cut off"


def test_a_row_knows_its_source_and_program(place: Place) -> None:
    """The hash is the one that sha256sum prints, the time is UTC, and a source that is missing has no hash."""
    (first,) = place.ledger()
    assert first["source_sha256"] == hashlib.sha256((place.folder / "films.csv").read_bytes()).hexdigest()
    assert (first["tool_version"], first["engine_version"]) == (__version__, duckdb.__version__)
    assert datetime.now(UTC).replace(tzinfo=None) - first["started_at"] < timedelta(minutes=10)
    message = place.stops(place.folder / "none.zip", "there is no file or folder")
    last = place.ledger()[-1]
    assert (last["outcome"], last["reason"], last["source_sha256"]) == ("failed", message, None)
    assert last["source"] == str(place.folder / "none.zip")


@pytest.mark.parametrize("error", [duckdb.OutOfMemoryException("no room"), OSError(28, "No space left on device")])
def test_a_run_that_fails_on_the_machine_is_a_row_too(
    place: Place, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The error of the engine or the disk is its reason, and the films stay."""
    before = place.data()

    def fill(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("movie_reports.ingestion.films.fill", fill)
    message = place.stops(films(1), ".")
    last = place.ledger()[-1]
    assert (last["id"], last["outcome"], last["reason"]) == (2, "failed", message)
    assert place.data() == before


def test_history_shows_the_newest_first(place: Place) -> None:
    """It is the ledger, cell for cell, in Python and in an export."""
    place.ingest(films(11), merge=True)
    place.stops(films(11), "would be lost")
    result = place.run("history", "--export", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout, newline="")))
    assert [row["id"] for row in rows] == ["3", "2", "1"]
    assert [row["outcome"] for row in rows] == ["refused", "loaded", "loaded"]
    with movie_reports.open(place.database) as database:
        shown = database.history().to_pylist()
    for row, same, known in zip(rows, shown, reversed(place.ledger()), strict=True):
        assert known.items() <= same.items()
        assert cells(known).items() <= row.items()


def test_json_is_the_row_of_the_ledger(place: Place) -> None:
    """One object on one line; of a source that is there already it is the row of that ingest."""
    path = place.file(films(*range(1, 12)))
    result = place.run("ingest", path, "--json")
    row = {name: str(value) if name.endswith("_at") else value for name, value in place.ledger()[-1].items()}
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.count("\n") == 1
    assert json.loads(result.stdout) == row
    again = place.run("ingest", path, "--json")
    assert json.loads(again.stdout) == row | {"outcome": "unchanged"}


def test_quiet_prints_nothing(place: Place) -> None:
    """Neither of an ingest nor of one that has nothing to do; an error is still printed."""
    path = place.file(films(*range(1, 12)))
    for _ in range(2):
        result = place.run("ingest", path, "--quiet")
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert place.ledger()[-1]["films_added"] == 1
    assert_fails(place.run("ingest", place.file("x"), "--quiet"), 1, "films.csv lacks the columns")


def test_status_tells_the_last_ingest_and_the_last_run(place: Place) -> None:
    """They differ when an ingest fails, and the data are still those of the one before."""
    message = place.stops("x", "lacks the columns")
    found = json.loads(place.run("status", "--json").stdout)
    assert (found["last_ingest"]["id"], found["last_run"]["id"]) == (1, 2)
    assert (found["last_run"]["outcome"], found["last_run"]["reason"]) == ("failed", message)
    assert (found["movies"], found["schema_version"], found["database"]) == (10, SCHEMA_VERSION, str(place.database))
    assert f"failed: {message}" in " ".join(place.run("status").stdout.split())


def aged(place: Place, age: timedelta) -> Place:
    """Make the data older."""
    with duckdb.connect(str(place.database)) as connection:
        finished = datetime.now(UTC).replace(tzinfo=None) - age
        connection.execute("UPDATE ingests SET finished_at = $finished", {"finished": finished})
    return place


def max_age(place: Place, limit: str) -> Result:
    """Ask whether the data are older, in silence."""
    return place.run("status", "--quiet", "--max-age", limit)


@pytest.mark.parametrize(("limit", "is_old"), [("49h", False), ("47h", True), ("1d", True), ("1w", False)])
def test_data_may_be_too_old(place: Place, limit: str, is_old: bool) -> None:  # noqa: FBT001
    """The code is 1 then, else 0."""
    result = max_age(aged(place, timedelta(hours=48)), limit)
    assert result.returncode == int(is_old)
    assert bool(result.stderr) == is_old


def test_an_age_is_reported_in_a_suitable_unit(place: Place) -> None:
    """Data that are three hours old are not called 0 days old."""
    result = max_age(aged(place, timedelta(hours=3)), "1h")
    assert_fails(result, 1, "more than 1h", " old")
    assert "0 days" not in result.stderr


def test_an_invalid_age_is_wrong_usage(place: Place) -> None:
    """The error comes before any output; an enormous limit is simply never reached."""
    assert_fails(place.run("status", "--max-age", "soon"), 2, "--max-age soon is not an age")
    assert max_age(place, "99999999999w").returncode == 0


def test_changes_tell_fields_from_what_to_what(place: Place) -> None:
    """Films added and removed stand once, in that order; of a film changed each field, genres and companies too."""
    new = {"title": "New", "budget": "11", "release_date": "", "runtime": "81.5", "vote_count": "6"}
    lists = {"genres": literals(Music=2, Drama=18), "production_companies": "[]"}
    place.ingest(text(film(2, **new, **lists), *(film(number, runtime="") for number in range(3, 12))))
    changes = place.changes()
    assert [(row["id"], row["title"], row["change"], row["field"]) for row in changes[:2]] == [
        (11, "Film 11", "added", None),
        (1, "Film 1", "removed", None),
    ]
    assert {(row["id"], row["title"], row["change"]) for row in changes[2:]} == {(2, "New", "changed")}
    assert [(row["field"], row["old"], row["new"]) for row in changes[2:]] == [
        ("budget", "10", "11"),
        ("companies", "Acme", None),
        ("genres", "Drama", "Drama | Music"),
        ("release_date", "2001-02-03", None),
        ("runtime", None, "81.5"),
        ("title", "Film 2", "New"),
        ("vote_count", "5", "6"),
    ]
    assert [row["id"] for kind in ("added", "removed") for row in place.changes(kind)] == [11, 1]
    assert place.changes("changed") == changes[2:]


def test_every_field_of_a_film_can_change(place: Place) -> None:
    """None is left out of the comparison."""
    texts = ("imdb_id", "title", "original_title", "original_language", "overview", "tagline", "status")
    numbers = ("runtime", "budget", "revenue", "popularity", "vote_average", "vote_count")
    new = dict.fromkeys(texts, "new") | dict.fromkeys(numbers, "9") | {"adult": "True", "release_date": "1999-09-09"}
    place.ingest(films(1, **new, genres="[]", production_companies="[]"), merge=True)
    columns = {name for (name,) in place.query("SELECT column_name FROM duckdb_columns() WHERE table_name = 'movies'")}
    assert {row["field"] for row in place.changes()} == columns - {"id", "release_year"} | {"genres", "companies"}


def test_counts_of_the_ledger_are_those_of_the_changes(place: Place) -> None:
    """The command line shows the same rows as Python."""
    place.ingest(text(*(film(number, budget=str(number % 7)) for number in range(2, 15))))
    last, changes = place.ledger()[-1], place.changes()
    counts = Counter(kind for _, kind in {(row["id"], row["change"]) for row in changes})
    assert counts == {"added": 4, "removed": 1, "changed": 9}
    assert {kind: last[f"films_{kind}"] for kind in counts} == counts
    assert last["films_unchanged"] == 0
    shown = csv.DictReader(io.StringIO(place.run("changes", "--export", "csv").stdout, newline=""))
    assert list(shown) == [cells(row) for row in changes]


def test_the_same_data_change_nothing(place: Place) -> None:
    """However often and in any order; a later failure keeps the changes."""
    place.ingest(films(*range(10, 0, -1)))
    assert place.changes() == []
    assert place.ledger()[-1]["films_unchanged"] == 10
    place.ingest(films(*range(1, 12)))
    changes = place.changes()
    place.stops("x", "lacks the columns")
    place.stops(films(1), "would be lost")
    assert place.changes() == changes
    assert len(changes) == 1


def test_one_company_with_a_comma_is_not_two(place: Place) -> None:
    """That a name was divided, as the daily files divide some, is a change."""
    place.ingest(films(1, production_companies=literals(**{"Acme, Sons": 1})), merge=True)
    row = place.ingest(films(1, production_companies=literals(Acme=1, Sons=2)), merge=True)
    assert row["films_changed"] == 1
    assert [row["field"] for row in place.changes()] == ["companies"]


def test_a_first_ingest_has_no_changes(tmp_path: Path) -> None:
    """There is nothing to compare with, and the ledger counts all films as added."""
    place = Place(tmp_path)
    assert place.ingest(films(1, 2))["films_added"] == 2
    assert place.changes() == []
    result = place.run("changes")
    words = "The first ingest has nothing to compare with: all its films are new.\n"
    assert (result.returncode, result.stdout, result.stderr) == (0, "", words)
    place.ingest(films(1, 2), force=True)
    assert place.run("changes").stderr == "No changes.\n"


def test_an_export_without_rows_has_a_header(place: Place) -> None:
    """No rejects and no changes are good news, not an error."""
    headers = {"rejects": "ingest,file,line,reason,message,raw", "changes": "id,title,change,field,old,new"}
    for command, columns in headers.items():
        result = place.run(command, "--export", "csv")
        assert (result.returncode, result.stdout.splitlines()) == (0, [columns])


def test_a_second_ingest_waits_or_names_the_first(place: Place, tmp_path: Path) -> None:
    """Without --wait, or when that is over, it says which process is in its way; else it has its turn."""
    path = place.file(films(*range(1, 13)))
    with waiting(place) as first:
        for options in ([], ["--wait", "0.2"]):
            assert_fails(place.run("ingest", path, *options), 1, f"process {first.pid}", "--wait SECONDS")
        command = ("ingest", path, "--wait", str(LIMIT), "--database", place.database)
        with queueing(tmp_path / "waits", *command) as second:
            first.communicate(films(*range(1, 12)), timeout=LIMIT)
    assert (first.returncode, second.returncode) == (0, 0)
    assert [(row["outcome"], row["source"], row["films_added"]) for row in place.ledger()[1:]] == [
        ("loaded", "-", 1),
        ("loaded", str(path), 1),
    ]


def test_many_records_of_the_same_films_are_a_warning(tmp_path: Path) -> None:
    """A record for each genre of a film, say; a few duplicates are none."""
    place = Place(tmp_path)
    row = place.ingest(films(1, 1, 1, 2, 2, 3))
    assert (row["movies"], row["duplicates"]) == (3, 3)
    assert "3 of 6 records repeat the id of another" in row["reason"]
    assert place.ingest(films(1, 1, 2, 3))["reason"] is None
