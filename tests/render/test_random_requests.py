"""Whatever is asked, the program answers or says why not; its table, CSV and JSON have the same rows."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from against import Case
from films import NASTY
from fuzzing import examples
from movie_reports.reports.catalog import REPORTS
from movie_reports.reports.requests.choices import Metric
from movie_reports.reports.requests.request import word
from program import run
from questions import FIELDS

HOSTILE: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(NASTY),
    "language": st.lists(st.sampled_from(NASTY), max_size=2),
    "metrics": st.lists(st.sampled_from(list(Metric)), min_size=1, max_size=4),
    "sort": st.sampled_from(["profit", "-budget", "nothing", "", "-"]),
    "year": st.sampled_from(["1995", "1990-1999", "1999-1990", "-", "none"]),
    "month": st.sampled_from(["1", "11-2", "13"]),
    "runtime": st.sampled_from(["1-9999", "0", "120-90", "x"]),
}
FORMS = {
    "company": ("company",),
    "company-genres": ("company", "--genres"),
    "genres": ("genres",),
    "films": ("films",),
}


def options(report: str, asked: dict[str, Any]) -> Iterator[str]:
    """Write a request as the options of a command."""
    for name, value in asked.items():
        if name == "company" and report not in {"films", "genres"}:
            yield from value
        elif isinstance(value, bool):
            yield from [f"--{word(name)}"] if value else []
        else:
            yield from (f"--{word(name)}={each}" for each in (value if isinstance(value, list) else [value]))


@pytest.mark.parametrize("report", FORMS)
@examples(25)
@given(data=st.data())
def test_any_request_is_answered_in_every_form_alike(various: Case, report: str, data: st.DataObject) -> None:
    """Or refused in every form alike, with one sentence."""
    fields = FIELDS[report] | {
        name: FIELDS[report].get(name, found) | found
        for name, found in HOSTILE.items()
        if name in REPORTS[report].options
    }
    if "company" in fields:
        fields["company"] = st.lists(st.sampled_from(["red", "Blue", "Gren", "e"]), max_size=2)
    asked = data.draw(st.fixed_dictionaries({}, optional=fields))
    command = [*FORMS[report], *options(report, asked), "--quiet", "--database", str(various.database.path)]
    table, text, objects = (run(*command, *form) for form in (("--all",), ("--export=csv",), ("--export=json",)))
    assert table.returncode in {0, 2, 3}, table.stderr
    assert text.returncode == objects.returncode == table.returncode
    if table.returncode:
        assert table.stderr.startswith("movie-reports: ")
        assert "unexpected" not in table.stderr + text.stderr + objects.stderr
        return
    rows = json.loads(objects.stdout)
    written = list(csv.DictReader(io.StringIO(text.stdout, newline="")))
    assert [list(row) for row in written] == [list(row) for row in rows]
    assert [list(map(plain, row.values())) for row in rows] == [list(map(plain, row.values())) for row in written]
    if report == "films" or asked.get("by") == "all":  # no grid
        _, body, *_ = re.split("^─+$|^$", table.stdout.partition("\n\n")[2], flags=re.MULTILINE)
        assert len(body.strip("\n").splitlines()) == len(rows)


def plain(value: object) -> object:
    """Return a number for what is written as one, so that 1 equals 1.0; and nothing for what is missing."""
    if value is None or value == "":
        return None
    try:
        return float(str(value))
    except ValueError:
        return value
