"""One JSON document says how the program is called, for programs that write such calls."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from movie_reports.cli import app as cli
from program import help_of, printed

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
COMMANDS = [command.__name__.replace("_", "-") for commands in cli.COMMANDS.values() for command in commands]


@pytest.fixture(scope="module")
def document() -> Any:  # noqa: ANN401 (JSON)
    """Print it once."""
    return json.loads(printed("--spec"))


def test_all_commands_are_in_it(document: Any) -> None:  # noqa: ANN401 (as above)
    """In the order of the help."""
    assert [command["name"] for command in document["commands"]] == COMMANDS


@pytest.mark.parametrize("number", range(len(COMMANDS)), ids=COMMANDS)
def test_options_are_those_of_the_help(document: Any, number: int) -> None:  # noqa: ANN401 (as above)
    """With their values and meanings."""
    command = document["commands"][number]
    text = " ".join(help_of(command["name"]).split())
    named = {spelling for each in command["parameters"] if each["kind"] == "option" for spelling in each["spellings"]}
    assert {*re.findall(r"(?<!\S)--[a-z-]+", text.partition("Options: ")[2])} <= named | {"--help"}
    for each in command["parameters"]:
        assert each["meaning"] in text or "[default" in each["meaning"]
        assert "|".join(each.get("values", [])) in text


def test_exit_codes_are_those_of_the_documentation(document: Any) -> None:  # noqa: ANN401 (as above)
    """Each has a meaning."""
    documented = re.findall(r"^\| (\d+) \| ", OPERATIONS.read_text("utf-8"), re.MULTILINE)
    assert [*document["exit_codes"]] == documented


def test_columns_are_those_of_the_exports(document: Any, sample_database: Path) -> None:  # noqa: ANN401 (as above)
    """Of each report, as in its JSON Schema."""
    for report, arguments in (
        ("company", ["company"]),
        ("company-genres", ["company", "--genres"]),
        ("films", ["films"]),
    ):
        header = printed(*arguments, "--export", "csv", "--database", sample_database).split("\n", 1)[0].strip()
        assert {*header.split(",")} <= {*document["reports"][report]["items"]["properties"]}
