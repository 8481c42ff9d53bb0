"""How soon are the messages of a topic in the database, and does that go on for long?

    python benchmarks/stream.py FILE.duckdb [--turns 5] [--minutes 10]

It runs with the Python that has movie-reports, its extra `stream` and the tests' broker, on a copy of a database. First
it sends 1, 100 and 10,000 messages at once, and waits until a reader sees the last of them. Then it sends a film twice
a second, each a batch of its own, while two readers ask for a report again and again. The result is Markdown.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, sleep

import duckdb
from confluent_kafka import Producer

import movie_reports

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from kafka import Broker, brokering  # (the broker of the tests)

SIZES = (1, 100, 10_000)
PAUSE = 0.5  # seconds between the films of the long run
LOOK = 0.005  # seconds between looks at the database
FIRST = 900_000_000  # TMDB ids that no film has
TOPIC = "films"


class Stream:
    """A topic that is followed into a database."""

    def __init__(self, broker: Broker, database: Path) -> None:
        """Begin with an empty topic."""
        self.broker, self.database = broker, database
        self.sent = 0
        self._producer = Producer(broker.client)

    def send(self, films: int) -> None:
        """Send films; each turn has new figures."""
        for number in range(films):
            film = {"title": f"Film {number}", "release_date": "2001-02-03", "budget": 1000 + self.sent, "revenue": 9}
            film |= {"genres": [{"id": 18, "name": "Drama"}], "production_companies": [{"id": 7, "name": "Acme"}]}
            self._producer.produce(TOPIC, json.dumps(film).encode(), str(FIRST + number).encode())
            self._producer.poll(0)
        self._producer.flush()
        self.sent += films

    def loaded(self) -> int:
        """Return the number of messages that a reader sees the effect of."""
        with closing(duckdb.connect(str(self.database), read_only=True)) as connection:
            (found,) = connection.execute("SELECT coalesce(sum(next_offset), 0) FROM streams").fetchone() or (0,)
        return int(found)

    def wait(self) -> None:
        """Wait until a reader sees all."""
        while self.loaded() < self.sent:
            sleep(LOOK)


@contextmanager
def following(stream: Stream, size: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Follow the topic in batches of a size."""
    options = ["--from", "beginning", "--batch", str(size), "--every", "1s", "--allow-unread"]
    if stream.sent:
        options = options[2:]
    command = [sys.executable, "-m", "movie_reports", "follow", stream.broker.address(TOPIC), *options]
    with log.open("wb") as errors:
        process = subprocess.Popen([*command, "--database", str(stream.database)], stderr=errors)
        try:
            stream.send(1)
            while stream.loaded() < stream.sent:  # it has started
                if process.poll() is not None:
                    sys.exit(log.read_text())
                sleep(LOOK)
            yield process
        finally:
            process.terminate()
            process.wait()


def _latencies(stream: Stream, turns: int, log: Path) -> None:
    print("| messages at once | s until a reader sees the last | messages a second |\n| ---: | ---: | ---: |")
    for size in SIZES:
        taken = []
        with following(stream, size, log):
            for _ in range(turns):
                start = perf_counter()
                stream.send(size)
                stream.wait()
                taken.append(perf_counter() - start)
        print(f"| {size:,} | {median(taken):.2f} | {size / median(taken):,.0f} |")


def _long_run(stream: Stream, minutes: float, log: Path) -> None:
    """Send a film twice a second; print how far the database was behind, and the memory of the process."""
    done, answers, behind = threading.Event(), [0, 0], list[int]()

    def read(reader: int) -> None:
        while not done.is_set():
            with movie_reports.open(stream.database) as database:
                database.genres(year=2001)
            answers[reader] += 1
            sleep(0.2)

    with following(stream, 1, log) as process, _threads(read, len(answers)):
        before, memory = stream.sent, list[float]()
        end, next_time = monotonic() + minutes * 60, monotonic()
        while monotonic() < end:
            stream.send(1)
            behind.append(stream.sent - stream.loaded())
            memory.append(_megabytes(process.pid))
            next_time += PAUSE
            sleep(max(0.0, next_time - monotonic()))
        start = perf_counter()
        stream.wait()
        caught_up = perf_counter() - start
        done.set()
    tenth = max(1, len(memory) // 10)
    rows = {
        "batches": f"{stream.sent - before:,}",
        "messages behind, median and most": f"{median(behind):.0f}, {max(behind)}",
        "s until the last was there": f"{caught_up:.2f}",
        "answers of two readers, none failed": f"{sum(answers):,}",
        "MB after a tenth of the time, and at the end": f"{memory[tenth]:.0f}, {memory[-1]:.0f}",
        "MB of the file at the end": f"{stream.database.stat().st_size / 1e6:.1f}",
    }
    print(f"\n| {minutes:g} minutes of {1 / PAUSE:g} batches a second | |\n| --- | ---: |")
    print("\n".join(f"| {what} | {figures} |" for what, figures in rows.items()))


@contextmanager
def _threads(work: Callable[[int], None], number: int) -> Iterator[None]:
    threads = [threading.Thread(target=work, args=(each,)) for each in range(number)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def _megabytes(process: int) -> float:
    """Return the memory of a process, on Linux."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS"))


def main() -> None:
    """Measure, and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=10)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="movie-reports-") as name:
        folder = Path(name)
        (folder / "kafka").mkdir()
        database = folder / "movies.duckdb"
        shutil.copy(arguments.database, database)
        with brokering(folder / "kafka") as broker:
            broker.create(TOPIC, 1)
            stream = Stream(broker, database)
            _latencies(stream, arguments.turns, folder / "log")
            _long_run(stream, arguments.minutes, folder / "log")


if __name__ == "__main__":
    main()
