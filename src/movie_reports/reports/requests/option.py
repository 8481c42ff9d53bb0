"""How a field of the request is documented, from which the options of all interfaces are made."""

from __future__ import annotations

from dataclasses import dataclass

FILTERS, FIGURES, OPTIONS = "Filters", "Figures", "Options"


@dataclass(frozen=True)
class Option:
    """The documentation of a field of `Request` that is an option.

    Attributes:
        meaning: a sentence for help and documentation.
        group: the heading under which help lists it.
        flags: how it is written on the command line, such as --metric and -m; by default as the name of the field.
        metavar: the placeholder for its value in help.
        example: a value for the description of the web service.
        pattern: a regular expression of its values, where they are text of a certain form.
    """

    meaning: str
    group: str
    flags: tuple[str, ...] = ()
    metavar: str | None = None
    example: object = None
    pattern: str = r"\S"


def of_names(meaning: str, example: str) -> Option:
    """Return the documentation of a filter by names."""
    return Option(f"{meaning[:-1]} (may be repeated).", FILTERS, metavar="NAME", example=[example])
