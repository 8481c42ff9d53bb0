"""The configuration file gives defaults, below options and variables of the environment."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from program import PROGRAM, assert_fails, ended, environment, exported, printed, run
from terminal import on_screen

ALL = 'database = "films.duckdb"\ncolor = false\nqueries = "~/saved"\n'
DEFAULTS = {"database": "movies.duckdb", "color": True, "queries": "queries"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write a file with all settings, in its usual place."""
    path = tmp_path / "home" / ".config" / "movie-reports" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(ALL)
    return path


def settings(*arguments: str | Path, **variables: str) -> dict[str, tuple[object, str]]:
    """Return what `config` shows: each setting with its value and where it comes from."""
    found = json.loads(printed("config", "--json", *arguments, **{"TERM": "xterm", **variables}))["settings"]
    return {name: (each["value"], each["source"]) for name, each in found.items()}


def test_without_a_file_all_is_as_usual(tmp_path: Path) -> None:
    """And where the file would be is said."""
    assert settings() == {name: (value, "default") for name, value in DEFAULTS.items()}
    found = json.loads(printed("config", "--json", XDG_CONFIG_HOME=str(tmp_path)))
    assert (found["file"], found["exists"]) == (str(tmp_path / "movie-reports" / "config.toml"), False)


def test_the_file_gives_defaults(file: Path) -> None:
    """From the home, XDG_CONFIG_HOME or MOVIE_REPORTS_CONFIG; paths start at its folder, or with ~ at home."""
    home = file.parents[2]
    values = {"database": str(file.with_name("films.duckdb")), "color": False, "queries": str(home / "saved")}
    expected = {name: (value, str(file)) for name, value in values.items()}
    assert settings(HOME=str(home), XDG_CONFIG_HOME="") == expected
    assert settings(HOME=str(home), XDG_CONFIG_HOME="relative") == expected
    assert settings(HOME=str(home), XDG_CONFIG_HOME=str(home / ".config")) == expected
    assert settings(HOME=str(home), MOVIE_REPORTS_CONFIG=str(file)) == expected


def test_options_come_before_variables_and_these_before_the_file(file: Path) -> None:
    """An empty variable counts as none."""
    named = {"MOVIE_REPORTS_CONFIG": str(file)}
    variables = named | {"MOVIE_REPORTS_DATABASE": "v.duckdb", "MOVIE_REPORTS_QUERIES": "v", "NO_COLOR": "1"}
    assert settings(**variables) == {
        "database": ("v.duckdb", "MOVIE_REPORTS_DATABASE"),
        "color": (False, "NO_COLOR"),
        "queries": ("v", "MOVIE_REPORTS_QUERIES"),
    }
    expected = {"database": ("o", "--database"), "color": (False, "--no-color"), "queries": ("o", "--folder")}
    assert settings("--database", "o", "--no-color", "--folder", "o", **variables) == expected
    found = json.loads(printed("--database", "o", "--no-color", "config", "--folder", "o", "--json", **variables))
    assert found["settings"] == {name: {"value": value, "source": way} for name, (value, way) in expected.items()}
    assert settings(MOVIE_REPORTS_DATABASE="", **named)["database"][1] == str(file)
    file.write_text("color = true")
    assert settings(NO_COLOR="1", **named)["color"] == (False, "NO_COLOR")
    assert settings(TERM="dumb", **named)["color"] == (False, "TERM")
    assert settings(**named)["color"] == (True, str(file))


def test_commands_use_the_file(file: Path, sample_database: Path, odd_database: Path) -> None:
    """The database and the folder of queries, as if they were typed."""
    (file.parents[2] / "saved").mkdir()
    (file.parents[2] / "saved" / "count.sql").write_text("SELECT count(*) AS films FROM movies")
    shutil.copy(odd_database, file.with_name("films.duckdb"))
    variables = {"MOVIE_REPORTS_CONFIG": str(file), "HOME": str(file.parents[2])}
    usual = printed("company", "--all", "--database", odd_database)
    assert printed("company", "--all", **variables) == usual
    assert printed("company", "--all", "--database", sample_database, **variables) != usual
    (row,) = exported("sql", "SELECT count(*) AS films FROM movies", "--database", odd_database)
    assert printed("query", "count", "--export", "csv", **variables) == f"films\n{row['films']}\n"


def test_the_file_turns_colour_off(file: Path, sample_database: Path) -> None:
    """At a terminal, where there would be some."""
    screens = [
        on_screen("genres", "--database", sample_database, variables=variables)
        for variables in ({}, {"MOVIE_REPORTS_CONFIG": str(file)})
    ]
    assert ["\x1b[" in screen.raw for screen in screens] == [True, False]
    assert screens[0].lines == screens[1].lines


def test_an_address_remains_one(file: Path) -> None:
    """It is not taken for a path in the folder of the file."""
    file.write_text('database = "s3://films/store"')
    assert settings(MOVIE_REPORTS_CONFIG=str(file))["database"] == ("s3://films/store", str(file))


WRONG = [
    ('databases = "x"', "has an unknown setting, databases: there are database, color, queries"),
    ('"a\\nb\\u001b" = 1', "has an unknown setting, a\\nb\\x1b"),
    ("[database]", "database must be a text in quotes"),
    ("queries = 1", "queries must be a text in quotes"),
    ('database = ""', "database must be a text in quotes"),
    ('color = "no"', "color must be true or false"),
    ("color = 1", "color must be true or false"),
    ("color: no", "is not TOML"),
    ("a = " + "[" * 100_000, "is not TOML"),
    ('database = "caf\udce9"', "is not TOML"),
]


@pytest.mark.parametrize(("text", "words"), WRONG, ids=[words for _, words in WRONG])
def test_a_wrong_file_is_refused_in_a_sentence(file: Path, text: str, words: str) -> None:
    """With its path, before anything is done; help and the version do not need it."""
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    variables = {"MOVIE_REPORTS_CONFIG": str(file)}
    assert_fails(run("config", **variables), 2, str(file), words)
    assert_fails(run("company", "--database", "x", **variables), 2, str(file), words)
    for arguments in (["--version"], ["--help"], ["query", "--help"], ["--spec"]):
        assert printed(*arguments, **variables) == printed(*arguments)


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    """A folder, or what MOVIE_REPORTS_CONFIG names and is not there."""
    assert_fails(run("config", MOVIE_REPORTS_CONFIG=str(tmp_path)), 1, f"cannot read {tmp_path}: Is a directory")
    none = str(tmp_path / "none.toml")
    assert_fails(run("config", MOVIE_REPORTS_CONFIG=none), 1, f"there is no configuration file {none}")


def test_help_shows_the_defaults_of_the_program(file: Path) -> None:
    """Not those of the file, so that help is the same for everyone."""
    assert printed("query", "--help", MOVIE_REPORTS_CONFIG=str(file)) == printed("query", "--help")


def test_only_a_file_that_exists_is_parsed(file: Path) -> None:
    """The parser of TOML is not even loaded for others, nor for help and the version."""
    command = [sys.executable, "-X", "importtime", *PROGRAM[1:]]
    named = environment(MOVIE_REPORTS_CONFIG=str(file))
    assert "tomllib" in ended([*command, "config"], env=named).stderr
    for arguments, variables in (("config", environment()), ("--help", named), ("--version", named)):
        result = ended([*command, arguments], env=variables)
        assert (result.returncode, "tomllib" in result.stderr) == (0, False)
