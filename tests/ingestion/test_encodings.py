# ruff: noqa: RUF001 (characters that look alike are what this is about)
"""Files of films in other encodings than UTF-8 are read right, or refused with the encodings that they could have."""

from pathlib import Path

import pytest

from films import text
from movie_reports.errors import RefusedError, UsageError
from runs import Place, film
from selection import few

FILMS = {
    "cp1250": ["Człowiek z żelaza", "Popiół i diament", "Krótki film o miłości", "Nóż w wodzie"],
    "cp1251": ["Северный ветер", "Летят журавли", "Андрей Рублёв", "Белое солнце пустыни"],
    "cp1252": ["L’été à Besançon", "La forêt près du château", "El señor de la montaña", "Mädchen auf der Brücke"],
    "cp1253": ["Το λιβάδι που δακρύζει", "Ποτέ την Κυριακή", "Ταξίδι στα Κύθηρα"],
    "cp1254": ["Kış Uykusu", "Babam ve Oğlum", "Ağır Roman", "Eşkıya"],
    "mac_roman": ["L’été à Besançon", "La forêt près du château", "Grüße aus Köln"],
    "koi8_r": ["Северный ветер", "Летят журавли", "Тётя и котёнок"],
    "cp932": ["七人の侍", "となりのトトロ", "東京物語"],
    "euc_jp": ["七人の侍", "となりのトトロ", "東京物語"],
    "gb18030": ["大红灯笼高高挂", "我不是药神", "流浪地球"],
    "big5": ["臥虎藏龍", "悲情城市", "花樣年華"],
    "cp949": ["살인의 추억", "올드보이", "왕의 남자"],
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Have a folder for a database."""
    return Place(tmp_path)


def written(titles: list[str], *others: str) -> str:
    """Write films with these titles."""
    return text(*(film(number, title=title, overview=title) for number, title in enumerate([*titles, *others], 1)))


def titles(place: Place) -> list[str]:
    """Return the titles in the database."""
    return [title for (title,) in place.query("SELECT title FROM movies ORDER BY id")]


@pytest.mark.parametrize("encoding", few(FILMS, "cp1251", "cp1252", "cp932", "gb18030"))
def test_an_encoding_is_detected(place: Place, encoding: str) -> None:
    """The titles are right, and the ledger says what was decided."""
    row = place.ingest(written(FILMS[encoding], "Heat").encode(encoding))
    assert titles(place) == [*FILMS[encoding], "Heat"]
    assert row["rejects"] == 0
    [(found,)] = place.query("SELECT encoding FROM ingest_files")
    assert row["decisions"] == f"encoding {found}"
    assert written(FILMS[encoding]).encode(encoding).decode(found) == written(FILMS[encoding])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_no_byte_order_mark(place: Place, encoding: str) -> None:
    """Every second byte of its header is NUL."""
    place.ingest(written(FILMS["cp932"]).encode(encoding))
    assert titles(place) == FILMS["cp932"]
    assert place.query("SELECT encoding FROM ingest_files") == [(encoding,)]


AMBIGUOUS = ["Nő", "Fő", "Idő"]


def test_an_ambiguous_encoding_is_refused_with_the_candidates(place: Place) -> None:
    """And loads with one of them."""
    content = written(AMBIGUOUS).encode("cp1250")
    with pytest.raises(RefusedError, match=r"films\.csv is not UTF-8, and could be \w+( or \w+)*: add --encoding$"):
        place.ingest(content)
    place.ingest(content, encoding="cp1250")
    assert titles(place) == AMBIGUOUS


def test_bytes_of_no_encoding_are_refused(place: Place) -> None:
    """No garbled name is loaded."""
    content = written(["@1", "@2", "@3"]).encode().replace(b"@", bytes(range(0x80, 0x100)))
    with pytest.raises(RefusedError, match=r"films\.csv is not UTF-8, .*: add --encoding$"):
        place.ingest(content)


def test_an_encoding_that_is_given_is_taken(place: Place) -> None:
    """Whatever it makes of the names."""
    row = place.ingest(written(FILMS["cp1251"]).encode("cp1251"), encoding="cp1252")
    assert titles(place)[0] == "Ñåâåðíûé âåòåð"
    assert row["decisions"] == "encoding cp1252"


def test_bytes_that_an_encoding_does_not_have_are_refused(place: Place) -> None:
    """Rather than lost."""
    with pytest.raises(RefusedError, match=r"films\.csv is not in the encoding cp1252, which has no bytes 8f:"):
        place.ingest(written(["\x8f"]).encode("latin-1"), encoding="cp1252")


@pytest.mark.parametrize("name", ["cp99", "utf-16", "hex", ""])
def test_an_unknown_encoding_is_wrong_usage(place: Place, name: str) -> None:
    """Some known ones are named."""
    with pytest.raises(UsageError, match="cp1252, cp1250"):
        place.ingest(written(["Heat"]), encoding=name)


def test_a_utf_8_file_needs_no_decision(place: Place) -> None:
    """Nothing is said of the usual case."""
    assert place.ingest(written(FILMS["cp1251"]))["decisions"] is None


def test_the_command_says_the_encoding(place: Place) -> None:
    """So that a wrong one is seen, and can be overridden."""
    path = place.file(written(FILMS["cp1251"]).encode("cp1251"))
    assert "encoding cp1251\n" in place.run("ingest", path).stderr
    assert "encoding koi8_r\n" in place.run("ingest", path, "--force", "--encoding", "koi8_r").stderr
