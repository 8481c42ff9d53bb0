"""Do two contenders give the same figures? Row by row and in the same order, in all reports.

The films whose records an unquoted line break splits are the one exception: some contenders lose them, or their dates
and companies. For those, and only for those, the rows in which such a film counts are left out on both sides.
"""

from __future__ import annotations

import csv
import io
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

Row = Sequence[str]


@dataclass(frozen=True)
class Film:
    """A film whose record is split; year is its year, or empty."""

    year: str
    companies: frozenset[str]
    genres: frozenset[str]

    def counts_in_company(self, row: Row) -> bool:
        """Tell whether it counts in a row company,year,..."""
        return row[0] in self.companies and row[1] == self.year

    def counts_in_genre(self, row: Row) -> bool:
        """Tell whether it counts in a row year,genre,...; its first half alone is a film without a date."""
        return row[1] in self.genres and row[0] in {self.year, ""}


def split_films(export: str, ids: Sequence[int]) -> list[Film]:
    """Return the films with these ids, from what `movie-reports films --export csv` prints."""
    wanted = {str(number) for number in ids}
    return [
        Film(
            row["release_date"][:4].lstrip("0"),
            frozenset(row["companies"].split("; ")),
            frozenset(row["genres"].split("; ")),
        )
        for row in csv.DictReader(io.StringIO(export, newline=""))
        if row["id"] in wanted
    ]


def rows_of(text: str) -> list[Row]:
    """Return the rows of a CSV file, the first with its columns."""
    return list(csv.reader(io.StringIO(text, newline="")))


def without(split: Sequence[Film], report: str, rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a report in which none of these films counts."""
    counts = Film.counts_in_genre if report == "genres" else Film.counts_in_company
    return [row for row in rows if not any(counts(film, row) for film in split)]


def check(who: str, report: str, ours: Sequence[Row], theirs: Sequence[Row], split: Sequence[Film]) -> None:
    """End if a report differs from that of movie-reports.

    Args:
        who: the contender.
        report: the name of the report.
        ours: the rows of movie-reports.
        theirs: the rows of the contender.
        split: films whose rows may differ.
    """
    for row, other in zip_longest(without(split, report, ours), without(split, report, theirs), fillvalue=()):
        if not _same(row, other):
            sys.exit(f"{who}, {report}: it has {','.join(other)}\nbut movie-reports {','.join(row)}")


def _same(row: Row, other: Row) -> bool:
    return len(row) == len(other) and all(a == b or _close(a, b) for a, b in zip(row, other, strict=True))


def _close(one: str, other: str) -> bool:
    """Tell whether two texts, one of them with a decimal point, are the same number but for rounding."""
    try:
        return "." in one + other and math.isclose(float(one), float(other), rel_tol=1e-9)
    except ValueError:
        return False
