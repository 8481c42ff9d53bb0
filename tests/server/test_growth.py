"""The service does not grow, whatever it was asked."""

import random
import re
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from movie_reports.reports.catalog import REPORTS
from movie_reports.server.answers.formats import Kind
from serving import API, Service, served

WARM, ALL, LOOKED_AT = 2_000, 10_000, 500
# the same service, but it keeps so few results that it has all of them after the first requests
FORGETFUL = [
    sys.executable,
    "-c",
    """
import sys
from movie_reports.server import run
from movie_reports.server.settings import Settings

run.serve(sys.argv[2], "127.0.0.1", 0, Settings(cached=4 * 2**20), lambda url: print(f"on {url} ", file=sys.stderr))
""",
]
VALUES = {
    "company": ("pixar", "Universal Pictures", "disney", "nothing"),
    "year": [f"{first}-{first + 15}" for first in range(1930, 2015)],
    "month": range(1, 13),
    "by": ("year", "quarter", "month", "decade", "all"),
    "search": ("a", "an", "films", "pict", "É"),
    "metrics": ("budget", "revenue"),
}


def _any_request(chance: random.Random) -> str:
    """Return the address of a page, or of a report in some format."""
    name, spec = chance.choice([*REPORTS.items()])
    asked = {option: chance.choice([*VALUES[option]]) for option in spec.options if option in VALUES}
    query = {option.replace("metrics", "metric"): value for option, value in asked.items() if chance.random() < 0.6}
    if chance.random() < 0.4:
        return f"/{name}?{urlencode(query)}"
    return f"{API}/{name}?{urlencode({**query, 'format': chance.choice([*Kind])})}"


def _least_memory(service: Service, chance: random.Random, requests: int) -> int:
    """Send requests, and return the least memory of the process beside the last of them."""
    status = Path(f"/proc/{service.process.pid}/status")
    sizes = []
    for number in range(requests):
        assert service.get(_any_request(chance))[0] in {200, 404}
        if number >= requests - LOOKED_AT:
            sizes.append(int(re.findall(r"VmRSS:\s+(\d+)", status.read_text())[0]))
    return min(sizes)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell how large a process is")
def test_memory_grows_by_a_fifth_at_most(sample_database: Path) -> None:
    """Over ten thousand requests, after those by which it has loaded and kept what it needs."""
    chance = random.Random(1)  # noqa: S311 (the same requests each time)
    with served(sample_database, command=FORGETFUL) as service:
        before = _least_memory(service, chance, WARM)
        assert _least_memory(service, chance, ALL - WARM) <= 1.2 * before
