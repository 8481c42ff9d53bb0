"""Names that would steer a terminal, a query or a search are found, printed harmlessly and exported exactly."""

import csv
import io
import json
import re
from pathlib import Path
from typing import cast

import pytest
from pyarrow import parquet
from rich.cells import cell_len

import movie_reports
from films import NASTY, STEERING, Load, loading, text
from program import run, streams
from runs import literals
from selection import few
from terminal import watched

STEERERS = [name for name in NASTY if STEERING.search(name) or "\n" in name]


def shown(*arguments: str | Path) -> tuple[str, str]:
    """Run the program, which succeeds and steers nothing, and return what it prints and says."""
    code, output, errors = streams(*arguments)
    assert code == 0, errors
    assert not STEERING.search(output + errors)
    return output, errors


def rows(output: str) -> list[str]:
    """Return the lines of a table between its rules, or below its only one."""
    lines = output.splitlines()
    rules = [number for number, line in enumerate(lines) if line and not line.strip("─")]
    end = rules[1] if len(rules) > 1 else [*lines, ""].index("", rules[0])
    return lines[rules[0] + 1 : end]


def escaped(name: str) -> str:
    """Write a name as tables show it."""
    return re.sub(f"\n|{STEERING.pattern}", lambda found: found[0].encode("unicode_escape").decode(), name)


@pytest.mark.parametrize("name", few(NASTY, first=10), ids=ascii)
def test_a_nasty_name_is_that_company(nasty_database: Path, name: str) -> None:
    """A name exactly as it is written is found, with any content, in every report that takes a name."""
    with movie_reports.open(nasty_database) as database:
        assert database.company(name).to_pylist()[0]["company"] == name
        assert database.films(name).column("companies").to_pylist() == [name] * 2
        assert name in database.companies(name).column("company").to_pylist()


@pytest.mark.parametrize("name", STEERERS, ids=ascii)
def test_a_nasty_name_is_printed_harmlessly(nasty_database: Path, name: str) -> None:
    """In the title of its report, where its control characters are escapes."""
    output, _ = shown("company", name, "--database", nasty_database)
    assert output.splitlines()[0] == f"{escaped(name)} by year"
    assert len(rows(output)) == 1


def test_tables_of_nasty_names_are_not_broken_over_lines(nasty_database: Path) -> None:
    """Each row is one line, with the whole name in it: of all companies, of all named, in lists, of films."""
    named = [argument for name in NASTY for argument in ("--company", name)]
    for command, *more in (["company"], ["company", "--", *NASTY], ["companies"], ["company", "--genres"]):
        output, _ = shown(command, "--database", nasty_database, *more)
        names = [re.split(r" {3,}", line)[0] for line in rows(output)]
        assert sorted(names) == sorted(escaped(name).rstrip(" ") for name in NASTY)
    output, _ = shown("films", *named, "--database", nasty_database)
    assert len(rows(output)) == 2 * len(NASTY)


@pytest.mark.parametrize("arguments", [["company"], ["companies"], ["films"], ["company", "--genres"]], ids=" ".join)
def test_nasty_names_are_exported_exactly(nasty_database: Path, tmp_path: Path, arguments: list[str]) -> None:
    """In every format, character for character."""
    column = "companies" if arguments == ["films"] else "company"
    for kind in ("csv", "json", "ndjson", "parquet"):
        path = tmp_path / f"out.{kind}"
        assert streams(*arguments, "--output", path, "--database", nasty_database)[0] == 0
        assert {row[column] for row in read(path)} == set(NASTY)


def read(path: Path) -> list[dict[str, str]]:
    """Read an export of any format; only a line feed ends a line of NDJSON."""
    if path.suffix == ".parquet":
        return cast("list[dict[str, str]]", parquet.read_table(path).to_pylist())
    text = path.read_bytes().decode()
    if path.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(text, newline="")))
    lines = [text] if path.suffix == ".json" else text.split("\n")[:-1]
    objects = [json.loads(line) for line in lines]
    return cast("list[dict[str, str]]", objects[0] if path.suffix == ".json" else objects)


def test_errors_escape_a_name_that_is_not_found(nasty_database: Path) -> None:
    """The words searched, the candidates, and what a name was taken for, on stderr."""
    for words in ("\x1b[31mGreen\x1b[0m", "a\nb\rc", "\u202eTurned", "\u061cA", "e", "red"):
        code, output, errors = streams("company", words, "--database", nasty_database)
        assert (code in {0, 3}, bool(output)) == (True, code == 0)
        assert not STEERING.search(output + errors)
    _, output, errors = streams("films", "--company", "Red by", "--database", nasty_database)
    assert not STEERING.search(output + errors)
    assert r"\x9b31mRed by a single character" in output


@pytest.mark.parametrize("words", ["%", "_", "'", '"', "[", "$", "--", "\\", ";", "?", "{", "\x1b"], ids=ascii)
def test_a_search_has_no_wildcards(nasty_database: Path, words: str) -> None:
    """None is a wildcard, markup or a quotation mark: only names that contain it are found."""
    with movie_reports.open(nasty_database) as database:
        found = database.companies(words).column("company").to_pylist()
    assert set(found) == {name for name in NASTY if words in name}
    assert found


@pytest.mark.parametrize("accents", ["\u0301", "\u0301\u0308", " \u0301 "], ids=ascii)
def test_accents_alone_match_no_company(sample_database: Path, accents: str) -> None:
    """Though they do not count elsewhere, they are in no name, and nothing is similar to them."""
    with movie_reports.open(sample_database) as database:
        assert (database.companies(accents).num_rows, database.genre_list(accents).num_rows) == (0, 0)
        with pytest.raises(movie_reports.NotFoundError, match="no company has") as caught:
            database.company(accents, all_matches=True)
        assert caught.value.candidates == ()
        assert database.genre_list("  ").num_rows == database.genre_list().num_rows > 0


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("studios pixar", "Pixar Animation Studios"),
        ("Ghibli studio", "Studio Ghibli"),
    ],
)
def test_words_of_a_name_are_enough(sample_database: Path, words: str, name: str) -> None:
    """In any order, if no name contains them in the order typed."""
    with movie_reports.open(sample_database) as database:
        assert set(database.company(words).column("company").to_pylist()) == {name}


def test_as_many_candidates_are_listed_as_are_counted(load: Load, tmp_path: Path) -> None:
    """Names with the same characters come before those that only contain them."""
    names = ("ACME", "Acme", "Acme Pictures", "The acme")
    load(text(*({"id": str(n), "production_companies": repr([{"name": name}])} for n, name in enumerate(names, 1))))
    with movie_reports.open(tmp_path / "movies.duckdb") as database:
        for words, meant in (("acme", names[:2]), ("acm", names)):
            with pytest.raises(movie_reports.NotFoundError, match=f"any of {len(meant)} companies") as caught:
                database.company(words)
            assert caught.value.names == meant


@pytest.mark.parametrize(("typed", "meant"), [("Pxar", "Pixar"), ("Dinsey", "Disney"), ("Dreamwroks", "DreamWorks")])
def test_a_typing_mistake_gets_suggestions(sample_database: Path, typed: str, meant: str) -> None:
    """The name with the fewest different characters comes first, even within a name; the error is self-contained."""
    with movie_reports.open(sample_database) as database:
        with pytest.raises(movie_reports.NotFoundError, match=f"did you mean: .*{meant}") as caught:
            database.company(typed)
        assert meant in caught.value.candidates[0]


MAKERS = {
    "Acme": 2,
    "Acme Pictures": 9,
    "Snowback": 1,
    "WBC News": 1,
    "The Good-Works": 1,
    "Clockworks": 6,
    "Fil Żółty": 1,
}
TAKEN = '"{}" is taken as {}'


@pytest.fixture(scope="module")
def makers_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest films of companies whose names contain the same words."""
    folder = tmp_path_factory.mktemp("makers")
    names = [name for name, number in MAKERS.items() for _ in range(number)]
    made = ({"production_companies": json.dumps([{"name": name, "id": len(name)}])} for name in names)
    loading(folder)(text(*(film | {"id": str(number)} for number, film in enumerate(made, 1))))
    return folder / "movies.duckdb"


@pytest.mark.parametrize(
    ("words", "name", "note"),
    [
        ("Acme", "Acme", ""),
        ("acme", "Acme", ""),
        ("acme pic", "Acme Pictures", ""),
        ("owb", "Snowback", TAKEN.format("owb", "Snowback (1 film, 2001)")),
        ("WB", "WBC News", TAKEN.format("WB", "WBC News (1 film, 2001); there is also: Snowback (1 film, 2001)")),
        ("good works", "The Good-Works", ""),
        (
            "work",
            "The Good-Works",
            TAKEN.format("work", "The Good-Works (1 film, 2001); there is also: Clockworks (6 films, 2001)"),
        ),
        ("zolty fil", "Fil Żółty", ""),
    ],
)
def test_a_note_says_how_a_name_was_understood(makers_database: Path, words: str, name: str, note: str) -> None:
    """Who else could be meant, and that a word was found in the middle of another; beginnings of words come first."""
    result = run("company", words, "--export", "csv", "--database", makers_database)
    assert result.stdout.splitlines()[1].startswith(f"{name},")
    assert result.stderr == (f"{note}\n" if note else "")


def test_each_note_says_to_which_name_it_belongs(makers_database: Path) -> None:
    """Where several are named, of which --all-matches would be refused, so that it is not advised."""
    result = run("company", "WB", "owb", "--by", "all", "--database", makers_database)
    assert [line[:20] for line in result.stderr.splitlines()] == ['"WB" is taken as WBC', '"owb" is taken as Sn']
    for more, is_advised in (([], True), (["Acme"], False)):
        result = run("company", "w", *more, "--database", makers_database)
        assert (result.returncode, "--all-matches" in result.stderr) == (3, is_advised)


def test_two_words_of_three_are_enough_for_a_guess(makers_database: Path) -> None:
    """The name is suggested even if the third is spelled differently."""
    result = run("company", "Twentieth Acme Pictures", "--database", makers_database)
    assert (result.returncode, result.stderr.splitlines()[1:]) == (3, ["  Acme Pictures (9 films, 2001)"])


def test_no_note_is_wider_than_the_terminal(tmp_path: Path) -> None:
    """Also where a letter takes two cells."""
    wide = "\N{CJK UNIFIED IDEOGRAPH-6771}\N{CJK UNIFIED IDEOGRAPH-5B9D}"
    names = [f"{wide * 14} {max(number - 4, 0)}" for number in range(8)]
    films = ({"id": str(n), "production_companies": literals(**{name: n})} for n, name in enumerate(names, 1))
    loading(tmp_path)(text(*films))
    code, shown = watched("company", wide * 2, "--database", tmp_path / "movies.duckdb")
    assert code == 0
    assert all(f"{wide * 14} {number}" in " ".join(shown.split()) for number in range(3))
    assert max(map(cell_len, shown.splitlines())) <= 120
