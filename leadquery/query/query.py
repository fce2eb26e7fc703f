"""The three states of a query: `LeadSet`, `GroupedLeads`, and `Query`, which can be sent."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, Generic, overload

import attrs

from leadquery._util.text import python_literal, warn_user
from leadquery.errors import (
    Misuse,
    QueryError,
    UnknownNameError,
    UnsupportedQueryError,
    check_call,
)
from leadquery.expr._guards import frozen_with_message
from leadquery.expr.field import BaseField, schema_name, single_field_name, type_name
from leadquery.expr.field_types import Date, DerivedColumn, Field, Number
from leadquery.expr.registry import FIELDS
from leadquery.expr.user_field import to_model
from leadquery.query.base import AGGREGATES, MISSING_OUTPUT, BaseQuery, advance, replace
from leadquery.wire.enums import AGGREGATE, LIST, SEPARATOR, AggregateFunction
from leadquery.wire.model import FIRST_PAGE, AggregateOutput, ListOutput, ReportFilter, Request
from leadquery.wire.types import BLANKS

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import TypeVar

    from leadquery.expr.aggregate import Aggregate, HavingCondition, SortKey
    from leadquery.expr.group_key import GroupKey
    from leadquery.periods import Period
    from leadquery.plan import Plan
    from leadquery.query.aggregation import Aggregation, LocalSteps

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


@frozen_with_message
@attrs.frozen(eq=False, repr=False, slots=False)
class LeadSet(BaseQuery):
    """Some leads: the state of a query until you say what to select or group by.

    `Leads` is the set of all leads, from which every query starts.
    """

    @check_call
    def select(self, *columns: BaseField[Any] | str) -> Query[OneRequest]:
        """List the leads with these columns, given as fields or schema names. (API page: Output)

        Raises QueryError for a name with a comma, and warns of a name that looks misspelt.

        >>> from leadquery import Leads
        >>> from leadquery.fields import FirstName
        >>> Leads.select(FirstName, "mx_City").describe()
        'List of FirstName and mx_City of all leads.'
        """
        names = tuple(dict.fromkeys(map(_column_name, columns)))
        if not names:
            raise QueryError("select names the columns to show; write select('FirstName', 'Phone')")
        fields = tuple(column for column in columns if isinstance(column, BaseField))
        output = ListOutput(LIST, names)
        return advance(self, Query, output, fields)

    @overload
    def group_by(self, key: BaseField[Any] | str, /) -> GroupedLeads[OneRequest]: ...

    @overload
    def group_by(
        self, key: BaseField[Any] | GroupKey, /, *keys: BaseField[Any] | GroupKey
    ) -> GroupedLeads[SeveralRequests]: ...

    @check_call
    def group_by(self, *keys: BaseField[Any] | GroupKey) -> GroupedLeads:
        """Group the leads by fields; then call `count`, `average`, `sum` or `aggregate`.

        A key is a field, a calendar period of a date (`CreatedOn.month()`), ranges of a number
        (`Score.bins(0, 20, 50)`) or named periods (`CreatedOn.in_periods(...)`). One request groups
        by one field; other keys take several. (API page: Output)

        Raises QueryError for a derived column, and warns of a name that looks misspelt.

        >>> from leadquery import Leads
        >>> from leadquery.fields import ProspectStage
        >>> Leads.group_by(ProspectStage).count().describe()
        'Number of leads per ProspectStage, of all leads.'
        """
        if len(keys) == 1:
            key, field = _group_key(keys[0])
            return advance(self, GroupedLeads, (key,), () if field is None else (field,))
        from leadquery.query.aggregation import several_keys

        pairs = list(map(_group_key, keys))
        fields = tuple(field for _, field in pairs if field is not None)
        return advance(self, GroupedLeads, several_keys([key for key, _ in pairs]), fields)

    @check_call
    def aggregate(self, /, *aggregates: Aggregate, **named: Aggregate) -> Query[SeveralRequests]:
        """Several aggregates of all leads, in one row; see `GroupedLeads.aggregate`.

        >>> from leadquery import Leads, count
        >>> from leadquery.fields import Score
        >>> Leads.aggregate(count(), Score.median()).describe()
        'Number of leads and median of Score, of all leads.'
        """
        return advance(self, GroupedLeads, (), ()).aggregate(*aggregates, **named)

    @check_call
    def count(self) -> Query[SeveralRequests]:
        """The number of leads, in one row. `Client.count` gives it as a number."""
        from leadquery.expr.aggregate import count

        return self.aggregate(count())

    @check_call
    def average(self, field: Number | Field | str) -> Query[SeveralRequests]:
        """The average of a number field, in one row."""
        return self.aggregate(_aggregate_of(field, "average"))

    @check_call
    def sum(self, field: Number | Field | str) -> Query[SeveralRequests]:
        """The sum of a number field, in one row."""
        return self.aggregate(_aggregate_of(field, "sum"))

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            raise _unknown_name_error(self, name, _later_methods(MISSING_OUTPUT, Query))


def _group_key(key: BaseField[Any] | str | GroupKey) -> tuple[GroupKey, BaseField[Any] | None]:
    """A group key, and its field if it is one."""
    field = _resolve_field(key) if isinstance(key, str) else key
    if isinstance(field, DerivedColumn):
        raise QueryError(f"{field!r} is a column of the result; group by a field such as OwnerId")
    if isinstance(field, Date):
        warn_user(
            f"group_by({field!r}) makes a group for each second; "
            f"write group_by({field!r}.day()) for days, or .week(), .month(), .quarter(), .year()"
        )
    if isinstance(field, BaseField):
        return field.name, field
    if isinstance(field, str):
        if SEPARATOR in field and all(names := [part.strip() for part in field.split(SEPARATOR)]):
            separate = ", ".join(map(python_literal, names))
            raise QueryError(f"group_by takes keys one by one; write group_by({separate})")
        return _field_name("group_by", field), None
    if isinstance(field, (list, tuple, set, frozenset)):
        raise QueryError("group_by takes keys one by one; write group_by(*keys)")
    from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods

    if isinstance(field, (DateBucket, Bins, NamedPeriods)):
        return field, FIELDS.get(field.field)
    raise QueryError(
        "group_by takes fields, and periods and ranges of fields such as CreatedOn.month(), "
        f"not {field!r}"
    )


def _aggregate_of(field: Number | Field | str, function: str) -> Aggregate:
    name = _number_field_name(field, function)
    known = field if isinstance(field, BaseField) else FIELDS.all().get(name, Field(name))
    aggregate: Aggregate = getattr(known, function)()
    return aggregate


def _column_name(column: BaseField[Any] | str) -> str:
    if isinstance(column, (list, tuple, set, frozenset)):
        each = ", ".join(map(python_literal, column)) or "..."
        raise QueryError(f"select takes columns one by one; write select({each})")
    name = schema_name(column)
    if SEPARATOR in name or name != name.strip(BLANKS):
        raise QueryError(
            f"{name!r} cannot be a column, because columns are sent separated by commas"
        )
    return name if isinstance(column, BaseField) else _warn_if_suspicious(name)


@frozen_with_message
@attrs.frozen(eq=False, repr=False, slots=False)
class GroupedLeads(BaseQuery, Generic[R_co]):
    """Leads grouped by keys: the state of a query until you say what to compute.

    `keys` are schema names of fields, or periods or ranges of one.
    """

    keys: tuple[GroupKey, ...]
    _selected_fields: Fields = attrs.field(eq=False)

    @check_call
    def count(self, field: BaseField[Any] | str | None = None) -> Query[R_co]:
        """The number of leads in each group. (API page: Output)

        The API requires a field to count, by default that of the group.

        >>> from leadquery import Leads
        >>> from leadquery.fields import OwnerId
        >>> Leads.group_by(OwnerId).count().to_payload()["Output"]["AggregateField"]
        'OwnerId'
        """
        name = None if field is None else _field_name("count", field)
        return self._compute(AggregateFunction.COUNT, name)

    @check_call
    def average(self, field: Number | Field | str) -> Query[R_co]:
        """The average of a number field in each group, and its number of leads.

        Raises QueryError for a field of another type. (API page: Output)

        >>> from leadquery import Leads
        >>> from leadquery.fields import OwnerId, Score
        >>> Leads.group_by(OwnerId).average(Score).to_payload()["Output"]["AggregateFunction"]
        'Average'
        """
        return self._compute(AggregateFunction.AVERAGE, _number_field_name(field, "average"))

    @check_call
    def sum(self, field: Number | Field | str) -> Query[R_co]:
        """The sum of a number field in each group, and its number of leads; see `average`."""
        return self._compute(AggregateFunction.SUM, _number_field_name(field, "sum"))

    @check_call
    def aggregate(self, /, *aggregates: Aggregate, **named: Aggregate) -> Query[SeveralRequests]:
        """Several aggregates of each group, each in a column.

        `count()`, and of fields `average()`, `sum()`, `min()`, `max()`, `median()`, `quantile(q)`
        and `count_distinct()`. Columns have the API's names, such as Count and Average_Score, or
        those of keyword arguments. `query.plan()` shows the requests.

        Raises QueryError for anything but aggregates, and for two columns of one name.

        >>> from leadquery import Leads, count
        >>> from leadquery.fields import OwnerId, Revenue, Score
        >>> both = Leads.group_by(OwnerId).aggregate(count(), Score.max(), revenue=Revenue.sum())
        >>> both.output.columns
        ('OwnerId', 'Count', 'Max_Score', 'revenue')
        """
        from leadquery.query.aggregation import build_aggregation

        output, fields = build_aggregation(self.keys, aggregates, named)
        return advance(self, Query, output, (*self._selected_fields, *fields))

    def _compute(self, function: AggregateFunction, field: str | None) -> Query:
        keys = self.keys
        if len(keys) == 1 and isinstance(keys[0], str):
            group = keys[0]
            output = AggregateOutput(AGGREGATE, group, function, field or group)
            return advance(self, Query, output, self._selected_fields)
        from leadquery.expr.aggregate import count

        if field is None:
            return self.aggregate(count())
        if function is AggregateFunction.COUNT:
            raise QueryError(
                "count takes a field only where one field is grouped by; write count(), "
                f"or before the groups where({FIELDS.all().get(field, Field(field))!r}.has_data())"
            )
        return self.aggregate(count(), _aggregate_of(field, function.name.lower()))

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            message = f"this query is grouped; add {AGGREGATES}, or start again from Leads"
            others = dict.fromkeys(_methods(LeadSet), message) | _later_methods(AGGREGATES, Query)
            raise _unknown_name_error(self, name, others)


def _resolve_field(field: BaseField[Any] | str) -> BaseField[Any] | str:
    """The standard field of a name; any other argument unchanged."""
    return FIELDS.all().get(field, field) if isinstance(field, str) else field


def _number_field_name(field: BaseField[Any] | str, function: str) -> str:
    field = _resolve_field(field)
    if isinstance(field, (Number, Field)):
        return field.name
    if isinstance(field, BaseField):
        raise QueryError(
            f"{field!r} is {type_name(field)}; {function} takes a Number field, "
            "or an untyped Field(...)"
        )
    return _field_name(function, field)


def _field_name(method: str, field: BaseField[Any] | str) -> str:
    return (
        field.name
        if isinstance(field, BaseField)
        else _warn_if_suspicious(single_field_name(method, field))
    )


def _warn_if_suspicious(name: str) -> str:
    from leadquery.lint.rules.names import warn_if_suspicious

    return warn_if_suspicious(name)


@frozen_with_message
@attrs.frozen(eq=False, repr=False, slots=False)
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
    _selected_fields: Fields = attrs.field(default=(), eq=False)
    # What is done with the rows that the requests return.
    _local: LocalSteps | None = attrs.field(default=None, alias="local")

    @property
    def is_one_request(self) -> bool:
        """Whether one request answers the query; other queries have a `plan` of several."""
        return _is_one_request(self)

    @check_call
    def having(self, *conditions: HavingCondition) -> Query[SeveralRequests]:
        """Only groups whose aggregates meet all conditions.

        Leads are chosen by `where`. Raises QueryError for a list, and for anything but conditions
        on aggregates.

        >>> from leadquery import Leads, count
        >>> from leadquery.fields import OwnerId
        >>> busy = Leads.group_by(OwnerId).count().having(count() > 50)
        """
        from leadquery.query.aggregation import add_having

        return replace(self, "_local", add_having(self, conditions))

    @check_call
    def order_by(
        self, *keys: SortKey | Aggregate | BaseField[Any] | GroupKey
    ) -> Query[SeveralRequests]:
        """Sort the rows by aggregates, fields, group keys or names of columns, or their `.desc()`.

        Further calls sort the rows that are equal so far. Rows without a value come last. Ties are
        sorted by the group keys, leads by ProspectID.
        Raises QueryError for a column that the result does not have.

        >>> from leadquery import Leads, count
        >>> from leadquery.fields import OwnerId
        >>> top = Leads.group_by(OwnerId).count().order_by(count().desc()).limit(5)
        """
        from leadquery.query.aggregation import add_order

        return replace(self, "_local", add_order(self, keys))

    @check_call
    def limit(self, n: int) -> Query[SeveralRequests]:
        """Only the first `n` rows, of a list without `order_by` any `n` rows.

        Raises QueryError for groups without `order_by`, whose order the API does not document.
        `page(1, n)` asks the API for its first `n` rows.
        """
        from leadquery.query.aggregation import add_limit

        return replace(self, "_local", add_limit(self, n))

    @check_call
    def with_owner_names(self) -> Query[SeveralRequests]:
        """Add the names of owners, in the column OwnerIdName, after OwnerId.

        Groups take one more request, for the users of the account; for a list the column is
        selected. Raises QueryError if the rows have no OwnerId.

        >>> from leadquery import Leads
        >>> Leads.select("Phone", "OwnerId").with_owner_names()
        Leads.select(Phone, OwnerId, OwnerIdName)
        """
        from leadquery.query.aggregation import add_owner_names, select_owner_names

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
        from leadquery.query.aggregation import add_comparison

        return replace(self, "_local", add_comparison(self, before, after, on, to_date))

    def to_payload(self: Query[OneRequest]) -> dict[str, Any]:
        """The payload as a new dict, with the keys in the order of the API page.

        Raises UnsupportedQueryError if the query takes several requests.
        """
        return _to_payload(self)

    def to_json(self: Query[OneRequest], indent: int | None = None) -> str:
        """The payload as JSON text in ASCII."""
        if indent is None:
            return _to_json()(self._request())
        import json

        return json.dumps(self.to_payload(), indent=indent)

    def _request(self) -> Request:
        if not _is_one_request(self):
            raise several_requests_error(self)
        users, filters = self.users, tuple(self._conditions)
        owners = None if users is None else to_model(users)
        report = ReportFilter(owners, filters) if owners or filters else None
        return Request(report, self.dates, self.output, self.paging)  # type: ignore[arg-type]

    def to_python(self) -> str:
        """The source of a Python file that builds this query."""
        from leadquery.query.decompile import to_module

        return to_module(self)

    def to_request(
        self: Query[OneRequest],
        target: str,
        *,
        response_format: str = "json",
        all_pages: bool = False,
    ) -> str:
        """The request as text for another client: "curl", "postman" or another exporter.

        `leadquery payload --help` lists the exporters. `response_format` is "json" or "csv".
        `all_pages` makes a loop over all pages. The keys are read from variables of the client.
        Raises QueryError for an unknown exporter, and for what it does not support.

        >>> from leadquery import Leads
        >>> Leads.select("Phone").to_request("curl").splitlines()[:2]
        ['#!/bin/sh', '# List of Phone of all leads.']
        """
        from leadquery.exporters import export

        return export(self, target, response_format, all_pages=all_pages)

    def plan(self, max_calls: int = MAX_CALLS, *, leads: int | None = None) -> Plan:
        """The requests that answer the query, and how their results are combined.

        `leads` is the number of leads, to name the price of reading them instead. `Client.plan`
        counts them. Raises PlanTooLargeError for more than `max_calls` requests.

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

        return make_plan(self, max_calls, leads)

    def describe(self) -> str:
        """The query as one English sentence, with dates in UTC."""
        from leadquery.query.describe import describe

        return describe(self)

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
            message = "this query already has its output; start again from Leads"
            earlier = [*_methods(LeadSet), *_methods(GroupedLeads)]
            raise _unknown_name_error(self, name, dict.fromkeys(earlier, message))


def _is_one_request(query: Query) -> bool:
    is_output = isinstance(query.output, (ListOutput, AggregateOutput))
    return is_output and not query._compounds and query._local is None


def _to_payload(query: Query) -> dict[str, Any]:
    from leadquery.wire.serializer import to_payload

    return to_payload(query._request())


@cache
def _to_json() -> Callable[[Request], str]:
    """The serializer, loaded when a query is first written."""
    from leadquery.wire.serializer import to_json

    return to_json


def _unknown_name_error(query: BaseQuery, name: str, others: dict[str, str]) -> AttributeError:
    """The error for a name that a state does not have; `others` says it of other states' names."""
    from leadquery._util.text import corrected_name

    if name.startswith("_"):
        return AttributeError(name)
    if name in others:
        return UnknownNameError(others[name], Misuse("later method", query, name))
    own = _methods(type(query))
    near = corrected_name(name.casefold(), {method: method for method in (*own, *others)})
    listed = ", ".join(f".{method}()" for method in own)
    hint = f"did you mean .{near}?" if near else f"it has {listed}"
    misuse = Misuse("query attribute", query, name, value=(*own, *others), suggestion=near)
    return UnknownNameError(f"a query has no .{name}; {hint}", misuse)


def _methods(state: type[BaseQuery]) -> list[str]:
    """The public methods of a state."""
    return [name for name in dir(state) if name[0] != "_" and callable(getattr(state, name))]


def _later_methods(missing: str, *later: type[BaseQuery]) -> dict[str, str]:
    """The message for each method of the later states."""
    return {
        name: f"this query has no .{name} yet, because it has no output; add {missing}"
        for state in later
        for name in _methods(state)
    }


def without_output(query: BaseQuery) -> LeadSet:
    """The leads of a query in any state, without paging."""
    return LeadSet(query._conditions, query.dates, query.users, None, query._compounds)


def fields_of(query: Query) -> dict[str, BaseField[Any]]:
    """The fields that the query was built with, by name."""
    compared = list(query._conditions.values())
    if query._compounds:
        from leadquery.expr.cover import fields_in

        compared += [field for condition in query._compounds for field in fields_in(condition)]
    return {field.name: field for field in (*compared, *query._selected_fields)}


def several_requests_error(query: Query) -> UnsupportedQueryError:
    """The error for a query that one request cannot carry."""
    from leadquery.query.aggregation import reason_for_plan

    count, is_exact = query.plan().calls, query.plan().is_complete
    requests = f"{'' if is_exact else 'at least '}{count} request{'' if count == 1 else 's'}"
    steps = query._local
    page = ""
    if steps is not None and attrs.evolve(steps, limit=None) == type(steps)():
        page = f"; page(1, {steps.limit}) asks the API for so many rows"
    return UnsupportedQueryError(
        f"this query takes {requests}, because {reason_for_plan(query)}; "
        f"query.plan() shows them, client.run(query) sends them and combines the results{page}"
    )


Leads: Final = LeadSet({}, (), None, FIRST_PAGE, ())
"""All leads. Every query starts here."""
