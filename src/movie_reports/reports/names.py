"""Names as people type them: which company or genre is meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute as queries
from movie_reports.errors import NotFoundError, UsageError
from movie_reports.text import count

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXACT, SAME_LETTERS, ANYWHERE = 0, 1, 4  # match_rank in find_companies.sql
STANDS_OUT = 5
FEW = 5

Match = Mapping[str, Any]
"""A row of find_companies.sql or similar_companies.sql."""


Choose = Callable[[str, Sequence[str]], int | None]
"""Asks a person for one of the lines after a question; returns its number from 0, or None for no answer."""


@dataclass(frozen=True)
class Choice:
    """The companies that a search means.

    Attributes:
        names: names of companies.
        label: how they are called together, or None if each stands for itself.
        remarks: what else the words could have meant, in sentences for a person.
    """

    names: tuple[str, ...]
    label: str | None = None
    remarks: tuple[str, ...] = ()


def companies(
    connection: DuckDBPyConnection, searches: Sequence[str], *, all_matches: bool = False, choose: Choose | None = None
) -> Choice | None:
    """Choose a company for each of the searches; None if there are no searches.

    A company is meant if its name is or begins with the words searched, or if they begin words of it, or else if it
    holds them anywhere; case and accents do not count. Among several, one is chosen if it has at least five times the
    films of the next.

    Args:
        connection: an open database.
        searches: names of companies, or words of them.
        all_matches: take all companies together that hold the words.
        choose: asks a person which company is meant, where that is not clear.

    Raises:
        NotFoundError: none matches (its candidates are similar names), or none stands out among several.
        UsageError: `all_matches` does not go with exactly one search.
    """
    if all_matches:
        if len(searches) != 1:
            message = f"all matches are taken together of one name, and not of {len(searches)}"
            raise UsageError(message)
        return _together(connection, searches[0])
    way = "name one of them, or add --all-matches" if len(searches) == 1 else "name one of them"
    chosen = [_one(connection, search, way, choose) for search in searches]
    remarks = [remark for _, remark in chosen if remark]
    names = tuple(dict.fromkeys(name for name, _ in chosen))
    return Choice(names, remarks=tuple(remarks)) if searches else None


def _together(connection: DuckDBPyConnection, search: str) -> Choice:
    found = matches(connection, search)
    if not found:
        raise _not_found(connection, search)
    names = tuple(match["name"] for match in found)
    return Choice(names, " ".join(search.split()), (f"Taken together: {_some(found)}",))


def _one(connection: DuckDBPyConnection, search: str, way: str, choose: Choose | None) -> tuple[str, str | None]:
    """Return the name of the company meant, and a remark on others that could have been meant."""
    found = matches(connection, search)
    if not found:
        return _asked(_not_found(connection, search), choose), None
    rivals = _rivals(found)
    chosen = rivals[0]
    if len(rivals) > 1 and chosen["films"] < STANDS_OUT * rivals[1]["films"]:
        message = f'"{search}" may mean any of {len(rivals)} companies: {way}'
        return _asked(_error(message, rivals), choose), None
    others = [match for match in found if match is not chosen]
    if not others and chosen["match_rank"] < ANYWHERE:
        return chosen["name"], None
    others.sort(key=lambda match: (match["match_rank"] >= ANYWHERE, -match["films"]))
    also = f"; there {'is' if len(others) == 1 else 'are'} also: {_some(others)}" if others else ""
    return chosen["name"], f'"{search}" is taken as {_describe(chosen)}{also}'


def _rivals(found: Sequence[Match]) -> list[Match]:
    """Return the best matches, the most films first; the beginning of a name is no better than that of a word."""
    for kinds in ({EXACT}, {SAME_LETTERS}, range(SAME_LETTERS + 1, ANYWHERE)):
        if rivals := [match for match in found if match["match_rank"] in kinds]:
            break
    else:
        rivals = list(found)
    return sorted(rivals, key=lambda match: match["films"], reverse=True)


def matches(connection: DuckDBPyConnection, search: str) -> list[Match]:
    """Return the companies that may be meant by words, the likeliest first; none, if there are no words."""
    return list(queries.run(connection, "find_companies", {"search": search})) if search.split() else []


def _not_found(connection: DuckDBPyConnection, search: str) -> NotFoundError:
    words = " ".join(search.split())
    if not words:
        return NotFoundError("the name of a company is empty")
    similar = queries.run(connection, "similar_companies", {"search": words})
    way = "; did you mean" if similar else ": look with 'movie-reports companies WORD'"
    return _error(f'no company has "{search}" in its name{way}', similar)


def _error(message: str, matches: Sequence[Match]) -> NotFoundError:
    return NotFoundError(message, list(map(_describe, matches)), [match["name"] for match in matches])


def _asked(error: NotFoundError, choose: Choose | None) -> str:
    """Let a person choose among the candidates of an error; where there is none, or no candidates, raise it."""
    if choose is None or not error.candidates:
        raise error
    number = choose(error.message, error.candidates)
    if number is None:
        message = "no company was chosen"
        raise NotFoundError(message)
    return error.names[number]


def _some(matches: Sequence[Match]) -> str:
    rest = f"; and {len(matches) - FEW:,} more" if len(matches) > FEW else ""
    return "; ".join(map(_describe, matches[:FEW])) + rest


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


def _describe(match: Match) -> str:
    first, last = match["first_year"], match["last_year"]
    years = "no date" if first is None else str(first) if first == last else f"{first}-{last}"
    return f"{match['name']} ({count(match['films'], 'film')}, {years})"
