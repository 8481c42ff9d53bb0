"""Lists, dates and money in the forms that people's copies have are read, or counted as unread, never garbled."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from runs import Place
from selection import few

HEADER = ["id", "title", "release_date", "budget", "revenue", "popularity", "genres", "production_companies"]
USUAL = ["1", "A film", "1995-11-22", "30000000", "90000000", "12.5", "[{'id': 18, 'name': 'Drama'}]", "[]"]


def films(column: str, cells: Iterable[str]) -> str:
    """Write films that are the usual but for one column."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for number, cell in enumerate(cells, 1):
        row = dict(zip(HEADER, USUAL, strict=True)) | {"id": str(number), column: cell}
        writer.writerow(row.values())
    return text.getvalue()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Have a folder."""
    return Place(tmp_path)


def names(place: Place, kind: str, cells: Iterable[str]) -> list[list[str]]:
    """Load lists, and return the names of each film, those that begin with the lower letters first."""
    column = {"genres": "genres", "companies": "production_companies"}[kind]
    place.ingest(films(column, cells), allow_unread=True)
    link = {"genres": "movie_genres", "companies": "movie_companies"}[kind]
    key = {"genres": "genre_id", "companies": "company_id"}[kind]
    query = f"""
        SELECT coalesce(list(name ORDER BY name) FILTER (name IS NOT NULL), [])
        FROM movies LEFT JOIN {link} ON movie_id = movies.id LEFT JOIN {kind} ON {kind}.id = {key}
        GROUP BY movies.id ORDER BY movies.id
    """  # noqa: S608 (of our own)
    return [found for (found,) in place.query(query)]


def unread(place: Place) -> list[tuple[Any, ...]]:
    """Return the fields that could not be read, and in how many films."""
    return place.query("SELECT field, films FROM unread_fields ORDER BY ALL")


LISTS = {
    "strings of Python": {"['Drama', 'Comedy']": ["Comedy", "Drama"], "['War']": ["War"], "[]": []},
    "strings of JSON": {'["Drama","Comedy"]': ["Comedy", "Drama"], '[ "It\'s War" ]': ["It's War"], "": []},
    "tuples and sets": {"('Drama', 'War')": ["Drama", "War"], "{'Drama'}": ["Drama"], "('War',)": ["War"]},
    "arrays of numpy": {"['Drama' 'Science Fiction']": ["Drama", "Science Fiction"], "['War']": ["War"]},
    "objects": {"[{'name': 'Drama', 'id': 18}]": ["Drama"], '[{"id": 1, "name": "War"}]': ["War"]},
    "pipes": {"Drama|Comedy": ["Comedy", "Drama"], "Drama | War": ["Drama", "War"], "War": ["War"]},
    "semicolons": {"Drama;Comedy": ["Comedy", "Drama"], "Drama; War": ["Drama", "War"], "War;": ["War"]},
    "commas": {"Drama,Comedy": ["Comedy", "Drama"], "Drama,Science Fiction": ["Drama", "Science Fiction"]},
    "commas and blanks": {"Drama, Comedy": ["Comedy", "Drama"], "Science Fiction": ["Science Fiction"]},
    "hyphens": {"Drama-Science Fiction": ["Drama", "Science Fiction"], "Sci-Fi-War": ["Sci-Fi", "War"], "War": ["War"]},
    "vectors of R": {'c("Drama", "War")': ["Drama", "War"], "Comedy": ["Comedy"], "character(0)": []},
    "arrays of PostgreSQL": {"{Drama,War}": ["Drama", "War"], '{Drama,"TV Movie"}': ["Drama", "TV Movie"], "{}": []},
    "lists of Java": {"[Drama, War]": ["Drama", "War"], "[Comedy]": ["Comedy"], "[]": []},
    "several separators": {"Drama, War": ["Drama", "War"], "Drama|Comedy": ["Comedy", "Drama"]},
    "missing values": {
        "NA": [],
        "nan": [],
        "None": [],
        "NULL": [],
        "\\N": [],
        "-": [],
        "N/A": [],
        "['None']": ["None"],
    },
    "slashes": {"Drama / Comedy": ["Comedy", "Drama"], "Horror/War": ["Horror", "War"]},
    "lines": {"Drama\nComedy": ["Comedy", "Drama"], "Horror": ["Horror"]},
    "hyphens in names": {"Sci-Fi": ["Sci-Fi"], "Film-Noir": ["Film-Noir"], "Talk-Show": ["Talk-Show"]},
}


@pytest.mark.parametrize("cells", few(LISTS.values(), first=8), ids=LISTS)
def test_genres_are_read_in_every_form(place: Place, cells: dict[str, list[str]]) -> None:
    """Each item is one genre, and nothing is unread."""
    assert names(place, "genres", cells) == list(cells.values())
    assert unread(place) == []


COMPANIES = {
    "endings": {
        "Harrow Company, The, Blue Heron Films": ["Blue Heron Films", "Harrow Company, The"],
        "Sable Cinema, Limited, Moss Arts, A.I.E.": ["Moss Arts, A.I.E.", "Sable Cinema, Limited"],
        "Fen Pictures Co., Ltd., The": ["Fen Pictures Co., Ltd., The"],
        "Reed, LLC, Tarn, Inc., Beck, S.L.U.": ["Beck, S.L.U.", "Reed, LLC", "Tarn, Inc."],
        "Gorse GmbH, Larch, S.p.A.": ["Gorse GmbH", "Larch, S.p.A."],
        "Moor, Sp. z o.o., Dale": ["Dale", "Moor, Sp. z o.o."],
    },
    "commas inside names between pipes": {
        "Harrow, Vale & Sons|Blue Heron": ["Blue Heron", "Harrow, Vale & Sons"],
        "Kestrel, Moor": ["Kestrel, Moor"],
    },
    "commas inside names between commas without blanks": {
        "Harrow Company, The,Blue Heron": ["Blue Heron", "Harrow Company, The"],
        "Kestrel,Moor,Fen, Inc.": ["Fen, Inc.", "Kestrel", "Moor"],
    },
    "commas with and without blanks": {
        "Blue Heron,Fen Films": ["Blue Heron", "Fen Films"],
        "Fen Films,Ltd.,Blue Heron": ["Blue Heron", "Fen Films, Ltd."],
        "Moss Arts, Inc.": ["Moss Arts, Inc."],
        "Moss Arts, Inc., Blue Heron": ["Blue Heron", "Moss Arts, Inc."],
        "Blue Heron, Fen Films": ["Blue Heron", "Fen Films"],
    },
    "commas in numbers": {"20,000 Leagues Films, Blue Heron": ["20,000 Leagues Films", "Blue Heron"]},
    "hyphens": {"Kestrel-Moor Studio, Blue Heron": ["Blue Heron", "Kestrel-Moor Studio"]},
    "brackets": {"[night watch], Blue Heron": ["Blue Heron", "[night watch]"], "(株)北風, Fen": ["(株)北風", "Fen"]},
    "strings": {"['Harrow Company, The', \"Moor's\"]": ["Harrow Company, The", "Moor's"]},
}


@pytest.mark.parametrize("cells", few(COMPANIES.values(), first=4), ids=COMPANIES)
def test_companies_keep_their_commas_and_hyphens(place: Place, cells: dict[str, list[str]]) -> None:
    """What belongs to a name is never a company of its own."""
    assert names(place, "companies", cells) == list(cells.values())
    assert unread(place) == []


def test_companies_between_hyphens_are_kept_whole_with_a_word(place: Place) -> None:
    """Nobody can tell these hyphens from those inside names."""
    rows = list(csv.reader(io.StringIO(films("genres", ["Drama-War", "Comedy"]))))
    for row in rows[1:]:
        row[7] = "Kestrel-Metro-Moor"
    place.ingest("\n".join(map(",".join, rows)) + "\n")
    assert place.query("SELECT name FROM companies") == [("Kestrel-Metro-Moor",)]
    assert "names of production_companies are kept whole" in place.ledger()[0]["decisions"]


@pytest.mark.parametrize(
    "cell",
    few(
        [
            "[18, 35]",
            "['Drama', None]",
            "[{'id': 18, 'name': 'Drama'},",
            "18, 35",
            "[{'id': 18, 'genre': 'Drama'}]",
            "[['Drama']]",
            "[{'id': 18, 'name': 'Drama'}, {'id': 35}]",
            "{'id': 18, 'name': 'Drama'}",
        ],
        first=3,
    ),
)
def test_a_list_with_an_unreadable_item_is_unread(place: Place, cell: str) -> None:
    """It is never shorter than it was, and the other films are read."""
    good = "[{'id': 10, 'name': 'War'}]"
    assert names(place, "genres", [good, cell, good]) == [["War"], [], ["War"]]
    assert unread(place) == [("genres", 1)]


def test_a_text_among_many_lists_of_objects_is_damage(place: Place) -> None:
    """One cell in forty is no form of its own."""
    assert names(place, "genres", [*["[{'id': 10, 'name': 'War'}]"] * 39, "Avenue 5"])[39] == []
    assert unread(place) == [("genres", 1)]


DATES = {
    "US": {"5/4/2001": "2001-05-04", "11/23/2002": "2002-11-23", "1/31/2002 0:00": "2002-01-31"},
    "British": {"23/11/2002": "2002-11-23", "05/04/2001": "2001-04-05", "31/01/2002": "2002-01-31"},
    "hyphens": {"23-11-2002": "2002-11-23", "05-04-2001": "2001-04-05"},
    "German": {"23.11.2002": "2002-11-23", "5.4.2001": "2001-04-05"},
    "German without a day over 12": {"3.11.2002": "2002-11-03", "5.4.2001": "2001-04-05"},
    "US, two digits": {"11/23/02": "2002-11-23", "5/4/95": "1995-05-04"},
    "British, two digits": {"23/11/02": "2002-11-23", "5/4/95": "1995-04-05"},
    "year first, two digits": {"95-11-23": "1995-11-23", "99-04-05": "1999-04-05"},
    "times": {
        "2001-05-04 00:00:00": "2001-05-04",
        "2001-05-04T12:30:00.000Z": "2001-05-04",
        "2001-05-04": "2001-05-04",
    },
    "slashes": {"2001/05/04": "2001-05-04", "2002/11/3": "2002-11-03"},
    "names": {"May 4, 2001": "2001-05-04", "4 May 2001": "2001-05-04", "04-May-2001": "2001-05-04"},
    "digits": {"20010504": "2001-05-04", "19951122": "1995-11-22"},
    "IMDb": {"May 4, 2001 (United States)": "2001-05-04", "23 November 2002 (USA)": "2002-11-23"},
    "Excel": {"37015": "2001-05-04", "37583.0": "2002-11-23", "35025.5": "1995-11-22"},
    "milliseconds": {"988934400000": "2001-05-04", "-500000000000": "1954-02-26"},
    "missing": {"NA": None, "NaT": None, "None": None, "\\N": None, "-": None, "": None},
}


@pytest.mark.parametrize("cells", few(DATES.values(), first=8), ids=DATES)
def test_dates_are_read_as_their_column_shows(place: Place, cells: dict[str, str | None]) -> None:
    """Days and months are told apart by the dates of which only one reading is a date."""
    place.ingest(films("release_date", cells))
    assert place.query("SELECT CAST(release_date AS varchar) FROM movies ORDER BY id") == [(d,) for d in cells.values()]
    assert unread(place) == []


@pytest.mark.parametrize("cells", [["5/4/2001", "3/2/2002", "1/1/1999"], ["13/1/2001", "1/13/2001", "5/5/2001"]])
def test_dates_whose_order_nothing_shows_are_refused(place: Place, cells: list[str]) -> None:
    """Also where they contradict each other; the error names the option."""
    place.stops(films("release_date", cells), "add --date-order dmy or mdy|in others the month")
    place.ingest(films("release_date", cells), date_order="dmy", allow_unread=True)
    assert place.query("SELECT CAST(max(release_date) AS varchar) FROM movies")[0][0] in {"2002-02-03", "2001-05-05"}


@pytest.mark.parametrize("cell", few(["1995", "1995-11", "1995.0", "1995/11"], first=2))
def test_a_year_alone_counts_the_film_by_year_and_decade_only(place: Place, cell: str) -> None:
    """No day is made up."""
    place.ingest(films("release_date", ["1994-05-01", cell]))
    assert place.query("SELECT release_date, release_year FROM movies WHERE id = 2") == [(None, 1995)]
    assert place.query("SELECT year, decade, quarter, month FROM film_facts WHERE id = 2") == [(1995, 1990, None, None)]
    assert "1 film" in place.ledger()[0]["decisions"]


MONEY = {
    "R": {"5.5e+07": 55000000, "1e6": 1000000, "3e+07": 30000000},
    "pandas": {"55000000.0": 55000000, "137999939.28": 137999939, "0.0": None},
    "US": {"$30,000,000": 30000000, "$5,500": 5500, "US$ 1,000.50": 1001, "$7": 7},
    "commas": {"30,000,000": 30000000, "5,500": 5500, "700": 700},
    "German": {"30.000.000": 30000000, "5.500": 5500, "700,50": 701},
    "German fractions": {"1.200,50": 1201, "5.500": 5500},
    "blanks": {"30 000 000": 30000000, "30\xa0000\xa0000": 30000000, "5 500": 5500},
    "Swiss": {"30'000'000": 30000000, "5\u2019500": 5500},
    "millions": {"30M": 30000000, "$1.5 million": 1500000, "US$ 2 bn": 2000000000, "750K": 750000, "0": None},
    "German millions": {"1,5 Mio": 1500000, "12,25 Mio": 12250000, "30 Mio USD": 30000000},
    "missing": {"NA": None, "n.a.": None, "nan": None, "NULL": None, "N/A": None, "-": None, "0": None},
}


@pytest.mark.parametrize("cells", few(MONEY.values(), first=7), ids=MONEY)
def test_money_is_read_as_its_column_shows(place: Place, cells: dict[str, int | None]) -> None:
    """Cents are rounded."""
    place.ingest(films("budget", cells))
    assert place.query("SELECT budget FROM movies ORDER BY id") == [(budget,) for budget in cells.values()]
    assert unread(place) == []


@pytest.mark.parametrize("cells", [["65.000", "12.500", "7"], ["30M", "5 million", "7"], ["€5", "£7", "7"]])
def test_money_that_may_mean_something_else_is_unread(place: Place, cells: list[str]) -> None:
    """A point may begin a fraction, 7 beside 30M mean 7 million, and other currencies are no dollars."""
    place.ingest(films("budget", cells), allow_unread=True)
    assert place.query("SELECT budget FROM movies ORDER BY id") == [(None,), (None,), (7,)]
    assert unread(place) == [("budget", 2)]


def test_money_in_another_currency_is_refused_with_a_word(place: Place) -> None:
    """And an example."""
    place.stops(films("revenue", ["€5", "€6", "€7"]), "such as '€5'; money is read in US dollars: ")


def test_dates_in_two_orders_are_refused_with_an_example_of_each(place: Place) -> None:
    """No order reads them all."""
    message = "the day comes first, as in '31/12/1999', in others the month, as in '12/30/1999'; write all in one order"
    place.stops(films("release_date", ["31/12/1999", "12/30/1999", "4/5/2001"]), message)


def test_figures_may_have_a_comma_before_the_fraction(place: Place) -> None:
    """As in files that a German Excel has saved."""
    place.ingest(films("popularity", ["7,5", "12,345", "1"]))
    assert place.query("SELECT popularity FROM movies ORDER BY id") == [(7.5,), (12.345,), (1.0,)]


def test_words_for_missing_values_are_titles_too(place: Place) -> None:
    """There are films called None and NA."""
    titles = ["None", "NA", "null", "-"]
    place.ingest(films("title", titles))
    assert [title for (title,) in place.query("SELECT title FROM movies ORDER BY id")] == titles
