"""A report: an entry of the catalogue and a request, which together give one SQL statement and its rows.

Tables, exports, charts and the Python API all read a `Report`, so that they show the same values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from movie_reports.database import execute, sql
from movie_reports.errors import GoneError, NotFoundError, UsageError
from movie_reports.reports.catalog import REPORTS, Shape, Spec
from movie_reports.reports.columns import Column
from movie_reports.reports.names import Choose, Notify, matching, resolve
from movie_reports.reports.requests.choices import MONEY, POPULARITY, SEQUENCES, Metric, Period, Popularity, known
from movie_reports.reports.requests.request import Request
from movie_reports.reports.statements import statement
from movie_reports.reports.statements.statement import COVERAGE, Statement
from movie_reports.reports.subjects import GENRE, PERSON, SUBJECTS

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from movie_reports.database.spark import Cluster

Row = dict[str, Any]


@dataclass(frozen=True)
class Report:
    """A report that can be run.

    Attributes:
        connection: the database that it is run on.
        spec: its entry of the catalogue.
        request: what is asked.
        parameters: values for the parameters of its SQL file, if its statement is a file.
        relation: the result, if the statement is one of the user.
        in_parts: whether `records` stay in the engine until they are looked at, since only some of them will be.
        cluster: where its statements run, if not on the connection, which then has the same data for names.
    """

    connection: DuckDBPyConnection = field(repr=False)
    spec: Spec
    request: Request = field(default_factory=Request)
    parameters: Mapping[str, object] = field(default_factory=dict)
    relation: DuckDBPyRelation | None = field(default=None, repr=False)
    in_parts: bool = False
    cluster: Cluster | None = field(default=None, repr=False)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of every export."""
        return statement.columns(self.spec, self.request)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def metrics(self) -> tuple[Column, ...]:
        """The columns that `--metric` can choose."""
        return tuple(column for column in self.columns if column.is_metric)

    @property
    def ranking(self) -> Metric:
        """The metric that ranks rows."""
        return statement.ranking(self.spec, self.request)

    @property
    def has_one_name(self) -> bool:
        """Whether all rows are of one name."""
        return statement.has_one_name(self.spec, self.request)

    @property
    def may_be_empty(self) -> bool:
        """Whether it may have no rows; otherwise nothing matches what was asked for."""
        return self.spec.shape is Shape.rows

    @cached_property
    def statement(self) -> Statement:
        """The SQL of the rows that every export has, and the values of its parameters."""
        if self.spec.shape is Shape.rows:
            text = sql.without_comments(sql.read(f"reports/{self.spec.query or self.spec.name}")).rstrip()
            return Statement(text, self.parameters)
        return statement.report(self.spec, self.request)

    @property
    def pasted(self) -> str:
        """The statement with its values, ready to be run elsewhere."""
        return sql.pasted(self.statement.text, self.statement.parameters)

    @cached_property
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows of every export."""
        if self.relation is not None:
            return execute.interruptible(self.connection, self.relation.fetchall)
        found = self.local(self.statement)
        return execute.rows(self.connection, found.text, found.parameters)

    @cached_property
    def records(self) -> Sequence[Row]:
        """The rows by column, with what a table needs to mark figures that are not known for all films."""
        if self.relation is not None:
            return [dict(zip(self.names, row, strict=True)) for row in self.rows]
        is_marked = self.spec.shape in {Shape.figures, Shape.names}
        wanted = statement.report(self.spec, self.request, COVERAGE) if is_marked else self.statement
        return self.kept(wanted) if self.in_parts else self._run(wanted)

    @cached_property
    def total(self) -> Row:
        """The figures over all films of the report, each counted once, under the names of `records`."""
        figures = [column.name for column in self.metrics] + list(COVERAGE)
        return self._run(statement.total(self.spec, self.request, list(dict.fromkeys(figures))))[0]

    @cached_property
    def totals(self) -> Sequence[Row]:
        """The figures of each name over all periods, regardless of rank."""
        request = replace(self.request, by=Period.all, top=None, bottom=None)
        return replace(self, request=request).records

    @cached_property
    def placeholders(self) -> tuple[int, int] | None:
        """The number of films dated 1 January, and of all in January or of all with a date.

        None unless months or weekdays matter, which these dates mostly do not tell.
        """
        request = self.request
        if not (request.is_about_months or request.by is Period.weekday or request.weekday):
            return None
        found = self._run(statement.placeholders(self.spec, self.request))[0]
        return found["placeholders"], found["dated"]

    @cached_property
    def genre_totals(self) -> list[Row]:
        """The releases of each genre over all periods and companies; `films` counts each film once."""
        return self._run(statement.genre_totals(self.spec, self.request))

    def kept(self, wanted: Statement | None = None) -> execute.Kept:
        """Run the statement, or another one, and leave its rows in the engine."""
        found = self.local(wanted or self.statement)
        return execute.Kept(self.connection, found.text, found.parameters)

    def table(self) -> pa.Table:
        """Return the rows as an Arrow table."""
        if self.relation is not None:
            return execute.interruptible(self.connection, self.relation.to_arrow_table).rename_columns(self.names)
        found = self.local(self.statement)
        return execute.table(self.connection, found.text, found.parameters)

    def local(self, wanted: Statement) -> Statement:
        """Return a statement for the connection: the one wanted, or one that reads what the cluster answers to it.

        The cluster's types differ, such as that of a year; the answer gets those that the connection would give.
        """
        if self.cluster is None:
            return wanted
        answer = self.cluster.table(wanted.text, wanted.parameters)
        none = f"SELECT * FROM (\n{wanted.text}\n) AS answer LIMIT 0"  # noqa: S608 (a statement of ours)
        types = execute.table(self.connection, none, wanted.parameters)
        return Statement(execute.given(self.connection, answer.cast(types.schema)), {})

    def _run(self, wanted: Statement) -> list[Row]:
        found = self.local(wanted)
        return execute.records(self.connection, found.text, found.parameters)


def asked(
    connection: DuckDBPyConnection,
    name: str,
    request: Request,
    choose: Choose | None = None,
    notify: Notify = lambda _: None,
) -> Report:
    """Return a report; the names in the request are those that were typed, as `resolve` understands them.

    Raises:
        NotFoundError: a name or an ingest is unknown, or a name is ambiguous.
        UsageError: the report does not go with a value of the request.
    """
    spec = REPORTS[name]
    if spec.since and request.since is not None:
        spec = spec.since
        _check_kept(connection, request.since)
    _check_names(connection, spec, request)
    if spec.shape is Shape.names:
        return catalogue(connection, name, request.search)
    if spec.shape is not Shape.rows:
        return figures(connection, name, resolve(connection, request, choose, notify))
    values = {option: getattr(request, option) for option in spec.options}
    if "ingest" in values:
        values["ingest"] = _number_of_ingest(connection, request.ingest)
    return Report(connection, spec, request, values)


def _check_names(connection: DuckDBPyConnection, spec: Spec, request: Request) -> None:
    """Check that the database has names of all subjects that are asked about.

    Raises:
        NotFoundError: its sources lack a column, or it was loaded before such names were.
    """
    for subject in SUBJECTS:
        is_asked = spec.subject is subject or subject.name in request.has or request.named(subject.name)
        if is_asked and subject.remedy and not execute.rows(connection, f"SELECT id FROM {subject.table} LIMIT 1"):  # noqa: S608 (ours)
            message = f"the database has no {subject.table}: {subject.remedy}"
            raise NotFoundError(message)


def figures(connection: DuckDBPyConnection, name: str, request: Request) -> Report:
    """Return a report on the films in the database: company, company-genres, genres or films, with its exact names.

    Raises:
        UsageError: it has no such metric; or films without a genre are asked for, and its rows are those of genres.
        NotFoundError: popularity should be that of ratings, and the database has none.
    """
    spec = REPORTS[name]
    for metric in request.metrics:
        known("metric", metric, spec.metrics)
    _check_comparisons(spec, request)
    if request.sort is not None:
        known("column", request.sorting[0], [column.name for column in spec.columns])
    if request.role and spec.subject is not PERSON and not request.person and PERSON.name not in request.has:
        message = "role says what a person did for a film: name one with --person"
        raise UsageError(message)
    if spec.subject is GENRE and request.no_genre:
        message = "films without a genre are in no row of genres: see 'films --genre none' or 'company --genres'"
        raise UsageError(message)
    if request.popularity in {Popularity.ratings, Popularity.ratings_mean}:
        ((ratings,),) = execute.rows(connection, "SELECT no_ratings FROM popularity_scale")
        if ratings is None:
            message = "the database has no MovieLens ratings: ingest ratings.csv and links.csv with the films"
            raise NotFoundError(message)
    return Report(connection, spec, request)


def _check_comparisons(spec: Spec, request: Request) -> None:
    metric = statement.ranking(spec, request)
    if Metric.share in request.metrics and (request.statistic or metric not in {Metric.releases, *MONEY}):
        what = f"the {request.statistic} of {metric}" if request.statistic else metric.value
        message = f"there is no share of {what}: a share is of sums of releases, budget, revenue or profit, "
        message += "and of the first metric that is named"
        raise UsageError(message)
    if Metric.growth in request.metrics and request.by not in SEQUENCES:
        message = f"growth is on the period before: ask for it by {', '.join(SEQUENCES[:-1])} or {SEQUENCES[-1]}"
        raise UsageError(message)
    if Metric.rank in request.metrics and spec.subject and request.together(spec.subject.name) is not None:
        option = "--all-of" if request.all_of else "--all-matches"
        message = f"{spec.subject.table} that are taken together have no rank among {spec.subject.table}: "
        message += f"leave out {option}, or rank"
        raise UsageError(message)


def catalogue(connection: DuckDBPyConnection, name: str, search: str | None) -> Report:
    """Return a list of all names of a subject, or of those that contain the words; most films first."""
    spec, found = REPORTS[name], dict[str, Any]()
    if spec.subject and search and search.strip():
        # No film has the empty name; no name would mean all.
        found[spec.subject.name] = matching(connection, spec.subject, search) or ("",)
    return Report(connection, spec, Request(**found))


def _number_of_ingest(connection: DuckDBPyConnection, ingest: int | None) -> int:
    """Return the number of an ingest, by default the last run."""
    last: int = execute.run(connection, "ledger/last_run")[0]["id"]
    if ingest is not None and not 1 <= ingest <= last:
        message = f"there was no ingest {ingest}: they go from 1 to {last}"
        raise NotFoundError(message)
    return last if ingest is None else ingest


def _check_kept(connection: DuckDBPyConnection, since: int) -> None:
    """Check that the events of all ingests after one are kept.

    Raises:
        NotFoundError: there was no such ingest.
        GoneError: some of them are no longer kept, or never were.
    """
    kept = execute.run(connection, "ledger/kept_events")[0]
    if since > kept["last"]:
        message = f"there was no ingest {since}: the last is {kept['last']}"
        raise NotFoundError(message)
    if since < kept["oldest"]:
        message = f"the changes since ingest {since} are not kept, but those since ingest {kept['oldest']}: "
        message += f"take all films, and then the changes since ingest {kept['last']}"
        raise GoneError(message, kept["oldest"])


def reject_records(connection: DuckDBPyConnection, request: Request) -> str:
    """Return the rejects as they are in their file, under its header, to be fixed and merged; or an empty string.

    Raises:
        NotFoundError: there was no such ingest, or it was before headers were kept.
        UsageError: the rejects come from files with different headers.
    """
    found = asked(connection, "rejects", request)
    texts = [row["text"] for row in execute.run(connection, "reports/reject_records", found.parameters)]
    if None in texts or (not texts and found.records):
        message = (
            "the header of these records is not known: a topic has none, and older versions of movie-reports did not "
        )
        message += "keep it; send or load them again"
        raise NotFoundError(message)
    if len(texts) > 1:
        message = "these records come from files with different headers: fix them in their files"
        raise UsageError(message)
    return "".join(texts)


def answer(connection: DuckDBPyConnection, text: str, values: Mapping[str, object] | None = None) -> Report:
    """Return the result of a statement of the user with values for its parameters; equal columns are numbered.

    Raises:
        UsageError: it is not one valid statement, or it returns no rows.
    """
    relation = execute.answer(connection, text, values or {})
    columns: dict[str, Column] = {}
    for name in relation.columns:
        spellings = chain([name], (f"{name}_{number}" for number in count(1)))
        unique = next(each for each in spellings if each not in columns)
        columns[unique] = Column(unique, "string", "", heading=unique)
    return Report(connection, Spec("sql", "", tuple(columns.values())), relation=relation)


def origin(report: Report) -> dict[str, Any]:
    """Return metadata for a file with the report: the ingest, the SHA-256 of its source, and what popularity means."""
    last = execute.run(report.connection, "ledger/last_ingest")
    found = {"ingest": last[0]["id"], "source_sha256": last[0]["source_sha256"]} if last else {}
    has_popularity = report.spec.has_figures and "popularity" in report.names
    return {**found, "popularity": meaning(report)} if has_popularity else found


def meaning(report: Report) -> str:
    """Say what popularity means in a report; for the weighted rating, with its constants in this database."""
    kind = report.request.popularity
    words, _ = POPULARITY[kind]
    if kind is not Popularity.weighted:
        return words
    ((votes, mean),) = execute.rows(report.connection, "SELECT usual_votes, mean_vote FROM popularity_scale")
    if votes is None or mean is None:
        return f"{words}: no film has votes whose mean is known"
    numbers = f"m = {votes:,.10g} votes and C = {mean:.4f}"
    return f"{words} (v*R + m*C) / (v + m) of v votes with the mean R, where {numbers}"
