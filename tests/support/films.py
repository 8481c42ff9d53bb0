"""Film data that tests make up, and how they load it."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import duckdb

import movie_reports

Query = Callable[[str], list[tuple[Any, ...]]]
Load = Callable[[bytes | str | Path], Query]

TABLES = (
    *("movies", "genres", "companies", "countries", "collections", "keywords", "people"),
    *("movie_genres", "movie_companies", "movie_countries", "movie_collections", "movie_keywords", "movie_people"),
    "movie_ratings",
)
USUAL = {
    "id": "1",
    "title": "A film",
    "release_date": "2001-02-03",
    "budget": "10",
    "revenue": "30",
    "popularity": "1.5",
    "overview": "What happens.",
    "genres": "[{'id': 18, 'name': 'Drama'}]",
    "production_companies": "[{'name': 'Acme', 'id': 7}]",
    "production_countries": "[{'iso_3166_1': 'US', 'name': 'United States of America'}]",
    "belongs_to_collection": "",
    "vote_count": "5",
}
RED = "\x1b[31mRed\x1b[0m"
# Films for the odd cases of tables, names and searches.
ODD = [
    {"title": "Known", "production_companies": "[{'name': 'Nova Films', 'id': 1}]"},
    {"title": "Half", "revenue": "0", "production_companies": "[{'name': 'Nova Films', 'id': 1}]"},
    {"title": "Dark", "budget": "", "revenue": "", "production_companies": "[{'name': 'Dim', 'id': 2}]"},
    {
        "title": "Steered",
        "production_companies": json.dumps([{"name": RED, "id": 3}, {"name": "[REC], [bold]x", "id": 4}]),
    },
    {"title": "Other", "production_companies": "[{'name': 'Nova Pictures', 'id': 5}]", "release_date": ""},
    *({"title": "Star", "production_companies": "[{'name': 'Star Works', 'id': 6}]"} for _ in range(5)),
    {"title": "Starlet", "production_companies": "[{'name': 'Starlet', 'id': 7}]", "genres": "[]"},
]
# Characters that move the cursor, colour, ring, change the direction of text, or are invisible: all but the line break,
# and the joiners and variation selectors of emoji and some scripts.
STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
# Names written to attack a terminal, a query, a table or a search.
NASTY = [
    'It\'s "quoted"',
    "'; DROP TABLE movies; --",
    "$year $companies $label $",
    "-- a comment",
    "/* a comment",
    "*/ its end",
    "Two\nlines",
    "A carriage\rreturn",
    "A\ttab",
    RED,
    "\x1b]0;A title\x07",
    "\x9b31mRed by a single character",
    "\x7fDeleted",
    "\u0085 Next line",
    "Emoji \N{CLAPPER BOARD} \N{WOMAN}\u200d\N{WOMAN}\u200d\N{GIRL}",
    "\u202eTurned round\u202c",
    "\u2067Isolated\u2069 and \u200fmarked",
    "\u061cAn Arabic mark",
    "A line\u2028separator",
    "שלום",
    "奇妙映画",
    "e\u0301 of two characters",
    "\ufeffA byte order mark",
    "Zero\u200bwidth",
    "Soft\xadhyphen",
    "Word\u2060joiner",
    "L" + "o" * 298 + "ng",
    "100% Films",
    "Under_score",
    "[bold]Markup[/bold] [REC]",
    "[/] [red]",
    "Back\\slash \\n \\x1b[31m",
    "Comma, semicolon; and 'blanks'  ",
    "Two  blanks",
    "\u00a0Blanks\u2003that do not break\u00a0",
    "=1+1",
    "NULL",
    ":name ?1 ?",
    "{brace} %s %(name)s",
    "$$dollars$$",
]


def text(*films: dict[str, str], end: str = "\n", is_quoted: bool = False) -> str:
    """Write films as CSV, the columns in the order of the first; what a film does not name is as usual."""
    rows = [USUAL | film for film in films]
    first = films[0] if films else USUAL
    columns = [*first, *(column for column in USUAL if column not in first)]
    stream = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
    writer = csv.DictWriter(stream, columns, lineterminator=end, quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def querying(database: Path) -> Query:
    """Return what opens a database for each query, so that it is never an old one."""

    def query(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return query


def loading(folder: Path, with_: str = "") -> Load:
    """Return what ingests a source, or a file with the content given, into movies.duckdb in a folder."""

    def load(source: bytes | str | Path) -> Query:
        path = source if isinstance(source, Path) else folder / "films.csv"
        if not isinstance(source, Path):
            path.write_bytes(source.encode() if isinstance(source, str) else source)
        rules = {"max_rejects": "100%", "allow_shrink": True, "allow_unread": True, "with_": with_}
        movie_reports.ingest(path, folder / "movies.duckdb", **rules)
        return querying(folder / "movies.duckdb")

    return load
