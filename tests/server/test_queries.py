"""Requests that follow the description of the API, requests that do not, and those of an attacker: none does harm."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from films import NASTY, STEERING
from fuzzing import TIMES
from movie_reports.reports.catalog import REPORTS
from movie_reports.server import openapi
from pages import harmless_page
from serving import API, asking, served

description = schemathesis.openapi.from_dict(openapi.document())
TOGETHER = (
    "is for csv only",
    "is for json only",
    "exclude each other",
    "run backwards",
    "of one name together",
    "leave out format",
    "there is no column",
    "there is no share of",
    "growth is on the period before",
    "have no rank",
    "are in no row",
    "role says what a person did",
)
"""What is wrong with parameters that are right one by one, which OpenAPI cannot describe."""


@pytest.fixture(scope="module")
def base(sample_database: Path) -> Iterator[str]:
    """Serve the sample, and return the address of its API."""
    with served(sample_database) as service:
        yield f"http://localhost:{service.port}{API}"


@settings(max_examples=10 * TIMES)
@description.parametrize()
def test_the_api_does_what_its_description_says(case: schemathesis.Case[Any], base: str) -> None:
    """For requests that follow it and for others: statuses, types, headers and bodies are those described."""
    response = case.call(base_url=base)
    is_explained = response.status_code == 400 and any(words in response.text for words in TOGETHER)
    is_explained |= response.status_code == 410  # changes that are no longer kept
    case.validate_response(response, excluded_checks=[positive_data_acceptance] if is_explained else [])


NAMES = ("company", "genre", "title", "year", "month", "top", "by", "metric", "search", "format", "limit", "page", "")
PIECES = (
    *NASTY,
    *("<script>alert(1)</script>", "%00", "%ff", "%E2%80%AE", "&", "=", "%", "'\"", "../..", "{{7*7}}", "-1", "9" * 30),
    *("none", "1995", "\u202e", "%0d%0aSet-Cookie:x=1", "a" * 500, "*", "csv", "json", "true"),
)


def _hostile(chance: random.Random) -> str:
    """Write a query as an attacker would."""
    pairs = [f"{chance.choice(NAMES)}={''.join(chance.choices(PIECES, k=chance.randrange(1, 3)))}" for _ in range(3)]
    text = "&".join(pairs[: chance.randrange(1, 4)])
    return re.sub(
        r"[#\s]|[^ -~]", lambda found: "".join(f"%{byte:02x}" for byte in found[0].encode(errors="replace")), text
    )


@pytest.mark.parametrize("seed", range(5))
def test_hostile_queries_are_harmless(nasty_database: Path, seed: int) -> None:
    """None makes the service fail, adds a header, or comes back unescaped; `make check` sends 10,000."""
    chance = random.Random(seed)  # noqa: S311 (the same queries each time)
    with asking(nasty_database) as client:
        for _ in range(400 * TIMES):
            is_page = chance.random() < 0.5
            name = chance.choice([*REPORTS, "status", "nothing", "" if is_page else "suggest"])
            answer = client.get(f"{'' if is_page else API}/{name}?{_hostile(chance)}")
            assert answer.status_code in {200, 400, 404, 414}, answer.text
            assert "set-cookie" not in answer.headers
            assert not STEERING.search("".join(f"{name}: {value}" for name, value in answer.headers.items()))
            if answer.headers["content-type"].startswith("text/html"):
                harmless_page(answer.text)
            elif answer.status_code != 200:
                detail = json.loads(answer.content)["detail"]
                assert not STEERING.search(detail.replace("\n", ""))
