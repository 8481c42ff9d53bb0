"""Films for questions of every kind: the odd values of each column meet those of the others."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from films import USUAL, text

# A day at each end of months, quarters, years and decades; votes of 0, votes without a mean and a mean without votes.
DAYS = "1989-12-31 1990-01-01 1999-12-31 2000-01-01 2000-03-31 2000-04-01 2000-06-30 2000-07-01 2000-09-30 2000-10-01"
DAYS += " 2000-02-29 0999-12-31 2011-11-11 2012-05-05 2012-08-08 2013-02-03"
VOTES = ["0", "5", "1000", "", "7", "0", "12", "100", "3"]
VOTE_MEANS = ["7.5", "6.5", "8.1", "9", "", "0", "3.3"]
COMPANIES = [["Red"], ["Red", "Blue"], ["Blue"], [], ["Red", "Green"]]
COUNTRIES = [["Spain"], ["Spain", "Côte d'Ivoire"], [], ["Chile"], ["Chile", "Spain", "Peru"], ["Peru"], ["Spain"]]
COLLECTIONS = [
    "",
    "Three Colors, Collection",
    "",
    "O'Hara's Collection",
    "None Collection",
    "",
    "Three Colors, Collection",
    "",
]
KEYWORDS = [["heist"], [], ["time travel", "heist"], ["Übermensch"], [], ["heist", "don't"], []]
CAST = [["Ann"], ["Ann", "Bo"], [], ["Zoë O'Hara"], ["Bo"]]
CREW = [
    {"Director": "Ann"},
    {"Writer": "Bo", "Novel": "Cy", "Editor": "Di"},
    {},
    {"Director": "Bo", "Screenplay": "Bo"},
]
RUNTIMES = ["90", "0", "", "120.0", "95.5", "240"]
LANGUAGES = ["en", "fr", "", "de", "xx"]
STATUSES = ["Released", "Rumored", "", "Post Production", "Released", "In Production", "Canceled"]
GENRES = [["Drama"], ["Comedy", "Drama"], [], ["War"], ["War", "Comedy"], ["Music"]]


def films() -> Iterator[dict[str, str]]:
    """Make up films, so that the odd values of each kind meet those of the others."""
    for number, day in enumerate([*DAYS.split(), "", "", *DAYS.split()], 1):
        names = {"genres": GENRES[number % 6], "production_companies": COMPANIES[number % 5]}
        names["keywords"] = KEYWORDS[number % 7]
        yield USUAL | {
            "id": str(number),
            "title": f"Film {number % 7}",
            "release_date": day,
            "budget": str(number * 10 % 40),
            "revenue": str(number * 35 % 150),
            "popularity": "" if number % 8 == 3 else str(number / 8),
            "vote_count": VOTES[number % 9],
            "vote_average": VOTE_MEANS[number % 7],
            "runtime": RUNTIMES[number % 6],
            "original_language": LANGUAGES[number % 5],
            "status": STATUSES[number % 7],
            "production_countries": str([{"iso_3166_1": "XX", "name": name} for name in COUNTRIES[number % 7]]),
            "belongs_to_collection": collection(COLLECTIONS[number % 8]),
            "cast": str([{"character": "She", "id": 1, "name": name} for name in CAST[number % 5]]),
            "crew": str([{"id": 1, "job": job, "name": name} for job, name in CREW[number % 4].items()]),
            **{column: str([{"id": 1, "name": name} for name in found]) for column, found in names.items()},
        }


def collection(name: str) -> str:
    """Return a collection as sources have it."""
    return str({"id": 9, "name": name, "poster_path": "/a.jpg", "backdrop_path": None}) if name else ""


def archive(path: Path) -> Path:
    """Pack the films with ratings; a film may have several MovieLens numbers, none, or one without a TMDB id."""
    links = [(100 + number, number) for number in range(1, 20)] + [(200, 1), (201, 2), (202, "")]
    ratings = [(user, 90 + user * 7 % 45 + user % 3, user % 10 / 2 + 0.5) for user in range(120)]
    ratings += [(1, 200, 0.5), (2, 200, 5.0), (3, 202, 1.0)]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("movies_metadata.csv", text(*films()))
        lines = "".join(f"{movielens},0,{film}\n" for movielens, film in links)
        archive.writestr("links.csv", f"movieId,imdbId,tmdbId\n{lines}")
        lines = "".join(f"{user},{movie},{mark},1\n" for user, movie, mark in ratings)
        archive.writestr("ratings.csv", f"userId,movieId,rating,timestamp\n{lines}")
    return path
