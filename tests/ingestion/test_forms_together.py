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
COMPANIES = (
    "Blue Heron Films",
    "Harrow Company, The",
    "Kestrel-Moor Studio",
    "Sable Cinema, Ltd.",
    "Fen & Vale",
    "Café Noir",
)
TITLES = (
    "The Copper Lighthouse",
    "Señora Café",
    "None",
    "L'été à la ferme",
    "Grüße aus Köln",
    "NA",
    "Seven, Paper; Boats",
)


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


@dataclass(frozen=True)
class Forms:
    """How a file is written."""

    genres: str
    companies: str
    dates: str
    amounts: str
    header: str
    separator: str
    missing: str
    encoding: str

    def write(self, films: list[Film]) -> bytes:
        """Write films as CSV."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.separator, lineterminator="\n")
        names = ("id", "title", "release_date", "budget", "revenue", "popularity", "genres", "production_companies")
        writer.writerow(map(HEADERS[self.header], names))
        amount = AMOUNTS[self.amounts]
        for number, film in enumerate(films, 1):
            money = [self.missing if known is None else amount(known) for known in (film.budget, film.revenue)]
            genres = GENRE_LISTS[self.genres](film.genres) or self.missing
            companies = LISTS[self.companies](film.companies) or self.missing
            writer.writerow([number, film.title, DATES[self.dates](film.day), *money, "1.5", genres, companies])
        return text.getvalue().encode(self.encoding)


FORMS = st.builds(
    Forms,
    *(st.sampled_from(sorted(forms)) for forms in (GENRE_LISTS, LISTS, DATES, AMOUNTS, HEADERS)),
    st.sampled_from(",;\t|"),
    st.sampled_from(["", "NA", "None", "NULL", "\\N"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
)


@given(films=FILMS, forms=FORMS)
@examples(12)
def test_films_come_back_equal_or_not_at_all(films: list[Film], forms: Forms) -> None:
    """A field may be counted as unread, and a file refused, but nothing is read as what it is not."""
    with TemporaryDirectory() as folder:
        place = Place(Path(folder))
        try:
            place.ingest(forms.write(films))
        except MovieReportsError:
            return
        rows = place.query("SELECT id, title, release_date, budget, revenue FROM movies ORDER BY id")
        unread = dict(place.query("SELECT field, films FROM unread_fields"))
        genres, companies = listed(place, "genre"), listed(place, "company")
    assert len(rows) == len(films)
    for film, (number, title, *values) in zip(films, rows, strict=True):
        assert title == film.title
        cells = {
            "release_date": (film.day, values[0]),
            "budget": (film.budget, values[1]),
            "revenue": (film.revenue, values[2]),
            "genres": (film.genres or None, genres.get(number)),
            "production_companies": (film.companies or None, companies.get(number)),
        }
        for field, (expected, found) in cells.items():
            assert found == expected or (found is None and unread[field]), field


def listed(place: Place, kind: str) -> dict[int, tuple[str, ...]]:
    """Return the names of one kind, by film."""
    plural = {"genre": "genres", "company": "companies"}[kind]
    links = f"movie_{plural} JOIN {plural} ON {plural}.id = {kind}_id"
    rows = place.query(f"SELECT movie_id, list(name ORDER BY name) FROM {links} GROUP BY ALL")  # noqa: S608 (our own)
    return {number: tuple(names) for number, names in rows}
