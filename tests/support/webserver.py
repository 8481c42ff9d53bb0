"""A web server on loopback that misbehaves in the way asked for."""

from __future__ import annotations

import gzip
import random
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from program import LIMIT

BODY = random.Random(1).randbytes((3 << 20) + 17)  # noqa: S311 (no secret: it only must not repeat itself)
HALF = len(BODY) // 2
REST = 0.02  # seconds


class Site(ThreadingHTTPServer):
    """A server that keeps what it was asked, and lets stalled answers go at its end."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.ranges: list[str | None] = []
        self.credentials: list[str | None] = []
        self.conditions: list[tuple[str | None, str | None]] = []
        self.asked = threading.Event()
        self.over = threading.Event()

    def url(self, way: str, scheme: str = "http") -> str:
        """Return the address of a file that is served in this way."""
        return f"{scheme}://127.0.0.1:{self.server_address[1]}/{way}"

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that go away."""


@contextmanager
def serving() -> Iterator[Site]:
    """Have a server, until the end of the block."""
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join(LIMIT)


class Handler(BaseHTTPRequestHandler):
    """Serves BODY in the way that the last part of the path names."""

    protocol_version = "HTTP/1.1"
    server: Site

    def do_HEAD(self) -> None:
        """Return what S3 says about an object."""
        self.say(200, len(BODY), ETag='"1"')

    def do_GET(self) -> None:
        """Keep what is asked for and by whom, and answer it; a file is the same as before unless it is replaced."""
        conditions = self.headers["If-None-Match"], self.headers["If-Modified-Since"]
        if any(conditions):
            self.server.conditions.append(conditions)
            self.say(200 if conditions == ('"0"', None) else 304, 0)
            return
        self.server.ranges.append(self.headers["Range"])
        self.server.credentials.append(self.headers["Authorization"])
        way = self.path.partition("?")[0].rpartition("/")[2]
        first = len(self.server.ranges) == 1
        if way.isdigit() and (first or way != "503"):
            self.say(int(way), 0)
        else:
            getattr(self, way, self.whole)(first=first)

    def say(self, status: int, length: int | None, **headers: str) -> None:
        """Send the head of an answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header(*("Connection", "close") if length is None else ("Content-Length", str(length)))
        self.end_headers()

    def cut(self, *parts: bytes) -> None:
        """Send what there is, then hang up."""
        self.wfile.write(b"".join(parts))
        self.close_connection = True

    def whole(self, *, first: bool) -> None:  # noqa: ARG002
        """Serve all."""
        self.say(200, len(BODY))
        self.wfile.write(BODY)

    def once(self, *, first: bool) -> None:
        """Hang up in the middle, the first time."""
        self.say(200, len(BODY))
        self.cut(BODY[: HALF if first else None])

    def never(self, *, first: bool) -> None:  # noqa: ARG002
        """Hang up in the middle, always."""
        self.say(200, len(BODY))
        self.cut(BODY[:HALF])

    def resumes(self, *, first: bool) -> None:
        """Hang up in the middle, and serve the rest when it is asked for."""
        start = 0 if first else int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        if first:
            self.say(200, len(BODY), ETag='"1"')
        else:
            self.say(206, len(BODY) - start, Content_Range=f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")
        self.cut(BODY[start : HALF if first else None])

    def changes(self, *, first: bool) -> None:
        """Hang up in the middle of one version and have another the next time."""
        assert first or self.headers["If-Range"] == '"0"'
        self.say(200, len(BODY), ETag='"0"' if first else '"1"')
        self.cut(bytes(HALF) if first else BODY)

    def replaced(self, *, first: bool) -> None:
        """Serve one half of an old version and one of a new one, and the next time all of the new one."""
        self.say(200, len(BODY), ETag='"0"' if first else '"1"')
        self.wfile.write(bytes(HALF) + BODY[HALF:] if first else BODY)

    def dated(self, *, first: bool) -> None:  # noqa: ARG002
        """Serve all, and say when it was written."""
        self.say(200, len(BODY), Last_Modified="Sat, 28 Nov 2026 12:00:00 GMT")
        self.wfile.write(BODY)

    def elsewhere(self, *, first: bool) -> None:  # noqa: ARG002
        """Send a part that was not requested."""
        self.say(206, 10, Content_Range=f"bytes 7-16/{len(BODY)}")
        self.wfile.write(BODY[7:17])

    def lies(self, *, first: bool) -> None:  # noqa: ARG002
        """Promise more than there is."""
        self.say(200, len(BODY) + 1)
        self.cut(BODY)

    def unmeasured(self, *, first: bool) -> None:  # noqa: ARG002
        """Promise nothing."""
        self.say(200, None)
        self.cut(BODY)

    def packed(self, *, first: bool) -> None:  # noqa: ARG002
        """Compress the answer although it was not requested."""
        body = gzip.compress(BODY, 1)
        self.say(200, len(body), Content_Encoding="gzip", ETag='"1"')
        self.wfile.write(body)

    def stalls(self, *, first: bool) -> None:  # noqa: ARG002
        """Send a little and then nothing."""
        self.say(200, len(BODY))
        self.wfile.write(BODY[:10])
        self.server.asked.set()
        self.server.over.wait(LIMIT)

    def drips(self, *, first: bool) -> None:  # noqa: ARG002
        """Send the body byte by byte."""
        self.say(200, len(BODY), ETag='"1"')
        self.trickle(b"x")

    def dawdles(self, *, first: bool) -> None:  # noqa: ARG002
        """Send the head byte by byte, and never end it."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nServer: ")
        self.trickle(b"x")

    def hollow(self, *, first: bool) -> None:  # noqa: ARG002
        """Send a packed body of which nothing remains when it is unpacked."""
        self.say(200, None, Content_Encoding="gzip")
        self.wfile.write(gzip.compress(b"")[:10])
        self.trickle(b"\0\0\0\xff\xff")

    def trickle(self, piece: bytes) -> None:
        """Send a piece again and again, with a rest after each."""
        self.server.asked.set()
        while not self.server.over.wait(REST):
            self.wfile.write(piece)

    def endless(self, *, first: bool) -> None:  # noqa: ARG002
        """Promise nothing, and send without end."""
        self.say(200, None)
        self.server.asked.set()
        while not self.server.over.is_set():
            self.wfile.write(bytes(1 << 16))

    def bomb(self, *, first: bool) -> None:  # noqa: ARG002
        """Send little that unpacks to much."""
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        body = b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(200)), packer.flush()])
        self.say(200, len(body), Content_Encoding="gzip")
        self.wfile.write(body)

    def shortened(self, *, first: bool) -> None:  # noqa: ARG002
        """Promise less than is sent."""
        self.say(200, HALF)
        self.cut(BODY)

    def loops(self, *, first: bool) -> None:  # noqa: ARG002
        """Redirect to itself."""
        self.say(302, 0, Location=self.path)

    def moved(self, *, first: bool) -> None:  # noqa: ARG002
        """Redirect to the address in the query."""
        self.say(302, 0, Location=unquote(self.path.partition("?")[2]))

    def log_message(self, *_: object) -> None:
        """Say nothing."""
