"""Which column of a file is which field: exact names, usual other names, and those that the user gave."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from movie_reports.errors import UsageError

NEEDED = ("id", "title", "release_date", "budget", "revenue")
OPTIONAL = ("popularity", "genres", "production_companies", "production_countries", "belongs_to_collection")
# For each field of a film its other names, the surest first: a later group counts only where no earlier one is found.
# Names are compared without case, blanks and punctuation. A name that may mean another thing (gross: of which
# countries?; rating: for which age?) or another unit (budget_musd) is not among them.
USUAL: dict[str, tuple[tuple[str, ...], ...]] = {
    "id": (("tmdb_id", "tmdb_movie_id"), ("movie_id", "film_id", "id_x")),
    "imdb_id": (("imdb",),),
    "title": (
        ("title_x", "movie_title", "film_title", "movie_name", "film_name"),
        ("name", "movie", "film"),
        ("original_title",),
    ),
    "original_title": ((),),
    "original_language": (("original_lang",),),
    "overview": (("description", "overview_x"),),
    "tagline": ((),),
    "status": (("status_x",),),
    "adult": (("is_adult",),),
    "release_date": (
        ("date", "release", "released", "date_released", "date_of_release", "release_date_x"),
        ("year", "release_year", "year_of_release"),
    ),
    "runtime": (("runtime_minutes", "runtime_min", "runtime_x"),),
    "budget": (("budget_usd", "budget_us", "budget_in_usd", "budget_dollars", "budget_x"),),
    "revenue": (
        ("revenue_usd", "revenue_us", "revenue_in_usd", "revenue_dollars", "revenue_x"),
        ("worldwide_gross", "gross_worldwide", "worldwide_box_office", "box_office_worldwide"),
    ),
    "popularity": (("popularity_x", "tmdb_popularity"),),
    "vote_average": (("vote_avg", "average_vote", "avg_vote", "vote_average_x"),),
    "vote_count": (("votes", "num_votes", "votes_count", "vote_count_x"),),
    "genres": (("genre", "genre_names", "genre_list", "genres_list", "genres_x"),),
    "production_companies": (
        ("companies", "company", "production_company", "company_names", "production_companies_x"),
        ("studio", "studios"),
    ),
    "production_countries": (
        ("countries", "country", "production_country", "country_names", "production_countries_x"),
    ),
    "belongs_to_collection": (
        ("collection", "collection_name", "movie_collection", "franchise", "belongs_to_collection_x"),
    ),
    "keywords": (("keyword", "keyword_names", "plot_keywords", "keywords_x"),),
    "cast": (("actors", "cast_x"),),
    "crew": (("crew_x",),),
    "directors": (("director",),),
    "writers": (("writer",),),
}
FIELDS = tuple(USUAL)
CHOSEN: Mapping[str, tuple[str, ...]] = {
    "keywords": ("keywords",),
    "people": ("cast", "crew", "directors", "writers"),
}
"""The fields that are only read if they are asked for, by what asks for them."""
IN_FILES: Mapping[str, tuple[str, ...]] = {"keywords": ("keywords",), "people": ("cast", "crew")}
"""Those that a file of its own has."""
# Part of a name that looks like a field, but may mean another thing or another unit.
_RELATED = {
    "budget": ("budget", "cost"),
    "revenue": ("revenue", "gross", "boxoffice"),
    "release_date": ("date", "year"),
}


@dataclass(frozen=True)
class Matched:
    """The fields of films among the columns of a file.

    Attributes:
        fields: the position of each field, from 1.
        decisions: which column was taken for which field, where the names differ.
        doubt: why it is not clear which column is meant, if it is not.
    """

    fields: dict[str, int]
    decisions: tuple[str, ...] = ()
    doubt: str = ""

    @property
    def has_films(self) -> bool:
        """Whether there is all that a film needs."""
        return set(NEEDED) <= self.fields.keys()

    @property
    def lists(self) -> list[str]:
        """What of that which is only read if it is asked for may be in the file."""
        return lists(self.fields)


def key(name: str) -> str:
    """Return a name as names of columns are compared: letters, digits, and signs of money other than dollars."""
    return "".join(
        character
        for character in name.casefold()
        if character.isalnum() or (unicodedata.category(character) == "Sc" and character != "$")
    )


_NAMES = {field: [{key(name) for name in group} for group in groups] for field, groups in USUAL.items()}
KNOWN = frozenset(
    {key(field) for field in FIELDS}
    | {name for groups in _NAMES.values() for group in groups for name in group}
    | {"userid", "movieid", "tmdbid", "rating", "timestamp"}
)
"""The keys of all names that are understood."""


def match(columns: Sequence[str], named: Mapping[str, str], asked: Collection[str] = ()) -> Matched:
    """Find the fields of films.

    Args:
        columns: the names in a header.
        named: the columns that the user gave, by field.
        asked: what is only read if it is asked for, and is.
    """
    left_out = {field for name, fields in CHOSEN.items() if name not in asked for field in fields}
    keys = [key(column) for column in columns]
    chosen = {key(column) for column in named.values()}
    fields: dict[str, int] = {}
    decisions, doubt = [], ""
    for field in FIELDS:
        found = _candidates(field, columns, keys, named, chosen)
        if not found or field in left_out:
            continue
        fields[field] = found[0] + 1
        names = [columns[position] for position in found]
        if len(set(names)) < len(names):
            doubt = doubt or f"has several columns named {names[0]}: keep the right one, and remove the others"
        elif len(names) > 1:
            doubt = doubt or f'has {" and ".join(names)} for {field}: say which with --column {field}="{names[0]}"'
        elif key(names[0]) != key(field):
            decisions.append(f"{names[0]} read as {field}")
    return Matched(fields, tuple(decisions), doubt)


def _candidates(
    field: str, columns: Sequence[str], keys: Sequence[str], named: Mapping[str, str], chosen: set[str]
) -> list[int]:
    """Return the positions of the columns that a field may be."""
    if field in named:
        wanted = key(named[field])
        exactly = [number for number, column in enumerate(columns) if column == named[field].strip().casefold()]
        return exactly or [number for number, known in enumerate(keys) if known == wanted]
    spelled = [number for number, column in enumerate(columns) if column == field]
    if spelled:
        return spelled
    for group in ({key(field)}, *_NAMES[field]):
        if found := [number for number, known in enumerate(keys) if known in group and known not in chosen]:
            return found
    return []


def lists(fields: Mapping[str, int]) -> list[str]:
    """Return what may be read from these fields of that which is only read if it is asked for."""
    return [name for name, needed in IN_FILES.items() if {"id", *needed} <= fields.keys()]


def check_fields(named: Mapping[str, str]) -> None:
    """Refuse columns that the user gave for a field that is none.

    Raises:
        UsageError: there is one.
    """
    for field, column in named.items():
        if field not in FIELDS:
            message = f'--column {field}="{column}": there is no field {field}; the fields are {", ".join(FIELDS)}'
            raise UsageError(message)


def check_columns(named: Mapping[str, str], columns: Sequence[str]) -> None:
    """Refuse columns that the user gave and the file does not have.

    Raises:
        UsageError: there is one.
    """
    for field, column in named.items():
        if key(column) not in map(key, columns):
            found = ", ".join(columns)[:500]
            message = f'--column {field}="{column}": there is no column {column}; the columns are {found}'
            raise UsageError(message)


def related(field: str, columns: Sequence[str]) -> list[str]:
    """Return the columns that look like a field that is missing, but are not surely it."""
    if field == "id":
        return [column for column in columns if key(column).endswith("id") and "imdb" not in key(column)]
    parts = _RELATED.get(field, (key(field),))
    return [column for column in columns if any(part in key(column) for part in parts)]


def unit(field: str) -> str:
    """Return what is to be said of the unit of a field."""
    return " in dollars" if field in {"budget", "revenue"} else ""


def notes(fields: Mapping[str, int]) -> list[str]:
    """Say which reports will be empty because a file lacks columns."""
    figures = {
        "popularity": "there will be no popularity",
        "genres": "reports by genre will be empty",
        "production_companies": "reports by company will be empty",
        "production_countries": "there will be no reports by country",
        "belongs_to_collection": "there will be no reports by collection",
    }
    return [f"no column {field}: {figures[field]}" for field in OPTIONAL if field not in fields]
