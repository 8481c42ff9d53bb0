"""A web server with files that are replaced from time to time, as that of a supplier of films."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from program import LIMIT


@dataclass
class Supplier:
    """The files by name, and what was asked for.

    Attributes:
        port: where it listens.
        files: the content of each file, which may be exchanged at any time.
        answers: the name and the status of each answer.
        together: so many answers begin together: each waits for the others, so that clients must ask at the same time.
    """

    port: int = 0
    files: dict[str, str] = field(default_factory=dict)
    answers: list[tuple[str, int]] = field(default_factory=list)
    together: threading.Barrier = field(default_factory=lambda: threading.Barrier(1))

    def url(self, name: str) -> str:
        """Return the address of a file."""
        return f"http://127.0.0.1:{self.port}/{name}"


@contextmanager
def supplying(**files: str) -> Iterator[Supplier]:
    """Serve files, whose names end in .csv."""
    supplier = Supplier(files={f"{name}.csv": content for name, content in files.items()})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer with a file, unless the client has it."""
            name = self.path.removeprefix("/")
            body = supplier.files.get(name)
            tag = f'"{hashlib.sha256((body or "").encode()).hexdigest()}"'
            status = 404 if body is None else 304 if self.headers["If-None-Match"] == tag else 200
            supplier.answers.append((name, status))
            content = (body or "").encode() if status == 200 else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("ETag", tag)
            self.end_headers()
            if status == 200:
                with suppress(threading.BrokenBarrierError):  # the test has ended
                    supplier.together.wait(LIMIT)
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        supplier.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield supplier
        finally:
            server.shutdown()
            thread.join(LIMIT)
