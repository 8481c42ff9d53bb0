"""Batches of messages end in the tables that a dump of the same films makes."""

import json
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("confluent_kafka", reason="the extra 'stream' is not installed")

import duckdb
import pyarrow as pa

import movie_reports
from fuzzing import examples
from kafka import film, removal
from movie_reports.streaming.batch import Batch, Limits, load
from movie_reports.streaming.state import Settings
from runs import Place
from streaming_oracle import ROWS, Message, fold, is_reject, rows
from tables import contents

FILMS = ("movies", "genres", "companies", "movie_genres", "movie_companies", "movie_ratings", "popularity_scale")
LAX = Limits("100%")

REPEATED = """
CREATE TEMP TABLE runs AS
SELECT last.id + number AS id
FROM (SELECT max(id) AS id FROM ingests) AS last, range(1, $times + 1) AS numbers(number);
INSERT INTO ingests BY NAME
SELECT
    runs.id, started_at, finished_at, source, source_sha256, mode, outcome, tool_version, engine_version,
    2 AS records, 1 AS movies, 0 AS duplicates, 1 AS rejects, 0 AS removals, 0 AS repaired,
    0 AS films_added, 1 AS films_changed, 0 AS films_removed, 1 AS films_unchanged
FROM runs, (FROM ingests ORDER BY id LIMIT 1);
INSERT INTO rejects SELECT id, 'films/0', id, 'id', 'no id', 'x' FROM runs;
"""

names = st.lists(st.sampled_from(["Drama", "Dráma", "War", "A & B", "It's"]), max_size=3, unique=True).map(
    lambda found: [{"id": len(name), "name": name} for name in found]
)
messages = st.one_of(
    st.builds(
        film,
        st.integers(0, 9),
        title=st.sampled_from(["One", "Two", "Ünï"]),
        release_date=st.sampled_from(["2001-02-03", "1999-12-31"]),
        budget=st.sampled_from([0, 10, 1_000_000]),
        revenue=st.sampled_from([0, 30, 5_000_000]),
        vote_count=st.sampled_from([0, 5, 100]),
        genres=names,
        production_companies=names,
    ),
    st.builds(removal, st.integers(0, 9)),
    st.sampled_from(
        [(b"x", b"{}"), (b"1", b"[1]"), (b"2", b"\xff"), (None, b"{}"), (b"3", b'{"title": "Alone"}'), film(4, id=5)]
    ),
)
batches = st.lists(st.lists(messages, min_size=1, max_size=8), min_size=1, max_size=6)


def batch(found: list[Message], start: int) -> Batch:
    """Return messages as a batch of one partition that begins at an offset."""
    end = {0: start + len(found)}
    columns = {
        "number": pa.array(range(len(found)), pa.int64()),
        "partition": pa.array([0] * len(found), pa.int32()),
        "message_offset": pa.array(range(start, end[0]), pa.int64()),
        "key": pa.array([key for key, _ in found], pa.binary()),
        "value": pa.array([value for _, value in found], pa.binary()),
    }
    return Batch("kafka://broker:9092/films", "films", pa.table(columns), {0: start} if start else {}, end, end)


def follow(place: Place, found: list[Message], settings: Settings | None = None) -> dict[str, Any]:
    """Load one more batch."""
    start = 0
    if place.database.exists():
        ((start,),) = place.query("SELECT coalesce(max(next_offset), 0) FROM streams")
    return load(batch(found, start), place.database, settings or Settings(), LAX)


def dump(place: Place, films: dict[int, dict[str, Any]]) -> None:
    """Load films as a dump of JSON."""
    lines = [json.dumps({**film, "id": number}) for number, film in films.items()]
    place.ingest(place.file("\n".join(lines), "films.ndjson"), force=True)


@examples(5)
@given(batches)
def test_batches_end_in_the_tables_of_a_dump(
    tmp_path_factory: pytest.TempPathFactory, found: list[list[Message]]
) -> None:
    """After each batch the films are the fold of all messages, and the ledger counts each message once."""
    folder = tmp_path_factory.mktemp("stream")
    streamed, dumped = Place(folder / "streamed"), Place(folder / "dumped")
    streamed.folder.mkdir()
    sent: list[Message] = []
    for part in found:
        before = fold(sent)
        sent += part
        row, now = follow(streamed, part), fold(sent)
        assert streamed.query(ROWS) == rows(now)
        assert {name: row[name] for name in ("records", "movies", "removals", "duplicates", "rejects")} == _counts(part)
        changed = {number for number in before.keys() & now.keys() if before[number] != now[number]}
        figures = len(now.keys() - before.keys()), len(changed), len(before.keys() - now.keys())
        assert tuple(row[f"films_{name}"] for name in ("added", "changed", "removed")) == figures
        assert sum(figures[:2]) + row["films_unchanged"] == len(now)
        listed = Counter(change["change"] for change in {row["id"]: row for row in streamed.changes()}.values())
        assert listed == (Counter(dict(zip(("added", "changed", "removed"), figures, strict=True))) if before else {})
    if now:
        dump(dumped, now)
        tables = [{name: contents(place)[name] for name in FILMS} for place in (streamed, dumped)]
        assert tables[0] == tables[1]


def test_a_stream_loads_the_names_that_an_ingest_was_asked_for(place: Place) -> None:
    """Messages replace those of their films; where one does not tell them, the film keeps them."""
    names = "SELECT movie_id, name FROM movie_{0} JOIN {0} ON id = {1}_id ORDER BY ALL"
    found = names.format("keywords", "keyword"), names.format("people", "person")
    known = {"keywords": [{"id": 7, "name": "toy"}], "cast": [{"id": 8, "name": "Ann"}]}
    for film_ in ({"title": "One"}, {"title": "One"} | known):
        follow(place, [film(1, **film_)])
        assert [place.query(query) for query in found] == [[], []]
    dump(place, {number: json.loads(film(number, **known)[1] or "") for number in (1, 2, 3)})
    place.ingest(place.folder / "films.ndjson", with_="keywords,people")
    crew = [{"id": 9, "job": "Director", "name": "Bo"}]
    row = follow(place, [film(1, title="Two"), film(2, keywords=[], crew=crew), film(3, **known), removal(4)])
    assert [place.query(query) for query in found] == [[(1, "toy"), (3, "toy")], [(1, "Ann"), (2, "Bo"), (3, "Ann")]]
    assert (row["films_changed"], row["loaded_with"]) == (2, "keywords,people")


def _counts(part: list[Message]) -> dict[str, int]:
    good = [message for message in part if not is_reject(message)]
    last = {int(key): value for key, value in good if key}
    removals = sum(not value for value in last.values())
    return {
        "records": len(part),
        "movies": len(last) - removals,
        "removals": removals,
        "duplicates": len(good) - len(last),
        "rejects": len(part) - len(good),
    }


def test_a_batch_is_loaded_only_on_the_offsets_that_it_follows(tmp_path: Path) -> None:
    """Neither twice nor after a gap; the films stay, and the ledger tells."""
    place = Place(tmp_path)
    follow(place, [film(1)])
    for start in (0, 5):
        with pytest.raises(movie_reports.RefusedError, match=r"has films until 0:1, and the batch begins at"):
            load(batch([film(2)], start), place.database, Settings(), LAX)
    assert place.query("SELECT id FROM movies") == [(1,)]
    assert place.query("SELECT next_offset FROM streams") == [(1,)]
    assert [row["outcome"] for row in place.ledger()] == ["loaded", "refused", "refused"]


def test_what_a_value_means_does_not_depend_on_its_batch(tmp_path: Path) -> None:
    """Texts that mean one thing among others in a dump are not understood, unless the settings say what they mean."""
    odd = film(1, release_date="5/4/1995", budget="30.000", revenue="7", genres="Drama|War")
    others = [
        film(number, release_date="25/12/1995", budget="1.500.000", genres="War|Sci-Fi") for number in range(2, 9)
    ]
    plain, told = Place(tmp_path / "plain"), Place(tmp_path / "told")
    settings = Settings("dmy", "comma", "|", "thousands")
    for place, known in ((plain, None), (told, settings)):
        place.folder.mkdir()
        follow(place, [odd], known)
        follow(place, others, known)
        follow(place, [film(20, release_date="43831"), film(21, release_date="1577836800000")], known)
    assert plain.query(ROWS)[0] == (1, "Film 1", None, None, 7, [], ["Acme"])
    assert told.query(ROWS)[0] == (1, "Film 1", "1995-04-05", 30_000_000, 7_000, ["Drama", "War"], ["Acme"])
    assert {row[2] for row in plain.query(ROWS)} == {None}
    assert {row[2] for row in told.query(ROWS)} == {"1995-04-05", "1995-12-25", None}
    assert [row[3] for row in told.query(ROWS)[1:3]] == [1_500_000_000] * 2


def test_members_have_the_usual_names_in_each_message(tmp_path: Path) -> None:
    """Or those that were given; what one message calls them says nothing of others."""
    place = Place(tmp_path)
    values = {"movie_title": "Named", "released": "2001-02-03", "budget_usd": 5, "revenue": None, "a/b~c": "de"}
    found = [(b"1", json.dumps(values).encode()), film(2), (b"3", json.dumps({**values, "title": "Its own"}).encode())]
    row = follow(place, found, Settings(columns={"original_language": "a/b~c"}))
    assert (row["movies"], row["rejects"]) == (3, 0)
    assert place.query("SELECT id, title, budget, original_language FROM movies ORDER BY id") == [
        (1, "Named", 5, "de"),
        (2, "Film 2", 10, None),
        (3, "Its own", 5, "de"),
    ]


def _repeat(place: Place, times: int) -> None:
    """Write what as many batches would have left in the ledger, each of a film and a reject."""
    with duckdb.connect(str(place.database)) as connection:
        for statement in connection.extract_statements(REPEATED):
            connection.execute(statement, {"times": times} if statement.named_parameters else {})


def test_the_ledger_does_not_grow_for_ever(tmp_path: Path) -> None:
    """Old batches become one row a day, with the sums of their counts and their rejects."""
    place = Place(tmp_path)
    follow(place, [film(1), (b"x", b"{}")])
    first = place.ledger()[0]
    _repeat(place, 1998)
    row = follow(place, [film(2)])
    assert row["id"] == 2000
    ledger = place.ledger()
    assert len(ledger) == 1001
    day = ledger[0]
    assert (day["id"], day["reason"], day["started_at"]) == (1000, "1000 batches in one row", first["started_at"])
    assert (day["records"], day["rejects"], day["movies"]) == (2000, 1000, 1000)
    assert place.query("SELECT ingest_id, count(*) FROM rejects GROUP BY ALL ORDER BY ALL")[0] == (1000, 1000)
    assert [each["id"] for each in islice(ledger, 1, 3)] == [1001, 1002]
    _repeat(place, 999)
    follow(place, [film(3)])
    ledger = place.ledger()
    assert (len(ledger), ledger[0]["id"], ledger[0]["reason"]) == (1001, 2000, "2000 batches in one row")
    assert sum(each["records"] for each in ledger) == 2 * 2997 + 2 + 1 + 1
