"""What programs rely on: the columns and types of the exports are those that are promised."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import movie_reports
from films import text
from movie_reports.reports.catalog import REPORTS
from program import printed

FORMS: list[tuple[str, ...]] = [
    ("company",),
    ("company", "--average"),
    ("company", "Pixar", "Ghibli", "--metric", "profit"),
    ("company", "--by", "quarter", "--popularity", "votes"),
    ("company", "--by", "all", "--top", "3"),
    ("company", "--by", "weekday", "--metric", "roi", "--metric", "vote_average", "--quantile", "0.5"),
    ("genres", "--by", "calendar-month", "--metric", "runtime"),
    ("genres", "--metric", "share", "--metric", "rank", "--metric", "growth", "--metric", "profit"),
    ("company", "Pixar", "--genres"),
    ("company", "--genres", "--by", "month"),
    ("genres",),
    ("genres", "--by", "decade", "--popularity", "weighted", "--average"),
    ("films",),
    ("films", "--company", "Pixar", "--metric", "budget"),
    ("films", "--metric", "multiple", "--metric", "margin"),
    ("collection", "star wars", "--metric", "revenue"),
    ("person", "Ann", "--role", "actor"),
    ("keyword", "--by", "all"),
    ("companies",),
    ("genre-list", "fi"),
    ("history",),
    ("rejects", "--ingest", "1"),
    ("changes",),
    ("changes", "--since", "1"),
    ("schema",),
]


@pytest.fixture(scope="module")
def database(sample_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Merge a film with a keyword and an actor into the sample, so that there are these, and changes to list."""
    folder = tmp_path_factory.mktemp("merged")
    path = folder / "movies.duckdb"
    path.write_bytes(sample_database.read_bytes())
    names = {"keywords": "[{'id': 1, 'name': 'toy'}]", "cast": "[{'id': 2, 'name': 'Ann'}]"}
    (folder / "films.csv").write_text(text({"id": "862", **names}, {"id": "1000001", **names}))
    movie_reports.ingest(folder / "films.csv", path, merge=True, with_="keywords,people")
    return path


def schema(report: str) -> dict[str, Any]:
    """Ask the program for the schema of a report, and check that it is one."""
    found: dict[str, Any] = json.loads(printed("schema", "--report", report))
    jsonschema.Draft202012Validator.check_schema(found)
    return found


@pytest.mark.parametrize("form", FORMS, ids=" ".join)
def test_json_exports_keep_to_their_schema(database: Path, form: tuple[str, ...]) -> None:
    """Every row of every form of a report has the columns and types that are promised, and no others."""
    rows = json.loads(printed(*form, "--quiet", "--export", "json", "--database", database))
    assert rows
    name = next(
        (name for option, name in {"--genres": "company-genres", "--since": "events"}.items() if option in form),
        form[0],
    )
    jsonschema.validate(rows, schema(name))


@pytest.mark.parametrize("report", REPORTS)
def test_the_schema_tells_of_what_is_there(database: Path, report: str) -> None:
    """Its properties are the columns of the plain export in their order, besides other periods and figures."""
    command = {"company-genres": ("company", "--genres"), "rejects": ("rejects", "--ingest", "1")}.get(
        report, (report,)
    )
    rows = json.loads(printed(*command, "--export", "json", "--database", database))
    others = {"quarter", "month", "decade", "weekday", "calendar_month"}
    others |= {column.name for column in REPORTS[report].columns if not column.usual}
    properties = schema(report)["items"]["properties"]
    assert [column for column in properties if column not in others] == list(rows[0])
    assert all(field["description"] for field in properties.values())


@pytest.mark.parametrize("wrong", [{"company": 1}, {"company": "x"}, {"company": "x", "complete": 1, "more": 1}])
def test_the_schema_refuses_what_is_not_promised(wrong: dict[str, object]) -> None:
    """Another type, a column left out, a column too many."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([wrong], schema("company"))


def test_parquet_tells_where_its_figures_come_from(sample_database: Path, tmp_path: Path) -> None:
    """Its metadata name the ingest, the source, and what popularity means; with m and C, where they are used."""
    from pyarrow import parquet  # noqa: PLC0415

    def metadata(*options: str) -> dict[str, str]:
        printed("genres", *options, "-q", "-o", tmp_path / "x.parquet", "--database", sample_database)
        found = parquet.read_table(tmp_path / "x.parquet").schema.metadata
        return {key.decode(): value.decode() for key, value in found.items()}

    assert metadata()["movie_reports.popularity"] == "TMDB popularity"
    assert metadata("--popularity", "votes")["movie_reports.popularity"] == "number of TMDB votes"
    assert "m = 6,735 votes" in metadata("--popularity", "weighted")["movie_reports.popularity"]
    found = metadata("--metric", "profit")
    assert "movie_reports.popularity" not in found
    assert (found["movie_reports.ingest"], len(found["movie_reports.source_sha256"])) == ("1", 64)


def test_python_tables_have_the_same_columns(sample_database: Path) -> None:
    """Tables from Python have the columns of the exports."""
    with movie_reports.open(sample_database) as db:
        tables = {
            "company": db.company(),
            "company_genres": db.company_genres(),
            "genres": db.genres(),
            "films": db.films(),
            "companies": db.companies(),
            "genre_list": db.genre_list(),
            "history": db.history(),
            "rejects": db.rejects(),
            "changes": db.changes(),
        }
    for name, table in tables.items():
        columns = REPORTS[name.replace("_", "-")].columns
        assert table.column_names == [column.name for column in columns if column.usual], name
