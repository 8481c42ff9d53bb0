"""Any bytes are loaded with counts that reconcile, or refused in one line; nothing is silently lost.

The least costly check that can fail decides how often a case runs: telling records apart takes a millisecond, and 1,500
files go through it; an ingest takes 0.1 to 0.2 seconds, so each damages many records of one file, some 2,000 in all.
"""

import contextlib
import gzip
import io
import random
import re
import shutil
import zipfile
from bisect import bisect
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

import movie_reports
from archives import zipped
from films import querying, text
from fuzzing import TIMES, examples
from movie_reports import MovieReportsError
from movie_reports.ingestion.reading import csv_records as records
from movie_reports.ingestion.sources.header import Hints
from movie_reports.ingestion.sources.source import open_source

pytestmark = pytest.mark.timeout(600 * TIMES)
COUNTS = "SELECT records, movies, duplicates, rejects, reason FROM ingests WHERE outcome = 'loaded' ORDER BY id DESC"
BREAK = re.compile(rb"\r\n|\r|\n")
RECORDS = 20
# What matters to CSV and to literals; chance alone would seldom find it.
QUOTES = (b'"', b'""', b'",', b',"', b' "', b"'", b"\\", b"\\'", b"[", b"]", b"[{", b"}]", b"{", b"}", b",", b" ")
BREAKS = (b"\r", b"\n", b"\r\n", b"\n\n", b"\r\r\n")
NO_TEXT = (b"\0", records.BOM, b"\xff", b"\xc3", b"\xed\xa0\x80", b"\x1a", b"\x1c\x1d\x1e\x1f")
SPECIAL = st.sampled_from((*QUOTES, *BREAKS, *NO_TEXT))
EDITS = st.tuples(
    st.sampled_from(["insert", "delete", "replace", "duplicate"]),
    st.integers(0, 1 << 16),
    st.integers(1, 60),
    SPECIAL | st.binary(min_size=1, max_size=4),
)
CUTS = st.none() | st.integers(0, 1 << 16)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
Edits = list[tuple[str, int, int, bytes]]


def edited(content: bytes, edits: Edits) -> bytes:
    """Insert, delete, replace and duplicate slices."""
    for kind, place, length, new in edits:
        start = place % (len(content) + 1)
        before, old, after = content[:start], content[start : start + length], content[start + length :]
        middle = {"insert": new + old, "delete": b"", "replace": new, "duplicate": old * 2}[kind]
        content = before + middle + after
    return content


def films(end: str = "\n") -> bytes:
    """Write a valid file, with quoted line breaks, commas, quotation marks and literals."""
    several = [{"id": str(number), "overview": 'So, "so",\nit is.\r\nÉté\r'} for number in range(RECORDS)]
    return text(*several, end=end).encode()


FILES = {end: films(end) for end in ("\n", "\r\n", "\r")}
RATINGS = b"userId,movieId,rating\n" + b"".join(b"1,%d,4.5\n" % number for number in range(RECORDS))
LINKS = b"movieId,imdbId,tmdbId\n" + b"".join(b"%d,7,%d.0\n" % (number, number) for number in range(RECORDS))
ZIP = zipped(movies_metadata=FILES["\n"], ratings=RATINGS, links=LINKS)


def assert_is_one_plain_line(error: MovieReportsError) -> None:
    """An error has no line breaks, and not in the engine's own words."""
    assert not re.search(r"[\r\n]| Error: |Exception", str(error)), str(error)


def assert_loads_or_refuses(source: Path) -> None:
    """A source is loaded with counts that reconcile, or refused in a line; the database works either way."""
    database = source.with_name("movies.duckdb")
    try:
        movie_reports.ingest(source, database, max_rejects="100%")
    except MovieReportsError as error:
        assert_is_one_plain_line(error)
        event("refused")
        if not database.exists():
            return
    else:
        event("loaded")
    query = querying(database)
    for read, loaded, duplicates, rejects, _ in query(COUNTS):
        assert read == loaded + duplicates + rejects
        assert query("SELECT count(*) FROM rejects") == [(rejects,)]
        assert query("SELECT count(*) FROM movies") == [(loaded,)]
    with movie_reports.open(database) as db:
        assert db.company().num_rows >= 0


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, int], records.Scan]:
    """Copy bytes with blocks and parts of any size."""
    folder = tmp_path_factory.mktemp("records")

    def copy(content: bytes, block: int = records.BLOCK) -> records.Scan:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(records, "BLOCK", block)
            patch.setattr(records, "PART", block)
            scan = records.Scan()
            assert list(records.copy(io.BytesIO(content), folder, scan)) == list(scan.parts.values())
            return scan

    return copy


@pytest.mark.slow
@given(ENDS, st.lists(EDITS, max_size=12), CUTS, st.sampled_from([64, 100, 500, records.BLOCK]))
@examples(300)
def test_no_byte_of_a_damaged_file_is_lost(
    copied: Callable[[bytes, int], records.Scan], end: str, edits: Edits, cut: int | None, block: int
) -> None:
    """Each is in a sound record or in a damaged one, on the line that is reported."""
    content = edited(FILES[end], edits)[:cut].removeprefix(records.BOM)
    scan = copied(records.BOM + content, block)
    sound = [(record.line, record.raw) for record in records.locate(scan, set(range(scan.records)), set())]
    assert len(sound) == scan.records
    found = sorted(sound + scan.damaged)
    assert BREAK.sub(b"", b"".join(raw for _, raw in found)) == BREAK.sub(b"", content)
    starts = [0, *(match.end() for match in BREAK.finditer(content))]
    for line, raw in found:
        assert BREAK.sub(b"\n", content[starts[line - 1] :]).startswith(BREAK.sub(b"\n", raw))


@pytest.mark.slow
@given(ENDS, st.sampled_from(["utf-8", "utf-8", "utf-16", "cp1252"]), st.lists(EDITS, min_size=1, max_size=15), CUTS)
@examples(36)
def test_a_damaged_file_is_loaded_with_balanced_books_or_refused(
    tmp_path_factory: pytest.TempPathFactory, end: str, encoding: str, edits: Edits, cut: int | None
) -> None:
    """With damage in many records at once, and now and then in the header."""
    path = tmp_path_factory.mktemp("csv") / "films.csv"
    path.write_bytes(edited(FILES[end].decode().encode(encoding), edits)[:cut])
    assert_loads_or_refuses(path)


@pytest.mark.slow
@given(st.lists(EDITS, max_size=8), st.lists(EDITS, max_size=8))
@examples(12)
def test_damaged_ratings_cost_no_film(
    tmp_path_factory: pytest.TempPathFactory, in_ratings: Edits, in_links: Edits
) -> None:
    """They are counted as far as they can be read; or the source is refused."""
    path = tmp_path_factory.mktemp("ratings") / "films.zip"
    ratings, links = edited(RATINGS, in_ratings), edited(LINKS, in_links)
    path.write_bytes(zipped(movies_metadata=FILES["\n"], ratings=ratings, links=links))
    assert_loads_or_refuses(path)
    if not path.with_name("movies.duckdb").exists():
        return
    query = querying(path.with_name("movies.duckdb"))
    if query("SELECT outcome FROM ingests") == [("refused",)]:
        return
    assert query("SELECT count(*) FROM movies") == [(RECORDS,)]
    assert query("SELECT coalesce(sum(ratings), 0) FROM movie_ratings") == query(
        "SELECT coalesce(ratings_matched, 0) FROM ingests"
    )


@pytest.mark.slow
@given(st.sampled_from([ZIP, gzip.compress(FILES["\n"], mtime=0)]), st.lists(EDITS, min_size=1, max_size=3), CUTS)
@examples(50)
def test_a_damaged_archive_is_loaded_with_balanced_books_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, edits: Edits, cut: int | None
) -> None:
    """Most damage hits what is compressed; some of it only what is not read."""
    path = tmp_path_factory.mktemp("zip") / "films.zip"
    path.write_bytes(edited(content, edits)[:cut])
    assert_loads_or_refuses(path)


@pytest.mark.slow
@pytest.mark.parametrize("value", [0, 1, 8, 9, 12, 14, 93, 127, 255])
def test_each_byte_around_the_packed_files_may_be_any(tmp_path: Path, value: int) -> None:
    """False headers of an archive give a one-line error, or do no harm."""
    path = tmp_path / "films.zip"
    with zipfile.ZipFile(io.BytesIO(ZIP)) as archive:
        local = [range(info.header_offset, info.header_offset + 50) for info in archive.infolist()]
        places = [place for span in (*local, range(archive.start_dir, len(ZIP))) for place in span]
    for place in places:
        path.write_bytes(ZIP[:place] + bytes([value]) + ZIP[place + 1 :])
        try:
            with open_source([(path.name, path)], tmp_path, 1 << 30, Hints()) as source:
                for member in (*source.films, *source.members.values()):
                    with member.reading() as stream:
                        stream.read()
        except MovieReportsError as error:
            assert_is_one_plain_line(error)


@pytest.mark.slow
def test_the_real_archive_cut_anywhere_is_refused(real_sample: Path, tmp_path: Path) -> None:
    """Wherever its download ended."""
    content, path = real_sample.read_bytes(), tmp_path / "cut.zip"
    rng = random.Random(3)  # noqa: S311 (no secret)
    for cut in [0, 1, 2, 3, 4, 30, len(content) - 1, len(content) - 22, *rng.sample(range(len(content)), 20 * TIMES)]:
        path.write_bytes(content[:cut])
        with pytest.raises(MovieReportsError):
            movie_reports.ingest(path, tmp_path / "movies.duckdb")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".duckdb"] == []


@pytest.fixture(scope="module")
def real_films(real_sample: Path) -> bytes:
    """Unpack the films of the real data."""
    with zipfile.ZipFile(real_sample) as archive:
        return archive.read("movies_metadata.csv")


@pytest.mark.slow
def test_records_missing_from_the_real_films_cut_anywhere_are_missed(
    copied: Callable[[bytes, int], records.Scan], real_films: bytes
) -> None:
    """What is left has as many whole records as were before the cut; a record cut in two is damaged or unended."""
    whole = copied(real_films, records.BLOCK)
    found = records.locate(whole, set(range(whole.records)), set())
    headers = len(records.NO_HEADER)  # each part of the copy but the first has one that the file has not
    starts = list(whole.parts)
    ends = [r.offset + len(r.raw) + 1 - headers * (bisect(starts, r.offset) - 1) for r in found]
    assert ends[-1] >= len(real_films)
    rng = random.Random(4)  # noqa: S311 (no secret)
    cuts = [*rng.sample(range(1, len(real_films)), 60 * TIMES), *rng.sample(ends[:-1], 30)]
    for cut in cuts:
        scan = copied(real_films[:cut], records.BLOCK)
        complete = sum(end <= cut for end in ends)
        if cut in ends:
            assert (scan.records, scan.damaged, scan.cut) == (complete, [], False)
        else:
            assert scan.cut
            assert (scan.records + bool(scan.damaged)) >= complete


@pytest.mark.slow
def test_the_real_films_cut_anywhere_never_load_silently_less(real_films: bytes, tmp_path: Path) -> None:
    """Each film that is gone is a change that the ledger counts, and a film cut in two a reject or a warning."""
    whole, source, database = tmp_path / "whole.duckdb", tmp_path / "films.csv", tmp_path / "movies.duckdb"
    source.write_bytes(real_films)
    movie_reports.ingest(source, whole)
    before: dict[int, object] = dict(querying(whole)("SELECT id, movies FROM movies"))
    breaks = [match.end() for match in re.finditer(rb"\n", real_films)]
    rng = random.Random(5)  # noqa: S311 (no secret)
    cuts = [*rng.sample(range(len(real_films)), 5 * TIMES), *rng.sample(breaks[:-1], 10)]
    for cut in [*cuts, *range(len(real_films) - 6, len(real_films)), breaks[0], 0]:
        source.write_bytes(real_films[:cut])
        shutil.copy(whole, database)
        with contextlib.suppress(MovieReportsError):
            movie_reports.ingest(source, database, allow_shrink=True)
        assert_tells_of_losses(database, before, at_break=cut in breaks)


def assert_tells_of_losses(database: Path, before: dict[int, object], *, at_break: bool) -> None:
    """A second ingest failed, or was refused, and changed nothing, or its counts include what it lost."""
    query = querying(database)
    after: dict[int, object] = dict(query("SELECT id, movies FROM movies"))
    ((outcome, reason, rejects, removed),) = query(
        "SELECT outcome, reason, rejects, films_removed FROM ingests WHERE id = 2"
    )
    if outcome != "loaded":
        assert (after, bool(reason)) == (before, True)
        return
    lost = query("SELECT movie_id FROM changes WHERE change = 'removed' ORDER BY movie_id")
    assert [number for (number,) in lost] == sorted(set(before) - set(after))
    assert removed == len(lost)
    changed = query("SELECT DISTINCT movie_id FROM changes WHERE change = 'changed'")
    assert {number for (number,) in changed} == {number for number in after if after[number] != before[number]}
    assert at_break or rejects > 0 or "cut off" in (reason or "")
