"""The ratings of an archive, grouped by film as fast as a skilled person may write it: nothing checked, nothing kept.

    python benchmarks/bare_ratings.py FILE.zip

A thread inflates with isal into a pipe, pyarrow reads two columns from its other end, and DuckDB groups them. A field
that is no figure ends it; the checksum of the archive is not looked at.
"""

from __future__ import annotations

import os
import sys
import threading
import zipfile
from pathlib import Path

import duckdb
import pyarrow as pa
from isal import isal_zlib
from pyarrow import csv

MEAN = "SELECT movieId, count(*) AS ratings, avg(rating) AS mean FROM table_of_ratings GROUP BY movieId"
BLOCK = 1 << 18


def inflate(archive: str, pipe: int) -> None:
    """Write ratings.csv into a pipe."""
    with (
        zipfile.ZipFile(archive) as files,
        Path(archive).open("rb") as packed,
        os.fdopen(pipe, "wb", buffering=0) as out,
    ):
        info = files.getinfo("ratings.csv")
        packed.seek(info.header_offset + 26)
        lengths = packed.read(4)
        packed.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), os.SEEK_CUR)
        inflater, left = isal_zlib.decompressobj(-15), info.compress_size
        while left > 0:
            block = packed.read(min(BLOCK, left))
            left -= len(block)
            out.write(inflater.decompress(block))


def main(archive: str) -> None:
    """Print how many films were rated how often."""
    reading, writing = os.pipe()
    thread = threading.Thread(target=inflate, args=(archive, writing))
    thread.start()
    types = {"movieId": pa.int32(), "rating": pa.float64()}
    options = csv.ConvertOptions(column_types=types, include_columns=list(types))
    with os.fdopen(reading, "rb") as stream:
        table = csv.read_csv(stream, convert_options=options)
    thread.join()
    with duckdb.connect() as connection:
        connection.register("table_of_ratings", table)
        print(*connection.sql(MEAN).aggregate("count(*), sum(ratings)").fetchall()[0], sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
