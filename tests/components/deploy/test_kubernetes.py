"""The manifests for Kubernetes: they are valid, go with the image, and what they start works."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploying import FOLDER
from movie_reports.ingestion import sample
from program import PROGRAM, ended
from serving import API, served

pytestmark = pytest.mark.component

PATH = FOLDER / "kubernetes.yaml"


@pytest.fixture(scope="module")
def manifests() -> dict[str, Any]:
    """Read the manifests."""
    return {each["kind"]: each["spec"] for each in yaml.safe_load_all(PATH.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("version", ["1.31.0", "1.37.0"])
def test_the_manifests_are_valid(manifests: dict[str, Any], version: str) -> None:
    """With no field that Kubernetes does not know."""
    done = ended([Path(sys.executable).parent / "kubernetes-validate", "-k", version, "--strict", PATH])
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["INFO"] * len(manifests)


def test_the_manifests_go_with_the_image(manifests: dict[str, Any]) -> None:
    """The same user and folder; only the ingest may write there."""
    image = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    for kind, is_reader in (("Deployment", True), ("CronJob", False)):
        pod = _pod(manifests[kind])
        (data,) = [mount for mount in pod["containers"][0]["volumeMounts"] if mount["name"] == "data"]
        assert f"\nVOLUME {data['mountPath']}\n" in image
        assert data.get("readOnly", False) == is_reader
        assert f"\nUSER {pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}\n" in image


def test_what_the_manifests_start_works(manifests: dict[str, Any], tmp_path: Path) -> None:
    """The ingest, then the service, which its probes find alive and ready."""
    sample.write(tmp_path / "films.zip")
    (ingest,), (serve,) = (_pod(manifests[kind])["containers"] for kind in ("CronJob", "Deployment"))
    arguments = [re.sub(r"^https://.*", str(tmp_path / "films.zip"), each) for each in ingest["args"]]
    done = ended([*PROGRAM, *arguments, "--database", tmp_path / "movies.duckdb"])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with served(tmp_path / "movies.duckdb", [*PROGRAM, *serve["args"], "--port", "0"]) as service:
        assert service.get(f"{API}/genres")[0] == 200
        for probe in ("livenessProbe", "readinessProbe"):
            assert service.get(serve[probe]["httpGet"]["path"])[0] == 200


def _pod(spec: dict[str, Any]) -> Any:  # noqa: ANN401 (YAML)
    """Return the pods of a workload."""
    return spec.get("jobTemplate", {"spec": spec})["spec"]["template"]["spec"]
