"""The configuration of nginx: TLS and accounts before a real service."""

import base64
import json
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploying import adapted
from program import LIMIT, PROGRAM, ended, free_port, installed, started, wait_until
from serving import API, Service, answered, served

pytestmark = pytest.mark.component

NAME = "films.example.org"
ACCOUNT = f"Authorization: Basic {base64.b64encode(b'anna:secret').decode()}"
# what /etc/nginx/nginx.conf has around it, in a folder of its own
AROUND = """
user {user};
pid pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include server.conf;
}}
"""


@dataclass
class Proxy:
    """Nginx before a service."""

    service: Service
    tls: ssl.SSLContext
    secure: int
    plain: int

    def get(
        self, path: str, *headers: str, host: str = NAME, client: str = "127.0.0.1"
    ) -> tuple[int, dict[str, str], bytes]:
        """Request a path over TLS, whose certificate must be right."""
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", ""]
        with (
            socket.create_connection(("127.0.0.1", self.secure), LIMIT, (client, 0)) as connection,
            self.tls.wrap_socket(connection, server_hostname=NAME) as encrypted,
        ):
            encrypted.sendall("\r\n".join(lines).encode())
            return answered(encrypted)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sign a certificate for the name, with its key in the same folder."""
    folder = tmp_path_factory.mktemp("nginx")
    command = [installed("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    done = ended([*command, *names, "-keyout", folder / "films.key", "-out", folder / "films.pem"])
    assert done.returncode == 0, done.stderr
    return folder / "films.pem"


@pytest.fixture(scope="module")
def proxy(sample_database: Path, certificate: Path) -> Iterator[Proxy]:
    """Start both."""
    folder = certificate.parent
    nginx, secure, plain = installed("nginx"), free_port(), free_port()
    password = ended(["openssl", "passwd", "-6", "secret"]).stdout
    (folder / "films.users").write_text(f"anna:{password}")
    (folder / "nginx.conf").write_text(AROUND.format(user=folder.owner()))
    with served(sample_database, [*PROGRAM, "serve", "--port", "0", "--allow-host", NAME]) as service:
        replacements = {
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl;\n": "",
            "listen 80": f"listen 127.0.0.1:{plain}",
            "listen 443": f"listen 127.0.0.1:{secure}",
            "/etc/ssl/films.pem": certificate,
            "/etc/ssl/private/films.key": folder / "films.key",
            "/etc/nginx/movie-reports.users": folder / "films.users",
            "127.0.0.1:8000": f"127.0.0.1:{service.port}",
        }
        (folder / "server.conf").write_text(adapted("nginx.conf", replacements))
        command = [nginx, "-p", str(folder), "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"]
        with started(command, stderr=subprocess.DEVNULL) as process:
            wait_until((folder / "pid").exists, process)
            yield Proxy(service, ssl.create_default_context(cafile=str(certificate)), secure, plain)
            process.terminate()


def test_without_an_account_nothing_is_answered(proxy: Proxy) -> None:
    """Nor with a wrong password."""
    wrong = f"Authorization: Basic {base64.b64encode(b'anna:guess').decode()}"
    for headers in ([], [wrong]):
        for path in ("/", f"{API}/genres?format=csv", "/metrics"):
            status, found, _ = proxy.get(path, *headers)
            assert (status, found["www-authenticate"]) == (401, 'basic realm="films"')


def test_with_an_account_everything_is_as_without_a_proxy(proxy: Proxy) -> None:
    """A page, a download, and a compressed answer."""
    for path in ("/company?company=pixar", f"{API}/films?format=csv", f"{API}/genres?format=parquet"):
        for headers in ([], ["Accept-Encoding: gzip"]):
            status, found, body = proxy.get(path, ACCOUNT, *headers)
            direct, expected, content = proxy.service.get(path, *headers)
            assert (status, direct, body) == (200, 200, content)
            names = ("content-type", "content-encoding", "content-security-policy", "etag", "last-modified", "vary")
            assert [found.get(name) for name in names] == [expected.get(name) for name in names]


def test_an_answer_that_has_not_changed_is_304(proxy: Proxy) -> None:
    """As the service says it."""
    path = f"{API}/genres"
    tag = proxy.get(path, ACCOUNT)[1]["etag"]
    status, found, body = proxy.get(path, ACCOUNT, f"If-None-Match: {tag}")
    assert (status, found["etag"], body) == (304, tag, b"")


def test_another_host_is_refused_by_the_service(proxy: Proxy) -> None:
    """The header reaches its list of hosts."""
    status, _, body = proxy.get(f"{API}/genres", ACCOUNT, host="evil.example")
    assert (status, "--allow-host" in json.loads(body)["detail"]) == (421, True)


def test_http_leads_to_https(proxy: Proxy) -> None:
    """With the same path."""
    with socket.create_connection(("127.0.0.1", proxy.plain), LIMIT) as connection:
        connection.sendall(f"GET /films?title=toy HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode())
        status, headers, _ = answered(connection)
    assert (status, headers["location"]) == (301, f"https://{NAME}/films?title=toy")


def test_the_log_names_the_client(proxy: Proxy) -> None:
    """Not the proxy, nor what the client claims."""
    proxy.get("/films?title=logged", ACCOUNT, "X-Forwarded-For: 1.2.3.4", client="127.0.0.2")
    wait_until(lambda: "logged" in proxy.service.log(), proxy.service.process)
    (line,) = [json.loads(line) for line in proxy.service.log().splitlines() if "logged" in line]
    assert line["client"] == "127.0.0.2"
