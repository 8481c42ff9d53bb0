"""Recognizes URLs, and hides the secrets in them.

Users, passwords and keys come before the host; tokens and signatures are in the query or fragment. Users also type
passwords with an unescaped / @ ? or #, so anything that may belong to a password is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

HIDDEN = "..."
# A Windows drive has one letter. Text copied by accident may precede the scheme: a blank, a quote, `url=`.
_URL = re.compile(r"([^/\\:@?#]+(?<=[a-z0-9+.-]{2}):[/\\]+)(.*)", re.IGNORECASE | re.DOTALL)
_IN_TEXT = re.compile(r"[a-z0-9+.-]{2}:[/\\]+\S+", re.IGNORECASE)  # the end of the scheme is enough
_SLASH = r"[/\\]"
_DELIMITERS = re.compile(r"[\s:/?#@&=\\]+")


def is_url(name: str) -> bool:
    """Whether the name of a source is a URL, of any scheme, well formed or not, and not a path."""
    return _parts(name) is not None and not _exists(name)


def shown(url: str) -> str:
    """Return a URL as it may be shown and kept: without user, password, query and fragment."""
    parts = _parts(url)
    if parts is None:
        return url
    start, rest = parts
    path = _before("[?#]", rest)
    if re.search("@|%40", rest[len(path) :]) and (":" in path or "." not in _before(_SLASH, path)):
        return start + HIDDEN  # the ? or # may be part of a password
    if re.search(":|%40", _before(_SLASH, path.rpartition("@")[2])):
        path = path.replace("%40", "@")  # more characters may be encoded than necessary
    user, at, place = path.rpartition("@")
    hidden = HIDDEN + at if user == HIDDEN or re.search(_SLASH, user) else ""  # it may be part of the path instead
    return start + hidden + _before("%3f|%23", place)


def cleaned(text: str, arguments: Iterable[str] = ()) -> str:
    """Return a text with the secrets in its URLs hidden; URLs that contain blanks are found by the arguments."""
    for argument in arguments:
        path = Path(argument)
        for form in (argument, repr(argument)[1:-1], str(path), str(path.parent)):
            if found := _IN_TEXT.search(form):
                url = form[found.start() :]
                text = text.replace(url, shown(url))
    return _IN_TEXT.sub(lambda found: shown(found.group()), text)


def has_secrets(text: str, url: str) -> bool:
    """Whether a text contains, in any spelling, a hidden word of a URL, or another URL, which may have its own."""
    hidden = _words(url) - _words(shown(url))
    spellings = f"{text} {unquote(text)}".casefold()
    return HIDDEN in shown(url) or "://" in spellings or any(word in spellings for word in hidden)


def _parts(url: str) -> tuple[str, str] | None:
    """Return a URL up to its slashes, and the rest; all of it may be percent-encoded."""
    found = _URL.fullmatch(url) or _URL.fullmatch(unquote(url))
    return (found[1].lstrip(), found[2]) if found else None


def _before(delimiter: str, text: str) -> str:
    return re.split(delimiter, text, maxsplit=1, flags=re.IGNORECASE)[0]


def _words(url: str) -> set[str]:
    """Return the words of a URL, and the parts between delimiters that contain no word."""
    parts = filter(None, _DELIMITERS.split(unquote(url).casefold()))
    return {word for part in parts for word in re.findall(r"\w+", part) or [part]}


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except OSError:  # it is too long for a path
        return False
