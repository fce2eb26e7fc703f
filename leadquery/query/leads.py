"""The states of a query without an output: `LeadSet` and `GroupedLeads`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, overload

from leadquery._util.text import python_literal, warn_user
from leadquery.errors import QueryError, check_call
from leadquery.expr.field import BaseField, schema_name, single_field_name, type_name
from leadquery.expr.field_types import Date, DerivedColumn, Field, Number
from leadquery.expr.registry import FIELDS
from leadquery.query.base import AGGREGATES, MISSING_OUTPUT, BaseQuery, advance
from leadquery.query.query import OneRequest, Query, R_co, SeveralRequests, with_output
from leadquery.wire.enums import AGGREGATE, LIST, SEPARATOR, AggregateFunction
from leadquery.wire.model import FIRST_PAGE, AggregateOutput, ListOutput
from leadquery.wire.types import BLANKS

if TYPE_CHECKING:
    from leadquery.expr.aggregate import Aggregate
    from leadquery.expr.group_key import GroupKey


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
        return with_output(self, output, fields)

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
            own = {"keys": (key,), "_selected_fields": () if field is None else (field,)}
            return advance(self, GroupedLeads, own)
        from leadquery.query.arguments import several_keys

        pairs = list(map(_group_key, keys))
        fields = tuple(field for _, field in pairs if field is not None)
        several = several_keys([key for key, _ in pairs])
        return advance(self, GroupedLeads, {"keys": several, "_selected_fields": fields})

    @check_call
    def aggregate(self, /, *aggregates: Aggregate, **named: Aggregate) -> Query[SeveralRequests]:
        """Several aggregates of all leads, in one row; see `GroupedLeads.aggregate`.

        >>> from leadquery import Leads, count
        >>> from leadquery.fields import Score
        >>> Leads.aggregate(count(), Score.median()).describe()
        'Number of leads and median of Score, of all leads.'
        """
        everyone = advance(self, GroupedLeads, {"keys": (), "_selected_fields": ()})
        return everyone.aggregate(*aggregates, **named)

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
            from leadquery.query.reports import report_methods
            from leadquery.unknown_names import later_methods, unknown_method_error

            others = later_methods(MISSING_OUTPUT, Query)
            raise unknown_method_error(self, name, report_methods(self) | others)


class GroupedLeads(BaseQuery, Generic[R_co]):
    """Leads grouped by keys: the state of a query until you say what to compute.

    `keys` are schema names of fields, or periods or ranges of one.
    """

    keys: tuple[GroupKey, ...]
    _selected_fields: tuple[BaseField[Any], ...]

    _compared: ClassVar = (*BaseQuery._compared, "keys")

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
        from leadquery.query.arguments import build_aggregation

        output, fields = build_aggregation(self.keys, aggregates, named)
        return with_output(self, output, (*self._selected_fields, *fields))

    def _compute(self, function: AggregateFunction, field: str | None) -> Query:
        keys = self.keys
        if len(keys) == 1 and isinstance(keys[0], str):
            group = keys[0]
            output = AggregateOutput(AGGREGATE, group, function, field or group)
            return with_output(self, output, self._selected_fields)
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
            from leadquery.unknown_names import later_methods, method_names, unknown_method_error

            message = f"this query is grouped; add {AGGREGATES}, or start again from Leads"
            others = dict.fromkeys(method_names(LeadSet), message) | later_methods(
                AGGREGATES, Query
            )
            if name == "group_by":
                keys = "".join(f"{FIELDS.all().get(key, key)!r}, " for key in self.keys)
                others[name] = f"group_by takes all keys at once; write group_by({keys}...)"
            raise unknown_method_error(self, name, others)


Leads: Final = LeadSet({}, (), None, FIRST_PAGE, ())
"""All leads. Every query starts here."""


def without_output(query: BaseQuery) -> LeadSet:
    """The leads of a query in any state, without paging."""
    from leadquery.query.reports import STARTS

    node, state = query._node, LeadSet
    if node.endpoint.node is not None:
        state = type(STARTS[node.endpoint])
    return state(query._conditions, query.dates, query.users, None, query._compounds, node=node)


def count_query(query: BaseQuery) -> Query:
    """The cheapest query whose total is the number of leads that match."""
    from leadquery.fields import ProspectID

    return without_output(query).select(ProspectID).page(1, 1)


def _group_key(key: BaseField[Any] | str | GroupKey) -> tuple[GroupKey, BaseField[Any] | None]:
    """A group key, and its field if it is one."""
    field = FIELDS.all().get(key, key) if isinstance(key, str) else key
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
        if (
            SEPARATOR in field
            and "(" not in field
            and all(names := [part.strip() for part in field.split(SEPARATOR)])
        ):
            separate = ", ".join(map(python_literal, names))
            raise QueryError(f"group_by takes keys one by one; write group_by({separate})")
        return _field_name("group_by", field), None
    if isinstance(field, (list, tuple, set, frozenset)):
        each = ", ".join(map(python_literal, field)) or "..."
        raise QueryError(f"group_by takes keys one by one; write group_by({each})")
    from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods

    if isinstance(field, (DateBucket, Bins, NamedPeriods)):
        return field, FIELDS.get(field.field)
    if isinstance(getattr(field, "__self__", None), BaseField):
        written = f"{field.__self__!r}.{field.__name__}"
        raise QueryError(f"{written} is a method; write group_by({written}())")
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


def _number_field_name(field: BaseField[Any] | str, function: str) -> str:
    if isinstance(field, (Number, Field)):
        return field.name
    if isinstance(field, str) and (known := FIELDS.get(field)) is not None:
        return _number_field_name(known, function)
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
