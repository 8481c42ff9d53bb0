"""No value that an ingest lets in makes a report fail, however small, large, old or far ahead it is."""

import json
import re
from pathlib import Path

import pytest

from archives import folder
from films import loading, text
from movie_reports.reports.requests.choices import METRICS, PERIODS, POPULARITY
from program import printed, run
from runs import literals
from terminal import on_screen

GREATEST = str(10**18 - 1)
LOW = {
    "id": "0",
    "budget": "1",
    "revenue": "1",
    "popularity": "5e-324",
    "runtime": "0",
    "release_date": "0001-01-01",
    "vote_average": "0",
    "vote_count": "1",
    "production_companies": literals(Acme=0, Both=-(2**63)),
}
HIGH = {
    "id": GREATEST,
    "budget": str(10**12),
    "revenue": str(10**12),
    "popularity": "1e9",
    "runtime": "1e9",
    "vote_average": "10",
    "vote_count": str(10**9),
    "release_date": "9999-12-31",
    "production_companies": literals(Both=2**63 - 1, Other=2**63),
}
NOTHING = dict.fromkeys([*HIGH, "title", "genres"], "") | {"id": "3"}
FILMS = [LOW, HIGH, NOTHING, HIGH | {"id": "4", "budget": "1"}, HIGH | {"id": "5", "revenue": "1"}]
FILMS += [HIGH | {"id": "6", "popularity": "5e-324", "vote_average": "", "release_date": "0001-12-31"}]
RATINGS = [(0, "0.5"), (1, "5"), (2, "1e17"), (2, "-1e17"), (2, "inf"), (2, "nan"), (GREATEST, "4.9999999999999999")]
EVERY = [*PERIODS, "all"]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load films of such values once."""
    place = tmp_path_factory.mktemp("extremes")
    links = f"movieId,imdbId,tmdbId\n0,1,0\n1,2,{GREATEST}\n2,3,3\n{GREATEST},4,4\n"
    ratings = "userId,movieId,rating\n" + "".join(f"1,{film},{rating}\n" for film, rating in RATINGS)
    query = loading(place)(folder(place / "data", movies_metadata=text(*FILMS), links=links, ratings=ratings))
    assert query("SELECT movies, ratings, ratings_unread FROM ingests") == [(6, 3, 4)]
    assert query("SELECT * FROM unread_fields") == []
    return place / "movies.duckdb"


@pytest.mark.parametrize(
    ("by", "figures"),
    [
        *(("year", ("--popularity", kind)) for kind in POPULARITY),
        *((by, ("--average",)) for by in EVERY),
        ("all", ("--popularity", "weighted")),
    ],
)
def test_extreme_figures_are_reported(database: Path, by: str, figures: tuple[str, ...]) -> None:
    """By every period, in sums and means, with any popularity, as tables and as finite figures."""
    for command in ("company", "genres"):
        asked = (command, "--by", by, *figures, "--database", str(database))
        rows = json.loads(printed(*asked, "--export", "json"), parse_constant=pytest.fail)
        assert rows
        assert on_screen(*asked, "--top", "1").code == 0


@pytest.mark.parametrize("popularity", ["popularity", "weighted"])
def test_films_of_extreme_values_are_listed(database: Path, popularity: str, tmp_path: Path) -> None:
    """In tables and in every format."""
    asked = ("films", "--popularity", popularity, "--database", str(database))
    assert GREATEST in printed(*asked)
    for kind in ("csv", "json", "ndjson"):
        assert not re.search(r"\b(nan|inf)", printed(*asked, "--export", kind), re.IGNORECASE)
    assert run(*asked, "--output", tmp_path / "films.parquet").returncode == 0


@pytest.mark.parametrize(
    ("by", "metric"),
    [
        *((by, "budget") for by in EVERY),
        *(("year", metric) for metric in METRICS if metric not in {"budget", "growth"}),
    ],
)
def test_extreme_figures_are_drawn_in_a_terminal(database: Path, by: str, metric: str) -> None:
    """Over ten thousand years, for each of their months."""
    for command in ("company", "genres"):
        drawn = run(command, "--by", by, "--metric", metric, "--chart", "--database", database)
        assert (drawn.returncode, len(drawn.stdout.splitlines()) > 1) == (0, True), drawn.stderr


@pytest.mark.parametrize(
    ("by", "kind"),
    [("year", "svg"), ("year", "html"), ("decade", "png"), pytest.param("month", "svg", marks=pytest.mark.slow)],
)
def test_extreme_figures_are_drawn_into_files(database: Path, tmp_path: Path, by: str, kind: str) -> None:
    """Years in which nothing was released take no room in them."""
    path = tmp_path / f"chart.{kind}"
    drawn = run("company", "--by", by, "--metric", "budget", "--chart", path, "--database", database)
    assert drawn.returncode == 0, drawn.stderr
    assert 0 < path.stat().st_size < 5_000_000


def test_catalogues_and_status_hold_extreme_values(database: Path) -> None:
    """Of the last and first year, and the greatest ids."""
    for command in ("companies", "genre-list", "status", "history"):
        assert printed(command, "--database", database)
    assert str(2**63 - 1) in printed("companies", "--export", "csv", "--database", database)
    assert json.loads(printed("status", "--json", "--database", database))["movies"] == len(FILMS)
