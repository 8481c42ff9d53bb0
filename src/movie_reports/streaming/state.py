"""What a database knows of a topic: how far it is loaded, and how its messages are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from movie_reports.database import execute, upgrade
from movie_reports.errors import RefusedError, UsageError
from movie_reports.ingestion.films import Forms
from movie_reports.ingestion.sources.columns import check_fields

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Offsets = Mapping[int, int]
"""The offset of the next message of each partition."""

DECIMAL_MARKS = {"point": ".", "comma": ","}
MONEY_UNITS = {"dollars": 1, "thousands": 1_000, "millions": 1_000_000}
LIST_SEPARATORS = {",": ",+", ";": ";", "|": "|"}  # as ingest/lists.sql knows them


@dataclass(frozen=True)
class Settings:
    """How the messages of a topic are read; the same for all batches, since one message says too little.

    Attributes:
        date_order: dmy, mdy or ymd, for dates such as 5/4/1995.
        decimal_mark: point or comma, for numbers such as 30.000.
        list_separator: what separates the names in a text: , ; or |
        money_unit: what plain numbers of money are in: dollars, thousands or millions of US dollars.
        columns: the member of the object for a field, where it has no usual name.
    """

    date_order: str | None = None
    decimal_mark: str | None = None
    list_separator: str | None = None
    money_unit: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the fields.

        Raises:
            UsageError: there is no such field.
        """
        check_fields(self.columns)

    def forms(self) -> Forms:
        """Return the forms of values that all batches have."""
        return Forms(
            date_order=self.date_order,
            is_fixed=True,
            decimal_mark=DECIMAL_MARKS[self.decimal_mark] if self.decimal_mark else None,
            list_separator=LIST_SEPARATORS[self.list_separator] if self.list_separator else None,
            money_unit=MONEY_UNITS[self.money_unit or "dollars"],
        )

    def text(self) -> str:
        """Return them as JSON, without those that were not given."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, ensure_ascii=False)


@dataclass(frozen=True)
class State:
    """What a database knows of a topic.

    Attributes:
        offsets: how far it is loaded; none if it is not followed yet.
        settings: how its messages are read, once it is followed.
        films: the number of films in the database.
    """

    offsets: Offsets = field(default_factory=dict)
    settings: Settings | None = None
    films: int = 0


def read(database: Path, topic: str) -> State:
    """Return what a database file knows of a topic, after upgrading one of an older schema.

    Raises:
        MovieReportsError: it is not a database of movie-reports.
    """
    if not database.exists():
        return State()
    with closing(upgrade.connect(database)) as connection:
        films = execute.run(connection, "ledger/status")[0]["movies"]
        rows = [row for row in execute.run(connection, "ledger/streams") if row["topic"] == topic]
    settings = Settings(**json.loads(rows[0]["settings"])) if rows else None
    return State({row["partition"]: row["next_offset"] for row in rows}, settings, films)


def check_offsets(connection: DuckDBPyConnection, topic: str, expected: Offsets) -> None:
    """Check that a batch follows on what the database has, whose lock is held.

    Raises:
        RefusedError: another process has loaded messages of the topic meanwhile.
    """
    rows = execute.run(connection, "ledger/streams")
    found = {row["partition"]: row["next_offset"] for row in rows if row["topic"] == topic}
    if found != expected:
        message = (
            f"the database has {topic} until {shown(found)}, and the batch begins at {shown(expected)}: "
            "another process follows the topic, or a dump was loaded; stop one of them, and start this one again"
        )
        raise RefusedError(message)


def settled(given: Settings, known: Settings | None, topic: str) -> Settings:
    """Return how the messages of a topic are read: as before, if it is followed already.

    Raises:
        UsageError: something else was given.
    """
    if known is None or given == known:
        return given
    if given != Settings():
        options = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in json.loads(known.text()).items())
        message = (
            f"how messages of {topic} are read was settled with the first batch ({options or 'no option'}): leave out "
        )
        message += "such options, or load a dump and begin again with --from"
        raise UsageError(message)
    return known


def shown(offsets: Offsets) -> str:
    """Return offsets as --from takes them."""
    return ",".join(f"{partition}:{offset}" for partition, offset in sorted(offsets.items())) or "no offset"
