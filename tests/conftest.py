"""What several test files share: the real data, and a database made of it."""

import os
from pathlib import Path

import pytest

import movie_reports

SHARED_SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "the-movies-dataset-sample.zip"


@pytest.fixture(scope="session")
def real_sample() -> Path:
    """Find the excerpt of the public data; without it tests are skipped, but never unnoticed in CI."""
    path = Path(os.environ.get("MOVIE_REPORTS_SAMPLE") or SHARED_SAMPLE)
    if not path.exists():
        reason = f"the real data is not at {path}; MOVIE_REPORTS_SAMPLE can name another place"
        if "CI" in os.environ:
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def real_database(real_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest the real data once."""
    path = tmp_path_factory.mktemp("real") / "movies.duckdb"
    movie_reports.ingest(real_sample, path)
    return path
