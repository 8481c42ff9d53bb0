"""Draws tables with rich on a terminal; rich cuts and folds what is too wide, and knows the terminal's colours."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import repeat

from rich import box
from rich import table as rich
from rich.console import Console, RenderableType
from rich.text import Text

from movie_reports.render.table import BAR, LEFT, Screen, Table, may_be_cut
from movie_reports.reports.columns import Column, Kind

AT_ONCE = 1000
LEAST_FOLDED = 24

# Of the 256 colours, those that are readable on white and on black. After each is its contrast with white (#ffffff),
# black (#000000) and the dark grey of many terminals (#1e1e1e): none has more than 4.1 with white and with that grey.
LOSS = "color(131)"  # 4.54, 4.62, 3.67
PARTIAL = "color(98)"  # 4.52, 4.65, 3.69
ACCENT = "color(29)"  # 4.53, 4.63, 3.68
GREY = "color(243)"  # 4.54, 4.62, 3.67
STYLES = {"heading": "bold", "total": f"bold {ACCENT}", "note": GREY}
FIGURES = {r"\$[^\n*]+\*|\*": PARTIAL, r"-\$[^\n*]+|\u2591+": LOSS, r"\u2588+": ACCENT, "\u2014": GREY}
"""Patterns in columns of figures and bars; every colour repeats what a character says."""


def text(texts: Sequence[str], style: str, to: Screen) -> Iterator[str]:
    """Draw texts, each on a new line."""
    for each in texts:
        yield from _lines(Text(to.encodable(each), STYLES[style]), to)


def table(table: Table, to: Screen) -> Iterator[str]:
    """Draw a table some rows at a time, so that a long one appears at once.

    All these rows are one row of rich, whose cells are whole columns: that takes a quarter of the time.
    """
    table = table.written(to)
    for start in range(0, max(len(table.rows), 1), AT_ONCE):
        rows = table.rows[start : start + AT_ONCE]
        is_last = start + AT_ONCE >= len(table.rows)
        drawn = _framed(table, to, has_header=start == 0, has_footer=is_last and bool(table.footer))
        if rows:
            drawn.add_row(*map(_column, table.columns, zip(*rows, strict=True), repeat(to)))
        yield from _lines(drawn, to)


def _framed(table: Table, to: Screen, *, has_header: bool, has_footer: bool) -> rich.Table:
    drawn = rich.Table(
        box=box.SIMPLE,
        show_edge=False,
        pad_edge=False,
        show_header=has_header,
        show_footer=has_footer,
        header_style=STYLES["heading"],
        footer_style=STYLES["total"],
    )
    footer = table.footer or [""] * len(table.columns)
    fits = to.width is None or table.width <= to.width
    for column, room, foot in zip(table.columns, table.widths, footer, strict=True):
        drawn.add_column(
            _column(column, [column.title], to),
            _column(column, [foot], to),
            justify="left" if column.kind in LEFT else "right",
            vertical="bottom",
            min_width=room if fits or not may_be_cut(column) else None,
            no_wrap=not may_be_cut(column),
        )
    return drawn


def _column(column: Column, texts: Sequence[str], to: Screen) -> Text:
    """Return texts, one per line, with the colours of figures; those that do not fit end with an ellipsis."""
    found = Text("\n".join(texts), no_wrap=True, overflow="crop" if to.is_legacy else "ellipsis")
    if column.kind is Kind.money or column == BAR:
        for pattern, style in FIGURES.items():
            found.highlight_regex(pattern, style)
    return found


def grid(rows: Sequence[Sequence[str]], to: Screen) -> Iterator[str]:
    """Draw rows without headings, with the last column folded; a narrow screen gets two columns only."""
    *others, _ = zip(*rows, strict=True)
    taken = sum(2 + max(map(len, texts)) for texts in others)
    if to.width is not None and to.width - taken < LEAST_FOLDED:
        rows = [[row[0], ": ".join(filter(None, row[1:]))] for row in rows]
    drawn = rich.Table.grid(padding=(0, 2, 0, 0))
    for place in range(len(rows[0]) - 1):
        drawn.add_column(no_wrap=True, style="" if place else ACCENT)
    drawn.add_column(overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(to.encodable(each)) for each in row))
    yield from (line.rstrip() for line in _lines(drawn, to))


def _lines(drawing: RenderableType, to: Screen) -> Iterator[str]:
    console = Console(
        file=io.TextIOWrapper(io.BytesIO(), encoding=to.encoding),
        force_terminal=True,
        width=to.width,
        height=to.height,
        color_system="auto" if to.styled else None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    with console.capture() as captured:
        console.print(drawing)
    yield from captured.get().removesuffix("\n").split("\n")
