"""The text of SQL: the files in queries/, and statements for people to paste."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from movie_reports.text import UNSEEN

SCHEMA_VERSION = 8
NAMES: Mapping[str, str] = {
    "company": "companies",
    "genre": "genres",
    "country": "countries",
    "collection": "collections",
    "keyword": "keywords",
    "person": "people",
}
"""The tables of names by what one of them is; a table such as movie_companies links them to films."""
FIELDS: Mapping[str, str] = {
    "company": "production_companies",
    "genre": "genres",
    "country": "production_countries",
    "collection": "belongs_to_collection",
    "keyword": "keywords",
    "person": "people",
}
"""The fields of sources that have their names."""
FEW = {"genre", "country"}
"""Those of which there are only few names, with many films each."""
CHOSEN: Mapping[str, str] = {NAMES[subject]: subject for subject in ("keyword", "person")}
"""Those that are only loaded if they are asked for, by the name of their table."""
_CODES = {"country": (("item.id", "item.iso_3166_1"), ("tmdb_id", "code"))}
"""What identifies names besides the name itself, if not ids of TMDB: in the items of lists, and in tables."""
_INSTALLED = Path(__file__).parents[1] / "queries"
_CHECKOUT = Path(__file__).parents[3] / "queries"
_PARAMETER = re.compile(r"\$(\w+)")
_AMONG = re.compile(r"array_contains\((\$\w+), ([\w.]+)\)")
_NUMBERED = rf"({UNSEEN}|\\)"  # Spark takes a backslash for the beginning of an escape; compiled on first use
_COMMENT = re.compile(r"^--[^\n]*\n", re.MULTILINE)


@cache
def read(name: str, subject: str = "company") -> str:
    """Return the text of a file, such as `reports/figures`.

    An installed package carries the queries inside; a checkout has them at its top.

    Args:
        name: the file in queries/, without its suffix.
        subject: the names that it is about, one of `NAMES`, if it is written for companies and may be about others.
            Names of which a film has more than the link, as people have roles, have some files of their own.
    """
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    own = folder / NAMES[subject] / f"{name}.sql"
    if own.is_file():
        return own.read_text(encoding="utf-8")
    text = (folder / f"{name}.sql").read_text(encoding="utf-8")
    if subject == "company":
        return text
    names = ("production_companies", FIELDS[subject]), ("companies", NAMES[subject]), ("company", subject)
    for old, new in (*_CODES.get(subject, ()), *names):
        text = text.replace(old, new)
    return text


def subjects(chosen: Collection[str]) -> tuple[str, ...]:
    """Return the subjects of which names are loaded: all but those that are not chosen and have to be."""
    return tuple(subject for subject, table in NAMES.items() if table not in CHOSEN or table in chosen)


def without_comments(text: str) -> str:
    """Leave out the lines of a file that are comments."""
    return _COMMENT.sub("", text)


def for_spark(text: str) -> str:
    """Return the statement of a report as Spark SQL takes it: its parameters are written :name."""
    return _PARAMETER.sub(r":\1", text)


def for_postgres(text: str) -> str:
    """Return the statement of a report as psycopg takes it, %(name)s, for PostgreSQL, which has no array_contains."""
    return _PARAMETER.sub(r"%(\1)s", _AMONG.sub(r"\2 = ANY(\1)", text.replace("%", "%%")))


def pasted(text: str, parameters: Mapping[str, object]) -> str:
    """Return the statement of a report with literals in the place of its parameters.

    The text is for people to read and run elsewhere; the program itself binds its parameters.
    """
    text = _AMONG.sub(r"\2 IN \1", text)  # engines write lists with different brackets
    return _PARAMETER.sub(lambda found: _literal(parameters[found[1]]), text) + ";\n"


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"({', '.join(map(_literal, value))})"
    parts = [_part(part) for part in re.split(_NUMBERED, str(value)) if part] or ["''"]
    return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"


def _part(text: str) -> str:
    """Quote a text; control and invisible characters, and backslashes, are written as numbers."""
    return f"chr({ord(text)})" if re.fullmatch(_NUMBERED, text) else quoted(text)


def quoted(text: object) -> str:
    """Return a text as a literal, where the engine takes no parameter."""
    return "'" + str(text).replace("'", "''") + "'"
