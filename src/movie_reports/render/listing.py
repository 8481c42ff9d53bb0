"""Tables for people: readable figures, marks for what is not sure, a total over distinct films."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import groupby

from movie_reports.render import pivot as grids
from movie_reports.render import values as cells
from movie_reports.render.table import (
    BOLD,
    DIM,
    Column,
    Screen,
    Sheet,
    Table,
    cut,
    fitting,
    folded,
    left_out,
    screenful,
)
from movie_reports.render.values import Dollars, Row
from movie_reports.reports import report as reports
from movie_reports.reports import titles
from movie_reports.reports.catalog import KEYS, METRICS, MONEY
from movie_reports.reports.report import MEMBERS, Report
from movie_reports.text import count, harmless

BAR = "bar"
FIRST_TO_GO = (
    BAR,
    "companies",
    "complete",
    "genres",
    "id",
    "popularity",
    "releases",
    "release_date",
    "budget",
    "revenue",
    "profit",
)
TEXTS = {"company", "genre", "title", "companies", "genres", BAR}
SHORTER = {
    "history": (
        "id",
        "started_at",
        "outcome",
        "source",
        "records",
        "movies",
        "duplicates",
        "rejects",
        "films_added",
        "films_changed",
        "films_removed",
    ),
    "rejects": ("file", "line", "reason", "message", "raw"),
}
YEARS = ("first_year", "last_year")
PLAIN = ("id", "line", "ingest", *YEARS)
CATALOGUE = ("tmdb_ids", "complete", *YEARS, *MONEY)
LEAST = {"companies": CATALOGUE, "genre_list": CATALOGUE}
HEADINGS = {
    "id": "Id",
    "tmdb_ids": "TMDB ids",
    "release_date": "Released",
    "started_at": "Started",
    "films_added": "Added",
    "films_changed": "Changed",
    "films_removed": "Removed",
    BAR: "",
}
PLAN = ("explain_key", "explain_value")  # what EXPLAIN gives
POPULARITY_HEADINGS = {
    "popularity": "Popularity",
    "votes": "Votes",
    "vote-average": "Mean vote",
    "weighted": "Weighted",
    "ratings": "Ratings",
    "ratings-mean": "Mean rating",
}


Text = Callable[[Row, str, Dollars, int | None], str]
"""Writes a value of a row, money in a way, a text in so many letters at most."""


def report(report: Report, to: Screen, *, all_rows: bool = False) -> tuple[str, list[str]]:
    """Draw a report in the form that suits it.

    Args:
        report: any of the reports.
        to: the screen that it is drawn for.
        all_rows: draw a long table to its end.

    Returns:
        the text, and remarks on what it does not show and how to see that.
    """
    if report.is_own and (lines := _lone_text(report)):
        return "".join(f"{harmless(line)}\n" for line in lines), []
    if report.name not in MEMBERS:
        sheet = _listing(report, to, all_rows=all_rows)
    elif report.name != "company_genres":
        sheet = grids.comparison(report, to) or _figures_sheet(report, to, all_rows=all_rows)
    elif report.is_one and report.by != "all":
        sheet = grids.by_genre(report, to)
    else:
        sheet = grids.genre_list(report, to, all_rows=all_rows)
    lines = [] if report.is_own else [*_styled([titles.title(report) + sheet.about], to, BOLD), ""]
    lines += sheet.table.lines(to)
    if notes := [*sheet.notes, *_about_figures(report)]:
        lines += ["", *_styled(notes, to, DIM)]
    return "".join(f"{line}\n" for line in lines), sheet.remarks


def facts(title: str, pairs: Sequence[tuple[str, str]], to: Screen) -> str:
    """Draw names and values in two columns."""
    rows = [(name, harmless(value)) for name, value in pairs]
    return "".join(f"{line}\n" for line in (to.style(title, BOLD), *folded(rows, to)))


def schema(report: Report, to: Screen) -> str:
    """Draw each table of the database with its columns; long comments are folded, not cut."""
    blocks = []
    for (name, comment), rows in groupby(report.records, key=lambda row: (row["in_table"], row["table_comment"])):
        columns = [(row["name"], ", ".join(filter(None, (row["type"], row["key"]))), row["comment"]) for row in rows]
        first, *others = to.wrapped(f"{name}: {comment}")
        heading = [first.replace(name, to.style(name, BOLD), 1), *others]
        blocks.append("".join(f"{line}\n" for line in (*heading, *folded(columns, to))))
    return "\n".join(blocks)


def _styled(texts: Sequence[str], to: Screen, code: str) -> list[str]:
    return [to.style(line, code) for text in texts for line in to.wrapped(harmless(text))]


def _lone_text(report: Report) -> list[str]:
    """Return the lines of an answer that is one text of several, such as a plan of the engine; else none."""
    if len(report.rows) != 1 or not (len(report.columns) == 1 or report.columns == PLAN):
        return []
    value = report.rows[0][-1]
    return value.rstrip("\n").split("\n") if isinstance(value, str) and "\n" in value else []


def _figures_sheet(report: Report, to: Screen, *, all_rows: bool) -> Sheet:
    """Make a table of figures, with their total."""
    rows: Sequence[Row] = grids.as_named(report, report.groups)
    total = report.records[-1]
    if report.parameters.get("companies") is not None and report.parameters["top"] is None and report.name != "films":
        rows = grids.by_period(rows)
    shown = rows if all_rows else screenful(rows, to)
    columns = [column for column in report.columns if column != "company" or not report.is_one]
    metrics = [column for column in columns if column in METRICS]
    if len(rows) > 1 and len(metrics) == 1 and metrics != ["popularity"]:
        columns.append(BAR)
    leading = str(report.parameters["top_by"]).removeprefix("mean_")
    first_to_go = [column for column in FIRST_TO_GO if column in columns and column != leading]
    is_of_names = report.name != "films" and (report.by == "all" or report.parameters["top"] is not None)
    table, missing = fitting(
        lambda dollars, chosen, width: _figures(report, [*shown, total], chosen, dollars, width),
        columns,
        first_to_go,
        to,
        whole=first_to_go if is_of_names else [BAR] if BAR in columns else [],
    )
    notes = grids.legend(report, [*shown, total], [column for column in columns if column not in missing])
    notes.append(f"Total: {count(total['releases'], 'distinct film')}, each counted once.")
    notes += grids.beyond(report)
    remarks = left_out(rows, shown, "--all, the highest with --top 10")
    missing = [column for column in missing if column != BAR]
    if missing:
        remarks.append(f"Too narrow for {', '.join(missing)}: choose with --metric, or widen the terminal.")
    return Sheet(table, notes, remarks + cut(table))


def _figures(report: Report, rows: Sequence[Row], columns: Sequence[str], dollars: Dollars, width: int | None) -> Table:
    """Make a table of rows, the last of which is the total."""
    incomplete = _incomplete(rows, [column for column in columns if column in MONEY])
    bars = _bars(report, rows[:-1]) if BAR in columns else []
    is_count = report.name == "films" and report.parameters["popularity"] in {"votes", "ratings"}

    def text(row: Row, column: str) -> str:
        value = row[report.sources[column]]
        if column in KEYS:
            return cells.key(column, value)
        if column == "complete" and report.name == "films" and not row["is_total"]:
            return "yes" if value else "no"
        if value is not None and column == "popularity" and is_count and not row["is_total"]:
            return f"{value:,.0f}"
        found = cells.figure(row, column, value, dollars, is_money=column in MONEY)
        return cells.aligned(found, is_marked=column in incomplete)

    means = any(source.startswith("mean_") for source in report.sources.values())
    drawn = []
    for number, column in enumerate(columns):
        heading = _heading(column)
        if column == "popularity":
            heading = POPULARITY_HEADINGS[str(report.parameters["popularity"])]
        if report.sources.get(column, "").startswith("mean_"):
            heading = f"Mean {column}"
        first = "All" if means else "Total"
        footer = first if number == 0 else "" if column in {*KEYS, BAR} else text(rows[-1], column)
        drawn.append(Column(heading, footer, column in TEXTS, width if column in TEXTS - {BAR} else None))
    texts = [
        [bars[number] if column == BAR else text(row, column) for column in columns]
        for number, row in enumerate(rows[:-1])
    ]
    return Table(drawn, texts, has_footer=columns[0] in KEYS)


def _incomplete(rows: Sequence[Row], columns: Sequence[str]) -> set[str]:
    """Return the columns of money in which some figure does not rest on all films of its row."""
    return {column for column in columns if any(cells.is_incomplete(row, column) for row in rows)}


def _bars(report: Report, rows: Sequence[Row]) -> list[str]:
    """Draw the only figure of a report as bars; a loss is hatched."""
    (source,) = (source for column, source in report.sources.items() if column in METRICS)
    return cells.bars([row[source] for row in rows])


def _about_figures(report: Report) -> list[str]:
    """Say what popularity means, where that is not TMDB's own figure."""
    if "popularity" not in report.columns or report.parameters.get("popularity", "popularity") == "popularity":
        return []
    mean = "" if report.name == "films" else "the mean, over the films of the row, of "
    return [f"Popularity here is {mean}the {reports.meaning(report)}."]


def _listing(report: Report, to: Screen, *, all_rows: bool) -> Sheet:
    """Make a table of rows as they are: of a wide report what a person needs, of a long text its beginning."""
    rows = report.records
    shown = rows if all_rows else screenful(rows, to)
    columns = SHORTER.get(report.name, report.columns)
    text = _own if report.is_own else _listed
    most = None if to.width is None else cells.LONG_TEXT
    incomplete = _incomplete(shown, MONEY) if report.name in LEAST else set()

    def build(dollars: Dollars, chosen: Sequence[str], width: int | None) -> Table:
        drawn = []
        for column in chosen:
            is_figure = any(isinstance(row[column], (int, float, Decimal)) for row in shown)
            is_text = not is_figure and (report.is_own or column not in {*YEARS, *MONEY})
            heading = column if report.is_own else _heading(column)
            drawn.append(Column(heading, "", is_text, width if is_text else None))
        texts = [
            [cells.aligned(text(row, column, dollars, most), is_marked=column in incomplete) for column in chosen]
            for row in shown
        ]
        return Table(drawn, texts)

    table, missing = fitting(
        build, columns, LEAST.get(report.name, columns[:1:-1]), to, whole=LEAST.get(report.name, ())
    )
    notes = [f"{row['id']} {row['outcome']}: {row['reason']}" for row in shown if "outcome" in row and row["reason"]]
    if report.name in LEAST:
        notes += grids.legend(report, shown, [column for column in columns if column not in missing])
    remarks = left_out(rows, shown, "--all")
    if missing:
        remarks.append(f"Too narrow for {', '.join(map(_heading, missing))}: --export has them.")
    if cut(table) or _are_cut(text, shown, [column for column in columns if column not in missing], most):
        remarks.append("Some texts are cut: --export has them whole.")
    return Sheet(table, notes, remarks)


def _heading(column: str) -> str:
    return HEADINGS.get(column, column.capitalize().replace("_", " "))


def _own(row: Row, column: str, _: Dollars, most: int | None) -> str:
    """Write a value of an answer to a statement of the user's own."""
    return cells.UNKNOWN if row[column] is None else cells.plain(row[column], most)


def _listed(row: Row, column: str, dollars: Dollars, most: int | None) -> str:
    """Write a value of a list; the names it is about are whole."""
    value = row[column]
    if column in {"company", "genre"}:
        return cells.key(column, value)
    if column in MONEY:
        return cells.figure(row, column, value, dollars, is_money=True)
    return f"{value:,}" if isinstance(value, int) and column not in PLAIN else cells.plain(value, most)


def _are_cut(text: Text, rows: Sequence[Row], columns: Sequence[str], most: int | None) -> bool:
    """Whether some value is not written whole."""
    places = ((row, column, cells.full_dollars) for row in rows for column in columns)
    return most is not None and any(text(*place, most) != text(*place, None) for place in places)
