"""Brings a source to this machine: stdin and pipes are copied, and addresses are fetched at the same time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from threading import Event
from typing import IO

from movie_reports import urls
from movie_reports.errors import MovieReportsError, StoppedError
from movie_reports.ingestion.sources import download, paths
from movie_reports.ingestion.sources.download import Version

BLOCK = 1 << 20
AT_ONCE = 8  # addresses that are fetched at the same time
AGAIN = 0.5  # seconds between attempts to end what is being fetched

Progress = Callable[[str, int, int], None]
Versions = Mapping[str, Version]
"""The versions of files by their addresses."""


@dataclass(frozen=True)
class Arrived:
    """A source on this machine.

    Attributes:
        parts: its files and folders, with the names to show; none if all are at addresses with the versions known.
        versions: the versions of those that were fetched.
    """

    parts: Sequence[tuple[str, Path]] = ()
    versions: Versions = field(default_factory=dict)


def is_local(name: str) -> bool:
    """Whether a source is a file or a folder."""
    return name != "-" and not urls.is_url(name)


def shown(name: str) -> str:
    """Return the name of a source without secrets and unprintable bytes, for messages and the ledger."""
    return urls.shown(name) if urls.is_url(name) else paths.readable(name)


def bring(names: Sequence[str], folder: Path, most: int, progress: Progress, known: Versions) -> Arrived:
    """Copy and fetch what is not on this machine.

    Args:
        names: files and folders, which are read where they are, and addresses; - is stdin.
        folder: where copies go.
        most: the most bytes of each.
        progress: is called with each step; the steps of several addresses go on at the same time.
        known: the versions at addresses that need not be fetched again, unless others have changed.

    Raises:
        MovieReportsError: a part cannot be fetched, or is too large.
    """
    targets = {
        name: folder / f"source-{number}{PurePosixPath(shown(name)).suffix}" for number, name in enumerate(names)
    }
    remote = {name: target for name, target in targets.items() if urls.is_url(name)}
    versions: dict[str, Version] = {}
    if remote.keys() == targets.keys() == known.keys():
        versions = _fetch(remote, most, progress, known)
        if not versions:
            return Arrived()
    rest = {name: target for name, target in remote.items() if name not in versions}
    versions |= _fetch(rest, most, progress, {})
    return Arrived([(shown(name), _local(name, targets[name], most)) for name in names], versions)


def _fetch(wanted: Mapping[str, Path], most: int, progress: Progress, known: Versions) -> dict[str, Version]:
    """Fetch what is at addresses in other versions than those known, and return the versions there."""
    stop = Event()

    def fetch(name: str) -> Version | None:
        def show(step: str, done: int, total: int) -> None:
            if stop.is_set():
                raise StoppedError
            progress(step if len(wanted) == 1 else f"{step} {shown(name)}", done, total)

        return download.fetch(name, wanted[name], show, most, known.get(name))

    if len(wanted) == 1:
        found = {name: fetch(name) for name in wanted}
    else:
        futures: dict[str, Future[Version | None]] = {}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                for name in wanted:
                    futures[name] = pool.submit(fetch, name)
                for future in as_completed(futures.values()):
                    future.result()  # the first failure ends the others
            except BaseException:
                stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                while wait(futures.values(), AGAIN).not_done:
                    download.abandon()
                raise
        found = {name: future.result() for name, future in futures.items()}
    return {name: version for name, version in found.items() if version is not None}


def _local(name: str, target: Path, most: int) -> Path:
    """Return where a part of a source is; stdin and pipes are copied there."""
    if name == "-":
        _copy("stdin", sys.stdin.buffer, target, most)
    elif is_local(name):
        if not paths.is_pipe(shown(name), Path(name)):
            return Path(name)
        with Path(name).open("rb") as pipe:
            _copy(shown(name), pipe, target, most)
    return target


def _copy(name: str, stream: IO[bytes], target: Path, most: int) -> None:
    with target.open("wb") as file:
        while block := stream.read(BLOCK):
            file.write(block)
            if file.tell() > most:
                message = f"{name} has more than {most:,} bytes: if that is right, raise --max-size"
                raise MovieReportsError(message)
