"""The description of the API in OpenAPI 3.1, made from the catalogue and the definition of the options."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, get_args

from movie_reports.reports.catalog import REPORTS, Spec, json_schema
from movie_reports.reports.columns import Kind as Written
from movie_reports.reports.requests.option import Option
from movie_reports.reports.requests.request import word
from movie_reports.reports.subjects import SUBJECTS
from movie_reports.server.answers import formats, question
from movie_reports.server.answers.formats import MEDIA, MOST_ROWS, ROWS, SNAPSHOT, VERSION, Kind
from movie_reports.version import __version__

MOST = 999_999_999_999
LIMITS = {"limit": {"minimum": 1, "maximum": MOST_ROWS}, "offset": {"minimum": 0}, "since": {"minimum": 0}}
SUGGESTION: question.Definitions = {
    "kind": (str, Option("What is named.", "Filters"), "company"),
    "words": (
        str,
        Option("What was typed of the name; case and accents are ignored.", "Filters", metavar="WORDS", example="pix"),
        "",
    ),
}
"""The parameters of suggestions."""
KINDS = tuple(each.name for each in SUBJECTS)
WHAT = {
    "company": "What production companies earned by period",
    "company-genres": "How many films companies released by period and genre",
    "country": "What the films of production countries earned by period",
    "collection": "What the films of collections, such as franchises, earned by period",
    "keyword": "What films with keywords earned by period",
    "person": "What films of directors, writers and actors earned by period",
    "genres": "How genres did by period",
    "films": "The films behind the figures, which add up to them with the same filters",
    "companies": "The companies, most films first",
    "countries": "The production countries, most films first",
    "collections": "The collections, most films first",
    "keywords": "The keywords, most films first",
    "people": "The directors, writers and actors, most films first",
    "genre-list": "The genres, most films first",
    "history": "Every ingest, also those that failed or were refused",
    "rejects": "The records that could not be loaded",
    "changes": "What the last ingest changed; or with since, what all ingests after one changed, as events",
    "schema": "The tables, views and columns of the database",
}
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, and what to do."},
        "candidates": {
            "type": "array",
            "description": "What may have been meant, the likeliest first.",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "description": {"type": "string"}},
                "required": ["name", "description"],
            },
        },
        "oldest": {"type": "integer", "description": "The first ingest since which all changes are kept."},
    },
    "required": ["type", "title", "status", "detail"],
}
ERRORS = {
    "400": "A parameter is wrong.",
    "404": "A name is unknown or ambiguous.",
    "406": "None of the formats is acceptable.",
    "503": "Too many requests are waiting, there are no data yet, or the client has seen newer ones: try again.",
    "504": "The report takes too long.",
}
GONE = {"410": "The changes since this ingest are not kept."}
OBJECT = {"type": "object"}


def document() -> dict[str, Any]:
    """Return the description."""
    others = {
        "status": _path("What the database contains, and since when", {}, _json(OBJECT)),
        "suggest": _path("Names that contain some words, the likeliest first", SUGGESTION, _json(_names())),
        "version": _path("The version of the data, which changes when films are loaded", {}, _json(OBJECT)),
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "movie-reports",
            "version": __version__,
            "description": "Money is in US dollars; null means unknown. A total counts each film once.",
        },
        "servers": [{"url": "."}],
        "paths": {f"/{name}": _report(spec) for name, spec in REPORTS.items()}
        | {f"/{name}": found for name, found in others.items()},
        "components": {"schemas": {"Problem": PROBLEM}},
    }


def _report(spec: Spec) -> dict[str, Any]:
    rows = json_schema(spec)["items"]
    for column in spec.columns:
        if column.kind is Written.money:
            rows["properties"][column.name]["x-unit"] = "USD"
    if spec.since:
        rows = {"anyOf": [rows, json_schema(spec.since)["items"]]}
    content: dict[str, Any] = {MEDIA[kind].partition(";")[0]: {} for kind in Kind} | {
        "application/json": {"schema": _envelope(rows)}
    }
    found = _path(WHAT[spec.name], formats.definitions(spec), content, GONE if spec.since else {})
    for parameter in found["get"]["parameters"]:
        if parameter["name"] == "metric":
            parameter["schema"]["items"]["enum"] = spec.metrics
    return found


def _envelope(rows: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "rows": {"type": "array", "items": rows},
            "count": {"type": "integer", "description": "The number of all rows."},
            "total": {
                "type": ["object", "null"],
                "description": "The figures over all films of the report, each once.",
            },
            "version": {"type": ["string", "null"], "description": "The version of the data."},
            "next": {"type": ["string", "null"], "description": "Where the next rows are, relative to this address."},
        },
        "required": ["rows", "count", "total", "version", "next"],
        "additionalProperties": False,
    }


def _path(
    what: str,
    definitions: question.Definitions,
    content: Mapping[str, Any],
    errors: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    headers = {
        VERSION: {"description": "The version of the data.", "schema": {"type": "string"}},
        SNAPSHOT: {"description": "The number of the snapshot, if it is from one.", "schema": {"type": "integer"}},
        ROWS: {"description": "The number of all rows.", "schema": {"type": "integer"}},
        "ETag": {"schema": {"type": "string"}},
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: dict[str, Any] = {"200": {"description": what, "headers": headers, "content": content}}
    responses["304"] = {"description": "The client has this answer already."}
    responses |= {code: {"description": text, "content": problem} for code, text in {**ERRORS, **errors}.items()}
    parameters = [_parameter(name, *definition) for name, definition in definitions.items()]
    return {"get": {"summary": what, "parameters": parameters, "responses": responses}}


def _parameter(name: str, type_: Any, option: Option, default: object) -> dict[str, Any]:  # noqa: ANN401 (types)
    schema = _schema(name, type_, option.pattern)
    if default not in (None, (), ""):
        schema["default"] = default
    if option.example is not None:
        schema["examples"] = [option.example]
    return {"name": word(name), "in": "query", "required": False, "description": option.meaning, "schema": schema}


def _schema(name: str, type_: Any, pattern: str) -> dict[str, Any]:  # noqa: ANN401 (types)
    """Return the JSON Schema of a value."""
    inner = get_args(type_) or (type_,)
    if Ellipsis in inner:
        return {"type": "array", "items": _schema(name, inner[0], pattern)}
    words = next((each for each in inner if isinstance(each, type) and issubclass(each, StrEnum)), None)
    if words is not None:
        return {"type": "string", "enum": [each.value for each in words]}
    if name == "kind":
        return {"type": "string", "enum": list(KINDS)}
    if bool in inner:
        return {"type": "boolean"}
    if int in inner and str not in inner:
        return {"type": "integer", "minimum": 1, "maximum": MOST, **LIMITS.get(name, {})}
    return {"type": "string", "pattern": pattern}


def _json(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _names() -> dict[str, Any]:
    return {"type": "object", "properties": {"names": {"type": "array", "items": {"type": "string"}}}}
