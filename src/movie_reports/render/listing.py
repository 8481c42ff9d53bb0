"""Reports for people: a heading, a table that fits the screen, and notes that explain it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import ModuleType

from movie_reports.database import execute
from movie_reports.render import values
from movie_reports.render.sheet import Sheet, sheet
from movie_reports.render.table import Screen, Table, fitted
from movie_reports.reports.columns import Column, Kind
from movie_reports.reports.report import Report
from movie_reports.reports.requests.choices import Metric
from movie_reports.reports.title import title
from movie_reports.text import count, harmless, wrapped

LEAST_ROWS = 5
AROUND = 7  # lines around the rows of a table: headings, two rules, the total, two blank lines, the prompt
NONE: Mapping[str, str] = {
    Metric.share: "No share: there is no figure of the row, or none above 0 of all films of the period.",
    Metric.growth: "No growth: there is no figure of the period, or none above 0 of the period before.",
    Metric.rank: "No rank: there is no figure of the row.",
}
"""What a dash means in a column that compares rows."""
PLAN = ("explain_key", "explain_value")  # the columns of EXPLAIN


def draw(report: Report, to: Screen, *, all_rows: bool = False) -> tuple[Iterator[str], list[str]]:
    """Return the lines of a report that has rows, on a terminal a screenful, and remarks on what they do not show."""
    if report.relation is not None and (lines := _lone_text(report)):
        return (harmless(line) for line in lines), []
    found = sheet(report, to)
    heading = harmless(title(report) + found.about)
    shown = len(found.rows) if all_rows else _screenful(found, heading, to)
    table, gone = fitted(lambda dollars: found.build(found.rows[:shown], dollars), to)
    return _lines(heading, table, _notes(table, found, gone), to), _remarks(table, found, to)


def _screenful(sheet: Sheet, heading: str, to: Screen) -> int:
    """Return how many rows fit on the screen with their notes; all, if there is no terminal."""
    if to.width is None or to.height is None:
        return len(sheet.rows)
    table, gone = fitted(lambda dollars: sheet.build(sheet.rows[: to.height], dollars), to)
    for shown in range(len(table.rows), LEAST_ROWS, -1):
        shorter = replace(table, rows=table.rows[:shown])
        texts = [heading, *_notes(shorter, sheet, gone), *_remarks(shorter, sheet, to)]
        if shown + AROUND + sum(len(wrapped(text, to.width)) for text in texts) <= to.height:
            return shown
    return min(LEAST_ROWS, len(sheet.rows))


def _notes(table: Table, sheet: Sheet, gone: Sequence[Column]) -> list[str]:
    """Explain the marks in a table and its figures, and name the columns that are not shown."""
    notes = [*legend(table), *map(harmless, sheet.notes(sheet.rows[: len(table.rows)]))]
    if gone:
        names = ", ".join(column.title.replace("\n", " ") for column in gone)
        notes.append(f"Not shown for lack of room: {names}; --export csv has all columns.")
    return notes


def _lines(heading: str, table: Table, notes: Sequence[str], to: Screen) -> Iterator[str]:
    draw = _drawing(to)
    if heading:
        yield from draw.text([heading], "heading", to)
        yield ""
    yield from draw.table(table, to)
    if notes:
        yield ""
        yield from draw.text(notes, "note", to)


def _drawing(to: Screen) -> ModuleType:
    """Return the module that draws texts and tables; rich is loaded only for a terminal."""
    if to.width is None:
        from movie_reports.render import plain  # noqa: PLC0415

        return plain
    from movie_reports.render import terminal  # noqa: PLC0415

    return terminal


def facts(heading: str, rows: Sequence[Sequence[str]], to: Screen) -> str:
    """Draw names and values in columns."""
    draw = _drawing(to)
    shown = [list(map(harmless, row)) for row in rows]
    return _text([*draw.text([harmless(heading)], "heading", to), *draw.grid(shown, to)])


def schema(report: Report, to: Screen) -> str:
    """Draw each table of the database with its columns; long comments are folded, not cut."""
    comments = {row["name"]: row["comment"] for row in execute.run(report.connection, "reports/tables")}
    draw, blocks = _drawing(to), []
    for name, columns in groupby(report.records, key=lambda row: row["in_table"]):
        comment = draw.text([comments[name]] if comments.get(name) else [], "note", to)
        described = [
            (row["name"], ", ".join(filter(None, (row["type"], row["key"]))), row["comment"] or "") for row in columns
        ]
        blocks.append(_text([*draw.text([name], "heading", to), *comment, *draw.grid(described, to)]))
    return "\n".join(blocks)


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def legend(table: Table) -> list[str]:
    """Explain the mark, the dashes and Complete, if they occur in a table."""
    figures = [
        (column, text.strip())
        for column, texts in zip(table.columns, table.texts, strict=True)
        if column.kind in {Kind.money, Kind.figure, Kind.percent} or (column.kind is Kind.tally and column.is_metric)
        for text in texts
    ]
    lines = []
    if any(text.endswith(values.MARK) for _, text in figures):
        lines.append(f"{values.MARK} {values.PARTIAL.capitalize()}.")
    dashes = dict.fromkeys(NONE.get(column.name, "Not known.") for column, text in figures if text == values.UNKNOWN)
    lines += [f"{values.UNKNOWN} {each}" for each in dashes]
    if any(column.name == "complete" for column in table.columns):
        lines.append("Complete: films whose budget and revenue are both known.")
    return lines


def _lone_text(report: Report) -> list[str]:
    """Return the lines of a result that is a single multi-line text, such as a query plan; else none."""
    if len(report.rows) != 1 or not (len(report.columns) == 1 or report.names == PLAN):
        return []
    value = report.rows[0][-1]
    return value.rstrip("\n").split("\n") if isinstance(value, str) and "\n" in value else []


def _remarks(table: Table, sheet: Sheet, to: Screen) -> list[str]:
    """Say how many rows are not shown, and whether texts are cut."""
    more = len(sheet.rows) - len(table.rows)
    remarks = [f"{count(more, 'more row')}: add --all, or use --export csv."] if more else []
    is_cut = to.width is not None and table.width > to.width
    return [*remarks, "Some texts are cut: widen the terminal, or use --export csv."] if is_cut else remarks
