"""A source on a web server or in S3 becomes a local file, whole or not at all."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from movie_reports.errors import MovieReportsError

BLOCK, READ_AHEAD = 1 << 20, 8 << 20  # S3 is asked in ranges: fewer and longer ones are quicker
MOST = 16 << 30
CONNECT, SILENCE = 10.0, 30.0  # seconds until a connection stands, and without any data
PAUSES = (1.0, 3.0)  # before the second and the third attempt
PARTIAL, SERVER_ERROR = 206, 500
PASSING = {"OSError", "ClientError", "ConnectionError", "HTTPClientError"}  # of Python, aiohttp and botocore
ADVICE = {
    "HTTP 401": "check the user name and password",
    "HTTP 403": "check the user name, password or key",
    "Unable to locate credentials": "set AWS_PROFILE, or FSSPEC_S3_ANON=true for a public bucket",
}

_Opened = tuple[Any, int, int, str]  # stream, its start in the file, size of the whole (0: unknown), version to resume


class _PassingError(MovieReportsError):
    """A failure that another attempt may get round."""


def is_remote(source: str) -> bool:
    """Tell whether a source is an address to fetch from rather than a path."""
    return source.lower().startswith(("http://", "https://", "s3://"))


def shown(url: str) -> str:
    """Return an address as it may be shown and kept: without user, password, query and fragment."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")  # before the query is cut: a password may hold a raw ? or #
    return scheme + "://" + re.split("[?#]", host.rpartition("@")[2] + slash + path, maxsplit=1)[0]


def fetch(url: str, target: Path, progress: Callable[[str, int, int], None], most: int = MOST) -> None:
    """Download an address to a local file of at most so many bytes; when that fails, no part of the file is left."""
    files, tag = _filesystem(url), ""
    open_ = _open_s3 if url.lower().startswith("s3://") else _open_http
    try:
        with target.open("wb") as file:
            for pause in (*PAUSES, None):
                try:
                    with _explained(url):
                        stream, start, total, tag = open_(files, url, file.tell(), tag)
                    file.truncate(file.seek(start))
                    return _copy(stream, file, total, shown(url), most, progress)
                except _PassingError:
                    if pause is None:
                        raise
                    time.sleep(pause)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, KeyboardInterrupt):
            _abandon(files)
        raise


def _abandon(files: Any) -> None:  # noqa: ANN401
    """End what Ctrl-C has left running in the thread of fsspec: it would complain when the program ends."""
    import asyncio  # noqa: PLC0415 (fsspec loads it)

    async def cancel() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    with suppress(Exception):  # there was nothing to end
        asyncio.run_coroutine_threadsafe(cancel(), files.loop).result(1)


def _filesystem(url: str) -> Any:  # noqa: ANN401 (fsspec has no types)
    """Return a file system that nobody shares: it closes its connections when it is collected, or at exit."""
    try:
        import fsspec  # noqa: PLC0415 (an extra)

        if url.lower().startswith("s3://"):
            config = {"connect_timeout": CONNECT, "read_timeout": SILENCE, "retries": {"total_max_attempts": 1}}
            versioned = "?versionId=" in url  # s3fs would otherwise take the latest without a word
            files = fsspec.filesystem("s3", config_kwargs=config, version_aware=versioned, skip_instance_cache=True)
            files.retries = 1  # attempts are counted here, not in three layers that multiply
            return files
        import aiohttp  # noqa: PLC0415

        timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT, sock_read=SILENCE)
        # trust_env: proxies and .netrc as curl has them; raise_for_status: fsspec leaves a 404 open
        client = {"timeout": timeout, "trust_env": True, "raise_for_status": True}
        return fsspec.filesystem("http", client_kwargs=client, skip_instance_cache=True)
    except ImportError as error:
        message = f"cannot fetch {shown(url)} yet ({error}): pip install 'movie-reports[remote]'"
        raise MovieReportsError(message) from error


def _open_http(files: Any, url: str, have: int, tag: str) -> _Opened:  # noqa: ANN401
    headers = {"Accept-Encoding": "identity"}  # what is packed on its way has no length to check
    headers |= {"Range": f"bytes={have}-", "If-Range": tag} if tag else {}
    stream = files.open(url, block_size=0, size=1, headers=headers)  # any size spares a HEAD request
    given = stream.r.headers
    if stream.r.status == PARTIAL:
        part, _, whole = given["Content-Range"].partition("/")
        if not part.startswith(f"bytes {have}-"):
            raise ValueError(part)
        return stream, have, int(whole), tag
    packed = given.get("Content-Encoding", "identity") != "identity"
    total, tag = 0 if packed else int(given.get("Content-Length", 0)), given.get("ETag", "")
    return stream, 0, total, tag if total and not tag.startswith("W/") else ""


def _open_s3(files: Any, url: str, have: int, tag: str) -> _Opened:  # noqa: ANN401
    stream = files.open("s3" + url[2:], block_size=READ_AHEAD)
    if stream.details["type"] != "file":
        raise FileNotFoundError
    now = stream.details["ETag"]
    return stream, stream.seek(have if now == tag else 0), stream.size, now


def _copy(stream: Any, file: IO[bytes], total: int, where: str, most: int, progress: Callable[..., None]) -> None:  # noqa: ANN401, PLR0913, PLR0917
    with stream:
        block = b"-"
        while block:
            if max(file.tell(), total) > most:
                message = f"{where} is larger than {most:,} bytes: check the address, or name a local copy"
                raise MovieReportsError(message)
            with _explained(where):
                block = stream.read(BLOCK)
            file.write(block)
            progress("fetching", file.tell(), total)
    if total not in {0, file.tell()}:
        message = f"{where} ended after {file.tell():,} of {total:,} bytes: try again later"
        raise _PassingError(message)


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Turn what a network library raises into a sentence, without the address that it would show."""
    try:
        yield
    except Exception as raised:
        error = raised.__context__ or raised if isinstance(raised, IndexError) else raised  # s3fs: for its timeouts
        status, wrong, text = _status(error), isinstance(error, ValueError), " ".join(str(error).split())
        names = [kind.__name__ for kind in type(error).__mro__]
        passing = status >= SERVER_ERROR or not (status or wrong or PASSING.isdisjoint(names))
        reason = names[0] if wrong or not text or "://" in text else text
        reason = f"HTTP {status}" if status else "no answer in time" if "Timeout" in names[0] else reason
        advice = ADVICE.get(reason, "try again later, or name a local copy" if passing else "check the address")
        message = f"cannot fetch {shown(url)} ({reason}): {advice}"
        raise (_PassingError if passing else MovieReportsError)(message) from raised


def _status(error: BaseException) -> int:
    """Return the HTTP status behind an error, as aiohttp, s3fs and botocore keep it, or 0."""
    known = 404 if isinstance(error, FileNotFoundError) else 403 if isinstance(error, PermissionError) else 0
    answer = getattr(error.__cause__ or error, "response", None) or {}
    return int(known or getattr(error, "status", 0) or answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
