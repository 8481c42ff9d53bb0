"""Loads names of films that have a file of their own, such as keywords, if they were asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from movie_reports.database import execute
from movie_reports.ingestion.job import Job
from movie_reports.ingestion.reading.ratings import unpack
from movie_reports.ingestion.sources import columns

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

USUAL_FILES = {"keywords": "keywords.csv", "people": "credits.csv"}


def load(connection: DuckDBPyConnection, job: Job, wait: Callable[[], object]) -> None:
    """Add the lists of names in files of their own to those in the files of films.

    Args:
        connection: the database with the staging tables.
        job: what is loaded.
        wait: returns when all films are in their table.
    """
    for name in job.chosen:
        if member := job.source.members.get(name):
            path = unpack(job, member, f"{name}.csv")
            wait()
            places = {member.fields[field]: field for field in ("id", *columns.IN_FILES[name])}
            fields = (places.get(place, f"c{place}") for place in range(1, len(member.columns) + 1))
            parameters = {
                "path": execute.literal(path),
                "columns": dict.fromkeys(fields, "VARCHAR"),
                "separator": member.separator,
            }
            execute.run(connection, f"ingest/read_{name}", parameters)
            path.unlink()


def notes(job: Job) -> list[str]:
    """Say what was asked for and is not in the source."""
    return [
        f"the source has no {name}: neither a file such as {USUAL_FILES[name]} nor a column of films"
        for name in job.chosen
        if name not in job.source.members
        and not any(film.fields.keys() & columns.CHOSEN[name] for film in job.source.films)
    ]
