"""Users, passwords and keys of an address are neither shown nor kept, however it is written."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import movie_reports
from fuzzing import examples
from movie_reports.ingestion.sources import download
from movie_reports.urls import cleaned, is_url, shown
from program import assert_fails, run
from runs import Place, films

# These words, and no others, are what must not be found.
SECRETS = ("stranger", "hunter", "letmein", "fairytale", "moonshine")
PLACES = ("127.0.0.1:9/films.zip", "127.0.0.1:9", "127.0.0.1/a@b/films.zip", "bucket/films.zip")
SCHEMES = ("http", "https", "HTTP", "s3", "S3", "ftp", "sftp", "gs", "az", "abfs+x", "file", "postgres")
ODD = st.text("/@?#%&=+:;'\"\\ .!$*()[]{}<>|~^`äß\u200b", max_size=4)


@st.composite
def addresses(draw: Callable[..., str]) -> str:
    """Write an address in one of many ways, with a user, a password, a query and a fragment, or some of them."""
    raw = f"{draw(ODD)}hunter{draw(ODD)}letmein{draw(ODD)}"
    user = draw(st.sampled_from(["stranger", "stranger@example.com", "str%C3%A4nger%2Fstranger", ""]))
    users = (f"{user}:{raw}@", f"{user}:{quote(raw, safe='')}@", f"{user}:{quote(raw, safe='')}%40", "stranger@", "")
    queries = (f"?sig=fairytale{draw(ODD)}", f"?fairytale&x={draw(ODD)}#moonshine", "#moonshine", "")
    start = draw(st.sampled_from(["", " ", "\ufeff", '"', "url="])) + draw(st.sampled_from(SCHEMES))
    rest = draw(st.sampled_from(users)) + draw(st.sampled_from(PLACES)) + draw(st.sampled_from(queries))
    return f"{start}:{draw(st.sampled_from(['//', '//', '/', '///']))}{rest}"


def leaked(text: str) -> list[str]:
    """Return the secrets that a text tells."""
    return [word for word in SECRETS if word in text.casefold()]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Have a database, and no network but loopback."""
    pytest.importorskip("s3fs", reason="the extra 'remote' is not installed")
    really = socket.getaddrinfo

    def local(host: str, *arguments: int, **options: int) -> object:
        if host != "127.0.0.1":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return really(host, *arguments, **options)

    made = Place(tmp_path_factory.mktemp("secrets"))
    made.ingest(films(1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", local)
        patch.setattr(download, "PAUSES", (0.0, 0.0))
        names = ("NETRC", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
        for name, value in {
            **dict.fromkeys(names, os.devnull),
            **dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing"),
            **dict.fromkeys(("NO_PROXY", "no_proxy"), "*"),
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        }.items():
            patch.setenv(name, value)
        yield made


def kept(place: Place) -> str:
    """Return all that is in the folder, the names of files too."""
    files = [file for file in place.folder.rglob("*") if file.is_file()]
    return "".join(f"{file} {file.read_bytes().decode('latin-1')}" for file in files)


@given(addresses())
@example("https://stranger:hunter%3F2@host/films.zip?sig=fairytale@#moonshine")
@example("s3://stranger:hunter/letmein@bucket/films.zip")
@example("https://stranger@example.com:hunter%40host/films.zip")
@example("https://stranger:hunter/letmein%40host/films.zip")
@example("https://stranger:hunter?letmein%40host/films.zip")
def test_shown_address_has_no_secret(address: str) -> None:
    """It is known as an address, and what it hides is left out, also the second time."""
    assert is_url(address)
    assert leaked(shown(address)) == []
    assert shown(shown(address)) == shown(address)
    assert leaked(cleaned(f"Error: {address!r} in {Path(address)}", [address])) == []


@examples(4)
@given(address=addresses(), debug=st.booleans())
@example(address="s3://stranger:hunter@bucket/films.zip", debug=True)
@example(address="http://stranger:hunter/@127.0.0.1:9/films.zip", debug=True)
@example(address="http://127.0.0.1:9/films.zip?sig=fairytale", debug=True)
@example(address=" https://stranger:hunter@127.0.0.1:9/films.zip", debug=False)
@example(address="http:/stranger:hunter@127.0.0.1:9/films.zip", debug=False)
def test_failed_ingest_tells_no_secret(place: Place, address: str, *, debug: bool) -> None:
    """Neither on the screen, with --debug too, nor in the ledger or any other file."""
    result = place.run("ingest", address, *(["--debug"] if debug else []))
    assert (result.returncode, result.stdout) == (1, "")
    assert debug == ("Traceback" in result.stderr)
    assert leaked(result.stderr) == []
    last = place.ledger()[-1]
    assert last["outcome"] == "failed"
    assert leaked(f"{last}") == []


def test_no_secret_is_kept(place: Place) -> None:
    """After any attempt."""
    for scheme in SCHEMES:
        place.run("ingest", f"{scheme}://stranger:hunter@127.0.0.1:9/x?sig=fairytale#moonshine")
    said = "".join(place.run(*command).stdout for command in (["history"], ["history", "--export", "json"], ["status"]))
    assert "ftp://127.0.0.1:9/x" in said
    assert leaked(said + kept(place)) == []


@given(addresses())
@examples(4)
def test_error_in_python_tells_no_secret(place: Place, address: str) -> None:
    """Nor do the errors behind it, which a log would show."""
    with pytest.raises(movie_reports.MovieReportsError) as caught:
        place.ingest([address])
    error: BaseException | None = caught.value
    while error:
        assert leaked(str(error)) == []
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("scheme", ["ftp://", "sftp://", "gs://", "az://", "file:///", "http:/"])
def test_the_error_for_an_unsupported_url_names_the_supported_ones(place: Place, scheme: str) -> None:
    """In one sentence, which names the address without its secrets."""
    result = place.run("ingest", f"{scheme}stranger:hunter@host/films.zip?sig=fairytale")
    sentence = f"cannot fetch {scheme}host/films.zip: a URL must begin with http://, https:// or s3://\n"
    assert_fails(result, 1, sentence)


def test_keys_in_an_s3_address_are_refused(place: Place) -> None:
    """With the way to give them instead."""
    assert_fails(place.run("ingest", "s3://stranger:hunter@bucket/x"), 1, "cannot fetch s3://bucket/x", "AWS_PROFILE")


def test_unclear_password_gets_advice(place: Place) -> None:
    """It says what to write instead."""
    result = place.run("ingest", "https://stranger:hunter/letmein@127.0.0.1:9/films.zip")
    assert_fails(result, 1, "https://...@127.0.0.1:9/films.zip", "percent-encode / ? # @ in its password")


@pytest.mark.parametrize(
    "arguments",
    [
        ("{url}",),
        ("ingest", "--wait", "{url}", "x.csv"),
        ("ingest", "--max-rejects", "{url}", "x.csv"),
        ("ingest", "x.csv", "--database", "{url}"),
        ("ingest", "x.csv", "--database={url}"),
        ("status", "--database", "{url}"),
        ("genres", "--output", "{url}"),
        ("sample", "{url}"),
    ],
)
@pytest.mark.parametrize("debug", [(), ("--debug",)])
def test_address_in_the_wrong_place_tells_no_secret(
    place: Place, arguments: tuple[str, ...], debug: tuple[str, ...]
) -> None:
    """Such as in the place of a command, a number or a database."""
    for url in ("https://stranger:hun ter@host/films.zip?sig=fairytale", "s3://stranger:hunter@bucket/x"):
        command = [argument.format(url=url) for argument in arguments]
        result = run(*command, *(debug if len(command) > 1 else ()), MOVIE_REPORTS_DATABASE=str(place.database))
        assert result.returncode in {1, 2}
        assert leaked(result.stdout + result.stderr) == []


def test_local_file_may_be_named_like_an_address(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read, and named as it is."""
    monkeypatch.chdir(place.folder)
    name = str(place.file(films(1, 2), "data:/me:x@y.csv").relative_to(place.folder))
    assert place.ingest([Path(name)])["source"] == name


@pytest.mark.parametrize("path", ["films.zip", "C:\\films.zip", "C:/films.zip", "/a/http:/b", "s3", "a:b", "-", ""])
def test_path_is_no_address(path: str) -> None:
    """Not even on Windows."""
    assert not is_url(path)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org/films.zip", "https://example.org/films.zip"),
        ("https://me:secret@example.org/films.zip?key=hidden#part", "https://example.org/films.zip"),
        ("https://example.org/films.zip?user=me@example.org", "https://example.org/films.zip"),
        ("https://example.org/@films/films.zip", "https://...@films/films.zip"),
        ("https://me:se/cret@example.org/films.zip", "https://...@example.org/films.zip"),
        ("https://me:se?cret@example.org/films.zip", "https://..."),
        ("s3://bucket/old films/films.zip?versionId=1", "s3://bucket/old films/films.zip"),
    ],
)
def test_shown_address_keeps_what_is_no_secret(address: str, expected: str) -> None:
    """So that one knows where the films came from."""
    assert shown(address) == expected
