"""Runs the statements of reports on a Spark cluster, through Spark Connect, over the files of a snapshot."""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from movie_reports.database import schema, sql
from movie_reports.database.errors import INTERRUPTED
from movie_reports.database.execute import Parameters, interruptible
from movie_reports.errors import MovieReportsError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

Result = TypeVar("Result")

VARIABLE = "SPARK_REMOTE"
RETRIES = 4  # within five seconds; by itself the client goes on for ten minutes
PATIENCE = 5  # seconds for the server to end a session
_URL = re.compile(r"sc://([^/?#;@\s]+)(?:/(?:;[^/?#\s]*)?)?")

SENTENCES: Mapping[str, str] = {
    "UNAUTHENTICATED|Unauthenticated|Invalid token": (
        "Spark at {server} refuses the token: set SPARK_CONNECT_AUTHENTICATE_TOKEN to the right one"
    ),
    "(?i)handshake|ssl_error|certificate": (
        "Spark at {server} has no certificate that this machine trusts, or no TLS at all: a token needs it, unless the "
        "host is called localhost"
    ),
    "UNAVAILABLE|Channel closed": (
        "Spark at {server} does not answer: start its Connect server, or give the address of another with --url"
    ),
    "ALREADY_EXISTS|already exists": "{target} exists already: remove it, or name another place",
    "PATH_NOT_FOUND|FAILED_READ_FILE|FileNotFound|No such file": (
        "Spark at {server} cannot read the snapshot, which its nodes open by themselves: publish it where all of them "
        "find it under the same name"
    ),
}
"""What to say if the text of an error matches a pattern."""


class Cluster:
    """A session on a Spark cluster, whose tables and views are those of the database.

    It begins with the first statement, so that a request that is wrong in itself needs no cluster.
    """

    def __init__(self, url: str | None, tables: Mapping[str, Sequence[str]]) -> None:
        """Connect to nothing yet.

        Args:
            url: the address of a Spark Connect server, such as sc://host:15002/;use_ssl=true; by default that in
                SPARK_REMOTE.
            tables: the Parquet files of each table, as the nodes of the cluster find them.

        Raises:
            UsageError: it is no such address.
        """
        self._url = url or os.environ.get(VARIABLE, "")
        found = _URL.fullmatch(self._url)
        if not found:
            message = f"Spark needs the address of its Connect server: --url sc://host:15002, or {VARIABLE}"
            raise UsageError(message)
        self.server = found[1]
        self._tables = tables
        self._session: Any = None
        self._made: set[str] = set()
        self._is_interrupted = False

    def table(self, text: str, parameters: Parameters) -> pa.Table:
        """Run the statement of a report, and return its rows.

        Raises:
            MovieReportsError: the cluster cannot answer.
        """
        return self._run(text, parameters, lambda frame: frame.toArrow())

    def write(self, text: str, parameters: Parameters, target: str) -> int:
        """Let the cluster write the rows of a statement into a new folder of Parquet files, and return their number.

        Args:
            text: the statement.
            parameters: their values.
            target: the URL of the folder.

        Raises:
            MovieReportsError: as `table`; or the folder exists, or cannot be written.
        """

        def work(frame: Any) -> int:  # noqa: ANN401 (Spark is an extra)
            frame.write.mode("error").parquet(target)
            return int(self._session.read.parquet(target).count())

        return self._run(text, parameters, work, target)

    def interrupt(self) -> None:
        """Stop what runs, whether the server answers or not."""
        self._is_interrupted = True
        self.close()

    def close(self) -> None:
        """End the session, which stops what still runs in it; a server that does not answer must find out by itself."""
        if self._session is None or self._session.is_stopped:
            return
        self._session.client.set_retry_policies([])
        ending = threading.Thread(target=self._session.stop, daemon=True)
        ending.start()
        ending.join(PATIENCE)
        if ending.is_alive():
            self._session.client.close()

    def _run(self, text: str, parameters: Parameters, work: Callable[[Any], Result], target: str = "") -> Result:
        def run() -> Result:
            sessions, policy = _client()
            with self._plain_errors(target):
                if self._session is None:
                    self._session = sessions.builder.remote(self._url).create()
                    self._session.client.set_retry_policies([])
                    _ = self._session.version  # so that a server that is not there is found out at once
                    self._session.client.set_retry_policies([policy(max_retries=RETRIES)])
                self._make(text)
                return work(self._session.sql(sql.for_spark(text), args=dict(parameters)))

        return interruptible(self, run)

    def _make(self, text: str) -> None:
        """Make the tables and views that a statement reads, each after those that it reads itself."""
        for name in re.findall(r"\w+", text):
            if name in self._made:
                continue
            if name in schema.VIEWS:
                self._made.add(name)
                definition = view(name).replace("CREATE VIEW", "CREATE OR REPLACE TEMPORARY VIEW")
                self._make(definition)
                self._session.sql(definition)
            elif name in self._tables:
                self._made.add(name)
                frame = self._session.read.parquet(*self._tables[name])
                if len(frame.inputFiles()) != len(self._tables[name]):  # not every server complains
                    raise FileNotFoundError(name)
                frame.createOrReplaceTempView(name)

    @contextmanager
    def _plain_errors(self, target: str) -> Iterator[None]:
        """Turn errors of Spark and of the network into one sentence."""
        from grpc import RpcError  # noqa: PLC0415 (an extra)
        from pyspark.errors import PySparkException  # noqa: PLC0415 (an extra)

        try:
            yield
        except (PySparkException, RpcError, OSError, ValueError) as error:
            if self._is_interrupted:
                raise RuntimeError(INTERRUPTED) from error
            raise MovieReportsError(self._explain(error, target)) from error

    def _explain(self, error: Exception, target: str) -> str:
        text = f"{type(error).__name__}: {error}"
        for pattern, sentence in SENTENCES.items():
            if re.search(pattern, text):
                return sentence.format(server=self.server, target=target)
        return f"Spark at {self.server}: {(str(error).strip() or text).splitlines()[0]}"


def view(name: str) -> str:
    """Return what creates a view; one is in words of Spark's own."""
    text = sql.read("schema/spark/film_names") if name == "film_names" else schema.view(name)
    return sql.without_comments(schema.uncommented(text)).strip(";\n")


def _client() -> tuple[Any, Any]:
    """Load the client of Spark Connect, and keep it from writing to stderr.

    Raises:
        MovieReportsError: it is not installed.
    """
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"pyspark\b")  # of retries, and of versions of pandas that it does not use
    try:
        with _named_main():
            from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415 (an extra)
            from pyspark.sql.connect.session import SparkSession  # noqa: PLC0415 (as above)
    except ImportError as error:
        message = "asking Spark needs the extra spark: pip install 'movie-reports[spark]'"
        raise MovieReportsError(message) from error
    return SparkSession, DefaultPolicy


@contextmanager
def _named_main() -> Iterator[None]:
    """Give the main module a file: without one, as in `python -c`, the client takes itself for a doctest and exits."""
    main = vars(sys.modules["__main__"])
    is_unnamed = main.setdefault("__file__", __file__) is __file__
    try:
        yield
    finally:
        if is_unnamed:
            main.pop("__file__", None)  # another thread may have done so
