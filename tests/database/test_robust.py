"""Whatever happens to an ingest, the database contains the old data or the new, and the next ingest works."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from subprocess import PIPE

import pytest

from ingesting import (
    arguments_of,
    contents,
    export,
    generated,
    ingesting_to,
    ingesting_until,
    limited,
    litter,
    load,
    wait_for,
)
from movie_reports import MovieReportsError
from movie_reports.ingestion import run
from movie_reports.ingestion.run import Rules
from program import LIKE_OTHERS, LIMIT, PROGRAM, apart, assert_fails, ended, started
from runs import at_step

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="signals, limits and users are those of POSIX"),
    pytest.mark.slow,
]

KILLS, READ = 50, 2  # of five are killed while they read
# Files that an ingest makes one after another, with their sizes; the last has taken the place of the old database.
SIGNS = (
    ("lock", 0),
    ("build.duckdb", 0),
    ("movies-0.csv", 0),
    ("movies-0.csv", 1),
    ("build.duckdb", 200_000),
    ("build.duckdb", 500_000),
    ("build.duckdb", 800_000),
    ("links.csv", 0),
    ("ratings.csv", 0),
    ("../movies.duckdb", 0),
)
READERS = 8
ONE_FILM = "id,title,release_date,budget,revenue,popularity,genres,production_companies\n999999999,A,,,,,,\n"
INGESTS = 20
SMALL_FILES = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))"
# Asks one report again and again, twice each time, until a file appears; prints a digest of each answer. It does not
# outlive the process that started it.
READER = """
import hashlib, os, pathlib, sys, time
import movie_reports
(database, end), parent = sys.argv[1:], os.getppid()
while not pathlib.Path(end).exists() and os.getppid() == parent:
    with movie_reports.open(database) as db:
        answers = [db.genres().to_pylist() for _ in range(2)]
    assert answers[0] == answers[1]
    print(hashlib.sha256(repr(answers[0]).encode()).hexdigest())
    time.sleep(0.02)  # leaves the ingests a part of a small computer
"""


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Make two archives of different films."""
    folder = tmp_path_factory.mktemp("archives")
    return generated(folder / "one.zip", 1500), generated(folder / "two.zip", 1200)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an archive that takes longer to load than a signal takes to arrive."""
    return generated(tmp_path_factory.mktemp("large") / "large.zip", 30_000)


@pytest.fixture(scope="module")
def loaded(archives: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load the first archive."""
    path = tmp_path_factory.mktemp("loaded") / "movies.duckdb"
    load(archives[0], path)
    return path


@pytest.fixture
def database(loaded: Path, tmp_path: Path) -> Path:
    """Have a database of the first archive in a folder, as an ingest leaves it."""
    return Path(shutil.copytree(loaded.parent, tmp_path / "here")) / "movies.duckdb"


def test_a_killed_ingest_leaves_the_old_data_or_the_new(archives: tuple[Path, Path], database: Path) -> None:
    """At any moment; the next ingest works and removes what was left."""
    expected = contents_of(archives, database)
    left: Counter[str] = Counter()
    for number in range(KILLS):
        source = archives[1 - number % 2]
        if number % 5 < READ:
            kill_while_it_reads(source, database, number / KILLS)
        else:
            with ingesting_to(SIGNS[number % len(SIGNS)], source, database) as process:
                process.kill()
        left.update(litter(database))
        assert contents(database) in expected.values()
        load(source, database)
        assert contents(database) == expected[source]
    assert left["source-0"] >= READ * KILLS // 5
    assert left["build.duckdb"] >= 1  # a half-made database


def contents_of(archives: tuple[Path, Path], database: Path) -> dict[Path, list[str]]:
    """Return the content of the database after loading each archive in turn."""
    found = {}
    for source in reversed(archives):
        load(source, database)
        found[source] = contents(database)
    return found


def kill_while_it_reads(source: Path, database: Path, share: float) -> None:
    """Kill an ingest that has had a share of its source, and waits for the rest."""
    with started([*PROGRAM, *arguments_of("-", database)], stdin=PIPE, stderr=subprocess.DEVNULL) as process:
        wait_for("source-0", database, process)
        content = source.read_bytes()
        assert process.stdin
        process.stdin.write(content[: round(len(content) * share)])
        process.stdin.flush()
        process.kill()
    assert process.returncode == -signal.SIGKILL


def test_readers_never_see_anything_but_the_old_data_or_the_new(
    archives: tuple[Path, Path], database: Path, tmp_path: Path
) -> None:
    """Who reads while ingests replace the file gets an answer each time, and the same answer from one opening."""
    end = tmp_path / "end"
    command = [sys.executable, "-c", READER, str(database), str(end)]
    with ExitStack() as stack:
        readers = [stack.enter_context(started(command, stdout=PIPE, stderr=PIPE, text=True)) for _ in range(READERS)]
        for number in range(INGESTS):
            load(archives[1 - number % 2], database)
        end.touch()
        outputs = [reader.communicate(timeout=LIMIT) for reader in readers]
    assert [(reader.returncode, errors) for reader, (_, errors) in zip(readers, outputs, strict=True)] == [
        (0, "")
    ] * READERS
    answers = [answers.split() for answers, _ in outputs]
    assert min(map(len, answers)) >= 3
    assert {answer for several in answers for answer in several} == {answer_of(source, tmp_path) for source in archives}


def answer_of(source: Path, folder: Path) -> str:
    """Return what a reader prints of a source that is not replaced."""
    database, end = folder / "alone.duckdb", folder / "end-alone"
    end.unlink(missing_ok=True)
    database.unlink(missing_ok=True)
    assert apart(*arguments_of(source, database)).returncode == 0
    command = [sys.executable, "-u", "-c", READER, str(database), str(end)]
    with started(command, stdout=PIPE, text=True) as reader:
        assert reader.stdout
        answer = str(reader.stdout.readline()).strip()
        end.touch()
    return answer


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of a few megabytes, where that is allowed."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() or ended(command).returncode:
        pytest.skip("only root may mount a file system, and not everywhere")
    yield folder
    assert ended(["umount", folder]).returncode == 0


def test_a_full_disk_is_named_and_costs_nothing(archives: tuple[Path, Path], tiny: Path) -> None:
    """Whichever step finds no more room, the old data stay, and nothing else does; with room, it works."""
    database, filler = tiny / "movies.duckdb", tiny / "filler"
    load(archives[0], database)
    before = export(database)
    for room in (0, 1, 10, 50, 100, 180):  # blocks of 4 KiB
        free = os.statvfs(tiny).f_bavail - room
        filler.write_bytes(bytes(free * 4096))
        assert_fails(apart(*arguments_of(archives[1], database)), 1, str(database), "disk", "full")
        assert litter(database) == {"filler"}
        assert export(database) == before
        filler.unlink()
    load(archives[1], database)


@pytest.mark.parametrize("most", [0, 1, 4096, 100_000, 400_000, 600_000, 800_000])
def test_a_file_that_may_not_grow_is_like_a_full_disk(archives: tuple[Path, Path], database: Path, most: int) -> None:
    """A limit on the size of files (ulimit -f) stops an ingest with one sentence, and the old data stay."""
    before = export(database)
    result = limited(SMALL_FILES.format(most=most), archives[1], database)
    assert_fails(result, 1, str(database), "disk", "full")
    assert litter(database) == set()
    assert export(database) == before


@pytest.mark.parametrize("sign", ["lock", "movies-0.csv", "build.duckdb"])
def test_an_interrupted_ingest_leaves_no_trace(database: Path, large: Path, sign: str) -> None:
    """Ctrl-C ends it with code 130 and one line, and the data are as they were."""
    before = contents(database)
    with ingesting_until(large, database, sign) as process:
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, output, errors) == (
        130,
        "",
        f"movie-reports: interrupted: {database} is as it was\n",
    )
    assert litter(database) == set()
    assert contents(database) == before


def test_an_interrupt_at_any_moment_leaves_old_data_or_new_and_no_litter(
    archives: tuple[Path, Path], database: Path
) -> None:
    """From the start of the process to its end."""
    new, old = contents_of(archives, database).values()
    for number in range(20):
        load(archives[0], database)
        with ingesting_to(SIGNS[number // 2] if number % 2 else None, archives[1], database) as process:
            time.sleep(0 if number % 2 else number / 100)  # before the first sign
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=LIMIT)
        assert litter(database) == set()
        if "is as it was" in errors:
            assert contents(database) == old
        assert contents(database) in (old, new)


@pytest.mark.parametrize("sign", ["lock", "movies-0.csv", "build.duckdb"])
def test_a_terminated_ingest_leaves_the_old_data(
    archives: tuple[Path, Path], database: Path, large: Path, sign: str
) -> None:
    """After SIGTERM the next ingest works, and clears away what was left."""
    before = contents(database)
    with ingesting_until(large, database, sign) as process:
        process.terminate()
        process.communicate(timeout=LIMIT)
    assert process.returncode != 0
    assert contents(database) == before
    load(archives[1], database)
    assert contents(database) != before


@pytest.mark.skipif(sys.platform == "darwin" and os.geteuid() == 0, reason="here, root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(archives: tuple[Path, Path], database: Path) -> None:
    """An ingest there says so in one sentence and changes nothing; reports work there as ever."""
    before = export(database)
    database.with_name(f".{database.name}.lock").unlink()
    database.parent.chmod(0o555)
    try:
        result = limited("pass" if os.geteuid() else LIKE_OTHERS, archives[1], database)
        assert_fails(result, 1, "cannot write", str(database.parent))
        assert [path.name for path in database.parent.iterdir()] == [database.name]
        assert export(database) == before
    finally:
        database.parent.chmod(0o755)


STEPS = ["reading films", "unpacking links", "comparing with the old data"]


@pytest.mark.parametrize("step", STEPS)
def test_a_folder_that_is_removed_during_an_ingest_is_named(
    archives: tuple[Path, Path], database: Path, step: str
) -> None:
    """That of the ingest, or that of the database with all that is in it; in one sentence."""
    before, rules = contents(database), Rules(allow_shrink=True)
    message = r"movies\.duckdb\.ingest-\S+ was removed .*: run the ingest again$"

    def remove() -> None:
        for folder in database.parent.glob(".movies.duckdb.ingest-*"):
            shutil.rmtree(folder)

    with pytest.raises(MovieReportsError, match=message) as caught:
        run.ingest([str(archives[1])], database, rules, at_step(step, remove))
    assert "\n" not in str(caught.value)
    assert (contents(database), litter(database)) == (before, set())
    with pytest.raises(MovieReportsError, match=message):
        run.ingest([str(archives[1])], database, rules, at_step(step, lambda: shutil.rmtree(database.parent)))
    assert not database.parent.exists()


@pytest.mark.skipif(sys.platform == "darwin" and os.geteuid() == 0, reason="here, root may write everywhere")
def test_a_folder_that_becomes_read_only_during_an_ingest_is_named(database: Path) -> None:
    """The old data stay, and the next ingest clears away what could not be removed."""
    before = contents(database)
    code = f"{'pass' if os.geteuid() else LIKE_OTHERS}; import os, sys; os.execv(sys.executable, sys.argv[1:])"
    command = [sys.executable, "-c", code, *PROGRAM, *arguments_of("-", database)]
    with started(command, stdin=PIPE, stderr=PIPE, text=True) as process:
        wait_for("source-0", database, process)
        database.parent.chmod(0o555)
        try:
            _, errors = process.communicate(ONE_FILM, timeout=LIMIT)
        finally:
            database.parent.chmod(0o755)
    assert (process.returncode, errors) == (
        1,
        f"movie-reports: cannot write in the folder {database.parent}: Permission denied\n",
    )
    assert contents(database) == before
    assert apart(*arguments_of(database.parent / "none", database)).returncode == 1
    assert litter(database) == set()


def test_a_disk_that_is_full_of_the_source_is_named(archives: tuple[Path, Path], tiny: Path) -> None:
    """What comes from stdin is kept beside the database; a first ingest leaves nothing, a later one the old data."""
    database, filler = tiny / "movies.duckdb", tiny / "filler"
    content = archives[1].read_bytes()
    for old in (False, True):
        if old:
            load(archives[0], database)
        for room in (0, 1, len(content) // 8192):  # blocks of 4 KiB
            filler.write_bytes(bytes((os.statvfs(tiny).f_bavail - room) * 4096))
            with started([*PROGRAM, *arguments_of("-", database)], stdin=PIPE, stderr=PIPE) as process:
                _, errors = process.communicate(content, timeout=LIMIT)
            assert process.returncode == 1
            assert re.fullmatch(rf"movie-reports: the disk of {database} is full: .*\n", errors.decode())
            assert litter(database) == {"filler"}
            filler.unlink()
        assert database.exists() == old
