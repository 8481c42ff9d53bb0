"""A request as the query of a URL, and back; both follow the one definition of the options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, get_args
from urllib.parse import urlencode

from starlette.requests import Request as HttpRequest

from movie_reports.errors import UsageError
from movie_reports.reports.catalog import Spec
from movie_reports.reports.requests.option import Option
from movie_reports.reports.requests.request import Request, options, word

Pairs = tuple[tuple[str, str], ...]
Definitions = Mapping[str, tuple[Any, Option, Any]]
"""The type, the documentation and the default of options by name, as `options` has them."""

REMEMBERED = 500
"""How many queries are kept as they were read, since reading takes a third of an answer from memory."""
WORDS = {"true": True, "false": False}


def pairs(http: HttpRequest) -> Pairs:
    """Return the parameters of the query of a URL."""
    return tuple(http.query_params.multi_items())


@lru_cache(REMEMBERED)
def parse(spec: Spec, given: Pairs) -> Request:
    """Read the parameters of a report.

    Raises:
        UsageError: there is no such parameter, or its value is wrong.
    """
    return Request(**values(defined(spec), given))


@lru_cache(REMEMBERED)
def query(spec: Spec, request: Request) -> str:
    """Write a request as the query of a URL, always in the same order and without defaults; without a question mark."""
    return written({name: getattr(request, name) for name in spec.options}, defined(spec))


def filled(given: Pairs) -> Pairs:
    """Leave out the fields of a form that were left empty."""
    return tuple((name, value) for name, value in given if value.strip())


def defined(spec: Spec) -> Definitions:
    """Return the definitions of the options of a report."""
    return {name: options()[name] for name in spec.options}


def values(definitions: Definitions, given: Pairs) -> dict[str, Any]:
    """Read parameters by their definitions.

    Raises:
        UsageError: one has no definition or comes twice, or its value is not of its type.
    """
    names = {word(name): name for name in definitions}
    found: dict[str, Any] = {}
    for spelling, text in given:
        if spelling not in names:
            near = get_close_matches(spelling, names, 1, 0.7)
            message = f"there is no parameter {spelling}"
            message += f": did you mean {near[0]}?" if near else f" here: there are {', '.join(names) or 'none'}"
            raise UsageError(message)
        name = names[spelling]
        type_ = definitions[name][0]
        is_list = Ellipsis in get_args(type_)
        if name in found and not is_list:
            message = f"{spelling} is given twice: give one value"
            raise UsageError(message)
        value = _value(spelling, type_, text)
        found[name] = (*found.get(name, ()), value) if is_list else value
    return found


def written(asked: Mapping[str, Any], definitions: Definitions) -> str:
    """Write values as the query of a URL, without those that are the default."""
    found = [
        (word(name), str(each).strip() if not isinstance(each, bool) else str(each).lower())
        for name, value in asked.items()
        if value != definitions[name][2]
        for each in (value if isinstance(value, tuple) else (value,))
    ]
    return urlencode(found)


def _value(name: str, type_: Any, text: str) -> Any:  # noqa: ANN401 (types)
    """Read a value of a type; words that are one of several are checked by `Request`."""
    if not text.strip():
        message = f"{name} is empty: give it a value, or leave it out"
        raise UsageError(message)
    inner = {type_, *get_args(type_)}
    if bool in inner:
        if text not in WORDS:
            message = f"{name}={text}: write true or false"
            raise UsageError(message)
        return WORDS[text]
    if int in inner and str not in inner:
        if not re.fullmatch(r"\d{1,12}", text, re.ASCII):
            message = f"{name}={text} is not a whole number"
            raise UsageError(message)
        return int(text)
    return text
