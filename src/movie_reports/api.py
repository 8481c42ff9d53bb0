"""The Python API: a database whose reports are Arrow tables."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, Unpack

from movie_reports.database import connection
from movie_reports.database.errors import plain_reading
from movie_reports.database.limits import deadline, limited
from movie_reports.publishing import source
from movie_reports.reports import names, report, status, subjects
from movie_reports.reports.catalog import REPORTS, Shape
from movie_reports.reports.requests.choices import Engine, known
from movie_reports.reports.requests.keywords import FigureOptions, FilmOptions, ListOptions, SubjectOptions
from movie_reports.reports.requests.request import Request

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from movie_reports.database.spark import Cluster

SECONDS, MEMORY = 60, 10**9


class Database:
    """An open database, read-only; an ingest may replace the file, or a publish the snapshot, while it is open.

    It may be used from several threads at once. Money is in US dollars; null means unknown. The columns of the tables
    are those of the exports. The keyword arguments of the reports are the fields of
    `movie_reports.reports.requests.request.Request`:

    - which films count: `year` (1995, "1990-1999", "1990-", "-1999", or "none" for films without a date), `month`
      (12, "6-8", "11-2"), `weekday` (such as "friday", or several), `genre` (a name or several; "none": without a
      genre), `country` (a name or an ISO code, or several), `collection`, `keyword` and `person` (a name or several;
      the last with `role`: director, writer or actor), `title` (words of it), `runtime` (90, "90-120", "90-", "-120"
      minutes), `language` (codes such as "en"), `status` (such as "released"), `min_votes`, `min_budget`,
      `min_revenue`, `complete` (only films whose budget and revenue are both known); of several names of one kind a
      film has at least one, or all with `all_of`;
    - which figures are shown: `metrics` (one or several of releases, budget, revenue, profit, popularity), `by`
      (year, quarter, month, decade or all), `average` (means over known figures), `popularity` (popularity, votes,
      vote-average, weighted, ratings or ratings-mean), `top` and `bottom` (only the highest or lowest rows of each
      period; equal values share a rank), `min_films` (leave out rows of fewer films).

    Every report raises NotFoundError if a name is unknown or ambiguous, and UsageError if a value is wrong.
    """

    def __init__(  # noqa: PLR0913 (where the data are, what answers, and its limits)
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        snapshot: int | None = None,
        engine: str = Engine.duckdb,
        url: str | None = None,
        seconds: float | None = None,
        memory: int | None = None,
    ) -> None:
        """Open a file or a snapshot; see `movie_reports.open`.

        Args:
            path: the file, or the folder or address of snapshots.
            snapshot: the number of an older snapshot.
            engine: duckdb, or spark, which takes a session on a cluster for each report on films.
            url: the Spark Connect server.
            seconds: after this time a report is stopped with TooSlowError.
            memory: how many bytes the engine may use for all reports that run at the same time.
        """
        self.source = source.find(path, snapshot)
        """The file, or the snapshot, which stays the same as long as this is open."""
        self._cluster = None
        if known("engine", engine, tuple(Engine)) == Engine.spark:
            self._cluster = partial(source.cluster, self.source, url)
            self._cluster()  # so that a wrong address is reported at once
        self._seconds = seconds
        self._connection = source.connect(self.source, temporary=True, memory=memory, described=True)

    @property
    def path(self) -> Path:
        """The file, or the folder or address of the snapshots."""
        return self.source if isinstance(self.source, Path) else Path(str(self.source.store))

    def company(
        self,
        *companies: str,
        all_matches: bool = False,
        exact: bool = False,
        **options: Unpack[FigureOptions],
    ) -> pa.Table:
        """Return releases, budget, revenue, profit and mean popularity per company and period.

        Args:
            companies: names, or words of them; without any, all companies.
            all_matches: take all companies whose names contain the words together, and count each film once.
            exact: take the names exactly as they are written.
            options: see the class.

        Returns:
            a table with company, the period (named after `by`; none for "all"), the figures, and complete.
        """
        return self._table("company", Request(companies, all_matches, exact, **options))  # type: ignore[arg-type]

    def country(self, *countries: str, **options: Unpack[SubjectOptions]) -> pa.Table:
        """Return releases, budget, revenue, profit and mean popularity per production country and period.

        Args:
            countries: names, words of them, or ISO codes such as "FR"; without any, all countries.
            options: see the class; and `company`, for only films of at least one of these (a name or several, or words
                of them), with `all_matches` and `exact` as for `company`.

        Returns:
            a table with country, and the other columns of `company`.
        """
        return self._table("country", Request(country=countries, **options))  # type: ignore[arg-type, misc]

    def collection(self, *collections: str, **options: Unpack[SubjectOptions]) -> pa.Table:
        """Return releases, budget, revenue, profit and mean popularity per collection, such as a franchise, and period.

        Arguments as for `country`; without names, all collections.

        Returns:
            a table with collection, and the other columns of `company`.
        """
        return self._table("collection", Request(collection=collections, **options))  # type: ignore[arg-type, misc]

    def company_genres(
        self,
        *companies: str,
        all_matches: bool = False,
        exact: bool = False,
        by: str = "year",
        **options: Unpack[FilmOptions],
    ) -> pa.Table:
        """Return releases per company, period and genre, and the number of distinct films.

        The arguments are those of `company`, without those for other figures.

        Returns:
            a table with company, the period, genre (null for films without one), releases, and films.
        """
        request = Request(companies, all_matches, exact, by=by, **options)  # type: ignore[arg-type]
        return self._table("company-genres", request)

    def genres(self, **options: Unpack[SubjectOptions]) -> pa.Table:
        """Return mean popularity, budget, revenue, profit and releases per period and genre.

        Arguments as for `country`.

        Returns:
            a table with the period, genre, the figures, and complete; in each period genres are
            ordered by the first metric, or else by popularity, the highest first.
        """
        return self._table("genres", Request(**options))  # type: ignore[arg-type]

    def keyword(self, *keywords: str, **options: Unpack[SubjectOptions]) -> pa.Table:
        """Return releases, budget, revenue, profit and mean popularity per keyword and period.

        The arguments and columns are those of `country`, with keywords in the place of countries.

        Raises:
            NotFoundError: the database has no keywords; `ingest` loads them if it is called with `with_="keywords"`.
        """
        return self._table("keyword", Request(keyword=keywords, **options))  # type: ignore[arg-type, misc]

    def person(self, *people: str, **options: Unpack[SubjectOptions]) -> pa.Table:
        """Return releases, budget, revenue, profit and mean popularity per director, writer or actor and period.

        The arguments and columns are those of `country`, with people in the place of countries; `role` says what they
        did. A film counts once, whatever a person did for it.

        Raises:
            NotFoundError: the database has no people; `ingest` loads them if it is called with `with_="people"`.
        """
        return self._table("person", Request(person=people, **options))  # type: ignore[arg-type, misc]

    def films(
        self,
        *companies: str,
        all_matches: bool = False,
        exact: bool = False,
        **options: Unpack[ListOptions],
    ) -> pa.Table:
        """Return the films behind the figures of the reports, which are their sums with the same filters.

        Args:
            companies: only films of at least one of these; names, or words of them.
            all_matches: as for `company`.
            exact: as for `company`.
            options: see the class.

        Returns:
            a table with id (TMDB), title, release_date, companies and genres (names between "; "), budget, revenue,
            profit, popularity, and complete (1 if budget and revenue are known, else 0), ordered by day, title and id.
        """
        return self._table("films", Request(companies, all_matches, exact, **options))  # type: ignore[arg-type]

    def companies(self, search: str | None = None) -> pa.Table:
        """Return the catalogue of companies, those with the most films first.

        Args:
            search: only those whose names contain these words; case and accents do not count.

        Returns:
            a table with company, tmdb_ids, films, first_year, last_year, and of its known figures budget, revenue,
            profit and complete.
        """
        return self._table("companies", Request(search=search))

    def countries(self, search: str | None = None) -> pa.Table:
        """Return the catalogue of production countries, as `companies` does that of companies, with their ISO codes."""
        return self._table("countries", Request(search=search))

    def collections(self, search: str | None = None) -> pa.Table:
        """Return the catalogue of collections, as `companies` does that of companies."""
        return self._table("collections", Request(search=search))

    def keywords(self, search: str | None = None) -> pa.Table:
        """Return the catalogue of keywords, as `companies` does that of companies."""
        return self._table("keywords", Request(search=search))

    def people(self, search: str | None = None) -> pa.Table:
        """Return the catalogue of directors, writers and actors, as `companies` does that of companies."""
        return self._table("people", Request(search=search))

    def genre_list(self, search: str | None = None) -> pa.Table:
        """Return the catalogue of genres, as `companies` does that of companies."""
        return self._table("genre-list", Request(search=search))

    def sql(self, statement: str, parameters: Mapping[str, object] | None = None) -> pa.Table:
        """Return the result of one SQL statement, which can access nothing but this database.

        It may take up to a minute, and 1 GB of memory.

        Args:
            statement: the statement.
            parameters: the values of its parameters, such as {"year": 1995} for $year.

        Raises:
            UsageError: it is not one statement that returns rows, or it is wrong.
            MovieReportsError: it takes too long, or uses too much memory.
        """
        with (
            plain_reading(self.source),
            closing(source.connect(self.source, sealed=True)) as connection,
            limited(connection, SECONDS, MEMORY),
        ):
            return report.answer(connection, statement, parameters).table()

    def history(self) -> pa.Table:
        """Return the ledger: a row for every ingest, also those that failed or were refused, the newest first."""
        return self._table("history", Request())

    def rejects(self, ingest: int | None = None, reason: str | None = None) -> pa.Table:
        """Return the records of an ingest (by default the last run) that could not be loaded.

        Args:
            ingest: its number in the ledger.
            reason: only those with this code: id, fields, nul, quotes, encoding or size.
        """
        return self._table("rejects", Request(ingest=ingest, reason=reason))  # type: ignore[arg-type]

    def reject_records(self, ingest: int | None = None, reason: str | None = None) -> str:
        """Return the same records as they are in their file, under its header, to be fixed and merged.

        Arguments as for `rejects`.
        """
        with self._cursor() as cursor:
            return report.reject_records(cursor, Request(ingest=ingest, reason=reason))  # type: ignore[arg-type]

    def changes(self, change: str | None = None, since: int | None = None) -> pa.Table:
        """Return what the last ingest changed: films added, changed (a row for each field) and removed.

        Args:
            change: only films `added`, `changed` or `removed`.
            since: the number of an ingest; all changes after it are then returned, each film as one event of each
                ingest that changed it, with the JSON of its values before and after.

        Raises:
            GoneError: the changes since then are no longer kept; its attribute `oldest` is the first ingest since which
                they are.
        """
        return self._table("changes", Request(change=change, since=since))  # type: ignore[arg-type]

    def schema(self) -> pa.Table:
        """Return the tables, views and columns of the database with their meanings."""
        return self._table("schema", Request())

    def status(self) -> dict[str, Any]:
        """Return what the database contains, where it came from, and for how many films the money is known."""
        with self._cursor() as cursor:
            return status.facts(cursor, source.about(self.source))

    def suggestions(self, subject: str, words: str, most: int = 20) -> list[str]:
        """Return names of a subject that contain some words, the likeliest first; those with most films without words.

        Args:
            subject: company, country, collection, genre, keyword or person.
            words: what was typed of the name; case and accents do not count.
            most: how many names there may be.
        """
        with self._cursor() as cursor:
            return names.suggestions(cursor, subjects.of(subject), words)[:most]

    @contextmanager
    def report(self, name: str, request: Request, notify: names.Notify = lambda _: None) -> Iterator[report.Report]:
        """Give a report of the catalogue, which runs its statements on a cursor of its own until the block ends.

        Args:
            name: its name in the catalogue.
            request: what is asked.
            notify: is told how a name was understood.
        """
        begin = None if REPORTS[name].shape is Shape.rows else self._cluster
        with (
            closing(begin()) if begin else nullcontext() as cluster,
            self._cursor(cluster) as cursor,
        ):
            yield replace(report.asked(cursor, name, request, notify=notify), cluster=cluster)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _table(self, name: str, request: Request) -> pa.Table:
        with self.report(name, request) as found:
            return found.table()

    @contextmanager
    def _cursor(self, cluster: Cluster | None = None) -> Iterator[DuckDBPyConnection]:
        """Give each call a cursor of its own, since a connection runs one statement at a time."""
        with (
            plain_reading(self.source),
            connection.cursor(self._connection) as cursor,
            nullcontext() if self._seconds is None else deadline(cluster or cursor, self._seconds),
        ):
            yield cursor

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
