"""The three reports computed a second time, with dictionaries and no SQL, to hold the program against.

Nothing is shared with the program, so that neither repeats an error of the other. A report is a list of rows, and a
row a dictionary of the columns of the export, in their order. Records split by a line break are left out, not mended.
"""

import ast
import csv
import io
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

Row = dict[str, Any]
GENRES = ("year", "genre", "popularity", "budget", "revenue", "profit", "releases", "complete")


@dataclass(frozen=True)
class Film:
    """What the reports need of a film; None is unknown."""

    votes: int
    year: int | None
    budget: int | None
    revenue: int | None
    popularity: Decimal | None
    genres: frozenset[str]
    companies: frozenset[str]

    @property
    def profit(self) -> int | None:
        """Revenue less budget, where both are known: the film is complete."""
        return None if self.budget is None or self.revenue is None else self.revenue - self.budget


def read(source: Path) -> list[Film]:
    """Read the films of a zip archive: of two records with one id that with more votes, on a tie the later."""
    with zipfile.ZipFile(source) as archive, archive.open("movies_metadata.csv") as raw:
        header, *records = csv.reader(io.TextIOWrapper(raw, encoding="utf-8", newline=""))
    films: dict[int, Film] = {}
    for fields in (dict(zip(header, record, strict=True)) for record in records if len(record) == len(header)):
        film, number = read_film(fields), whole(fields["id"])
        if number is not None and (number not in films or film.votes >= films[number].votes):
            films[number] = film
    return list(films.values())


def read_film(fields: dict[str, str]) -> Film:
    """Read a record; money of 0 is unknown, and a name that is repeated counts once."""
    return Film(
        votes=whole(fields["vote_count"]) or 0,
        year=year(fields["release_date"]),
        budget=whole(fields["budget"]) or None,
        revenue=whole(fields["revenue"]) or None,
        popularity=Decimal(fields["popularity"]) if fields["popularity"] else None,
        genres=frozenset(item["name"] for item in ast.literal_eval(fields["genres"])),
        companies=frozenset(item["name"] for item in ast.literal_eval(fields["production_companies"])),
    )


def whole(text: str) -> int | None:
    """Read a whole number, or None."""
    return int(text) if text.isdecimal() else None


def year(text: str) -> int | None:
    """Read the year of a date, or None."""
    try:
        return date.fromisoformat(text).year
    except ValueError:
        return None


def limited(films: list[Film], years: range | None, genre: str | None, *, complete: bool) -> list[Film]:
    """Keep the films of some years, of a genre, or with both figures known."""
    films = [film for film in films if years is None or film.year in years]
    films = [film for film in films if genre is None or genre in film.genres]
    return [film for film in films if not complete or film.profit is not None]


def together(films: list[Film], words: str) -> list[Film]:
    """Keep the films of all companies whose name holds the words, as films of one company that is called so."""
    kept = (film for film in films if any(fold(words) in fold(name) for name in film.companies))
    return [replace(film, companies=frozenset([words])) for film in kept]


def fold(text: str) -> str:
    """Drop case and accents."""
    return "".join(mark for mark in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(mark))


def by_company(films: list[Film]) -> list[tuple[str, int | None, list[Film]]]:
    """Group films by company and year, in the order of the reports; a film stands in the group of each company."""
    groups = defaultdict(list)
    for film in films:
        for name in film.companies:
            groups[name, film.year].append(film)
    return sorted(((*key, group) for key, group in groups.items()), key=lambda each: (each[0], none_last(each[1])))


def company(films: list[Film], *, average: bool = False) -> list[Row]:
    """Compute the report per company and year."""
    groups = by_company(films)
    return [{"company": name, "year": year, **figures(group, average=average)} for name, year, group in groups]


def company_genres(films: list[Film], only: str | None = None) -> list[Row]:
    """Compute the report per company, year and genre; films without a genre stand under None."""
    rows = []
    for name, year, group in by_company(films):
        found = [genre for film in group for genre in film.genres or {None} if only in {None, genre}]
        for genre in sorted(set(found), key=none_last):
            key = {"company": name, "year": year, "genre": genre}
            rows.append({**key, "releases": found.count(genre), "films": len(group)})
    return rows


def genres(films: list[Film], only: str | None = None, *, average: bool = False) -> list[Row]:
    """Compute the report per year and genre, in each year the most popular genre first."""
    groups = defaultdict(list)
    for film in films:
        for genre in film.genres if only is None else {only}:
            groups[film.year, genre].append(film)
    found = [
        {"year": year, "genre": genre, **figures(group, average=average)} for (year, genre), group in groups.items()
    ]
    rows = [{column: row[column] for column in GENRES} for row in found]
    return sorted(rows, key=lambda row: (none_last(row["year"]), none_last(row["popularity"], -1), row["genre"]))


def figures(films: list[Film], *, average: bool) -> Row:
    """Compute the figures of a group of films."""
    budgets, revenues, profits = zip(*((film.budget, film.revenue, film.profit) for film in films), strict=True)
    spent = (-budget for budget in budgets if budget is not None)
    return {
        "releases": len(films),
        "budget": mean(budgets) if average else total(budgets),
        "revenue": mean(revenues) if average else total(revenues),
        "profit": mean(profits) if average else total([*revenues, *spent]),
        "popularity": mean(film.popularity for film in films),
        "complete": sum(profit is not None for profit in profits),
    }


def total(values: Iterable[int | None]) -> int | None:
    """Add up what is known; None if nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def mean(values: Iterable[int | Decimal | None]) -> float | None:
    """Take the mean of what is known, not rounded on the way; None if nothing is."""
    known = [value for value in values if value is not None]
    return float(sum(known) / len(known)) if known else None


def top(rows: list[Row], number: int, by: str, *, within: str | None = None) -> list[Row]:
    """Keep the rows (of each year, say) with the highest known values and those that equal them, the highest first."""
    groups = defaultdict(list)
    for row in rows:
        if row[by] is not None:
            groups[row[within] if within else None].append(row)
    best = [sorted(group, key=lambda row: -row[by]) for group in groups.values()]
    return [row for group in best for row in group if row[by] >= group[:number][-1][by]]


def none_last(value: Any, sign: int = 1) -> tuple[bool, Any]:  # noqa: ANN401
    """Give a key that sorts None behind all else; the sign -1 turns the order of numbers round."""
    return value is None, (value or 0) * sign
