"""What separates fields is seen in the header, and records may have a field more than it."""

import csv
import io
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from archives import packed
from films import text
from program import assert_fails
from runs import Place, film
from selection import few

FILMS = [
    film(1, title="Comma, semicolon; tab\tand | bar", vote_count="3"),
    film(2, title='A "quoted" one', budget="", genres="[{'id': 1, 'name': 'Drama'}, {'id': 2, 'name': 'War'}]"),
    film(3, title="Two\nlines", release_date="1999-12-31"),
    film(4, title="", revenue="1000000"),
    film(77, title="7;7", production_companies="[]"),
]
PLAIN = text(*FILMS)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Have a folder for a database."""
    return Place(tmp_path)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Load the films from a usual file."""
    place = Place(tmp_path_factory.mktemp("usual"))
    place.ingest(PLAIN)
    return place


def rows() -> list[list[str]]:
    """Return the header and the records."""
    return list(csv.reader(io.StringIO(PLAIN, newline="")))


def separated(separator: str, table: list[list[str]]) -> str:
    """Write records with another character between fields."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator="\n").writerows(table)
    return stream.getvalue()


SEPARATORS = [";", "\t", "|"]
KINDS = ["plain", "in an archive", "CRLF", "UTF-16"]


@pytest.mark.parametrize(
    ("separator", "kind"), few(product(SEPARATORS, KINDS), *zip([*SEPARATORS, ";"], KINDS, strict=True))
)
def test_a_separator_is_recognised(place: Place, usual: Place, separator: str, kind: str) -> None:
    """The films are the same, and the ledger tells the separator."""
    content = separated(separator, rows())
    forms: dict[str, bytes] = {
        "plain": content.encode(),
        "in an archive": packed({"films.csv": content}),
        "CRLF": separated(separator, rows())
        .replace("Two\nlines", "Two\0lines")
        .replace("\n", "\r\n")
        .replace("\0", "\n")
        .encode(),
        "UTF-16": content.encode("utf-16"),
    }
    row = place.ingest(forms[kind])
    assert place.data() == usual.data()
    assert (row["rejects"], "separated by" in row["decisions"]) == (0, True)
    assert place.query("SELECT separator FROM ingest_files") == [(separator,)]


@pytest.mark.parametrize("line", few(["sep=;", '"sep=;"', "SEP=;", "sep=;;;;", "\n\nsep=;"], "sep=;", "\n\nsep=;"))
def test_a_line_for_excel_is_obeyed(place: Place, usual: Place, line: str) -> None:
    """It is no header, and lines are still counted as an editor counts them."""
    bad = ["x", *rows()[1][1:]]
    place.ingest(f"{line}\n{separated(';', [*rows(), bad])}", max_rejects=1)
    assert place.data() == usual.data()
    assert place.rejects()[0]["line"] == len(line.splitlines()) + 8


WIDTHS: dict[str, Callable[[list[str], bool], list[str]]] = {
    "a separator behind all": lambda row, _: [*row, ""],
    "a separator behind each record": lambda row, is_header: row if is_header else [*row, ""],
    "several behind each record": lambda row, is_header: row if is_header else [*row, "", "", ""],
    "a separator behind the header": lambda row, is_header: [*row, ""] if is_header else row,
    "an index of pandas": lambda row, is_header: ["", *row] if is_header else [str(int(row[0]) - 1), *row],
    "row names of R": lambda row, is_header: row if is_header else [f"name {row[0]}", *row],
}


@pytest.mark.parametrize("separator", few([",", ";"]))
@pytest.mark.parametrize("width", WIDTHS)
def test_a_header_may_have_fewer_or_more_names_than_the_records(
    place: Place, usual: Place, separator: str, width: str
) -> None:
    """The fields stand where the header says, or one behind the row names."""
    table = [WIDTHS[width](row, number == 0) for number, row in enumerate(rows())]
    assert place.ingest(separated(separator, table))["rejects"] == 0
    assert place.data() == usual.data()


def test_row_names_of_r_are_numbers_by_default(place: Place, usual: Place) -> None:
    """The last column may be empty all over, as if each record ended in a separator."""
    table = rows()
    table = [[*table[0], "tagline"], *([str(number), *row, ""] for number, row in enumerate(table[1:], 1))]
    place.ingest(separated(",", table))
    assert place.data() == usual.data()


def test_a_field_more_that_is_not_empty_is_a_reject(place: Place) -> None:
    """Nobody knows which field it is."""
    table = [row if number == 0 else [*row, "more"] for number, row in enumerate(rows())]
    place.stops(separated(",", table), "none of its records can be loaded; line 2: it has more than 12 fields")


def test_damage_stays_in_its_record_whatever_the_separator(place: Place) -> None:
    """The reject is kept as it stands in the file."""
    content = separated(";", rows()) + '9;"Out of" order;2001-01-01;1;1;1;x;[];[];1\n' + separated(";", [rows()[1]])
    place.ingest(content, max_rejects=1)
    (reject,) = place.rejects()
    assert (reject["line"], reject["reason"]) == (8, "quotes")
    assert place.query("SELECT count(*) FROM movies") == [(5,)]
    place.run("rejects", "--records", "--output", place.folder / "fixed.csv")
    assert (place.folder / "fixed.csv").read_text().splitlines()[0] == content.splitlines()[0]


@pytest.mark.parametrize("separator", few([";", "\t", "|"]))
def test_a_repeated_header_is_left_out(place: Place, usual: Place, separator: str) -> None:
    """As with commas."""
    place.ingest(separated(separator, [*rows(), rows()[0]]), max_rejects=0)
    assert place.data() == usual.data()


@pytest.mark.parametrize("quoted", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("separator", few([";", ",", "\t", "|"]))
def test_ratings_and_links_may_have_a_separator_of_their_own(place: Place, separator: str, quoted: int) -> None:
    """They are read by their columns too."""

    def written(table: list[list[str]]) -> str:
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=separator, lineterminator="\n", quoting=quoted).writerows(table)  # type: ignore[arg-type]
        return stream.getvalue()

    ratings = written([["userId", "movieId", "rating", "timestamp"], ["1", "7", "4.0", "0"], ["2", "7", "5.0", "0"]])
    links = written([["movieId", "imdbId", "tmdbId"], ["7", "1", "77"]])
    row = place.ingest(packed({"films.csv": PLAIN, "r.csv": ratings, "l.csv": links}))
    assert (row["ratings"], row["ratings_matched"], row["ratings_unread"]) == (2, 2, 0)
    assert place.query("SELECT movie_id, mean_rating FROM movie_ratings") == [(77, 4.5)]


@pytest.mark.parametrize(
    ("option", "separator"), few([("^", "^"), ("tab", "\t"), (":", ":"), ("\\t", "\t"), (";", ";")], first=2)
)
def test_a_separator_can_be_given(place: Place, usual: Place, option: str, separator: str) -> None:
    """Any other is not looked for."""
    path = place.file(separated(separator, rows()))
    assert place.run("ingest", path, "--separator", option).returncode == 0
    assert place.data() == usual.data()


@pytest.mark.parametrize("option", ["", ";;", "a", " ", '"', "\n", "é"])
def test_what_is_no_separator_is_wrong_usage(place: Place, option: str) -> None:
    """The message says what can be written."""
    assert_fails(place.run("ingest", place.file(PLAIN), "--separator", option), 2, "is not a separator", "tab")


def test_a_separator_that_does_not_fit_is_said(place: Place) -> None:
    """With the first line, once."""
    message = place.stops(PLAIN, "without semicolons between names: .*--separator", separator=";")
    assert message.count(PLAIN[:20]) == 1


def test_the_comma_wins_where_the_header_is_the_same_with_several(place: Place) -> None:
    """A name may have a semicolon."""
    place.ingest(PLAIN.replace("overview", "a;b;c", 1))
    assert place.query("SELECT count(*), separator FROM movies, ingest_files GROUP BY ALL") == [(5, ",")]
