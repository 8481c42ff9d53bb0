"""The SQL files: where they are, and how one is read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SCHEMA_VERSION = 2
_INSTALLED = Path(__file__).parent / "queries"
_CHECKOUT = Path(__file__).parents[2] / "queries"


@cache
def read(name: str) -> str:
    """Return the text of a query, such as `reports/company`.

    An installed package carries the queries inside; a checkout has them at its top.
    """
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return (folder / f"{name}.sql").read_text(encoding="utf-8")


def run(
    connection: DuckDBPyConnection, name: str, parameters: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """Run a query file, statement by statement, each with those of the parameters that it names.

    Returns:
        the rows of the last statement, by column name.
    """
    known = parameters or {}
    for statement in connection.extract_statements(read(name)):
        connection.execute(statement, {key: known[key] for key in statement.named_parameters})
    columns = [column for column, *_ in connection.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in connection.fetchall()]
