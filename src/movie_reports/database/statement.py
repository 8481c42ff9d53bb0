"""A statement and its parameters as one text that can be pasted into DuckDB."""

from __future__ import annotations

import re
from collections.abc import Mapping

from movie_reports.text import CONTROL

_PARAMETER = re.compile(r"--[^\n]*|\$(\w+)")
_CONTROL = re.compile(f"({CONTROL.pattern})")


def pasted(text: str, parameters: Mapping[str, object]) -> str:
    """Return a statement with literals in the place of its parameters; comments stay as they are.

    The text is for people to read and run elsewhere; the program itself binds its parameters.
    """
    values = {"total": False, **parameters}
    return _PARAMETER.sub(lambda found: _literal(values[found[1]]) if found[1] else found[0], text) + ";\n"


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    parts = [_part(part) for part in _CONTROL.split(str(value)) if part] or ["''"]
    return parts[0] if len(parts) == 1 else f"({' || '.join(parts)})"


def _part(text: str) -> str:
    """Quote a text; characters that could steer a terminal are named by their number."""
    return f"chr({ord(text)})" if _CONTROL.fullmatch(text) else "'" + text.replace("'", "''") + "'"
