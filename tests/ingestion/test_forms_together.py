"""Films in a random combination of forms are read back as they were, or refused, never as something else."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from fuzzing import examples
from movie_reports import MovieReportsError
from runs import Place

GENRES = ("Drama", "Comedy", "Science Fiction", "Horror", "TV Movie", "War")
COMPANIES = ("Blue Heron Films", "Harrow Company, The", "Kestrel-Moor Studio", "Sable Cinema, Ltd.", "Fen & Vale", "Café Noir")
TITLES = ("The Copper Lighthouse", "Señora Café", "None", "L'été à la ferme", "Grüße aus Köln", "NA", "Seven, Paper; Boats")


@dataclass(frozen=True)
class Film:
    """What is known of a film."""

    title: str
    day: date
    budget: int | None
    revenue: int | None
    genres: tuple[str, ...]
    companies: tuple[str, ...]


def chosen(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Choose some of the names, each once."""
    return st.lists(st.sampled_from(names), max_size=3, unique=True).map(lambda found: tuple(sorted(found)))


MONEY = st.none() | st.integers(1, 400).map(lambda millions: millions * 1_000_000) | st.integers(1, 10**9)
FILMS = st.lists(
    st.builds(
        Film, st.sampled_from(TITLES), st.dates(date(1931, 1, 1), date(2028, 12, 31)), MONEY, MONEY,
        chosen(GENRES), chosen(COMPANIES),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip
Names = Callable[[tuple[str, ...]], str]
LISTS: dict[str, Names] = {
    "objects": lambda names: repr([{"id": number, "name": name} for number, name in enumerate(names, 1)]),
    "strings": lambda names: repr(list(names)),
    "pipes": "|".join,
    "semicolons": ";".join,
    "commas and blanks": ", ".join,
}
GENRE_LISTS = LISTS | {"commas": ",".join, "hyphens": "-".join}
DATES: dict[str, Callable[[date], str]] = {
    "ISO": date.isoformat,
    "ISO with a time": lambda day: f"{day} 00:00:00",
    "US": lambda day: f"{day.month}/{day.day}/{day.year}",
    "British": lambda day: f"{day:%d/%m/%Y}",
    "German": lambda day: f"{day:%d.%m.%Y}",
    "hyphens": lambda day: f"{day:%d-%m-%Y}",
    "two digits": lambda day: f"{day.month}/{day.day}/{day:%y}",
    "in words": lambda day: f"{day:%B} {day.day}, {day.year}",
    "Excel": lambda day: str((day - date(1899, 12, 30)).days),
}
AMOUNTS: dict[str, Callable[[int], str]] = {
    "digits": str,
    "floats": lambda amount: f"{amount}.0",
    "exponents": lambda amount: f"{amount:.10e}",
    "dollars": lambda amount: f"${amount:,}",
    "points": lambda amount: f"{amount:,}".replace(",", "."),
    "blanks": lambda amount: f"{amount:,}".replace(",", " "),
}
HEADERS: dict[str, Callable[[str], str]] = {
    "usual": str,
    "capitals": str.upper,
    "words": lambda name: name.replace("_", " ").title(),
    "hyphens": lambda name: name.replace("_", "-"),
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")


@given(
    films=FILMS,
    genres=st.sampled_from(sorted(GENRE_LISTS)),
    companies=st.sampled_from(sorted(LISTS)),
    dates=st.sampled_from(sorted(DATES)),
    amounts=st.sampled_from(sorted(AMOUNTS)),
    header=st.sampled_from(sorted(HEADERS)),
    separator=st.sampled_from(",;\t|"),
    missing=st.sampled_from(["", "NA", "None", "NULL", "\\N"]),
    encoding=st.sampled_from(ENCODINGS),
)
@examples(40)
def test_films_come_back_equal_or_not_at_all(
    *, films: list[Film], genres: str, companies: str, dates: str, amounts: str, header: str, separator: str,
    missing: str, encoding: str,
) -> None:  # fmt: skip
    """A field may be counted as unread, and a file refused, but nothing is read as what it is not."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    names = ("id", "title", "release_date", "budget", "revenue", "popularity", "genres", "production_companies")
    writer.writerow(map(HEADERS[header], names))
    for number, film in enumerate(films, 1):
        money = [missing if amount is None else AMOUNTS[amounts](amount) for amount in (film.budget, film.revenue)]
        lists = (GENRE_LISTS[genres](film.genres) or missing, LISTS[companies](film.companies) or missing)
        writer.writerow([number, film.title, DATES[dates](film.day), *money, "1.5", *lists])
    with TemporaryDirectory() as folder:
        place = Place(Path(folder))
        try:
            place.ingest(text.getvalue().encode(encoding))
        except MovieReportsError:
            return
        read = place.query("SELECT id, title, release_date, budget, revenue FROM movies ORDER BY id")
        unread = dict(place.query("SELECT field, films FROM unread_fields"))
        found = {kind: listed(place, kind) for kind in ("genre", "company")}
    assert len(read) == len(films)
    for film, (number, title, *values) in zip(films, read, strict=True):
        assert title == film.title
        for field, value, expected in zip(
            ("release_date", "budget", "revenue"), values, (film.day, film.budget, film.revenue), strict=True
        ):
            assert value == expected or (value is None and unread[field])
        for kind, field, expected in (("genre", "genres", film.genres), ("company", "production_companies", film.companies)):
            got = found[kind].get(number, ())
            assert got == expected or (got == () and unread[field])


def listed(place: Place, kind: str) -> dict[int, tuple[str, ...]]:
    """Return the names of one kind, by film."""
    plural = {"genre": "genres", "company": "companies"}[kind]
    rows = place.query(
        f"SELECT movie_id, list(name ORDER BY name) FROM movie_{plural} JOIN {plural} ON {plural}.id = {kind}_id GROUP BY ALL"  # noqa: S608
    )
    return {number: tuple(names) for number, names in rows}
