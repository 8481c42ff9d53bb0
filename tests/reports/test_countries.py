"""Countries are read from every form of lists, and found by their names and ISO codes."""

from pathlib import Path

import pytest

import movie_reports
from films import NASTY, Load, loading, text
from program import run


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return what loads films into a database."""
    return loading(tmp_path)


def country(name: str, code: str = "XX") -> dict[str, str]:
    """Return a country as sources have it."""
    return {"iso_3166_1": code, "name": name}


def made(**lists: list[dict[str, str]] | str) -> list[dict[str, str]]:
    """Make up a film for each list of countries."""
    return [
        {"id": str(number), "title": title, "production_countries": found if isinstance(found, str) else repr(found)}
        for number, (title, found) in enumerate(lists.items(), 1)
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("France", ["France"]),
        ("FRANCE", ["France"]),
        ("fr", ["France"]),
        ("FR", ["France"]),
        ("cote d'ivoire", ["Côte d'Ivoire"]),
        ("CZ", ["Czech Republic", "Czechia"]),
        ("Guinea", ["Guinea"]),
        ("new guinea", ["Papua New Guinea"]),
    ],
)
def test_a_country_is_found_by_name_or_code(load: Load, tmp_path: Path, typed: str, meant: list[str]) -> None:
    """Case and accents do not count; a code means every name that has it."""
    load(
        text(
            *made(
                a=[country("France", "FR"), country("Côte d'Ivoire", "CI")],
                b=[country("Czechia", "CZ"), country("Guinea", "GN")],
                c=[country("Czech Republic", "CZ"), country("Papua New Guinea", "PG")],
            )
        )
    )
    with movie_reports.open(tmp_path / "movies.duckdb") as database:
        assert sorted(database.country(typed, by="all")["country"].to_pylist()) == meant
        assert database.films(country=typed).num_rows == len(meant)


def test_an_exact_name_is_no_code(load: Load, tmp_path: Path) -> None:
    """Where a country is called as the code of another, as where names are codes."""
    load(text(*made(a=[country("France", "FR")], b=[country("FR")])))
    with movie_reports.open(tmp_path / "movies.duckdb") as database:
        assert database.country("FR", by="all")["country"].to_pylist() == ["France"]
        assert database.country("FR", by="all", exact=True)["country"].to_pylist() == ["FR"]


def test_a_misspelled_country_gets_suggestions(sample_database: Path) -> None:
    """As on a command line that has it as an argument, so where it is an option; and a script gets exit code 3."""
    for arguments in (("country", "Germny"), ("films", "--country", "Germny"), ("countries", "Germny")):
        result = run(*arguments, "--database", sample_database)
        assert (result.returncode, result.stdout) == (3, "")
        assert 'no country has "Germny" in its name; did you mean' in result.stderr
        assert "Germany (" in result.stderr


@pytest.mark.parametrize("name", NASTY, ids=ascii)
def test_a_nasty_name_is_that_country(load: Load, tmp_path: Path, name: str) -> None:
    """It is found, printed harmlessly on one line, and exported exactly."""
    load(text(*made(a=[country(name)], b=[country("Plain")])))
    with movie_reports.open(tmp_path / "movies.duckdb") as database:
        assert [row["country"] for row in database.country(name, exact=True).to_pylist()] == [name]
        assert database.films(country=name, exact=True).num_rows == 1
        assert name in database.countries()["country"].to_pylist()
    result = run("country", "--database", tmp_path / "movies.duckdb")
    assert result.returncode == 0
    assert "\x1b" not in result.stdout


FORMS: dict[str, list[str]] = {
    "[{'iso_3166_1': 'FR', 'name': 'France'}, {'iso_3166_1': 'US', 'name': 'United States of America'}]": [
        "France: FR",
        "United States of America: US",
    ],
    '[{"iso_3166_1": "FR", "name": "France"}]': ["France: FR"],
    '[{"iso_3166_1":"FR","name":"France"}]': ["France: FR"],
    "[{'iso_3166_1': 'LA', 'name': \"Lao People's Democratic Republic\"}]": ["Lao People's Democratic Republic: LA"],
    "[{'name': 'France', 'iso_3166_1': 'FR'}]": ["France: FR"],
    "[{'iso_3166_1': 'fr', 'name': 'France'}, {'iso_3166_1': None, 'name': 'Peru'}]": ["France: ", "Peru: "],
    "['France', 'Peru']": ["France: ", "Peru: "],
    r"[{'iso_3166_1': 'CI', 'name': 'C\xf4te d\'Ivoire'}]": ["Côte d'Ivoire: CI"],
    "[]": [],
    "": [],
}


@pytest.mark.parametrize("cell", FORMS, ids=ascii)
def test_every_form_of_a_list_is_read(load: Load, cell: str) -> None:
    """As Python, JSON and other programs write it; what is no ISO code is no code."""
    query = load(text(*made(a=cell)))
    found = query("SELECT name || ': ' || array_to_string(codes, ' ') FROM countries ORDER BY name")
    assert [name for (name,) in found] == FORMS[cell]
    assert query("FROM unread_fields") == []


def test_names_between_commas_are_read(load: Load) -> None:
    """As TMDB's daily file has them."""
    query = load(text(*made(a="France, Peru", b="France", c="Peru, Chile")))
    found = query(
        "SELECT name, count(*) FROM movie_countries JOIN countries ON id = country_id GROUP BY ALL ORDER BY ALL"
    )
    assert found == [("Chile", 1), ("France", 2), ("Peru", 2)]


def test_lists_that_cannot_be_read_are_counted(load: Load) -> None:
    """Among others that can."""
    plain = {f"film{number}": [country("Peru")] for number in range(30)}
    query = load(text(*made(**plain, cut="[{'iso_3166_1': 'FR', 'na")))
    assert query("SELECT field, films, example FROM unread_fields") == [
        ("production_countries", 1, "[{'iso_3166_1': 'FR', 'na")
    ]


def test_a_source_without_countries_says_so(load: Load, tmp_path: Path) -> None:
    """When it is loaded, and when countries are asked for; other reports work."""
    source = tmp_path / "none.csv"
    header = "id,title,release_date,budget,revenue,popularity,genres,production_companies,belongs_to_collection"
    source.write_text(f"{header}\n1,A film,2001-02-03,10,30,1.5,['Drama'],['Acme'],\n", encoding="utf-8")
    query = load(source)
    ((reason,),) = query("SELECT reason FROM ingests")
    assert reason == "no column production_countries: there will be no reports by country"
    database = ("--database", tmp_path / "movies.duckdb")
    for arguments in (("country",), ("country", "FR"), ("countries",), ("genres", "--country", "France")):
        result = run(*arguments, *database)
        assert (result.returncode, result.stdout) == (3, "")
        assert len(result.stderr.splitlines()) == 1
        assert "the database has no countries: load a source that has production_countries" in result.stderr
    assert run("company", *database).returncode == 0
    assert run("films", *database).returncode == 0
