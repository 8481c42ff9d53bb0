"""Text for people: plurals, line breaks, and characters that could steer a terminal."""

from __future__ import annotations

import re
from textwrap import wrap

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def count(number: int, what: str) -> str:
    """Write a number with its noun, such as `1 film` or `2,000 films`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def harmless(text: str) -> str:
    """Show characters that could steer a terminal as escapes, and leave all others as they are."""
    return CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of no more cells than there are; a letter may take two, or none."""
    if text.isascii():
        return wrap(text, width)
    from rich.cells import cell_len  # noqa: PLC0415 (seldom needed)

    lines = []
    while text := text.lstrip():
        shorter = (wrap(text, letters)[0] for letters in range(width, 0, -1))
        lines.append(next((line for line in shorter if cell_len(line) <= width), text[0]))
        text = text[len(lines[-1]) :]
    return lines
