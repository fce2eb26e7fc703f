"""The three states of a question: unfinished, grouped, and a query that can be sent."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadquery._util.text import python_literal
from leadquery.errors import Misuse, QueryError, UnknownNameError, check_call
from leadquery.expr._guards import frozen_with_message
from leadquery.expr.field import BaseField, schema_name, single_field_name, type_name
from leadquery.expr.field_types import DerivedColumn, Field, Number
from leadquery.expr.registry import FIELDS
from leadquery.expr.user_predicate import to_model
from leadquery.query.base import AGGREGATES, MISSING_OUTPUT, BaseQuery
from leadquery.wire.enums import AggregateFunction, OutputType
from leadquery.wire.model import FIRST_PAGE, AggregateOutput, ListOutput, ReportFilter, Request
from leadquery.wire.protocol import SEPARATOR
from leadquery.wire.types import BLANKS

if TYPE_CHECKING:
    from collections.abc import Callable

    Fields = tuple[BaseField[Any], ...]


@frozen_with_message
@attrs.frozen(eq=False, repr=False, slots=False)
class LeadSet(BaseQuery):
    """Which leads, but not yet what to show of them."""

    @check_call
    def select(self, *columns: BaseField[Any] | str) -> Query:
        """A list of leads with these columns, words or schema names. (API page: Output)

        >>> from leadquery import Leads
        >>> from leadquery.fields import FirstName
        >>> Leads.select(FirstName, "mx_City").describe()
        'List of FirstName and mx_City of all leads.'
        """
        names = tuple(dict.fromkeys(map(_column_name, columns)))
        if not names:
            raise QueryError("select names the columns to show; write select('FirstName', 'Phone')")
        words = tuple(column for column in columns if isinstance(column, BaseField))
        return self._show(ListOutput(OutputType.LIST, names), words)

    @check_call
    def group_by(self, field: BaseField[Any] | str) -> GroupedLeads:
        """One row for each value of a field; then `count`, `average` or `sum`.

        (API page: Output)

        >>> from leadquery import Leads
        >>> from leadquery.fields import ProspectStage
        >>> Leads.group_by(ProspectStage).count().describe()
        'Number of leads per ProspectStage, of all leads.'
        """
        if not isinstance(field, BaseField):
            field = _resolve_field(field)
        if isinstance(field, DerivedColumn):
            raise QueryError(
                f"{field!r} is a column of the answer; group by a field such as OwnerId"
            )
        words: Fields = ()
        if isinstance(field, BaseField):
            name, words = field.name, (field,)
        else:
            name = _field_name("group_by", field)
        return GroupedLeads(self.conditions, self.dates, self.users, self.paging, name, words)

    def _show(self, output: ListOutput | AggregateOutput, words: Fields) -> Query:
        return Query(self.conditions, self.dates, self.users, self.paging, output, words)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            counted = (
                "this query has no .count yet; client.count(query) is the number of leads, "
                "and .group_by(...).count() that of each group"
            )
            others = _later_methods(MISSING_OUTPUT, GroupedLeads, Query) | {"count": counted}
            raise _unknown_name_error(self, name, others)


def _column_name(column: BaseField[Any] | str) -> str:
    if isinstance(column, (list, tuple, set, frozenset)):
        each = ", ".join(map(python_literal, column)) or "..."
        raise QueryError(f"select takes columns one by one; write select({each})")
    name = schema_name(column)
    if SEPARATOR in name or name != name.strip(BLANKS):
        raise QueryError(f"{name!r} cannot stand in a list of columns, which commas part")
    return name if isinstance(column, BaseField) else _warn_if_suspicious(name)


@frozen_with_message
@attrs.frozen(eq=False, repr=False, slots=False)
class GroupedLeads(BaseQuery):
    """Which leads and by which field, but not yet what to compute."""

    group: str
    shown: Fields = attrs.field(eq=False)

    @check_call
    def count(self, field: BaseField[Any] | str | None = None) -> Query:
        """The number of leads of each group.

        The API wants a field here too; it is the group's unless given. (API page: Output)
        """
        return self._compute(
            AggregateFunction.COUNT, self.group if field is None else _field_name("count", field)
        )

    @check_call
    def average(self, field: Number | Field | str) -> Query:
        """The number of leads of each group and the average of a number field.

        (API page: Output)

        >>> from leadquery import Leads
        >>> from leadquery.fields import OwnerId, Score
        >>> Leads.group_by(OwnerId).average(Score).to_payload()["Output"]["AggregateFunction"]
        'Average'
        """
        return self._compute(AggregateFunction.AVERAGE, _number_field_name(field, "average"))

    @check_call
    def sum(self, field: Number | Field | str) -> Query:
        """The number of leads of each group and the sum of a number field."""
        return self._compute(AggregateFunction.SUM, _number_field_name(field, "sum"))

    def _compute(self, function: AggregateFunction, field: str) -> Query:
        output = AggregateOutput(OutputType.AGGREGATE, self.group, function, field)
        return Query(self.conditions, self.dates, self.users, self.paging, output, self.shown)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            grouped = f"this query is grouped; add {AGGREGATES}, or start again from Leads"
            others = dict.fromkeys(_methods(LeadSet), grouped) | _later_methods(AGGREGATES, Query)
            raise _unknown_name_error(self, name, others)


def _resolve_field(field: str) -> BaseField[Any] | str:
    """The word of a standard field that is given by its name."""
    return FIELDS.all().get(field, field) if isinstance(field, str) else field


def _number_field_name(field: BaseField[Any] | str, function: str) -> str:
    if not isinstance(field, BaseField):
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
class Query(BaseQuery):
    """A question that can be sent. Immutable; equal queries send the same.

    >>> from leadquery import Leads
    >>> from leadquery.fields import EngagementScore, OwnerId
    >>> low = Leads.where(EngagementScore < 20).group_by(OwnerId).average(EngagementScore)
    >>> low.to_payload()["Output"]["GroupBy"]
    'OwnerId'
    """

    output: ListOutput | AggregateOutput
    # The words that named columns: their kinds say how an answer is read, not what is sent.
    shown: Fields = attrs.field(default=(), eq=False)

    def to_payload(self) -> dict[str, Any]:
        """The body of the call, as a new dict. Keys stand in the order of the page's sample."""
        from leadquery.wire.serializer import to_payload

        return to_payload(self._request())

    def to_json(self, indent: int | None = None) -> str:
        """The body of the call as JSON text, in ASCII."""
        if indent is None:
            return _to_json()(self._request())
        import json

        return json.dumps(self.to_payload(), indent=indent)

    def _request(self) -> Request:
        owners = None if self.users is None else to_model(self.users)
        filters = tuple(self.conditions)
        report = ReportFilter(owners, filters) if owners or filters else None
        return Request(report, self.dates, self.output, self.paging)

    def to_python(self) -> str:
        """A Python file that builds this query."""
        from leadquery.query.decompile import to_module

        return to_module(self)

    def to_request(
        self, target: str, *, response_format: str = "json", all_pages: bool = False
    ) -> str:
        """The call as text for another client: "curl", "postman", … (`leadquery payload --help`).

        The answer is to be "json" or "csv". With `all_pages` it is a loop over all pages. Keys
        are variables of the client. QueryError for what the client cannot say.

        >>> from leadquery import Leads
        >>> Leads.select("Phone").to_request("curl").splitlines()[:2]
        ['#!/bin/sh', '# List of Phone of all leads.']
        """
        from leadquery.exporters import export

        return export(self, target, response_format, all_pages=all_pages)

    def describe(self) -> str:
        """One English sentence with every part of the query in it, dates in UTC."""
        from leadquery.query.describe import describe

        return describe(self)

    def _repr_html_(self) -> str:
        import json
        from html import escape

        payload = escape(json.dumps(self.to_payload(), indent=2, ensure_ascii=False))
        return f"<p>{escape(self.describe())}</p><pre><code>{payload}</code></pre>"

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            shown = "this query already says what to show; start again from Leads"
            earlier = [*_methods(LeadSet), *_methods(GroupedLeads)]
            raise _unknown_name_error(self, name, dict.fromkeys(earlier, shown))


@cache
def _to_json() -> Callable[[Request], str]:
    """The serializer, loaded when a query is first written."""
    from leadquery.wire.serializer import to_json

    return to_json


def _unknown_name_error(query: BaseQuery, name: str, others: dict[str, str]) -> AttributeError:
    """The error for a name that a state does not have; `others` says it of other states' names."""
    from leadquery._util.suggest import closest_match

    if name.startswith("_"):
        return AttributeError(name)
    if name in others:
        return UnknownNameError(others[name], Misuse("later method", query, name))
    own = _methods(type(query))
    near = closest_match(name.casefold(), {method: method for method in (*own, *others)})
    listed = ", ".join(f".{method}()" for method in own)
    hint = f"did you mean .{near}?" if near else f"it has {listed}"
    misuse = Misuse("query attribute", query, name, value=(*own, *others), suggestion=near)
    return UnknownNameError(f"a query has no .{name}; {hint}", misuse)


def _methods(state: type[BaseQuery]) -> list[str]:
    """What people call on a state; what it holds is its own."""
    return [name for name in dir(state) if name[0] != "_" and callable(getattr(state, name))]


def _later_methods(missing: str, *later: type[BaseQuery]) -> dict[str, str]:
    """What is said of the methods of later states."""
    return {
        name: f"this query has no .{name} yet: it does not say what to show; add {missing}"
        for state in later
        for name in _methods(state)
    }


Leads: Final = LeadSet({}, (), None, FIRST_PAGE)
"""Every lead: the query that all others start from."""
