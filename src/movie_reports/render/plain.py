"""Draws plain columns for pipes and files: uncut, as wide as their data, a line at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from movie_reports.render.table import BETWEEN, LEFT, Screen, Table, width

RULE = "\N{BOX DRAWINGS LIGHT HORIZONTAL}"
BESIDE = "  "


def text(texts: Sequence[str], _: str, to: Screen) -> Iterator[str]:
    """Write texts, each on a line."""
    return map(to.encodable, texts)


def table(table: Table, to: Screen) -> Iterator[str]:
    """Write headings, a rule, the rows, and the total under another rule."""
    table = table.written(to)
    are_left = [column.kind in LEFT for column in table.columns]
    rule = to.encodable(RULE) * table.width

    def line(texts: Sequence[str]) -> str:
        cells = zip(texts, table.widths, are_left, strict=True)
        return BETWEEN.join(_padded(text, room, is_left=is_left) for text, room, is_left in cells).rstrip()

    yield line([column.title for column in table.columns])
    yield rule
    yield from map(line, table.rows)
    if table.footer:
        yield rule
        yield line(table.footer)


def grid(rows: Sequence[Sequence[str]], to: Screen) -> Iterator[str]:
    """Write rows without headings, with all texts left-aligned."""
    rows = [list(map(to.encodable, row)) for row in rows]
    rooms = [max(map(width, texts)) for texts in zip(*rows, strict=True)]
    for row in rows:
        yield BESIDE.join(_padded(text, room, is_left=True) for text, room in zip(row, rooms, strict=True)).rstrip()


def _padded(text: str, room: int, *, is_left: bool) -> str:
    blank = " " * (room - width(text))
    return text + blank if is_left else blank + text
