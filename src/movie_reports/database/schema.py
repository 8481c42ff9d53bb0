"""Creates the tables and views, and finds which version of the schema a database has and whether it was altered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from movie_reports.database import execute, sql
from movie_reports.database.engine import duckdb

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

VIEWS = (
    "film_facts",
    "film_names",
    *(f"{subject}_films" for subject in sql.NAMES),
    "company_years",
    "genre_years",
)
"""The views, each after those that it refers to."""
_FIRST = {
    "companies": "44d572a4006e5d964ef687df191e01a5",
    "genres": "a4f382ee6dc3242a44872ad063f02227",
    "ingest_files": "8aacedd2eb8b8307a105ba0827477e9e",
    "ingests": "7fcdbd5a6854600e7368e1d257888775",
    "movie_companies": "9cdef65b9693d48a9768b7877bfec285",
    "movie_genres": "75c791ca1bf9118635d8b39089d8fe42",
    "movie_ratings": "383c2afd0fc7f267e152e214c1cda153",
    "movies": "a4ed46fb4698f8ff8bbc58b60ad5c5ab",
    "rejects": "e184ed48068ccc0d56e7faa9fbd6b436",
    "unread_fields": "6071cb8f882006cdeca41824f2b2a0a2",
}
_SECOND = _FIRST | {
    "changes": "0558a0f867fb769608bcf07179e9a8ff",
    "ingest_files": "8d87a0adebb0b61b54665037573118de",
    "ingests": "fc7169a9408e45eb0d8b093dc1472772",
    "schema_version": "585b5bade08b50f693e6099431fd24ea",
}
_THIRD = _SECOND | {
    "companies": "2802a935f6e2659ae368fc276fc0cef8",
    "company_films": "d85fe4ab9553caf4b124d25b46f854f5",
    "company_years": "78889d8b27e4ecbc6e6d6ba5cf712b2c",
    "film_facts": "c20791c8ff2b4e29440c69705382df74",
    "film_names": "b66832f40fb963506e2cea25520458b2",
    "genre_films": "7bdec2b37c0ae0f63dc4f36e12b63b3a",
    "genre_years": "672c0ab4b5f7087071867bdf18d89525",
    "genres": "1dce2c254203bb4230e60b7b1c100952",
    "popularity_scale": "d989394be41dc4bbd0c526206a2bc8a1",
}
_FOURTH = _THIRD | {
    "film_facts": "aa8c6c07e54b7df3abeaa1c90f97fb0d",
    "ingest_files": "8f4b637b6c8223ba7837e41808e3b602",
    "ingests": "f847bac772d345be2653256b4ffdbc44",
    "movie_companies": "7ed59671239b563cb36008d3c02dc854",
    "movie_genres": "073a666c9168808004157a25fd2cf628",
    "movies": "6887007795500f7f15a001bbafdfc18c",
}
_FIFTH = _FOURTH | {
    "companies": "c24c94920c9ab505c742c7114c8a10f4",
    "genres": "4293720f94c20db49759adcc74cbf920",
    "movie_ratings": "7eb67fb34b88bb0fb0d5384ebc40d5f7",
    "movies": "90191c61bc68539379d7a617d0ec2dd9",
}
_SIXTH = _FIFTH | {
    "ingests": "9afec5e3be06ae76daf5a745af41764a",
}
_SEVENTH = _SIXTH | {
    "countries": "5a51e8031690a5127ab925a1362f56e2",
    "country_films": "8549fcb7cd7e396ccc581b537a6cd705",
    "events": "2a1e0b289c6a3ce3411faf3f1acaf2ae",
    "film_facts": "7ca35451aedfe453a09b76fdd1334aa1",
    "ingests": "3374dd77c0aac7ec6d0cd6230c2846e5",
    "movie_countries": "3b3b7530f3f5cd1e33f2c3c3fad92cf9",
    "streams": "08e8b5f13f865de500a83ae8992f853f",
}
_EIGHTH = _SEVENTH | {
    "collection_films": "a35bedb4bc8c8dd977a1d641b0771dc2",
    "collections": "2089418cadbb867ad7114da2193b563d",
    "movie_collections": "85141e31a4d8f29687e12b7ba03c36b6",
    "ingests": "0d3c736b46141057a8c46df7e0f44fc7",
    "keyword_films": "26b9084aefcf86de6d9b7c172f29c5f1",
    "keywords": "e0dadde42bd04b04af6f73d9c4cfdf5f",
    "movie_keywords": "16189fec6292d9ad28611ee3a3cb7c34",
    "movie_people": "f047ce03f3aef2573ee2c32c42b2e3bc",
    "people": "5ebf62c90a3b7725cdb2a27a18a6eef7",
    "person_films": "b3f46dddd22a37a615e6c63850e066a1",
}
DEFINITIONS: Mapping[int, Mapping[str, str]] = {
    1: _FIRST,
    2: _SECOND,
    3: _THIRD,
    4: _FOURTH,
    5: _FIFTH,
    6: _SIXTH,
    7: _SEVENTH,
    8: _EIGHTH,
}
"""The tables and views of each version, with the hashes of their definitions as is_ours.sql returns them."""


def make(connection: DuckDBPyConnection) -> None:
    """Create the tables and views of this version in the current database."""
    for text in statements():
        connection.execute(text)


def statements() -> list[str]:
    """Return what creates the tables and views, with their comments."""
    return [sql.read("schema/tables"), *map(view, VIEWS)]


def view(name: str) -> str:
    """Return what creates a view, with its comments; the films of all subjects have the same."""
    subject = name.removesuffix("_films")
    return sql.read("schema/views/company_films", subject) if subject in sql.NAMES else sql.read(f"schema/views/{name}")


def uncommented(text: str) -> str:
    """Return what creates a view, without the comments on it."""
    return text.partition("\nCOMMENT ")[0]


def tables() -> list[str]:
    """Return the names of the tables of this version."""
    return re.findall(r"^CREATE TABLE (\w+)", sql.read("schema/tables"), re.MULTILINE)


def version_of(connection: DuckDBPyConnection, database: str) -> int | None:
    """Return the version of the schema of an attached database; None if it is not one of movie-reports, or was altered.

    A newer version is recognized by its number alone, since only a newer program knows its tables.
    """
    # In a thread, since DuckDB 1.5 imports an installed pandas at the first parameter and swallows Ctrl-C meanwhile.
    found = dict(execute.rows(connection, sql.read("schema/is_ours"), {"database": database}))
    version = _number(connection, database) if "schema_version" in found else 1
    if version is not None and version > sql.SCHEMA_VERSION:
        return version if _FIRST.keys() <= found.keys() else None
    expected = DEFINITIONS.get(version or 0)
    if version == sql.SCHEMA_VERSION and expected and not expected.items() <= found.items():
        expected = _made_here()  # another version of the engine may format the same definition differently
    return version if expected and expected.items() <= found.items() else None


def _made_here() -> dict[str, str]:
    """Return the definitions of this version as the installed engine formats them."""
    with duckdb.connect() as connection:
        make(connection)
        return dict(connection.execute(sql.read("schema/is_ours"), {"database": "memory"}).fetchall())


def _number(connection: DuckDBPyConnection, database: str) -> int | None:
    """Return the version number that a database states, if it states exactly one."""
    try:
        rows = connection.execute(f"SELECT version FROM {database}.main.schema_version LIMIT 2").fetchall()  # noqa: S608 (of ours)
    except duckdb.BinderException:  # it has another column
        return None
    number = rows[0][0] if len(rows) == 1 else None
    return number if isinstance(number, int) else None
