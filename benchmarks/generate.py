"""Write an archive of invented films in the shape of Kaggle's "The Movies Dataset", of any size.

    python benchmarks/generate.py FILE.zip --films 45463 [--ratings 100004] [--seed 1]

The same arguments give the same bytes. Sizes, shares and damage follow the public file, whose 45,463 records hold
30 duplicates and 3 records that an unquoted carriage return splits in two.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import random
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, islice
from pathlib import Path

# fmt: off
COLUMNS = (
    "adult", "belongs_to_collection", "budget", "genres", "homepage", "id", "imdb_id", "original_language",
    "original_title", "overview", "popularity", "poster_path", "production_companies", "production_countries",
    "release_date", "revenue", "runtime", "spoken_languages", "status", "tagline", "title", "video",
    "vote_average", "vote_count",
)
GENRES = {  # id and share of the films
    "Drama": (18, 20265), "Comedy": (35, 13182), "Thriller": (53, 7624), "Romance": (10749, 6735),
    "Action": (28, 6596), "Horror": (27, 4673), "Crime": (80, 4307), "Documentary": (99, 3932),
    "Adventure": (12, 3496), "Science Fiction": (878, 3049), "Family": (10751, 2770), "Mystery": (9648, 2467),
    "Fantasy": (14, 2313), "Animation": (16, 1935), "Foreign": (10769, 1622), "Music": (10402, 1598),
    "History": (36, 1398), "War": (10752, 1323), "Western": (37, 1042), "TV Movie": (10770, 767),
}
COUNTRIES = {"US": "United States of America", "GB": "United Kingdom", "FR": "France", "DE": "Germany", "IT": "Italy",
             "CA": "Canada", "JP": "Japan", "CI": "Cote D'Ivoire", "KR": "South Korea", "SE": "Sweden"}
LANGUAGES = {"en": "English", "fr": "Français", "it": "Italiano", "ja": "日本語", "de": "Deutsch", "es": "Español",
             "ru": "Русский", "hi": "हिन्दी", "ko": "한국어/조선말", "sv": "svenska"}
STATUSES = {"Released": 45014, "Rumored": 230, "Post Production": 98, "In Production": 20, "Planned": 15, "Canceled": 2}
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pé", "ri", "so", "tu", "va", "wen",
             "xi", "yo", "zü", "ar", "el", "in", "or", "un", "sta", "bre", "cli", "dro", "flu", "ñan", "thé")
SUFFIXES = ("Films", "Pictures", "Productions", "Entertainment", "Studios", "Média", "Cinema", "Company", "GmbH", "TV")
# fmt: on
UNUSUAL_NAMES = ("{} O'{} {}", '{} "{}" {}', "{}\xa0{} {}", """{}'s "{}" {}""")
UNUSUAL_EVERY, TWO_IDS_EVERY, NO_ID_EVERY = 100, 400, 5000
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2017, 12, 31)
BATCH = 1500  # the last record of each whole batch repeats the id of the first: 30 duplicates in the public size
DAMAGE_EVERY, SPLIT_AT, BROKEN_ID_AT = 15_000, 7_000, 11_000
LINES_EVERY, LINES_AT = 600, 300
SPLIT = "\x1f"  # stands for an unquoted carriage return until the record is CSV
STEP = 2_654_435_761  # a prime, so that its multiples reach each id once
IDS_PER_FILM = 10
SMALL, LINKED_EVERY, GAPS = 100_004, 5, 4  # GAPS: 26 million ratings then have 260 MB packed, as the public ones
FIRST_STAMP = 1_000_000_000
STAMP = (2017, 11, 1, 0, 0, 0)


@dataclass(frozen=True)
class Shares:
    """Values, and how often each comes."""

    values: Sequence[str]
    cumulated: Sequence[float]

    def draw(self, rng: random.Random, number: int) -> list[str]:
        """Return so many values."""
        return rng.choices(self.values, cum_weights=self.cumulated, k=number)


@dataclass(frozen=True)
class World:
    """What the films are made of."""

    sentences: Sequence[str]
    plain_sentences: Sequence[str]
    words: Sequence[str]
    days: Shares
    companies: Shares
    genres: Shares
    countries: Shares
    languages: Shares
    language_codes: Shares


def main() -> None:
    """Write the archive that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="the zip archive to write")
    parser.add_argument("--films", type=int, default=45_463, help="number of records (default: %(default)s)")
    parser.add_argument("--ratings", type=int, default=0, help="number of ratings; without it no such files")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other films (default: %(default)s)")
    arguments = parser.parse_args()
    write(arguments.file, arguments.films, arguments.ratings, arguments.seed)


def write(path: Path, films: int, ratings: int = 0, seed: int = 1) -> None:
    """Write an archive.

    Args:
        path: the zip file.
        films: number of records in movies_metadata.csv.
        ratings: number of ratings; with 0, no file of ratings or links is written. Up to as many as the public
            ratings_small.csv has go there, for each fifth film, and more go to ratings.csv, for all films.
        seed: another seed gives other films.
    """
    rng = random.Random(seed)  # noqa: S311 (invented data is no secret)
    with zipfile.ZipFile(path, "w") as archive:
        _add(archive, "movies_metadata.csv", _movies(_world(rng, films), rng, films))
        if ratings:
            ending, every = ("_small", LINKED_EVERY) if ratings <= SMALL else ("", 1)
            _add(archive, f"links{ending}.csv", _links(films, every))
            _add(archive, f"ratings{ending}.csv", _ratings(rng, films, ratings, every))


def _add(archive: zipfile.ZipFile, name: str, blocks: Iterator[str]) -> None:
    member = zipfile.ZipInfo(name, STAMP)
    member.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(member, "w", force_zip64=True) as stream:
        for block in blocks:
            stream.write(block.encode())


def _shares(weights: dict[str, float]) -> Shares:
    return Shares(list(weights), list(accumulate(weights.values())))


def _zipf(values: Sequence[str], exponent: float) -> Shares:
    """Give the first values the greatest shares."""
    return Shares(values, list(accumulate((rank + 3) ** -exponent for rank in range(len(values)))))


def _world(rng: random.Random, films: int) -> World:
    words = list(dict.fromkeys("".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(6000)))
    plain = [_sentence(rng, words, " ") for _ in range(500)]
    days = [FIRST_DAY + timedelta(number) for number in range((LAST_DAY - FIRST_DAY).days + 1)]
    return World(
        sentences=[_sentence(rng, words, rng.choice((" ", " ", ", ", ' "'))) for _ in range(20_000)] + plain,
        plain_sentences=plain,
        words=[word.capitalize() for word in words],
        days=_shares({day.isoformat(): math.exp((day.year - LAST_DAY.year) / 25) for day in days}),
        companies=_zipf([_company(words, number) for number in range(max(100, films * 7 // 10))], 0.8),
        genres=_shares({repr({"id": number, "name": name}): share for name, (number, share) in GENRES.items()}),
        countries=_zipf([repr({"iso_3166_1": code, "name": name}) for code, name in COUNTRIES.items()], 1.5),
        languages=_zipf([repr({"iso_639_1": code, "name": name}) for code, name in LANGUAGES.items()], 1.5),
        language_codes=_zipf(list(LANGUAGES), 1.5),
    )


def _sentence(rng: random.Random, words: Sequence[str], mark: str) -> str:
    """Return a sentence of about 100 characters, with one comma, two quotation marks, or neither."""
    chosen = rng.choices(words, k=rng.randint(6, 17))
    middle = len(chosen) // 2
    closing = '"' if mark.endswith('"') else ""
    return f"{' '.join(chosen[:middle])}{mark}{' '.join(chosen[middle:])}{closing}.".capitalize()


def _company(words: Sequence[str], number: int) -> str:
    """Return the literal of a company; some names have quotation marks or come with two ids, some ids are missing."""
    which = number - 1 if number % TWO_IDS_EVERY == TWO_IDS_EVERY - 1 else number
    first = words[which % len(words)].capitalize()
    second = words[(which // len(words) * 7 + which * 3) % len(words)].capitalize()
    pattern = UNUSUAL_NAMES[which // UNUSUAL_EVERY % len(UNUSUAL_NAMES)] if which % UNUSUAL_EVERY == 0 else "{} {} {}"
    name = pattern.format(first, second, SUFFIXES[which % len(SUFFIXES)])
    return repr({"name": name, "id": None if number % NO_ID_EVERY == NO_ID_EVERY - 1 else number + 1})


def _movies(world: World, rng: random.Random, films: int) -> Iterator[str]:
    """Give movies_metadata.csv block by block."""
    yield ",".join(COLUMNS) + "\n"
    for start in range(0, films, BATCH):
        records = _batch(world, rng, range(start, min(start + BATCH, films)), films)
        _damage(world, rng, records, start)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(records)
        yield text.getvalue().replace(SPLIT, "\r")


def _damage(world: World, rng: random.Random, records: list[list[str]], start: int) -> None:
    """Put into a batch what is wrong or unusual in the public file."""
    overview, key, votes, popularity = (COLUMNS.index(name) for name in ("overview", "id", "vote_count", "popularity"))
    for position, record in enumerate(records):
        number = start + position
        if number % LINES_EVERY == LINES_AT:
            record[overview] = rng.choice((",\n", ",\r", ",\n\n")).join(rng.choices(world.sentences, k=3))
        if number % DAMAGE_EVERY == SPLIT_AT:
            record[overview] = SPLIT.join(rng.choices(world.plain_sentences, k=2))
        if number % DAMAGE_EVERY == BROKEN_ID_AT:
            record[key] = "1997-08-20"
    if len(records) == BATCH:
        again = records[0].copy()
        before = int(again[votes])
        again[votes] = str(before - 1 if before and rng.random() < 0.5 else before + 3)  # noqa: PLR2004 (half of them)
        again[popularity] = f"{rng.random():.6f}"
        records[-1] = again


def _batch(world: World, rng: random.Random, numbers: range, films: int) -> list[list[str]]:
    """Return records, their fields in the order of COLUMNS; each field is drawn for the whole batch at once."""
    size = len(numbers)
    titles = _titles(world, rng, size)
    values = {
        "adult": rng.choices(("False", "True"), (5000, 1), k=size),
        "belongs_to_collection": _sometimes(rng, 0.1, _collections(titles)),
        "budget": _sometimes(rng, 0.2, [f"{rng.randint(1, 300) * 10 ** rng.randint(3, 6)}" for _ in numbers], "0"),
        "genres": _lists(rng, world.genres, (5, 32, 33, 21, 7, 2), size),
        "homepage": _sometimes(rng, 0.17, [f"http://www.example.com/{title.replace(' ', '')}" for title in titles]),
        "id": [str(film_id(number, films)) for number in numbers],
        "imdb_id": [f"tt{number + 1:07}" for number in numbers],
        "original_language": world.language_codes.draw(rng, size),
        "original_title": titles,
        "overview": _overviews(world, rng, size),
        "popularity": [f"{rng.lognormvariate(0, 1.2):.6f}" for _ in numbers],
        "poster_path": [f"/{rng.getrandbits(108):027x}.jpg" for _ in numbers],
        "production_companies": _lists(rng, world.companies, (26, 36, 18, 10, 5, 3, 2), size),
        "production_countries": _lists(rng, world.countries, (14, 70, 12, 4), size),
        "release_date": _sometimes(rng, 0.998, world.days.draw(rng, size)),
        "revenue": _sometimes(rng, 0.16, [f"{int(rng.lognormvariate(16, 2)) + 1}" for _ in numbers], "0"),
        "runtime": [f"{rng.randint(60, 150)}.0" for _ in numbers],
        "spoken_languages": _lists(rng, world.languages, (9, 74, 12, 5), size),
        "status": rng.choices(list(STATUSES), list(STATUSES.values()), k=size),
        "tagline": _sometimes(rng, 0.45, [sentence[:60] for sentence in rng.choices(world.sentences, k=size)]),
        "title": titles,
        "video": ["False"] * size,
        "vote_average": [f"{rng.randint(0, 100) / 10}" for _ in numbers],
        "vote_count": [f"{int(rng.lognormvariate(2.3, 1.8))}" for _ in numbers],
    }
    return [list(record) for record in zip(*(values[column] for column in COLUMNS), strict=True)]


def film_id(number: int, films: int) -> int:
    """Return the id of a record; ids are scattered, with gaps, and none comes twice."""
    return (number + 1) * STEP % (films * IDS_PER_FILM + 1)


def _sometimes(rng: random.Random, share: float, values: Sequence[str], other: str = "") -> list[str]:
    return [value if rng.random() < share else other for value in values]


def _lists(rng: random.Random, pieces: Shares, lengths: Sequence[int], size: int) -> list[str]:
    """Return literals of lists; `lengths` weighs the lengths from 0 on."""
    numbers = rng.choices(range(len(lengths)), lengths, k=size)
    drawn = iter(pieces.draw(rng, sum(numbers)))
    return [f"[{', '.join(dict.fromkeys(islice(drawn, number)))}]" for number in numbers]


def _titles(world: World, rng: random.Random, size: int) -> list[str]:
    lengths = rng.choices((1, 2, 3, 4), (2, 4, 3, 1), k=size)
    words = iter(rng.choices(world.words, k=sum(lengths)))
    return [" ".join(islice(words, length)) for length in lengths]


def _collections(titles: Sequence[str]) -> list[str]:
    return [
        repr({"id": len(title) * 1000, "name": f"{title} Collection", "poster_path": None, "backdrop_path": None})
        for title in titles
    ]


def _overviews(world: World, rng: random.Random, size: int) -> list[str]:
    lengths = rng.choices(range(9), (2, 12, 25, 25, 16, 10, 5, 3, 2), k=size)
    sentences = iter(rng.choices(world.sentences, k=sum(lengths)))
    return [" ".join(islice(sentences, length)) for length in lengths]


def _links(films: int, every: int) -> Iterator[str]:
    """Give the links: MovieLens numbers films in its own way."""
    yield "movieId,imdbId,tmdbId\n"
    for start in range(0, films, BATCH * every):
        numbers = range(start, min(start + BATCH * every, films), every)
        yield "".join(f"{number * GAPS + 1},{number + 1:07},{film_id(number, films)}\n" for number in numbers)


def _ratings(rng: random.Random, films: int, ratings: int, every: int) -> Iterator[str]:
    """Give the ratings: early films have most of them, and a few belong to no film."""
    yield "userId,movieId,rating,timestamp\n"
    stars = [f"{half / 2}" for half in range(1, 11)]
    for start in range(0, ratings, BATCH):
        numbers = range(start, min(start + BATCH, ratings))
        given = rng.choices(stars, (1, 3, 2, 7, 4, 20, 11, 28, 8, 15), k=len(numbers))
        yield "".join(
            f"{number // 150 + 1},{int(rng.random() ** 3 * films) // every * every * GAPS + 1},{stars},"
            f"{FIRST_STAMP + rng.getrandbits(28)}\n"
            for number, stars in zip(numbers, given, strict=True)
        )


if __name__ == "__main__":
    main()
