"""The reports computed a second time, with dictionaries and no SQL, to compare the program with.

Nothing is shared with the program, so that neither repeats an error of the other. A report is a list of rows, and a
row a dictionary of the columns of the export, in their order. Records split by a line break are left out, not repaired.
"""

import ast
import csv
import io
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Number = Decimal | Fraction
Period = int | str | None
Names = str | Collection[str] | None
MORE = ("roi", "multiple", "margin", "runtime", "vote_average")
OPTIONAL = ("budget", "revenue", "profit", "popularity", *MORE, "share", "growth", "rank")
KINDS = {
    "company": "companies",
    "genre": "genres",
    "country": "countries",
    "collection": "collections",
    "keyword": "keywords",
    "person": "people",
}
"""The kinds of names, and the fields of a film that have them."""
GENRES = ("genre", "popularity", "budget", "revenue", "profit", "releases", "complete")

WRITING = {
    *("Writer", "Co-Writer", "Screenplay", "Story", "Original Story", "Screenstory", "Teleplay", "Adaptation"),
    *("Dialogue", "Author", "Novel", "Book", "Short Story", "Comic Book", "Graphic Novel", "Theatre Play"),
}


@dataclass(frozen=True)
class Film:
    """What the reports need of a film; None is unknown."""

    number: int | None
    title: str | None
    day: date | None
    votes: int | None
    vote: Number | None
    marks: tuple[Fraction, ...]
    budget: int | None
    revenue: int | None
    popularity: Number | None
    genres: frozenset[str]
    companies: frozenset[str]
    minutes: Decimal | None = None
    language: str | None = None
    status: str | None = None
    countries: frozenset[str] = frozenset()
    collections: frozenset[str] = frozenset()
    keywords: frozenset[str] = frozenset()
    people: frozenset[tuple[str, str]] = frozenset()

    @property
    def profit(self) -> int | None:
        """Revenue less budget, where both are known: the film is complete."""
        return None if self.budget is None or self.revenue is None else self.revenue - self.budget

    @property
    def year(self) -> int | None:
        """The year of its release."""
        return self.day.year if self.day else None

    def period(self, by: str) -> Period:
        """Say in which year, quarter, month, decade, on which weekday or in which calendar month it was released."""
        if self.day is None or by == "all":
            return None
        if by in {"weekday", "calendar-month"}:
            return self.day.isoweekday() if by == "weekday" else self.day.month
        if by in {"year", "decade"}:
            return self.day.year // 10 * 10 if by == "decade" else self.day.year
        text = self.day.isoformat()
        return text[:7] if by == "month" else f"{text[:4]}-Q{'111222333444'[self.day.month - 1]}"


def read(source: Path) -> list[Film]:
    """Read the films of a zip archive: of two records with one id that with more votes, on a tie the later."""
    films: dict[int, Film] = {}
    with zipfile.ZipFile(source) as archive:
        marks = read_ratings(archive)
        keywords, people = read_keywords(archive), read_people(archive)
        for fields in lines(archive, "movies_metadata"):
            film = read_film(fields, marks)
            film = replace(film, keywords=film.keywords | keywords[film.number])
            film = replace(film, people=film.people | people[film.number])
            number = film.number
            if number is not None and (number not in films or (film.votes or 0) >= (films[number].votes or 0)):
                films[number] = film
    return list(films.values())


def lines(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, str]]:
    """Read the file whose name begins so, if there is one; what has not as many fields as the header is left out."""
    for member in (member for member in archive.namelist() if member.startswith(name)):
        with archive.open(member) as raw:
            header, *records = csv.reader(io.TextIOWrapper(raw, encoding="utf-8", newline=""))
            yield from (dict(zip(header, record, strict=True)) for record in records if len(record) == len(header))


def read_ratings(archive: zipfile.ZipFile) -> dict[int | None, list[Fraction]]:
    """Read the MovieLens ratings of each film; which film it is, only the links tell."""
    links = {line["movieId"]: whole(line["tmdbId"]) for line in lines(archive, "links")}
    marks = defaultdict(list)
    for line in lines(archive, "ratings"):
        marks[links.get(line["movieId"])].append(Fraction(line["rating"]))
    return marks


def read_keywords(archive: zipfile.ZipFile) -> dict[int | None, set[str]]:
    """Read the keywords of each film from their own file."""
    found: dict[int | None, set[str]] = defaultdict(set)
    for line in lines(archive, "keywords"):
        found[whole(line["id"])].update(item["name"] for item in ast.literal_eval(line["keywords"]))
    return found


def read_people(archive: zipfile.ZipFile) -> dict[int | None, set[tuple[str, str]]]:
    """Read the people of each film with their roles from their own file."""
    found: dict[int | None, set[tuple[str, str]]] = defaultdict(set)
    for line in lines(archive, "credits"):
        found[whole(line["id"])].update(credits_of(line))
    return found


def credits_of(fields: dict[str, str]) -> set[tuple[str, str]]:
    """Return the people of a record, each with a role."""
    actors = {(item["name"], "actor") for item in ast.literal_eval(fields.get("cast") or "[]")}
    crew = ast.literal_eval(fields.get("crew") or "[]")
    directors = {(item["name"], "director") for item in crew if item["job"] == "Director"}
    return actors | directors | {(item["name"], "writer") for item in crew if item["job"] in WRITING}


def in_roles(films: list[Film], *roles: str) -> list[Film]:
    """Leave out the people of films who did none of this for them."""
    return [replace(film, people=frozenset(each for each in film.people if each[1] in roles)) for film in films]


def read_film(fields: dict[str, str], marks: dict[int | None, list[Fraction]]) -> Film:
    """Read a record; money of 0 is unknown, and a name that is repeated counts once."""
    number = whole(fields["id"])
    return Film(
        number=number,
        title=fields["title"] or None,
        day=day(fields["release_date"]),
        votes=whole(fields["vote_count"]),
        vote=decimal(fields.get("vote_average", "")),
        marks=tuple(marks.get(number, ())),
        budget=whole(fields["budget"]) or None,
        revenue=whole(fields["revenue"]) or None,
        popularity=decimal(fields["popularity"]),
        genres=frozenset(item["name"] for item in ast.literal_eval(fields["genres"])),
        companies=frozenset(item["name"] for item in ast.literal_eval(fields["production_companies"])),
        minutes=decimal(fields.get("runtime", "")) or None,
        language=fields.get("original_language") or None,
        status=fields.get("status") or None,
        countries=frozenset(item["name"] for item in ast.literal_eval(fields.get("production_countries") or "[]")),
        collections=frozenset(
            item["name"] for item in ast.literal_eval(f"[{fields.get('belongs_to_collection', '')}]") if item
        ),
        keywords=frozenset(item["name"] for item in ast.literal_eval(fields.get("keywords") or "[]")),
        people=frozenset(credits_of(fields)),
    )


def whole(text: str) -> int | None:
    """Read a whole number, or None."""
    return int(text) if text.isdecimal() else None


def decimal(text: str) -> Decimal | None:
    """Read a number, or None where there is none."""
    return Decimal(text) if text else None


def day(text: str) -> date | None:
    """Read a date, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def measured(films: list[Film], kind: str) -> list[Film]:
    """Let popularity be another measure; all films are what the weighted rating is measured against."""
    if kind == "popularity":
        return films
    m, c = vote_scale(films) if kind == "weighted" else (Fraction(), Fraction())
    unrated = Fraction(0) if any(film.marks for film in films) else None
    return [
        replace(film, popularity=measure(film, kind, m, c) if kind != "ratings" or film.marks else unrated)
        for film in films
    ]


def measure(film: Film, kind: str, m: Fraction, c: Fraction) -> Fraction | None:
    """Return a measure of a film; None if it is not known, or the mean of nothing."""
    if kind in {"ratings", "ratings-mean"}:
        number = len(film.marks)
        return (Fraction(number) if kind == "ratings" else sum(film.marks) / Fraction(number)) if number else None
    if kind == "votes" or not film.votes:
        return Fraction(film.votes) if kind == "votes" and film.votes is not None else None
    if film.vote is None or kind == "vote-average":
        return None if film.vote is None else Fraction(film.vote)
    return (film.votes * Fraction(film.vote) + m * c) / (film.votes + m)


def vote_scale(films: list[Film]) -> tuple[Fraction, Fraction]:
    """Return the number of votes that nine in ten of the films with votes stay below, and the mean of their votes."""
    counts = sorted(film.votes for film in films if film.votes)
    place = Fraction(9, 10) * (len(counts) - 1)
    low, high = counts[int(place)], counts[min(int(place) + 1, len(counts) - 1)]
    votes = [Fraction(film.vote) for film in films if film.votes and film.vote is not None]
    return low + (high - low) * (place - int(place)), sum(votes, Fraction()) / len(votes)


def limited(
    films: list[Film], years: range | None, genre: Names, *, complete: bool, months: Collection[int] | None = None
) -> list[Film]:
    """Keep the films of some years, of some months, of a genre or one of several, or with both figures known."""
    films = [film for film in films if years is None or film.year in years]
    films = [film for film in films if months is None or (film.day and film.day.month in months)]
    films = [film for film in films if genre is None or film.genres & several(genre)]
    return [film for film in films if not complete or film.profit is not None]


def kept(films: list[Film], asked: dict[str, Any]) -> list[Film]:
    """Keep the films that the filters of a request select, but for those that `limited` knows."""
    least = {"min_votes": "votes", "min_budget": "budget", "min_revenue": "revenue"}
    ends = [int(end or default) for end, default in zip(span(asked.get("runtime", "-")), (0, 9999), strict=True)]
    named = {kind: several(asked[kind]) for kind in ("weekday", "language", "status") if asked.get(kind)}
    return [
        film
        for film in films
        if fold_case(asked.get("title", "")) in fold_case(film.title or "")
        and ("title" not in asked or film.title)
        and ("runtime" not in asked or ends[0] <= (film.minutes or -1) <= ends[1])
        and all((getattr(film, field) or -1) >= asked[name] for name, field in least.items() if name in asked)
        and ("weekday" not in named or (film.day and film.day.strftime("%A").lower() in named["weekday"]))
        and ("language" not in named or film.language in named["language"])
        and ("status" not in named or (film.status or "").lower().replace(" ", "-") in named["status"])
        and all(has(names_of(film, kind), asked.get(kind), all_of=asked.get("all_of", False)) for kind in KINDS)
        and all(names_of(film, kind) for kind in several(asked.get("has", ())))
    ]


def span(text: str) -> tuple[str, str]:
    """Split a span at its hyphen."""
    first, hyphen, last = text.partition("-")
    return first, last if hyphen else first


def fold_case(text: str) -> str:
    """Drop case."""
    return text.lower()


def has(names: Collection[str], asked: Names, *, all_of: bool) -> bool:
    """Whether a film has one of the names asked for, or all of them."""
    wanted = several(asked or ())
    return not wanted or (wanted <= set(names) if all_of else bool(wanted & set(names)))


def several(names: str | Collection[str]) -> set[str]:
    """Take one name as a set of one."""
    return {names} if isinstance(names, str) else set(names)


def together(films: list[Film], words: str) -> list[Film]:
    """Keep the films of all companies whose name contains the words, as films of one company that is called so."""
    kept = (film for film in films if any(fold(words) in fold(name) for name in film.companies))
    return [replace(film, companies=frozenset([words])) for film in kept]


def joined(films: list[Film], kind: str, names: Sequence[str]) -> list[Film]:
    """Let films have one name of a kind, companies or genres: several, joined."""
    return [replace(film, **{kind: frozenset([" + ".join(names)])}) for film in films]  # type: ignore[arg-type]


def fold(text: str) -> str:
    """Drop case and accents."""
    return "".join(mark for mark in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(mark))


def names_of(film: Film, kind: str) -> frozenset[str]:
    """Return the names of a kind that a film has."""
    if kind == "person":
        return frozenset(name for name, _ in film.people)
    return getattr(film, KINDS[kind])  # type: ignore[no-any-return]


def by_name(films: list[Film], kind: str, by: str = "year") -> list[tuple[str, Period, list[Film]]]:
    """Group films by name and period, in the order of the reports; a film is in the group of each name."""
    groups = defaultdict(list)
    for film in films:
        for name in names_of(film, kind):
            groups[name, film.period(by)].append(film)
    return sorted(((*key, group) for key, group in groups.items()), key=lambda each: (each[0], none_last(each[1])))


def keyed(by: str, period: Period) -> Row:
    """Name a period after its kind; all films together have none."""
    return {} if by == "all" else {by.replace("-", "_"): period}


def company(films: list[Film], **options: Any) -> list[Row]:  # noqa: ANN401 (those of `named`)
    """Compute the report per company and period."""
    return named(films, "company", **options)


def named(  # noqa: PLR0913 (the options of the report)
    films: list[Film],
    kind: str,
    *,
    average: bool = False,
    quantile: Fraction | None = None,
    by: str = "year",
    metrics: Sequence[str] = (),
) -> list[Row]:
    """Compute the report per name and period: by name, or in each period by the first metric asked for."""
    groups = by_name(films, kind, by)
    rows = [
        {kind: name, **keyed(by, period), **figures(group, average=average, quantile=quantile)}
        for name, period, group in groups
    ]
    return chosen(ordered(rows, by, metrics[0], kind) if metrics else rows, metrics)


def ordered(rows: list[Row], by: str, metric: str, name: str) -> list[Row]:
    """Order rows by period, within it by a metric, the highest first, and then by name."""
    by = by.replace("-", "_")
    return sorted(rows, key=lambda row: (none_last(row.get(by)), none_last(row[metric], -1), row[name]))


def chosen(rows: list[Row], metrics: Sequence[str]) -> list[Row]:
    """Keep the keys, releases and complete, and of the other figures those named, in the order named."""
    if not metrics:
        return [{column: value for column, value in row.items() if column not in MORE} for row in rows]
    others = [metric for metric in dict.fromkeys(metrics) if metric != "releases"]
    kept = []
    for row in rows:
        places = [column for column in row if column in OPTIONAL]
        if not places:
            return rows
        first = list(row).index(places[0])
        columns = [column for column in list(row)[:first] if column not in OPTIONAL]
        columns += [*others, *(column for column in list(row)[first:] if column not in OPTIONAL)]
        kept.append({column: row[column] for column in columns})
    return kept


def company_genres(films: list[Film], only: Names = None, *, by: str = "year") -> list[Row]:
    """Compute the report per company, period and genre; films without a genre stand under None."""
    rows = []
    for name, period, group in by_name(films, "company", by):
        found = [genre for film in group for genre in film.genres or {None} if only is None or genre in several(only)]
        for genre in sorted(set(found), key=none_last):
            key = {"company": name, **keyed(by, period), "genre": genre}
            rows.append({**key, "releases": found.count(genre), "films": len(group)})
    return rows


def genres(  # noqa: PLR0913 (the options of the report)
    films: list[Film],
    only: Names = None,
    *,
    average: bool = False,
    quantile: Fraction | None = None,
    by: str = "year",
    metrics: Sequence[str] = (),
) -> list[Row]:
    """Compute the report per period and genre, in each period by the first metric, or by popularity without one."""
    groups = defaultdict(list)
    for film in films:
        for genre in film.genres if only is None else film.genres & several(only):
            groups[film.period(by), genre].append(film)
    found = [
        {**keyed(by, period), "genre": genre, **figures(group, average=average, quantile=quantile)}
        for (period, genre), group in groups.items()
    ]
    rows = [{column: row[column] for column in (*keyed(by, None), *GENRES, *MORE)} for row in found]
    return chosen(ordered(rows, by, metrics[0] if metrics else "popularity", "genre"), metrics)


def listing(films: list[Film], *, metrics: Sequence[str] = ()) -> list[Row]:
    """Compute the list of films, by the day of their release, their title and their number."""
    rows = []
    for film in films:
        about = figures([film], average=False)
        del about["releases"]
        names = ("; ".join(sorted(names)) or None for names in (film.companies, film.genres))
        keys = {"id": film.number, "title": film.title, "release_date": film.day}
        rows.append({**keys, **dict(zip(("companies", "genres"), names, strict=True)), **about})
    rows.sort(key=lambda row: (row["release_date"] or date.max, none_last(row["title"]), row["id"]))
    return chosen(rows, metrics)


def catalogue(films: list[Film], kind: str, words: str = "") -> list[Row]:
    """Compute the list of the names of a kind that contain the words, those with the most films first."""
    groups = defaultdict(list)
    for film in films:
        for name in names_of(film, kind):
            if fold(words) in fold(name):
                groups[name].append(film)
    rows = []
    for name, group in groups.items():
        years: list[int | None] = [year for year in sorted({film.year or 0 for film in group}) if year] or [None]
        about = figures(group, average=False)
        keys = {kind: name, "films": about["releases"], "first_year": years[0], "last_year": years[-1]}
        rows.append({**keys, **{column: about[column] for column in ("budget", "revenue", "profit", "complete")}})
    return sorted(rows, key=lambda row: (-row["films"], row[kind]))


def figures(films: list[Film], *, average: bool, quantile: Fraction | None = None) -> Row:
    """Compute the figures of a group of films."""
    found = sums(films, average=average)
    if quantile is not None:
        found |= {
            name: at(quantile, [getattr(film, name) for film in films]) for name in ("budget", "revenue", "profit")
        }
    spent, earned, gained = (
        sum(getattr(film, name) for film in films if film.profit is not None)
        for name in ("budget", "revenue", "profit")
    )
    return {
        **found,
        "roi": float(Fraction(gained, spent)) if spent else None,
        "multiple": float(Fraction(earned, spent)) if spent else None,
        "margin": float(Fraction(gained, earned)) if earned else None,
        "runtime": mean(film.minutes for film in films),
        "vote_average": mean(film.vote if film.votes else None for film in films),
    }


def at(quantile: Fraction, values: Iterable[int | None]) -> float | None:
    """Return the value below which a part of what is known lies, between two neighbours where it is none of them."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    place = quantile * (len(known) - 1)
    low, high = known[int(place)], known[min(int(place) + 1, len(known) - 1)]
    return float(low + (high - low) * (place - int(place)))


def sums(films: list[Film], *, average: bool) -> Row:
    """Compute the figures that a report has without being asked."""
    budgets, revenues, profits = zip(*((film.budget, film.revenue, film.profit) for film in films), strict=True)
    spent, complete = total(budgets), total(profits) is not None
    return {
        "releases": len(films),
        "budget": mean(budgets) if average else total(budgets),
        "revenue": mean(revenues) if average else total(revenues),
        "profit": mean(profits) if average else (total(revenues) or 0) - (spent or 0) if complete else None,
        "popularity": mean(film.popularity for film in films),
        "complete": sum(profit is not None for profit in profits),
    }


def total(values: Iterable[int | None]) -> int | None:
    """Add up what is known; None if nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def mean(values: Iterable[int | Number | None]) -> float | None:
    """Take the mean of what is known, not rounded on the way; None if nothing is."""
    known = [value for value in values if value is not None]
    return float(sum(known) / len(known)) if known else None


def compared(rows: list[Row], films: list[Film], kind: str, by: str, metric: str) -> list[Row]:
    """Add to rows of all names the share of a metric, its growth on the period before, and its rank in the period."""
    column = by.replace("-", "_")
    named, periods = defaultdict(list), defaultdict(list)
    for film in films:
        if names_of(film, kind):
            named[film.period(by)].append(film)
    for row in rows:
        periods[row.get(column)].append(row[metric])
    wholes = {period: sums(group, average=False)[metric] for period, group in named.items()}
    values = {(row[kind], numbered(by, row.get(column))): row[metric] for row in rows}
    found = []
    for row in rows:
        value, number = row[metric], numbered(by, row.get(column))
        whole, last = wholes[row.get(column)], None if number is None else values.get((row[kind], number - 1))
        share = None if value is None or whole <= 0 else value / whole
        growth = None if value is None or last is None or last <= 0 else value / last - 1
        rank = (
            None if value is None else 1 + sum(other > value for other in periods[row.get(column)] if other is not None)
        )
        found.append({**row, "share": share, "growth": growth, "rank": rank})
    return found


def numbered(by: str, period: Any) -> int | None:  # noqa: ANN401 (a year or a text)
    """Number the periods that follow one another; others have no number."""
    if period is None or by not in {"year", "decade", "quarter", "month"}:
        return None
    if by in {"year", "decade"}:
        return int(period) // (1 if by == "year" else 10)
    year, part = period.replace("Q", "").split("-")
    return int(year) * (4 if by == "quarter" else 12) + int(part)


def top(rows: list[Row], number: int, by: str, *, within: str | None = None) -> list[Row]:
    """Keep the rows (of each year, say) with the highest known values and those that equal them, the highest first."""
    groups = defaultdict(list)
    for row in rows:
        if row[by] is not None:
            groups[row[within.replace("-", "_")] if within else None].append(row)
    best = [sorted(group, key=lambda row: -row[by]) for group in groups.values()]
    return [row for group in best for row in group if row[by] >= group[:number][-1][by]]


def none_last(value: Any, sign: int = 1) -> tuple[bool, Any]:  # noqa: ANN401
    """Give a key that sorts None behind all else; the sign -1 turns the order of numbers round."""
    return value is None, (value or 0) * sign
