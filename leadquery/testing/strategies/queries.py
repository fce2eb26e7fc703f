"""Strategies for user conditions and for queries in each of the three builder states."""

from __future__ import annotations

import operator
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from hypothesis import strategies as st

from leadquery import users
from leadquery.errors import UnsupportedQueryError
from leadquery.expr import BaseField, Date, DerivedColumn, Field, Number
from leadquery.expr.user_field import Attribute, UserPredicate
from leadquery.fields import FIELD_TYPES
from leadquery.query.leads import GroupedLeads, Leads, LeadSet
from leadquery.query.query import Query
from leadquery.query.reports import STARTS, LeadsNotContacted, LeadsWithPendingTasks
from leadquery.testing.strategies.fields import conditions, fields, texts
from leadquery.testing.strategies.moments import periods, ranges, starts
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


_JOINS: Final = (operator.and_, operator.or_)


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

_numbers = st.integers(1, 3) | st.sampled_from((100, 2**31 - 1))

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
    st.tuples(_numbers, _numbers).map(lambda page: ("page", page, {})),
    st.just(("page", (None,), {})),
)

calls = st.sampled_from((_where, _where, _owned_by, _date_range, _page)).flatmap(
    lambda strategy: strategy
)


def refine(draw: st.DrawFn, query: Any, max_calls: int) -> Any:
    for method, args, kwargs in [draw(_where), *draw(st.lists(calls, max_size=max_calls))]:
        # Leave out a call that needs more user groups than one query can have.
        with suppress(UnsupportedQueryError):
            query = getattr(query, method)(*args, **kwargs)
    return query


def _is_selectable(field: BaseField[Any]) -> bool:
    return SEPARATOR not in field.name and field.name == field.name.strip(BLANKS)


_names = st.sampled_from(("mx_x", "mx_City", "Phone", "OwnerId", "Score"))

columns = fields().filter(_is_selectable) | _names

# Grouping by a date itself warns.
groups = (
    fields(*(one for one in FIELD_TYPES if one is not DerivedColumn and not issubclass(one, Date)))
    | _names
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


def _draw_grouped(draw: st.DrawFn, leads: LeadSet) -> GroupedLeads:
    grouped: GroupedLeads = refine(draw, leads, 2).group_by(draw(groups))
    return grouped


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
        grouped = refine(draw, _draw_grouped(draw, start), 1)
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
    match draw(st.sampled_from((LeadSet, GroupedLeads, Query))).__name__:
        case "LeadSet":
            lead_set: LeadSet = refine(draw, Leads, 3)
            return lead_set
        case "GroupedLeads":
            return _draw_grouped(draw, Leads)
    return draw(queries())
