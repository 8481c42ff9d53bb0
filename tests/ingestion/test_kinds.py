"""The same films in any kind of file, compressed or archived in any way, give the same database."""

import bz2
import csv
import datetime as dt
import gzip
import io
import json
import lzma
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from archives import packed
from films import text
from runs import Place, film
from selection import few
from workbooks import Cell, workbook

FILMS = [
    film(1, title='The "quoted", with commas', vote_count="3"),
    film(2, title="Two\nlines", budget="", genres="[{'id': 1, 'name': 'Drama'}, {'id': 2, 'name': 'War'}]"),
    film(3, title="Müller & Söhne 映画", release_date="1999-12-31", popularity="12.25"),
    film(4, title="None", revenue="1000000", vote_count="0"),
    film(5, title="A year", release_date="", production_companies="[]"),
    film(5, title="The same id again", vote_count="9", release_date="1987-06-05"),
]
PLAIN = text(*FILMS)
RATINGS, LINKS = "userId,movieId,rating,timestamp\n1,7,4.0,0\n", "movieId,imdbId,tmdbId\n7,1,3\n"
NUMBERS = {"id": int, "budget": int, "revenue": int, "vote_count": int, "popularity": float}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Have a folder for a database."""
    return Place(tmp_path)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Load the films from a CSV file."""
    place = Place(tmp_path_factory.mktemp("usual"))
    place.ingest(PLAIN)
    return place


def records() -> list[dict[str, str]]:
    """Return the films as they are in CSV."""
    return list(csv.DictReader(io.StringIO(PLAIN, newline="")))


def typed() -> list[dict[str, Any]]:
    """Return the films with numbers, nothing for what is empty, and lists of objects."""
    found = []
    for record in records():
        row: dict[str, Any] = {name: value or None for name, value in record.items()}
        row |= {name: kind(record[name]) for name, kind in NUMBERS.items() if record[name]}
        row |= {name: json.loads(record[name].replace("'", '"')) for name in ("genres", "production_companies")}
        found.append(row)
    return found


def as_parquet(rows: list[dict[str, Any]], **types: pa.DataType) -> bytes:
    """Write rows as Parquet."""
    table = pa.Table.from_pylist(rows)
    for name, kind in types.items():
        at = table.schema.get_field_index(name)
        values = [row[name] for row in rows]
        table = table.set_column(at, name, pa.array(values).cast(kind))
    stream = io.BytesIO()
    parquet.write_table(table, stream)
    return stream.getvalue()


def dated() -> list[dict[str, Any]]:
    """Return the films with real dates."""
    return [
        row | {"release_date": row["release_date"] and dt.date.fromisoformat(row["release_date"])} for row in typed()
    ]


def sheet() -> list[list[Cell]]:
    """Return a sheet with numbers, dates and lists as text."""
    rows = [
        row | {name: record[name] for name in ("genres", "production_companies")}
        for row, record in zip(dated(), records(), strict=True)
    ]
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def tarred(mode: str, **files: str | bytes) -> bytes:
    """Write a tar archive."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=f"w:{mode}") as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name.replace("__", "/").replace("_", "."))
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def zstd(content: bytes) -> bytes:
    """Compress with Zstandard."""
    return bytes(pa.Codec("zstd").compress(content, asbytes=True))


def lines(rows: list[dict[str, Any]]) -> str:
    """Write rows as JSON, one a line."""
    return "".join(f"{json.dumps(row)}\n" for row in rows)


BYTES = PLAIN.encode()
KINDS: dict[str, Callable[[], bytes]] = {
    "films.csv.gz": lambda: gzip.compress(BYTES),
    "films.csv.bz2": lambda: bz2.compress(BYTES),
    "films.csv.xz": lambda: lzma.compress(BYTES),
    "films.csv.zst": lambda: zstd(BYTES),
    "films.csv": lambda: zstd(BYTES),  # whatever its name says
    "films": lambda: bz2.compress(gzip.compress(BYTES)),
    "films.tar": lambda: tarred("", a__films_csv=BYTES, notes_txt="none"),
    "films.tar.gz": lambda: tarred("gz", films_csv=BYTES, credits_csv="id,cast\n1,[]\n"),
    "films.tar.bz2": lambda: tarred("bz2", films_csv=BYTES),
    "films.tar.xz": lambda: tarred("xz", films_csv_gz=gzip.compress(BYTES)),
    "films.tar.zst": lambda: zstd(tarred("", films_ndjson=lines(typed()))),
    "gz.zip": lambda: packed({"films.csv.gz": gzip.compress(BYTES)}),
    "zst.zip": lambda: packed({"x/films.csv.zst": zstd(BYTES), "x/other.csv": "a,b\n1,2\n"}),
    "parquet.zip": lambda: packed({"films.parquet": as_parquet(typed())}),
    "typed.parquet": lambda: as_parquet(typed()),
    "texts.parquet": lambda: as_parquet(records()),
    "dated.parquet": lambda: as_parquet(dated()),
    "times.parquet": lambda: as_parquet(dated(), release_date=pa.timestamp("ns")),
    "floats.parquet": lambda: as_parquet(typed(), id=pa.float64(), budget=pa.float64(), vote_count=pa.float32()),
    "binary.parquet": lambda: as_parquet(
        [row | {"title": row["title"] and row["title"].encode()} for row in typed()], title=pa.binary()
    ),
    "films.json": lambda: json.dumps(typed()).encode(),
    "indented.json": lambda: json.dumps(typed(), indent=2, ensure_ascii=False).encode(),
    "texts.json": lambda: json.dumps(records()).encode("utf-8-sig"),
    "films.json.gz": lambda: gzip.compress(json.dumps(typed()).encode()),
    "films.ndjson": lambda: lines(typed()).encode(),
    "sparse.jsonl": lambda: lines([{k: v for k, v in row.items() if v is not None} for row in typed()]).encode(),
    "objects.json": lambda: "\n".join(json.dumps(row, indent=1) for row in typed()).encode(),
    "results.json": lambda: json.dumps({"page": 1, "results": typed(), "total_pages": 9}).encode(),
    "movies.json": lambda: json.dumps({"genres": [{"id": 18, "name": "Drama"}], "movies": typed()}, indent=1).encode(),
    "films.xlsx": lambda: workbook({"Films": sheet()}),
    "titled.xlsx": lambda: workbook({"Notes": [["a", "b"]], "Films": [["Films of 2001"], [], *sheet()]}),
    "texts.xlsx": lambda: workbook({"Films": [list(records()[0]), *(list(row.values()) for row in records())]}),
    "others.xlsx": lambda: workbook({"Notes": [["title", "what"], ["x", 1]], "Films": sheet(), "Empty": []}),
    "below.xlsx": lambda: workbook({"Films": [[], [None, None], *sheet(), [], []]}),
    "xlsx.zip": lambda: packed({"films.xlsx": workbook({"Films": sheet()})}),
}


COMPRESSED = ("films.csv.gz", "films.csv.bz2", "films.csv.xz", "films.csv.zst", "films.tar.gz", "gz.zip")
TYPED = ("typed.parquet", "floats.parquet", "films.json", "films.ndjson", "films.xlsx")


@pytest.mark.parametrize("name", few(KINDS, *COMPRESSED, *TYPED))
def test_the_same_films_in_another_kind_of_file_give_the_same_database(place: Place, usual: Place, name: str) -> None:
    """Types and values are what they are in CSV, the last of two records with one id counts, and nothing is left."""
    row = place.ingest(place.file(KINDS[name](), f"in/{name}"))
    assert place.data() == usual.data()
    assert (row["records"], row["duplicates"], row["rejects"]) == (6, 1, 0)
    assert place.left() == {"in", "movies.duckdb"}
    assert place.ingest(place.folder / "in" / name)["outcome"] == "unchanged"


@pytest.mark.parametrize(
    "name",
    few(
        [name for name in KINDS if not name.endswith((".tar", ".zip", "films")) and ".tar." not in name],
        "films.csv.gz",
        "typed.parquet",
        "films.json",
        "films.xlsx",
    ),
)
def test_each_kind_is_found_in_a_folder(place: Place, usual: Place, name: str) -> None:
    """Beside files that are none of films."""
    place.file(KINDS[name](), f"in/{name}")
    place.file("[1, 2", "in/readme.md")
    place.file('{"id": 1, "cast": []}\n', "in/credits.json")
    place.ingest(place.folder / "in")
    assert place.data() == usual.data()
    assert dict(place.query("SELECT name, role FROM ingest_files")) == {name: "movies", "credits.json": "ignored"}


@pytest.mark.parametrize("kind", ["tar", "json", "parquet"])
def test_ratings_may_be_of_any_kind_too(place: Place, kind: str) -> None:
    """They are known by their columns."""
    links, ratings = (list(csv.DictReader(io.StringIO(content))) for content in (LINKS, RATINGS))
    forms: dict[str, Callable[[], bytes]] = {
        "tar": lambda: tarred("gz", f_csv=PLAIN, r_csv=RATINGS, l_csv=LINKS),
        "json": lambda: packed({"f.csv": PLAIN, "r.json": json.dumps(ratings), "l.ndjson": lines(links)}),
        "parquet": lambda: packed({"f.csv": PLAIN, "r.parquet": as_parquet(ratings), "l.parquet": as_parquet(links)}),
    }
    place.ingest(place.file(forms[kind](), "data"))
    assert place.query("SELECT movie_id, mean_rating FROM movie_ratings") == [(3, 4.0)]


@pytest.mark.parametrize("name", few(KINDS, "films.csv.gz", "gz.zip", "typed.parquet", "films.json", "films.xlsx"))
def test_a_file_that_is_cut_off_is_refused_in_a_sentence(tmp_path: Path, usual: Place, name: str) -> None:
    """Wherever it ends, unless only whole records are missing behind the cut."""
    content, place = KINDS[name](), usual.copy(tmp_path)
    for share in (0.3, 0.6, 0.95):
        path = place.file(content[: int(len(content) * share)], f"in/{name}")
        if name.endswith(("ndjson", "jsonl", "objects.json", "films.tar")):
            continue  # what comes before the cut may be whole
        place.stops(path, name.partition(".")[0], allow_shrink=True)
        assert place.data() == usual.data()


BOMBS: dict[str, Callable[[bytes], bytes]] = {
    "films.csv.bz2": bz2.compress,
    "films.csv.xz": lzma.compress,
    "films.csv.zst": zstd,
    "films.tar.gz": lambda content: tarred("gz", films_csv=content),
    "films.zip": lambda content: packed({"films.csv.gz": gzip.compress(content)}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_unpacks_to_too_much_is_stopped(place: Place, name: str) -> None:
    """As in a zip archive."""
    path = place.file(BOMBS[name](BYTES + bytes(20_000_000)), name)
    assert path.stat().st_size < 100_000
    place.stops(path, "unpacks to more than 1,000,000 bytes: .* --max-size", max_size=1_000_000)
    assert place.left() <= {name, "movies.duckdb"}


@pytest.mark.parametrize("name", ["films.parquet", "films.json", "films.xlsx"])
def test_what_is_converted_to_too_much_is_stopped(place: Place, name: str) -> None:
    """A value that many records share takes no room in Parquet, and in a workbook."""
    rows = [row | {"overview": "Long. " * 5000} for row in typed() for _ in range(40)]
    forms = {
        "films.parquet": lambda: as_parquet(rows),
        "films.json": lambda: json.dumps(rows).encode(),
        "films.xlsx": lambda: workbook(
            {"a": [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]}
        ),
    }
    path = place.file(forms[name](), name)
    place.stops(path, "unpacks to more than 1,000,000 bytes: .* --max-size", max_size=1_000_000)
    assert place.ingest(path)["movies"] == 5


def test_a_text_that_many_cells_of_a_workbook_share_counts_for_each(place: Place) -> None:
    """The library would write it out in memory."""
    shared = f"<sst><si><t>{'x' * 30_000}</t></si></sst>"
    cells = '<c t="s"><v>0</v></c>' * 10_000
    content = packed({"xl/workbook.xml": "", "xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": cells})
    place.stops(place.file(content, "films.xlsx"), "unpacks to more than 100,000,000 bytes", max_size=10**8)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "old.xls": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "old.xls is an old Excel workbook .* as .xlsx or CSV",
    ),
    "sheet.ods": (
        lambda: packed({"content.xml": "<x/>"}),
        "sheet.ods is an OpenDocument file: save .* as .xlsx or CSV",
    ),
    "none.xlsx": (
        lambda: workbook({"a": [["id", "title"], [1, "x"]]}),
        "lacks the columns release_date, budget, revenue",
    ),
    "two.xlsx": (lambda: workbook({"Old": sheet(), "New": sheet()}), "has films on the sheets Old and New"),
    "empty.xlsx": (lambda: workbook({"a": []}), "empty.xlsx is empty"),
    "damaged.xlsx": (
        lambda: packed({"xl/workbook.xml": "<x", "xl/worksheets/sheet1.xml": ""}),
        "damaged.xlsx is cut off or damaged",
    ),
    "again.gz": (
        lambda: gzip.compress(gzip.compress(gzip.compress(gzip.compress(BYTES)))),
        "compressed more than 3 times",
    ),
    "none.tar": (lambda: tarred("", a_txt="x"), "none.tar contains no CSV, JSON, Parquet or Excel file"),
    "columns.json": (
        lambda: b'[{"id": 1, "title": "x"}]',
        "lacks the columns release_date, budget, revenue: found id, title",
    ),
    "page.json": (
        lambda: json.dumps({"page": 1, "results": [{"id": 1, "title": "x"}]}).encode(),
        "lacks the columns release_date, budget, revenue: found id, title",
    ),
    "lists.json": (
        lambda: json.dumps({"old": typed(), "new": typed()}).encode(),
        "lists.json has several lists of objects, old and new: keep that of the films",
    ),
    "by_id.json": (
        lambda: json.dumps({"862": typed()[0]}).encode(),
        "by_id.json is one JSON object: .* a list of films",
    ),
    "by_column.json": (
        lambda: json.dumps({name: {"0": value} for name, value in typed()[0].items()}).encode(),
        "by_column.json is one JSON object: .* a list of films",
    ),
    "error.json": (lambda: b'{"status_code": 7, "success": false}', "error.json is one JSON object"),
    "broken.json": (
        lambda: b'[{"id": 1, "title": "x"}, {"id": 2,,}]',
        "broken.json cannot be read: damaged JSON in object 2: unexpected character$",
    ),
    "rows.json": (
        lambda: b'[[1, "x", "2001-02-03"]]',
        "rows.json looks like JSON, but is not a list of objects in UTF-8",
    ),
    "utf16.json": (lambda: json.dumps(typed()).encode("utf-16"), "utf16.json looks like JSON, .* in UTF-8"),
    "cut.json": (lambda: json.dumps(typed()).encode()[:-20], "cut.json is cut off, .*: download it again"),
    "cut_between.json": (lambda: b'[{"id": 1},\n{"id": 2},\n', "cut_between.json is cut off"),
    "cut.ndjson": (lambda: b'{"id": 1}\n{"id": 2, "ti', "cut.ndjson is cut off"),
    "broken.parquet": (lambda: b"PAR1" + bytes(100), "broken.parquet cannot be read"),
    "numbers.json": (lambda: b"[{}, 1, 2]", "numbers.json"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_said(place: Place, name: str) -> None:
    """The message names the file, and what to do; the working folder is no part of it."""
    content, message = REFUSED[name]
    said = place.stops(place.file(content(), name), message)
    assert "unpacked" not in said


def test_without_its_library_a_workbook_is_refused_with_the_extra(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    place.stops(place.file(workbook({"a": sheet()}), "films.xlsx"), r"pip install 'movie-reports\[xlsx\]'")


def test_names_in_a_tar_archive_lead_nowhere(place: Place) -> None:
    """Links and devices are passed over, and a hostile name is only a name."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, kind in (("films.csv", tarfile.SYMTYPE), ("b.csv", tarfile.LNKTYPE), ("c.csv", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("../../evil/movies_metadata.csv")
        info.size = len(BYTES)
        archive.addfile(info, io.BytesIO(BYTES))
    place.ingest(place.file(stream.getvalue(), "a/b/films.tar"))
    assert place.query("SELECT name FROM ingest_files") == [("../../evil/movies_metadata.csv",)]
    assert place.left() == {"a", "movies.duckdb"}
