"""Servers of Spark Connect: Sail, which is one process, and a Spark cluster of master, workers and Connect server."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from program import LIMIT, free_port, missing

TOKEN = "a-token-of-tests"  # noqa: S105 (of no use elsewhere)
MEMORY = "512m"  # with less, the Connect server gives up


@dataclass(frozen=True)
class Sail:
    """A server that speaks as Spark does, without a token."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"sc://localhost:{self.port}"

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it answer nothing for the time of a block, as if the network were gone."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@dataclass(frozen=True)
class Cluster:
    """A Spark cluster on this machine, which asks for a token."""

    url: str
    workers: Sequence[subprocess.Popen[bytes]]

    def kill_a_worker(self) -> None:
        """Kill a worker and its executors, as if their machine were gone."""
        worker = self.workers[0]
        executors = _children(worker.pid)
        assert executors, "no executor runs on the worker"
        for process in (worker.pid, *executors):
            os.kill(process, signal.SIGKILL)


@contextmanager
def sail() -> Iterator[Sail]:
    """Start Sail."""
    program = shutil.which("sail", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        missing("Sail is not installed: pip install pysail")
    port = free_port()
    with _running([str(program), "spark", "server", "--port", str(port)]) as process:
        _wait_for(port, process)
        yield Sail(process, port)


@contextmanager
def spark(folder: Path) -> Iterator[Cluster]:
    """Start a Spark cluster from the environment with pyspark that MOVIE_REPORTS_SPARK names."""
    home = _spark_home()
    master, connect = free_port(), free_port()
    run = [str(home / "bin" / "spark-class"), "org.apache.spark.deploy"]
    variables = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": MEMORY,
        "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # for programs that soon end
        "SPARK_CONNECT_AUTHENTICATE_TOKEN": TOKEN,
    }
    address = f"spark://127.0.0.1:{master}"
    settings = {
        "spark.connect.grpc.binding.port": connect,
        "spark.executor.memory": MEMORY,
        "spark.sql.shuffle.partitions": 2,
        "spark.ui.enabled": "false",
    }
    with ExitStack() as stack:

        def start(*command: str) -> subprocess.Popen[bytes]:
            return stack.enter_context(_running(command, variables, folder))

        ready = start(
            run[0], f"{run[1]}.master.Master", "--host", "127.0.0.1", "--port", str(master), "--webui-port", "0"
        )
        options = ["--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", str(folder)]
        workers = [start(run[0], f"{run[1]}.worker.Worker", *options, address) for _ in range(2)]
        server = start(
            str(home / "bin" / "spark-submit"),
            *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--master", address),
            *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")),
            "spark-internal",
        )
        _wait_for(master, ready)
        _wait_for(connect, server)
        yield Cluster(f"sc://localhost:{connect}", workers)


def _spark_home() -> Path:
    """Find Spark; without it or without Java tests are skipped, but never unnoticed in CI."""
    if shutil.which("java") is None:
        missing("Spark needs Java 17 or newer")
    environment = Path(os.environ.get("MOVIE_REPORTS_SPARK") or "/nowhere")
    found = next(environment.glob("lib/python3*/site-packages/pyspark/bin/spark-class"), None)
    if found is None:
        missing("MOVIE_REPORTS_SPARK does not name a virtual environment with pyspark")
    return found.parents[1]


@contextmanager
def _running(
    command: Sequence[str], variables: dict[str, str] | None = None, folder: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a session of its own until the block ends, and then end all that it started."""
    silent = subprocess.DEVNULL
    with subprocess.Popen(
        command, env=variables, cwd=folder, stdout=silent, stderr=silent, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            for each in _children(process.pid):
                os.kill(each, signal.SIGKILL)
            process.kill()


def _children(parent: int) -> list[int]:
    """Return the processes that a process started, and those that these did."""
    found = [int(pid) for path in Path(f"/proc/{parent}/task").glob("*/children") for pid in path.read_text().split()]
    return [*found, *(each for child in found for each in _children(child))]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server listens."""
    end = time.monotonic() + LIMIT
    with socket.socket() as probe:
        while probe.connect_ex(("127.0.0.1", port)):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
