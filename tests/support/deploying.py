"""The files in docs/deploy, with their names and ports replaced by those of a test."""

from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "deploy"


def adapted(name: str, replacements: Mapping[str, object]) -> str:
    """Return a file with replacements, all of which must be in it."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    for old, new in replacements.items():
        assert old in text
        text = text.replace(old, str(new))
    return text
