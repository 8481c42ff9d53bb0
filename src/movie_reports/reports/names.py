"""Finds which company or genre is meant by a name as it was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute, sql
from movie_reports.errors import NotFoundError, UsageError
from movie_reports.reports.requests.request import NONE, Request
from movie_reports.text import count

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXACT, SAME_SPELLING, ANYWHERE = 0, 1, 4  # match_rank in find_companies.sql
STANDS_OUT = 5
FEW = 5
ORDINALS = {"20th": "twentieth", "21st": "twenty-first"}  # as the names of studios spell them
ORDINAL = re.compile(r"\b(20th|21st)\b")

Match = Mapping[str, Any]
"""A row of find_companies.sql or similar_companies.sql."""

Choose = Callable[[str, Sequence[str]], int | None]
"""Asks the user to choose one of several lines; returns its number from 0, or None for no answer."""

Notify = Callable[[str], None]
"""Tells the user how a name was understood."""


def resolve(
    connection: DuckDBPyConnection, request: Request, choose: Choose | None = None, notify: Notify = lambda _: None
) -> Request:
    """Replace the names in a request by the names in the database.

    A company matches if its name is or begins with the words typed, or if each begins a word of it, or else if it
    contains them anywhere; case and accents are ignored. Of several matches, one is taken if it has at least five times
    the films of the next; an exact match is taken unless another one has five times its films. If it is not clear which
    is meant, `choose` asks the user; `notify` says what else could have been meant.

    Raises:
        NotFoundError: none matches (its candidates are similar names), or several may be meant; or no film has the
            language asked for.
        UsageError: `all_matches` is used with any number of names but one.
    """
    if request.language:
        _check_languages(connection, request.language)
    genres = tuple(name if name == NONE else find_genre(connection, name) for name in request.genre)
    request = replace(request, genre=genres)
    if request.all_matches:
        return _together(connection, request, notify)
    way = "name one of them, or add --all-matches" if len(request.company) == 1 else "name one of them"
    names = [_one(connection, name, way, choose, notify, exact=request.exact) for name in request.company]
    return replace(request, company=tuple(dict.fromkeys(names)))


def matching_companies(connection: DuckDBPyConnection, search: str) -> list[str]:
    """Return the companies whose names contain words, the likeliest first."""
    return [match["name"] for match in _matches(connection, search)]


def _matches(connection: DuckDBPyConnection, search: str) -> Sequence[Match]:
    """Return the companies that match some words, the likeliest first; none if there are no words."""
    if not search.split():
        return []
    folded = fold(connection, search)
    found = execute.run(connection, "names/find_companies", {"search": search, "folded": folded})
    if not found and (spelled := ORDINAL.sub(lambda number: ORDINALS[number[0]], folded)) != folded:
        found = execute.run(connection, "names/find_companies", {"search": search, "folded": spelled})
    return found


def matching_genres(connection: DuckDBPyConnection, search: str) -> list[str]:
    """Return the genres whose names contain words."""
    folded = fold(connection, search)
    found = execute.run(connection, "names/find_genres", {"folded": folded}) if folded else []
    return [genre["name"] for genre in found if genre["contains_words"]]


def suggestions(connection: DuckDBPyConnection, subject: str, words: str) -> list[str]:
    """Return the names of companies or genres that contain words, the likeliest first; all names without words."""
    if not words.strip():
        return beginning_with(connection, "companies" if subject == "company" else "genres", "")
    return (matching_companies if subject == "company" else matching_genres)(connection, words)


def beginning_with(connection: DuckDBPyConnection, kind: str, typed: str) -> list[str]:
    """Return the companies or genres whose names begin with what was typed, the likeliest first."""
    found = execute.run(connection, f"names/complete_{kind}", {"folded": fold(connection, typed)})
    return [row["name"] for row in found]


def fold(connection: DuckDBPyConnection, text: str) -> str:
    """Return a text in the form in which names are compared: lower case, without accents, with single blanks."""
    statements = f"{sql.read('names/fold')}SELECT folded($text)"
    return str(execute.rows(connection, statements, {"text": text})[0][0])


def find_genre(connection: DuckDBPyConnection, search: str) -> str:
    """Return the genre with this name, or the only one whose name contains the words.

    Raises:
        NotFoundError: there is no such genre; its candidates are similar ones, or else all genres.
    """
    found = execute.run(connection, "names/find_genres", {"folded": fold(connection, search)})
    meant = [genre["name"] for genre in found if genre["is_meant"]]
    containing = [genre["name"] for genre in found if genre["contains_words"]] if search.strip() else []
    if meant or len(containing) == 1:
        return str((meant or containing)[0])
    similar = containing or [genre["name"] for genre in found if genre["is_similar"]]
    message = f'there is no genre "{search}"; {"did you mean" if similar else "there are"}'
    raise NotFoundError(message, similar or sorted(genre["name"] for genre in found))


def _check_languages(connection: DuckDBPyConnection, languages: Sequence[str]) -> None:
    found = [row["language"] for row in execute.run(connection, "names/languages")]
    for each in languages:
        if found and each not in found:
            message = f'no film has the original language "{each}": write an ISO 639-1 code; most films have '
            raise NotFoundError(message + ", ".join(found[:FEW]))


def _together(connection: DuckDBPyConnection, request: Request, notify: Notify) -> Request:
    if len(request.company) != 1:
        message = f"--all-matches takes the matches of one name together, not of {len(request.company)}"
        raise UsageError(message)
    (search,) = request.company
    found = _matches(connection, search)
    if not found:
        raise _not_found(connection, search)
    notify(f"Taken together: {_some(found)}")
    return replace(request, company=tuple(match["name"] for match in found), label=" ".join(search.split()))


def _one(  # noqa: PLR0913 (how to ask, to notify and to be exact)
    connection: DuckDBPyConnection, search: str, way: str, choose: Choose | None, notify: Notify, *, exact: bool
) -> str:
    """Return the name of the company meant, and notify the user of others that match."""
    found = _matches(connection, search)
    if exact:
        found = [match for match in found if match["match_rank"] == EXACT]
    if not found:
        return _asked(_not_found(connection, search), choose)
    rivals = _rivals(found)
    chosen = rivals[0]
    if len(rivals) > 1 and chosen["films"] < STANDS_OUT * rivals[1]["films"] and not exact:
        insist = ", or --exact for the first" if chosen["match_rank"] == EXACT else ""
        message = f'"{search}" may mean any of {len(rivals)} companies: {way}{insist}'
        return _asked(_error(message, rivals), choose)
    if chosen["match_rank"] > SAME_SPELLING:
        _name_others(search, chosen, found, notify)
    return str(chosen["name"])


def _name_others(search: str, chosen: Match, found: Sequence[Match], notify: Notify) -> None:
    others = [match for match in found if match is not chosen]
    if not others and chosen["match_rank"] < ANYWHERE:
        return
    others.sort(key=lambda match: (match["match_rank"] >= ANYWHERE, -match["films"]))
    also = f"; there {'is' if len(others) == 1 else 'are'} also: {_some(others)}" if others else ""
    notify(f'"{search}" is taken as {_describe(chosen)}{also}')


def _rivals(found: Sequence[Match]) -> list[Match]:
    """Return the matches that compete for a name, the strongest first.

    An exact match, or one that differs in case or accents only, has no rivals unless another match at the beginning
    of a word has five times its films: then it is not clear which is meant.
    """
    found = sorted(found, key=itemgetter("films"), reverse=True)
    beginning = [match for match in found if match["match_rank"] < ANYWHERE]
    for rank in (EXACT, SAME_SPELLING):
        if named := [match for match in found if match["match_rank"] == rank]:
            larger = [match for match in beginning if match["films"] >= STANDS_OUT * named[0]["films"]]
            return [named[0], *larger] if larger else named
    return beginning or found


def _not_found(connection: DuckDBPyConnection, search: str) -> NotFoundError:
    words = " ".join(search.split())
    if not words:
        return NotFoundError("the name of a company is empty")
    similar = execute.run(connection, "names/similar_companies", {"folded": fold(connection, words)})
    way = "; did you mean" if similar else ": look with 'movie-reports companies WORD'"
    return _error(f'no company has "{search}" in its name{way}', similar)


def _error(message: str, matches: Sequence[Match]) -> NotFoundError:
    return NotFoundError(message, list(map(_describe, matches)), [match["name"] for match in matches])


def _asked(error: NotFoundError, choose: Choose | None) -> str:
    """Let the user choose among the candidates of an error; raise it if there is no user or no candidate."""
    if choose is None or not error.candidates:
        raise error
    if (number := choose(error.message, error.candidates)) is None:
        message = "no company was chosen"
        raise NotFoundError(message)
    return error.names[number]


def _some(matches: Sequence[Match]) -> str:
    rest = f"; and {len(matches) - FEW:,} more" if len(matches) > FEW else ""
    return "; ".join(map(_describe, matches[:FEW])) + rest


def _describe(match: Match) -> str:
    first, last = match["first_year"], match["last_year"]
    years = "no date" if first is None else str(first) if first == last else f"{first}-{last}"
    return f"{match['name']} ({count(match['films'], 'film')}, {years})"
