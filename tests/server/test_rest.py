"""The REST API: its figures are those of Python, its files those of the command line, its parameters its options."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import hypothesis.strategies as st
import jsonschema
import pytest
import typer
from hypothesis import given
from openapi_spec_validator import validate
from starlette.testclient import TestClient

import movie_reports
from fuzzing import examples
from movie_reports.cli.app import app
from movie_reports.reports.catalog import REPORTS
from movie_reports.reports.requests.choices import Format
from movie_reports.server.answers import formats
from pages import page
from program import run, streams
from questions import FIELDS, ask
from runs import Place, with_rejects
from serving import API, asking, rows


@pytest.fixture(scope="module")
def service(sample_database: Path) -> Any:  # noqa: ANN401 (a generator)
    """Serve the sample."""
    with asking(sample_database) as client:
        yield client


def spelled(asked: dict[str, Any]) -> str:
    """Write keyword arguments as the query of a URL."""
    pairs = []
    for name, value in asked.items():
        word = {"metrics": "metric"}.get(name, name.replace("_", "-"))
        values = value if isinstance(value, list) else [value]
        pairs += [(word, str(each).lower() if isinstance(each, bool) else each) for each in values]
    return urlencode(pairs)


@pytest.mark.parametrize("report", FIELDS)
@examples(20)
@given(data=st.data())
def test_every_figure_is_that_of_python(
    sample_database: Path, service: TestClient, report: str, data: st.DataObject
) -> None:
    """For any request; the values are equal, not only close."""
    asked = data.draw(st.fixed_dictionaries({}, optional=FIELDS[report]))
    with movie_reports.open(sample_database) as database:
        table = ask(database, report, asked)
    expected = json.loads(json.dumps(table.to_pylist(), default=str))
    assert rows(service, f"{report}?{spelled(asked | {'limit': 100})}") == expected


@pytest.mark.parametrize("kind", ["csv", "ndjson", "parquet", "arrow", "tsv", "markdown", "html", "xlsx"])
@pytest.mark.parametrize(
    ("report", "query", "arguments"),
    [
        ("company", "company=Pixar&metric=profit&by=decade", ["Pixar", "--metric", "profit", "--by", "decade"]),
        ("company-genres", "company=Pixar", ["Pixar", "--genres"]),
        ("genres", "year=1990-1999&top=3&min-films=2", ["--year", "1990-1999", "--top", "3", "--min-films", "2"]),
        ("films", "genre=Drama&genre=none&complete=true", ["--genre", "Drama", "--genre", "none", "--complete"]),
        ("films", "", []),
        ("companies", "search=pictures", ["pictures"]),
        ("genre-list", "", []),
        ("history", "", []),
        ("changes", "change=added", ["--change", "added"]),
    ],
)
def test_files_are_those_of_the_command_line(  # noqa: PLR0913, PLR0917 (a case)
    sample_database: Path, service: TestClient, tmp_path: Path, kind: str, report: str, query: str, arguments: list[str]
) -> None:
    """Byte for byte, however many rows there are; their number is in a header."""
    file = tmp_path / f"export.{kind}"
    command = "company" if report == "company-genres" else report
    result = run(command, *arguments, "--output", file, "--database", sample_database)
    assert result.returncode == 0, result.stderr
    answer = service.get(f"{API}/{report}?{query}&format={kind}".replace("?&", "?"))
    assert answer.content == file.read_bytes()
    count = run(command, *arguments, "--export", "ndjson", "--database", sample_database).stdout.count("\n")
    assert answer.headers["movie-reports-rows"] == str(count)
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{report}')


@pytest.mark.parametrize("report", REPORTS)
def test_rows_are_those_of_the_exports(real_database: Path, nasty_database: Path, report: str) -> None:
    """Each character by character, from wherever the rows begin."""
    command = ["company", "--genres"] if report == "company-genres" else [report]
    for database in (real_database, nasty_database):
        _, printed, _ = streams(*command, "--export", "ndjson", "--database", database)
        lines = printed.split("\n")[:-1]
        with asking(database) as client:
            for offset in (0, len(lines) // 2, len(lines)):
                part = lines[offset : offset + 3]
                answer = client.get(f"{API}/{report}?limit=3&offset={offset}")
                assert answer.text.startswith(f'{{"rows":[{",".join(part)}],"count":{len(lines)},')


def test_rejects_can_be_fixed_and_merged(place: Place) -> None:
    """Records come as they are in their file, as on the command line."""
    assert place.run("ingest", place.file(with_rejects(5, 9)), "--max-rejects", "100%").returncode == 0
    _, printed, _ = streams("rejects", "--reason", "id", "--records", "--database", place.database)
    with asking(place.database) as client:
        answer = client.get(f"{API}/rejects?reason=id&records=true")
        assert (answer.text, answer.headers["content-type"]) == (printed, "text/csv; charset=utf-8; header=present")
        assert printed.count("\n") > 9
        assert client.get(f"{API}/rejects?records=true&format=json").status_code == 400
        assert client.get(f"{API}/genres?records=true").status_code == 400
        (downloads,) = page(client.get("/rejects").text).of_class("downloads")
        address = next(link.attributes["href"] for link in downloads.all("a") if link.text.startswith("records"))
        assert client.get(f"/{address}").text == answer.text


def test_large_files_are_complete(nasty_database: Path, real_database: Path) -> None:
    """Also where they are sent in pieces, and asked for by several clients."""
    for database in (nasty_database, real_database):
        _, expected, _ = streams("films", "--export", "ndjson", "--database", database)
        with asking(database) as client:
            answers = [client.get(f"{API}/films?format=ndjson") for _ in range(2)]
        assert [answer.text for answer in answers] == [expected] * 2


def test_the_sql_is_that_of_the_command_line(sample_database: Path, service: TestClient) -> None:
    """Ready to be run elsewhere."""
    expected = run("genres", "--year", "1995", "--sql", "--database", sample_database).stdout
    assert service.get(f"{API}/genres?year=1995&format=sql").text == expected


def test_safe_cells_are_those_of_the_command_line(nasty_database: Path) -> None:
    """For a CSV file that a spreadsheet opens."""
    _, expected, _ = streams("companies", "--export", "csv", "--safe-cells", "--database", nasty_database)
    with asking(nasty_database) as client:
        answer = client.get(f"{API}/companies?format=csv&safe-cells=true")
    assert answer.content.decode() == expected
    assert expected != streams("companies", "--export", "csv", "--database", nasty_database)[1]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv", "text/csv"),
        ("application/json, text/csv;q=0.5", "application/json"),
        ("application/json;q=0.1, application/vnd.apache.parquet", "application/vnd.apache.parquet"),
        ("text/html, */*;q=0.1", "application/json"),
        ("application/vnd.apache.arrow.file", "application/vnd.apache.arrow.file"),
    ],
)
def test_the_header_accept_chooses_a_format(service: TestClient, accept: str, kind: str) -> None:
    """The one with the highest weight."""
    answer = service.get(f"{API}/genres", headers={"accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == kind
    assert "Accept" in answer.headers["vary"]


def test_every_export_of_the_command_line_is_offered() -> None:
    """By the same names."""
    assert {*Format} - {*formats.Kind} == set()


def test_without_the_extra_excel_is_refused(service: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one sentence."""
    monkeypatch.setattr(formats, "HAS_EXCEL", False)
    formats.split.cache_clear()
    answer = service.get(f"{API}/genres?year=1996&format=xlsx")
    assert answer.status_code == 400
    assert "writes no Excel files" in answer.json()["detail"]


def test_a_total_counts_each_film_once(service: TestClient, sample_database: Path) -> None:
    """So it is not the sum of the rows, where films have several genres."""
    answer = service.get(f"{API}/genres?year=1995&limit=2").json()
    with movie_reports.open(sample_database) as database:
        films = database.films(year=1995, genre=database.genre_list()["genre"].to_pylist())
    assert answer["total"]["releases"] == films.num_rows
    assert answer["total"]["budget"] == sum(film["budget"] or 0 for film in films.to_pylist())
    assert (len(answer["rows"]), answer["next"]) == (2, "genres?year=1995&format=json&limit=2&offset=2")


PROBLEMS = [
    ("genres?year=19x", 400, "'19x' is not a year"),
    ("genres?yaer=1995", 400, "did you mean year?"),
    ("genres?plot=Pixar", 400, "there is no parameter plot"),
    ("genres?year=1995&year=1996", 400, "year is given twice"),
    ("genres?year=", 400, "year is empty"),
    ("genres?complete=yes", 400, "write true or false"),
    ("genres?top=0", 400, "give a whole number from 1"),
    ("genres?top=1&bottom=1", 400, "exclude each other"),
    ("genres?top=%D9%A3", 400, "is not a whole number"),
    ("genres?min-budget=1M", 400, "min-budget 1M: write whole dollars, such as 1000000"),
    ("genres?by=week", 400, "choose from year, quarter, month, decade, weekday"),
    ("genres?format=xml", 400, "choose from json, csv"),
    ("genres?limit=0", 400, "limit=0"),
    ("genres?limit=10001", 400, "limit=10001"),
    ("genres?format=csv&limit=10", 400, "limit is for json only"),
    ("genres?safe-cells=true", 400, "safe-cells is for csv only"),
    ("genres?genre=none", 400, "films without a genre"),
    ("films?language=french", 404, "write an ISO 639-1 code; most films have en, "),
    ("rejects?ingest=99", 404, "there was no ingest 99"),
    ("suggest?kind=film", 400, "choose from company, country, collection, genre, keyword, person"),
    ("status?x=1", 400, "there is no parameter x"),
    ("nothing", 404, "Nothing matches"),
]


@pytest.mark.parametrize(("path", "status", "words"), PROBLEMS)
def test_a_mistake_is_explained(service: TestClient, path: str, status: int, words: str) -> None:
    """As problem details, with what to do."""
    answer = service.get(f"{API}/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert words in answer.json()["detail"]
    assert answer.json()["status"] == status


def test_an_ambiguous_name_comes_with_candidates(odd_database: Path) -> None:
    """Each of which leads to an answer."""
    with asking(odd_database) as client:
        answer = client.get(f"{API}/company?company=nova")
        assert answer.status_code == 404
        names = [candidate["name"] for candidate in answer.json()["candidates"]]
        assert names == ["Nova Films", "Nova Pictures"]
        for name in names:
            assert client.get(f"{API}/company", params={"company": name}).json()["rows"][0]["company"] == name


def test_no_acceptable_format_is_406(service: TestClient) -> None:
    """The formats are named."""
    answer = service.get(f"{API}/genres", headers={"accept": "image/png"})
    assert (answer.status_code, "text/csv" in answer.json()["detail"]) == (406, True)


def test_parameters_are_the_options_of_the_command_line(service: TestClient) -> None:
    """With the same meanings; what only a terminal needs is left out, and each output has its name here."""
    paths = service.get(f"{API}/openapi.json").json()["paths"]
    commands: Any = typer.main.get_command(app)
    terminal = {"chart", "all", "output", "quiet", "debug", "no-color", "follow"}
    terminal |= {"database", "snapshot", "engine", "url", "timeout"}  # the service was started with them
    replaced = {"export", "sql", "genres", "report"}  # by formats, other paths, and the description itself
    ignored = {*terminal, *replaced, "format", "limit", "offset", "safe-cells"}
    renamed = dict.fromkeys(("companies", "countries", "collections", "genre-list", "keywords", "people"), "search")
    renamed |= {name: name for name in ("country", "collection", "keyword", "person")}
    for path in paths:
        report = path.removeprefix("/")
        command = commands.commands.get("company" if report == "company-genres" else report)
        if command is None or report == "status":
            continue
        options = {
            next((flag[2:] for flag in each.opts if flag.startswith("--")), renamed.get(report, "company")): each.help
            for each in command.params
        }
        if report == "company-genres":
            figures = {"metric", "average", "quantile", "popularity", "top", "bottom", "min-films"}
            options = {name: text for name, text in options.items() if name not in figures}
        ours = {each["name"]: each["description"] for each in paths[path]["get"]["parameters"]}
        assert {*ours} - ignored == {*options} - ignored, report
        shared = {name for name in {*ours} & {*options} if name not in {"safe-cells", renamed.get(report, "company")}}
        assert {name: ours[name] for name in shared} == {name: options[name] for name in shared}


def test_the_description_is_valid_and_true(service: TestClient) -> None:
    """It is OpenAPI 3.1, and the answers follow it."""
    document = service.get(f"{API}/openapi.json").json()
    validate(document)
    for path, item in document["paths"].items():
        answer = service.get(API + path)
        content = item["get"]["responses"][str(answer.status_code)]["content"]
        kind = "application/json" if answer.is_success else "application/problem+json"
        assert answer.is_success or path.startswith(("/keyword", "/person", "/people")), (
            path
        )  # which the sample does not have
        jsonschema.validate(answer.json(), content[kind]["schema"] | {"components": document["components"]})
    for path, status, _ in PROBLEMS:
        answer = service.get(f"{API}/{path}")
        jsonschema.validate(answer.json(), document["components"]["schemas"]["Problem"])
        assert str(status) in document["paths"]["/genres"]["get"]["responses"]


def test_suggestions_ignore_case_and_accents(service: TestClient) -> None:
    """Names that contain the words, the likeliest first."""
    assert service.get(f"{API}/suggest?words=P%C3%8DXAR").json()["names"][0].startswith("Pixar")
    assert service.get(f"{API}/suggest?kind=genre&words=fic").json() == {"names": ["Science Fiction"]}
    assert len(service.get(f"{API}/suggest").json()["names"]) > 5
