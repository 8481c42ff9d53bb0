"""Removes what no snapshot needs: those beyond the last few, and what killed publishes left."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from movie_reports.publishing.snapshots.manifest import FILE, Kept, path_of
from movie_reports.publishing.snapshots.store import Store, published

LEAST = timedelta(hours=1)
"""For so long a reader may still be using what was replaced."""
OURS = re.compile(rf"{FILE.pattern}|snapshots/\d{{12}}\.json|(snapshots/)?\.[^/]+\.part|\.drafts/.*")


def outdated(store: Store, found: Mapping[str, Kept], keep: int) -> list[str]:
    """Return the files that no kept snapshot needs, manifests first.

    Args:
        store: the store.
        found: its files.
        keep: how many of the last snapshots are kept; those that were replaced within the last hour are too.
    """
    replaced = now = datetime.now(UTC)
    needed: set[str] = set()
    for number, manifest in enumerate(published(store), 1):
        if number <= keep or now - replaced < LEAST:
            needed |= {path_of(manifest.snapshot), *(file.path for file in manifest.files)}
        replaced = datetime.fromisoformat(manifest.published_at)
    oldest = (now - LEAST).timestamp()
    return sorted(
        path for path, kept in found.items() if path not in needed and OURS.fullmatch(path) and kept.written < oldest
    )


def remove(store: Store, paths: list[str]) -> None:
    """Remove files; what cannot be removed now is left for the next time."""
    for path in paths:
        with suppress(OSError):
            store.remove(path)
