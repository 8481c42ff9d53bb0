"""Asks the service: in this process, or in one of its own."""

import json
import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from movie_reports.server.app import create
from movie_reports.server.settings import Settings
from program import LIMIT, PROGRAM, environment, wait_until

API = "/api/v1"


@contextmanager
def asking(database: Path, **settings: Any) -> Iterator[TestClient]:  # noqa: ANN401 (fields of Settings)
    """Serve a database here."""
    with TestClient(create(database, Settings(**settings)), base_url="http://localhost") as client:
        yield client


class Service:
    """A service in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        """Know its process, its port, and the file that it writes to stderr."""
        self.process, self.port, self._log = process, port, log

    def get(self, path: str, *headers: str) -> tuple[int, dict[str, str], bytes]:
        """Request a path on a connection of its own, and return the status, the headers and the body."""
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers, "", ""]
        with self.connected() as connection:
            connection.sendall("\r\n".join(lines).encode())
            return answered(connection)

    def connected(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), LIMIT)

    def stop(self) -> tuple[int, str]:
        """Stop it as systemd does; return its exit code and what it wrote to stderr after its first line."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(LIMIT), self.log()

    def log(self) -> str:
        """Return what it wrote to stderr after its first line."""
        return self._log.read_text("utf-8").partition("\n")[2]


def answered(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Read one answer until the connection is closed."""
    head, _, body = b"".join(iter(lambda: connection.recv(2**16), b"")).partition(b"\r\n\r\n")
    status, *headers = head.decode("latin-1").split("\r\n")
    return int(status.split()[1]), dict(line.lower().split(": ", 1) for line in headers), body


@contextmanager
def served(
    database: Path, command: Sequence[str] = (*PROGRAM, "serve", "--port", "0"), **variables: str
) -> Iterator[Service]:
    """Serve a database on a free port."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Path(folder, "log").open("wb") as log,
        subprocess.Popen([*command, "--database", str(database)], stderr=log, env=environment(**variables)) as process,
    ):
        path = Path(log.name)
        try:
            wait_until(lambda: "\n" in path.read_text("utf-8"), process)
            port = re.search(r"http://[\d.]+:(\d+) ", path.read_text("utf-8"))
            assert port, path.read_text("utf-8")
            yield Service(process, int(port[1]), path)
        finally:
            process.kill()


def rows(client: TestClient, path: str) -> list[dict[str, Any]]:
    """Return all rows of a report, page by page."""
    found: list[dict[str, Any]] = []
    address: str | None = f"{API}/{path}"
    while address is not None:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["rows"]
        address = f"{API}/{page['next']}" if page["next"] else None
    assert len(found) == page["count"]
    return found


def lines(text: str) -> list[dict[str, Any]]:
    """Read lines of JSON."""
    return [json.loads(line) for line in text.splitlines()]
