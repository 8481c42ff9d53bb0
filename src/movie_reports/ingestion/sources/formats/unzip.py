"""A file in a zip archive as a stream of bytes, unpacked with ISA-L if it is installed, else with zlib."""

from __future__ import annotations

import copy
import importlib
import io
import sys
import zipfile
import zlib
from types import ModuleType
from typing import IO, Any, cast

inflate: ModuleType
try:
    inflate = importlib.import_module("isal.isal_zlib")
except ImportError:  # there is no wheel for this machine
    inflate = zlib

PACKED = 1 << 16
MOST = 1 << 20


def open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """Open a file in an archive.

    Reading raises the same errors as zipfile: BadZipFile if the checksum or size is wrong, EOFError or zlib.error.
    """
    try:
        if info.compress_type != zipfile.ZIP_DEFLATED:
            return archive.open(info)
        packed = copy.copy(info)  # declared as stored, so that zipfile returns the compressed bytes
        packed.compress_type, packed.file_size, packed.CRC = zipfile.ZIP_STORED, info.compress_size, None  # type: ignore[assignment]
        return cast("IO[bytes]", _Inflated(archive.open(packed), info))
    except ValueError as error:  # an offset before the start of the archive
        raise zipfile.BadZipFile(*error.args) from error


class _Inflated(io.RawIOBase):
    """The bytes of a deflated file, of which only those asked for are in memory."""

    def __init__(self, packed: IO[bytes], info: zipfile.ZipInfo) -> None:
        self._packed, self._info = packed, info
        self._inflater: Any = inflate.decompressobj(-zlib.MAX_WBITS)
        self._sum, self._size = 0, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Return `size` bytes, or fewer at the end of the file."""
        left = size if size >= 0 else sys.maxsize
        pieces = []
        while left > 0 and (piece := self._piece(min(left, MOST))):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def close(self) -> None:
        self._packed.close()
        super().close()

    def _piece(self, most: int) -> bytes:
        """Return the next bytes, or none at the end of the file, where the checksum and the size are checked."""
        piece = b""
        while not (piece or self._inflater.eof):
            packed = self._inflater.unconsumed_tail or self._packed.read(PACKED)
            try:
                piece = self._inflater.decompress(packed, most)
            except inflate.error as error:
                raise zlib.error(*error.args) from error
            if not (packed or piece):
                message = f"{self._info.filename} ends too early"
                raise EOFError(message)
        self._sum = inflate.crc32(piece, self._sum)
        self._size += len(piece)
        if self._inflater.eof and (self._sum, self._size) != (self._info.CRC, self._info.file_size):
            message = f"Bad CRC-32 for file {self._info.filename!r}"
            raise zipfile.BadZipFile(message)
        return piece
