"""The Containerfile: its commands work, in folders of a test instead of those of an image."""

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploying import FOLDER, adapted
from movie_reports.ingestion import sample
from program import LIKE_OTHERS, Result, ended, environment
from serving import API, served

pytestmark = [pytest.mark.component, pytest.mark.slow]

PROJECT = FOLDER.parents[1]
AS_NOBODY = [sys.executable, "-c", f"{LIKE_OTHERS}; import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"]


def test_an_image_ingests_and_serves(tmp_path: Path) -> None:
    """It serves its volume without writing there; its health check notices when it stops."""
    data = tmp_path / "data"
    owner = {"--owner=65532": f"--owner={os.geteuid()}", "--group=65532": f"--group={os.getegid()}"}
    folders = {"/opt/": f"{tmp_path}/opt/", " /data": f" {data}", "=/data": f"={data}"}
    text = adapted("Containerfile", owner | folders)
    variables = built(text, tmp_path / "src")
    sample.write(tmp_path / "films.zip")
    entry = [*AS_NOBODY, *words(text, "ENTRYPOINT")]
    done = ended([*entry, "ingest", tmp_path / "films.zip", "--quiet"], env=environment(**variables))
    assert (done.returncode, done.stderr) == (0, "")
    files = {path.name: path.read_bytes() for path in data.iterdir()}
    data.chmod(0o500)
    with served(data / "movies.duckdb", [*entry, *words(text, "CMD"), "--port", "0"], **variables) as service:
        assert service.get(f"{API}/genres?format=parquet")[0] == 200
        assert service.get("/")[0] == 200
        check = [word.replace(":8000", f":{service.port}") for word in words(text, "HEALTHCHECK CMD")]
        assert ended(check, env=environment(**variables)).returncode == 0
        service.stop()
        assert ended(check, env=environment(**variables)).returncode != 0
    assert {path.name: path.read_bytes() for path in data.iterdir()} == files


def built(text: str, source: Path) -> dict[str, str]:
    """Copy and run what a Containerfile says, as one stage; return the variables of the image."""
    source.mkdir()
    variables = {"PYTHONPATH": "", "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for word, rest in re.findall(r"(?m)^(COPY|RUN|ENV) (?!--from)(.*)$", text):
        if word == "ENV":
            name, _, value = rest.partition("=")
            variables[name] = value.replace("$PATH", variables["PATH"])
            continue
        done = copied(rest.split(), source) if word == "COPY" else shell(rest, source, variables)
        assert done.returncode == 0, done.stdout + done.stderr
    return variables


def copied(names: list[str], source: Path) -> Result:
    """Copy files of the project."""
    *files, target = names
    if target.endswith("/"):
        (source / target).mkdir(exist_ok=True)
    return ended(["cp", "-r", *files, source / target], cwd=PROJECT)


def shell(command: str, folder: Path, variables: Mapping[str, str]) -> Result:
    """Run a line of a shell."""
    return ended(["sh", "-c", command], cwd=folder, env=environment(**variables))


def words(text: str, instruction: str) -> list[str]:
    """Return the words of an instruction in JSON."""
    found = re.search(rf"(?m)^{instruction} (\[.*\])$", text)
    assert found
    return [str(word) for word in json.loads(found[1])]
