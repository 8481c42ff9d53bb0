"""What a chart shows, whatever it is drawn with: names, periods without holes, values, ticks, units."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import chain, count
from typing import Any

from movie_reports.errors import MovieReportsError
from movie_reports.render import values as cells
from movie_reports.text import harmless, wrapped

ALL = "all"
UNKNOWN, NOTHING = "unknown", "No value is known."
PER_YEAR = {"year": 1, "quarter": 4, "month": 12}
PARTS_OF_A_YEAR = {"quarter": (1, 2), "month": (1, 3, 6)}
ROUND = (1, 2, 5)
FINEST = -2  # the power of ten of the finest ticks, as values are written
_NOTHING_AFTER_THE_POINT = re.compile(r"\.0+(?!\d)|(?<=\.\d)0+(?!\d)")

Values = Sequence[float | None]


@dataclass(frozen=True)
class Chart:
    """Figures to be drawn.

    Attributes:
        title: the heading, such as "Pixar Animation Studios by year".
        measure: what the values are, such as "Profit" or "Mean revenue".
        is_money: whether they are US dollars.
        period: year, quarter, month or decade; or all, where each name has one value.
        periods: what `axis` makes of the periods that occur; none, where the period is all.
        series: for each name one value for each of the periods; None where it is not known or there is no film.
        note: what must be known of the figures, as a sentence under the heading.
        from_zero: whether an axis begins at zero; means of votes lie so near to one another that it must not.
    """

    title: str
    measure: str
    is_money: bool
    period: str
    periods: tuple[int | str, ...]
    series: Mapping[str, Values]
    note: str = ""
    from_zero: bool = True

    @property
    def has_bars(self) -> bool:
        """Whether it compares names, rather than showing how something went."""
        return self.period == ALL

    @property
    def heading(self) -> str:
        """The title, in which no character steers."""
        return harmless(self.title)

    @property
    def unit(self) -> str:
        """The measure with its unit."""
        return harmless(f"{self.measure} (US dollars)" if self.is_money else self.measure)

    def remarks(self, width: int) -> list[str]:
        """Return the lines that stand under the heading, if any, each of so many cells at most."""
        return wrapped(harmless(self.note if self.known else NOTHING), width)

    @property
    def known(self) -> list[float]:
        """All values that are known."""
        return [value for values in self.series.values() for value in values if value is not None]

    def shown(self) -> dict[str, Values]:
        """Return the series under names in which no character steers."""
        return {harmless(name): values for name, values in self.series.items()}

    def texts(self) -> list[str]:
        """Return the periods as they are written under the axis."""
        return [f"{period}s" if self.period == "decade" else str(period) for period in self.periods]

    def amount(self, value: float) -> str:
        """Write a value as shortly as it can be read: $1.2B, 12, 3.45."""
        if self.is_money:
            return _NOTHING_AFTER_THE_POINT.sub("", cells.short_dollars(value))
        text = f"{value:,.2f}" if abs(value) >= 1 else f"{value:.2g}"
        return _NOTHING_AFTER_THE_POINT.sub("", text)

    def ticks(self, most: int) -> list[float]:
        """Return round values, evenly spaced, no more than `most`, from 3.

        The last encloses what is known, the first too where there is no loss; else it is the lowest above the loss.
        """
        low, high = self._range
        least = math.floor(math.log10((high - low) / most or 1))
        if self.is_money or all(value % 1 == 0 for value in self.known):
            least = max(least, 0)
        if not self.from_zero:
            least = max(least, FINEST)
        steps = (times * 10.0**power for power in count(least) for times in ROUND)
        step = next(step for step in steps if math.ceil(high / step) - math.floor(low / step) < most)
        first, last = math.floor(low / step), math.ceil(high / step)
        if low < 0 and last - first > 1:
            first = math.ceil(low / step)
        return [number * step for number in range(first, max(last, first + 1) + 1)]

    def ends(self, ticks: Sequence[float]) -> tuple[float, float]:
        """Return where the axis of these ticks ends: losses take no more of it than they need."""
        return min(self._range[0], ticks[0]), ticks[-1]

    @property
    def _range(self) -> tuple[float, float]:
        """The least and the greatest value that the axis must enclose."""
        zero = [0] if self.from_zero or self.has_bars or not self.known else []
        return min([*zero, *self.known]), max([*zero, *self.known])

    def period_ticks(self, most: int) -> list[int]:
        """Return the places of the periods to write under the axis: round ones, no more than asked for."""
        numbers = [_number(self.period, period) for period in self.periods]
        per_year = PER_YEAR.get(self.period, 1)
        years = (times * 10**power * per_year for power in count() for times in ROUND)
        steps = chain(PARTS_OF_A_YEAR.get(self.period, ()), years)
        step = next(step for step in steps if len(numbers) <= most * step)
        places = [place for place, number in enumerate(numbers) if number % step == 0]
        return places if len(places) > 1 else sorted({0, len(numbers) - 1})


def axis(period: str, found: Iterable[int | str]) -> tuple[int | str, ...]:
    """Return every period from the first to the last of those found, so that a missing one shows as a gap."""
    numbers = [_number(period, each) for each in found]
    if not numbers or period == ALL:
        return ()
    return tuple(_written(period, number) for number in range(min(numbers), max(numbers) + 1))


def _number(period: str, value: int | str) -> int:
    """Count the periods from the year 0."""
    if period not in PARTS_OF_A_YEAR:
        return int(value) // 10 if period == "decade" else int(value)
    year, part = str(value).split("-")
    return int(year) * PER_YEAR[period] + int(part.removeprefix("Q")) - 1


def _written(period: str, number: int) -> int | str:
    if period not in PARTS_OF_A_YEAR:
        return number * 10 if period == "decade" else number
    year, part = divmod(number, PER_YEAR[period])
    return f"{year:04}-Q{part + 1}" if period == "quarter" else f"{year:04}-{part + 1:02}"


def library(name: str, purpose: str) -> Any:  # noqa: ANN401 (a module)
    """Load a library of the extra.

    Raises:
        MovieReportsError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        message = f"drawing {purpose} needs the extra charts: pip install 'movie-reports[charts]'"
        raise MovieReportsError(message) from error
