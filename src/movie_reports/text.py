"""Text for people: plurals, line breaks, and escapes for control and invisible characters."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from textwrap import wrap

SMALL = 100_000  # bytes below which megabytes say too little
# Patterns are compiled on first use, since that takes longer than the rest of this module.
# Control characters, those that Unicode lets a program ignore (Default_Ignorable_Code_Point), line and paragraph
# separators, and code points that are not valid in text: lone surrogates, U+FFFE and U+FFFF.
UNSEEN = (
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# Where some of them have a visible effect: they join emoji, join or separate letters of some scripts, or choose a form.
_EMOJI = "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_SCRIPTS = "\u0600-\u109f\u1780-\u18af\ua840-\ua8ff"  # from Arabic to Myanmar, Khmer, Mongolian
_AT_WORK = (
    f"[{_EMOJI}\ufe0f]\u200d(?=[{_EMOJI}])|[{_SCRIPTS}][\u200c\u200d](?=[{_SCRIPTS}])"
    f"|[{_EMOJI}][\ufe0e\ufe0f]|[#*0-9]\ufe0f(?=\u20e3)|[\u1820-\u18aa][\u180b-\u180f]"
)


def count(number: int, what: str) -> str:
    """Write a number with its noun, such as `1 film` or `2,000 films`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def size(number: int) -> str:
    """Write a number of bytes, such as `34 kB` or `4.8 MB`."""
    return f"{number / 1e6:,.1f} MB" if number >= SMALL else f"{number / 1e3:,.0f} kB"


def harmless(text: str) -> str:
    """Show control and invisible characters as escapes, and leave all others as they are."""
    return _escaped(text, lambda character: character.encode("unicode_escape").decode())


def harmless_json(text: str) -> str:
    """Do the same in JSON without changing its meaning; line breaks and tabs occur only between its strings."""
    return _escaped(text, lambda character: character if character in "\r\n\t" else json.dumps(character)[1:-1])


def _escaped(text: str, escape: Callable[[str], str]) -> str:
    if text.isascii() and text.isprintable():
        return text
    at_work = re.compile(_AT_WORK)

    def shown(found: re.Match[str]) -> str:
        is_at_work = found.start() and at_work.match(text, found.start() - 1)
        return found.group() if is_at_work else escape(found.group())

    return re.sub(UNSEEN, shown, text)


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of at most `width` terminal cells; a character may take two, or none."""
    if text.isascii():
        return wrap(text, width)
    from rich.cells import cell_len  # noqa: PLC0415 (seldom needed)

    lines = []
    while text := text.lstrip():
        shorter = (wrap(text, size)[0] for size in range(width, 0, -1))
        lines.append(next((line for line in shorter if cell_len(line) <= width), text[0]))
        text = text[len(lines[-1]) :]
    return lines
