"""The configuration file: the user's own defaults of some options."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.text import harmless

VARIABLE = "MOVIE_REPORTS_CONFIG"
KINDS = {"database": (str, "a text in quotes"), "color": (bool, "true or false"), "queries": (str, "a text in quotes")}
"""The settings, with the type of each and its description."""


def path() -> Path:
    """Return the path of the file, whether or not it exists."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    folder = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    if not folder.is_absolute():  # the XDG specification ignores relative ones
        folder = Path(os.path.expanduser("~/.config"))  # noqa: PTH111 (Path fails without a home)
    return Path(folder, "movie-reports", "config.toml")


def read() -> Mapping[str, Any]:
    """Return the settings in the file, its paths joined to its folder; none if there is no file.

    Raises:
        MovieReportsError: the file cannot be read.
        UsageError: it is not TOML, or has an unknown setting or a value of another type.
    """
    file = path()
    try:
        content = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        if not os.environ.get(VARIABLE):
            return {}
        message = f"there is no configuration file {harmless(str(file))}, which {VARIABLE} names"
        raise MovieReportsError(message) from error
    except (OSError, ValueError) as error:
        message = f"cannot read {harmless(str(file))}: {getattr(error, 'strerror', error)}"
        raise MovieReportsError(message) from error
    found = _parsed(content, harmless(str(file)))
    return {name: _located(file, value) if isinstance(value, str) else value for name, value in found.items()}


def _parsed(content: bytes, file: str) -> Mapping[str, Any]:
    """Parse and check what is in the file."""
    import tomllib

    try:
        found = tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:
        message = f"{file} is not TOML: {harmless(str(error))}"
        raise UsageError(message) from error
    for name, value in found.items():
        if name not in KINDS:
            message = f"{file} has an unknown setting, {harmless(name)}: there are {', '.join(KINDS)}"
            raise UsageError(message)
        kind, described = KINDS[name]
        if not isinstance(value, kind) or value == "":
            message = f"{file}: {name} must be {described}"
            raise UsageError(message)
    return found


def _located(file: Path, value: str) -> str:
    """Return a path that may be relative to the folder of the file; an address remains as it is."""
    return value if "://" in value else str(file.parent / os.path.expanduser(value))  # noqa: PTH111 (as above)


class Defaults:
    """The defaults of options from the file, which is read when the first of them is looked up."""

    def get(self, option: str) -> Any:  # noqa: ANN401 (of the type of the option)
        """Return the value for an option, or None."""
        return self._values.get(option)

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        settings = read()
        return {**settings, "no_color": not settings["color"]} if "color" in settings else settings
