"""Collections, such as franchises, are read from every form of sources, and found by words of their names."""

import json
from pathlib import Path

import pytest

import movie_reports
from films import NASTY, Load, loading, text
from program import run


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return what loads films into a database."""
    return loading(tmp_path)


def collection(name: str, number: int = 1) -> str:
    """Return a collection as sources have it."""
    return repr({"id": number, "name": name, "poster_path": "/7G9.jpg", "backdrop_path": None})


def part_of(*cells: str) -> list[dict[str, str]]:
    """Make up a film for each cell of the column."""
    return [
        {"id": str(number), "title": f"Film {number}", "belongs_to_collection": cell}
        for number, cell in enumerate(cells, 1)
    ]


FORMS: dict[str, list[str]] = {
    collection("Toy Story Collection", 10194): ["Toy Story Collection: 10194"],
    collection("Child's Play Collection", 10455): ["Child's Play Collection: 10455"],
    collection('The "Carry On" Collection'): ['The "Carry On" Collection: 1'],
    collection("It's \"quoted\" {'id': 2}"): ["It's \"quoted\" {'id': 2}: 1"],
    json.dumps({"id": 5, "name": "Één", "poster_path": None}): ["Één: 5"],
    '{"name":"No id"}': ["No id: "],
    "{'id': '7', 'name': 'Text for an id'}": ["Text for an id: "],
    "[{'id': 7, 'name': 'In a list'}]": ["In a list: 7"],
    "The Good, the Bad and the Collection": ["The Good, the Bad and the Collection: "],
    "None": [],
    "{}": [],
    "": [],
}


@pytest.mark.parametrize("cell", FORMS, ids=ascii)
def test_every_form_is_read(load: Load, cell: str) -> None:
    """As Python, JSON and other programs write it; a name alone is one collection, whatever its commas."""
    query = load(text(*part_of(cell)))
    found = query("SELECT name || ': ' || array_to_string(tmdb_ids, ' ') FROM collections ORDER BY name")
    assert [name for (name,) in found] == FORMS[cell]
    assert query("FROM unread_fields") == []


def test_what_cannot_be_read_is_counted(load: Load) -> None:
    """Among others that can."""
    query = load(text(*part_of(*[collection("Star Wars Collection")] * 30, "{'id': 10, 'na")))
    assert query("SELECT field, films, example FROM unread_fields") == [("belongs_to_collection", 1, "{'id': 10, 'na")]
    assert query("SELECT count(*) FROM movie_collections") == [(30,)]


def test_a_collection_is_found_by_words_of_its_name(load: Load, tmp_path: Path) -> None:
    """Without the word Collection, with which most names end."""
    load(text(*part_of(collection("Toy Story Collection"), collection("Police Story Collection"))))
    with movie_reports.open(tmp_path / "movies.duckdb") as database:
        assert database.collection("toy story", by="all")["collection"].to_pylist() == ["Toy Story Collection"]
        assert database.films(collection="police").num_rows == 1


def test_a_misspelled_collection_gets_suggestions(load: Load, tmp_path: Path) -> None:
    """Where it is an argument, an option and a word of a search."""
    load(text(*part_of(collection("Toy Story Collection"))))
    for arguments in (
        ("collection", "Toi Story"),
        ("films", "--collection", "Toi Story"),
        ("collections", "Toi Story"),
    ):
        result = run(*arguments, "--database", tmp_path / "movies.duckdb")
        assert (result.returncode, result.stdout) == (3, "")
        assert 'no collection has "Toi Story" in its name; did you mean' in result.stderr
        assert "Toy Story Collection (1 film, 2001)" in result.stderr


@pytest.mark.parametrize("name", NASTY, ids=ascii)
def test_a_nasty_name_is_that_collection(load: Load, tmp_path: Path, name: str) -> None:
    """It is found, printed harmlessly, and exported exactly."""
    load(text(*part_of(collection(name), collection("Plain"))))
    with movie_reports.open(tmp_path / "movies.duckdb") as database:
        assert database.collection(name, exact=True)["collection"].to_pylist() == [name]
        assert database.films(collection=name, exact=True).num_rows == 1
    result = run("collection", "--database", tmp_path / "movies.duckdb")
    assert result.returncode == 0
    assert "\x1b" not in result.stdout


def test_a_source_without_collections_says_so(load: Load, tmp_path: Path) -> None:
    """When it is loaded, and when collections are asked for."""
    source = tmp_path / "none.csv"
    header = "id,title,release_date,budget,revenue,popularity,genres,production_companies,production_countries"
    source.write_text(f"{header}\n1,A film,2001-02-03,10,30,1.5,['Drama'],['Acme'],['Peru']\n", encoding="utf-8")
    query = load(source)
    assert query("SELECT reason FROM ingests") == [
        ("no column belongs_to_collection: there will be no reports by collection",)
    ]
    for arguments in (("collection",), ("collections",), ("genres", "--collection", "Toy")):
        result = run(*arguments, "--database", tmp_path / "movies.duckdb")
        assert (result.returncode, result.stdout) == (3, "")
        assert "the database has no collections: load a source that has belongs_to_collection" in result.stderr
