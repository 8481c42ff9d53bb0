"""Names from the database that complete what a person types in a shell."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import typer

from movie_reports.text import harmless


class Name(str):
    """A name that completes what was typed in other letters; Typer would drop it, since it does not start with that."""

    __slots__ = ()

    def startswith(self, *_: object) -> bool:
        """Say that it does: the query has seen to it."""
        return True


def company_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the companies that may be meant, those with the most films first."""
    return _names(ctx, "complete_companies", incomplete)


def genre_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the genres that may be meant."""
    return _names(ctx, "complete_genres", incomplete)


def _names(ctx: typer.Context, query: str, typed: str) -> list[str]:
    """Return names from the database that the command line means so far; without one there are none."""
    try:
        from movie_reports.database import connection as database
        from movie_reports.database import execute as queries

        path = database.locate(ctx.params.get("database"))
        with closing(database.connect(Path(os.path.expandvars(path)).expanduser())) as connection:
            found = queries.run(connection, query, {"beginning": typed})
    except Exception:  # noqa: BLE001 (whoever waits for a name in the middle of a line can do nothing about an error)
        return []
    return _spelled([row["name"] for row in found if harmless(row["name"]) == row["name"]], typed)


def _spelled(names: Sequence[str], typed: str) -> list[str]:
    """Spell names as they are, or as typed where they differ in that: a shell keeps only what all have in common."""
    if len({name[: len(typed)] for name in names}) > 1:
        names = [typed + name[len(typed) :] for name in names]
    return list(map(Name, names))
