"""An ingest loads every record that can be read, keeps account of all others, and takes each value for what it is."""

import csv
import re
from datetime import date
from itertools import product, zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import movie_reports
from films import USUAL, Load, loading, querying, text
from fuzzing import examples
from movie_reports.ingestion import sample
from movie_reports.ingestion.reading import csv_records as records
from selection import few

COUNTS = "SELECT records, movies, duplicates, rejects, repaired FROM ingests"
# What random damage is made of; chance alone would seldom find what matters to CSV.
DAMAGE = st.sampled_from(
    [
        b'"',
        b'""',
        b",",
        b'",',
        b',"',
        b"\r",
        b"\n",
        b"\r\n",
        b"\n\n",
        b"\0",
        b"\xff",
        b" ",
        b"\xef\xbb\xbf",
        b"\\",
        b"'",
    ]
)


def test_columns_may_stand_in_any_order(load: Load) -> None:
    """Others may stand between them, and those no report needs may be missing."""
    columns = {column: USUAL[column] for column in reversed(USUAL) if column not in {"overview", "vote_count"}}
    header, record, _ = text({"Extra": "x", **columns, "TITLE ": "Shouted"}).split("\n")
    content = f"{header.replace('title', 'name').replace('overview,vote_count', 'a,b')}\n{record}\n"
    query = load(content)
    assert query("SELECT id, title, budget, overview, runtime, vote_count FROM movies") == [
        (1, "Shouted", 10, None, None, None)
    ]
    assert query("SELECT * FROM unread_fields") == []


@pytest.mark.parametrize(
    ("end", "bom"), few(product(["\n", "\r\n", "\r"], ["", "\ufeff"]), ("\n", ""), ("\r\n", "\ufeff"), ("\r", ""))
)
def test_line_breaks_and_byte_order_marks_make_no_difference(load: Load, end: str, bom: str) -> None:
    """Every kind is read, and a break inside quotation marks stays as it is."""
    films = ({"id": "1", "overview": "One.\r\nTwo.\rThree.\n"}, {"id": "2", "title": 'Said "so"'})
    query = load(bom + text(*films, end=end))
    assert query("SELECT id, title, overview FROM movies") == [
        (1, "A film", "One.\r\nTwo.\rThree.\n"),
        (2, 'Said "so"', "What happens."),
    ]
    assert query(COUNTS) == [(2, 2, 0, 0, 0)]


def test_split_records_are_joined(load: Load) -> None:
    """One, or several side by side, by a lone CR or LF, once or more often: the text is whole again."""
    splits = ["One\rtwo", "One\ntwo", "One\ntwo\nthree", "\nOne\n", "One"]
    films = [{"id": str(number), "overview": f"part{number}"} for number in range(5)]
    content = text(*films)
    for number, split in enumerate(splits):
        content = content.replace(f"part{number}", split)
    query = load(content)
    assert query("SELECT overview FROM movies ORDER BY id") == [(split.replace("\r", "\n"),) for split in splits]
    assert query(COUNTS) == [(5, 5, 0, 0, 4)]


def test_two_damaged_records_never_make_a_film(load: Load) -> None:
    """Wherever each was cut, both are rejected, though together they have the right number of fields."""
    film = dict.fromkeys(sample.COLUMNS, "") | USUAL | {"adult": "False", "video": "False", "runtime": "81.0"}
    header, record, _ = text({column: film[column] for column in sample.COLUMNS}).split("\n")
    fields = next(csv.reader([record]))
    lines = [header, record]
    for cut in range(2, len(fields)):
        parts = (fields[:cut], fields[: len(fields) + 1 - cut])
        lines += [",".join(f'"{field}"' if "," in field else field for field in part) for part in parts]
        lines.append(record)
    pairs = len(fields) - 2
    query = load("\n".join(lines) + "\n")
    assert query(COUNTS) == [(1 + 3 * pairs, 1, pairs, 2 * pairs, 0)]


def test_of_two_records_with_one_id_one_stays(load: Load) -> None:
    """More votes win; on a tie the later; no votes at all lose."""
    films = [("1", "9", "a"), ("1", "10", "b"), ("1", "9", "c"), ("2", "", "d"), ("2", "0", "e"), ("2", "", "f")]
    films += [("3", "5", "g"), ("3", "5", "h")]
    query = load(text(*({"id": number, "vote_count": votes, "title": title} for number, votes, title in films)))
    assert query("SELECT id, title FROM movies ORDER BY id") == [(1, "b"), (2, "e"), (3, "h")]
    assert query(COUNTS) == [(8, 3, 5, 0, 0)]


VALUES: dict[str, dict[str, dict[str, object]]] = {
    "what is read": {
        "release_date": {"9999-12-31": date(9999, 12, 31), "1995-11-22": date(1995, 11, 22)},
        "budget": {"12.0": 12, "1000000000000": 10**12, " 7 ": 7},
        "revenue": {"12.0": 12},
        "popularity": {"1e-06": 1e-06, "0": 0.0, ".5": 0.5, "547.488298": 547.488298, "3.000": 3.0},
        "vote_average": {"0": 0.0, "10": 10.0, "7.7": 7.7},
        "vote_count": {"12.0": 12},
        "runtime": dict.fromkeys(["NA", "nan", "None", "NULL", "null", "\\N", "-", "N/A"]),
    },
    "what is not": {
        "release_date": dict.fromkeys(["infinity", "0000-01-01", "1995-13-45", "1995-02-30", "today"]),
        "budget": dict.fromkeys(
            ["1e308", "inf", "-5", "1_000", "1000000000001", "9" * 20, "65.000", "65.0.0", "6,5.000"]
        ),
        "revenue": dict.fromkeys(["-5", "/a.jpg", "373.554"]),
        "popularity": dict.fromkeys(["inf", "-1", "1e400", "1_0", "0x1", "1000000001"]),
        "vote_average": dict.fromkeys(["10.1", "77", "1e9", "-1"]),
        "vote_count": dict.fromkeys(["many", "-1", "5.000"]),
    },
    "points": {"budget": {"65.00": 65, "65.000": None, "1.234.000": 1234000, "30M": None, "0x10": None}},
}


@pytest.mark.parametrize("columns", VALUES.values(), ids=VALUES)
def test_values_are_read_or_counted_as_unread(load: Load, columns: dict[str, dict[str, object]]) -> None:
    """A figure, a date or an amount is taken only for what it surely is."""
    rows = zip_longest(*columns.values(), fillvalue="")
    query = load(text(*(dict(zip(columns, row, strict=True), id=str(number)) for number, row in enumerate(rows))))
    expected = []
    for column, values in columns.items():
        found = query(f"SELECT {column} FROM movies ORDER BY id")  # noqa: S608
        assert found[: len(values)] == [(value,) for value in values.values()]
        unread = [value for value, known in values.items() if known is None and column != "runtime"]
        expected += [(column, len(unread), min(unread))] if unread else []
    assert query("SELECT field, films, example FROM unread_fields ORDER BY field") == sorted(expected)


def test_nothing_and_zero_are_unknown_but_not_unread(load: Load) -> None:
    """A budget of 0 is NULL, and so is an empty field."""
    empty = dict.fromkeys(set(USUAL) - {"id"}, "")
    query = load(text({"id": "1", "budget": "0", "revenue": "0.0"}, {"id": "2"} | empty))
    assert query("SELECT budget, revenue, title FROM movies ORDER BY id") == [(None, None, "A film"), (None,) * 3]
    assert query("SELECT * FROM unread_fields") == []


def test_ids_are_whole_numbers(load: Load) -> None:
    """What is none, or none that fits, is rejected."""
    wrong = ["1e3", "1_000", "9" * 20, "-5", "1.5", "", "1997-08-20", "862.000"]
    query = load(text(*({"id": number} for number in ["12.0", " 7 ", *wrong])))
    assert query("SELECT id FROM movies ORDER BY id") == [(7,), (12,)]
    assert query("SELECT line, reason FROM rejects ORDER BY line") == [(line, "id") for line in range(4, 12)]


def test_literals_may_be_json(load: Load) -> None:
    """Python's and JSON's lists give the same names; what is repeated counts once, what is unreadable is counted."""
    films = ['[{"id": 18, "name": "Drama"}]', "[{'id': 18, 'name': 'Drama'}] ", "[{'id': 1, 'name':", "[18, 19]"]
    films.append("[{'id': 18, 'name': 'Drama'}, {'id': 19, 'name': 'Drama'}]")
    query = load(text(*({"id": str(number), "genres": genres} for number, genres in enumerate(films))))
    assert query("SELECT name, tmdb_ids FROM genres") == [("Drama", [18, 19])]
    assert query("SELECT movie_id FROM movie_genres ORDER BY movie_id") == [(0,), (1,), (4,)]
    assert query("SELECT field, films, example FROM unread_fields") == [("genres", 2, "[18, 19]")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rejects_are_kept_with_line_reason_and_text(load: Load, end: str) -> None:
    """The line is the one an editor shows, with any line breaks before it."""
    usual = text(USUAL, end=end).split(end)[1].encode()
    bad = [
        ("fields", b"2,too short"),
        ("fields", usual + b",too long"),
        ("id", usual.replace(b"1,", b"none,", 1)),
        ("nul", usual.replace(b"A film", b"Nul\0")),
        ("encoding", usual.replace(b"A film", b"Latin \xe9")),
        ("quotes", usual.replace(b"A film", b'"A "film')),
    ]
    broken = usual.replace(b"What happens.", b'"What\r\nhappens,\rand\nwhen."')
    lines = [text(USUAL, end=end).split(end)[0].encode()]
    for _, line in bad:
        lines += [broken, b"", line]
    content = end.encode().join([*lines, usual, b""])
    expected = [
        (
            len(re.findall(rb"\r\n|\r|\n", content[: content.index(line + end.encode())])) + 1,
            reason,
            line.decode(errors="backslashreplace").replace("\0", r"\x00"),
        )
        for reason, line in bad
    ]
    query = load(content)
    assert query("SELECT line, reason, raw FROM rejects ORDER BY line") == expected
    assert query(COUNTS) == [(13, 1, 6, 6, 0)]
    assert query("SELECT DISTINCT file FROM rejects") == [("films.csv",)]


@pytest.mark.parametrize("block", few([64, 100, records.BLOCK]))
@pytest.mark.parametrize("before", ["\n\n\n\n\n", '3,"open\n', 'x,"y" z\n\n'])
def test_a_reject_is_found_behind_blank_and_damaged_lines(
    load: Load, monkeypatch: pytest.MonkeyPatch, block: int, before: str
) -> None:
    """Its line is right in any part of the file, however it was divided."""
    header, record, _ = text(USUAL).split("\n")
    monkeypatch.setattr(records, "BLOCK", block)
    monkeypatch.setattr(records, "PART", block)
    query = load(f"{header}\n{record}\n{before}{record},too long\n{record}\n")
    assert query("SELECT line FROM rejects WHERE reason = 'fields'") == [(3 + before.count("\n"),)]


@pytest.mark.slow
@given(
    edits=st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 30), DAMAGE | st.binary(max_size=3)), max_size=6),
    block=st.sampled_from([64, 100, records.BLOCK]),
)
@examples(8)
def test_the_books_balance_whatever_is_damaged(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, bytes]], block: int
) -> None:
    """Each record under a sound header is a film, a duplicate or a reject with a line of its own."""
    folder = tmp_path_factory.mktemp("damaged")
    films = text(*({"id": str(number), "overview": 'So, "so",\nit is.'} for number in range(8))).encode()
    header, _, body = films.partition(b"\n")
    for position, length, insert in edits:
        body = body[:position] + insert + body[position + length :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK", block)
        patch.setattr(records, "PART", block)
        try:
            query = loading(folder)(header + b"\n" + body)
        except movie_reports.MovieReportsError as error:
            assert re.search("no records|none of its records|is not UTF-8", str(error))  # noqa: PT017 (success is as good)
            return
    ((read, loaded, duplicates, rejects, _),) = query(COUNTS)
    assert read == loaded + duplicates + rejects
    assert query("SELECT count(*) FROM rejects") == [(rejects,)]


@given(st.integers(0, 90), st.integers(0, 5), DAMAGE)
@examples(6)
def test_a_damaged_header_is_refused_in_plain_words_or_does_no_harm(
    tmp_path_factory: pytest.TempPathFactory, position: int, length: int, insert: bytes
) -> None:
    """No film is ever taken for a header."""
    content = text(USUAL, USUAL | {"id": "2"}).encode()
    damaged = content[:position] + insert + content[position + length :]
    folder = tmp_path_factory.mktemp("header")
    try:
        query = loading(folder)(damaged)
    except movie_reports.MovieReportsError:
        database = folder / "movies.duckdb"  # that of a refused source has its rejects alone
        assert not database.exists() or querying(database)("FROM movies") == []
    else:
        assert query("SELECT id FROM movies ORDER BY id") == [(1,), (2,)]


def test_each_film_has_each_name_once(load: Load) -> None:
    """Though no key of the tables says so."""
    names = repr([{"id": 1, "name": "Acme"}, {"id": 2, "name": "Acme"}, {"id": 3, "name": "Nova"}])
    query = load(text({"id": "1", "genres": names, "production_companies": names}))
    for table in ("movie_genres", "movie_companies"):
        assert query(f"SELECT count(*), count(DISTINCT COLUMNS(*)) FROM {table}") == [(2, 1, 2)]  # noqa: S608 (our own)
