"""A small delta, merged into a copy of the database, ends in the same tables as a merge that writes all again."""

import os
import signal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

import movie_reports
from films import text
from fuzzing import examples
from ingesting import contents as contents_of
from ingesting import ingesting_to, limited, load
from movie_reports.ingestion import delta
from program import assert_fails
from runs import Place, film, films, literals
from tables import contents

REPORTS = ("company", "company_genres", "genres", "films", "companies", "genre_list", "changes")

names = st.dictionaries(
    st.sampled_from(["Drama", "Dráma", "War", "Sci-Fi", "A & B", "É"]), st.integers(1, 3), max_size=3
)
made_films = st.fixed_dictionaries(
    {
        "id": st.integers(1, 12).map(str),
        "title": st.sampled_from(["One", "Two", "Three", ""]),
        "release_date": st.sampled_from(["2001-02-03", "1999-12-31", "", "not a day"]),
        "budget": st.sampled_from(["0", "10", "1000000", "x"]),
        "revenue": st.sampled_from(["0", "30", "5000000"]),
        "vote_count": st.sampled_from(["0", "5", "100"]),
        "genres": names.map(lambda found: literals(**found)),
        "production_companies": names.map(lambda found: literals(**found)),
    }
)
sources = st.lists(made_films, min_size=1, max_size=6)
dumps = st.lists(made_films, min_size=6, max_size=20)


def merge(place: Place, content: str, *, copied: bool, **rules: object) -> str | None:
    """Merge a delta by changing a copy, or by building a new file, and return why it is refused."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delta, "SMALL", float("inf") if copied else 0)
        try:
            place.ingest(content, merge=True, force=True, **rules)
        except movie_reports.MovieReportsError as error:
            return str(error)
    return None


def reports(place: Place) -> dict[str, bytes]:
    """Return what the program exports."""
    with movie_reports.open(place.database) as database:
        return {name: str(getattr(database, name)().to_pylist()).encode() for name in REPORTS}


def without_folder(found: dict[str, list[tuple[object, ...]]], place: Place) -> str:
    """Return contents as text, without the folder in which the source was."""
    return str(found).replace(str(place.folder), "")


@examples(3)
@given(dumps, st.lists(st.tuples(sources, st.booleans()), min_size=1, max_size=5), st.booleans())
def test_a_copy_ends_in_the_same_tables(
    tmp_path_factory: pytest.TempPathFactory,
    dump: list[dict[str, str]],
    deltas: list[tuple[list[dict[str, str]], bool]],
    are_lax: bool,  # noqa: FBT001 (drawn)
) -> None:
    """After each delta, whether it is loaded or refused; so do the reports."""
    folder = tmp_path_factory.mktemp("both")
    places = Place(folder / "copied"), Place(folder / "built")
    rules = {"allow_unread": True, "max_rejects": "100%"}
    for place in places:
        place.ingest(text(*dump), **rules)
    for content, has_reject in deltas:
        csv = text(*content) + ("x,no id\n" if has_reject else "")
        refusals = [
            merge(place, csv, copied=number == 0, allow_shrink=are_lax, **(rules if are_lax else {}))
            for number, place in enumerate(places)
        ]
        assert refusals[0] == refusals[1]
        copied, built = (contents(place) for place in places)
        assert without_folder(copied, places[0]) == without_folder(built, places[1])
    assert reports(places[0]) == reports(places[1])


def some_films(first: int, last: int, round_: int) -> list[dict[str, str]]:
    """Make up films whose lists and figures depend on the round in which they come."""
    return [
        film(
            number,
            title=f"Film {number} of round {round_}",
            revenue=str(number * 1000 + round_),
            genres=literals(**{f"Genre {(number + round_) % 7}": (number + round_) % 7 + 1}),
            production_companies=literals(**{f"Company {(number * round_) % 50}": (number * round_) % 50 + 1}),
        )
        for number in range(first, last)
    ]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_many_deltas_end_in_the_tables_of_one_dump(tmp_path: Path) -> None:
    """The tables are written in order from time to time, and the file does not grow with the number of deltas."""
    merged, whole = Place(tmp_path / "merged"), Place(tmp_path / "whole")
    newest = {film["id"]: film for film in some_films(1, 200, 0)}
    merged.ingest(text(*newest.values()))
    sizes = []
    for round_ in range(1, 100):
        first = round_ * 37 % 200 + 1
        changed = some_films(first, first + 6, round_)
        newest |= {film["id"]: film for film in changed}
        assert merge(merged, text(*changed), copied=True) is None
        sizes.append(merged.database.stat().st_size)
    whole.ingest(text(*newest.values()))
    history = {"ingests", "ingest_files", "changes", "events"}
    tables = [
        {name: rows for name, rows in contents(place).items() if name not in history} for place in (merged, whole)
    ]
    assert tables[0] == tables[1]
    exports = [{name: rows for name, rows in reports(place).items() if name != "changes"} for place in (merged, whole)]
    assert exports[0] == exports[1]
    films_merged = [row["films_merged"] for row in merged.ledger()]
    assert films_merged[0] == 0
    assert 3 <= films_merged[1:].count(0) <= 6
    assert max(films_merged) <= 110
    assert max(sizes[50:]) <= 1.1 * max(sizes[:50])


def test_a_delta_of_films_that_are_there_changes_no_film(tmp_path: Path) -> None:
    """Nor does it count as one that puts the tables out of order."""
    place = Place(tmp_path)
    place.ingest(text(*some_films(1, 100, 0)))
    row = place.ingest(text(*some_films(5, 7, 0)), merge=True)
    assert [row[f"films_{name}"] for name in ("added", "changed", "removed", "unchanged", "merged")] == [0, 0, 0, 99, 0]


def test_a_database_of_another_version_is_written_again(tmp_path: Path) -> None:
    """Since that version may have folded names by another rule."""
    place = Place(tmp_path)
    place.ingest(text(*some_films(1, 100, 0)))
    with duckdb.connect(str(place.database)) as connection:
        connection.execute("UPDATE companies SET name_folded = 'as before'; UPDATE ingests SET tool_version = '0.0.1'")
    row = place.ingest(text(*some_films(5, 7, 1)), merge=True)
    assert row["films_merged"] == 0
    assert place.query("SELECT count(*) FROM companies WHERE name_folded = 'as before'") == [(0,)]


def test_the_ledger_keeps_the_last_ten_thousand_runs(tmp_path: Path) -> None:
    """From twenty thousand on, with their files and rejects, and with the last dump."""
    place = Place(tmp_path)
    place.ingest(text(*some_films(1, 100, 0)))
    with duckdb.connect(str(place.database)) as connection:
        connection.execute(
            """
            INSERT INTO ingests BY NAME
            SELECT * EXCLUDE n REPLACE (2 + n AS id, 'merge' AS mode) FROM ingests, range(19999) AS runs(n);
            INSERT INTO ingest_files BY NAME
            SELECT * EXCLUDE n REPLACE (2 + n AS ingest_id) FROM ingest_files, range(19999) AS runs(n);
            INSERT INTO rejects SELECT id, 'films.csv', 2, 'id', 'no id', 'x' FROM ingests
            """
        )
    row = place.ingest(films(200), merge=True)
    assert (row["id"], row["films_merged"]) == (20_001, 0)
    counts = "SELECT count(*), min({0}), max({0}) FROM {1} WHERE {0} > 1"
    assert place.query(counts.format("id", "ingests")) == [(10_001, 10_001, 20_001)]
    assert place.query(counts.format("ingest_id", "ingest_files")) == [(10_001, 10_001, 20_001)]
    assert place.query(counts.format("ingest_id", "rejects")) == [(10_000, 10_001, 20_000)]
    assert place.query("SELECT mode FROM ingests WHERE id = 1") == [("replace",)]
    assert place.ingest(text(*some_films(1, 100, 0)))["outcome"] == "unchanged"


def test_a_refused_delta_adds_a_row_to_a_copy(tmp_path: Path) -> None:
    """With its rejects; the films stay as they are, and so do the changes of the last ingest."""
    place = Place(tmp_path)
    place.ingest(text(*some_films(1, 100, 0)))
    place.ingest(text(*some_films(5, 7, 1)), merge=True)
    before, changes = place.data(), place.changes()
    place.stops(films(4) + "x,no id\n", "1 of 2 records", merge=True)
    assert (place.data(), place.changes()) == (before, changes)
    assert [(row["outcome"], row["films_merged"]) for row in place.ledger()] == [
        ("loaded", 0),
        ("loaded", 2),
        ("refused", 2),
    ]
    assert [row["line"] for row in place.rejects()] == [3]


def test_macros_of_the_file_are_not_run(tmp_path: Path) -> None:
    """Functions are the engine's own, whatever a file that others have made defines."""
    place = Place(tmp_path)
    place.ingest(text(*some_films(1, 100, 0)))
    with duckdb.connect(str(place.database)) as connection:
        for macro in ("list_distinct(x) AS [666]", "count(x) AS 666", "hash(x) AS 1", "max(x) AS 1"):
            connection.execute(f"CREATE MACRO {macro}")
    changed = film(5, genres=literals(Other=5), production_companies=literals(Other=7))
    assert place.ingest(text(changed), merge=True)["films_changed"] == 1
    assert place.query("SELECT tmdb_ids FROM companies WHERE name = 'Other'") == [([7],)]


SIGNS = (("lock", 0), ("build.duckdb", 0), ("build.duckdb", 500_000), ("movies-0.csv", 0), ("../movies.duckdb", 0))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals and limits are those of POSIX")
def test_a_delta_that_is_killed_or_finds_a_full_disk_leaves_the_old_data_or_the_new(tmp_path: Path) -> None:
    """At any moment; the next delta works, and clears away what was left."""
    place, sources = Place(tmp_path / "here"), Place(tmp_path / "sources")
    place.folder.mkdir()
    place.ingest(sources.file(text(*some_films(1, 2000, 0))))
    for round_ in range(1, 16):
        source = sources.file(text(*some_films(5, 7, round_)), "delta.csv")
        before = contents_of(place.database)
        with ingesting_to(SIGNS[round_ % len(SIGNS)], source, place.database, "--merge") as process:
            process.send_signal(signal.SIGKILL if round_ % 3 else signal.SIGINT)
        left = contents_of(place.database)
        load(source, place.database, "--merge")
        assert left in (before, contents_of(place.database))
    for most in (0, 100_000, place.database.stat().st_size - 1):
        limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))"
        before = contents_of(place.database)
        source = sources.file(text(*some_films(5, 7, 99)), "delta.csv")
        assert_fails(limited(limit, source, place.database, "--merge"), 1, str(place.database), "disk", "full")
        assert contents_of(place.database) == before
        assert place.left() == {"movies.duckdb"}
