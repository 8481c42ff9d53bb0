"""What the program prints of its own sample is byte for byte what stands in tests/render/golden.

When the output is meant to change, `REWRITE_GOLDEN=1 pytest tests/render/test_golden.py` writes these files anew,
and the difference can be read and committed with the change. They contain nothing that differs from one run to the
next, or from one DuckDB to another.
"""

import io
import json
import os
from pathlib import Path

import pytest
from pyarrow import parquet

import movie_reports
from movie_reports.cli.app import app

Captured = pytest.CaptureFixture[bytes]

GOLDEN = Path(__file__).parent / "golden"
REPORTS = {
    "company": ("company", "Pixar"),
    "company-genres": ("company", "Pixar", "--genres"),
    "company-decades": ("company", "quirk", "--all-matches", "--by", "decade", "--popularity", "weighted"),
    "comparison": ("company", "Pixar", "Walt Disney Pictures", "--metric", "profit"),
    "leaderboard": ("company", "--by", "all", "--metric", "revenue", "--min-films", "2", "--top", "10"),
    "genres": ("genres", "--year", "1994-1995"),
    "genres-weighted": ("genres", "--by", "all", "--popularity", "weighted"),
    "genres-rated": ("genres", "--by", "all", "--popularity", "ratings-mean", "--average"),
    "genres-votes": ("genres", "--by", "all", "--popularity", "votes", "--metric", "popularity"),
    "films": ("films", "--company", "Pixar", "--year", "2010-"),
    "companies": ("companies", "quirk"),
    "genre-list": ("genre-list",),
}
FORMS = {
    "txt": (),
    "csv": ("--export", "csv"),
    "json": ("--export", "json"),
    "ndjson": ("--export", "ndjson"),
}


def printed(captured: Captured, *arguments: str) -> bytes:
    """Run the program's commands here, which is quicker than in a process of their own; return what they print."""
    app(arguments, standalone_mode=False)
    return captured.readouterr().out


def compare(name: str, content: bytes) -> None:
    """Compare bytes with a golden file, or rewrite the file."""
    path = GOLDEN / name
    if os.environ.get("REWRITE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_bytes(content)
    assert content == path.read_bytes()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("report", REPORTS)
def test_text_output_is_unchanged(sample_database: Path, capfdbinary: Captured, report: str, form: str) -> None:
    """Every report in every format that goes to stdout."""
    content = printed(capfdbinary, *REPORTS[report], *FORMS[form], "--database", str(sample_database))
    assert content
    compare(f"{report}.{form}", content)


@pytest.mark.parametrize("report", REPORTS)
def test_parquet_output_is_unchanged(sample_database: Path, capfdbinary: Captured, report: str) -> None:
    """Its types, its metadata and its rows, as JSON; the hash of the source is that of the ledger."""
    content = printed(capfdbinary, *REPORTS[report], "--export", "parquet", "--database", str(sample_database))
    table = parquet.read_table(io.BytesIO(content))
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    with movie_reports.open(sample_database) as database:
        (ingest,) = database.history().to_pylist()
    assert metadata.pop("movie_reports.source_sha256") == ingest["source_sha256"]
    types = {field.name: str(field.type) for field in table.schema}
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, default=str) for row in table.to_pylist())
    head = json.dumps({"types": types, "metadata": metadata}, indent=1, ensure_ascii=False)
    compare(f"{report}.parquet.json", f'{head[:-2]},\n "rows": [\n{lines}\n]}}\n'.encode())


def test_every_golden_file_is_used() -> None:
    """A file whose report is gone goes with it."""
    assert {path.name for path in GOLDEN.iterdir()} == {
        f"{report}.{form}" for report in REPORTS for form in (*FORMS, "parquet.json")
    }
