"""Downloads a source from a web server or from S3 to a local file, completely or not at all."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

from movie_reports.errors import MovieReportsError
from movie_reports.urls import HIDDEN, has_secrets, shown

BLOCK = 1 << 20
MOST = 16 << 30
CONNECT, ANSWER, SILENCE = (
    10.0,
    120.0,
    30.0,
)  # seconds to connect, to wait for the body to begin, and to wait for more data
SLOWEST, WINDOW = 1000, 30.0  # bytes per second that must arrive, and the seconds over which they are averaged
LONGEST = 24 * 3600.0  # seconds for all attempts together, since no other ingest can run meanwhile
PAUSES = (1.0, 3.0)  # before the second and the third attempt
PARTIAL, UNCHANGED, SERVER_ERROR = 206, 304, 500
# Errors of Python, aiohttp, botocore and fsspec that may be temporary, and those among their kinds that are permanent.
TEMPORARY = {"OSError", "ClientError", "ConnectionError", "HTTPClientError", "IncompleteReadError"}
PERMANENT = {"ValueError", "TooManyRedirects", "RedirectClientError"}
REASONS = {
    "TooManyRedirects": "too many redirects",
    "NonHttpUrlRedirectClientError": "it redirects to an address that is neither http:// nor https://",
}
ADVICE = {
    "HTTP 401": "check the user name and password",
    "HTTP 403": "check the user name, password or key",
    "Unable to locate credentials": "set AWS_PROFILE, or FSSPEC_S3_ANON=true for a public bucket",
}


class Version(NamedTuple):
    """What tells a file from one that replaces it at the same address: what its server says of it, if anything."""

    etag: str = ""
    modified: str = ""
    size: str = ""

    @property
    def conditions(self) -> dict[str, str]:
        """The headers by which a server is asked for another version only."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value}


class _Opened(NamedTuple):
    """An open response: where its body starts in the file, the full size (0: unknown), and a tag to resume with."""

    read: Callable[[int], Awaitable[bytes]]
    close: Callable[[], object]
    start: int
    total: int
    tag: str
    version: Version = Version()


class _TemporaryError(MovieReportsError):
    """A failure that may not occur at the next attempt."""


class _LibraryError(Exception):
    """An error of a network library, without the secrets of the URL."""


def fetch(
    url: str, target: Path, progress: Callable[[str, int, int], None], most: int = MOST, known: Version | None = None
) -> Version | None:
    """Download a URL to a local file of at most `most` bytes; if that fails, no part of the file is left.

    Returns:
        the version of the file; None if that is the one that is known, which is not downloaded again.
    """
    url = url.strip()
    _check(url)
    files = _filesystem(url)
    try:
        with target.open("wb") as file:
            version = _download(files, url, file, most, known or Version(), progress)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, KeyboardInterrupt):
            abandon()
        raise
    if version is None:
        target.unlink()
    return version


def _download(  # noqa: PLR0913, PLR0917
    files: Any,  # noqa: ANN401
    url: str,
    file: IO[bytes],
    most: int,
    known: Version,
    progress: Callable[[str, int, int], None],
) -> Version | None:
    """Download to an open file, in several attempts if need be."""
    tag, version, end = "", Version(), time.monotonic() + LONGEST
    open_ = _open_s3 if _in_s3(url) else _open_http
    for pause in (*PAUSES, None):
        try:
            opened = _ask(files, url, ANSWER, open_, files, url, file.tell(), tag, known)
            if opened is None:
                return None
            tag, version = opened.tag, version if opened.start else opened.version
            _copy(files, url, opened, file, most, end, progress)
            tag = ""  # another version would be read from its beginning
            _check_same(files, url, version)
            break
        except _TemporaryError:
            if pause is None or time.monotonic() + pause > end:
                raise
        time.sleep(pause)
    return version


def _check(url: str) -> None:
    """Refuse URLs that cannot work before any request is sent."""
    if not re.match("(https?|s3)://", url, re.IGNORECASE):
        message = f"cannot fetch {shown(url)}: a URL must begin with http://, https:// or s3://"
        raise MovieReportsError(message)
    if re.match("s3://(?!arn:)[^/]*[:@]", url, re.IGNORECASE):
        message = f"cannot fetch {shown(url)}: S3 takes no keys from an address: set AWS_PROFILE instead"
        raise MovieReportsError(message)


def _in_s3(url: str) -> bool:
    return url.lower().startswith("s3://")


def abandon() -> None:
    """Cancel what Ctrl-C has left running in the thread of fsspec, which would print warnings at exit."""
    import asyncio  # noqa: PLC0415 (fsspec loads it)

    from fsspec.asyn import get_loop  # noqa: PLC0415 (an extra)

    async def cancel() -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    with suppress(Exception):  # there was nothing to cancel
        asyncio.run_coroutine_threadsafe(cancel(), get_loop()).result(1)


def _filesystem(url: str) -> Any:  # noqa: ANN401 (fsspec has no types)
    """Return a file system that is not shared, so that its connections are closed when it is collected, or at exit."""
    try:
        import fsspec  # noqa: PLC0415 (an extra)

        if _in_s3(url):
            config = {"connect_timeout": CONNECT, "read_timeout": SILENCE, "retries": {"total_max_attempts": 1}}
            versioned = "?versionId=" in url  # s3fs would otherwise silently take the latest
            files = fsspec.filesystem("s3", config_kwargs=config, version_aware=versioned, skip_instance_cache=True)
            files.retries = 1  # retries happen here only, not in three layers that multiply
            return files
        import aiohttp  # noqa: PLC0415

        timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT, sock_read=SILENCE)
        # trust_env: use proxies and .netrc, as curl does
        client = {"timeout": timeout, "trust_env": True, "raise_for_status": True}
        return fsspec.filesystem("http", client_kwargs=client, skip_instance_cache=True)
    except ImportError as error:
        message = f"cannot fetch {shown(url)} yet ({error}): pip install 'movie-reports[remote]'"
        raise MovieReportsError(message) from error


async def _open_http(files: Any, url: str, have: int, tag: str, known: Version) -> _Opened | None:  # noqa: ANN401
    headers = {"Range": f"bytes={have}-", "If-Range": tag} if tag else known.conditions
    answer = await _get(files, url, headers)
    try:
        if answer.status == UNCHANGED:
            answer.close()
            return None
        extent = _extent(answer.status, answer.headers, have, tag)
        return _Opened(answer.content.read, answer.close, *extent, _version(answer.headers))
    except BaseException:
        answer.close()
        raise


async def _get(files: Any, url: str, headers: Mapping[str, str]) -> Any:  # noqa: ANN401
    session = await files.set_session()
    headers = {"Accept-Encoding": "identity", **headers}  # a compressed response has no length to check
    return await session.get(files.encode_url(url), headers=headers)


def _version(given: Any) -> Version:  # noqa: ANN401
    return Version(*(given.get(name, "") for name in ("ETag", "Last-Modified", "Content-Length")))


def _check_same(files: Any, url: str, version: Version) -> None:  # noqa: ANN401
    """Ask a web server whether a file is still the one that was read; S3 never mixes two versions.

    Raises:
        _TemporaryError: it is another one, and what arrived may be a mixture of both.
    """
    if _in_s3(url) or not version.conditions:
        return

    async def ask() -> bool:
        answer = await _get(files, url, version.conditions)
        answer.close()
        return bool(answer.status != UNCHANGED and _version(answer.headers) != version)

    is_other = False
    with suppress(MovieReportsError):  # without an answer, the file is complete and not known to be wrong
        is_other = _ask(files, url, SILENCE, ask)
    if is_other:
        message = f"{shown(url)} was replaced while it was read: try again later"
        raise _TemporaryError(message)


def _extent(status: int, given: Any, have: int, tag: str) -> tuple[int, int, str]:  # noqa: ANN401
    """Return where a body starts, the full size, and the version tag, from the headers."""
    if status == PARTIAL:
        part, _, whole = given["Content-Range"].partition("/")
        if not part.startswith(f"bytes {have}-"):
            raise ValueError(part)
        return have, int(whole), tag
    is_compressed = given.get("Content-Encoding", "identity") != "identity"
    total, tag = 0 if is_compressed else int(given.get("Content-Length", 0)), given.get("ETag", "")
    return 0, total, tag if total and not tag.startswith("W/") else ""


async def _open_s3(files: Any, url: str, have: int, tag: str, known: Version) -> _Opened | None:  # noqa: ANN401
    path = "s3" + url[2:]
    bucket, key, version = files.split_path(path)
    if not key:
        raise ValueError(path)
    found = await files._info(path)  # noqa: SLF001 (there is no public coroutine for it)
    if found["type"] != "file":
        raise FileNotFoundError
    if known.etag and found["ETag"] == known.etag:
        return None
    now, start = found["ETag"], have if found["ETag"] == tag and have < found["size"] else 0
    wanted = {"Bucket": bucket, "Key": key, "IfMatch": now}
    wanted |= {"VersionId": version} if version else {}
    wanted |= {"Range": f"bytes={start}-"} if start else {}  # an empty object has no range
    body = (await files._call_s3("get_object", **wanted))["Body"]  # noqa: SLF001 (as above)
    return _Opened(body.read, body.close, start, found["size"], now, Version(now))


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
        raise _TemporaryError(message)


def _check_size(size: int, most: int, where: str) -> None:
    if size > most:
        message = f"{where} is larger than {most:,} bytes: check the address, or name a local copy"
        raise MovieReportsError(message)


def _blocks(files: Any, url: str, read: Callable[[int], Awaitable[bytes]], end: float) -> Iterator[bytes]:  # noqa: ANN401
    """Yield the blocks of a body as long as they arrive fast enough."""
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
                raise _TemporaryError(message)
            since, arrived = now, 0


def _ask(files: Any, url: str, limit: float, call: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
    """Run a coroutine in the thread of fsspec, for at most `limit` seconds."""
    from fsspec.asyn import sync  # noqa: PLC0415 (an extra)

    try:
        return sync(files.loop, call, *arguments, timeout=limit)
    except Exception as error:  # noqa: BLE001 (each library has its own)
        failure = _failure(error, url)
    raise failure  # outside the handler, so that the original error with its secrets is not attached


def _failure(raised: Exception, url: str) -> MovieReportsError:
    """Turn an error of a network library into a sentence that does not show the full URL."""
    error = raised.__context__ or raised if isinstance(raised, IndexError) else raised  # s3fs raises it for timeouts
    status, text = _status(error), " ".join(str(error).split())
    names = [kind.__name__ for kind in type(error).__mro__]
    permanent = not PERMANENT.isdisjoint(names)
    temporary = status >= SERVER_ERROR or not (status or permanent or TEMPORARY.isdisjoint(names))
    said = "" if has_secrets(text, url) else text
    reason = REASONS.get(names[0], names[0] if permanent or not said else said)
    reason = f"HTTP {status}" if status else "no answer in time" if "Timeout" in names[0] else reason
    unclear = ", and percent-encode / ? # @ in its password" if HIDDEN in shown(url) else ""
    advice = "try again later, or name a local copy" if temporary else f"check the address{unclear}"
    advice = ADVICE.get(reason, advice)
    failure = (_TemporaryError if temporary else MovieReportsError)(f"cannot fetch {shown(url)} ({reason}): {advice}")
    failure.__cause__ = _LibraryError(f"{names[0]}: {said}").with_traceback(error.__traceback__)
    return failure


def _status(error: BaseException) -> int:
    """Return the HTTP status behind an error, as aiohttp, s3fs and botocore store it, or 0."""
    known = 404 if isinstance(error, FileNotFoundError) else 403 if isinstance(error, PermissionError) else 0
    answer = getattr(error.__cause__ or error, "response", None) or {}
    return int(known or getattr(error, "status", 0) or answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
