"""The documentation shows what the program does."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("make_docs", ROOT / "docs" / "make.py")
assert SPEC
assert SPEC.loader
make_docs = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(make_docs)


@pytest.mark.parametrize("page", make_docs.PAGES, ids=lambda page: page.name)
def test_examples_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    """Every example in the documentation, run again, prints what the page shows."""
    shown = page.read_text(encoding="utf-8")
    assert make_docs.rewritten(shown, tmp_path) == shown
    assert "Traceback" not in shown


def test_the_picture_is_what_the_program_draws() -> None:
    """The picture in the README is what the program draws of its own sample."""
    assert (ROOT / "docs" / "screen.svg").read_text(encoding="utf-8") == make_docs.screen()
