"""The pages show what the terminal shows, and each figure leads to the films that add up to it."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from starlette.testclient import TestClient

from films import NASTY
from movie_reports.reports.catalog import REPORTS
from movie_reports.reports.requests.choices import Metric
from movie_reports.reports.requests.request import word
from movie_reports.text import harmless
from pages import Element, cells, filled_in, harmless_page, page
from program import run, streams
from runs import Place, with_rejects
from serving import API, asking

QUESTIONS = [
    "company?company=pixar",
    "company?company=pixar&metric=profit&year=2010-",
    "company?company=Pixar+Animation+Studios&company=DreamWorks+Animation&metric=profit",
    "company?company=disney&all-matches=true&by=decade",
    "company?by=all&metric=profit&top=10",
    "company?year=1995-2004&month=11-2&by=quarter&genre=Family&complete=true",
    "company?month=3-1&by=quarter&year=1994-1996",
    "company-genres?company=pixar",
    "company-genres?company=pixar&company=lucasfilm&by=decade&year=-1999",
    "genres?year=1995",
    "genres?by=month&year=1994&genre=Drama",
    "genres?by=decade&top=3&popularity=votes",
    "genres?genre=Drama&genre=Comedy&all-of=true&by=decade&metric=profit",
    "films?company=pixar&year=2015",
    "films?title=toy+story&metric=profit&top=2",
    "companies?search=film",
    "genre-list",
    "history",
]
COLUMNS = {"Budget": "budget", "Revenue": "revenue", "Profit": "profit", "Popularity": "popularity"}
OF_COMPLETE = {"roi", "multiple", "margin"}
PRICE = re.compile(r"-?\$[\d,]+")


SHOWN = [name for name, spec in REPORTS.items() if spec.subject is None or not spec.subject.is_chosen]
"""The reports that have something to show of the sample."""


@pytest.fixture(scope="module")
def client(sample_database: Path) -> Iterator[TestClient]:
    """Serve the sample."""
    with asking(sample_database) as client:
        yield client


def shown(client: TestClient, address: str, status: int = 200) -> Element:
    """Return a page."""
    answer = client.get(f"/{address}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8"), answer.text
    return page(answer.text)


def arguments(question: str) -> list[str]:
    """Return the same question for the command line."""
    name, _, query = question.partition("?")
    found = ["company", "--genres"] if name == "company-genres" else [name]
    for option, value in parse_qsl(query):
        is_argument = (option, found[0]) in {("company", "company"), ("search", "companies")}
        found += [value] if is_argument else [f"--{option}"] if value == "true" else [f"--{option}", value]
    return found


def films_of(client: TestClient, address: str) -> list[dict[str, str]]:
    """Return the films that a link of a page leads to."""
    path, _, query = address.partition("?")
    assert path == "films"
    answer = client.get(f"{API}/films?{query}&format=csv")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def added_up(films: list[dict[str, str]], column: str) -> str:
    """Write what films add up to as a table does."""
    known = [float(film[column]) for film in films if film[column]]
    if not known:
        return "—"
    if column == "popularity":
        return f"{sum(known) / len(known):,.2f}"
    total = sum(known)
    if column == "profit":  # known revenue less known budget
        total = sum(float(film["revenue"] or 0) - float(film["budget"] or 0) for film in films)
    return f"{'-' if total < 0 else ''}${abs(round(total)):,}"


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_page_shows_the_table_of_the_terminal(client: TestClient, sample_database: Path, question: str) -> None:
    """The same heading, headings of columns, rows, total and notes."""
    found = shown(client, question)
    lines = run(*arguments(question), "--database", sample_database).stdout.splitlines()
    heading, table, *notes = "\n".join(lines).split("\n\n")
    about = "".join(each.text for each in found.of_class("about"))
    assert (
        heading.lower()
        .replace(", ", "")
        .replace(": ", "")
        .startswith(found.one("h1").text.lower().replace(", ", "").replace(": ", ""))
    )
    assert heading.lower().endswith(about.lower())
    rows = [re.split(r"\s{2,}", re.sub("[█░]", "", line).strip()) for line in table.splitlines() if "──" not in line]
    assert [[cell for cell in row if cell] for row in cells(found.one("table"))] == rows
    assert [each.text for part in found.of_class("notes") for each in part.all("li")] == "".join(notes).splitlines()


@pytest.mark.parametrize("question", [each for each in QUESTIONS if not each.startswith(("films", "history"))])
def test_the_films_behind_each_figure_add_up_to_it(client: TestClient, question: str) -> None:
    """In every cell of a table with a link, and in its total."""
    table = shown(client, question).one("table")
    headings = cells(table.one("thead"))[0]
    followed = 0
    for row in list(table.all("tr"))[1:]:
        for heading, cell in zip(headings, row.all("th", "td"), strict=True):
            for link in cell.all("a"):
                if not link.attributes["href"].startswith("films"):
                    continue
                behind = films_of(client, link.attributes["href"])
                column = COLUMNS.get(heading) or ("profit" if PRICE.fullmatch(link.text) else None)
                column = "popularity" if heading == "Votes" else column
                assert link.text == (added_up(behind, column) if column else f"{len(behind):,}")
                followed += 1
    assert followed > 3


@pytest.mark.parametrize("question", ["company?by=all&top=3", "genres?year=1995", "genres?by=all&metric=margin"])
def test_each_figure_of_a_total_leads_to_its_films(client: TestClient, question: str) -> None:
    """Also of a total over all names, which leaves out films without one."""
    (*_, total) = shown(client, question).one("tfoot").all("tr")
    figures = [cell for cell in total.all("td") if cell.text.strip("—0*")]
    assert figures
    assert [cell.text for cell in figures if not [*cell.all("a")]] == []


@pytest.mark.parametrize("metric", ["roi", "multiple", "margin", "runtime", "vote_average"])
@pytest.mark.parametrize(
    "question", ["genres?by=decade", "company?by=all&top=9", "company?company=pixar&average=true", "genres?by=all"]
)
def test_the_films_behind_a_figure_are_listed_with_it(client: TestClient, question: str, metric: str) -> None:
    """Its column is there, and the total is the figure; the points of a chart lead to such a list, too."""
    found = shown(client, f"{question}&metric={metric}")
    heading = {"roi": "ROI", "vote_average": "Mean vote"}.get(metric, metric.capitalize())
    place = cells(found.one("thead"))[0].index(heading)
    figures = [list(row.all("th", "td"))[place] for row in found.one("table").all("tr")][1:]
    links = [link for figure in figures for link in figure.all("a")]
    for link in links[:: max(len(links) // 5, 1)]:
        assert total_of(client, link, heading) == link.text
    (point, *_) = [link for link in found.one("figure").all("a") if link.attributes["href"].startswith("films")]
    assert total_of(client, point, heading) in {link.text for link in links}
    assert not [figure for figure in figures if figure.text == "—" and [*figure.all("a")] and metric in OF_COMPLETE]


def test_the_films_behind_a_figure_are_sorted_by_it(client: TestClient) -> None:
    """The highest first; those behind a number of films by day."""
    table = shown(client, "genres?by=decade&year=1990-1999&metric=profit&metric=roi&metric=share").one("table")
    links = [
        link.attributes["href"] for link in list(table.all("tr"))[1].all("a") if "films" in link.attributes["href"]
    ]
    for column, link in zip(["profit", "roi", "release_date", "release_date", "release_date"], links, strict=True):
        values = [film[column] for film in films_of(client, link) if film[column]]
        order = values if column == "release_date" else [-float(value) for value in values]
        assert order == sorted(order)
        assert len(values) > 1


def total_of(client: TestClient, link: Element, heading: str) -> str:
    """Return the total of a column in the list of films that a link leads to."""
    table = shown(client, link.attributes["href"]).one("table")
    return cells(table.one("tfoot"))[0][cells(table.one("thead"))[0].index(heading)]


@pytest.mark.parametrize("question", [each for each in QUESTIONS if each.startswith(("company", "genres"))])
def test_the_films_behind_each_point_of_a_chart_add_up_to_it(client: TestClient, question: str) -> None:
    """On lines and on bars; a point of which some films are unknown is hollow, or has an asterisk."""
    found = shown(client, question)
    (figure,) = found.all("figure")
    points = [link for link in figure.all("a") if link.attributes["href"].startswith("films")]
    for link in points:
        behind = films_of(client, link.attributes["href"])
        text = link.one("text").text.rpartition(": ")[2]
        is_money = "$" in text
        if is_money and "B" not in text and "M" not in text:
            assert text.rstrip("*") == added_up(behind, "profit")
        elif "Releases" in figure.text:
            assert text == f"{len(behind):,}"
        if is_money:
            partial = any(not (film["budget"] and film["revenue"]) for film in behind)
            marks = [each for each in link.all("use", "rect") if "partial" in each.classes]
            assert (bool(marks), text.endswith("*")) == (partial, partial)
    assert points or "No chart" in figure.text or question.startswith("companies")


@pytest.mark.parametrize("name", SHOWN)
def test_the_form_of_a_report_has_all_its_options(client: TestClient, name: str) -> None:
    """As the command line has."""
    forms = list(shown(client, name).all("form"))
    found = {each.attributes["name"] for form in forms for each in form.all("input", "select")}
    assert found == {word(option) for option in REPORTS[name].options}


@pytest.mark.parametrize("name", [name for name in SHOWN if "metrics" in REPORTS[name].options])
def test_every_metric_that_a_form_offers_has_an_answer(client: TestClient, name: str) -> None:
    """And it offers all metrics that the API has for the report."""
    form = next(form for form in shown(client, name).all("form"))
    offered = {each.attributes["value"] for each in form.all("input") if each.attributes["name"] == word("metrics")}
    answers = {metric: client.get(f"/{name}?{word('metrics')}={metric}").status_code for metric in Metric}
    assert offered == {metric for metric, status in answers.items() if status == 200}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_form_is_filled_in_as_was_asked(client: TestClient, question: str) -> None:
    """Sent again unchanged, it gives the same page."""
    found = shown(client, question)
    for form in found.all("form"):
        again = shown(client, f"{form.attributes['action']}?{filled_in(form)}".rstrip("?"))
        assert [each.text for each in again.all("h1", "table")] == [each.text for each in found.all("h1", "table")]


def test_options_in_use_are_named_where_they_are_closed(client: TestClient) -> None:
    """So that they leave the room to the figures."""
    for question, used in (
        ("company?by=all&metric=profit&top=10&complete=true", "More options: complete, by all, top 10"),
        ("films?weekday=friday&weekday=sunday&min-budget=5", "More options: weekday friday or sunday, min budget 5"),
        ("company?company=pixar&metric=profit&year=2010-", "More options"),
    ):
        (details, *_) = shown(client, question).one("form").all("details")
        assert (details.one("summary").text, "open" in details.attributes) == (used, False)


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("company?company=pixxar&metric=profit&year=2010-&by=decade", 404),
        ("company?company=disney&all-matches=true&year=1800", 404),
        ("films?genre=Drama&min-budget=1M&weekday=friday&weekday=sunday", 400),
        ("genres?genre=fantsy&top=5&bottom=5", 400),
        ("companies?search=pixxar", 404),
    ],
)
def test_an_error_leaves_the_form_as_it_was_sent(client: TestClient, question: str, status: int) -> None:
    """To be corrected; all of its options are in view if any was used."""
    form = shown(client, question, status).one("form")
    name, _, query = question.partition("?")
    assert form.attributes["action"] == name
    assert sorted(parse_qsl(filled_in(form))) == sorted(parse_qsl(query))
    used = [part.one("summary").text != "More options" for part in form.all("details")]
    assert used == ["open" in part.attributes for part in form.all("details")]


def test_the_views_of_a_company_keep_its_filters(client: TestClient) -> None:
    """Its figures and its genres are one click apart."""
    for question, other in (
        ("company?company=pixar&year=2010-&metric=profit", "By genre"),
        ("company-genres?company=pixar&year=2010-", "Figures"),
    ):
        (siblings,) = shown(client, question).of_class("siblings")
        link = next(link for link in siblings.all("a") if link.text == other)
        heading = shown(client, link.attributes["href"]).one("h1").text
        assert heading.startswith("Pixar Animation Studios by ")
        assert heading.endswith("(from 2010)")


def test_empty_fields_leave_no_trace_in_the_address(client: TestClient) -> None:
    """A form without a script sends all its fields."""
    answer = client.get("/company?company=pixar&company=&year=&by=&top=", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "company?company=pixar")
    assert client.get("/company?company=", follow_redirects=False).headers["location"] == "company"


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_download_is_the_export_of_the_command_line(client: TestClient, sample_database: Path, question: str) -> None:
    """Character by character, for each of the formats of text."""
    (downloads,) = shown(client, question).of_class("downloads")
    links = {link.text.lower(): link.attributes["href"] for link in downloads.all("a")}
    assert [*links] == ["csv", "json", "ndjson", "parquet", "arrow", "tsv", "markdown", "html", "excel"]
    rows = client.get(f"/{links['json']}").json()
    assert (rows["count"], rows["next"]) == (len(rows["rows"]), None)
    for kind in ("csv", "ndjson", "tsv", "markdown", "html"):
        answer = client.get(f"/{links[kind]}")
        assert answer.status_code == 200
        _, printed, _ = streams(*arguments(question), "--export", kind, "--database", sample_database)
        assert answer.content.decode() == printed


def test_a_long_table_comes_in_pages(client: TestClient, sample_database: Path) -> None:
    """Which together have all rows, each with the total of all."""
    address: str | None = "films"
    found, totals = [], set()
    while address is not None:
        part = shown(client, address)
        found += [row[0] for row in cells(part.one("tbody"))]
        totals.add(part.one("tfoot").text)
        (pages,) = part.of_class("pages")
        address = next((link.attributes["href"] for link in pages.all("a") if link.text == "Next"), None)
    exported = run("films", "--export", "csv", "--database", sample_database).stdout
    assert found == [row["id"] for row in csv.DictReader(io.StringIO(exported))]
    assert len(totals) == 1
    assert shown(client, "films?page=99").one("tbody").text == part.one("tbody").text
    assert shown(client, "films?page=0", 400)


def test_a_name_that_may_mean_several_leads_to_each_of_them(client: TestClient) -> None:
    """A link for each, to the same question; or to all of them together."""
    found = shown(client, "company?company=disney&metric=profit", 404)
    (candidates,) = found.of_class("candidates")
    for link in candidates.all("a"):
        report = shown(client, link.attributes["href"])
        assert report.one("h1").text.startswith(link.text.rpartition(" (")[0])
        assert "metric=profit" in link.attributes["href"]
    together = next(link for link in found.all("a") if "together" in link.text)
    assert '"disney" in the name' in shown(client, together.attributes["href"]).one("h1").text


@pytest.mark.parametrize("question", ["company?company=pixer", "genres?genre=fantsy", "films?company=pixxar&year=2015"])
def test_a_name_that_is_misspelled_leads_to_similar_ones(client: TestClient, question: str) -> None:
    """Which are links to the same question."""
    (candidates,) = shown(client, question, 404).of_class("candidates")
    link = candidates.one("a")
    assert shown(client, link.attributes["href"]).one("tbody")
    asked, offered = (dict(parse_qsl(urlsplit(each).query)) for each in (question, link.attributes["href"]))
    assert asked.keys() <= offered.keys()


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        ("company?year=x", 400, "'x' is not a year"),
        ("company?years=1995", 400, "did you mean year?"),
        ("company?company=pixar&year=1900", 404, "no film matches"),
        ("nothing", 404, "Nothing"),
        ("no/such/page", 404, "Nothing"),
        ("status?a=b", 400, "there is no parameter a"),
    ],
)
def test_an_error_is_a_page_that_says_what_is_wrong(client: TestClient, question: str, status: int, words: str) -> None:
    """With a way back, and the look of any other page."""
    found = shown(client, question, status)
    assert words.lower() in found.one("main").text.lower()
    for link in (*found.all("link"), found.one("main").of_class("way")[-1]):
        assert client.get(urljoin(f"/{question}", link.attributes["href"])).status_code == 200


def test_a_page_says_how_a_name_was_understood(client: TestClient, sample_database: Path) -> None:
    """As the terminal does."""
    (remark,) = shown(client, "company?company=pixar").of_class("remark") or [Element("p")]
    assert remark.text in run("company", "pixar", "--database", sample_database).stderr


def test_a_page_shows_its_sql(client: TestClient, sample_database: Path) -> None:
    """As the command line prints it."""
    (details,) = shown(client, "genres?year=1995").of_class("sql")
    printed = run("genres", "--year", "1995", "--sql", "--database", sample_database).stdout
    assert details.one("code").text == " ".join(printed.split()).removesuffix(";") or details.one(
        "code"
    ).text == " ".join(printed.split())


def test_the_start_page_says_what_is_in_the_database(client: TestClient) -> None:
    """How many films, how sure the money is, where they come from; and its links lead to answers."""
    found = shown(client, "")
    status = client.get(f"{API}/status").json()
    text = found.one("main").text
    assert f"{status['movies']:,} films of {status['companies']:,} companies in {status['genres']} genres" in text
    assert f"{status['complete'] / status['movies']:.0%}" in text
    assert status["last_ingest"]["source"] in text
    for link in found.all("a"):
        if not link.attributes["href"].startswith(("#", "api/")):
            assert client.get(f"/{link.attributes['href']}").status_code == 200


def test_a_database_without_films_has_a_start_page_and_a_history(place: Place) -> None:
    """Which says why the first ingest was refused."""
    place.stops(with_rejects(1, 9), "reject")
    with asking(place.database) as client:
        assert "no films yet" in shown(client, "").text
        assert "refused" in shown(client, "history").one("table").text
        assert "no films" in shown(client, "company", 503).text


def test_pages_are_safe_whatever_a_name_is(nasty_database: Path) -> None:
    """A name is text wherever it is written, and its links lead to its films."""
    with asking(nasty_database) as client:
        for name in NASTY:
            query = urlencode({"company": name.strip() or name, "exact": "true"})
            answer = client.get(f"/company?{query}")
            if answer.status_code == 200:
                found = page(answer.text)
                assert " ".join(harmless(name).split()) in found.one("h1").text
                behind = list(found.one("table").all("a"))
                assert all(client.get(f"/{link.attributes['href']}").status_code == 200 for link in behind)
            harmless_page(answer.text)
        for address in ("company", "companies", "company?by=all", "films", ""):
            harmless_page(client.get(f"/{address}").text)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=a>', "'; --", "\0", "%", "\u202e{{7*7}}"]
)
@pytest.mark.parametrize("parameter", ["company", "genre", "year", "page", "x", "search"])
def test_pages_are_safe_whatever_is_asked(client: TestClient, parameter: str, text: str) -> None:
    """An error repeats what was typed as text."""
    for name in ("company", "companies", "films", "nothing"):
        answer = client.get(f"/{name}?{urlencode({parameter: text})}")
        assert answer.status_code in {200, 400, 404}
        harmless_page(answer.text)


@pytest.mark.parametrize("question", QUESTIONS)
def test_pages_ask_no_other_host_and_have_no_inline_script(client: TestClient, question: str) -> None:
    """So that they work offline, and under a policy that forbids both."""
    harmless_page(client.get(f"/{question}").text)


def test_pages_work_below_a_path(client: TestClient) -> None:
    """As behind a reverse proxy: every address is relative."""
    for each in shown(client, "company?company=pixar").all():
        for name in ("href", "src", "action"):
            assert not each.attributes.get(name, "").startswith("/")
