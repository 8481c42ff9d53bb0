"""Which column is which field: exact names, usual other names, those that a person gave, and none by a guess."""

import csv
import io
from pathlib import Path

import pytest

from films import text
from movie_reports import RefusedError, UsageError
from program import assert_fails
from runs import Place, film
from selection import few

FILMS = [film(1), film(2, budget="", release_date="1987-06-05"), film(30, title="Thirty", popularity="0.5")]
PLAIN = text(*FILMS)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Have a folder for a database."""
    return Place(tmp_path)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Load the films under the usual header."""
    place = Place(tmp_path_factory.mktemp("usual"))
    place.ingest(PLAIN)
    return place


def renamed(**names: str) -> str:
    """Write the films with other names of columns."""
    rows = list(csv.reader(io.StringIO(PLAIN, newline="")))
    rows[0] = [names.get(name, name) for name in rows[0]]
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def without(*columns: str) -> str:
    """Write the films without some columns."""
    rows = list(csv.DictReader(io.StringIO(PLAIN, newline="")))
    stream = io.StringIO(newline="")
    names = [name for name in rows[0] if name not in columns]
    writer = csv.DictWriter(stream, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


SPELLINGS = [
    "Release Date",
    "release-date",
    "RELEASE_DATE",
    "releaseDate",
    "Release.Date",
    ' "release_date" ',
    "release  date",
]


@pytest.mark.parametrize("name", few(SPELLINGS, "Release Date", "releaseDate"))
def test_case_blanks_and_punctuation_do_not_count(place: Place, usual: Place, name: str) -> None:
    """It is the same name, so nothing needs to be said."""
    assert place.ingest(renamed(release_date=name))["decisions"] is None
    assert place.data() == usual.data()


RENAMED = {
    "id": ["tmdb_id", "movie_id", "TMDB ID", "tmdbId", "film_id"],
    "title": ["original_title", "title_x", "movie_title", "Name", "film"],
    "release_date": ["date", "Release", "released", "date_released"],
    "budget": ["budget_usd", "Budget (USD)", "budget_in_usd", "budget ($)"],
    "revenue": ["revenue_usd", "Worldwide Gross", "revenue_dollars"],
    "genres": ["genre", "genre_names"],
    "production_companies": ["companies", "production_company", "Studio", "studios"],
    "vote_count": ["votes", "Num Votes"],
}


@pytest.mark.parametrize("nth", range(5))
def test_usual_names_are_understood_and_said(place: Place, usual: Place, nth: int) -> None:
    """The summary tells what was taken for what."""
    chosen = {field: names[nth] for field, names in RENAMED.items() if nth < len(names)}
    result = place.run("ingest", place.file(renamed(**chosen)))
    assert result.returncode == 0
    for field, name in chosen.items():
        is_the_same = name == "budget ($)"
        assert (f"{name.lower()} read as {field}" in " ".join(result.stderr.split())) == (not is_the_same)
    fields = "COLUMNS(* EXCLUDE original_title)"
    for table in ("movies", "genres", "companies"):
        what = fields if table == "movies" else "*"
        assert place.query(f"SELECT {what} FROM {table} ORDER BY ALL") == usual.query(  # noqa: S608 (our own)
            f"SELECT {what} FROM {table} ORDER BY ALL"  # noqa: S608
        )


def test_the_exact_name_wins(place: Place, usual: Place) -> None:
    """What else could be meant is left alone."""
    place.ingest(renamed(overview="movie_id"))
    place.ingest(text(*FILMS, film(4, overview="")).replace("overview", "name"), merge=True)
    assert place.query("SELECT title FROM movies WHERE id < 4 ORDER BY id") == usual.query(
        "SELECT title FROM movies WHERE id < 4 ORDER BY id"
    )


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (
            {"id": "movie_id", "overview": "film_id"},
            'has movie_id and film_id for id: say which with --column id="movie_id"',
        ),
        ({"title": "name", "overview": "movie"}, "has name and movie for title"),
        ({"release_date": "date", "overview": "released"}, "has date and released for release_date"),
        ({"budget": "budget_usd", "overview": "budget_x"}, "has budget_usd and budget_x for budget"),
        ({"genres": "genre", "overview": "genre_names"}, "has genre_names and genre for genres"),
        ({"title": "name", "overview": "Name"}, "has several columns named name"),
    ],
)
def test_two_names_for_one_field_are_refused(place: Place, names: dict[str, str], message: str) -> None:
    """The message names both, and how to say which."""
    with pytest.raises(RefusedError, match=message):
        place.ingest(renamed(**names))


OTHER_UNITS = [
    "budget_musd",
    "budget_millions",
    "budget_eur",
    "budget (€)",
    "Budget £m",
    "budget_adj",
    "production_cost",
]


@pytest.mark.parametrize("name", few(OTHER_UNITS, "budget_musd", "budget_eur"))
def test_another_unit_is_never_taken_for_dollars(place: Place, name: str) -> None:
    """The message names the column and how to say that it is right."""
    message = place.stops(renamed(budget=name), "lacks the column budget")
    assert f'if {name.lower()} is the budget in dollars, add --column budget="{name.lower()}"' in message
    assert place.ingest(renamed(budget=name), columns={"budget": name})["movies"] == 3


@pytest.mark.parametrize("name", ["gross", "box_office", "revenue_millions", "domestic_gross", "Revenue (EUR)"])
def test_a_gross_of_who_knows_where_is_no_revenue(place: Place, name: str) -> None:
    """Nor is one in another unit."""
    assert f'--column revenue="{name.lower()}"' in place.stops(renamed(revenue=name), "lacks the column revenue")


def test_a_year_counts_only_where_there_is_no_date(place: Place, usual: Place) -> None:
    """A date tells more."""
    dates = "SELECT id, release_date FROM movies ORDER BY id"
    for names in ({"overview": "release_year"}, {"release_date": "date", "overview": "year"}):
        place.ingest(renamed(**names))
        assert place.query(dates) == usual.query(dates)


@pytest.mark.parametrize("written", few(["Premiere Abroad", "premiere abroad", "PREMIERE_ABROAD"]))
def test_a_column_can_be_named(place: Place, usual: Place, written: str) -> None:
    """On the command line and in Python, however it is spelled."""
    content = renamed(release_date="Premiere Abroad", title="label")
    path = place.file(content)
    options = ("--column", f"release_date={written}", "--column", "title = label")
    assert place.run("ingest", path, *options).returncode == 0
    assert place.data() == usual.data()
    place.ingest(path, columns={"release_date": written, "title": "label"})
    assert place.data() == usual.data()


def test_a_column_that_is_named_beats_the_exact_one(place: Place) -> None:
    """And a file that was loaded is loaded again, as it now means another thing."""
    path = place.file(renamed(overview="worldwide"))
    place.ingest(path)
    place.ingest(path, columns={"title": "worldwide"})
    assert place.query("SELECT DISTINCT title FROM movies") == [("What happens.",)]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("date=title", "there is no field date; the fields are id, imdb_id"),
        ("title=headline", "there is no column headline; the columns are id, title"),
        ("vote_count=nobody", "there is no column nobody"),
        ("title", "write a field and the name of its column"),
        ("title=", "write a field and the name of its column"),
    ],
)
def test_a_column_that_is_not_there_is_wrong_usage(place: Place, option: str, message: str) -> None:
    """The message lists what there is."""
    assert_fails(place.run("ingest", place.file(PLAIN), "--column", option), 2, message)
    field, _, name = option.partition("=")
    if name:
        with pytest.raises(UsageError, match=message):
            place.ingest(PLAIN, columns={field: name})


@pytest.mark.parametrize("column", ["popularity", "genres", "production_companies"])
def test_a_column_that_films_can_do_without_may_be_missing(place: Place, usual: Place, column: str) -> None:
    """The rest is loaded, and the ledger says what will be empty."""
    row = place.ingest(without(column))
    assert f"no column {column}" in row["reason"]
    assert place.query("SELECT id, title, budget FROM movies") == usual.query("SELECT id, title, budget FROM movies")
    assert place.run("genres").returncode in {0, 3}


@pytest.mark.parametrize("column", ["id", "title", "release_date", "budget", "revenue"])
def test_a_column_that_films_need_may_not_be_missing(place: Place, column: str) -> None:
    """Several that are missing are named together."""
    place.stops(without(column, "overview"), f"lacks the column {column}: found ")
