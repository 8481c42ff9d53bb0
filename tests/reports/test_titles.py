"""Titles, headings and notes of tables say what was asked."""

import subprocess
from pathlib import Path

import pytest

import oracle
from against import Case
from program import PROGRAM, exported, printed

BY = ("year", "quarter", "month", "decade", "weekday", "all")


@pytest.mark.parametrize("by", BY)
def test_columns_are_named_after_the_period(sample_database: Path, by: str) -> None:
    """In the exports and the headings of tables; no column is where all films are taken together."""
    for command in (["company"], ["company", "--genres"], ["genres"]):
        output = printed(*command, "--by", by, "--year", "1995", "--database", sample_database)
        (row, *_) = exported(*command, "--by", by, "--year", "1995", "--database", sample_database)
        assert [column for column in row if column in BY] == [by] * (by != "all")
        headings = output.splitlines()[2].split()
        assert [heading for heading in headings if heading.lower() in BY] == [by.capitalize()] * (by != "all")
        words = (["genre"] if "--genres" in command else []) + ([by] if by != "all" else [])
        title = "Genres" if command == ["genres"] else "Companies"
        assert output.startswith(f"{title}{' by ' if words else ''}{' and '.join(words)}")
        assert "(1995)" in output.splitlines()[0]


HEADINGS = {
    "votes": ("Votes", "number of TMDB votes"),
    "vote-average": ("Mean vote", "mean of the TMDB votes"),
    "weighted": ("Weighted", "weighted rating"),
    "ratings": ("Ratings", "number of MovieLens ratings"),
    "ratings-mean": ("Mean rating", "mean of the MovieLens ratings"),
}


@pytest.mark.parametrize("kind", HEADINGS)
def test_a_table_says_what_popularity_means(various: Case, kind: str) -> None:
    """In its title, its heading and a note; of the weighted rating with the m and C of this very data."""
    database = various.database.path
    for command, among in ((["company", "Red"], True), (["genres"], True), (["films"], False)):
        output = printed(*command, "--popularity", kind, "--database", database)
        heading, words = HEADINGS[kind]
        title, _, headings, *_ = output.splitlines()
        assert f"(popularity: {words})" in title
        assert heading in headings
        assert "Popularity" not in headings
        mean = "the mean, over the films of the row, of " if among else ""
        (note,) = (line for line in output.splitlines() if line.startswith(f"Popularity here is {mean}the {words}"))
        m, c = oracle.vote_scale(various.films)
        assert (f"m = {float(m):,.10g} votes and C = {float(c):.4f}" in note) == (kind == "weighted")
    assert "opularity" not in printed("genres", "--metric", "profit", "--popularity", kind, "--database", database)


@pytest.mark.parametrize("form", [(), ("--export", "parquet")], ids=" ".join)
def test_without_means_of_votes_no_rating_is_known(odd_database: Path, form: tuple[str, ...]) -> None:
    """A source may have the number of votes without their mean: the report says so, also in the metadata of a file."""
    command = [*PROGRAM, "genres", "--popularity", "weighted", *form, "--database", str(odd_database)]
    output = subprocess.run(command, capture_output=True, check=True).stdout
    assert b"weighted rating: no film has votes whose mean is known" in output


def test_titles_name_the_limits(various: Case) -> None:
    """Years, months, genres, that only complete films count, and which rows are left out."""
    limits = ["--month", "11-2", "--year", "1989-2011", "--genre", "war", "--genre", "Drama", "--complete"]
    for command, subject in ((["company", "Red"], "Red by year"), (["films", "--company", "Red"], "Films of Red")):
        output = printed(*command, *limits, "--database", various.database.path)
        words = "1989-2011, November to February, Drama or War, complete films only"
        assert output.splitlines()[0] == f"{subject} ({words})"
    output = printed("company", "--by", "all", "--min-films", "2", "--top", "3", "--database", various.database.path)
    assert output.splitlines()[0] == "Companies over all years (at least 2 films each, top 3 by releases)"


@pytest.mark.parametrize(
    ("arguments", "title"),
    [
        (("films", "--top", "5"), "Films (top 5 by budget)"),
        (("films", "--sort", "-vote-average"), "Films, by mean vote descending"),
        (("films", "--sort", "release-date"), "Films, by release date"),
        (("genres", "--by", "all", "-m", "roi"), "Genres over all years, highest ROI first"),
        (("films", "-m", "revenue", "-m", "budget", "--bottom", "2"), "Films (bottom 2 by revenue)"),
        (("genres", "--by", "all", "--top", "1"), "Genres over all years (top 1 by popularity)"),
        (
            ("company", "--average", "-m", "profit", "--top", "1"),
            "Companies by year (top 1 of each year by mean profit)",
        ),
        (("company", "Red", "Blue", "--top", "1"), "Red and Blue by year (top 1 of each year by releases)"),
        (("company", "Red", "-m", "profit", "--top", "3"), "Red by year (top 3 years by profit)"),
        (
            ("genres", "--genre", "War", "--by", "decade", "--bottom", "1"),
            "War by decade (bottom 1 decade by popularity)",
        ),
        (("genres",), "Genres by year, highest popularity of each year first"),
        (("genres", "--by", "all", "--average", "-m", "profit"), "Genres over all years, highest mean profit first"),
        (("company", "--by", "all", "-m", "releases"), "Companies over all years, most releases first"),
        (
            ("company", "-m", "profit", "--year", "1990-"),
            "Companies by year (from 1990), highest profit of each year first",
        ),
        (("company", "Red", "-m", "profit"), "Red by year"),
        (("company",), "Companies by year"),
        (("films", "--company", "Red", "--company", "Blue"), "Films of Red or Blue"),
    ],
)
def test_titles_say_what_decides(various: Case, arguments: tuple[str, ...], title: str) -> None:
    """By what the highest are chosen, which rows come first, and that a film counts that is of either company."""
    assert printed(*arguments, "-q", "--database", various.database.path).splitlines()[0] == title
