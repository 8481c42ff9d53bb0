"""How quickly does the service answer: after its start, from its memory, and from the data; and how does Datasette?

    python benchmarks/serve.py FILE.duckdb [--turns 15]

It runs with the Python that has movie-reports and its extra `serve`. A miss asks for what the service has not computed
yet; the same call of the Python API, its bare SQL with duckdb, and Datasette on a copy in SQLite, made here, take turns
with it. Datasette has a virtual environment of its own in .bench/. Ratios are medians of those within a turn. The
limits stand in the table. The result is Markdown.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlencode

import duckdb
from contenders import Contender

import movie_reports

DATASETTE = Contender("Datasette", "datasette", ("datasette>=0.65",), with_sqlite=True)
SETTINGS = {"max_returned_rows": 10_000, "sql_time_limit_ms": 60_000}
API = "/api/v1/"
REPORTS: Mapping[str, Mapping[str, Any]] = {
    "genres": {},
    "genres of 1995": {"year": 1995},
    "films of 1995": {"year": 1995},
    "company": {},
}
LARGE = """
SELECT year, genres.name AS genre, avg(popularity) AS popularity, sum(budget) AS budget, sum(revenue) AS revenue,
    CASE WHEN count(profit) > 0 THEN sum(revenue) - sum(budget) END AS profit,
    count(*) AS releases, count(profit) AS complete
FROM films
JOIN movie_genres ON movie_genres.movie_id = films.id
JOIN genres ON genres.id = movie_genres.genre_id
{} GROUP BY year, genre
ORDER BY year NULLS LAST, popularity DESC, genre
"""
IN_SQLITE = {"genres": LARGE.format(""), "genres of 1995": LARGE.format("WHERE year = 1995")}
COPIED = {
    "films": ("id INTEGER PRIMARY KEY, year, budget, revenue, profit, popularity", "film_facts"),
    "genres": ("id INTEGER PRIMARY KEY, name", "genres"),
    "movie_genres": ("movie_id, genre_id", "movie_genres"),
}
ALIVE = "/-/versions.json"  # what Datasette answers without a query
HITS, STARTS = 2_000, 5

Get = Callable[[str], bytes]
Tasks = Mapping[str, Callable[[], object]]


def main() -> None:
    """Measure turn after turn, and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--turns", type=int, default=15)
    arguments = parser.parse_args()
    DATASETTE.install()
    with tempfile.TemporaryDirectory(prefix="movie-reports-") as name:
        copy = Path(name) / "films.db"
        _copy(arguments.database, copy)
        ours = [sys.executable, "-m", "movie_reports", "serve", "--quiet", "--database", str(arguments.database)]
        theirs = [str(DATASETTE.program("datasette")), "serve", str(copy), "--nolock"]
        theirs += [part for key, value in SETTINGS.items() for part in ("--setting", key, str(value))]
        _starts({"movie-reports": (ours, f"{API}genres?by=all"), "Datasette": (theirs, ALIVE)})
        with _serving(ours, f"{API}genres?by=all") as get, _serving(theirs, ALIVE) as ask:
            _answers(arguments.database, get, ask, arguments.turns)
            _under_load(get)
            _pages(get)


def _copy(database: Path, path: Path) -> None:
    """Copy what the reports on genres need into SQLite."""
    with duckdb.connect(str(database), read_only=True) as source, closing(sqlite3.connect(path)) as target:
        for table, (columns, view) in COPIED.items():
            names = [column.split()[0] for column in columns.split(", ")]
            target.execute(f"CREATE TABLE {table} ({columns})")
            rows = source.execute(f"SELECT {', '.join(names)} FROM {view}").fetchall()
            target.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", rows)
        target.execute("CREATE INDEX of_film ON movie_genres (movie_id, genre_id)")
        target.execute("CREATE INDEX of_year ON films (year)")
        target.commit()


@contextmanager
def _serving(command: Sequence[str], first: str) -> Iterator[Get]:
    """Start a server, wait for its first answer, and give what asks it on one connection of the thread."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    connections = threading.local()

    def get(path: str) -> bytes:
        if not hasattr(connections, "own"):
            connections.own = http.client.HTTPConnection("127.0.0.1", port)
        connections.own.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connections.own.getresponse()
        content: bytes = answer.read()
        if answer.status != http.HTTPStatus.OK:
            sys.exit(f"{path} is answered {answer.status}: {content[:500]!r}")
        return content

    with subprocess.Popen([*command, "--port", str(port)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as run:
        try:
            while run.poll() is None:
                try:
                    get(first)
                    break
                except OSError:
                    connections.own.close()
                    sleep(0.005)
            yield get
        finally:
            run.terminate()


def _starts(servers: dict[str, tuple[Sequence[str], str]]) -> None:
    """Print how long each server takes from its start to its first answer."""
    taken: dict[str, list[float]] = {name: [] for name in servers}
    for _ in range(STARTS):
        for name, (command, first) in servers.items():
            start = perf_counter()
            with _serving(command, first):
                taken[name].append(perf_counter() - start)
    print("| first answer after the start | seconds |\n| --- | ---: |")
    for name, seconds in taken.items():
        print(f"| {name} | {median(seconds):.2f} |")


def _answers(database: Path, get: Get, ask: Get, turns: int) -> None:
    """Print how long misses and hits take, and the same without the service."""
    print("\n| report | Python | bare SQL | miss | of Python | of SQL | hit | of the miss | Datasette |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with movie_reports.open(database) as ours, duckdb.connect(str(database), read_only=True) as bare:
        for name, options in REPORTS.items():
            report = name.split()[0]
            theirs = f"/films.json?{urlencode({'sql': IN_SQLITE.get(name, 'SELECT 1'), '_shape': 'array'})}"
            if name in IN_SQLITE:
                all_rows = f"{API}{report}?{urlencode({**options, 'limit': 10_000})}"
                _agree(_json(get(all_rows))["rows"], _json(ask(theirs)))
            sql = get(f"{API}{report}?{urlencode({**options, 'format': 'sql'})}").decode()
            tasks = {
                "Python": partial(getattr(ours, report), **options),
                "SQL": partial(_all_rows, bare, sql),
                # a limit that nobody has asked for is not in memory, and takes as long as any
                "miss": partial(_miss, get, f"{API}{report}?{urlencode(options)}", count(1000)),
                "hit": partial(get, f"{API}{report}?{urlencode(options)}"),
                "Datasette": partial(ask, theirs),
            }
            tasks["hit"]()
            _line(name, _turns(tasks, turns), is_compared=name in IN_SQLITE)


def _all_rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return connection.execute(sql).fetchall()


def _miss(get: Get, path: str, numbers: Iterator[int]) -> bytes:
    return get(f"{path}&limit={next(numbers)}")


def _turns(tasks: Tasks, turns: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(turns):
        for name, task in tasks.items():
            start = perf_counter()
            task()
            taken[name].append(perf_counter() - start)
    return taken


def _line(name: str, taken: dict[str, list[float]], *, is_compared: bool) -> None:
    def ratio(one: str, other: str) -> float:
        return median(mine / others for mine, others in zip(taken[one], taken[other], strict=True))

    milliseconds = {task: f"{median(seconds) * 1000:.2f}" for task, seconds in taken.items()}
    cells = [name, milliseconds["Python"], milliseconds["SQL"], milliseconds["miss"], f"{ratio('miss', 'Python'):.2f}"]
    cells += [f"{ratio('miss', 'SQL'):.2f}", milliseconds["hit"], f"{ratio('hit', 'miss'):.2%}"]
    print(f"| {' | '.join([*cells, milliseconds['Datasette'] if is_compared else ''])} |")


def _agree(ours: Sequence[dict[str, object]], theirs: Sequence[dict[str, object]]) -> None:
    """End if the two do not give the same figures."""
    exact = ("year", "genre", "budget", "revenue", "profit", "releases", "complete")
    mine, others = ({tuple(row[name] for name in exact) for row in rows} for rows in (ours, theirs))
    if mine != others:
        sys.exit(f"Datasette gives other figures: {sorted(map(str, mine ^ others))[:4]}")


def _json(content: bytes) -> Any:  # noqa: ANN401 (JSON)
    return json.loads(gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content)


def _under_load(get: Get) -> None:
    """Print how long hits take while two clients ask for what is not in memory."""
    done = threading.Event()
    numbers = count()

    def load() -> None:
        while not done.is_set():
            get(f"{API}genres?min-films={2 + next(numbers)}")

    clients = [threading.Thread(target=load) for _ in range(2)]
    for client in clients:
        client.start()
    hit = f"{API}genres?by=all"
    seconds = _turns({"hit": lambda: get(hit)}, HITS)["hit"]
    done.set()
    for client in clients:
        client.join()
    *_, last = quantiles(seconds, n=100)
    print(f"\n| {HITS:,} hits beside two clients whose questions are misses | ms |\n| --- | ---: |")
    print(f"| median | {median(seconds) * 1000:.2f} |\n| 99th percentile | {last * 1000:.2f} |")


def _pages(get: Get) -> None:
    """Print how many bytes a browser loads for a page, compressed, and in how many requests."""
    company = _json(get(f"{API}companies?limit=1"))["rows"][0]["company"]
    print("\n| page | KB, compressed | requests |\n| --- | ---: | ---: |")
    for path in (f"/company?{urlencode({'company': company, 'exact': 'true'})}", "/genres?year=1995"):
        page = get(path)
        loaded = set(re.findall(r'(?:href|src)="(static/[^"]+)"', gzip.decompress(page).decode()))
        size = len(page) + sum(len(get(f"/{each}")) for each in loaded)
        print(f"| `{path[1:]}` | {size / 1000:.1f} | {1 + len(loaded)} |")


if __name__ == "__main__":
    main()
