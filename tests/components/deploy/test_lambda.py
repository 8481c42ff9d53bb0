"""The service as a function of AWS Lambda: a fresh process answers events of an API Gateway."""

import base64
import gzip
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from deploying import FOLDER
from movie_reports.reports.catalog import REPORTS
from program import LIKE_OTHERS, ended, environment, streams

pytestmark = pytest.mark.component

# Like the runtime of Lambda: it imports the handler, calls it with one event after another, and may write in /tmp only.
RUNTIME = f"""
{LIKE_OTHERS}
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("aws_lambda", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print(json.dumps([module.handler(event, None) for event in json.load(sys.stdin)]))
"""


@pytest.fixture
def place(sample_database: Path, tmp_path: Path) -> Path:
    """Make folders that nobody may write to, with the database, and one for temporary files."""
    for name in ("task", "home", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "task" / "movies.duckdb").write_bytes(sample_database.read_bytes())
    for name in ("task", "home"):
        (tmp_path / name).chmod(0o500)
    return tmp_path


def event(path: str, query: str = "", **headers: str) -> dict[str, Any]:
    """Return a request in version 2.0 of the format of API Gateway, as AWS documents it."""
    host = "films.example.org"
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": host, "x-forwarded-port": "443", "x-forwarded-proto": "https", **headers},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": host,
            "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "x"},
            "requestId": "id",
            "routeKey": "$default",
            "stage": "$default",
            "time": "28/Nov/2026:08:00:00 +0000",
            "timeEpoch": 1795852800000,
        },
        "isBase64Encoded": False,
    }


def answers(place: Path, *events: dict[str, Any]) -> list[tuple[int, dict[str, str], bytes]]:
    """Let a fresh process answer events."""
    variables = {
        "HOME": str(place / "home"),
        "TMPDIR": str(place / "tmp"),
        "MOVIE_REPORTS_DATABASE": str(place / "task" / "movies.duckdb"),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-c", RUNTIME, str(FOLDER / "aws_lambda.py")]
    done = ended(command, cwd=place / "task", env=environment(**variables), stdin=json.dumps(events))
    assert (done.returncode, done.stderr) == (0, "")
    found = []
    for answer in json.loads(done.stdout):
        body = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
        found.append((answer["statusCode"], answer["headers"], body))
    return found


def test_a_fresh_process_answers_one_event(place: Path) -> None:
    """With a report as the command line exports it, and nothing is left in the temporary folder."""
    ((status, headers, body),) = answers(place, event("/api/v1/company", "company=Pixar&metric=profit&format=csv"))
    expected = streams(
        "company", "Pixar", "--metric", "profit", "--export", "csv", "--database", place / "task" / "movies.duckdb"
    )
    assert (status, headers["content-type"], body.decode()) == (
        200,
        "text/csv; charset=utf-8; header=present",
        expected[1],
    )
    assert [*(place / "tmp").iterdir()] == []


def test_it_goes_on_answering(place: Path) -> None:
    """All reports, pages, compressed answers, downloads, and errors, in one process."""
    paths = [f"/api/v1/{name}" for name, spec in REPORTS.items() if spec.subject is None or not spec.subject.is_chosen]
    events = [event(path) for path in (*paths, "/", "/company")]
    found = answers(
        place,
        *events,
        event("/", **{"accept-encoding": "gzip"}),
        event("/api/v1/films", "format=parquet"),
        event("/api/v1/films", "format=parquet", host="evil.example"),
        event("/api/v1/company", "company=universl"),
    )
    assert [status for status, _, _ in found] == [200] * (len(events) + 2) + [421, 404]
    *pages, compressed, parquet, _, missing = found
    assert pages[-2][2].startswith(b"<!DOCTYPE html>")
    assert gzip.decompress(compressed[2]) == pages[-2][2]
    assert parquet[2][:4] == b"PAR1"
    assert "candidates" in json.loads(missing[2])
