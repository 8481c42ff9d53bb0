"""Copy a CSV file for the database: split and count its records, and normalize its line breaks.

This follows RFC 4180 and does not use the database's own CSV reader, so that its count of the records is independent of
that reader's. A record whose quotation marks are out of order ends at its first line break and is left out of the copy,
since it would swallow the records after it.

The copy is cut into parts, because the database's reader keeps the unescaped text of a file in memory until the file
ends, and because it reads several files in parallel.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, NamedTuple

BLOCK = 1 << 20
PART = 1 << 23
LONGEST_RECORD = 1 << 26
BOM = b"\xef\xbb\xbf"
NO_HEADER = b"-\n"

COMMA = b","

_QUOTED = rb' *"[^"]*+(?:""[^"]*+)*+" *'
_BREAK = re.compile(rb"\r\n|\r|\n")


class _Patterns(NamedTuple):
    """What a record is where a certain byte separates its fields."""

    record: re.Pattern[bytes]
    closed: re.Pattern[bytes]
    out_of_order: re.Pattern[bytes]


@cache
def _patterns(separator: bytes) -> _Patterns:
    by = re.escape(separator)
    field = rb"(?:" + _QUOTED + rb"(?=[" + by + rb'\r\n]|\Z)|(?! *")[^' + by + rb"\r\n]*+)"
    return _Patterns(
        re.compile(field + rb"(?:" + by + field + rb")*+"),
        re.compile(by + rb"?" + _QUOTED),
        # A quotation mark that is not next to a separator, a line break or another one. The pattern begins with the
        # mark so that the search can skip from one mark to the next, which is 16 times as fast.
        re.compile(rb'"(?:(?<=[^' + by + rb'\r\n"]")|[^' + by + rb'\r\n"])'),
    )


@dataclass(frozen=True)
class Record:
    """One record: its number in the copy (the header is 0), its offset there, its physical line, its text."""

    number: int
    offset: int
    line: int
    raw: bytes


@dataclass
class Scan:
    """The result of one pass over a file.

    Attributes:
        parts: the files of the copy, by their offset in the whole copy; line breaks outside quotation marks are
            all LF, and each file but the first begins with a placeholder for the header.
        records: number of records in the copy, including the header but no blank lines.
        lines: number of physical lines, where LF, CRLF and a lone CR each end one.
        damaged: line and text of each record left out of the copy because its quotation marks are out of order.
        longest: no record has more bytes than this.
        nuls: whether NUL characters occur.
        cut: whether the last line has no line break, as in a file that was cut off.
        blocks: where each block of whole records begins in the copy: offset, record number, line.
        separator: the byte between two fields.
        skipping: whether the copy is inside a damaged line that is too long to keep.
    """

    parts: dict[int, Path] = field(default_factory=dict)
    records: int = 0
    lines: int = 0
    damaged: list[tuple[int, bytes]] = field(default_factory=list)
    longest: int = 2 * BLOCK
    nuls: bool = False
    cut: bool = False
    blocks: list[tuple[int, int, int]] = field(default_factory=list)
    separator: bytes = COMMA
    skipping: bool = False

    @property
    def read(self) -> int:
        """Number of records in the file without the header: those in the copy, and the damaged ones."""
        return self.records - 1 + len(self.damaged)

    def beyond_ascii(self) -> Iterator[bytes]:
        """Return the lines of the copy, which is read again, that are not ASCII."""
        for part in self.parts.values():
            with part.open("rb") as file:
                yield from (line for line in file if not line.isascii())


class _Copy:
    """Writes the copy, part by part; its first record is the header."""

    def __init__(self, folder: Path, scan: Scan) -> None:
        """Begin with an empty file."""
        self.folder, self.scan, self.size, self.width, self.last = folder, scan, 0, 0, b""
        self._begin()

    def _begin(self) -> None:
        self.start = self.size
        self.path = self.scan.parts[self.size] = self.folder / f"movies-{self.size}.csv"
        self.file = self.path.open("wb")

    def is_full(self) -> bool:
        """Whether the next part may begin: the pieces of a record that a line break has split must stay in one part."""
        if self.size - self.start < PART or self.width == 0:
            return False
        last = self.last[:-1]
        return _width(last[_end_of_records(last.split(b'"'), len(last)) :], self.scan.separator) == self.width

    def cut(self) -> Path:
        """Begin the next part, and return the complete one."""
        complete = self.path
        self.file.close()
        self._begin()
        self.write(NO_HEADER)
        return complete

    def write(self, sound: bytes) -> None:
        if self.width == 0 and (header := next(_records(sound, 0, 0, 1, self.scan.separator), None)):
            self.width = _width(header.raw, self.scan.separator)
        self.file.write(sound)
        self.size += len(sound)
        self.last = sound

    def close(self) -> None:
        self.file.close()


def copy(
    source: IO[bytes], folder: Path, scan: Scan, advance: Callable[[int], None] = lambda _: None
) -> Iterator[Path]:
    """Copy the sound records of a CSV file into a folder, and count them.

    Args:
        source: the file, read once from start to end.
        folder: where the parts of the copy are written.
        scan: an empty one, which is filled in.
        advance: called now and then with the number of bytes read so far.

    Yields:
        each part of the copy, once it is complete.
    """
    first = b""
    while len(first) < len(BOM) and (more := source.read(len(BOM) - len(first))):
        first += more
    rest, done = first.removeprefix(BOM), len(first)
    with closing(_Copy(folder, scan)) as target:
        while chunk := source.read(max(BLOCK, len(rest))):
            done += len(chunk)
            advance(done)
            while chunk.endswith(b"\r") and (more := source.read(1)):  # keep a CRLF together
                chunk += more
            if target.is_full():
                yield target.cut()
            rest = _copy_block(rest + chunk, scan, target)
        if rest:
            scan.cut = True
            _copy_carefully(rest, scan, target, last=True)
    yield target.path


def _copy_block(block: bytes, scan: Scan, target: _Copy) -> bytes:
    """Copy the whole records at the start of a block, and return the rest."""
    if scan.skipping:
        break_ = _BREAK.search(block)
        if break_ is None:
            return b""
        scan.skipping = False
        _write(b"\n", 0, scan, target)
        block = block[break_.end() :]
    parts = block.split(b'"')
    outside = b'"'.join(parts[::2])
    end = _end_of_records(parts, len(block))
    if _patterns(scan.separator).out_of_order.search(outside) or (end == 0 and len(block) > LONGEST_RECORD):
        return _copy_carefully(block, scan, target, last=False)
    sound = block[:end]
    if b"\r" in outside:
        outside = outside.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        sound = _one_kind_of_break(sound)
    lines = outside.split(b"\n")[:-1]
    _write(sound, len(lines) - lines.count(b""), scan, target)
    return block[end:]


def _end_of_records(parts: list[bytes], end: int) -> int:
    """Return the position after the last line break outside quotation marks, or 0; odd parts are inside them."""
    for number in range(len(parts) - 1, -1, -1):
        end -= len(parts[number])
        if number % 2 == 0:
            found = max(parts[number].rfind(b"\n"), parts[number].rfind(b"\r"))
            if found >= 0:
                return end + found + 1
        end -= 1
    return 0


def _one_kind_of_break(block: bytes) -> bytes:
    """Turn CRLF and lone CR into LF outside quotation marks, and leave those inside as they are."""
    parts = block.split(b'"')
    outside = b'"'.join(parts[::2]).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    parts[::2] = outside.split(b'"')
    return b'"'.join(parts)


def _copy_carefully(block: bytes, scan: Scan, target: _Copy, *, last: bool) -> bytes:
    """Do the same as `_copy_block` record by record, for a block with quotation marks out of order."""
    position, patterns = 0, _patterns(scan.separator)
    while position < len(block):
        found = patterns.record.match(block, position)
        end = found.end() if found else position
        break_ = _BREAK.match(block, end)
        whole = break_ is not None or (last and end == len(block))
        may_wait = not last and len(block) - position <= LONGEST_RECORD
        if not whole:
            break_ = _BREAK.search(block, position)
            if may_wait and (break_ is None or _may_go_on(block, end, patterns.closed)):
                break
            end = break_.start() if break_ else len(block)
            scan.damaged.append((scan.lines + 1, block[position:end]))
        sound = block[position:end] if whole else b""
        scan.skipping = break_ is None and not last
        if not scan.skipping:
            _write(_one_kind_of_break(sound) + b"\n", 1 if sound else 0, scan, target)
        position = break_.end() if break_ else len(block)
    return block[position:]


def _may_go_on(block: bytes, end: int, quoted: re.Pattern[bytes]) -> bool:
    """Whether the record may continue in the next block, because only the end of this one stops it at `end`."""
    if end == len(block):
        return True
    closed = quoted.match(block, end)
    return closed is None or closed.end() == len(block)


def _write(sound: bytes, records: int, scan: Scan, target: _Copy) -> None:
    """Append sound records to the copy, and count them."""
    if not sound:
        return
    if not scan.blocks or scan.blocks[-1][0] < target.start or target.size - scan.blocks[-1][0] >= BLOCK // 2:
        scan.blocks.append((target.size, scan.records, scan.lines + 1))
    scan.records += records
    scan.lines += _breaks(sound)
    scan.longest = max(scan.longest, len(sound) + 1)
    scan.nuls = scan.nuls or b"\0" in sound
    target.write(sound)


def _width(record: bytes, separator: bytes) -> int:
    """Return the number of fields of a sound record."""
    return b"".join(record.split(b'"')[::2]).count(separator) + 1


def _breaks(text: bytes) -> int:
    if b"\r" not in text:
        return text.count(b"\n")
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")


def locate(scan: Scan, numbers: set[int], offsets: set[int]) -> Iterator[Record]:
    """Find records of the copy by their number, or by the offset of a byte in or just before them, in file order.

    Only the blocks concerned are read again.
    """
    last = max(scan.parts)
    ends = [*scan.blocks[1:], (last + scan.parts[last].stat().st_size, scan.records, 0)][: len(scan.blocks)]
    missing = set(offsets)
    for (start, first, line), (end, after, _) in zip(scan.blocks, ends, strict=True):
        near = {offset for offset in missing if offset < end}
        if not near and not any(first <= number < after for number in numbers):
            continue
        for record in _records(_bytes(scan, start, end), start, first, line, scan.separator):
            matched = {offset for offset in near if offset <= record.offset + len(record.raw)}
            near -= matched
            missing -= matched
            if matched or record.number in numbers:
                yield record


def _bytes(scan: Scan, start: int, end: int) -> bytes:
    """Read a block of the copy."""
    starts = list(scan.parts)
    part = starts[bisect(starts, start) - 1]
    with scan.parts[part].open("rb") as source:
        source.seek(start - part)
        return source.read(end - start)


def _records(block: bytes, offset: int, number: int, line: int, separator: bytes) -> Iterator[Record]:
    """Split a block of sound records; a blank line counts as a line, not as a record."""
    position, record = 0, _patterns(separator).record
    while position < len(block) and (found := record.match(block, position)):
        raw = found.group()
        if raw:
            yield Record(number, offset + position, line, raw)
            number += 1
        line += _breaks(raw) + 1
        position = found.end() + 1
