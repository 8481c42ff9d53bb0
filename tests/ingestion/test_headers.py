"""Headers tell what the columns are: blank lines before them, others among the records, and names that come twice."""

import csv
import gzip
import io

import pytest

from archives import zipped
from films import text
from movie_reports import RefusedError
from program import assert_fails
from runs import Place, film, films
from selection import few

HEADER = films().strip()
LINKS = "movieId,imdbId,tmdbId\n10,0,1\n"
RATINGS = "userId,movieId,rating,timestamp\n1,10,4.0,0\n"
ANOTHER = "is a second header with different columns"


def columns_in_order(content: str, *names: str) -> str:
    """Write the same records with some columns first."""
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, [*names, *(name for name in rows[0] if name not in names)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


HEADERS = {
    "the same": HEADER,
    "quoted": ",".join(f'"{name}"' for name in HEADER.split(",")),
    "in capitals, with blanks": HEADER.upper().replace(",", " , "),
    "with a byte order mark": "\ufeff" + HEADER,
}


@pytest.mark.parametrize("header", few(HEADERS, first=3))
def test_a_repeated_header_is_left_out_and_counted(place: Place, header: str) -> None:
    """It is neither a record nor a reject, and the summary, the ledger and the status mention it."""
    content = films(1, 2, 3) + HEADERS[header] + "\n" + films(4, 5).split("\n", 1)[1] + HEADERS[header] + "\n"
    result = place.run("ingest", place.file(content), "--max-rejects", "0")
    note = "left out 2 repeated headers of films.csv"
    assert (result.returncode, note in result.stderr) == (0, True)
    (row,) = place.ledger()
    assert [row[name] for name in ("records", "movies", "duplicates", "rejects", "reason")] == [5, 5, 0, 0, note]
    assert note in " ".join(place.run("status").stdout.split())
    assert place.query("SELECT sum(budget), sum(revenue) FROM movies") == [(50, 150)]


OTHERS = {
    "another order": columns_in_order(films(4, 5), "revenue", "budget"),
    "a column more": films(4, 5, homepage="http://x/"),
    "a column less": "\n".join(line.rpartition(",")[0] for line in films(4, 5).splitlines()) + "\n",
    "other names": films(4, 5).replace(HEADER, ",".join(f"Column{letter}" for letter in "abcdefghijkl")),
    "the last record without a line break": HEADER.replace("id,", "5id,", 1) + "\n",
}


@pytest.mark.parametrize(
    ("other", "name"),
    few([("another order", "films.csv.gz"), *((other, "films.csv") for other in reversed(OTHERS))], first=3),
)
def test_another_header_among_the_records_is_refused(place: Place, other: str, name: str) -> None:
    """Behind it, money would stand in the wrong columns; however many rejects are allowed, and whatever the file."""
    place.ingest(films(9))
    before = place.data()
    content = (films(*range(1, 4), overview="Two\nlines.") + OTHERS[other]).encode()
    path = place.file(gzip.compress(content) if name.endswith("gz") else content, name)
    result = place.run("ingest", path, "--max-rejects", "100%", "--allow-shrink")
    assert_fails(result, 4, f"line 8 of {name} {ANOTHER}", "--merge")
    assert place.data() == before
    assert place.ledger()[-1]["outcome"] == "refused"


def test_a_film_called_like_columns_is_no_header(place: Place) -> None:
    """And a reject that is one is a reject."""
    odd = {"title": "Title", "overview": "Budget", "genres": "[{'id': 1, 'name': 'Genres'}]"}
    row = place.ingest(text(film(1) | odd, film(2) | odd | {"id": "id"}), max_rejects="1")
    assert [row[name] for name in ("movies", "rejects", "reason")] == [1, 1, None]


def test_a_file_of_headers_has_no_records(place: Place) -> None:
    """The message is that of a file with one header."""
    place.stops(f"{HEADER}\n" * 3, r"films\.csv has a header, but no records")


@pytest.mark.parametrize(("end", "packed"), few([("\n", True), ("\r", False), ("\r\n", False)], first=2))
def test_another_header_among_ratings_or_links_is_refused(place: Place, end: str, packed: bool) -> None:  # noqa: FBT001
    """The ids of films would be those of users; the line is that of the file."""
    many = "".join(f"{number},10,4.0,0\n" for number in range(100_000))
    cases = {
        "ratings": (LINKS, f"{RATINGS}{many}movieId,userId,rating,timestamp\n10,1,4.0,0\n", 100_003),
        "links": ("\n" + LINKS + "tmdbId,imdbId,movieId\n1,0,10\n", RATINGS, 4),
    }
    for name, (links, ratings, line) in cases.items():
        parts = {"films": films(1), "links": links.replace("\n", end), "ratings": ratings.replace("\n", end)}
        paths = [place.file(content, f"{part}.csv") for part, content in parts.items()]
        source = place.file(zipped(**parts), "films.zip") if packed else paths
        with pytest.raises(RefusedError, match=rf"line {line:,} of \S*{name}\.csv {ANOTHER}"):
            place.ingest(source)


def test_repeated_headers_among_ratings_and_links_are_left_out(place: Place) -> None:
    """And mentioned; a line that is not a rating counts as unread, as usual."""
    parts = {"films": films(1), "links": LINKS + LINKS.replace("10,0,1", "11,0,1"), "ratings": RATINGS * 3}
    row = place.ingest([place.file(content, f"{part}.csv") for part, content in parts.items()])
    assert place.query("FROM movie_ratings") == [(1, 3, 4.0)]
    assert (row["ratings"], row["ratings_unread"]) == (3, 2)
    assert row["reason"] == "left out 1 repeated header of links.csv; left out 2 repeated headers of ratings.csv"


BLANK = {
    "blank lines": "\n\n",
    "other line breaks": "\r\n\r\n",
    "blanks": "   \n \t\n",
    "commas": ",,,,\n,,\n",
    "quoted blanks": '"","  "\n" "\n',
    "a line break in quotes": '"\n",\n',
}


@pytest.mark.parametrize(
    ("blank", "encoding"),
    few(
        [
            *(("blanks", each) for each in ("utf-16", "cp1252", "utf-8-sig")),
            *((blank, "utf-8") for blank in reversed(BLANK)),
        ],
        first=5,
    ),
)
def test_blank_lines_before_the_header_are_passed_over(place: Place, blank: str, encoding: str) -> None:
    """And counted, so that the line of a reject is the one in an editor."""
    titles = "é" if encoding != "cp1252" else "éèà"
    good = text(*(film(number, title=title) for number, title in enumerate(titles * 3, 1)))
    content = BLANK[blank] + good + good.split("\n")[1].replace("1,", "x,", 1) + "\n"
    row = place.ingest(content.encode(encoding), max_rejects="1")
    films_read = len(titles) * 3
    assert [row[name] for name in ("records", "movies", "rejects")] == [films_read + 1, films_read, 1]
    assert [reject["line"] for reject in place.rejects()] == [films_read + 4]
    assert place.query("SELECT title FROM movies WHERE id = 1") == [("é",)]


def test_blank_lines_before_ratings_and_links_are_passed_over(place: Place) -> None:
    """Also in an archive."""
    parts = {"films": ",,\n" + films(1), "links": "\n \n" + LINKS, "ratings": ",\n\n" + RATINGS}
    row = place.ingest(place.file(zipped(**parts), "films.zip"))
    assert [row[name] for name in ("ratings", "ratings_matched", "ratings_unread")] == [1, 1, 0]


TITLES = {
    "a title": "Films of the world\n",
    "a comment": "# made by the films team\n\n",
    "cells of a spreadsheet": "Films of the world,,,,\nExported,2024-05-01,,,\n,,,,\n",
}


@pytest.mark.parametrize("lines", TITLES.values(), ids=TITLES)
def test_titles_above_the_header_are_passed_over_and_said(place: Place, lines: str) -> None:
    """And counted, so that the line of a reject is the one in an editor."""
    good = films(1, 2, 3)
    number = lines.count("\n") + 1
    row = place.ingest(lines + good + good.split("\n")[1].replace("1,", "x,", 1) + "\n", max_rejects="1")
    assert (row["movies"], row["rejects"], row["decisions"]) == (3, 1, f"the header is line {number}")
    assert [reject["line"] for reject in place.rejects()] == [number + 4]
    assert place.query("SELECT count(*) FROM movies WHERE title LIKE 'Film %'") == [(3,)]


def test_records_above_a_header_are_no_titles(place: Place) -> None:
    """As in parts that were joined in the wrong order: they would be lost."""
    place.stops(films(1, 2).split("\n", 1)[1] + films(3), "should be a header")


def test_a_file_of_blank_lines_is_empty(place: Place) -> None:
    """However many there are."""
    for content in ("\n\n", " ,\n" * 100, "\n" * 100_000):
        place.stops(content, r"films\.csv is empty")


@pytest.mark.parametrize("column", ["budget", "vote_count", "title"])
def test_a_column_that_comes_twice_is_refused_by_name(place: Place, column: str) -> None:
    """It is not clear which is meant, even if the names differ in case."""
    content = films(1).replace("overview", f" {column.upper()}", 1)
    result = place.run("ingest", place.file(content))
    assert_fails(result, 4, f"films.csv has several columns named {column}")


def test_a_column_of_ratings_or_links_that_comes_twice_is_refused(place: Place) -> None:
    """If it is one that is needed; others are ignored."""
    parts = {"films": films(1, overview="x"), "links": LINKS, "ratings": RATINGS}
    for name, old in (("links", "imdbId"), ("ratings", "timestamp")):
        damaged = parts | {name: parts[name].replace(old, "movieId")}
        with pytest.raises(RefusedError, match=rf"{name}\.csv has several columns named movieid"):
            place.ingest(place.file(zipped(**damaged), "films.zip"))
    twice = {name: content.replace("timestamp", "userId") for name, content in parts.items()}
    assert place.ingest(place.file(zipped(**twice), "films.zip"))["ratings"] == 1
