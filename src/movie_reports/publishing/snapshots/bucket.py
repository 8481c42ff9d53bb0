"""A store in a bucket of S3, or of a server that speaks its protocol and supports conditional writes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_reports.database.connection import CURRENT
from movie_reports.errors import MovieReportsError, UsageError
from movie_reports.publishing.snapshots.manifest import Kept

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CONNECT, SILENCE = 10, 60  # seconds to connect, and to wait for data


class Bucket:
    """A bucket, or what begins with a path in it. Keys and endpoint are those of the environment, as boto3 reads it."""

    drafts = None

    def __init__(self, place: str) -> None:
        """Connect to nothing yet.

        Raises:
            UsageError: this is no bucket with a path of plain characters, which all libraries write alike.
            MovieReportsError: the extra is not installed.
        """
        if not re.fullmatch(r"[\w.-]+(/[\w.=-]+)*", place, re.ASCII):
            message = (
                f"s3://{place} is no address of snapshots: write s3://bucket/path, with letters, digits and . _ - ="
            )
            raise UsageError(message)
        self._place = place
        self._bucket, _, prefix = place.partition("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._files = _files(str(self))

    def __str__(self) -> str:
        return f"s3://{self._place}"

    @property
    def options(self) -> dict[str, str]:
        """Whether the endpoint has no TLS, such as one on the same machine."""
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""
        return {"AWS_ALLOW_HTTP": str(endpoint.startswith("http:")).lower()}

    def address(self, path: str) -> str:
        """Return the address of an object."""
        return f"{self}/{path}"

    def read(self, path: str) -> bytes | None:
        """Return the content of an object; None if there is none."""
        with self._plain():
            try:
                content: bytes = self._files.cat_file(self.address(path))
            except FileNotFoundError:
                return None
        return content

    def open(self, path: str) -> BufferedIOBase:
        """Open an object."""
        opened: BufferedIOBase = self._files.open(self.address(path), "rb")
        return opened

    def tag(self) -> str | None:
        """Return the ETag of CURRENT."""
        with self._plain():
            try:
                return str(self._files.call_s3("head_object", **self._object(CURRENT))["ETag"])
            except FileNotFoundError:
                return None

    def listing(self) -> Mapping[str, Kept]:
        """Return all objects by path."""
        with self._plain():
            found = self._files.find(str(self), detail=True)
        start = len(self._place) + 1
        return {name[start:]: Kept(each["size"], each["LastModified"].timestamp()) for name, each in found.items()}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep nobody out: S3 has no locks, and `replace_current` finds out who was first."""
        with self._plain():
            yield

    def keep(self, draft: Path, path: str) -> None:
        """Upload a complete file."""
        self._files.put_file(str(draft), self.address(path))
        draft.unlink()

    def create(self, path: str, content: bytes) -> None:
        """Write an object that is not there yet."""
        self._put(path, content, IfNoneMatch="*")

    def replace_current(self, content: bytes, tag: str | None) -> None:
        """Replace CURRENT, provided that nobody else has done so since its tag was read."""
        self._put(CURRENT, content, **({"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}))

    def remove(self, path: str) -> None:
        """Remove an object."""
        self._files.call_s3("delete_object", **self._object(path))

    def register(self, connection: DuckDBPyConnection) -> None:
        """Let the engine read through the same client."""
        connection.register_filesystem(self._files)

    def dataset(self, paths: list[str]) -> Any:  # noqa: ANN401 (pyarrow has no types)
        """Return objects as one dataset of Arrow."""
        from pyarrow import dataset  # noqa: PLC0415 (slow to load)

        return dataset.dataset([f"{self._place}/{path}" for path in paths], filesystem=self._files)

    def _object(self, path: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": f"{self._prefix}{path}"}

    def _put(self, path: str, content: bytes, **condition: str) -> None:
        """Write an object under a condition.

        Raises:
            MovieReportsError: it does not hold.
        """
        try:
            self._files.call_s3("put_object", **self._object(path), Body=content, **condition)
        except OSError as error:
            if _code(error) not in {"PreconditionFailed", "ConditionalRequestConflict"}:
                raise
            message = f"another process has published to {self} meanwhile, so this one did not: try again"
            raise MovieReportsError(message) from error

    @contextmanager
    def _plain(self) -> Iterator[None]:
        """Turn errors of the network and of S3 into one sentence."""
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415 (an extra)

        try:
            yield
        except FileNotFoundError as error:
            message = f"cannot reach {self}: there is no such bucket"
            raise MovieReportsError(message) from error
        except (OSError, BotoCoreError) as error:
            message = f"cannot reach {self} ({_code(error) or error}): check the address, the keys and the network"
            raise MovieReportsError(message) from error


def _files(name: str) -> Any:  # noqa: ANN401 (fsspec has no types)
    """Return a client of its own, which keeps no lists of objects in memory."""
    try:
        import fsspec  # noqa: PLC0415 (an extra)

        config = {"connect_timeout": CONNECT, "read_timeout": SILENCE}
        return fsspec.filesystem("s3", config_kwargs=config, skip_instance_cache=True, use_listings_cache=False)
    except ImportError as error:
        message = f"{name} needs the extra remote ({error}): pip install 'movie-reports[remote]'"
        raise MovieReportsError(message) from error


def _code(error: BaseException) -> str | None:
    """Return what S3 calls an error, if it comes from there."""
    answer = getattr(error.__cause__ or error, "response", None) or {}
    code = answer.get("Error", {}).get("Code")
    return None if code is None else str(code)
