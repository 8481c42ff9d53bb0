"""The units for systemd: it accepts them, finds them well confined, and what they start works."""

import re
import shlex
import sys
from pathlib import Path

import pytest

import movie_reports
from deploying import FOLDER, adapted
from movie_reports.ingestion import sample
from program import ended, free_port, installed
from serving import API, served

pytestmark = pytest.mark.component

SERVICES = ["movie-reports.service", "movie-reports-ingest.service", "movie-reports-follow.service"]
UNITS = [*SERVICES, "movie-reports-ingest.timer"]
INSTALLED = "/opt/movie-reports/bin/movie-reports"
EXPOSURE = 15  # tenths; systemd calls up to 2.0 well confined, and 9.6 is a service without any such line


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """With the program where they expect it."""
    for name in UNITS:
        (tmp_path / name).write_text((FOLDER / name).read_text().replace(INSTALLED, sys.executable))
    done = ended([installed("systemd-analyze"), "verify", *(tmp_path / name for name in UNITS)])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", SERVICES)
def test_services_are_confined(name: str) -> None:
    """As systemd counts it."""
    command = [installed("systemd-analyze"), "security", "--offline=true", f"--threshold={EXPOSURE}"]
    done = ended([*command, "--no-pager", FOLDER / name])
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_units_start_works(tmp_path: Path) -> None:
    """The ingest, then the service."""
    sample.write(tmp_path / "data.zip")
    database = tmp_path / "movies.duckdb"
    folders = {"/var/lib/movie-reports": tmp_path, INSTALLED: f"{sys.executable} -m movie_reports"}
    ingest = _started_by("movie-reports-ingest.service", folders | {"/srv/films": tmp_path})
    for _ in range(2):  # the second one has nothing to do
        done = ended(ingest)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with served(database, [*_started_by("movie-reports.service", folders), "--port", "0"]) as service:
        assert service.get(f"{API}/genres")[0] == 200


def test_what_the_unit_of_a_stream_starts_works(tmp_path: Path) -> None:
    """It follows a topic, with the settings of the client."""
    kafka = pytest.importorskip("kafka", reason="the extra 'stream' is not installed")
    config = tmp_path / "client.properties"
    config.write_text("client.id = unit\n")
    with kafka.brokering(tmp_path / "kafka") as broker:
        broker.create()
        broker.send(kafka.film(1), kafka.film(2))
        folders = {
            "/var/lib/movie-reports": tmp_path,
            INSTALLED: f"{sys.executable} -m movie_reports",
            "broker.example.org:9093": broker.address().split("/")[2],
            "/etc/movie-reports/client.properties": config,
            "9108": free_port(),
        }
        done = ended([*_started_by("movie-reports-follow.service", folders), "--once"])
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    with movie_reports.open(tmp_path / "movies.duckdb") as database:
        assert database.films().num_rows == 2


def _started_by(name: str, replacements: dict[str, object]) -> list[str]:
    """Return the command of a unit."""
    found = re.search(r"(?m)^ExecStart=(.*)$", adapted(name, replacements))
    assert found
    return shlex.split(found[1])
