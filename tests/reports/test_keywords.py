"""Reports on keywords are right; they are loaded if they are asked for, and only then."""

import json
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

import movie_reports
import oracle
from against import Case, check
from archives import archived
from films import NASTY, text
from fuzzing import examples
from program import assert_fails, run
from questions import FIGURES, ask
from runs import Place, film, films, literals
from serving import API, asking

HEIST = st.lists(st.sampled_from(["heist", "time travel"]), min_size=1, unique=True)
NONE = "the database has no keywords: load them with 'movie-reports ingest --with keywords'"


@pytest.fixture(params=["real", "various"])
def case(request: pytest.FixtureRequest) -> Case:
    """Go through both sources: keywords in a file of their own, and in a column of the films."""
    return cast("Case", request.getfixturevalue(request.param))


def listed(**keywords: str) -> str:
    """Write a file of keywords, by the number of the film after the letter in its name."""
    lines = (f'{name[1:]},"{cell.replace(chr(34), chr(34) * 2)}"\n' for name, cell in keywords.items())
    return "id,keywords\n" + "".join(lines)


def found(place: Place) -> list[tuple[Any, ...]]:
    """Return the keywords of each film."""
    return place.query(
        "SELECT movie_id, list(name ORDER BY name) FROM movie_keywords JOIN keywords ON id = keyword_id "
        "GROUP BY movie_id ORDER BY movie_id"
    )


def packed(place: Place, name: str = "films.zip", films: str = films(1, 2, 3), **files: str) -> Path:
    """Pack films, and other files that belong to them."""
    members = {f"{member}.csv": content for member, content in files.items()}
    return archived(place.folder / name, {"movies_metadata.csv": films, **members})


@pytest.mark.parametrize("by", ["year", "quarter", "decade", "weekday", "all"])
def test_each_keyword_has_the_figures_of_its_films(case: Case, by: str) -> None:
    """A film counts in full for each of its keywords."""
    check(case.database.keyword(by=by), oracle.named(case.films, "keyword", by=by))
    check(case.database.keyword(by=by, average=True), oracle.named(case.films, "keyword", by=by, average=True))


def test_keywords_are_ordered_by_the_metric(case: Case) -> None:
    """In each period, the highest first; and only the highest are shown if that is asked for."""
    rows = oracle.named(case.films, "keyword", by="decade", metrics=["revenue"])
    check(case.database.keyword(by="decade", metrics="revenue"), rows)
    check(case.database.keyword(by="decade", metrics="revenue", top=2), oracle.top(rows, 2, "revenue", within="decade"))


def test_every_report_takes_keywords_as_a_filter(case: Case) -> None:
    """Of one keyword, of any of two, of both, and with other filters."""
    names = [row["keyword"] for row in oracle.top(oracle.named(case.films, "keyword", by="all"), 2, "releases")][:2]
    options: list[dict[str, Any]] = [{"keyword": names[:1]}, {"keyword": names}, {"has": "keyword"}]
    for asked in [*options, {"keyword": names[:1], "genre": "Drama"}]:
        kept = oracle.kept(case.films, asked)
        assert kept
        check(case.database.company(**asked, exact=True), oracle.company(kept))
        check(case.database.genres(**asked, exact=True), oracle.genres(kept, asked.get("genre")))
        check(case.database.country(**asked, exact=True), oracle.named(kept, "country"))
        check(case.database.films(**asked, exact=True), oracle.listing(kept))


def test_films_of_several_keywords_are_those_of_any_or_all(various: Case) -> None:
    """As for companies."""
    names = ["heist", "time travel"]
    both = oracle.kept(various.films, {"keyword": names, "all_of": True})
    assert len(both) < len(oracle.kept(various.films, {"keyword": "heist"}))
    check(various.database.films(keyword=names, all_of=True), oracle.listing(both))
    together = oracle.joined(both, "keywords", names)
    check(various.database.keyword(*names, all_of=True), oracle.named(together, "keyword"))


@pytest.mark.parametrize("words", ["", "heist", "on", "Ü"])
def test_the_catalogue_lists_the_keywords_with_their_films(case: Case, words: str) -> None:
    """Those that contain the words, most films first, or none."""
    found = case.database.keywords(words or None)
    assert found.drop_columns("tmdb_ids").to_pylist() == oracle.catalogue(case.films, "keyword", words)


@pytest.mark.parametrize("name", NASTY, ids=ascii)
def test_a_nasty_name_is_that_keyword(place: Place, name: str) -> None:
    """It is found, printed harmlessly on one line, and exported exactly."""
    place.ingest(text(film(1, keywords=repr([{"id": 1, "name": name}])), film(2)), with_="keywords")
    with movie_reports.open(place.database) as database:
        assert database.keyword(name, exact=True)["keyword"].to_pylist() == [name]
        assert database.films(keyword=name, exact=True)["id"].to_pylist() == [1]
        assert database.keywords()["keyword"].to_pylist() == [name]
    result = place.run("keyword")
    assert result.returncode == 0
    assert "\x1b" not in result.stdout


@examples(20)
@given(asked=st.fixed_dictionaries({}, optional=FIGURES | {"country": st.just("Peru"), "keyword": HEIST}))
def test_the_service_answers_as_python_does(various: Case, asked: dict[str, Any]) -> None:
    """Any request."""
    expected = json.loads(json.dumps(ask(various.database, "keyword", asked).to_pylist(), default=str))
    pairs = [({"metrics": "metric"}.get(name, name.replace("_", "-")), value) for name, value in asked.items()]
    words = [(name, f"{each}".lower() if isinstance(each, bool) else each) for name, each in pairs]
    with asking(various.database.path) as client:
        answer = client.get(f"{API}/keyword?{urlencode([*words, ('limit', 1000)], doseq=True)}")
    assert (answer.status_code == 404 and not expected) or answer.json()["rows"] == expected


def test_pages_lead_to_keywords_where_there_are_some(various: Case, sample_database: Path) -> None:
    """As the other reports; an address of theirs says otherwise how to load them."""
    with asking(various.database.path) as client:
        assert 'href="keyword"' in client.get("/").text
        assert "heist" in client.get("/keyword").text
    with asking(sample_database) as client:
        assert 'href="keyword"' not in client.get("/").text
        answer = client.get("/keyword")
        assert (answer.status_code, "ingest --with keywords" in answer.text) == (404, True)


def test_a_misspelled_keyword_gets_suggestions(real_database: Path) -> None:
    """On the command line as an argument and as an option."""
    for arguments in (("keyword", "jealuosy"), ("films", "--keyword", "jealuosy"), ("keywords", "jealuosy")):
        result = run(*arguments, "--database", real_database)
        assert (result.returncode, result.stdout) == (3, "")
        assert 'no keyword has "jealuosy" in its name; did you mean' in result.stderr
        assert "jealousy (" in result.stderr


def test_keywords_are_only_loaded_if_they_are_asked_for(place: Place) -> None:
    """Without that their file is ignored, however damaged, as is their column; reports say how to load them."""
    source = packed(place, films=text(film(1, keywords="[{'id")), keywords=listed(f1="[{'id"))
    assert place.ingest(source)["reason"] is None
    assert place.query("SELECT name FROM ingest_files WHERE role = 'ignored'") == [("keywords.csv",)]
    assert (found(place), place.query("FROM unread_fields")) == ([], [])
    for arguments in (("keyword",), ("keyword", "x"), ("keywords",), ("genres", "--keyword", "x")):
        assert_fails(place.run(*arguments), 3, NONE)
    assert place.run("films").returncode == 0


def test_an_ingest_loads_what_the_one_before_was_asked_for(place: Place) -> None:
    """Until it is asked for something else; the same source is loaded again if that changes."""
    source = packed(place, keywords=listed(f1=literals(robot=1), f3=literals(alien=2, robot=1), f4=literals(other=3)))
    outcomes = [
        place.ingest(source, **rules)["outcome"]
        for rules in ({}, {"with_": "keywords"}, {}, {"with_": ["keywords"]}, {"force": True})
    ]
    assert outcomes == ["loaded", "loaded", "unchanged", "unchanged", "loaded"]
    assert found(place) == [(1, ["robot"]), (3, ["alien", "robot"])]
    place.ingest(packed(place, keywords=listed(f2=literals(toy=4))))
    assert found(place) == [(2, ["toy"])]
    assert place.run("ingest", str(source), "--with", "none").returncode == 0
    assert place.ingest(source)["outcome"] == "unchanged"
    assert found(place) == []
    assert [row["loaded_with"] for row in place.ledger()] == [None, *["keywords"] * 3, None]


@pytest.mark.parametrize("name", ["actors", "keywords,none", "none,"])
def test_only_what_is_known_can_be_asked_for(place: Place, name: str) -> None:
    """The others are named; a delta cannot take away what is there."""
    merge = [] if name.startswith(("a", "k")) else ["--merge"]
    source = place.file(films(1))
    assert_fails(place.run("ingest", str(source), "--with", name, *merge), 2, "choose from keywords, people")
    assert place.left() == {"films.csv"}


def test_a_source_without_keywords_says_so(place: Place) -> None:
    """In a sentence, if they were asked for."""
    row = place.ingest(films(1, 2), with_="keywords")
    assert row["reason"] == "the source has no keywords: neither a file such as keywords.csv nor a column of films"
    assert_fails(place.run("keyword"), 3, NONE)


def test_films_that_would_lose_their_keywords_are_refused(place: Place) -> None:
    """As for any list of names: their file is missing, or has other ids."""
    keywords = listed(**{f"f{number}": literals(**{f"k{number}": number}) for number in range(1, 21)})
    place.ingest(packed(place, films=films(*range(1, 21)), keywords=keywords), with_="keywords")
    lost = "keywords would be known of 0% of the films, and is now of 100%"
    place.stops(packed(place, "none.zip", films=films(*range(1, 21))), lost)
    place.stops(packed(place, "other.zip", films=films(*range(1, 21)), keywords=listed(f77=literals(a=1))), lost)
    alike = listed(**{f"f{number}": literals(same=1) for number in range(1, 21)})
    place.stops(packed(place, "same.zip", films=films(*range(1, 21)), keywords=alike), "would be the same for 100%")
    assert len(found(place)) == 20


def test_cells_and_lines_that_cannot_be_read_are_counted(place: Place) -> None:
    """Cells that are no list, lines without an id, and lines with too many fields; the others are loaded."""
    good = {f"f{number}": literals(robot=1) for number in range(1, 100)}
    lines = listed(**good, f100="[{'id': 1, 'na") + "x,[]\n1,2,3,4\n"
    place.ingest(packed(place, films=films(*range(1, 101)), keywords=lines), with_="keywords")
    assert place.query("SELECT field, films FROM unread_fields") == [("keywords", 3)]
    assert len(found(place)) == 99
    bad = listed(**good).replace("[{'id': 1", "[{'id: 1")
    place.stops(packed(place, "bad.zip", films=films(*range(1, 100)), keywords=bad), "keywords cannot be read in 99")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        (
            "[{'id': 1, 'name': 'robot'}, {'id': 2, 'name': 'don''t'}]".replace("'don''t'", '"don\'t"'),
            ["don't", "robot"],
        ),
        ('[{"id": 1, "name": "robot"}, {"id": 2, "name": "say \\"x\\""}]', ["robot", 'say "x"']),
        ("robot, alien, based on novel", ["alien", "based on novel", "robot"]),
        ("robot|new york, usa", ["new york, usa", "robot"]),
        ("['robot', 'robot']", ["robot"]),
        ("[]", []),
        ("", []),
    ],
)
def test_every_form_of_a_list_is_read(place: Place, cell: str, names: list[str]) -> None:
    """As Python, JSON and other programs write it, in a column of films and in a file of their own."""
    expected = [(1, names)] if names else []
    place.ingest(text(film(1, keywords=cell)), with_="keywords")
    assert found(place) == expected
    place.ingest(packed(place, keywords=listed(f1=cell)), allow_shrink=True)
    assert found(place) == expected


@pytest.mark.parametrize("is_small", [True, False], ids=["copied", "built"])
def test_films_of_a_delta_keep_keywords_that_it_does_not_tell(place: Place, is_small: bool) -> None:  # noqa: FBT001
    """Others have those of the delta, or none if its list is empty; films that it lacks keep theirs."""
    many = range(1, 301)
    lists = {f"f{number}": literals(**{f"k{number % 9}": number % 9}) for number in many}
    place.ingest(packed(place, films=films(*many), keywords=listed(**lists)), with_="keywords")
    before = dict(found(place))
    size = 0 if is_small else 2 * place.database.stat().st_size
    delta = text(
        film(1, title="New", overview="x" * size, keywords=""),
        film(2, keywords="[]"),
        film(3, keywords=literals(toy=99)),
        film(301, keywords=literals(toy=99, k1=1)),
    )
    row = place.ingest(delta, merge=True)
    after = {number: names for number, names in before.items() if number != 2}
    assert dict(found(place)) == after | {3: ["toy"], 301: ["k1", "toy"]}
    assert (row["films_added"], row["films_changed"], row["loaded_with"]) == (1, 3, "keywords")
    changes = [(row["id"], row["old"], row["new"]) for row in place.changes("changed") if row["field"] == "keywords"]
    assert changes == [(2, "k2", None), (3, "k3", "toy")]
    place.ingest(films(1, 2, 3), merge=True)
    assert dict(found(place)) == after | {3: ["toy"], 301: ["k1", "toy"]}
    assert place.query("SELECT name FROM keywords WHERE id NOT IN (SELECT keyword_id FROM movie_keywords)") == []


def test_a_file_of_keywords_may_be_json_or_named_by_itself(place: Place) -> None:
    """Its columns say what it is."""
    source = place.file(films(1, 2))
    objects = [{"id": 1, "keywords": [{"id": 7, "name": "robot"}]}, {"id": 2, "keywords": []}]
    words = place.file(json.dumps(objects), "words.json")
    place.ingest([source, words], with_="keywords")
    assert found(place) == [(1, ["robot"])]
    place.ingest([source, place.file("movie_id;keywords\n2;[{'id': 8, 'name': 'toy'}]\n", "k.csv")])
    assert found(place) == [(2, ["toy"])]
