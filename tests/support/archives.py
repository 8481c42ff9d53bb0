"""Archives and folders of CSV files that tests make up."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

STAMP = (2020, 1, 1, 0, 0, 0)


def packed(members: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack members of any name, always into the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), content, packing)
    return stream.getvalue()


def zipped(**files: str | bytes) -> bytes:
    """Pack CSV files."""
    return packed({f"{name}.csv": content for name, content in files.items()})


def archived(path: Path, members: Mapping[str, str], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write an archive, and the folder for it."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(packed(members, packing))
    return path


def folder(path: Path, **files: str) -> Path:
    """Make a folder with CSV files."""
    path.mkdir()
    for name, content in files.items():
        (path / f"{name}.csv").write_text(content, encoding="utf-8", newline="")
    return path
