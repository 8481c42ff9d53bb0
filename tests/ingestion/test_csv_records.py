"""Records are split as Python's csv module does it, and damage does not spread."""

import csv
import io
import re
from collections.abc import Callable
from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzzing import examples
from movie_reports.ingestion.reading import csv_records as records
from movie_reports.ingestion.reading.csv_records import BOM, NO_HEADER, Record, Scan, locate

Row = list[str]
Copy = Callable[..., Scan]

CHARACTERS = st.characters(exclude_categories=["Cs"])
# What a CSV file could stumble over must come up far more often than chance would have it.
TRICKY = st.lists(
    st.sampled_from([",", '"', "\n", "\r", "\r\n", " ", "a", "é", "😀", "\0", "\x85", "\u2028", "\ufeff"])
)
FIELDS = TRICKY.map("".join) | st.text(CHARACTERS)
ROWS = st.lists(st.lists(FIELDS, max_size=4), min_size=1, max_size=8)
# Fields that cannot be mistaken for a part of a neighbour whose quotation marks are out of order.
TAME_FIELDS = st.sampled_from(["", "plain", "with, comma", 'say "hi"', 'ends in "', "two\nlines", "two\r\nlines", "é"])
TAME_ROWS = st.lists(st.lists(TAME_FIELDS, min_size=2, max_size=4), min_size=1, max_size=6)
OUT_OF_ORDER = st.sampled_from(['x,"y', 'x,"y"z', '"', 'x,"y" z', '"x"",y', '"x"y"', ' "x,y', '"x"y,z', '"""', '"x" "'])
QUOTINGS = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
BREAKS = st.sampled_from(["\n", "\r", "\r\n"])
BLOCKS = st.sampled_from([*range(1, 20), 64, 100, 200, records.BLOCK])
PARTS = st.sampled_from([1, 2, 7, 64, records.PART])
DRIPS = st.none() | st.integers(1, 50)


class Dripping(io.BytesIO):
    """A stream that gives fewer bytes than it is asked for, as a pipe or a socket may."""

    def __init__(self, content: bytes, most: int | None) -> None:
        """Keep the content, and the number of bytes to give at most at once."""
        super().__init__(content)
        self.most = most

    def read(self, size: int | None = -1) -> bytes:
        """Give the next bytes."""
        return super().read(min(size or 0, self.most) if self.most else size)


def copied(source: io.BytesIO, folder: Path, advance: Callable[[int], None] = lambda _: None) -> Scan:
    """Copy a file, and assert that each part was yielded once it was complete."""
    scan = Scan()
    assert list(records.copy(source, folder, scan, advance)) == list(scan.parts.values())
    return scan


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Copy bytes, or text, with blocks of any size."""
    folder = tmp_path_factory.mktemp("records")

    def with_blocks(
        content: bytes | str,
        block: int = records.BLOCK,
        drip: int | None = None,
        longest: int = records.LONGEST_RECORD,
        part: int = records.PART,
    ) -> Scan:
        data = content.encode() if isinstance(content, str) else content
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(records, "BLOCK", block)
            patch.setattr(records, "LONGEST_RECORD", longest)
            patch.setattr(records, "PART", part)
            return copied(Dripping(data, drip), folder)

    return with_blocks


def line_of(row: Row, quoting: int) -> str:
    """Write a row as the csv module does, without its line break."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, lineterminator="\r\n").writerow(row)  # type: ignore[arg-type]
    return text.getvalue().removesuffix("\r\n")


def read(content: bytes, encoding: str = "utf-8") -> list[tuple[int, Row]]:
    """Read records with the csv module: the physical line on which each begins, and its fields."""
    reader = csv.reader(io.StringIO(content.decode(encoding), newline=""), strict=True)
    found, before = [], 0
    for row in reader:
        if row:
            found.append((before + 1, row))
        before = reader.line_num
    return found


def content_of(scan: Scan) -> bytes:
    """Put the parts of a copy together again."""
    first, *others = (part.read_bytes() for part in scan.parts.values())
    assert all(part.startswith(NO_HEADER) for part in others)
    return b"".join([first, *(part.removeprefix(NO_HEADER) for part in others)])


def physical_lines(content: bytes) -> int:
    """Count lines, of which LF, CRLF and a lone CR each end one."""
    pieces = re.split(rb"\r\n|\r|\n", content)
    return len(pieces) - (pieces[-1] == b"")


def everything(scan: Scan) -> list[Record]:
    """Locate all records of a copy."""
    return list(locate(scan, set(range(scan.records)), set()))


def texts(scan: Scan) -> list[str]:
    """Return the texts of all records of a copy."""
    return [record.raw.decode() for record in everything(scan)]


@st.composite
def files(draw: st.DrawFn) -> tuple[list[str], bytes]:
    """Draw the lines of a file, each of them a record or blank, and the file with any line breaks and maybe a BOM."""
    quoting = draw(QUOTINGS)
    breaks = draw(BREAKS.map(st.just) | st.just(BREAKS))
    lines = [line_of(row, quoting) for row in draw(ROWS)]
    content = "".join(line + draw(breaks) for line in lines[:-1]) + lines[-1] + draw(breaks | st.just(""))
    bom = draw(st.sampled_from([b"", BOM]))
    if not bom:  # a mark that is there by chance is one all the same
        lines[0] = lines[0].removeprefix("\ufeff")
    return lines, bom + content.encode()


@st.composite
def tame_files(draw: st.DrawFn) -> list[str]:
    """Draw the records of a file with their line breaks, all of one kind."""
    quoting, end = draw(QUOTINGS), draw(BREAKS)
    return [line_of(row, quoting) + end for row in draw(TAME_ROWS)]


@given(files(), BLOCKS, PARTS, DRIPS)
def test_the_csv_module_reads_the_copy_as_it_reads_the_file(
    copy: Copy, file: tuple[list[str], bytes], block: int, part: int, drip: int | None
) -> None:
    """All rows come through, with any line breaks, the size of blocks and parts, and the stream."""
    _, content = file
    scan = copy(content, block, drip, part=part)
    rows = [row for _, row in read(content, "utf-8-sig")]
    assert [row for _, row in read(content_of(scan))] == rows
    assert (scan.records, scan.damaged) == (len(rows), [])
    assert scan.nuls == (b"\0" in content)


@given(files(), BLOCKS, DRIPS)
def test_lines_are_counted_as_editors_count_them(
    copy: Copy, file: tuple[list[str], bytes], block: int, drip: int | None
) -> None:
    """LF, CRLF and a lone CR each end a line, inside quotation marks too."""
    _, content = file
    scan = copy(content, block, drip)
    assert scan.lines == physical_lines(content.removeprefix(BOM))


@given(files(), BLOCKS, PARTS)
def test_each_record_is_located_by_its_number(copy: Copy, file: tuple[list[str], bytes], block: int, part: int) -> None:
    """Its line is the physical one, its text the one of the file."""
    lines, content = file
    scan = copy(content, block, part=part)
    expected = [
        Record(number, found.offset, line, text.encode())
        for number, ((line, _), text, found) in enumerate(
            zip(read(content, "utf-8-sig"), filter(None, lines), everything(scan), strict=True)
        )
    ]
    assert everything(scan) == expected
    for record in expected:
        assert list(locate(scan, {record.number}, set())) == [record]


@given(files(), BLOCKS, PARTS)
def test_each_record_is_located_by_its_bytes(copy: Copy, file: tuple[list[str], bytes], block: int, part: int) -> None:
    """A byte belongs to the record that contains it, and one in blank lines to the record that follows."""
    scan = copy(file[1], block, part=part)
    found = everything(scan)
    ends = [-1, *(record.offset + len(record.raw) for record in found)]
    for record, (before, end) in zip(found, pairwise(ends), strict=True):
        for byte in {before + 1, record.offset, (record.offset + end) // 2, end}:
            assert list(locate(scan, set(), {byte})) == [record]


def test_a_byte_in_blank_lines_between_two_blocks_is_located(copy: Copy) -> None:
    """The record that follows may stand in the next block."""
    scan = copy("a,b\n1,2\n\n\n\n3,4,5\n", 4)
    assert len(scan.blocks) > 2
    assert [[record.line for record in locate(scan, set(), {byte})] for byte in range(8, 12)] == [[6]] * 4


@pytest.mark.parametrize("block", [1, 2, 3, 4, 5, 6, 7, 8, 64])
@pytest.mark.parametrize("drip", [None, 1, 4])
def test_a_line_break_is_never_torn_in_two(copy: Copy, block: int, drip: int | None) -> None:
    """CR and CRLF side by side are two line breaks, wherever a block ends."""
    scan = copy("a,b\r\r\n1,2\r\n\r\r\n3,4\r", block, drip)
    assert (scan.lines, scan.records) == (6, 3)
    assert [record.line for record in everything(scan)] == [1, 3, 6]


@pytest.mark.parametrize("drip", [None, 1, 2])
def test_a_byte_order_mark_is_no_part_of_the_header(copy: Copy, drip: int | None) -> None:
    """Even where the stream gives it in pieces."""
    assert texts(copy(BOM + b"a,b\n1,2\n", drip=drip)) == ["a,b", "1,2"]


@given(tame_files(), tame_files(), OUT_OF_ORDER, BLOCKS)
def test_a_damaged_record_damages_only_itself(
    copy: Copy, before: list[str], after: list[str], damaged: str, block: int
) -> None:
    """All others stay, and it is kept with its line and its text."""
    end = before[-1][-1]
    scan = copy("".join([*before, damaged + end, *after]), block)
    assert scan.damaged == [(physical_lines("".join(before).encode()) + 1, damaged.encode())]
    assert texts(scan) == [line.rstrip("\r\n") for line in [*before, *after]]
    assert scan.read == len(before) + len(after)


@given(st.lists(OUT_OF_ORDER, min_size=2, max_size=5), BLOCKS)
def test_several_damaged_records_damage_no_others(copy: Copy, damaged: list[str], block: int) -> None:
    """They may join among themselves, but their neighbours stay, and no line is lost."""
    before, after = ["a,b"], ["1,2", '"3",4', "5,6"]
    scan = copy("\n".join([*before, *damaged, *after]) + "\n", block)
    found = texts(scan)
    assert (found[:1], found[-3:]) == (before, after)
    assert scan.lines == len(damaged) + 4


@given(st.lists(st.sampled_from(['x,y"z', 'x,y"', 'x, y "z"', "plain", '"a, b",c', 'x,"y"']), min_size=1), BLOCKS)
def test_a_quotation_mark_inside_a_bare_field_is_text(copy: Copy, lines: list[str], block: int) -> None:
    """The csv module thinks so too."""
    content = "\n".join(lines).encode()
    scan = copy(content, block)
    assert (texts(scan), scan.damaged) == (lines, [])
    assert read(content_of(scan)) == read(content)


@given(tame_files(), BLOCKS)
@examples(3)
def test_a_file_cut_anywhere_keeps_the_records_before_the_cut(copy: Copy, lines: list[str], block: int) -> None:
    """Only the record that was cut may be missing, and lines are counted all the same."""
    parts = [line.encode() for line in lines]
    content = b"".join(parts)
    for cut in range(1, len(content) + 1):
        scan = copy(content[:cut], block)
        whole = [part for part, end in zip(parts, accumulate(map(len, parts)), strict=True) if end <= cut]
        found = [record.raw for record in everything(scan)]
        assert found[: len(whole)] == [part.rstrip(b"\r\n") for part in whole]
        assert scan.lines == physical_lines(content[:cut])
        assert all(line > physical_lines(b"".join(whole)) for line, _ in scan.damaged)


@pytest.mark.parametrize("drip", [None, 3])
def test_a_quotation_mark_that_never_closes_does_not_swallow_the_file(copy: Copy, drip: int | None) -> None:
    """A record beyond the longest allowed ends at its first line break."""
    tail = [f"{number},x" for number in range(200)]
    scan = copy("\n".join(["a,b", '1,"2', *tail]) + "\n", 64, drip, longest=200)
    assert scan.damaged == [(2, b'1,"2')]
    assert texts(scan) == ["a,b", *tail]
    assert scan.lines == 202


@pytest.mark.parametrize("long", ['1,"' + "x" * 900 + '"', "1," + "x" * 900])
@pytest.mark.parametrize("drip", [None, 3])
def test_a_line_that_is_too_long_is_one_damaged_record(copy: Copy, long: str, drip: int | None) -> None:
    """It is no more than one, so that the lines after it keep their numbers."""
    scan = copy(f"a,b\n{long}\n3,4\n", 64, drip, longest=200)
    assert [line for line, _ in scan.damaged] == [2]
    assert [(record.line, record.raw) for record in everything(scan)] == [(1, b"a,b"), (3, b"3,4")]


@pytest.mark.parametrize("content", ["", "\n", "\r\n\r\n", "\n\n\n"])
def test_blank_lines_are_no_records(copy: Copy, content: str) -> None:
    """A file without records has none to locate."""
    scan = copy(content)
    assert (scan.records, scan.damaged, scan.lines) == (0, [], physical_lines(content.encode()))
    assert list(locate(scan, {0}, {0})) == []


def test_progress_ends_at_the_size_of_the_file(tmp_path: Path) -> None:
    """Every byte is counted, including the BOM."""
    content = BOM + b"a,b\n" + b"1,2\n" * 100
    seen: list[int] = []
    copied(io.BytesIO(content), tmp_path, seen.append)
    assert seen[-1] == len(content)
    assert seen == sorted(seen)


def test_each_part_contains_whole_records_after_a_placeholder_for_the_header(copy: Copy) -> None:
    """So that each is a CSV file of its own, named after the bytes before it."""
    scan = copy('\n\na,b\n1,"2\n"\n3,4\n', 4, part=4)
    contents = [part.read_text() for part in scan.parts.values()]
    assert contents == ["\n\na,b\n", '-\n1,"2\n"\n', "-\n3,4\n"]
    assert list(scan.parts) == [0, 6, 15]
    assert [part.name for part in scan.parts.values()] == ["movies-0.csv", "movies-6.csv", "movies-15.csv"]


def test_the_longest_record_bounds_the_scan(copy: Copy) -> None:
    """No record is longer than the size given to the reader."""
    long = "1," + "x" * 3_000_000
    assert copy(f"a,b\n{long}\n").longest > len(long)
