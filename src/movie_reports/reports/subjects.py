"""The subjects: the kinds of names by which films are grouped and filtered."""

from __future__ import annotations

from dataclasses import dataclass

from movie_reports.database import sql
from movie_reports.reports.columns import (
    CODES,
    COLLECTION_NAME,
    COMPANY_NAME,
    COUNTRY_NAME,
    GENRE_NAME,
    KEYWORD_NAME,
    PERSON_NAME,
    TMDB_IDS,
    Column,
)
from movie_reports.reports.requests.choices import Metric, Named


@dataclass(frozen=True)
class Subject:
    """A kind of name by which films are grouped.

    Attributes:
        column: the column of its names, such as company; the view company_films has a row for each name of each film.
        title: what several are called in a heading.
        figures: the report on their films.
        catalogue: the report that lists them.
        charted: the metric that a chart draws by default.
        order: the metric by which names are ordered by default; None orders by name.
        codes: the column of what else identifies them in sources.
        films: how a title says that only their films count.
        source: the column of sources that has them, if many sources lack it.
    """

    column: Column
    title: str
    figures: str
    catalogue: str
    charted: Metric
    order: Metric | None = None
    codes: Column = TMDB_IDS
    films: str = "films of {}"
    source: str = ""

    @property
    def name(self) -> Named:
        """What one of them is called, such as company."""
        return Named(self.column.name)

    @property
    def table(self) -> str:
        """The table of its names, such as companies; movie_companies links them to films."""
        return sql.NAMES[self.name]

    @property
    def is_chosen(self) -> bool:
        """Whether they are only loaded if they are asked for."""
        return self.table in sql.CHOSEN

    @property
    def remedy(self) -> str:
        """How a database that has none of them gets some; empty for those that usual sources have."""
        if self.is_chosen:
            return f"load them with 'movie-reports ingest --with {self.table}'"
        way = f"load a source that has {self.source}, also if an older movie-reports has loaded it already"
        return way if self.source else ""


COMPANY = Subject(COMPANY_NAME, "Companies", "company", "companies", Metric.profit)
GENRE = Subject(GENRE_NAME, "Genres", "genres", "genre-list", Metric.popularity, Metric.popularity)
COUNTRY = Subject(
    COUNTRY_NAME,
    "Countries",
    "country",
    "countries",
    Metric.profit,
    codes=CODES,
    films="made in {}",
    source="production_countries",
)
COLLECTION = Subject(
    COLLECTION_NAME,
    "Collections",
    "collection",
    "collections",
    Metric.profit,
    source="belongs_to_collection",
)
KEYWORD = Subject(KEYWORD_NAME, "Keywords", "keyword", "keywords", Metric.profit, films="with the keyword {}")
PERSON = Subject(PERSON_NAME, "People", "person", "people", Metric.profit, films="with {}")
SUBJECTS = (COMPANY, COUNTRY, COLLECTION, GENRE, KEYWORD, PERSON)
SEARCHED = tuple(subject for subject in SUBJECTS if subject is not GENRE)
"""Those with so many names that words of a name may mean several; genres are few."""


def of(name: str) -> Subject:
    """Return the subject of this name."""
    return next(subject for subject in SUBJECTS if subject.name == name)
