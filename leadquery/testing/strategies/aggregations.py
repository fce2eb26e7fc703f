"""Strategies for queries that one request cannot carry: with several keys, aggregates, steps."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final, get_args

from hypothesis import assume, strategies as st

from leadquery.errors import QueryError
from leadquery.expr import BaseField, Date, DateTime, Field, Number
from leadquery.expr.aggregate import Aggregate, HavingCondition, Side, SortKey, count, takes_dates
from leadquery.expr.group_key import GroupKey, period_name
from leadquery.fields import FIELD_TYPES, OwnerId, OwnerIdName
from leadquery.periods import Weekday
from leadquery.query.aggregation import result_columns
from leadquery.query.leads import Leads
from leadquery.query.query import Query
from leadquery.testing.strategies.fields import fields, texts
from leadquery.testing.strategies.moments import ZONES, moments, periods
from leadquery.testing.strategies.queries import columns, groups, refine

_FUNCTIONS: Final = (
    *("count", "average", "sum", "min", "max", "median", "quantile", "count_distinct"),
)

_UNITS: Final = ("day", "week", "month", "quarter", "year")

_SIDES: Final = get_args(Side)

_names = st.sampled_from(("total", "Count", "a b", "class", "self", "Zoë")) | texts()


@st.composite
def aggregates(draw: st.DrawFn) -> Aggregate:
    """Aggregates: `count()`, and every function of a field that has it.

    >>> from hypothesis import given
    >>> @given(aggregates())
    ... def test_a_column_has_a_name(aggregate):
    ...     assert aggregate.name
    >>> test_a_column_has_a_name()
    """
    function = draw(st.sampled_from(_FUNCTIONS))
    if function == "count":
        return count()
    types = [one for one in FIELD_TYPES if hasattr(one, function)]
    arguments = [draw(st.floats(0, 1))] if function == "quantile" else []
    aggregate: Aggregate = getattr(draw(fields(*types)), function)(*arguments)
    return aggregate


_numbers: st.SearchStrategy[Any] = (
    st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(-(10**9), 10**9, places=3)
)

_dates = fields(Date, DateTime, Field)


def _date_bucket(draw: st.DrawFn) -> GroupKey:
    unit = draw(st.sampled_from(_UNITS))
    arguments = {"tz": draw(st.none() | st.sampled_from(ZONES)), "fill": draw(st.booleans())}
    if unit == "week":
        arguments["week_starts"] = draw(st.sampled_from(get_args(Weekday)))
    key: GroupKey = getattr(draw(_dates), unit)(**arguments)
    return key


def _bins(draw: st.DrawFn) -> GroupKey:
    edges: list[Any] = draw(st.lists(_numbers, min_size=1, max_size=3, unique_by=float))
    field: Any = draw(fields(Number, Field))
    key: GroupKey = field.bins(*sorted(edges))
    return key


def _named_periods(draw: st.DrawFn) -> GroupKey:
    unnamed = draw(st.lists(periods(), max_size=2, unique_by=period_name))
    names = _names.filter(lambda name: name not in map(period_name, unnamed))
    named = draw(st.dictionaries(names, periods(), min_size=not unnamed, max_size=2))
    field: Any = draw(_dates)
    key: GroupKey = field.in_periods(*unnamed, **named)
    return key


@st.composite
def group_keys(draw: st.DrawFn) -> BaseField[Any] | str | GroupKey:
    """What leads are grouped by: fields, and periods and ranges of these.

    >>> from hypothesis import given
    >>> from leadquery import Leads
    >>> @given(group_keys())
    ... def test_one_key(key):
    ...     assert len(Leads.group_by(key).keys) == 1
    >>> test_one_key()
    """
    kinds: tuple[Callable[[st.DrawFn], Any], ...] = (_date_bucket, _bins, _named_periods)
    kind = draw(st.sampled_from((None, None, *kinds)))
    return draw(groups) if kind is None else kind(draw)


_COMPARISONS: Final = (
    *(operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge),
)


def _group_condition(draw: st.DrawFn, candidates: st.SearchStrategy[Aggregate]) -> HavingCondition:
    aggregate = draw(candidates)
    value = draw(moments() if takes_dates(aggregate, "") else _numbers)
    condition: HavingCondition = draw(st.sampled_from(_COMPARISONS))(aggregate, value)
    match draw(st.sampled_from(("single", "single", "~", "&", "|"))):
        case "~":
            return ~condition
        case "&":
            return condition & _group_condition(draw, candidates)
        case "|":
            return condition | _group_condition(draw, candidates)
    return condition


@st.composite
def planned_queries(draw: st.DrawFn) -> Query:
    """Queries that take several requests, or whose rows are sorted, limited or compared.

    >>> from hypothesis import given
    >>> @given(planned_queries())
    ... def test_it_is_not_one_request(query):
    ...     assert not query.is_one_request
    >>> test_it_is_not_one_request()
    """
    if draw(st.integers(0, 3)) == 0:
        query, candidates = _refined_list(draw), None
    else:
        query, candidates = _draw_aggregation(draw)
    if candidates is not None and draw(st.booleans()):
        conditions = [_group_condition(draw, candidates) for _ in range(draw(st.integers(1, 2)))]
        query = query.having(*conditions)
    names = result_columns(query)
    if OwnerId.name in names and OwnerIdName.name not in names and draw(st.booleans()):
        query = query.with_owner_names()
    # Names of owners are added to the rows of groups when these are sorted already.
    sorted_by = result_columns(query) if candidates is None else names
    keys = st.builds(SortKey, st.sampled_from(sorted_by), st.booleans())
    if candidates is not None:
        keys |= st.builds(SortKey, candidates, st.booleans())
    order = draw(st.lists(keys, max_size=2))
    if order:
        query = query.order_by(*order)
    if (order or candidates is None) and draw(st.booleans()):
        query = query.limit(draw(st.integers(1, 50)))
    assume(not query.is_one_request)
    return query


def _refined_list(draw: st.DrawFn) -> Query:
    query: Any = refine(draw, Leads, 2)
    listed: Query = query.select(*draw(st.lists(columns, min_size=1, max_size=4)))
    return listed


def _draw_aggregation(draw: st.DrawFn) -> tuple[Query, st.SearchStrategy[Aggregate]]:
    """A query that computes something of groups, and what its groups can be chosen by."""
    keys = draw(st.lists(group_keys(), max_size=3))
    computed = draw(st.lists(aggregates(), max_size=3))
    named = draw(st.dictionaries(_names, aggregates(), min_size=not computed, max_size=2))
    leads: Any = refine(draw, Leads, 1)
    try:
        grouped = leads.group_by(*keys) if keys else leads
        query: Query = grouped.aggregate(*computed, **named)
        is_compared = draw(st.booleans())
        if is_compared:
            on = draw(fields(Date, DateTime))
            query = query.compare(draw(periods()), draw(periods()), on=on, to_date=True)
    except QueryError:
        # Two columns of one name, or a range of the date that is compared.
        assume(False)
    candidates = st.sampled_from([*computed, *named.values()]) | aggregates()
    if is_compared:
        sides = st.sampled_from(_SIDES)
        return query, st.builds(getattr, candidates, sides)
    return query, candidates
