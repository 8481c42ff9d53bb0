"""The Python API: the same options as the command line, from any thread."""

import inspect
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import movie_reports
from fuzzing import TIMES
from movie_reports.reports.requests.keywords import FigureOptions, FilmOptions, ListOptions
from movie_reports.reports.requests.request import Request, options

THREADS = 8
CALLS: dict[str, Callable[[movie_reports.Database], Any]] = {
    "company": lambda db: db.company("Pixar"),
    "companies by decade": lambda db: db.company(by="decade", metrics="profit", top=3),
    "company by genre": lambda db: db.company_genres("Pixar", by="all"),
    "genres": lambda db: db.genres(year="1990-1999", popularity="weighted"),
    "films": lambda db: db.films("Pixar", metrics="profit"),
    "films by title": lambda db: db.films(title="TOY story"),
    "catalogue": lambda db: db.companies("quirk"),
    "genre list": lambda db: db.genre_list(),
    "history": lambda db: db.history(),
    "rejects": lambda db: db.rejects(),
    "changes": lambda db: db.changes(),
    "schema": lambda db: db.schema(),
    "status": lambda db: db.status(),
    "sql": lambda db: db.sql("SELECT count(*) AS films FROM movies"),
}


def found(database: movie_reports.Database, name: str) -> Any:  # noqa: ANN401 (rows, or a dictionary)
    """Make a call and return what can be compared."""
    answer = CALLS[name](database)
    return answer if isinstance(answer, dict) else answer.to_pylist()


def test_one_database_answers_many_threads_at_once(sample_database: Path) -> None:
    """Every call gives in eight threads what it gives alone, and `make check` repeats them."""
    with movie_reports.open(sample_database) as database:
        alone = {name: found(database, name) for name in CALLS}
        start = threading.Barrier(THREADS)

        def ask(number: int) -> dict[str, Any]:
            names = [*CALLS][number:] + [*CALLS][:number]
            start.wait()
            return {name: found(database, name) for name in names * TIMES}

        with ThreadPoolExecutor(THREADS) as threads:
            answers = list(threads.map(ask, range(THREADS)))
    assert all(answer == alone for answer in answers)


def test_films_are_found_by_words_of_their_titles(sample_database: Path) -> None:
    """Whatever the case."""
    with movie_reports.open(sample_database) as database:
        titles = database.films(title="TOY story")["title"].to_pylist()
    assert titles == ["Toy Story", "Toy Story 2", "Toy Story 3"]


def test_a_statement_of_ones_own_is_confined_to_the_database(sample_database: Path) -> None:
    """As it is on the command line."""
    with (
        movie_reports.open(sample_database) as database,
        pytest.raises(movie_reports.UsageError),
    ):
        database.sql("SELECT * FROM read_text('/etc/hostname')")


def test_keyword_arguments_are_the_options_of_a_request() -> None:
    """Editors and type checkers see the same names as in a request."""
    own = {"company", "all_matches", "exact", "search", "ingest", "reason", "change", "since"}
    assert {*get_type_hints(FigureOptions), *get_type_hints(ListOptions)} | own == {*options()}
    assert {*get_type_hints(FilmOptions)} < {*get_type_hints(FigureOptions)}
    assert {*options()} <= {*inspect.signature(Request).parameters}
