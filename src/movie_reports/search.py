"""Names as people type them: which company or genre is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from movie_reports import queries
from movie_reports.errors import NotFoundError
from movie_reports.words import count

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXACT, SAME_LETTERS = 0, 1
STANDS_OUT = 5


@dataclass(frozen=True)
class Choice:
    """The companies that a search means, and what else it could have meant.

    Attributes:
        names: names of companies, taken together.
        label: how they are called together, or None for a single one.
        others: a line on each company that matches too but was not taken; with a label, on each that was.
    """

    names: tuple[str, ...]
    label: str | None = None
    others: tuple[str, ...] = ()


def company(connection: DuckDBPyConnection, search: str, *, all_matches: bool = False) -> Choice:
    """Choose the company whose name is, begins with, or holds the words searched; case and accents do not count.

    Among several, one is chosen if it has at least five times the films of the next.

    Raises:
        NotFoundError: none matches (its candidates are similar names), or none stands out among several.
    """
    words = " ".join(search.split())
    matches = queries.run(connection, "find_companies", {"search": words}) if words else []
    if words and not matches:  # the name itself may have two spaces
        matches = queries.run(connection, "find_companies", {"search": search})
    if not matches:
        similar = queries.run(connection, "similar_companies", {"search": words}) if words else []
        message = f'no company has "{search}" in its name{"; did you mean" if similar else ""}'
        raise NotFoundError(message, [_describe(match) for match in similar])
    if all_matches:
        return Choice(tuple(match["name"] for match in matches), label=words, others=tuple(map(_describe, matches)))
    if matches[0]["match_rank"] == EXACT:
        return Choice((matches[0]["name"],), others=tuple(map(_describe, matches[1:])))
    rivals = [match for match in matches if match["match_rank"] == SAME_LETTERS] or list(matches)
    rivals.sort(key=lambda match: match["films"], reverse=True)
    if len(rivals) > 1 and rivals[0]["films"] < STANDS_OUT * rivals[1]["films"]:
        message = f'"{search}" may mean any of {len(rivals)} companies: name one of them, or add --all-matches'
        raise NotFoundError(message, [_describe(match) for match in matches])
    return Choice((rivals[0]["name"],), others=tuple(_describe(match) for match in rivals[1:]))


def genre(connection: DuckDBPyConnection, search: str) -> str:
    """Return the name of a genre as it is written in the data; case and accents do not count.

    Raises:
        NotFoundError: there is no such genre; its candidates are similar ones, or else all there are.
    """
    found = queries.run(connection, "find_genre", {"search": search.strip()})
    meant = [genre["name"] for genre in found if genre["is_meant"]]
    if not meant:
        similar = [genre["name"] for genre in found if genre["is_similar"]]
        message = f'there is no genre "{search}"; {"did you mean" if similar else "there are"}'
        raise NotFoundError(message, similar or sorted(genre["name"] for genre in found))
    return str(meant[0])


def _describe(match: Mapping[str, Any]) -> str:
    first, last = match["first_year"], match["last_year"]
    years = "no date" if first is None else str(first) if first == last else f"{first}-{last}"
    return f"{match['name']} ({count(match['films'], 'film')}, {years})"
