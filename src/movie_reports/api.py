"""The Python face: a database whose reports are Arrow tables."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from movie_reports import database, reports, search, upgrade
from movie_reports.reports import Figures, Limits

if TYPE_CHECKING:
    import pyarrow as pa


class Database:
    """An open database, read-only; an ingest may replace the file meanwhile without disturbing it.

    Money is in US dollars; null means unknown. The columns are those of the exports.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        """Open the file; see `movie_reports.open`."""
        self.path = database.locate(path)
        self._connection = upgrade.connect(self.path)

    def company(
        self,
        name: str | None = None,
        *,
        year: str | int | None = None,
        genre: str | None = None,
        metrics: Sequence[str] = (),
        average: bool = False,
        complete: bool = False,
        top: int | None = None,
        all_matches: bool = False,
    ) -> pa.Table:
        """Return releases, budget, revenue, profit and mean popularity per company and year.

        Args:
            name: the company, or words of its name; without one, all companies.
            year: one year, or years as "1990-1999", "1990-" or "-1999".
            genre: only films of this genre.
            metrics: only these figures, of releases, budget, revenue, profit and popularity.
            average: means over known figures in place of sums; the mean profit is over complete films.
            complete: only films whose budget and revenue are both known.
            top: only the so many highest rows by the first metric named (without one, by releases), the highest
                first; equal values share a rank.
            all_matches: take all companies together whose name holds the words, each film once.

        Returns:
            a table with company, year, the figures, and complete, ordered by company and year.

        Raises:
            NotFoundError: no such company or genre, or several that may be meant.
            UsageError: the year, a metric or top is none.
        """
        choice = None if name is None else search.company(self._connection, name, all_matches=all_matches)
        limits = Limits(year, genre, complete)
        figures = Figures(metrics, average, top)
        return reports.company(self._connection, choice, limits, figures).table()

    def company_genres(
        self,
        name: str | None = None,
        *,
        year: str | int | None = None,
        genre: str | None = None,
        complete: bool = False,
        all_matches: bool = False,
    ) -> pa.Table:
        """Return releases per company, year and genre, with the number of distinct films beside them.

        Arguments and errors as for `company`.

        Returns:
            a table with company, year, genre (null for films without one), releases, and films.
        """
        choice = None if name is None else search.company(self._connection, name, all_matches=all_matches)
        return reports.company_genres(self._connection, choice, Limits(year, genre, complete)).table()

    def genres(
        self,
        *,
        year: str | int | None = None,
        genre: str | None = None,
        metrics: Sequence[str] = (),
        average: bool = False,
        complete: bool = False,
        top: int | None = None,
    ) -> pa.Table:
        """Return mean popularity, budget, revenue, profit and releases per year and genre.

        Arguments and errors as for `company`; `top` counts within each year (without a metric, by popularity).

        Returns:
            a table with year, genre, the figures, and complete, in each year the most popular genre first.
        """
        limits = Limits(year, genre, complete)
        return reports.genres(self._connection, limits, Figures(metrics, average, top)).table()

    def companies(self, search: str | None = None) -> pa.Table:
        """Return the catalogue of companies, those with the most films first.

        Args:
            search: only those whose names hold these words; case and accents do not count.

        Returns:
            a table with company, tmdb_ids, films, first_year, last_year, and of its known figures budget, revenue
            and complete.
        """
        return reports.companies(self._connection, search).table()

    def history(self) -> pa.Table:
        """Return the ledger: a row for every ingest, also those that failed or were refused, the newest first."""
        return reports.history(self._connection).table()

    def rejects(self, ingest: int | None = None, reason: str | None = None) -> pa.Table:
        """Return the records of an ingest (by default the last run) that could not be loaded.

        Args:
            ingest: its number in the ledger.
            reason: only those with this code: id, fields, nul, quotes or encoding.
        """
        return reports.rejects(self._connection, ingest, reason).table()

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
