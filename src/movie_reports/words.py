"""Words that go with figures."""

from __future__ import annotations


def count(number: int, what: str) -> str:
    """Write a number with its noun, such as `1 film` or `2,000 films`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
