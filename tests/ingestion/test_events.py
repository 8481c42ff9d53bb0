"""Change events: what recent ingests did to each film, for programs that keep a copy."""

import json
from collections.abc import Mapping
from typing import Any

import duckdb
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import movie_reports
from films import text
from fuzzing import examples
from movie_reports.ingestion import delta
from program import assert_fails, printed
from runs import Place, film, films, literals, with_rejects
from serving import API, asking

Events = list[dict[str, Any]]

NAMES = (
    "coalesce((SELECT list(name ORDER BY name) FROM movie_{0} JOIN {0} AS names ON names.id = {1}_id "
    "WHERE movie_id = movies.id), []) AS {0}"
)
KINDS = {
    "genres": "genre",
    "companies": "company",
    "countries": "country",
    "collections": "collection",
    "keywords": "keyword",
    "people": "person",
}
LISTS = ", ".join(NAMES.format(*each) for each in KINDS.items())
WHOLE = f"SELECT movies.*, {LISTS} FROM movies"  # noqa: S608 (our own)

made_films = st.fixed_dictionaries(
    {
        "id": st.integers(1, 9).map(str),
        "title": st.sampled_from(["One", 'Two "2"', "Three, 3", ""]),
        "release_date": st.sampled_from(["2001-02-03", "1999-12-31", ""]),
        "budget": st.sampled_from(["0", "10", "1000000"]),
        "popularity": st.sampled_from(["1", "0.1", "21.946943", "1e3", ""]),
        "adult": st.sampled_from(["True", "False"]),
        "keywords": st.sampled_from(["", "[]", literals(robot=1), literals(robot=1, toy=2)]),
        "genres": st.sampled_from(["", literals(Drama=1), literals(**{"A | B": 1}), literals(A=1, B=2)]),
        "production_companies": st.sampled_from(["", literals(Acme=1), literals(Acme=1, Nova=2)]),
        "production_countries": st.sampled_from(
            ["", "['Peru']", "[{'iso_3166_1': 'CL', 'name': 'Chile'}, {'name': 'Peru'}]"]
        ),
        "belongs_to_collection": st.sampled_from(["", "{'id': 1, 'name': 'One Collection'}"]),
    }
)
sources = st.lists(made_films, min_size=1, max_size=8)


def events(place: Place, since: int) -> Events:
    """Return the events after an ingest as the command line writes them."""
    lines = printed("changes", "--since", str(since), "--export", "ndjson", "--database", place.database)
    return [json.loads(line) for line in lines.splitlines()]


def stored(place: Place) -> dict[int, dict[str, Any]]:
    """Return the films of a database with their fields as JSON has them."""
    with duckdb.connect(str(place.database), read_only=True) as connection:
        rows = connection.sql(WHOLE).to_arrow_table().to_pylist()
    return {row["id"]: json.loads(json.dumps({**row, "id": 0}, default=str)) for row in rows}


def folded(copy: dict[int, dict[str, Any]], found: Events) -> dict[int, dict[str, Any]]:
    """Bring a copy of films up to date by events."""
    for event in found:
        if event["after"] is None:
            assert copy.pop(event["id"]) == {"id": 0} | event["before"]
        else:
            old = copy.get(event["id"], {"id": 0})
            assert event["before"] is None or old | event["before"] == old
            copy[event["id"]] = old | event["after"]
    return copy


@examples(3)
@given(sources, st.lists(st.tuples(sources, st.sampled_from(["dump", "built", "copied"])), min_size=1, max_size=3))
def test_a_copy_that_follows_the_events_has_the_same_films(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[dict[str, str]],
    others: list[tuple[list[dict[str, str]], str]],
) -> None:
    """After dumps and deltas, however these are merged; each event is numbered and keeps to the published schema."""
    place = Place(tmp_path_factory.mktemp("events"))
    rules: Mapping[str, Any] = {"allow_shrink": True, "allow_unread": True, "force": True}
    place.ingest(text(*first), with_="keywords", **rules)
    copy = stored(place)
    for content, way in others:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(delta, "SMALL", float("inf") if way == "copied" else 0)
            place.ingest(text(*content), merge=way != "dump", **rules)
        found = events(place, place.ledger()[-2]["id"])
        counts = [place.ledger()[-1][f"films_{change}"] for change in ("added", "changed", "removed")]
        assert [(event["number"], event["count"]) for event in found] == [
            (number, sum(counts)) for number in range(1, sum(counts) + 1)
        ]
        assert folded(copy, found) == stored(place)
    everything = events(place, 1)
    assert [event["ingest"] for event in everything] == sorted(event["ingest"] for event in everything)
    jsonschema.validate(everything, json.loads(printed("schema", "--report", "events")))


def test_an_event_tells_what_a_film_was_and_is(place: Place) -> None:
    """Values have their types; lists are lists, whatever their names contain."""
    place.ingest(text(film(1, genres=literals(**{"A | B": 1}), budget="10"), film(2), film(3)))
    place.ingest(
        text(film(1, genres=literals(A=1, B=2), budget="0"), film(2), film(4, popularity="0.1")), allow_shrink=True
    )
    changed, removed, added = events(place, 1)
    assert (changed["id"], changed["title"], changed["change"]) == (1, "Film 1", "changed")
    assert changed["before"] == {"budget": 10, "genres": ["A | B"]}
    assert changed["after"] == {"budget": None, "genres": ["A", "B"]}
    assert (removed["id"], removed["change"], removed["after"]) == (3, "removed", None)
    assert removed["before"]["title"] == "Film 3"
    assert (added["id"], added["change"], added["before"], added["after"]["popularity"]) == (4, "added", None, 0.1)
    assert {event["version"] for event in (changed, removed, added)} == {1}
    ended = place.ledger()[-1]["finished_at"]
    assert {event["loaded_at"] for event in (changed, removed, added)} == {f"{ended:%Y-%m-%dT%H:%M:%S.%fZ}"}
    assert [event["id"] for event in events_of(place, "--change", "added")] == [4]


def events_of(place: Place, *options: str) -> Events:
    """Return the events after the first ingest."""
    found: Events = json.loads(place.run("changes", "--since", "1", *options, "--export", "json").stdout)
    return found


def test_the_first_films_are_no_events(place: Place) -> None:
    """There is nothing to compare them with; who wants all films takes all films."""
    place.ingest(films(1, 2))
    assert events(place, 1) == []
    assert_fails(place.run("changes", "--since", "0"), 3, "not kept", "those since ingest 1", "take all films")
    assert_fails(place.run("changes", "--since", "2"), 3, "there was no ingest 2", "the last is 1")


def test_ingests_that_fail_have_no_events_and_remove_none(place: Place) -> None:
    """Those before them are still there."""
    place.ingest(films(*range(1, 10)))
    place.ingest(films(*range(2, 11)), allow_shrink=True)
    before = events(place, 1)
    for merge in (False, True):
        place.stops(with_rejects(5, 5), "reject", merge=merge)
    assert events(place, 1) == before
    assert events(place, 3) == []


def aged(place: Place, days: int) -> None:
    """Let all events be older."""
    with duckdb.connect(str(place.database)) as connection:
        connection.execute("UPDATE events SET loaded_at = loaded_at - INTERVAL 1 DAY * $days", {"days": days})


@pytest.mark.parametrize("merge", [True, False])
def test_events_are_kept_for_seven_days(place: Place, merge: bool) -> None:  # noqa: FBT001 (a case)
    """Then they go, one ingest after another; those of the last ingest stay."""
    place.ingest(films(1, 2, 3))
    place.ingest(films(4), merge=True)
    aged(place, 5)
    place.ingest(films(5), merge=True)
    aged(place, 3)
    assert [event["id"] for event in events(place, 1)] == [4, 5]
    place.ingest(films(6) if merge else films(*range(1, 7)), merge=merge)
    assert [event["id"] for event in events(place, 2)] == [5, 6]
    assert_fails(place.run("changes", "--since", "1"), 3, "since ingest 1 are not kept", "since ingest 2")
    aged(place, 100)
    assert [event["id"] for event in events(place, 2)] == [5, 6]


def test_events_do_not_grow_without_limit(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest ingests lose theirs when there are more events than films, and than a small number."""
    monkeypatch.setattr("movie_reports.ingestion.films.MOST_EVENTS", 0)
    place.ingest(films(*range(1, 5)))
    for number in range(4):
        place.ingest(films(1, 2, title=f"Title {number}"), merge=True)
    kept = "SELECT ingest_id, count(*) FROM events GROUP BY ALL ORDER BY ALL"
    assert place.query(kept) == [(4, 2), (5, 2)]
    place.ingest(films(*range(1, 5), title="New"))
    assert place.query(kept) == [(6, 4)]


def test_programs_ask_for_events_as_people_do(place: Place) -> None:
    """Over HTTP, in Python and on the command line they are the same."""
    place.ingest(films(1, 2, 3))
    for number in (4, 5):
        place.ingest(films(number, title=f"Film {number}"), merge=True)
    for since in (1, 2, 3):
        lines = printed("changes", "--since", str(since), "--export", "ndjson", "--database", place.database)
        found = [json.loads(line) for line in lines.splitlines()]
        with asking(place.database) as client:
            assert client.get(f"{API}/changes?since={since}&format=ndjson").text == lines
            answer = client.get(f"{API}/changes?since={since}&limit=1").json()
            assert (answer["rows"], answer["count"]) == (found[:1], len(found))
            if answer["next"]:
                assert client.get(f"{API}/{answer['next']}").json()["rows"] == found[1:2]
        with movie_reports.open(place.database) as database:
            rows = database.changes(since=since).to_pylist()
        assert [
            {**row, **{name: json.loads(row[name] or "null") for name in ("before", "after")}} for row in rows
        ] == found


def test_events_that_are_gone_are_410(place: Place) -> None:
    """The problem names the oldest ingest since which there are all; Python's error does, too."""
    place.ingest(films(1, 2, 3))
    place.ingest(films(4), merge=True)
    with asking(place.database) as client:
        answer = client.get(f"{API}/changes?since=0")
        assert (answer.status_code, answer.headers["content-type"]) == (410, "application/problem+json")
        assert answer.json()["oldest"] == 1
        problem = client.get(f"{API}/openapi.json").json()["components"]["schemas"]["Problem"]
        jsonschema.validate(answer.json(), problem)
        assert len(client.get(f"{API}/changes?since={answer.json()['oldest']}").json()["rows"]) == 1
        assert client.get(f"{API}/changes?since=9").status_code == 404
    with movie_reports.open(place.database) as database, pytest.raises(movie_reports.GoneError) as gone:
        database.changes(since=0)
    assert gone.value.oldest == 1
