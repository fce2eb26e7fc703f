"""Strategies for user conditions, and for queries: of one request, and of several."""

from __future__ import annotations

import operator
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, get_args

from hypothesis import assume, strategies as st

from leadquery import users
from leadquery.errors import QueryError, UnsupportedQueryError
from leadquery.expr import BaseField, Date, DateTime, DerivedColumn, Field, Number
from leadquery.expr.aggregate import (
    Aggregate,
    Function,
    HavingCondition,
    Side,
    SortKey,
    count,
    takes_dates,
)
from leadquery.expr.group_key import GroupKey, period_name
from leadquery.expr.user_field import Attribute, UserPredicate
from leadquery.fields import FIELD_TYPES, OwnerId, OwnerIdName
from leadquery.periods import Weekday
from leadquery.periods.calendar import Unit
from leadquery.query.aggregation import result_columns
from leadquery.query.leads import GroupedLeads, Leads, LeadSet
from leadquery.query.query import Query
from leadquery.query.reports import STARTS, LeadsNotContacted, LeadsWithPendingTasks
from leadquery.testing.strategies.fields import (
    COMPARISONS,
    ZONES,
    conditions,
    fields,
    moments,
    numbers,
    periods,
    ranges,
    starts,
    texts,
)
from leadquery.wire.endpoints import OPEN_STATUSES
from leadquery.wire.enums import SEPARATOR, UserOperator
from leadquery.wire.types import BLANKS

_attributes = st.sampled_from([*users.STANDARD.values()]) | texts().map(Attribute)

_known_operators = {row.token for row in UserOperator}

# An operator that differs from a known one only in case is read as the known one.
operators = (
    st.sampled_from(sorted(_known_operators))
    | st.sampled_from(("sw", "neq"))
    | texts().filter(lambda text: text.strip(BLANKS).casefold() not in _known_operators)
)

_single_values = texts(commas=False).filter(str.strip)

_words = _single_values.filter(lambda text: "@" not in text)

# A text without a digit, or with a space, is refused as a name.
_ids = _words.map(lambda text: "".join(text.split()) + "1")

_addresses = _words.map(lambda text: f"{text}@x")

_JOINS: Final = (operator.and_, operator.or_)

_user_condition: st.SearchStrategy[UserPredicate] = st.one_of(
    st.builds(operator.eq, _attributes, _single_values),
    st.builds(Attribute.is_in, _attributes, st.lists(_single_values, min_size=1, max_size=3)),
    st.builds(Attribute.contains, _attributes, texts()),
    st.builds(Attribute.matches, _attributes, operators, texts()),
)


def user_conditions() -> st.SearchStrategy[UserPredicate]:
    """User conditions, joined by `&` and `|` in any shape that the API's groups can express.

    >>> from hypothesis import given
    >>> @given(user_conditions())
    ... def test_groups_are_filled(condition):
    ...     assert condition.groups and all(condition.groups)
    >>> test_groups_are_filled()
    """
    return st.recursive(
        _user_condition,
        lambda inner: st.builds(_combine, st.sampled_from(_JOINS), inner, inner),
        max_leaves=5,
    )


def _combine(
    join: Callable[[UserPredicate, UserPredicate], UserPredicate],
    left: UserPredicate,
    right: UserPredicate,
) -> UserPredicate:
    """Both, or `left` alone if the API's groups cannot express both."""
    try:
        return join(left, right)
    except UnsupportedQueryError:
        return left


_owners: st.SearchStrategy[list[Any]] = st.one_of(
    st.lists(_ids | _addresses, min_size=1, max_size=3),
    st.lists(user_conditions(), min_size=1, max_size=2),
)

_page_numbers = st.integers(1, 3) | st.sampled_from((100, 2**31 - 1))

_DATES: Final = ("created", "modified")

Call = tuple[str, tuple[Any, ...], dict[str, Any]]
"""A method of a query with its positional and keyword arguments."""

_where: st.SearchStrategy[Call] = st.lists(conditions(), max_size=3).map(
    lambda conditions: ("where", tuple(conditions), {})
)

_date_range: st.SearchStrategy[Call] = st.one_of(
    st.builds(
        lambda date, dates: (f"{date}_between", dates[:2], {"tz": dates[2]}),
        st.sampled_from(_DATES),
        ranges(),
    ),
    st.builds(
        lambda date, start: (f"{date}_since", start[:1], {"tz": start[1], "now": start[2]}),
        st.sampled_from(_DATES),
        starts(),
    ),
    st.builds(
        lambda date, period: (f"{date}_in", (period,), {}), st.sampled_from(_DATES), periods()
    ),
)

_owned_by: st.SearchStrategy[Call] = _owners.map(lambda owners: ("owned_by", tuple(owners), {}))

_page: st.SearchStrategy[Call] = st.one_of(
    st.tuples(_page_numbers, _page_numbers).map(lambda page: ("page", page, {})),
    st.just(("page", (None,), {})),
)

# Each as likely as another, however many forms it has.
calls = st.sampled_from((_where, _where, _owned_by, _date_range, _page)).flatmap(
    lambda strategy: strategy
)


def refine(draw: st.DrawFn, query: Any, max_calls: int) -> Any:
    for method, args, kwargs in [draw(_where), *draw(st.lists(calls, max_size=max_calls))]:
        # Leave out a call that needs more user groups than one query can have.
        with suppress(UnsupportedQueryError):
            query = getattr(query, method)(*args, **kwargs)
    return query


_field_names = st.sampled_from(("mx_x", "mx_City", "Phone", "OwnerId", "Score"))

columns = _field_names | fields().filter(
    lambda field: SEPARATOR not in field.name and field.name == field.name.strip(BLANKS)
)

# Grouping by a date itself warns.
groups = (
    fields(*(one for one in FIELD_TYPES if one is not DerivedColumn and not issubclass(one, Date)))
    | _field_names
)

_aggregated = fields(Number, Field) | st.sampled_from(("mx_x", "Score"))


@st.composite
def sibling_reports(draw: st.DrawFn) -> LeadSet:
    """The leads of a sibling report: of some activities, or of some tasks.

    >>> from hypothesis import given
    >>> @given(sibling_reports())
    ... def test_the_name_is_in_the_source(leads):
    ...     assert repr(leads).startswith("LeadsNotContacted") or "Tasks" in repr(leads)
    >>> test_the_name_is_in_the_source()
    """
    leads: Any = draw(st.sampled_from([*STARTS.values()]))
    if leads is LeadsNotContacted:
        method, values = "activities", draw(_activity_codes)
    else:
        method, values = "task_types", draw(st.lists(_task_types, max_size=3))
    if leads is LeadsWithPendingTasks and (status := draw(_statuses)):
        leads = getattr(leads, status)()
    chosen: LeadSet = getattr(leads, method)(*values) if values else leads
    return chosen


_statuses = st.sampled_from(("", "pending", "overdue"))

_open_statuses = {status.casefold() for status in OPEN_STATUSES}

_activity_codes: st.SearchStrategy[list[Any]] = st.lists(
    st.sampled_from((21, 22, 30)) | st.integers(0, 10**9), max_size=3
)

# A type with the name of a status makes its body one of open tasks.
_task_types = st.sampled_from(("Call", "Meeting")) | texts().filter(
    lambda text: bool(text.strip()) and text.casefold() not in _open_statuses
)


@st.composite
def queries(draw: st.DrawFn, leads: st.SearchStrategy[LeadSet] | None = None) -> Query:
    """Complete queries: lists, counts, averages and sums.

    They start from `leads`, by default from all; `sibling_reports()` are those of other reports.
    Some use undocumented user operators (LQ311), which the mock API does not answer.

    >>> from hypothesis import given
    >>> from leadquery import check
    >>> @given(queries())
    ... def test_queries_are_valid(query):
    ...     assert check(query.to_payload()).ok
    >>> test_queries_are_valid()
    """
    start = Leads if leads is None else draw(leads)
    finish = draw(st.sampled_from(("select", "count", "count of", "average", "sum")))
    if finish == "select":
        lead_set = refine(draw, start, 3)
        query = lead_set.select(*draw(st.lists(columns, min_size=1, max_size=9)))
    else:
        grouped = refine(draw, refine(draw, start, 2).group_by(draw(groups)), 1)
        if finish == "count":
            query = grouped.count()
        elif finish == "count of":
            query = grouped.count(draw(groups))
        else:
            query = getattr(grouped, finish)(draw(_aggregated))
    refined: Query = refine(draw, query, 1)
    return refined


@st.composite
def any_queries(draw: st.DrawFn) -> LeadSet | GroupedLeads | Query:
    """Queries in any state: `LeadSet`, `GroupedLeads` or `Query`.

    >>> from hypothesis import given
    >>> from leadquery.fields import Phone
    >>> @given(any_queries())
    ... def test_where_keeps_the_state(query):
    ...     assert type(query.where(Phone.has_data())) is type(query)
    >>> test_where_keeps_the_state()
    """
    state = draw(st.sampled_from((LeadSet, GroupedLeads, Query)))
    if state is Query:
        return draw(queries())
    leads: LeadSet = refine(draw, Leads, 3)
    return leads if state is LeadSet else leads.group_by(draw(groups))


_FUNCTIONS: Final = tuple(one.name.lower() for one in Function)

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


_dates = fields(Date, DateTime, Field)


def _date_bucket(draw: st.DrawFn) -> GroupKey:
    unit = draw(st.sampled_from(get_args(Unit)))
    arguments = {"tz": draw(st.none() | st.sampled_from(ZONES)), "fill": draw(st.booleans())}
    if unit == "week":
        arguments["week_starts"] = draw(st.sampled_from(get_args(Weekday)))
    key: GroupKey = getattr(draw(_dates), unit)(**arguments)
    return key


def _bins(draw: st.DrawFn) -> GroupKey:
    edges: list[Any] = draw(st.lists(numbers, min_size=1, max_size=3, unique_by=float))
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


def _group_condition(draw: st.DrawFn, candidates: st.SearchStrategy[Aggregate]) -> HavingCondition:
    aggregate = draw(candidates)
    value = draw(moments() if takes_dates(aggregate, "") else numbers)
    condition: HavingCondition = draw(st.sampled_from([*COMPARISONS.values()]))(aggregate, value)
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
    owner = [OwnerId] if draw(st.booleans()) else []
    if draw(st.integers(0, 3)) == 0:
        listed: Any = refine(draw, Leads, 2)
        query: Query = listed.select(*owner, *draw(st.lists(columns, min_size=1, max_size=4)))
        candidates = None
    else:
        query, candidates = _draw_aggregation(draw, owner)
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


def _draw_aggregation(
    draw: st.DrawFn, owner: list[Any]
) -> tuple[Query, st.SearchStrategy[Aggregate]]:
    """A query that computes something of groups, and what its groups can be chosen by."""
    keys = owner + draw(st.lists(group_keys(), max_size=3 - len(owner)))
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
        sides = st.sampled_from(get_args(Side))
        return query, st.builds(getattr, candidates, sides)
    return query, candidates
