"""Why a result is empty, where it can be known without a request.

The mock API and a table in a file have the leads at hand: each condition of the query is counted
alone. Of an account, only the options that a field declares are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadquery._util.text import nearest_option, quote
from leadquery.errors import LeadQueryError
from leadquery.expr.collation import number_key
from leadquery.expr.field_types import Choice, Number
from leadquery.expr.predicate import CompoundPredicate
from leadquery.fields import STANDARD
from leadquery.query.aggregation import Aggregation
from leadquery.query.base import replace
from leadquery.query.describe import describe_leads
from leadquery.query.leads import Leads, LeadSet, without_output
from leadquery.query.query import Query, with_output
from leadquery.wire.enums import AGGREGATE, AggregateFunction, LogicalOperator, Operator
from leadquery.wire.model import AggregateOutput, ComparisonFilter, LeadFilter, MembershipFilter

if TYPE_CHECKING:
    from leadquery.expr.predicate import Condition
    from leadquery.query.base import BaseQuery
    from leadquery.result.result import Result

MAX_CONDITIONS: Final = 8
"""The most conditions to count one by one."""

MAX_NOTES: Final = 3

MAX_VALUES: Final = 5
"""The most values of a field to name."""

CATEGORIES: Final = 30
"""A field with more values has no categories, but names, addresses and the like."""

GROUPS: Final = 1_000
"""The most values of a field to read."""

CountLeads = Callable[[LeadSet], int]
"""The number of leads."""

CountValues = Callable[["Query"], Sequence[Any]]
"""The values of a field, most frequent first, by a query that groups by it."""


def explain_empty(result: Result, query: Query, session: object) -> Result:
    """A result with the reasons if it is empty, as far as they are known without a request.

    The session of the mock API knows the leads.
    """
    # Not of the object, which may be a mock with any attribute.
    explain = getattr(type(session), "explain_empty", None)
    if explain is None:
        return with_notes(result, query)
    explained: Result = explain(session, result, query)
    return explained


def with_notes(
    result: Result,
    query: Query,
    count: CountLeads | None = None,
    values: CountValues | None = None,
) -> Result:
    """The result, with the reasons in its `notes` if it has no rows, or counts no lead."""
    if not _is_empty(result, query):
        return result
    try:
        if count is None or values is None:
            notes = list(_unknown_options(query))
        else:
            notes = _reasons(query, count, values)
    except LeadQueryError:
        # The reasons are an addition, and whatever they need may be unavailable.
        return result
    return attrs.evolve(result, notes=tuple(notes[:MAX_NOTES]))


def _is_empty(result: Result, query: Query) -> bool:
    """Whether no lead was found: there is no row, or one without groups that counts none."""
    if not result.rows:
        return result.total == 0
    is_total = isinstance(query.output, Aggregation) and not query.output.keys
    return is_total and not any(result[0].values())


def impossible_parts(query: BaseQuery, count: CountLeads) -> list[LeadSet]:
    """The conditions, of those that leads have to meet together, that no lead meets alone."""
    return [part for part in _parts(query)[:MAX_CONDITIONS] if not _is_possible(part, count)]


def _parts(query: BaseQuery) -> list[LeadSet]:
    """The leads of each condition alone."""
    parts = [LeadSet({one: field}, (), None, None, ()) for one, field in query._conditions.items()]
    parts += [LeadSet({}, (one,), None, None, ()) for one in query.dates]
    if query.users is not None:
        parts.append(LeadSet({}, (), query.users, None, ()))
    return parts + [LeadSet({}, (), None, None, (one,)) for one in query._compounds]


def _is_possible(leads: LeadSet, count: CountLeads) -> bool:
    """Whether there may be such leads."""
    rest = replace(leads, "_compounds", ())
    return count(_widened(rest)) > 0 and all(_may_hold(one, count) for one in leads._compounds)


def _may_hold(condition: Condition, count: CountLeads) -> bool:
    """Whether leads may meet a condition, by the conditions that it joins, each alone."""
    if not isinstance(condition, CompoundPredicate) or len(condition.parts) > MAX_CONDITIONS:
        return True
    every = all if condition.joiner is LogicalOperator.AND else any
    return every(_is_possible(without_output(Leads.where(one)), count) for one in condition.parts)


def _reasons(query: Query, count: CountLeads, values: CountValues) -> list[str]:
    if count(without_output(Leads)) == 0:
        return ["there are no leads"]
    impossible = impossible_parts(query, count)
    if impossible:
        return [f"no {describe_leads(part)}{_hint(part, values)}" for part in impossible]
    whole, parts = without_output(query), _parts(query)
    if not 2 <= len(parts) <= MAX_CONDITIONS or whole._compounds or count(whole):
        return []
    alone = "; ".join(f"{describe_leads(part)}: {count(part):,}" for part in parts)
    return [f"no lead meets all conditions; {alone}"]


def _widened(part: LeadSet) -> LeadSet:
    """The leads of a part, with those of the whole last second of its dates."""
    second = timedelta(seconds=1)
    return replace(
        part, "dates", tuple(attrs.evolve(one, end=one.end + second) for one in part.dates)
    )


def _hint(part: LeadSet, values: CountValues) -> str:
    """The values that there are of the field of a condition."""
    if not part.filters:
        return ""
    [wanted] = part.filters
    fields = STANDARD | {wanted.name: part._conditions[wanted]}
    found = [str(value) for value in values(_grouped(wanted.name)) if value not in (None, "")]
    if not found:
        return f": no lead has data in {wanted.name}"
    if isinstance(fields[wanted.name], Number):
        numbers = [number for text in found if (number := number_key(text)) is not None]
        if not numbers or len(found) >= GROUPS:
            return ""
        return (
            f": {wanted.name} is from {_number_text(min(numbers))} to {_number_text(max(numbers))}"
        )
    if len(found) > CATEGORIES or not _is_equality(wanted):
        return ""
    return f": {_nearest(wanted, found)}its values are {_listed(found)}"


def _number_text(number: float) -> str:
    return f"{int(number) if number.is_integer() else number:,}"


def _listed(values: Sequence[str]) -> str:
    """The first values, and how many more there are."""
    more = f" and {len(values) - MAX_VALUES} more" if len(values) > MAX_VALUES else ""
    texts = (quote(shorten(text, 40, placeholder=" …")) for text in values[:MAX_VALUES])
    return f"{', '.join(texts)}{more}"


def _is_equality(wanted: LeadFilter) -> bool:
    return isinstance(wanted, MembershipFilter) or (
        isinstance(wanted, ComparisonFilter)
        and wanted.operator in (Operator.EQUAL, Operator.CONTAINS)
    )


def _nearest(wanted: LeadFilter, found: Sequence[str]) -> str:
    if not isinstance(wanted, ComparisonFilter):
        return ""
    near = nearest_option(wanted.value, found)
    return f"did you mean {quote(near)}? " if near else ""


def _grouped(name: str) -> Query:
    """The query for the values of a field."""
    output = AggregateOutput(AGGREGATE, name, AggregateFunction.COUNT, name)
    query: Query = with_output(Leads.page(1, GROUPS), output, ())
    return query


def _unknown_options(query: Query) -> Iterator[str]:
    """The values that are no options of the dropdown that a field declares."""
    for wanted, field in query._conditions.items():
        options = field.options if isinstance(field, Choice) and not field.others else ()
        if not isinstance(wanted, ComparisonFilter) or wanted.operator is not Operator.EQUAL:
            continue
        if options and wanted.value.casefold() not in map(str.casefold, options):
            hint = f"{_nearest(wanted, options)}its options are {_listed(options)}"
            yield f"{quote(wanted.value)} is no option of {wanted.name}: {hint}"
