"""Ratings are grouped by film without being unpacked, and what is odd among them is read as exactly."""

import csv
import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import movie_reports
from archives import folder, zipped
from films import Load, Query, loading, text
from fuzzing import examples
from movie_reports.ingestion import run
from movie_reports.ingestion.reading import ratings
from program import apart, printed
from selection import few

LINKS = "movieId,imdbId,tmdbId\n1,0114709,862\n2,0113497,1\n862,0000001,2\n5,0000005,\n6,0000006,999\n"
RATINGS = "userId,movieId,rating,timestamp\n1,1,4.0,0\n2,1,1.5,0\n3,2,5.0,0\n4,862,2.0,0\n"
RATED = "SELECT movie_id, ratings, mean_rating FROM movie_ratings ORDER BY movie_id"
RATING_BOOKS = "SELECT ratings, ratings_matched, ratings_unread FROM ingests"
THREE_FILMS = text({"id": "862"}, {"id": "1"}, {"id": "2"})


@pytest.fixture(params=["DuckDB", "Arrow"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have small files read by the reader of the odd, or also by that of the plain."""
    if request.param == "Arrow":
        use_arrow(monkeypatch)
    return str(request.param)


def use_arrow(patch: pytest.MonkeyPatch, block: int = 20) -> None:
    """Have nothing but the header read by DuckDB, unless it is odd."""
    patch.setattr(ratings, "FIRST", 34)
    patch.setattr(ratings, "BLOCK", block)


@pytest.mark.usefixtures("reader")
def test_plain_ratings_are_loaded_in_a_process_of_its_own(tmp_path: Path) -> None:
    """Where nothing else has loaded what reading them needs."""
    plain = RATINGS + "5,1,3.0,0\n" * 10_000  # more than the first block, which is never Arrow's
    source = zipped(movies_metadata=THREE_FILMS, links=LINKS, ratings=plain)
    (tmp_path / "films.zip").write_bytes(source)
    result = apart("ingest", tmp_path / "films.zip", "--database", tmp_path / "movies.duckdb")
    assert result.returncode == 0, result.stderr
    assert "Ratings:  10,004 read" in result.stderr


def test_ratings_are_joined_through_the_links(load: Load, tmp_path: Path) -> None:
    """MovieLens film 862 is not TMDB film 862, and the means are those of a pocket calculator."""
    query = load(folder(tmp_path / "data", movies_metadata=THREE_FILMS, links=LINKS, ratings=RATINGS))
    assert query(RATED) == [(1, 1, 5.0), (2, 1, 2.0), (862, 2, 2.75)]
    assert query(RATING_BOOKS) == [(4, 4, 0)]


@pytest.mark.usefixtures("reader")
def test_ratings_of_other_films_and_unread_lines_are_counted(load: Load, tmp_path: Path) -> None:
    """Without a link, a TMDB id or the film, a rating is of another film; text and NaN are no ratings."""
    ratings = RATINGS + "1,5,3.0,0\n1,6,3.0,0\n1,7,3.0,0\n1,1,good,0\n1,x,3.0,0\n1,1,nan,0\n1,1\n1,2,4.0,0\n"
    query = load(folder(tmp_path / "data", movies_metadata=THREE_FILMS, links=LINKS, ratings=ratings))
    assert query(RATED) == [(1, 2, 4.5), (2, 1, 2.0), (862, 2, 2.75)]
    assert query(RATING_BOOKS) == [(8, 5, 4)]


@pytest.mark.usefixtures("reader")
def test_ratings_may_be_quoted(load: Load, tmp_path: Path) -> None:
    """Ratings and links all of whose fields are in quotation marks are the same ratings."""
    links, ratings = (
        "".join('"' + line.replace(",", '","') + '"\n' for line in content.splitlines()) for content in (LINKS, RATINGS)
    )
    query = load(folder(tmp_path / "data", movies_metadata=THREE_FILMS, links=links, ratings=ratings))
    assert query(RATED) == [(1, 1, 5.0), (2, 1, 2.0), (862, 2, 2.75)]


def test_the_large_ratings_file_is_preferred(load: Load, tmp_path: Path) -> None:
    """The small one is then ignored, even if it is larger."""
    small = RATINGS + "9,1,0.5,0\n" * 9
    files = {"movies_metadata": THREE_FILMS, "links": LINKS, "links_small": LINKS, "ratings": RATINGS}
    query = load(folder(tmp_path / "data", **files, ratings_small=small))
    assert query(RATING_BOOKS) == [(4, 4, 0)]
    assert query("SELECT name FROM ingest_files WHERE role = 'ignored' ORDER BY name") == [
        ("links_small.csv",),
        ("ratings_small.csv",),
    ]


@pytest.mark.parametrize("files", [{}, {"ratings": RATINGS}, {"links": LINKS}])
def test_without_ratings_and_links_there_are_no_rating_counts(
    load: Load, tmp_path: Path, files: dict[str, str]
) -> None:
    """Nothing is not the same as 0 ratings."""
    query = load(folder(tmp_path / "data", movies_metadata=THREE_FILMS, **files))
    assert query(RATING_BOOKS) == [(None, None, None)]


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("encoding", "end"),
    few([("utf-8", "\r\n"), ("utf-16-be", "\r"), ("utf-8", "\r"), ("utf-8-sig", "\n"), ("utf-16", "\r\n")], first=2),
)
def test_ratings_are_read_as_they_are_written(load: Load, tmp_path: Path, encoding: str, end: str) -> None:
    """With any line break and byte order mark, and without a break at the end."""
    source = folder(tmp_path / "data", movies_metadata=THREE_FILMS)
    start = "\ufeff" if encoding == "utf-16-be" else ""
    for name, content in {"links": LINKS, "ratings": RATINGS.strip()}.items():
        (source / f"{name}.csv").write_text(start + content, encoding=encoding, newline=end)
    query = load(source)
    assert query(RATED) == [(1, 1, 5.0), (2, 1, 2.0), (862, 2, 2.75)]
    assert query(RATING_BOOKS) == [(4, 4, 0)]


RATING_VALUES = {
    "0.5": 0.5,
    "5": 5.0,
    "5.0": 5.0,
    "3.7": 3.7,
    " 4.0\t": 4.0,
    ".5": 0.5,
    "4.": 4.0,
    "+4": 4.0,
    "40e-1": 4.0,
    **dict.fromkeys(["2_5", "50", "-3", "0", "-0", "0.4999999", "5.0000001", "1e17", "1e999", "nan", "inf", "-inf"]),
    **dict.fromkeys(["", " ", "x", "4,0", "0x4", "4f", "4 0", "1e", "\u0664", "true"]),
}
NUMBERS = {
    "1": 862,
    "1.0": 862,
    " 1 ": 862,
    "01": 862,
    "2": 1,
    "0" * 40 + "2": 1,
    **dict.fromkeys(
        ["2.5", "1.00", "1.", "1e0", "-1", "-0", "+1", "1_0", "0x1", "", "x", "9" * 18, "9" * 19, "9" * 21]
    ),
}


@pytest.mark.usefixtures("reader")
def test_a_rating_is_from_half_a_star_to_five(load: Load, tmp_path: Path) -> None:
    """What else may stand in its place is counted as unread, and no report is the worse for it."""
    numbers = range(1, len(RATING_VALUES) + 1)
    films = text(*({"id": str(number)} for number in numbers))
    links = "movieId,imdbId,tmdbId\n" + "".join(f"{number},0,{number}\n" for number in numbers)
    lines = (f"1,{number},{rating},0\n" for number, rating in zip(numbers, RATING_VALUES, strict=True))
    ratings = "userId,movieId,rating,timestamp\n" + "".join(lines)
    query = load(folder(tmp_path / "data", movies_metadata=films, links=links, ratings=ratings))
    values = zip(numbers, RATING_VALUES.values(), strict=True)
    rated = [(number, 1, value) for number, value in values if value is not None]
    assert query(RATED) == rated
    assert query(RATING_BOOKS) == [(len(rated), len(rated), len(RATING_VALUES) - len(rated))]
    with movie_reports.open(tmp_path / "movies.duckdb") as database:
        assert database.genres(popularity="ratings-mean").num_rows == 1


@pytest.mark.usefixtures("reader")
def test_a_rating_is_of_a_film_with_a_whole_number(load: Load, tmp_path: Path) -> None:
    """As pandas writes it too; no other text is rounded to one."""
    stars = [round(0.5 + number / 8, 3) for number in range(len(NUMBERS))]  # each another, so that none is mistaken
    lines = (f"1,{number},{rating},0\n" for number, rating in zip(NUMBERS, stars, strict=True))
    ratings = "userId,movieId,rating,timestamp\n" + "".join(lines)
    query = load(folder(tmp_path / "data", movies_metadata=THREE_FILMS, links=LINKS, ratings=ratings))
    expected = []
    for film in (1, 862):
        found = [star for number, star in zip(NUMBERS.values(), stars, strict=True) if number == film]
        expected.append((film, len(found), sum(found) / len(found)))
    assert query(RATED) == expected
    matched, known = sum(count for _, count, _ in expected), 1  # a number of 18 digits is one, of another film
    assert query(RATING_BOOKS) == [(matched + known, matched, len(NUMBERS) - matched - known)]


ODD_LINES = st.tuples(
    st.just("1") | st.text(max_size=3),
    st.sampled_from([*NUMBERS]) | st.integers(0, 9).map(str) | st.decimals(0, 9, places=1).map(str),
    st.sampled_from([*RATING_VALUES]) | st.floats().map(str) | st.decimals(-1, 6, places=3).map(str),
    st.sampled_from(["0", "", "2005-04-02 23:53:47", '"', "0,0", "\0"]),
).map(",".join)


@given(lines=st.lists(ODD_LINES, min_size=1, max_size=60), block=st.sampled_from([9, 60, 1000]))
@examples(3)
def test_both_readers_read_what_a_person_would(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], block: int
) -> None:
    """Field by field, as the module csv and a dozen lines of Python do."""
    content = RATINGS + "".join(f"{line}\n" for line in lines)
    source = folder(tmp_path_factory.mktemp("odd") / "data", movies_metadata=THREE_FILMS, links=LINKS)
    (source / "ratings.csv").write_bytes(content.encode())
    rated, unread, others = by_hand(content)
    means = [(film, len(values), round(sum(values) / len(values), 9)) for film, values in sorted(rated.items())]
    matched = sum(map(len, rated.values()))
    for query in read_both_ways(source, block):
        assert query(RATED.replace("mean_rating", "round(mean_rating, 9)")) == means
        assert query(RATING_BOOKS) == [(matched + others, matched, unread)]


def by_hand(content: str) -> tuple[dict[int, list[float]], int, int]:
    """Return the ratings of each film, the number of unread lines, and that of ratings of other films."""
    rated: dict[int, list[float]] = {}
    unread = others = 0
    for fields in csv.reader(re.split(r"\r\n|\r|\n", content)[1:], quoting=csv.QUOTE_NONE):
        number, value = (each.strip(" \t") for each in fields[1:3]) if len(fields) == 4 else ("", "")
        is_number = re.fullmatch(r"0*[0-9]{1,18}(\.0)?", number)
        is_figure = re.fullmatch(r"[+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", value)
        if not is_number or not is_figure or not 0.5 <= float(value) <= 5:
            unread += fields != []
        elif film := {1: 862, 2: 1, 862: 2}.get(int(number.removesuffix(".0"))):
            rated.setdefault(film, []).append(round(float(value), 6))
        else:
            others += 1
    return rated, unread, others


def read_both_ways(source: Path, block: int) -> Iterator[Query]:
    """Load a source by each of the readers in turn."""
    for arrow in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            if arrow:
                use_arrow(patch, block)
            yield loading(source.parent)(source)
        (source.parent / "movies.duckdb").unlink()


ODD_LINKS = {
    "3,0000003,x": True,
    "3,0000003,2.5": True,
    "x,0000003,2": True,
    "-3,0000003,2": True,
    "3,0000003": True,
    "3": True,
    "3,0000003,2,2": True,
    "1,0114709,863": True,
    "3,\xff,2": True,
    "1,0114709,862": False,
    "1,0114709,": False,
    "3,0000003,": False,
    "3,0000003, 2 ": False,
    "3.0,0000003,2.0": False,
}


@pytest.mark.parametrize(
    ("line", "end"),
    few(
        [*((line, "\n") for line in ODD_LINKS), ("3,0000003,x", "\r\n")],
        *((line, "\n") for line in ("3", "3,0000003,2,2", "1,0114709,863", "3,\xff,2", "3.0,0000003,2.0")),
        ("3,0000003,x", "\r\n"),
    ),
)
def test_damaged_links_are_counted(load: Load, tmp_path: Path, line: str, end: str) -> None:
    """And so are those of a film that another line links otherwise; a link to no film is none."""
    source = folder(tmp_path / "data", movies_metadata=THREE_FILMS, ratings=RATINGS)
    (source / "links.csv").write_bytes(f"{LINKS}{line}\n".replace("\n", end).encode("latin-1"))
    query = load(source)
    assert query(RATED) == [(1, 1, 5.0), (2, 1, 2.0), (862, 2, 2.75)]
    found = query("SELECT field, films, example FROM unread_fields")
    shown = line.encode("latin-1").decode(errors="replace")
    if ODD_LINKS[line]:
        ((field, lines, example),) = found
        assert (field, lines) == ("links", 1)
        assert shown.isascii() is False or example == shown
        status = printed("status", "--database", tmp_path / "movies.duckdb")
        assert re.search(r"^Unread +links of 1 line, such as '", status, re.MULTILINE)
    else:
        assert found == []


def test_of_two_links_the_film_with_the_lower_id_counts(load: Load, tmp_path: Path) -> None:
    """In any position; a rating is never counted twice."""
    links = "movieId,imdbId,tmdbId\n1,0114709,862\n1,0114709,2\n2,0113497,1\n2,0113497,862\n"
    query = load(folder(tmp_path / "data", movies_metadata=THREE_FILMS, links=links, ratings=RATINGS))
    assert query(RATED) == [(1, 1, 5.0), (2, 2, 2.75)]
    assert query("SELECT field, films FROM unread_fields") == [("links", 2)]


ODD = ["", " ", '"', '""', ",", "\0", "x", "0x1 ", "0X1\t", "-", "+", ".", "e1", "1_0", "nan", "inf", "-0", "1e400"]
ODD += ["\n", "\r", "\r\n", "\n\n", "\t", "\\", "'", "é", "\ufeff", "NULL", "true", "9" * 19, "#", "3,1,4.0\n"]


@pytest.mark.slow
@given(
    edits=st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 4), st.sampled_from(ODD) | st.text(max_size=2)), max_size=5
    ),
    block=st.sampled_from([9, 50, 1000]),
)
@examples(8)
def test_both_readers_agree_on_whatever_is_odd(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, str]], block: int
) -> None:
    """The same ratings, and the same number of lines that are none."""
    content = "".join(f"{number},{number % 3},{number % 5}.5,0\n" for number in range(40))
    for position, length, insert in edits:
        content = content[:position] + insert + content[position + length :]
    source = folder(tmp_path_factory.mktemp("odd") / "data", movies_metadata=THREE_FILMS, links=LINKS)
    header = RATINGS.partition("\n")[0].encode() + b"\n"
    (source / "ratings.csv").write_bytes(header + content.encode(errors="surrogatepass"))
    found = [(query(RATED), query(RATING_BOOKS)) for query in read_both_ways(source, block)]
    assert found[0] == found[1]


@pytest.mark.parametrize("packed", few(["zip", "gzip", "no"]))
def test_no_file_of_ratings_is_unpacked(tmp_path: Path, packed: str) -> None:
    """Only irregular blocks are written to the disk, and only one block is kept in memory."""
    lines = [f"{number},{number % 3},4.5,0\n" for number in range(600_000)]
    lines[300_000] = "odd\n"
    content = ("userId,movieId,rating,timestamp\n" + "".join(lines)).encode()
    source = tmp_path / "data"
    source.mkdir()
    (source / "films.csv").write_text(THREE_FILMS)
    (source / "links.csv").write_text(LINKS)
    if packed == "zip":
        source = tmp_path / "data.zip"
        source.write_bytes(zipped(films=THREE_FILMS, links=LINKS, ratings=content))
    elif packed == "gzip":
        (source / "ratings.csv.gz").write_bytes(gzip.compress(content))
    else:
        (source / "ratings.csv").write_bytes(content)
    sizes: list[int] = []

    def look(*_: object) -> None:
        sizes.extend(file.stat().st_size for file in tmp_path.glob(".movies.duckdb.ingest-*/ratings*"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ratings, "BLOCK", 1 << 20)
        row = run.ingest([str(source)], tmp_path / "movies.duckdb", progress=look).row
    assert (row["ratings"], row["ratings_unread"]) == (599_999, 1)
    assert len(content) > 6_000_000
    assert 0 < max(sizes) < 1_200_000


def test_blocks_are_whole_lines(tmp_path: Path) -> None:
    """With any line breaks, unless a line is longer than a block; at most two blocks are in memory."""
    path = tmp_path / "lines.csv"
    path.write_bytes(b"a,b\r\n1,2\r3,4\n" * 50 + b"5" * 1000 + b"\n6,7")
    seen: list[int] = []
    with pytest.MonkeyPatch.context() as patch, path.open("rb") as stream:
        patch.setattr(ratings, "FIRST", 7)
        patch.setattr(ratings, "BLOCK", 20)
        blocks = list(ratings._whole_lines(stream, seen.append))  # noqa: SLF001
    assert b"".join(blocks) == b"a,b\n1,2\n3,4\n" * 50 + b"5" * 1000 + b"\n6,7"
    assert seen[-1] == path.stat().st_size
    assert all(block.endswith(b"\n") for block in blocks[:30])
    assert max(map(len, blocks)) < 2 * 21
