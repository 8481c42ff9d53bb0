"""Tables read from a screen."""

import re

from movie_reports.render import values
from terminal import Screen

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
MONEY = {"budget", "revenue", "profit"}
HEADINGS = {"released": "release_date"}


def parts(screen: Screen) -> tuple[list[str], list[str]]:
    """Return the line of headings above the rule of a table, and its rows, without the total."""
    rules = [number for number, line in enumerate(screen.lines) if line and not line.strip("─")]
    blank = (number for number, line in enumerate(screen.lines) if number > rules[0] and not line.strip())
    end = rules[1] if len(rules) > 1 else next(blank)
    return [screen.lines[rules[0] - 1]], screen.lines[rules[0] + 1 : end]


def split(line: str) -> list[str]:
    """Return the cells of a line in which none is empty, without bars."""
    return [cell for cell in re.split(r" {3,}", line.strip(" ")) if cell.strip("█░")]


def left_out(screen: Screen) -> list[str]:
    """Return the headings of the columns that a screen has no room for, as it names them."""
    text = " ".join(line.strip() for line in screen.lines)
    found = re.search(r"Not shown for lack of room: (.*?); --export csv has all columns\.", text)
    return found[1].split(", ") if found else []


def columns(screen: Screen) -> list[str]:
    """Return the columns of a table of figures as exports call them; a chart of bars has no heading."""
    return list(map(exported_name, split(parts(screen)[0][0])))


def exported_name(heading: str) -> str:
    """Return the name in exports of the column under a heading."""
    return HEADINGS.get(heading.lower(), heading.lower())


def written(column: str, value: str) -> set[str]:
    """Return the ways in which a table may write a value of an export in full."""
    if column in MONEY:
        ways = {write(int(value)) for write in (values.full_dollars, values.short_dollars)} if value else {"—"}
        return ways | {f"{way}*" for way in ways}
    if column == "complete" and value in {"0", "1"}:
        return {value, "yes" if value == "1" else "no"}
    empty = {
        "year": "no date",
        "decade": "no date",
        "release_date": "no date",
        "genres": "(no genre)",
        "companies": "(no company)",
    }
    if value and column in {"popularity", "decade"}:
        return {f"{float(value):,.2f}" if column == "popularity" else f"{value}s"}
    return {value or empty.get(column, "—")}
