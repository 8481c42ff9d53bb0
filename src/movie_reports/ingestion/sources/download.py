"""A source on a web server or in S3 becomes a local file, whole or not at all."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

from movie_reports.errors import MovieReportsError
from movie_reports.urls import HIDDEN, shown, tells_secrets

BLOCK = 1 << 20
MOST = 16 << 30
CONNECT, ANSWER, SILENCE = 10.0, 120.0, 30.0  # seconds until a connection stands, until the body begins, without data
SLOWEST, WINDOW = 1000, 30.0  # bytes that must arrive each second, on average over so many seconds
LONGEST = 24 * 3600.0  # seconds for all attempts together, because no other ingest can run meanwhile
PAUSES = (1.0, 3.0)  # before the second and the third attempt
PARTIAL, SERVER_ERROR = 206, 500
# Kinds of errors of Python, aiohttp, botocore and fsspec that may pass, and which of these will not.
PASSING = {"OSError", "ClientError", "ConnectionError", "HTTPClientError", "IncompleteReadError"}
LASTING = {"ValueError", "TooManyRedirects", "RedirectClientError"}
REASONS = {
    "TooManyRedirects": "too many redirects",
    "NonHttpUrlRedirectClientError": "it redirects to an address that is neither http:// nor https://",
}
ADVICE = {
    "HTTP 401": "check the user name and password",
    "HTTP 403": "check the user name, password or key",
    "Unable to locate credentials": "set AWS_PROFILE, or FSSPEC_S3_ANON=true for a public bucket",
}


class _Opened(NamedTuple):
    """A body that can be read: where it starts in the file, the size of the whole (0: unknown), a version to resume."""

    read: Callable[[int], Awaitable[bytes]]
    close: Callable[[], object]
    start: int
    total: int
    tag: str


class _PassingError(MovieReportsError):
    """A failure that another attempt may get round."""


class _LibraryError(Exception):
    """What a network library raised, without anything that an address hides."""


def fetch(url: str, target: Path, progress: Callable[[str, int, int], None], most: int = MOST) -> None:
    """Download an address to a local file of at most so many bytes; when that fails, no part of the file is left."""
    url = url.strip()
    _check(url)
    files, tag, end = _filesystem(url), "", time.monotonic() + LONGEST
    open_ = _open_s3 if _in_s3(url) else _open_http
    try:
        with target.open("wb") as file:
            for pause in (*PAUSES, None):
                try:
                    opened = _ask(files, url, ANSWER, open_, files, url, file.tell(), tag)
                    tag = opened.tag
                    return _copy(files, url, opened, file, most, end, progress)
                except _PassingError:
                    if pause is None or time.monotonic() + pause > end:
                        raise
                time.sleep(pause)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, KeyboardInterrupt):
            _abandon(files)
        raise


def _check(url: str) -> None:
    """Refuse what is known not to work before anything is asked."""
    if not re.match("(https?|s3)://", url, re.IGNORECASE):
        message = f"cannot fetch {shown(url)}: a URL must begin with http://, https:// or s3://"
        raise MovieReportsError(message)
    if re.match("s3://(?!arn:)[^/]*[:@]", url, re.IGNORECASE):
        message = f"cannot fetch {shown(url)}: S3 takes no keys from an address: set AWS_PROFILE instead"
        raise MovieReportsError(message)


def _in_s3(url: str) -> bool:
    return url.lower().startswith("s3://")


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

        if _in_s3(url):
            config = {"connect_timeout": CONNECT, "read_timeout": SILENCE, "retries": {"total_max_attempts": 1}}
            versioned = "?versionId=" in url  # s3fs would otherwise take the latest without a word
            files = fsspec.filesystem("s3", config_kwargs=config, version_aware=versioned, skip_instance_cache=True)
            files.retries = 1  # attempts are counted here, not in three layers that multiply
            return files
        import aiohttp  # noqa: PLC0415

        timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT, sock_read=SILENCE)
        # trust_env: proxies and .netrc as curl has them
        client = {"timeout": timeout, "trust_env": True, "raise_for_status": True}
        return fsspec.filesystem("http", client_kwargs=client, skip_instance_cache=True)
    except ImportError as error:
        message = f"cannot fetch {shown(url)} yet ({error}): pip install 'movie-reports[remote]'"
        raise MovieReportsError(message) from error


async def _open_http(files: Any, url: str, have: int, tag: str) -> _Opened:  # noqa: ANN401
    headers = {"Accept-Encoding": "identity"}  # what is packed on its way has no length to check
    headers |= {"Range": f"bytes={have}-", "If-Range": tag} if tag else {}
    session = await files.set_session()
    answer = await session.get(files.encode_url(url), headers=headers)
    try:
        return _Opened(answer.content.read, answer.close, *_extent(answer.status, answer.headers, have, tag))
    except BaseException:
        answer.close()
        raise


def _extent(status: int, given: Any, have: int, tag: str) -> tuple[int, int, str]:  # noqa: ANN401
    """Return where a body starts, the size of the whole, and its version, as its headers tell."""
    if status == PARTIAL:
        part, _, whole = given["Content-Range"].partition("/")
        if not part.startswith(f"bytes {have}-"):
            raise ValueError(part)
        return have, int(whole), tag
    packed = given.get("Content-Encoding", "identity") != "identity"
    total, tag = 0 if packed else int(given.get("Content-Length", 0)), given.get("ETag", "")
    return 0, total, tag if total and not tag.startswith("W/") else ""


async def _open_s3(files: Any, url: str, have: int, tag: str) -> _Opened:  # noqa: ANN401
    path = "s3" + url[2:]
    bucket, key, version = files.split_path(path)
    if not key:
        raise ValueError(path)
    found = await files._info(path)  # noqa: SLF001 (so fsspec calls what is asynchronous)
    if found["type"] != "file":
        raise FileNotFoundError
    now, start = found["ETag"], have if found["ETag"] == tag and have < found["size"] else 0
    wanted = {"Bucket": bucket, "Key": key, "IfMatch": now}
    wanted |= {"VersionId": version} if version else {}
    wanted |= {"Range": f"bytes={start}-"} if start else {}  # an empty object has no range
    body = (await files._call_s3("get_object", **wanted))["Body"]  # noqa: SLF001 (as above)
    return _Opened(body.read, body.close, start, found["size"], now)


def _copy(  # noqa: PLR0913, PLR0917
    files: Any,  # noqa: ANN401
    url: str,
    opened: _Opened,
    file: IO[bytes],
    most: int,
    end: float,
    progress: Callable[[str, int, int], None],
) -> None:
    where, total = shown(url), opened.total
    try:
        _check_size(total, most, where)
        file.truncate(file.seek(opened.start))
        for block in _blocks(files, url, opened.read, end):
            file.write(block)
            _check_size(file.tell(), most, where)
            progress("fetching", file.tell(), total)
            if file.tell() == total:
                return
    finally:
        files.loop.call_soon_threadsafe(opened.close)
    if total:
        message = f"{where} ended after {file.tell():,} of {total:,} bytes: try again later"
        raise _PassingError(message)


def _check_size(size: int, most: int, where: str) -> None:
    if size > most:
        message = f"{where} is larger than {most:,} bytes: check the address, or name a local copy"
        raise MovieReportsError(message)


def _blocks(files: Any, url: str, read: Callable[[int], Awaitable[bytes]], end: float) -> Iterator[bytes]:  # noqa: ANN401
    """Yield what arrives, as long as it arrives fast enough."""
    since, arrived = time.monotonic(), 0
    while block := _ask(files, url, SILENCE, read, BLOCK):
        yield block
        now, arrived = time.monotonic(), arrived + len(block)
        if now > end:
            message = f"{shown(url)} is not complete after {LONGEST / 3600:g} hours: name a local copy"
            raise MovieReportsError(message)
        if now - since >= WINDOW:
            if arrived < SLOWEST * (now - since):
                message = f"{shown(url)} sends less than {SLOWEST:,} bytes a second: try again later"
                raise _PassingError(message)
            since, arrived = now, 0


def _ask(files: Any, url: str, limit: float, call: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
    """Run what is asynchronous in the thread of fsspec, for at most so many seconds."""
    from fsspec.asyn import sync  # noqa: PLC0415 (an extra)

    try:
        return sync(files.loop, call, *arguments, timeout=limit)
    except Exception as error:  # noqa: BLE001 (each library has its own)
        failure = _failure(error, url)
    raise failure  # not while the error is handled: it would stay beside it, with all that it tells


def _failure(raised: Exception, url: str) -> MovieReportsError:
    """Turn what a network library raises into a sentence, without the address that it would show."""
    error = raised.__context__ or raised if isinstance(raised, IndexError) else raised  # s3fs: for its timeouts
    status, text = _status(error), " ".join(str(error).split())
    names = [kind.__name__ for kind in type(error).__mro__]
    lasting = not LASTING.isdisjoint(names)
    passing = status >= SERVER_ERROR or not (status or lasting or PASSING.isdisjoint(names))
    said = "" if tells_secrets(text, url) else text
    reason = REASONS.get(names[0], names[0] if lasting or not said else said)
    reason = f"HTTP {status}" if status else "no answer in time" if "Timeout" in names[0] else reason
    unclear = ", and percent-encode / ? # @ in its password" if HIDDEN in shown(url) else ""
    advice = "try again later, or name a local copy" if passing else f"check the address{unclear}"
    advice = ADVICE.get(reason, advice)
    failure = (_PassingError if passing else MovieReportsError)(f"cannot fetch {shown(url)} ({reason}): {advice}")
    failure.__cause__ = _LibraryError(f"{names[0]}: {said}").with_traceback(error.__traceback__)
    return failure


def _status(error: BaseException) -> int:
    """Return the HTTP status behind an error, as aiohttp, s3fs and botocore keep it, or 0."""
    known = 404 if isinstance(error, FileNotFoundError) else 403 if isinstance(error, PermissionError) else 0
    answer = getattr(error.__cause__ or error, "response", None) or {}
    return int(known or getattr(error, "status", 0) or answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
