"""What stops an ingest from replacing good data with worse: too many rejects, films lost, and columns lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from movie_reports.errors import RefusedError, UsageError
from movie_reports.text import count

MOST_LOST = 0.1
"""Of the films, and of the films of which a date, a budget, a genre and so on is known."""
MOST_UNREAD = 0.05
"""Of the cells of a column that are not empty."""
MOST_TIMES = 100
"""As large, or as small, as before."""
FEW = 3
"""Fewer films tell nothing about a column, unless they are all that there are."""
ALIKE, VARIED = 0.9, 0.5
"""Of the films that have a field, those with its most frequent value: more than this now, and less than that before."""
ENOUGH = 10
"""Fewer films tell nothing about how different their values are."""


def limit(text: str) -> Callable[[int], Decimal]:
    """Read a number or a share such as `1%` as a function from the number of records to that of rejects allowed.

    Raises:
        UsageError: it is neither.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", text.strip())
    if not found:
        message = f"--max-rejects {text} is neither a number nor a share: write 100 or 1%"
        raise UsageError(message)
    number = Decimal(found[1])
    return (lambda records: number * records / 100) if found[2] else (lambda _: number)


def check_rejects(records: int, rejects: Sequence[Mapping[str, Any]], max_rejects: str) -> None:
    """Check the number of rejects against a limit.

    Args:
        records: the number of records.
        rejects: those that cannot be loaded.
        max_rejects: the limit.

    Raises:
        RefusedError: there are more.
    """
    if len(rejects) > limit(max_rejects)(records):
        first = rejects[0]
        message = (
            f"{len(rejects):,} of {records:,} records are rejects, more than --max-rejects {max_rejects} allows "
            f"(line {first['line']}: {first['message']}); see them with 'movie-reports rejects', or load the others "
            "with a higher --max-rejects"
        )
        raise RefusedError(message)


def check_films(removed: int, before: int) -> None:
    """Check how many films of the old database are gone.

    Raises:
        RefusedError: there are too many.
    """
    if removed > MOST_LOST * before:
        message = (
            f"{removed:,} of {before:,} films would be lost, more than {MOST_LOST:.0%}: "
            "if that is right, add --allow-shrink; if the source is a part, add --merge"
        )
        raise RefusedError(message)


def check_unread(
    known: Sequence[Mapping[str, Any]], unread: Sequence[Mapping[str, Any]], cells: Mapping[str, int]
) -> None:
    """Check how many cells of each column could not be read.

    Args:
        known: the rows of ingest/count_known and count_known_names, of the new database.
        unread: the rows of ingest/count_unread.
        cells: the number of cells of the source that are not empty, by column; lists need none.

    Raises:
        RefusedError: there are too many.
    """
    films = {column["field"]: column["known"] for column in known}
    for column in unread:
        field, number = column["field"], column["films"]
        total = max(cells.get(field, 0) + column["cells"], films.get(field, 0) + number)
        if number > MOST_UNREAD * total and (number >= FEW or 1 < total == number):
            raise RefusedError(_unread(column, total))


def _unread(column: Mapping[str, Any], total: int) -> str:
    unread, example = column["films"], column["example"]
    text = f"{column['field']} cannot be read in {unread:,} of {count(total, 'film')} that have it, such as {example!r}"
    if column["needs_order"] and column["orders"]:
        day_first, month_first = column["orders"]
        return (
            f"{text}: in some the day comes first, as in {day_first!r}, in others the month, as in {month_first!r}; "
            "write all in one order, or add --allow-unread to leave them empty"
        )
    if column["needs_order"]:
        return f"{text}: add --date-order dmy or mdy, or --allow-unread to leave it empty"
    is_money = column["field"] in {"budget", "revenue"} and not re.fullmatch(r"[-\d.,() ]+", example)
    dollars = "; money is read in US dollars" if is_money else ""
    return f"{text}{dollars}: if that is right, add --allow-unread"


def check_known(known: Sequence[Mapping[str, Any]]) -> None:
    """Check that about as large a share of the films has a date, a budget, a genre and so on as in the old database.

    What cannot be read counts here, since `check_unread` judges it.

    Args:
        known: the rows of ingest/count_known and count_known_names.

    Raises:
        RefusedError: the share of one has fallen too far.
    """
    for column in known:
        films, before, number = column["films"], column["films_before"], column["known"] + column["unread"]
        if not (films and before):
            return
        expected = column["known_before"] / before * films
        if number < (1 - MOST_LOST) * expected and (expected - number >= FEW or number == 0):
            raise RefusedError(_lost(column))


def check_variety(fields: Sequence[Mapping[str, Any]]) -> None:
    """Check that nearly all films have not come to share one title, date or list.

    Args:
        fields: the rows of ingest/find_variety and find_names_variety.

    Raises:
        RefusedError: they have.
    """
    for row in fields:
        if min(row["known"], row["known_before"]) < ENOUGH:
            continue
        share, before = row["alike"] / row["known"], row["alike_before"] / row["known_before"]
        if share > ALIKE and before < VARIED:
            message = (
                f"{row['field']} would be the same for {share:.0%} of the films that have it, and now no value is for "
                f"more than {before:.0%}: if that is right, add --allow-shrink"
            )
            raise RefusedError(message)


def check_rated(rated: int, before: int, *, may_shrink: bool) -> list[str]:
    """Check how many films had ratings in the old database, and have none in the new one.

    Returns:
        a warning, if that are too many and may be.

    Raises:
        RefusedError: there are too many.
    """
    lost = before - rated
    if lost <= MOST_LOST * before:
        return []
    if may_shrink:
        return [f"{lost:,} of {count(before, 'film')} with ratings have none now"]
    message = (
        f"{lost:,} of {count(before, 'film')} with ratings would have none: load ratings.csv and links.csv too, or add "
        "--merge to keep all that is there; if that is right, add --allow-shrink"
    )
    raise RefusedError(message)


def check_scale(medians: Mapping[str, int | None]) -> None:
    """Check that money is about as large as in the old database, and not in thousands or millions all at once.

    Args:
        medians: the row of ingest/count_scale.

    Raises:
        RefusedError: it is not.
    """
    for field in ("budget", "revenue"):
        now, before = medians[field], medians[f"{field}_before"]
        if now and before and not 1 / MOST_TIMES < now / before < MOST_TIMES:
            message = (
                f"the median {field} would be ${now:,}, and is now ${before:,}: is it in thousands or millions? "
                "Money is in dollars; if the figures are right, add --allow-shrink"
            )
            raise RefusedError(message)


def check_ratings(read: int, unread: int) -> None:
    """Check how many lines of the ratings could not be read.

    Raises:
        RefusedError: there are too many.
    """
    if unread > MOST_UNREAD * (read + unread) and unread >= FEW:
        message = (
            f"{unread:,} of {read + unread:,} lines of ratings cannot be read; a rating is a number from 0.5 to 5: "
            "if that is right, add --allow-unread"
        )
        raise RefusedError(message)


def _lost(column: Mapping[str, Any]) -> str:
    share, before = column["known"] / column["films"], column["known_before"] / column["films_before"]
    return (
        f"{column['field']} would be known of {share:.0%} of the films, and is now of {before:.0%}: "
        "if that is right, add --allow-shrink"
    )
