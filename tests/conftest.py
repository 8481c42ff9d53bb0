"""What several test files share: the real data, a database made of it, and a web server on loopback."""

import gc
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import movie_reports
import oracle
import various as various_films
from against import Case
from films import NASTY, ODD, Load, loading, text
from fuzzing import ARE_THE_SAME, TIMES
from movie_reports.ingestion import sample
from movie_reports.ingestion.sources import download
from program import missing
from runs import Place
from webserver import Site, serving

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # as in a background job, and programs started here would inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

# no test is timed: a machine may be busy with other things
settings.register_profile(
    "unhurried",
    max_examples=20 * TIMES,
    derandomize=ARE_THE_SAME,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("unhurried")

SHARED_SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "the-movies-dataset-sample.zip"


@pytest.fixture(scope="session", autouse=True)
def _in_an_empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run elsewhere than in the checkout, where `make demo` leaves a database of the usual name."""
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("empty"))
    yield
    os.chdir(before)


@pytest.fixture(scope="session")
def real_sample() -> Path:
    """Find the excerpt of the public data; without it tests are skipped, but never unnoticed in CI."""
    path = Path(os.environ.get("MOVIE_REPORTS_SAMPLE") or SHARED_SAMPLE)
    if not path.exists():
        missing(f"the real data is not at {path}; MOVIE_REPORTS_SAMPLE can name another place")
    return path


@pytest.fixture(scope="session")
def real_database(real_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest the real data with all names once."""
    path = tmp_path_factory.mktemp("real") / "movies.duckdb"
    movie_reports.ingest(real_sample, path, with_="keywords,people")
    return path


@pytest.fixture(scope="session")
def real(real_sample: Path, real_database: Path) -> Iterator[Case]:
    """Open the real data."""
    with movie_reports.open(real_database) as database:
        yield Case(database, oracle.read(real_sample))


@pytest.fixture(scope="session")
def various(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Ingest films in which the odd values of all columns meet, once."""
    source = various_films.archive(tmp_path_factory.mktemp("various") / "films.zip")
    movie_reports.ingest(source, source.with_suffix(".duckdb"), with_="keywords,people")
    with movie_reports.open(source.with_suffix(".duckdb")) as database:
        yield Case(database, oracle.read(source))


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest the sample archive once."""
    folder = tmp_path_factory.mktemp("sample")
    sample.write(folder / "films.zip")
    loading(folder)(folder / "films.zip")
    return folder / "movies.duckdb"


@pytest.fixture(scope="session")
def odd_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest odd films once."""
    folder = tmp_path_factory.mktemp("odd")
    loading(folder)(text(*(film | {"id": str(number)} for number, film in enumerate(ODD, 1))))
    return folder / "movies.duckdb"


@pytest.fixture(scope="session")
def nasty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ingest films of nasty companies, collections, keywords and people once, of which each has two."""
    folder = tmp_path_factory.mktemp("nasty")
    lists = ((name, json.dumps([{"name": name, "id": 1}])) for name in NASTY * 2)
    made = (
        {
            "title": name,
            "production_companies": listed,
            "belongs_to_collection": listed,
            "keywords": listed,
            "cast": listed,
        }
        for name, listed in lists
    )
    loading(folder, with_="keywords,people")(text(*(film | {"id": str(number)} for number, film in enumerate(made, 1))))
    return folder / "movies.duckdb"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Have a folder for a database."""
    return Place(tmp_path)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Ingest into a folder of the test's own."""
    return loading(tmp_path)


@pytest.fixture
def site() -> Iterator[Site]:
    """Serve for one test."""
    with serving() as server:
        yield server


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep proxies, passwords and pauses of the outside away, and let each test answer for what it leaves open."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("NETRC", os.devnull)
    monkeypatch.setattr(download, "PAUSES", (0.0, 0.0))
    yield
    gc.collect()


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Have keys that no real cloud knows."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "AWS_REGION", "FSSPEC_S3_ANON"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return monkeypatch
