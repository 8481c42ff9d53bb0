"""The alerts for Prometheus: they are valid, fire when they should, and use metrics that a real service has."""

import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploying import FOLDER
from program import ended, installed
from runs import Place, with_rejects
from serving import API, served

pytestmark = pytest.mark.component

SELECTOR = re.compile(r"(movie_reports_\w+)(?:\{(.*?)\})?")
LABEL = re.compile(r"(\w+)(?:=~|!~|!=|=)")


def test_the_rules_are_valid() -> None:
    """As far as Prometheus can tell."""
    done = ended([installed("promtool"), "check", "rules", "--lint-fatal", FOLDER / "alerts.yml"])
    assert done.returncode == 0, done.stdout + done.stderr


def test_alerts_fire_when_they_should() -> None:
    """And not before; each of them has such a case."""
    done = ended([installed("promtool"), "test", "rules", FOLDER / "alerts_test.yml"])
    assert done.returncode == 0, done.stdout + done.stderr
    alerts = re.findall(r"- alert: (\w+)", (FOLDER / "alerts.yml").read_text())
    cases = (FOLDER / "alerts_test.yml").read_text()
    quiet = re.findall(r"alertname: (\w+)\}", cases)
    firing = re.findall(r"alertname: (\w+)\n +exp_alerts:", cases)
    assert {*alerts} == {*quiet} == {*firing}


def test_the_rules_use_metrics_of_the_service(place: Place) -> None:
    """With labels that they have, also after a refused ingest."""
    place.ingest(with_rejects(1, 0))
    place.stops(with_rejects(1, 9), "reject")
    with served(place.database) as service:
        for path in (f"{API}/genres", "/nothing"):
            service.get(path)
        families = text_string_to_metric_families(service.get("/metrics")[2].decode())
        samples = [sample for family in families for sample in family.samples]
    labels = {sample.name: {*sample.labels} for sample in samples}
    used = SELECTOR.findall(re.sub(r"(?m)^ *(summary|description):.*", "", (FOLDER / "alerts.yml").read_text()))
    assert len(used) > 5
    assert [name for name, _ in used if name not in labels] == []
    assert [(name, text) for name, text in used if not {*LABEL.findall(text)} <= labels[name]] == []
    outcomes = [sample.labels["outcome"] for sample in samples if sample.name.startswith("movie_reports_ingest_ended")]
    assert outcomes == ["refused"]


def test_the_page_names_every_metric(sample_database: Path) -> None:
    """The table in docs/serving.md, and no other."""
    with served(sample_database) as service:
        families = [*text_string_to_metric_families(service.get("/metrics")[2].decode())]
    names = {f"{family.name}_total" if family.type == "counter" else family.name for family in families}
    names = {name for name in names if not name.endswith("_created")}
    page = (FOLDER.parent / "serving.md").read_text()
    named = {*re.findall(r"(?m)^\| `(movie_reports_\w+)`", page)}
    assert named == names | {"movie_reports_snapshot"}  # which a file has not
