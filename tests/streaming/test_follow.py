"""A topic is followed: films come, change and go with its messages, and the database knows how far it is."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("confluent_kafka", reason="the extra 'stream' is not installed")

from confluent_kafka import Producer

from kafka import QUIET, Broker, Followed, brokering, film, removal
from program import LIMIT
from runs import Place, films
from streaming_oracle import ROWS, fold, rows


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Run one broker."""
    with brokering(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.fixture
def followed(broker: Broker, tmp_path: Path) -> Followed:
    """Have a topic of its own, and a folder for its database."""
    broker.create(tmp_path.name)
    return Followed(broker, Place(tmp_path), tmp_path.name)


def test_a_topic_becomes_a_database(followed: Followed) -> None:
    """From its first message on; a second run goes on where the first ended."""
    messages = [
        film(number, budget=number, genres=[{"id": number % 3, "name": f"G{number % 3}"}]) for number in range(50)
    ]
    followed.send(*messages)
    row = followed.follows()
    assert (row["id"], row["mode"], row["outcome"], row["records"], row["films_added"]) == (
        1,
        "merge",
        "loaded",
        50,
        50,
    )
    assert followed.films() == rows(fold(messages))
    assert followed.offsets() == followed.ends()
    assert followed.follows() == row
    more = [film(3, title="Again"), removal(4), film(60)]
    followed.send(*more)
    row = followed.follows()
    assert (row["id"], row["films_added"], row["films_changed"], row["films_removed"]) == (2, 1, 1, 1)
    assert followed.films() == rows(fold([*messages, *more]))
    assert {(change["id"], change["change"]) for change in followed.place.changes()} == {
        (3, "changed"),
        (4, "removed"),
        (60, "added"),
    }


def test_another_kind_of_broker_gives_the_same_films(tmp_path: Path) -> None:
    """The broker that librdkafka has for tests is not the one of the other tests."""
    messages = [film(1), film(2), film(3), removal(2), film(1, title="Again"), (b"x", b"{}"), removal(9)]
    producer = Producer({"test.mock.num.brokers": 1, **QUIET})
    (server,) = producer.list_topics(timeout=LIMIT).brokers.values()
    for key, value in messages:
        producer.produce("films", key=key, value=value)
    assert producer.flush(LIMIT) == 0
    place = Place(tmp_path)
    for _ in range(2):
        result = place.run("follow", f"kafka://{server.host}:{server.port}/films", "--once")
        assert result.returncode == 0, result.stderr
    assert place.query(ROWS) == rows(fold(messages))
    assert [row["records"] for row in place.ledger()] == [7]
    assert place.query("SELECT sum(next_offset) FROM streams") == [(7,)]


def test_the_last_message_of_a_film_counts(followed: Followed) -> None:
    """Within a batch and against the database, whatever the votes; a removal is a message as any other."""
    followed.send(film(1, vote_count=9), film(1, title="Last", vote_count=1), film(2), removal(2), removal(3), film(3))
    row = followed.follows()
    assert (row["records"], row["movies"], row["duplicates"], row["removals"]) == (6, 2, 3, 1)
    assert [title for _, title, *_ in followed.films()] == ["Last", "Film 3"]
    followed.send(film(1, title="Later", vote_count=0))
    followed.follows()
    assert [title for _, title, *_ in followed.films()] == ["Later", "Film 3"]


def test_batches_of_one_kind(followed: Followed) -> None:
    """Only rejects, only films that are there just so, only removals, also of films that are not there."""
    followed.send(film(1), film(2, genres=[{"id": 1, "name": "War"}]))
    followed.follows()
    followed.send((b"x", b"{}"))
    row = followed.follows()
    assert (row["records"], row["rejects"], row["films_unchanged"]) == (1, 1, 2)
    followed.send(film(1), film(1))
    row = followed.follows()
    assert (row["movies"], row["duplicates"], row["films_changed"], row["films_unchanged"]) == (1, 1, 0, 2)
    followed.send(removal(2), removal(9))
    row = followed.follows()
    assert (row["removals"], row["films_removed"], row["films_unchanged"]) == (2, 1, 1)
    assert followed.place.query("SELECT name FROM genres") == [("Drama",)]
    followed.send(removal(1))
    followed.follows()
    assert followed.place.query("SELECT (SELECT count(*) FROM movies) + (SELECT count(*) FROM companies)") == [(0,)]
    assert followed.offsets() == followed.ends()


def test_batches_have_a_size(followed: Followed) -> None:
    """The result is that of one batch."""
    messages = [film(number % 7, title=f"Of {number}") for number in range(20)]
    followed.send(*messages)
    row = followed.follows("--batch", "6")
    assert (row["id"], row["records"]) == (4, 2)
    assert followed.films() == rows(fold(messages))


def test_rejects_are_kept_with_partition_and_offset(followed: Followed) -> None:
    """And do not keep the others from being loaded."""
    bad = [(b"x", b"{}"), (b"1", b"\xff"), (b"1", b"[]"), (b"1", b'{"id": 1}'), film(1, id=2), film(1, title="N\0")]
    followed.send(*bad, (None, b"{}"), (None, None), film(1))
    row = followed.follows()
    assert (row["records"], row["movies"], row["rejects"]) == (9, 1, 8)
    rejects = followed.place.rejects()
    assert sorted(reject["reason"] for reject in rejects) == [
        "encoding",
        "fields",
        "id",
        "id",
        "id",
        "id",
        "json",
        "nul",
    ]
    assert {reject["file"] for reject in rejects} <= {f"{followed.topic}/{partition}" for partition in range(3)}
    places = {(int(reject["file"][-1]), reject["line"]) for reject in rejects}
    assert places < _places(followed)
    assert len(_places(followed) - places) == 1
    assert followed.films() == rows(fold([film(1)]))


def _places(followed: Followed) -> set[tuple[int, int]]:
    return {(partition, offset) for partition, end in followed.ends().items() for offset in range(end)}


def test_too_many_rejects_stop_the_stream(followed: Followed) -> None:
    """The films and the offsets stay; the rejects can be seen; with a higher limit it goes on."""
    followed.send(film(1))
    followed.follows()
    offsets, found = followed.offsets(), followed.films()
    followed.send(film(2), *[(b"x", b"{}")] * 3)
    followed.stops(
        "3 of 4 messages are rejects", "--max-rejects 2", 'its key "x" is not', options=("--max-rejects", "2")
    )
    assert (followed.offsets(), followed.films()) == (offsets, found)
    assert [row["outcome"] for row in followed.place.ledger()] == ["loaded", "refused"]
    assert len(followed.place.rejects()) == 3
    assert followed.follows("--max-rejects", "3")["rejects"] == 3
    assert followed.offsets() == followed.ends()


def test_a_dump_comes_first(followed: Followed) -> None:
    """Then the user says from which messages on; ratings stay until their film is removed; another dump forgets."""
    followed.send(film(1, title="Old"), film(2, title="Old"))
    ends = followed.ends()
    followed.place.ingest(films(1, 2, 3))
    followed.stops("say with --from", ",".join(f"{part}:{end}" for part, end in ends.items()), code=2)
    start = ",".join(f"{part}:{end}" for part, end in ends.items())
    followed.send(film(2, title="New"), removal(3))
    followed.follows("--from", start)
    assert [title for _, title, *_ in followed.films()] == ["Film 1", "New"]
    followed.stops("leave out --from", options=("--from", "beginning"), code=2)
    followed.place.ingest(films(5), merge=True)
    assert followed.offsets() == followed.ends()
    followed.place.ingest(films(1, 2, 3, 5), allow_shrink=True)
    followed.stops("say with --from", code=2)
    row = followed.follows("--from", "end")
    assert (row["records"], followed.offsets()) == (0, followed.ends())
    followed.send(film(1, title="Newest"))
    followed.follows()
    assert followed.films()[0][1] == "Newest"


def test_status_shows_how_far_a_topic_is_loaded(followed: Followed) -> None:
    """By partition, with the lag when the last batch was fetched."""
    followed.send(*map(film, range(30)))
    followed.follows()
    found = json.loads(followed.place.run("status", "--json").stdout)["streams"]
    assert {row["partition"]: row["next_offset"] for row in found} == followed.ends()
    assert {(row["lag"], row["ingest_id"]) for row in found} == {(0, 1)}
    shown = followed.place.run("status").stdout
    assert shown.count("Follows") == 3
    assert "0 messages behind after ingest 1" in shown


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("0:1", "name each once"),
        ("0:1,1:1,2:x", "write beginning, end, or an offset"),
        ("0:0,1:0,2:9", "ends before 2:9"),
        ("0:0,1:0,2:0,3:0", "name each once"),
    ],
)
def test_offsets_that_cannot_be(followed: Followed, start: str, words: str) -> None:
    """Of other partitions, of no messages, or no offsets at all."""
    followed.place.ingest(films(1))
    followed.stops(words, options=("--from", start), code=4 if "ends" in words else 2)
