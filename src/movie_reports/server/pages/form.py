"""The form of a report: a field for each of its options, made from the definition of the request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import get_args

from movie_reports.reports.catalog import Spec
from movie_reports.reports.requests.choices import POPULARITY, Metric, Popularity
from movie_reports.reports.requests.request import NONE, Request, options, word
from movie_reports.reports.subjects import GENRE, SEARCHED
from movie_reports.server.answers.question import Pairs

FIRST = ("search", "company", "country", "genre", "title", "year", "metrics", "ingest", "reason", "change")
"""The options that are always in view, after the subject of the report; the others open on demand."""


class Control(StrEnum):
    """How a field is filled in."""

    names = "names"
    choice = "choice"
    choices = "choices"
    flag = "flag"
    number = "number"
    text = "text"


@dataclass(frozen=True)
class Field:
    """A field of a form.

    Attributes:
        name: its name in a query, such as min-films.
        meaning: the sentence of the help.
        control: how it is filled in.
        values: what it contains.
        choices: the values that it can have, with their texts.
        usual: what it means to leave it empty.
        is_repeatable: whether it may have several values.
    """

    name: str
    meaning: str
    control: Control
    values: Sequence[str] = ()
    choices: Sequence[tuple[str, str]] = ()
    usual: str = "any"
    is_repeatable: bool = False

    @property
    def label(self) -> str:
        """The text beside it."""
        return self.name.replace("-", " ").capitalize()

    @property
    def in_use(self) -> str:
        """What it contains, in words."""
        return " ".join([self.label.lower(), *([] if self.control is Control.flag else [" or ".join(self.values)])])

    @property
    def boxes(self) -> Sequence[str]:
        """The contents of its boxes; there is an empty one for the next value, if there may be several."""
        return [*self.values, ""] if self.is_repeatable or not self.values else self.values


@dataclass(frozen=True)
class Form:
    """The fields that are always in view, and the others, which open on demand.

    Attributes:
        first: the fields in view.
        others: the others.
        is_open: whether the others are in view at once.
    """

    first: Sequence[Field]
    others: Sequence[Field]
    is_open: bool = False

    @property
    def in_use(self) -> str:
        """The others that are filled in, with their values."""
        return ", ".join(field.in_use for field in self.others if field.values)


def form(spec: Spec, request: Request, genres: Sequence[str]) -> Form | None:
    """Return the form of a report, filled in as in a request; None if it has no options."""
    return _form(spec, {name: _field(spec, name, request, genres) for name in spec.options})


def typed(spec: Spec, pairs: Pairs) -> Form | None:
    """Return the form of a report, filled in as it was sent, whether or not that is a request."""
    found = {}
    for name in spec.options:
        field = _field(spec, name, Request(), ())
        found[name] = replace(field, values=[value for each, value in pairs if each == field.name])
    made = _form(spec, found)
    return replace(made, is_open=bool(made.in_use)) if made else None


def _form(spec: Spec, fields: Mapping[str, Field]) -> Form | None:
    subject = [spec.subject.name] if spec.subject and spec.subject.name not in FIRST else []
    first = [name for name in (*subject, *FIRST) if name in fields]
    others = [field for name, field in fields.items() if name not in first]
    return Form([fields[name] for name in first], others) if fields else None


def _field(spec: Spec, name: str, request: Request, genres: Sequence[str]) -> Field:
    type_, option, default = options()[name]
    value = getattr(request, name)
    inner = [each for each in (type_, *get_args(type_)) if isinstance(each, type)]
    words = next((each for each in inner if issubclass(each, StrEnum)), None)
    choices = [(each.value, _text(each)) for each in words or () if each != default]
    if name == GENRE.name and genres:
        choices = [*((each, each) for each in genres), (NONE, "without a genre")]
    if type_ is bool:
        control = Control.flag
    elif Ellipsis in get_args(type_):
        is_name = name in {subject.name for subject in SEARCHED}
        control = (
            Control.choices if words else Control.choice if choices else Control.names if is_name else Control.text
        )
        value = (request.label,) if name == "company" and request.label else value
    else:
        control = Control.choice if choices else Control.text if str in inner else Control.number
    values = [] if value == default else list(map(str, value if isinstance(value, tuple) else (value,)))
    if words is Metric:  # in the order asked for, since the first figure ranks the rows
        choices = [(column.name, column.title) for column in spec.columns if column.is_metric]
        choices.sort(key=lambda choice: values.index(choice[0]) if choice[0] in values else len(values))
    usual = _text(default) if isinstance(default, StrEnum) else "any"
    repeatable = Ellipsis in get_args(type_)
    return Field(word(name), option.meaning, control, values, choices, usual, repeatable)


def _text(member: StrEnum) -> str:
    """Return what a choice means in words."""
    return POPULARITY[member][0] if isinstance(member, Popularity) else member.value
