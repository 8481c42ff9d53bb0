"""Random statements, paths and damaged database files end in a sentence, and reach and write nothing else."""

import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from films import text
from fuzzing import TIMES
from program import apart, run

pytestmark = pytest.mark.slow

SECRET = "what only its owner may read"  # noqa: S105 (no password)
WORDS = re.findall(
    r"\S+",
    """SELECT FROM WHERE COPY TO EXPORT IMPORT DATABASE ATTACH INSTALL LOAD SET PRAGMA CALL CREATE TEMP TABLE VIEW AS
    MACRO SECRET ( ) * , ; ' " $ $$ -- /* = 1 NULL movies genres company_years film_facts pg_catalog read_text read_csv
    glob getenv enable_logging checkpoint query query_table duckdb_settings summarize '{folder}/secret.txt'
    '{folder}/out.csv' '{folder}/*' 'x' memory_limit temp_directory reset""",
)
STATEMENTS = [
    "COPY movies TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '{folder}/movies.duckdb' (USE_TMP_FILE false)",
    "EXPORT DATABASE '{folder}/out'",
    "ATTACH '{folder}/out.duckdb' AS other",
    "SELECT * FROM read_text('{folder}/secret.txt')",
    "SELECT * FROM glob('{folder}/*')",
    "CREATE TABLE mine AS FROM '{folder}/secret.txt'",
    "SELECT getenv('HOME')",
    "INSTALL httpfs",
    "SET enable_external_access = true",
    "CALL enable_logging(storage = 'file', storage_path = '{folder}/log')",
    "PRAGMA enable_profiling = 'json'",
    "SELECT * FROM movies",
]


@pytest.fixture
def place(sample_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a copy of a database beside a private file, and change to its folder."""
    shutil.copy(sample_database, tmp_path / "movies.duckdb")
    (tmp_path / "secret.txt").write_text(SECRET)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def statements(chance: random.Random, number: int) -> Iterator[str]:
    """Make up statements: words in any order, and dangerous ones with words put in, doubled or left out."""
    for _ in range(number):
        if chance.random() < 0.5:
            yield " ".join(chance.choices(WORDS, k=chance.randint(1, 12)))
            continue
        words = chance.choice(STATEMENTS).split(" ")
        place = chance.randrange(len(words))
        words[place : place + chance.randint(0, 1)] = chance.choices(WORDS, k=chance.randint(0, 2))
        yield " ".join(words)


def test_random_statements_reach_and_write_nothing(place: Path) -> None:
    """Each is answered or refused, and the folder stays as it is."""
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    chance = random.Random(9)  # noqa: S311 (the same statements each time)
    for statement in [*STATEMENTS, *statements(chance, 40 * TIMES)]:
        asked = statement.format(folder=place)
        if asked.startswith("-"):
            continue  # which would be an option
        result = run("sql", asked, "--timeout", "10", "--export", "csv")
        assert result.returncode in {0, 1, 2}, (asked, result.stderr)
        assert SECRET not in result.stdout + result.stderr, asked
        assert "Traceback" not in result.stderr, asked
        assert "unexpected" not in result.stderr, (asked, result.stderr)
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before


def test_random_paths_are_files_or_refused(place: Path) -> None:
    """As a database and as a source, with any characters."""
    chance = random.Random(10)  # noqa: S311 (the same paths each time)
    signs = "ab.-_~?*[]{}()'\"\\;|&$ \t\n#%:=,\u00e9\u0142\u202e\u200b"
    for number in range(8 * TIMES):
        name = "".join(chance.choices(signs, k=chance.randint(1, 12))) + chance.choice(["", ".csv", ".duckdb"])
        folder = place / str(number)
        folder.mkdir()
        source = folder / name.replace("/", "")
        source.write_text(text({"id": "1"}))
        loaded = run("ingest", source, "--database", folder / "movies.duckdb")
        assert loaded.returncode == 0, (name, loaded.stderr)
        made = run("ingest", source, "--database", folder / f"db{name}")
        assert made.returncode in {0, 2}, (name, made.stderr)
        assert "Traceback" not in made.stderr
        if made.returncode == 0:
            assert run("company", "--database", folder / f"db{name}").returncode == 0, name


def test_damaged_databases_end_in_a_sentence(place: Path) -> None:
    """Bytes changed, cut off or repeated anywhere: the engine finds out, or the figures do not depend on them."""
    whole = (place / "movies.duckdb").read_bytes()
    chance = random.Random(11)  # noqa: S311 (the same damage each time)
    for _ in range(2 * TIMES):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        if chance.random() < 0.3:
            del damaged[chance.randrange(len(damaged)) :]
        (place / "movies.duckdb").write_bytes(damaged)
        for command in (["status"], ["genres", "--by", "all"]):
            result = apart(*command)
            assert result.returncode in {0, 1, 3}, result.stderr
            assert "Traceback" not in result.stderr
            assert len(result.stderr.splitlines()) <= 2, result.stderr


@pytest.mark.usefixtures("place")
def test_random_lines_of_ratings_and_links_never_stop_a_load() -> None:
    """They are counted: read, of films elsewhere, or unread."""
    chance = random.Random(12)  # noqa: S311 (the same lines each time)
    cells = ["1", "2", "0.5", "5", "-3", "2_5", "1e17", "nan", "", '"', "x", "2.5", "862.0", ",", "\x00", "\u00e9"]
    for _ in range(2 * TIMES):
        folder = Path(f"data-{chance.random()}")
        folder.mkdir()
        (folder / "movies.csv").write_text(text({"id": "1"}, {"id": "2"}))
        (folder / "links.csv").write_text("movieId,imdbId,tmdbId\n1,1,1\n" + lines(chance, cells, 3, 20), "utf-8")
        (folder / "ratings.csv").write_text("userId,movieId,rating\n1,1,4\n" + lines(chance, cells, 3, 40), "utf-8")
        result = run("ingest", folder, "--database", f"{folder}.duckdb")
        assert result.returncode in {0, 4}, result.stderr
        assert "Traceback" not in result.stderr
        if result.returncode == 0:
            assert run("genres", "--popularity", "ratings-mean", "--database", f"{folder}.duckdb").returncode == 0


def lines(chance: random.Random, cells: list[str], width: int, number: int) -> str:
    """Make up lines of cells."""
    return "".join(f"{','.join(chance.choices(cells, k=width))}\n" for _ in range(number))
