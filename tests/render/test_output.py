"""Tables and exports show the same values, each in its own way."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
from pyarrow import ipc, parquet

from films import RED, Load, text
from program import PROGRAM, apart, assert_fails, environment, exported, printed, run, started, streams


def table(output: str) -> tuple[list[str], list[list[str]]]:
    """Read a printed table by the places of its headings: the headings, and the cells of each row."""
    lines = output.splitlines()
    rule = next(number for number, line in enumerate(lines) if re.fullmatch(r"[ ─]*─[ ─]*", line))
    cells = [re.split(r" {2,}", line.strip()) for line in lines[rule + 1 :] if line.strip() and "─" not in line]
    headings = re.split(r" {2,}", lines[rule - 1].strip())
    return headings, [row for row in cells if len(row) > 1]


def shown(column: str, value: str) -> str:
    """Write a value of a CSV export as tables do."""
    if value == "":
        return {"year": "no date", "genre": "(no genre)"}.get(column, "—")
    if column in {"budget", "revenue", "profit"}:
        return f"{'-' if float(value) < 0 else ''}${abs(round(float(value))):,}"
    if column == "popularity":
        return f"{float(value):,.2f}"
    return value if column in {"company", "year", "genre"} else f"{int(value):,}"


REPORTS = [("company", "Pixar"), ("company", "--year", "1990-1999"), ("genres", "--year", "1994-1995", "--average")]


@pytest.mark.parametrize("arguments", REPORTS)
def test_table_and_csv_agree_value_for_value(sample_database: Path, arguments: tuple[str, ...]) -> None:
    """Only marks and the way of writing differ; money is in full, and nothing is cut."""
    rows = exported(*arguments, "-q", "--database", sample_database)
    output = printed(*arguments, "-q", "--database", sample_database)
    columns = [column for column in rows[0] if column != "company" or len({row["company"] for row in rows}) > 1]
    headings, cells = table(output)
    assert [heading.lower().removeprefix("mean ") for heading in headings] == columns
    assert cells[-1][0] in {"Total", "All"}
    assert [[cell.removesuffix("*") for cell in row] for row in cells[:-1]] == [
        [shown(column, row[column]) for column in columns] for row in rows
    ]


def test_genre_grid_and_csv_agree_value_for_value(sample_database: Path) -> None:
    """Releases stand under their genre, the distinct films beside them."""
    rows = exported("company", "Pixar", "--genres", "-q", "--database", sample_database)
    headings, cells = table(printed("company", "Pixar", "--genres", "-q", "--database", sample_database))
    genres = sorted({row["genre"] for row in rows})
    assert headings == ["Year", "Films", *genres]
    years = dict.fromkeys((row["year"], row["films"]) for row in rows)
    assert [(row[0], row[1]) for row in cells[:-1]] == list(years)
    expected = [
        [row["releases"] for row in sorted(rows, key=lambda r: r["genre"]) if row["year"] == y] for y, _ in years
    ]
    assert [row[2:] for row in cells[:-1]] == expected


def test_the_total_counts_each_film_once(sample_database: Path) -> None:
    """A film with three genres, or three companies, is one film."""
    with duckdb.connect(str(sample_database), read_only=True) as connection:
        query = "SELECT count(DISTINCT id), sum(budget) FROM movies JOIN {} ON movie_id = id"
        (by_genre,) = connection.execute(query.format("(SELECT DISTINCT movie_id FROM movie_genres)")).fetchall()
        (by_company,) = connection.execute(query.format("(SELECT DISTINCT movie_id FROM movie_companies)")).fetchall()
    for command, (films, budget) in (("genres", by_genre), ("company", by_company)):
        output = printed(command, "--all", "-m", "releases", "-m", "budget", "--database", sample_database)
        left_out = f"films without a {'genre' if command == 'genres' else 'company'} are left out"
        assert f"Total: {films:,} distinct films, each counted once; {left_out}." in output
        total = next(line for line in output.splitlines() if line.lstrip().startswith("Total "))
        assert {f"{films:,}", f"${budget:,}*"} <= set(total.split())


def test_marks_and_dashes_are_explained(odd_database: Path) -> None:
    """A sum without all its films has a mark, an unknown figure a dash."""
    output = printed("company", "--year", "2001", "--database", odd_database)
    assert re.search(r"Nova Films +2001 +2 +\$20 +\$30\* +\$10\* +1\.50 +1", output)
    assert re.search(r"Dim +2001 +1 +— +— +— +1\.50 +0", output)
    assert re.search(r"^\* Some of the films lack .*\n— Not known\.\nComplete: ", output, re.MULTILINE)
    assert "*" not in printed("company", "Star Works", "--database", odd_database)


def test_data_is_never_markup(odd_database: Path) -> None:
    """Brackets are printed as they are, control characters as escapes; exports contain the exact name."""
    output = printed("company", "--database", odd_database)
    assert "[REC], [bold]x" in output
    assert r"\x1b[31mRed\x1b[0m" in output
    assert "\x1b" not in output
    assert RED in [row["company"] for row in exported("company", "--database", odd_database)]
    assert "\x1b" not in run("company", RED, "--database", odd_database).stdout


def test_exports_hold_equal_values(sample_database: Path, tmp_path: Path) -> None:
    """CSV, JSON, NDJSON, Parquet and Arrow, on stdout and in files."""
    rows = exported("company", "--database", sample_database)
    arguments = ("company", "--database", sample_database)
    objects = json.loads(printed(*arguments, "--export", "json"))
    assert [json.loads(line) for line in printed(*arguments, "--export", "ndjson").splitlines()] == objects
    assert [{key: "" if value is None else str(value) for key, value in row.items()} for row in objects] == rows
    endings = ("arrow", "csv", "json", "ndjson", "parquet")
    for ending in endings:
        result = run(*arguments, "--output", tmp_path / f"out.{ending}")
        assert (result.returncode, result.stdout, result.stderr) == (0, "", f"Wrote {tmp_path / f'out.{ending}'}\n")
    table = parquet.read_table(tmp_path / "out.parquet")
    assert table.to_pylist() == objects
    with ipc.open_file(tmp_path / "out.arrow") as reader:
        assert reader.read_all().equals(table, check_metadata=True)
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == objects
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"out.{ending}" for ending in endings]


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="there are no names for open files")
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_an_output_may_be_a_pipe(sample_database: Path, kind: str) -> None:
    """Of this program, or of another, as a shell names it in place of a file: what is written goes there at once."""
    command = [*PROGRAM, "company", "--export", kind, "--database", str(sample_database)]
    expected = subprocess.run(command, capture_output=True, check=True).stdout
    assert subprocess.run([*command, "-o", "/dev/stdout"], capture_output=True, check=True).stdout == expected
    end, start = os.pipe()
    with open(end, "rb") as reader, started([*command, "-qo", f"/dev/fd/{start}"], pass_fds=[start]) as writer:  # noqa: PTH123
        os.close(start)
        assert reader.read() == expected
    assert writer.returncode == 0


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="there are no names for open files")
def test_a_reader_may_close_the_pipe(nasty_database: Path) -> None:
    """Nothing is said then, as with a pipe from stdout."""
    end, start = os.pipe()
    os.close(end)
    command = [*PROGRAM, "company", "--export", "csv", "-qo", f"/dev/fd/{start}", "--database", str(nasty_database)]
    done = subprocess.run(command, pass_fds=[start], capture_output=True, check=False)
    os.close(start)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_csv_is_that_of_rfc_4180(odd_database: Path) -> None:
    """Lines end in CRLF, a field with a comma is quoted, unknown is empty, figures are plain."""
    _, output, _ = streams("company", "--export", "csv", "--database", odd_database)
    lines = output.split("\r\n")
    assert lines[0] == "company,year,releases,budget,revenue,profit,popularity,complete"
    assert '"[REC], [bold]x",2001,1,10,30,20,1.5,1' in lines
    assert "Dim,2001,1,,,,1.5,0" in lines
    assert lines[-1] == ""
    assert not any("\n" in line for line in lines)


def test_metrics_are_chosen_and_ranked(odd_database: Path) -> None:
    """--metric keeps keys, releases and complete, --top the highest with ties, --complete the sure films."""
    arguments = ("--year", "2001", "--metric", "revenue", "--top", "1")
    rows = exported("company", *arguments, "--database", odd_database)
    assert rows == [{"company": "Star Works", "year": "2001", "releases": "5", "revenue": "150", "complete": "5"}]
    rows = exported("company", "--metric", "releases", "--top", "3", "--complete", "--database", odd_database)
    assert len(rows) == 6
    rows = exported("company", "Nova Films", "--average", "--database", odd_database)
    assert [(row["budget"], row["revenue"], row["profit"]) for row in rows] == [("10.0", "30.0", "20.0")]


@pytest.mark.parametrize("link", [False, True])
@pytest.mark.parametrize("command", [["company", "-e", "csv", "-o"], ["company", "--chart"], ["sample", "--force"]])
def test_a_database_is_not_written_over(
    sample_database: Path, tmp_path: Path, command: list[str], *, link: bool
) -> None:
    """By an export, a picture or a sample, also where a link leads to it."""
    database = tmp_path / "movies.duckdb"
    shutil.copy(sample_database, database)
    name = tmp_path / "link.svg"
    name.symlink_to(database)
    target = name if link or "--chart" in command else database
    where: list[str | Path] = [] if "sample" in command else ["--database", database]
    assert_fails(run(*command, target, *where), 2, f"{target.name} is a database")
    assert database.read_bytes() == sample_database.read_bytes()


def test_companies_stand_in_the_order_in_which_they_are_named(sample_database: Path) -> None:
    """Side by side in a grid; rows are ordered by company, as in exports."""
    named = ["Pixar Animation Studios", "DreamWorks Animation"]
    arguments = ("company", *named, "--by", "decade", "--database", str(sample_database))
    assert table(printed(*arguments, "--metric", "profit"))[0] == ["Decade", *named]
    rows = [row[0] for row in table(printed(*arguments))[1][:-1]]
    assert rows == [row["company"] for row in exported(*arguments)] == sorted(rows)


def test_footers_explain_only_what_is_there(load: Load, tmp_path: Path) -> None:
    """An unknown figure has no mark, and an unknown mean is a dash."""
    load(text({"id": "1", "budget": "0"}, {"id": "2", "budget": "0", "revenue": "0", "release_date": ""}))
    database = tmp_path / "movies.duckdb"
    for arguments, signs in (
        (("films", "--year", "none"), {"—"}),
        (("company", "--metric", "budget"), {"—"}),
        (("company", "--average", "--metric", "profit"), {"—"}),
        (("genres", "--metric", "revenue"), {"—", "*"}),
        (("genres", "--metric", "revenue", "--year", "2001"), set()),
        (("genres", "--metric", "releases"), set()),
        (("companies",), {"—", "*"}),
        (("genre-list",), {"—", "*"}),
    ):
        above, below = printed(*arguments, "--database", database).rsplit("\n\n", 1)
        assert (
            {sign for sign in "*—" if sign in above} == {line[0] for line in below.splitlines()} & {"*", "—"} == signs
        )


def test_counts_of_one_film_are_whole(load: Load, tmp_path: Path) -> None:
    """Votes have decimals only where they are means."""
    load(text({"id": "1", "vote_count": "1234"}, {"id": "2", "vote_count": "3"}))
    for command, votes in (("films", ["1,234", "3", "618.50"]), ("genres", ["618.50"])):
        output = printed(command, "--popularity", "votes", "--database", tmp_path / "movies.duckdb")
        headings, cells = table(output)
        assert [row[headings.index("Votes") - len(headings)] for row in cells][: len(votes)] == votes


ASCII = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}


@pytest.mark.parametrize(
    "arguments",
    [("--by", "all", "--metric", "profit", "--bottom", "1"), ("Walt Disney Productions", "--year", "1950-1955")],
)
def test_ascii_output_stays_aligned(sample_database: Path, arguments: tuple[str, ...]) -> None:
    """Rules, bars, losses and what is unknown have signs of their own, all in line."""
    output = printed("company", *arguments, "--database", sample_database)
    plain = re.sub(" —|(?m:^—)", "--", output).translate(str.maketrans("─█░", "-#="))
    assert plain != output
    assert apart("company", *arguments, "--database", sample_database, **ASCII).stdout == plain


def test_names_are_written_in_the_encoding_of_the_output(load: Load, tmp_path: Path) -> None:
    """Without accents in ASCII, with those that another encoding has."""
    load(text({"production_companies": "[{'name': 'Nóva Škoda', 'id': 1}]"}))
    command = [*PROGRAM, "companies", "--database", str(tmp_path / "movies.duckdb")]
    for encoding, name in (
        ("ascii", b"Nova Skoda  "),
        ("latin-1", b"N\xf3va Skoda  "),
        ("utf-8", "Nóva Škoda  ".encode()),
    ):
        variables = environment(**ASCII | {"PYTHONIOENCODING": encoding})
        assert name in subprocess.run(command, env=variables, capture_output=True, check=True).stdout
