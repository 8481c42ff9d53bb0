"""Reading Python literals and JSON in SQL gives what Python itself reads from the same text."""

import ast
import csv
import io
import json
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

QUERIES = Path(__file__).parents[2] / "queries" / "ingest"

SAMPLE_COLUMNS = [
    ("movies_metadata.csv", "genres"),
    ("movies_metadata.csv", "production_companies"),
    ("movies_metadata.csv", "production_countries"),
    ("movies_metadata.csv", "spoken_languages"),
    ("movies_metadata.csv", "belongs_to_collection"),
    ("keywords.csv", "keywords"),
    ("credits.csv", "cast"),
    ("credits.csv", "crew"),
]

LONG = 1000
BLANKS = "".join(filter(lambda character: unicodedata.category(character) == "Zs", map(chr, range(0x10000))))
"""What counts as a blank around a name; a name of nothing else is none."""

Connection = duckdb.DuckDBPyConnection
Item = dict[str, object]

CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS)
# Quotes, escapes and words that could break a name must come up far more often than chance would have it.
TRICKY_TEXTS = TEXTS | st.lists(
    st.sampled_from(["'", '"', "\\", "\n", "\t", "\0", "None", "[", "}", ", ", ": ", "\\n", "\\x41", "é", "😀", "\xa0"])
).map("".join)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TRICKY_TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TRICKY_TEXTS, inner, max_size=4),
    max_leaves=12,
)
CELLS = st.lists(st.dictionaries(TRICKY_TEXTS, VALUES, max_size=4), max_size=4) | VALUES
ITEMS = st.lists(
    st.fixed_dictionaries({}, optional={"id": st.integers() | SCALARS, "name": TRICKY_TEXTS | SCALARS, "x": SCALARS})
    | SCALARS,
    max_size=5,
)
FRAGMENTS = [
    *["[", "]", "{", "}", ",", ":", "(", ")", "'", '"', "'''", "'a'", '"b"', "'a':", "{'id': 1}", "#", "...", "_", "é"],
    *["\\", r"\\", r"\'", r"\"", r"\n", r"\0", r"\777", r"\8", r"\d", r"\/", r"\x4", r"\xa0", r"\u00e9", r"\N{DASH}"],
    *[r"\ud83d", r"\ude00", r"\U0001f600", r"\U0000d800", r"\U00110000", "\\\n", "\\\r\n", "😀"],
    *["None", "True", "False", "null", "true", "false", "NaN", "inf", "Infinity", "a", "b", "u", "f", "r", "j"],
    *["1", "-1", "1.5", "1e5", "1e400", "01", "0x1", "1_0", "-", "+", "."],
    *[" ", "\t", "\n", "\r", "\f", "\0", "\x01", "\x7f", "\x85", "\ufeff"],
]
SOUP = st.lists(st.sampled_from(FRAGMENTS)).map("".join)
ANY_TEXT = TEXTS | SOUP | st.builds("{0}{1}{0}".format, st.sampled_from(["'", '"']), SOUP) | SOUP.map("[{}]".format)

# Each example is a batch of texts that goes through one query.


@pytest.fixture(scope="module")
def con() -> Iterator[Connection]:
    """Open a database in memory that knows the macros."""
    with duckdb.connect() as connection:
        for name in ("literals", "values", "plain_lists", "lists"):
            connection.execute((QUERIES / f"{name}.sql").read_text(encoding="utf-8"))
        yield connection


def python_literals(con: Connection, texts: list[str]) -> list[str | None]:
    """Read all texts in one query, as JSON text or None."""
    query = "SELECT python_literal(text) FROM (SELECT unnest(CAST($texts AS VARCHAR[])) AS text)"
    return [json_text for (json_text,) in con.execute(query, {"texts": texts}).fetchall()]


def list_items(
    con: Connection, texts: list[str], macro: str = "list_items(python_literal(text))"
) -> list[list[Item] | None]:
    """Read the ids and names of the items of all texts in one query, without the codes that countries have."""
    items = f"list_transform({macro}, lambda item: struct_pack(id := item.id, name := item.name))"
    query = f"SELECT {items} FROM (SELECT unnest(CAST($texts AS VARCHAR[])) AS text)"  # noqa: S608 (our own)
    return [found for (found,) in con.execute(query, {"texts": texts}).fetchall()]


def outcome(read: Callable[[str], object], text: str) -> str | None:
    """Say what a reader makes of the text: its repr, which tells 1 from 1.0 and True, or None if unreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of escapes such as \d
            return repr(read(text))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None


def outcomes(json_texts: list[str | None]) -> list[str | None]:
    """Return the macro's results in the same form."""
    return [None if json_text is None else repr(json.loads(json_text)) for json_text in json_texts]


def expected_items(value: object) -> list[Item] | None:
    """Tell in Python what a value is as a list of names: all of its items, or nothing."""
    if not isinstance(value, list):
        return None
    if all(isinstance(item, dict) and isinstance(item.get("name"), str) and item["name"] for item in value):
        return [{"id": identifier(item.get("id")), "name": item["name"]} for item in value]
    if all(isinstance(item, str) and item.strip(BLANKS) for item in value):
        return [{"id": None, "name": item.strip(BLANKS)} for item in value]
    return None


def identifier(value: object) -> int | None:
    """Keep an integer of 64 bits and nothing else."""
    if isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63:
        return value
    return None


def sample_column(sample: Path, file: str, column: str) -> list[str]:
    """Read the distinct values of one column of the real data."""
    with zipfile.ZipFile(sample) as archive, archive.open(file) as raw:
        rows = csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8", newline=""))
        return list(dict.fromkeys(row[column] for row in rows))


@given(values=st.lists(CELLS, max_size=10))
def test_repr_comes_back_unchanged(con: Connection, values: list[object]) -> None:
    """Everything that repr writes is read as ast.literal_eval reads it."""
    texts = [repr(value) for value in values]
    assert outcomes(python_literals(con, texts)) == [outcome(ast.literal_eval, text) for text in texts]


@given(values=st.lists(CELLS, max_size=10), ensure_ascii=st.booleans())
def test_json_comes_back_unchanged(con: Connection, values: list[object], *, ensure_ascii: bool) -> None:
    """Everything that json.dumps writes, with or without escapes beyond ASCII, is read as json.loads reads it."""
    texts = [json.dumps(value, ensure_ascii=ensure_ascii) for value in values]
    assert outcomes(python_literals(con, texts)) == [repr(json.loads(text)) for text in texts]


@given(texts=st.lists(ANY_TEXT, max_size=20))
def test_arbitrary_text_is_read_as_python_reads_it_or_not_at_all(con: Connection, texts: list[str]) -> None:
    """Any text gives what json.loads, or else ast.literal_eval, makes of it, or NULL, and never an error."""
    for text, got in zip(texts, outcomes(python_literals(con, texts)), strict=True):
        assert got is None or got == (outcome(json.loads, text) or outcome(ast.literal_eval, text)), text
    assert len(list_items(con, texts)) == len(texts)


@given(values=st.lists(ITEMS, max_size=10), write=st.sampled_from([repr, json.dumps]))
def test_lists_are_read_whole_or_not_at_all(
    con: Connection, values: list[object], write: Callable[[object], str]
) -> None:
    """Objects need names that are non-empty strings; an id is kept if it is an integer of 64 bits."""
    assert list_items(con, [write(value) for value in values]) == [expected_items(value) for value in values]


READABLE = [
    r"""['\\', '\'', '\"', "\'", "\"", '\n\r\t', '\a\b\f\v']""",
    r"""['\0', '\7', '\12', '\101', '\1012', '\377', '\08', '\8']""",
    r"""['\xa0', '\x41\x4a', '\u00e9', '\u20AC', '\U0001f600', '\U000e0001', '\U0010FFFF', '\U00000041']""",
    r"""['\d', '\ ', '\é', '\😀', '\/', "\/\d", '\\n', '\\\n', '\\\\n', '\\x41', '\\\x41', '\\u0041']""",
    "['one \\\nline', 'one \\\r\nline', 'one \\\rline', \"one \\\nline\"]",
    "['\t', '\x01', '\x0b\x0c', '\x1f', '\x7f', '\x85', '\xa0', '\u2028', '\ufeff', '\u0301', None]",
    """["it's", 'say "x"', "None", 'True, False', "['a', None]", '{}: ,', "]", None, True, False]""",
    """[{"id": 1, "name": "it's \\"x\\""}]""",
    """{'None': None, "it's": {'True': [True, [False, {}]]}, '': ''}""",
    r"""{"a": "b", 'c': "\x41", 'd': 'e"f', "g": 'h\'i'}""",
    "[1, -1, 0, -0, 1.5, -0.0, 1e16, 1e+16, 1E-7, 5e-324, 123456789012345678901234567890, None]",
    "['a'\n,\r\n\t'b' , None ]",
    " \t['a', None] \r\n\n",
    "[]",
    "{}",
    "''",
    '""',
    "None",
    "True",
    "-7",
]


def test_nasty_literals_are_read_exactly(con: Connection) -> None:
    """Every escape, quote, bracket and control character that a literal may contain means what it means in Python."""
    expected = [outcome(ast.literal_eval, text) for text in READABLE]
    assert None not in expected
    assert dict(zip(READABLE, outcomes(python_literals(con, READABLE)), strict=True)) == dict(
        zip(READABLE, expected, strict=True)
    )


JSON_ONLY = [
    r'["\/", "\ud83d\ude00", "\u0041", "\u0000", true, false, null]',
    '\n\t {"a": [true, null]}\n ',
    '[{"id": 1, "name": "\\ud83c\\udfac \\/ \'x\'"}]',
    "true",
    "null",
]


def test_valid_json_means_what_it_means_in_json(con: Connection) -> None:
    """JSON is read as JSON, even where Python would read the same text in another way."""
    assert outcomes(python_literals(con, JSON_ONLY)) == [repr(json.loads(text)) for text in JSON_ONLY]


UNREADABLE = [
    *["", " ", "\n", "[", "]", "[[]", "[}", "{]", "'", '"', "'''", "'a", "['a]", "\\", "['\\']", "\\'a'", "a", "[a]"],
    *["[] []", "[]x", "[1 2]", "[,]", "[1,,2]", "{'a', 'b': 1}", "{'a': 1, 2}", "{:1}", "[None None]", "[NoneNone]"],
    *["{'a': true}", "['a', null]", '["a", None, null]', "[none]", "[NONE]", "[nan]", "-None", "--1", "01", "1e", "0x"],
    *["['a\nb']", "['a\rb']", "['a\0b']", "[]\0", "\ufeff[]", "\n ['a', None]", "['a', None]\n ", '["a\nb"]'],
    *[r"['\x4']", r"['\u004']", r"['\U0001f60']", r"['\U00110000']", r"['\xg0']", r"['\N{NO SUCH NAME}']", r"'\x'"],
    *["open('x')", "1 + 1", "__import__('os')", "[x for x in ()]", "f'{1}'", "lambda: 1", "'a' if 1 else 'b'"],
    *["[" * 10_000 + "]" * 10_000, '{"a":' * 10_000 + "1" + "}" * 10_000, "[" * 10_000],
    *["x" * 1_000_000, "'" * 1_000_001, "[" + "," * 1_000_000 + "]", "\0" * 1_000_000, "'" + "\\" * 1_000_001 + "'"],
]


def test_unreadable_text_is_null(con: Connection) -> None:
    """What neither ast.literal_eval nor json.loads can read is NULL, however long or deep it is."""
    assert not [t for t in UNREADABLE if outcome(json.loads, t) or outcome(ast.literal_eval, t)]
    assert python_literals(con, UNREADABLE) == [None] * len(UNREADABLE)
    assert list_items(con, UNREADABLE) == [None] * len(UNREADABLE)


REFUSED = [
    *["(1, 2)", "()", "{1, 2}", "{'a'}", "{1: 2}", "{None: 1}", "b'a'", "u'a'", "r'a'", "'a' 'b'", "'''a'''", "(1)"],
    *["[1,]", "{'a': 1,}", "+1", "1.", ".5", "00", "0x1", "1_0", "1j", "...", "[] # 1", "NaN", "['\\N{EN DASH}']"],
    *[r"'\ud83d\ude00'", r"['a', '\ud83d', None]", r'["\ud83d"]', r"'\U0000d83d'", "[" * 51 + "]" * 51],
]


def test_what_json_cannot_hold_or_repr_never_writes_is_null(con: Connection) -> None:
    """The literals that the head of the SQL file excludes are NULL and not a value that is nearly right."""
    assert dict(zip(REFUSED, python_literals(con, REFUSED), strict=True)) == dict.fromkeys(REFUSED)


def test_constant_text_never_raises(con: Connection) -> None:
    """A text in the query itself is read like one in a table, although it is computed while planning."""
    texts = [text for text in [*READABLE, *JSON_ONLY, *UNREADABLE, *REFUSED] if len(text) < LONG]
    query = "SELECT python_literal($text)"
    alone = [con.execute(query, {"text": text}).fetchall()[0][0] for text in texts]
    assert alone == python_literals(con, texts)


def test_null_is_null(con: Connection) -> None:
    """A missing text is neither a value nor a list."""
    assert con.execute("SELECT python_literal(NULL), list_items(NULL)").fetchall() == [(None, None)]


def test_long_text_is_read(con: Connection) -> None:
    """A megabyte of items, escapes or quotes is read like a short text, and so are 50 levels of brackets."""
    values = [[{"id": n, "name": "it's"} for n in range(30_000)], ["\n\x00" * 100_000], ["'" * 1_000_000]]
    assert outcomes(python_literals(con, [repr(value) for value in values])) == [repr(value) for value in values]
    assert python_literals(con, ["[" * 50 + "]" * 50]) == ["[" * 50 + "]" * 50]


def test_list_items_by_example(con: Connection) -> None:
    """An id that is no integer is NULL, and a list with an item that has no name is not read at all."""
    texts = {
        "[]": [],
        "[{'id': 16, 'name': 'Animation'}]": [{"id": 16, "name": "Animation"}],
        '[{"id": 1, "name": "it\'s \\"x\\""}]': [{"id": 1, "name": 'it\'s "x"'}],
        "[{'name': 'None', 'id': None}]": [{"id": None, "name": "None"}],
        "['Drama', ' None ']": [{"id": None, "name": "Drama"}, {"id": None, "name": "None"}],
        "[{'id': '1', 'name': 'a'}, {'id': 1.0, 'name': 'b'}]": [{"id": None, "name": n} for n in "ab"],
        "[{'id': True, 'name': 'a'}, {'id': [1], 'name': 'b'}]": [{"id": None, "name": n} for n in "ab"],
        f"[{{'id': {2**63}, 'name': 'a'}}]": [{"id": None, "name": "a"}],
        f"[{{'id': {-(2**63)}, 'name': 'a'}}]": [{"id": -(2**63), "name": "a"}],
        **dict.fromkeys(("[18, 35]", "[['Drama']]", "['Drama', None]", "[{'id': 1, 'name': 'a'}, {'id': 2}]"), None),
        **dict.fromkeys(("[{'id': 1, 'genre': 'a'}]", "[{'id': 1, 'name': ''}]", "['a', {'name': 'b'}]"), None),
        "{'id': 1, 'name': 'a'}": None,
        "'[]'": None,
        "None": None,
        "Action, Drama": None,
    }
    assert dict(zip(texts, list_items(con, list(texts)), strict=True)) == texts


@pytest.mark.parametrize(("file", "column"), SAMPLE_COLUMNS)
def test_the_real_data_is_read_exactly(con: Connection, real_sample: Path, file: str, column: str) -> None:
    """Every value of the public data is read as ast.literal_eval reads it, and so are its items."""
    texts = sample_column(real_sample, file, column)
    assert texts
    expected = [outcome(ast.literal_eval, text) for text in texts]
    assert outcomes(python_literals(con, texts)) == expected
    values = [None if value is None else ast.literal_eval(value) for value in expected]
    assert list_items(con, texts) == [expected_items(value) for value in values]


# What could make a name look like the text around it.
QUOTED = st.text("ab '\",:}{]") | st.lists(
    st.sampled_from(["'", "'", " ", "a", "', 'id': 1}", "'name': ", "'id': ", "'}, {", '"', ", ", "}]"])
).map("".join)
OBJECTS = st.lists(
    st.tuples(st.integers(0, 10**18 - 1), QUOTED, st.booleans()).map(
        lambda drawn: {"name": drawn[1], "id": drawn[0]} if drawn[2] else {"id": drawn[0], "name": drawn[1]}
    ),
    min_size=1,
    max_size=4,
)


@given(st.lists(OBJECTS | TRICKY_TEXTS, min_size=5, max_size=40))
def test_the_fast_way_reads_what_python_wrote_or_nothing(con: Connection, values: list[object]) -> None:
    """It is for lists of objects with plain names; what it cannot read is left to the slow way."""
    found = list_items(con, [repr(value) for value in values], "plain_objects(text)")
    for value, items in zip(values, found, strict=True):
        assert items is None or items == value


@pytest.mark.parametrize("name", ["Acme", "Workin' Man", "d'", "'t Hof"])
def test_the_fast_way_reads_plain_names(con: Connection, name: str) -> None:
    """Also with an apostrophe, unless it follows a blank."""
    text = repr([{"name": "Nova", "id": 1}, {"name": name, "id": 2}, {"name": "Ape", "id": 3}])
    items = con.execute("SELECT plain_objects($text)", {"text": text}).fetchall()[0][0]
    assert (items is not None) == (not name.startswith("'"))
