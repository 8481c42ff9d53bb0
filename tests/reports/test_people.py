"""Reports on directors, writers and actors are right; they are loaded if they are asked for, and only then."""

import csv
import io
import json
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import movie_reports
import oracle
from against import Case, check
from archives import archived
from films import NASTY, text
from fuzzing import examples
from program import assert_fails, run
from runs import Place, film, films

NONE = "the database has no people: load them with 'movie-reports ingest --with people'"
ROLES: list[tuple[str, ...]] = [(), ("director",), ("writer",), ("actor",), ("director", "actor")]
People = list[tuple[int, str, str]]


@pytest.fixture(params=["real", "various"])
def case(request: pytest.FixtureRequest) -> Case:
    """Go through both sources: people in a file of their own, and in columns of the films."""
    return cast("Case", request.getfixturevalue(request.param))


def actor(name: str, number: int = 1, **others: object) -> dict[str, object]:
    """Return a member of a cast as sources have it."""
    return {
        "cast_id": 14,
        "character": "Woody (voice)",
        "credit_id": "52fe4284c3a36847f8024f95",
        "gender": 2,
        "id": number,
        "name": name,
        "order": 0,
        "profile_path": None,
    } | others


def maker(name: str, job: str, number: int = 1) -> dict[str, object]:
    """Return a member of a crew as sources have it."""
    credit = {"credit_id": "52fe4284c3a36847f8024f49", "department": "Directing", "gender": 0}
    return credit | {"id": number, "job": job, "name": name, "profile_path": "/a.jpg"}


def listed(*cells: tuple[str, ...], header: str = "cast,crew,id") -> str:
    """Write a file of people, with a record for each film from 1."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows((*found, number) for number, found in enumerate(cells, 1))
    return stream.getvalue()


def packed(place: Place, people: str, many: int = 3, name: str = "films.zip") -> Path:
    """Pack films with a file of people."""
    made = films(*range(1, many + 1))
    return archived(place.folder / name, {"movies_metadata.csv": made, "credits.csv": people})


def found(place: Place) -> People:
    """Return who made which film in which roles."""
    return place.query(
        "SELECT movie_id, name, concat_ws(' ', CASE WHEN is_director THEN 'director' END, "
        "CASE WHEN is_writer THEN 'writer' END, CASE WHEN is_actor THEN 'actor' END) "
        "FROM movie_people JOIN people ON id = person_id ORDER BY ALL"
    )


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_each_person_has_the_figures_of_the_films(case: Case, role: tuple[str, ...]) -> None:
    """Each film once, whatever the person did for it; of some roles only, if that is asked."""
    kept = oracle.in_roles(case.films, *role) if role else case.films
    for by in ("year", "decade", "all"):
        check(case.database.person(by=by, role=role), oracle.named(kept, "person", by=by))
    rows = oracle.named(kept, "person", by="decade", metrics=["revenue"])
    top = oracle.top(rows, 2, "revenue", within="decade")
    check(case.database.person(by="decade", metrics="revenue", role=role, top=2), top)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_shares_are_of_all_films_of_people_in_these_roles(case: Case, role: tuple[str, ...]) -> None:
    """Each counted once; ranks are among all of these people."""
    kept = oracle.in_roles(case.films, *role) if role else case.films
    rows = oracle.named(kept, "person", by="decade")
    wanted = ["releases", "share", "rank"]
    compared = oracle.compared(rows, kept, "person", "decade", "releases")
    expected = {(row["person"], row["decade"]): [row[name] for name in wanted] for row in compared}
    table = case.database.person(by="decade", metrics=wanted, role=role).to_pylist()
    assert {(row["person"], row["decade"]): [row[name] for name in wanted] for row in table} == {
        key: pytest.approx(values) for key, values in expected.items()
    }


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_report_takes_people_as_a_filter(case: Case, role: tuple[str, ...]) -> None:
    """Of one person, of any of two, of both, and of anyone; with what they did."""
    kept = oracle.in_roles(case.films, *role) if role else case.films
    first = oracle.top(oracle.named(kept, "person", by="all"), 2, "releases")[:2]
    names = [row["person"] for row in first]
    options: list[dict[str, Any]] = [{"person": names[:1]}, {"person": names}, {"has": "person"}]
    for asked in [*options, {"person": names, "all_of": True}]:
        expected = oracle.kept(kept, asked)
        if not expected:
            assert "all_of" in asked
            continue
        check(case.database.company(**asked, role=role, exact=True), oracle.company(expected))
        check(case.database.genres(**asked, role=role, exact=True), oracle.genres(expected))
        check(case.database.films(**asked, role=role, exact=True), oracle.listing(expected))


@pytest.mark.parametrize("words", ["", "ann", "Ë", "tom h"])
def test_the_catalogue_lists_the_people_with_their_films(case: Case, words: str) -> None:
    """Those whose names contain the words, most films first, or none."""
    table = case.database.people(words or None)
    assert table.drop_columns("tmdb_ids").to_pylist() == oracle.catalogue(case.films, "person", words)


def test_a_role_is_that_of_a_person(various: Case) -> None:
    """Alone it says nothing of a film."""
    for arguments in (["films", "--role", "actor"], ["company", "--role", "actor"]):
        result = run(*arguments, "--database", various.database.path)
        assert_fails(result, 2, "role says what a person did for a film: name one with --person")


PLAIN = st.sampled_from(
    ["Ann", "Zoë", "O'Hara", 'Say "x"', "It's 'so': x", "'", "''", "a'", "Back\\slash", "\u00a0x", "x]"]
)
CASTS = st.lists(st.builds(actor, PLAIN, st.integers(1, 9), character=PLAIN), max_size=3)
JOBS = st.sampled_from(["Director", "Writer", "Novel", "Editor", "Characters", "Art Direction", "Writer's Assistant"])
CREWS = st.lists(st.builds(maker, PLAIN, JOBS, st.integers(1, 9)), max_size=3)
SEPARATORS = {"python": None, "json": (", ", ": "), "compact": (",", ":")}


def written(value: object, way: str) -> str:
    """Write a list in the words of Python, or as JSON."""
    return json.dumps(value, separators=SEPARATORS[way]) if SEPARATORS[way] else repr(value)


def roles_of(fields: dict[str, str]) -> list[tuple[str, set[str]]]:
    """Return the people of a record with their roles as the oracle has them."""
    found = oracle.credits_of(fields)
    names = {name for name, _ in found}
    return sorted((name, {role for each, role in found if each == name}) for name in names)


@examples(4)
@given(st.lists(st.tuples(CASTS, CREWS), min_size=20, max_size=60), st.sampled_from(list(SEPARATORS)))
def test_any_people_are_read_as_python_reads_them(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[list[dict[str, str]], list[dict[str, str]]]], way: str
) -> None:
    """Whatever quotation marks, apostrophes and colons are in names and characters, in Python's words or as JSON."""
    place = Place(tmp_path_factory.mktemp("any"))
    people = listed(*((written(cast_, way), written(crew, way)) for cast_, crew in made))
    place.ingest(packed(place, people, len(made)), with_="people", allow_shrink=True)
    expected = [
        (number, *each)
        for number, (cast_, crew) in enumerate(made, 1)
        for each in roles_of({"cast": repr(cast_), "crew": repr(crew)})
    ]
    assert [(number, name, set(roles.split())) for number, name, roles in found(place)] == expected
    assert place.query("FROM unread_fields") == []


@pytest.mark.parametrize("name", NASTY, ids=ascii)
def test_a_nasty_name_is_that_person(place: Place, name: str) -> None:
    """It is found, printed harmlessly on one line, and exported exactly."""
    place.ingest(packed(place, listed((repr([actor(name)]), repr([maker(name, "Director")])))), with_="people")
    with movie_reports.open(place.database) as database:
        assert database.person(name, exact=True)["person"].to_pylist() == [name]
        assert database.films(person=name, exact=True, role="director")["id"].to_pylist() == [1]
    result = place.run("person")
    assert result.returncode == 0
    assert "\x1b" not in result.stdout


def test_people_are_only_loaded_if_they_are_asked_for(place: Place) -> None:
    """Without that their file is ignored, however damaged; reports say how to load them."""
    source = packed(place, listed(("[{", "x")))
    assert place.ingest(source)["reason"] is None
    assert place.query("SELECT name FROM ingest_files WHERE role = 'ignored'") == [("credits.csv",)]
    for arguments in (("person",), ("person", "x"), ("people",), ("genres", "--person", "x")):
        assert_fails(place.run(*arguments), 3, NONE)
    row = place.ingest(films(1), with_="people", allow_shrink=True)
    assert row["reason"] == "the source has no people: neither a file such as credits.csv nor a column of films"


def test_the_first_people_are_no_changes_of_films(place: Place) -> None:
    """Later ones are, with their roles."""
    ann = repr([actor("Ann")])
    place.ingest(packed(place, listed((ann, "[]"))))
    assert place.ingest(packed(place, listed((ann, "[]"))), with_="people")["films_changed"] == 0
    changed = packed(place, listed((repr([actor("Ann"), actor("Bo")]), repr([maker("Ann", "Writer")]))), name="new.zip")
    assert place.ingest(changed)["films_changed"] == 1
    assert [(row["field"], row["old"], row["new"]) for row in place.changes()] == [
        ("people", "Ann (actor)", "Ann (writer, actor) | Bo (actor)")
    ]
    with movie_reports.open(place.database) as database:
        (event,) = database.changes(since=2).to_pylist()
    assert json.loads(event["after"]) == {"people": ["Ann (writer, actor)", "Bo (actor)"]}


def test_cells_and_lines_that_cannot_be_read_are_counted(place: Place) -> None:
    """Damaged lists, lines without an id, and lines with too many fields; the others are loaded."""
    good = (repr([actor("Ann")]), repr([maker("Bo", "Director")]))
    lines = listed(*[good] * 98, (good[0][:-9], good[1]), (good[0], "Tom Hanks"))
    lines += lines.splitlines()[-1].rpartition(",")[0] + ",x\n" + "[],[],1,[]\n"
    place.ingest(packed(place, lines, 100), with_="people")
    assert place.query("SELECT field, films FROM unread_fields ORDER BY ALL") == [("cast", 3), ("crew", 1)]
    assert len(found(place)) == 198
    bad = listed(*[(good[0].replace("'id': 1", "'id: 1"), good[1])] * 100)
    place.stops(packed(place, bad, 100, "bad.zip"), "cast cannot be read in 100 of 100 films")


def test_films_that_would_lose_their_people_are_refused(place: Place) -> None:
    """As for any list of names."""
    people = listed(*((repr([actor(f"Actor {number}", number)]), "[]") for number in range(20)))
    place.ingest(packed(place, people, 20), with_="people")
    place.stops(films(*range(1, 21)), "people would be known of 0% of the films, and is now of 100%")
    assert len(found(place)) == 20


@pytest.mark.parametrize("is_small", [True, False], ids=["copied", "built"])
def test_films_of_a_delta_keep_people_that_it_does_not_tell(place: Place, is_small: bool) -> None:  # noqa: FBT001
    """Others have those of the delta, or none if its lists are empty; films that it lacks keep theirs."""
    cells = [(repr([actor(f"Actor {number % 9}")]), repr([maker("Bo", "Director")])) for number in range(1, 301)]
    place.ingest(packed(place, listed(*cells), 300), with_="people")
    before = found(place)
    size = 0 if is_small else 2 * place.database.stat().st_size
    delta = text(
        film(1, title="New", overview="x" * size, cast="", crew=""),
        film(2, cast="[]", crew="[]"),
        film(3, cast=repr([actor("Bo")]), crew=repr([maker("Bo", "Editor")])),
    )
    assert place.ingest(delta, merge=True)["films_changed"] == 3
    expected = [each for each in before if each[0] not in {2, 3}] + [(3, "Bo", "actor")]
    assert found(place) == sorted(expected)
    place.ingest(films(1, 2, 3), merge=True)
    assert found(place) == sorted(expected)


def test_names_between_commas_have_the_roles_of_their_columns(place: Place) -> None:
    """As TMDB's daily file has them."""
    rows = [
        film(1, cast="Ann, Robert Downey Jr.", director="Bo", writers="Ann, Cy"),
        film(2, cast="Ann", director="Ann, Bo", writers=""),
    ]
    row = place.ingest(text(*rows), with_="people")
    assert found(place) == [
        (1, "Ann", "writer actor"),
        (1, "Bo", "director"),
        (1, "Cy", "writer"),
        (1, "Robert Downey Jr.", "actor"),
        (2, "Ann", "director actor"),
        (2, "Bo", "director"),
    ]
    assert "cast are names between commas" in row["decisions"]


def test_credits_in_json_are_read(place: Place) -> None:
    """As TMDB 5000 has them, under other names of columns."""
    cast_ = [{"cast_id": 2, "character": "Jake", "credit_id": "5", "gender": 2, "id": 6, "name": 'Zoë "Z"', "order": 0}]
    cells = json.dumps(cast_), json.dumps([maker("Cameron", "Director"), maker("Cameron", "Producer")])
    people = listed(*[("Avatar", *cells)], header="title,cast,crew,movie_id")
    place.ingest(
        archived(place.folder / "5000.zip", {"tmdb_5000_movies.csv": films(1), "tmdb_5000_credits.csv": people}),
        with_="people",
    )
    assert found(place) == [(1, "Cameron", "director"), (1, 'Zoë "Z"', "actor")]
