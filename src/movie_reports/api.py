"""The Python face: a database whose reports are Arrow tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import wraps
from types import TracebackType
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Self

from movie_reports.database import connection as database
from movie_reports.database import upgrade
from movie_reports.reports import names as search
from movie_reports.reports import report as reports
from movie_reports.reports.request import Figures, Limits, Names

if TYPE_CHECKING:
    import pyarrow as pa


P = ParamSpec("P")


def _plainly(report: Callable[Concatenate[Database, P], pa.Table]) -> Callable[Concatenate[Database, P], pa.Table]:
    """Have a report tell in one sentence what is wrong with the file."""

    @wraps(report)
    def told(self: Database, /, *args: P.args, **kwargs: P.kwargs) -> pa.Table:
        with database.plain_reading(self.path):
            return report(self, *args, **kwargs)

    return told


class Database:
    """An open database, read-only; an ingest may replace the file meanwhile without disturbing it.

    Money is in US dollars; null means unknown. The columns are those of the exports.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        """Open the file; see `movie_reports.open`."""
        self.path = database.locate(path)
        self._connection = upgrade.connect(self.path)

    @_plainly
    def company(
        self,
        *names: str,
        year: str | int | None = None,
        month: str | int | None = None,
        genre: Names = None,
        complete: bool = False,
        metrics: str | Sequence[str] = (),
        by: str = "year",
        popularity: str = "popularity",
        average: bool = False,
        top: int | None = None,
        bottom: int | None = None,
        min_films: int = 1,
        all_matches: bool = False,
    ) -> pa.Table:
        """Return releases, budget, revenue, profit and mean popularity per company and year.

        Args:
            names: the companies, or words of their names; without any, all companies.
            year: one year, years as "1990-1999", "1990-" or "-1999", or "none" for films without a date.
            month: one month from 1 to 12, or months as "6-8" or "11-2", of every year.
            genre: only films of this genre, or of at least one of several; "none" stands for films without a genre.
            complete: only films whose budget and revenue are both known.
            metrics: only these figures, of releases, budget, revenue, profit and popularity.
            by: what a row stands for: "year", "quarter", "month", "decade", or "all" for one row over all years.
            popularity: what popularity means: "popularity", "votes", "vote-average", "weighted", "ratings" or
                "ratings-mean"; a row has the mean over its films.
            average: means over known figures in place of sums; the mean profit is over complete films.
            top: only the so many highest rows by the first metric named (without one, by releases), the highest
                first; equal values share a rank.
            bottom: the same with the lowest rows, the lowest first.
            min_films: leave out rows of fewer films.
            all_matches: take all companies together whose name holds the words, each film once.

        Returns:
            a table with company, the period (named after `by`; none for "all"), the figures, and complete, ordered by
            company and period.

        Raises:
            NotFoundError: no such company or genre, or several that may be meant.
            UsageError: the year, a metric or another argument is none.
        """
        choice = search.companies(self._connection, names, all_matches=all_matches)
        figures = Figures(metrics, by, popularity, average, top=top, bottom=bottom, min_films=min_films)
        return reports.company(self._connection, choice, Limits(year, month, genre, complete), figures).table()

    @_plainly
    def company_genres(
        self,
        *names: str,
        year: str | int | None = None,
        month: str | int | None = None,
        genre: Names = None,
        complete: bool = False,
        by: str = "year",
        all_matches: bool = False,
    ) -> pa.Table:
        """Return releases per company, year and genre, with the number of distinct films beside them.

        Arguments and errors as for `company`.

        Returns:
            a table with company, the period, genre (null for films without one), releases, and films.
        """
        choice = search.companies(self._connection, names, all_matches=all_matches)
        return reports.company_genres(self._connection, choice, Limits(year, month, genre, complete), by).table()

    @_plainly
    def genres(
        self,
        *,
        year: str | int | None = None,
        month: str | int | None = None,
        genre: Names = None,
        complete: bool = False,
        metrics: str | Sequence[str] = (),
        by: str = "year",
        popularity: str = "popularity",
        average: bool = False,
        top: int | None = None,
        bottom: int | None = None,
        min_films: int = 1,
    ) -> pa.Table:
        """Return mean popularity, budget, revenue, profit and releases per year and genre.

        Arguments and errors as for `company`; `top` counts within each period (without a metric, by popularity).

        Returns:
            a table with the period, genre, the figures, and complete, in each period the most popular genre first.
        """
        figures = Figures(metrics, by, popularity, average, top=top, bottom=bottom, min_films=min_films)
        return reports.genres(self._connection, Limits(year, month, genre, complete), figures).table()

    @_plainly
    def films(
        self,
        *companies: str,
        year: str | int | None = None,
        month: str | int | None = None,
        genre: Names = None,
        complete: bool = False,
        metrics: str | Sequence[str] = (),
        popularity: str = "popularity",
        top: int | None = None,
        bottom: int | None = None,
        all_matches: bool = False,
    ) -> pa.Table:
        """Return the films behind the figures of the reports; with the same limits they add up to those.

        Args:
            companies: only films of at least one of these; names or words of them.

        Other arguments and errors as for `company`.

        Returns:
            a table with id (TMDB), title, release_date, companies and genres (names between "; "), budget, revenue,
            profit, popularity, and complete (1 if budget and revenue are known, else 0), ordered by day, title and id.
        """
        choice = search.companies(self._connection, companies, all_matches=all_matches)
        figures = Figures(metrics, popularity=popularity, top=top, bottom=bottom)
        return reports.films(self._connection, choice, Limits(year, month, genre, complete), figures).table()

    @_plainly
    def companies(self, search: str | None = None) -> pa.Table:
        """Return the catalogue of companies, those with the most films first.

        Args:
            search: only those whose names hold these words; case and accents do not count.

        Returns:
            a table with company, tmdb_ids, films, first_year, last_year, and of its known figures budget, revenue,
            profit and complete.
        """
        return reports.companies(self._connection, search).table()

    @_plainly
    def genre_list(self, search: str | None = None) -> pa.Table:
        """Return the catalogue of genres, as `companies` does that of companies."""
        return reports.genre_list(self._connection, search).table()

    @_plainly
    def history(self) -> pa.Table:
        """Return the ledger: a row for every ingest, also those that failed or were refused, the newest first."""
        return reports.history(self._connection).table()

    @_plainly
    def rejects(self, ingest: int | None = None, reason: str | None = None) -> pa.Table:
        """Return the records of an ingest (by default the last run) that could not be loaded.

        Args:
            ingest: its number in the ledger.
            reason: only those with this code: id, fields, nul, quotes, encoding or size.
        """
        return reports.rejects(self._connection, ingest, reason).table()

    @_plainly
    def changes(self, change: str | None = None) -> pa.Table:
        """Return what the last ingest changed: films added, changed (a row for each field) and removed.

        Args:
            change: only films `added`, `changed` or `removed`.
        """
        return reports.changes(self._connection, change).table()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
