"""A PostgreSQL server of Debian's package on loopback, for as long as some tests need it."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from program import LIMIT, free_port, missing

CLUSTER = "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en"
"""Texts sort as in a dictionary, unless a column says otherwise."""
OPTIONS = "listen_addresses=127.0.0.1", "fsync=off", "unix_socket_directories="


@dataclass(frozen=True)
class Server:
    """A running server; its superuser is postgres.

    Attributes:
        port: on loopback.
        password: of the superuser.
    """

    port: int
    password: str

    def url(self, database: str = "postgres", user: str = "postgres", password: str | None = None) -> str:
        """Return the URL of a database."""
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"


@contextmanager
def postgresql() -> Iterator[Server]:
    """Start a server with an empty cluster in a temporary folder, as an unprivileged user."""
    found = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)
    if found is None:
        missing("PostgreSQL is not installed: apt-get install postgresql")
    programs, password = Path(found).resolve().parent, secrets.token_hex(8)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data, secret = Path(folder, "data"), Path(folder, "password")
        secret.write_text(password)
        if os.geteuid() == 0:
            for path in (folder, secret):
                shutil.chown(path, "postgres", "postgres")
        _run(programs / "initdb", "-D", data, "-U", "postgres", "--pwfile", secret, *CLUSTER)
        port = free_port()
        settings = " ".join(f"-c {option}" for option in (*OPTIONS, f"port={port}"))
        control: Sequence[str | Path] = (programs / "pg_ctl", "-D", data, "-w", "-l", Path(folder, "log"))
        _run(*control, "-o", settings, "start")
        try:
            yield Server(port, password)
        finally:
            _run(*control, "-m", "immediate", "stop")


def _run(*command: str | Path) -> None:
    """Run one of its programs, which refuse to run as root."""
    drop = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    subprocess.run([*drop, *command], check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=LIMIT)
