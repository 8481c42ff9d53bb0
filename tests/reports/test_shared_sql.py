"""The statements of the reports use only SQL that DuckDB, Spark and PostgreSQL share."""

import re

import pytest

from movie_reports.database import schema, sql
from report_statements import of_the_ledger, requests, statements

OUTSIDE = {
    r"\b(qualify|exclude|pivot|lambda|unnest|median|count_if|any_value|arg_\w+|list_\w+)\b": "QUALIFY place = 1",
    r"\b(string_agg|array_to_string|strip_accents|regexp_\w+)\b": "array_to_string(tmdb_ids, ' ')",
    r"\b(group|order) by all\b": "GROUP BY ALL",
    r"^from\b": "FROM film_facts",
    r"\bdistinct from\b": "a.year IS NOT DISTINCT FROM b.year",  # write coalesce(a.year, -1) = coalesce(b.year, -1)
    r"\bnot in\b": "id NOT IN (SELECT movie_id FROM movie_genres)",  # write NOT EXISTS
    r"\bvarchar\b(?!\()|\bprecision\b": "CAST(year AS varchar)",  # write varchar(4)
    r"\bdesc\b(?! nulls last)": "ORDER BY releases DESC",
    r"/ (count|sum)\(": "sum(budget) / count(budget)",  # write nullif(count(budget), 0)
    r"[\"\\\[\]:]": "budget::double",
    r"\bnull as\b": "SELECT NULL AS year",  # write CAST(NULL AS integer)
}
"""What not all of them understand in the same way, with an example."""


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Put together the statements of many requests, and the views but for one; texts in them do not matter."""
    asked = [
        each
        for seed in range(100)
        for each in requests(
            *(seed, ["Red", "Blue", "Green"], ["Drama", "War"], ["Peru", "Chile"]),
            *(["One", "Two"], ["heist"], ["Ann", "Bo"]),
        )
    ]
    found = [each.text for name, request in asked for each in statements(name, request)]
    found += [each.text for each in of_the_ledger()]
    found += [schema.view(name) for name in schema.VIEWS if name != "film_names"]
    return [re.sub(r"'[^']*'", "''", sql.without_comments(text)) for text in found]


@pytest.mark.parametrize("outside", OUTSIDE)
def test_statements_are_of_the_sql_that_all_engines_share(texts: list[str], outside: str) -> None:
    """None contains what fails elsewhere, or means something else there."""
    pattern = re.compile(outside, re.IGNORECASE)
    assert pattern.search(OUTSIDE[outside])
    assert [text for text in texts if pattern.search(text)] == []
