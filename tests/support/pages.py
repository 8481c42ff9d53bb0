"""Reads web pages: their elements, tables, links and forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

EMPTY = {"meta", "link", "input", "br", "rect", "line", "path", "use", "circle"}


@dataclass
class Element:
    """An element of a page."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Element]:
        """Go through the elements in it with one of some tags; without any, through all."""
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def one(self, tag: str) -> Element:
        """Return the first element in it with a tag."""
        return next(self.all(tag))

    @property
    def text(self) -> str:
        """Its text, with single blanks where there are several, or line breaks."""
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return re.sub("[ \\t\\r\\n]+", " ", "".join(parts)).strip(" \n")

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    def of_class(self, name: str) -> list[Element]:
        """Return the elements in it with a class."""
        return [each for each in self.all() if name in each.classes]


class _Reader(HTMLParser):
    """Builds the tree of a page; an element that is closed wrongly is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def page(text: str) -> Element:
    """Read a page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert [each.tag for each in reader.open] == ["page"]
    return reader.open[0]


def cells(part: Element) -> list[list[str]]:
    """Return the texts of a part of a table, row by row."""
    return [[cell.text for cell in row.all("th", "td")] for row in part.all("tr")]


def filled_in(form: Element) -> str:
    """Return the query that a form would send, without empty fields."""
    pairs = []
    for each in form.all("input", "select"):
        if each.tag == "select":
            value = next((one.attributes["value"] for one in each.all("option") if "selected" in one.attributes), "")
        elif each.attributes["type"] == "checkbox":
            value = each.attributes["value"] if "checked" in each.attributes else ""
        else:
            value = each.attributes.get("value", "")
        if value:
            pairs.append((each.attributes["name"], value))
    return urlencode(pairs)


def harmless_page(text: str) -> None:
    """Check that a page has no element, attribute or address that could run something or ask another host."""
    assert "49" not in text or "{{7*7}}" not in text
    for each in page(text).all():
        assert each.tag not in {"img", "iframe", "object", "style", "base", "embed"}
        assert not [name for name in each.attributes if name.startswith("on") or name == "style"]
        if each.tag == "script":
            assert (each.attributes["src"], each.text) == ("static/script.js", "")
        for name in ("href", "src", "action"):
            assert not re.match(r"\w+:|//", each.attributes.get(name, ""))
