"""What a person does with the pages in a real browser: Chromium, as Debian packages it."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

from movie_reports.ingestion import sample
from program import streams
from runs import Place, films, with_rejects
from serving import Service, served

pytestmark = pytest.mark.component

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PAGES = [
    "",
    "company?company=pixar",
    "company?company=Pixar+Animation+Studios&company=DreamWorks+Animation&metric=profit",
    "company?by=all&metric=profit&bottom=10",
    "company-genres?company=pixar",
    "genres?year=1995",
    "films",
    "companies?search=film",
    "status",
    "history",
    "schema",
    "changes",
    "rejects",
    "api",
    "company?company=disney",
    "company?year=x",
]
WIDTHS = (320, 800, 1400)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium: apt-get install chromium fonts-dejavu-core")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def service(sample_database: Path) -> Iterator[Service]:
    """Serve the sample."""
    with served(sample_database) as service:
        Thread(target=service.process.communicate, daemon=True).start()  # a full pipe of its log would stop it
        yield service


@pytest.fixture(scope="module")
def site(service: Service) -> str:
    """Return where it is."""
    return f"http://localhost:{service.port}"


@contextmanager
def opened(browser: Any, address: str, **options: Any) -> Iterator[Any]:  # noqa: ANN401 (Playwright's)
    """Open a page; at the end nothing may have gone to the console or another host, but for pages that are errors."""
    context = browser.new_context(**options)
    page = context.new_page()
    said: list[str] = []
    hosts: set[str | None] = set()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.goto(address)
    yield page
    context.close()
    assert [text for text in said if "status of 40" not in text] == []
    assert hosts == {"localhost"}


def texts(page: Any, selector: str) -> list[str]:  # noqa: ANN401 (as above)
    """Return the texts of elements."""
    return [text.strip() for text in page.locator(selector).all_text_contents()]


def dollars(text: str) -> int:
    """Read an amount."""
    return int(re.sub(r"[^\d-]", "", text))


def test_from_half_a_name_to_the_films_behind_a_point(browser: Any, site: str) -> None:  # noqa: ANN401
    """Type, choose a suggestion, read the chart, follow a point; its films add up to it."""
    with opened(browser, site) as page:
        page.get_by_label("What did a company earn?").press_sequentially("pixár an")
        page.get_by_role("option", name="Pixar Animation Studios").wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        page.wait_for_url("**/company?company=Pixar+Animation+Studios")
        point = page.locator(".lines a", has_text="2015:")
        value = dollars(point.text_content().rpartition(":")[2])
        point.locator("rect").hover()
        assert point.locator("text").evaluate("each => getComputedStyle(each).opacity") != "0"
        point.locator("rect").click()
        page.wait_for_url("**/films?*")
        headings = texts(page, "thead th")
        profits = [texts(row, "th, td")[headings.index("Profit")] for row in page.locator("tbody tr").all()]
        assert len(profits) == 2
        assert sum(map(dollars, profits)) == value
        assert texts(page, "tfoot td")[headings.index("Profit") - 1] == f"${value:,}"


def test_a_download_is_the_csv_of_the_command_line(
    browser: Any,  # noqa: ANN401
    site: str,
    sample_database: Path,
) -> None:
    """With all rows of a table that is shown in pages."""
    with opened(browser, f"{site}/films") as page:
        assert page.locator(".pages").count() == 1
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV", exact=True).click()
        content = Path(download.value.path()).read_bytes().decode()
        assert download.value.suggested_filename.endswith(".csv")
    assert content == streams("films", "--export", "csv", "--database", sample_database)[1]
    assert len(list(csv.reader(io.StringIO(content)))) > 200


def test_everything_can_be_done_by_keyboard(browser: Any, site: str) -> None:  # noqa: ANN401
    """The chart is one stop, in which arrows, Home, End and Enter work."""
    with opened(browser, f"{site}/company?company=pixar") as page:

        def at() -> str:
            return str(page.evaluate("document.activeElement.textContent.trim()"))

        page.keyboard.press("Tab")
        assert at() == "Skip to the content"
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("!!document.activeElement.closest('.lines')"):
                break
        assert at().startswith("1995:")
        page.keyboard.press("ArrowRight")
        assert at().startswith("1998:")
        page.keyboard.press("End")
        assert at().startswith("2017:")
        page.keyboard.press("ArrowRight")
        assert at().startswith("2017:")
        page.keyboard.press("Home")
        page.keyboard.press("Tab")
        assert not page.evaluate("!!document.activeElement.closest('.lines')")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/films?*year=1995*")


def test_everything_works_without_a_script(browser: Any, site: str) -> None:  # noqa: ANN401
    """The form, the chart, its links; empty fields are left out of the address."""
    with opened(browser, site, java_script_enabled=False) as page:
        page.get_by_label("What did a company earn?").fill("pixar")
        page.get_by_role("button", name="Show").click()
        assert page.url == f"{site}/company?company=pixar"
        page.locator("summary", has_text="More options").click()
        page.get_by_label("By", exact=True).select_option("decade")
        page.get_by_label("Revenue", exact=True).check()
        page.get_by_role("button", name="Show").click()
        assert page.url == f"{site}/company?company=Pixar+Animation+Studios&metric=revenue&by=decade"
        page.locator(".lines a rect").first.click()
        assert texts(page, "tbody th")
        assert page.locator("h1").text_content() == "Films of Pixar Animation Studios (1990-1999)"


def test_a_mistake_is_corrected_where_it_was_made(browser: Any, site: str) -> None:  # noqa: ANN401
    """The page of an error has the form as it was filled in."""
    with opened(browser, f"{site}/films?genre=Drama&min-budget=1M&weekday=friday") as page:
        assert "write whole dollars" in page.locator("main").text_content()
        page.get_by_label("Min budget").fill("1000000")
        page.get_by_role("button", name="Show").click()
        assert page.url == f"{site}/films?genre=Drama&weekday=friday&min-budget=1000000"
        assert page.locator("h1").text_content() == "Films (Friday, Drama, budget from $1,000,000)"


def test_figures_are_one_step_away_on_a_phone(browser: Any, site: str) -> None:  # noqa: ANN401
    """Past the form, whose other options are closed; a wide screen shows both."""
    for width in WIDTHS:
        viewport = {"width": width, "height": 900}
        with opened(browser, f"{site}/company?by=all&metric=profit&top=10", viewport=viewport) as page:
            link = page.get_by_role("link", name="Skip the form")
            if width == WIDTHS[0]:
                link.click()
            else:
                assert not link.is_visible()
            assert page.locator("figure").bounding_box()["y"] < 900


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(browser: Any, site: str, scheme: str) -> None:  # noqa: ANN401
    """As far as axe can tell, of every kind of page, with its parts open."""
    for path in PAGES:
        with opened(browser, f"{site}/{path}", color_scheme=scheme) as page:
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            found = axe.Axe().run(page).response["violations"]
            assert [(path, each["id"], each["nodes"][0]["html"][:200]) for each in found] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_any_width(browser: Any, site: str, scheme: str) -> None:  # noqa: ANN401
    """Without scrolling sideways; the background follows the scheme."""
    for path in PAGES:
        for width in WIDTHS:
            viewport = {"width": width, "height": 900}
            with opened(browser, f"{site}/{path}", color_scheme=scheme, viewport=viewport) as page:
                scroll = page.evaluate("document.documentElement.scrollWidth")
                assert (path, scroll) == (path, width)
                colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
                (red, *_) = map(int, re.findall(r"\d+", colour))
                assert (red < 128) == (scheme == "dark")


def test_long_names_fit_a_phone(browser: Any, nasty_database: Path) -> None:  # noqa: ANN401
    """In charts, tables, forms and headings."""
    with served(nasty_database) as service:
        name = "L" + "o" * 298 + "ng"
        for path in ("", "company", "company?by=all", "companies", "films", f"company?company={name}"):
            address = f"http://localhost:{service.port}/{path}"
            with opened(browser, address, viewport={"width": 320, "height": 900}) as page:
                assert (path, page.evaluate("document.documentElement.scrollWidth")) == (path, 320)


def test_a_page_tells_of_newer_data_but_not_of_a_refused_ingest(
    browser: Any,  # noqa: ANN401
    tmp_path: Path,
) -> None:
    """When its window is used again; its link shows the new figures."""
    place = Place(tmp_path)
    sample.write(tmp_path / "first.zip")
    place.ingest(tmp_path / "first.zip")
    with served(place.database) as service, opened(browser, f"http://localhost:{service.port}/films#main") as page:

        def focused() -> bool:
            with page.expect_response("**/api/v1/version"):
                page.evaluate("dispatchEvent(new Event('focus'))")
            page.wait_for_timeout(200)
            return bool(page.locator(".banner").is_visible())

        assert not focused()
        place.stops(with_rejects(1, 9), "reject")
        assert not focused()
        place.ingest(films(*range(1, 400)), allow_shrink=True, allow_unread=True)
        assert focused()
        page.get_by_role("link", name="Show new figures").click()
        page.get_by_text("of 399").wait_for()
        assert not focused()


def test_a_page_is_small(browser: Any, service: Service, site: str) -> None:  # noqa: ANN401
    """At most 15 KB, compressed, in at most four requests."""
    for path in ("company?company=pixar", "genres?year=1995"):
        asked: list[str] = []
        context = browser.new_context()
        page = context.new_page()
        page.on("request", lambda request, asked=asked: asked.append(request.url.removeprefix(site)))
        page.goto(f"{site}/{path}")
        context.close()
        assert len(asked) <= 4
        assert sum(len(service.get(each, "Accept-Encoding: gzip")[2]) for each in asked) <= 15_000
