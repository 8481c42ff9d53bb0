"""Compares reports of the program with those of the oracle."""

import math
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import movie_reports
import oracle

ROUNDED = {"popularity", *oracle.MORE, "share", "growth"}


@dataclass(frozen=True)
class Case:
    """A database of the program, and the films that the oracle reads from the same source."""

    database: movie_reports.Database
    films: list[oracle.Film]


def check(table: Any, expected: list[oracle.Row]) -> None:  # noqa: ANN401
    """Compare a table with the oracle's rows: columns, order, and every value; at least one row is expected."""
    assert table.column_names == list(expected[0])
    differences = [pair for pair in zip_longest(table.to_pylist(), expected) if not alike(*pair)]
    assert differences[:3] == []


def alike(found: oracle.Row | None, expected: oracle.Row | None) -> bool:
    """Whether two rows are equal; means of popularity and ratios may differ by rounding, and 1 is not 1.0."""
    if found is None or expected is None:
        return False
    for column, value in expected.items():
        if column in ROUNDED and value is not None and found[column] is not None:
            if not math.isclose(found[column], value, rel_tol=1e-9):
                return False
        elif found[column] != value or type(found[column]) is not type(value):
            return False
    return True
