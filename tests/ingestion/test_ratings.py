"""Ratings are grouped by film without being unpacked, and what is odd among them is read as exactly."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives import folder, zipped
from films import Load, loading, text
from movie_reports.ingestion import ratings
from movie_reports.ingestion import run as build

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
def test_without_ratings_and_links_there_are_no_rating_books(load: Load, tmp_path: Path, files: dict[str, str]) -> None:
    """Nothing is not the same as 0 ratings."""
    query = load(folder(tmp_path / "data", movies_metadata=THREE_FILMS, **files))
    assert query(RATING_BOOKS) == [(None, None, None)]


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_ratings_are_read_as_they_are_written(load: Load, tmp_path: Path, end: str, encoding: str) -> None:
    """With any line break and byte order mark, and without a break at the end."""
    source = folder(tmp_path / "data", movies_metadata=THREE_FILMS)
    start = "\ufeff" if encoding == "utf-16-be" else ""
    for name, content in {"links": LINKS, "ratings": RATINGS.strip()}.items():
        (source / f"{name}.csv").write_text(start + content, encoding=encoding, newline=end)
    query = load(source)
    assert query(RATED) == [(1, 1, 5.0), (2, 1, 2.0), (862, 2, 2.75)]
    assert query(RATING_BOOKS) == [(4, 4, 0)]


ODD = ["", " ", '"', '""', ",", "\0", "x", "0x1 ", "0X1\t", "-", "+", ".", "e1", "1_0", "nan", "inf", "-0", "1e400"]
ODD += ["\n", "\r", "\r\n", "\n\n", "\t", "\\", "'", "é", "\ufeff", "NULL", "true", "9" * 19, "#", "3,1,4.0\n"]


@pytest.mark.slow
@given(
    edits=st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 4), st.sampled_from(ODD) | st.text(max_size=2)), max_size=5
    ),
    block=st.sampled_from([9, 50, 1000]),
)
@settings(max_examples=40)
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
    found = []
    for arrow in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            if arrow:
                use_arrow(patch, block)
            query = loading(source.parent)(source)
        found.append((query(RATED), query(f"{RATING_BOOKS} ORDER BY id DESC LIMIT 1")))
        (source.parent / "movies.duckdb").unlink()
    assert found[0] == found[1]


@pytest.mark.parametrize("packed", ["zip", "gzip", "no"])
def test_no_file_of_ratings_is_unpacked(tmp_path: Path, packed: str) -> None:
    """Only what is odd is written to the disk, and only as much of it as stands around it is held in memory."""
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
        sizes.extend(file.stat().st_size for file in (tmp_path / ".movies.duckdb.ingest").glob("ratings*"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ratings, "BLOCK", 1 << 20)
        row = build.build([str(source)], tmp_path / "movies.duckdb", progress=look)
    assert (row["ratings"], row["ratings_unread"]) == (599_999, 1)
    assert len(content) > 6_000_000
    assert 0 < max(sizes) < 1_200_000


def test_blocks_are_whole_lines(tmp_path: Path) -> None:
    """Whatever the line breaks are, unless a line is longer than a block, of which no more than two are held."""
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
