"""Reports on countries and collections are right, and both are filters of every report."""

from dataclasses import dataclass
from typing import Any, cast

import pyarrow as pa
import pytest

import oracle
from against import Case, check

PERIODS = ("year", "quarter", "month", "decade", "weekday", "calendar-month", "all")


@dataclass(frozen=True)
class Kind:
    """A kind of names by which films are grouped, as the oracle and the API call it."""

    case: Case
    name: str

    def report(self, *names: str, **options: Any) -> pa.Table:  # noqa: ANN401 (those of the reports)
        """Return the report on films of these names, or of all."""
        return getattr(self.case.database, self.name)(*names, **options)

    def expected(self, **options: Any) -> list[oracle.Row]:  # noqa: ANN401 (as above)
        """Compute the same without SQL."""
        return oracle.named(self.case.films, self.name, **options)


@pytest.fixture(params=["real", "various"])
def case(request: pytest.FixtureRequest) -> Case:
    """Go through both sources."""
    return cast("Case", request.getfixturevalue(request.param))


@pytest.fixture(params=["country", "collection"])
def kind(case: Case, request: pytest.FixtureRequest) -> Kind:
    """Go through the kinds."""
    return Kind(case, request.param)


@pytest.mark.parametrize("by", PERIODS)
@pytest.mark.parametrize("average", [False, True], ids=["sums", "means"])
def test_each_name_has_the_figures_of_its_films(kind: Kind, by: str, *, average: bool) -> None:
    """A film counts in full for each of its names."""
    check(kind.report(by=by, average=average), kind.expected(by=by, average=average))


@pytest.mark.parametrize("metric", ["profit", "roi", "runtime"])
def test_names_are_ordered_by_the_metric(kind: Kind, metric: str) -> None:
    """In each period, the highest first; and only the highest are shown if that is asked for."""
    rows = kind.expected(by="decade", metrics=[metric])
    check(kind.report(by="decade", metrics=metric), rows)
    check(kind.report(by="decade", metrics=metric, top=2), oracle.top(rows, 2, metric, within="decade"))


def test_shares_and_ranks_are_among_all_names(kind: Kind) -> None:
    """The share is of all films of the period that have a name of the kind, each counted once."""
    rows = kind.expected(by="decade")
    wanted = ["revenue", "share", "growth", "rank"]
    compared = oracle.compared(rows, kind.case.films, kind.name, "decade", "revenue")
    expected = {(row[kind.name], row["decade"]): [row[name] for name in wanted] for row in compared}
    found = kind.report(by="decade", metrics=wanted).to_pylist()
    assert {(row[kind.name], row["decade"]): [row[name] for name in wanted] for row in found} == {
        key: pytest.approx(values) for key, values in expected.items()
    }


def test_every_report_takes_the_names_as_a_filter(kind: Kind) -> None:
    """One name, any of two, or both."""
    films, database = kind.case.films, kind.case.database
    names = [row[kind.name] for row in oracle.top(kind.expected(by="all"), 2, "releases")]
    options: list[dict[str, Any]] = [
        {kind.name: names[:1]},
        {kind.name: names},
        {kind.name: names, "all_of": True},
        {kind.name: names, "genre": "Drama", "year": "1990-"},
    ]
    for asked in options:
        kept = oracle.kept(films, asked)
        if "year" in asked:
            kept = oracle.limited(kept, range(1990, 10_000), None, complete=False)
        if not kept:
            continue
        check(database.company(**asked, exact=True), oracle.company(kept))
        check(database.company_genres(**asked, exact=True), oracle.company_genres(kept, asked.get("genre")))
        check(database.genres(**asked, exact=True), oracle.genres(kept, asked.get("genre")))
        check(database.films(**asked, exact=True), oracle.listing(kept))
        others = {name: value for name, value in asked.items() if name != kind.name}
        together = oracle.joined(kept, oracle.KINDS[kind.name], names) if "all_of" in asked else kept
        shown = [" + ".join(names)] if "all_of" in asked else asked[kind.name]
        rows = [row for row in oracle.named(together, kind.name) if row[kind.name] in shown]
        check(kind.report(*asked[kind.name], **others, exact=True), rows)


@pytest.mark.parametrize("words", ["", "united", "É", "ia", "three colors"])
def test_the_catalogue_lists_the_names_with_their_films(kind: Kind, words: str) -> None:
    """Those that contain the words, most films first, or none."""
    found = getattr(kind.case.database, oracle.KINDS[kind.name])(words or None)
    codes = "codes" if kind.name == "country" else "tmdb_ids"
    assert found.drop_columns(codes).to_pylist() == oracle.catalogue(kind.case.films, kind.name, words)


def test_the_films_of_a_row_add_up_to_it(kind: Kind) -> None:
    """With the filters of the row they are as many, and cost and earned as much."""
    for row in kind.report(by="decade").to_pylist()[:100]:
        decade = row["decade"]
        years = "none" if decade is None else f"{decade:04}-{decade + 9:04}"
        named: dict[str, Any] = {kind.name: row[kind.name]}
        films = kind.case.database.films(**named, exact=True, year=years).to_pylist()
        assert len(films) == row["releases"]
        for figure in ("budget", "revenue"):
            known = [film[figure] for film in films if film[figure] is not None]
            assert row[figure] == (sum(known) if known else None)
