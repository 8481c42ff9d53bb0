"""Kinds of files, told by their first bytes, and compressed ones as streams."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import IO, cast

from movie_reports.errors import MovieReportsError

HEAD = 1 << 16
MOST_LAYERS = 3
_TAR = slice(257, 262)
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*[{\]]|\{\s*["}])')

Opening = Callable[[], AbstractContextManager[IO[bytes]]]
"""Opens a file at its first byte, as often as needed."""


class Kind(Enum):
    """What a file is."""

    CSV = "text"
    ZIP = "zip"
    TAR = "tar"
    JSON = "JSON"
    PARQUET = "Parquet"
    OLD_EXCEL = "xls"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"


_MAGIC = {
    b"PK": Kind.ZIP,
    b"PAR1": Kind.PARQUET,
    b"\xd0\xcf\x11\xe0": Kind.OLD_EXCEL,
    b"\x1f\x8b": Kind.GZIP,
    b"BZh": Kind.BZIP2,
    b"\xfd7zXZ\0": Kind.XZ,
    b"\x28\xb5\x2f\xfd": Kind.ZSTD,
}


@dataclass(frozen=True)
class Unpacked:
    """A file without the compression around it.

    Attributes:
        kind: what it is.
        open: how to open it.
        is_packed: whether there was any compression.
    """

    kind: Kind
    open: Opening
    is_packed: bool = False


def kind_of(head: bytes) -> Kind:
    """Tell the kind of a file by its first bytes."""
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if head[_TAR] == b"ustar":
        return Kind.TAR
    return Kind.JSON if _JSON.match(head) else Kind.CSV


def unpacked(name: str, opening: Opening) -> Unpacked:
    """Look into a file, and into what is compressed in it.

    Raises:
        MovieReportsError: it is compressed again and again.
    """
    for layer in range(MOST_LAYERS + 1):
        with opening() as stream:
            kind = kind_of(stream.read(HEAD))
        decompress = _STREAMS.get(kind)
        if decompress is None:
            return Unpacked(kind, opening, layer > 0)
        opening = _inside(opening, decompress)
    message = f"{name} is compressed more than {MOST_LAYERS} times: unpack it and name the file"
    raise MovieReportsError(message)


def _inside(opening: Opening, decompress: Callable[[IO[bytes]], IO[bytes]]) -> Opening:
    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        with opening() as stream:
            yield decompress(stream)

    return opened


class _Kept(io.RawIOBase):
    """A stream that stays open when its reader is closed."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(size)


def _zstd(stream: IO[bytes]) -> IO[bytes]:
    import pyarrow as pa  # noqa: PLC0415 (loaded where it is used)

    return cast("IO[bytes]", pa.CompressedInputStream(pa.PythonFile(_Kept(stream), "r"), "zstd"))


_STREAMS: dict[Kind, Callable[[IO[bytes]], IO[bytes]]] = {
    Kind.GZIP: lambda stream: cast("IO[bytes]", gzip.GzipFile(fileobj=stream, mode="rb")),
    Kind.BZIP2: lambda stream: cast("IO[bytes]", bz2.BZ2File(stream)),
    Kind.XZ: lambda stream: cast("IO[bytes]", lzma.LZMAFile(stream)),  # noqa: SIM115 (so does who opened the stream)
    Kind.ZSTD: _zstd,
}
