"""A sample archive: films in the shape of Kaggle's "The Movies Dataset", and a record for each of its quirks."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from movie_reports.errors import UsageError
from movie_reports.files import replacing

FILMS = Path(__file__).with_name("sample_films.csv")
# fmt: off
COLUMNS = (
    "adult", "belongs_to_collection", "budget", "genres", "homepage", "id", "imdb_id", "original_language",
    "original_title", "overview", "popularity", "poster_path", "production_companies", "production_countries",
    "release_date", "revenue", "runtime", "spoken_languages", "status", "tagline", "title", "video",
    "vote_average", "vote_count",
)
GENRE_IDS = {
    "Action": 28, "Adventure": 12, "Animation": 16, "Comedy": 35, "Crime": 80, "Documentary": 99, "Drama": 18,
    "Family": 10751, "Fantasy": 14, "Foreign": 10769, "History": 36, "Horror": 27, "Music": 10402, "Mystery": 9648,
    "Romance": 10749, "Science Fiction": 878, "TV Movie": 10770, "Thriller": 53, "War": 10752, "Western": 37,
}
COUNTRIES = {
    "AT": "Austria", "AU": "Australia", "BR": "Brazil", "CH": "Switzerland", "DE": "Germany", "DK": "Denmark",
    "ES": "Spain", "FR": "France", "GB": "United Kingdom", "HK": "Hong Kong", "IN": "India", "IR": "Iran",
    "IS": "Iceland", "IT": "Italy", "JP": "Japan", "KR": "South Korea", "MX": "Mexico", "NL": "Netherlands",
    "NO": "Norway", "NZ": "New Zealand", "PL": "Poland", "RU": "Russia", "SE": "Sweden", "SU": "Soviet Union",
    "US": "United States of America",
}
LANGUAGES = {
    "bn": "বাংলা", "cn": "广州话 / 廣州話", "da": "Dansk", "de": "Deutsch", "en": "English", "es": "Español",
    "fa": "فارسی", "fr": "Français", "it": "Italiano", "ja": "日本語", "ko": "한국어", "pt": "Português",
    "ru": "Русский", "sv": "svenska",
}
# fmt: on
USERS = range(1, 101)
UNKNOWN_MOVIE = 900001  # a MovieLens id that the links file does not have
UNLINKED_MOVIE = 900002  # one that it has, without a TMDB id

USUAL = dict.fromkeys(COLUMNS, "") | {"adult": "False", "status": "Released", "video": "False"}
USUAL_QUIRK = {
    **USUAL,
    "budget": "1000",
    "genres": "[{'id': 18, 'name': 'Drama'}]",
    "original_language": "en",
    "popularity": "0.1",
    "production_companies": "[{'name': 'Quirk Films', 'id': 900000001}]",
    "production_countries": "[]",
    "release_date": "2020-01-31",
    "revenue": "2000",
    "runtime": "60.0",
    "vote_average": "5.0",
    "vote_count": "1",
}
FIRST_QUIRK = 900000001
# These signs are replaced by bare line breaks after quoting; the record is cut off at END.
BARE = {"␍": "\r", "␊": "\n"}
END = "␃"

# Invented records: what each has that is unusual. Ids are given in order where a record names none.
QUIRKS: tuple[dict[str, str], ...] = (
    # Split in two by an unquoted carriage return.
    {"title": "Split by a carriage return", "overview": "A lone carriage return␍splits this record in two."},
    # Line breaks and quotation marks inside quotation marks, which split nothing.
    {"title": "A quoted line feed", "overview": "The first line,\nand the second."},
    {"title": "A quoted carriage return", "overview": "The first line,\rand the second."},
    {"title": "Doubled quotation marks", "overview": 'It says "doubled" and, at its end, "quotes"'},
    # Split in two by an unquoted line feed.
    {"title": "Split by a line feed", "overview": "A lone line feed␊splits this record in two."},
    # One id twice, with different votes.
    {"title": "Twice, with more votes", "id": "900000101", "vote_count": "20"},
    {"title": "Twice, with fewer votes", "id": "900000101", "vote_count": "10"},
    # One id twice, with equal votes.
    {"title": "Twice, with equal votes, first", "id": "900000102"},
    {"title": "Twice, with equal votes, last", "id": "900000102"},
    # A date that no calendar has.
    {"title": "The 45th day of month 13", "release_date": "1995-13-45"},
    # A budget from another column.
    {"title": "A poster for a budget", "budget": "/abc.jpg"},
    # No release date, and a status that is rare.
    {"title": "Only a rumour", "release_date": "", "status": "Rumored"},
    # Zeros that mean "unknown".
    {"title": "Budget and revenue unknown", "budget": "0", "revenue": "0"},
    # An id from another column.
    {"title": "A date for an id", "id": "1997-08-20"},
    # Three fields only.
    {"title": "", "belongs_to_collection": "Three fields only", "budget": f"1000{END}"},
    # None, for an id and for a name.
    {
        "title": "None in lists",
        "belongs_to_collection": "{'id': 900000001, 'name': 'Quirks', 'poster_path': None, 'backdrop_path': None}",
        "production_companies": "[{'id': None, 'name': 'Company Without Id'}]",
    },
    # Escapes, with and without need.
    {
        "title": "Escapes in names",
        "production_companies": r"""[{'name': 'Quirk\xa0Films \u2013 It\'s "Escaped"', 'id': 900000003}]""",
    },
    # Both kinds of quotation marks, brackets, commas and other scripts in names.
    {
        "title": "Quotes, brackets and scripts in names",
        "production_companies": repr(
            [
                {"name": "Quirk's Films", "id": 900000004},
                {"name": 'The "Quirk" Films', "id": 900000005},
                {"name": "Brackets [and], commas", "id": 900000006},
                {"name": "Curiosités Ünïcode 奇妙映画", "id": 900000007},
            ]
        ),
        "production_countries": repr([{"iso_3166_1": "CI", "name": "Cote D'Ivoire"}]),
    },
    # JSON in the place of Python.
    {"title": "Genres in JSON", "genres": '[{"id": 18, "name": "Drama"}]'},
    # A list that was cut off.
    {"title": "Genres cut off", "genres": "[{'id': 18, 'name': 'Dra"},
    # One genre and one company twice in one record.
    {
        "title": "A genre and a company repeated",
        "genres": "[{'id': 18, 'name': 'Drama'}, {'id': 18, 'name': 'Drama'}]",
        "production_companies": repr([{"name": "Quirk Films", "id": 900000001}] * 2),
    },
    # What a terminal could take for markup, and the rare value of the column adult.
    {"title": "[REC] in [bold]brackets[/bold]", "adult": "True"},
    # One company name under two ids.
    {"title": "Two ids, first", "production_companies": "[{'name': 'Two Ids Pictures', 'id': 900000008}]"},
    {"title": "Two ids, second", "production_companies": "[{'name': 'Two Ids Pictures', 'id': 900000009}]"},
)


def write(path: Path, *, force: bool = False) -> None:
    """Write a sample archive.

    It contains movies_metadata.csv with some well-known films, followed by invented records of "Quirk Films" for what
    is unusual in the public data: split, repeated, broken and oddly written ones. With them come links_small.csv,
    ratings_small.csv with invented ratings, some of films that no link knows, and keywords.csv, which no report
    needs. The archive has the same bytes each time. It is written atomically.

    Args:
        path: the path of the archive; its folder must exist.
        force: overwrite a file that is something else.

    Raises:
        UsageError: there is such a file.
    """
    content = _archive()
    if not force and path.is_file() and _is_other(path, content):
        message = f"{path} is there already and is not this sample: name another file, or add --force to replace it"
        raise UsageError(message)
    with replacing(path) as target:
        target.write(content)


def _is_other(path: Path, content: bytes) -> bool:
    """Whether a file is not empty and has other content."""
    size = path.stat().st_size
    return size > 0 and (size != len(content) or path.read_bytes() != content)


def _archive() -> bytes:
    """Pack the files without compression, because compressors differ in the bytes they write."""
    with FILMS.open(encoding="utf-8", newline="") as source:
        films = list(csv.DictReader(source))
    members = {
        "keywords.csv": _keywords(films),
        "links_small.csv": _links(films),
        "movies_metadata.csv": _movies(films),
        "ratings_small.csv": _ratings(films),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, lines in members.items():
            info = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
            info.create_system = 3  # the same on every system
            info.external_attr = 0o644 << 16
            archive.writestr(info, "".join(f"{line}\n" for line in lines).encode())
    return packed.getvalue()


def _movies(films: Iterable[Mapping[str, str]]) -> Iterator[str]:
    yield _line(COLUMNS)
    yield from (_line(_film(film).values()) for film in films)
    for number, quirk in enumerate(QUIRKS, FIRST_QUIRK):
        title = quirk["title"]
        names = {"id": str(number), "original_title": title, "overview": f"An invented record: {title}."}
        line = _line((_languages(USUAL_QUIRK) | names | quirk).values()).partition(END)[0]
        for sign, bare in BARE.items():
            line = line.replace(sign, bare)
        yield line


def _film(film: Mapping[str, str]) -> dict[str, str]:
    """Turn a row of the data file into a record of the public shape."""
    same = {column: film[column] for column in COLUMNS if column in film}
    companies = [company.partition(":")[::2] for company in _parts(film["companies"])]
    makers = " and ".join(name for _, name in companies)
    overview = f"{film['title']}, released in {film['release_date'][:4]}" + (f" by {makers}." if makers else ".")
    number, _, collection = film["collection"].partition(":")
    pictures = {"poster_path": None, "backdrop_path": None}
    made = {
        "belongs_to_collection": repr({"id": int(number), "name": collection, **pictures}) if collection else "",
        "genres": repr([{"id": GENRE_IDS[genre], "name": genre} for genre in _parts(film["genres"])]),
        "overview": overview,
        "production_companies": repr([{"name": name, "id": int(number)} for number, name in companies]),
        "production_countries": repr(
            [{"iso_3166_1": code, "name": COUNTRIES[code]} for code in _parts(film["countries"])]
        ),
        "runtime": str(float(film["runtime"])),
    }
    return _languages(USUAL | same | made)


def _languages(record: dict[str, str]) -> dict[str, str]:
    """Fill in the list of languages."""
    code = record["original_language"]
    languages = [{"iso_639_1": code, "name": LANGUAGES[code]}]
    return record | {"spoken_languages": repr(languages)}


def _parts(text: str) -> list[str]:
    return text.split("|") if text else []


def _links(films: Iterable[Mapping[str, str]]) -> Iterator[str]:
    yield "movieId,imdbId,tmdbId"
    known = {int(film["movielens_id"]): film for film in films if film["movielens_id"]}
    for movie, film in sorted(known.items()):
        yield f"{movie},{film['imdb_id'].removeprefix('tt')},{film['id']}"
    yield f"{UNLINKED_MOVIE},{UNLINKED_MOVIE:07},"


def _ratings(films: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Make up 10 to 39 ratings of each film, none more than about a star off half its TMDB mean."""
    yield "userId,movieId,rating,timestamp"
    means = {int(film["movielens_id"]): float(film["vote_average"]) for film in films if film["movielens_id"]}
    means |= {UNKNOWN_MOVIE: 6.0, UNLINKED_MOVIE: 6.0}
    for user in USERS:
        for movie, mean in sorted(means.items()):
            if (37 * user + movie) % len(USERS) < 10 + movie % 30:
                halves = round(mean) + (user + movie) % 5 - 2
                yield f"{user},{movie},{min(max(halves, 1), 10) / 2},{1_000_000_000 + 86_400 * user + movie}"


def _keywords(films: Sequence[Mapping[str, str]]) -> Iterator[str]:
    yield "id,keywords"
    for film in films[:5]:
        yield _line((film["id"], repr([{"id": FIRST_QUIRK, "name": "sample"}])))


def _line(cells: Iterable[str]) -> str:
    """Write a record as the public files have it: quotation marks only where they are needed."""
    return ",".join(
        '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ',"\r\n') else cell for cell in cells
    )
