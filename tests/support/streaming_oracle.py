"""What a topic says of films, folded message by message in Python alone."""

import json
from collections.abc import Iterable
from typing import Any

Message = tuple[bytes | None, bytes | None]
NEEDED = {"title", "release_date", "budget", "revenue"}


def fold(messages: Iterable[Message]) -> dict[int, dict[str, Any]]:
    """Return the films that are there after all messages, by id; messages that cannot be read change nothing."""
    films: dict[int, dict[str, Any]] = {}
    for key, value in messages:
        if key is None or not key.isdigit():
            continue
        if not value:
            films.pop(int(key), None)
        elif (film := _film(value)) is not None and film.get("id", int(key)) == int(key):
            films[int(key)] = film
    return films


def is_reject(message: Message) -> bool:
    """Whether a message cannot be loaded."""
    key, value = message
    if key is None or not key.isdigit():
        return True
    if not value:
        return False
    film = _film(value)
    return film is None or film.get("id", int(key)) != int(key)


def _film(value: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(value.decode())
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.keys() >= NEEDED else None


def rows(films: dict[int, dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return the films as `ROWS` asks the database for them."""
    return sorted(
        (
            number,
            film["title"],
            film["release_date"],
            film["budget"] or None,
            film["revenue"] or None,
            _names(film.get("genres")),
            _names(film.get("production_companies")),
        )
        for number, film in films.items()
    )


def _names(items: list[dict[str, Any]] | None) -> list[str]:
    return sorted({item["name"] for item in items or ()})


ROWS = """
WITH named AS (
    SELECT movie_id, genres.name AS genre, NULL AS company FROM movie_genres JOIN genres ON genres.id = genre_id
    UNION ALL
    SELECT movie_id, NULL, companies.name FROM movie_companies JOIN companies ON companies.id = company_id
)
SELECT
    id,
    any_value(title) AS title,
    CAST(any_value(release_date) AS varchar) AS release_date,
    any_value(budget) AS budget,
    any_value(revenue) AS revenue,
    coalesce(list(genre ORDER BY genre) FILTER (genre IS NOT NULL), []) AS genres,
    coalesce(list(company ORDER BY company) FILTER (company IS NOT NULL), []) AS companies
FROM movies
LEFT JOIN named ON movie_id = id
GROUP BY id
ORDER BY id
"""
