"""A lock for one process at a time: a locked file. Once the file is removed, the lock no longer excludes others."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock

AGAIN = 0.05  # seconds between two attempts


@dataclass(frozen=True)
class Lock:
    """A locked file that this process has open."""

    path: Path
    descriptor: int

    def is_lost(self) -> bool:
        """Whether the file was removed or replaced, so that another process may have the lock too."""
        try:
            return not os.path.samestat(os.fstat(self.descriptor), self.path.stat())
        except FileNotFoundError:
            return True


@contextmanager
def locked(path: Path, wait: float = 0) -> Iterator[Lock | None]:
    """Lock a file until the end of the block or of the process; it is created if necessary, and stays.

    Yields:
        the lock, or None if another process still has it after `wait` seconds.
    """
    end = time.monotonic() + wait
    while (lock := _attempt(path)) is None and time.monotonic() < end:
        time.sleep(AGAIN)
    try:
        yield lock
    finally:
        if lock is not None:
            os.close(lock.descriptor)


def _attempt(path: Path) -> Lock | None:
    """Lock a file, unless another process has locked it; a file that was removed meanwhile is created again."""
    lock = Lock(path, _opened(path))
    is_locked = is_good = False
    try:
        is_locked = filelock.lock_descriptor(lock.descriptor, blocking=False)
        is_good = is_locked and not lock.is_lost()
    finally:
        if not is_good:
            os.close(lock.descriptor)
    if is_locked and not is_good:
        return _attempt(path)
    return lock if is_good else None


def _opened(path: Path) -> int:
    flags = os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    try:
        return os.open(path, os.O_RDWR | flags, 0o666)
    except PermissionError:
        if not path.exists():
            raise
        return os.open(path, os.O_RDONLY)  # it belongs to another user, but can still be locked
