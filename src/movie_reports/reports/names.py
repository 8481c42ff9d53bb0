"""Finds which company, genre or other name is meant by what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute, sql
from movie_reports.errors import NotFoundError, UsageError
from movie_reports.reports.requests.request import NONE, Request
from movie_reports.reports.subjects import COMPANY, COUNTRY, GENRE, SEARCHED, Subject
from movie_reports.text import count

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXACT, SAME_SPELLING, ANYWHERE = 0, 1, 4  # match_rank in find_names.sql
STANDS_OUT = 5
FEW = 5
ORDINALS = {"20th": "twentieth", "21st": "twenty-first"}  # as the names of studios spell them
CODE = re.compile("[A-Za-z]{2}")
ORDINAL = re.compile(r"\b(20th|21st)\b")

Match = Mapping[str, Any]
"""A row of find_names.sql or similar_names.sql."""

Choose = Callable[[str, Sequence[str]], int | None]
"""Asks the user to choose one of several lines; returns its number from 0, or None for no answer."""

Notify = Callable[[str], None]
"""Tells the user how a name was understood."""


def resolve(
    connection: DuckDBPyConnection, request: Request, choose: Choose | None = None, notify: Notify = lambda _: None
) -> Request:
    """Replace the names in a request by the names in the database.

    A name matches if it is or begins with the words typed, or if each begins a word of it, or else if it
    contains them anywhere; case and accents are ignored. Of several matches, one is taken if it has at least five times
    the films of the next; an exact match is taken unless another one has five times its films. If it is not clear which
    is meant, `choose` asks the user; `notify` says what else could have been meant. A country is
    found by its ISO code, too.

    Raises:
        NotFoundError: none matches (its candidates are similar names), or several may be meant; or no film has the
            language asked for.
        UsageError: `all_matches` is used with any number of names but one.
    """
    if request.language:
        _check_languages(connection, request.language)
    genres = tuple(name if name == NONE else find_genre(connection, name) for name in request.genre)
    found: dict[str, Any] = {GENRE.name: genres}
    for subject in SEARCHED:
        if subject is not COMPANY or not request.all_matches:
            searched = request.named(subject.name)
            names = [
                _coded(connection, subject, name, request)
                or [_one(connection, subject, name, request, choose=choose, notify=notify)]
                for name in searched
            ]
            found[subject.name] = tuple(dict.fromkeys(chain(*names)))
    request = replace(request, **found)
    return _together(connection, request, notify) if request.all_matches else request


def _coded(connection: DuckDBPyConnection, subject: Subject, code: str, request: Request) -> list[str]:
    """Return the names of the country with an ISO code; none if it is no code, or must be a name."""
    if subject is not COUNTRY or request.exact or not CODE.fullmatch(code):
        return []
    return [row["name"] for row in execute.run(connection, "names/find_codes", {"code": code.upper()})]


def matching(connection: DuckDBPyConnection, subject: Subject, search: str) -> tuple[str, ...]:
    """Return the names that contain words, the likeliest first."""
    if subject is not GENRE:
        return tuple(match["name"] for match in _matches(connection, subject, search))
    folded = fold(connection, search)
    found = execute.run(connection, "names/find_genres", {"folded": folded}) if folded else []
    return tuple(genre["name"] for genre in found if genre["contains_words"])


def _matches(connection: DuckDBPyConnection, subject: Subject, search: str) -> Sequence[Match]:
    """Return the names that match some words, the likeliest first; none if there are no words."""
    if not search.split():
        return []
    folded = fold(connection, search)
    found = _find(connection, subject, search, folded)
    if not found and (spelled := ORDINAL.sub(lambda number: ORDINALS[number[0]], folded)) != folded:
        found = _find(connection, subject, search, spelled)
    return found


def _find(connection: DuckDBPyConnection, subject: Subject, search: str, folded: str) -> Sequence[Match]:
    words = {"search": search, "folded": folded}
    return execute.run(connection, "names/find_names", words, subject=subject.name)


def suggestions(connection: DuckDBPyConnection, subject: Subject, words: str) -> list[str]:
    """Return the names that contain words, the likeliest first; all names without words."""
    return [*matching(connection, subject, words)] if words.strip() else beginning_with(connection, subject, "")


def beginning_with(connection: DuckDBPyConnection, subject: Subject, typed: str) -> list[str]:
    """Return the names that begin with what was typed, the likeliest first."""
    file = "complete_genres" if subject is GENRE else "complete_names"
    found = execute.run(connection, f"names/{file}", {"folded": fold(connection, typed)}, subject=subject.name)
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
    found = _matches(connection, COMPANY, search)
    if not found:
        raise _not_found(connection, COMPANY, search)
    notify(f"Taken together: {_some(found)}")
    return replace(request, company=tuple(match["name"] for match in found), label=" ".join(search.split()))


def _one(  # noqa: PLR0913 (what is searched, and how to ask and to notify)
    connection: DuckDBPyConnection,
    subject: Subject,
    search: str,
    request: Request,
    *,
    choose: Choose | None,
    notify: Notify,
) -> str:
    """Return the name that is meant, and notify the user of others that match."""
    found = _matches(connection, subject, search)
    if request.exact:
        found = [match for match in found if match["match_rank"] == EXACT]
    if not found:
        return _asked(_not_found(connection, subject, search), subject, choose)
    rivals = _rivals(found)
    chosen = rivals[0]
    if len(rivals) > 1 and chosen["films"] < STANDS_OUT * rivals[1]["films"] and not request.exact:
        return _asked(_ambiguous(subject, search, request, rivals), subject, choose)
    if chosen["match_rank"] > SAME_SPELLING:
        _name_others(search, chosen, found, notify)
    return str(chosen["name"])


def _ambiguous(subject: Subject, search: str, request: Request, rivals: Sequence[Match]) -> NotFoundError:
    is_alone = subject is COMPANY and len(request.company) == 1
    way = "name one of them, or add --all-matches" if is_alone else "name one of them"
    insist = ", or --exact for the first" if rivals[0]["match_rank"] == EXACT else ""
    return _error(f'"{search}" may mean any of {len(rivals)} {subject.table}: {way}{insist}', rivals)


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


def _not_found(connection: DuckDBPyConnection, subject: Subject, search: str) -> NotFoundError:
    words = " ".join(search.split())
    if not words:
        return NotFoundError(f"the name of a {subject.name} is empty")
    folded = {"folded": fold(connection, words)}
    similar = execute.run(connection, "names/similar_names", folded, subject=subject.name)
    way = "; did you mean" if similar else f": look with 'movie-reports {subject.catalogue} WORD'"
    return _error(f'no {subject.name} has "{search}" in its name{way}', similar)


def _error(message: str, matches: Sequence[Match]) -> NotFoundError:
    return NotFoundError(message, list(map(_describe, matches)), [match["name"] for match in matches])


def _asked(error: NotFoundError, subject: Subject, choose: Choose | None) -> str:
    """Let the user choose among the candidates of an error; raise it if there is no user or no candidate."""
    if choose is None or not error.candidates:
        raise error
    if (number := choose(error.message, error.candidates)) is None:
        message = f"no {subject.name} was chosen"
        raise NotFoundError(message)
    return error.names[number]


def _some(matches: Sequence[Match]) -> str:
    rest = f"; and {len(matches) - FEW:,} more" if len(matches) > FEW else ""
    return "; ".join(map(_describe, matches[:FEW])) + rest


def _describe(match: Match) -> str:
    first, last = match["first_year"], match["last_year"]
    years = "no date" if first is None else str(first) if first == last else f"{first}-{last}"
    return f"{match['name']} ({count(match['films'], 'film')}, {years})"
