"""The views of a database answer in any shell what the program answers."""

import re
from pathlib import Path

import duckdb
import pytest

from movie_reports.database import sql
from program import printed

VIEWS = {"company_years": ("company",), "genre_years": ("genres",)}


@pytest.mark.parametrize("view", VIEWS)
def test_views_return_what_the_commands_export(real_database: Path, view: str, tmp_path: Path) -> None:
    """Byte for byte, in the same order."""
    with duckdb.connect(str(real_database), read_only=True) as connection:
        connection.sql(f"FROM {view}").write_csv(str(tmp_path / "view.csv"))
    text = printed(*VIEWS[view], "--export", "csv", "--database", real_database)
    assert (tmp_path / "view.csv").read_text() == text


@pytest.mark.parametrize("view", VIEWS)
def test_views_are_exported_like_the_commands(real_database: Path, view: str) -> None:
    """Their text is what --sql prints, so that a figure has one meaning."""
    text = sql.without_comments(sql.read(f"schema/views/{view}"))
    statement = re.sub(r"^CREATE VIEW \w+ AS\n", "", text.partition(";")[0])
    assert printed(*VIEWS[view], "--sql", "--database", real_database) == f"{statement};\n"


@pytest.mark.parametrize("name", ["reports/figures", "reports/filters", "reports/films"])
def test_parts_of_statements_run_alone(real_database: Path, name: str) -> None:
    """Each file is a statement that a shell runs unchanged, given its parameters."""
    with duckdb.connect(str(real_database), read_only=True) as connection:
        (statement,) = connection.extract_statements(sql.read(name))
        values = {"title": "toy", "weekdays": [5], "languages": ["en"], "statuses": ["released"]}
        connection.execute(statement, {key: values.get(key, 1) for key in statement.named_parameters})
        assert connection.fetchall() is not None
