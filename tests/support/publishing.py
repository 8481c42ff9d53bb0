"""Publishes in processes of their own, which may be killed at any step, and what they leave behind."""

import json
from pathlib import Path
from typing import Any

import killing
from program import Result


def killed_at(step: str, *arguments: str | Path) -> Result:
    """Run a publish that kills itself at a step, such as `folder.Folder.keep:after:3`."""
    module, _, function = step.partition(".")
    return killing.killed_at(f"publishing.snapshots.{module}:{function}", "publish", *arguments)


def manifest(store: Path, number: int | None = None) -> dict[str, Any]:
    """Read the manifest of a snapshot, by default of the current one."""
    number = number or int((store / "CURRENT").read_text())
    found: dict[str, Any] = json.loads((store / "snapshots" / f"{number:012}.json").read_text("utf-8"))
    return found


def files(found: dict[str, Any], table: str | None = None) -> list[str]:
    """Return the paths of the files that a manifest names, of one table or all."""
    chosen = found["tables"].values() if table is None else [found["tables"][table]]
    return [file["path"] for each in chosen for file in each["files"]]


def contents(store: Path) -> set[str]:
    """Return the paths of all files but those of Delta Lake."""
    paths = {path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file()}
    return {path for path in paths if "/_delta_log/" not in path}


def needed(store: Path) -> set[str]:
    """Return what a store with one snapshot consists of."""
    found = manifest(store)
    return {"CURRENT", ".lock", f"snapshots/{found['snapshot']:012}.json", *files(found)}
