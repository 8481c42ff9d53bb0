"""Every row of every report is what an independent computation makes of the same source."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest

import movie_reports
import oracle
from against import Case, check
from selection import few

METRICS = ("releases", "budget", "revenue", "profit", "popularity")
HEADER = "id,title,release_date,budget,revenue,popularity,vote_count,genres,production_companies\n"

# What the real data has none of, or only by luck. A list of names is written as the public file has it.
INVENTED: list[tuple[str, str, str, str, str, str, str, list[str], list[str]]] = [
    ("1", "Both figures known", "1985-01-31", "100", "350", "1.5", "9", ["Drama", "Science Fiction"], ["Red", "Blue"]),
    ("2", "Only a budget", "1985-12-31", "70", "0", "2.25", "9", ["Drama"], ["Red"]),
    ("3", "Only a revenue", "1985-01-01", "0", "20", "", "9", ["Drama", "Comedy"], ["Red"]),
    ("4", "A loss", "1985-06-01", "200", "50", "0", "9", ["Comedy"], ["Red", "Blue"]),
    ("5", "Nothing known", "1930-01-01", "0", "0", "", "9", ["Comedy"], ["Dark"]),
    ("6", "Nothing known but a revenue", "1931-01-01", "0", "7", "", "9", ["Comedy"], ["Dark"]),
    ("7", "Names repeated", "1995-01-01", "10", "11", "3", "9", ["Drama", "Drama"], ["Red", "Red", "Blue"]),
    ("8", "No genre", "1995-02-01", "20", "33", "4", "9", [], ["Red"]),
    ("9", "No company", "1995-03-01", "40", "55", "5", "9", ["Science Fiction"], []),
    ("10", "No date", "", "80", "99", "6", "9", ["Science Fiction", "Drama"], ["Red", "Blue"]),
    ("11", "No date, no genre", "", "0", "0", "7", "9", [], ["Red"]),
    ("12", "No such day", "1995-02-29", "1", "0", "8", "9", ["Drama"], ["Blue"]),
    ("13", "No figures", "1995-04-01", "/abc.jpg", "about 1000", "9", "9", ["Drama"], ["Red"]),
    ("20", "Twice, first with more votes", "1996-01-01", "5", "6", "1", "10", ["Drama"], ["Red"]),
    ("20", "Twice, then with fewer", "1997-01-01", "7", "8", "2", "9", ["Comedy"], ["Stale"]),
    ("21", "Twice, first", "1997-01-01", "9", "10", "3", "9", ["Comedy"], ["Stale"]),
    ("21", "Twice, on a tie the later", "1996-01-01", "11", "12", "4", "9", ["Drama"], ["Blue"]),
    ("22", "Twice, first with votes unknown", "1997-01-01", "13", "14", "5", "", ["Comedy"], ["Stale"]),
    ("22", "Twice, then with votes known", "1996-01-01", "15", "16", "6", "1", ["Drama"], ["Red"]),
    ("1997-08-20", "No id", "1996-01-01", "1000", "2000", "5", "9", ["Drama"], ["Stale"]),
    ("30", "Equally popular", "2001-01-01", "1000000", "0", "2.5", "9", ["Western", "Drama"], ['It\'s "Red", too']),
    ("31", "Equally popular as well", "2001-01-01", "0", "5", "2.5", "9", ["Comedy"], ["Étoile"]),
    ("32", "Less popular", "2001-01-01", "1000000", "5", "2.4", "9", ["War"], ["etoile"]),
    ("33", "Nobody knows how popular", "2001-01-01", "0", "0", "", "9", ["Music"], ["Red"]),
]


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Ingest the films above, and a record with too few fields."""
    writer = csv.writer(text := io.StringIO(), lineterminator="\n")
    for *fields, genres, companies in INVENTED:
        lists = ([{"id": 1, "name": name} for name in names] for names in (genres, companies))
        writer.writerow([*fields, *map(repr, lists)])
    writer.writerow(["99", "Cut off", "1995-01-01", "100", "200"])
    source = tmp_path_factory.mktemp("invented") / "films.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("movies_metadata.csv", HEADER + text.getvalue())
    movie_reports.ingest(source, source.with_suffix(".duckdb"), max_rejects="100%")
    with movie_reports.open(source.with_suffix(".duckdb")) as database:
        yield Case(database, oracle.read(source))


@pytest.fixture(params=["real", "invented"])
def case(request: pytest.FixtureRequest) -> Case:
    """Go through both sources."""
    return cast("Case", request.getfixturevalue(request.param))


@dataclass(frozen=True)
class Limit:
    """A limit as the program is asked for it, and as the oracle is."""

    asked: dict[str, Any]
    years: range | None = None
    genre: str | None = None
    complete: bool = False

    def __str__(self) -> str:
        return " ".join(f"{name}={value!r}" for name, value in self.asked.items()) or "all"

    def films(self, case: Case) -> list[oracle.Film]:
        """Select the films that the oracle may count."""
        return oracle.limited(case.films, self.years, self.genre, complete=self.complete)


LIMITS = [
    Limit({}),
    Limit({"year": "1995"}, years=range(1995, 1996)),
    Limit({"year": "1985-1995"}, years=range(1985, 1996)),
    Limit({"year": "1995-"}, years=range(1995, 10000)),
    Limit({"year": "-1931"}, years=range(1932)),
    Limit({"genre": "Science Fiction"}, genre="Science Fiction"),
    Limit({"genre": " sciencé FICTION"}, genre="Science Fiction"),
    Limit({"complete": True}, complete=True),
    Limit({"year": "1980-1989", "genre": "drama", "complete": True}, range(1980, 1990), "Drama", complete=True),
]
limits = pytest.mark.parametrize("limit", LIMITS, ids=str)
averages = pytest.mark.parametrize("average", [False, True], ids=["sums", "means"])


@limits
@averages
def test_the_company_report_is_right(case: Case, limit: Limit, *, average: bool) -> None:
    """Every figure of every company and year is the oracle's, with any filters, as sums and as means."""
    expected = oracle.company(limit.films(case), average=average)
    check(case.database.company(**limit.asked, average=average), expected)


@limits
def test_the_company_genre_report_is_right(case: Case, limit: Limit) -> None:
    """Releases and distinct films of every company, year and genre are the oracle's, with any filters."""
    expected = oracle.company_genres(limit.films(case), limit.genre)
    check(case.database.company_genres(**limit.asked), expected)


@limits
@averages
def test_the_genre_report_is_right(case: Case, limit: Limit, *, average: bool) -> None:
    """Every figure of every year and genre is the oracle's, in its order, with any filters, as sums and as means."""
    expected = oracle.genres(limit.films(case), limit.genre, average=average)
    check(case.database.genres(**limit.asked, average=average), expected)


@limits
def test_reports_of_one_company_are_its_rows_of_the_whole(case: Case, limit: Limit) -> None:
    """Asking for one company changes none of its figures."""
    films = limit.films(case)
    name = oracle.company(films)[0]["company"]
    rows = [row for row in oracle.company(films) if row["company"] == name]
    check(case.database.company(name, **limit.asked), rows)
    rows = [row for row in oracle.company_genres(films, limit.genre) if row["company"] == name]
    check(case.database.company_genres(name, **limit.asked), rows)


def test_distinct_films_are_the_releases_of_the_company_report(case: Case) -> None:
    """The films beside the genres of a company and year are as many as it released, though the rows add up to more."""
    found = case.database.company_genres().to_pylist()
    films = {(row["company"], row["year"]): row["films"] for row in found}
    releases = case.database.company(metrics=["releases"]).to_pylist()
    assert films == {(row["company"], row["year"]): row["releases"] for row in releases}
    assert sum(row["releases"] for row in found) > sum(films.values())


@pytest.mark.parametrize("metrics", [["profit"], ["popularity", "releases"], ["revenue", "budget", "revenue"], METRICS])
@averages
def test_metrics_keep_keys_releases_and_complete(case: Case, metrics: list[str], *, average: bool) -> None:
    """Of the other figures only those named are shown, in the order named, and the first of them orders the rows."""
    check(case.database.company(metrics=metrics, average=average), company(case, metrics, average=average))
    check(case.database.genres(metrics=metrics, average=average), genres(case, metrics, average=average))


def company(case: Case, metrics: Sequence[str] = (), *, average: bool = False, by: str = "year") -> list[oracle.Row]:
    """Compute the report on all companies."""
    return oracle.company(case.films, average=average, metrics=metrics, by=by)


def genres(case: Case, metrics: Sequence[str] = (), *, average: bool = False) -> list[oracle.Row]:
    """Compute the report on all genres."""
    return oracle.genres(case.films, average=average, metrics=metrics)


@pytest.mark.parametrize("metric", few(METRICS, "releases", "profit"))
@averages
def test_top_keeps_the_highest_of_each_period(case: Case, metric: str, *, average: bool) -> None:
    """All that equal the last of them are kept too, and none that is unknown."""
    for number in (1, 3, 1000):
        found = case.database.company(metrics=[metric], average=average, top=number)
        check(found, oracle.top(company(case, [metric], average=average), number, metric, within="year"))
        found = case.database.genres(metrics=[metric], average=average, top=number)
        check(found, oracle.top(genres(case, [metric], average=average), number, metric, within="year"))


@pytest.mark.parametrize("metric", METRICS)
def test_top_of_one_name_keeps_its_best_periods(case: Case, metric: str) -> None:
    """Where all rows are of one company or genre, the highest of all periods come first."""
    name = oracle.catalogue(case.films, "company")[0]["company"]
    rows = sorted((row for row in company(case, [metric]) if row["company"] == name), key=lambda row: row["year"] or 0)
    check(case.database.company(name, metrics=[metric], top=2, year="1000-"), oracle.top(dated(rows), 2, metric))
    films = oracle.limited(case.films, None, "Drama", complete=False)
    rows = dated(oracle.genres(films, "Drama", metrics=[metric]))
    check(case.database.genres(genre="Drama", metrics=[metric], top=2, year="1000-"), oracle.top(rows, 2, metric))


def dated(rows: list[oracle.Row]) -> list[oracle.Row]:
    """Keep the rows of a year."""
    return [row for row in rows if row["year"] is not None]


def test_top_over_all_years_is_one_list(case: Case) -> None:
    """Without periods the highest rows of all come first."""
    rows = oracle.top(company(case, ["profit"], by="all"), 3, "profit")
    check(case.database.company(metrics=["profit"], by="all", top=3), rows)


def test_without_metrics_the_top_is_by_the_first_column(case: Case) -> None:
    """Companies are ranked by releases, genres by popularity."""
    check(case.database.company(top=2), oracle.top(by_year(company(case)), 2, "releases", within="year"))
    check(case.database.genres(top=2), oracle.top(genres(case), 2, "popularity", within="year"))


def by_year(rows: list[oracle.Row]) -> list[oracle.Row]:
    """Order rows by year, and keep their order within it."""
    return sorted(rows, key=lambda row: oracle.none_last(row["year"]))


@pytest.mark.parametrize("metric", METRICS)
def test_bottom_keeps_the_lowest_of_each_period(case: Case, metric: str) -> None:
    """The lowest that are known come first, and all that equal the last of them."""
    for ask, rows in (
        (case.database.company, by_year(company(case))),
        (case.database.genres, genres(case, [metric])),
    ):
        name = "company" if "company" in rows[0] else "genre"
        by_name = sorted(rows, key=lambda row: (oracle.none_last(row["year"]), row[name]))
        turned = [{**row, "turned": None if row[metric] is None else -row[metric]} for row in by_name]
        lowest = oracle.top(turned, 3, "turned", within="year")
        kept = oracle.chosen([{key: row[key] for key in rows[0]} for row in lowest], [metric])
        check(ask(metrics=[metric], bottom=3), kept)


def test_equal_values_share_a_rank(invented: Case) -> None:
    """The top contains more rows than requested if several are equal."""
    found = invented.database.genres(year=2001, metrics=["popularity"], top=1).to_pylist()
    assert [row["genre"] for row in found] == ["Comedy", "Drama", "Western"]
    found = invented.database.company(year=2001, metrics=["budget"], top=1).to_pylist()
    assert [row["company"] for row in found] == ['It\'s "Red", too', "etoile"]


@pytest.mark.parametrize("average", [False, True], ids=["sums", "means"])
@pytest.mark.parametrize("words", ["Disney", " walt disney "])
def test_all_matches_count_each_film_once(real: Case, words: str, *, average: bool) -> None:
    """Companies taken together stand under the words searched, and a film that several of them made counts once."""
    films = oracle.together(real.films, words.strip())
    check(real.database.company(words, all_matches=True, average=average), oracle.company(films, average=average))
    check(real.database.company_genres(words, all_matches=True), oracle.company_genres(films))


@pytest.mark.parametrize(
    "year", [99, "99", "1999-1990", " ", "-", "19955", "1995-96", "1990--1999", "1990-1995-1999", "-1990-", "x1995"]
)
def test_an_invalid_year_is_an_error(invented: Case, year: str | int) -> None:
    """Fewer than three digits make none, since two are meant for the last of four; and a range runs forwards."""
    for ask in (invented.database.company, invented.database.company_genres, invented.database.genres):
        with pytest.raises(movie_reports.UsageError, match=f"{year}"):
            ask(year=year)


@pytest.mark.parametrize(
    "wrong", [{"metrics": ["profits"]}, {"metrics": ["profit", "complete"]}, {"top": 0}, {"top": -1}], ids=str
)
def test_an_unknown_metric_or_top_is_an_error(invented: Case, wrong: dict[str, Any]) -> None:
    """A figure that no report has, and a top of nothing, are refused."""
    for ask in (invented.database.company, invented.database.genres):
        with pytest.raises(movie_reports.UsageError):
            ask(**wrong)


def test_years_without_films_give_an_empty_table(case: Case) -> None:
    """A year before the first film is no error, and the columns are there as ever."""
    for ask in (case.database.company, case.database.company_genres, case.database.genres):
        table = ask(year="-1800")
        assert table.num_rows == 0
        assert table.schema == ask().schema
