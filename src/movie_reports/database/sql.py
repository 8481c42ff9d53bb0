"""The text of SQL: the files in queries/, and statements for people to paste."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from movie_reports.text import UNSEEN

SCHEMA_VERSION = 5
_INSTALLED = Path(__file__).parents[1] / "queries"
_CHECKOUT = Path(__file__).parents[3] / "queries"
_PARAMETER = re.compile(r"--[^\n]*|\$(\w+)")
_UNSEEN = f"({UNSEEN})"  # compiled on first use, as in text.py
_COMMENT = re.compile(r"^--[^\n]*\n", re.MULTILINE)


@cache
def read(name: str) -> str:
    """Return the text of a file, such as `reports/figures`.

    An installed package carries the queries inside; a checkout has them at its top.
    """
    folder = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return (folder / f"{name}.sql").read_text(encoding="utf-8")


def without_comments(text: str) -> str:
    """Leave out the lines of a file that are comments."""
    return _COMMENT.sub("", text)


def pasted(text: str, parameters: Mapping[str, object]) -> str:
    """Return a statement with literals in the place of its parameters; comments stay as they are.

    The text is for people to read and run elsewhere; the program itself binds its parameters.
    """
    return _PARAMETER.sub(lambda found: _literal(parameters[found[1]]) if found[1] else found[0], text) + ";\n"


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    parts = [_part(part) for part in re.split(_UNSEEN, str(value)) if part] or ["''"]
    return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"


def _part(text: str) -> str:
    """Quote a text; control and invisible characters are written as numbers."""
    return f"chr({ord(text)})" if re.fullmatch(_UNSEEN, text) else quoted(text)


def quoted(text: object) -> str:
    """Return a text as a literal, where the engine takes no parameter."""
    return "'" + str(text).replace("'", "''") + "'"
