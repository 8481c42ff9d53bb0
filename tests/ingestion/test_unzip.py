"""A file in an archive comes out as zipfile would give it, or fails as zipfile would let it fail."""

import io
import random
import zipfile
import zlib
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives import packed, zipped
from fuzzing import examples
from movie_reports.ingestion.sources.files import DAMAGE
from movie_reports.ingestion.sources.formats import unzip

pytestmark = pytest.mark.parametrize("inflate", [zlib] if unzip.inflate is zlib else [unzip.inflate, zlib])
CONTENT = b"".join(b"%d,%d\n" % (number, number * number) for number in range(3000))


def unpacked(archive: bytes, size: int) -> bytes:
    """Return the content of the one file in an archive, read in pieces."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files, unzip.open_member(files, files.infolist()[0]) as stream:
        return b"".join(iter(lambda: stream.read(size), b""))


@given(content=st.binary(max_size=3000), repeated=st.integers(1, 300), size=st.integers(1, 5000))
@examples(10)
def test_it_is_the_same_in_pieces_of_any_size(inflate: ModuleType, content: bytes, repeated: int, size: int) -> None:
    """Nothing is lost between them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unzip, "inflate", inflate)
        patch.setattr(unzip, "PACKED", 100)
        assert unpacked(zipped(a=content * repeated), size * repeated) == content * repeated


def test_all_is_read_without_a_size(monkeypatch: pytest.MonkeyPatch, inflate: ModuleType) -> None:
    """As from any stream."""
    monkeypatch.setattr(unzip, "inflate", inflate)
    assert unpacked(zipped(a=CONTENT), -1) == CONTENT
    assert unpacked(packed({"a.csv": CONTENT}, zipfile.ZIP_LZMA), -1) == CONTENT


def test_no_more_is_unpacked_than_asked_for(monkeypatch: pytest.MonkeyPatch, inflate: ModuleType) -> None:
    """Even of a small archive that unpacks to much."""
    sizes = []

    class Spy:
        """Notes how much was unpacked at once."""

        def crc32(self, piece: bytes, so_far: int) -> int:
            """Sum up."""
            sizes.append(len(piece))
            return zlib.crc32(piece, so_far)

        def __getattr__(self, name: str) -> object:
            return getattr(inflate, name)

    monkeypatch.setattr(unzip, "inflate", Spy())
    with zipfile.ZipFile(io.BytesIO(zipped(a=bytes(50_000_000)))) as files:
        stream = unzip.open_member(files, files.infolist()[0])
        assert [len(stream.read(size)) for size in (1, 1000, 3_000_000)] == [1, 1000, 3_000_000]
    assert max(sizes) <= unzip.MOST
    assert sum(sizes) == 3_001_001


def test_damage_raises_the_errors_of_zipfile(monkeypatch: pytest.MonkeyPatch, inflate: ModuleType) -> None:
    """Wherever a byte is wrong: what comes out is right, or an error that is known to mean damage."""
    monkeypatch.setattr(unzip, "inflate", inflate)
    sound, rng = zipped(a=CONTENT), random.Random(1)  # noqa: S311 (no secret)
    failures = 0
    for place in [*range(60), *range(len(sound) - 120, len(sound)), *rng.sample(range(60, len(sound) - 120), 200)]:
        damaged = bytearray(sound)
        damaged[place] ^= 1 << rng.randrange(8)
        try:
            content = unpacked(bytes(damaged), 1000)
        except (*DAMAGE, NotImplementedError, RuntimeError):  # RuntimeError: it then seems to be encrypted
            failures += 1
        else:
            assert content == CONTENT
    assert failures >= 200


@pytest.mark.parametrize("size", [0, 1, len(CONTENT) - 1, len(CONTENT) + 1])
def test_a_wrong_size_is_damage(monkeypatch: pytest.MonkeyPatch, inflate: ModuleType, size: int) -> None:
    """Even if the checksum is right."""
    monkeypatch.setattr(unzip, "inflate", inflate)
    with zipfile.ZipFile(io.BytesIO(zipped(a=CONTENT))) as files:
        files.infolist()[0].file_size = size
        with unzip.open_member(files, files.infolist()[0]) as stream, pytest.raises(zipfile.BadZipFile):
            stream.read()
