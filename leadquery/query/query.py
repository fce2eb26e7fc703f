"""`Query`: the last state, which has an output and can be sent."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic

import attrs

from leadquery.errors import QueryError, UnsupportedQueryError, check_call
from leadquery.expr.field import BaseField
from leadquery.expr.user_field import to_model
from leadquery.query.base import BaseQuery, advance, replace
from leadquery.wire.model import ListOutput, ReportFilter, Request
from leadquery.wire.schema import WireObject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from typing_extensions import TypeVar

    from leadquery.expr.aggregate import Aggregate, HavingCondition, SortKey
    from leadquery.expr.group_key import GroupKey
    from leadquery.periods import Period
    from leadquery.plan import Filled, Plan
    from leadquery.query.aggregation import Aggregation, LocalSteps
    from leadquery.wire.model import AggregateOutput

    Fields = tuple[BaseField[Any], ...]
else:
    from typing import TypeVar


MAX_CALLS: Final = 100
"""The most requests that a query may take, unless the caller allows more."""


class SeveralRequests:
    """The type parameter of a query that may take several requests."""


class OneRequest(SeveralRequests):
    """The type parameter of a query that one request carries, unless a condition has `|` or `~`."""


if TYPE_CHECKING:
    R_co = TypeVar("R_co", bound=SeveralRequests, covariant=True, default=Any)
else:
    R_co = TypeVar("R_co", covariant=True)


class Query(BaseQuery, Generic[R_co]):
    """A complete query. Immutable, hashable, and equal to any query with the same payload.

    `output` says what to list or compute, as the API takes it. To type checkers, a query that takes
    several requests, `Query[SeveralRequests]`, has no payload; `Query` alone stands for any.

    >>> from leadquery import Leads
    >>> from leadquery.fields import EngagementScore, OwnerId
    >>> low = Leads.where(EngagementScore < 20).group_by(OwnerId).average(EngagementScore)
    >>> low.to_payload()["Output"]["GroupBy"]
    'OwnerId'
    """

    output: ListOutput | AggregateOutput | Aggregation
    # Their types say how to decode columns of the result; they are not sent.
    _selected_fields: Fields
    # What is done with the rows that the requests return.
    _local: LocalSteps | None

    _compared: ClassVar = (*BaseQuery._compared, "output", "_local")

    @property
    def is_one_request(self) -> bool:
        """Whether one request answers the query; other queries have a `plan` of several."""
        return _is_one_request(self)

    @check_call
    def having(self, *conditions: HavingCondition) -> Query[SeveralRequests]:
        """Only groups whose aggregates meet all conditions.

        Raises QueryError for a list, and for anything but conditions on aggregates.

        >>> from leadquery import Leads, count
        >>> from leadquery.fields import OwnerId
        >>> busy = Leads.group_by(OwnerId).count().having(count() > 50)
        """
        from leadquery.query.arguments import add_having

        return replace(self, "_local", add_having(self, conditions))

    @check_call
    def order_by(
        self, *keys: SortKey | Aggregate | BaseField[Any] | GroupKey
    ) -> Query[SeveralRequests]:
        """Sort the rows by aggregates, fields, group keys or names of columns, or their `.desc()`.

        Further calls sort the rows that are equal so far. Rows without a value come last. Ties are
        sorted by the group keys, leads by ProspectID. Raises QueryError for an unknown column.

        >>> from leadquery import Leads, count
        >>> from leadquery.fields import OwnerId
        >>> top = Leads.group_by(OwnerId).count().order_by(count().desc()).limit(5)
        """
        from leadquery.query.arguments import add_order

        return replace(self, "_local", add_order(self, keys))

    @check_call
    def limit(self, n: int) -> Query[SeveralRequests]:
        """Only the first `n` rows, of a list without `order_by` any, as of `page(1, n)`.

        Raises QueryError for groups without `order_by`, whose order the API does not document.
        """
        from leadquery.query.arguments import add_limit

        return replace(self, "_local", add_limit(self, n))

    @check_call
    def with_owner_names(self) -> Query[SeveralRequests]:
        """Add the names of owners, in the column OwnerIdName, after OwnerId.

        Groups take one more request, for the users. Raises QueryError if the rows have no OwnerId.

        >>> from leadquery import Leads
        >>> Leads.select("Phone", "OwnerId").with_owner_names()
        Leads.select(Phone, OwnerId, OwnerIdName)
        """
        from leadquery.query.arguments import add_owner_names, select_owner_names

        if isinstance(self.output, ListOutput):
            return replace(self, "output", select_owner_names(self.output))
        return replace(self, "_local", add_owner_names(self))

    @check_call
    def compare(
        self, before: Period, after: Period, *, on: BaseField[Any] | str, to_date: bool = False
    ) -> Query[SeveralRequests]:
        """Compare the groups of two periods of the date field `on`.

        Each aggregate has four columns: `Count_before`, `Count_after`, `Count_change` and
        `Count_change_pct`. A count that is missing is 0. `to_date` cuts both periods after the time
        that has passed in the second; without it, a period that is not over warns.

        Raises QueryError for a list, and if the query has a range of the same date.

        >>> from leadquery import Leads, periods
        >>> from leadquery.fields import CreatedOn, OwnerId
        >>> quarters = periods.quarter(2026, 1), periods.quarter(2026, 2)
        >>> Leads.group_by(OwnerId).count().compare(*quarters, on=CreatedOn).plan().calls
        2
        """
        from leadquery.query.arguments import add_comparison

        return replace(self, "_local", add_comparison(self, before, after, on, to_date))

    @check_call
    def to_payload(self: Query[OneRequest]) -> dict[str, Any]:
        """The payload as a new dict, with the keys in the order of the API page.

        Raises UnsupportedQueryError if the query takes several requests.
        """
        return _to_payload(self)

    @check_call
    def to_json(self: Query[OneRequest], indent: int | None = None) -> str:
        """The payload as JSON text in ASCII."""
        if indent is None:
            return _to_json()(_to_request(self))
        import json

        return json.dumps(self.to_payload(), indent=indent)

    @check_call
    def to_python(self) -> str:
        """The source of a Python file that builds this query."""
        from leadquery.query.decompile import to_module

        return to_module(self)

    @check_call
    def to_request(
        self: Query[OneRequest],
        target: str,
        *,
        response_format: str = "json",
        all_pages: bool = False,
        script: bool = False,
    ) -> str:
        """The request as text for another client: "curl", "postman" or another exporter.

        `leadquery payload --help` lists the exporters. `response_format` is "json" or "csv".
        `all_pages` makes a loop over all pages. `script` makes a script of what is one command
        otherwise: it has a loop, and checks each response. The keys are read from variables of the
        client. Raises QueryError for an unknown exporter, and for what it does not support.

        >>> from leadquery import Leads
        >>> Leads.select("Phone").to_request("curl", script=True).splitlines()[:2]
        ['#!/bin/sh', '# List of Phone of all leads.']
        """
        from leadquery.exporters import export

        return export(self, target, response_format, all_pages=all_pages, script=script)

    @check_call
    def to_sql(
        self,
        dialect: str,
        *,
        table: str = "leads",
        users: str | None = "users",
        columns: Mapping[str, str] | None = None,
    ) -> str:
        """The query as one SQL statement, however many requests it takes.

        `dialect` is "duckdb", "sqlite", "postgres", "mysql", "bigquery", "snowflake", "redshift",
        "databricks", "spark", "trino", "clickhouse", "tsql" or "oracle". `table` has a column for
        each field, numbers as numbers and dates in UTC; `columns` are the names of those that have
        other names than the field. `users` has the users, for conditions on owners and their names.
        The page of the query is left out, as `limit` is in SQL. `leadquery.sql.Table` runs it.

        Raises MissingDependencyError without sqlglot, and QueryError for an unknown dialect.

        >>> from leadquery import Leads
        >>> from leadquery.fields import Score, Source
        >>> print(Leads.where(Score > 50).group_by(Source).count().to_sql("postgres"))
        SELECT
          MIN(NULLIF(Source, '')) AS Source,
          COUNT(*) AS Count
        FROM leads
        WHERE
          Score > 50
        GROUP BY
          NULLIF(LOWER(Source), '')
        """
        from leadquery.sql import to_sql

        return to_sql(self, dialect, table, users, columns)

    @check_call
    def plan(
        self, max_calls: int = MAX_CALLS, *, leads: int | None = None, filled: Filled = ()
    ) -> Plan:
        """The requests that answer the query, and how their results are combined.

        `leads` is the number of leads, to name the price of reading them instead. `Client.plan`
        counts them. `filled` names fields in which all leads probably have data, as fields or
        schema names; of the account's lead fields, as `Client.lead_fields` returns them, it is the
        mandatory ones. If that saves requests, two more count whether it is so. Raises
        PlanTooLargeError for more than `max_calls` requests.

        >>> from leadquery import Leads
        >>> from leadquery.fields import OwnerId, Score, mx_City
        >>> either = Leads.where((mx_City == "Delhi") | (Score > 80)).group_by(OwnerId).count()
        >>> print(either.plan(leads=100_000))
        3 requests and 3 that watch for changes, under 2 s at 25 per 5 s
        + leads with mx_City equal to "Delhi"                     per OwnerId: Count
        + leads with Score above 80                               per OwnerId: Count
        - leads with mx_City equal to "Delhi" and Score above 80  per OwnerId: Count
        combined here: counts added and subtracted by OwnerId
        instead: a scan of 100,000 leads, 101 requests in pages of 1,000 (scan="if cheaper")
        """
        from leadquery.plan import make_plan

        return make_plan(self, max_calls, leads, filled)

    @check_call
    def describe(self) -> str:
        """The query as one English sentence, with dates in UTC."""
        from leadquery.query.describe import describe

        return describe(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from leadquery.pydantic import query_schema

        return query_schema(source)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        from leadquery.pydantic import json_schema

        return json_schema()

    def _repr_html_(self) -> str:
        import json
        from html import escape

        if self.is_one_request:
            text = json.dumps(_to_payload(self), indent=2, ensure_ascii=False)
        else:
            try:
                text = str(self.plan())
            except QueryError as error:
                text = str(error)
        return f"<p>{escape(self.describe())}</p><pre><code>{escape(text)}</code></pre>"

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            from leadquery.query.leads import GroupedLeads, LeadSet
            from leadquery.unknown_names import method_names, unknown_method_error

            message = "this query already has its output; start again from Leads"
            earlier = [*method_names(LeadSet), *method_names(GroupedLeads)]
            raise unknown_method_error(self, name, dict.fromkeys(earlier, message))


def with_output(
    query: BaseQuery, output: ListOutput | AggregateOutput | Aggregation, fields: Fields
) -> Query:
    """The query with an output, and the fields that it names."""
    return advance(query, Query, {"output": output, "_selected_fields": fields, "_local": None})


def _to_request(query: Query) -> Request:
    if not _is_one_request(query):
        raise several_requests_error(query)
    users, filters = query.users, tuple(query._conditions)
    owners = None if users is None else to_model(users)
    report = ReportFilter(owners, filters) if owners or filters else None
    if query._node.text is not None:
        report = query._node.add_to(report)
    return Request(report, query.dates, query.output, query.paging)  # type: ignore[arg-type]


def _is_one_request(query: Query) -> bool:
    is_sent = isinstance(query.output, WireObject)
    return is_sent and not query._compounds and query._local is None


def is_limited_list(query: Query) -> bool:
    """Whether a query is a list of one request but for a limit."""
    steps = query._local
    is_list = isinstance(query.output, ListOutput) and not query._compounds
    return is_list and steps is not None and _is_limit(steps)


def _is_limit(steps: LocalSteps) -> bool:
    return attrs.evolve(steps, limit=None) == type(steps)()


def _to_payload(query: Query) -> dict[str, Any]:
    from leadquery.wire.serializer import to_payload

    return to_payload(_to_request(query))


@cache
def _to_json() -> Callable[[Request], str]:
    """The serializer, loaded when a query is first written."""
    from leadquery.wire.serializer import json_writer

    return json_writer()


def fields_of(query: Query) -> dict[str, BaseField[Any]]:
    """The fields that the query was built with, by name."""
    compared = list(query._conditions.values())
    if query._compounds:
        from leadquery.expr.predicate import fields_in

        compared += [field for condition in query._compounds for field in fields_in(condition)]
    return {field.name: field for field in (*compared, *query._selected_fields)}


def several_requests_error(query: Query, rows: str = "") -> UnsupportedQueryError:
    """The error for a query that one request cannot carry; `rows` says how to write its rows."""
    from leadquery.query.aggregation import reason_for_plan

    plan = query.plan()
    requests = f"{plan.calls} request{'' if plan.calls == 1 else 's'}"
    if not plan.is_complete:
        requests = "several requests" if plan.calls == 1 else f"at least {requests}"
    steps = query._local
    page = ""
    if steps is not None and _is_limit(steps):
        page = f"; page(1, {steps.limit}) asks the API for so many rows"
    return UnsupportedQueryError(
        f"this query takes {requests}, because {reason_for_plan(query)}; "
        "query.plan() shows them, client.run(query) sends them and combines the results"
        f"{page}{rows}"
    )
