"""Which sites may read the answers in a browser: none, unless they are named."""

from pathlib import Path

import pytest

from program import PROGRAM, assert_fails, run
from serving import API, asking, served

SITE, OTHER = "https://example.org", "https://evil.example"


def test_a_site_that_is_named_may_read(sample_database: Path) -> None:
    """With the headers that it needs; other sites may not."""
    with asking(sample_database, origins=(SITE, "http://localhost:3000")) as client:
        for origin in (SITE, "http://localhost:3000"):
            answer = client.get(f"{API}/genres?format=csv", headers={"Origin": origin})
            assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, origin)
            assert "Origin" in answer.headers["vary"]
            exposed = answer.headers["access-control-expose-headers"].split(", ")
            of_snapshots = "X-Data-Version"
            assert [name for name in exposed if name not in answer.headers] == [of_snapshots]
            assert "Movie-Reports-Rows" in exposed
            assert "access-control-allow-credentials" not in answer.headers
        for headers in ({"Origin": OTHER}, {"Origin": f"{SITE}.evil.example"}, {}):
            answer = client.get(f"{API}/genres", headers=headers)
            assert (answer.status_code, answer.headers.get("access-control-allow-origin")) == (200, None)


def test_browsers_that_ask_first_are_answered(sample_database: Path) -> None:
    """They ask before they send a header such as If-None-Match; only reading is allowed."""
    with asking(sample_database, origins=(SITE,)) as client:

        def ask(method: str, origin: str = SITE) -> tuple[int, str | None]:
            asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "if-none-match"}
            answer = client.options(f"{API}/genres", headers={"Origin": origin, **asked})
            return answer.status_code, answer.headers.get("access-control-allow-origin")

        assert ask("GET") == (200, SITE)
        assert ask("POST")[0] == 400
        assert ask("GET", OTHER) == (400, None)
        assert client.options(f"{API}/genres").status_code == 405


def test_an_unknown_host_is_refused_to_a_site_that_is_named(sample_database: Path) -> None:
    """The list of hosts is another one."""
    with asking(sample_database, origins=(SITE,)) as client:
        assert client.get(f"{API}/genres", headers={"Origin": SITE, "Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(("option", "allowed"), [("HTTPS://Example.org", SITE), ("*", "*")])
def test_the_option_names_sites(sample_database: Path, option: str, allowed: str) -> None:
    """In any case of letters, or all of them."""
    with served(sample_database, [*PROGRAM, "serve", "--port", "0", "--allow-origin", option]) as service:
        assert service.get(f"{API}/genres", f"Origin: {SITE}")[1]["access-control-allow-origin"] == allowed


@pytest.mark.parametrize("origin", ["example.org", "https://example.org/", "ftp://example.org", "null", ""])
def test_what_is_no_origin_is_refused(sample_database: Path, origin: str) -> None:
    """It would match nothing."""
    assert_fails(run("serve", "--allow-origin", origin, "--database", sample_database), 2, "https://example.org")
