"""The load and the reports with polars: one Parquet file, and lazy frames over it.

    python benchmarks/polars_frames.py ingest FILE.zip NEW.parquet
    python benchmarks/polars_frames.py report company|company_genres|genres FILE.parquet

Names are taken out of the Python literals with a regular expression, since a Python function for each cell is what
polars warns of; of the escapes only those that occur are undone. Only a line feed ends a record for polars, so one that
a carriage return splits is whole.
"""

from __future__ import annotations

import sys
import zipfile

import polars as pl

COLUMNS = ("imdb_id", "title", "original_title", "original_language", "overview", "tagline", "status")
INTEGERS = ("id", "budget", "revenue", "vote_count")
FLOATS = ("runtime", "popularity", "vote_average")
NAME = r"""'name': (?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""


def ingest(archive: str, file: str) -> None:
    """Write the films of an archive into a Parquet file."""
    with zipfile.ZipFile(archive) as files:
        raw = pl.read_csv(files.read("movies_metadata.csv"), infer_schema=False)
    films = raw.select(
        *COLUMNS,
        pl.col(*INTEGERS).cast(pl.Int64, strict=False),
        pl.col(*FLOATS).cast(pl.Float64, strict=False),
        pl.col("adult") == "True",
        pl.col("release_date").str.to_date(strict=False),
        genres=_names("genres"),
        companies=_names("production_companies"),
    ).with_columns(pl.col("budget", "revenue").replace(0, None))
    films = films.filter(pl.col("id").is_not_null()).sort("vote_count", descending=True, nulls_last=True)
    films.unique("id", keep="first", maintain_order=True).write_parquet(file)


def _names(column: str) -> pl.Expr:
    """Return each name once of a list of Python literals, such as [{'id': 18, 'name': 'Drama'}]."""
    name = pl.element().str.slice(len("'name': '")).str.head(-1)
    return (
        pl.col(column)
        .str.extract_all(NAME)
        .list.eval(name.str.replace_all(r"\'", "'", literal=True).str.replace_all(r"\xa0", "\xa0", literal=True))
        .list.unique()
    )


def _figures() -> list[pl.Expr]:
    """Return the figures of a group: sums over what is known, and nothing where nothing is known."""
    sums = {name: pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()) for name in ("budget", "revenue")}
    complete = (pl.col("budget") + pl.col("revenue")).count()
    return [
        pl.len().alias("releases"),
        sums["budget"].alias("budget"),
        sums["revenue"].alias("revenue"),
        pl.when(complete > 0).then(sums["revenue"] - sums["budget"]).alias("profit"),
        pl.col("popularity").mean(),
        complete.alias("complete"),
    ]


def report(name: str, file: str) -> None:
    """Print a report as CSV."""
    films = pl.scan_parquet(file).with_columns(year=pl.col("release_date").dt.year())
    REPORTS[name](films).sink_csv(sys.stdout.buffer)


def _company(films: pl.LazyFrame) -> pl.LazyFrame:
    members = films.explode("companies", empty_as_null=False).rename({"companies": "company"})
    return members.group_by("company", "year").agg(_figures()).sort("company", "year", nulls_last=True)


def _company_genres(films: pl.LazyFrame) -> pl.LazyFrame:
    members = films.explode("companies", empty_as_null=False).with_columns(films=pl.len().over("companies", "year"))
    rows = members.explode("genres", empty_as_null=True).rename({"companies": "company", "genres": "genre"})
    counts = rows.group_by("company", "year", "genre").agg(releases=pl.len(), films=pl.col("films").first())
    return counts.sort("company", "year", "genre", nulls_last=True)


def _genres(films: pl.LazyFrame) -> pl.LazyFrame:
    rows = films.explode("genres", empty_as_null=False).rename({"genres": "genre"})
    figures = rows.group_by("year", "genre").agg(_figures())
    ordered = figures.sort("year", "popularity", "genre", descending=[False, True, False], nulls_last=True)
    return ordered.select("year", "genre", "popularity", "budget", "revenue", "profit", "releases", "complete")


REPORTS = {"company": _company, "company_genres": _company_genres, "genres": _genres}

if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"ingest": ingest, "report": report}[command](*arguments)
